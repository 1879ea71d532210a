"""Pages that are long gone are looked for rarely, though nobody links to them; no host is asked too often for that."""

from datetime import datetime, timedelta
from itertools import pairwise

from archive import Town
from pretend import page

DAY = timedelta(days=1)


def _start(town: Town, linked: int, unlinked: int) -> None:
    """A start page that links to some pages; a sitemap once named others too."""
    town.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(linked + unlinked)])
    for i in range(linked + unlinked):
        town.site[f"/p{i}"] = page(f"Sida {i}", f"Text {i}.")
    town.crawl()
    town.site["/"] = page("Start", links=[(f"/p{i}", f"Sida {i}") for i in range(linked)])


def _retired(town: Town) -> int:
    return int(town.rows("SELECT count(*) FROM frontier f JOIN addresses a ON a.id = f.address_id "
                         "WHERE f.due_at IS NULL AND a.role = 'page'")[0][0])  # fmt: skip


def _until_retired(town: Town, count: int) -> None:
    for _ in range(60):
        town.day(days=5)
        if _retired(town) == count:
            return
    raise AssertionError("never retired")


def _classes(town: Town, path: str) -> list[str]:
    return [c["classes"][0] for c in town.changes() if c["url"] == town.site.url(path)]


def _visits(town: Town, path: str) -> list[datetime]:
    return [at for at, url in town.site.log if url == town.site.url(path)]


def test_a_page_that_comes_back_long_after_it_was_given_up_is_told_though_nobody_links_to_it(exempel: Town) -> None:
    _start(exempel, 12, 1)
    exempel.site.gone("/p12")
    _until_retired(exempel, 1)
    exempel.site["/p12"] = page("Sida 12", "Nu är sidan tillbaka.")
    given_up = _visits(exempel, "/p12")[-1]
    while len(_classes(exempel, "/p12")) < 2:
        exempel.day(days=5)
        assert exempel.clock.now() < given_up + 120 * DAY

    assert _classes(exempel, "/p12") == ["disappearance", "return"]
    assert _visits(exempel, "/p12")[-1] - given_up >= 90 * DAY
    exempel.day(days=5)
    assert exempel.clock.now() - _visits(exempel, "/p12")[-1] < DAY  # and it is seen at its rhythm again


def test_a_page_that_stays_away_is_looked_for_more_and_more_rarely_but_every_year(exempel: Town) -> None:
    _start(exempel, 12, 1)
    exempel.site.gone("/p12")
    _until_retired(exempel, 1)
    before = len(_visits(exempel, "/p12"))
    for _ in range(130):
        exempel.day(days=12)

    spans = [(b - a).days for a, b in pairwise(_visits(exempel, "/p12")[before - 1 :])]
    assert 90 <= spans[0] < 120
    assert 180 <= spans[1] < 210
    assert all(360 <= span < 395 for span in spans[2:])
    assert len(spans) >= 5
    assert exempel.rows("SELECT state FROM absences") == [("gone",)]
    assert _classes(exempel, "/p12") == ["disappearance"]


def test_of_many_pages_that_are_gone_few_are_looked_for_in_a_run_and_each_has_its_turn(exempel: Town) -> None:
    _start(exempel, 30, 60)
    for i in range(30, 90):
        exempel.site.gone(f"/p{i}")
    _until_retired(exempel, 60)
    begun, seen = exempel.clock.now(), len(exempel.site.log)
    runs: list[tuple[int, int]] = []  # visits to what is gone, and all
    for _ in range(60):
        exempel.day(days=12)
        names = [url.rpartition("/p")[2] for _, url in exempel.site.log[seen:]]
        runs.append((sum(name.isdigit() and int(name) >= 30 for name in names), len(names)))
        seen = len(exempel.site.log)

    assert max(looks for looks, _ in runs) == 2  # a twentieth of the 31 that are due, or one more
    assert sum(looks for looks, _ in runs) <= 0.06 * sum(visits for _, visits in runs)
    visits = [[at for at in _visits(exempel, f"/p{i}") if at > begun] for i in range(30, 90)]
    assert all(visits)
    assert all(b - a >= 180 * DAY for found in visits for a, b in pairwise(found))


def test_where_fewer_are_asked_than_are_due_those_that_are_gone_wait_and_do_not_gather(exempel: Town) -> None:
    _start(exempel, 30, 30)
    for i in range(30, 60):
        exempel.site.gone(f"/p{i}")
    _until_retired(exempel, 30)
    exempel.clock.advance(days=100)
    begun = len(exempel.site.log)
    for _ in range(20):
        exempel.crawl(limit=2)
        exempel.clock.advance(days=2)

    asked = [url for _, url in exempel.site.log[begun:]]
    assert not any(exempel.site.url(f"/p{i}") in asked for i in range(30, 60))
    assert _retired(exempel) >= 28  # of 31 that are due, a twentieth or one more


def test_pages_that_redirect_for_ever_take_nobodys_place(exempel: Town) -> None:
    """They are never retired: what they show today is where they lead."""
    _start(exempel, 14, 1)
    exempel.site.moves("/p0", "/p1")
    exempel.site.moves("/p2", "/p3")
    exempel.site.gone("/p14")
    _until_retired(exempel, 1)
    before = exempel.site.asked("/p14")
    for _ in range(12):
        exempel.day(days=12)
    assert exempel.site.asked("/p14") == before + 1


def test_an_address_that_never_showed_a_page_is_looked_for_no_more(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/aldrig", "Aldrig"), ("/p", "P")])
    exempel.site["/p"] = page("P", "Text.")
    _until_retired(exempel, 1)
    asked = exempel.site.asked("/aldrig")
    for _ in range(40):
        exempel.day(days=12)
    assert exempel.site.asked("/aldrig") == asked


def test_what_robots_txt_bars_by_then_is_not_asked_for(exempel: Town) -> None:
    _start(exempel, 12, 1)
    exempel.site.gone("/p12")
    _until_retired(exempel, 1)
    exempel.site.robots("User-agent: *\nDisallow: /p12\n")
    asked = exempel.site.asked("/p12")
    for _ in range(25):
        exempel.day(days=12)
    assert exempel.site.asked("/p12") == asked
    barred = exempel.rows("SELECT count(*) FROM captures WHERE outcome = 'barred'")[0][0]
    assert barred < 4  # and it is not noted day by day
