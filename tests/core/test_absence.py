"""The disappearance machine: what is a sign, when it is believed, and that each absence is told once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.diff.absence import Whither, is_open, sign, step
from archiver.diff.revisions import follow
from archiver.model import (
    Absence,
    Address,
    Begin,
    Block,
    Capture,
    Document,
    Extend,
    Leave,
    Outcome,
    Reading,
    Revision,
    Sign,
    Unread,
    Verdict,
)

DAY_ONE = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PAGE = Address(1, "ekliden", "https://ekliden.example/p", "https://ekliden.example/p", "ekliden.example", "page", 1)


def capture(hours: float, outcome: Outcome = "ok", status: int | None = 200, number: int | None = None) -> Capture:
    location = "https://ekliden.example/ny" if outcome == "moved" else None
    at = DAY_ONE + timedelta(hours=hours)
    return Capture(number or int(hours * 10) + 1, PAGE, at, outcome, status, location=location)


def walk(*visits: tuple[float, Sign | None, bool]) -> list[Absence | None]:
    """The episode after each visit: hours since the start, sign, good."""
    episode: Absence | None = None
    told = []
    for hours, seen, good in visits:
        open_one = episode if is_open(episode) else None
        episode = step(open_one, capture(hours), seen, good, last_good=1)
        told.append(episode)
    return told


def states(*visits: tuple[float, Sign | None, bool]) -> list[str | None]:
    return [e.state if e else None for e in walk(*visits)]


@pytest.mark.parametrize(
    ("outcome", "status", "verdict", "whither", "expected"),
    [
        ("gone", 404, None, None, "404"),
        ("gone", 410, None, None, "410"),
        ("gone", 404, "soft-404", None, "404"),
        ("ok", 200, "soft-404", None, "soft-404"),
        ("same", 304, "soft-404", None, "soft-404"),
        ("ok", 200, "to-start", None, "to-start"),
        ("moved", 301, None, "start", "to-start"),
        ("moved", 301, None, "elsewhere", "moved"),
        ("moved", 301, None, "same", None),
        ("ok", 200, "good", None, None),
        ("ok", 200, "empty", None, None),
        ("ok", 200, "unread", None, None),
        ("refused", 403, "soft-404", None, None),
        ("failed", 503, "soft-404", "elsewhere", None),
        ("barred", None, None, "elsewhere", None),
    ],
)
def test_what_is_a_sign(
    outcome: Outcome, status: int | None, verdict: Verdict | None, whither: Whither, expected: Sign | None
) -> None:
    assert sign(capture(0, outcome, status), verdict, whither) == expected


def test_two_visits_a_day_apart_confirm() -> None:
    assert states((0, "404", False), (12, "404", False), (24, "404", False)) == ["suspect", "suspect", "gone"]


@pytest.mark.parametrize("seen", ["404", "soft-404", "to-start", "moved"])
def test_less_than_a_day_confirms_nothing(seen: Sign) -> None:
    assert states((0, seen, False), (23.9, seen, False), (24, seen, False)) == ["suspect", "suspect", "gone"]


def test_a_capture_that_shows_the_page_begins_no_absence_whatever_else_it_says() -> None:
    assert states((0, "moved", True)) == [None]


def test_410_needs_an_hour_only() -> None:
    assert states((0, "410", False), (0.5, "410", False), (1, "410", False)) == ["suspect", "suspect", "gone"]


def test_another_sign_begins_the_count_anew() -> None:
    found = walk((0, "404", False), (20, "soft-404", False), (30, "soft-404", False), (44, "soft-404", False))
    assert [e.state for e in found if e] == ["suspect", "suspect", "suspect", "gone"]
    assert found[-1] is not None
    assert found[-1].first_missed_at == DAY_ONE + timedelta(hours=20)


def test_coming_back_before_confirmation_is_a_blip() -> None:
    assert states((0, "404", False), (30, None, True)) == ["suspect", "blip"]


def test_coming_back_after_confirmation_ends_the_episode() -> None:
    found = walk((0, "404", False), (25, "404", False), (50, None, True))
    assert found[-1] is not None
    assert (found[-1].state, found[-1].confirmed_by, found[-1].back_by) == ("back", 251, 501)


def test_a_failure_in_between_changes_nothing() -> None:
    found = walk((0, "404", False), (12, None, False), (25, "404", False), (26, None, False))
    assert [e.state for e in found if e] == ["suspect", "suspect", "gone", "gone"]
    assert found[0] == found[1]
    assert found[2] == found[3]


def test_the_row_of_a_gone_page_grows() -> None:
    found = walk((0, "404", False), (25, "404", False), (50, "410", False))
    assert found[-1] is not None
    assert (found[-1].misses, found[-1].last_missed, found[-1].sign, found[-1].confirmed_by) == (3, 501, "410", 251)


def test_a_page_never_seen_cannot_disappear() -> None:
    assert step(None, capture(0, "gone", 404), "404", good=False, last_good=None) is None


def test_an_ended_episode_is_not_begun_again_but_followed_by_another() -> None:
    ended = walk((0, "404", False), (30, None, True))[-1]
    fresh = step(ended, capture(60, "gone", 404), "404", good=False, last_good=31)
    assert fresh is not None
    assert (fresh.state, fresh.misses, fresh.last_good) == ("suspect", 1, 31)


def test_a_stored_episode_keeps_its_number() -> None:
    stored = replace(walk((0, "404", False))[0], id=7)  # type: ignore[type-var]
    assert isinstance(stored, Absence)
    again = step(stored, capture(12), "soft-404", good=False, last_good=1)
    assert again is not None
    assert again.id == 7


# the whole machine over random histories

VISITS = st.lists(
    st.tuples(
        st.integers(1, 30),  # hours since the visit before
        st.sampled_from(
            ["good", "other", "404", "410", "soft-404", "moved", "failed", "refused", "barred", "empty", "unread"]
        ),
    ),
    max_size=25,
)


def _visit(kind: str, hours: int, number: int) -> tuple[Capture, Reading | Unread | None]:
    texts = {"good": "Som förut", "other": "Något annat"}
    if kind in texts:
        document = Document("html", blocks=(Block("main", "paragraph", None, texts[kind]),))
        return capture(hours, number=number), Reading("good", document=document)
    if kind in {"404", "410"}:
        return capture(hours, "gone", int(kind), number), None
    if kind in {"soft-404", "empty"}:
        return capture(hours, number=number), Reading(kind)  # type: ignore[arg-type]
    if kind == "moved":
        return capture(hours, "moved", 301, number), None
    if kind == "unread":
        return capture(hours, number=number), Unread("crashed", "signal 11")
    return capture(hours, kind, None, number), None  # type: ignore[arg-type]


@settings(deadline=None)
@given(VISITS)
def test_each_absence_is_told_once_as_gone_and_once_as_back(visits: list[tuple[int, str]]) -> None:
    episode: Absence | None = None
    last: Revision | None = None
    hours, last_good, told = 0, None, []
    for number, (wait, kind) in enumerate(visits, start=1):
        hours += wait
        seen, read = _visit(kind, hours, number)
        good = kind in {"good", "other"}
        said = read.verdict if isinstance(read, Reading) else None
        before = episode if is_open(episode) else None
        episode = step(before, seen, sign(seen, said, "elsewhere"), good, last_good)
        core = read.document.core if isinstance(read, Reading) and read.document else None
        verdict = follow(last, seen, core, before, episode)
        if kind in {"failed", "refused", "barred", "empty", "unread"}:
            assert isinstance(verdict, Leave)  # L9
            assert episode == before
        if isinstance(verdict, Begin):
            told.append(verdict.state)
            last = Revision(number, 1, len(told), verdict.state, core, None, number, number, seen.at, seen.at)
        elif isinstance(verdict, Extend):
            assert last is not None
        if good:
            last_good = number
            assert not isinstance(verdict, Leave)
    for one, other in pairwise(told):
        assert one == "present" or other == "present", told  # never gone twice without having been back
    assert not told or told[0] == "present"
    assert told.count("present") >= len([s for s in told if s != "present"])
