"""The effects that a crawl is handed: the doors make them, tests hand in their own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from archiver.clock import Clock
from archiver.config import Config
from archiver.crawl.hosts import Hosts
from archiver.frontier.robots import Robots
from archiver.model import Failure, Rendering, Request, Response
from archiver.pool import Pool
from archiver.store import Archive


class Fetch(Protocol):
    """Something that asks one question and always has an answer; `private` allows private addresses."""

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        """The response, or why there is none. Raises nothing for what a site does."""
        ...


class Render(Protocol):
    """Something that shows a page in a browser, and always has something to say of it."""

    async def __call__(self, page: Response, rules: Robots | None, *, language: str, private: bool) -> Rendering:
        """What a browser makes of the page as it was sent.

        `rules`: the robots.txt of its origin, None where we need not obey it; `language`: the code of the source's;
        `private` allows private addresses.
        """
        ...


@dataclass(frozen=True)
class Tools:
    """All that a crawl does to the world goes through these."""

    archive: Archive
    config: Config
    fetch: Fetch
    pool: Pool
    clock: Clock
    chance: Callable[[], float]  # 0 to 1: spreads due times
    hosts: Hosts = field(default_factory=Hosts)
    render: Render | None = None  # where a source wants its pages rendered
    locate: Callable[[str], Awaitable[str | None]] | None = None
    """The IP address of a host name, None where it is not known. Without it the address of the last answer counts."""
