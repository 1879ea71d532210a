"""From the lines of a PDF's pages to paragraphs that stay put when nothing was edited.

A PDF knows glyphs at places, not paragraphs. The reader (PDFium) gives lines in the order they were written, which is
the reading order of nearly all producers. We join them by what a typesetter does:

  a new paragraph begins     where the next word would still have fitted on the line above; after a gap wider than
                             the leading; at another letter size; at an indent; at a bullet or number; at a heading
  a paragraph goes on        over a column's or page's end, where its last line is full, or the rest begins small
  a running head or foot     stands in the margin of many pages with the same words, numbers aside: part 'rest'

so that a word added on page 2 moves lines and page breaks, but no paragraph. Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from archiver.model import Block, Part

_HYPHEN = re.compile("[\ufffe\x02](\\w*)")  # how PDFium marks a word broken over two lines
_KEEPS_HYPHEN = frozenset({"och", "eller", "samt", "respektive", "till", "and", "or", "und", "oder", "og"})
"""'hälso-' at a line's end before one of these is half of 'hälso- och sjukvård', not a broken word."""
_JUNK = re.compile("[\x00-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\uffff]")
_BULLET = re.compile(r"[•‣●▪◦■□▫➢✓·\uf0b7\uf0a7\uf0d8]\s*")
_NUMBERED = re.compile(r"(?:[–—-]|\d{1,3}(?:\.\d{1,3}){0,3}[.)]?|[a-zåäö][.)]|§+\s*\d+|\d+\s*(?:kap|§)\.?)\s")
_DIGITS = re.compile(r"\d+")
_SENTENCE_END = (".", "!", "?", ":", ";")
_SIZES = 1.12  # letters this much larger belong to another paragraph
_GAP = 1.3  # a gap this much over the leading parts paragraphs
_SLACK = 0.08  # of the column: ragged and hyphenated lines end this much early without ending a paragraph
_MARGIN = 0.1  # of the page's height, above and below: where running heads stand


@dataclass(frozen=True, slots=True)
class PdfLine:
    """One line as it stands on its page, in points from the lower left corner."""

    text: str
    page: int
    left: float
    right: float
    base: float  # where the letters stand
    size: float  # height of the last letter's box: the first may be a bullet from another font
    at: float = 0.5  # how high on the page, 0 to 1


@dataclass(slots=True)
class _Paragraph:
    lines: list[PdfLine] = field(default_factory=list)
    part: Part = "main"
    level: int | None = None  # of a heading
    column: "_Column | None" = None  # where its lines may reach


@dataclass(frozen=True, slots=True)
class _Column:
    """Where lines begin and how far they may reach."""

    margin: float
    edge: float

    def is_full(self, above: PdfLine, below: PdfLine) -> bool:
        """Whether the first word of the line below would not have fitted on the line above."""
        width = (above.right - above.left) / max(len(above.text), 1)
        word = below.text.split(" ", 1)[0]
        return above.right + (len(word) + 1) * width >= self.edge - _SLACK * (self.edge - self.margin)


Outline = dict[int, dict[str, int]]
"""By page: the words of its bookmarks as `fold` leaves them, and their level."""


def blocks(lines: Sequence[PdfLine], outline: Outline) -> tuple[Block, ...]:
    """The lines as blocks: headings where the outline names them, list items, paragraphs."""
    running = _running(lines)
    made: list[_Paragraph] = []
    last: _Paragraph | None = None  # of the text
    for paragraph in _paragraphs(lines, outline, running):
        if last and paragraph.part == "main" and _continues(last, paragraph):
            last.lines += paragraph.lines
            continue
        made.append(paragraph)
        if paragraph.part == "main":
            last = paragraph
    return tuple(filter(None, map(_block, made)))


def fold(text: str) -> str:
    """Words without numbering, spaces and letter case, to find a bookmark's words on its page."""
    return re.sub(r"\A[\d.\s]+|\W+", "", text).casefold()


def even(text: str) -> str:
    """One line of text: white space evened out, broken words whole, composed letters, nothing invisible."""
    whole = _HYPHEN.sub(_mend, text)
    return " ".join(unicodedata.normalize("NFC", _JUNK.sub("", whole)).split())


def _mend(match: re.Match[str]) -> str:
    return f"- {match[1]}" if match[1].lower() in _KEEPS_HYPHEN else match[1]


def _running(lines: Sequence[PdfLine]) -> frozenset[tuple[str, int]]:
    """What stands at one height in the margin of three pages out of five in a row, or of both where there are two."""
    seen: dict[tuple[str, int], list[int]] = {}
    for line in lines:
        if _in_margin(line) and (on := seen.setdefault(_sign(line), []))[-1:] != [line.page]:
            on.append(line.page)
    only_two = [0, 1] if lines and lines[-1].page == 1 else None
    return frozenset(
        sign for sign, on in seen.items() if on == only_two or any(c - a <= 4 for a, c in zip(on, on[2:], strict=False))
    )


def _in_margin(line: PdfLine) -> bool:
    return not _MARGIN < line.at < 1 - _MARGIN


def _sign(line: PdfLine) -> tuple[str, int]:
    """What a running head has in common with the next page's: its words, numbers aside, and its height."""
    return _DIGITS.sub("#", line.text), round(line.at * 100)


def _paragraphs(
    lines: Sequence[PdfLine], outline: Outline, running: frozenset[tuple[str, int]]
) -> Iterator[_Paragraph]:
    """The paragraphs of each page, not yet joined over page ends; running heads and feet last."""
    body = [line for line in lines if not (_in_margin(line) and _sign(line) in running)]
    edges: Edges = {}
    for line in body:
        edges[_spot(line)] = max(line.right, edges.get(_spot(line), 0.0))
    for stretch in _stretches(body, outline):
        yield from stretch if isinstance(stretch, tuple) else _split(stretch, edges)
    for line in lines:
        if _in_margin(line) and _sign(line) in running:
            yield _Paragraph([line], "rest")


def _stretches(lines: Sequence[PdfLine], outline: Outline) -> Iterator[list[PdfLine] | tuple[_Paragraph]]:
    """Headings; and between them runs of lines of one size, one column, one page."""
    run: list[PdfLine] = []
    i = 0
    while i < len(lines):
        taken, level = _heading(lines, i, outline)
        if taken:
            if run:
                yield run
            run = []
            yield (_Paragraph(list(lines[i : i + taken]), level=level),)
            i += taken
            continue
        if run and not _same_run(run[-1], lines[i]):
            yield run
            run = []
        run.append(lines[i])
        i += 1
    if run:
        yield run


def _heading(lines: Sequence[PdfLine], start: int, outline: Outline) -> tuple[int, int]:
    """How many lines from here are the words of a bookmark of this page, and its level; (0, 0): none."""
    wanted = outline.get(lines[start].page)
    if not wanted:
        return 0, 0
    words = ""
    for taken, line in enumerate(lines[start : start + 3], 1):
        words += fold(line.text)
        if not words:
            break
        if words in wanted:
            return taken, wanted[words]
    return 0, 0


def _same_run(above: PdfLine, line: PdfLine) -> bool:
    """Whether a line follows the one above in the same column and size."""
    larger, smaller = max(above.size, line.size), min(above.size, line.size)
    return above.page == line.page and 0 < above.base - line.base < 3 * larger and larger <= _SIZES * smaller


Edges = dict[tuple[int, int, int], float]
"""How far lines reach that begin at one place of a page, in letters of one size."""


def _spot(line: PdfLine, aside: int = 0) -> tuple[int, int, int]:
    return line.page, int(line.left // 20) + aside, round(line.size)


def _split(run: list[PdfLine], edges: Edges) -> Iterator[_Paragraph]:
    """The paragraphs of a run of lines. Its column is as wide as the widest line of its kind on the page."""
    margin = min(k.left for k in run)
    reach = (edges.get(_spot(line, aside), 0.0) for line in run[:50] for aside in (-1, 0, 1))
    column = _Column(margin, max(*(k.right for k in run), *reach))
    gaps = sorted(a.base - b.base for a, b in pairwise(run))
    leading = gaps[len(gaps) // 4] if gaps else 0.0
    paragraph = _Paragraph([run[0]], column=column)
    for above, line in pairwise(run):
        if _begins(above, line, column, leading):
            yield paragraph
            paragraph = _Paragraph([], column=column)
        paragraph.lines.append(line)
    yield paragraph


def _begins(above: PdfLine, line: PdfLine, column: _Column, leading: float) -> bool:
    """Whether a line begins a paragraph."""
    if _is_marked(line) or above.base - line.base > _GAP * leading:
        return True
    if line.left - column.margin > line.size and above.left - column.margin < line.size / 3 and not _is_marked(above):
        return True  # an indent
    return not column.is_full(above, line)


def _is_marked(line: PdfLine) -> bool:
    """Whether a line begins with a bullet or a number."""
    return bool(_BULLET.match(line.text) or _NUMBERED.match(line.text))


def _continues(last: _Paragraph, paragraph: _Paragraph) -> bool:
    """Whether a paragraph is the rest of one that a column or page cut in two."""
    end, start = last.lines[-1], paragraph.lines[0]
    if last.level or paragraph.level or (end.page == start.page and start.base < end.base):
        return False
    if max(end.size, start.size) > _SIZES * min(end.size, start.size) or _is_marked(start):
        return False
    if start.text[:1].islower() and not end.text.endswith(_SENTENCE_END):
        return True
    if end.text.endswith(":"):
        return False
    is_text = len(last.lines) > 1 or len(paragraph.lines) > 1
    return is_text and last.column is not None and last.column.is_full(end, start)


def _block(paragraph: _Paragraph) -> Block | None:
    """The paragraph as a block, on the page where it begins."""
    text = even(_joined(k.text for k in paragraph.lines))
    page = paragraph.lines[0].page + 1
    bullet = _BULLET.match(text)
    if paragraph.level:
        return Block(paragraph.part, "heading", paragraph.level, text, page)
    if bullet and text[bullet.end() :]:
        return Block(paragraph.part, "list-item", 1, text[bullet.end() :], page)
    return Block(paragraph.part, "paragraph", None, text, page) if text else None


def _joined(texts: Iterable[str]) -> str:
    """Lines as one text; a hyphen that ends one joins its word, as PDFium's own mark does."""
    pieces: list[str] = []
    before = ""
    for text in texts:
        if before[-1:] in ("-", "‐") and before[-2:-1].isalpha() and text[:1].islower():
            pieces[-1] = before[:-1] + "\ufffe"
        elif pieces:
            pieces.append(" ")
        pieces.append(text)
        before = text
    return "".join(pieces)
