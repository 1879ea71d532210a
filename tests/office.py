"""Small office files, built part by part: what a test says of one is all that stands in it."""

import io
import zipfile
from collections.abc import Iterable

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT_WORD = "http://purl.oclc.org/ooxml/wordprocessingml/main"
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/">%s</cp:coreProperties>'
)
OPEN = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
)
Relation = tuple[str, str, str]  # id, end of its type, target


def packed(parts: dict[str, str | bytes]) -> bytes:
    """A zip of the parts in order, deflated; 'mimetype' is stored as it is."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return held.getvalue()


def relationships(*relations: Relation) -> str:
    """A part of relationships; a target with a colon lies outside the file."""
    return f'<Relationships xmlns="{PACKAGE}/relationships">' + "".join(
        f'<Relationship Id="{id_}" Type="{TYPES}/{type_}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for id_, type_, target in relations
    ) + "</Relationships>"  # fmt: skip


def docx(
    body: str,
    *,
    relations: Iterable[Relation] = (),
    core: str = "",
    styles: str = "",
    parts: dict[str, str | bytes] | None = None,
    main: str = "word/document.xml",
    space: str = WORD,
) -> bytes:
    """A Word file; `body` in the name space 'w', `core` the properties, `styles` the elements of styles.xml."""
    related = [*relations, ("st", "styles", "styles.xml")]
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(("d", "officeDocument", main), ("c", "core-properties", "docProps/core.xml")),
        "docProps/core.xml": CORE % core,
        main: f'<w:document xmlns:w="{space}" xmlns:r="{TYPES}"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>",
        main.replace("word/", "word/_rels/") + ".rels": relationships(*related),
        "word/styles.xml": f'<w:styles xmlns:w="{space}">{styles}</w:styles>',
    }
    return packed(whole | (parts or {}))


def p(*runs: str, style: str = "", about: str = "") -> str:
    """A paragraph of Word; a run that is no element is words."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{about}</w:pPr>{''.join(r if r.startswith('<') else run(r) for r in runs)}</w:p>"


def run(words: str, about: str = "") -> str:
    """A run of words in Word."""
    return f'<w:r><w:rPr>{about}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def table(*rows: Iterable[str]) -> str:
    """A table of Word; a cell that is no element is a paragraph."""
    cells = ("".join(f"<w:tc>{c if c.startswith('<') else p(c)}</w:tc>" for c in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def xlsx(
    *sheets: tuple[str, str],
    strings: Iterable[str] = (),
    styles: str = "",
    book: str = "",
    hidden: frozenset[str] = frozenset(),
    core: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """An Excel file: each sheet its name and rows; `strings` shared by all, `styles` the elements of styles.xml."""
    numbered = list(enumerate(sheets, 1))
    named = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="s{i}"' + (' state="hidden"/>' if name in hidden else "/>")
        for i, (name, _) in numbered
    )
    related = [(f"s{i}", "worksheet", f"worksheets/sheet{i}.xml") for i, _ in numbered]
    shared = "".join(f"<si><t>{text}</t></si>" for text in strings)
    whole: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relationships(
            ("d", "officeDocument", "xl/workbook.xml"), ("c", "core-properties", "docProps/core.xml")
        ),
        "docProps/core.xml": CORE % core,
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{TYPES}">{book}<sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(
            *related, ("st", "styles", "styles.xml"), ("ss", "sharedStrings", "sharedStrings.xml")
        ),
        "xl/styles.xml": f'<styleSheet xmlns="{SHEETS}">{styles}</styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEETS}">{shared}</sst>',
    }
    for i, (_, rows) in numbered:
        sheet = f'<worksheet xmlns="{SHEETS}" xmlns:r="{TYPES}">{rows}</worksheet>'
        whole[f"xl/worksheets/sheet{i}.xml"] = sheet
    return packed(whole | (parts or {}))


def odt(
    text: str,
    *,
    styles: str = "",
    meta: str = "",
    common: str = "",
    kind: str = "text",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """An OpenDocument: `text` in its usual name spaces, `styles` automatic, `common` those of styles.xml."""
    body = f"<office:{kind.removesuffix('-template')}>{text}</office:{kind.removesuffix('-template')}>"
    whole: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {OPEN}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {OPEN}>{common}</office:document-styles>",
        "meta.xml": f"<office:document-meta {OPEN}><office:meta>{meta}</office:meta></office:document-meta>",
    }
    return packed(whole | (parts or {}))
