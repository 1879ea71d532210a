"""When what has gathered is told: at once, or at the last hour, morning or weekday that has come. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from archiver.model import Rhythm


def latest(rhythm: Rhythm, now: datetime) -> datetime:
    """The last moment, up to now, at which it was time to tell: what was found before it is told. It may be long past,
    where nobody looked.

    Each day of the zone has one such moment: where a clock that is put forward leaves it out, the one an hour later by
    that clock; where it comes twice, the first (PEP 495).
    """
    if rhythm.every is None:
        return now
    if rhythm.every == "hour":
        return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    zone = ZoneInfo(rhythm.zone)
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=back) for back in range(9))
    fitting = (day for day in days if rhythm.every == "day" or day.weekday() == rhythm.on)
    moments = (datetime.combine(day, rhythm.at, zone).astimezone(UTC) for day in fitting)
    return next(moment for moment in moments if moment <= now)
