"""Who asks for changes, as the questions see it: a connection, the time, the languages, and what was asked already."""

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from archiver.asking.search import languages

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
    def memo(self) -> dict[object, Any]:
        """What was asked of the archive already."""
        ...

    def rows(self, sql: str, **values: object) -> list[Row]:
        """The rows of a query of ours, by column name."""
        ...


@dataclass(frozen=True)
class Inquiry:
    """Somebody who asks, and is no reader at a browser."""

    conn: sqlite3.Connection
    now: datetime
    memo: dict[object, Any] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the archive's sources, looked up once."""
        if "languages" not in self.memo:
            self.memo["languages"] = languages(self.conn)
        found: tuple[str, ...] = self.memo["languages"]
        return found

    def rows(self, sql: str, **values: object) -> list[Row]:
        """The rows of a query of ours, by column name."""
        return [dict(row) for row in self.conn.execute(sql, values)]
