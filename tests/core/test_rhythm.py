"""How often pages are looked at: where changes are likeliest, at no more cost, and none forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from archiver.frontier.rhythm import FEWEST, LONGEST, SHORTEST, Rhythm, Seen, allot, rate

DAY = 86_400.0
WEEK, YEAR = 7 * DAY, 365 * DAY
QUIET, YEARLY, DAILY = Seen(0.0, YEAR), Seen(1.0, YEAR), Seen(200.0, YEAR)
PAGES = [QUIET] * 80 + [YEARLY] * 15 + [DAILY] * 5


def settled(pages: list[Seen] = PAGES) -> Rhythm:
    found = allot(pages, WEEK)
    assert found is not None
    return found


def test_a_visit_without_a_change_adds_the_time_and_one_with_a_change_half_of_it() -> None:
    once = Seen().after(WEEK, changed=False)
    assert (once.changes, once.watched) == (0.0, WEEK)
    again = once.after(DAY, changed=True)
    assert again.changes == 1.0
    assert WEEK * 0.99 < again.watched - DAY / 2 < WEEK


def test_what_was_seen_half_a_year_ago_counts_half() -> None:
    assert round(Seen(4.0, WEEK).after(180 * DAY, changed=False).changes, 6) == 2.0


def test_a_page_without_history_is_taken_for_its_site_and_one_with_a_long_one_for_itself() -> None:
    assert rate(Seen(), 3 / YEAR, 0.3) == 3 / YEAR
    assert rate(Seen(0.0, 50 * YEAR), 3 / YEAR, 0.3) < 0.01 / YEAR
    assert 180 / YEAR < rate(DAILY, 3 / YEAR, 0.3) < 200 / YEAR


def test_what_changes_often_is_seen_often_and_what_does_not_is_not_forgotten() -> None:
    rhythm = settled()
    daily, yearly, quiet = (rhythm.interval(page) for page in (DAILY, YEARLY, QUIET))
    assert daily < DAY < WEEK < quiet <= LONGEST * WEEK
    assert daily < yearly < quiet


def test_all_visits_together_are_one_for_each_page_in_each_rhythm() -> None:
    rhythm = settled()
    visits = sum(WEEK / rhythm.interval(page) for page in PAGES)
    assert abs(visits - len(PAGES)) < 0.01 * len(PAGES)


def test_no_page_is_told_apart_before_enough_changes_were_seen() -> None:
    assert allot([Seen(0.0, YEAR)] * 50, WEEK) is None
    assert allot([Seen(1.0, YEAR)] * (FEWEST - 1), WEEK) is None
    assert allot([], WEEK) is None


def test_pages_that_are_all_alike_are_seen_alike() -> None:
    rhythm = settled([Seen(3.0, YEAR)] * 40)
    assert round(rhythm.interval(Seen(3.0, YEAR)) / WEEK, 3) == 1.0


SEEN = st.builds(Seen, st.floats(0, 400), st.floats(DAY, 2 * YEAR))


@given(st.lists(SEEN, min_size=1, max_size=60))
def test_the_law_of_the_budget_no_site_is_asked_more_than_its_rhythm_allows(pages: list[Seen]) -> None:
    rhythm = allot(pages, WEEK)
    if rhythm is None:
        return
    intervals = [rhythm.interval(page) for page in pages]
    assert all(SHORTEST * WEEK <= i <= LONGEST * WEEK for i in intervals)
    assert sum(WEEK / i for i in intervals) <= 1.06 * len(pages)
