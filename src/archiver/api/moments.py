"""Days and times as people write them, to what the archive keeps: UTC, whole seconds."""

from datetime import UTC, date, datetime, timedelta

When = str | date | datetime
"""'2026-03-02', '2026-03-02T06:00Z', a `date`, or a `datetime`; without a zone it is UTC."""


def since(when: When | None) -> datetime | None:
    """The moment from which on: of a day its beginning. Raises ValueError for what is no time."""
    return None if when is None else _moment(when)[0]


def until(when: When | None) -> datetime | None:
    """The moment before which: a day counts whole. Raises ValueError for what is no time."""
    if when is None:
        return None
    moment, is_day = _moment(when)
    return moment + timedelta(days=1) if is_day else moment


def last_second(when: When) -> str:
    """The last second of the day, or that very second: how a state of a page is named by a time."""
    moment, is_day = _moment(when)
    return f"{moment:%Y-%m-%d}" if is_day else f"{moment:%Y-%m-%dT%H:%M:%S}"


def _moment(when: When) -> tuple[datetime, bool]:
    """The time, aware and UTC, and whether a whole day was meant."""
    if isinstance(when, datetime):
        moment, is_day = when, False
    elif isinstance(when, date):
        moment, is_day = datetime(when.year, when.month, when.day), True  # noqa: DTZ001  (its zone comes below)
    else:
        moment, is_day = _read(when.strip()), len(when.strip()) <= len("2026-03-02")
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).replace(microsecond=0), is_day


def _read(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time; write 2026-03-02 or 2026-03-02T06:00:00Z") from None
