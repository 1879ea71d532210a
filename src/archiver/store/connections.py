"""Connections to the archive, each set up for what it may do. In autocommit: who wants a transaction says BEGIN."""

import os
import sqlite3
from contextlib import ExitStack, suppress
from pathlib import Path

from archiver.errors import StoreError
from archiver.store import schema
from archiver.store.faults import explained

PATIENCE = 10.0
"""Seconds to wait for another process's lock."""
_QUITTING = 1.0
"""Seconds to wait for another archiver that is about to end."""
_KEPT_STATEMENTS = 256  # prepared statements a connection keeps: all of ours
_WAL_PAGES = 4096  # 16 MB between checkpoints: the hot pages of the indexes are then written once, not many times
_CACHE_KIB = 65536


def prepare(path: Path, *, patience: float = PATIENCE) -> None:
    """Make the archive at `path`, or bring an older one up to date; nothing happens to one that is current.

    Raises StoreError, in words for the operator: no such folder, not a database, another program's, newer than this
    code, read-only, locked, disk full.
    """
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent} to keep {path.name} in")
    with explained(path):
        conn = _connect(str(path), patience)
        try:
            current = schema.is_current(conn)
            if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":  # new, or restored from one plain file
                conn.execute("PRAGMA journal_mode = WAL")
            if current:
                return
            _migrate(conn)
        finally:
            conn.close()


def claim(path: Path) -> sqlite3.Connection:
    """The right to write to the archive, which one process has at a time: until this is closed, or the process ends.

    A lock of SQLite's own on a file beside the archive, so that it holds wherever the archive itself can be kept, and
    a kill leaves nothing behind that must be cleaned up. Raises StoreError where another has it.
    """
    with ExitStack() as otherwise, explained(path):
        conn = _connect(f"{path}.lock", _QUITTING, any_thread=True)
        otherwise.callback(conn.close)
        try:
            conn.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise StoreError(f"another archiver is writing to {path}; try again when it is done") from error
        otherwise.pop_all()
    return conn


def reader(path: Path, *, patience: float = PATIENCE, any_thread: bool = False) -> sqlite3.Connection:
    """A connection that can only read; rows by column name. Raises StoreError, also where the file is not current."""
    if not path.is_file():
        raise StoreError(f"there is no archive at {path}")
    with ExitStack() as otherwise, explained(path):
        conn = _connect(f"{path.absolute().as_uri()}?mode=ro", patience, uri=True, any_thread=any_thread)
        otherwise.callback(conn.close)
        conn.execute("PRAGMA query_only = ON")
        if not schema.is_current(conn):
            if not schema.is_made(conn):
                raise StoreError(f"{path} is empty; `archiver crawl` makes an archive of it")
            raise StoreError(f"{path} is from an older archiver; `archiver crawl` or `rebuild` brings it up to date")
        conn.row_factory = sqlite3.Row
        otherwise.pop_all()
    return conn


def writing(path: Path, *, durable: bool = False, patience: float = PATIENCE) -> sqlite3.Connection:
    """The writer's connection to a prepared archive; for use in whichever one thread.

    Not durable, a loss of power may lose the last commits, never the archive's consistency (synchronous = NORMAL);
    durable, each commit is on the disk before it is answered.
    """
    with ExitStack() as otherwise, explained(path):
        conn = _connect(str(path), patience, any_thread=True)
        otherwise.callback(conn.close)
        conn.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        conn.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        conn.execute(f"PRAGMA journal_size_limit = {4 * _WAL_PAGES * 4096}")
        conn.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.row_factory = sqlite3.Row
        otherwise.pop_all()
    return conn


def strict(conn: sqlite3.Connection) -> sqlite3.Connection:
    """A connection to the same file that may not write and yet knows all constraints, as only one that could does."""
    path = conn.execute("PRAGMA database_list").fetchone()[2]
    other = _connect(path, PATIENCE)
    other.execute("PRAGMA query_only = ON")
    return other


def _connect(name: str, patience: float, *, uri: bool = False, any_thread: bool = False) -> sqlite3.Connection:
    conn = sqlite3.connect(
        name,
        timeout=patience,
        isolation_level=None,
        uri=uri,
        check_same_thread=not any_thread,
        cached_statements=_KEPT_STATEMENTS,
    )
    conn.execute("PRAGMA foreign_keys = ON")
    return conn


def _migrate(conn: sqlite3.Connection) -> None:
    """Build inside a transaction that no other process shares: of two that start at once, the second finds it done."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        schema.build(conn)
        conn.execute("COMMIT")
    finally:
        if conn.in_transaction:
            conn.execute("ROLLBACK")


def harden(path: Path) -> None:
    """Force what is committed to the disk: the log beside the file, as it may hold what the file does not yet."""
    for name in (f"{path}-wal", path):
        with suppress(FileNotFoundError):
            with open(name, "rb") as file:  # fsync is the file's, whoever wrote to it
                os.fsync(file.fileno())
            return


def vacuum(path: Path, *, patience: float = PATIENCE) -> None:
    """Write the file anew without what was deleted, and empty the write-ahead log. Raises StoreError, sqlite3.Error."""
    conn = writing(path, patience=patience)
    try:
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("VACUUM")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        conn.close()
