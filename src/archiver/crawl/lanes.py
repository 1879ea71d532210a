"""The order of a run: a lane for each host, one address after another, until nothing of the source is due."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from archiver import __version__
from archiver.crawl.admit import Admission
from archiver.crawl.ask import Asker, HostPaused, Stopped, TooSoon
from archiver.crawl.hosts import WIDTH
from archiver.crawl.leave import Kept
from archiver.crawl.tally import Tally
from archiver.crawl.tools import Tools
from archiver.crawl.turns import BATCH, Turns
from archiver.derive import Derived, Deriver, OutOfOrder, catch_up, settle
from archiver.errors import ArchiverError
from archiver.model import Capture, Source
from archiver.store import evidence, plan

UNREAD = 32
"""How many captures of a run may wait for their reading before its lanes wait for them."""
OUR_FAULT = timedelta(hours=1)
"""When an address that met a bug of ours is tried again."""

log = structlog.get_logger("crawl")


class Crawl:
    """One run of one source. `run` returns when nothing is due, `limit` is reached, or `stop` was called.

    With `lasting`, it also asks for what comes due meanwhile, and ends after that time: what is due still is the next
    run's. Without, each address is asked once, so that it ends by itself.
    """

    def __init__(
        self, tools: Tools, source: Source, *, limit: int | None = None, lasting: timedelta | None = None
    ) -> None:
        self.tally = Tally(source.id, source.municipality)
        self._tools, self._source, self._limit, self._lasting = tools, source, limit, lasting
        self._until: datetime | None = None  # of one that lasts
        self._stopping = asyncio.Event()
        self._begun = asyncio.Lock()
        self._asker = Asker(tools, source, self._run_id, self._stopping, self._keep, self._derive)
        self._admission = Admission(tools, source)
        self._deriver = Deriver(tools.archive, tools.config, source, tools.pool)
        self._unread = 0
        self._room = asyncio.Event()  # set while fewer than UNREAD readings are behind
        self._room.set()
        self._readings: set[asyncio.Task[None]] = set()
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._ended: asyncio.Queue[asyncio.Task[None]] = asyncio.Queue()  # of both, as they end
        self._left_alone: dict[str, datetime] = {}  # hosts that want more patience than a run has, and until when
        self._taken = 0
        self._late = False  # an answer came after a later one of its page: the page is read again in the end
        self.resumes_at: datetime | None = None  # when the first host that was left alone may be asked

    def stop(self) -> None:
        """Finish what is in flight and ask nothing more."""
        self._stopping.set()

    @property
    def _spent(self) -> bool:
        return self._is_over or (self._limit is not None and self._taken >= self._limit)

    @property
    def _is_over(self) -> bool:
        return self._until is not None and self._tools.clock.now() >= self._until

    async def run(self) -> Tally:
        """Crawl until nothing is due; what it came to. What was begun is sealed, whatever stops it."""
        archive, now = self._tools.archive, self._tools.clock.now
        whole = False
        self._until = now() + self._lasting if self._lasting else None
        try:
            await archive.aio(partial(evidence.add_source, source=self._source, at=now()))
            await archive.aio(self._admission.begin)
            await self._catch_up()
            await self._all_lanes()
            if self._late:
                await self._catch_up()
            whole = True
        finally:
            await self._finish(whole=whole)
        await settle(archive, self._tools.config, self._source, self._tools.pool)
        await archive.aio(self._admission.settle)
        self.tally.next_due = plan.next_due_at(archive.reader, self._source.id)
        return self.tally

    async def _catch_up(self) -> None:
        """Read what is stored and not yet read; a bug of ours costs one reading."""
        tools = self._tools
        await catch_up(
            tools.archive, tools.config, self._source, tools.pool,
            also=self._admission, guard=self._at_our_cost, enough=self._stopping.is_set,
        )  # fmt: skip

    async def _finish(self, *, whole: bool) -> None:
        """Let what is in flight end, then seal the run. Not `whole`: an error is on its way to the caller."""
        if not whole:
            self.stop()
            self.tally.ending = "crashed"
        elif self._stopping.is_set():
            self.tally.ending = "stopped"
        elif self._spent and not (self._is_over and self._is_done):
            self.tally.ending = "budget"
        while under_way := {*self._lanes.values(), *self._readings}:
            ended, _ = await asyncio.wait(under_way)
            self._lanes = {name: task for name, task in self._lanes.items() if task not in ended}
            self._readings -= ended
            for task in ended:
                task.cancelled() or task.exception()  # seen: the first of them is on its way
        run_id = self.tally.run_id
        if run_id is not None:
            finish = partial(evidence.finish_run, run_id=run_id, at=self._tools.clock.now(), ending=self.tally.ending)
            await self._tools.archive.aio(finish)

    async def _run_id(self) -> int:
        """The run's row, made when the first answer is there to be kept: a run that asks nothing leaves no trace."""
        async with self._begun:
            if self.tally.run_id is None:
                begin = partial(
                    evidence.begin_run,
                    source_id=self._source.id,
                    kind="crawl",
                    at=self._tools.clock.now(),
                    program=f"archiver {__version__}",
                    agent=self._tools.config.agent.header,
                )
                self.tally.run_id = await self._tools.archive.aio(begin)
            return self.tally.run_id

    @property
    def _is_done(self) -> bool:
        return not plan.lanes_due(self._tools.archive.reader, self._source.id, self._tools.clock.now())

    async def _all_lanes(self) -> None:
        """Keep a lane going for each host that has something due, until none has and all is read."""
        self._open_lanes()
        while self._under_way:
            lane_ended = await self._next_end()
            if lane_ended or not self._under_way or self._admission.hosts - self._lanes.keys():
                self._open_lanes()

    def look_again(self) -> None:
        """Begin a lane for each host that has something due by now, where lanes are under way."""
        if self._lanes:
            self._open_lanes()

    def _open_lanes(self) -> None:
        self._admission.hosts.clear()
        if self._stopping.is_set() or self._spent:
            return
        now = self._tools.clock.now()
        for name in plan.lanes_due(self._tools.archive.reader, self._source.id, now, self._asked_by):
            if name not in self._lanes and self._left_alone.get(name, now) <= now:
                self._lanes[name] = self._begin(self._lane(name))

    @property
    def _under_way(self) -> bool:
        return bool(self._lanes or self._readings)

    def _begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let it run; its end comes to `_next_end`, which then need not watch all that are under way."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended.put_nowait)
        return task

    async def _next_end(self) -> bool:
        """Wait until a lane or a reading has ended; whether it was a lane. Raises what it raised."""
        task = await self._ended.get()
        lane = next((name for name, other in self._lanes.items() if other is task), None)
        if lane is not None:
            del self._lanes[lane]
        self._readings.discard(task)
        task.result()
        return lane is not None

    async def _lane(self, name: str) -> None:
        """Ask for each due address of one host; with politeness off, a few at a time."""
        width = asyncio.Semaphore(1 if self._source.polite else WIDTH)
        flying: dict[int, asyncio.Task[None]] = {}
        turns = Turns(self._tools, self._source, name)
        try:
            while not self._stopping.is_set():
                batch = self._due(turns, flying)
                if not batch and not flying:
                    return
                if not batch:
                    await asyncio.wait(flying.values(), return_when=asyncio.FIRST_COMPLETED)
                for due in batch:
                    await width.acquire()
                    flying[due.address.id] = asyncio.create_task(self._visit(due, width))
                for address_id in [i for i, task in flying.items() if task.done()]:
                    flying.pop(address_id).result()
        except HostPaused as paused:
            self._left_alone[name] = paused.until
            self.resumes_at = min(paused.until, self.resumes_at or paused.until)
            log.info("host left alone", host=name, until=paused.until.isoformat())
        finally:
            await _landed(flying.values())

    def _due(self, turns: Turns, flying: Collection[int]) -> list[plan.Due]:
        """The next addresses of the lane, within the run's limit and time."""
        if self._spent:
            return []
        batch = turns.next(BATCH if self._limit is None else self._limit - self._taken, flying, self._asked_by)
        self._taken += len(batch)
        return batch

    @property
    def _asked_by(self) -> int | None:
        """The run whose addresses are left to the next: this one, where it has no other end."""
        return None if self._lasting else self.tally.run_id or 0

    async def _visit(self, due: plan.Due, width: asyncio.Semaphore) -> None:
        """Ask for one address, once the readings are not too far behind."""
        asked = False
        try:
            await self._room.wait()
            asked = await self._ask(due)
        finally:
            width.release()
            self._taken -= not asked  # the limit is about what was asked

    async def _ask(self, due: plan.Due) -> bool:
        """Ask for it, if it still belongs; whether that came to anything. Raises HostPaused."""
        put_off = partial(plan.put_off, address_id=due.address.id)
        if not self._admission.wants(due):
            later = self._tools.clock.now() + timedelta(seconds=self._source.every)
            await self._tools.archive.aio(partial(put_off, due_at=later))
            return False
        try:
            fine = await self._at_our_cost(self._asker.ask(due), due.address.url)
        except Stopped:
            return False
        except TooSoon as soon:
            await self._tools.archive.aio(partial(put_off, due_at=soon.until))
            return False
        if not fine:
            await self._tools.archive.aio(partial(put_off, due_at=self._tools.clock.now() + OUR_FAULT))
        return True

    def _derive(self, due: plan.Due, at: datetime) -> Callable[[sqlite3.Connection, Capture], Derived | None]:
        """What is done right behind the storing of a capture of that time, where nothing has to be read for it."""
        rules, steady = self._deriver.rules_at(at), due.scope == self._admission.scope_at(at)
        return partial(self._deriver.derive_at_once, rules=rules, also=self._admission, steady=steady)

    def _keep(self, kept: Kept) -> None:
        """Something was kept, robots.txt too: count it; if it was not read at once, read it beside the lanes."""
        self.tally.count_asked(kept.capture)
        done = kept.derived.done() and kept.derived.exception() is None  # mostly: they are answered together
        if done and (derived := kept.derived.result()) is not None:
            self.tally.count_derived(derived)
            return
        self._readings.add(self._begin(self._read(kept)))
        self._unread += 1
        if self._unread >= UNREAD:
            self._room.clear()

    async def _read(self, kept: Kept) -> None:
        """Read it; what a bug of ours, or the order of things, leaves unread is read by a later run."""
        try:
            await self._at_our_cost(self._derived(kept), kept.capture)
        except OutOfOrder:
            self._late = True
        finally:
            self._unread -= 1
            if self._unread < UNREAD:
                self._room.set()

    async def _derived(self, kept: Kept) -> None:
        """Raises what was wrong with reading it at once."""
        derived = await kept.derived or await self._deriver.derive(kept.capture, kept.body, also=self._admission)
        self.tally.count_derived(derived)

    async def _at_our_cost(self, step: Awaitable[object], what: Capture | str) -> bool:
        """Take one step; a bug of ours costs this address, is told with its traceback, and the lane goes on."""
        try:
            await step
        except (HostPaused, Stopped, TooSoon, OutOfOrder, ArchiverError):
            raise
        except Exception:
            self.tally.errors += 1
            log.exception("our own fault", url=what if isinstance(what, str) else what.address.url)
            return False
        return True


async def _landed(flying: Collection[asyncio.Task[None]]) -> None:
    """Wait until all have ended. Raises what the first of them raised, but for a host that wants to be left alone."""
    if flying:
        await asyncio.wait(flying)
    raised = [error for task in flying if not task.cancelled() and (error := task.exception())]
    failed = [error for error in raised if not isinstance(error, HostPaused)]
    if failed:
        raise failed[0]


async def together(crawls: Sequence[Crawl]) -> list[Tally]:
    """What each of the crawls came to. One that fails stops the others; its error is raised when all have ended."""
    runs = [asyncio.create_task(crawl.run()) for crawl in crawls]
    try:
        await asyncio.wait(runs, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        for crawl in crawls:
            crawl.stop()  # says nothing to those that have ended
        await asyncio.wait(runs)
        failed = [error for run in runs if not run.cancelled() and (error := run.exception())]
    if failed:
        raise failed[0]
    return [run.result() for run in runs]
