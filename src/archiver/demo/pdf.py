"""Small, valid PDF files with Swedish text: the same words always give the same bytes.

PDF 1.4 (ISO 32000-1 says the same of what is used here): the standard fonts, WinAnsi letters, no compression.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

WIDTHS = {
    222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 355: '"', 389: "*", 500: "Jckxyzsv", 556: "åäö§–",
    584: "+<=>~", 611: "FTZ", 667: "ABEKPSVXYÅÄ&", 722: "CDHNRUw", 778: "GOQÖ", 833: "Mm", 944: "W", 1000: "—",
}  # fmt: skip
"""Widths of Helvetica's letters in thousandths of their size (Adobe's metrics); 556 for all others."""
_WIDTH = {letter: width for width, letters in WIDTHS.items() for letter in letters}
_LEFT, _RIGHT, _TOP, _FOOT = 72, 523, 770, 72  # points, on A4
_SIZE, _LEADING = 11, 15

Row = tuple[str, int, str, float]  # font, size, words, distance from the row above


def page_pdf(title: str, paragraphs: Sequence[str], created: datetime, modified: datetime | None = None) -> bytes:
    """An A4 document: the title, then the paragraphs, wrapped, on as many pages as they need, with page numbers."""
    pages = list(_pages(_rows(title, paragraphs)))
    fonts = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (sv-SE) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _font("Helvetica"),
        _font("Helvetica-Bold"),
    ]
    for i, rows in enumerate(pages):
        foot = f"BT /F1 9 Tf {_LEFT} 40 Td ({i + 1} \\({len(pages)}\\)) Tj ET".encode()
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {fonts} /Contents {6 + 2 * i} 0 R >>"
        objects += [page.encode(), stream(_draw(rows) + (foot if len(pages) > 1 else b""))]
    info = f"<< /Title {_words(title)} /CreationDate {_date(created)} /ModDate {_date(modified or created)} >>"
    return assemble([*objects, info.encode()], info=len(objects) + 1)


def assemble(objects: Sequence[bytes], info: int | None = None, extra: str = "") -> bytes:
    """A whole file of the objects, numbered from 1; the first is the catalogue, `extra` goes into the trailer."""
    out, places = bytearray(b"%PDF-1.4\n%\xe5\xe4\xf6\xd6\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    named = f"/Info {info} 0 R " if info else ""
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {named}{extra}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def stream(content: bytes, keys: str = "") -> bytes:
    """A stream object."""
    return f"<< {keys} /Length {len(content)} >>\nstream\n".encode() + content + b"\nendstream"


def _font(name: str) -> bytes:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode()


def _rows(title: str, paragraphs: Iterable[str]) -> Iterator[Row]:
    """Every line of text. A paragraph that begins with '# ' is a heading."""
    yield from (("F2", 18, words, 24) for words in _wrap(title, 18))
    for paragraph in paragraphs:
        is_heading = paragraph.startswith("# ")
        font, size = ("F2", 13) if is_heading else ("F1", _SIZE)
        for i, words in enumerate(_wrap(paragraph.removeprefix("# "), size)):
            yield font, size, words, _LEADING + (9 if i == 0 else 0)


def _wrap(text: str, size: int) -> Iterator[str]:
    """The text in lines as wide as the page allows."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and sum(_WIDTH.get(c, 556) for c in longer) * size / 1000 > _RIGHT - _LEFT:
            yield line
            longer = word
        line = longer
    yield line


def _pages(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each page."""
    page: list[Row] = []
    height = float(_TOP)
    for row in rows:
        height -= row[3]
        if height < _FOOT and page:
            yield page
            page, height = [], _TOP - row[3]
        page.append(row)
    yield page


def _draw(rows: Iterable[Row]) -> bytes:
    commands = [f"BT {_LEFT} {_TOP} Td".encode()]
    for font, size, words, down in rows:
        letters = words.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        commands.append(f"/{font} {size} Tf 0 {-down:g} Td (".encode() + letters + b") Tj")
    return b"\n".join([*commands, b"ET\n"])


def _words(text: str) -> str:
    """A text string in UTF-16, which holds every letter."""
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def _date(moment: datetime) -> str:
    offset = moment.strftime("%z") or "+0000"
    return f"(D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}')"
