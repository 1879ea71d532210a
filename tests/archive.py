"""An archive of the pretend municipality: crawl it, edit it, crawl it again, all in process."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archiver.config import Config, load
from archiver.crawl import Crawl, Tally, Tools
from archiver.derive import rebuild
from archiver.extract import choose, read
from archiver.model import Facts, Failure, Reading, Request, Response, Rules, Unread
from archiver.store import Archive, open_archive, queries
from clock import Clock
from pretend import Site

CONFIG = Path(__file__).parents[1] / "config"
HOME = "https://www.exempelkoping.se"
SOURCE = """\
municipality = "Exempelköping"
code         = "9999"
county       = "Exempellän"
profile      = "sitevision"
language     = "sv"
seeds        = ["https://www.exempelkoping.se/"]
every        = "day"
delay        = 5.0
[scope]
include = ["https://www.exempelkoping.se/"]
depth   = 5
"""
ARCHIVER = """\
[agent]
name = "archiver"
url  = "https://archiver.example/about"
mail = "archive@archiver.example"
"""


def write_config(folder: Path, source: str = SOURCE, archiver: str = ARCHIVER) -> Path:
    """A configuration folder with one source and this project's profiles and languages."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for part in ("profiles", "languages"):
        shutil.copytree(CONFIG / part, config / part)
    shutil.copy(CONFIG / "significance.toml", config)
    shutil.copy(CONFIG / "coding.toml", config)
    (config / "archiver.toml").write_text(archiver, "utf-8")
    (config / "sources" / "exempelkoping.toml").write_text(source, "utf-8")
    return config


class InlinePool:
    """A pool that reads in this process; `break_on` makes a reader crash for URLs that hold it."""

    def __init__(self, readers: Mapping[tuple[str, str], Rules]) -> None:
        self.readers = readers
        self.break_on: str | None = None
        self.count = 0

    async def read(self, body: bytes, facts: Facts, rules: Rules | None) -> Reading | Unread:
        self.count += 1
        rules = rules or choose(body, facts, self.readers)
        if self.break_on is not None and self.break_on in facts.url:
            return Unread("crashed", "made to crash by a test")
        return read(body, facts, rules)


class Town:
    """The pretend municipality with an archive of it."""

    def __init__(self, config: Config, archive: Archive, site: Site, clock: Clock) -> None:
        self.config, self.archive, self.site, self.clock = config, archive, site, clock
        self.pool = InlinePool(config.readers)
        self.source = config.sources["exempelkoping"]
        self.fetch: Callable[..., Any] = self._fetch
        self.render: Callable[..., Any] | None = None

    async def _fetch(self, request: Request, *, private: bool = False) -> Response | Failure:
        return await self.site.fetch(request)

    def crawl(self, limit: int | None = None) -> Tally:
        """One crawl of what is due."""
        tools = Tools(
            self.archive, self.config, self.fetch, self.pool, self.clock, lambda: 0.5, render=self.render  # type: ignore[arg-type]
        )  # fmt: skip
        return asyncio.run(Crawl(tools, self.source, limit=limit).run())

    def day(self, **delta: float) -> Tally:
        """A day passes (or what is said), and what is due by then is crawled."""
        self.clock.advance(**(delta or {"days": 1.2}))
        return self.crawl()

    def rebuild(self) -> int:
        """Read everything anew."""
        return asyncio.run(rebuild(self.archive, self.config, self.source, self.pool))  # type: ignore[arg-type]

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(row) for row in self.archive.reader.execute(sql, values)]

    def changes(self, **filters: Any) -> list[dict[str, Any]]:
        """The changes, oldest first."""
        return list(queries.changes(self.archive.reader, newest_first=False, **filters))

    def history(self, path: str) -> list[dict[str, Any]]:
        """The states of a page."""
        return list(queries.history(self.archive.reader, self.site.url(path)))


@contextmanager
def town(folder: Path, source: str = SOURCE, start: str = "2026-03-02 06:00", **site: Any) -> Any:
    """A town with an empty archive, closed at the end; and so is the one that a test may have opened in its place."""
    clock = Clock(start)
    config = load(write_config(folder, source))
    with open_archive(folder / "archive.db") as archive:
        found = Town(config, archive, Site(HOME, clock, **site), clock)
        try:
            yield found
        finally:
            found.archive.close()
