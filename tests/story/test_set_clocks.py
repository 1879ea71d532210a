"""Years on one machine: clocks that are set, the two nights in which they are changed, weeks that were missed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archive import SOURCE, Town, town
from archiver.crawl import Crawl, Tools
from archiver.model import Section
from archiver.schedule import PAUSE, Service, _set_right
from archiver.store import evidence, plan
from clock import Clock
from pretend import page

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NIGHT = (time(22), time(6))


def _many(town: Town, count: int = 6) -> None:
    town.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(count)])
    for i in range(count):
        town.site[f"/p{i}"] = page(f"Sida {i}", "Text.")


def everything_is_due(town: Town) -> None:
    at = town.clock.now() - timedelta(days=2)
    town.archive.write(lambda c: plan.make_due(c, "exempelkoping", at))


def moments(town: Town, since: int = 0) -> list[datetime]:
    return [at for at, _ in town.site.log[since:]]  # type: ignore[misc]


# missed time ----------------------------------------------------------------------------------------


def test_after_a_week_down_the_notice_board_comes_first_and_nothing_comes_in_a_burst(exempel: Town) -> None:
    notices = [(f"/anslagstavla/{i}", f"Anslag {i}") for i in range(4)]
    exempel.site["/"] = page("Start", links=[*((f"/p{i}", f"Sida {i}") for i in range(8)), *notices])
    for path, words in [*((f"/p{i}", f"Sida {i}") for i in range(8)), *notices]:
        exempel.site[path] = page(words, "Text.")
    board = Section("anslagstavla", "/anslagstavla", every=86_400)
    exempel.source = replace(exempel.source, every=7 * 86_400, sections=(board,))
    exempel.crawl()
    exempel.day(days=2)
    before = len(exempel.site.log)

    exempel.day(days=9)

    paths = [url.removeprefix("https://www.exempelkoping.se") for _, url in exempel.site.log[before:]]
    assert paths[:2] == ["/robots.txt", "/"]
    assert set(paths[2:6]) == {path for path, _ in notices}
    assert len(paths) == len(set(paths)) == 14  # each once, however many of its visits were missed
    asked = moments(exempel, before)
    assert min((b - a).total_seconds() for a, b in pairwise(asked)) >= 5


def test_a_new_notice_comes_before_pages_that_are_as_new(exempel: Town) -> None:
    links = [("/a", "A"), ("/b", "B"), ("/anslagstavla/1", "Anslag")]
    exempel.site["/"] = page("Start", links=links)
    for path, words in links:
        exempel.site[path] = page(words, "Text.")
    exempel.source = replace(
        exempel.source, every=7 * 86_400, sections=(Section("anslagstavla", "/anslagstavla", every=3_600),)
    )
    exempel.crawl(limit=1)
    exempel.clock.advance(hours=2)

    exempel.crawl(limit=1)

    assert exempel.site.asked("/anslagstavla/1") == 1


# clocks that are set --------------------------------------------------------------------------------


def test_a_clock_set_back_an_hour_keeps_no_host_waiting_for_more_than_its_delay(exempel: Town) -> None:
    _many(exempel)
    exempel.crawl(limit=2)
    exempel.clock.advance(hours=-1)
    everything_is_due(exempel)
    before = len(exempel.clock.slept)

    tally = exempel.crawl()  # a new process: of the hosts it knows only what stands in the archive

    assert tally.asked == 5
    assert max(exempel.clock.slept[before:]) <= 10


def test_a_clock_set_back_puts_off_what_was_just_asked_and_nothing_else(exempel: Town) -> None:
    _many(exempel, 2)
    exempel.crawl()
    exempel.site["/ny"] = page("Ny", "Text.")
    exempel.clock.advance(hours=-1)
    everything_is_due(exempel)
    url, at = exempel.site.url("/ny"), exempel.clock.now()
    exempel.archive.write(lambda c: evidence.add_address(c, "exempelkoping", url, "page", 1, None, at))

    assert exempel.crawl().asked == 1
    assert exempel.day(hours=1.1).asked == 3


def test_a_clock_that_was_a_day_ahead_for_a_while_costs_no_host_a_day(exempel: Town) -> None:
    _many(exempel)
    exempel.clock.advance(days=1)
    exempel.crawl(limit=2)
    exempel.clock.advance(days=-1)
    everything_is_due(exempel)

    assert exempel.crawl().asked == 5


class Wrong(Clock):
    """A clock that may be set wrong: what it shows, not how time passes."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


def test_a_clock_that_was_a_year_ahead_when_a_host_was_busy_costs_it_a_day_and_no_year(exempel: Town) -> None:
    """In one process, which has the host's state in memory."""
    _many(exempel)
    clock = exempel.site.clock = Wrong(exempel.clock.now())
    tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, clock, lambda: 0.5)  # type: ignore[arg-type]
    asyncio.run(Crawl(tools, exempel.source, limit=3).run())
    clock.ahead = timedelta(days=365)
    exempel.site.says("/", 503)  # the seed comes first
    asyncio.run(Crawl(tools, exempel.source, limit=1).run())
    assert exempel.rows("SELECT paused_until > '2027' FROM hosts") == [(1,)]
    clock.ahead = timedelta()
    asked = len(exempel.site.log)
    for hours in (1, 25):
        clock.advance(hours=hours)
        asyncio.run(Crawl(tools, exempel.source).run())

    assert exempel.site.log[asked:] != []


def test_ticks_that_a_clock_set_back_left_far_ahead_are_brought_forward() -> None:
    async def story() -> float:
        scheduler = AsyncIOScheduler(timezone=UTC)
        job = scheduler.add_job(lambda: None, "interval", seconds=15)
        scheduler.start()
        job.modify(next_run_time=datetime.now(UTC) + timedelta(hours=1))
        _set_right(job, timedelta(seconds=60))
        left = (job.next_run_time - datetime.now(UTC)).total_seconds()
        scheduler.shutdown()
        return left

    assert asyncio.run(story()) <= 0


def test_a_source_that_was_left_for_minutes_is_not_left_for_an_hour_by_a_clock_set_back(exempel: Town) -> None:
    class Steady(Clock):
        """A clock whose monotonic side nobody sets."""

        passed = 0.0

        def monotonic(self) -> float:
            return self.passed + sum(self.slept)

    _many(exempel)
    exempel.crawl()
    before = len(exempel.site.log)
    exempel.clock = clock = Steady(exempel.clock.now() + timedelta(days=9))
    quiet = (clock.now().time(), (clock.now() + timedelta(hours=3)).time())
    exempel.config = replace(exempel.config, quiet=quiet, zone="UTC")

    async def story() -> int:
        tools = Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, clock, lambda: 0.5)  # type: ignore[arg-type]
        service = Service(tools, ("exempelkoping",), lambda _: None)
        await service.tick()
        await service.idle()
        clock.advance(hours=-1)  # before the quiet hours
        clock.passed += PAUSE.total_seconds() + 1
        await service.tick()
        await service.idle()
        return len(exempel.site.log)

    assert asyncio.run(story()) > before + 1


# the two nights -------------------------------------------------------------------------------------


def _ask_through(town: Town, begin: str, quiet: Callable[[datetime], bool]) -> list[datetime]:
    """Look every quarter of an hour for a day; the local times of all requests."""
    town.clock._now = datetime.fromisoformat(begin).replace(tzinfo=UTC)
    town.source = replace(town.source, every=900)
    for _ in range(96):
        town.day(minutes=15)
    asked = [at.astimezone(STOCKHOLM) for at in moments(town)]
    assert not [at for at in asked if quiet(at)]
    return asked


def _is_night(at: datetime) -> bool:
    return at.hour >= 22 or at.hour < 6


def test_quiet_hours_hold_through_the_night_that_lacks_an_hour(exempel: Town) -> None:
    exempel.config = replace(exempel.config, quiet=NIGHT)
    exempel.site["/"] = page("Start", "Text.")

    asked = _ask_through(exempel, "2026-03-28T18:00:00", _is_night)

    assert asked[-1] > datetime(2026, 3, 29, 6, tzinfo=STOCKHOLM)


def test_quiet_hours_hold_through_the_night_that_has_an_hour_twice(exempel: Town) -> None:
    exempel.config = replace(exempel.config, quiet=NIGHT)
    exempel.site["/"] = page("Start", "Text.")

    asked = _ask_through(exempel, "2026-10-24T18:00:00", _is_night)

    assert asked[-1] > datetime(2026, 10, 25, 6, tzinfo=STOCKHOLM)


def test_a_budget_is_of_the_local_day_in_both_nights(exempel: Town) -> None:
    _many(exempel, 20)
    exempel.source = replace(exempel.source, budget=4, every=900)
    for night in ("2026-03-28T20:00:00", "2026-10-24T20:00:00"):
        exempel.clock._now = datetime.fromisoformat(night).replace(tzinfo=UTC)
        for _ in range(4 * 56):
            exempel.day(minutes=15)

    days: dict[object, int] = {}
    for at in moments(exempel):
        day = at.astimezone(STOCKHOLM).date()
        days[day] = days.get(day, 0) + 1
    assert set(days.values()) == {4}
    assert len(days) == 8


def test_a_service_goes_on_through_the_night_in_which_clocks_go_back(tmp_path: Path) -> None:
    from benchmarks import politeness

    start = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    found = politeness.simulate(tmp_path, hosts=3, seconds=1_200, delay=60.0, held=lambda: 0.0, start=start)

    assert found.wrong == []
    assert found.asked >= 3 * 18


def test_a_run_by_a_clock_set_back_calls_no_source_silent_neither_at_once_nor_when_all_is_read_anew(
    exempel: Town,
) -> None:
    _many(exempel)
    exempel.crawl()
    exempel.clock.advance(days=-8)
    exempel.site["/ny"] = page("Ny", "Text.")
    exempel.archive.write(
        lambda c: evidence.add_address(
            c, "exempelkoping", exempel.site.url("/ny"), "page", 1, None, exempel.clock.now()
        )
    )
    exempel.site.fails("/ny", "reset", 9)
    assert exempel.crawl().asked > 0
    told = "SELECT kind FROM issues WHERE kind = 'source-silent'"
    assert exempel.rows(told) == []

    exempel.rebuild()

    assert exempel.rows(told) == []


def test_a_rebuild_tells_the_same_where_crawls_ended_in_another_order_than_they_began(tmp_path: Path) -> None:
    with town(tmp_path, SOURCE + "[expect]\npages = 10\n", start="2026-03-20 06:00") as exempel:
        exempel.site["/"] = page("Start", "Hej.", links=[("/a", "A"), ("/b", "B")])
        exempel.site["/a"], exempel.site["/b"], exempel.site["/c"] = (page(name, f"Text {name}.") for name in "ABC")
        exempel.crawl()
        exempel.clock.advance(days=-9)
        url, at = exempel.site.url("/c"), exempel.clock.now()
        exempel.archive.write(lambda c: evidence.add_address(c, "exempelkoping", url, "page", 1, None, at))
        exempel.crawl()
        told = exempel.rows("SELECT detail FROM issues WHERE kind = 'expectation-missed'")

        exempel.rebuild()

        assert exempel.rows("SELECT detail FROM issues WHERE kind = 'expectation-missed'") == told


def test_a_miss_that_a_crawl_of_an_earlier_clock_confirmed_was_not_known_to_be_one_before(exempel: Town) -> None:
    """The start page links to /a and is missed once; /a is missed; then the start page again, by a clock set back."""
    exempel.site["/"] = page("Start", links=[("/om", "Om"), ("/a", "A")])
    exempel.site["/om"], exempel.site["/a"] = page("Om", "Text.", links=[("/a", "A")]), page("A", "Text.")
    exempel.crawl()
    exempel.site.gone("/")
    exempel.clock.advance(days=5)
    _see(exempel, "/")
    exempel.site["/om"] = page("Om", "Text.")
    exempel.site.gone("/a")
    exempel.clock.advance(days=5)
    _see(exempel, "/om", "/a")
    exempel.clock.advance(days=-2)
    _see(exempel, "/")
    linked = "SELECT a.still_linked FROM absences a JOIN pages p ON p.id = a.page_id WHERE p.key LIKE '%/a'"
    assert exempel.rows(linked) == [(1,)]

    exempel.rebuild()

    assert exempel.rows(linked) == [(1,)]


def _see(town: Town, *paths: str) -> None:
    """A crawl of these addresses alone."""
    town.archive.write(lambda c: c.execute("UPDATE frontier SET due_at = '2030-01-01T00:00:00Z'"))
    for path in paths:
        address = evidence.known_address(town.archive.reader, town.site.url(path))
        town.archive.write(partial(plan.put_off, address_id=address.id, due_at=town.clock.now()))
    assert town.crawl().asked == len(paths)
