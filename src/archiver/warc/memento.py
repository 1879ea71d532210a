"""TimeMaps: which moments of a page another archive has (RFC 7089 section 5, in the link format of RFC 6690). Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_VALUE = r"[A-Za-z*-]{1,30}\s*=\s*(?:\"[^\"]{0,2000}\"|[^\s;,\"]{1,200})"
_LINK = re.compile(rf"\s*<([^<>\s]{{1,8000}})>((?:\s*;\s*{_VALUE})*)\s*(?:,|\Z)")
_PARAMETER = re.compile(r";\s*([A-Za-z*-]{1,30})\s*=\s*(?:\"([^\"]{0,2000})\"|([^\s;,\"]{1,200}))")
_RAW = re.compile(r"(/\d{14})(?:[a-z]{2}_)?(/)")
"""Where Wayback-like archives take a word for how to answer: 'id_' is the answer as it was received."""
MOST = 100_000
"""Links of a TimeMap that are looked at."""


@dataclass(frozen=True, slots=True)
class Memento:
    """One moment that an archive has of a page."""

    url: str
    at: datetime
    original: str | None = None  # the page it is of; None: that of its TimeMap


@dataclass(frozen=True, slots=True)
class TimeMap:
    """The moments, the page they are of, and other TimeMaps that go on from here."""

    original: str | None
    mementos: tuple[Memento, ...]
    further: tuple[str, ...]


def parse_timemap(text: str) -> TimeMap:
    """The TimeMap; what in it is no link, or has no time, is left out."""
    original: str | None = None
    mementos: list[Memento] = []
    further: list[str] = []
    at = 0
    while len(mementos) < MOST and (link := _LINK.match(text, at)):
        at = link.end()
        named = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(link[2])}
        rels = named.get("rel", "").lower().split()
        moment = moment_of(named.get("datetime"))
        if "original" in rels:
            original = original or link[1]
        elif "memento" in rels and moment is not None:
            mementos.append(Memento(link[1], moment))
        elif "timemap" in rels and "self" not in rels:
            further.append(link[1])
    return TimeMap(original, tuple(sorted(mementos, key=lambda m: (m.at, m.url))), tuple(further))


def as_received(url: str) -> str:
    """The address of a memento without what a replaying archive adds to it, where it has one."""
    return _RAW.sub(r"\1id_\2", url, count=1)


def moment_of(text: str | None) -> datetime | None:
    """The time in a header or a link: 'Mon, 02 Mar 2026 06:00:00 GMT'; None where it is none."""
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
