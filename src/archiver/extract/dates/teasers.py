"""Whether a line tells of another page: it stands in a teaser, a search result, an entry of a list. Pure."""

from selectolax.lexbor import LexborNode

from archiver.extract.page import words
from archiver.extract.page.lines import Line

CLIMBED = 6
"""Elements above a line that are looked at."""
_LEADS = "h2, h3, h4, h5, h6, a[href]:not([href^='#']):not([href^='mailto:']):not([href^='tel:'])"
"""What an entry has beside its date, and an item of a page's own facts has not."""


def is_of_another(line: Line, *, alone: bool = False) -> bool:
    """Whether a link with other words too holds the line, or a list item with a heading or a link of its own.

    `alone`: the line is dates and names with their labels and nothing else; then its own links are theirs.
    """
    node = line.node
    for _ in range(CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"main", "body"}:
            return False
        if node.tag == "a" and "href" in node.attributes:
            return len(node.text(strip=True)) > len(line.text)
        if node.tag == "li":
            leads = (lead.text(strip=True) for lead in node.css(_LEADS))
            return any(not (alone and words in line.text) for words in leads if words)
        node = node.parent
    return False


def is_of_headed(line: Line) -> bool:
    """Whether the line stands in the item of microdata that also holds the page's h1: whatever its classes say."""
    node = line.node
    for _ in range(2 * CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"body", "li"}:
            return False
        if "itemscope" in node.attributes:
            return node.css_first("h1") is not None
        node = node.parent
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
