"""Connections for reading, one a thread, and a limit on how long a page may use one."""

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from archiver.store import reader

TIME_LIMIT = 2.0
"""Seconds that one page, or one query of a reader's, may spend in the database."""
_THREADS = 3
_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock: a few milliseconds."""
_KEPT = 64
"""Things that are kept between pages; the oldest goes."""

T = TypeVar("T")
Stamp = tuple[int, ...]


class Readers:
    """Connections that can only read one archive, each of one thread; they are closed when this is dropped."""

    def __init__(self, archive: Path) -> None:
        self.archive = archive
        self.pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="room")
        self._own = threading.local()
        self._open: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._open)
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Stamp, Any]] = {}
        self._files = (os.fspath(archive), f"{archive}-wal")

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """What was made under this name once, until the archive is written to."""
        stamp, found = self.stamp(), self._kept.get(name)
        if found is None or found[0] != stamp:
            found = (stamp, make())
            with self._lock:
                self._kept.pop(name, None)
                self._kept[name] = found
                while len(self._kept) > _KEPT:
                    self._kept.pop(next(iter(self._kept)))
        value: T = found[1]
        return value

    def stamp(self) -> Stamp:
        """What differs once something was written: time and size of the file and of its log."""
        found: list[int] = []
        for name in self._files:
            try:
                seen = os.stat(name)  # a few microseconds, at every request
            except FileNotFoundError:
                continue
            found += [seen.st_mtime_ns, seen.st_size]
        return tuple(found)

    def read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What the job makes of a connection of this thread. Raises StoreError, and what the job raises.

        A query at its time limit is stopped: sqlite3.OperationalError with SQLITE_INTERRUPT.
        """
        conn: sqlite3.Connection | None = getattr(self._own, "conn", None)
        if conn is None:
            conn = self._own.conn = reader(self.archive, any_thread=True)  # used in this one, closed in any
            self._open.append(conn)
        limit = time.monotonic() + TIME_LIMIT
        conn.set_progress_handler(lambda: time.monotonic() > limit, _STEPS)
        try:
            return job(conn)
        finally:
            conn.set_progress_handler(None, 0)


def _close(connections: list[sqlite3.Connection]) -> None:
    for conn in connections:
        conn.close()
