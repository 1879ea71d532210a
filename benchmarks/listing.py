"""What a long sitemap costs, and how long it keeps others waiting: the writer's transactions, the longest first.

    python -m benchmarks.listing [--addresses 50000]

A site in memory whose sitemap names so many pages and files in Sitevision's form, all new; then again with one more.
Only the sitemap is asked for. While a transaction lasts, what other crawls of the process have to store waits: seconds
on the clock, and of the processor, which other work on the machine alters less.
"""

import argparse
import asyncio
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from archiver.config import load
from archiver.crawl import Crawl, Tools
from archiver.model import Request, Response
from archiver.pool import Pool
from archiver.store import Archive, open_archive, plan
from archiver.store.writer import Writer
from benchmarks.growth import Day
from benchmarks.replay import configuration, source_name
from benchmarks.tables import table

HOST = "www.exempelkoping.se"
PARTS = ("barn-och-utbildning", "bygga-bo-och-miljo", "omsorg-och-hjalp", "uppleva-och-gora", "kommun-och-politik")


class Listing:
    """A site that has nothing but a sitemap."""

    def __init__(self, clock: Day, count: int) -> None:
        self._clock, self.count = clock, count

    async def fetch(self, request: Request, *, private: bool = False) -> Response:  # noqa: ARG002
        """The sitemap; of all else, that it is not there."""
        reply = partial(Response, request.url, self._clock.now())
        if not request.url.endswith("/sitemap.xml"):
            return reply(404, (("Content-Type", "text/plain"),), b"")
        entries = "".join(f"<url><loc>{_url(n)}</loc></url>" for n in range(self.count))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return reply(
            200, (("Content-Type", "application/xml"),), f'<urlset xmlns="{space}">{entries}</urlset>'.encode()
        )


def _url(n: int) -> str:
    if n % 11 == 0:
        return f"http://{HOST}/download/18.{n:017x}/{1_600_000_000_000 + n}/Protokoll%20{n}.pdf"
    return f"http://{HOST}/{PARTS[n % 5]}/amne-{n % 97}/sida-om-nagot-{n}.4.{n * 7919:017x}.html"


class Watched:
    """The transactions of every writer from now on: seconds on the clock and of the processor."""

    def __init__(self) -> None:
        self.spent: list[tuple[float, float]] = []
        transact = Writer._transact

        def timed(writer: Writer, errands: Any) -> Any:
            begun, worked = time.perf_counter(), time.thread_time()
            try:
                return transact(writer, errands)
            finally:
                self.spent.append((time.perf_counter() - begun, time.thread_time() - worked))

        Writer._transact = timed  # type: ignore[method-assign]

    def row(self, name: str) -> list[str]:
        """What there was since the last row."""
        spent, self.spent = self.spent, []
        wall, cpu = (sorted(part, reverse=True) for part in zip(*spent, strict=True))
        return [name, str(len(spent)), f"{wall[0]:.2f}", f"{cpu[0]:.2f}", f"{cpu[1]:.2f}", f"{sum(cpu):.2f}"]


async def _rows(archive: Archive, config: Any, pool: Pool, addresses: int) -> list[list[str]]:
    clock, watched, rows = Day(), Watched(), []
    site, source = Listing(clock, addresses), config.sources[source_name(HOST)]
    tools = Tools(archive, config, site.fetch, pool, clock, chance=lambda: 0.5)
    for name in ("all of them new", "one more"):
        await Crawl(tools, source, limit=1).run()
        rows.append(watched.row(name))
        clock.at += timedelta(days=2)
        site.count += 1
        await archive.aio(partial(plan.make_due, source_id=source.id, at=clock.now()))
    return rows


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--addresses", type=int, default=50_000)
    addresses = parser.parse_args().addresses
    with tempfile.TemporaryDirectory() as folder:
        config = load(configuration(Path(folder), "http://127.0.0.1:9", HOST, profile="sitevision"))
        with open_archive(Path(folder) / "archive.db") as archive, Pool(config.rulebook, workers=1) as pool:
            rows = asyncio.run(_rows(archive, config, pool, addresses))
    head = [f"sitemap of {addresses:,}", "transactions", "longest, s", "its CPU s", "the next", "all, CPU s"]
    print(table(head, rows))


if __name__ == "__main__":
    main()
