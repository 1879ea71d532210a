"""What the archive knows of one URL, asked or not; and what its page has that no other had before."""

import sqlite3
from typing import Any, NamedTuple

from archiver import urls

Row = dict[str, Any]


def entry(conn: sqlite3.Connection, url: str) -> Row | None:
    """The address of a URL: where and when it was found, its page, its plan, its last visits; None: never met.

    Keys: url, source, role, depth, found_at, found_on, page, due_at, failures, unchanged, next_at and paused_until (of
    its host), visits (the last five, newest first: captured_at, outcome, status, verdict, robots, rendering).
    """
    parsed = urls.parse(url)
    row = conn.execute(
        """SELECT a.id, a.url, a.source_id AS source, a.role, a.depth, a.found_at,
             (SELECT url FROM addresses WHERE id = a.found_on) AS found_on, p.key AS page, f.due_at, f.failures,
             f.unchanged, h.next_at, h.paused_until
           FROM addresses a LEFT JOIN page_addresses pa ON pa.address_id = a.id LEFT JOIN pages p ON p.id = pa.page_id
           LEFT JOIN frontier f ON f.address_id = a.id LEFT JOIN hosts h ON h.host = a.host WHERE a.key = ?""",
        (urls.key(parsed) if parsed else url,),
    ).fetchone()
    if row is None:
        return None
    visits = conn.execute(
        """SELECT c.id AS capture, c.captured_at, c.outcome, c.status, c.failure, g.verdict, c.robots,
             m.outcome AS rendering
           FROM captures c LEFT JOIN readings g ON g.capture_id = c.id LEFT JOIN renderings m ON m.capture_id = c.id
           WHERE c.address_id = ? ORDER BY c.captured_at DESC LIMIT 5""",
        (row["id"],),
    )
    found: Row = dict(row) | {"visits": [dict(visit) for visit in visits]}
    del found["id"]
    return found


def sightings(conn: sqlite3.Connection, url: str) -> Row | None:
    """Where we saw a URL, asked for or not: in what pages, sitemaps and feeds link to; None: nowhere.

    Keys: first_seen, last_seen (of the captures that showed it), first_on (the page that showed it first), pages (how
    many did), linked_from (five of them, those that showed it last first: url, text, first_seen, last_seen).
    """
    parsed = urls.parse(url)
    rows = conn.execute(_SIGHTINGS, {"key": urls.key(parsed) if parsed else url}).fetchall()
    if not rows:
        return None
    latest = [{name: row[name] for name in ("url", "text", "first_seen", "last_seen")} for row in rows]
    return {name: rows[0][name] for name in ("pages", "first_on")} | {
        "first_seen": rows[0]["first_of_all"], "last_seen": rows[0]["last_seen"], "linked_from": latest,
    }  # fmt: skip


_SIGHTINGS = """WITH
  documents_with(id) AS MATERIALIZED (
    SELECT DISTINCT l.document_id FROM targets t JOIN links l ON l.target_id = t.id WHERE t.key = :key),
  shown AS MATERIALIZED (
    SELECT p.page_id, min(c.captured_at) AS first_seen, max(c.captured_at) AS last_seen, max(d.id) AS document_id
    FROM documents_with d CROSS JOIN readings g ON g.document_id = d.id CROSS JOIN captures c ON c.id = g.capture_id
    CROSS JOIN page_addresses p ON p.address_id = c.address_id GROUP BY p.page_id),
  latest AS (SELECT *, count(*) OVER () AS pages, min(first_seen) OVER () AS first_of_all,
               first_value(page_id) OVER (ORDER BY first_seen, page_id) AS first_page
             FROM shown ORDER BY last_seen DESC, page_id LIMIT 5)
SELECT s.first_seen, s.last_seen, s.pages, s.first_of_all,
  (SELECT a.url FROM page_addresses x JOIN addresses a ON a.id = x.address_id WHERE x.page_id = s.page_id
   ORDER BY a.id LIMIT 1) AS url,
  (SELECT a.url FROM page_addresses x JOIN addresses a ON a.id = x.address_id WHERE x.page_id = s.first_page
   ORDER BY a.id LIMIT 1) AS first_on,
  (SELECT l.text FROM links l WHERE l.document_id = s.document_id
     AND l.target_id IN (SELECT id FROM targets WHERE key = :key) ORDER BY l.position LIMIT 1) AS text
FROM latest s ORDER BY s.last_seen DESC, s.page_id"""


def redirects_to(conn: sqlite3.Connection, url: str) -> list[Row]:
    """The addresses that redirected to a URL out of scope, five at most: url, captured_at."""
    parsed = urls.parse(url) or url
    rows = conn.execute(
        """SELECT a.url, max(c.captured_at) AS captured_at FROM sources s
           CROSS JOIN issues i ON i.source_id = s.id AND i.kind = 'out-of-scope-redirect'
           JOIN captures c ON c.id = i.capture_id JOIN addresses a ON a.id = c.address_id
           WHERE c.location = ? GROUP BY a.id ORDER BY captured_at DESC LIMIT 5""",
        (parsed,),
    )
    return [dict(row) for row in rows]


def is_asked_or_listed(conn: sqlite3.Connection, address_id: int) -> bool:
    """Whether the address was ever asked for, or a sitemap or a feed was where it was found."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM captures WHERE address_id = a.id)
             OR EXISTS (SELECT 1 FROM addresses f WHERE f.id = a.found_on AND f.role IN ('sitemap', 'feed'))
           FROM addresses a WHERE a.id = ?""",
        (address_id,),
    ).fetchone()
    return row is not None and bool(row[0])


class Main(NamedTuple):
    """What a document has in its main part."""

    title: str = ""
    texts: tuple[str, ...] = ()  # of its blocks
    links: tuple[str, ...] = ()  # where its links lead
    files: tuple[str, ...] = ()  # and its documents


def main_part(conn: sqlite3.Connection, page_id: int, document_id: int, *, only_new: bool) -> Main:
    """What the document of a page has in its main part; with `only_new`, as far as none before it had that.

    Then nothing, where another page had shown the very same. What came later does not count: of a page and its copies
    one at least has brought what it says.
    """
    is_copy = conn.execute(
        """SELECT page_id <> ?1 FROM readings g JOIN captures c ON c.id = g.capture_id
           JOIN page_addresses p ON p.address_id = c.address_id
           WHERE g.document_id = ?2 ORDER BY g.capture_id LIMIT 1""",
        (page_id, document_id),
    ).fetchone()
    if only_new and (is_copy is None or is_copy[0]):
        return Main()
    texts = conn.execute(
        """SELECT t.text, b.kind FROM blocks b JOIN passages t ON t.id = b.passage_id
           WHERE b.document_id = ?1 AND b.part = 'main' AND (NOT ?2 OR NOT EXISTS
             (SELECT 1 FROM blocks o WHERE o.passage_id = b.passage_id AND o.document_id < ?1))
           ORDER BY b.position""",
        (document_id, only_new),
    ).fetchall()
    links = conn.execute(
        """SELECT t.url, l.rel FROM links l JOIN targets t ON t.id = l.target_id
           WHERE l.document_id = ?1 AND l.part = 'main' AND l.rel IN ('link', 'attachment') AND (NOT ?2 OR NOT EXISTS
             (SELECT 1 FROM links o WHERE o.target_id = l.target_id AND o.document_id < ?1))
           ORDER BY l.position""",
        (document_id, only_new),
    ).fetchall()
    title = next((text for text, kind in texts if kind == "title"), "")
    by_rel = (tuple(url for url, rel in links if rel == wanted) for wanted in ("link", "attachment"))
    return Main(title, tuple(text for text, _ in texts), *by_rel)
