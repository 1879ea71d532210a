"""The municipality that a person means, of those that the archive holds: one look-up for every door.

The rules are those of `config.find`: name, kommunkod or source, however they are spelled.
"""

import sqlite3

from archiver.config import Municipality, find
from archiver.errors import NotFound
from archiver.store import queries


class NotHeld(NotFound):
    """The archive holds no municipality of that name; `names`: those that it holds."""

    def __init__(self, why: str, names: list[str]) -> None:
        self.names = ", ".join(names) or "nothing"
        super().__init__(f"in this archive {why}; it holds: {self.names}")


def find_held(conn: sqlite3.Connection, wanted: str) -> Municipality:
    """The municipality of that name, code or source. Raises NotHeld."""
    known = [
        Municipality(str(row["code"]), str(row["municipality"]), str(row["county"]), source=str(row["id"]))
        for row in queries.sources(conn)
    ]
    try:
        return find(known, wanted)
    except NotFound as error:
        raise NotHeld(str(error), sorted({row.name for row in known})) from None
