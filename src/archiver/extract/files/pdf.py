"""A PDF as a document: its text in reading order, its links, its own dates, and whether there is text at all.

Only in a worker process: the library (PDFium) is fast and careful, but hostile files have stopped it before. Nothing
here raises: what cannot be opened is `legible` 'locked' or 'no', and its digest still tells when it was exchanged.
A page is a picture where it has an image and next to no text. OCR is not done; a scanned file says so. Pure.
"""

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pypdfium2
import pypdfium2.raw as pdfium

from archiver.digests import sha256
from archiver.extract.files import properties
from archiver.extract.files.pdflines import Outline, PdfLine, blocks, even, fold
from archiver.model import About, Claim, Document, Facts, Legible, Link, Meaning, Rules
from archiver.urls import join

MAX_PAGES = 500
MAX_CHARS = 2_000_000
_MAX_PAGE_CHARS = 200_000
_MAX_LINKS = 5_000
_MAX_BOOKMARKS = 2_000
_MAX_URL = 4_000
_MAX_PROPERTY = 1_000
_PICTURE_CHARS = 40  # a page with a picture and fewer letters is a picture: stamps and page numbers are no text
_SCHEMES = ("http://", "https://", "mailto:")
_BROKEN = (pypdfium2.PdfiumError, UnicodeError, ValueError, OSError, IndexError, ctypes.ArgumentError)

_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?:(?P<month>\d\d)(?:(?P<day>\d\d)(?:(?P<hour>\d\d)(?:(?P<minute>\d\d)(?P<second>\d\d)?)?)?)?)?"
    r"(?P<sign>[Zz+-])?(?:(?P<hours>\d\d)'?(?:(?P<minutes>\d\d)'?)?)?'?\s*\Z"
)
"""ISO 32000-1 section 7.9.4: D:YYYYMMDDHHmmSSOHH'mm', everything after the year optional. LibreOffice ends it on Z'."""
_DATES: tuple[tuple[str, Meaning], ...] = (("CreationDate", "created"), ("ModDate", "updated"))


@dataclass(slots=True)
class _Pages:
    """What has been read of the pages so far."""

    lines: list[PdfLine] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: int = 0  # pages that are one
    chars: int = 0
    lost: int = 0  # pages that could not be read, or were not


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The PDF's text, links, title and dates. `payload` is always there; `legible` says what the rest is worth."""
    blank = Document("pdf", "no", payload=sha256(body))
    try:
        pdf = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        return replace(blank, legible="locked") if is_locked else blank
    try:
        return _read_open(pdf, facts, rules, blank)
    except _BROKEN:
        return blank
    finally:
        pdf.close()


def _read_open(pdf: pypdfium2.PdfDocument, facts: Facts, rules: Rules, blank: Document) -> Document:
    pages = _Pages(lost=max(0, len(pdf) - MAX_PAGES))
    for number in range(min(len(pdf), MAX_PAGES)):
        if pages.chars >= MAX_CHARS:
            pages.lost += 1
        else:
            _read_page(pdf, number, facts.url, pages)
    claims = tuple(_read_dates(pdf, facts, rules.language.zone))
    believed = {c.meaning: c.value for c in claims if c.believed}
    return replace(
        blank,
        legible=_legible(pages, len(pdf)),
        language=_language(pdf),
        title=properties.title(_property(pdf, "Title")),
        updated=believed.get("updated"),
        blocks=blocks(pages.lines, _outline(pdf)),
        links=tuple(pages.links),
        claims=claims,
        about=About(generator=even(_property(pdf, "Creator") or _property(pdf, "Producer"))[:_MAX_PROPERTY] or None),
    )


def _legible(pages: _Pages, count: int) -> Legible:
    """Whether the text is all there is to read."""
    if pages.pictures and pages.pictures + pages.lost == count:
        return "scanned"
    if pages.lost == count:
        return "no"
    return "partly" if pages.lost or 2 * pages.pictures > count else "yes"


def _read_page(pdf: pypdfium2.PdfDocument, number: int, base: str, pages: _Pages) -> None:
    """Add what one page says; a page that cannot be read is counted as lost."""
    try:
        page = pdf[number]
        text = page.get_textpage()
        lines = list(_lines(text, number, page.get_height()))
        pages.links += list(_links(pdf, page, text, base))[: _MAX_LINKS - len(pages.links)]
        chars = sum(len(line.text) for line in lines)
        if chars < _PICTURE_CHARS and any(page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
            pages.pictures += 1
    except _BROKEN:
        pages.lost += 1
        return
    pages.lines += lines
    pages.chars += chars
    text.close()
    page.close()


def _lines(text: pypdfium2.PdfTextPage, number: int, height: float) -> Iterator[PdfLine]:
    """The lines of a page in the order written, each with the place of its first and last letter."""
    if text.count_chars() > _MAX_PAGE_CHARS:
        raise ValueError("more letters than a page can hold")
    start = 0
    for raw in text.get_text_range().split("\n"):
        line = raw.strip()
        if line:
            begin = start + len(raw) - len(raw.lstrip())
            first, last = _box(text, begin), _box(text, begin + len(line) - 1)
            at = last.bottom / height if height > 0 else 0.5
            words = " ".join(line.split())
            yield PdfLine(words, number, first.left, last.right, last.bottom, max(last.top - last.bottom, 0.1), at)
        start += len(raw) + 1


def _box(text: pypdfium2.PdfTextPage, index: int) -> pdfium.FS_RECTF:
    """The box of the letter at a place in the text: as wide as the letter, as high as its font."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text, pdfium.FPDFText_GetCharIndexFromTextIndex(text, index), box)
    return box


def _links(
    pdf: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, base: str
) -> Iterator[Link]:
    """The page's links to URIs, each with the words it lies over; a link over two lines is one."""
    position, found = ctypes.c_int(0), pdfium.FPDF_LINK()
    last: Link | None = None
    for _ in range(_MAX_LINKS):
        if not pdfium.FPDFLink_Enumerate(page, position, found):
            break
        uri = _uri(pdf, found)
        target = join(base, uri) if uri else None
        if not target or not target.startswith(_SCHEMES):
            continue
        link = Link(target, "link", "main", _words_under(text, found))
        if last and last.target == target:
            last = replace(last, text=f"{last.text} {link.text}".strip())
            continue
        if last:
            yield last
        last = link
    if last:
        yield last


def _uri(pdf: pypdfium2.PdfDocument, link: pdfium.FPDF_LINK) -> str:
    """Where a link leads; '' where it is none to a URI."""
    action = pdfium.FPDFLink_GetAction(link)
    if not action or pdfium.FPDFAction_GetType(action) != pdfium.PDFACTION_URI:
        return ""
    size = pdfium.FPDFAction_GetURIPath(pdf, action, None, 0)
    if not 1 < size <= _MAX_URL:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(pdf, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _words_under(text: pypdfium2.PdfTextPage, link: pdfium.FPDF_LINK) -> str:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFLink_GetAnnotRect(link, box):
        return ""
    return even(text.get_text_bounded(box.left, box.bottom, box.right, box.top))[:500]


def _outline(pdf: pypdfium2.PdfDocument) -> Outline:
    """The bookmarks by page."""
    outline: Outline = {}
    for _, mark in zip(range(_MAX_BOOKMARKS), pdf.get_toc(max_depth=6), strict=False):
        try:
            place, words = mark.get_dest(), fold(mark.get_title())
            page = place.get_index() if place else None
        except _BROKEN:
            continue
        if page is not None and words:
            outline.setdefault(page, {}).setdefault(words, min(mark.level + 1, 6))
    return outline


def _language(pdf: pypdfium2.PdfDocument) -> str | None:
    """The language the catalogue declares."""
    size = pdfium.FPDFCatalog_GetLanguage(pdf, None, 0)
    if not 2 < size <= 80:
        return None
    buffer = (pdfium.FPDF_WCHAR * (size // 2))()
    pdfium.FPDFCatalog_GetLanguage(pdf, buffer, size)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\x00").strip() or None


def _property(pdf: pypdfium2.PdfDocument, name: str) -> str:
    """One of the file's own properties; '' where it has none that can be read."""
    try:
        return str(pdf.get_metadata_value(name)).strip("\x00 \t\r\n")
    except _BROKEN:
        return ""


def _read_dates(pdf: pypdfium2.PdfDocument, facts: Facts, zone: str) -> Iterator[Claim]:
    """The file's own dates as claims."""
    for name, meaning in _DATES:
        if raw := even(_property(pdf, name)[:64]):
            yield properties.claim(f"pdf:{name}", meaning, raw, parse_date(raw, zone), facts.at, f"info/{name}")


def parse_date(raw: str, zone: str) -> properties.When:
    """A PDF's date as ISO in the zone, its precision, and the moment; without an offset it is taken as local.

    `parse_date("D:20260303233000Z", "Europe/Stockholm").value == "2026-03-04T00:30:00"`
    """
    return properties.understand(_DATE.match(raw), zone)
