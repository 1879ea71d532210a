"""Notices: what a site says on its pages that is not the page's, by the time in which it was seen."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from archiver.digests import sha256
from archiver.model import Capture, Notice
from archiver.store.times import to_text, to_time

NOTICE_ENDS = timedelta(days=30)
"""A notice not seen for so long and then again is another episode."""


def add(conn: sqlite3.Connection, source_id: str, capture: Capture, texts: Iterable[str | Notice]) -> None:
    """The site-wide notices that stood on the captured page: new rows, or longer ones."""
    page = conn.execute("SELECT page_id FROM page_addresses WHERE address_id = ?", (capture.address.id,)).fetchone()
    words = (one.text if isinstance(one, Notice) else one for one in texts)
    for text in dict.fromkeys(words):
        notice_id = _notice(conn, source_id, capture, text)
        if page is not None:
            _count_page(conn, notice_id, page[0])


def _notice(conn: sqlite3.Connection, source_id: str, capture: Capture, text: str) -> int:
    """The id of the episode this notice belongs to, which now reaches to the capture."""
    digest, at = sha256(text.encode("utf-8", "surrogatepass")), to_text(capture.at)
    row = conn.execute(
        """SELECT id, first_seen, last_seen, first_capture, last_capture FROM notices
           WHERE source_id = ? AND sha256 = ? ORDER BY first_seen DESC LIMIT 1""",
        (source_id, digest),
    ).fetchone()
    if row is None or _is_over(row[2], capture.at):
        cursor = conn.execute(
            """INSERT INTO notices (source_id, sha256, text, first_capture, last_capture, first_seen, last_seen, pages)
               VALUES (?, ?, ?, ?, ?, ?, ?, 0)""",
            (source_id, digest, text, capture.id, capture.id, at, at),
        )
        return int(cursor.lastrowid or 0)
    first, last = min((row[1], row[3]), (at, capture.id)), max((row[2], row[4]), (at, capture.id))
    if (first, last) != ((row[1], row[3]), (row[2], row[4])):  # pages of one site are read in no fixed order
        conn.execute(
            "UPDATE notices SET first_seen = ?, first_capture = ?, last_seen = ?, last_capture = ? WHERE id = ?",
            (*first, *last, row[0]),
        )
    return int(row[0])


def _is_over(last_seen: str, at: datetime) -> bool:
    return at - to_time(last_seen) > NOTICE_ENDS


def _count_page(conn: sqlite3.Connection, notice_id: int, page_id: int) -> None:
    added = conn.execute(
        "INSERT INTO notice_pages (notice_id, page_id) VALUES (?, ?) ON CONFLICT DO NOTHING", (notice_id, page_id)
    ).rowcount
    if added:
        conn.execute("UPDATE notices SET pages = pages + 1 WHERE id = ?", (notice_id,))
