"""The effects that a crawl is handed: the doors make them, tests hand in their own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from archiver.clock import Clock
from archiver.config import Config
from archiver.crawl.hosts import Hosts
from archiver.model import Failure, Request, Response
from archiver.pool import Pool
from archiver.store import Archive


class Fetch(Protocol):
    """Something that asks one question and always has an answer; `private` allows private addresses."""

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        """The response, or why there is none. Raises nothing for what a site does."""
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
    locate: Callable[[str], Awaitable[str | None]] | None = None
    """The IP address of a host name, None where it is not known. Without it the address of the last answer counts."""
