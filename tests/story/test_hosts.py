"""Hundreds of hosts at once: turns at one address, budgets, and nobody held up by anybody else."""

import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from benchmarks import politeness
from benchmarks.politeness import Loopback

from archive import HOME, Town
from archiver.clock import SystemClock
from archiver.crawl import Crawl, Hosts, Tools, together
from archiver.crawl.hosts import Host
from archiver.fetch import Fetcher
from archiver.model import Seed, Source
from archiver.store.hosts import HostState
from pretend import page

# the law, on a clock that passes in no time ----------------------------------------------------------


def held() -> float:
    """Bytes that Python holds, garbage not counted: how long that lies about is the interpreter's to choose."""
    gc.collect()
    return float(tracemalloc.get_traced_memory()[0])


def test_no_host_and_no_address_is_asked_sooner_than_its_delay(tmp_path: Path) -> None:
    found = politeness.simulate(tmp_path, hosts=45, seconds=40, delay=5.0, held=lambda: 0.0)

    assert found.wrong == []
    assert found.least >= 7  # 8 fit: slow, silent and nameless ones cost the others nothing
    assert found.most > 10


def test_the_network_of_these_tests_notes_who_asks_too_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.frontier.pace.FACTOR", 4.0)
    monkeypatch.setattr("archiver.frontier.pace.delay", lambda ours, *_: ours)
    monkeypatch.setattr("archiver.frontier.pace.shared", lambda *_: 0.5)

    found = politeness.simulate(tmp_path, hosts=25, seconds=30, delay=5.0, held=lambda: 0.0)

    assert {host.split(" ")[0] for host in found.wrong} >= {"kommun1.example", "10.0.0.1"}


def test_what_a_host_costs_in_memory_does_not_grow_with_time(tmp_path: Path) -> None:
    tracemalloc.start()
    try:
        found = politeness.simulate(tmp_path, hosts=1, seconds=60 * 60, delay=10.0, held=held)
    finally:
        tracemalloc.stop()

    assert found.asked > 300
    assert found.late < found.early * 1.1 + 300_000


# the law, over real sockets -------------------------------------------------------------------------


def test_no_host_is_asked_sooner_than_its_delay_by_the_log_of_the_server(tmp_path: Path) -> None:
    found = politeness.drive(tmp_path, hosts=40, seconds=2.5, delay=0.4, held=lambda: 0.0)

    assert found.wrong == []
    assert found.least >= 2


def _source(template: Source, name: str, url: str) -> Source:
    scope = replace(template.scope, include=(url,))
    return replace(template, id=name, seeds=(Seed(url),), scope=scope, private=True, delay=0.0, sitemaps=())


async def _crawl_names(town: Town, names: list[str], shared: float) -> Loopback:
    """Crawl a few pages of hosts that all have the address of one server."""

    def lookup(*_: object, **__: object) -> Sequence[tuple[Any, ...]]:
        return [(2, 1, 6, "", ("127.0.1.1", 0))]

    config, clock = replace(town.config, shared=shared), SystemClock()
    async with Loopback(1) as server:
        sources = [_source(town.source, name, f"http://{name}.example:{server.port}/") for name in names]
        config.sources.update({source.id: source for source in sources})
        config = replace(
            config, rulebook={(s.id, "sitevision"): config.rulebook["exempelkoping", "sitevision"] for s in sources}
        )
        fetcher = Fetcher("archiver", clock=clock, lookup=lookup)
        tools = Tools(town.archive, config, fetcher, town.pool, clock, lambda: 0.5, Hosts(), locate=fetcher.locate)  # type: ignore[arg-type]
        await together([Crawl(tools, source, limit=4) for source in sources])
        await fetcher.aclose()
    return server


def test_hosts_at_one_address_take_turns_by_the_log_of_the_server(exempel: Town) -> None:
    server = asyncio.run(_crawl_names(exempel, ["anderby", "bengtsby", "cederby"], 0.1))

    (log,) = server.log.values()
    assert len(log) == 3 * 5
    assert server.too_soon(0.0) == []  # never two at a time
    between = [b[0] - a[1] for a, b in pairwise(log)]
    assert sum(gap >= 0.1 for gap in between) >= 10  # the delay between two hosts; a host's own is 0 here


# who shares an address ------------------------------------------------------------------------------


def _host(name: str, peer: str | None) -> Host:
    return Host(name, 1, HostState(name, datetime(2026, 3, 2, tzinfo=UTC), 5.0, peer=peer))


def test_hosts_of_one_address_are_one_peer_and_those_of_none_are_their_own() -> None:
    hosts = Hosts()

    assert hosts.peer(_host("a.example", "192.0.2.1")) is hosts.peer(_host("b.example", "192.0.2.1"))
    assert hosts.peer(_host("a.example", None)) is not hosts.peer(_host("b.example", None))
    assert hosts.peer(_host("a.example", "192.0.2.1")) is not hosts.peer(_host("c.example", "192.0.2.2"))


def test_between_two_requests_to_one_host_its_own_pace_counts() -> None:
    peer = Hosts().peer(_host("a.example", "192.0.2.1"))
    peer.last, peer.free_at = "a.example", 10.0

    assert (peer.wait("a.example", 8.0), peer.wait("b.example", 8.0), peer.wait("b.example", 11.0)) == (0.0, 2.0, 0.0)


def test_the_address_of_a_host_survives_a_restart(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()

    assert exempel.rows("SELECT peer FROM hosts") == [("127.0.0.1",)]


def test_behind_a_proxy_no_address_is_known_and_nothing_is_shared(exempel: Town) -> None:
    async def ask() -> str | None:
        fetcher = Fetcher("archiver", clock=exempel.clock, proxy="http://127.0.0.1:9")
        return await fetcher.locate("www.exempelkoping.se")

    assert asyncio.run(ask()) is None


def test_of_several_addresses_of_a_name_the_same_one_stands_for_it_always(exempel: Town) -> None:
    turn = 0

    def lookup(*_: object, **__: object) -> Sequence[tuple[Any, ...]]:
        nonlocal turn
        turn += 1
        found = [(2, 1, 6, "", (ip, 0)) for ip in ("127.0.0.2", "127.0.0.1")]
        return found if turn % 2 else found[::-1]

    async def ask() -> set[str | None]:
        fetcher = Fetcher("archiver", clock=exempel.clock, lookup=lookup)
        return {await fetcher.locate("a.example") for _ in range(4)}

    assert asyncio.run(ask()) == {"127.0.0.1"}


# budgets --------------------------------------------------------------------------------------------


def _twelve(town: Town) -> None:
    town.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(12)])
    for i in range(12):
        town.site[f"/p{i}"] = page(f"Sida {i}", "Text.")


def test_a_host_is_asked_as_often_a_day_as_its_budget_says_over_restarts(exempel: Town) -> None:
    _twelve(exempel)
    exempel.source = replace(exempel.source, budget=5)

    exempel.crawl()
    assert len(exempel.site.log) == 5  # robots.txt is one of them
    exempel.crawl()
    exempel.day(hours=16)  # 22:00 UTC: 23:00 in Stockholm
    assert len(exempel.site.log) == 5

    exempel.day(hours=1.1)
    assert len(exempel.site.log) == 10
    exempel.day(hours=24)
    assert len(exempel.site.log) == 15


def test_when_the_budget_is_spent_the_host_is_left_until_the_next_day_begins(exempel: Town) -> None:
    _twelve(exempel)
    exempel.source = replace(exempel.source, budget=2)
    tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, exempel.clock, lambda: 0.5)  # type: ignore[arg-type]
    crawl = Crawl(tools, exempel.source)

    asyncio.run(crawl.run())

    assert crawl.resumes_at is not None
    assert abs((crawl.resumes_at - datetime(2026, 3, 2, 23, tzinfo=UTC)).total_seconds()) < 1


def test_under_a_budget_seeds_come_first_and_nothing_is_forgotten(exempel: Town) -> None:
    _twelve(exempel)
    exempel.source = replace(exempel.source, budget=4)
    for _ in range(12):
        exempel.day(hours=24)

    counts = [exempel.site.asked(f"/p{i}") for i in range(12)]
    assert exempel.site.asked("/") >= 10
    assert min(counts) >= 1
    assert max(counts) - min(counts) <= 1


# nobody is held up ----------------------------------------------------------------------------------


def test_a_host_that_never_answers_holds_up_no_other_source(tmp_path: Path) -> None:
    found = politeness.simulate(tmp_path, hosts=11, seconds=130, delay=20.0, held=lambda: 0.0)

    assert found.wrong == []  # of these 11, one hangs for two minutes and one has no address
    assert found.least >= 6


def test_more_requests_than_there_is_room_for_wait_their_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(politeness, "Hosts", lambda _: Hosts(3))

    found = politeness.simulate(tmp_path, hosts=20, seconds=15, delay=5.0, held=lambda: 0.0)

    assert found.most == 3
    assert found.wrong == []


def test_the_dot_of_the_root_makes_no_other_server(exempel: Town) -> None:
    """'exempelkoping.se.' is the same machine: no second turn, no second budget."""
    dotted = HOME.replace(".se", ".se.")
    exempel.site.hosts.add(dotted.removeprefix("https://"))
    exempel.site["/"] = page("Start", links=[(f"{(HOME, dotted)[i % 2]}/p{i}", f"Sida {i}") for i in range(4)])
    for i in range(4):
        exempel.site[f"/p{i}"] = page(f"Sida {i}", "Text.")
    exempel.source = replace(exempel.source, budget=5)

    exempel.crawl()

    assert exempel.rows("SELECT DISTINCT host FROM addresses ORDER BY host") == [
        ("www.exempelkoping.se",), ("www.exempelkoping.se.",),
    ]  # fmt: skip
    moments = [at for at, _ in exempel.site.log]
    assert min((b - a).total_seconds() for a, b in pairwise(moments)) >= 5  # type: ignore[operator]
    assert len(moments) == 5
    exempel.clock.advance(minutes=5)
    exempel.crawl()
    assert len(exempel.site.log) == 5
