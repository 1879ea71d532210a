"""Addresses taken into the plan, many at a time: each question and each change is one statement for all of them.

A sitemap names fifty thousand, and while they are taken in nothing else is written. Every question begins at what is
asked of, and looks each up within: a join would let SQLite go through all addresses of the archive.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from archiver.model import Role
from archiver.store.plan import rank
from archiver.store.times import to_text


class New(NamedTuple):
    """An address that is not known yet."""

    url: str  # as it is sent
    key: str
    lane: str
    role: Role
    depth: int
    due: bool  # at once; else it stands by
    span: float | None = None  # seconds in which it is to be seen again; None: nothing is said of it


def known(conn: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that are known addresses'."""
    rows = conn.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM addresses WHERE key = value)",
        (json.dumps(list(keys)),),
    )
    return {row[0] for row in rows}


def known_pages(conn: sqlite3.Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys whose page was met already, and is not missing."""
    rows = conn.execute(
        """SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM pages p WHERE p.key = value AND NOT EXISTS
             (SELECT 1 FROM absences n WHERE n.page_id = p.id AND n.state IN ('suspect', 'gone')))""",
        (json.dumps(list(keys)),),
    )
    return {row[0] for row in rows}


def settled(conn: sqlite3.Connection, keys: Iterable[str], scope: int) -> set[str]:
    """Those of the keys whose address is asked for as it is: it was found to belong under that scope, and its page is
    not missing. A link there has nothing to tell.
    """
    rows = conn.execute(
        """SELECT value FROM json_each(?1) WHERE EXISTS (
             SELECT 1 FROM addresses a JOIN frontier f ON f.address_id = a.id
             JOIN page_addresses j ON j.address_id = a.id
             WHERE a.key = value AND f.scope = ?2 AND f.due_at IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM absences n WHERE n.page_id = j.page_id AND n.state IN ('suspect', 'gone')))""",
        (json.dumps(list(keys)), scope),
    )
    return {row[0] for row in rows}


def addresses_of_pages(conn: sqlite3.Connection, keys: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """The addresses, with their URLs, of the pages with these identities; a page that was never met is left out."""
    rows = conn.execute(
        """SELECT p.key, a.id, a.url FROM json_each(?) wanted CROSS JOIN pages p ON p.key = wanted.value
           CROSS JOIN page_addresses j ON j.page_id = p.id CROSS JOIN addresses a ON a.id = j.address_id""",
        (json.dumps(list(keys)),),
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for key, address_id, url in rows:
        found.setdefault(key, []).append((address_id, url))
    return found


def add(conn: sqlite3.Connection, source_id: str, new: Sequence[New], found_on: int | None, at: datetime) -> None:
    """Addresses that no one knows yet, each key once, in this order."""
    (first,) = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM addresses").fetchone()
    when = to_text(at)
    conn.executemany(
        """INSERT INTO addresses (id, source_id, url, key, host, role, depth, found_on, found_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (i, source_id, a.url, a.key, a.lane, a.role, a.depth, found_on, when)
            for i, a in enumerate(new, first)
        ),
    )  # fmt: skip
    conn.executemany(
        "INSERT INTO frontier (address_id, source_id, host, rank, due_at, span) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (i, source_id, a.lane, rank(a.role, a.depth), when if a.due else None, a.span)
            for i, a in enumerate(new, first)
        ),
    )


def wake(conn: sqlite3.Connection, keys: Collection[str], at: datetime, *, retired: bool) -> set[str]:
    """Make addresses due that stand by: they were never asked, or, with `retired`, given up. Their lanes."""
    if not keys:
        return set()
    rows = conn.execute(
        """UPDATE frontier SET due_at = ?2 WHERE due_at IS NULL AND address_id IN (
             SELECT (SELECT id FROM addresses WHERE key = value AND role <> 'robots') FROM json_each(?1))
             AND (?3 OR NOT EXISTS (SELECT 1 FROM captures WHERE address_id = frontier.address_id))
           RETURNING host""",
        (json.dumps(list(keys)), to_text(at), retired),
    )
    return {row[0] for row in rows.fetchall()}
