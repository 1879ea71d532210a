"""SQLite's faults in our words: what an operator can do something about becomes a StoreError."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archiver.errors import Damaged, StoreError

_WORDS = {
    sqlite3.SQLITE_BUSY: "is locked by another program; try again when it is done",
    sqlite3.SQLITE_LOCKED: "is locked by another program; try again when it is done",
    sqlite3.SQLITE_READONLY: "cannot be written: the file or its folder is read-only",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: look at the rights of the file and its folder",
    sqlite3.SQLITE_PERM: "cannot be opened: look at the rights of the file and its folder",
    sqlite3.SQLITE_NOTADB: "is not an SQLite database",
    sqlite3.SQLITE_CORRUPT: "is damaged; restore a backup",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error",
}
"""By SQLite's primary result code (https://www.sqlite.org/rescode.html)."""


def explain(error: sqlite3.Error, path: Path) -> StoreError | None:
    """The fault as a StoreError; None where it is no fault of the file but of ours (a bad statement, a constraint)."""
    code = getattr(error, "sqlite_errorcode", None)
    words = None if code is None else _WORDS.get(code & 0xFF)
    if words is None:
        return None
    kind = Damaged if code is not None and code & 0xFF == sqlite3.SQLITE_CORRUPT else StoreError
    return kind(f"{path} {words}")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's faults inside the block are raised as StoreError, where they are the file's and not ours."""
    try:
        yield
    except UnicodeDecodeError as error:  # Python's, over a message in which SQLite quotes what it found
        raise Damaged(f"{path} {_WORDS[sqlite3.SQLITE_CORRUPT]}") from error
    except sqlite3.Error as error:
        fault = explain(error, path)
        if fault is None:
            raise
        raise fault from error
