"""The message in a record's block, and whether bytes are those that a digest speaks of. Pure."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field

from archiver.warc.records import Fields

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?: [^\r\n]*)?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
_HEAD = 256 << 10
_LINES = 500
_KNOWN = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Message:
    """A response: its status, headers in order, and the body as it stands, codings and all."""

    status: int
    headers: Fields
    body: bytes = field(repr=False)

    def values(self, name: str) -> list[str]:
        """The values of every header of that name, letter case aside."""
        return [value for key, value in self.headers if key.lower() == name]


def parse_response(block: bytes) -> Message | None:
    """The response in a block; None where it is none."""
    first = _STATUS.match(block)
    if first is None:
        return None
    ended = _END.search(block, first.end() - 1, _HEAD)
    end, after = (ended.start(), ended.end()) if ended else (len(block), len(block))
    if ended is None and len(block) > _HEAD:
        return None
    headers: list[tuple[str, str]] = []
    for line in block[first.end() : max(end, first.end())].decode("latin-1").split("\n")[:_LINES]:
        name, colon, value = line.rstrip("\r").partition(":")
        if line[:1] in {" ", "\t"} and headers:
            headers[-1] = (headers[-1][0], f"{headers[-1][1]} {line.strip()}")
        elif colon and name.strip():
            headers.append((name.strip(), value.strip()))
    return Message(int(first[1]), tuple(headers), block[after:])


def unchunked(body: bytes) -> bytes | None:
    """The body without the chunks it was sent in (RFC 9112 section 7.1); None where it does not stand in chunks.

    Many tools take the chunks away and leave the header that speaks of them. A last chunk may be missing.
    """
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        head = _CHUNK.match(body, at)
        if head is None:
            return None
        size = int(head[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
    return b"".join(parts) if parts else None


def agrees(digest: str | None, *candidates: bytes | None) -> bool | None:
    """Whether a record's digest ('sha1:3I42…', 'sha256:9f86…') is that of one of these; None: it cannot be told.

    Tools differ in what they take for the payload: with or without its chunks, with or without its coding.
    """
    name, _, value = (digest or "").partition(":")
    algorithm = name.lower().replace("-", "")
    wanted = _raw(value.strip(), algorithm) if algorithm in _KNOWN else None
    if wanted is None:
        return None
    given = [one for one in candidates if one is not None]
    return any(hashlib.new(algorithm, one, usedforsecurity=False).digest() == wanted for one in given)


def _raw(value: str, algorithm: str) -> bytes | None:
    """The digest's bytes from hex, base 32 or base 64."""
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    try:
        if len(value) == 2 * size:
            return bytes.fromhex(value)
        bare = value.rstrip("=")
        if len(bare) == -(-size * 8 // 5):
            return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except (ValueError, binascii.Error):
        return None
