"""What the archive knows of one URL, asked or not; and what it wants a person to look at."""

import sqlite3
from datetime import datetime
from typing import Any

from archiver import urls
from archiver.store.times import to_text

Row = dict[str, Any]


def entry(conn: sqlite3.Connection, url: str) -> Row | None:
    """The address of a URL: where and when it was found, its page, its plan, its last visits; None: never met.

    Keys: url, source, role, depth, found_at, found_on, page, due_at, failures, unchanged, next_at and paused_until (of
    its host), visits (the last five, newest first: captured_at, outcome, status, verdict, robots, rendering).
    """
    parsed = urls.parse(url)
    row = conn.execute(
        """SELECT a.id, a.url, a.source_id AS source, a.role, a.depth, a.found_at,
             (SELECT url FROM addresses WHERE id = a.found_on) AS found_on, p.key AS page, f.due_at, f.failures,
             f.unchanged, h.next_at, h.paused_until
           FROM addresses a LEFT JOIN page_addresses pa ON pa.address_id = a.id LEFT JOIN pages p ON p.id = pa.page_id
           LEFT JOIN frontier f ON f.address_id = a.id LEFT JOIN hosts h ON h.host = a.host WHERE a.key = ?""",
        (urls.key(parsed) if parsed else url,),
    ).fetchone()
    if row is None:
        return None
    visits = conn.execute(
        """SELECT c.id AS capture, c.captured_at, c.outcome, c.status, c.failure, g.verdict, c.robots,
             m.outcome AS rendering
           FROM captures c LEFT JOIN readings g ON g.capture_id = c.id LEFT JOIN renderings m ON m.capture_id = c.id
           WHERE c.address_id = ? ORDER BY c.captured_at DESC LIMIT 5""",
        (row["id"],),
    )
    found: Row = dict(row) | {"visits": [dict(visit) for visit in visits]}
    del found["id"]
    return found


def links_to(conn: sqlite3.Connection, url: str) -> list[Row]:
    """The pages whose latest text links to a URL, five at most: url, text."""
    parsed = urls.parse(url)
    rows = conn.execute(
        """SELECT DISTINCT p.url, l.text FROM targets t JOIN links l ON l.target_id = t.id
           JOIN current_pages p ON p.document_id = l.document_id WHERE t.key = ? ORDER BY p.url LIMIT 5""",
        (urls.key(parsed) if parsed else url,),
    )
    return [dict(row) for row in rows]


def issues(
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
