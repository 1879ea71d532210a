"""How long to wait for a host, and when an address is due again."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.frontier.pace import (
    DAY,
    HOUR,
    HostPace,
    Plan,
    after_reply,
    day,
    delay,
    looks_for_gone,
    next_visit,
    quiet_until,
    shared,
    wait,
)
from archiver.model import Outcome, Sign, Verdict

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEEK = 7 * DAY
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("ours", "crawl_delay", "elapsed", "expected"),
    [
        (5.0, None, 0.2, 5.0),
        (5.0, 7.0, 0.2, 7.0),
        (5.0, 1.0, 2.0, 10.0),
        (5.0, None, 90.0, 60.0),
        (5.0, 86_400.0, 0.1, 600.0),
        (900.0, 86_400.0, 90.0, 900.0),
        (0.0, None, 0.0, 0.0),
    ],
)
def test_the_longest_delay_counts(ours: float, crawl_delay: float | None, elapsed: float, expected: float) -> None:
    assert delay(ours, crawl_delay, elapsed) == expected


def test_wait_until_both_the_delay_and_the_pause_are_over() -> None:
    assert wait(after(3), None, NOW) == 3.0
    assert wait(after(3), after(60), NOW) == 60.0
    assert wait(after(-3), after(-60), NOW) == 0.0
    assert wait(None, None, NOW) == 0.0


def test_an_answer_ends_a_host_s_trouble() -> None:
    state = HostPace(NOW, after(-1), failures=4)
    assert after_reply(state, "gone", 404, None, NOW, delay=5.0) == HostPace(after(5), None, 0, 5.0)


def test_busy_pauses_for_as_long_as_the_host_asks_and_doubles() -> None:
    first = after_reply(HostPace(NOW), "failed", 503, 30.0, NOW, delay=5.0)
    second = after_reply(first, "refused", 429, 30.0, NOW, delay=5.0)
    third = after_reply(second, "refused", 429, 30.0, NOW, delay=5.0)
    assert [p.paused_until for p in (first, second, third)] == [after(30), after(60), after(120)]
    assert third.failures == 3


def test_busy_without_a_time_is_a_minute_and_never_more_than_a_day() -> None:
    assert after_reply(HostPace(NOW), "refused", 429, None, NOW, delay=5.0).paused_until == after(60)
    assert after_reply(HostPace(NOW, failures=50), "refused", 429, None, NOW, delay=5.0).paused_until == after(DAY)
    assert after_reply(HostPace(NOW), "refused", 429, 9e8, NOW, delay=5.0).paused_until == after(DAY)
    assert after_reply(HostPace(NOW), "refused", 429, 0.0, NOW, delay=5.0).paused_until == after(5)


def test_a_host_in_trouble_is_left_alone_from_the_third_failure_on() -> None:
    state = HostPace(NOW)
    pauses = []
    for _ in range(5):
        state = after_reply(state, "failed", None, None, NOW, delay=5.0, failure="connect")
        pauses.append(state.paused_until)
    assert pauses == [None, None, after(60), after(120), after(240)]


def test_a_flaw_of_one_reply_is_no_trouble_of_the_host() -> None:
    assert (
        after_reply(HostPace(NOW, failures=9), "failed", None, None, NOW, delay=5.0, failure="too-large").failures == 0
    )


def test_a_bar_sends_nothing_and_costs_no_wait() -> None:
    state = HostPace(after(3), after(60), 2)
    assert after_reply(state, "barred", None, None, NOW, delay=5.0) == HostPace(after(3), after(60), 2, 5.0)


@pytest.mark.parametrize(
    ("quiet", "at", "until"),
    [
        ((time(7), time(17)), datetime(2026, 3, 3, 6, 0, tzinfo=UTC), datetime(2026, 3, 3, 16, 0, tzinfo=UTC)),
        ((time(7), time(17)), datetime(2026, 3, 3, 16, 0, tzinfo=UTC), None),
        ((time(7), time(17)), datetime(2026, 7, 3, 5, 0, tzinfo=UTC), datetime(2026, 7, 3, 15, 0, tzinfo=UTC)),
        ((time(22), time(6)), datetime(2026, 3, 3, 22, 0, tzinfo=UTC), datetime(2026, 3, 4, 5, 0, tzinfo=UTC)),
        ((time(22), time(6)), datetime(2026, 3, 4, 3, 0, tzinfo=UTC), datetime(2026, 3, 4, 5, 0, tzinfo=UTC)),
        ((time(22), time(6)), datetime(2026, 3, 3, 12, 0, tzinfo=UTC), None),
        ((time(6), time(6)), NOW, None),
        (None, NOW, None),
    ],
)
def test_quiet_hours_are_the_site_s_hours(
    quiet: tuple[time, time] | None, at: datetime, until: datetime | None
) -> None:
    assert quiet_until(quiet, at, STOCKHOLM) == until


@given(
    st.integers(0, 525_600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.times(),
    st.times(),
    st.sampled_from([STOCKHOLM, ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo"), UTC]),
)
@example(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), time(22), time(2, 30), STOCKHOLM)  # 02:15 for the second time
@example(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), time(22), time(2, 30), STOCKHOLM)  # 02:30 is not there
def test_quiet_hours_end_later_and_within_a_day_whatever_is_done_to_clocks(
    now: datetime, start: time, end: time, zone: tzinfo
) -> None:
    until = quiet_until((start, end), now, zone)
    assert until is None or timedelta() < until - now <= timedelta(hours=25)


@pytest.mark.parametrize(
    ("at", "hours"),
    [("2026-03-29T12:00", 23), ("2026-10-25T12:00", 25), ("2026-06-01T12:00", 24), ("2026-10-24T22:30", 25)],
)
def test_a_day_is_the_local_one(at: str, hours: int) -> None:
    begin, end = day(datetime.fromisoformat(at).replace(tzinfo=UTC), STOCKHOLM)
    assert (end - begin) == timedelta(hours=hours)
    assert begin.astimezone(STOCKHOLM).time() == time()


@pytest.mark.parametrize(
    ("elapsed", "status", "retry_after", "expected"),
    [
        (0.1, 200, None, 1.0),
        (3.0, 200, None, 3.0),
        (500.0, None, None, 60.0),
        (0.1, 503, None, 60.0),
        (0.1, 429, 20.0, 20.0),
        (0.1, 429, 9_000.0, 60.0),
        (0.1, 404, 9_000.0, 1.0),
    ],
)
def test_an_address_that_hosts_share_is_given_time_by_how_it_answers(
    elapsed: float, status: int | None, retry_after: float | None, expected: float
) -> None:
    assert shared(1.0, elapsed, status, retry_after) == expected


def visit(
    outcome: Outcome = "ok",
    verdict: Verdict | None = "good",
    *,
    changed: bool = False,
    failures: int = 0,
    unchanged: int = 5,
    sign: Sign | None = None,
    misses: int = 0,
    every: float = WEEK,
) -> Plan:
    return next_visit(
        outcome, verdict, changed=changed, every=every, failures=failures, unchanged=unchanged, now=NOW,
        jitter=0.0, sign=sign, misses=misses, spread=0.0,
    )  # fmt: skip


def test_the_rhythm_is_halved_after_a_change() -> None:
    assert visit(changed=True) == Plan(after(WEEK / 2), 0, 0)
    assert visit(changed=True, unchanged=0) == Plan(after(WEEK / 4), 0, 0)  # and the visit before it, too


@pytest.mark.parametrize(("unchanged", "multiple"), [(0, 1), (8, 1), (9, 2), (18, 2), (19, 4), (500, 4)])
def test_the_rhythm_is_doubled_after_ten_visits_without_a_change(unchanged: int, multiple: int) -> None:
    assert visit(unchanged=unchanged, failures=2) == Plan(after(WEEK * multiple), 0, unchanged + 1)
    assert visit("same", None, unchanged=unchanged) == Plan(after(WEEK * multiple), 0, unchanged + 1)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 300), (1, HOUR), (2, 6 * HOUR), (3, WEEK), (90, WEEK)])
def test_a_failure_is_tried_again_soon_then_at_the_rhythm(failures: int, seconds: float) -> None:
    assert visit("failed", None, failures=failures) == Plan(after(seconds), failures + 1, 5)


def test_an_address_that_fails_is_not_asked_for_oftener_than_one_that_answers() -> None:
    assert visit("failed", None, failures=3, every=HOUR).due_at == after(6 * HOUR)


@pytest.mark.parametrize("verdict", ["empty", "wrong-kind", "truncated", "maintenance"])
def test_what_does_not_seem_right_is_looked_at_again_after_an_hour(verdict: Verdict) -> None:
    assert visit("ok", verdict) == Plan(after(HOUR), 1, 5)
    assert visit("failed", verdict) == Plan(after(HOUR), 1, 5)
    assert visit("ok", verdict, failures=3) == Plan(after(WEEK), 4, 5)


def test_a_refusal_is_not_pressed() -> None:
    assert visit("refused", None) == Plan(after(6 * HOUR), 1, 5)
    assert visit("ok", "challenge", failures=1) == Plan(after(DAY), 2, 5)
    assert visit("refused", None, failures=2) == Plan(after(WEEK), 3, 5)


def test_a_bar_is_looked_at_again_after_a_day() -> None:
    assert visit("barred", None, failures=2) == Plan(after(DAY), 2, 5)


def test_absence_is_confirmed_after_a_day_and_after_an_hour_where_the_site_says_gone() -> None:
    assert visit("gone", "good", misses=1).due_at == after(DAY)
    assert visit("gone", None, sign="410", misses=1).due_at == after(HOUR)
    assert visit("ok", "soft-404", misses=1).due_at == after(DAY)
    assert visit("ok", "to-start", misses=1).due_at == after(DAY)
    assert visit("moved", None, sign="moved", misses=1).due_at == after(DAY)


def test_what_is_gone_is_looked_for_at_its_rhythm_then_seldom_and_then_no_more() -> None:
    plans = [visit("gone", None, misses=n).due_at for n in range(1, 12)]
    assert plans == [after(DAY), *[after(WEEK)] * 3, *[after(4 * WEEK)] * 6, None]


def test_without_a_count_of_misses_the_failures_in_a_row_stand_in() -> None:
    failures, due = 0, []
    for _ in range(11):
        plan = visit("gone", None, failures=failures)
        failures = plan.failures
        due.append(plan.due_at)
    assert due[:2] == [after(DAY), after(WEEK)]
    assert due[-2:] == [after(4 * WEEK), None]
    assert failures == 11


def test_a_redirect_is_followed_up_but_never_retired() -> None:
    assert visit("moved", None, sign="moved", misses=40, unchanged=40) == Plan(after(4 * WEEK), 0, 41)


def test_a_confirming_visit_never_comes_too_early() -> None:
    plan = next_visit("gone", None, changed=False, every=WEEK, failures=0, unchanged=0, now=NOW, jitter=0.0, spread=0.1)
    assert plan.due_at == after(DAY)


def test_a_host_in_trouble_that_says_when_to_come_back_is_left_alone_till_then() -> None:
    assert after_reply(HostPace(NOW), "failed", 500, 90.0, NOW, delay=5.0).paused_until == after(90)
    assert after_reply(HostPace(NOW), "failed", 500, None, NOW, delay=5.0).paused_until is None
    assert after_reply(HostPace(NOW), "gone", 404, 90.0, NOW, delay=5.0).paused_until is None


def test_a_run_looks_for_one_page_that_is_long_gone_to_twenty_that_are_due() -> None:
    assert [looks_for_gone(due, 0.0) for due in (0, 19, 20, 1000)] == [0, 0, 1, 50]
    assert [looks_for_gone(3, chance) for chance in (0.0, 0.84, 0.86, 0.99)] == [0, 0, 1, 1]
    assert looks_for_gone(0, 0.99) == 0


VISITS = st.fixed_dictionaries(
    {
        "changed": st.booleans(), "every": st.floats(HOUR, 90 * DAY), "failures": st.integers(0, 60),
        "unchanged": st.integers(0, 60), "jitter": st.floats(0, 1), "sign": st.none() | st.sampled_from(get_args(Sign)),
        "misses": st.integers(0, 30),
    }
)  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(get_args(Outcome)), st.none() | st.sampled_from(get_args(Verdict)), VISITS)
def test_every_visit_has_a_sequel_within_bounds(outcome: Outcome, verdict: Verdict | None, was: dict[str, Any]) -> None:
    plan = next_visit(outcome, verdict, now=NOW, **was)
    every = was["every"]
    if plan.due_at is None:
        assert max(was["misses"], was["failures"] + 1) > 10
        return
    assert plan.due_at.microsecond == 0
    assert plan.due_at > NOW
    assert plan.due_at <= after(max(every * 4, DAY) * 1.1 + 1)
    if outcome in ("ok", "same", "moved") and verdict == "good" and was["sign"] is None:
        assert every / 4 <= (plan.due_at - NOW).total_seconds() <= every * 4 + 1
        assert plan.failures == 0


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(get_args(Outcome)), st.sampled_from([None, 200, 404, 429, 500, 503]),
            st.none() | st.floats(0, 1e9), st.floats(0, 100),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_two_requests_are_never_closer_than_the_delay(
    replies: list[tuple[Outcome, int | None, float | None, float]],
) -> None:
    state, now = HostPace(NOW), NOW
    for outcome, status, retry_after, seconds in replies:
        asked = now + timedelta(seconds=wait(state.next_at, state.paused_until, now))
        state = after_reply(state, outcome, status, retry_after, asked, delay=seconds)
        now = asked
        if outcome != "barred":
            assert wait(state.next_at, state.paused_until, now) >= seconds - 1e-5
        assert wait(state.next_at, state.paused_until, now) <= max(DAY, seconds) + 1
