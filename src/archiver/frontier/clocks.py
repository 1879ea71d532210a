"""What an address tells of when its page was made: no date of the page's, but a day it cannot be older than. Pure."""

import re
from datetime import UTC, datetime

from archiver.model import Profile

_NODE = re.compile(r"[./](?:[45]|18)\.([0-9a-f]{15,32})(?=[./]|\Z)")
_OFFSETS = (8, 7, 6)
"""Where the clock of a Sitevision node id begins: behind eight hex digits, of which leading zeros are not written."""
_DIGITS = 11
"""Hex digits of the clock: milliseconds since 1970."""
_FIRST_YEAR = 2004
"""Before it there were no such ids."""


def not_before(url: str, profile: Profile, by: datetime) -> str | None:
    """The day ('2022-12-22', UTC) before which the page at this URL was not made; None where nothing tells.

    The ids of a CMS's nodes hold the moment at which its id generator was started: never a publication date, but no
    page is older than its node. `by`: when the page was seen, which no clock may be after.
    """
    if profile.identity != "sitevision":
        return None
    found = _NODE.search(url)
    for offset in _OFFSETS if found else ():
        digits = found[1][offset : offset + _DIGITS] if found else ""
        if len(digits) == _DIGITS:
            seconds = int(digits, 16) // 1000
            if seconds <= by.timestamp() and (at := datetime.fromtimestamp(seconds, UTC)).year >= _FIRST_YEAR:
                return f"{at:%Y-%m-%d}"
    return None
