"""robots.txt over days and restarts: what it lets us ask while it changes, fails, moves and comes back."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from archive import HOME, Town
from archiver.model import Failure, Request, Response
from archiver.store import evidence
from pretend import page

HOUR = 3_600
HOPS = 5  # RFC 9309 section 2.3.1.2


@pytest.fixture(autouse=True)
def _hourly(exempel: Town) -> None:
    """A site of twenty pages that are to be seen every hour; each crawl is a process of its own."""
    exempel.source = replace(exempel.source, every=HOUR)
    exempel.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(20)])
    for i in range(20):
        exempel.site[f"/p{i}"] = page(f"Sida {i}", "Text.")


def later(town: Town, hours: float) -> int:
    """Hours pass; how many pages the site was asked for then."""
    tally = town.day(hours=hours)
    return tally.asked


def barred(town: Town) -> list[tuple[str, int]]:
    return town.rows("SELECT robots, count(*) FROM captures WHERE outcome = 'barred' GROUP BY robots ORDER BY robots")


def test_a_copy_of_today_stands_in_for_one_that_cannot_be_had_after_a_restart_too(exempel: Town) -> None:
    exempel.source = replace(exempel.source, every=HOUR // 4)
    exempel.site.robots("User-agent: *\nDisallow: /p1$")
    exempel.crawl()
    exempel.site.says("/robots.txt", 503, times=99)

    assert later(exempel, 12.5) > 0
    assert later(exempel, 0.9) > 0  # the answer in the archive is a 503 now, and not to be asked for again yet
    assert set(barred(exempel)) == {("deny: /p1$", barred(exempel)[0][1])}
    assert later(exempel, 12) == 0  # it is older than a day
    assert ("deny: robots.txt could not be had (503)", 1) in barred(exempel)


def test_without_a_robots_txt_that_can_be_had_one_row_says_so_and_everything_else_waits(exempel: Town) -> None:
    exempel.crawl()
    exempel.site.says("/robots.txt", 500, times=2)

    assert later(exempel, 25) == 0
    assert exempel.site.asked("/robots.txt") == 2
    assert barred(exempel) == [("deny: robots.txt could not be had (500)", 1)]
    assert later(exempel, 0.5) == 0
    assert exempel.site.asked("/robots.txt") == 2  # not asked for again within the hour, nor told again
    assert barred(exempel) == [("deny: robots.txt could not be had (500)", 1)]
    assert later(exempel, 0.7) == 0
    assert barred(exempel) == [("deny: robots.txt could not be had (500)", 2)]
    assert later(exempel, 2.2) == 21  # once it can be had, nothing was put off by a day


@pytest.mark.parametrize("failure", ["dns", "connect", "timeout", "tls", "reset", "protocol"])
def test_an_unreachable_robots_txt_bars_everything_whatever_keeps_it(exempel: Town, failure: str) -> None:
    exempel.site.fails("/robots.txt", failure, times=9)  # type: ignore[arg-type]

    assert exempel.crawl().asked == 0
    assert barred(exempel) == [("deny: robots.txt could not be had", 1)]


def test_too_many_requests_are_no_leave_and_are_asked_about_again_in_an_hour(exempel: Town) -> None:
    exempel.site.says("/robots.txt", 429)

    assert exempel.crawl().asked == 0
    assert later(exempel, 1.1) == 21


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
def test_a_robots_txt_that_is_not_there_bars_nothing(exempel: Town, status: int) -> None:
    exempel.site.says("/robots.txt", status)

    assert exempel.crawl().asked == 21
    assert exempel.rows("SELECT DISTINCT robots FROM captures WHERE robots <> 'allow: robots.txt itself'") == [
        (f"allow: no robots.txt ({status})",)
    ]


def test_a_robots_txt_that_was_there_and_is_not_bars_nothing_any_more(exempel: Town) -> None:
    exempel.site.robots("User-agent: *\nDisallow: /p")
    assert exempel.crawl().asked == 1
    exempel.site.gone("/robots.txt")

    assert later(exempel, 26) == 21


def test_a_redirect_is_followed_five_times_and_no_further(exempel: Town) -> None:
    for hop in range(HOPS):
        exempel.site.moves(f"/{hop}.txt" if hop else "/robots.txt", f"/{hop + 1}.txt", status=302)
    exempel.site.file(f"/{HOPS}.txt", b"User-agent: *\nDisallow: /p", "text/plain")
    assert exempel.crawl().asked == 1 + HOPS  # the targets are within the scope, and pages of it

    exempel.site.moves(f"/{HOPS}.txt", "/till.txt", status=302)
    exempel.site.file("/till.txt", b"User-agent: *\nDisallow: /p", "text/plain")
    later(exempel, 25)
    assert exempel.rows("SELECT robots FROM captures ORDER BY id DESC LIMIT 1") == [
        ("allow: no robots.txt (moved in circles)",)
    ]


def test_a_moved_robots_txt_holds_after_a_restart_and_is_not_asked_for_again(exempel: Town) -> None:
    exempel.site.moves("/robots.txt", "/regler/robots.txt", status=301)
    exempel.site.file("/regler/robots.txt", b"User-agent: *\nDisallow: /p", "text/plain")
    exempel.crawl()

    assert later(exempel, 5) > 0
    assert exempel.site.asked("/p1") == 0
    assert exempel.site.asked("/robots.txt") == 1


def test_each_origin_has_its_own(exempel: Town) -> None:
    """One server, and one turn; but what it lets us ask by http is another question."""
    plain = "http://www.exempelkoping.se"
    scope = replace(exempel.source.scope, include=(f"{HOME}/", f"{plain}/"))
    exempel.source = replace(exempel.source, scope=scope)
    targets = ["/p1", "/p2", f"{plain}/p3", f"{plain}/p4"]
    exempel.site["/"] = page("Start", links=[(target, target) for target in targets])
    exempel.site.robots("User-agent: *\nDisallow: /p1$")
    fetch = exempel.fetch

    async def by_scheme(request: Request, *, private: bool = False) -> Response | Failure:
        reply = await fetch(request, private=private)
        if request.url == f"{plain}/robots.txt":
            return Response(request.url, reply.at, 200, (), b"User-agent: *\nDisallow: /p3$")
        assert isinstance(reply, Response | Failure)
        return reply

    exempel.fetch = by_scheme

    exempel.crawl()
    assert barred(exempel) == [("deny: /p1$", 1), ("deny: /p3$", 1)]
    assert {url for _, url in exempel.site.log} == {
        f"{HOME}/robots.txt", f"{HOME}/", f"{HOME}/p2", f"{plain}/robots.txt", f"{plain}/p4",
    }  # fmt: skip


def test_a_page_in_its_place_bars_nothing(exempel: Town) -> None:
    exempel.site["/robots.txt"] = page("Sidan finns inte", "Disallow: /")

    assert exempel.crawl().asked == 21


def test_a_request_rate_slows_us_down_from_the_first_request_on(exempel: Town) -> None:
    exempel.site.robots("User-agent: *\nRequest-rate: 1/30")
    exempel.crawl()

    moments = [at for at, _ in exempel.site.log]
    assert min((b - a).total_seconds() for a, b in pairwise(moments)) >= 30  # type: ignore[operator]


def _cut(town: Town) -> None:
    """From now on the connection ends in the middle of robots.txt; its validator would stand for the whole."""
    whole = town.fetch

    async def cut(request: Request, *, private: bool = False) -> Response | Failure:
        reply = await whole(request, private=private)
        if isinstance(reply, Response) and request.url.endswith("/robots.txt") and reply.body:
            return replace(reply, body=reply.body[:20], flaw="truncated")
        assert isinstance(reply, Response | Failure)
        return reply

    town.fetch = cut


def test_half_a_robots_txt_is_none_that_could_be_had(exempel: Town) -> None:
    """What bars us may stand in the half that did not come."""
    exempel.site.robots("User-agent: *\nAllow: /\nDisallow: /p")
    _cut(exempel)

    assert exempel.crawl().asked == 0
    assert later(exempel, 1.2) == 0
    assert barred(exempel) == [("deny: robots.txt could not be had (cut off)", 2)]
    kept = exempel.rows("SELECT etag FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE role = 'robots'")
    assert kept == [(None,)]  # or the server would say that we have it


def test_a_copy_of_today_stands_in_for_half_a_robots_txt_and_that_is_no_change_of_it(exempel: Town) -> None:
    exempel.source = replace(exempel.source, every=HOUR // 4)
    exempel.site.robots("User-agent: *\nAllow: /\nDisallow: /p1$")
    exempel.crawl()
    whole = exempel.fetch
    exempel.site.validators = False
    _cut(exempel)

    assert later(exempel, 12.5) > 0
    assert later(exempel, 0.9) > 0  # by the archive, in which half a file is the last that came
    assert exempel.site.asked("/p1") == 0
    assert exempel.rows("SELECT count(*) FROM issues WHERE kind = 'robots-changed'") == [(0,)]
    exempel.fetch = whole
    assert later(exempel, 12) > 0
    assert exempel.site.asked("/p1") == 0


def test_what_robots_txt_asks_of_us_holds_after_a_kill_right_behind_it(exempel: Town) -> None:
    exempel.site.robots("User-agent: *\nCrawl-delay: 90\nDisallow: /$")
    exempel.crawl()
    as_stored_with_it = "UPDATE hosts SET delay_ms = 5000, next_at = '2026-03-02T06:00:05Z'"
    exempel.archive.write(lambda c: c.execute(as_stored_with_it))
    url, at = exempel.site.url("/p1"), exempel.clock.now()
    exempel.archive.write(lambda c: evidence.add_address(c, "exempelkoping", url, "page", 1, None, at))
    exempel.clock.advance(seconds=7)
    exempel.crawl()

    (_, first), (_, second) = ((url, at) for at, url in exempel.site.log)
    assert second - first >= timedelta(seconds=90)  # type: ignore[operator]
