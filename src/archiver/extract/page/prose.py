"""Where a page's prose stands: the element that holds the most running text in paragraphs of its own.

No name can belie it: a content area must hold it, and an element around it is not furniture because its class says
`related-story` or its id `header`. It is weighed by whole paragraphs of some length, so that a few words more or less
do not move it. One query, and one look at each paragraph. Pure.
"""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.extract.page import words

_SHORTEST = 40
"""Characters of a paragraph that counts; shorter ones are labels and buttons."""
_LEAST = 250
"""Characters of prose without which a page has no such place."""
_MOST = 5_000
"""Paragraphs that are looked at."""
_CANDIDATES = 6
_DEEPEST = 512
_FOREIGN_TAGS = frozenset({"footer", "aside", "nav", "dialog", "noscript", "template", "figure"})
_FOREIGN = re.compile(
    r"(?<![a-z])(?:cookie|consent|gdpr|comment|disqus|modal|popup|dialog|newsletter|login|footer|sidebar|related-posts)",
    re.I,
)
"""Words in the names of what holds long texts that are not the page's."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.I)


def place(tree: LexborHTMLParser) -> LexborNode | None:
    """The element with the most prose; None where none has enough of it."""
    if tree.body is None:
        return None
    weights: dict[int, int] = {}
    nodes: dict[int, LexborNode] = {}
    for paragraph in tree.body.css("p")[:_MOST]:
        length = len(paragraph.text(strip=True))
        if length < _SHORTEST or paragraph.parent is None:
            continue
        holder = paragraph.parent
        id_ = holder.mem_id
        nodes.setdefault(id_, holder)
        weights[id_] = weights.get(id_, 0) + length
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:_CANDIDATES]
    fit = (nodes[id_] for id_, weight in heaviest if weight >= _LEAST)
    return next((node for node in fit if not _is_foreign(node)), None)


def _is_foreign(node: LexborNode) -> bool:
    """Whether an element stands in a comment, a footer, a cookie wall or in what is hidden."""
    for above in _upwards(node):
        if above.tag in {"body", "html"}:
            return False
        attributes = above.attributes
        if above.tag in _FOREIGN_TAGS or "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            return True
        if _FOREIGN.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:500]):
            return True
    return False


def _upwards(node: LexborNode) -> Iterator[LexborNode]:
    """An element and those that hold it."""
    above: LexborNode | None = node
    for _ in range(_DEEPEST):
        if above is None:
            return
        yield above
        above = above.parent


# The content area of a page that no selector knows -----------------------------------------------------------

_WEIGHTLESS_TAGS = (
    "head script style noscript template svg a nav header footer aside form select button iframe textarea"
)
_TEXTUAL_TAGS = "p ul ol dl h1 h2 h3 h4 h5 h6 blockquote pre span b strong i em font li"
_WEIGHTLESS, _TEXTUAL = frozenset(_WEIGHTLESS_TAGS.split()), frozenset(_TEXTUAL_TAGS.split())
_ENOUGH = 0.85
"""The share of a page's running text that its content area holds at least, where nothing else tells it."""
_TITLED = 0.75
"""And that much where its heading of the first level stands in it."""


def heaviest(
    body: LexborNode, weights: dict[int, int] | None, held: frozenset[int], layout: Callable[[], frozenset[int]]
) -> list[LexborNode]:
    """The smallest element that holds nearly all text that is not in links, menus, headers and footers.

    Careful rather than clever: in doubt it takes more of the page, for what is left out here is lost to every diff.
    """
    weights = weigh(body, held) if weights is None else weights
    node, whole = body, weights[body.mem_id]
    heading = body.css_first("h1")
    titled = frozenset(above.mem_id for above in _upwards(heading)) if heading else frozenset()
    for _ in range(_DEEPEST):
        fit = (c for c in node.iter() if not held or c.mem_id in held)
        heavy = ((c, weights.get(c.mem_id, 0) / (whole or 1)) for c in fit)
        child = next((c for c, share in heavy if share >= (_TITLED if c.mem_id in titled else _ENOUGH)), None)
        if (
            child is None
            or not whole
            or child.tag in _TEXTUAL
            or (child.tag == "table" and child.mem_id not in layout())
        ):
            break
        node = child
    return [node]


def weigh(body: LexborNode, held: frozenset[int]) -> dict[int, int]:
    """The characters of running text under each element, in one walk."""
    weights: dict[int, int] = {}
    above: list[tuple[LexborNode, int]] = []
    node, weight = body.first_child, 0
    while True:
        while node is not None:
            child = node.first_child if node.is_element_node else None
            if node.is_text_node:
                weight += len((node.text_content or "").strip())
            elif child is not None and (node.mem_id in held or not _is_weightless(node)) and len(above) < _DEEPEST:
                above.append((node, weight))
                node, weight = child, 0
                continue
            node = node.next
        if not above:
            weights[body.mem_id] = weight
            return weights
        parent, before = above.pop()
        weights[parent.mem_id] = weight
        weight += before
        node = parent.next


def _is_weightless(node: LexborNode) -> bool:
    if node.tag in _WEIGHTLESS:
        return True
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return words.look(names[: words.LONGEST]).outside is not None
