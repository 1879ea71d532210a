"""What people said about changes. An annotation is of two captures: evidence, which no rebuild touches or moves."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from archiver.errors import NotFound
from archiver.store import logs
from archiver.store.times import to_text

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One thing that one person said of the difference between two captures."""

    before: int  # captures
    after: int
    scheme: str  # with its edition: 'governance/1'
    code: str
    note: str | None
    actor: str  # who said it; in no public view


def add(conn: sqlite3.Connection, said: Annotation, at: datetime) -> int:
    """Keep it; its id. What was said is never altered: who thinks again says so again. Raises NotFound."""
    for capture in (said.before, said.after):
        if conn.execute("SELECT 1 FROM captures WHERE id = ?", (capture,)).fetchone() is None:
            raise NotFound(f"there is no capture {capture}")
    return logs.add(conn, "annotations", {**asdict(said), "acted_at": to_text(at)})


def listed(conn: sqlite3.Connection, *, code: str | None = None, kommun: str | None = None) -> list[Row]:
    """What was said, the newest first: the columns of the view `annotated_changes`, and actor."""
    rows = conn.execute(
        """SELECT v.*, n.actor FROM annotated_changes v JOIN annotations n ON n.id = v.annotation_id
           WHERE (?1 IS NULL OR v.code = ?1) AND (?2 IS NULL OR v.kommun = ?2)
           ORDER BY v.annotated_at DESC, v.annotation_id DESC""",
        (code, kommun),
    )
    return [dict(row) for row in rows]
