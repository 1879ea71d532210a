"""An OpenDocument text as a document: paragraphs, headings, lists, tables, links, notes, and the file's own dates.

ODF 1.3 part 3 (OASIS); templates too, and spreadsheets, which are tables with names. What is shown is read: text struck
out, hidden or annotated is not. Notes, headers, footers and tables of contents are 'rest'. Pages are those of the last
layout, where the file keeps its soft page breaks (5.6). Nothing here raises. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from archiver.digests import sha256
from archiver.extract.files import properties
from archiver.extract.files.elements import Element, events, local, text_before
from archiver.extract.files.manuscript import Manuscript
from archiver.extract.files.package import Package, open_package
from archiver.extract.files.wordstyles import whole_number
from archiver.model import About, BlockKind, Document, Facts, Legible, Meaning, Part, Rules

_SKIPPED = frozenset(
    {
        "tracked-changes", "annotation", "annotation-end", "note-citation", "hidden-text", "ruby-text", "binary-data",
        "title", "desc", "placeholder", "covered-table-cell", "forms", "object", "scripts", "font-face-decls",
        "sequence-decls", "variable-decls", "user-field-decls",
    }
)  # fmt: skip
"""What shows no text of the document."""
_INDEXES = (
    "table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "user-index",
    "bibliography",
)  # fmt: skip
_STYLES: dict[str, BlockKind] = {"title": "title", "quotations": "quote", "caption": "caption"}
_DATES: dict[str, Meaning] = {"creation-date": "created", "date": "updated"}
_META = "document-meta title language creation-date date generator"
_MOST_BASES = 20
_MOST_REPEATED = 20  # cells of a spreadsheet that say one thing, side by side


@dataclass(slots=True)
class _Style:
    """What a style says of a paragraph."""

    base: str = ""
    breaks: bool = False  # it begins a page
    hidden: bool = False


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The file's text, links, title and dates. `payload` is always there; `legible` says what the rest is worth."""
    blank = Document("odt", "no", payload=sha256(body))
    package = open_package(body)
    if package is None:
        return blank
    if package.is_locked or _is_encrypted(package):
        return replace(blank, legible="locked")
    said = _meta(package)
    dated = ((name, meaning, said[name][:64]) for name, meaning in _DATES.items() if said.get(name))
    claims = tuple(
        properties.claim(
            f"odt:{name}", meaning, raw, properties.parse_w3c(raw, rules.language.zone), facts.at, f"meta/{name}"
        )
        for name, meaning, raw in dated
    )
    out = Manuscript(facts.url)
    reader = _Reader(package, out)
    reader.collect("styles.xml")
    legible = reader.read("content.xml")
    out.begin_rest()
    reader.read("styles.xml")
    title = properties.title(said.get("title", ""))
    believed = {c.meaning: c.value for c in claims if c.believed}
    return replace(
        blank,
        kind="ods" if reader.is_spreadsheet else "odt",
        legible=legible if package.whole or legible == "no" else "partly",
        language=said.get("language") or reader.language,
        title=title if reader.is_spreadsheet else out.name(title),
        updated=believed.get("updated"),
        blocks=out.blocks(),
        links=out.links(),
        claims=claims,
        about=About(generator=said.get("generator")),
    )


def _is_encrypted(package: Package) -> bool:
    """Whether the manifest says how to decrypt a part (ODF 1.3 part 2, 4.4)."""
    found = events(package, "META-INF/manifest.xml", "manifest encryption-data", ("start",))
    return any(local(element) == "encryption-data" for _, element in found)


def _meta(package: Package) -> dict[str, str]:
    """What the file says of itself, the first of a name."""
    said: dict[str, str] = {}
    for _, element in events(package, "meta.xml", _META, ("end",)):
        if text := (element.text or "").strip()[:1_000]:
            said.setdefault(local(element), text)
    return said


def _value(element: Element, name: str) -> str:
    """An attribute by its local name: '' where there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


class _Reader:
    """What to do at each element; styles first, for the text refers to them."""

    def __init__(self, package: Package, out: Manuscript) -> None:
        self.package = package
        self.out = out
        self.language: str | None = None
        self.is_spreadsheet = False
        self.styles: dict[str, _Style] = {}
        self.skipped: Element | None = None
        self.paragraphs: list[bool] = []  # those open, and whether each is hidden; a text box stands inside one
        self.depths = [0]  # of lists; a table begins anew
        self.parts: list[Part] = []  # what to go back to after a note or an index
        self.starts: dict[str, Callable[[Element], None]] = {
            "p": self.begin_paragraph, "h": self.begin_paragraph, "list": self.begin_list, "table": self.begin_table,
            "table-row": lambda _: self.out.begin_row(), "table-cell": lambda _: self.out.begin_cell(),
            "a": lambda e: self.out.open_link(_value(e, "href")), "s": self.type_spaces, "tab": self.type_spaces,
            "line-break": self.type_spaces, "soft-page-break": self.break_page, "note": self.begin_rest,
            "section": self.begin_section, "spreadsheet": self.begin_spreadsheet,
        } | dict.fromkeys(_INDEXES, self.begin_rest)  # fmt: skip
        self.ends: dict[str, Callable[[Element], None]] = {
            "p": self.end_paragraph, "h": self.end_paragraph, "list": self.end_list, "table": self.end_table,
            "table-row": lambda _: self.out.end_row(), "table-cell": self.end_cell,
            "a": lambda _: self.out.close_link(), "note": self.end_rest,
        } | dict.fromkeys(_INDEXES, self.end_rest)  # fmt: skip

    def collect(self, name: str) -> None:
        """Take in the styles of a part, and the language."""
        style = _Style()
        for _, element in events(self.package, name, _STYLE_TAGS, ("start",)):
            style = self.take_style(element, style)

    def take_style(self, element: Element, style: _Style) -> _Style:
        """One element of a style; the style that it belongs to."""
        tag = local(element)
        if tag in ("style", "default-style"):
            style = _Style(_value(element, "parent-style-name"), bool(_value(element, "master-page-name")))
            if tag == "style" and _value(element, "family") in ("paragraph", "table"):
                self.styles[_value(element, "name")] = style
        elif tag == "paragraph-properties":
            style.breaks = style.breaks or _value(element, "break-before") == "page"
        elif tag == "table-properties":
            style.hidden = _value(element, "display") == "false"
        elif tag == "text-properties":
            style.hidden = style.hidden or _value(element, "display") == "none"
            country = _value(element, "country")
            if self.language is None and (code := _value(element, "language")) not in ("", "none", "zxx"):
                self.language = code if country in ("", "none") else f"{code}-{country}"
        return style

    def read(self, name: str) -> Legible:
        """Write down a part, as far as it can be read."""
        began, style = False, _Style()
        for phase, element in events(self.package, name):
            if self.skipped is not None:
                if phase == "end" and element is self.skipped:
                    self.skipped = None
                continue
            began = True
            if self.paragraphs and not self.paragraphs[-1] and (text := text_before(phase, element)):
                self.out.text(text)
            tag = local(element)
            act = (self.starts if phase == "start" else self.ends).get(tag)
            if act is not None:
                act(element)
            elif phase == "start":
                if tag in _SKIPPED:
                    self.skipped = element
                elif tag in _STYLE_NAMES:
                    style = self.take_style(element, style)
            if self.out.full:
                self.package.whole = False
                break
        self.out.finish()
        self.skipped, self.paragraphs, self.depths = None, [], [0]
        return "yes" if began else "no"

    # Paragraphs -----------------------------------------------------------------------------------------------

    def begin_paragraph(self, element: Element) -> None:
        """A paragraph inside a paragraph stands in a text box or a note."""
        if self.paragraphs:
            self.out.begin_aside()
        style = self.styles.get(_value(element, "style-name"), _Style())
        if style.breaks and not self.paragraphs and self.out.is_begun:
            self.break_page(element)
        self.paragraphs.append(style.hidden)

    def end_paragraph(self, element: Element) -> None:
        """The kind of a paragraph is said by its element, its list or its style."""
        if not self.paragraphs:
            return
        self.paragraphs.pop()
        kind, level = self.kind(element)
        self.out.end(kind, level)
        if self.paragraphs:
            self.out.end_aside()

    def kind(self, element: Element) -> tuple[BlockKind, int | None]:
        """What the paragraph is, and at which level."""
        if local(element) == "h":
            return "heading", min(max(whole_number(_value(element, "outline-level")) or 1, 1), 6)
        if self.depths[-1]:
            return "list-item", self.depths[-1]
        name = _value(element, "style-name")
        for _ in range(_MOST_BASES):
            if found := _STYLES.get(name.casefold()):
                return found, None
            name = self.styles[name].base if name in self.styles else ""
        return "paragraph", None

    def type_spaces(self, element: Element) -> None:
        """Spaces, tabs and line breaks are elements."""
        if self.paragraphs and not self.paragraphs[-1]:
            self.out.text(" ")

    def break_page(self, element: Element) -> None:
        """A page ends here."""
        if self.out.part == "main":
            self.out.turn_page()

    # Lists, tables, parts -------------------------------------------------------------------------------------

    def begin_list(self, element: Element) -> None:
        """A list, in a list perhaps."""
        self.depths[-1] += 1

    def end_list(self, element: Element) -> None:
        """The end of a list."""
        self.depths[-1] -= 1

    def begin_table(self, element: Element) -> None:
        """A table; in a spreadsheet it is a sheet and has a name."""
        is_sheet = self.is_spreadsheet and len(self.depths) == 1
        if is_sheet:
            style = self.styles.get(_value(element, "style-name"), _Style())
            self.out.part = "rest" if style.hidden else "main"
            self.out.text(_value(element, "name"))
            self.out.end("heading", 1)
        self.depths.append(0)
        self.out.begin_table(is_sheet=is_sheet)

    def end_table(self, element: Element) -> None:
        """The end of a table."""
        self.out.end_table()
        if len(self.depths) > 1:
            self.depths.pop()

    def end_cell(self, element: Element) -> None:
        """The end of a cell, which may stand for several."""
        times = (whole_number(_value(element, "number-columns-repeated")) or 1) - 1
        if self.is_spreadsheet and times > 0:
            self.out.repeat_cell(min(times, _MOST_REPEATED))

    def begin_spreadsheet(self, element: Element) -> None:
        """The tables that follow are sheets."""
        self.is_spreadsheet = True

    def begin_section(self, element: Element) -> None:
        """A section, hidden perhaps."""
        if _value(element, "display") == "none":
            self.skipped = element

    def begin_rest(self, element: Element) -> None:
        """A note, or a table of contents."""
        self.parts.append(self.out.part)
        self.out.part = "rest"

    def end_rest(self, element: Element) -> None:
        """The text goes on."""
        if self.parts:
            self.out.part = self.parts.pop()


_STYLE_TAGS = "document-styles default-style style paragraph-properties table-properties text-properties"
_STYLE_NAMES = frozenset(_STYLE_TAGS.split()[1:])
