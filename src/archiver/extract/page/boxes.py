"""The lines of a content area in the boxes they stand in, each weighed by its prose, its links and its rows.

Built from the lines of the walk, not from the tree: every element around a line is met once. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborNode

from archiver.extract.page.lines import Line

_PROSE = 60
"""Characters beside links of a line that is prose: shorter ones are names, dates and buttons."""
_LEAD = 100
"""And of a heading that is a lead."""
_DEEPEST = 512
_LONGEST = 500
_INLINES = "a abbr b cite code em font i label mark q small span strong sub sup time u"
_INLINE = frozenset(_INLINES.split())
_CUT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_STATES = re.compile(
    r"(?:has|is|no|not|with|without|js|u|hide|hidden|show|d|visible|print|md|lg|sm|xl"
    r"|tag|category|cat|post-tag|status|format|type)[-:]\S*|\S*(?:@|print-display|hidden|[\[\]!/:])\S*"
)
"""Names of a state, a layout or a subject (`tag-skola`), which say nothing about what an element is."""
_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
"""Characters of scripts in which one is as good as two of ours."""


@dataclass(slots=True, eq=False)
class Box:
    """An element of the content area and what stands in it; the sums are over all that it holds."""

    element: LexborNode
    tag: str
    above: "Box | None"
    in_link: bool = False  # it stands in a link: all of it is one
    lines: list[int] = field(default_factory=list)  # those that stand in no smaller box
    boxes: list["Box"] = field(default_factory=list)
    own: int = 0  # characters of running text in paragraphs of its own
    first: int = -1  # the first line in it; -1: none
    prose: int = 0  # characters of running text
    paragraphs: int = 0  # lines of running text
    plain: int = 0  # characters beside links
    linked: int = 0  # characters in links to other pages
    rows: int = 0  # rows of tables
    cards: int = 0  # headings that are links
    texts: int = 0  # lines that are neither headings nor captions
    titled: bool = False  # the page's title stands in it
    read: str | None = None  # its names, once somebody asked for them

    @property
    def names(self) -> str:
        """Its class names and id: lower case, parted by spaces, in them hyphens."""
        if self.read is None:
            attributes = self.element.attributes
            self.read = _evened(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"[:_LONGEST])
        return self.read

    @property
    def share_of_links(self) -> float:
        """How much of the text leads to other pages."""
        return self.linked / (self.plain + self.linked or 1)

    def within(self) -> Iterator[int]:
        """All lines that stand in it."""
        todo = [self]
        while todo:
            box = todo.pop()
            yield from box.lines
            todo += box.boxes

    def gather(self, inner: "Box") -> None:
        """Add the sums of a box that stands in it."""
        if inner.first >= 0 and (self.first < 0 or inner.first < self.first):
            self.first = inner.first
        self.prose += inner.prose
        self.paragraphs += inner.paragraphs
        self.plain += inner.plain
        self.linked += inner.linked
        self.rows += inner.rows
        self.cards += inner.cards
        self.texts += inner.texts
        self.titled = self.titled or inner.titled


def build(lines: Sequence[Line], linked: Mapping[int, int]) -> Box | None:
    """The outermost box of the main lines; `linked` tells how many characters of a line lead to other pages."""
    known: dict[int, Box] = {}
    for index, line in enumerate(lines):
        if line.zone != "main" or not isinstance(line.node, LexborNode):
            continue
        box = _place(line.node, known)
        while box.above is not None and box.tag in _INLINE:
            box = box.above
        _stand(box, index, line, len(line.text) if box.in_link else min(linked.get(index, 0), len(line.text)))
    ordered = list(known.values())  # each behind those that hold it
    for box in reversed(ordered):
        if box.above is not None:
            box.above.gather(box)
    return ordered[0] if ordered else None


def _stand(box: Box, index: int, line: Line, linked: int) -> None:
    """Let a line stand in a box."""
    plain = len(line.text) - linked
    prose = 0
    if is_prose(line, linked):
        prose = plain if line.text.isascii() else plain + len(_WIDE.findall(line.text))
    holder = box.above if box.tag == "p" and box.above is not None else box
    holder.own += prose
    box.first = index if box.first < 0 else box.first
    box.lines.append(index)
    box.prose += prose
    box.paragraphs += prose > 0
    box.plain += plain
    box.linked += linked
    box.rows += line.kind == "table-row"
    box.cards += line.kind == "heading" and linked > plain
    box.texts += line.kind not in {"heading", "caption"}
    box.titled = box.titled or line.kind == "title"


def is_prose(line: Line, linked: int) -> bool:
    """Whether a line is running text."""
    plain = len(line.text) - linked
    if line.kind not in {"paragraph", "quote", "list-item"}:
        return line.kind == "heading" and plain >= _LEAD
    if plain < _PROSE and not line.text.isascii():
        plain += len(_WIDE.findall(line.text))
    return plain >= _PROSE and linked <= plain


def _place(node: LexborNode, known: dict[int, Box]) -> Box:
    """The box of an element, made with those around it where they are not known yet."""
    box = known.get(node.mem_id)
    if box is not None:
        return box
    chain: list[tuple[LexborNode, str]] = []  # the elements without a box, from the inmost
    element: LexborNode | None = node
    while box is None and element is not None and len(chain) < _DEEPEST:
        tag = element.tag or ""
        chain.append((element, tag))
        element = element.parent if tag != "body" else None
        box = known.get(element.mem_id) if element is not None else None
    while chain:
        element, tag = chain.pop()
        inner = known[element.mem_id] = Box(element, tag, box, tag == "a" or (box is not None and box.in_link))
        if box is not None:
            box.boxes.append(inner)
        box = inner
    return box if box is not None else known[node.mem_id]


@lru_cache(maxsize=8192)
def _evened(said: str) -> str:
    """Names evened out, those of states and layouts left out."""
    kept = (n for n in _CUT.sub("-", said).lower().replace("_", "-").split() if not _STATES.fullmatch(n))
    return " ".join(kept)
