"""Whether a line tells of another page: it stands in a teaser, a search result, an entry of a list. Pure."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from selectolax.lexbor import LexborNode

from archiver.extract.dates.declared import resolved
from archiver.extract.page import words
from archiver.extract.page.lines import Line

CLIMBED = 6
"""Elements above a line that are looked at."""
_ELSEWHERE = "a[href]:not([href^='#']):not([href^='mailto:']):not([href^='tel:'])"
_LEADS = f"h2, h3, h4, h5, h6, {_ELSEWHERE}"
"""What an entry has beside its date, and an item of a page's own facts has not."""
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_PARTS_OF_CARDS = frozenset({"header", "footer"})
"""What may stand in a card and in a page: its headings tell of something else than its dates do."""
_LONGEST_CARD = 800
"""Characters of a card; what is longer is a text of the page's own."""
_MOST_NODES = 1_000
"""Nodes of an element that are looked at for more text: one with more of them is taken to hold more."""


class Teasers:
    """What of a page tells of other pages. An element is looked through once, however many lines stand in it."""

    def __init__(self, lines: Sequence[Line], base: str = "", urls: Iterable[str | None] = ()) -> None:
        """`base` is what the page's links are joined with, `urls` those of the page itself."""
        self._lines, self._base, self._urls = lines, base, urls
        self._leads: dict[int, frozenset[str]] = {}  # by the list item, what its headings and links say
        self._cards: dict[int, bool | None] = {}  # by the element, what `_is_card` says

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(resolved(self._base, url) for url in self._urls if url)

    @cached_property
    def _around_title(self) -> frozenset[int]:
        """The elements around the page's title, by their identity in memory."""
        found: set[int] = set()
        node = next((line.node for line in self._lines if line.kind == "title"), None)
        while isinstance(node, LexborNode):
            found.add(node.mem_id)
            node = node.parent
        return frozenset(found)

    def hold(self, line: Line, *, alone: bool = False) -> bool:
        """Whether a link with other words too holds the line, or a list item with a heading or a link of its own, or
        whatever else has a heading that leads elsewhere and is not the page's.

        `alone`: the line is dates and names with their labels and nothing else; then its own links are theirs.
        """
        node, told = line.node, None
        for _ in range(CLIMBED):
            if not isinstance(node, LexborNode) or node.tag in {"main", "body"}:
                return False
            if node.tag == "a" and "href" in node.attributes:
                return holds_more(node, len(line.text))
            if node.tag == "li":
                return any(not (alone and said in line.text) for said in self._leads_in(node) if said)
            if told is None and node.tag not in _PARTS_OF_CARDS and node.mem_id not in self._around_title:
                told = self._is_card(node)
            if told:
                return True
            node = node.parent
        return False

    def is_headed(self, line: Line) -> bool:
        """Whether the line stands in the item of microdata that also holds the page's title, whatever its names say."""
        node = line.node
        for _ in range(2 * CLIMBED):
            if not isinstance(node, LexborNode) or node.tag in {"body", "li"}:
                return False
            if "itemscope" in node.attributes:
                return node.mem_id in self._around_title
            node = node.parent
        return False

    def _leads_in(self, item: LexborNode) -> frozenset[str]:
        found = self._leads.get(item.mem_id)
        if found is None:
            found = self._leads[item.mem_id] = frozenset(lead.text(strip=True) for lead in item.css(_LEADS))
        return found

    def _is_card(self, node: LexborNode) -> bool | None:
        """Whether the one heading in a short element leads to another page; None where it has no heading."""
        if node.mem_id not in self._cards:
            headings = node.css(_HEADINGS)
            is_card = len(headings) == 1 and self._leads_away(headings[0]) and not holds_more(node, _LONGEST_CARD)
            self._cards[node.mem_id] = is_card if headings else None
        return self._cards[node.mem_id]

    def _leads_away(self, heading: LexborNode) -> bool:
        """Whether a heading holds a link to another page, or stands in one."""
        link = heading.css_first(_ELSEWHERE) or _link_around(heading)
        href = (link.attributes.get("href") or "") if link else ""
        return bool(href) and resolved(self._base, href) not in self._own


def _link_around(heading: LexborNode) -> LexborNode | None:
    node = heading.parent
    for _ in range(CLIMBED):
        if node is None or node.tag == "a":
            return node
        node = node.parent
    return None


def holds_more(node: LexborNode, characters: int) -> bool:
    """Whether an element holds more text than that; no more of it is read than tells."""
    left = characters
    for seen, inner in enumerate(node.traverse(include_text=True)):
        left -= len((inner.text_content or "").strip())
        if left < 0 or seen > _MOST_NODES:
            return True
    return False


def aside_of(line: Line) -> LexborNode | None:
    """The `<aside>` that the line stands in; None without one, or where its name says that it tells about the page."""
    node = line.node
    for _ in range(2 * CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"main", "body"}:
            return None
        if node.tag == "aside":
            names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}"
            return None if words.look(names[: words.LONGEST]).inside == "rest" else node
        node = node.parent
    return None
