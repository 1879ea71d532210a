"""Forgetting what was read, so that it can be read again. Evidence and plan are never touched."""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from archiver.stems import words_of
from archiver.store.forms import unlearn, unlearn_all_gone

_FORGET = (
    """DELETE FROM issues WHERE (source_id = :source AND kind <> 'trap')
         OR page_id IN (SELECT page_id FROM own_pages)
         OR capture_id IN (SELECT c.id FROM own_addresses o JOIN captures c ON c.address_id = o.address_id)""",
    "DELETE FROM notices WHERE source_id = :source",
    "DELETE FROM notice_pages WHERE page_id IN (SELECT page_id FROM own_pages)",
    "DELETE FROM revisions WHERE page_id IN (SELECT page_id FROM own_pages)",
    "DELETE FROM absences WHERE page_id IN (SELECT page_id FROM own_pages)",
    "DELETE FROM events WHERE source_id = :source",
    "DELETE FROM settled WHERE run_id IN (SELECT id FROM runs WHERE source_id = :source)",
    """DELETE FROM readings WHERE capture_id IN
         (SELECT c.id FROM own_addresses o JOIN captures c ON c.address_id = o.address_id)""",
    "DELETE FROM page_addresses WHERE address_id IN (SELECT address_id FROM own_addresses)",
)
"""In the order the references allow; changes, classes, reasons, hunks and link changes go with their revisions. What a
crawl concluded of the addresses it found (issues 'trap') is no reading."""
_SWEEP = (
    "DELETE FROM furniture WHERE NOT EXISTS (SELECT 1 FROM settled WHERE furniture_id = furniture.id)",
    """DELETE FROM documents WHERE
         NOT EXISTS (SELECT 1 FROM readings WHERE document_id = documents.id)
         AND NOT EXISTS (SELECT 1 FROM revisions WHERE document_id = documents.id)""",
    """DELETE FROM pages WHERE
         NOT EXISTS (SELECT 1 FROM page_addresses WHERE page_id = pages.id)
         AND NOT EXISTS (SELECT 1 FROM revisions WHERE page_id = pages.id)
         AND NOT EXISTS (SELECT 1 FROM absences WHERE page_id = pages.id)
         AND NOT EXISTS (SELECT 1 FROM issues WHERE page_id = pages.id)
         AND NOT EXISTS (SELECT 1 FROM notice_pages WHERE page_id = pages.id)""",
    """DELETE FROM targets WHERE
         NOT EXISTS (SELECT 1 FROM links WHERE target_id = targets.id)
         AND NOT EXISTS (SELECT 1 FROM link_changes WHERE target_id = targets.id)
         AND NOT EXISTS (SELECT 1 FROM link_changes WHERE before_id = targets.id)""",
)


_UNUSED = """INSERT INTO unused_passages SELECT id FROM passages WHERE
    NOT EXISTS (SELECT 1 FROM blocks WHERE passage_id = passages.id)
    AND NOT EXISTS (SELECT 1 FROM hunks WHERE before_id = passages.id)
    AND NOT EXISTS (SELECT 1 FROM hunks WHERE after_id = passages.id)"""


class Sampled(NamedTuple):
    """A capture as it was read."""

    capture_id: int
    rules_sha256: str
    verdict: str
    document_id: int | None


def sample(conn: sqlite3.Connection, source_id: str, count: int) -> list[Sampled]:
    """So many captures of the source that brought a body, always the same ones: in the order of their rows' digests."""
    rows = conn.execute(
        """SELECT c.id, u.sha256, g.verdict, g.document_id FROM addresses a
           JOIN captures c ON c.address_id = a.id AND c.outcome = 'ok'
           JOIN readings g ON g.capture_id = c.id AND g.verdict <> 'withheld' JOIN rules u ON u.id = g.rules_id
           WHERE a.source_id = ? AND a.role IN ('page', 'file') ORDER BY c.leaf LIMIT ?""",
        (source_id, count),
    )
    return [Sampled(*row) for row in rows]


def forget(conn: sqlite3.Connection, source_id: str) -> None:
    """Delete what was read of the source's addresses: readings, revisions, absences, changes, notices, issues, events.

    Pages, documents, passages and targets stay, known by what they are, so that reading the same again finds them
    under their old ids and writes little. Once all is read, `sweep` removes those that nobody came back for.
    """
    conn.execute("CREATE TEMP TABLE own_addresses (address_id INTEGER PRIMARY KEY)")
    conn.execute("CREATE TEMP TABLE own_pages (page_id INTEGER PRIMARY KEY)")
    conn.execute("INSERT INTO own_addresses SELECT id FROM addresses WHERE source_id = ?", (source_id,))
    conn.execute(
        """INSERT INTO own_pages
           SELECT page_id FROM page_addresses WHERE address_id IN (SELECT address_id FROM own_addresses)
           UNION SELECT id FROM pages WHERE source_id = ?""",
        (source_id,),
    )
    for statement in _FORGET:
        conn.execute(statement, {"source": source_id})
    conn.execute("DROP TABLE own_pages")
    conn.execute("DROP TABLE own_addresses")


_FORGET_PAGES = (
    "DELETE FROM issues WHERE page_id IN (SELECT value FROM json_each(:pages))",
    """DELETE FROM notices WHERE source_id IN
         (SELECT source_id FROM pages WHERE id IN (SELECT value FROM json_each(:pages)))
         AND id IN (SELECT notice_id FROM notice_pages WHERE page_id IN (SELECT value FROM json_each(:pages)))
         AND NOT EXISTS (SELECT 1 FROM notice_pages o WHERE o.notice_id = notices.id
           AND o.page_id NOT IN (SELECT value FROM json_each(:pages)))""",
    "DELETE FROM revisions WHERE page_id IN (SELECT value FROM json_each(:pages))",
    "DELETE FROM absences WHERE page_id IN (SELECT value FROM json_each(:pages))",
    """DELETE FROM readings WHERE capture_id IN (SELECT c.id FROM page_addresses p
         JOIN captures c ON c.address_id = p.address_id WHERE p.page_id IN (SELECT value FROM json_each(:pages)))""",
)

_DOCUMENTS_OF = """SELECT g.document_id FROM json_each(:pages) AS wanted
      JOIN page_addresses p ON p.page_id = wanted.value JOIN captures c ON c.address_id = p.address_id
      JOIN readings g ON g.capture_id = c.id WHERE g.document_id IS NOT NULL
    UNION SELECT r.document_id FROM json_each(:pages) AS wanted JOIN revisions r ON r.page_id = wanted.value
      WHERE r.document_id IS NOT NULL"""
_DROP_UNSHOWN = """DELETE FROM documents WHERE id IN (SELECT value FROM json_each(:documents))
    AND NOT EXISTS (SELECT 1 FROM readings WHERE document_id = documents.id)
    AND NOT EXISTS (SELECT 1 FROM revisions WHERE document_id = documents.id)"""


def forget_pages(conn: sqlite3.Connection, pages: Iterable[int]) -> None:
    """Delete what was read of these pages; notices that stand on other pages too stay.

    Documents that nobody else shows go at once: their captures may be read by other rules, or after other lessons, and
    then nobody comes back for them; a crawl does not sweep, and could be killed before it did.
    """
    wanted = json.dumps(sorted(set(pages)))
    shown = json.dumps([row[0] for row in conn.execute(_DOCUMENTS_OF, {"pages": wanted})])
    for statement in _FORGET_PAGES:
        conn.execute(statement, {"pages": wanted})
    conn.execute(_DROP_UNSHOWN, {"documents": shown})


def rebuild_indexes(conn: sqlite3.Connection) -> None:
    """Write the search indexes anew, so that they hold no trace of words that left."""
    for index in ("passages_fts", "hunks_fts"):
        conn.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")
    unlearn_all_gone(conn)


def sweep(conn: sqlite3.Connection) -> None:
    """Remove the documents, pages, passages and targets that nothing refers to: after a rebuild, or a redaction.

    Their words leave the search index with them; from the file itself only `VACUUM` takes them.
    """
    for statement in _SWEEP:
        conn.execute(statement)
    _sweep_passages(conn)


def _sweep_passages(conn: sqlite3.Connection) -> None:
    """The words of a passage go with it, where no other has them."""
    conn.execute("CREATE TEMP TABLE unused_passages (id INTEGER PRIMARY KEY)")
    conn.execute(_UNUSED)
    gone = conn.execute("SELECT p.text FROM unused_passages u JOIN passages p ON p.id = u.id")
    words = {word for (text,) in gone for word in words_of(text)}
    conn.execute("DELETE FROM passages WHERE id IN (SELECT id FROM unused_passages)")
    conn.execute("DROP TABLE unused_passages")
    unlearn(conn, words)
