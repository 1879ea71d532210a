"""Spans of time, sizes and hours as people write them: 'week', '6 hours', '20 MB', '22:00-06:00'."""

import re
from datetime import time

UNITS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
SIZES = {"": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
SHORTEST = 60
_SPAN = re.compile(r"(?:(\d{1,5})\s*)?([a-z]+?)s?\Z")
_SIZE = re.compile(r"(\d{1,9})\s*([KMG]?B?)\Z", re.I)
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})\Z")
_HOURS = re.compile(r"(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})\Z")


def seconds(value: object) -> int:
    """The seconds in 'day', 'week', 'month', '6 hours'; raises ValueError with what was expected."""
    found = _SPAN.match(value.strip().lower()) if isinstance(value, str) else None
    unit = UNITS.get(found[2]) if found else None
    if found is None or unit is None:
        raise ValueError("expected hour, day, week, month, or a number of them: '6 hours'")
    span = int(found[1] or 1) * unit
    if span < SHORTEST:
        raise ValueError("expected a minute at least")
    return span


def size(value: object) -> int:
    """The bytes in '20 MB' or 20000000; raises ValueError with what was expected."""
    found = _SIZE.match(value.strip()) if isinstance(value, str) else None
    count = int(found[1]) * SIZES[found[2].upper()] if found else value
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ValueError("expected a size: '20 MB', '500 kB', or a number of bytes")
    return count


def time_of_day(value: object) -> time:
    """The time in '07:00'; raises ValueError with what was expected."""
    found = _TIME.match(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        pass
    raise ValueError("expected a time of day: '07:00'")


def hours(value: object) -> tuple[time, time]:
    """Start and end in '22:00-06:00'; raises ValueError with what was expected."""
    found = _HOURS.match(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        pass
    raise ValueError("expected two times of day: '22:00-06:00'")
