"""Moments written for machines, and the one place where parts become a value. Pure."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from archiver.model import Precision

_MOMENT = r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
_CLOCK = r"(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?:[.,]\d{1,9})?)?"
_OFFSET = r"(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)"
PRINTED = re.compile(rf"{_MOMENT}T{_CLOCK}{_OFFSET}?(?!\w)", re.I)
"""A machine's moment that was printed for people to read."""
STAMP = re.compile(
    r"(?P<y>\d{4})(?P<s>-?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
    rf"(?:[T ]\s?(?P<H>\d\d):?(?P<M>\d\d)(?::?(?P<S>\d\d)(?:[.,]\d{{1,9}})?)?(?:\s?{_OFFSET})?)?",
    re.I,
)
"""ISO 8601, with and without its signs, and HTML's own 'valid date string', with or without time and offset."""
MAIL = re.compile(rf"(?:[a-z]{{3}},\s)?(?P<d>\d\d?)\s(?P<mon>[a-z]{{3}})\s(?P<y>\d{{4}})\s{_CLOCK}\s?{_OFFSET}?", re.I)
"""RFC 5322 section 3.3, as some put it into meta tags."""
RFC_850 = re.compile(
    r"[a-z]{6,9}, (?P<d>\d\d)-(?P<mon>[a-z]{3})-(?P<yy>\d\d) (?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d) (?P<zone>GMT)", re.I
)
ASCTIME = re.compile(
    r"[a-z]{3} (?P<mon>[a-z]{3}) (?P<d>[\d ]\d) (?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d) (?P<y>\d{4})", re.I
)
"""The two obsolete forms of RFC 9110 section 5.6.7; the preferred one is `MAIL`."""
MAIL_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"


def read_stamp(text: str, zone: tzinfo) -> tuple[str, Precision] | None:
    """Value and precision of a moment written for machines, as the site's own day; None: not one.

    UTC is turned to the zone (near midnight it is another day there). Any other offset is the site's own, and what
    it goes with is the day that the site prints: a midnight of '+01:00' stays the day it is.

    >>> read_stamp("2019-11-07T23:30:00Z", ZoneInfo("Europe/Stockholm"))
    ('2019-11-08T00:30:00', 'second')
    """
    return _read_stamp(text.strip()[:64], zone)


def read_http_date(text: str, today: str, zone: tzinfo) -> tuple[str, Precision] | None:
    """Value and precision of an HTTP date (RFC 9110 section 5.6.7, all three forms) in that zone; None: not one.

    A year of two digits is the last one that ends so and is not more than fifty years after `today` (ISO).
    """
    match = MAIL.fullmatch(text) or RFC_850.fullmatch(text) or ASCTIME.fullmatch(text)
    if match is None:
        return None
    found = match.groupdict()
    month = MAIL_MONTHS.find(found["mon"].lower()) // 4 + 1
    year = int(found["y"]) if found.get("y") else _latest(int(found["yy"]), int(today[:4]) + 50)
    parts = (year, month, int(found["d"]))
    clock = tuple(int(found[g]) for g in "HMS" if found[g])
    value, precision = compose(parts, clock, zone) if is_real(parts) else (None, None)
    return (value, precision) if value is not None and precision is not None else None


def _latest(ending: int, most: int) -> int:
    """The last year with those two last digits that is not after `most`."""
    return most - (most - ending) % 100


class Days(NamedTuple):
    """The days that a moment in UTC can be on where its site is."""

    first: str
    last: str
    sure: bool = True  # whether its own value says which: the zone is known, or it is not night


def days_of(text: str, zone: tzinfo) -> Days | None:
    """The days that a moment in UTC can be on at its site; None: not such a moment.

    In a zone that is known these are its own day there and that of UTC, for some sites' clocks are never set. Where no
    zone is known (it is given as UTC), they are those it is on anywhere from Hawaii to New Zealand; and in the first
    hours of a day, when all of America is still on the day before, nobody can tell which.

    >>> days_of("2019-11-07T23:30:00Z", ZoneInfo("Europe/Stockholm"))
    Days(first='2019-11-07', last='2019-11-08', sure=True)
    """
    return _days_of(text.strip()[:64], zone)


_WESTMOST, _EASTMOST = timedelta(hours=-10), timedelta(hours=13)
_NIGHT = 4
"""Hours after midnight UTC; midnight itself is how a day without a time is written."""


@lru_cache(maxsize=1024)
def _days_of(trimmed: str, zone: tzinfo) -> Days | None:
    match = STAMP.fullmatch(trimmed) or MAIL.fullmatch(trimmed)
    if match is None or not _is_utc(match["zone"]):
        return None
    value, precision = value_of(match, UTC)
    if value is None or precision == "day":
        return None
    moment = datetime.fromisoformat(value).replace(tzinfo=UTC)
    try:
        here = [moment + _WESTMOST, moment + _EASTMOST] if zone is UTC else [moment, moment.astimezone(zone)]
    except OverflowError:
        return None
    first, last = sorted(one.date().isoformat() for one in here)
    night = moment.hour < _NIGHT and any((moment.hour, moment.minute, moment.second))
    return Days(first, last, sure=not (zone is UTC and night))


@lru_cache(maxsize=1024)  # three witnesses may give the same moment
def _read_stamp(trimmed: str, zone: tzinfo) -> tuple[str, Precision] | None:
    match = STAMP.fullmatch(trimmed) or MAIL.fullmatch(trimmed)
    if match is None:
        return None
    value, precision = value_of(match, zone)
    return (value, precision) if value is not None and precision is not None else None


def value_of(match: re.Match[str], zone: tzinfo) -> tuple[str | None, Precision | None]:
    """Value and precision of a match of `PRINTED`, `STAMP` or `MAIL`."""
    month = match["m"] if "m" in match.re.groupindex else str(MAIL_MONTHS.find(match["mon"].lower()) // 4 + 1)
    parts = (int(match["y"]), int(month), int(match["d"]))
    if not is_real(parts):
        return None, None
    clock = tuple(int(match[g]) for g in "HMS" if match[g] is not None)
    if not clock:
        return compose(parts)
    return compose(parts, clock, zone if _is_utc(match["zone"]) else None)


def _is_utc(printed: str | None) -> bool:
    """Whether the offset is that of UTC, in which machines stamp whatever the site's own zone is."""
    return printed is not None and not printed.strip("+-:0ZzUTCGMutcgm")


def compose(
    parts: tuple[int, ...], clock: tuple[int, ...] = (), zone: tzinfo | None = None
) -> tuple[str | None, Precision | None]:
    """Value and precision of real parts, turned from UTC to the zone where one is given; (None, None): no such time."""
    if not clock:
        names: tuple[Precision, ...] = ("year", "month", "day")
        return "-".join(f"{p:0{4 if i == 0 else 2}}" for i, p in enumerate(parts)), names[len(parts) - 1]
    finest: Precision = "second" if len(clock) > 2 else "minute"
    hour, minute, second = (*clock, 0)[:3]
    year, month, day = parts
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        local = moment.astimezone(zone) if zone else moment
    except (ValueError, OverflowError):
        return None, None
    return local.replace(tzinfo=None).isoformat(timespec=f"{finest}s"), finest


def is_real(parts: tuple[int, ...]) -> bool:
    """Whether the calendar has such a year, month or day."""
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return False
    return True
