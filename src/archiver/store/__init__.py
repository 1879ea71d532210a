"""The archive: one SQLite file, one writer, any number of readers.

    open_archive(path)            creates or migrates, and starts the writer
    archive.write(job)            job(connection) in a transaction; answered after the commit
    reader(path)                  a connection that can only read

Jobs are made of the functions of this package, each a plain function on a connection:

    evidence  bodies  renderings  what was asked and what came back          added, never altered
    redactions                    what people hid, and why                  added, never altered
    plan  unread  admitting       what to ask next, what is still to be read altered in place
    alerting                      who was told of what, and what is on its way  altered in place
    reading  changes  notices  issues  remaking
                                  what our rules make of the evidence        deleted and rebuilt at will
    queries                       what people ask
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from archiver.store.connections import PATIENCE, claim, harden, prepare, reader, vacuum
from archiver.store.faults import explained
from archiver.store.writer import Writer

__all__ = ["Archive", "explained", "open_archive", "prepare", "reader"]

T = TypeVar("T")


class Archive:
    """An open archive: its path, its one writer, and a connection for reading (of the thread that opened it)."""

    def __init__(self, path: Path, writer: Writer, reader: sqlite3.Connection, claim: sqlite3.Connection) -> None:
        self.path = path
        self.writer = writer
        self.reader = reader
        self._claim = claim

    def write(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What the job returns, once it is committed. Raises what the job raises, or StoreError."""
        if self.writer.is_this_thread():
            raise RuntimeError("a job asked the writer to write: call the function on the job's own connection")
        return self.writer.submit(job).result()

    def aio(self, job: Callable[[sqlite3.Connection], T], *, behind: bool = False) -> "asyncio.Future[T]":
        """As `write`, to be awaited on an event loop. The job is queued at once: two of them run in this order.

        `behind`: it concludes something from what another of this turn of the loop stores, once that is committed.
        """
        return self.writer.ask(job, behind=behind)

    def harden(self) -> None:
        """Return once all that is committed is on the disk, and no loss of power can take it back."""
        harden(self.path)

    async def vacuum(self) -> None:
        """Write the file anew without what was deleted, and empty the log beside it: gone words leave the disk."""
        await asyncio.to_thread(vacuum, self.path)

    def close(self) -> None:
        """Write what is queued, then close. The writer last: the last to go puts the log beside the file into it."""
        self.reader.close()
        self.writer.close()
        self._claim.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_archive(path: Path, *, durable: bool = False, patience: float = PATIENCE) -> Archive:
    """The archive at `path`, created or brought up to date, open for writing: by one process at a time.

    Two that crawled one archive would end each other's runs, and read captures out of order. Raises StoreError.
    """
    prepare(path, patience=patience)
    with ExitStack() as otherwise:
        mine = claim(path)
        otherwise.callback(mine.close)
        reading = reader(path, patience=patience)
        otherwise.callback(reading.close)
        writer = Writer(path, durable, patience=patience)
        otherwise.pop_all()
    return Archive(path, writer, reading, mine)
