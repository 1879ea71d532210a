"""Revisions and absences: what became of a page, as rows that grow with each visit."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from archiver.errors import NotFound
from archiver.model import Absence, Capture, Revision, State
from archiver.store.times import to_text, to_time


def last_revision(conn: sqlite3.Connection, page_id: int) -> Revision | None:
    """The page's latest revision; None before the first."""
    row = conn.execute(
        """SELECT id, page_id, number, state, core, document_id, first_capture, last_capture, first_seen, last_seen,
             visits, moved_to
           FROM revisions WHERE page_id = ? ORDER BY number DESC LIMIT 1""",
        (page_id,),
    ).fetchone()
    return None if row is None else _revision(row)


def revision_with_core(conn: sqlite3.Connection, page_id: int, core: str, before_number: int) -> int | None:
    """The number of the latest revision before that one with this core: what the page returns to."""
    row = conn.execute(
        "SELECT max(number) FROM revisions WHERE page_id = ? AND core = ? AND number < ?",
        (page_id, core, before_number),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def states_read_otherwise(conn: sqlite3.Connection, page_id: int, rules_id: int, most: int) -> list[tuple[int, int]]:
    """The page's states before its last that other rules read, the latest first: number, and the first capture."""
    rows = conn.execute(
        """SELECT r.number, r.first_capture FROM revisions r JOIN readings g ON g.capture_id = r.first_capture
           WHERE r.page_id = ?1 AND r.state = 'present' AND g.rules_id <> ?2
             AND r.number < (SELECT max(number) FROM revisions WHERE page_id = ?1) ORDER BY r.number DESC LIMIT ?3""",
        (page_id, rules_id, most),
    )
    return [(number, capture_id) for number, capture_id in rows]


def begin_revision(
    conn: sqlite3.Connection,
    page_id: int,
    *,
    state: State,
    document_id: int | None,
    core: str | None,
    moved_to: str | None,
    first_capture: int,
    first_seen: datetime,
    last_capture: int,
    last_seen: datetime,
    visits: int = 1,
) -> Revision:
    """The page's next revision, numbered on from the last."""
    row = conn.execute(
        """INSERT INTO revisions (page_id, number, state, document_id, core, moved_to, first_capture, last_capture,
             first_seen, last_seen, visits)
           VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM revisions WHERE page_id = ?1),
             ?, ?, ?, ?, ?, ?, ?, ?, ?)
           RETURNING id, page_id, number, state, core, document_id, first_capture, last_capture, first_seen, last_seen,
             visits, moved_to""",
        (
            page_id, state, document_id, core, moved_to, first_capture, last_capture, to_text(first_seen),
            to_text(last_seen), visits,
        ),
    ).fetchall()  # fmt: skip
    return _revision(row[0])


def extend_revision(conn: sqlite3.Connection, revision_id: int, capture_id: int, at: datetime) -> None:
    """One more capture showed the page as it was."""
    conn.execute(
        "UPDATE revisions SET last_capture = ?, last_seen = ?, visits = visits + 1 WHERE id = ?",
        (capture_id, to_text(at), revision_id),
    )


@dataclass(frozen=True, slots=True)
class LastSnapshot:
    """A page as it was last seen well: the capture, and what was read of it."""

    capture_id: int
    document_id: int
    rules_id: int
    kind: str
    words: int  # in the main text
    core: str
    sha256: str  # of the document
    address_id: int
    body_id: int
    masked: int  # personal identity numbers
    fit: str | None
    is_rendered: bool = False  # it was read as a browser showed it


def last_snapshot(conn: sqlite3.Connection, page_id: int) -> LastSnapshot | None:
    """The page's latest snapshot; None where it was never seen well."""
    row = conn.execute(
        """SELECT g.capture_id, g.document_id, g.rules_id, d.kind, d.words, d.core, d.sha256, c.address_id, c.body_id,
             g.masked, g.fit, g.body_id IS NOT NULL
           FROM revisions r JOIN readings g ON g.capture_id = r.last_capture JOIN documents d ON d.id = g.document_id
             JOIN captures c ON c.id = g.capture_id
           WHERE r.page_id = ? AND r.state = 'present'
           ORDER BY r.number DESC LIMIT 1""",
        (page_id,),
    ).fetchone()
    return None if row is None else LastSnapshot(*row)


class Called(NamedTuple):
    """What a document calls itself."""

    title: str | None = None
    language: str | None = None
    canonical: str | None = None


def called(conn: sqlite3.Connection, document_id: int) -> Called:
    """What the document calls itself; nothing where there is no such document."""
    row = conn.execute(
        "SELECT title, language, json_extract(about, '$.canonical') FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    return Called() if row is None else Called(*row)


def is_doubted(conn: sqlite3.Connection, address_id: int, last: LastSnapshot, by: datetime) -> bool:
    """Whether something else came in the page's place by that time, and since it was last seen well."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM captures c JOIN readings g ON g.capture_id = c.id AND g.verdict = 'wrong-kind'
             WHERE c.address_id = ?1 AND c.captured_at <= ?3
               AND c.captured_at > (SELECT captured_at FROM captures WHERE id = ?2))""",
        (address_id, last.capture_id, to_text(by)),
    ).fetchone()
    return bool(row[0])


def shown_elsewhere(conn: sqlite3.Connection, page_id: int, capture: Capture) -> bool:
    """Whether another address of the page showed it, the last time before this capture that it told us anything."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM page_addresses p WHERE p.page_id = ?1 AND p.address_id <> ?2 AND
             (SELECT g.verdict FROM captures c LEFT JOIN readings g ON g.capture_id = c.id
              WHERE c.address_id = p.address_id AND (c.captured_at, c.id) < (?3, ?4)
                AND c.outcome IN ('ok', 'same', 'gone', 'moved')
              ORDER BY c.captured_at DESC LIMIT 1) = 'good')""",
        (page_id, capture.address.id, to_text(capture.at), capture.id),
    ).fetchone()
    return bool(row[0])


def open_absence(conn: sqlite3.Connection, page_id: int) -> Absence | None:
    """The page's episode of absence that is still going on, suspected or confirmed."""
    row = conn.execute(
        """SELECT n.sign, n.state, n.last_good, n.first_missed, n.last_missed, f.captured_at, l.captured_at, n.misses,
             n.confirmed_by, n.back_by, n.id
           FROM absences n
           JOIN captures f ON f.id = n.first_missed
           JOIN captures l ON l.id = n.last_missed
           WHERE n.page_id = ? AND n.state IN ('suspect', 'gone') ORDER BY n.id DESC LIMIT 1""",
        (page_id,),
    ).fetchone()
    return None if row is None else _absence(row)


def save_absence(conn: sqlite3.Connection, page_id: int, absence: Absence) -> int:
    """The id of the episode, stored for the first time or brought up to date; whether it is linked is noted later."""
    values = {
        "id": absence.id, "page_id": page_id, "sign": absence.sign, "state": absence.state,
        "last_good": absence.last_good, "first_missed": absence.first_missed, "last_missed": absence.last_missed,
        "misses": absence.misses, "confirmed_by": absence.confirmed_by, "back_by": absence.back_by,
    }  # fmt: skip
    if absence.id is None:
        cursor = conn.execute(
            """INSERT INTO absences (page_id, sign, state, last_good, first_missed, last_missed, misses, confirmed_by,
                 back_by)
               VALUES (:page_id, :sign, :state, :last_good, :first_missed, :last_missed, :misses, :confirmed_by,
                 :back_by)""",
            values,
        )
        return int(cursor.lastrowid or 0)
    cursor = conn.execute(
        """UPDATE absences SET sign = :sign, state = :state, last_good = :last_good, first_missed = :first_missed,
             last_missed = :last_missed, misses = :misses, confirmed_by = :confirmed_by, back_by = :back_by
           WHERE id = :id AND page_id = :page_id""",
        values,
    )
    if cursor.rowcount != 1:
        raise NotFound(f"page {page_id} has no absence {absence.id}")
    return absence.id


def _revision(row: sqlite3.Row) -> Revision:
    *fields, first_seen, last_seen, visits, moved_to = row
    return Revision(*(*fields, to_time(first_seen), to_time(last_seen), visits, moved_to))


def _absence(row: sqlite3.Row) -> Absence:
    head, (first_at, last_at), tail = row[:5], row[5:7], row[7:]
    return Absence(*(*head, to_time(first_at), to_time(last_at), *tail))
