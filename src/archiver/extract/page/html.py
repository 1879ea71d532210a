"""HTML pages: parsed once, walked once; blocks, links, dates and the gate are functions of what the walk brings home.

Hostile pages are stopped before the parser sees them: Lexbor is quadratic in the depth of nesting and in the number of
attributes of one tag (59 s for 1 MB of `<div>`). Pure.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract import dates, decode, languages
from archiver.extract.dates.phrases import lexicon
from archiver.extract.page import about, article, blocks, head, learning, links, lists, parts, starts
from archiver.extract.page.lines import Head, Line
from archiver.extract.page.links import Anchor
from archiver.extract.page.walk import walk
from archiver.model import About, Block, Claim, Document, Facts, Meaning, Rules, Unread, believed

LARGEST = 10_000_000
"""Characters of a page that is read."""
_MOST_ATTRIBUTES = 2_000
_HARMLESS = 4_000
"""Tags that cannot keep the parser busy for more than a second or two, however they nest."""
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9-]*)")
_FLAT_TAGS = (
    "br img input meta link hr wbr source col area base embed param track p li td th tr dt dd option thead tbody tfoot"
    " optgroup rp rt html head body script style"
)
_NEVER_DEEP = frozenset(_FLAT_TAGS.split())
"""Void elements, and those that the next of their kind ends: unclosed, they nest in nothing."""
_ATTRIBUTES = (
    r"""(?:[\s/]++|(?:=|[^\s/>=])[^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>"'][^\s>]*+)?+)?+)*+(?:>|\Z)"""
)
_OPAQUE = re.compile(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title)(?=[\s/>]){_ATTRIBUTES}.*?(?:</\1|\Z)"
    rf"|(?P<tag></?[a-z][^\s/>]*+{_ATTRIBUTES})",
    re.I | re.S,
)
"""Comments, and elements in which no element begins. Other tags are matched whole (WHATWG HTML, 13.2.5.6-40), or else a
'<script>' in an attribute would hide all that comes after it."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read: what the head says to machines, and what the body says to people."""

    head: Head
    title: str | None
    lines: tuple[Line, ...]
    anchors: tuple[Anchor, ...]
    feeds: tuple[str, ...]
    notices: tuple[str, ...]
    own: frozenset[int]  # lines of the list that the page is about: its text, though their dates are not the page's
    password: bool  # the content area asks for one
    start: bool  # it calls itself the start page, which it is not, and no breadcrumb belies it
    scripts: bool
    whole: bool  # the end of the document is there, or nothing says that it is not
    about: About
    rules: Rules  # by which it was read, and is to be read on: in the page's own language
    fit: str = ""  # the profile's selector that found the content area; '': none did


def read(body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
    """The document of an HTML body."""
    page = open_page(body, facts, rules)
    return page if isinstance(page, Unread) else document(page, facts)


def open_page(body: bytes, facts: Facts, rules: Rules) -> Page | Unread:
    """The page in an HTML body, with what is redacted blacked out."""
    if len(body) > 4 * LARGEST:
        return Unread("too-big", f"{len(body)} bytes, more than {4 * LARGEST}")
    decoded = decode.decode(body, facts.content_type)
    if facts.masks:
        return parse(decode.mask(decoded.text, facts.masks), facts, rules)
    return parse(decoded.text, facts, rules, decoded.utf8)


def grow_body(body: bytes, content_type: str | None) -> LexborHTMLParser | None:
    """The parsed tree of a body; None where it is not safe to parse."""
    tree = grow(decode.decode(body[:LARGEST], content_type).text)
    return None if isinstance(tree, Unread) else tree


def parse(text: str, facts: Facts, rules: Rules, utf8: bytes | None = None) -> Page | Unread:
    """The page in a decoded text; Unread where it is too large or too deep to be read safely.

    `utf8`: the text's bytes where they are at hand, for the parser wants bytes.
    """
    tree = grow(text, utf8)
    if isinstance(tree, Unread):
        return tree
    named, feeds = head.read(tree, facts.url)
    if tree.body is None:
        return Page(named, None, (), (), feeds, (), frozenset(), False, False, False, True, About(), rules)
    rules = languages.of_page(tree, named.language, rules)
    found = parts.find(tree, rules.profile, named.title, rules.furniture)
    walked = walk(tree.body, found, rules.language)
    if walked.too_deep:
        return Unread("too-deep", f"more than {parts.DEEPEST} elements within one another")
    named = head.with_body(named, walked.metas, walked.jsonld)
    way = about.trail(tree)
    title = next((line.text for line in walked.lines if line.kind == "title"), None)
    return Page(
        head=named,
        title=title,
        lines=walked.lines,
        anchors=walked.anchors,
        feeds=feeds,
        notices=walked.notices,
        own=walked.own,
        password=walked.password,
        start=starts.is_named(named, facts) and way is None,
        scripts="<script" in text,
        whole=_is_whole(text),
        about=about.read(tree, named, rules.profile, way, text),
        rules=rules,
        fit=found.fit,
    )


def grow(text: str, utf8: bytes | None = None) -> LexborHTMLParser | Unread:
    """The parsed tree of a text that is safe to parse."""
    if len(text) > LARGEST:
        return Unread("too-big", f"{len(text)} characters, more than {LARGEST}")
    if _may_be_deep(text) and depth(_plain(text)) > parts.DEEPEST:
        return Unread("too-deep", f"more than {parts.DEEPEST} elements within one another")
    if _has_monstrous_tag(text) and _has_monstrous_tag(_plain(text)):
        return Unread("too-deep", f"a tag with more than {_MOST_ATTRIBUTES} attributes")
    return LexborHTMLParser(utf8 or text, scripting=True)


def _plain(text: str) -> str:
    """The text without what is opaque to the parser: only tags that it will see are left."""
    return _OPAQUE.sub(lambda found: found["tag"] or " ", text)


def _may_be_deep(text: str) -> bool:
    """Whether a text has tags enough, and enough of them unclosed, to cost the parser seconds."""
    tags = text.count("<")
    return tags > _HARMLESS and (tags > 5 * _HARMLESS or tags - 2 * text.count("</") > _HARMLESS // 4)


def depth(text: str) -> int:
    """How deep the tags of a text nest, at most and roughly: counted, not parsed, in time linear in its length.

    An end tag counts only where one of its name is open: a parser passes over the others.
    """
    open_: dict[str, int] = {}
    now = deepest = 0
    for tag in _TAG.findall(text):
        name = tag.lower().removeprefix("/")
        if name in _NEVER_DEEP:
            continue
        if name is tag or not tag.startswith("/"):
            open_[name] = open_.get(name, 0) + 1
            now += 1
            deepest = max(deepest, now)
        elif open_.get(name):
            open_[name] -= 1
            now -= 1
    return deepest


def _has_monstrous_tag(text: str) -> bool:
    """Whether a tag has more attributes than any person writes.

    Its attributes take up more than twice their number in characters, without a '>': so a look at every so many
    characters finds it.
    """
    start = 0
    while start < len(text):
        if text.find(">", start, start + _MOST_ATTRIBUTES) >= 0:
            start += _MOST_ATTRIBUTES
            continue
        begin, end = max(text.rfind(">", 0, start), 0), text.find(">", start)
        start = end if end >= 0 else len(text)
        tag = text[text.rfind("<", begin, start) : start]
        if len(tag) > 2 * _MOST_ATTRIBUTES and len(_QUOTED.sub("", tag).replace("/", " ").split()) > _MOST_ATTRIBUTES:
            return True
    return False


def _is_whole(text: str) -> bool:
    """Whether the text ends as a document: not inside a tag, a comment or a script."""
    end = text[-4096:].rstrip()
    if end.endswith("</html>") or re.search(r"</(?:html|body)\s*>", end, re.I):
        return True
    return end.rfind("<") <= end.rfind(">") and text.rfind("<!--") <= text.rfind("-->")


# The document -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arranged:
    """A page's lines put in order: what became of each, and why some stand aside."""

    lines: Sequence[Line]
    anchors: Sequence[Anchor]
    claims: tuple[Claim, ...]
    aside: Mapping[str, Collection[int]]  # indexes of lines, by what they are
    blocks: tuple[Block, ...]
    places: Mapping[int, int]  # of a line among the blocks


def arrange(page: Page, facts: Facts) -> Arranged:
    """The lines of a page as blocks, in the content or beside it."""
    rules = page.rules
    found = dates.collect(page.head, page.lines, facts, rules, place)
    lines, anchors = lists.opened(page.lines, page.anchors, page.own)
    aside: dict[str, Collection[int]] = {
        "states a date": found.date_lines,
        "table of contents": links.of_contents(anchors, lines),
        "links of the template": links.of_template(anchors, lines, rules.language),
        "links with their days under a heading of news": lists.of_news(lines, anchors, lexicon(rules.language)),
        "under a heading of the template": lists.beneath(lines, anchors, rules.language) - page.own,
        "beside the article": article.beside(lines, anchors, page.head, rules.language) if rules.profile.learn else (),
        "stands on most pages of the site": learning.furnished(lines, rules.furniture),
    }
    all_aside = frozenset().union(*aside.values())
    ordered, places = blocks.arrange(lines, all_aside, rules.language, links.headings(anchors, lines))
    return Arranged(lines, anchors, found.claims, aside, ordered, places)


def document(page: Page, facts: Facts) -> Document:
    """The document of a page: its blocks, links and claims, and the dates that are believed."""
    found = arrange(page, facts)
    beside = {index for index, block in enumerate(found.blocks) if block.part == "rest"}
    responsible = believed(found.claims, "responsible")
    dated = {meaning: believed(found.claims, meaning) for meaning in _DATES}
    published, updated, reviewed = (claim.value if claim else None for claim in dated.values())
    return Document(
        kind="html",
        language=page.head.language,
        title=page.title or head.title(page.head),
        published=published,
        updated=updated,
        reviewed=reviewed,
        responsible=(responsible.value or responsible.raw or None) if responsible else None,
        blocks=_anchored(found.blocks, found.lines, found.places),
        links=links.read(found.anchors, page.head, page.feeds, found.places, facts.url, beside),
        claims=found.claims,
        about=page.about,
    )


def _anchored(ordered: tuple[Block, ...], lines: Sequence[Line], places: Mapping[int, int]) -> tuple[Block, ...]:
    """The blocks, headings with the id by which a link reaches them."""
    found = {
        at: anchor for i, at in places.items() if lines[i].kind in _HEADINGS and (anchor := _anchor(lines[i].node))
    }
    return tuple(replace(b, anchor=found[at]) if at in found else b for at, b in enumerate(ordered))


_HEADINGS = frozenset({"title", "heading"})
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def _anchor(node: object) -> str | None:
    """The id of a heading, of what stands in it, or of the section that it opens; a random one is none."""
    inner = node
    while isinstance(inner, LexborNode) and inner.tag not in _HEADING_TAGS:
        inner = inner.parent
    if not isinstance(inner, LexborNode):
        return None
    return _id(inner) or _id(_named_in(inner)) or (_id(inner.parent) if _opens(inner) else None)


def _named_in(heading: LexborNode) -> LexborNode | None:
    """The first element in a heading that has a name. Most hold one text alone: to see that is cheaper than a query."""
    first = heading.first_child
    if first is None or (first.is_text_node and first.next is None):
        return None
    return heading.css_first("[id], a[name]")


def _opens(heading: LexborNode) -> bool:
    """Whether nothing but white space, or a text, stands before a heading in its section."""
    before = heading.prev
    return before is None or (before.is_text_node and before.prev is None)


def _id(node: LexborNode | None) -> str | None:
    """The id of an element, or the name of an anchor, where it is likely to last."""
    names = node.attributes if node is not None else {}
    id_ = names.get("id") or names.get("name")
    return id_ if id_ and not _UNSTABLE.search(id_) and len(id_) <= _LONGEST_ID and not id_.isspace() else None


_LONGEST_ID = 200
_DATES: tuple[Meaning, ...] = ("published", "updated", "reviewed")


_UNSTABLE = re.compile(r"\d{4,}|[0-9a-f]{6,}", re.I)


def place(node: object) -> str:
    """Where an element stands: a short CSS path that ends at the nearest lasting id; '' where there is no element."""
    steps: list[str] = []
    while isinstance(node, LexborNode) and (tag := node.tag) not in {None, "html", "-undef"} and len(steps) < 4:
        attributes = node.attributes
        id_ = attributes.get("id")
        if id_ and not _UNSTABLE.search(id_) and not id_.isspace():
            steps.append(f"{tag}#{id_.split()[0]}")
            break
        name = _lasting(attributes.get("class"))
        steps.append(f"{tag}.{name}" if name else str(tag))
        node = node.parent
    return " > ".join(reversed(steps))


def _lasting(names: str | None) -> str | None:
    """The first class name that is likely to last."""
    return next((n for n in names.split() if not _UNSTABLE.search(n)), None) if names else None
