"""Pages by their words: in what they say now, in all they ever said, in what was added, in what was removed.

A block is looked for (`finding`), then the pages that show it. Blocks with all the words come first; then pages that
have them in different blocks. Few hits are ranked by how well they fit, many are newest first: ranking must look at all
of them. What is under embargo is not found, nor is who is responsible for a page: that is in no index.

Whatever is typed, how much is looked at has a bound, and so has the time that it takes.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Literal, get_args

from archiver.asking.finding import IN_MAIN, Documents, Kept, newest
from archiver.asking.terms import Term, holds, marked, parse
from archiver.asking.vocabulary import Vocabulary
from archiver.store.times import to_text_or_none

Where = Literal["current", "ever", "added", "removed"]
WHERE: tuple[Where, ...] = get_args(Where)
RANKED = 60
"""Blocks up to which the best come first; of more, the newest."""
LOOKED_AT = 20_000
"""Blocks of the index that are looked at for one page of results."""
AROUND = 5_000
"""Blocks, the newest, that are looked at for changes around the words, and for pages that went with them."""
AT_ONCE = 100
"""Of these blocks, those that are asked about together."""
SOME = 1_000
"""Blocks, the newest, that are looked at for each word, where no block has all of them: which word is the rarest?"""
CANDIDATES = 500
"""Pages with the rarest word that are then looked at for the others."""
TEXTS = 50_000
"""Blocks of pages that are read for words in other blocks, and for words that must not be there."""
USUAL = 240
"""Characters of a block, more or less: a longer one must hold the words more often to be as good a hit."""
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
    words: Vocabulary
    within: dict[str, str | None]  # bound to every look-up: kommun, source, since, until

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negated)

    @property
    def languages(self) -> tuple[str, ...]:
        return self.words.languages

    def newest(self, kept: Kept, limit: int, terms: tuple[Term, ...] | None = None) -> Iterator[int]:
        return newest(self.conn, kept, self.wanted if terms is None else terms, self.words, limit)


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
    asked = _Asked(conn, terms, Vocabulary(conn), within)
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


# Pages -----------------------------------------------------------------------------------------------

_WITHIN = """(:kommun IS NULL OR o.code = :kommun OR o.municipality = :kommun COLLATE NOCASE)
    AND (:source IS NULL OR o.source_id = :source) AND (:section IS NULL OR o.section = :section)
    AND (:since IS NULL OR r.first_seen >= :since) AND (:until IS NULL OR r.first_seen < :until)"""
_LATEST = "AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id)"
_COLUMNS = """r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, r.last_seen,
      r.last_capture, r.document_id"""
_SHOWN = f"""JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
      AND (o.embargo_days IS NULL OR (SELECT open FROM open_revisions WHERE revision_id = r.id))
    JOIN captures c ON c.id = r.last_capture JOIN addresses a ON a.id = c.address_id
    JOIN documents d ON d.id = r.document_id
    WHERE {_WITHIN}"""
_BY_PASSAGE = f"""SELECT {_COLUMNS}, t.text FROM blocks b CROSS JOIN passages t ON t.id = b.passage_id
    CROSS JOIN revisions r ON r.document_id = b.document_id {{latest}}
    {_SHOWN} AND b.passage_id = :passage AND {IN_MAIN} ORDER BY b.sort DESC, b.document_id DESC"""
_BY_DOCUMENT = f"""SELECT {_COLUMNS}, t.text FROM revisions r JOIN passages t ON t.id = :passage
    {_SHOWN} AND r.document_id = :document {{latest}} ORDER BY r.first_seen DESC, r.id DESC"""
"""The states of pages that show a block, or a document with it."""


def _pages(asked: _Asked, where: Where) -> Iterator[Hit]:
    """Each page once: blocks with all the words first, then pages with the words apart."""
    shown: set[int] = set()
    documents = Documents(asked.conn, asked.words, TEXTS)
    unwanted = [term for term in asked.terms if term.negated]
    latest = _LATEST if where == "current" else ""
    for row in chain(_together(asked, latest), _apart(asked, latest, documents)):
        if row[0] in shown:
            continue
        if unwanted and documents.have(row[10], unwanted, at_least=1):
            continue
        if documents.are_read:
            return
        shown.add(row[0])
        yield _hit(row, row[11], asked)


def _together(asked: _Asked, latest: str) -> Iterator[sqlite3.Row]:
    """Blocks that hold all the words, and the states of pages that show them: the best first where they are few."""
    found = asked.newest("passages", LOOKED_AT)
    first = list(islice(found, RANKED + 1))
    if len(first) <= RANKED:
        first = _best_first(asked, first)
    sql = _BY_PASSAGE.format(latest=latest)
    for passage in chain(first, found):
        yield from asked.conn.execute(sql, {"passage": passage, **asked.within})


def _best_first(asked: _Asked, passages: list[int]) -> list[int]:
    """In the order of how much of a text is what was asked for; of equals the newest first."""
    texts = asked.conn.execute(
        "SELECT t.id, t.text FROM json_each(?) f CROSS JOIN passages t ON t.id = f.value", (json.dumps(passages),)
    )
    weights = {passage: _weight(text, asked) for passage, text in texts}
    return sorted(passages, key=lambda passage: -weights[passage])


def _weight(text: str, asked: _Asked) -> float:
    """As bm25 weighs a word that every candidate has."""
    count = len(marked(text, asked.terms, asked.languages))
    return count / (count + 1.2 * (0.25 + 0.75 * len(text) / USUAL))


def _hit(row: sqlite3.Row, text: str, asked: _Asked) -> Hit:
    around, marks = excerpt(text, asked.terms, asked.languages)
    return Hit(row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], around, marks)


def excerpt(
    text: str, terms: tuple[Term, ...], languages: tuple[str, ...], width: int = WIDTH
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text around the first word found, cut between words, and where the words stand in it."""
    spans = marked(text, terms, languages)
    if len(text) <= width:
        return text, tuple(spans)
    start = max(0, (spans[0][0] if spans else 0) - width // 4)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    end = text.find(" ", min(len(text), start + width))
    end, after = (len(text), "") if end < 0 else (end, " …")
    before = "… " if start else ""
    within = ((a - start + len(before), b - start + len(before)) for a, b in spans if start <= a and b <= end)
    return before + text[start:end] + after, tuple(within)


def _apart(asked: _Asked, latest: str, documents: Documents) -> Iterator[sqlite3.Row]:
    """Documents that hold every word, not all of them in one block; with the block that holds the rarest."""
    if len(asked.wanted) < 2:
        return
    counted = [(list(islice(asked.newest("passages", SOME, (term,)), SOME)), term) for term in asked.wanted]
    passages, rarest = min(counted, key=lambda pair: len(pair[0]))
    others = [term for term in asked.wanted if term is not rarest]
    seen: set[int] = set()
    sql = _BY_DOCUMENT.format(latest=latest)
    for passage in passages:
        showing = asked.conn.execute(
            f"SELECT DISTINCT b.document_id FROM blocks b WHERE b.passage_id = ? AND {IN_MAIN} LIMIT ?",
            (passage, CANDIDATES),
        ).fetchall()
        for (document,) in showing:
            if documents.are_read or len(seen) >= CANDIDATES:
                return
            if document in seen:
                continue
            seen.add(document)
            if documents.have(document, others, at_least=len(others)):
                yield from asked.conn.execute(sql, {"document": document, "passage": passage, **asked.within})


# Changes ---------------------------------------------------------------------------------------------

_EDITED = f"""SELECT r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, b.last_seen,
      r.first_capture, r.id, h.text
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


_LEFT = f"""SELECT r.page_id, a.url, o.municipality, o.code, o.section, d.title, r.number, r.first_seen, b.last_seen,
      b.last_capture, r.id, t.text
    FROM json_each(:found) f
    CROSS JOIN blocks k ON k.passage_id = f.value AND k.part = 'main'
    CROSS JOIN revisions b ON b.document_id = k.document_id
    CROSS JOIN revisions r ON r.page_id = b.page_id AND r.number = b.number + 1 AND r.state = 'gone'
    CROSS JOIN passages t ON t.id = f.value
    JOIN open_revisions wb ON wb.revision_id = b.id AND wb.open
    JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
    JOIN captures c ON c.id = b.last_capture JOIN addresses a ON a.id = c.address_id
    JOIN documents d ON d.id = b.document_id
    WHERE {_WITHIN}"""
"""Pages that went with a passage on them."""


def _changes(asked: _Asked, where: Where) -> Iterator[Hit]:
    """Each change once: by the very words that it added or removed, by what stood around them, by the page they left
    with.
    """
    shown: set[int] = set()
    unwanted = [Term(t.words, t.exact, t.open) for t in asked.terms if t.negated]
    for row, text in chain(_by_words(asked, where), _by_context(asked, where)):
        if row[10] not in shown and not marked(text, unwanted, asked.languages):
            shown.add(row[10])
            yield _hit(row, text, asked)


def _by_words(asked: _Asked, where: Where) -> Iterator[tuple[sqlite3.Row, str]]:
    """The newest edits whose own words are the words asked for."""
    for hunk in asked.newest("hunks", LOOKED_AT):
        for row in asked.conn.execute(_EDITED, {"hunk": hunk, "op": where, **asked.within}):
            yield row, row[11]


_AROUND = {
    "added": """SELECT h.id, t.text, b.text
        FROM json_each(:found) f CROSS JOIN hunks h ON h.after_id = f.value AND h.op = 'added'
        JOIN passages t ON t.id = h.after_id LEFT JOIN passages b ON b.id = h.before_id""",
    "removed": """SELECT h.id, t.text, b.text
        FROM json_each(:found) f CROSS JOIN hunks h ON h.before_id = f.value AND h.op = 'removed'
        JOIN passages t ON t.id = h.before_id LEFT JOIN passages b ON b.id = h.after_id""",
}


def _by_context(asked: _Asked, where: Where) -> Iterator[tuple[sqlite3.Row, str]]:
    """Edits within blocks that held the words only on the one side: '450 kronor' of 'högst 450 kronor per person'. Of
    what was removed the pages too that went with such a block."""
    looked: list[str] = []
    found = asked.newest("passages", AROUND)
    while some := list(islice(found, AT_ONCE)):
        looked.append(json.dumps(some))
        for hunk, text, other in asked.conn.execute(_AROUND[where], {"found": looked[-1]}):
            if other is None or not all(holds(other, term, asked.languages) for term in asked.wanted):
                for row in asked.conn.execute(_EDITED, {"hunk": hunk, "op": where, **asked.within}):
                    yield row, text
    if where == "removed":
        for passages in looked:
            for row in asked.conn.execute(_LEFT, {"found": passages, **asked.within}):
                yield row, row[11]
