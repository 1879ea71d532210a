"""The service: keeps going over what is due, one crawl of a source at a time, and stops within the current fetch."""

import asyncio
import json
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from program import ENVIRONMENT, command
from structlog.testing import capture_logs

from archive import ARCHIVER, Town, town, write_config
from archive import SOURCE as CONFIGURED
from archiver.crawl import Crawl, Tally, Tools
from archiver.errors import StoreError
from archiver.schedule import ENOUGH, Service, are_gathered
from archiver.store import plan
from pretend import page

SOURCE = "exempelkoping"


class Told:
    """Whom the service tells of every crawl that ended."""

    def __init__(self) -> None:
        self.tallies: list[Tally] = []

    def __call__(self, tally: Tally) -> None:
        self.tallies.append(tally)


def _tools(town: Town) -> Tools:
    return Tools(town.archive, town.config, town.fetch, town.pool, town.clock, chance=lambda: 0.5)  # type: ignore[arg-type]


async def _serve(town: Town, until: Callable[[], bool], told: Told, between: Callable[[], None] = lambda: None) -> None:
    """Let the service tick fast until something is so."""
    service = Service(_tools(town), (SOURCE,), told)
    serving = asyncio.create_task(service.serve(tick=0.02, jitter=None))
    for _ in range(500):
        if until():
            break
        between()
        await asyncio.sleep(0.01)
    service.stop()
    await asyncio.wait_for(serving, 5)
    assert until()


def _begin(town: Town) -> None:
    town.site["/"] = page("Kommun och politik", "Välkommen.", links=[("/a", "A")])
    town.site["/a"] = page("A", "Text.")


def test_it_crawls_a_source_that_was_never_crawled_and_then_what_is_due(exempel: Town) -> None:
    _begin(exempel)
    told = Told()

    asyncio.run(
        _serve(exempel, lambda: len(told.tallies) >= 3, told, between=lambda: exempel.clock.advance(minutes=30))
    )

    assert [(t.new, t.asked) for t in told.tallies[:1]] == [(2, 2)]
    assert all(t.asked and t.ending == "done" for t in told.tallies[:2])
    assert exempel.site.asked("/a") >= 2


def test_it_asks_nothing_while_nothing_is_due(exempel: Town) -> None:
    _begin(exempel)
    exempel.crawl()
    asked = len(exempel.site.log)
    told, looked = Told(), []

    asyncio.run(_serve(exempel, lambda: len(looked) > 20, told, between=lambda: looked.append(1)))

    assert told.tallies == []
    assert len(exempel.site.log) == asked


def test_what_was_missed_while_it_was_down_is_made_up_for_once(exempel: Town) -> None:
    _begin(exempel)
    exempel.crawl()
    exempel.clock.advance(days=30)
    told = Told()

    asyncio.run(_serve(exempel, lambda: len(told.tallies) >= 1, told))

    assert [(t.asked, t.unchanged) for t in told.tallies] == [(2, 2)]


def test_what_comes_due_one_by_one_is_asked_for_in_one_crawl(exempel: Town) -> None:
    _begin(exempel)
    exempel.crawl()
    now = exempel.clock.now()
    for address_id, minutes in zip(_addresses(exempel), (2, 10), strict=True):
        at = now + timedelta(minutes=minutes)
        exempel.archive.write(partial(plan.put_off, address_id=address_id, due_at=at))
    told, ticks = Told(), []

    async def tick_by_minutes() -> None:
        service = Service(_tools(exempel), (SOURCE,), told)
        for _ in range(20):
            await service.tick()
            await service.idle()
            ticks.append(len(told.tallies))
            exempel.clock.advance(minutes=1)

    asyncio.run(tick_by_minutes())

    assert [tally.asked for tally in told.tallies] == [2]
    assert ticks.index(1) == 2 + 15


def test_what_was_due_when_the_service_began_waits_for_nothing(exempel: Town) -> None:
    _begin(exempel)
    exempel.crawl()
    exempel.archive.write(partial(plan.make_due, source_id=SOURCE, at=exempel.clock.now()))
    told = Told()

    asyncio.run(_serve(exempel, lambda: bool(told.tallies), told))

    assert [tally.asked for tally in told.tallies] == [2]


def test_a_source_with_much_to_ask_waits_for_nothing(exempel: Town) -> None:
    now = exempel.clock.now()

    assert not are_gathered(exempel.source, plan.Waiting(ENOUGH - 1, now), now)
    assert are_gathered(exempel.source, plan.Waiting(ENOUGH, now), now)


def test_a_source_that_is_looked_at_hourly_waits_for_minutes_only(tmp_path: Path) -> None:
    with town(tmp_path, CONFIGURED.replace('every        = "day"', 'every        = "1 hours"')) as hourly:
        now = hourly.clock.now()
        due = plan.Waiting(1, now)

        assert not are_gathered(hourly.source, due, now + timedelta(minutes=5))
        assert are_gathered(hourly.source, due, now + timedelta(minutes=6))


def _addresses(town: Town) -> list[int]:
    return [row[0] for row in town.rows("SELECT id FROM addresses WHERE role = 'page' ORDER BY id")]


def test_a_source_is_crawled_once_at_a_time_however_often_the_clock_ticks(
    exempel: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, most, begun = 0, 0, 0

    async def slow(self: Crawl) -> Tally:
        nonlocal going, most, begun
        going, begun = going + 1, begun + 1
        most = max(most, going)
        await asyncio.sleep(0.1)
        going -= 1
        return self.tally

    monkeypatch.setattr(Crawl, "run", slow)

    asyncio.run(_serve(exempel, lambda: begun >= 3, Told()))

    assert most == 1


def test_a_crawl_that_fails_is_logged_and_begun_again_at_a_later_tick(
    exempel: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(exempel)
    run, tries = Crawl.run, []

    async def failing(self: Crawl) -> Tally:
        tries.append(1)
        if len(tries) == 1:
            raise StoreError("the disk is full")
        return await run(self)

    monkeypatch.setattr(Crawl, "run", failing)
    told = Told()

    with capture_logs() as log:
        minutes = partial(exempel.clock.advance, minutes=2)
        asyncio.run(_serve(exempel, lambda: len(told.tallies) >= 1, told, between=minutes))

    assert told.tallies[0].new == 2
    assert [(e["event"], e["source"], str(e["exc_info"])) for e in log if e["log_level"] == "error"] == [
        ("crawl failed", SOURCE, "the disk is full")
    ]


# a real process ---------------------------------------------------------------------------------------


class Slow:
    """A site on this machine whose pages take half a second each, and which knows what it was asked."""

    def __enter__(self) -> "Slow":
        asked = self.asked = []
        self.answering = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler: Any) -> None:  # noqa: N805
                asked.append(handler.path)
                if handler.path.startswith("/sida"):
                    self.answering.set()
                    time.sleep(0.5)
                links = "".join(f'<p><a href="/sida{n}">Sida {n}</a></p>' for n in range(40))
                main = f"<main><h1>{handler.path}</h1><p>Text.</p>{links}</main>"
                body = f"<html lang=sv><body>{main}</body></html>".encode()
                handler.send_response(404 if handler.path == "/robots.txt" else 200)
                handler.send_header("Content-Type", "text/html; charset=utf-8")
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            def log_message(handler: Any, *rest: object) -> None:  # noqa: N805
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._server.shutdown()
        self._server.server_close()


SLOW = """\
municipality = "Exempelköping"
code = "9999"
county = "Exempellän"
profile = "generic"
language = "sv"
seeds = ["{url}/"]
private = true
delay = 0.0
"""


def _run(config: Path) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command("--config", config, "run"), stdout=pipe, stderr=pipe, text=True, env=ENVIRONMENT, start_new_session=True
    )


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_within_the_current_fetch_and_seals_its_run(tmp_path: Path, sign: signal.Signals) -> None:
    with Slow() as site:
        config = write_config(tmp_path, SLOW.format(url=site.url), ARCHIVER)
        child = _run(config)
        assert site.answering.wait(20)
        child.send_signal(sign)
        out, log = child.communicate(timeout=20)

    assert (child.returncode, out) == (0, ""), log
    assert len([path for path in site.asked if path.startswith("/sida")]) < 10
    events = [json.loads(line) for line in log.splitlines()]
    assert [e["event"] for e in events] == ["started", "crawled", "stopped"]
    assert (events[1]["source"], events[1]["ending"]) == (SOURCE, "stopped")
    assert all(e["timestamp"].endswith("Z") and e["level"] == "info" for e in events)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        assert conn.execute("SELECT ending FROM runs JOIN seals ON run_id = runs.id").fetchall() == [("stopped",)]
        assert conn.execute("SELECT count(*) FROM unread").fetchone() == (0,)
        assert conn.execute("SELECT count(*) FROM captures WHERE outcome = 'failed'").fetchone() == (0,)


def test_started_again_it_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with Slow() as site:
        config = write_config(tmp_path, SLOW.format(url=site.url), ARCHIVER)
        for _ in range(2):
            site.answering.clear()
            child = _run(config)
            assert site.answering.wait(20)
            child.send_signal(signal.SIGTERM)
            child.communicate(timeout=20)
            assert child.returncode == 0

    pages = [path for path in site.asked if path.startswith("/sida")]
    assert len(pages) == len(set(pages)) >= 2
    assert site.asked.count("/") == 1
