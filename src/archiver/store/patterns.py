"""Redactions of words wherever they stand: which are in force where, and in which bodies they were found.

A pattern is a standing order: it is looked for in whatever is read. Its hits are noted by body, because a body in which
something is hidden must not leave the archive whole, and because lifting the order concerns just these.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping

from archiver.model import Capture, Pattern
from archiver.store import bodies, logs, redactions

_STANDS = "x.lifts IS NULL AND NOT EXISTS (SELECT 1 FROM redactions u WHERE u.lifts = x.id)"
IN_SCOPE = f"""FROM redactions x JOIN patterns o ON o.id = x.pattern_id
  WHERE {_STANDS} AND (o.source_id IS NULL OR o.source_id = a.source_id)
    AND (o.section IS NULL OR o.section = coalesce((SELECT s.section FROM page_addresses j
      JOIN pages s ON s.id = j.page_id WHERE j.address_id = a.id), o.section))"""
"""The orders in force for the address `a`: x is the entry of the log, o its pattern."""


def add(conn: sqlite3.Connection, pattern: Pattern, source_id: str | None, section: str | None) -> int:
    """Keep the pattern; its id."""
    row = {
        "kind": pattern.kind, "text": pattern.text, "words": pattern.words, "salt": pattern.salt,
        "source_id": source_id, "section": section,
    }  # fmt: skip
    return logs.add(conn, "patterns", row)


def in_force(conn: sqlite3.Connection, source_id: str, section: str) -> tuple[Pattern, ...]:
    """What must be looked for in a page of this section, each by the number of its redaction."""
    rows = conn.execute(
        f"""SELECT x.id, o.kind, o.text, o.words, o.salt FROM redactions x JOIN patterns o ON o.id = x.pattern_id
            WHERE {_STANDS} AND (o.source_id IS NULL OR o.source_id = ?) AND (o.section IS NULL OR o.section = ?)
            ORDER BY x.id""",
        (source_id, section),
    )
    return tuple(Pattern(*row) for row in rows)


def note(conn: sqlite3.Connection, capture: Capture, found: Mapping[int, int]) -> None:
    """Note in what the orders were found, by redaction and number of places; what is to be erased is.

    Of a page that a browser rendered that is what was read; and what was sent, unless other addresses send the same.
    """
    shown = {capture.shown_id}
    if capture.body_id != capture.shown_id and redactions.senders(conn, capture.body_id or 0) == 1:
        shown.add(capture.body_id)
    for redaction_id, places in found.items():
        for body_id in filter(None, shown):
            conn.execute(
                """INSERT INTO redaction_hits (redaction_id, body_id, places) VALUES (?, ?, ?)
                   ON CONFLICT (redaction_id, body_id) DO UPDATE SET places = max(places, excluded.places)""",
                (redaction_id, body_id, places),
            )
            if places and _erases(conn, redaction_id):
                bodies.erase(conn, body_id)


def in_scope(conn: sqlite3.Connection, source_id: str | None, section: str | None) -> Iterator[int]:
    """One capture of each kept body that the order is about; of a rendered page the one that was read."""
    rows = conn.execute(
        """SELECT min(c.id) FROM captures c JOIN addresses a ON a.id = c.address_id
           LEFT JOIN renderings m ON m.capture_id = c.id JOIN bodies b ON b.id = coalesce(m.body_id, c.body_id)
           WHERE b.fate = 'kept' AND (?1 IS NULL OR a.source_id = ?1)
             AND (?2 IS NULL OR EXISTS (SELECT 1 FROM page_addresses j JOIN pages s ON s.id = j.page_id
               WHERE j.address_id = a.id AND s.section = ?2))
           GROUP BY b.id, a.source_id, c.address_id ORDER BY 1""",
        (source_id, section),
    )
    return (int(row[0]) for row in rows.fetchall())


def pages_hit(conn: sqlite3.Connection, redaction_ids: Iterable[int]) -> list[int]:
    """The pages on which the orders were found."""
    rows = conn.execute(
        """SELECT DISTINCT p.page_id FROM redaction_hits h JOIN captures c ON c.body_id = h.body_id
           JOIN page_addresses p ON p.address_id = c.address_id
           WHERE h.places > 0 AND h.redaction_id IN (SELECT value FROM json_each(?1))
           UNION SELECT p.page_id FROM redaction_hits h JOIN renderings m ON m.body_id = h.body_id
           JOIN captures c ON c.id = m.capture_id JOIN page_addresses p ON p.address_id = c.address_id
           WHERE h.places > 0 AND h.redaction_id IN (SELECT value FROM json_each(?1)) ORDER BY 1""",
        (json.dumps(list(redaction_ids)),),
    )
    return [int(row[0]) for row in rows]


def lines(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Source and text of what was concluded from many pages at once: events, and lines learned to be furniture."""
    rows = conn.execute(
        """SELECT source_id, summary FROM events UNION
           SELECT n.source_id, f.content FROM settled s JOIN runs n ON n.id = s.run_id
           JOIN furniture f ON f.id = s.furniture_id"""
    )
    return ((str(row[0]), str(row[1])) for row in rows.fetchall())


def forget_rules(conn: sqlite3.Connection, is_hit: Callable[[str], bool]) -> None:
    """Delete rules by which nothing is read any more, where their learned furniture has the words."""
    rows = conn.execute(
        """SELECT id, content FROM rules u WHERE NOT EXISTS (SELECT 1 FROM readings WHERE rules_id = u.id)
             AND json_extract(content, '$.furniture') IS NOT NULL"""
    )
    gone = [row[0] for row in rows.fetchall() if is_hit(row[1])]
    conn.execute("DELETE FROM rules WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(gone),))


def salt(conn: sqlite3.Connection) -> str | None:
    """What the words of this archive's orders are hashed with; None where there are none yet."""
    row = conn.execute("SELECT salt FROM patterns WHERE kind = 'words' ORDER BY id LIMIT 1").fetchone()
    return None if row is None else str(row[0])


def erased_by(conn: sqlite3.Connection, found: Mapping[int, int]) -> bool:
    """Whether one of the orders that were found is an erasure."""
    return any(places and _erases(conn, redaction_id) for redaction_id, places in found.items())


def _erases(conn: sqlite3.Connection, redaction_id: int) -> bool:
    row = conn.execute("SELECT level FROM redactions WHERE id = ?", (redaction_id,)).fetchone()
    return row is not None and row[0] == "erased"
