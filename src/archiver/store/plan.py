"""What to ask next: the frontier. Rows are altered in place."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from archiver.errors import NotFound
from archiver.model import Address, Capture, Failure, Response
from archiver.store.times import to_text, to_text_or_none, to_time, to_time_or_none


@dataclass(frozen=True, slots=True)
class Due:
    """An address whose turn it is, with what its earlier visits taught."""

    address: Address
    due_at: datetime
    failures: int  # in a row
    unchanged: int  # in a row
    body_id: int | None  # the latest good body
    etag: str | None  # validators that belong to it
    last_modified: str | None
    last_asked: datetime | None
    asked: int  # captures so far
    scope: int | None = None  # digest of the scope under which it was last found to belong


def queue(
    conn: sqlite3.Connection,
    source_id: str,
    lane: str,
    now: datetime,
    *,
    rhythm: float,
    skip: Collection[int] = (),
    run_id: int | None = None,
) -> list[int]:
    """Ids of what is due in a lane, the most urgent first: robots, sitemaps and feeds, seeds; then what has waited for
    the most of its own spans (of `rhythm` seconds, where it was never seen), and the shallow before the deep.

    So after a week without a crawl the notice board, due daily, comes before what is due monthly; where there is more
    to ask than a host lets us, all of it is late in proportion, and nothing is forgotten. `skip` holds ids of
    addresses already under way. What `run_id` has asked and had an answer from is left to the next run.
    """
    rows = conn.execute(
        f"""SELECT f.address_id FROM frontier f
            WHERE f.source_id = :source AND f.host = :lane AND f.due_at <= :now
              AND f.address_id NOT IN (SELECT value FROM json_each(:skip))
              AND (:run IS NULL OR {_NOT_ASKED_BY})
            ORDER BY min(f.rank, {_FIRST + 1}),
              (julianday(:now) - julianday(f.due_at)) / max(coalesce(f.span, :rhythm), 1.0) DESC,
              f.rank, f.due_at, f.address_id""",
        {
            "source": source_id,
            "lane": lane,
            "now": to_text(now),
            "skip": json.dumps(list(skip)),
            "run": run_id,
            "rhythm": rhythm,
        },
    )
    return [row[0] for row in rows]


def due_among(conn: sqlite3.Connection, ids: Collection[int], now: datetime) -> list[Due]:
    """Those of the addresses that are due, in the order given, with what their earlier visits taught."""
    rows = conn.execute(
        f"""SELECT {_DUE_COLUMNS} FROM json_each(:ids) wanted CROSS JOIN frontier f ON f.address_id = wanted.value
            JOIN addresses a ON a.id = f.address_id WHERE f.due_at <= :now ORDER BY wanted.key""",
        {"ids": json.dumps(list(ids)), "now": to_text(now)},
    )
    return [_due(row) for row in rows]


_FIRST = 2
"""The last rank that comes before everything else: robots 0, sitemaps and feeds 1, seeds 2."""
_NOT_ASKED_BY = """(f.failures > 0 OR (SELECT run_id FROM captures WHERE address_id = f.address_id
             ORDER BY captured_at DESC LIMIT 1) IS NOT :run)"""
"""Not by this run; what failed has a time of its own to be tried again, in the same run too."""


def lanes_due(conn: sqlite3.Connection, source_id: str, now: datetime, run_id: int | None = None) -> list[str]:
    """The lanes in which something of the source is due, but for what `run_id` has asked."""
    rows = conn.execute(
        f"""WITH lanes(host) AS MATERIALIZED (SELECT DISTINCT host FROM frontier
             WHERE source_id = :source AND due_at IS NOT NULL)
           SELECT host FROM lanes WHERE EXISTS (SELECT 1 FROM frontier f
             WHERE f.source_id = :source AND f.host = lanes.host AND f.due_at <= :now
               AND (:run IS NULL OR {_NOT_ASKED_BY}))
           ORDER BY host""",
        {"source": source_id, "now": to_text(now), "run": run_id},
    )
    return [row[0] for row in rows]


def asked(conn: sqlite3.Connection, capture: Capture, due: Due, reply: Response | Failure, *, rhythm: float) -> None:
    """Note that the address was asked for: what came is the base of the next question, and it is due again after
    `rhythm` seconds, until its reading says better. Of an address asked for on demand (robots.txt) only the former.

    What did not come whole is no base: by its validators the server would say that we have it.
    """
    fresh = capture.outcome == "ok" and isinstance(reply, Response)
    body_id, etag, modified = due.body_id, due.etag, due.last_modified
    if fresh and isinstance(reply, Response):
        names = ("etag", "last-modified")
        body_id, (etag, modified) = capture.body_id, map(reply.header, names) if reply.flaw is None else (None, None)
    conn.execute(
        """UPDATE frontier SET body_id = ?, etag = ?, last_modified = ?,
             due_at = CASE WHEN due_at IS NULL THEN NULL ELSE ? END WHERE address_id = ?""",
        (body_id, etag, modified, to_text(capture.at + timedelta(seconds=rhythm)), capture.address.id),
    )


def reschedule(
    conn: sqlite3.Connection,
    address_id: int,
    *,
    due_at: datetime | None,
    failures: int,
    unchanged: int,
    validators: bool = True,
    changes: float = 0.0,
    watched: float = 0.0,
    span: float | None = None,
    scope: int | None = None,
    admitted: int | None = None,
) -> None:
    """When the address is next asked for (None: never again), and what its visits have shown.

    Without `validators`, it must then send all of it. `span`: seconds in which it is to be seen again. `scope`,
    `admitted`: see `Past`; None leaves what is there.
    """
    conn.execute(
        """UPDATE frontier SET due_at = ?1, failures = ?2, unchanged = ?3, changes = ?6, watched = ?7, span = ?8,
             scope = coalesce(?9, scope), admitted = coalesce(?10, admitted),
             etag = CASE WHEN ?4 THEN etag END, last_modified = CASE WHEN ?4 THEN last_modified END
           WHERE address_id = ?5 AND due_at IS NOT NULL""",
        (to_text_or_none(due_at), failures, unchanged, validators, address_id, changes, watched, span, scope, admitted),
    )


class Past(NamedTuple):
    """What earlier visits have shown of an address."""

    failures: int = 0  # in a row
    unchanged: int = 0  # visits in a row
    changes: float = 0.0  # seen, fading
    watched: float = 0.0  # seconds, fading
    scope: int | None = None  # digest of the scope under which it was last found to belong
    admitted: int | None = None  # digest of the document whose links were last admitted, and of the scope


def past(conn: sqlite3.Connection, address_id: int) -> Past:
    """What earlier visits have shown of the address."""
    row = conn.execute(
        "SELECT failures, unchanged, changes, watched, scope, admitted FROM frontier WHERE address_id = ?",
        (address_id,),
    ).fetchone()
    return Past() if row is None else Past(*row)


def last_answer(conn: sqlite3.Connection, address_id: int, before: datetime) -> datetime | None:
    """When the address last answered us before a time."""
    row = conn.execute(
        """SELECT max(captured_at) FROM captures WHERE address_id = ? AND captured_at < ?
             AND outcome IN ('ok', 'same') AND robots <> 'imported'""",
        (address_id, to_text(before)),
    ).fetchone()
    return to_time_or_none(row[0])


def put_off(conn: sqlite3.Connection, address_id: int, due_at: datetime) -> None:
    """Ask for the address later; nothing else changes."""
    conn.execute(
        "UPDATE frontier SET due_at = ? WHERE address_id = ? AND due_at IS NOT NULL", (to_text(due_at), address_id)
    )


def is_settled(conn: sqlite3.Connection, key: str, scope: int) -> bool:
    """Whether an address is asked for as it is: it was found to belong under that scope, and its page is not missing.

    A link there has nothing to tell.
    """
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM addresses a JOIN frontier f ON f.address_id = a.id
             JOIN page_addresses j ON j.address_id = a.id
             WHERE a.key = ? AND f.scope = ? AND f.due_at IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM absences n WHERE n.page_id = j.page_id AND n.state IN ('suspect', 'gone')))""",
        (key, scope),
    ).fetchone()
    return bool(row[0])


def hasten(conn: sqlite3.Connection, address_id: int, span: float) -> None:
    """An address that was never asked belongs to what is to be seen every `span` seconds."""
    conn.execute("UPDATE frontier SET span = ? WHERE address_id = ?", (span, address_id))


def wake(conn: sqlite3.Connection, key: str, at: datetime, *, retired: bool) -> str | None:
    """Make an address due that stands by: it was never asked, or, with `retired`, given up. Its lane; else None."""
    rows = conn.execute(
        """UPDATE frontier SET due_at = ?2 WHERE due_at IS NULL
             AND address_id = (SELECT id FROM addresses WHERE key = ?1 AND role <> 'robots')
             AND (?3 OR NOT EXISTS (SELECT 1 FROM captures WHERE address_id = frontier.address_id))
           RETURNING host""",
        (key, to_text(at), retired),
    ).fetchall()
    return rows[0][0] if rows else None


def wake_gone(
    conn: sqlite3.Connection, source_id: str, now: datetime, most: int, *, misses: int, first: float, longest: float
) -> None:
    """Make pages due that are gone and retired (one that redirects never is), those asked the longest ago first.

    At most so many are due then, those of an earlier call that nobody came to counted. Each is asked for at the address
    that showed it last: `first` seconds after its last visit, twice as many with every visit beyond `misses`, but no
    more than `longest`. They come after all else that is due, as they are to be seen again in so long a span.
    """
    conn.execute(
        """WITH gone(page_id, address_id, wait) AS MATERIALIZED (
             SELECT n.page_id, c.address_id, min(:first * (1 << min(n.misses - :misses, 20)), :longest)
             FROM pages p CROSS JOIN absences n ON n.page_id = p.id AND n.state = 'gone' AND n.sign <> 'moved'
             JOIN captures c ON c.id = n.last_good WHERE p.source_id = :source AND n.misses >= :misses),
           waiting(number) AS (SELECT count(*) FROM gone JOIN frontier f USING (address_id) WHERE f.due_at <= :now),
           ripe(address_id) AS (
             SELECT address_id FROM (SELECT gone.address_id, wait, (SELECT julianday(max(captured_at)) FROM captures
                                       WHERE address_id = gone.address_id) AS asked
                                     FROM gone JOIN frontier f USING (address_id) WHERE f.due_at IS NULL
                                       AND NOT EXISTS (SELECT 1 FROM page_addresses o JOIN frontier e USING (address_id)
                                                       WHERE o.page_id = gone.page_id AND e.due_at IS NOT NULL))
             WHERE (julianday(:now) - asked) * 86400 >= wait ORDER BY asked, address_id
             LIMIT max(:most - (SELECT number FROM waiting), 0))
           UPDATE frontier SET due_at = :now, span = :first WHERE address_id IN (SELECT address_id FROM ripe)""",
        {
            "source": source_id,
            "now": to_text(now),
            "most": most,
            "misses": misses,
            "first": first,
            "longest": longest,
        },
    )


def standing_by(conn: sqlite3.Connection, source_id: str) -> list[str]:
    """The URLs of other spellings of known pages, which are asked for when the page is no more where it was."""
    rows = conn.execute(
        """SELECT a.url FROM addresses a INDEXED BY addresses_by_source JOIN frontier f ON f.address_id = a.id
           WHERE a.source_id = ? AND f.due_at IS NULL AND a.role <> 'robots'
             AND NOT EXISTS (SELECT 1 FROM captures WHERE address_id = a.id)
           ORDER BY a.id""",  # by that index: to have them in order, SQLite would go through those of all sources
        (source_id,),
    )
    return [row[0] for row in rows]


def addresses(conn: sqlite3.Connection, key: str) -> list[tuple[int, str]]:
    """The addresses, with their URLs, of the page with this identity."""
    rows = conn.execute(
        """SELECT a.id, a.url FROM pages p JOIN page_addresses j ON j.page_id = p.id
           JOIN addresses a ON a.id = j.address_id WHERE p.key = ?""",
        (key,),
    )
    return [(address_id, url) for address_id, url in rows]


def stand_by(conn: sqlite3.Connection, address_ids: Iterable[int]) -> None:
    """Ask for these addresses no more: their page is asked for at another."""
    conn.executemany("UPDATE frontier SET due_at = NULL WHERE address_id = ?", [(a,) for a in address_ids])


def due_address(conn: sqlite3.Connection, address_id: int, now: datetime) -> Due:
    """One address as if it were due now, whatever the plan says of it. Raises NotFound."""
    row = conn.execute(
        f"SELECT {_DUE_COLUMNS} FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE a.id = ?", (address_id,)
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no address {address_id}")
    return _due(row, now)


def backlog(conn: sqlite3.Connection, source_id: str, now: datetime) -> int:
    """How many addresses of the source are due."""
    row = conn.execute("SELECT count(*) FROM frontier WHERE source_id = ? AND due_at <= ?", (source_id, to_text(now)))
    return int(row.fetchone()[0])


def known_sources(conn: sqlite3.Connection) -> set[str]:
    """The sources that have addresses, each of which is in the plan: asked for at every tick of a service."""
    rows = conn.execute("SELECT id FROM sources s WHERE EXISTS (SELECT 1 FROM addresses WHERE source_id = s.id)")
    return {row[0] for row in rows}


class Waiting(NamedTuple):
    """What of a source is due."""

    addresses: int
    since: datetime  # when the first of them came due


def sources_due(conn: sqlite3.Connection, now: datetime) -> dict[str, Waiting]:
    """What is due of each source; a source of which nothing is, is left out."""
    rows = conn.execute(
        "SELECT source_id, count(*), min(due_at) FROM frontier WHERE due_at <= ? GROUP BY source_id", (to_text(now),)
    )
    return {row[0]: Waiting(row[1], to_time(row[2])) for row in rows}


def make_due(conn: sqlite3.Connection, source_id: str, at: datetime) -> None:
    """Bring forward to `at` whatever of the source was to come later; what is retired stays so."""
    conn.execute(
        "UPDATE frontier SET due_at = ?1 WHERE source_id = ?2 AND due_at > ?1 AND due_at IS NOT NULL",
        (to_text(at), source_id),
    )


def next_due_at(conn: sqlite3.Connection, source_id: str) -> datetime | None:
    """When the first address of the source is due and its host not left alone; None where all are retired."""
    sql = """SELECT min(max(due, coalesce(h.paused_until, '')))
             FROM (SELECT host, min(due_at) AS due FROM frontier
                   WHERE source_id = ? AND due_at IS NOT NULL GROUP BY host)
             LEFT JOIN hosts h USING (host)"""
    return to_time_or_none(conn.execute(sql, (source_id,)).fetchone()[0])


_DUE_COLUMNS = """f.due_at, a.id, a.source_id, a.url, a.key, a.host, a.role, a.depth,
  f.failures, f.unchanged, f.body_id, f.etag, f.last_modified,
  (SELECT max(captured_at) FROM captures WHERE address_id = a.id),
  (SELECT count(*) FROM captures WHERE address_id = a.id), f.scope"""


def _due(row: sqlite3.Row, otherwise: datetime | None = None) -> Due:
    due_at, failures, unchanged, body_id, etag, last_modified, last_asked, asked, belongs = row[0], *row[8:]
    return Due(
        Address(*row[1:8]),
        otherwise or to_time(due_at),
        failures,
        unchanged,
        body_id,
        etag,
        last_modified,
        to_time_or_none(last_asked),
        asked,
        belongs,
    )
