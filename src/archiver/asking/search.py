"""Pages by their words: in what they say now, in all they ever said, in what was added, in what was removed.

A block is looked for in the index, then the pages that show it. Blocks with all the words come first; then pages that
have them in different blocks. Few hits are ranked by how well they fit (bm25), many are newest first: ranking must look
at all of them. What is under embargo is not found, nor is who is responsible for a page: that is in no index.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal, get_args

from archiver.asking.terms import Term, expression, marked, parse
from archiver.store.times import to_text_or_none

Where = Literal["current", "ever", "added", "removed"]
WHERE: tuple[Where, ...] = get_args(Where)
RANKED = 2_000
"""Hits up to which the best come first; of more, the newest."""
LOOKED_AT = 20_000
"""Blocks of the index that are looked at for one page of results."""
AROUND = 5_000
"""Blocks, the newest, that are looked at for changes around the words, and for pages that went with them."""
CANDIDATES = 500
"""Pages with the rarest word that are looked at for the others, where no block has all of them."""
WIDTH = 240
"""Characters of a text around the first word found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that shows the words, or a change that brought or took them."""

    url: str
    municipality: str
    code: str
    section: str
    title: str | None
    revision: int
    first_seen: str  # of the state that shows the words; of a change: when its new state was first seen
    last_seen: str  # of that state; of a change: when the state before it was last seen
    capture_id: int  # shows it
    text: str  # around the first word found
    marks: tuple[tuple[int, int], ...]  # of the words found in it


@dataclass(frozen=True, slots=True)
class _Asked:
    conn: sqlite3.Connection
    terms: tuple[Term, ...]
    languages: tuple[str, ...]
    within: dict[str, str | None]  # bound to every look-up: kommun, source, since, until

    def match(self, terms: tuple[Term, ...] | None = None) -> str:
        wanted = self.terms if terms is None else terms
        return expression([t for t in wanted if not t.negated], self.languages)


def search(
    conn: sqlite3.Connection,
    typed: str,
    where: Where = "current",
    *,
    kommun: str | None = None,
    source: str | None = None,
    section: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 20,
    offset: int = 0,
) -> list[Hit]:
    """At most `limit` hits after the first `offset`, a page (of `added` and `removed`: a change) once.

    `typed` is what a person types (`asking.terms`); without a word in it nothing is found. `kommun` is a name or a
    code. `since` and `until` bound when the state, or the change, was first seen.
    """
    terms = parse(typed)
    within = {
        "kommun": kommun, "source": source, "section": section,
        "since": to_text_or_none(since), "until": to_text_or_none(until),
    }  # fmt: skip
    asked = _Asked(conn, terms, languages(conn), within)
    if all(term.negated for term in terms):
        return []
    found = _changes(asked, where) if where in ("added", "removed") else _pages(asked, where)
    hits = []
    for number, hit in enumerate(found):
        if number >= offset + limit:
            break
        if number >= offset:
            hits.append(hit)
    return hits


def languages(conn: sqlite3.Connection) -> tuple[str, ...]:
    """The languages of the archive's sources: what words are stemmed in."""
    return tuple(sorted({str(row[0]).partition("-")[0] for row in conn.execute("SELECT language FROM sources")}))


# Pages -----------------------------------------------------------------------------------------------

_WITHIN = """(:kommun IS NULL OR o.code = :kommun OR o.municipality = :kommun COLLATE NOCASE)
    AND (:source IS NULL OR o.source_id = :source) AND (:section IS NULL OR o.section = :section)
    AND (:since IS NULL OR r.first_seen >= :since) AND (:until IS NULL OR r.first_seen < :until)"""
_LATEST = "AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id)"
_COLUMNS = """r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, r.last_seen,
      r.last_capture, r.document_id"""
_SHOWN = f"""JOIN open_revisions w ON w.revision_id = r.id AND w.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    JOIN captures c ON c.id = r.last_capture JOIN addresses a ON a.id = c.address_id
    JOIN documents d ON d.id = r.document_id
    WHERE {_WITHIN}"""
_BY_PASSAGE = f"""SELECT {_COLUMNS}, f.text FROM passages_fts f
    CROSS JOIN blocks b ON b.passage_id = f.rowid AND b.part = 'main'
    CROSS JOIN revisions r ON r.document_id = b.document_id {{latest}}
    {_SHOWN} AND f.passages_fts MATCH :match ORDER BY f.{{order}} LIMIT :limit"""
_BY_DOCUMENT = f"""SELECT {_COLUMNS} FROM revisions r
    {_SHOWN} AND r.document_id = :document {{latest}} ORDER BY r.first_seen DESC, r.id DESC"""


def _pages(asked: _Asked, where: Where) -> Iterator[Hit]:
    """Each page once: blocks with all the words first, then pages with the words apart."""
    shown: set[int] = set()
    latest = _LATEST if where == "current" else ""
    refused = _Refused(asked)
    sql = _BY_PASSAGE.format(latest=latest, order=_order(asked))
    for row in asked.conn.execute(sql, {"match": asked.match(), "limit": LOOKED_AT, **asked.within}):
        if row[0] not in shown and not refused(row[10]):
            shown.add(row[0])
            yield _hit(row, row[11], asked)
    if sum(not term.negated for term in asked.terms) > 1:
        by_document = _BY_DOCUMENT.format(latest=latest)
        for document, text in _apart(asked):
            for row in asked.conn.execute(by_document, {"document": document, **asked.within}):
                if row[0] not in shown and not refused(row[10]):
                    shown.add(row[0])
                    yield _hit(row, text, asked)


def _order(asked: _Asked) -> str:
    """The best first where they are few, else the newest."""
    count = "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)"
    few = asked.conn.execute(count, (asked.match(), RANKED + 1)).fetchone()[0] <= RANKED
    return "rank" if few else "rowid DESC"


def _hit(row: sqlite3.Row, text: str, asked: _Asked) -> Hit:
    around, marks = excerpt(text, asked.terms, asked.languages)
    return Hit(row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], around, marks)


def excerpt(
    text: str, terms: tuple[Term, ...], languages: tuple[str, ...], width: int = WIDTH
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text around the first word found, cut between words, and where the words stand in it."""
    spans = marked(text, terms, languages)
    if len(text) > width:
        start = max(0, (spans[0][0] if spans else 0) - width // 4)
        start = text.rfind(" ", 0, start) + 1 if start else 0
        end = text.find(" ", min(len(text), start + width))
        text = ("… " if start else "") + (text[start:] if end < 0 else text[start:end] + " …")
        spans = marked(text, terms, languages)
    return text, tuple(spans)


def _apart(asked: _Asked) -> Iterator[tuple[int, str]]:
    """Documents that hold every word, not all of them in one block; with the block that holds the rarest."""
    wanted = [term for term in asked.terms if not term.negated]
    counted = [(len(_some(asked, term)), term) for term in wanted]
    _, rarest = min(counted, key=lambda pair: pair[0])
    others = [term for term in wanted if term is not rarest]
    seen: set[int] = set()
    for passage in _some(asked, rarest):
        documents = asked.conn.execute(
            "SELECT document_id FROM blocks WHERE passage_id = ? AND part = 'main'", (passage,)
        ).fetchall()
        for (document,) in documents:
            if document in seen or len(seen) >= CANDIDATES:
                continue
            seen.add(document)
            if all(_holds(asked, document, term) for term in others):
                (text,) = asked.conn.execute("SELECT text FROM passages WHERE id = ?", (passage,)).fetchone()
                yield document, text


def _some(asked: _Asked, term: Term) -> list[int]:
    """The newest blocks with a term, as many as are ranked at most."""
    rows = asked.conn.execute(
        "SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
        (asked.match((term,)), RANKED + 1),
    )
    return [row[0] for row in rows]


def _holds(asked: _Asked, document: int, term: Term) -> bool:
    """Whether a block of the document's main text holds the term."""
    match = expression([Term(term.words, term.exact, term.open)], asked.languages)
    return asked.conn.execute(
        """SELECT 1 FROM blocks b CROSS JOIN passages_fts f ON f.rowid = b.passage_id
           WHERE b.document_id = ? AND b.part = 'main' AND f.passages_fts MATCH ? LIMIT 1""",
        (document, match),
    ).fetchone() is not None  # fmt: skip


class _Refused:
    """Whether a document holds a word that must not be there."""

    def __init__(self, asked: _Asked) -> None:
        self._asked = asked
        self._unwanted = [term for term in asked.terms if term.negated]

    def __call__(self, document: int) -> bool:
        return any(_holds(self._asked, document, term) for term in self._unwanted)


# Changes ---------------------------------------------------------------------------------------------

_EDITED = f"""SELECT r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, b.last_seen,
      r.first_capture, h.revision_id
    FROM hunks h
    JOIN revisions r ON r.id = h.revision_id
    JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
    JOIN open_revisions wa ON wa.revision_id = r.id
    JOIN open_revisions wb ON wb.revision_id = b.id
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
    LEFT JOIN documents d ON d.id = coalesce(r.document_id, b.document_id)
    WHERE h.id = :hunk AND h.op = :op AND NOT h.person
      AND CASE :op WHEN 'added' THEN wa.open ELSE wb.open END AND {_WITHIN}
      AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical')"""


_NEWEST = (
    """(SELECT rowid AS id, text FROM passages_fts WHERE passages_fts MATCH :match ORDER BY rowid DESC LIMIT :limit)"""
)
_LEFT = f"""SELECT r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, b.last_seen,
      b.last_capture, r.id, f.text
    FROM {_NEWEST} f
    JOIN blocks k ON k.passage_id = f.id AND k.part = 'main'
    JOIN revisions b ON b.document_id = k.document_id
    JOIN revisions r ON r.page_id = b.page_id AND r.number = b.number + 1 AND r.state = 'gone'
    JOIN open_revisions wb ON wb.revision_id = b.id AND wb.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    JOIN captures c ON c.id = b.last_capture JOIN addresses a ON a.id = c.address_id
    JOIN documents d ON d.id = b.document_id
    WHERE {_WITHIN}"""
"""Pages that went with the passage on them."""


def _changes(asked: _Asked, where: Where) -> Iterator[Hit]:
    """Each change once: by the very words that it added or removed, by what stood around them, by the page they left
    with.
    """
    shown: set[int] = set()
    unwanted = [Term(t.words, t.exact, t.open) for t in asked.terms if t.negated]
    for hunk, text in chain(_by_words(asked), _by_context(asked, where)):
        row = asked.conn.execute(_EDITED, {"hunk": hunk, "op": where, **asked.within}).fetchone()
        if row is None or row[10] in shown or marked(text, unwanted, asked.languages):
            continue
        shown.add(row[10])
        yield _hit(row, text, asked)
    if where == "removed":
        for row in asked.conn.execute(_LEFT, {"match": asked.match(), "limit": AROUND, **asked.within}):
            if row[10] not in shown and not marked(row[11], unwanted, asked.languages):
                shown.add(row[10])
                yield _hit(row, row[11], asked)


def _by_words(asked: _Asked) -> Iterator[tuple[int, str]]:
    """The newest edits whose own words are the words asked for."""
    yield from asked.conn.execute(
        "SELECT rowid, text FROM hunks_fts WHERE hunks_fts MATCH ? ORDER BY rowid DESC LIMIT ?",
        (asked.match(), LOOKED_AT),
    )


_AROUND = {
    "added": f"""SELECT h.id, f.text, b.text FROM {_NEWEST} f
        CROSS JOIN hunks h ON h.after_id = f.id AND h.op = 'added' LEFT JOIN passages b ON b.id = h.before_id""",
    "removed": f"""SELECT h.id, f.text, b.text FROM {_NEWEST} f
        CROSS JOIN hunks h ON h.before_id = f.id AND h.op = 'removed' LEFT JOIN passages b ON b.id = h.after_id""",
}


def _by_context(asked: _Asked, where: Where) -> Iterator[tuple[int, str]]:
    """Edits within blocks that held the words only on the one side: '450 kronor' of 'högst 450 kronor per person'."""
    wanted = [term for term in asked.terms if not term.negated]
    for hunk, text, other in asked.conn.execute(_AROUND[where], {"match": asked.match(), "limit": AROUND}):
        if other is None or not all(marked(other, [term], asked.languages) for term in wanted):
            yield hunk, text
