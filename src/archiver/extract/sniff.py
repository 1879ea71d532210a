"""What kind of thing a body is, by its bytes: never by its URL or its label. Pure."""

import re
from collections.abc import Callable

from archiver.model import Role

_HEAD = 4096
"""Bytes looked at for markup; what stands before the first tag is white space, comments and declarations."""

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x00\x00\x01\x00", "image"),
    (b"\x1f\x8b", "other"),
    (_OLD_OFFICE, "other"),
)
_IN_ZIP: tuple[tuple[bytes, str], ...] = (  # a name that only this kind of archive holds
    (b"word/document", "docx"),  # Word on the web writes word/document2.xml
    (b"xl/workbook.xml", "xlsx"),
)
_OPEN_DOCUMENTS: tuple[tuple[bytes, str], ...] = (  # and their templates: the words of 'mimetype', stored as they are
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
)
_DIRECTORY = b"PK\x01\x02"  # begins each entry of a zip's directory
_ROOTS: dict[bytes, str] = {
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
    b"rss": "feed",
    b"feed": "feed",
    b"RDF": "feed",
    b"html": "html",
    b"svg": "image",
}
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
_PROLOGUE = re.compile(rb"(?:\s+|<\?[^>]*>|<!--(?:[^-]|-(?!->))*-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)*", re.I)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|base|div|p|h[1-6]|table|ul|ol|a|br|span|center"
    rb"|font|main|header|nav|section|article|form|iframe|img|b|strong|frameset)[\s/>]",
    re.I,
)  # WHATWG MIME Sniffing, section 7.1, and what error pages begin with
_ROBOTS_LINE = re.compile(rb"^\s*(?:user-agent|disallow|allow|sitemap|crawl-delay)\s*:", re.I | re.M)


def kind(body: bytes, role: Role = "page") -> str:
    """html pdf docx odt xlsx ods feed sitemap robots xml json image zip other.

    `robots` is plain text in that role or with the lines of one: text has no signature of its own. A PDF may stand
    up to 1,024 bytes into its file (PDF 1.7, Annex H.3.4.1).
    """
    if found := next((name for look in _LOOKS if (name := look(body))), None):
        return found
    start = _as_ascii(body)
    if role == "robots" and not _HTML_TAG.match(start.lstrip()) and b"\x00" not in start:
        return "robots"
    return _markup(start) or _text(start)


def is_locked(body: bytes) -> bool:
    """Whether this is a file of Word or Excel behind a password: an old container that holds a new, encrypted one.

    [MS-OFFCRYPTO] 2.3.4.4: a stream of this name.
    """
    return body.startswith(_OLD_OFFICE) and _ENCRYPTED in body


def _by_signature(body: bytes) -> str | None:
    return next((name for sign, name in _SIGNATURES if body.startswith(sign)), None)


def _riff(body: bytes) -> str | None:
    return "image" if body[:4] == b"RIFF" and body[8:12] == b"WEBP" else None


def _iso_media(body: bytes) -> str | None:
    return "image" if body[4:8] == b"ftyp" and body[8:12] in {b"avif", b"heic", b"mif1"} else None


def _pdf(body: bytes) -> str | None:
    return "pdf" if b"%PDF-" in body[:1024] and b"<html" not in body[:1024].lower() else None


def _zip(body: bytes) -> str | None:
    if not body.startswith(b"PK\x03\x04"):
        return None
    if found := next((name for sign, name in _OPEN_DOCUMENTS if sign in body[:200]), None):
        return found
    names = _names(body)
    return next((name for sign, name in (*_IN_ZIP, *_OPEN_DOCUMENTS) if sign in names), "zip")


def _names(body: bytes) -> bytes:
    """The directory at the end of a zip: what a zip inside it holds is not told there. All, where it was cut off."""
    end = body.rfind(b"PK\x05\x06")
    start = int.from_bytes(body[end + 16 : end + 20], "little") if end >= 0 else 0
    return body[start:] if body[start : start + 4] == _DIRECTORY else body


_LOOKS: tuple[Callable[[bytes], str | None], ...] = (_by_signature, _riff, _iso_media, _pdf, _zip)


def _as_ascii(body: bytes) -> bytes:
    """The beginning without a byte-order mark, in one byte a character."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) : len(mark) + 2 * _HEAD].decode(encoding, "replace").encode("ascii", "replace")
    return body[:_HEAD]


def _markup(start: bytes) -> str | None:
    prologue = _PROLOGUE.match(start)
    rest = start[prologue.end() if prologue else 0 :]
    declared = re.search(rb"<!doctype\s+html", start, re.I)
    if root := _ROOT.match(rest):
        name = root[1]
        if found := _ROOTS.get(name) or _ROOTS.get(name.lower()):
            return found
        if start.lstrip().startswith(b"<?xml") and not declared:
            return "xml"
    if declared or _HTML_TAG.match(rest) or (rest.startswith(b"<") and _HTML_TAG.search(rest)):
        return "html"
    return None


def _text(start: bytes) -> str:
    bare = start.lstrip()
    if bare[:1] in {b"{", b"["} and re.match(rb'\{\s*["}]|\[\s*(?:["{\[\]\d-]|true|false|null)', bare):
        return "json"
    if _ROBOTS_LINE.search(bare) and b"\x00" not in bare:
        return "robots"
    if _HTML_TAG.search(bare):
        return "html"
    return "xml" if bare.startswith(b"<?xml") else "other"
