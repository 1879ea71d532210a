"""Times as the archive writes them: UTC, whole seconds, 'YYYY-MM-DDTHH:MM:SSZ'."""

from datetime import UTC, datetime


def to_text(at: datetime) -> str:
    """The time as stored. Raises ValueError for a time without a zone: it would be a guess."""
    if at.tzinfo is None:
        raise ValueError(f"a time without a zone: {at.isoformat()}")
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def to_time(text: str) -> datetime:
    """The time that was stored. Raises ValueError where it is none."""
    return datetime.fromisoformat(text).astimezone(UTC)


def to_text_or_none(at: datetime | None) -> str | None:
    """The time as stored, or None."""
    return None if at is None else to_text(at)


def to_time_or_none(text: str | None) -> datetime | None:
    """The time that was stored, or None."""
    return None if text is None else to_time(text)
