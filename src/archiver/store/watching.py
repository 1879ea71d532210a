"""What a finished run shows of a site's manners: its robots.txt, its validators, how much its pages hold, its silence.

Asked as of the end of a run, so that a rebuild finds the same answers.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from archiver.frontier import robots
from archiver.store.times import to_text, to_time, to_time_or_none


class NewRobots(NamedTuple):
    """A robots.txt that is not what it was."""

    capture_id: int
    url: str
    host: str
    before: int | None  # its body; None: there was none
    after: int | None


class Shrunk(NamedTuple):
    """How many pages of some runs hold half of their former words or fewer."""

    pages: int
    of: int
    example: str


class Silence(NamedTuple):
    """What a run asked and had for an answer, where none of it was good."""

    asked: int
    why: str  # what came of most
    since: datetime | None  # the last good answer; None: there was none


def new_robots(conn: sqlite3.Connection, run_id: int) -> list[NewRobots]:
    """The robots.txt that the run found to be others than when they were last there, or last said to be absent."""
    rows = conn.execute(
        """SELECT c.id, a.url, a.host,
             CASE WHEN p.outcome <> 'gone' THEN p.body_id END, CASE WHEN c.outcome <> 'gone' THEN c.body_id END
           FROM captures c
           JOIN addresses a ON a.id = c.address_id AND a.role = 'robots'
           JOIN captures p ON p.id =
             (SELECT id FROM captures e
              WHERE e.address_id = a.id AND e.captured_at < c.captured_at AND e.run_id <= c.run_id
              AND e.outcome IN ('ok', 'same', 'gone') AND e.flaw IS NOT 'truncated' ORDER BY e.captured_at DESC LIMIT 1)
           WHERE c.run_id = ? AND c.outcome IN ('ok', 'gone') AND c.flaw IS NOT 'truncated' ORDER BY c.id""",
        (run_id,),
    )
    found = [NewRobots(*row) for row in rows]
    return [row for row in found if row.before != row.after]


def known_at(conn: sqlite3.Connection, host: str, at: datetime, most: int) -> list[str]:
    """The URLs known on the host by then, pages before files; so many at most."""
    rows = conn.execute(
        """SELECT url FROM addresses WHERE host = ? AND found_at <= ? AND role <> 'robots'
           ORDER BY role <> 'page', id LIMIT ?""",
        (host, to_text(at), most),
    )
    return [row[0] for row in rows]


def stale(conn: sqlite3.Connection, run_id: int) -> list[tuple[str, str]]:
    """(host, URL) of pages that the run found changed under the very validators by which the server had just said that
    they were not."""
    rows = conn.execute(
        """SELECT a.host, a.url, c.id, b.id, c.last_modified, b.last_modified FROM captures c
           JOIN revisions r ON r.first_capture = c.id AND r.number > 1 AND r.state = 'present'
           JOIN addresses a ON a.id = c.address_id
           JOIN captures p ON p.outcome = 'same' AND p.id =
             (SELECT id FROM captures e
              WHERE e.address_id = a.id AND e.captured_at < c.captured_at AND e.run_id <= c.run_id
              ORDER BY e.captured_at DESC LIMIT 1)
           JOIN captures b ON b.id =
             (SELECT id FROM captures e
              WHERE e.address_id = a.id AND e.captured_at < p.captured_at AND e.run_id <= c.run_id
              AND e.outcome = 'ok' ORDER BY e.captured_at DESC LIMIT 1)
           WHERE c.run_id = ? AND c.outcome = 'ok' AND c.body_id <> b.body_id
             AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical')
           ORDER BY c.id""",
        (run_id,),
    )
    found: list[tuple[str, str]] = []
    for host, url, now, before, modified, modified_before in rows:
        validators = _header(conn, now, "etag"), modified
        if any(validators) and validators == (_header(conn, before, "etag"), modified_before):
            found.append((host, url))
    return found


def shrunk(conn: sqlite3.Connection, runs: Sequence[int], least: int) -> Shrunk:
    """The pages of at least so many words of which some runs found half or less."""
    of = conn.execute(
        """SELECT count(DISTINCT c.address_id) FROM captures c
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           JOIN documents d ON d.id = g.document_id AND d.kind = 'html'
           WHERE c.run_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(runs),),
    ).fetchone()[0]
    row = conn.execute(
        f"SELECT count(DISTINCT r.page_id), coalesce(min(a.url), '') {_SHRUNK}", (json.dumps(runs), least)
    ).fetchone()
    return Shrunk(row[0], of, row[1])


def last_shrunk(conn: sqlite3.Connection, runs: Sequence[int], least: int) -> tuple[int, datetime] | None:
    """The last of some runs that found such a page, and its end; None where none did."""
    row = conn.execute(
        f"SELECT n.id, n.finished_at {_SHRUNK} ORDER BY n.finished_at DESC, n.id DESC LIMIT 1",
        (json.dumps(runs), least),
    ).fetchone()
    return None if row is None else (row[0], to_time(row[1]))


_SHRUNK = """FROM runs n JOIN captures c ON c.run_id = n.id
    JOIN revisions r ON r.first_capture = c.id AND r.state = 'present'
    JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1 AND b.state = 'present'
    JOIN documents d ON d.id = r.document_id AND d.kind = 'html'
    JOIN documents e ON e.id = b.document_id
    JOIN addresses a ON a.id = c.address_id
    WHERE n.id IN (SELECT value FROM json_each(?)) AND e.words >= ? AND 2 * d.words <= e.words
      AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical')"""


def silence(conn: sqlite3.Connection, source_id: str, run_id: int) -> Silence | None:
    """What came of a run in which nothing was good; None where something was, or nothing was asked.

    A robots.txt that came as it should says nothing of why, nor does being barred for want of one. An answer that is
    still to be read counts as good: where the clock was set back, whoever reads anew in the order of time meets this
    run before those that went before it.
    """
    rows = conn.execute(
        """SELECT coalesce(CASE WHEN g.verdict <> 'good' THEN g.verdict END, c.failure, c.status) AS why, count(*),
             sum(c.outcome IN ('ok', 'same') AND a.role IN ('page', 'file') AND coalesce(g.verdict, 'good') = 'good'),
             CASE a.role WHEN 'robots' THEN c.outcome IN ('ok', 'same', 'gone', 'moved')
               ELSE c.outcome = 'barred' AND substr(c.detail, 1, ?2) = ?3 END AS says_nothing
           FROM captures c JOIN addresses a ON a.id = c.address_id LEFT JOIN readings g ON g.capture_id = c.id
           WHERE c.run_id = ?1 GROUP BY says_nothing, why ORDER BY says_nothing, count(*) DESC, why""",
        (run_id, len(robots.COULD_NOT), robots.COULD_NOT),
    ).fetchall()
    if not rows or any(good for _, _, good, _ in rows):
        return None
    last = conn.execute(
        """SELECT max(c.captured_at) FROM runs n JOIN captures c ON c.run_id = n.id AND c.outcome IN ('ok', 'same')
           JOIN addresses a ON a.id = c.address_id AND a.role IN ('page', 'file')
           LEFT JOIN readings g ON g.capture_id = c.id
           WHERE n.source_id = ? AND n.id < ? AND coalesce(g.verdict, 'good') = 'good'""",
        (source_id, run_id),
    ).fetchone()
    return Silence(sum(count for _, count, _, _ in rows), str(rows[0][0]), to_time_or_none(last[0]))


def _header(conn: sqlite3.Connection, capture_id: int, name: str) -> str | None:
    """The first header of that name in the capture's answer."""
    row = conn.execute(
        "SELECT h.content, c.volatile FROM captures c JOIN headers h ON h.id = c.headers_id WHERE c.id = ?",
        (capture_id,),
    ).fetchone()
    if row is None:
        return None
    volatile = iter(json.loads(row[1] or "[]"))
    sent = [(key.lower(), next(volatile, None) if value is None else value) for key, value in json.loads(row[0])]
    return next((value for key, value in sent if key == name), None)
