"""How gently hosts are asked, whatever the clock and the hosts do."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from archive import Town
from archiver.crawl import Crawl, Tools
from archiver.crawl.hosts import WIDTH
from archiver.crawl.lanes import UNREAD
from archiver.model import Facts, Failure, Request, Response
from clock import Clock
from pretend import page


class Ticking(Clock):
    """A clock as machines have: time runs between calls, and `now` gives whole seconds of it."""

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=170)
        return self._now.replace(microsecond=0)


def _many(exempel: Town, count: int = 12) -> None:
    exempel.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(count)])
    for i in range(count):
        exempel.site[f"/p{i}"] = page(f"Sida {i}", "Text.")


def test_the_delay_is_kept_to_the_fraction_of_a_second(exempel: Town) -> None:
    _many(exempel)
    exempel.clock = clock = Ticking(exempel.clock.now())
    exempel.source = replace(exempel.source, delay=1.0)
    asked: list[datetime] = []
    fetch = exempel.fetch

    async def noted(request: Request, *, private: bool = False) -> Response | Failure:
        asked.append(clock._now)
        reply = await fetch(request, private=private)
        return replace(reply, at=clock._now.replace(microsecond=0))

    exempel.fetch = noted
    exempel.crawl()

    assert len(asked) == 14
    assert min((b - a).total_seconds() for a, b in pairwise(asked)) >= 1.0


def test_a_long_crawl_delay_slows_a_run_down_and_does_not_end_it(exempel: Town) -> None:
    _many(exempel, 3)
    exempel.site.robots("User-agent: *\nCrawl-delay: 300")

    tally = exempel.crawl()

    assert tally.asked == 4
    moments: list[datetime] = [at for at, _ in exempel.site.log]  # type: ignore[misc]
    assert min((b - a).total_seconds() for a, b in pairwise(moments)) >= 300


def test_what_could_not_be_asked_does_not_count_against_the_limit(exempel: Town) -> None:
    _many(exempel, 5)
    exempel.crawl(limit=1)
    exempel.site.says("/p0", 503, headers={"Retry-After": "7200"})

    tally = exempel.crawl(limit=5)

    assert tally.asked == 1
    assert tally.ending == "done"


def test_a_304_to_a_question_without_validators_is_no_answer(exempel: Town) -> None:
    exempel.site.validators = False
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()
    exempel.site.says("/", 304)

    tally = exempel.day()

    assert tally.failed == 1
    assert exempel.rows("SELECT outcome, detail FROM captures WHERE status = 304") == [
        ("failed", "304 to a question without validators")
    ]


def test_a_clock_that_was_set_back_ends_the_lane_and_not_the_day(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()
    exempel.archive.write(
        lambda c: c.execute("UPDATE frontier SET due_at = '2026-03-01T00:00:00Z' WHERE due_at IS NOT NULL")
    )
    exempel.archive.write(lambda c: c.execute("DELETE FROM hosts"))
    exempel.clock.advance(days=-1)

    tally = exempel.crawl()

    assert tally.asked == 0
    assert sum(exempel.clock.slept[-50:]) < 3600


def test_a_bar_twice_within_a_second_is_no_fault(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.site.robots("User-agent: *\nDisallow: /")
    exempel.crawl()
    exempel.archive.write(
        lambda c: c.execute("UPDATE frontier SET due_at = '2026-03-01T00:00:00Z' WHERE due_at IS NOT NULL")
    )

    tally = exempel.crawl()

    assert tally.barred == 1


def test_a_page_that_robots_txt_redirects_to_is_archived_as_a_page(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/om", "Om")])
    exempel.site["/om"] = page("Om webbplatsen", "Text.")
    exempel.site.moves("/robots.txt", "/om", status=302)

    exempel.crawl()

    assert exempel.rows("SELECT title FROM current_pages ORDER BY 1") == [("Om webbplatsen",), ("Start",)]
    assert exempel.rows("SELECT role, found_on IS NOT NULL FROM addresses WHERE url LIKE '%/om'") == [("page", 1)]


def test_a_damaged_robots_txt_is_asked_for_again(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.site.robots("User-agent: *\nDisallow: /hemligt")
    exempel.crawl()
    exempel.archive.write(lambda c: c.execute("UPDATE bodies SET data = x'00' WHERE kind = 'robots'"))
    assert exempel.rows("SELECT count(*) FROM bodies WHERE data = x'00'") == [(1,)]

    tally = exempel.day()

    assert (tally.errors, tally.unchanged) == (0, 1)


def test_a_robots_txt_that_was_erased_while_we_held_it_is_asked_for_as_a_whole(exempel: Town) -> None:
    """In one process, which still knows what it said, and is told that it is the same."""
    _many(exempel, 2)
    exempel.site.robots("User-agent: *\nDisallow: /p1")
    tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, exempel.clock, lambda: 0.5)  # type: ignore[arg-type]
    asyncio.run(Crawl(tools, exempel.source).run())
    exempel.archive.write(lambda c: c.execute("UPDATE bodies SET data = x'00' WHERE kind = 'robots'"))
    exempel.clock.advance(days=2)

    tally = asyncio.run(Crawl(tools, exempel.source).run())

    assert (tally.errors, tally.unchanged) == (0, 2)
    assert exempel.site.asked("/p1") == 0
    assert exempel.site.asked("/robots.txt") == 3


def test_readings_that_lag_behind_hold_up_a_run_with_politeness_off(exempel: Town) -> None:
    _many(exempel, 60)
    exempel.source = replace(exempel.source, polite=False)
    most, waited = 0, asyncio.Event()
    tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, exempel.clock, lambda: 0.5)  # type: ignore[arg-type]
    crawl = Crawl(tools, exempel.source)
    read = exempel.pool.read

    async def slow(body: bytes, facts: Facts, rules: object) -> object:
        nonlocal most
        most = max(most, crawl._unread)
        if most >= UNREAD and not waited.is_set():
            await asyncio.sleep(0.3)  # who is not held up is asked for meanwhile
            waited.set()
        if facts.url != exempel.site.url("/"):
            await waited.wait()
        return await read(body, facts, rules)  # type: ignore[arg-type]

    exempel.pool.read = slow  # type: ignore[method-assign, assignment]
    asyncio.run(crawl.run())

    assert UNREAD <= most <= UNREAD + WIDTH


def test_todays_robots_txt_holds_after_a_restart_and_is_not_asked_for_again(exempel: Town) -> None:
    exempel.site.robots("User-agent: *\nDisallow: /hemligt")
    exempel.site["/"] = page("Start", "Text.")
    exempel.source = replace(exempel.source, every=3600 * 6)
    exempel.crawl()
    exempel.archive.write(
        lambda c: c.execute("UPDATE frontier SET due_at = '2026-03-01T00:00:00Z' WHERE due_at IS NOT NULL")
    )
    exempel.clock.advance(hours=11)

    tally = exempel.crawl()

    assert (tally.barred, tally.asked) == (0, 1)
    assert exempel.site.asked("/robots.txt") == 1
