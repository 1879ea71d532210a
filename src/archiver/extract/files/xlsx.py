"""An Excel file as a document: each sheet a heading, each row a line, its cells as they are shown.

SpreadsheetML (ECMA-376 part 1, 18), Transitional or Strict, with or without macros. Formulas are not calculated: what
they gave when the file was saved is read. A merged area has its one value once. Hidden sheets and rows are 'rest'.
Cells end at a cap, for a sheet has room for seventeen thousand million. Nothing here raises. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from archiver.digests import sha256
from archiver.extract.files import opc
from archiver.extract.files.cellforms import Form, read_forms, shown
from archiver.extract.files.elements import Element, events, local
from archiver.extract.files.manuscript import Manuscript
from archiver.extract.files.package import Package, open_package
from archiver.extract.files.wordstyles import is_on, whole_number
from archiver.model import Document, Facts, Rules

MAX_CELLS = 150_000
MAX_SHEETS = 500
MAX_STRINGS = 300_000
_MAX_STRING_CHARS = 10_000_000
_MAX_COLUMNS = 1_000  # between two cells of a row that are written as empty
_MAX_CELL = 32_767  # characters (Excel's own limit)
_COLUMN = re.compile(r"([A-Z]{1,3})[1-9]", re.I)
_LINK = re.compile(r'(?:_xlfn\.)?HYPERLINK\("((?:https?|mailto):[^"]{1,4000})"', re.I)


class _Sheet(NamedTuple):
    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class _Cell:
    """The cell that is being read."""

    value: str = ""
    inline: str = ""
    formula: str = ""


class _Book:
    """What all sheets share."""

    def __init__(self, package: Package, main: str) -> None:
        self.package = package
        self.related = opc.relations(package, main)
        self.from_1904 = False
        self.sheets: list[_Sheet] = []
        self.is_there = False
        for _, element in events(package, main, "workbook workbookPr sheet", ("start",)):
            self.is_there = True
            name = local(element)
            if name == "workbookPr":
                self.from_1904 = element.get("date1904") is not None and is_on(element.get("date1904"))
            elif name == "sheet" and len(self.sheets) < MAX_SHEETS:
                self.sheets += self._sheet(element)
        self.strings = [text for part in opc.targets(self.related, "sharedStrings") for text in _strings(package, part)]
        self.forms: list[Form] = []
        for part in opc.targets(self.related, "styles"):
            self.forms = read_forms(package, part)
        self.left = MAX_CELLS

    def _sheet(self, element: Element) -> Iterator[_Sheet]:
        relation = self.related.get(_id(element))
        if relation and relation.type in ("worksheet", "dialogsheet"):
            hidden = element.get("state", "visible") != "visible"
            yield _Sheet(element.get("name") or "", relation.target, hidden)

    def shown(self, element: Element, cell: _Cell) -> str:
        """What a cell shows."""
        kind, value = element.get("t", "n"), cell.value.strip()
        if kind == "s":
            place = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else -1
            return self.strings[place] if 0 <= place < len(self.strings) else ""
        if kind in ("inlineStr", "str", "d"):
            return cell.inline or cell.value
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        if kind == "e" or not value:
            return value or cell.inline
        style = whole_number(element.get("s")) or 0
        form = self.forms[style] if style < len(self.forms) else "number"
        return shown(value, form, from_1904=self.from_1904)


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The file's rows, links, title and dates. `payload` is always there; `legible` says what the rest is worth."""
    blank = Document("xlsx", "no", payload=sha256(body))
    package = open_package(body)
    if package is None or package.is_locked:
        return blank if package is None else replace(blank, legible="locked")
    related = opc.relations(package)
    said = opc.read_properties(package, related, "xlsx", facts, rules.language.zone)
    book = _Book(package, opc.main_part(package, related, "xl/workbook.xml"))
    out = Manuscript(facts.url)
    for sheet in book.sheets:
        _write_sheet(book, sheet, out)
        if out.full or book.left <= 0:
            package.whole = False
            break
    believed = {c.meaning: c.value for c in said.claims if c.believed}
    return replace(
        blank,
        legible=("yes" if package.whole else "partly") if book.is_there else "no",
        language=said.language,
        title=said.title,
        updated=believed.get("updated"),
        blocks=out.blocks(),
        links=out.links(),
        claims=said.claims,
        about=said.about,
    )


def _strings(package: Package, part: str) -> Iterator[str]:
    """The texts that cells point at, by number; of phonetic runs only the words they stand over."""
    pieces: list[str] = []
    number = chars = 0
    for _, element in events(package, part, "sst si t", ("end",)):
        name = local(element)
        if name == "t" and not _is_phonetic(element):
            pieces.append(element.text or "")
        elif name == "si":
            text = "".join(pieces)[:_MAX_CELL]
            chars += len(text)
            number += 1
            if number > MAX_STRINGS or chars > _MAX_STRING_CHARS:
                package.whole = False
                return
            yield text
            pieces.clear()


def _is_phonetic(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) == "rPh"


def _write_sheet(book: _Book, sheet: _Sheet, out: Manuscript) -> None:
    """The sheet's name, its rows, and their links."""
    out.part = "rest" if sheet.hidden else "main"
    out.text(sheet.name)
    out.end("heading", 1)
    links = _links(book.package, sheet.part)
    cell, last = _Cell(), -1
    for _, element in events(book.package, sheet.part, "worksheet row c v t f", ("end",)):
        name = local(element)
        if name == "c":
            book.left -= 1
            if text := book.shown(element, cell):
                reference = element.get("r") or ""
                place = _column(reference, last)
                out.text(" | " * min(place - last, _MAX_COLUMNS) if last >= 0 else "")
                _write_cell(out, text[:_MAX_CELL], links.get(reference) or _formula_link(cell))
                last = place
            cell = _Cell()
        elif name == "row":
            out.part = "rest" if sheet.hidden or _is_hidden(element) else "main"
            out.end("table-row")
            last = -1
        elif name == "v":
            cell.value = element.text or ""
        elif name == "f":
            cell.formula = (element.text or "")[:4_100]
        elif name == "t" and not _is_phonetic(element):
            cell.inline += element.text or ""
        if out.full or book.left <= 0:
            break
    out.end("table-row")


def _write_cell(out: Manuscript, text: str, link: str | None) -> None:
    if link:
        out.open_link(link)
    out.text(text)
    if link:
        out.close_link()


def _column(reference: str, last: int) -> int:
    """The number of a cell's column, from 0; where the cell does not say, the next one."""
    found = _COLUMN.match(reference)
    if not found:
        return last + 1
    place = 0
    for letter in found[1].upper():
        place = 26 * place + ord(letter) - 64
    return max(place - 1, last + 1)


def _is_hidden(row: Element) -> bool:
    return row.get("hidden") is not None and is_on(row.get("hidden"))


def _formula_link(cell: _Cell) -> str | None:
    found = _LINK.match(cell.formula)
    return found[1] if found else None


def _links(package: Package, part: str) -> dict[str, str]:
    """Where the cells of a sheet lead. They stand after all rows: the sheet is read twice where it has any."""
    related = {id_: r.target for id_, r in opc.relations(package, part).items() if r.type == "hyperlink" and r.external}
    found: dict[str, str] = {}
    if related:
        for _, element in events(package, part, "hyperlink", ("start",)):
            if target := related.get(_id(element)):
                found[(element.get("ref") or "").partition(":")[0]] = target
    return found


def _id(element: Element) -> str:
    """The id of a relationship, in whichever name space."""
    return next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
