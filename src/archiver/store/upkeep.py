"""What may be the matter with an archive's file and rows beside its evidence, and how it is put right.

Nothing here alters a row of evidence.
"""

import json
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from pathlib import Path

from archiver.errors import StoreError
from archiver.store import connections, schema, unread
from archiver.store.faults import explained
from archiver.store.times import to_text

__all__ = ["to_text"]

INDEXES = ("passages_fts", "hunks_fts")
EVIDENCE = frozenset(
    {"sources", "rules", "runs", "addresses", "headers", "bodies", "captures", "renderings", "seals", "stamps",
     "redactions", "patterns", "annotations", "takedowns", "takedown_steps"}
)  # fmt: skip
"""Tables that nothing here writes to."""
UNPLANNED = """SELECT {} FROM addresses a WHERE a.role <> 'robots'
  AND NOT EXISTS (SELECT 1 FROM frontier WHERE address_id = a.id)"""
WAITING = """SELECT a.source_id, count(*) FROM unread u JOIN captures c ON c.id = u.capture_id
  JOIN addresses a ON a.id = c.address_id GROUP BY 1 ORDER BY 1"""
HOSTS_AHEAD = "SELECT {} FROM hosts WHERE next_at > ? OR paused_until > ?"
_LEFT = 3600  # seconds: one that is being made is written to all the time
_OF_INDEX = ("row ", "wrong # of entries in index", "non-unique entry in index")


def is_claimed(path: Path) -> bool:
    """Whether another archiver has the right to write now. A folder that takes no lock has no writer."""
    if not path.with_name(path.name + ".lock").exists():
        return False
    try:
        connections.claim(path).close()
    except StoreError as error:
        return "another archiver" in str(error)
    return False


def leavings(path: Path) -> list[Path]:
    """Files that a killed backup or restore left in the archive's folder: nobody has written to them for an hour."""
    found = sorted(path.parent.glob(f".{path.stem}*.making*"))
    return [left for left in found if time.time() - left.stat().st_mtime > _LEFT]


def remove_leavings(path: Path) -> None:
    """Remove them; while nobody makes others."""
    with closing(connections.claim(path)):
        for left in leavings(path):
            left.unlink(missing_ok=True)


def play_log(path: Path) -> None:
    """Write what the log holds into the file, and use a log from now on. Raises StoreError."""
    with explained(path), closing(connections.claim(path)), closing(connections.writing(path)) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def reindex(path: Path) -> None:
    """Make every index anew from its rows. Raises StoreError."""
    with explained(path), closing(connections.claim(path)), closing(connections.writing(path)) as conn:
        conn.execute("REINDEX")


def is_of_index(line: str) -> bool:
    """Whether a line of SQLite's integrity check speaks of an index alone: 'row 3 missing from index x'."""
    return line.startswith(_OF_INDEX) and " index " in line


def remake_schema(path: Path) -> None:
    """Make triggers, views and indexes as this release has them; what others added stays. Raises StoreError."""
    with explained(path), closing(connections.claim(path)), closing(connections.writing(path)) as conn:
        conn.execute("BEGIN IMMEDIATE")
        schema.remake(conn)
        conn.execute("COMMIT")


def index_faults(path: Path) -> list[str]:
    """What does not fit in the full-text indexes.

    SQLite looks as if it wrote. Raises StoreError where another writes, or the file cannot be written to.
    """
    found = []
    with explained(path), closing(connections.claim(path)), closing(connections.writing(path)) as conn:
        for index in INDEXES:
            conn.execute("BEGIN")
            try:
                conn.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")
            except sqlite3.DatabaseError as error:
                found.append(f"the full-text index {index} does not fit its texts ({error})")
            finally:
                conn.execute("ROLLBACK")
    return found


def orphans(conn: sqlite3.Connection) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows of each table point at a row that is not there: of evidence, and of the rest."""
    found = Counter(str(row[0]) for row in conn.execute("PRAGMA foreign_key_check"))
    rest = {table: count for table, count in found.items() if table not in EVIDENCE}
    return {table: count for table, count in found.items() if table in EVIDENCE}, rest


def remove_orphans(path: Path) -> None:
    """Remove rows of the plan and of what was read that point nowhere, until none does; their pages are read again.

    Tables without row ids are of parts of a document or of a change: there those rows go. Raises StoreError.
    """
    with explained(path), closing(connections.claim(path)), closing(connections.writing(path)) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")  # rows may go that references still name
        _remove_orphans(conn)


def _remove_orphans(conn: sqlite3.Connection) -> None:
    conn.execute("BEGIN IMMEDIATE")
    pages: set[int] = set()
    while found := _faults(conn):
        for table, row_id in found:
            pages |= _pages(conn, table, row_id)
            if row_id is None:
                conn.execute(f"DELETE FROM {table} WHERE NOT ({_whole(conn, table)})")
            else:
                conn.execute(f"DELETE FROM {table} WHERE rowid = ?", (row_id,))
    known = [row[0] for row in conn.execute(_KNOWN, (json.dumps(sorted(pages)),))]
    unread.note_pages(conn, known)
    conn.execute("COMMIT")


_KNOWN = "SELECT id FROM pages WHERE id IN (SELECT value FROM json_each(?))"


def _faults(conn: sqlite3.Connection) -> set[tuple[str, int | None]]:
    rows = conn.execute("PRAGMA foreign_key_check").fetchall()
    return {(row[0], row[1]) for row in rows if row[0] not in EVIDENCE}


def _pages(conn: sqlite3.Connection, table: str, row_id: int | None) -> set[int]:
    """The page that the row is about, where it says so."""
    names = {row[1] for row in conn.execute(f"PRAGMA table_info({table})")}
    if row_id is None or "page_id" not in names:
        return set()
    return {row[0] for row in conn.execute(f"SELECT page_id FROM {table} WHERE rowid = ?", (row_id,)) if row[0]}


def _whole(conn: sqlite3.Connection, table: str) -> str:
    """A condition that holds for rows all of whose references are met."""
    references = conn.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    met = [
        f"({table}.{own} IS NULL OR EXISTS (SELECT 1 FROM {parent} WHERE {parent}.{theirs or 'id'} = {table}.{own}))"
        for _, _, parent, own, theirs, *_ in references
    ]
    return " AND ".join(met) or "1"


def plan_missing(conn: sqlite3.Connection, now: datetime) -> None:
    """Plan the addresses that are in no plan: now."""
    conn.execute(
        "INSERT INTO frontier (address_id, source_id, host, rank, due_at) "
        + UNPLANNED.format("a.id, a.source_id, a.host, 2 + a.depth, ?"),
        (to_text(now),),
    )


def free_hosts(conn: sqlite3.Connection, now: datetime) -> None:
    """Let hosts that a wrong clock put off be asked from now on."""
    at = to_text(now)
    conn.execute(
        """UPDATE hosts SET next_at = min(next_at, ?1),
             paused_until = CASE WHEN paused_until > ?1 THEN NULL ELSE paused_until END""",
        (at,),
    )
