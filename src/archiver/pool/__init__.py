"""Readers at work in processes of their own: a hostile body may stop a worker, never the crawl.

    Pool (here)  which worker reads what             process   one worker, seen from outside
    worker       the program a worker runs           places    who has a worker, and who waits for one
    columns      a reading as bytes and back         pipe      frames

A parser of hostile bytes can hang in C, take all memory, or fall over; none of that can be stopped inside a process.
So each body goes to a worker with a memory cap and a time-out, and the caller gets a value in every case.
"""

import asyncio
import pickle
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from archiver.model import Facts, Reading, Rules, Unread
from archiver.pool.places import Places
from archiver.pool.process import FAREWELL, Process, question

CLOSED = Unread("crashed", "the pool is closed")


class Pool:
    """`await pool.read(body, facts, rules)`, or `read_now` outside a loop. To be closed."""

    def __init__(
        self,
        rulebook: Mapping[tuple[str, str], Rules],
        *,
        workers: int,
        timeout: float = 20.0,
        memory: int = 2 << 30,
        reader: str = "archiver.extract",
    ) -> None:
        """`timeout`: seconds for one reading; `memory`: bytes of address space for one worker.

        `reader`: the module whose `read(body, facts, rules)` reads, and whose `choose(body, facts, rulebook)` says by
        which rules where the caller has none. Workers start when they are first needed, and are told the rulebook then.
        """
        self._setup = pickle.dumps((reader, timeout, dict(rulebook)), 5)
        self._digests = {rules.sha256 for rules in rulebook.values()}
        self._timeout, self._memory = timeout, memory
        self._places: Places[Process | None] = Places([None] * workers)
        self._lock = threading.Lock()
        self._alive: set[Process] = set()
        self._closed = False

    async def read(self, body: bytes, facts: Facts, rules: Rules | None) -> Reading | Unread:
        """What the body says, by the rules, or by those that fit it best.

        A caller that is cancelled costs the worker: it would answer a question that nobody asked.
        """
        loop = asyncio.get_running_loop()
        process = await self._places.atake()
        answer: Reading | Unread | None = None
        try:
            if process is None:
                process = await loop.run_in_executor(None, self._start)
            answer = await process.aask(self._question(process, facts, rules), body, self._timeout)
            if answer is None:
                return await loop.run_in_executor(None, self._obituary, process)
            return answer
        except ChildProcessError as error:
            return CLOSED if self._closed else Unread("crashed", str(error))
        finally:
            if process is not None and answer is None:
                process.kill()
            self._give_back(process)

    def read_now(self, body: bytes, facts: Facts, rules: Rules | None) -> Reading | Unread:
        """The same, waited for in this thread."""
        process = self._places.take()
        try:
            if process is None:
                process = self._start()
            answer = process.ask(self._question(process, facts, rules), body, self._timeout)
            return answer or self._obituary(process)
        except ChildProcessError as error:
            return CLOSED if self._closed else Unread("crashed", str(error))
        finally:
            self._give_back(process)

    def close(self) -> None:
        """End the workers; what is being read then is `Unread`."""
        with self._lock:
            self._closed = True
            ending, self._alive = self._alive, set()
        for process in ending:
            process.kill()  # who has one sees that it is gone, and closes its socket
            process.wait()
        for idle in self._places.drain():
            if idle is not None:
                idle.end()
            self._places.give(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _question(self, process: Process, facts: Facts, rules: Rules | None) -> bytes:
        known = rules is None or rules.sha256 in self._digests or rules.sha256 in process.known
        if rules is not None and not known:
            process.known.add(rules.sha256)
        return question(facts, rules, known=known)

    def _start(self) -> Process:
        """A new worker. Raises ChildProcessError where it does not start, or the pool is closed."""
        if self._closed:
            raise ChildProcessError("the pool is closed")
        process = Process(self._setup, self._memory)
        with self._lock:
            if not self._closed:
                self._alive.add(process)
                return process
        process.end()
        raise ChildProcessError("the pool is closed")

    def _obituary(self, process: Process) -> Unread:
        """Why there is no answer."""
        how = process.wait(FAREWELL)
        if self._closed:
            return CLOSED
        return Unread("timeout", f"stopped after {self._timeout:g} s") if process.overdue else Unread("crashed", how)

    def _give_back(self, process: Process | None) -> None:
        """Let the next one have the worker, or start one if this is spent."""
        if process is not None and process.spent:
            process.end()
            with self._lock:
                self._alive.discard(process)
            process = None
        self._places.give(process)
