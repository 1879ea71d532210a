"""A year lived in minutes: the service over the sites of a script, on a clock that takes no time, and what it comes to.

In the middle the service is stopped and begun again as a new process would, with rules of ours that read more than
before. The network itself holds the service to its manners: it notes every request that comes too soon, in hours that
are to be quiet, beyond the day's budget, or against robots.txt.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from shutil import copy, copytree

from benchmarks import ROOT, instant
from benchmarks.instant import Instant, InstantArchive, InstantClock
from benchmarks.politeness import Inline

import script
from archiver.config import Config, load, merging
from archiver.crawl import Tools
from archiver.derive import rebuild
from archiver.model import Failure, Request, Response
from archiver.schedule import Service
from archiver.store import Archive, open_archive
from pretend import Site
from script import DAYS, FATES, ZONE, Befall, Issue, Town

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
TICK, DELAY, BUDGET = 11 * 3_600.0, 5.0, 20
"""Seconds between two looks at what is due (not half a day: so that they wander through all hours), seconds between
two requests to a host, and requests to it in a day."""
UPGRADE = 183.4
"""The day on which the service is stopped, and goes on with other rules."""
QUIET = time(1), time(5)
"""The hours hold 2 and 3 o'clock, where the two nights lack an hour and have one twice."""
RETRY_AFTER = 1_800
DRIFT = timedelta(seconds=11)
"""By how much the machine's clock is wrong after another day; once a month somebody sets it right."""
SOURCE = """\
municipality = "Kommun {n}"
county = "Exempellän"
profile = "{profile}"
language = "sv"
seeds = ["http://{host}/"]
every = "day"
delay = {delay}
budget = {budget}
"""
ARCHIVER = """\
[agent]
url = "https://arkiv.example/om"
mail = "arkiv@example.se"
[pace]
quiet = "01:00-05:00"
"""


@dataclass
class Network:
    """All hosts of the script, and whoever asks them too often."""

    towns: dict[str, Town]
    loop: Instant
    clock: InstantClock
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    _free: dict[str, float] = field(default_factory=dict)
    days: Counter[tuple[str, date]] = field(default_factory=Counter)  # requests to each host on each day
    hours: Counter[int] = field(default_factory=Counter)

    @property
    def day(self) -> float:
        """The day of the year, as the sites know it: their clocks are right."""
        return self.loop.time() / 86_400

    async def fetch(self, request: Request, *, private: bool = False) -> Response | Failure:
        """What the site answers today."""
        host = request.url.split("/")[2]
        town = self.towns[host]
        self._note(town, request.url)
        await asyncio.sleep(0.1)
        town.live(self.day, START)
        reply = await self._answer(town, request)
        busy = RETRY_AFTER if isinstance(reply, Response) and reply.status == 503 else 0.0
        self._free[host] = self.loop.time() + max(DELAY, busy)
        return reply

    async def _answer(self, town: Town, request: Request) -> Response | Failure:
        trouble, at = town.trouble(self.day), self.clock.now()
        if trouble is None:
            town.site.gone("/robots.txt")
        elif trouble.what == "closed":
            town.site.robots("User-agent: *\nDisallow: /")
        elif trouble.what == "busy":
            return Response(request.url, at, 503, (("Retry-After", str(RETRY_AFTER)),), b"", elapsed=0.1)
        else:
            kind = "dns" if trouble.what == "dead" else trouble.what
            return Failure(request.url, at, kind, f"pretended {kind}", 0.1)  # type: ignore[arg-type]
        return await town.site.fetch(request)

    def _note(self, town: Town, url: str) -> None:
        """The law, asked of each request as it comes."""
        self.asked += 1
        now, local = self.loop.time(), self.clock.now().astimezone(ZONE)
        if now < self._free.get(town.host, 0.0) - 1e-6:
            self.wrong.append(f"{url} {self._free[town.host] - now:.3f} s too soon")
        if QUIET[0] <= local.time() < QUIET[1]:
            self.wrong.append(f"{url} at {local}")
        self.hours[local.hour] += 1
        self.days[town.host, local.date()] += 1
        if self.days[town.host, local.date()] > BUDGET:
            self.wrong.append(f"{url} is number {self.days[town.host, local.date()]} on {local.date()}")
        trouble = town.trouble(self.day - 1)  # a robots.txt holds for a day
        closed = trouble is not None and trouble.what == "closed" and town.trouble(self.day) is trouble
        if closed and not url.endswith("/robots.txt"):
            self.wrong.append(f"{url} in spite of robots.txt")


@dataclass
class Log:
    """What the archive tells."""

    changes: dict[str, list[str]]  # URL -> classes of its changes, in order; not what is folded into an event
    folded: Counter[str]  # kinds of events, and how many changes are folded into them
    events: dict[str, list[tuple[str, int]]]  # host -> kind, pages
    issues: dict[str, Counter[Issue]]


@dataclass
class Lived:
    """A year that is over."""

    towns: list[Town]
    archive: Archive
    config: Config
    network: Network

    def log(self) -> Log:
        """What the archive tells of it."""
        return told(self.archive, {f"kommun{n:04d}": town.host for n, town in enumerate(self.towns)})

    def rebuild(self) -> None:
        """Read everything anew, by the rules of today."""
        pool = Inline(self.config)
        with newer_reader():
            for source in self.config.sources.values():
                asyncio.run(rebuild(self.archive, self.config, source, pool))  # type: ignore[arg-type]


def told(archive: Archive, hosts: dict[str, str]) -> Log:
    """What an archive tells: changes, events, and what a person should look at."""
    log = Log({}, Counter(), {}, {})
    rows = archive.reader.execute
    for url, classes, folded, kind in rows(
        """SELECT c.url, c.classes, c.folded, e.kind FROM page_changes c LEFT JOIN events e ON e.id = c.event_id
           ORDER BY c.url, c.seen_after"""
    ):
        if folded:
            log.folded[kind] += 1
        else:
            log.changes.setdefault(url, []).append(" ".join(sorted((classes or "").split())))
    for source, kind, pages in rows("SELECT source_id, kind, pages FROM events ORDER BY first_seen, id"):
        log.events.setdefault(hosts[source], []).append((kind, pages))
    for source, kind, detail in rows("SELECT source_id, kind, detail FROM issues WHERE page_id IS NULL ORDER BY id"):
        log.issues.setdefault(hosts[source], Counter())[Issue(kind, _about(kind, detail))] += 1
    return log


def differences(towns: list[Town], log: Log) -> list[str]:
    """Where the log is not the truth, in words: changes page by page, events and issues town by town."""
    truth = {url: classes for town in towns for url, classes in town.changes.items()}
    found = [
        f"{url}: {truth.get(url, [])} was done, {log.changes.get(url, [])} is told"
        for url in sorted(truth.keys() | log.changes.keys())
        if truth.get(url, []) != log.changes.get(url, [])
    ]
    for town in towns:
        if town.events != log.events.get(town.host, []):
            found.append(f"{town.host}: the events are {town.events}, told are {log.events.get(town.host, [])}")
        if town.issues != log.issues.get(town.host, Counter()):
            found.append(f"{town.host}: the issues are {town.issues}, told are {log.issues.get(town.host)}")
    return found


def _about(kind: str, detail: str) -> str:
    if kind == "source-silent":
        return detail.rpartition(": ")[2]
    if kind == "robots-changed":
        return "bars" if ": bars" in detail else "frees"
    return detail


@contextmanager
def newer_reader() -> Iterator[None]:
    """As if our reading code had a later number."""
    merging.READER += 1
    try:
        yield
    finally:
        merging.READER -= 1


def configure(folder: Path, towns: list[Town]) -> None:
    """Write a configuration with one source for each town."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for part in ("profiles", "languages"):
        copytree(ROOT / "config" / part, config / part)
    copy(ROOT / "config" / "significance.toml", config)
    (config / "archiver.toml").write_text(ARCHIVER, "utf-8")
    for n, town in enumerate(towns):
        text = SOURCE.format(n=n, host=town.host, profile=town.profile, delay=DELAY, budget=BUDGET)
        (config / "sources" / f"kommun{n:04d}.toml").write_text(text, "utf-8")


def loaded(folder: Path) -> Config:
    """The configuration, with the script's rhythm."""
    config, every = load(folder / "config"), script.EVERY * 86_400
    config.sources.update({name: replace(source, every=every) for name, source in config.sources.items()})
    return config


def upgrade(folder: Path) -> None:
    """Let the Swedish pack know one more label of a date."""
    path = folder / "config" / "languages" / "sv.toml"
    text = path.read_text("utf-8")
    assert "reviewed = [" in text
    path.write_text(text.replace("reviewed = [", f'reviewed = ["{script.OVERSEEN}", ', 1), "utf-8")


@contextmanager
def live(
    folder: Path,
    count: int,
    pages: int,
    *,
    days: float = DAYS,
    fates: Sequence[Befall] = FATES,
    look: Callable[[Archive], None] | None = None,
    seed: int = 4,
) -> Iterator[Lived]:
    """The year of so many towns, with so many pages each at least; `look` is called with the archive once a week."""
    loop, chance = Instant(), Random(seed)
    clock = InstantClock(loop, START)
    hosts = [f"kommun{n}.example" for n in range(count)]
    towns = [script.make(n, Site(f"http://{host}", clock), chance, pages, fates) for n, host in enumerate(hosts)]  # type: ignore[arg-type]
    network = Network({town.host: town for town in towns}, loop, clock)
    configure(folder, towns)

    async def both_halves() -> None:
        await _serve(folder, network, chance, min(UPGRADE, days), look)
        upgrade(folder)
        with newer_reader():
            await _serve(folder, network, chance, days, look)

    instant.run(loop, both_halves())
    with open_archive(folder / "archive.db") as archive:
        yield Lived(towns, archive, loaded(folder), network)


async def _serve(
    folder: Path, network: Network, chance: Random, until: float, look: Callable[[Archive], None] | None
) -> None:
    """One process of the service, until that day."""
    config = loaded(folder)
    with open_archive(folder / "archive.db") as archive:
        own = InstantArchive.of(archive, network.loop)
        tools = Tools(own, config, network.fetch, Inline(config), network.clock, chance.random)  # type: ignore[arg-type]
        service, week = Service(tools, tuple(config.sources), lambda _: None), int(network.day // 7)
        while network.day < until:
            network.clock.shift = DRIFT * (network.day % 30)
            await service.tick()
            await asyncio.sleep(TICK)
            if look is not None and network.day // 7 > week:
                week += 1
                look(archive)
        service.stop()
        await service.wind_down()
