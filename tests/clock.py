"""A clock for tests: time passes only when somebody sleeps or says so."""

import asyncio
from datetime import UTC, datetime, timedelta


class Clock:
    """Starts at a moment ('2026-03-02 06:00', UTC) and never runs by itself."""

    def __init__(self, start: str | datetime = "2026-03-02 06:00") -> None:
        moment = datetime.fromisoformat(start) if isinstance(start, str) else start
        self._now = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        self.slept: list[float] = []  # seconds, each sleep

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Time is later at once; everybody else gets a turn."""
        self.slept.append(seconds)
        self._now += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)

    def advance(self, **delta: float) -> None:
        """`clock.advance(days=1, hours=2)`"""
        self._now += timedelta(**delta)
