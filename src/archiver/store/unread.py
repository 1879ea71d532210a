"""The list of captures that are stored and not yet read (docs/decisions/0001).

A line is added in the transaction that stores a capture and struck out in the one that records what it says. What a
kill leaves on the list is read by the next run; a rebuild puts everything on it. It is mostly empty, so every question
begins at it (hence CROSS JOIN): the other way round leads through all that was ever captured.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime

from archiver.store import remaking
from archiver.store.times import to_time


def note(conn: sqlite3.Connection, capture_id: int) -> None:
    """This capture has still to be read."""
    conn.execute("INSERT INTO unread (capture_id) VALUES (?)", (capture_id,))


def strike(conn: sqlite3.Connection, capture_id: int) -> None:
    """This capture has been read, whatever came of it."""
    conn.execute("DELETE FROM unread WHERE capture_id = ?", (capture_id,))


def waits_of(conn: sqlite3.Connection, page_id: int, beside: int) -> bool:
    """Whether a capture of the page has still to be read, `beside` this one.

    The list is short: from there, in this order. Its captures' pages are looked up within, for a join makes SQLite go
    through all addresses of the archive, to make a Bloom filter of them.
    """
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM unread u WHERE ?1 = (
             SELECT p.page_id FROM captures c JOIN page_addresses p ON p.address_id = c.address_id
             WHERE c.id = u.capture_id) AND u.capture_id <> ?2)""",
        (page_id, beside),
    ).fetchone()
    return bool(row[0])


def waiting(conn: sqlite3.Connection, source_id: str) -> list[int]:
    """The captures of the source that have still to be read, in the order of time."""
    rows = conn.execute(
        """SELECT c.id FROM unread u CROSS JOIN captures c ON c.id = u.capture_id
           CROSS JOIN addresses a ON a.id = c.address_id
           WHERE a.source_id = ? ORDER BY c.captured_at, c.id""",
        (source_id,),
    )
    return [int(row[0]) for row in rows]


def sources(conn: sqlite3.Connection) -> list[str]:
    """The sources of which something waits."""
    rows = conn.execute(
        """SELECT DISTINCT a.source_id FROM unread u JOIN captures c ON c.id = u.capture_id
           JOIN addresses a ON a.id = c.address_id ORDER BY 1"""
    )
    return [str(row[0]) for row in rows]


def first_at(conn: sqlite3.Connection, source_id: str) -> datetime | None:
    """When the first capture of the source was made that has still to be read; None where all are."""
    row = conn.execute(
        """SELECT min(c.captured_at) FROM unread u CROSS JOIN captures c ON c.id = u.capture_id
           CROSS JOIN addresses a ON a.id = c.address_id WHERE a.source_id = ?""",
        (source_id,),
    ).fetchone()
    return to_time(row[0]) if row[0] else None


def widen(conn: sqlite3.Connection, source_id: str) -> None:
    """Where a capture waits that lies before what is recorded of its page, forget the page and note it whole.

    A bug that has been mended, a slow answer, an import: a page's history is told in the order of time, or not at all.
    """
    rows = conn.execute(
        """SELECT DISTINCT p.page_id FROM unread u
           CROSS JOIN captures c ON c.id = u.capture_id
           CROSS JOIN addresses a ON a.id = c.address_id AND a.source_id = ?
           CROSS JOIN page_addresses p ON p.address_id = a.id
           WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.page_id = p.page_id AND r.last_seen > c.captured_at)
              OR EXISTS (SELECT 1 FROM absences n JOIN captures m ON m.id = n.last_missed
                         WHERE n.page_id = p.page_id AND m.captured_at > c.captured_at)""",
        (source_id,),
    )
    if pages := [int(row[0]) for row in rows]:
        remaking.forget_pages(conn, pages)
        note_pages(conn, pages)


def note_source(conn: sqlite3.Connection, source_id: str) -> None:
    """Every capture of the source has to be read anew."""
    conn.execute(
        """INSERT INTO unread (capture_id)
           SELECT c.id FROM addresses a JOIN captures c ON c.address_id = a.id WHERE a.source_id = ?
           ON CONFLICT DO NOTHING""",
        (source_id,),
    )


def note_pages(conn: sqlite3.Connection, pages: Iterable[int]) -> list[str]:
    """Every capture of these pages has to be read anew; the sources they belong to."""
    wanted = json.dumps(sorted(set(pages)))
    conn.execute(
        """INSERT INTO unread (capture_id)
           SELECT c.id FROM json_each(?) AS wanted
           JOIN page_addresses p ON p.page_id = wanted.value JOIN captures c ON c.address_id = p.address_id
           ON CONFLICT DO NOTHING""",
        (wanted,),
    )
    rows = conn.execute(
        """SELECT DISTINCT a.source_id FROM json_each(?) AS wanted
           JOIN page_addresses p ON p.page_id = wanted.value JOIN addresses a ON a.id = p.address_id ORDER BY 1""",
        (wanted,),
    )
    return [str(row[0]) for row in rows]
