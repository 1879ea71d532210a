"""The one writer: a thread with the only writing connection, fed by a queue.

What waits when the thread is ready is one transaction (of `MOST` jobs or a few more), so commits are shared when there
is much to do and prompt when there is little. Each job stands in a savepoint: one that fails is undone alone. Callers
are answered after the commit, so what they were told is on record; those on an event loop all at once, for to wake a
loop costs as much as a small job. What is concluded from evidence comes behind it, in a transaction of its own: a fault
that ends that one takes no evidence with it.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from archiver.errors import StoreError
from archiver.store.connections import PATIENCE, writing
from archiver.store.faults import explain

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]

MOST = 64
"""Jobs that are enough for one commit."""


@dataclass(slots=True)
class _Errand(Generic[T]):
    """A job under way: what to do, whom to answer, and how it went."""

    job: Job[T]
    future: "Future[T] | asyncio.Future[T]"
    behind: bool = False
    result: T | None = None
    error: BaseException | None = None

    def is_wanted(self) -> bool:
        """Whether the caller still waits; from now on a thread cannot take its question back."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()

    def answer(self) -> None:
        """Tell the caller how it went; in its own thread, where it is an event loop's."""
        if self.error is None:
            self.future.set_result(cast(T, self.result))
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs jobs on the archive's one writing connection, in the order they came."""

    def __init__(self, path: Path, durable: bool = False, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._conn = writing(path, durable=durable, patience=patience)
        self._queue: queue.SimpleQueue[list[_Errand[Any]] | None] = queue.SimpleQueue()
        self._gathered: dict[asyncio.AbstractEventLoop, list[_Errand[Any]]] = {}  # asked for, and not yet queued
        self._gate = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="archive-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job[T]) -> "Future[T]":
        """The job's result, once it is committed; its exception, where it failed; StoreError, where the commit did.

        Raises StoreError when the writer is closed.
        """
        future: Future[T] = Future()
        with self._gate:
            self._check_open()
            self._pass_on()
            self._queue.put([_Errand(job, future)])
        return future

    def ask(self, job: Job[T], *, behind: bool = False) -> "asyncio.Future[T]":
        """As `submit`, for a caller on an event loop. Jobs run in the order of the calls; those `behind` when the rest
        of their batch is committed, and not at all where it was not.

        What is asked in one turn of the loop is handed over together: the writer would else wake for the first of two
        that belong together, and commit twice.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._gate:
            self._check_open()
            gathered = self._gathered.get(loop)
            if gathered is None:
                gathered = self._gathered[loop] = []
                loop.call_soon(self._hand_over)
            gathered.append(_Errand(job, future, behind))
        return future

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError(f"{self._path}: its writer is closed")

    def _hand_over(self) -> None:
        with self._gate:
            self._pass_on()

    def _pass_on(self) -> None:
        """Queue what was gathered; the gate is held."""
        for gathered in self._gathered.values():
            self._queue.put(gathered)
        self._gathered.clear()

    def is_this_thread(self) -> bool:
        """Whether the caller is a job: one that waited for another would wait for ever."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """Finish what is queued, then close the connection; nothing more is taken. A second call does nothing."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._pass_on()
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        try:
            while batch := self._next_batch():
                self._commit([errand for errand in batch if errand.is_wanted()])
        finally:
            self._stop()

    def _next_batch(self) -> list[_Errand[Any]]:
        """What waits now, at least one job; empty at the end."""
        batch: list[_Errand[Any]] = []
        errands = self._queue.get()
        while errands is not None:
            batch += errands
            if len(batch) >= MOST:
                return batch
            try:
                errands = self._queue.get_nowait()
            except queue.Empty:
                return batch
        if batch:
            self._queue.put(None)  # the end comes after this batch
        return batch

    def _commit(self, batch: list[_Errand[Any]]) -> None:
        """One transaction over the batch, and one over what comes behind it; every caller is answered in any case."""
        first, behind = ([errand for errand in batch if errand.behind is part] for part in (False, True))
        fault = self._transact(first) if first else None
        if fault is not None:
            for errand in behind:
                errand.error = fault
        elif behind:
            self._transact(behind)
        _tell(batch)

    def _transact(self, errands: list[_Errand[Any]]) -> BaseException | None:
        """One transaction; why nothing of it was kept, or None."""
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            for errand in errands:
                self._perform(errand)
            self._conn.execute("COMMIT")
        except sqlite3.Error as error:
            return self._undo(errands, error)
        return None

    def _perform(self, errand: _Errand[Any]) -> None:
        """One job in its savepoint. Raises sqlite3.Error only where the transaction itself is lost."""
        self._conn.execute("SAVEPOINT job")
        try:
            errand.result = errand.job(self._conn)
        except BaseException as error:  # whatever it is, it is the caller's, who waits for it
            if not self._conn.in_transaction:
                raise sqlite3.OperationalError("a job's failure ended the transaction") from error
            self._conn.execute("ROLLBACK TO job")
            errand.error = self._told(error)
        self._conn.execute("RELEASE job")

    def _undo(self, batch: list[_Errand[Any]], error: sqlite3.Error) -> BaseException:
        """Nothing of the batch was kept: those who thought they had succeeded are told so."""
        if self._conn.in_transaction:
            try:
                self._conn.execute("ROLLBACK")
            except sqlite3.Error:
                self._close_gate()
        cause = error.__cause__ if isinstance(error.__cause__, sqlite3.Error) else error
        fault = explain(cause, self._path) or StoreError(f"{self._path}: nothing was written: {cause}")
        fault.__cause__ = error
        for errand in batch:
            errand.error = errand.error or fault
        return fault

    def _told(self, error: BaseException) -> BaseException:
        """What the caller hears: the disk's faults as StoreError, the rest as it was raised."""
        fault = explain(error, self._path) if isinstance(error, sqlite3.Error) else None
        if fault is None:
            return error
        fault.__cause__ = error
        return fault

    def _close_gate(self) -> None:
        """A connection that cannot roll back cannot go on: take nothing more."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._pass_on()
                self._queue.put(None)

    def _stop(self) -> None:
        """The end: close the connection, and leave nobody waiting."""
        self._close_gate()
        self._conn.close()
        while not self._queue.empty():
            for errand in self._queue.get() or ():
                errand.error = StoreError(f"{self._path}: its writer has stopped")
                with suppress(InvalidStateError):  # the caller had given up
                    _tell([errand])


def _tell(batch: list[_Errand[Any]]) -> None:
    """Answer everyone: threads here, each event loop with one call."""
    waiting: dict[asyncio.AbstractEventLoop, list[_Errand[Any]]] = {}
    for errand in batch:
        if isinstance(errand.future, asyncio.Future):
            waiting.setdefault(errand.future.get_loop(), []).append(errand)
        else:
            errand.answer()
    for loop, errands in waiting.items():
        with suppress(RuntimeError):  # the loop is closed: nobody is left to be told
            loop.call_soon_threadsafe(_answer, errands)


def _answer(errands: list[_Errand[Any]]) -> None:
    """Answer these, in the thread of their loop."""
    for errand in errands:
        if not errand.future.done():
            errand.answer()
            errand.future.exception()  # seen: of two that were asked together, the first may have told enough
