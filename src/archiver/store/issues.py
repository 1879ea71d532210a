"""Issues: what a person should look at, of a page or of a source as a whole."""

import sqlite3
from datetime import datetime
from typing import Any

from archiver.model import Issue
from archiver.store.times import to_text

Row = dict[str, Any]


def add(conn: sqlite3.Connection, source_id: str, page_id: int, capture_id: int, issue: Issue) -> None:
    """Of one page: the same is noted once, with the capture that first showed it."""
    conn.execute(
        """INSERT INTO issues (source_id, page_id, capture_id, kind, detail)
           SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS
             (SELECT 1 FROM issues WHERE page_id = ?2 AND kind = ?4 AND detail = ?5)""",
        (source_id, page_id, capture_id, issue.kind, issue.detail),
    )


def tell(conn: sqlite3.Connection, source_id: str, run_id: int, beginning: str, issue: Issue) -> None:
    """Of the source as a whole, told by a crawl: what begins with these words is one issue, whoever tells it again.

    It keeps its first crawl and its last, and the last one's words, in whatever order they are concluded.
    """
    known = conn.execute(
        """SELECT id, first_run, last_run FROM issues WHERE source_id = ? AND kind = ? AND page_id IS NULL
             AND substr(detail, 1, ?) = ?""",
        (source_id, issue.kind, len(beginning), beginning),
    ).fetchone()
    if known is None:
        conn.execute(
            "INSERT INTO issues (source_id, kind, detail, first_run, last_run) VALUES (?, ?, ?, ?, ?)",
            (source_id, issue.kind, issue.detail, run_id, run_id),
        )
        return
    issue_id, first, last = known
    if first is not None and run_id < first:
        conn.execute("UPDATE issues SET first_run = ? WHERE id = ?", (run_id, issue_id))
    if last is None or run_id > last:
        conn.execute("UPDATE issues SET detail = ?, last_run = ? WHERE id = ?", (issue.detail, run_id, issue_id))


def listed(
    conn: sqlite3.Connection, *, source: str | None = None, kind: str | None = None, since: datetime | None = None
) -> list[Row]:
    """What a person should look at, folded by cause, newest first.

    Keys: source, kind, detail (of the newest), pages and count (how many it concerns), first_seen, last_seen, url (an
    example). Of a kind that concerns single pages one row a source; what concerns a source as a whole stands alone, and
    is seen at the ends of the crawls that told it. A time is None where it was told before archives noted by whom.
    """
    rows = conn.execute(
        """SELECT i.source_id AS source, i.kind, i.detail, count(DISTINCT i.page_id) AS pages, count(*) AS count,
             min(coalesce(c.captured_at, f.finished_at, f.started_at)) AS first_seen,
             max(coalesce(c.captured_at, l.finished_at, l.started_at)) AS last_seen, a.url
           FROM issues i LEFT JOIN captures c ON c.id = i.capture_id LEFT JOIN addresses a ON a.id = c.address_id
           LEFT JOIN runs f ON f.id = i.first_run LEFT JOIN runs l ON l.id = i.last_run
           WHERE (?1 IS NULL OR i.source_id = ?1) AND (?2 IS NULL OR i.kind = ?2)
             AND (?3 IS NULL OR coalesce(c.captured_at, l.finished_at, l.started_at) >= ?3)
           GROUP BY i.source_id, i.kind, CASE WHEN i.page_id IS NULL AND i.capture_id IS NULL THEN i.id END
           ORDER BY last_seen DESC, i.source_id, i.kind""",
        (source, kind, to_text(since) if since else None),
    )
    return [dict(row) for row in rows]


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
