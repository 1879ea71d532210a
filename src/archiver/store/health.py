"""How the archive is getting on: what was seen last, what waits, what fails, how fast the file grows."""

import sqlite3
from datetime import datetime, timedelta
from typing import Any

from archiver.store import plan
from archiver.store.times import to_text, to_text_or_none

Row = dict[str, Any]
DAY, WEEK = timedelta(days=1), timedelta(days=7)
_RUNS = 20
"""Runs of a source, from the last, in which its last good visit is looked for."""


def of_source(conn: sqlite3.Connection, source_id: str, now: datetime) -> Row:
    """One source: last_good, addresses, retired, due, overdue (for over a day), next_due (and its host not left alone),
    asked and failed in the last 24 hours, unread (captures waiting for their reading), paused (hosts left alone now).
    """
    counts = conn.execute(
        """SELECT count(*), sum(due_at IS NULL), sum(due_at <= ?2), sum(due_at <= ?3)
           FROM frontier WHERE source_id = ?1""",
        (source_id, to_text(now), to_text(now - DAY)),
    ).fetchone()
    asked = conn.execute(
        """SELECT count(*), sum(c.outcome IN ('failed', 'refused')) FROM captures c
           JOIN runs n ON n.id = c.run_id AND n.source_id = ? WHERE c.captured_at > ?""",
        (source_id, to_text(now - DAY)),
    ).fetchone()
    unread = conn.execute(
        """SELECT count(*) FROM unread u JOIN captures c ON c.id = u.capture_id
           JOIN addresses a ON a.id = c.address_id WHERE a.source_id = ?""",
        (source_id,),
    ).fetchone()
    paused = conn.execute(
        """SELECT count(*) FROM hosts WHERE paused_until > ?2
             AND host IN (SELECT DISTINCT host FROM frontier WHERE source_id = ?1)""",
        (source_id, to_text(now)),
    ).fetchone()
    return {
        "source": source_id,
        "last_good": _last_good(conn, source_id),
        "addresses": counts[0],
        "retired": counts[1] or 0,
        "due": counts[2] or 0,
        "overdue": counts[3] or 0,
        "next_due": to_text_or_none(plan.next_due_at(conn, source_id)),
        "asked": asked[0],
        "failed": asked[1] or 0,
        "unread": unread[0],
        "paused": paused[0],
    }


def of_file(conn: sqlite3.Connection, now: datetime) -> Row:
    """The file: bytes, and bytes of new bodies in the last seven days; captures, and those of the last 24 hours."""
    pages, size = (conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    known = conn.execute("SELECT max(body_id) FROM captures WHERE captured_at <= ?", (to_text(now - WEEK),)).fetchone()
    grown = conn.execute("SELECT coalesce(sum(length(data)), 0) FROM bodies WHERE id > ?", (known[0] or 0,)).fetchone()
    captures = conn.execute("SELECT count(*), sum(captured_at > ?) FROM captures", (to_text(now - DAY),)).fetchone()
    return {
        "bytes": pages * size,
        "new_bodies_7_days": grown[0],
        "captures": captures[0],
        "captures_24_hours": captures[1] or 0,
    }


def outlook(conn: sqlite3.Connection, source_id: str, until: datetime) -> list[Row]:
    """Each host of a source: addresses it is asked for at all, those due until a time by role, its delay in ms (null:
    never asked), paused_until, its IP address where that is known, and how many other hosts share it."""
    rows = conn.execute(
        """SELECT f.host, sum(f.due_at IS NOT NULL) AS addresses, sum(f.due_at <= ?2) AS due,
             sum(f.due_at <= ?2 AND a.role = 'page') AS pages, sum(f.due_at <= ?2 AND a.role = 'file') AS files,
             h.delay_ms, h.paused_until, h.peer,
             (SELECT count(*) - 1 FROM hosts WHERE peer = h.peer) AS sharing
           FROM frontier f JOIN addresses a ON a.id = f.address_id LEFT JOIN hosts h ON h.host = f.host
           WHERE f.source_id = ?1 AND a.role <> 'robots' GROUP BY f.host ORDER BY due DESC, f.host""",
        (source_id, to_text(until)),
    )
    return [dict(row) for row in rows]


def hosts(conn: sqlite3.Connection, source_id: str) -> list[str]:
    """The hosts that the source has addresses on."""
    rows = conn.execute("SELECT DISTINCT host FROM frontier WHERE source_id = ? ORDER BY host", (source_id,))
    return [row[0] for row in rows]


def first_due(conn: sqlite3.Connection, source_id: str, until: datetime, most: int) -> list[Row]:
    """The addresses that come first until a time: due_at, url, role."""
    rows = conn.execute(
        """SELECT f.due_at, a.url, a.role FROM frontier f JOIN addresses a ON a.id = f.address_id
           WHERE f.source_id = ? AND f.due_at <= ? ORDER BY f.due_at, f.rank, a.id LIMIT ?""",
        (source_id, to_text(until), most),
    )
    return [dict(row) for row in rows]


def _last_good(conn: sqlite3.Connection, source_id: str) -> str | None:
    """When a page or file of the source was last well seen."""
    runs = conn.execute(
        "SELECT id FROM runs WHERE source_id = ? AND kind <> 'import' ORDER BY id DESC LIMIT ?", (source_id, _RUNS)
    )
    for (run_id,) in runs.fetchall():
        row = conn.execute(
            """SELECT max(c.captured_at) FROM captures c JOIN addresses a ON a.id = c.address_id
               LEFT JOIN readings g ON g.capture_id = c.id
               WHERE c.run_id = ? AND c.outcome IN ('ok', 'same') AND a.role IN ('page', 'file')
                 AND coalesce(g.verdict, 'good') = 'good'""",
            (run_id,),
        ).fetchone()
        if row[0]:
            return str(row[0])
    return None
