"""Response headers: shared by the captures whose answers differ in nothing that lasts."""

import re
import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from archiver.digests import canonical, sha256
from archiver.store.leaves import Headers

VOLATILE = re.compile(
    r"date|age|expires|set-cookie|etag|last-modified|content-length|server-timing|via|x-request-id|x-cache.*|cf-ray"
    r"|x-amz-.*|report-to|nel",
    re.IGNORECASE,
)
"""Response headers that differ from one answer to the next; their values are kept beside the capture, so that the
headers themselves can be shared."""
_NONCE = "'nonce-"  # a Content-Security-Policy with one differs every time
_SHORT = 64
"""Characters of a header's name up to which we remember what it is."""


def put(conn: sqlite3.Connection, headers: Iterable[tuple[str, str]]) -> Headers:
    """The headers, shared without their volatile values, and those values."""
    kept: list[list[str | None]] = []
    values: list[str] = []
    for name, value in headers:
        volatile = (_is_volatile(name) if len(name) <= _SHORT else VOLATILE.fullmatch(name)) or _NONCE in value
        kept.append([name, None if volatile else value])
        values += [value] if volatile else []
    content = _json(kept)
    digest = sha256(content.encode())
    row = conn.execute("SELECT id FROM headers WHERE sha256 = ?", (digest,)).fetchone()
    if row is None:
        row = (conn.execute("INSERT INTO headers (sha256, content) VALUES (?, ?)", (digest, content)).lastrowid,)
    return Headers(int(row[0] or 0), digest, _json(values) if values else None)


@lru_cache(maxsize=1024)
def _is_volatile(name: str) -> bool:
    return VOLATILE.fullmatch(name) is not None


def _json(value: object) -> str:
    return canonical(value).decode("utf-8", "replace")
