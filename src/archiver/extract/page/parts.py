"""Main, rest, banner, furniture: which element of a page is which.

Three voices, the most particular first: the profile's selectors, the element's own name and role, and the words of its
class and id. Inside the content area only words that can mean nothing else are listened to: nothing may be lost there.
An element that holds the content area or the title is never judged by its words: a body may be called `has-menu`. Pure.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from archiver.errors import RuleError
from archiver.extract.page import prose, titles, words
from archiver.extract.page.elements import Attributes
from archiver.extract.page.lines import Zone
from archiver.extract.page.selectors import Names, names
from archiver.extract.page.words import Look
from archiver.model import Profile

DEEPEST = 512
"""Elements within elements. Browsers stop at the same depth; real pages stay under 60."""

_TITLES = 20
"""Elements looked at in search of a title."""


_SOME = 0.3
"""The share of a page's running text that an element holds where a selector points it out that may mean else."""

Layout = Callable[[], frozenset[int]]
"""The tables that lay out the page: looked for once, and only where there is a table."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The elements that a profile points out on one page, by their identity in memory."""

    main: frozenset[int]
    title: int | None
    around: frozenset[int]  # the ancestors of main and title, beside main itself
    banner: frozenset[int]
    around_banner: frozenset[int]
    drop: frozenset[int]  # beside those that `names` tells
    assist: frozenset[int]
    pointed: frozenset[int]  # all of the above, beside what stands around them
    names: Names
    layout: Layout
    fit: str  # the selector that found the content area; '': none did


def find(
    tree: LexborHTMLParser, profile: Profile, head_title: str | None, learned: Collection[str] = frozenset()
) -> Parts:
    """The parts of a page by a profile's selectors, and by the weight of its text where none of `main` fits.

    `learned`: what stands on most pages of the site, and so is the title of none.
    """
    layout = cache(lambda: _layout_tables(tree))
    core = prose.place(tree) if profile.learn else None
    fit, roots = _content(tree, profile, layout, core)
    title = _title(tree, profile, roots, head_title, learned)
    leads = titles.leads(title) if title and not _stands_in(title, _marks(roots)) else []
    main = _marks((*roots, *leads))
    around = _around([*roots, title] if title else roots) - main
    around |= (_around([core]) | {core.mem_id}) - main if core else frozenset()
    own = names(profile)
    banners = _all(tree, (*profile.banner, "[role=alert]"))
    banner = _marks(_all(tree, profile.banner)) if banners else frozenset()
    drop, assist = _marks(_all(tree, own.other_drop)), _marks(_all(tree, own.other_assist))
    return Parts(
        main=main,
        title=title.mem_id if title else None,
        around=around,
        banner=banner,
        around_banner=_around(banners),
        drop=drop,
        assist=assist,
        pointed=main | banner | drop | assist,
        names=own,
        layout=layout,
        fit=fit,
    )


def zone_outside(
    parts: Parts, node: LexborNode, tag: str | None, look: Look, attributes: Attributes, within: Zone
) -> Zone:
    """The zone of an element that stands beside the content area."""
    role = attributes.get("role")
    if within in _LASTING:
        is_notice = within == "furniture" and (role == "alert" or node.mem_id in parts.banner)
        return "banner" if is_notice else within
    if told := _told(parts, node, tag, look, attributes):
        return told
    by_name = (words.BY_ROLE.get(role) if role else None) or words.BY_NAME.get(tag)
    if by_name or look.outside:
        return by_name or look.outside or within
    id_ = attributes.get("id")
    return (words.look(id_[: words.LONGEST]).outside if id_ else None) or within


def zone_inside(
    parts: Parts, node: LexborNode, tag: str | None, look: Look, attributes: Attributes, within: Zone, *,
    before_title: bool,
) -> Zone:  # fmt: skip
    """The zone of an element in the content area.

    A notice above the title is the site's; one below it was put there by whoever wrote the page.
    """
    if within not in _OPEN:
        return within
    if within == "main" and (told := _told(parts, node, tag, look, attributes)):
        return told
    role = attributes.get("role")
    if before_title and within == "main" and (role == "alert" or look.outside == "banner"):
        return "banner"
    by_role = words.INSIDE_BY_ROLE.get(role) if role else None
    said = by_role or words.INSIDE_BY_NAME.get(tag) or look.inside or _by_id(tag, attributes.get("id"))
    if said == "furniture" or (said and within == "main" and (said != "rest" or _is_short(node))):
        return said
    return within


_OPEN: frozenset[Zone] = frozenset({"main", "list"})
"""Zones of the content area in which an element may be furniture: a list of news has its pager."""
_BOXES = frozenset({"div", "ul", "ol", "p", "section", "aside"})
_WORDS = re.compile(r"[A-Za-z_-]{3,40}")
_LARGEST_BOX = 400
"""Characters of a box that tells about the page: a larger one of that name holds the page's text."""


def _by_id(tag: str | None, id_: str | None) -> Zone | None:
    """Whether the id of a box says that it is furniture. That of a heading is made from its words, and says nothing."""
    if not id_ or tag not in _BOXES or not _WORDS.fullmatch(id_):
        return None
    return "furniture" if words.look(id_).inside == "furniture" else None


def _is_short(node: LexborNode) -> bool:
    return len(node.text()) <= _LARGEST_BOX


_LASTING: frozenset[Zone] = frozenset({"banner", "furniture", "list", "comment"})
"""What holds for all that stands in it; but the site's notices may stand in its header."""


def _told(parts: Parts, node: LexborNode, tag: str | None, look: Look, attributes: Attributes) -> Zone | None:
    """What the profile says of an element; None where it does not point it out."""
    id_ = node.mem_id
    if id_ in parts.banner:
        return "banner"
    if id_ in parts.drop or parts.names.drops(tag, attributes, look):
        return look.outside if look.outside in {"list", "comment"} else "furniture"
    return "main" if id_ in parts.main else None


def select(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """All elements that a selector fits. Raises RuleError where it is no selector."""
    try:
        return tree.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise RuleError(f"not a selector: {selector}") from error


def fits(tree: LexborHTMLParser, selector: str) -> bool:
    """Whether a selector fits any element: the page is looked at up to the first. Raises RuleError as `select` does."""
    try:
        return tree.css_first(selector) is not None
    except (SelectolaxError, ValueError) as error:
        raise RuleError(f"not a selector: {selector}") from error


def _all(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> list[LexborNode]:
    return select(tree, ", ".join(selectors)) if selectors else []


def _marks(nodes: Iterable[LexborNode]) -> frozenset[int]:
    return frozenset(n.mem_id for n in nodes)


def _around(nodes: Iterable[LexborNode]) -> frozenset[int]:
    """What stands around the elements; what stands around two of them is met once."""
    found: set[int] = set()
    for node in nodes:
        found.update(takewhile(lambda id_: id_ not in found, _ancestors(node)))
    return frozenset(found)


def _ancestors(node: LexborNode) -> Iterator[int]:
    parent = node.parent
    for _ in range(DEEPEST):
        if parent is None:
            return
        yield parent.mem_id
        parent = parent.parent


def _content(
    tree: LexborHTMLParser, profile: Profile, layout: Layout, core: LexborNode | None
) -> tuple[str, list[LexborNode]]:
    """The content area, and the selector that found it ('': none): the first that fits a landmark, the page's heading,
    or much of its text.

    An `article` may be a teaser in the margin, and `#content` an empty shell: where the page has prose, it holds it.
    Selectors of a template that is known are taken at their word.
    """
    known = not profile.learn
    held = _around([core]) | {core.mem_id} if core else frozenset()
    weights: dict[int, int] | None = None
    for selector in profile.main:
        found = _roots(tree, selector)
        if held and found and held.isdisjoint(_marks(found)):
            continue
        if any(
            n.tag == "main" or n.attributes.get("role") == "main" or ((known or held) and n.css_first("h1"))
            for n in found
        ):
            return selector, found
        if found and tree.body is not None:
            weights = prose.weigh(tree.body, held) if weights is None else weights
            if sum(weights.get(n.mem_id, 0) for n in found) >= _SOME * weights[tree.body.mem_id]:
                return selector, found
    if tree.body is None:
        return "", []
    told = _skipped_to(tree.body, held)
    return "", [told] if told else prose.heaviest(tree.body, weights, held, layout)


def _skipped_to(body: LexborNode, held: frozenset[int]) -> LexborNode | None:
    """Where the page's first link leads, if it skips to the content: it has the page's heading or its prose in it."""
    link = body.css_first("a[href]")
    place = (link.attributes.get("href") or "") if link else ""
    if not re.fullmatch(r"#[A-Za-z][\w-]*", place):
        return None
    target = body.css_first(place)
    if target is None or target.tag in {"body", "h1", "a"}:
        return None
    return target if target.mem_id in held or (not held and target.css_first("h1")) else None


def _roots(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    """The outermost elements that the selector fits, where there are words in them."""
    found = [n for n in select(tree, selector) if _has_words(n)]
    if len(found) < 2:
        return found
    ids = _marks(found)
    return [n for n in found if not _stands_in(n, ids)]


def _has_words(node: LexborNode) -> bool:
    return any(not text.isspace() for inner in node.traverse(include_text=True) if (text := inner.text_content))


_LAYOUT = "td table, td h1, td h2, td h3, td h4, table[role=presentation] td, table[role=none] td"


def _layout_tables(tree: LexborHTMLParser) -> frozenset[int]:
    """Tables that hold tables or headings: their cells are places on the page, not values of a row."""
    found: set[int] = set()
    for node in select(tree, _LAYOUT):
        parent = node.parent
        for _ in range(DEEPEST):
            if parent is None or parent.mem_id in found:
                break
            if parent.tag == "table":
                found.add(parent.mem_id)
            parent = parent.parent
    return frozenset(found)


def _title(
    tree: LexborHTMLParser, profile: Profile, roots: list[LexborNode], head_title: str | None, learned: Collection[str]
) -> LexborNode | None:
    """The page's own heading: in the content area, else one that the head's title repeats, else any not in a masthead.

    Of several in the content area it is the one that the head's title repeats, else the first. Where there is none,
    or the site's name alone, it is the lesser heading with which the head's title begins.
    """
    ids = _marks(roots)
    named = titles.plain(head_title or "")
    found: list[LexborNode] = []
    repeated: list[LexborNode] = []
    for selector in profile.title:
        fits = [(n, text) for n in select(tree, selector)[:_TITLES] if (text := titles.own_words(n, learned))]
        found += [n for n, _ in fits]
        repeated += (again := [n for n, text in fits if text in named])
        if best := next((n for n in again if _stands_in(n, ids)), None):
            return best  # the next query would not change it
    if inside := next((n for n in found if _stands_in(n, ids)), None):
        return inside
    named_so = (n for n in repeated if not (_in_masthead(n) and titles.is_site_name(n, named)))
    best = next(named_so, None) or titles.repeated(roots, named)
    return best or next((n for n in found if not _in_masthead(n)), None)


def _stands_in(node: LexborNode, ids: frozenset[int]) -> bool:
    return not ids.isdisjoint(_ancestors(node))


def _in_masthead(node: LexborNode) -> bool:
    """Whether the element stands in the site's header or in a menu."""
    parent = node.parent
    for _ in range(DEEPEST):
        if parent is None:
            return False
        if parent.tag in {"nav", "header"} or parent.attributes.get("role") in {"banner", "navigation"}:
            return True
        parent = parent.parent
    return False
