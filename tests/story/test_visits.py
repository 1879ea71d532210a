"""Visits go where changes are likeliest, once enough of them were seen."""

from datetime import datetime

from archive import Town
from pretend import page


def _town_of(exempel: Town, pages: int) -> None:
    paths = [f"/sida-{n}" for n in range(pages)]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for path in paths:
        exempel.site[path] = page(path, "Ett stycke.")


def _due_in_hours(exempel: Town, path: str) -> float:
    [(due, last)] = exempel.rows(
        """SELECT f.due_at, (SELECT max(captured_at) FROM captures WHERE address_id = a.id)
           FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE a.url = ?""",
        exempel.site.url(path),
    )
    return (datetime.fromisoformat(due) - datetime.fromisoformat(last)).total_seconds() / 3600


def test_a_page_that_changes_daily_is_soon_seen_oftener_than_those_that_never_do(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    for n in range(30):
        exempel.site["/sida-3"] = page("/sida-3", f"Stycke nummer {n}.")
        exempel.day()

    assert exempel.rows("SELECT count(*) FROM rhythms") == [(1,)]
    assert _due_in_hours(exempel, "/sida-3") < 12
    assert _due_in_hours(exempel, "/sida-5") > 24


def test_too_few_changes_leave_every_page_at_the_rhythm_of_the_source(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    exempel.day()
    assert exempel.rows("SELECT count(*) FROM rhythms") == [(0,)]
    assert 21 < _due_in_hours(exempel, "/sida-3") < 27


def test_what_visits_have_shown_is_kept_with_the_address(exempel: Town) -> None:
    _town_of(exempel, 2)
    exempel.crawl()
    exempel.day()
    exempel.site["/sida-1"] = page("/sida-1", "Ett annat stycke.")
    exempel.day()

    [(changes, days)] = exempel.rows(
        "SELECT changes, watched / 86400 FROM frontier f JOIN addresses a ON a.id = f.address_id WHERE a.url = ?",
        exempel.site.url("/sida-1"),
    )
    assert changes == 1.0
    assert 1.7 < days < 1.9
