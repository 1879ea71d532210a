"""The head of a plain answer, read in one look; whatever is not plain is h11's to read, or to refuse.

Nearly every answer is of one form: HTTP/1.1, a final status, well-formed headers on lines of their own, and its length
in one Content-Length. Of that form nothing can be read in two ways, and two regular expressions read it in a twentieth
of the time. Everything else is None here: folded lines, bare line feeds, 1xx, HTTP/1.0, transfer codings, a length that
is missing, doubled or no number, bytes that no header may hold. Pure.
"""

import re
from typing import NamedTuple

Headers = list[tuple[bytes, bytes]]

_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # RFC 9110 section 5.6.2
_TEXT = rb"[\t -~\x80-\xff]*"  # RFC 9110 section 5.5, with obs-text
_HEAD = re.compile(rb"HTTP/1\.1 ([2-5]\d\d)(?: " + _TEXT + rb")?\r\n((?:" + _TOKEN + rb":" + _TEXT + rb"\r\n)*)\r\n")
_FIELD = re.compile(rb"([^:\r]+):[\t ]*((?:[^\r]*[^\t \r])?)[\t ]*\r\n")
_TARGET = re.compile(rb"[!-~]+")
_NAME, _VALUE = re.compile(_TOKEN), re.compile(_TEXT)
_DIGITS = re.compile(rb"\d{1,15}")
_FRAMING = frozenset((b"content-length", b"transfer-encoding", b"connection"))
_EMPTY = frozenset((204, 304))  # RFC 9112 section 6.3: never a body, whatever the headers say


class Head(NamedTuple):
    """Status line and headers of an answer, and how its body ends."""

    status: int
    headers: Headers
    size: int  # bytes of the head itself
    length: int  # bytes of the body
    lasts: bool  # the connection may be used again


def plain(data: bytes) -> Head | None:
    """The head that the data begins with, where it is there as a whole and plain; else None."""
    found = _HEAD.match(data)
    if found is None:
        return None
    status, headers = int(found[1]), _FIELD.findall(found[2])
    framing = [(name, value) for name, value in ((n.lower(), v) for n, v in headers) if name in _FRAMING]
    lengths = [value for name, value in framing if name == b"content-length"]
    said = [value.lower() for name, value in framing if name == b"connection"]
    if len(lengths) + len(said) < len(framing) or len(said) > 1 or (said and said[0] not in (b"keep-alive", b"close")):
        return None
    if len(lengths) != 1 and (lengths or status not in _EMPTY):
        return None
    if lengths and not _DIGITS.fullmatch(lengths[0]):
        return None
    length = 0 if status in _EMPTY else int(lengths[0])
    return Head(status, headers, found.end(), length, said != [b"close"])


def question(method: bytes, target: bytes, headers: Headers) -> bytes | None:
    """The bytes of a request without a body; None where that is no request that can be sent."""
    if not _TARGET.fullmatch(target) or not all(_NAME.fullmatch(n) and _VALUE.fullmatch(v) for n, v in headers):
        return None
    lines = b"".join([b"%b: %b\r\n" % header for header in headers])
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (method, target, lines)
