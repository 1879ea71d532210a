"""What is handed over: rows of the public views, one by one and in a fixed order, and facts about the archive."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from archiver.store.faults import explained

Row = dict[str, Any]
_BATCH = 1000
_OF_KOMMUN = "(?1 IS NULL OR s.code = ?1 OR s.municipality = ?1 COLLATE NOCASE)"
TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
"""Column types of a table of its own; everything else is TEXT."""


def rows(
    conn: sqlite3.Connection,
    view: str,
    columns: Sequence[str],
    key: Sequence[str],
    *,
    time: str | None = None,
    since: str | None = None,
    until: str | None = None,
    kommun: str | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The rows of a view in the order of its key, from `since` on and before `until`; of one kommun, by name or code.

    Names of views and columns are the dictionary's, never a person's words. Nothing is gathered: SQLite sorts on disk
    where it must.
    """
    tests = []
    if time == "day":
        since, until = (moment and moment[:10] for moment in (since, until))
    if time is not None:
        tests += [f"(:since IS NULL OR {time} >= :since) AND (:until IS NULL OR {time} < :until)"]
    if kommun is not None:
        code = "kommun" if "kommun" in columns else "code"
        tests += [f"({code} = :kommun OR municipality = :kommun COLLATE NOCASE)"]
    where = f"WHERE {' AND '.join(tests)}" if tests else ""
    cursor = conn.cursor()
    cursor.row_factory = None
    cursor.execute(
        f"SELECT {', '.join(columns)} FROM {view} {where} ORDER BY {', '.join(key)}",
        {"since": since, "until": until, "kommun": kommun},
    )
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


def facts(conn: sqlite3.Connection, kommun: str | None = None) -> Row:
    """The archive as of now, or one kommun's part of it: captures of ours with the first and the last, imported ones,
    pages, changes; the archive's last seal and when it was set."""
    found = conn.execute(
        f"""WITH mine AS (
              SELECT c.captured_at, n.kind = 'import' AS imported FROM captures c JOIN runs n ON n.id = c.run_id
              JOIN sources s ON s.id = n.source_id WHERE {_OF_KOMMUN})
            SELECT count(*) FILTER (WHERE NOT imported) AS captures,
              min(captured_at) FILTER (WHERE NOT imported) AS first,
              max(captured_at) FILTER (WHERE NOT imported) AS last,
              count(*) FILTER (WHERE imported) AS imported,
              (SELECT count(*) FROM current_pages s WHERE {_OF_KOMMUN}) AS pages,
              (SELECT count(*) FROM page_changes s WHERE {_OF_KOMMUN}) AS changes,
              (SELECT chain FROM seals ORDER BY id DESC LIMIT 1) AS seal,
              (SELECT sealed_at FROM seals ORDER BY id DESC LIMIT 1) AS sealed_at
            FROM mine""",
        (kommun,),
    )
    return _row(found, found.fetchone())


def coverage_by_source(conn: sqlite3.Connection, kommun: str | None = None) -> list[Row]:
    """Each source: how long and how well it was looked at: first and last day, days looked on and not, counts."""
    found = conn.execute(
        f"""SELECT source_id AS source, municipality, code, min(day) AS first, max(day) AS last, count(*) AS days,
              CAST(julianday(max(day)) - julianday(min(day)) + 1 - count(*) AS INTEGER) AS days_without,
              sum(asked) AS asked, sum(answered) AS answered, sum(moved) AS moved, sum(gone) AS gone,
              sum(refused) AS refused, sum(failed) AS failed, sum(barred) AS barred, sum(bad) AS bad
            FROM coverage s WHERE {_OF_KOMMUN} GROUP BY source_id ORDER BY source_id""",
        (kommun,),
    )
    return [_row(found, row) for row in found.fetchall()]


def write_subset(path: Path, tables: Iterable[tuple[str, Mapping[str, str], Iterator[Sequence[object]]]]) -> list[int]:
    """A database of plain tables (name, columns with types of the dictionary, rows); how many rows of each.

    Without triggers, keys and our mark: whoever opens it has data, not an archive. Raises StoreError.
    """
    counts = []
    with explained(path), closing(sqlite3.connect(path, isolation_level=None)) as out:
        out.execute("PRAGMA synchronous = OFF")
        out.execute("BEGIN")
        for name, columns, found in tables:
            spelled = ", ".join(f'"{column}" {TYPES.get(kind, "TEXT")}' for column, kind in columns.items())
            out.execute(f'CREATE TABLE "{name}" ({spelled}) STRICT')
            marks = ", ".join("?" * len(columns))
            counts.append(out.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found).rowcount)
        out.execute("COMMIT")
    return counts


def _row(cursor: sqlite3.Cursor, row: Sequence[Any]) -> Row:
    return dict(zip((column[0] for column in cursor.description), row, strict=True))
