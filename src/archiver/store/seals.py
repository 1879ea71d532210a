"""The chain of seals: which there are, what follows which, and what others say of when they existed."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from archiver import proof
from archiver.store import leaves
from archiver.store.times import to_text

Row = dict[str, Any]


def last(conn: sqlite3.Connection) -> Row | None:
    """The last seal: id, run_id, captures, root, chain, sealed_at; None where no run was finished."""
    return _row(conn, "ORDER BY id DESC LIMIT 1", ())


def of_run(conn: sqlite3.Connection, run_id: int) -> Row | None:
    """The seal of a run; None where it still goes on."""
    return _row(conn, "WHERE run_id = ?", (run_id,))


def position(conn: sqlite3.Connection, chain: str) -> Row | None:
    """The seal with this chain value; None where the archive has none."""
    return _row(conn, "WHERE chain = ?", (chain.lower(),))


def before(conn: sqlite3.Connection, seal_id: int | None) -> str:
    """The chain value that a seal follows."""
    found = conn.execute("SELECT chain FROM seals WHERE id < ? ORDER BY id DESC LIMIT 1", (seal_id,)).fetchone()
    return str(found[0]) if found else proof.GENESIS


def since_runs(conn: sqlite3.Connection, runs: Iterable[int]) -> list[Row]:
    """The seals from the first of these runs to the last of all, each with the facts of its run."""
    found = conn.execute(
        """SELECT id, run_id, captures, root, chain, sealed_at, beside FROM seals WHERE id >=
             (SELECT min(id) FROM seals WHERE run_id IN (SELECT value FROM json_each(?))) ORDER BY id""",
        (json.dumps(sorted(set(runs))),),
    ).fetchall()
    names = ("id", "captures", "root", "chain", "sealed_at", "beside")
    return [
        dict(zip(names, (row[0], *row[2:]), strict=True)) | {"run": leaves.run_facts(conn, row[1])} for row in found
    ]


def add_stamp(conn: sqlite3.Connection, seal_id: int, authority: str, at: datetime, token: bytes) -> None:
    """Keep what an authority said of a seal; one stamp of each authority."""
    conn.execute(
        "INSERT INTO stamps (seal_id, authority, stamped_at, token) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (seal_id, authority, to_text(at), token),
    )


def stamped(conn: sqlite3.Connection, first: int = 0) -> list[tuple[int, str, str, str, bytes]]:
    """Every stamp, from those of that seal on, with its seal: seal, chain, authority, time, token (DER)."""
    found = conn.execute(
        """SELECT t.seal_id, s.chain, t.authority, t.stamped_at, t.token FROM stamps t
           JOIN seals s ON s.id = t.seal_id WHERE t.seal_id >= ? ORDER BY t.seal_id, t.authority""",
        (first,),
    )
    return [(int(row[0]), str(row[1]), str(row[2]), str(row[3]), bytes(row[4])) for row in found]


def _row(conn: sqlite3.Connection, which: str, values: tuple[object, ...]) -> Row | None:
    names = ("id", "run_id", "captures", "root", "chain", "sealed_at")
    found = conn.execute(f"SELECT {', '.join(names)} FROM seals {which}", values).fetchone()
    return None if found is None else dict(zip(names, found, strict=True))
