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
from pathlib import Path
from typing import Any

import httpx

from archiver.room import application
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


async def each_page(client: httpx.AsyncClient, archive: Path, asked: list[str]) -> None:
    """A table: median and 99th percentile in milliseconds, and kilobytes, of each page made anew."""
    print(f"{'median':>8} {'99th':>8} {'kB':>7}  page")
    for path in asked:
        spent = []
        for _ in range(ROUNDS):
            os.utime(archive)  # as if it had been written to: nothing that was kept holds any more
            start = time.process_time()
            answer = await client.get(path)
            spent.append((time.process_time() - start) * 1000)
        assert answer.status_code in (200, 503), (path, answer.status_code)
        ninety_ninth = statistics.quantiles(spent, n=100)[-1]
        print(
            f"{statistics.median(spent):8.1f} {ninety_ninth:8.1f} {len(answer.content) / 1000:7.1f}  {path}", flush=True
        )


async def many_readers(client: httpx.AsyncClient, told: str) -> None:
    """Front pages a second, with fifty readers at once; none may fail."""

    async def reads() -> int:
        return sum([(await client.get("/")).status_code == 200 for _ in range(EACH)])

    await client.get("/")
    start, wall = time.process_time(), time.perf_counter()
    good = sum(await asyncio.gather(*(reads() for _ in range(READERS))))
    spent, passed = time.process_time() - start, time.perf_counter() - wall
    print(f"{told}: {good} of {READERS * EACH} front pages answered, {good / spent:.0f} a second of processor time, "
          f"{good / passed:.0f} a second by the clock", flush=True)  # fmt: skip


async def _writes(archive: Path) -> None:
    """The archive is written to again and again, until this is cancelled."""
    while True:
        os.utime(archive)
        await asyncio.sleep(BETWEEN_WRITES)


async def _run(archive: Path) -> None:
    app: Any = application(archive)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=120) as client:
        await client.get("/about")
        await each_page(client, archive, paths(archive))
        print()
        await many_readers(client, "at rest")
        writer = asyncio.create_task(_writes(archive))
        await many_readers(client, "written to")
        writer.cancel()


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
