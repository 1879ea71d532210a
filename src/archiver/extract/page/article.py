"""An article among what its page puts around it: teasers, tags, share bars, author boxes, calls to subscribe.

Asked where the profile knows the CMS and not the template (`learn`). The way from the content area down to the box with
most of the prose is the page's; what stands beside that way is judged by how much of it leads elsewhere, by its prose
and by its names. A page that says that it is an article, or is one by its prose, is held to the article; of any other
page only what can hardly be its text is taken away, and least of all from its `<main>`: there a list of links is what
the page is for. Rows of tables stay. Nothing is lost: what is not the page's stands among the rest. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archiver.extract.page import boxes
from archiver.extract.page.blocks import is_furniture
from archiver.extract.page.boxes import Box
from archiver.extract.page.lines import Head, Line
from archiver.extract.page.links import Anchor
from archiver.extract.page.targets import is_file
from archiver.model import Language

_ARTICLE = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|BlogPosting)"')
_LEAST, _LONG, _LONGER = 150, 600, 1_000
"""Characters of prose: below the first it shows no way, and the title does; from the second on a page is an article
where a meta tag says so, from the third on whatever it says."""
_HALF = 0.5
"""The share of a box's prose that its own box must hold for the way to go on into it."""
_LINKED, _WHOLLY, _TOUCHED = 0.5, 0.8, 0.1
"""Shares of a box's text in links: mostly links; nothing else; some."""
_LESSER, _SMALL = 0.3, 0.2
"""Prose as a share of the page's own: what its names may take away; what behind the text is none of it."""
_NO_PAGE = ("mailto:", "tel:", "#")
_CANDIDATES = 20
"""Boxes that are asked whether they hold the page's prose."""
_REPEATED = 80
"""Characters of a line that is not said twice."""
_LEAVES = frozenset({"p", "ul", "ol", "li", "table", "blockquote"})
"""Where the way ends. A table that holds the title only lays out the page."""


def _names(*tables: str) -> re.Pattern[str]:
    """A pattern that finds one of the words in class names or an id."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(word for table in tables for word in table.split())})(?![a-z])")


_FOREIGN = r"""
    newsletter\w* nyhetsbrev subscri\w+ share\w* sharing social\w* cookie\w* consent comments? comment-\w+ related
    relate recommend\w* advert\w* author-?(?:box|bio|info)\w* outbrain taboola tags breadcrumbs? feedback search
"""
_AROUND = r"""
    relacionad\w+ relaterad\w* more-?(?:from|on|news|articles|stories|posts) read-?(?:more|next|also) sign-?up promo\w*
    sponsor\w* ads? anzeige werbung annons\w* reklam\w* banner author\w* bio tag-?(?:list|cloud|links|bar) topics?
    keywords? categories cat-links follow\w* popular most-?\w+ trending side-?bar\w* widgets? rail footer\w* legal
    disclaimer register poll rating vote nav\w* prev\w* next pag(?:er|ination|ing) crumbs? tool\w* metadata pubdate
    dateline post-?info entry-?(?:meta|info|utility) menu dropdown flyout donat\w* slider weather contributors? linklist
    skip avatar profile (?:left|right)-?col(?:umn)?s?
"""
_PERHAPS = r"""
    teasers? header hero kicker meta\w* date\w* timestamp published byline carousel cta callout credits? copyright login
    paywall\w* category links masthead support toc
"""
_BODIES = r"""
    (?:article|story|news|artikel|meldung)-?(?:body|text|content|copy|inner|wrapper|detail)s? articlebody post-body
    body-(?:copy|text)
"""
_NOT_OURS, _BESIDE, _MAYBE, _BODY = _names(_FOREIGN), _names(_FOREIGN, _AROUND), _names(_PERHAPS), _names(_BODIES)
_COMMENTS = _names(r"\w*comments?\w* kommentar\w* disqus")


class _Page(NamedTuple):
    """What is known of the page before a box of it is judged."""

    lines: Sequence[Line]
    linked: dict[int, int]  # characters of each line in links to other pages
    core: Box  # where the way ends
    is_article: bool
    landmark: bool  # the way leads through <main>
    language: Language


def beside(lines: Sequence[Line], anchors: Sequence[Anchor], head: Head, language: Language) -> set[int]:
    """The lines of the content area that are not the page's own text."""
    linked = _linked(anchors)
    root = boxes.build(lines, linked)
    if root is None:
        return set()
    way = _way(root) if root.prose >= _LEAST else _way_to_title(root)
    landmark = any(box.tag == "main" for box in way)
    page = _Page(lines, linked, way[-1], _is_article(head, way, landmark), landmark, language)
    found = _repeated(lines)
    on_way = {id(box) for box in way}
    todo: list[tuple[Box, bool, bool]] = []  # inside the core; behind the way
    for box in way:
        behind = False
        for child in box.boxes:
            if id(child) in on_way:
                behind = True
            else:
                todo.append((child, box is page.core, behind))
        found.update(_loose(box, page, inside=box is page.core))
    while todo:
        box, inside, behind = todo.pop()
        if _stands_aside(box, page, inside=inside, behind=behind):
            found.update(box.within())
        else:
            inside = inside or box.prose > _HALF * page.core.prose
            todo += [(child, inside, behind) for child in box.boxes]
            found.update(_loose(box, page, inside=inside))
    texts = (i for i in root.within() if lines[i].kind not in {"title", "heading"})
    return set() if found.issuperset(texts) else found  # a page that is nothing but links is those links


def _linked(anchors: Iterable[Anchor]) -> dict[int, int]:
    """How many characters of each line lead to other pages: not to files, mail boxes, telephones or down the page."""
    linked: dict[int, int] = {}
    for anchor in anchors:
        if anchor.line is not None and not anchor.href.startswith(_NO_PAGE) and not is_file(anchor.href):
            linked[anchor.line] = linked.get(anchor.line, 0) + len(anchor.text)
    return linked


def _repeated(lines: Sequence[Line]) -> set[int]:
    """Long lines that stood in the content area before: a template for small screens says everything twice."""
    seen: set[str] = set()
    found: set[int] = set()
    for index, line in enumerate(lines):
        if line.zone == "main" and len(line.text) >= _REPEATED and line.kind != "table-row":
            if line.text in seen:
                found.add(index)
            seen.add(line.text)
    return found


# The way ------------------------------------------------------------------------------------------------------


def _way(root: Box) -> list[Box]:
    """The boxes from the outermost down to the one in which the prose no longer stands together."""
    held: set[int] = set()
    up: Box | None = _fullest(root)
    while up is not None:
        held.add(id(up))
        up = up.above
    way = [root]
    while True:
        here = way[-1]
        child = next((box for box in here.boxes if id(box) in held), None)
        if child is None or _is_leaf(child) or child.paragraphs < 2:
            return way
        others = max((box.prose for box in here.boxes if box is not child), default=0)
        among_cards = here.cards > 2 and child.paragraphs > 2
        if child.prose < _HALF * here.prose and child.prose <= 3 * others and not among_cards:
            return way
        way.append(child)


def _way_to_title(root: Box) -> list[Box]:
    """The boxes from the outermost down to the one that holds the title and no longer half of the text."""
    way = [root]
    while True:
        child = next((box for box in way[-1].boxes if box.titled), None)
        if child is None or _is_leaf(child) or child.plain < _HALF * way[-1].plain:
            return way
        way.append(child)


def _is_leaf(box: Box) -> bool:
    return box.tag in _LEAVES and not (box.tag == "table" and box.titled)


def _fullest(root: Box) -> Box:
    """The box with most running text in paragraphs of its own; what readers wrote is not the page's."""
    found: list[Box] = []
    todo = [root]
    while todo:
        box = todo.pop()
        if box.own and not box.in_link:
            found.append(box)
        todo += reversed(box.boxes)
    found.sort(key=lambda box: -box.own)
    return next((box for box in found[:_CANDIDATES] if not _is_of_readers(box)), root)


def _is_of_readers(box: Box) -> bool:
    """Whether a box stands among comments."""
    up: Box | None = box
    while up is not None:
        if up.tag != "body" and _COMMENTS.search(up.names):
            return True
        up = up.above
    return False


def _is_article(head: Head, way: Sequence[Box], landmark: bool) -> bool:
    """Whether the page is an article: by its own word to machines; and where it has no `<main>`, by its names or prose.

    A page with landmarks has been made with care, and its prose may grow without its lists ceasing to be its text.
    """
    if any(_ARTICLE.search(script) for script in head.jsonld):
        return True
    if landmark:
        return False
    called = any(
        name == "article:published_time" or (name == "og:type" and value.strip().lower() == "article")
        for name, value in head.metas
    )
    return any(_BODY.search(box.names) for box in way) or way[-1].prose >= (_LONG if called else _LONGER)


# What stands beside it ----------------------------------------------------------------------------------------


def _stands_aside(box: Box, page: _Page, *, inside: bool, behind: bool) -> bool:
    """Whether a box beside the way, or inside the core, is none of the page's text."""
    if box.titled or (inside and not box.texts):
        return False
    if not box.rows and _is_headed_so(box, page):
        return True
    if not page.is_article:
        return not box.rows and (_is_margin(box) or (not inside and _is_foreign(box, page.landmark)))
    if _is_made_of_links(box, page, inside=inside) or _is_named_aside(box, page, inside=inside):
        return True
    if inside:
        return False
    without_prose = not box.prose and not box.rows
    return without_prose or (behind and box.prose < _SMALL * page.core.prose)


def _is_headed_so(box: Box, page: _Page) -> bool:
    """Whether a box stands under a heading of the template's: 'Läs också' over links, 'Hjälpte sidan dig?'."""
    first = page.lines[box.first]
    if first.kind != "heading" or not (box.share_of_links > _TOUCHED or first.text.endswith("?")):
        return False
    return is_furniture(first.text, page.language)


def _is_margin(box: Box) -> bool:
    """Whether a box is an aside that leads elsewhere; one that holds facts is the page's."""
    share = box.share_of_links
    return box.tag == "aside" and (share > _LINKED or (box.cards > 1 and share > _TOUCHED))


def _is_foreign(box: Box, landmark: bool) -> bool:
    """Whether a box beside the way is hardly any page's own text."""
    if box.tag in {"footer", "nav"} or _NOT_OURS.search(box.names):
        return True
    if landmark or box.share_of_links <= _LINKED:
        return False
    is_menu = box.share_of_links > _WHOLLY and not box.prose
    return is_menu or box.cards > 1 or _BESIDE.search(box.names) is not None


def _is_made_of_links(box: Box, page: _Page, *, inside: bool) -> bool:
    """Whether a box of an article's page is a list of links, or of teasers."""
    if inside and box.tag == "p":
        return False
    share = box.share_of_links
    if share > (_WHOLLY if box.tag == "p" or box.prose else _LINKED) and not box.rows:
        return True
    lesser = box.prose < _LESSER * page.core.prose
    return share > _TOUCHED and (
        (box.cards > 1 and (lesser or not inside)) or (box.cards == 1 and lesser and not inside)
    )


def _is_named_aside(box: Box, page: _Page, *, inside: bool) -> bool:
    """Whether its tag or its names say that a box of an article's page is not the article's."""
    links_on = box.share_of_links > _LINKED / 2
    if box.tag in {"footer", "nav", "form"} or (box.tag == "aside" and (links_on or not inside)):
        return True
    if _BESIDE.search(box.names) and box.prose < _LESSER * page.core.prose:
        return True
    says_little = not box.rows and (links_on or not box.prose)
    return says_little and _MAYBE.search(box.names) is not None


def _loose(box: Box, page: _Page, *, inside: bool) -> Iterable[int]:
    """The lines of an article's box, in no smaller one, that are links alone, or labels beside the core.

    A paragraph of the article's own stays, though it be one link: 'Läs mer om ...' was written by whoever wrote it.
    """
    if not page.is_article:
        return
    for index in box.lines:
        line, linked = page.lines[index], page.linked.get(index, 0)
        if line.kind in {"title", "table-row", "caption"}:
            continue
        is_label = not inside and line.kind != "heading" and not boxes.is_prose(line, linked)
        is_link = linked > _WHOLLY * len(line.text) and not (inside and box.tag == "p")
        if is_label or is_link:
            yield index
