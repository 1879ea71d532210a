"""Texts that hold the words asked for, the newest first, one by one: who has seen enough stops, and little was done.

The full-text index gives texts so for words and phrases, however common. Not for a beginning: of 'för*' it first
merges the lists of all words that begin so, a third of a second where most texts have one. But what stands in one of
twenty texts is soon found by looking: the newest thousand tell how common a beginning is, and a common one is looked
for in the texts themselves, among those that hold the other words, or among the newest. Of common beginnings alone the
index is asked when the newest texts were not enough, and of one of them only.
"""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from archiver.asking.terms import Term, expression, holds
from archiver.asking.vocabulary import Vocabulary

Kept = Literal["passages", "hunks"]
IN_MAIN = "b.sort % 2 = 0"
"""Blocks `b` of the main part, as the index over passages can tell them: b.part = 'main'."""
SAMPLED = 1_000
"""Texts, the newest, in which it is counted how common a beginning is."""
COMMON = 50
"""Of so many, those with a common beginning."""
READ = 5_000
"""Texts, the newest, that are read for common beginnings before the index is asked."""
LISTED = 20_000
"""Texts with a word, the newest, of which all documents are told."""
TEXTS = 20_000
"""Texts of documents that are read for words that more texts have."""


def newest(conn: sqlite3.Connection, kept: Kept, terms: Sequence[Term], words: Vocabulary, limit: int) -> Iterator[int]:
    """The ids of texts that hold all of the terms, and none that is negated, the newest first, after a look at `limit`
    texts at most."""
    wanted, unwanted = [t for t in terms if not t.negated], [t for t in terms if t.negated]
    common = _common(conn, kept, wanted, words)
    others = [term for term in wanted if term not in common]
    if others or not common:
        yield from _indexed(conn, kept, others, [*common, *unwanted], words, limit)
        return
    last: int | None = None
    for last, text in _latest(conn, kept, min(limit, READ)):
        if _fits(text, [*common, *unwanted], words):
            yield last
    if limit > READ:
        rarest, *rest = common
        yield from _indexed(conn, kept, [rarest], [*rest, *unwanted], words, limit - READ, before=last)


def _common(conn: sqlite3.Connection, kept: Kept, terms: Sequence[Term], words: Vocabulary) -> list[Term]:
    """Of the beginnings those that many texts have, the rarest first."""
    begun = [term for term in terms if term.open]
    if not begun:
        return []
    sample = [text for _, text in _latest(conn, kept, SAMPLED)]
    counted = [(sum(holds(text, term, words.languages) for text in sample), term) for term in begun]
    counted.sort(key=lambda pair: pair[0])
    return [term for count, term in counted if count >= COMMON]


def _latest(conn: sqlite3.Connection, kept: Kept, limit: int) -> Iterator[tuple[int, str]]:
    yield from conn.execute(f"SELECT id, text FROM {kept} ORDER BY id DESC LIMIT ?", (limit,))


def _indexed(
    conn: sqlite3.Connection, kept: Kept, asked: Sequence[Term], read: Sequence[Term], words: Vocabulary, limit: int,
    before: int | None = None,
) -> Iterator[int]:  # fmt: skip
    """The texts, all of them before that one, for which the index is asked for some terms, and which are read for
    others."""
    text, bound = ", text" if read else "", "" if before is None else "AND rowid < :before"
    rows = conn.execute(
        f"""SELECT rowid{text} FROM {kept}_fts WHERE {kept}_fts MATCH :match {bound}
            ORDER BY rowid DESC LIMIT :limit""",
        {"match": expression(asked, words.forms), "limit": limit, "before": before},
    )
    return (row[0] for row in rows if not read or _fits(row[1], read, words))


def _fits(text: str, terms: Collection[Term], words: Vocabulary) -> bool:
    return all(holds(text, term, words.languages) is not term.negated for term in terms)


class Holders(NamedTuple):
    """The documents in whose main text words stand."""

    sql: str  # gives their ids
    values: list[object]  # bound in it
    are_all: bool  # false where so many texts have the words that only the newest were looked at


def holders(conn: sqlite3.Connection, terms: Sequence[Term], words: Vocabulary) -> Holders:
    """The documents that hold all of the terms, be it in different blocks.

    The index is asked for words that not too many texts have; for the others the texts of what was found are read.
    """
    wanted, unwanted = _sides(terms)
    lists = {term: _shown(conn, term, words) for term in dict.fromkeys([*wanted, *unwanted])}
    first = [term for term in wanted if lists[term].are_all] or wanted[:1]
    without = [term for term in unwanted if lists[term].are_all]
    sql = " INTERSECT ".join(lists[term].sql for term in first)
    sql += "".join(f" EXCEPT {lists[term].sql}" for term in without)
    values = [value for term in (*first, *without) for value in lists[term].values]
    found = Holders(sql, values, all(lists[term].are_all for term in first))
    others = [term for term in wanted if term not in first], [term for term in unwanted if term not in without]
    return _read(conn, found, *others, words) if any(others) else found


def _sides(terms: Sequence[Term]) -> tuple[list[Term], list[Term]]:
    """The terms that must be there, and those that must not, none of them negated any more."""
    plain = [(Term(term.words, term.exact, term.open), term.negated) for term in terms]
    return [term for term, negated in plain if not negated], [term for term, negated in plain if negated]


_SHOWN = f"""SELECT b.document_id FROM ({{}}) f
    CROSS JOIN blocks b ON b.passage_id = f.id AND {IN_MAIN}"""
_BY_INDEX = _SHOWN.format("SELECT rowid AS id FROM passages_fts WHERE passages_fts MATCH ? ORDER BY rowid DESC LIMIT ?")
_BY_IDS = _SHOWN.format("SELECT value AS id FROM json_each(?)")


def _shown(conn: sqlite3.Connection, term: Term, words: Vocabulary) -> Holders:
    """The documents that hold the term; where too many texts have it, those that show the newest of these."""
    if _common(conn, "passages", [term], words):
        return Holders(_BY_IDS, [json.dumps(list(newest(conn, "passages", [term], words, READ)))], are_all=False)
    match = expression([term], words.forms)
    (count,) = conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)", (match, LISTED + 1)
    ).fetchone()
    return Holders(_BY_INDEX, [match, LISTED], are_all=count <= LISTED)


def _read(
    conn: sqlite3.Connection, found: Holders, wanted: list[Term], unwanted: list[Term], words: Vocabulary
) -> Holders:
    """Of these documents those with the one and without the other, as far as texts may be read, the newest first."""
    read, kept = Documents(conn, words, TEXTS), []
    for (document,) in conn.execute(f"SELECT * FROM ({found.sql}) ORDER BY 1 DESC", found.values):
        has_all = not wanted or read.have(document, wanted, at_least=len(wanted))
        if has_all and not (unwanted and read.have(document, unwanted, at_least=1)) and not read.are_read:
            kept.append(document)
        if read.are_read:
            break
    return Holders("SELECT value FROM json_each(?)", [json.dumps(kept)], found.are_all and not read.are_read)


class Documents:
    """What stands on pages, looked up text by text, until `most` were read: then no more is said of any."""

    def __init__(self, conn: sqlite3.Connection, words: Vocabulary, most: int) -> None:
        self._conn = conn
        self._words = words
        self._left = most

    @property
    def are_read(self) -> bool:
        """Whether as many texts were read as may be."""
        return self._left <= 0

    def have(self, document: int, terms: Collection[Term], *, at_least: int) -> bool:
        """Whether so many of the terms stand in the document's main text."""
        missing = set(terms)
        rows = self._conn.execute(
            """SELECT t.text FROM blocks b JOIN passages t ON t.id = b.passage_id
               WHERE b.document_id = ? AND b.part = 'main' ORDER BY b.position""",
            (document,),
        )
        for (text,) in islice(rows, max(0, self._left)):
            self._left -= 1
            missing -= {term for term in missing if holds(text, term, self._words.languages)}
            if len(terms) - len(missing) >= at_least:
                return True
        return False
