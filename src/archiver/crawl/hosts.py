"""The hosts that this process talks to: whose turn it is, how long to wait, and what robots.txt lets us ask."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from archiver.frontier.robots import Robots
from archiver.store.plan import HostState

WIDTH = 8
"""How many requests at once go to a test host whose source has politeness off."""


@dataclass
class Standing:
    """A robots.txt as it stands for one origin: what it says, until when we need not ask again, and its capture."""

    robots: Robots
    until: datetime
    good_at: datetime | None  # when the site last told us; a copy of today stands in for one that cannot be had
    capture_id: int


@dataclass
class Host:
    """One host of the process: every request to it takes a turn here, whichever source asks."""

    name: str
    width: int
    state: HostState
    free_at: float | None = None  # by the monotonic clock, once it was asked; the state's moments are whole seconds
    standing: dict[str, Standing] = field(default_factory=dict)  # by origin
    turn: asyncio.Semaphore = field(init=False)
    reading_robots: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.turn = asyncio.Semaphore(self.width)


class Hosts:
    """The hosts by name; one request at a time each, but for test hosts with politeness off."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}

    def of(self, name: str, *, polite: bool, state: Callable[[], HostState]) -> Host:
        """The host of that name; made at the first call, in the state that it was left in."""
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, 1 if polite else WIDTH, state())
        return host
