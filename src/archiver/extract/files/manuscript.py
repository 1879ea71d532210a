"""Words of an office file as they come, into blocks and links: paragraphs, headings, list items, rows of tables.

A row is one line, its cells joined by ' | ', as on a page. But where a table only lays out the page (its row is a
single cell, or a cell holds a table, a heading or a text of its own) the paragraphs in its cells are blocks. What
stands beside the text, a text box, a note, is written aside and comes before the paragraph it hangs on. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from archiver.extract.files import properties
from archiver.extract.page.blocks import even
from archiver.model import Block, BlockKind, Link, Part
from archiver.model.bulk import Columns
from archiver.urls import join

MAX_CHARS = 2_000_000
MAX_LINES = 100_000
MAX_LINKS = 5_000
_MAX_URL = 4_000
_MAX_LINK_TEXT = 500
_LONG_CELL = 5  # paragraphs: more are a text that a table puts beside another
_BULLETS = "•·▪●◦‣∙"
_SCHEMES = ("http://", "https://", "mailto:", "tel:")
_BLOCKS, _LINKS = Columns(Block), Columns(Link)


@dataclass(slots=True)
class _Line:
    """One paragraph, or one row."""

    part: Part
    kind: BlockKind
    level: int | None
    text: str
    page: int
    links: list[tuple[str, str]]  # target and text


@dataclass(slots=True)
class _Table:
    """A table being written: the cells of its row, each with its lines, and the pages its cells reach."""

    cells: list[list[_Line]] = field(default_factory=list)
    page: int = 1
    last: int = 1
    is_sheet: bool = False  # of a spreadsheet: its rows are rows, whatever stands in them


@dataclass(slots=True)
class _Draft:
    """The paragraph being written."""

    pieces: list[str] = field(default_factory=list)
    links: list[tuple[str, list[str]]] = field(default_factory=list)
    link: list[str] | None = None  # the pieces of the open link's text
    page: int | None = None  # of its first word


class Manuscript:
    """What is written so far. Nothing is taken in once it is `full`."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.part: Part = "main"
        self.page = 1
        self.is_paged = False  # the file tells where its pages end
        self._lines: list[_Line] = []
        self._drafts = [_Draft()]  # the last is written; those below wait for what stands aside
        self._tables: list[_Table] = []
        self._chars = self._count = self._linked = 0
        self._once: set[str] | None = None  # texts that are not written again

    @property
    def full(self) -> bool:
        """Whether it has reached a cap: what comes is lost."""
        return self._chars > MAX_CHARS or self._count > MAX_LINES

    @property
    def is_begun(self) -> bool:
        """Whether anything is written."""
        return bool(self._lines or self._tables)

    # Paragraphs -----------------------------------------------------------------------------------------------

    def text(self, words: str) -> None:
        """Take in words."""
        self._chars += len(words)
        if self.full:
            return
        draft = self._drafts[-1]
        draft.pieces.append(words)
        if draft.link is not None:
            draft.link.append(words)
        if draft.page is None and not words.isspace():
            draft.page = self.page

    def open_link(self, target: str) -> None:
        """Begin a link; where it leads nowhere that can be asked for, its words are mere words."""
        draft = self._drafts[-1]
        draft.link = None
        if self._linked == MAX_LINKS or not 0 < len(target) <= _MAX_URL:
            return
        self._linked += 1
        joined = join(self.base, target)
        if joined and joined.startswith(_SCHEMES):
            draft.link = []
            draft.links.append((joined, draft.link))

    def close_link(self) -> None:
        """End the link."""
        self._drafts[-1].link = None

    def end(self, kind: BlockKind, level: int | None = None, part: Part | None = None) -> None:
        """End the paragraph: it is of this kind."""
        draft = self._drafts[-1]
        if not draft.pieces and not draft.links:
            return
        text = even("".join(draft.pieces))
        links = [(target, even("".join(words))[:_MAX_LINK_TEXT]) for target, words in draft.links]
        self._drafts[-1] = _Draft()
        if text[:1] in _BULLETS and len(text) > 1 and kind == "paragraph":
            kind, level, text = "list-item", 1, text[1:].lstrip()
        if text or links:
            self._add(_Line(part or self.part, kind, level, text, draft.page or self.page, links))

    def begin_aside(self) -> None:
        """Lay the paragraph by: what comes stands beside it."""
        self._drafts.append(_Draft())

    def end_aside(self) -> None:
        """Go on with the paragraph that was laid by."""
        if len(self._drafts) > 1:
            self._drafts.pop()

    def begin_rest(self) -> None:
        """What comes is no part of the text, and is written once: each section of a file repeats its headers."""
        self.part, self._once = "rest", set()

    def turn_page(self) -> None:
        """A page ends here."""
        self.page += 1
        self.is_paged = True

    def _add(self, line: _Line) -> None:
        self._count += 1
        if self._once is not None:
            if line.text in self._once and not line.links:
                return
            self._once.add(line.text)
        if self._tables and self._tables[-1].cells and (line.part == "main" or self._tables[-1].is_sheet):
            self._tables[-1].cells[-1].append(line)
        else:
            self._lines.append(line)

    # Tables ---------------------------------------------------------------------------------------------------

    def begin_table(self, *, is_sheet: bool = False) -> None:
        """Begin a table, in a cell of another perhaps."""
        self._tables.append(_Table(page=self.page, last=self.page, is_sheet=is_sheet))

    def begin_row(self) -> None:
        """Begin a row."""
        if self._tables:
            self._tables[-1].page = self._tables[-1].last = self.page

    def begin_cell(self) -> None:
        """Begin a cell. All cells of a row begin on one page."""
        if self._tables:
            table = self._tables[-1]
            table.last, self.page = max(table.last, self.page), table.page
            table.cells.append([])

    def repeat_cell(self, times: int) -> None:
        """The cell stands there so many times more."""
        if self._tables and self._tables[-1].cells:
            cells = self._tables[-1].cells
            cells += [cells[-1]] * times
            self._chars += times * sum(len(line.text) + 3 for line in cells[-1])

    def end_row(self) -> None:
        """End a row: one line, or where it only lays out the page, the lines in its cells."""
        if not self._tables:
            return
        table = self._tables[-1]
        self.page = max(table.last, self.page)
        cells, table.cells = table.cells, []
        outer = self._tables[-2].cells[-1] if len(self._tables) > 1 and self._tables[-2].cells else self._lines
        if not table.is_sheet and (len(cells) == 1 or any(map(_is_text_of_its_own, cells))):
            outer.extend(line for cell in cells for line in cell)
        elif row := _row(cells, table.page):
            outer.append(row)

    def drop_row(self) -> None:
        """Forget a row that was struck out."""
        if self._tables:
            self._tables[-1].cells = []

    def end_table(self) -> None:
        """End a table."""
        if self._tables:
            self.end_row()
            self._tables.pop()

    # The whole ------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """End what is still open: a file may break off anywhere."""
        while len(self._drafts) > 1:
            self.end("paragraph")
            self.end_aside()
        self.end("paragraph")
        while self._tables:
            self.end_table()

    def name(self, stated: str | None) -> str | None:
        """The title: the file's own, else the heading it opens with, which is then the title's block."""
        first = next((line for line in self._lines if line.part == "main"), None)
        heading = first if first and (first.kind == "title" or (first.kind, first.level) == ("heading", 1)) else None
        titled = bool(heading and stated in (None, heading.text) and properties.title(heading.text))
        for line in self._lines:
            if line is heading and titled:
                line.kind, line.level = "title", 1
            elif line.kind == "title":
                line.kind, line.level = "heading", 1
        return heading.text if heading and titled else stated

    def blocks(self) -> tuple[Block, ...]:
        """The blocks: the text, then what stands beside it."""
        return _BLOCKS.of(
            (k.part, k.kind, k.level, k.text, k.page if self.is_paged and k.part == "main" else None)
            for k in self._ordered()
            if k.text
        )

    def links(self) -> tuple[Link, ...]:
        """The links in order, each with the block it stands in."""
        return _LINKS.of(self._links())

    def _links(self) -> Iterator[tuple[str, str, Part, str, None, int | None]]:
        block = 0
        for line in self._ordered():
            for target, text in line.links:
                yield target, "link", line.part, text, None, block if line.text else None
            block += bool(line.text)

    def _ordered(self) -> Iterator[_Line]:
        yield from (line for line in self._lines if line.part == "main")
        yield from (line for line in self._lines if line.part == "rest")


def _is_text_of_its_own(cell: list[_Line]) -> bool:
    return len(cell) > _LONG_CELL or any(line.kind in ("heading", "title", "table-row") for line in cell)


def _row(cells: list[list[_Line]], page: int) -> _Line | None:
    """The row as one line; None where it says nothing."""
    texts = [" ".join(line.text for line in cell if line.text) for cell in cells]
    text = " | ".join(texts).rstrip(" |")
    links = [link for cell in cells for line in cell for link in line.links]
    part: Part = next((line.part for cell in cells for line in cell), "main")
    return _Line(part, "table-row", None, text, page, links) if text.strip(" |") or links else None
