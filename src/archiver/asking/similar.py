"""Passages that say nearly the same as another: the policy text that wandered from one municipality to the next.

A passage is as like a text as the share of the text's runs of three words that it has (Broder 1997: containment of
shingles). Which passages to compare is asked of the full-text index: those that hold one of two dozen runs
taken evenly from the text. A passage that has half of the runs lacks all of those once in 10^7 times. All passages
beside all others, by fingerprints: `wandering` (docs/decisions/0014).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archiver import urls
from archiver.errors import NotFound
from archiver.stems import words_of

RUN = 3
"""Words side by side."""
SAMPLED = 24
CANDIDATES = 200
"""Passages that are compared, those first that share most of the sampled runs."""
FEWEST = 8
"""Words of a passage of a page that is looked for: shorter ones are like many by chance."""
MOST_PASSAGES = 60
"""Passages of a page that are looked for, the longest."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A passage that a page shows now, and how like it is."""

    share: float  # of what was asked that it has; 1.0: all of it, word for word
    url: str
    municipality: str
    code: str
    title: str | None
    text: str
    asked: str  # the passage it is like
    since: str  # when the state of the page that shows it was first seen


def similar_to_text(
    conn: sqlite3.Connection, text: str, *, kommun: str | None = None, least: float = 0.5, limit: int = 20
) -> list[Likeness]:
    """Passages of current pages that have at least that share of the text, the likest first."""
    found = sorted(_like(conn, text, kommun, least), key=_order)
    return found[:limit]


def similar_to_page(
    conn: sqlite3.Connection, url: str, *, kommun: str | None = None, least: float = 0.5, limit: int = 20
) -> list[Likeness]:
    """Passages of other pages that have at least that share of one of the page's. Raises NotFound."""
    parsed = urls.parse(url)
    row = conn.execute(
        """SELECT r.page_id, r.document_id FROM addresses a JOIN page_addresses p ON p.address_id = a.id
           JOIN revisions r ON r.page_id = p.page_id JOIN open_revisions w ON w.revision_id = r.id AND w.open
           WHERE a.key = ? AND r.state = 'present' ORDER BY r.number DESC LIMIT 1""",
        (urls.key(parsed) if parsed else url,),
    ).fetchone()
    if row is None:
        raise NotFound(f"no text of {url} is in the archive")
    passages = conn.execute(
        """SELECT DISTINCT t.text FROM blocks b JOIN passages t ON t.id = b.passage_id
           WHERE b.document_id = ? AND b.part = 'main' AND b.kind <> 'title' ORDER BY length(t.text) DESC LIMIT ?""",
        (row[1], MOST_PASSAGES),
    ).fetchall()
    found = [
        like
        for (text,) in passages
        if len(words_of(text)) >= FEWEST
        for like in _like(conn, text, kommun, least, not_on=row[0])
    ]
    return sorted(found, key=_order)[:limit]


def likeness(one: str, other: str) -> float:
    """The share of the one text's runs of words that the other has: 1.0 all of it, word for word; 0.0 nothing."""
    runs = runs_of(one)
    return len(runs & runs_of(other)) / len(runs) if runs else 0.0


def _like(
    conn: sqlite3.Connection, text: str, kommun: str | None, least: float, not_on: int | None = None
) -> Iterator[Likeness]:
    for passage, other in _candidates(conn, text):
        share = likeness(text, other)
        if share < least:
            continue
        for row in shown_on(conn, passage, kommun=kommun, not_on=not_on):
            yield Likeness(round(share, 3), row[0], row[1], row[2], row[3], other, text, row[4])


def shown_on(
    conn: sqlite3.Connection, passage: int, *, kommun: str | None = None, not_on: int | None = None
) -> Iterator[sqlite3.Row]:
    """The pages that show the passage now: url, municipality, code, title, first_seen of the state that does."""
    return iter(conn.execute(_SHOWN, {"passage": passage, "kommun": kommun, "page": not_on}))


_SHOWN = """SELECT a.url, o.municipality, o.code, d.title, r.first_seen
    FROM blocks b
    JOIN revisions r ON r.document_id = b.document_id
    JOIN open_revisions w ON w.revision_id = r.id AND w.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    JOIN captures c ON c.id = r.last_capture JOIN addresses a ON a.id = c.address_id
    JOIN documents d ON d.id = r.document_id
    WHERE b.passage_id = :passage AND b.part = 'main' AND r.page_id IS NOT :page
      AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id)
      AND (:kommun IS NULL OR o.code = :kommun OR o.municipality = :kommun COLLATE NOCASE)
    GROUP BY r.page_id"""


def _candidates(conn: sqlite3.Connection, text: str) -> list[tuple[int, str]]:
    runs = list(dict.fromkeys(_in_order(words_of(text))))
    if not runs:
        return []
    step = max(1, len(runs) // SAMPLED)
    match = " OR ".join(f'"{" ".join(run)}"' for run in runs[::step][:SAMPLED])
    rows = conn.execute(
        "SELECT rowid, text FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rank LIMIT ?", (match, CANDIDATES)
    )
    return [(row[0], row[1]) for row in rows]


def _in_order(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    size = min(RUN, len(words))
    return (tuple(words[at : at + size]) for at in range(len(words) - size + 1) if size)


def runs_of(text: str) -> frozenset[tuple[str, ...]]:
    """The text's runs of three words, or all its words where it has fewer."""
    return frozenset(_in_order(words_of(text)))


def _order(like: Likeness) -> tuple[float, str, str]:
    return (-like.share, like.municipality, like.url)
