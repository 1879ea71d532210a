"""A year of three municipalities in seconds: what was done to the sites is what the archive tells, and nothing else."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from benchmarks import instant, politeness
from benchmarks.instant import Instant, InstantArchive, InstantClock

from archiver.crawl import Tools
from archiver.model import Failure, Request, Response
from archiver.schedule import Service
from archiver.store import open_archive
from pretend import Site, page

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
DAYS, TICK, DELAY = 365, 3 * 3_600, 5.0
PAGES = 4
DAY = timedelta(days=1)


@dataclass
class Town:
    """One site, what is done to it in the year, and when it is out of order."""

    name: str
    site: Site
    edits: dict[int, list[int]]  # page -> days
    outage: tuple[int, int]  # days between which it answers nothing
    closed: tuple[int, int]  # days between which robots.txt bars everything
    done: int = 0
    texts: dict[int, int] = field(default_factory=dict)

    def live(self, day: int) -> None:
        """What is done to the site on that day."""
        for number, days in self.edits.items():
            if day in days:
                self.texts[number] = self.texts.get(number, 0) + 1
                self.site[f"/{number}"] = page(f"Sida {number}", f"Lydelse {self.texts[number]} av beslutet.")
        if day == self.closed[0]:
            self.site.robots("User-agent: *\nDisallow: /")
        if day == self.closed[1]:
            self.site.gone("/robots.txt")


def _town(number: int, clock: InstantClock, chance: Random) -> Town:
    host = f"kommun{number}.example"
    site = Site(f"http://{host}", clock)  # type: ignore[arg-type]
    site["/"] = page("Start", links=[(f"/{i}", f"Sida {i}") for i in range(PAGES)])
    for i in range(PAGES):
        site[f"/{i}"] = page(f"Sida {i}", "Lydelse 0 av beslutet.")
    edits = {i: sorted(chance.sample(range(10, DAYS - 40), 3 * i)) for i in range(PAGES)}
    first = chance.randrange(60, 120)
    closed = chance.randrange(180, 240)
    return Town(host, site, edits, (first, first + 9), (closed, closed + 14))


@dataclass
class Year:
    """What the archive holds in the end, and what the sites were asked."""

    towns: list[Town]
    changes: list[tuple[str, int]]  # URL, revision
    absences: int
    issues: list[tuple[str, str]]
    texts: dict[str, str]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The year, lived once for all tests."""
    folder = tmp_path_factory.mktemp("year")
    loop = Instant()
    clock = InstantClock(loop, START)
    chance = Random(4)
    towns = [_town(n, clock, chance) for n in range(3)]
    sites = {town.name: town for town in towns}
    config = politeness.configured(folder, list(sites), DELAY)
    config.sources.update({name: replace(source, every=3 * 86_400) for name, source in config.sources.items()})

    async def fetch(request: Request, *, private: bool = False) -> Response | Failure:
        town = sites[request.url.split("/")[2]]
        await asyncio.sleep(0.1)
        if town.outage[0] <= (clock.now() - START) / DAY < town.outage[1]:
            return Failure(request.url, clock.now(), "timeout", "out of order", 0.1)
        return await town.site.fetch(request)

    with open_archive(folder / "archive.db") as archive:
        own = InstantArchive.of(archive, loop)
        tools = Tools(own, config, fetch, politeness.Inline(config), clock, chance.random)  # type: ignore[arg-type]
        instant.run(loop, _live(tools, towns))
        rows = archive.reader.execute
        yield Year(
            towns,
            [tuple(row) for row in rows("SELECT url, revision FROM page_changes ORDER BY url, revision")],
            rows("SELECT count(*) FROM absences a JOIN pages p ON p.id = page_id AND kind = 'page'").fetchone()[0],
            [tuple(row) for row in rows("SELECT source_id, kind FROM issues ORDER BY source_id, kind")],
            dict(tuple(row) for row in rows("SELECT url, text FROM current_pages")),
        )


async def _live(tools: Tools, towns: list[Town]) -> None:
    loop = asyncio.get_running_loop()
    service = Service(tools, tuple(tools.config.sources), lambda _: None)
    day = -1
    while loop.time() < DAYS * 86_400:
        if int(loop.time() // 86_400) > day:
            day += 1
            for town in towns:
                town.live(day)
        await service.tick()
        await asyncio.sleep(TICK)
    service.stop()
    await service.wind_down()


def _script(town: Town) -> list[tuple[str, int]]:
    """The changes that can have been seen: one for each edit, but two in one span are seen as one."""
    return [(f"http://{town.name}/{number}", len(days)) for number, days in town.edits.items() if days]


def test_every_page_holds_what_the_site_said_last(year: Year) -> None:
    for town in year.towns:
        for number, days in town.edits.items():
            assert f"Lydelse {len(days)} av" in year.texts[f"http://{town.name}/{number}"]


def test_what_was_edited_is_told_and_what_was_not_is_not(year: Year) -> None:
    seen = {url: sum(other == url for other, _ in year.changes) for url, _ in year.changes}
    most = dict(entry for town in year.towns for entry in _script(town))
    assert set(seen) == set(most)
    assert all(0 < seen[url] <= most[url] for url in most)
    assert sum(seen.values()) >= 0.7 * sum(most.values())  # two edits within a span are one change


def test_no_outage_and_no_robots_txt_is_told_as_a_disappearance(year: Year) -> None:
    assert year.absences == 0


def test_each_silence_and_each_new_robots_txt_is_told_once(year: Year) -> None:
    names = [f"kommun{n:04d}" for n in range(3)]
    for name in names:
        kinds = [kind for source, kind in year.issues if source == name]
        assert kinds.count("robots-changed") == 2  # closed, and open again
        assert kinds.count("source-silent") in (1, 2)  # out of order for nine days, and barred for fourteen
        assert "stale-304" not in kinds


def test_no_host_was_asked_too_soon_in_the_whole_year_nor_while_it_was_closed(year: Year) -> None:
    for town in year.towns:
        moments = [at for at, _ in town.site.log]
        assert min((b - a).total_seconds() for a, b in pairwise(moments)) >= DELAY  # type: ignore[operator]
        begin, end = (START + day * DAY for day in town.closed)
        closed = [url for at, url in town.site.log if begin + DAY <= at < end]  # type: ignore[operator]
        assert {url.rpartition("/")[2] for url in closed} == {"robots.txt"}
