"""The hosts that this process talks to: whose turn it is, how long to wait, and what robots.txt lets us ask."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archiver.frontier import sites
from archiver.frontier.robots import Robots
from archiver.store.hosts import HostState

WIDTH = 8
"""How many requests at once go to a test host whose source has politeness off."""
AT_ONCE = 100
"""Hosts that are asked at the same moment, where nothing else is said."""


@dataclass
class Standing:
    """A robots.txt as it stands for one origin: what it says, and until when we need not ask again."""

    robots: Robots
    at: datetime  # when it was asked for
    until: datetime
    good_at: datetime | None  # when the site last told us; a copy of today stands in for one that cannot be had
    told: bool = False  # there is a capture that says what it barred, while it could not be had


@dataclass
class Host:
    """One host of the process: every request to it takes a turn here, whichever source asks."""

    name: str
    width: int
    state: HostState
    free_at: float | None = None  # by the monotonic clock, once it was asked; the state's moments are whole seconds
    standing: dict[str, Standing] = field(default_factory=dict)  # by origin
    located: bool = False  # its name was looked up, since robots.txt was asked for last
    turn: asyncio.Semaphore = field(init=False)
    reading_robots: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.turn = asyncio.Semaphore(self.width)


@dataclass
class Peer:
    """One IP address, and perhaps many hosts that it answers for: one request at a time, whichever host it is for."""

    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    last: str = ""  # the host that was asked last: between two requests to one host its own pace counts
    free_at: float = 0.0  # for any other host, by the monotonic clock

    def wait(self, host: str, now: float) -> float:
        """Seconds until the host may be asked for as far as others at the same address are concerned."""
        return 0.0 if host == self.last else max(0.0, self.free_at - now)


class Hosts:
    """The hosts by name; one request at a time each, but for test hosts with politeness off."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.room = asyncio.Semaphore(at_once)  # for requests under way: bodies are in memory until they are kept
        self._hosts: dict[str, Host] = {}
        self._peers: dict[str, Peer] = {}
        self._asked: dict[str, int] = {}  # of the present day, by host
        self._day: datetime | None = None  # when it began

    def of(self, name: str, *, polite: bool, state: Callable[[], HostState]) -> Host:
        """The host of that name; made at the first call, in the state that it was left in.

        `exempel.se.` is `exempel.se`: a dot makes no other server of it, and gives it no second turn.
        """
        server = sites.without_last_dot(name)
        host = self._hosts.get(server)
        if host is None:
            host = self._hosts[server] = Host(server, 1 if polite else WIDTH, state())
        return host

    def peer(self, host: Host) -> Peer:
        """The address that answers for the host, shared with others; one of its own where that is not known."""
        return self._peers.setdefault(host.state.peer or host.name, Peer())

    def count(self, host: Host, requests: int = 1) -> None:
        """So many more requests went to the host."""
        self._asked[host.name] = self._asked.get(host.name, 0) + requests

    def asked(self, host: Host, day: datetime, earlier: Callable[[datetime], Mapping[str, int]]) -> int:
        """Requests that went to the host since the day began, those of earlier processes too."""
        if self._day != day:
            self._day, self._asked = day, {}
            for name, requests in earlier(day).items():
                server = sites.without_last_dot(name)
                self._asked[server] = self._asked.get(server, 0) + requests
        return self._asked.get(host.name, 0)
