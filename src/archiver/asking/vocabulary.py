"""The words of an archive: in which languages they are stemmed, and in which forms it has met them."""

import sqlite3

from archiver.stems import stems_of
from archiver.store.forms import forms


class Vocabulary:
    """Of one archive, for as long as one question is answered: each word is looked up once."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._known: dict[str, tuple[str, ...]] = {}
        self.languages = languages(conn)

    def forms(self, word: str) -> tuple[str, ...]:
        """The word, which is in lower case, its stems, and every word of the archive that has one of them."""
        if word not in self._known:
            stems = [stems_of([word], language)[0] for language in self.languages]
            self._known[word] = tuple(dict.fromkeys([word, *stems, *forms(self._conn, stems)]))
        return self._known[word]


def languages(conn: sqlite3.Connection) -> tuple[str, ...]:
    """The languages of the archive's sources: what words are stemmed in."""
    return tuple(sorted({str(row[0]).partition("-")[0] for row in conn.execute("SELECT language FROM sources")}))
