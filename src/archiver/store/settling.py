"""What is concluded from a whole run: which runs that still has to be done for, what they showed, what was concluded.

Only finished crawls count: an import brings captures of other times, whose order says nothing of what the site taught
us. Everything asked here is asked as of the end of a run, so that a rebuild finds the same answers.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from archiver.digests import canonical, sha256
from archiver.store.bygone import by_end, last_number
from archiver.store.times import to_text, to_time

_RECENT = 20
"""Captures looked at, at most, for each page that is wanted of a large source."""
SURVEYED = 20
"""One in so many of a source's addresses: a run that holds as many captures is followed by a survey."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A crawl of a source that has ended."""

    run_id: int
    at: datetime
    whole: bool  # it ended because nothing more was due


class Fit(NamedTuple):
    """How often a profile's selectors found the content area."""

    profile: str
    pages: int
    missed: int
    example: str  # a URL where none did


class Stamp(NamedTuple):
    """A day that pages give as their date."""

    meaning: str
    day: str
    pages: int  # with this day
    dated: int  # with any day


def unsettled(conn: sqlite3.Connection, source_id: str, before: datetime | None = None) -> list[Finished]:
    """The crawls of the source, finished before that time, about which nothing is concluded yet, in order."""
    rows = conn.execute(
        """SELECT n.id, n.finished_at, n.ending = 'done' FROM unsettled u CROSS JOIN runs n ON n.id = u.run_id
           WHERE n.source_id = ?1 AND n.finished_at < coalesce(?2, '9') ORDER BY n.finished_at, n.id""",
        (source_id, to_text(before) if before else None),
    )
    return [Finished(run_id, to_time(finished_at), bool(whole)) for run_id, finished_at, whole in rows]


def calls_for_survey(conn: sqlite3.Connection, run_id: int) -> bool:
    """Whether the source is to be looked at as a whole after this crawl, which has ended: where it holds a twentieth as
    many captures as the source had addresses by then, or is the first that ended on its day (UTC).

    A survey costs by the pages of a source, and a service's runs may hold a handful of them. What was captured decides,
    and no run that began later, whatever the clock said: so a rebuild surveys after the same runs.
    """
    source_id, end, captures = conn.execute(
        """SELECT source_id, finished_at, (SELECT count(*) FROM captures WHERE run_id = n.id) FROM runs n
           WHERE id = ?""",
        (run_id,),
    ).fetchone()
    row = conn.execute(
        """SELECT NOT EXISTS (SELECT 1 FROM runs WHERE source_id = ?2 AND kind = 'crawl' AND id < ?1
               AND finished_at >= substr(?3, 1, 10) AND finished_at < substr(?3, 1, 10) || 'Z')
             OR (SELECT 1 FROM addresses WHERE source_id = ?2 AND found_at <= ?3 LIMIT 1 OFFSET ?4) IS NULL""",
        (run_id, source_id, end, SURVEYED * captures),
    ).fetchone()
    return bool(row[0])


class Taught(NamedTuple):
    """What a source's own pages have taught, in force at a time."""

    furniture_id: int | None = None  # lines learned to be furniture
    profile: str | None = None  # the profile whose marks its pages bear


def settle(conn: sqlite3.Connection, run_id: int, furniture: frozenset[str], profile: str | None) -> None:
    """Conclude the run; furniture and profile are in force for what is captured after it."""
    content = canonical(sorted(furniture))
    digest = sha256(content)
    if furniture:
        conn.execute(
            "INSERT INTO furniture (sha256, content) VALUES (?, ?) ON CONFLICT DO NOTHING", (digest, content.decode())
        )
    conn.execute(
        """INSERT INTO settled (run_id, furniture_id, profile)
           VALUES (?, (SELECT id FROM furniture WHERE sha256 = ?), ?)""",
        (run_id, digest if furniture else None, profile),
    )


def carry_on(conn: sqlite3.Connection, run_id: int) -> None:
    """Conclude the run without a survey: what the source's pages had taught before it stays in force."""
    conn.execute(
        """INSERT INTO settled (run_id, furniture_id, profile)
           SELECT n.id, b.furniture_id, b.profile FROM runs n LEFT JOIN settled b ON b.run_id =
             (SELECT e.id FROM runs e JOIN settled s ON s.run_id = e.id WHERE e.source_id = n.source_id
                AND e.id < n.id AND e.finished_at <= n.finished_at ORDER BY e.finished_at DESC, e.id DESC LIMIT 1)
           WHERE n.id = ?""",
        (run_id,),
    )


def taught_at(conn: sqlite3.Connection, source_id: str, at: datetime, capture_id: int | None = None) -> Taught:
    """What is in force for a capture of that time: by a crawl that ended before it, and had begun before its run.

    `capture_id`: None for one that is being made.
    """
    row = conn.execute(
        """SELECT s.furniture_id, s.profile FROM runs n JOIN settled s ON s.run_id = n.id
           WHERE n.source_id = ?1 AND n.finished_at < ?2
             AND (?3 IS NULL OR n.id < (SELECT run_id FROM captures WHERE id = ?3))
           ORDER BY n.finished_at DESC, n.id DESC LIMIT 1""",
        (source_id, to_text(at), capture_id),
    ).fetchone()
    return Taught() if row is None else Taught(*row)


def furniture(conn: sqlite3.Connection, furniture_id: int) -> frozenset[str]:
    """The lines."""
    row = conn.execute("SELECT content FROM furniture WHERE id = ?", (furniture_id,)).fetchone()
    return frozenset(json.loads(row[0]))


class Page(NamedTuple):
    """An HTML page as it was captured last."""

    capture_id: int
    document_id: int


def latest_pages(conn: sqlite3.Connection, source_id: str, run_id: int, most: int) -> list[Page]:
    """The HTML pages that crawls up to that run captured last by its end, each once: of a source of so many addresses
    at most all that are there, of a larger one as many, of a bounded number of captures.
    """
    end, addresses = conn.execute(
        """SELECT finished_at, (SELECT count(*) FROM (SELECT 1 FROM addresses
             WHERE source_id = ?1 AND found_at <= n.finished_at LIMIT ?3)) FROM runs n WHERE id = ?2""",
        (source_id, run_id, most + 1),
    ).fetchone()
    if addresses <= most:
        rows = conn.execute(_PAGES_THERE, by_end(run_id, to_time(end), source=source_id))
        return [Page(capture_id, document_id) for capture_id, document_id, _ in rows]
    latest: dict[int, Page] = {}
    left = most * _RECENT
    for (crawl,) in conn.execute(
        "SELECT id FROM runs WHERE source_id = ? AND kind = 'crawl' AND id <= ? ORDER BY id DESC", (source_id, run_id)
    ):
        for page_id, capture_id, document_id in conn.execute(_PAGES_OF_RUN, (crawl, end, left)):
            left -= 1
            if len(latest) < most or page_id in latest:
                latest.setdefault(page_id, Page(capture_id, document_id))
        if left <= 0 or len(latest) == most:
            break
    return list(latest.values())


_PAGES_THERE = f"""WITH shown AS MATERIALIZED (
      SELECT j.page_id, (SELECT c.id FROM captures c
          JOIN runs n ON n.id = c.run_id AND n.kind = 'crawl'
          JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
          JOIN documents d ON d.id = g.document_id AND d.kind = 'html'
          WHERE c.address_id = a.id AND c.captured_at <= :at AND c.run_id <= :run
          ORDER BY c.captured_at DESC, c.id DESC LIMIT 1) AS capture_id
      FROM addresses a JOIN page_addresses j ON j.address_id = a.id
      JOIN revisions r ON r.page_id = j.page_id AND r.state = 'present' AND r.number = {last_number("j.page_id")}
      WHERE a.source_id = :source AND a.found_at <= :at)
    SELECT c.id, g.document_id, max(c.captured_at || printf('%020d', c.id)) AS latest FROM shown s
    JOIN captures c ON c.id = s.capture_id JOIN readings g ON g.capture_id = c.id
    GROUP BY s.page_id ORDER BY latest DESC"""
_PAGES_OF_RUN = """SELECT p.page_id, c.id, g.document_id FROM captures c
    JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
    JOIN documents d ON d.id = g.document_id AND d.kind = 'html'
    JOIN page_addresses p ON p.address_id = c.address_id
    WHERE c.run_id = ? AND c.captured_at <= ? ORDER BY c.captured_at DESC, c.id DESC LIMIT ?"""


def texts(conn: sqlite3.Connection, document_id: int) -> list[str]:
    """The block texts of a document, without the rows of tables."""
    rows = conn.execute(
        """SELECT t.text FROM blocks b JOIN passages t ON t.id = b.passage_id
           WHERE b.document_id = ? AND b.kind <> 'table-row' ORDER BY b.position""",
        (document_id,),
    )
    return [text for (text,) in rows]


def fits(conn: sqlite3.Connection, runs: Sequence[int]) -> list[Fit]:
    """For each profile by which HTML pages of some runs were read, on how many its selectors found the content area.

    A page that several of them saw counts once, as the last of them read it.
    """
    rows = conn.execute(
        """SELECT profile, count(*), sum(fit = ''), coalesce(min(CASE WHEN fit = '' THEN url END), '') FROM (
             SELECT u.profile, g.fit, a.url, max(c.captured_at)
             FROM captures c JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good' AND g.fit IS NOT NULL
             JOIN rules u ON u.id = g.rules_id JOIN addresses a ON a.id = c.address_id
             WHERE c.run_id IN (SELECT value FROM json_each(?)) GROUP BY c.address_id)
           GROUP BY profile ORDER BY profile""",
        (json.dumps(runs),),
    )
    return [Fit(*row) for row in rows]


def stamps(conn: sqlite3.Connection, source_id: str, run: Finished, least: int) -> list[Stamp]:
    """The days that at least so many pages of the source share as their date, as seen last by the end of a crawl."""
    found: list[Stamp] = []
    for meaning in ("published", "updated"):
        rows = conn.execute(
            f"""SELECT '{meaning}', day, pages, dated FROM (
                  SELECT substr(d.{meaning}, 1, 10) AS day, count(*) AS pages, sum(count(*)) OVER () AS dated
                  FROM pages p
                  JOIN revisions r ON r.page_id = p.id AND r.state = 'present' AND r.number = {last_number("p.id")}
                  JOIN documents d ON d.id = r.document_id AND length(d.{meaning}) >= 10
                  WHERE p.source_id = :source GROUP BY day)
                WHERE pages >= :least ORDER BY day""",
            by_end(run.run_id, run.at, source=source_id, least=least),
        )
        found += [Stamp(*row) for row in rows]
    return found


class Census(NamedTuple):
    """How many pages of a source are there, and how many of them give their dates."""

    pages: int
    with_published: int
    with_updated: int


def census(conn: sqlite3.Connection, source_id: str, run: Finished) -> Census:
    """The HTML pages of the source that were there when they were seen last by the end of a crawl."""
    row = conn.execute(
        f"""SELECT count(*), coalesce(sum(d.published IS NOT NULL), 0), coalesce(sum(d.updated IS NOT NULL), 0)
           FROM pages p
           JOIN revisions r ON r.page_id = p.id AND r.state = 'present' AND r.number = {last_number("p.id")}
           JOIN documents d ON d.id = r.document_id AND d.kind = 'html'
           WHERE p.source_id = :source AND p.kind = 'page'""",
        by_end(run.run_id, run.at, source=source_id),
    ).fetchone()
    return Census(*row)


def twins(conn: sqlite3.Connection, source_id: str, run: Finished, words: int, most: int) -> list[list[str]]:
    """The addresses of pages that showed the same when seen last by the end of a crawl, a list for each such text.

    The same text and fields (core), or the same bytes, of at least so many words; at most so many lists.
    """
    rows = conn.execute(
        f"""WITH latest AS MATERIALIZED (
             SELECT d.core, c.body_id, a.url FROM pages p
             JOIN revisions r ON r.page_id = p.id AND r.state = 'present' AND r.number = {last_number("p.id")}
             JOIN captures c ON c.id = r.last_capture
             JOIN addresses a ON a.id = c.address_id
             JOIN readings g ON g.capture_id = c.id
             JOIN documents d ON d.id = g.document_id AND d.kind = 'html' AND d.words >= :words
             WHERE p.source_id = :source AND p.kind = 'page')
           SELECT json_group_array(url) AS urls FROM latest GROUP BY core HAVING count(*) > 1
           UNION
           SELECT json_group_array(url) FROM latest GROUP BY body_id HAVING count(DISTINCT core) > 1
           ORDER BY urls LIMIT :most""",
        by_end(run.run_id, run.at, source=source_id, words=words, most=most),
    )
    return [json.loads(urls) for (urls,) in rows]


class Wrong(NamedTuple):
    """What came in the place of pages, in one run."""

    reason: str
    pages: int
    example: str


def wrong(conn: sqlite3.Connection, run_id: int) -> list[Wrong]:
    """The reasons for which captures of the run were found to be of the wrong kind, with how many pages each."""
    rows = conn.execute(
        """SELECT g.reason, count(DISTINCT c.address_id), min(a.url) FROM captures c
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'wrong-kind'
           JOIN addresses a ON a.id = c.address_id WHERE c.run_id = ? GROUP BY g.reason ORDER BY g.reason""",
        (run_id,),
    )
    return [Wrong(*row) for row in rows]


def document_of(conn: sqlite3.Connection, run_id: int, key: str) -> int | None:
    """What the address with that key showed in the run; None where it showed nothing good."""
    row = conn.execute(
        """SELECT g.document_id FROM addresses a JOIN captures c ON c.address_id = a.id AND c.run_id = ?
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           WHERE a.key = ? ORDER BY c.captured_at DESC, c.id DESC LIMIT 1""",
        (run_id, key),
    ).fetchone()
    return None if row is None else int(row[0])
