"""Bytes to text: which encoding a page is in, and what it says in it.

The WHATWG encoding sniffing algorithm (HTML standard, 13.2.3.2), with two departures, because half-migrated sites lie:
a body that is not plain ASCII and valid UTF-8 is UTF-8, whatever its single-byte label says; and a body labelled UTF-8
that is mostly not is windows-1252, the web's fallback. Pure.
"""

import codecs
import re
from dataclasses import dataclass

_PRESCAN = 4096
"""Bytes in which a meta tag may declare the encoding. The standard says 1,024; real heads are longer."""

_MEANINGS: tuple[tuple[str, str], ...] = (
    (
        "windows-1252",
        "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1"
        " iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252 latin-1 x-user-defined",
    ),
    ("utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"),
    ("utf-16-le", "utf-16 utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff"),
    ("utf-16-be", "utf-16be unicodefffe"),
    ("cp1254", "iso-8859-9 iso8859-9 iso88599 iso_8859-9 l5 latin5 windows-1254 x-cp1254"),
    ("cp874", "iso-8859-11 iso8859-11 tis-620 dos-874 windows-874"),
    ("gb18030", "chinese csgb2312 gb2312 gb_2312 gb_2312-80 gbk x-gbk"),
    ("cp932", "shift_jis shift-jis sjis ms_kanji windows-31j x-sjis csshiftjis"),
    ("cp949", "euc-kr ks_c_5601-1987 ksc5601 ksc_5601 windows-949 cseuckr korean"),
    ("big5hkscs", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
    ("iso8859-8", "iso-8859-8-i csiso88598i logical"),
    ("mac-roman", "macintosh mac x-mac-roman csmacintosh"),
    ("mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"),
)
_LABELS = {label: codec for codec, labels in _MEANINGS for label in labels.split()}
"""Labels whose meaning differs from Python's codec of that name (https://encoding.spec.whatwg.org/#names-and-labels)."""

_TEXT_CODECS = re.compile(r"(?:utf[-_]|iso[-_]?8859|cp\d|windows[-_]\d|koi8|euc|iso[-_]2022[-_]jp|gb|big5|mac)", re.I)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"))
_BYTES = "".join(map(chr, range(0x100)))
_LATIN = _BYTES[:0x80] + "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ" + _BYTES[0xA0:]
"""The characters of windows-1252 by their byte."""

_HTTP_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.I)
_XML_DECLARATION = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'<>]+)[\"']", re.I)
_META_CHARSET = re.compile(rb"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.I)
_NEXT_TOKEN = re.compile(rb"<!--|<meta(?=[\s/])|</?[a-z]|<[!/?]", re.I)
_END_OF_NAME = re.compile(rb"[\s>]")
_ATTRIBUTE = re.compile(
    rb"[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)(?:\"|\Z)|'([^']*)(?:'|\Z)|([^\s>\"'][^\s>]*)?))?"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text."""

    text: str
    encoding: str
    replaced: bool  # some bytes meant nothing in that encoding and stand as U+FFFD
    utf8: bytes | None = None  # the text's bytes, where the body was just them


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """The body as text: by its byte-order mark, else its labels, else as UTF-8 if it is, else as windows-1252."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _loosely(body[len(mark) :], encoding)
    label = _from_header(content_type) or declared(body)
    strict = _strictly_utf8(body)
    if strict is not None and (label in {None, "utf-8", "windows-1252"} or not body.isascii()):
        return Decoded(strict, "utf-8", replaced=False, utf8=body)
    if label in {None, "utf-8", "windows-1252"}:
        return _loosely(body, "utf-8") if label == "utf-8" and _mostly_utf8(body) else _windows_1252(body)
    return _loosely(body, str(label))


def declared(body: bytes) -> str | None:
    """The encoding that the beginning of the body declares, in a meta tag or an XML declaration."""
    start = body[:_PRESCAN]
    if (xml := _XML_DECLARATION.match(start)) and (found := codec(xml[1].decode("latin-1"))):
        return _not_sixteen(found)
    at = 0
    while token := _NEXT_TOKEN.search(start, at):
        if token[0] == b"<!--":
            end = start.find(b"-->", token.start() + 2)
            at = end + 3 if end >= 0 else len(start)
        elif token[0][:5].lower() == b"<meta":
            attributes, at = _attributes(start, token.end())
            if at <= len(start) and (found := _from_meta(attributes)):
                return found
        elif token[0][1:2] in b"!/?" and not token[0][2:3].isalpha():
            end = start.find(b">", token.end())
            at = end + 1 if end >= 0 else len(start)
        else:
            _, at = _attributes(start, _end_of_name(start, token.end()))
    return None


def codec(label: str) -> str | None:
    """The codec that a label means on the web; None where it means none, or one that is no text encoding."""
    name = label.strip(" \t\n\f\r").lower()
    if name in _LABELS:
        return _LABELS[name]
    try:
        return codecs.lookup(name).name if _TEXT_CODECS.match(name) else None
    except (LookupError, ValueError):
        return None


def mask(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The text with the spans blacked out, character for character, so that later offsets stand."""
    for begin, end in spans:
        start, stop = max(0, begin), min(end, len(text))
        if start < stop:
            text = text[:start] + "█" * (stop - start) + text[stop:]
    return text


def _from_header(content_type: str | None) -> str | None:
    found = _HTTP_CHARSET.search(content_type or "")
    return codec(found[1]) if found else None


def _from_meta(attributes: dict[bytes, bytes]) -> str | None:
    """What one meta tag declares (step 2 of the prescan): `charset`, or `content` where it is a content-type pragma."""
    if b"charset" in attributes:
        label = attributes[b"charset"]
    elif attributes.get(b"http-equiv", b"").lower() == b"content-type" and (
        found := _META_CHARSET.search(attributes.get(b"content", b""))
    ):
        label = found[1] or found[2] or found[3] or b""
    else:
        return None
    name = codec(label.decode("latin-1"))
    return _not_sixteen(name) if name else None


def _not_sixteen(name: str) -> str:
    """A page whose ASCII declaration could be read is not in UTF-16, whatever it says."""
    return "utf-8" if name.startswith("utf-16") else name


def _end_of_name(start: bytes, at: int) -> int:
    found = _END_OF_NAME.search(start, at)
    return found.start() if found else len(start)


def _attributes(start: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """The attributes of the tag whose name ends at `at`, the first of each name; and where the tag ends.

    Past the end of `start`: nowhere.
    """
    found: dict[bytes, bytes] = {}
    while at < len(start):
        if (match := _ATTRIBUTE.match(start, at)) and match.end() > at:
            found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or b"")
            at = match.end()
        else:
            end = start.find(b">", at)
            return found, end + 1 if end >= 0 else len(start) + 1
    return found, len(start) + 1


def _strictly_utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _mostly_utf8(body: bytes) -> bool:
    """Whether more of the non-ASCII is good UTF-8 than not: a cut character, a pasted byte."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(text) - len(text.encode("ascii", "ignore")) - broken > broken


def _windows_1252(body: bytes) -> Decoded:
    """As browsers read it: the five bytes without a character are controls, so that nothing is lost."""
    return Decoded(codecs.charmap_decode(body, "strict", _LATIN)[0], "windows-1252", replaced=False)


def _loosely(body: bytes, encoding: str) -> Decoded:
    if encoding == "windows-1252":
        return _windows_1252(body)
    text = body.decode(encoding, "replace")
    return Decoded(text, encoding, replaced="\ufffd" in text)
