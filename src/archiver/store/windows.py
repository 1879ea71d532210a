"""The time in which a change happened: what stood in the way of seeing it, and what the server said at both ends.

Between the two ends of its window no visit showed the page. "Not seen" is never "not there": each visit that failed,
was refused or barred, or got something else than the page, is counted by its obstacle.
"""

import sqlite3

Row = dict[str, object]


def obstacles(conn: sqlite3.Connection, page_id: int, after: str, before: str) -> list[Row]:
    """The visits between two moments that did not show the page, by what came instead: how many, from when to when.

    Signs of absence are among them: '404', 'moved' and the like, which are the beginnings of being gone.
    """
    rows = conn.execute(
        """SELECT CASE WHEN coalesce(g.verdict, 'good') <> 'good' THEN g.verdict
                       WHEN c.outcome IN ('ok', 'same') THEN 'not read yet'
                       WHEN c.outcome IN ('gone', 'refused') THEN c.outcome || ' (' || c.status || ')'
                       WHEN c.outcome = 'failed' THEN 'failed (' || coalesce(c.failure, c.status) || ')'
                       ELSE c.outcome END AS why,
             count(*) AS visits, min(c.captured_at) AS first, max(c.captured_at) AS last
           FROM page_addresses j JOIN captures c ON c.address_id = j.address_id
           LEFT JOIN readings g ON g.capture_id = c.id
           WHERE j.page_id = ? AND c.captured_at > ? AND c.captured_at < ? AND coalesce(g.verdict, '') <> 'good'
           GROUP BY why ORDER BY first, why""",
        (page_id, after, before),
    )
    return [_row(rows, row) for row in rows]


def visits(conn: sqlite3.Connection, page_id: int, after: str, before: str) -> Row:
    """How often the page was seen well between two moments, and the longest stretch in which it was not, in days."""
    row = conn.execute(
        """WITH seen (at) AS (
             SELECT ?2 UNION SELECT ?3 UNION
             SELECT c.captured_at FROM page_addresses j JOIN captures c ON c.address_id = j.address_id
             JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
             WHERE j.page_id = ?1 AND c.captured_at > ?2 AND c.captured_at < ?3)
           SELECT count(*), max(days) FROM
             (SELECT julianday(lead(at) OVER (ORDER BY at)) - julianday(at) AS days FROM seen)""",
        (page_id, after, before),
    ).fetchone()
    return {"seen_between": max(0, row[0] - 2), "longest_gap_days": None if row[1] is None else round(row[1], 2)}


def is_any_technical(conn: sqlite3.Connection, page_id: int, after: str, until: str) -> bool:
    """Whether a state that was first seen after the one moment, and by the other, may be new by our reading only."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM revisions r JOIN change_classes x ON x.revision_id = r.id
             WHERE r.page_id = ? AND r.first_seen > ? AND r.first_seen <= ? AND x.class = 'technical')""",
        (page_id, after, until),
    ).fetchone()
    return bool(row[0])


def last_modified(conn: sqlite3.Connection, capture_id: int | None) -> str | None:
    """What the server said of the capture's age, as sent: another witness, and nothing more."""
    row = conn.execute("SELECT last_modified FROM captures WHERE id = ?", (capture_id,)).fetchone()
    return None if row is None else row[0]


def _row(cursor: sqlite3.Cursor, row: sqlite3.Row) -> Row:
    return dict(zip((column[0] for column in cursor.description), row, strict=True))
