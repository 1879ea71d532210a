"""Leaves: what of a capture goes into its digest, and how the same is read back to be compared.

Every column counts. An id counts as what it stands for: the address as its URL, the headers as their digest, the body
as its digest, size, kind and whether it was kept. What a browser made of the body counts with it, where there is such
a rendering: its row, and its body as above. The capture's own id counts as it is, because citations name it;
so does the run's, whose facts the seal chains.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from archiver import proof

COLUMNS = (
    "id", "address_id", "run_id", "captured_at", "outcome", "status", "failure", "detail", "location", "headers_id",
    "volatile", "content_type", "last_modified", "body_id", "flaw", "wire_sha256", "wire_size", "elapsed_ms", "peer",
    "robots", "leaf",
)  # fmt: skip
"""The columns of `captures`."""
INSERT = f"INSERT INTO captures ({', '.join(COLUMNS)}) VALUES ({', '.join(':' + name for name in COLUMNS)})"
_STANDS_FOR = {"address_id", "headers_id", "body_id", "leaf"}
_SHARED = (
    "id", "run_id", "captured_at", "outcome", "status", "failure", "detail", "location", "volatile", "content_type",
    "last_modified", "flaw", "wire_sha256", "wire_size", "elapsed_ms", "peer", "robots",
)  # fmt: skip
"""The columns that count as they are; a test holds the two lists together."""
RENDERED = ("rendered_at", "outcome", "detail", "browser", "took_ms", "requests")
"""The columns of `renderings` that count as they are."""
_OF_BODY = "sha256, size, kind, fate <> 'digest'"


class Headers(NamedTuple):
    """The headers of a capture: the row they share, its digest, and the values that are the capture's own."""

    id: int
    sha256: str
    volatile: str | None


class Body(NamedTuple):
    """The body of a capture as its leaf names it."""

    id: int
    sha256: str
    size: int
    kind: str
    kept: int  # 1, or 0 where it was too large


def fields(
    conn: sqlite3.Connection,
    row: Mapping[str, object],
    url: str,
    headers: Headers | None,
    body: Body | None,
    rendering: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """The fields of a capture about to be stored, and of its rendering."""
    named = {name: row[name] for name in _SHARED}
    made: list[object] = []
    if rendering:
        shown = body_of(conn, rendering["body_id"])
        made = [*(rendering[name] for name in RENDERED), *(shown[1:] if shown else ())]
    return _whole(named, url, headers.sha256 if headers else None, list(body[1:]) if body else [], made)


def body_of(conn: sqlite3.Connection, body_id: object) -> Body | None:
    """What a leaf says of the body."""
    row = conn.execute(f"SELECT id, {_OF_BODY} FROM bodies WHERE id = ?", (body_id,)).fetchone()
    return None if row is None else Body(*row)


def recomputed(conn: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """Each capture's id, its leaf as recorded, and its leaf as its row now gives it."""
    rows = conn.execute(
        f"""SELECT {", ".join("c." + name for name in _SHARED)}, a.url, h.sha256, c.leaf,
              b.sha256, b.size, b.kind, b.fate <> 'digest',
              {", ".join("m." + name for name in RENDERED)}, d.sha256, d.size, d.kind, d.fate <> 'digest'
            FROM captures c
            LEFT JOIN addresses a ON a.id = c.address_id
            LEFT JOIN headers h ON h.id = c.headers_id
            LEFT JOIN bodies b ON b.id = c.body_id
            LEFT JOIN renderings m ON m.capture_id = c.id
            LEFT JOIN bodies d ON d.id = m.body_id
            ORDER BY c.id"""
    )
    width = len(_SHARED)
    for row in rows:
        named = dict(zip(_SHARED, row[:width], strict=True))
        url, headers, recorded, *rest = row[width:]
        body, made, rendered = rest[:4], rest[4:-4], rest[-4:]
        body, rendered = (list(part) if part[0] else [] for part in (body, rendered))
        whole = _whole(named, url, headers, body, [*made, *rendered] if made[0] else [])
        yield row[0], recorded, proof.leaf(whole)


def of_run(conn: sqlite3.Connection, run_id: int) -> list[str]:
    """The recorded leaves of a run in the order of its captures."""
    return [row[0] for row in conn.execute("SELECT leaf FROM captures WHERE run_id = ? ORDER BY id", (run_id,))]


def run_facts(conn: sqlite3.Connection, run_id: int) -> list[object]:
    """Everything the archive says of a run, as its seal chains it."""
    row = conn.execute(
        """SELECT id, source_id, kind, started_at, finished_at, ending, program, agent, note
           FROM runs WHERE id = ?""",
        (run_id,),
    ).fetchone()
    return [] if row is None else list(row)


def _whole(
    named: dict[str, object], url: str | None, headers: str | None, body: list[object], rendering: list[object]
) -> dict[str, object]:
    return named | {"url": url, "headers": headers, "body": body or None, "rendering": rendering or None}
