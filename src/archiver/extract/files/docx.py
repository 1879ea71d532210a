"""A Word file as a document: paragraphs, headings, lists, tables, links, notes, and the file's own dates.

WordprocessingML (ECMA-376 part 1, 17), Transitional or Strict. What Word shows is read: text that was inserted is in,
text that was deleted, moved away or hidden is out, and so are comments, placeholders and what is there only for older
programs. Automatic numbers ('1.2', '§ 3') are no text of the file. Notes, headers, footers and tables of contents are
'rest'. Pages are those of Word's last layout, where it left a mark (17.3.3.13). Nothing here raises. Pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from archiver.digests import sha256
from archiver.extract.files import opc, wordstyles
from archiver.extract.files.elements import Element, events, local, space
from archiver.extract.files.manuscript import Manuscript
from archiver.extract.files.package import Package, open_package
from archiver.extract.files.wordstyles import Style, Styles, is_on, whole_number
from archiver.model import BlockKind, Document, Facts, Rules

_TAGS = (
    "document hdr ftr footnotes endnotes p pPr pStyle rPr rStyle r t tab br cr noBreakHyphen outlineLvl numId ilvl"
    " vanish pageBreakBefore lastRenderedPageBreak hyperlink fldSimple fldChar instrText tbl tr tc del moveFrom"
    " Fallback rt showingPlcHdr sdtContent pPrChange rPrChange tblPrChange trPrChange tcPrChange sectPrChange"
    " numberingChange"
)
_SKIPPED = frozenset(
    {
        "moveFrom", "Fallback", "rt", "pPrChange", "rPrChange", "tblPrChange", "trPrChange", "tcPrChange",
        "sectPrChange", "numberingChange",
    }
)  # fmt: skip
"""What is not shown, or says only what was: no word in it counts."""
_TYPED = {"tab": "\t", "cr": " ", "noBreakHyphen": "-"}
_BESIDE = ("footnotes", "endnotes", "header", "footer")
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]{1,4000})"', re.I)
_MAX_FIELD = 4_000  # characters of an instruction
_MAX_FIELDS = 20  # open at once


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The file's text, links, title and dates. `payload` is always there; `legible` says what the rest is worth."""
    blank = Document("docx", "no", payload=sha256(body))
    package = open_package(body)
    if package is None or package.is_locked:
        return blank if package is None else replace(blank, legible="locked")
    related = opc.relations(package)
    main = opc.main_part(package, related, "word/document.xml")
    said = opc.read_properties(package, related, "docx", facts, rules.language.zone)
    parts = opc.relations(package, main)
    styles = Styles()
    for part in opc.targets(parts, "styles"):
        styles.read(package, part)
    manuscript = Manuscript(facts.url)
    reader = _Reader(package, manuscript, styles)
    began = reader.read(main, parts)
    manuscript.begin_rest()
    for part in [name for type_ in _BESIDE for name in opc.targets(parts, type_)]:
        reader.read(part, opc.relations(package, part))
    whole = package.whole and not manuscript.full
    believed = {c.meaning: c.value for c in said.claims if c.believed}
    return replace(
        blank,
        legible=("yes" if whole else "partly") if began else "no",
        language=said.language or styles.language,
        title=manuscript.name(said.title),
        updated=believed.get("updated"),
        blocks=manuscript.blocks(),
        links=manuscript.links(),
        claims=said.claims,
        about=said.about,
    )


@dataclass(slots=True)
class _Field:
    """A field (17.16.18): an instruction, and the text that it gave the last time."""

    instruction: str = ""
    shown: bool = False  # the instruction is over
    is_link: bool = False


@dataclass(slots=True)
class _Paragraph:
    """What a paragraph says of itself before its words."""

    style: Style = wordstyles.PLAIN
    outline: int | None = None
    list_id: str | None = None
    depth: int | None = None
    joins: bool = False  # its end was struck out

    def kind(self) -> tuple[BlockKind, int | None]:
        """What the paragraph is, and at which level."""
        style = self.style
        if self.outline is not None and style.kind in ("paragraph", "heading"):
            if self.outline < wordstyles.BODY:
                return "heading", min(self.outline + 1, 6)
        elif style.kind != "paragraph":
            return style.kind, style.level
        depth = self.depth or 0 if self.list_id else style.depth
        return ("list-item", depth + 1) if depth is not None and self.list_id != "0" else ("paragraph", None)


class _Reader:
    """What to do at each element of one part."""

    def __init__(self, package: Package, manuscript: Manuscript, styles: Styles) -> None:
        self.package = package
        self.out = manuscript
        self.styles = styles
        self.related: dict[str, opc.Relation] = {}
        self.space = ""  # of the elements, in braces
        self.skipped: Element | None = None  # what is not shown, and we are inside
        self.paragraphs: list[_Paragraph] = []  # open; a text box stands inside one
        self.fields: list[_Field] = []
        self.in_properties = self.is_hidden = self.is_placeholder = self.is_struck = False
        self.ended_page = False  # by hand, and no word has come since
        self.starts: dict[str, Callable[[Element], None]] = {
            "p": self.begin_paragraph, "pPr": self.begin_properties, "pStyle": self.take_style,
            "outlineLvl": self.take_outline, "numId": self.take_list, "ilvl": self.take_depth,
            "pageBreakBefore": self.break_before, "r": self.begin_run, "rStyle": self.take_run_style,
            "vanish": self.hide, "br": self.break_line, "tab": self.type_sign, "cr": self.type_sign,
            "noBreakHyphen": self.type_sign, "lastRenderedPageBreak": self.break_rendered, "hyperlink": self.begin_link,
            "fldSimple": self.begin_simple_field, "fldChar": self.mark_field, "del": self.strike,
            "tbl": lambda _: self.out.begin_table(), "tr": self.begin_row, "tc": lambda _: self.out.begin_cell(),
            "showingPlcHdr": self.mark_placeholder, "sdtContent": self.begin_content,
        }  # fmt: skip
        self.ends: dict[str, Callable[[Element], None]] = {
            "p": self.end_paragraph, "pPr": self.end_properties, "t": self.write, "instrText": self.instruct,
            "hyperlink": lambda _: self.out.close_link(), "fldSimple": lambda _: self.out.close_link(),
            "tc": self.end_cell, "tr": self.end_row, "tbl": lambda _: self.out.end_table(),
        }  # fmt: skip

    def read(self, name: str, related: dict[str, opc.Relation]) -> bool:
        """Write down a part, as far as it can be read; whether there is one at all."""
        self.related, self.paragraphs, self.fields, self.skipped = related, [], [], None
        began = False
        for phase, element in events(self.package, name, _TAGS):
            if not began:
                began, self.space = True, space(element)
            if self.skipped is not None:
                if phase == "end" and element is self.skipped:
                    self.skipped = None
                continue
            tag = local(element)
            act = (self.starts if phase == "start" else self.ends).get(tag)
            if act is not None:
                act(element)
            elif tag in _SKIPPED:
                self.skipped = element
            if self.out.full:
                break
        self.out.finish()
        return began

    def value(self, element: Element, name: str = "val") -> str | None:
        """An attribute of the elements' own name space."""
        found: str | None = element.get(self.space + name)
        return found

    # Paragraphs -----------------------------------------------------------------------------------------------

    def begin_paragraph(self, element: Element) -> None:
        """A paragraph inside a paragraph stands in a text box."""
        if self.paragraphs:
            self.out.begin_aside()
        self.paragraphs.append(_Paragraph())
        self.in_properties = False

    def end_paragraph(self, element: Element) -> None:
        """Where its end was struck out, the next paragraph goes on with it."""
        if not self.paragraphs:
            return
        paragraph = self.paragraphs.pop()
        self.fields = [field for field in self.fields if field.shown]
        if not paragraph.joins or self.paragraphs:
            self.out.end(*paragraph.kind(), paragraph.style.part)
        if self.paragraphs:
            self.out.end_aside()

    def begin_properties(self, element: Element) -> None:
        """What follows is about the paragraph."""
        self.in_properties = True

    def end_properties(self, element: Element) -> None:
        """The words follow."""
        self.in_properties = False

    def take_style(self, element: Element) -> None:
        """The paragraph bears a style."""
        if self.paragraphs:
            self.paragraphs[-1].style = self.styles.get(self.value(element))

    def take_outline(self, element: Element) -> None:
        """The paragraph is a heading whatever its style, or none."""
        if self.paragraphs:
            self.paragraphs[-1].outline = whole_number(self.value(element))

    def take_list(self, element: Element) -> None:
        """The paragraph is an item of a list; of none where the list is '0'."""
        if self.paragraphs:
            self.paragraphs[-1].list_id = self.value(element)

    def take_depth(self, element: Element) -> None:
        """How deep in the list."""
        if self.paragraphs:
            self.paragraphs[-1].depth = whole_number(self.value(element))

    # Words ----------------------------------------------------------------------------------------------------

    def begin_run(self, element: Element) -> None:
        """A run of words in one style."""
        self.is_hidden = bool(self.paragraphs) and self.paragraphs[-1].style.hidden

    def take_run_style(self, element: Element) -> None:
        """The run bears a style, which may hide it."""
        if not self.in_properties:
            self.is_hidden = self.is_hidden or self.styles.get(self.value(element)).hidden

    def hide(self, element: Element) -> None:
        """The run is hidden, or shown though its style is not."""
        if not self.in_properties:
            self.is_hidden = is_on(self.value(element))

    def write(self, element: Element) -> None:
        """Words, where they are shown."""
        if element.text and self.is_shown():
            self.ended_page = False
            self.out.text(element.text)

    def type_sign(self, element: Element) -> None:
        """A sign that is an element; among a paragraph's properties it is a tab stop."""
        if not self.in_properties and self.is_shown():
            self.out.text(_TYPED[local(element)])

    def break_line(self, element: Element) -> None:
        """A new line, column or page."""
        if self.value(element, "type") == "page":
            self.break_page()
        elif self.is_shown():
            self.out.text(" ")

    def is_shown(self) -> bool:
        """Whether words here are seen: neither hidden nor a field's instruction."""
        return not self.is_hidden and bool(self.paragraphs) and all(field.shown for field in self.fields)

    # Pages ----------------------------------------------------------------------------------------------------

    def break_page(self) -> None:
        """A page was ended by hand."""
        if self.out.part == "main" and len(self.paragraphs) == 1 and not self.ended_page:
            self.out.turn_page()
            self.ended_page = True

    def break_before(self, element: Element) -> None:
        """The paragraph begins a page; the first does so anyway."""
        if is_on(self.value(element)) and self.out.is_begun:
            self.break_page()

    def break_rendered(self, element: Element) -> None:
        """A page ended here when Word last laid the file out: perhaps the one that was ended by hand."""
        self.break_page()
        self.ended_page = False

    # Links ----------------------------------------------------------------------------------------------------

    def begin_link(self, element: Element) -> None:
        """A link by relationship; one inside the file leads nowhere else."""
        id_ = next((value for name, value in element.attrib.items() if name.endswith("}id")), None)
        relation = self.related.get(id_ or "")
        if relation and relation.external:
            anchor = self.value(element, "anchor")
            self.out.open_link(f"{relation.target}#{anchor}" if anchor else relation.target)

    def begin_simple_field(self, element: Element) -> None:
        """A field whose instruction is an attribute."""
        self.link_field(self.value(element, "instr") or "")

    def link_field(self, instruction: str) -> bool:
        """Begin a link where the instruction asks for one."""
        found = _LINK_FIELD.match(instruction)
        if found:
            self.out.open_link(found[1])
        return found is not None

    def mark_field(self, element: Element) -> None:
        """A field begins, has said its instruction, or ends."""
        kind = self.value(element, "fldCharType")
        if kind == "begin":
            self.fields.append(_Field())
            del self.fields[:-_MAX_FIELDS]
        elif kind == "separate" and self.fields:
            self.fields[-1].shown = True
            self.fields[-1].is_link = self.link_field(self.fields[-1].instruction)
        elif kind == "end" and self.fields and self.fields.pop().is_link:
            self.out.close_link()

    def instruct(self, element: Element) -> None:
        """A piece of a field's instruction."""
        if self.fields and not self.fields[-1].shown:
            field = self.fields[-1]
            field.instruction = (field.instruction + (element.text or ""))[:_MAX_FIELD]

    # Changes and placeholders ---------------------------------------------------------------------------------

    def strike(self, element: Element) -> None:
        """Words that were struck out; or a paragraph's end, or a row."""
        parent = local(element.getparent()) if element.getparent() is not None else ""
        if parent == "rPr":
            if self.in_properties and self.paragraphs:
                self.paragraphs[-1].joins = True
        elif parent == "trPr":
            self.is_struck = True
        else:
            self.skipped = element

    def mark_placeholder(self, element: Element) -> None:
        """The next content is 'Click here to enter text'."""
        self.is_placeholder = is_on(self.value(element))

    def begin_content(self, element: Element) -> None:
        """What someone filled in, or was to."""
        if self.is_placeholder:
            self.skipped, self.is_placeholder = element, False

    # Tables ---------------------------------------------------------------------------------------------------

    def begin_row(self, element: Element) -> None:
        """A row."""
        self.is_struck = False
        self.out.begin_row()

    def end_cell(self, element: Element) -> None:
        """The end of a cell ends its last paragraph, struck out or not."""
        if not self.paragraphs:
            self.out.end("paragraph")

    def end_row(self, element: Element) -> None:
        """The end of a row."""
        if self.is_struck:
            self.out.drop_row()
        else:
            self.out.end_row()
        self.is_struck = False
