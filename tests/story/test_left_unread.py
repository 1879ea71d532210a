"""What a kill, a bug or a slow answer leaves unread is read later, in order, and lost to nobody."""

import asyncio
import gc
from dataclasses import replace
from typing import Any

import pytest

from archive import HOME, Town
from archiver.crawl import Crawl, Tools
from archiver.derive import catch_up, rebuild
from archiver.errors import StoreError
from archiver.model import Facts, Failure, Request, Response
from archiver.redact import Order, redact
from archiver.store import bodies, unread
from pretend import page


def _two_pages(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.", links=[("/a", "A"), ("/b", "B")])
    exempel.site["/a"] = page("A", "Ord på A.")
    exempel.site["/b"] = page("B", "Ord på B.")


def _break_reading_of(exempel: Town, path: str) -> Any:
    read = exempel.pool.read

    async def broken(body: bytes, facts: Facts, rules: Any) -> Any:
        if facts.url == exempel.site.url(path):
            raise KeyError("a bug of ours")
        return await read(body, facts, rules)

    exempel.pool.read = broken  # type: ignore[method-assign]
    return read


def test_a_page_whose_reading_meets_a_bug_of_ours_stops_no_later_crawl(exempel: Town) -> None:
    _two_pages(exempel)
    read = _break_reading_of(exempel, "/a")
    first = exempel.crawl()
    exempel.site["/b"] = page("B", "Nya ord på B.")

    second = exempel.day()

    assert first.errors == 1
    assert second.errors >= 1
    assert [c["url"] for c in exempel.changes()] == [exempel.site.url("/b")]
    assert exempel.site.asked("/a") == 2  # at its rhythm: the fault is not the site's
    exempel.pool.read = read  # type: ignore[method-assign]
    exempel.day()
    assert exempel.rows("SELECT revisions, visits FROM current_pages WHERE url = ?", exempel.site.url("/a")) == [(1, 3)]
    assert exempel.rows("SELECT count(*) FROM unread") == [(0,)]


def test_what_was_left_unread_before_later_captures_is_put_in_its_place(exempel: Town) -> None:
    _two_pages(exempel)
    read = _break_reading_of(exempel, "/a")
    exempel.crawl()
    exempel.pool.read = read  # type: ignore[method-assign]
    exempel.archive.write(lambda c: c.execute("DELETE FROM unread"))
    exempel.site["/a"] = page("A", "Andra ord på A.")
    exempel.day()
    first = exempel.rows(
        "SELECT min(c.id) FROM captures c JOIN addresses a ON a.id = c.address_id WHERE a.url LIKE '%/a'"
    )
    exempel.archive.write(lambda c: unread.note(c, first[0][0]))

    exempel.day()

    assert [(h["revision"], h["visits"]) for h in exempel.history("/a")] == [(1, 1), (2, 2)]


def test_two_hosts_of_one_page_that_answer_out_of_order_are_recorded_in_order(exempel: Town) -> None:
    exempel.source = replace(exempel.source, aliases=("exempelkoping.se",), seeds=exempel.source.seeds)
    exempel.site.hosts.add("exempelkoping.se")
    exempel.site["/"] = page("Start", "Text.", links=[("/a", "A"), ("https://exempelkoping.se/b", "B")])
    exempel.site["/a"] = page("A", "Text.")
    exempel.site["/b"] = page("B", "Text.")
    exempel.crawl()
    exempel.archive.write(lambda c: _add_twin(c, exempel))
    fetch = exempel.fetch

    async def slow_at_www(request: Request, *, private: bool = False) -> Response | Failure:
        reply = await fetch(request, private=private)
        if request.url == f"{HOME}/b":
            for _ in range(200):
                await asyncio.sleep(0.001)
        return reply

    exempel.fetch = slow_at_www
    tally = exempel.day()

    assert tally.errors == 0
    assert exempel.rows("SELECT count(*) FROM unread") == [(0,)]
    before = exempel.rows("SELECT page_id, number, first_seen, last_seen, visits FROM revisions ORDER BY 1, 2")
    exempel.rebuild()
    assert exempel.rows("SELECT page_id, number, first_seen, last_seen, visits FROM revisions ORDER BY 1, 2") == before


def _add_twin(conn: Any, exempel: Town) -> None:
    from archiver.store import evidence

    evidence.add_address(conn, exempel.source.id, f"{HOME}/b", "page", 0, None, exempel.clock.now())


def test_links_of_what_a_kill_left_unread_are_followed_even_after_a_rebuild(exempel: Town) -> None:
    _two_pages(exempel)
    tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, exempel.clock, lambda: 0.5)  # type: ignore[arg-type]
    crawl = Crawl(tools, exempel.source)

    async def killed(*_: object, **__: object) -> Any:
        raise KeyError("as if killed before it was read")

    crawl._deriver.derive = killed  # type: ignore[method-assign]
    asyncio.run(crawl.run())
    exempel.rebuild()

    exempel.day()

    assert exempel.rows("SELECT title FROM current_pages ORDER BY 1") == [("A",), ("B",), ("Start",)]


def test_a_body_of_which_only_the_digest_is_kept_stops_no_rebuild(exempel: Town, monkeypatch: Any) -> None:
    monkeypatch.setattr(bodies, "KEPT_UP_TO", 2000)
    _two_pages(exempel)
    exempel.site["/a"] = page("A", *(f"Stycke {i}." for i in range(200)))
    exempel.crawl()
    before = exempel.rows("SELECT capture_id, verdict FROM readings ORDER BY 1")

    exempel.rebuild()

    assert exempel.rows("SELECT capture_id, verdict FROM readings ORDER BY 1") == before
    assert exempel.day().errors == 0


def test_a_damaged_body_costs_its_own_page_only(exempel: Town) -> None:
    _two_pages(exempel)
    exempel.crawl()
    exempel.archive.write(lambda c: c.execute(
        "UPDATE bodies SET data = x'00' WHERE id = (SELECT body_id FROM captures c JOIN addresses a "
        "ON a.id = c.address_id WHERE a.url LIKE '%/a')"))  # fmt: skip

    exempel.rebuild()

    assert exempel.rows("SELECT title FROM current_pages ORDER BY 1") == [("B",), ("Start",)]
    assert exempel.rows("SELECT kind FROM issues") == [("body-corrupt",)]


def test_bytes_erased_at_one_address_are_gone_from_every_page_that_sent_them(exempel: Town) -> None:
    secret = page("Möte", "Xylofonkvartetten Zebulon.")
    exempel.site["/"] = page("Start", "Text.", links=[("/a", "A"), ("/b", "B")])
    exempel.site["/a"] = exempel.site["/b"] = secret
    exempel.crawl()
    ((address,),) = exempel.rows("SELECT id FROM addresses WHERE url LIKE '%/a'")

    order = Order("erased", "personal-data", "keeper", address_id=address)
    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]

    assert exempel.rows("SELECT text FROM passages WHERE text LIKE '%Zebulon%'") == []
    exempel.rebuild()
    exempel.site["/a"] = secret + "<!-- annat -->"
    exempel.day()
    assert exempel.rows("SELECT text FROM passages WHERE text LIKE '%Zebulon%'") == []
    assert exempel.rows("SELECT fate, length(data) FROM bodies b JOIN captures c ON c.body_id = b.id "
                        "WHERE c.address_id = ?", address) == [("erased", 0), ("erased", 0)]  # fmt: skip


def test_later_captures_of_a_withheld_address_stay_withheld(exempel: Town) -> None:
    _two_pages(exempel)
    exempel.crawl()
    ((address,),) = exempel.rows("SELECT id FROM addresses WHERE url LIKE '%/a'")
    order = Order("withheld", "personal-data", "keeper", address_id=address)
    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]
    exempel.site["/a"] = page("A", "Nya hemliga ord.")

    exempel.day()

    assert exempel.rows("SELECT text FROM passages WHERE text LIKE '%på A%' OR text LIKE '%hemliga%'") == []
    assert exempel.rows("SELECT DISTINCT verdict FROM readings g JOIN captures c ON c.id = g.capture_id "
                        "WHERE c.address_id = ?", address) == [("withheld",)]  # fmt: skip
    assert asyncio.run(catch_up(exempel.archive, exempel.config, exempel.source, exempel.pool)) == 0  # type: ignore[arg-type]


def test_a_full_disk_that_stops_all_reading_is_one_piece_of_news(exempel: Town) -> None:
    _two_pages(exempel)
    exempel.crawl()
    read, told = exempel.pool.read, []

    async def full(*_: object) -> Any:
        raise StoreError("archive.db cannot grow: the disk is full")

    async def catch() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["message"]))
        with pytest.raises(StoreError, match="the disk is full"):
            await rebuild(exempel.archive, exempel.config, exempel.source, exempel.pool)  # type: ignore[arg-type]
        gc.collect()

    exempel.pool.read = full  # type: ignore[method-assign]
    asyncio.run(catch())
    exempel.pool.read = read  # type: ignore[method-assign]

    assert told == []
    assert exempel.rebuild() == 4
