"""Who asks for changes, as the questions see it: a connection, the time, the languages, and what was asked already."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from archiver.asking.vocabulary import Vocabulary

Row = dict[str, Any]


class Asked(Protocol):
    """What a question about changes needs of whoever puts it."""

    @property
    def conn(self) -> sqlite3.Connection:
        """A connection that can read; rows by column name."""
        ...

    @property
    def now(self) -> datetime:
        """The present."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's sources: what words are stemmed in."""
        ...

    @property
    def words(self) -> Vocabulary:
        """The archive's words, each looked up once."""
        ...

    @property
    def memo(self) -> dict[object, Any]:
        """What was asked of the archive already."""
        ...

    def rows(self, sql: str, **values: object) -> list[Row]:
        """The rows of a query of ours, by column name."""
        ...


class Asking:
    """The archive's words and languages, for whoever asks with a connection and a memory."""

    conn: sqlite3.Connection
    memo: dict[object, Any]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's sources: what words are stemmed in."""
        return self.words.languages

    @property
    def words(self) -> Vocabulary:
        """The archive's words, each looked up once."""
        if "words" not in self.memo:
            self.memo["words"] = Vocabulary(self.conn)
        found: Vocabulary = self.memo["words"]
        return found

    def rows(self, sql: str, **values: object) -> list[Row]:
        """The rows of a query of ours, by column name."""
        return [dict(row) for row in self.conn.execute(sql, values)]


@dataclass(frozen=True)
class Inquiry(Asking):
    """Somebody who asks, and is no reader at a browser."""

    conn: sqlite3.Connection
    now: datetime
    memo: dict[object, Any] = field(default_factory=dict)
