"""The service: a clock that ticks, and a crawl for each source that has something due.

APScheduler only ticks. What is due stands in the archive, so that a missed tick, a stop or a kill loses nothing. A run
costs more than a visit, and addresses come due one by one: so a crawl begins when some have gathered, or the first has
waited for a while (docs/decisions/0030).
"""

import asyncio
import math
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archiver.crawl import Crawl, Tally, Tools
from archiver.model import Source
from archiver.store import plan
from archiver.store.plan import Waiting

TICK = 15
"""Seconds between two looks at what is due."""
JITTER = 5
"""Seconds by which a tick may be early or late, so that many services do not tick as one."""

LASTING = timedelta(hours=6)
"""How long a crawl goes on at most: then it is sealed and what it showed is concluded, and the next one begins."""
ENOUGH, GATHERING, SHARE = 100, timedelta(minutes=15), 0.1
"""Due addresses of a source for which a crawl begins at once; how long fewer of them wait for others, and the share of
the source's shortest rhythm that this may be."""
PAUSE = timedelta(minutes=5)
"""How long a source is not looked at of which no host may be asked, or whose crawl failed."""
Post = Callable[[Callable[[], bool]], object]
"""A round of one alert, which asks whether it should stop."""

log = structlog.get_logger("schedule")


class Service:
    """Crawls what is due, tick by tick, until it is stopped; each source at most once at a time."""

    def __init__(
        self,
        tools: Tools,
        sources: tuple[str, ...],
        tell: Callable[[Tally], None],
        posts: Mapping[str, Post] | None = None,
    ) -> None:
        """`posts`: a round of each alert, by its name."""
        self._tools, self._tell, self._posts = tools, tell, posts or {}
        self._posting: asyncio.Task[None] | None = None
        self._sources = {name: tools.config.sources[name] for name in sources}
        self._crawls: dict[str, tuple[Crawl, asyncio.Task[Tally]]] = {}
        self._not_before: dict[str, float] = {}  # sources of which no host may be asked, or whose crawl failed;
        # by the monotonic clock: the other one may be set back
        self._has_looked = False  # what was due when we began waits for nothing
        self._stopping = asyncio.Event()

    async def serve(self, tick: float = TICK, jitter: int | None = JITTER) -> None:
        """Tick until `stop`; then let the fetches in flight end, and seal their runs."""
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        job = scheduler.add_job(self.tick, "interval", seconds=tick, jitter=jitter, next_run_time=datetime.now(UTC))
        scheduler.start()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, self.stop)
        try:
            while not self._stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), 4 * tick)
                _set_right(job, timedelta(seconds=4 * tick))
        finally:
            scheduler.shutdown(wait=False)
            await self.wind_down()

    def stop(self) -> None:
        """Ask nothing more; `serve` returns when what is in flight has ended."""
        self._stopping.set()

    async def tick(self) -> None:
        """Begin a crawl for every source that has something due and none under way; those under way look again."""
        if self._stopping.is_set():
            return
        now = self._tools.clock.now()
        due = plan.sources_due(self._tools.archive.reader, now)
        known = plan.known_sources(self._tools.archive.reader)
        for crawl, _ in self._crawls.values():
            crawl.look_again()
        for name, source in self._sources.items():
            waiting = due.get(name)
            if name in self._crawls or (name in known and waiting is None):
                continue
            if waiting is not None and self._has_looked and not are_gathered(source, waiting, now):
                continue
            if self._tools.clock.monotonic() < self._not_before.get(name, -math.inf):
                continue
            crawl = Crawl(self._tools, source, lasting=LASTING)
            task = asyncio.create_task(crawl.run(), name=name)
            self._crawls[name] = crawl, task
            task.add_done_callback(self._ended)
        self._has_looked = True
        self._send_alerts()

    def _send_alerts(self) -> None:
        """Begin a round of the alerts, unless one is under way: after a crawl, and as their hours come."""
        if self._posts and self._posting is None:
            self._posting = asyncio.create_task(self._send_each())

    async def _send_each(self) -> None:
        """One alert after the other, each in a thread. One that fails is logged, and left alone for a while."""
        for name, post in self._posts.items():
            key = f"alert {name}"  # no source's name has a space
            if self._stopping.is_set() or self._tools.clock.monotonic() < self._not_before.get(key, -math.inf):
                continue
            (found,) = await asyncio.gather(asyncio.to_thread(post, self._stopping.is_set), return_exceptions=True)
            if isinstance(found, BaseException):
                log.error("alert failed", alert=name, exc_info=found)
                self._leave(key, PAUSE)
        self._posting = None

    def _ended(self, task: "asyncio.Task[Tally]") -> None:
        """A crawl has ended: tell what it came to. One that failed is logged, and begun anew at a later tick."""
        name = task.get_name()
        crawl, _ = self._crawls.pop(name)
        if task.cancelled():
            return
        if error := task.exception():
            log.error("crawl failed", source=name, exc_info=error)
            self._leave(name, PAUSE)
        elif task.result().run_id is not None:
            self._tell(task.result())
        elif crawl.resumes_at is not None:
            self._leave(name, min(crawl.resumes_at - self._tools.clock.now(), PAUSE))

    def _leave(self, name: str, span: timedelta) -> None:
        """Do not look at the source for so long."""
        self._not_before[name] = self._tools.clock.monotonic() + span.total_seconds()

    async def idle(self) -> None:
        """Return when no crawl is under way."""
        while tasks := [task for _, task in self._crawls.values()]:
            await asyncio.wait(tasks)

    async def wind_down(self) -> None:
        """Let the fetches in flight end, and seal their runs."""
        for crawl, _ in self._crawls.values():
            crawl.stop()
        await self.idle()
        if self._posting is not None:
            await asyncio.wait([self._posting])


def are_gathered(source: Source, due: Waiting, now: datetime) -> bool:
    """Whether a crawl is worth its while: many addresses are due, or the first has waited long enough."""
    shortest = min([source.every, *(section.every for section in source.sections if section.every)])
    patience = min(GATHERING, timedelta(seconds=SHARE * shortest))
    return due.addresses >= ENOUGH or now - due.since >= patience


def _set_right(job: Job, longest: timedelta) -> None:
    """Bring the next tick forward where the machine's clock was set back and left it hours away."""
    now = datetime.now(UTC)
    if job.next_run_time is not None and job.next_run_time - now > longest:
        job.modify(next_run_time=now)
