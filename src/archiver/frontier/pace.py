"""How long to wait for a host, and when to see an address again.

Two clocks. A host's: seconds between requests, and pauses when it asks for them. An address's: its rhythm, shortened
when the page changes, stretched when it does not, and a few early looks where a reply needs confirming. All times are
aware UTC; all spans are seconds; chance comes in as `jitter`. Pure.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from archiver.model import FailureKind, Outcome, Sign, Verdict

HOUR, DAY = 3_600.0, 86_400.0
FACTOR = 5.0
"""We wait so many times as long as the last answer took: a slow host is a loaded host."""
LONGEST_ADAPTIVE = 60.0
LONGEST_CRAWL_DELAY = 600.0
"""Of 1,353 Crawl-delays in real files all but 11 are shorter; a longer one would stop a crawl altogether."""
FIRST_PAUSE = 60.0
LONGEST_PAUSE = DAY
TROUBLES = 3
"""Failures in a row after which a host is left alone for a while."""
LONGEST_TROUBLE = 6 * HOUR
BUSY = frozenset({429, 503})
NOT_THE_HOST: frozenset[FailureKind] = frozenset({"robots", "unsafe", "too-large", "decoding"})
"""Failures that say nothing about the host's health."""

RETRIES = (300.0, HOUR, 6 * HOUR)
REFUSED = (6 * HOUR, DAY)
SUSPECT: frozenset[Verdict] = frozenset({"empty", "wrong-kind", "truncated", "maintenance"})
SUSPECT_LOOKS = 3
"""Early second looks at a body that does not seem right, before it is seen at its rhythm like any other."""
SIGNS: dict[Verdict, Sign] = {"soft-404": "soft-404", "to-start": "to-start"}
CONFIRM: dict[Sign, float] = {"404": DAY, "410": HOUR, "soft-404": DAY, "to-start": DAY, "moved": DAY}
"""How long after the first sign of absence the second look comes. The rule wants 24 hours (410: one)."""
SOON = 4
"""Misses up to which an address is looked for at its own rhythm: many a page comes back within days."""
MISSES = 11
"""Visits in a row with a sign of absence after which an address is retired: one, and ten that confirm."""
LONG_GONE, LONGEST_GONE = 90 * DAY, 365 * DAY
"""How long after its last visit a retired page is looked for again: doubled with each look in vain, a year at most."""
GONE_SHARE = 0.05
"""Visits of that kind in a run, as a share of what is due in it: a site that lost half of its pages in a redesign is
not asked for them as often as for the others."""
RHYTHM = ((1, 0.5), (10, 1.0), (20, 2.0), (math.inf, 4.0))
"""Visits without a change in a row (fewer than) -> multiple of the rhythm."""
SHORTEST, LONGEST = 0.25, 4.0


@dataclass(frozen=True, slots=True)
class HostPace:
    """When a host may be asked again, and why not sooner."""

    next_at: datetime
    paused_until: datetime | None = None
    failures: int = 0  # in a row
    delay: float = 5.0  # seconds, in force


@dataclass(frozen=True, slots=True)
class Plan:
    """When an address is due again; None: retired."""

    due_at: datetime | None
    failures: int = 0  # in a row
    unchanged: int = 0  # in a row


def delay(source_delay: float, crawl_delay: float | None = None, elapsed: float = 0.0, factor: float = FACTOR) -> float:
    """Seconds until the next request to a host: the longest of ours, its Crawl-delay, a multiple of its last answer.

    What the host says and how slow it is count up to a limit; what the operator says counts as it is.
    """
    asked = min(crawl_delay or 0.0, LONGEST_CRAWL_DELAY)
    adaptive = min(max(elapsed, 0.0) * factor, LONGEST_ADAPTIVE)
    return max(source_delay, asked, adaptive)


def shared(least: float, elapsed: float, status: int | None, retry_after: float | None) -> float:
    """Seconds until the IP address that just answered for one host may be asked for another one.

    As long as the answer took, at least: so it is never ours for more than half of its time. One that is busy is
    busy for all its hosts: it is left alone for as long as it asks, or a minute.
    """
    busy = min(FIRST_PAUSE if retry_after is None else retry_after, LONGEST_ADAPTIVE) if status in BUSY else 0.0
    return max(least, min(max(elapsed, 0.0), LONGEST_ADAPTIVE), busy)


def day(now: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """When the day in that zone began and when it ends, in UTC: 23 and 25 hours lie between in the two nights."""
    today = now.astimezone(zone).date()
    begin, end = (datetime.combine(d, time(), tzinfo=zone).astimezone(UTC) for d in (today, today + timedelta(days=1)))
    return begin, end


def wait(next_at: datetime | None, paused_until: datetime | None, now: datetime) -> float:
    """Seconds to sleep before the host may be asked; 0.0 where it may be asked now."""
    moments = [(moment - now).total_seconds() for moment in (next_at, paused_until) if moment is not None]
    return max(0.0, *moments, 0.0)


def at_most(
    next_at: datetime, paused_until: datetime | None, delay: float, now: datetime
) -> tuple[datetime, datetime | None]:
    """The two moments of a host, no later than either is ever set.

    They are later where they were set by a clock that was ahead, and was then set back.
    """
    pause = paused_until and min(paused_until, now + timedelta(seconds=max(LONGEST_PAUSE, LONGEST_TROUBLE)))
    return min(next_at, now + timedelta(seconds=max(delay, 1.0))), pause


def after_reply(
    state: HostPace,
    outcome: Outcome,
    status: int | None,
    retry_after: float | None,
    now: datetime,
    *,
    delay: float,
    failure: FailureKind | None = None,
) -> HostPace:
    """The pace of a host after one reply of its, with `delay` seconds between requests from here on.

    429 and 503, and any other 5xx that says when to come back, pause it for as long as it asks, or a minute, doubled
    for every such reply in a row, a day at most. Other trouble pauses it from the third in a row on.
    """
    next_at = now + timedelta(seconds=delay)
    if outcome == "barred":
        return HostPace(state.next_at, state.paused_until, state.failures, delay)
    if status in BUSY or (status is not None and status >= 500 and retry_after is not None):
        asked = FIRST_PAUSE if retry_after is None else max(retry_after, delay, 1.0)
        return _pause(state, now, delay, min(_doubled(asked, state.failures), LONGEST_PAUSE))
    if outcome == "failed" and failure not in NOT_THE_HOST:
        if state.failures + 1 < TROUBLES:
            return HostPace(next_at, state.paused_until, state.failures + 1, delay)
        pause = _doubled(FIRST_PAUSE, state.failures + 1 - TROUBLES)
        return _pause(state, now, delay, min(pause, LONGEST_TROUBLE))
    return HostPace(next_at, None, 0, delay)


def quiet_until(quiet: tuple[time, time] | None, now: datetime, zone: tzinfo = UTC) -> datetime | None:
    """The end of the quiet hours we are in, in UTC; None outside them. (22:00, 06:00) spans midnight."""
    if quiet is None or quiet[0] == quiet[1]:
        return None
    local, (start, end) = now.astimezone(zone), quiet
    at = local.time().replace(tzinfo=None)
    inside = start <= at < end if start < end else at >= start or at < end
    if not inside:
        return None
    day = local.date() if at < end else local.date() + timedelta(days=1)
    until = datetime.combine(day, end, tzinfo=zone)
    return max(until, until.replace(fold=local.fold), key=datetime.timestamp).astimezone(UTC)


def next_visit(
    outcome: Outcome,
    verdict: Verdict | None,
    *,
    changed: bool,
    every: float,
    failures: int,
    unchanged: int,
    now: datetime,
    jitter: float = 0.5,
    sign: Sign | None = None,
    misses: int = 0,
    spread: float = 0.1,
    span: float | None = None,
    bar: float = DAY,
) -> Plan:
    """When an address is due again after this visit.

    `every`: its rhythm; `changed`: a new revision began (not so for a first visit); `failures`, `unchanged`: as its
    row had them; `sign`: of absence, where the caller knows better than outcome and verdict; `misses`: how many visits
    in a row gave such a sign, this one included (0: not known, the failures in a row stand in); `jitter`: chance from
    0 to 1; `spread`: how far, as a share of the span, chance may move a visit; `span`: seconds until the next visit
    where nothing is amiss, by the page's own history (`frontier.rhythm`); None: its rhythm and the visits in a row
    without a change decide; `bar`: seconds after which one that robots.txt bars is looked at again.
    """
    sign = sign or SIGNS.get(verdict or "good")
    chance = _Chance(now, jitter, spread)
    if outcome == "barred":
        return Plan(_later(chance, bar), failures, unchanged)
    if outcome == "gone" or sign not in (None, "moved"):
        return _missed(sign or "404", misses or failures + 1, every, failures, chance)
    if sign == "moved" and misses == 1:
        return Plan(_later(chance, CONFIRM["moved"]))
    if looks := _early_looks(outcome, verdict):
        span = looks[failures] if failures < len(looks) else max(every, looks[-1])
        return Plan(_later(chance, span), failures + 1, unchanged)
    if span is not None:
        count = 0 if changed else unchanged + 1
        return Plan(_whole(now, span * (1 + spread * (2 * jitter - 1))), 0, count)
    return _at_rhythm(changed, every, unchanged, chance)


@dataclass(frozen=True, slots=True)
class _Chance:
    at: datetime  # of the visit
    jitter: float
    spread: float


def _early_looks(outcome: Outcome, verdict: Verdict | None) -> tuple[float, ...]:
    """How soon to look again after the first, second, ... such reply in a row; () where nothing is amiss."""
    if verdict in SUSPECT:
        return (HOUR,) * SUSPECT_LOOKS
    if outcome == "failed":
        return RETRIES
    return REFUSED if outcome == "refused" or verdict == "challenge" else ()


def looks_for_gone(due: int, jitter: float) -> int:
    """How many pages that are long gone a run may look for, beside so many addresses that are due.

    `jitter`: chance from 0 to below 1, which decides about what is less than one: a service's runs are of a few visits.
    """
    return int(GONE_SHARE * due + jitter)


def _missed(sign: Sign, misses: int, every: float, failures: int, chance: _Chance) -> Plan:
    """After a visit with a sign of absence: confirm it, then look in now and then, then retire the address.

    A page that was there once is looked for even then, but by a plan of its own (`looks_for_gone`).
    """
    if misses >= MISSES:
        return Plan(None, failures + 1, 0)
    span = CONFIRM[sign] if misses <= 1 else every if misses <= SOON else max(every * LONGEST, DAY)
    return Plan(_later(chance, span), failures + 1, 0)


def _at_rhythm(changed: bool, every: float, unchanged: int, chance: _Chance) -> Plan:
    """Half the rhythm after a change (a quarter after two in a row), twice and four times after many without one."""
    count = 0 if changed else unchanged + 1
    multiple = SHORTEST if changed and unchanged == 0 else next(m for limit, m in RHYTHM if count < limit)
    span = every * multiple * (1 + chance.spread * (2 * chance.jitter - 1))
    return Plan(_whole(chance.at, min(max(span, every * SHORTEST), every * LONGEST)), 0, count)


def _later(chance: _Chance, span: float) -> datetime:
    """After the span, or a little later: a second look that comes too early confirms nothing."""
    return _whole(chance.at, span * (1 + chance.spread * chance.jitter))


def _whole(now: datetime, span: float) -> datetime:
    return now.replace(microsecond=0) + timedelta(seconds=math.ceil(span))


def _pause(state: HostPace, now: datetime, delay: float, seconds: float) -> HostPace:
    until = _whole(now, seconds)
    longest = max(until, state.paused_until) if state.paused_until else until
    return HostPace(now + timedelta(seconds=delay), longest, state.failures + 1, delay)


def _doubled(seconds: float, times: int) -> float:
    return seconds * 2.0 ** min(times, 30)
