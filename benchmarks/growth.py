"""How cost grows: the same work on archives of a thousand to a million captures.

    python -m benchmarks.growth [--sizes 1000 10000 100000] [--folder KEPT] [--plot docs/pictures/growth.svg]

The archives are `benchmarks.histories`: pages of real words, forty visits each. Milliseconds of the processor, medians:
what other work the machine has hardly counts. A *crawl step* is one visit of two hundred pages of another site, kept
in that very archive by a whole run (asked, captured, sealed, compared, settled) and divided by its visits; the answers
come from memory, and the processes that read bodies are left out, for they know nothing of the archive's size.

Where an index serves, cost may grow as the logarithm of the captures, and no faster: from a thousand to a million twice
as much. `verify` and a backup look at everything, and may grow as the captures do. The front page counts its changes by
class, of which there are at most 20,000: it may grow as they do, and no longer. What people ask was asked once before,
for at a thousand captures all of the archive is in memory anyway.
"""

import argparse
import asyncio
import json
import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from html import escape
from pathlib import Path
from shutil import copyfile
from statistics import median

import httpx

from archiver.asking import search
from archiver.asking.selection import MOST_COUNTED
from archiver.config import Config, load
from archiver.crawl import Crawl, Tools
from archiver.model import Failure, Request, Response
from archiver.pool import Pool
from archiver.room import application
from archiver.store import Archive, open_archive, plan, queries, reader
from archiver.transfer.backup import back_up
from archiver.verify.whole import verify_file
from benchmarks import CORPUS
from benchmarks.histories import EDITED, SELDOM, SELDOM_PAGES, SELDOM_WORDS, VISITS, fill, url_of
from benchmarks.pages import pages_of
from benchmarks.plotting import Line, plot
from benchmarks.replay import configuration, source_name
from benchmarks.tables import table

SIZES = (1_000, 10_000, 100_000)
HOST = "foretagare.helsingborg.se"
PAGES, ROUNDS = 200, 3
BEGUN = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
COMMON = ("kommunen", "regeringen", "också", "enligt", "ska", "samt", "finns", "arbetet", "möjlighet", "Sverige")
NOISE = 1.25
"""How much more than the logarithm still counts as it: the machine is shared."""
WHOLE = ("verify", "backup")
"""What looks at everything."""
COUNTING = "front page"
"""What looks at each change, up to `MOST_COUNTED` of them."""


class Day:
    """A clock that stands still until somebody waits, or sets it."""

    def __init__(self) -> None:
        self.at = BEGUN

    def now(self) -> datetime:
        """That moment."""
        return self.at

    def monotonic(self) -> float:
        """Its seconds."""
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        """It is later at once."""
        self.at += timedelta(seconds=max(seconds, 0))
        await asyncio.sleep(0)


class Site:
    """A site in memory: pages by URL, a sitemap that lists them, an ETag for each edition."""

    def __init__(self, clock: Day) -> None:
        self._clock, self.edition = clock, 0
        self._pages = {url.replace("https:", "http:"): body for url, body in _bodies()}
        listed = "".join(f"<url><loc>{escape(url)}</loc></url>" for url in self._pages)
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        self._map = f'<?xml version="1.0"?><urlset xmlns="{space}">{listed}</urlset>'.encode()

    async def fetch(self, request: Request, *, private: bool = False) -> Response | Failure:  # noqa: ARG002
        """The answer: 304 to a validator that still holds."""
        reply = partial(Response, request.url, self._clock.now())
        if request.url.endswith("/sitemap.xml"):
            return reply(200, (("Content-Type", "application/xml"),), self._map)
        page = self._pages.get(request.url)
        if page is None:
            return reply(404, (("Content-Type", "text/plain"),), b"")
        tag = f'"{self.edition}"'
        if request.etag == tag:
            return reply(304, (("ETag", tag),), b"")
        news = f"<p>Beslut nummer {self.edition} fattades av nämnden.</p></main>".encode()
        return reply(200, (("Content-Type", "text/html; charset=utf-8"), ("ETag", tag)),
                     page.replace(b"</main>", news, 1))  # fmt: skip


def _bodies() -> list[tuple[str, bytes]]:
    if CORPUS.exists():
        return pages_of(HOST, limit=PAGES)
    text = "".join(f"<p>Stycke {k} om avgifter och beslut i kommunen.</p>" for k in range(20))
    return [
        (
            f"https://{HOST}/sida-{n}",
            f"<!doctype html><title>Sida {n}</title><main><h1>Sida {n}</h1>{text}</main>".encode(),
        )
        for n in range(PAGES)
    ]


def steps(path: Path) -> Iterator[tuple[str, float]]:
    """Milliseconds a visit: nothing new, and all changed. Writes to the archive."""
    with tempfile.TemporaryDirectory() as folder:
        config = load(configuration(Path(folder), "http://127.0.0.1:9", HOST, depth=1))
        with open_archive(path) as archive, Pool(config.rulebook, workers=1) as pool:
            yield from asyncio.run(_visits(archive, config, pool)).items()


async def _visits(archive: Archive, config: Config, pool: Pool) -> dict[str, float]:
    clock = Day()
    site = Site(clock)
    source = config.sources[source_name(HOST)]
    tools = Tools(archive, config, site.fetch, pool, clock, chance=lambda: 0.5)
    await Crawl(tools, source).run()
    spent: dict[str, list[float]] = {"crawl step, 304": [], "crawl step, changed": []}
    for number in range(2 * ROUNDS):
        name = "crawl step, changed" if number % 2 else "crawl step, 304"
        clock.at += timedelta(days=1)
        site.edition += number % 2
        await archive.aio(partial(plan.make_due, source_id=source.id, at=clock.now()))
        begun = time.process_time()
        tally = await Crawl(tools, source).run()
        visits = tally.new + tally.changed + tally.unchanged + tally.set_aside
        assert visits >= PAGES * 0.9, tally
        spent[name].append((time.process_time() - begun) * 1000 / visits)
    return {name: median(found) for name, found in spent.items()}


def questions(path: Path, captures: int) -> Iterator[tuple[str, float]]:
    """Milliseconds of what people ask, and of what looks at everything."""
    chance = random.Random(5)  # noqa: S311
    pages = captures // VISITS
    with closing(reader(path)) as conn:
        asked = [url_of(chance.randrange(pages)) for _ in range(100)]
        yield "page history", _median(lambda url: queries.history(conn, url), asked)
        words = [f"{SELDOM}{k}" for k in range(min(SELDOM_WORDS, max(pages // SELDOM_PAGES, 1)))]
        yield "search, rare word", _median(lambda word: search(conn, word), words * 3)
        yield "search, common word", _median(lambda word: search(conn, word), COMMON * 3)
    yield "newest changes, Atom", asyncio.run(_made_anew(path, "/changes.atom"))
    yield COUNTING, asyncio.run(_made_anew(path, "/"))
    yield "verify", _spent(lambda: _verified(path))
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        target = Path(folder) / "copy.db"
        yield "backup", _spent(lambda: back_up(path, target, BEGUN, None))


def _verified(path: Path) -> None:
    found = verify_file(path, jobs=1)
    assert not found.problems, found.problems[:3]


async def _made_anew(path: Path, address: str) -> float:
    """A page of the reading room as after every write."""
    transport = httpx.ASGITransport(app=application(path))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=600) as client:
        await client.get("/about")
        spent = []
        for _ in range(12):
            os.utime(path)
            begun = time.process_time()
            answer = await client.get(address)
            spent.append((time.process_time() - begun) * 1000)
            assert answer.status_code == 200, answer.status_code
    return median(spent[2:])


def _median(ask: Callable[[str], object], asked: "tuple[str, ...] | list[str]") -> float:
    for one in asked:
        ask(one)
    return median(_spent(partial(ask, one)) for one in asked)


def _spent(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


@dataclass(frozen=True)
class Growth:
    """What one piece of work costs at each size."""

    name: str
    sizes: tuple[int, ...]
    costs: tuple[float, ...]  # CPU milliseconds

    @property
    def times(self) -> float:
        """How much more it costs at the largest size than at the smallest."""
        return self.costs[-1] / self.costs[0]

    @property
    def allowed(self) -> float:
        """How much more it may cost: as the logarithm, or as what it looks at."""
        first, last = self.sizes[0], self.sizes[-1]
        if self.name == COUNTING:
            return min(last * EDITED, MOST_COUNTED) / min(first * EDITED, MOST_COUNTED)
        return last / first if self.name in WHOLE else math.log(last) / math.log(first)

    @property
    def holds(self) -> bool:
        """Whether it grows no faster than it may."""
        return self.times <= self.allowed * NOISE

    @property
    def exponent(self) -> float:
        """Of the power of the captures that the last step follows: 0 is flat, 1 linear."""
        (n, a), (m, b) = list(zip(self.sizes, self.costs, strict=True))[-2:]
        return math.log(b / a) / math.log(m / n)

    def cells(self) -> list[str]:
        """The row of the table."""
        kind = "all" if self.name in WHOLE else "bounded" if self.name == COUNTING else "log"
        return [self.name, *(f"{cost:,.2f}" if cost < 1000 else f"{cost:,.0f}" for cost in self.costs),
                f"{self.times:.2f}", f"{self.allowed:.2f} ({kind})", f"{self.exponent:.2f}",
                "yes" if self.holds else "NO"]  # fmt: skip


def measured(sizes: tuple[int, ...], folder: Path) -> list[Growth]:
    """Every piece of work at every size; archives that the folder has already are taken as they are."""
    found: dict[str, list[float]] = {}
    for size in sizes:
        kept, work = folder / f"{size}.db", folder / f"{size}-work.db"
        begun = time.perf_counter()
        if not kept.exists():
            fill(kept.with_suffix(".making"), size).rename(kept)
        print(f"{size:,} captures, {kept.stat().st_size / 1e6:.0f} MB, {time.perf_counter() - begun:.0f} s to fill",
              file=sys.stderr, flush=True)  # fmt: skip
        copyfile(kept, work)
        for name, cost in (*questions(work, size), *steps(work)):
            found.setdefault(name, []).append(cost)
            print(f"  {name}: {cost:.2f} ms", file=sys.stderr, flush=True)
        for left in folder.glob(f"{work.name}*"):
            left.unlink()
    return [Growth(name, sizes, tuple(costs)) for name, costs in found.items()]


def main() -> None:
    """Print the table; draw the plot."""
    parser = argparse.ArgumentParser(prog="benchmarks.growth", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="where the archives stay, and are found again")
    parser.add_argument("--plot", type=Path, help="the SVG to write")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found = measured(tuple(sorted(options.sizes)), folder)
    if options.json:
        print(json.dumps([{"name": g.name, "captures": g.sizes, "cpu_ms": g.costs, "holds": g.holds} for g in found]))
    else:
        heads = [f"{size:,}" for size in found[0].sizes]
        print(
            table(
                ["CPU ms at captures", *heads, "times", "allowed", "last exponent", "holds"], [g.cells() for g in found]
            )
        )
    if options.plot:
        lines = [Line(g.name, list(zip(g.sizes, g.costs, strict=True))) for g in found]
        options.plot.write_text(
            plot("What work costs as the archive grows", "captures in the archive", "CPU ms", lines)
        )
    if not all(growth.holds for growth in found):
        sys.exit("something grows faster than it may")


if __name__ == "__main__":
    main()
