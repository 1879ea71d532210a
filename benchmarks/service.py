"""What a run costs beside its visits, by how many pages its source has: a service's runs are short, and there are many.

    python -m benchmarks.service [--pages 500 2000 8000]

A site in memory, all of it crawled once. Then crawls of one page and of fifty, ten minutes apart, of which every answer
is a 304: milliseconds of the processor for each, and bytes that a run adds beside its captures. The first crawl of a
day is followed by a survey of the source (docs/decisions/0030) and is told by itself.
"""

import argparse
import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copy, copytree
from statistics import median

from archiver.config import load, packaged
from archiver.crawl import Crawl, Tools
from archiver.model import Failure, Request, Response
from archiver.pool import Pool
from archiver.store import Archive, open_archive
from archiver.store.times import to_text
from benchmarks.growth import Day
from benchmarks.tables import table

SIZES = (500, 2_000, 8_000)
HOST, NAME = "kommun.example", "kommun"
ROUNDS, FEW, MANY = 20, 1, 50
OWN, SHARED = 12, 8
"""Paragraphs of a page that are its own, and lines that all pages have."""
NEVER = "2099-01-01T00:00:00Z"
BESIDE = ("runs", "runs_by_end", "runs_by_source", "seals", "settled", "sqlite_autoindex_seals_1",
          "sqlite_autoindex_seals_2")  # fmt: skip
"""What a run fills beside its captures."""
ARCHIVER = """\
proxy = "http://127.0.0.1:9"
[agent]
url = "https://arkiv.example/om"
mail = "arkiv@example.se"
"""
SOURCE = f"""\
municipality = "Kommun"
county = "Exempellän"
profile = "generic"
language = "sv"
seeds = ["http://{HOST}/"]
sitemaps = ["http://{HOST}/sitemap.xml"]
every = "day"
polite = false
"""


class Site:
    """So many pages and a sitemap of them; all is as before, whenever it is asked for again."""

    def __init__(self, clock: Day, pages: int) -> None:
        self._clock, self._pages = clock, pages

    async def fetch(self, request: Request, *, private: bool = False) -> Response | Failure:  # noqa: ARG002
        """The answer."""
        reply = partial(Response, request.url, self._clock.now())
        if request.etag:
            return reply(304, (("ETag", request.etag),), b"")
        path = request.url.removeprefix(f"http://{HOST}")
        if path == "/sitemap.xml":
            return reply(200, (("Content-Type", "application/xml"), ("ETag", '"1"')), self._sitemap())
        if path != "/" and not path.startswith("/sida-"):
            return reply(404, (("Content-Type", "text/plain"),), b"")
        return reply(200, (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"')), _page(path))

    def _sitemap(self) -> bytes:
        listed = "".join(f"<url><loc>http://{HOST}/sida-{n}</loc></url>" for n in range(self._pages))
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        return f'<?xml version="1.0"?><urlset xmlns="{space}">{listed}</urlset>'.encode()


def _page(path: str) -> bytes:
    own = "".join(f"<p>Stycke {k} om {path}: avgiften är {k * 17} kr, beslut {k} i nämnden.</p>" for k in range(OWN))
    shared = "".join(f"<p>Rad {k} som alla sidor har, om kommunen och dess växel.</p>" for k in range(SHARED))
    return f"<!doctype html><title>Sida {path}</title><main><h1>Sida {path}</h1>{own}{shared}</main>".encode()


async def _costs(folder: Path, pages: int) -> Iterator[float]:
    """Milliseconds of a run of few visits, of many, and of one that a survey follows; bytes beside the captures."""
    clock = Day()
    config = load(_configured(folder))
    source, site = config.sources[NAME], Site(clock, pages)
    with open_archive(folder / "archive.db") as archive, Pool(config.rulebook, workers=2) as pool:
        tools = Tools(archive, config, site.fetch, pool, clock, chance=lambda: 0.5)

        async def run(visits: int, **later: int) -> float:
            clock.at += timedelta(**later)
            await archive.aio(partial(_make_due, visits=visits, at=to_text(clock.at)))
            begun = time.process_time()
            tally = await Crawl(tools, source).run()
            assert tally.unchanged == visits, tally
            return (time.process_time() - begun) * 1000

        await Crawl(tools, source).run()
        surveyed = [await run(FEW, days=1) for _ in range(ROUNDS)]
        before = _beside(archive)
        few = [await run(FEW, minutes=10) for _ in range(ROUNDS)]
        grown = (_beside(archive) - before) / ROUNDS
        many = [await run(MANY, minutes=10) for _ in range(ROUNDS)]
    return iter((median(few), median(many), median(surveyed), grown))


def _configured(folder: Path) -> Path:
    for name in ("profiles", "languages"):
        copytree(packaged() / name, folder / name)
    for name in ("significance.toml", "coding.toml"):
        copy(packaged() / name, folder / name)
    (folder / "archiver.toml").write_text(ARCHIVER, "utf-8")
    (folder / "sources").mkdir()
    (folder / "sources" / f"{NAME}.toml").write_text(SOURCE, "utf-8")
    return folder


def _make_due(conn: sqlite3.Connection, visits: int, at: str) -> None:
    """So many pages, and nothing else."""
    conn.execute("UPDATE frontier SET due_at = ? WHERE due_at IS NOT NULL", (NEVER,))
    conn.execute(
        """UPDATE frontier SET due_at = ? WHERE address_id IN
             (SELECT id FROM addresses WHERE role = 'page' AND depth > 0 ORDER BY id LIMIT ?)""",
        (at, visits),
    )


def _beside(archive: Archive) -> float:
    marks = ", ".join("?" * len(BESIDE))
    row = archive.reader.execute(f"SELECT sum(pgsize - unused) FROM dbstat WHERE name IN ({marks})", BESIDE)
    return float(row.fetchone()[0])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.service", description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=SIZES)
    rows: list[list[str]] = []
    for pages in parser.parse_args().pages:
        with tempfile.TemporaryDirectory() as name:
            few, many, surveyed, grown = asyncio.run(_costs(Path(name), pages))
        rows.append([f"{pages:,}", f"{few:.1f}", f"{many:.1f}", f"{surveyed:.1f}", f"{grown:.0f}"])
    headings = ["pages", f"run of {FEW} visit, CPU ms", f"of {MANY}", f"of {FEW}, with a survey", "bytes beside it"]
    print(table(headings, rows))


if __name__ == "__main__":
    main()
