"""Whole copies of an archive file: one taken while others write, one put in the place of another.

Taken page by page through SQLite's online backup (https://www.sqlite.org/backup.html), inside one read transaction:
a copy is the archive as of one commit, writers are not kept waiting, and a page stands where it stood in the copy
before, so that rsync, restic or a file system that shares equal blocks keeps only what is new (docs/decisions/0021).
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from archiver.errors import StoreError
from archiver.store import schema
from archiver.store.connections import PATIENCE
from archiver.store.faults import explained

Watch = Callable[[int, int], None]
"""Called with (done, all), pages or bytes."""
_STEP = 4096  # pages between two looks at the watch: 16 MB
_CHUNK = 1 << 20
COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file while it is in use, and a crash leaves there."""


def copy(source: Path, target: Path, watch: Watch | None = None, *, step: int = _STEP) -> None:
    """Copy the archive at `source`, with what its log still holds, to `target`: one file with nothing beside it.

    On the disk when this returns. Raises StoreError: no such file, not ours, of a newer release, damaged, no room.
    """
    if not source.is_file():
        raise StoreError(f"there is no archive at {source}")

    def progress(_: int, remaining: int, total: int) -> None:
        if watch is not None:
            watch(total - remaining, total)

    with ExitStack() as stack:
        with explained(source):
            conn = stack.enter_context(closing(open_plain(source)))
            conn.execute("BEGIN")
            _check_ours(conn, source)
        with explained(target):
            out = stack.enter_context(closing(sqlite3.connect(target, isolation_level=None)))
            out.execute("PRAGMA synchronous = OFF")  # what is torn by a loss of power has no name yet
            conn.backup(out, pages=step, progress=progress, sleep=0)
            out.execute("PRAGMA journal_mode = DELETE")
    _flush(target)


def open_plain(path: Path) -> sqlite3.Connection:
    """A connection that can only read, to an archive of whatever age. Raises sqlite3.Error."""
    conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=PATIENCE)
    conn.execute("PRAGMA query_only = ON")
    return conn


def is_current(conn: sqlite3.Connection) -> bool:
    """Whether the archive is of this release: of an older one only the file can be checked."""
    return schema.is_current(conn)


def sound(conn: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file itself; nothing where it is whole."""
    return [str(line) for (line,) in conn.execute("PRAGMA integrity_check") if line != "ok"]


def put(new: Path, target: Path) -> None:
    """Give the file its name, in one step; on the disk when this returns."""
    os.replace(new, target)
    _flush(target.parent)


def set_aside(path: Path, name: str) -> Path | None:
    """Rename an archive and what lies beside it, so that another can take its place; None where there was none.

    The log goes too: SQLite would play one that was left behind into whichever file stands there.
    """
    kept = path.with_name(name)
    moved = False
    for companion in ("", *COMPANIONS):
        old = path.with_name(path.name + companion)
        if old.exists():
            os.replace(old, kept.with_name(kept.name + companion))
            moved = moved or not companion
    _flush(path.parent)
    return kept if moved else None


def remove(path: Path) -> None:
    """Remove a file that was to become an archive, and what lies beside it."""
    for companion in ("", *COMPANIONS):
        path.with_name(path.name + companion).unlink(missing_ok=True)


def file_digest(path: Path) -> str:
    """The SHA-256 of the file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _check_ours(conn: sqlite3.Connection, path: Path) -> None:
    schema.check_ours(conn)
    if not schema.is_made(conn):
        raise StoreError(f"{path} is empty: it is no archive yet")


def _flush(path: Path) -> None:
    """Force a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
