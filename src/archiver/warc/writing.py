"""Records to bytes: WARC 1.1 (ISO 28500:2017, https://iipc.github.io/warc-specifications/), one gzip member each.

The same record is the same bytes whenever it is written: ids are made of what they stand for, and no clock is asked.
Digests are SHA-256 in hex, as Browsertrix writes them; a payload's is the archive's own digest of the body. Pure.
"""

import hashlib
import zlib
from collections.abc import Iterable
from http import HTTPStatus

from archiver.warc.records import Fields

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
RESPONSE = "application/http; msgtype=response"
WARC_FIELDS = "application/warc-fields"
_LEVEL = 6
_ORIGINAL = "X-Archive-Orig-"
"""Before the name of a header that no longer fits the body as it is written, as the Wayback Machine does."""
_REPLACED = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_BREAKS = str.maketrans("\r\n\0", "   ")


def record(kind: str, fields: Iterable[tuple[str, str | None]], block: bytes) -> bytes:
    """One record. Fields without a value are left out; a line break in one becomes a space."""
    head = ["WARC/1.1", f"WARC-Type: {kind}"]
    head += [f"{name}: {value.translate(_BREAKS)}" for name, value in fields if value is not None]
    head += [f"WARC-Block-Digest: {digest_of(block)}", f"Content-Length: {len(block)}"]
    return "\r\n".join([*head, "", ""]).encode("utf-8", "replace") + block + b"\r\n\r\n"


def member(data: bytes) -> bytes:
    """The record as a gzip member, without a time in it."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(data) + packer.flush()


def record_id(*stands_for: object) -> str:
    """A record's id, made of what it stands for: '<urn:uuid:…>' (RFC 9562 section 5.8, a UUID of version 8)."""
    raw = bytearray(hashlib.sha256("\0".join(map(str, stands_for)).encode("utf-8", "replace")).digest()[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x80, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"<urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}>"


def digest_of(data: bytes) -> str:
    """The SHA-256 of the bytes as a field's value."""
    return labelled(hashlib.sha256(data).hexdigest())


def labelled(sha256: str) -> str:
    """A SHA-256 as a field's value."""
    return f"sha256:{sha256}"


def http_block(status: int, headers: Iterable[tuple[str, str]], body: bytes | None) -> bytes:
    """The message as it was sent, with the decoded body: codings that were undone, and lengths, get another name.

    A body of None is not to be written: headers stay as they were.
    """
    lines = [f"HTTP/1.1 {status} {_phrase(status)}"]
    for name, value in headers:
        fits = body is None or name.lower() not in _REPLACED or (name.lower(), value) == _length(body)
        lines.append(f"{name if fits else _ORIGINAL + name}: {value}".translate(_BREAKS))
    if body is not None and any(line.startswith(_ORIGINAL) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + (body or b"")


def warc_fields(pairs: Iterable[tuple[str, object]]) -> bytes:
    """'name: value' lines; those without a value are left out."""
    lines = (f"{name}: {str(value).translate(_BREAKS)}\r\n" for name, value in pairs if value is not None)
    return "".join(lines).encode("utf-8", "replace")


def restored(headers: Fields) -> Fields:
    """The headers as the server sent them, where `http_block` gave some another name."""
    renamed = {name.lower().removeprefix(_ORIGINAL.lower()) for name, _ in headers if _is_renamed(name)}
    return tuple(
        (name[len(_ORIGINAL) :] if _is_renamed(name) else name, value)
        for name, value in headers
        if _is_renamed(name) or name.lower() != "content-length" or not renamed
    )


def _is_renamed(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_ORIGINAL.lower()) and lower[len(_ORIGINAL) :] in _REPLACED


def _length(body: bytes) -> tuple[str, str]:
    return "content-length", str(len(body))


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
