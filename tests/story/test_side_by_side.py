"""Several crawls at once: in one process, and two processes on one archive; and what one's trouble costs the others."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import HOME, Town
from archiver.crawl import Crawl, Tools, together
from archiver.errors import StoreError
from archiver.model import Failure, Request, Response, Scope, Seed, Source
from archiver.schedule import Service
from archiver.store import open_archive
from pretend import Site, page

OTHER = "https://www.annorstad.se"


def _other(source: Source) -> Source:
    return replace(
        source, id="annorstad", code="9998", seeds=(Seed(f"{OTHER}/"),), scope=Scope((f"{OTHER}/",))
    )  # fmt: skip


def _tools(exempel: Town, fetch: Callable[..., Any]) -> Tools:
    rulebook = {
        **exempel.config.rulebook,
        ("annorstad", "sitevision"): exempel.config.rulebook["exempelkoping", "sitevision"],
    }
    sources = {**exempel.config.sources, "annorstad": _other(exempel.source)}
    config = replace(exempel.config, rulebook=rulebook, sources=sources)
    return Tools(exempel.archive, config, fetch, exempel.pool, exempel.clock, chance=lambda: 0.5)  # type: ignore[arg-type]


def test_a_disk_that_is_full_ends_every_crawl_and_leaves_none_running(exempel: Town) -> None:
    other = Site(OTHER, exempel.clock)
    for site in (exempel.site, other):
        site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(40)])
        for i in range(40):
            site[f"/p{i}"] = page(f"Sida {i}", "Text.")
    write, full = exempel.archive.aio, False

    def aio(job: Any, **_: Any) -> Any:
        if full:
            raise StoreError("archive.db cannot grow: the disk is full")
        return write(job)

    async def fetch(request: Request, *, private: bool = False) -> Response | Failure:
        nonlocal full
        full = full or request.url == f"{HOME}/p3"
        return await (other if request.url.startswith(OTHER) else exempel.site).fetch(request)

    exempel.archive.aio = aio  # type: ignore[method-assign]
    tools = _tools(exempel, fetch)
    crawls = [Crawl(tools, exempel.source), Crawl(tools, _other(exempel.source))]

    async def run() -> None:
        with pytest.raises(StoreError, match="the disk is full"):
            await together(crawls)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(run())


def test_one_crawl_that_fails_stops_the_others_with_their_runs_sealed(exempel: Town) -> None:
    other = Site(OTHER, exempel.clock)
    for site in (exempel.site, other):
        site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(40)])
        for i in range(40):
            site[f"/p{i}"] = page(f"Sida {i}", "Text.")

    async def fetch(request: Request, *, private: bool = False) -> Response | Failure:
        if request.url == f"{HOME}/p3":
            raise StoreError("something of the archive's")
        return await (other if request.url.startswith(OTHER) else exempel.site).fetch(request)

    tools = _tools(exempel, fetch)

    with pytest.raises(StoreError):
        asyncio.run(together([Crawl(tools, exempel.source), Crawl(tools, _other(exempel.source))]))

    assert exempel.rows("SELECT r.source_id, r.ending FROM runs r JOIN seals s ON s.run_id = r.id ORDER BY 1") == [
        ("annorstad", "stopped"),
        ("exempelkoping", "crashed"),
    ]
    assert other.asked("/p39") == 0


def test_the_service_outlives_a_crawl_that_fails_and_says_so(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    broken = True

    async def fetch(request: Request, *, private: bool = False) -> Response | Failure:
        if broken:
            raise StoreError("something of the archive's")
        return await exempel.site.fetch(request)

    told: list[Any] = []
    service = Service(_tools(exempel, fetch), ("exempelkoping",), told.append)

    async def run() -> None:
        nonlocal broken
        await service.tick()
        await service.idle()
        broken = False
        exempel.clock.advance(hours=1)
        await service.tick()
        await service.idle()

    asyncio.run(run())

    assert [tally.new for tally in told] == [1]


def test_a_host_that_wants_to_be_left_alone_is_not_looked_at_every_tick(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.", links=[("/a", "A"), ("/b", "B")])
    exempel.site.says("/a", 503, headers={"Retry-After": "7200"})
    began: list[object] = []
    told: list[Any] = []
    tools = _tools(exempel, exempel.fetch)
    write = exempel.archive.aio

    def aio(job: Any, **_: Any) -> Any:
        began.append(job)
        return write(job)

    service = Service(tools, ("exempelkoping",), told.append)

    async def run() -> None:
        await service.tick()
        await service.idle()
        exempel.clock.advance(seconds=15)
        await service.tick()
        await service.idle()
        exempel.archive.aio = aio  # type: ignore[method-assign]
        exempel.clock.advance(seconds=15)
        await service.tick()
        await service.idle()

    asyncio.run(run())

    assert began == []


def test_a_second_process_may_not_write_to_an_archive_in_use(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    code = f"from pathlib import Path; from archiver.store import open_archive; open_archive(Path({str(path)!r}))"
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    with open_archive(path):
        second = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
        assert "another archiver is writing to" in second.stderr
    third = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    assert third.returncode == 0, third.stderr


def test_two_archives_open_at_once_in_one_process_are_refused_too(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive.db"), pytest.raises(StoreError, match="another archiver is writing to"):
        open_archive(tmp_path / "archive.db")
