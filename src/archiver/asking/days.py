"""Days of Sweden, as the archive writes times."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")


def begins(day: str, later: int = 0) -> str:
    """When a Swedish day begins, or one so many days later, as the archive writes times: '2026-03-03T23:00:00Z'."""
    try:
        first = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time.min, ZONE)
        return f"{first.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")
    except OverflowError:
        return f"{day}T24:00:00Z" if later else f"{day}T00:00:00Z"
