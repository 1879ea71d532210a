"""Whether a line tells of another page: it stands in a teaser, a search result, an entry of a list. Pure."""

from collections.abc import Collection

from selectolax.lexbor import LexborNode

from archiver.extract.page import words
from archiver.extract.page.lines import Line

CLIMBED = 6
"""Elements above a line that are looked at."""
_LEADS = "h2, h3, h4, h5, h6, a[href]:not([href^='#']):not([href^='mailto:']):not([href^='tel:'])"
"""What an entry has beside its date, and an item of a page's own facts has not."""
_MOST_NODES = 1_000
"""Nodes of an element that are looked at for more text: one with more of them is taken to hold more."""

Leads = dict[int, frozenset[str]]
"""What the headings and links of list items say, by the item: one may hold many lines, and is looked through once."""


def is_of_another(line: Line, known: Leads, *, alone: bool = False) -> bool:
    """Whether a link with other words too holds the line, or a list item with a heading or a link of its own.

    `alone`: the line is dates and names with their labels and nothing else; then its own links are theirs.
    """
    node = line.node
    for _ in range(CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"main", "body"}:
            return False
        if node.tag == "a" and "href" in node.attributes:
            return holds_more(node, line)
        if node.tag == "li":
            if (leads := known.get(node.mem_id)) is None:
                leads = known[node.mem_id] = frozenset(lead.text(strip=True) for lead in node.css(_LEADS))
            return any(not (alone and words in line.text) for words in leads if words)
        node = node.parent
    return False


def holds_more(node: LexborNode, line: Line) -> bool:
    """Whether an element around a line holds more text than the line; no more of it is read than tells."""
    left = len(line.text)
    for seen, inner in enumerate(node.traverse(include_text=True)):
        left -= len((inner.text_content or "").strip())
        if left < 0 or seen > _MOST_NODES:
            return True
    return False


def is_of_headed(line: Line, around_title: Collection[int]) -> bool:
    """Whether the line stands in the item of microdata that also holds the page's title: whatever its classes say."""
    node = line.node
    for _ in range(2 * CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"body", "li"}:
            return False
        if "itemscope" in node.attributes:
            return node.mem_id in around_title
        node = node.parent
    return False


def around(line: Line) -> frozenset[int]:
    """The elements around a line, by their identity in memory."""
    found: set[int] = set()
    node = line.node
    while isinstance(node, LexborNode):
        found.add(node.mem_id)
        node = node.parent
    return frozenset(found)


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
