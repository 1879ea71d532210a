"""A date as listings print it, in ISO 8601. Pure."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_W3C = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?\Z")  # a date alone, to the precision printed (W3C-DTF)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def iso(printed: str) -> str | None:
    """A listing's date as ISO 8601, no finer than printed; None where it is neither W3C-DTF nor RFC 822."""
    text = printed.strip()[:64]
    if _W3C.match(text):
        return text if _is_day((text + "-01-01")[:10]) else None
    try:
        if _ISO.match(text):
            return datetime.fromisoformat(text).isoformat()
        return parsedate_to_datetime(text).isoformat() if ":" in text else None
    except (ValueError, TypeError, IndexError, OverflowError):  # email.utils lets all four out
        return None


def _is_day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
