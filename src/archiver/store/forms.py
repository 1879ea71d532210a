"""The forms of words: which words of the archive have one stem.

The full-text indexes hold texts as they stand. A search for a word in any form is one for all the forms that were ever
met, so what is kept of stemming is a list of words: those that are not their own stem. It grows with the vocabulary,
not with the texts (docs/decisions/0025).
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

from archiver.stems import words_of

Stem = Callable[[Sequence[str]], Sequence[str]]
"""The stems of words, one for each."""
LONGEST = 60
"""Letters of a word whose forms are kept: a longer one is a key, a digest, a line without spaces."""
MOST = 400
"""Forms of one stem that are asked for, the shortest: no word of a language has more."""
_LEFT = """DELETE FROM word_forms WHERE {which}
    NOT EXISTS (SELECT 1 FROM passages_fts WHERE passages_fts MATCH '"' || word_forms.word || '"')
    AND NOT EXISTS (SELECT 1 FROM hunks_fts WHERE hunks_fts MATCH '"' || word_forms.word || '"')"""


def learn(conn: sqlite3.Connection, texts: Iterable[str], stem: Stem) -> None:
    """Keep the forms of the words in texts that are new to the archive."""
    words = sorted({word for text in texts for word in words_of(text) if len(word) <= LONGEST})
    pairs = [(stemmed, word) for stemmed, word in zip(stem(words), words, strict=True) if stemmed != word]
    conn.executemany("INSERT OR IGNORE INTO word_forms (stem, word) VALUES (?, ?)", pairs)


def unlearn(conn: sqlite3.Connection, words: Iterable[str]) -> None:
    """Forget these words, but for those that stand in a text."""
    which = "word IN (SELECT value FROM json_each(?)) AND"
    conn.execute(_LEFT.format(which=which), (json.dumps(sorted(words)),))


def unlearn_all_gone(conn: sqlite3.Connection) -> None:
    """Forget every word that stands in no text: a look at the whole list."""
    conn.execute(_LEFT.format(which=""))


def forms(conn: sqlite3.Connection, stems: Iterable[str]) -> list[str]:
    """The words that have one of these stems, but for those that are their own; the shortest first."""
    rows = conn.execute(
        """SELECT DISTINCT f.word FROM json_each(?) AS wanted JOIN word_forms f ON f.stem = wanted.value
           ORDER BY length(f.word), f.word LIMIT ?""",
        (json.dumps(sorted(set(stems))), MOST),
    )
    return [row[0] for row in rows]


def reader_of_stems() -> Callable[[str, str], str]:
    """A function for SQL: of a text and its stems, as they were kept once, the forms that it has not told before.

    As JSON: [[stem, word], ...].
    """
    told: set[tuple[str, str]] = set()

    def forms_in(text: str, stems: str) -> str:
        new = set(_paired(text, stems)) - told
        told.update(new)
        return json.dumps(sorted(new))

    return forms_in


def _paired(text: str, stems: str) -> Iterator[tuple[str, str]]:
    words, stemmed = words_of(text), stems.split(" ")
    if len(words) == len(stemmed):
        yield from ((s, w) for s, w in zip(stemmed, words, strict=True) if s != w and len(w) <= LONGEST)
