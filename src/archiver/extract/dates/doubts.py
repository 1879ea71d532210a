"""What a person should look at among the claims of a page, once they are judged. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from archiver.extract.dates.declared import PAGE_DATES
from archiver.model import Claim, Issue, Meaning, believed


def doubts(claims: Iterable[Claim], at: datetime, zone: str = "Europe/Stockholm") -> tuple[Issue, ...]:
    """What a person should look at among the judged claims; `at` is when the page was seen."""
    said = tuple(claims)
    today = at.astimezone(ZoneInfo(zone)).date().isoformat()
    return tuple(chain.from_iterable(_doubts_of(meaning, said, today) for meaning in PAGE_DATES)) + _order(said)


def _doubts_of(meaning: Meaning, claims: Sequence[Claim], today: str) -> Iterator[Issue]:
    best = believed(claims, meaning)
    others = [c for c in claims if c.meaning == meaning and not c.believed]
    if best is None and (empty := next((c for c in others if c.doubt == "no-value"), None)):
        yield Issue("label-without-value", f"{meaning}: {empty.label!r} with nothing behind it")
    for other in [c for c in others if c.doubt == "contradicted"][:3]:
        against = f"{best.rule} says {best.value}" if best else "no witness settles it"
        yield Issue("witnesses-disagree", f"{meaning}: {other.rule} says {other.value}, {against}")
    for other in [c for c in others if c.doubt == "future"][:1]:
        yield Issue("date-in-future", f"{meaning}: {other.rule} says {other.value}, seen on {today}")
    if best and (best.value or "")[:10] == today:
        yield Issue("date-is-fetch-day", f"{meaning}: {best.rule} says {best.value}, the day it was fetched")


def _order(claims: Sequence[Claim]) -> tuple[Issue, ...]:
    """Whether the page says that it was updated before it was published."""
    values = [c.value if (c := believed(claims, meaning)) else None for meaning in ("updated", "published")]
    updated, published = (v or "" for v in values)
    common = min(len(updated), len(published), len("2019-11-08"))
    if updated[:common] >= published[:common]:
        return ()
    return (Issue("updated-before-published", f"updated {updated}, published {published}"),)
