"""Since when and until when words stood where, and on how many of the pages seen in each month.

What is said rests on what was looked at: a phrase that stood on a page when we first saw the page may be older
(`censored`), one that we saw last may stand there still (`remains`), and a count of pages is given beside the number
of pages that were seen at all. All words must stand in one block, and those that are not wanted not in it.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from archiver.asking.finding import IN_MAIN
from archiver.asking.terms import expression, parse
from archiver.asking.vocabulary import Vocabulary

Row = dict[str, object]
_STATES = f"""SELECT DISTINCT r.page_id, r.number, r.first_seen, r.last_seen, r.first_capture, r.last_capture,
      o.source_id, o.municipality, o.code,
      r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id) AS latest
    FROM passages_fts f
    JOIN blocks b ON b.passage_id = f.rowid AND {IN_MAIN}
    JOIN revisions r ON r.document_id = b.document_id
    JOIN open_revisions w ON w.revision_id = r.id AND w.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    WHERE f.passages_fts MATCH :match
      AND (:kommun IS NULL OR o.code = :kommun OR o.municipality = :kommun COLLATE NOCASE)"""


class _State(NamedTuple):
    """A state of a page that holds the words."""

    page_id: int
    number: int
    first_seen: str
    last_seen: str
    first_capture: int
    last_capture: int
    source_id: str
    municipality: str
    code: str
    latest: int


def spans(conn: sqlite3.Connection, typed: str, *, kommun: str | None = None) -> list[Row]:
    """One row a municipality, the first to say it first.

    Keys: municipality, code, first_seen, first_url, first_capture, censored (it stood there when we first looked: it
    may be older), last_seen, last_url, last_capture, remains (pages that hold it now), pages (that ever held it).
    """
    by_code: dict[tuple[str, str], list[_State]] = defaultdict(list)
    for state in _states(conn, typed, kommun):
        by_code[state.municipality, state.code].append(state)
    rows: list[Row] = []
    for (municipality, code), states in by_code.items():
        first = min(states, key=lambda s: (s.first_seen, s.page_id))
        last = max(states, key=lambda s: (s.last_seen, s.page_id))
        rows.append({
            "municipality": municipality, "code": code,
            "first_seen": first.first_seen, "first_url": _url(conn, first.first_capture),
            "first_capture": first.first_capture, "censored": first.number == 1,
            "last_seen": last.last_seen, "last_url": _url(conn, last.last_capture), "last_capture": last.last_capture,
            "remains": len({s.page_id for s in states if s.latest}), "pages": len({s.page_id for s in states}),
        })  # fmt: skip
    return sorted(rows, key=lambda row: (str(row["first_seen"]), str(row["code"])))


def by_month(conn: sqlite3.Connection, typed: str, *, kommun: str | None = None) -> list[Row]:
    """One row a municipality and month in which it was looked at: month, municipality, code, pages, observed, share.

    `pages` held the words at some time of that month, of the `observed` that were seen in it. A state counts for every
    month between when it was first and last seen.
    """
    seen = _observed(conn, kommun)
    held: dict[tuple[str, str], set[int]] = defaultdict(set)
    for state in _states(conn, typed, kommun):
        for month in _months(state.first_seen, state.last_seen):
            held[state.source_id, month].add(state.page_id)
    rows: list[Row] = []
    for (source, municipality, code, month), observed in sorted(seen.items(), key=lambda item: item[0][1:]):
        pages = len(held.get((source, month), ()))
        rows.append({
            "month": month, "municipality": municipality, "code": code, "pages": pages, "observed": observed,
            "share": round(pages / observed, 4),
        })  # fmt: skip
    return rows


def _states(conn: sqlite3.Connection, typed: str, kommun: str | None) -> Iterator[_State]:
    terms = parse(typed)
    if not all(term.negated for term in terms):
        match = expression(terms, Vocabulary(conn).forms)
        yield from map(_State._make, conn.execute(_STATES, {"match": match, "kommun": kommun}))


def _observed(conn: sqlite3.Connection, kommun: str | None) -> dict[tuple[str, str, str, str], int]:
    """How many pages of each source were there in each month: seen in it, or the same before and after."""
    found: dict[tuple[str, str, str, str], set[int]] = defaultdict(set)
    rows = conn.execute(
        """SELECT o.source_id, o.municipality, o.code, r.page_id, r.first_seen, r.last_seen
           FROM revisions r JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
           WHERE r.state = 'present' AND (?1 IS NULL OR o.code = ?1 OR o.municipality = ?1 COLLATE NOCASE)""",
        (kommun,),
    )
    for source, municipality, code, page, first, last in rows:
        for month in _months(first, last):
            found[source, municipality, code, month].add(page)
    return {key: len(pages) for key, pages in found.items()}


def _months(first: str, last: str) -> Iterator[str]:
    """The months from one time to another, both counted: '2026-03'."""
    year, month = int(first[:4]), int(first[5:7])
    while f"{year:04}-{month:02}" <= last[:7]:
        yield f"{year:04}-{month:02}"
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _url(conn: sqlite3.Connection, capture_id: int) -> str:
    (url,) = conn.execute(
        "SELECT a.url FROM captures c JOIN addresses a ON a.id = c.address_id WHERE c.id = ?", (capture_id,)
    ).fetchone()
    return str(url)
