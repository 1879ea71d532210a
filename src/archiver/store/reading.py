"""What our rules make of the evidence.

Rows may be deleted and made again at will (`remaking`). Here are rules, pages and readings; documents, revisions and
changes have modules of their own, and are offered here too.
"""

import sqlite3
from dataclasses import replace
from typing import NamedTuple

from archiver.digests import canonical
from archiver.errors import NotFound
from archiver.model import Capture, Document, Link, Rules, Verdict
from archiver.store.changes import load_change, save_change
from archiver.store.documents import keep_targets, load_document, save_document
from archiver.store.forms import Stem
from archiver.store.remaking import forget, forget_pages, rebuild_indexes, sweep
from archiver.store.revisions import (
    Called,
    LastSnapshot,
    begin_revision,
    called,
    extend_revision,
    is_doubted,
    last_revision,
    last_snapshot,
    open_absence,
    revision_with_core,
    save_absence,
    shown_elsewhere,
    states_read_otherwise,
)
from archiver.store.times import to_time

__all__ = [
    "Called",
    "Known",
    "LastSnapshot",
    "Refusal",
    "Stem",
    "add_reading",
    "addresses_of",
    "begin_revision",
    "called",
    "extend_revision",
    "forget",
    "forget_pages",
    "is_doubted",
    "join_page",
    "keep_targets",
    "known_reading",
    "last_refusal",
    "last_revision",
    "last_snapshot",
    "links_of",
    "load_change",
    "load_document",
    "open_absence",
    "page_key",
    "page_of",
    "reading_of",
    "rebuild_indexes",
    "revision_with_core",
    "save_absence",
    "save_change",
    "save_document",
    "save_rules",
    "shown_elsewhere",
    "states_read_otherwise",
    "sweep",
]


class Known(NamedTuple):
    """A good reading that need not be made again."""

    document_id: int
    masked: int  # personal identity numbers
    fit: str | None
    core: str
    sha256: str


class Refusal(NamedTuple):
    """A capture that showed no page, and why."""

    capture: Capture
    verdict: Verdict
    reason: str
    masked: int
    fit: str | None


def save_rules(conn: sqlite3.Connection, rules: Rules) -> int:
    """The id of these rules, kept whole so that each reading made with them can be explained."""
    row = conn.execute("SELECT id FROM rules WHERE sha256 = ?", (rules.sha256,)).fetchone()
    if row:
        return int(row[0])
    cursor = conn.execute(
        "INSERT INTO rules (sha256, profile, language, reader, content) VALUES (?, ?, ?, ?, ?)",
        (rules.sha256, rules.profile.name, rules.language.code, rules.reader, canonical(rules.content).decode()),
    )
    return int(cursor.lastrowid or 0)


def page_of(conn: sqlite3.Connection, address_id: int) -> int | None:
    """The page the address belongs to; None where none was made yet."""
    row = conn.execute("SELECT page_id FROM page_addresses WHERE address_id = ?", (address_id,)).fetchone()
    return None if row is None else int(row[0])


def page_key(conn: sqlite3.Connection, page_id: int) -> str:
    """The page's identity. Raises NotFound."""
    row = conn.execute("SELECT key FROM pages WHERE id = ?", (page_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no page {page_id}")
    return str(row[0])


def addresses_of(conn: sqlite3.Connection, page_id: int) -> list[int]:
    """The addresses of the page, the first known first."""
    rows = conn.execute("SELECT address_id FROM page_addresses WHERE page_id = ? ORDER BY address_id", (page_id,))
    return [int(row[0]) for row in rows]


def join_page(
    conn: sqlite3.Connection,
    address_id: int,
    *,
    source_id: str,
    key: str,
    kind: str,
    section: str,
    embargo_days: int | None,
    why: str,
) -> int:
    """Make the address one of the page with this key, which is created where it is new.

    Section and embargo follow the configuration: an older page takes on today's.
    """
    page_id = _page(conn, source_id=source_id, key=key, kind=kind, section=section, embargo_days=embargo_days)
    joined = conn.execute("SELECT page_id, why FROM page_addresses WHERE address_id = ?", (address_id,)).fetchone()
    if joined is None or tuple(joined) != (page_id, why):
        conn.execute(
            """INSERT INTO page_addresses (address_id, page_id, why) VALUES (?, ?, ?)
               ON CONFLICT (address_id) DO UPDATE SET page_id = excluded.page_id, why = excluded.why""",
            (address_id, page_id, why),
        )
    return page_id


def add_reading(
    conn: sqlite3.Connection,
    capture_id: int,
    rules_id: int,
    verdict: Verdict,
    reason: str,
    document_id: int | None,
    masked: int,
    fit: str | None = None,
) -> None:
    """How the capture was read; a second reading of it takes the place of the first."""
    conn.execute(
        """INSERT INTO readings (capture_id, rules_id, verdict, reason, document_id, masked, fit, body_id)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, (SELECT body_id FROM renderings WHERE capture_id = ?1))
           ON CONFLICT (capture_id) DO UPDATE SET rules_id = excluded.rules_id, verdict = excluded.verdict,
             reason = excluded.reason, document_id = excluded.document_id, masked = excluded.masked,
             fit = excluded.fit""",
        (capture_id, rules_id, verdict, reason, document_id, masked, fit),
    )


def reading_of(conn: sqlite3.Connection, capture_id: int) -> sqlite3.Row | None:
    """The capture's reading: rules_id, verdict, reason, document_id, masked; None where it was not read."""
    row: sqlite3.Row | None = conn.execute(
        "SELECT rules_id, verdict, reason, document_id, masked FROM readings WHERE capture_id = ?", (capture_id,)
    ).fetchone()
    return row


def core_of(conn: sqlite3.Connection, document_id: int) -> str:
    """The core of a document, without loading it. Raises NotFound."""
    row = conn.execute("SELECT core FROM documents WHERE id = ?", (document_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no document {document_id}")
    return str(row[0])


def document_of(conn: sqlite3.Connection, capture_id: int) -> Document | None:
    """What was read of the capture; None where it showed no page."""
    row = reading_of(conn, capture_id)
    return None if row is None or row["document_id"] is None else load_document(conn, row["document_id"])


def links_of(conn: sqlite3.Connection, document_id: int) -> list[Link]:
    """The links of a document, without loading the rest of it."""
    rows = conn.execute(
        """SELECT t.url, l.rel, l.part, l.text, l.note FROM links l JOIN targets t ON t.id = l.target_id
           WHERE l.document_id = ? ORDER BY l.position""",
        (document_id,),
    )
    return [Link(*row) for row in rows]


def has_links(conn: sqlite3.Connection, document_id: int, most: int) -> bool:
    """Whether a document has so many links, without counting them."""
    row = conn.execute("SELECT 1 FROM links WHERE document_id = ? AND position = ?", (document_id, most - 1))
    return row.fetchone() is not None


def known_reading(conn: sqlite3.Connection, address_id: int, body_id: int, rules_id: int) -> Known | None:
    """What the latest good reading of this very body under these very rules found; None where there is none."""
    row = conn.execute(
        """SELECT g.document_id, g.masked, g.fit, d.core, d.sha256
           FROM captures c JOIN readings g ON g.capture_id = c.id JOIN documents d ON d.id = g.document_id
           WHERE c.address_id = ? AND coalesce(g.body_id, c.body_id) = ? AND g.rules_id = ? AND g.verdict = 'good'
           ORDER BY c.captured_at DESC LIMIT 1""",
        (address_id, body_id, rules_id),
    ).fetchone()
    return None if row is None else Known(*row)


def last_refusal(conn: sqlite3.Connection, capture: Capture, rules_id: int) -> Refusal | None:
    """How the answer before this one of the address was refused; None where that was another answer, or not refused.

    Nor is there one where notices of the site stood on the page, which count each time they are read.
    """
    row = conn.execute(
        """SELECT c.id, g.verdict, g.reason, g.masked, g.fit, c.captured_at FROM
             (SELECT id, captured_at, body_id, flaw FROM captures
              WHERE address_id = ?1 AND id <> ?2 ORDER BY captured_at DESC LIMIT 1) c
           JOIN readings g ON g.capture_id = c.id
           WHERE c.body_id = ?3 AND g.rules_id = ?4 AND g.verdict NOT IN ('good', 'unread', 'withheld', 'challenge')
             AND c.flaw IS NULL AND NOT EXISTS (SELECT 1 FROM page_addresses p JOIN notice_pages n USING (page_id)
               WHERE p.address_id = ?1)""",
        (capture.address.id, capture.id, capture.body_id, rules_id),
    ).fetchone()
    if row is None:
        return None
    before = replace(capture, id=row[0], at=to_time(row[5]))
    return Refusal(before, *row[1:5])


def _page(
    conn: sqlite3.Connection, *, source_id: str, key: str, kind: str, section: str, embargo_days: int | None
) -> int:
    row = conn.execute("SELECT id, section, embargo_days FROM pages WHERE key = ?", (key,)).fetchone()
    if row is None:
        cursor = conn.execute(
            "INSERT INTO pages (source_id, key, kind, section, embargo_days) VALUES (?, ?, ?, ?, ?)",
            (source_id, key, kind, section, embargo_days),
        )
        return int(cursor.lastrowid or 0)
    if tuple(row[1:]) != (section, embargo_days):
        conn.execute("UPDATE pages SET section = ?, embargo_days = ? WHERE id = ?", (section, embargo_days, row[0]))
    return int(row[0])
