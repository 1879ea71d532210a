"""Pages to renderings: whatever a page does to its browser is a value, and the next page gets a whole one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from archiver.browser.chromium import Chromium
from archiver.browser.page import Answer, Limits, Sheet, Shown, show
from archiver.browser.pipe import Gone, Refused
from archiver.model import Rendering

SEATS = 2
"""How many Chromiums there are at most; the second is started when two pages are to be shown at once."""
PAGES = 200
"""Pages after which a Chromium is replaced, whatever it has gathered by then."""
IDLE = 300.0
"""Seconds after which one that shows nothing is ended: it holds a quarter of a gigabyte."""


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present, UTC, whole seconds."""
        ...


@dataclass
class _Seat:
    """Where one page at a time is shown."""

    chromium: Chromium | None = None
    pages: int = 0  # that this Chromium has shown
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # held while it is in use
    timer: asyncio.TimerHandle | None = None  # to the end of the Chromium, while nobody uses it
    nap: asyncio.Task[None] | None = None


class Browser:
    """What shows pages: `await browser.render(sheet, answer)`. Nothing that a page does makes it raise."""

    def __init__(
        self, program: str, clock: Clock, *, limits: Limits | None = None, seats: int = SEATS, idle: float = IDLE
    ) -> None:
        """`program`: a Chromium on this machine."""
        self._program, self._clock, self._limits, self._idle = program, clock, limits or Limits(), idle
        self._free: asyncio.LifoQueue[_Seat] = asyncio.LifoQueue()
        self._seats = [_Seat() for _ in range(seats)]
        for seat in reversed(self._seats):
            self._free.put_nowait(seat)

    async def start(self) -> str:
        """Start the first Chromium now; what it calls itself. Raises Gone where it does not start."""
        async with self._seated() as seat:
            return (await self._ready(seat)).name

    async def render(self, sheet: Sheet, answer: Answer) -> Rendering:
        """What a browser makes of the page. `answer` is asked for all that the page wants beside itself."""
        loop = asyncio.get_running_loop()
        async with self._seated() as seat:
            at, begun, name = self._clock.now(), loop.time(), ""
            try:
                chromium = await self._ready(seat)
                name, begun = chromium.name, loop.time()
                seat.pages += 1
                shown = await show(chromium.pipe, sheet, answer, self._limits)
            except (Gone, Refused) as error:  # the latter: of what was none of the page's doing
                shown = Shown("failed", None, str(error))
                await self._clear(seat)
        body = None if shown.html is None else shown.html.encode("utf-8", "replace")
        return Rendering(shown.outcome, at, name, loop.time() - begun, body, shown.detail)

    async def aclose(self) -> None:
        """End every Chromium."""
        for seat in self._seats:
            if seat.timer is not None:
                seat.timer.cancel()
            async with seat.lock:  # a nap is over then
                await self._clear(seat)

    @asynccontextmanager
    async def _seated(self) -> AsyncIterator[_Seat]:
        """A seat to oneself; one that nobody comes back to is emptied."""
        seat = await self._free.get()
        if seat.timer is not None:
            seat.timer.cancel()
        try:
            async with seat.lock:
                yield seat
        finally:
            seat.timer = asyncio.get_running_loop().call_later(self._idle, self._leave, seat)
            self._free.put_nowait(seat)

    def _leave(self, seat: _Seat) -> None:
        """Nobody has come for long: end the Chromium. Whoever comes meanwhile waits for that."""

        async def nap() -> None:
            async with seat.lock:
                await self._clear(seat)

        if not seat.lock.locked():
            seat.nap = asyncio.create_task(nap())

    async def _ready(self, seat: _Seat) -> Chromium:
        if seat.chromium is not None and (seat.pages >= PAGES or not seat.chromium.pipe.is_open):
            await self._clear(seat)
        if seat.chromium is None:
            seat.chromium, seat.pages = await Chromium.start(self._program), 0
        return seat.chromium

    async def _clear(self, seat: _Seat) -> None:
        chromium, seat.chromium = seat.chromium, None
        if chromium is not None:
            await chromium.end()
