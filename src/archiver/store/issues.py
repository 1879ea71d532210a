"""Issues: what a person should look at, of a page or of a source as a whole."""

import sqlite3
from datetime import datetime
from typing import Any

from archiver.model import Issue
from archiver.store.times import to_text

Row = dict[str, Any]


def add(conn: sqlite3.Connection, source_id: str, page_id: int | None, capture_id: int | None, issue: Issue) -> None:
    """Something a person should look at. Of one page the same is noted once, with the capture that first showed it."""
    conn.execute(
        """INSERT INTO issues (source_id, page_id, capture_id, kind, detail)
           SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?2 IS NULL OR NOT EXISTS
             (SELECT 1 FROM issues WHERE page_id = ?2 AND kind = ?4 AND detail = ?5)""",
        (source_id, page_id, capture_id, issue.kind, issue.detail),
    )


def listed(
    conn: sqlite3.Connection, *, source: str | None = None, kind: str | None = None, since: datetime | None = None
) -> list[Row]:
    """What a person should look at, folded by cause, newest first.

    Keys: source, kind, detail (of the newest), pages and count (how many it concerns), first_seen, last_seen, url (an
    example). Of a kind that concerns single pages one row a source; what concerns a source as a whole stands alone.
    """
    rows = conn.execute(
        """SELECT i.source_id AS source, i.kind, i.detail, count(DISTINCT i.page_id) AS pages, count(*) AS count,
             min(coalesce(c.captured_at, n.ended)) AS first_seen, max(coalesce(c.captured_at, n.ended)) AS last_seen,
             a.url
           FROM issues i LEFT JOIN captures c ON c.id = i.capture_id LEFT JOIN addresses a ON a.id = c.address_id
           LEFT JOIN (SELECT source_id, max(finished_at) AS ended FROM runs GROUP BY source_id) n
             ON n.source_id = i.source_id
           WHERE (?1 IS NULL OR i.source_id = ?1) AND (?2 IS NULL OR i.kind = ?2)
             AND (?3 IS NULL OR coalesce(c.captured_at, n.ended) >= ?3)
           GROUP BY i.source_id, i.kind, CASE WHEN i.page_id IS NULL AND i.capture_id IS NULL THEN i.id END
           ORDER BY last_seen DESC, i.source_id, i.kind""",
        (source, kind, to_text(since) if since else None),
    )
    return [dict(row) for row in rows]


def is_noted(conn: sqlite3.Connection, source_id: str, kind: str, beginning: str) -> bool:
    """Whether an issue of the source as a whole is on record whose words begin so."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM issues WHERE source_id = ? AND kind = ? AND page_id IS NULL
             AND substr(detail, 1, ?) = ?)""",
        (source_id, kind, len(beginning), beginning),
    ).fetchone()
    return bool(row[0])


def traps(conn: sqlite3.Connection, source_id: str) -> dict[str, str]:
    """The endless spaces of a source: the shape of their addresses, and why they are taken for one."""
    rows = conn.execute("SELECT detail FROM issues WHERE source_id = ? AND kind = 'trap' ORDER BY id", (source_id,))
    split = (detail.partition(" ") for (detail,) in rows)
    return {shape: reason for shape, _, reason in split}


def is_said_to_lie(conn: sqlite3.Connection, source_id: str, host: str) -> bool:
    """Whether it is on record that the host says 304 of what has changed."""
    beginning = f"{host}: "
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM issues WHERE source_id = ? AND kind = 'stale-304'
             AND substr(detail, 1, ?) = ?)""",
        (source_id, len(beginning), beginning),
    ).fetchone()
    return bool(row[0])
