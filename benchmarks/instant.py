"""A loop on which an hour passes in no time: whenever nobody has anything to do, it is later at once.

What others do for us in threads (the archive's writer) takes no time either: time stands still until they are done.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from archiver.store import Archive

T = TypeVar("T")
PATIENCE = 0.05
"""Real seconds between two looks at what threads are doing; they also wake us when they are done."""


RESOLUTION, LEAST = 1e-6, 1e-3
"""Seconds: what is nearer than the first is now; the second is the shortest sleep, in which time does pass."""


class _Selector(selectors.DefaultSelector):
    """Waits for nothing while no thread is at work."""

    def __init__(self, pass_on: Callable[[float], None], is_busy: Callable[[], bool]) -> None:
        super().__init__()
        self._pass_on, self._is_busy = pass_on, is_busy

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; where nothing is, time passes."""
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self._is_busy() or timeout is None:
            return super().select(PATIENCE)
        self._pass_on(max(timeout, 0.0))
        return []


class Instant(asyncio.SelectorEventLoop):
    """The loop; `time` begins at 0."""

    def __init__(self) -> None:
        self._passed = 0.0
        self.working = 0  # jobs that threads do for us
        super().__init__(_Selector(self._pass, lambda: self.working > 0))
        self._clock_resolution = RESOLUTION  # the machine's is too fine: after half a year nothing would ever be due

    def time(self) -> float:
        """Seconds that have passed on this loop."""
        return self._passed

    def _pass(self, seconds: float) -> None:
        self._passed += seconds


class InstantClock:
    """The loop's time, from a moment on; `shift` is by how much somebody has set the machine's clock."""

    def __init__(self, loop: Instant, start: datetime) -> None:
        self._loop, self._start = loop, start.astimezone(UTC)
        self.shift = timedelta()

    def now(self) -> datetime:
        """The present, UTC, whole seconds."""
        return (self._start + self.shift + timedelta(seconds=self._loop.time())).replace(microsecond=0)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds have passed."""
        await asyncio.sleep(max(seconds, LEAST))


class InstantArchive(Archive):
    """An archive whose writer takes no time on the loop."""

    loop: Instant

    @classmethod
    def of(cls, archive: Archive, loop: Instant) -> "InstantArchive":
        """The same archive, on that loop."""
        made = cls(archive.path, archive.writer, archive.reader, archive._claim)
        made.loop = loop
        return made

    def aio(self, job: Any, *, behind: bool = False) -> Any:
        """As in Archive."""
        future = super().aio(job, behind=behind)
        self.loop.working += 1
        future.add_done_callback(self._done)
        return future

    def _done(self, _: object) -> None:
        self.loop.working -= 1


def run(loop: Instant, main: Coroutine[Any, Any, T]) -> T:
    """What it returns, on that loop, which is closed afterwards."""
    try:
        return loop.run_until_complete(main)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
