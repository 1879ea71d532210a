"""Whether a line tells of another page: it stands in a teaser, a search result, an entry of a list. Pure."""

from selectolax.lexbor import LexborNode

from archiver.extract.page.lines import Line

CLIMBED = 6
"""Elements above a line that are looked at."""
_LEADS = "h2, h3, h4, h5, h6, a[href]:not([href^='#']):not([href^='mailto:']):not([href^='tel:'])"
"""What an entry has beside its date, and an item of a page's own facts has not."""


def is_of_another(line: Line) -> bool:
    """Whether a link with other words too holds the line, or a list item with a heading or a link of its own."""
    node = line.node
    for _ in range(CLIMBED):
        if not isinstance(node, LexborNode) or node.tag in {"main", "body"}:
            return False
        if node.tag == "a" and "href" in node.attributes:
            return _holds_more(node, line)
        if node.tag == "li":
            return _holds_more(node, line) and node.css_first(_LEADS) is not None
        node = node.parent
    return False


def _holds_more(node: LexborNode, line: Line) -> bool:
    return len(node.text(strip=True)) > len(line.text)
