"""What a person is told of a site's manners: robots.txt that changed, 304s that lie, pages that shrank, silence."""

from dataclasses import replace

from archive import Town
from archiver.derive.watching import difference
from archiver.frontier.robots import ALLOW_ALL, parse
from archiver.model import Failure, Request, Response
from pretend import page

HOME = "https://www.exempelkoping.se"
LONG = "Kommunen har tagit fram nya riktlinjer för hur avgifter ska beräknas och betalas under året. " * 6


def told(town: Town, kind: str) -> list[str]:
    return [row[0] for row in town.rows("SELECT detail FROM issues WHERE kind = ? ORDER BY id", kind)]


def _many(town: Town, count: int = 12, text: str = "Text.") -> None:
    town.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(count)])
    for i in range(count):
        town.site[f"/p{i}"] = page(f"Sida {i}", f"{i}. {text}")


# robots-changed -------------------------------------------------------------------------------------


def test_what_a_new_robots_txt_bars_and_frees_of_what_we_know_is_told_once(exempel: Town) -> None:
    _many(exempel, 5)
    exempel.site.robots("User-agent: *\nDisallow: /p1$\n")
    exempel.crawl()
    exempel.site.robots("User-agent: *\nDisallow: /p2$\nDisallow: /p3$\nCrawl-delay: 20\n")
    exempel.day()
    exempel.day()

    (words,) = told(exempel, "robots-changed")
    assert words.startswith(f"{HOME}/robots.txt, c")
    assert f"bars 2 of 6 known addresses, such as {HOME}/p2 (deny: /p2$)" in words
    assert f"frees 1 of 6 known addresses, such as {HOME}/p1" in words
    assert words.endswith("asks for 20 s between requests, before for no time")
    exempel.rebuild()
    assert told(exempel, "robots-changed") == [words]


def test_a_robots_txt_with_other_words_and_the_same_meaning_is_no_issue(exempel: Town) -> None:
    _many(exempel, 2)
    exempel.site.robots("User-agent: *\nDisallow: /x\n")
    exempel.crawl()
    exempel.site.robots("# ny\nUser-agent: *\nDisallow: /x\nDisallow: /y\n")
    exempel.day()

    assert told(exempel, "robots-changed") == []


def test_a_robots_txt_that_comes_or_goes_is_compared_with_none(exempel: Town) -> None:
    _many(exempel, 2)
    exempel.crawl()
    exempel.site.robots("User-agent: *\nDisallow: /p\n")
    exempel.day()
    exempel.site.gone("/robots.txt")
    exempel.day()

    barred, freed = told(exempel, "robots-changed")
    assert "bars 2 of 3" in barred
    assert "frees 2 of 3" in freed


def test_a_robots_txt_that_cannot_be_had_has_not_changed(exempel: Town) -> None:
    _many(exempel, 2)
    exempel.site.robots("User-agent: *\nDisallow: /p1\n")
    exempel.crawl()
    exempel.site.says("/robots.txt", 503)
    exempel.day()
    exempel.day()

    assert told(exempel, "robots-changed") == []


def test_the_words_for_a_group_of_our_name() -> None:
    after = parse(b"User-agent: archiver\nDisallow: /\n")
    words = difference(ALLOW_ALL, after, [f"{HOME}/", f"{HOME}/a"], "archiver")
    assert words == f"bars 2 of 2 known addresses, such as {HOME}/ (deny: /)"


# stale-304 ------------------------------------------------------------------------------------------


class Liar:
    """A server that answers 304 to every question with its validator, whatever has changed."""

    def __init__(self, town: Town) -> None:
        self.town, self.conditional = town, 0

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        if request.etag:
            self.conditional += 1
            return Response(request.url, self.town.clock.now(), 304, (("ETag", '"1"'),), b"", elapsed=0.05)
        reply = await self.town.site.fetch(Request(request.url))
        assert isinstance(reply, Response)
        honest = request.url.endswith("/robots.txt")
        return reply if honest else replace(reply, headers=(*reply.headers[:1], ("ETag", '"1"')))


def test_a_server_that_says_304_of_what_has_changed_is_found_out_and_asked_without_validators(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.fetch = liar = Liar(exempel)
    exempel.crawl()
    exempel.site["/"] = page("Start", "En annan text.")
    for _ in range(12):
        exempel.day(days=5)

    assert told(exempel, "stale-304") == [
        f"www.exempelkoping.se: {HOME}/ had changed under the validators by which it was said to be the same; "
        "asked without them now"
    ]
    asked = liar.conditional
    exempel.site["/"] = page("Start", "En tredje text.")
    assert exempel.day(days=5).changed == 1
    assert liar.conditional == asked


def test_a_server_that_says_304_rightly_is_believed(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    for n in range(14):
        exempel.site["/"] = page("Start", "Text." if n < 11 else "Ny text.")
        exempel.day(days=5)

    assert told(exempel, "stale-304") == []
    assert exempel.rows("SELECT count(*) > 8 FROM captures WHERE status = 304") == [(1,)]


# main-shrank ----------------------------------------------------------------------------------------


def test_pages_that_lose_their_text_all_at_once_are_told(exempel: Town) -> None:
    _many(exempel, text=LONG)
    exempel.crawl()
    _many(exempel, text="Kort.")
    exempel.day()

    (words,) = told(exempel, "main-shrank")
    assert f"12 of 13 pages lost half of their text or more, such as {HOME}/p0" in words


def test_a_few_pages_that_lose_their_text_were_edited(exempel: Town) -> None:
    _many(exempel, text=LONG)
    exempel.crawl()
    for i in range(5):
        exempel.site[f"/p{i}"] = page(f"Sida {i}", "Kort.")
    exempel.day()

    assert told(exempel, "main-shrank") == []


def test_pages_that_lose_their_text_in_many_short_runs_are_told_once_for_the_round(exempel: Town) -> None:
    """A service's runs are as short as what is due at a time."""
    _many(exempel, 30, text=LONG)
    exempel.crawl()
    _many(exempel, 30, text="Kort.")
    exempel.clock.advance(days=1.2)
    for _ in range(11):
        assert exempel.crawl(limit=3).asked <= 3
        exempel.clock.advance(minutes=20)

    (words,) = told(exempel, "main-shrank")
    assert words.startswith("in the round of visits that ended 2026-03-0")
    assert f" pages lost half of their text or more, such as {HOME}/p" in words
    for _ in range(3):
        exempel.day()
    exempel.rebuild()
    assert told(exempel, "main-shrank") == [words]


def test_pages_that_shrink_one_after_another_over_weeks_were_edited(exempel: Town) -> None:
    _many(exempel, 15, text=LONG)
    exempel.crawl()
    for i in range(15):
        exempel.site[f"/p{i}"] = page(f"Sida {i}", "Kort.")
        exempel.day()

    assert told(exempel, "main-shrank") == []


# source-silent --------------------------------------------------------------------------------------


def test_a_source_that_answers_nothing_well_for_days_is_told_once_for_each_silence(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()
    for _ in range(2):
        exempel.site.fails("/", "timeout", times=4)
        for hours in (47, 1, 2, 7):
            exempel.day(hours=hours)
        exempel.day(days=2)

    silences = told(exempel, "source-silent")
    assert len(silences) == 2
    assert silences[0] == (
        "nothing of the source answered well since 2026-03-02 06:00 UTC; 1 attempts of the last run: timeout"
    )


def test_a_source_that_never_answered_is_told_after_its_first_run(exempel: Town) -> None:
    exempel.site.fails("/robots.txt", "dns", times=9)
    exempel.crawl()

    (words,) = told(exempel, "source-silent")
    assert words.startswith("nothing of the source answered well yet; 2 attempts of the last run: dns")


def test_a_site_that_bars_us_is_told_to_be_silent_for_its_robots_txt_and_not_for_how_that_was_sent(
    exempel: Town,
) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()
    exempel.site.robots("User-agent: *\nDisallow: /")
    for _ in range(3):
        exempel.day()

    (words,) = told(exempel, "source-silent")
    assert words.endswith(" of the last run: robots")
