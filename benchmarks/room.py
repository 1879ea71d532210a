"""The reading room over 100,000 invented captures: each page's time at the server, and front pages a second.

    python -m benchmarks.room [captures]

Time is the processor's, of one process: the machine may have other work. The table is of pages made anew, as after
every write to the archive; below it fifty readers at once, first with the shelf of answers, then while the archive is
written to twenty times a second, as by a crawl at full speed.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from archiver.room import application
from benchmarks.standing import Standing
from benchmarks.volume import fill

CAPTURES, PAGES, ROUNDS = 100_000, 2_500, 40
READERS, EACH = 50, 20
BETWEEN_WRITES = 0.05


def paths(archive: Path) -> list[str]:
    """One address of every sort of page."""
    from contextlib import closing

    from archiver.store import reader

    with closing(reader(archive)) as conn:
        page = conn.execute("SELECT page_id FROM revisions GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
        before, after = conn.execute(
            "SELECT capture_before, capture_after FROM page_changes WHERE page_id = ? ORDER BY revision DESC", (page,)
        ).fetchone()
    return [
        "/", "/?class=silent-edit", "/?m=9900", "/?q=avgift", "/?order=weight", f"/compare/{before}..{after}",
        f"/page/{page}", f"/capture/{after}", "/m", "/m/9900", "/search?q=avgift", "/search?q=%22avgift+budget%22",
        "/search?q=avgift&tense=removed", "/lists/documents", "/sql", "/health", "/changes.atom",
    ]  # fmt: skip


async def timed(client: httpx.AsyncClient, archive: Path, path: str, rounds: int) -> tuple[list[float], int]:
    """Milliseconds of each making of a page anew, and its bytes."""
    spent = []
    for _ in range(rounds):
        os.utime(archive)  # as if it had been written to: nothing that was kept holds any more
        start = time.process_time()
        answer = await client.get(path)
        spent.append((time.process_time() - start) * 1000)
    assert answer.status_code in (200, 503), (path, answer.status_code)
    return spent, len(answer.content)


async def each_page(client: httpx.AsyncClient, archive: Path, asked: list[str]) -> None:
    """A table: median and 99th percentile in milliseconds, and kilobytes, of each page made anew."""
    print(f"{'median':>8} {'99th':>8} {'kB':>7}  page")
    for path in asked:
        spent, size = await timed(client, archive, path, ROUNDS)
        ninety_ninth = statistics.quantiles(spent, n=100)[-1]
        print(f"{statistics.median(spent):8.1f} {ninety_ninth:8.1f} {size / 1000:7.1f}  {path}", flush=True)


async def many_readers(client: httpx.AsyncClient) -> tuple[int, float, float]:
    """How many front pages fifty readers at once got, a second of processor time, and by the clock."""

    async def reads() -> int:
        return sum([(await client.get("/")).status_code == 200 for _ in range(EACH)])

    await client.get("/")
    start, wall = time.process_time(), time.perf_counter()
    good = sum(await asyncio.gather(*(reads() for _ in range(READERS))))
    spent, passed = time.process_time() - start, time.perf_counter() - wall
    return good, good / spent, good / passed


def _tell(name: str, found: tuple[int, float, float]) -> None:
    good, spent, passed = found
    print(f"{name}: {good} of {READERS * EACH} front pages answered, {spent:.0f} a second of processor time, "
          f"{passed:.0f} a second by the clock", flush=True)  # fmt: skip


async def _writes(archive: Path) -> None:
    """The archive is written to again and again, until this is cancelled."""
    while True:
        os.utime(archive)
        await asyncio.sleep(BETWEEN_WRITES)


@asynccontextmanager
async def _client(archive: Path) -> AsyncIterator[httpx.AsyncClient]:
    app: Any = application(archive)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=120) as client:
        await client.get("/about")
        yield client


async def _written_to(client: httpx.AsyncClient, archive: Path) -> tuple[int, float, float]:
    writer = asyncio.create_task(_writes(archive))
    found = await many_readers(client)
    writer.cancel()
    return found


async def _run(archive: Path) -> None:
    async with _client(archive) as client:
        await each_page(client, archive, paths(archive))
        print()
        _tell("at rest", await many_readers(client))
        _tell("written to", await _written_to(client, archive))


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """The pages people open most, and front pages a second while the archive is written to."""
    captures = CAPTURES // 10 if quick else CAPTURES
    with tempfile.TemporaryDirectory() as folder:
        archive = fill(Path(folder) / "archive.db", captures=captures, pages=captures * PAGES // CAPTURES)
        yield from asyncio.run(_standings(archive, 8 if quick else ROUNDS, f"reading room, {captures:,} captures"))


async def _standings(archive: Path, rounds: int, of: str) -> list[Standing]:
    asked = {"what changed": "/", "a municipality": "/m/9900", "search": "/search?q=avgift"}
    asked |= {name: path for path in paths(archive) for name in ("compare", "page") if path.startswith(f"/{name}/")}
    found = []
    async with _client(archive) as client:
        for name, path in asked.items():
            spent, size = await timed(client, archive, path, rounds)
            found.append(Standing(f"{of}: {name}", "CPU ms", statistics.median(spent), most=100))
            if path == "/":
                found.append(
                    Standing(f"{of}: {name}, 99 %", "CPU ms", statistics.quantiles(spent, n=100)[-1], most=300)
                )
                found.append(Standing(f"{of}: {name}", "kB", size / 1000, most=100))
        good, spent_rate, passed = await _written_to(client, archive)
        assert good == READERS * EACH, good
    name = f"{of}: 50 readers, written to"
    return [*found, Standing(name, "pages/s of processor time", spent_rate, more_is_better=True),
            Standing(name, "pages/s by the clock", passed, least=150, more_is_better=True)]  # fmt: skip


def main(captures: int = CAPTURES) -> None:
    """Fill an archive, and ask for everything."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        archive = fill(Path(folder) / "archive.db", captures=captures, pages=max(10, captures * PAGES // CAPTURES))
        size = archive.stat().st_size / 1e6
        print(f"{captures} captures, {size:.0f} MB, filled in {time.perf_counter() - start:.0f} s\n", flush=True)
        asyncio.run(_run(archive))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CAPTURES)
