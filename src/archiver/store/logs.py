"""Logs that are only added to: each row chained to those before it, and where each log stands, under every seal.

What people did (redactions, annotations, takedowns) is no part of a run, and so of no leaf. A row's digest is over the
digest before it and the row; rows made before there were digests count too, and are first pinned by the next one's. A
seal holds each log's last digest, and a digest over the addresses that were found since the seal before it: which page
led to each, when, and in what role.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from archiver import proof
from archiver.digests import canonical, digest

LOGS: dict[str, tuple[str, ...]] = {
    "annotations": ("id", "before", "after", "scheme", "code", "note", "actor", "acted_at"),
    "patterns": ("id", "kind", "text", "words", "salt", "source_id", "section"),
    "redactions": ("id", "body_id", "address_id", "pattern_id", "from_char", "to_char", "level", "reason", "actor",
                   "acted_at", "lifts"),
    "takedowns": ("id", "received_at", "about", "asker", "ground", "note", "actor", "noted_at"),
    "takedown_steps": ("id", "takedown_id", "step", "redaction_id", "note", "actor", "acted_at"),
}  # fmt: skip
"""The columns of each that its digests are over: all but the digest."""
_ADDRESSES = ("id", "source_id", "url", "key", "host", "role", "depth", "found_on", "found_at")


class Row(NamedTuple):
    """A row of a log: its digest as recorded (none where it is older than digests), and as it should be."""

    id: int
    recorded: str | None
    now: str


def add(conn: sqlite3.Connection, log: str, row: Mapping[str, object]) -> int:
    """Add a row, chained to the last; its id. Columns that are left out are null."""
    columns = LOGS[log]
    before = last(conn, log)
    number = (before.id if before else 0) + 1
    given = {**dict.fromkeys(columns), **row, "id": number}
    values = [given[name] for name in columns]
    value = digest([before.now if before else proof.GENESIS, values])
    marks = ", ".join("?" * (len(columns) + 1))
    conn.execute(f"INSERT INTO {log} ({', '.join(columns)}, digest) VALUES ({marks})", (*values, value))
    return number


def last(conn: sqlite3.Connection, log: str) -> Row | None:
    """The last row; None where there is none."""
    found = conn.execute(f"SELECT id, digest FROM {log} ORDER BY id DESC LIMIT 1").fetchone()
    if found is not None and found[1] is not None:
        return Row(found[0], found[1], found[1])
    row = None
    for row in recomputed(conn, log):  # noqa: B007 (the last one is wanted)
        pass
    return row


def recomputed(conn: sqlite3.Connection, log: str) -> Iterator[Row]:
    """Every row of a log in order."""
    value = proof.GENESIS
    for *row, recorded in conn.execute(f"SELECT {', '.join(LOGS[log])}, digest FROM {log} ORDER BY id"):
        value = digest([value, row])
        yield Row(row[0], recorded, value)


def beside(conn: sqlite3.Connection) -> str:
    """What the next seal holds beside its run, as JSON in its one form."""
    found = conn.execute("SELECT beside FROM seals ORDER BY id DESC LIMIT 1").fetchone()
    reached = json.loads(found[0])["addresses"][1] if found and found[0] else 0
    (newest,) = conn.execute("SELECT coalesce(max(id), 0) FROM addresses").fetchone()
    stand: dict[str, list[Any]] = {"addresses": [reached + 1, newest, _addresses(conn, reached + 1, newest)]}
    for log in LOGS:
        row = last(conn, log)
        if row is not None:
            stand[log] = [row.id, row.now]
    return canonical(stand).decode()


def doubts(conn: sqlite3.Connection) -> Iterator[str]:
    """What does not fit: a row and its digest, a log or addresses and a seal over them."""
    known = {}
    for log in LOGS:
        rows = list(recomputed(conn, log))
        known[log] = {row.id: row.now for row in rows}
        yield from (
            f"{log} row {row.id} is not what was written" for row in rows if row.recorded not in (None, row.now)
        )
        if [row.id for row in rows] != list(range(1, len(rows) + 1)):
            yield f"{log}: a row was taken out"
    reached = 0
    for seal_id, text in conn.execute(_SEALED):
        stand = json.loads(text)
        first, newest, recorded = stand.pop("addresses")
        if first != reached + 1:
            yield f"seal {seal_id} does not stand over the addresses that follow those of the one before"
        reached = newest
        if _addresses(conn, first, newest) != recorded:
            yield f"addresses {first} to {newest} are not those that seal {seal_id} stands over"
        for log, (row_id, value) in stand.items():
            if known[log].get(row_id) != value:
                yield f"{log} is not as it stood when seal {seal_id} was made"


_SEALED = "SELECT id, beside FROM seals WHERE beside IS NOT NULL ORDER BY id"


def _addresses(conn: sqlite3.Connection, first: int, newest: int) -> str:
    """The SHA-256 over these addresses, a line of JSON each."""
    whole = hashlib.sha256()
    for row in conn.execute(
        f"SELECT {', '.join(_ADDRESSES)} FROM addresses WHERE id BETWEEN ? AND ? ORDER BY id", (first, newest)
    ):
        whole.update(canonical(list(row)) + b"\n")
    return whole.hexdigest()
