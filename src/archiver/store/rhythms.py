"""How a source's visits are spent: what they have shown of each address, and what was settled from it."""

import sqlite3
from datetime import datetime

from archiver.store.times import to_text


def shown(conn: sqlite3.Connection, source_id: str) -> list[tuple[float, float]]:
    """Of each page and file of the source that is asked for: changes seen, and the seconds it was watched."""
    rows = conn.execute(
        """SELECT f.changes, f.watched FROM frontier f JOIN addresses a ON a.id = f.address_id
           WHERE f.source_id = ? AND f.due_at IS NOT NULL AND a.role IN ('page', 'file')""",
        (source_id,),
    )
    return [(row[0], row[1]) for row in rows]


def settled(conn: sqlite3.Connection, source_id: str) -> tuple[float, float, float, float, float] | None:
    """Scale, shortest, longest, mean and shape of the source's rhythm; None: none is settled."""
    row = conn.execute(
        "SELECT scale, shortest, longest, mean, shape FROM rhythms WHERE source_id = ?", (source_id,)
    ).fetchone()
    return tuple(row) if row else None


def save(
    conn: sqlite3.Connection, source_id: str, found: tuple[float, float, float, float, float], at: datetime
) -> None:
    """Keep the source's rhythm."""
    conn.execute(
        """INSERT INTO rhythms (source_id, scale, shortest, longest, mean, shape, since) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (source_id) DO UPDATE SET scale = excluded.scale, shortest = excluded.shortest,
             longest = excluded.longest, mean = excluded.mean, shape = excluded.shape, since = excluded.since""",
        (source_id, *found, to_text(at)),
    )
