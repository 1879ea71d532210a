"""Pages that went at one address and stand at a new one, known by their text.

A page is not its address: a site that is built anew gives every page another one, and not all of them leave a redirect
behind. What is told here is only what can be shown: passages that stood on the one page that went and stand on the one
page that came, to the letter, and that make up most of both. Where another page says the same, nothing is told. Pure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.diff.fold import Limits
from archiver.diff.tokens import only_words

TITLES = 0.5
"""The share of words from which two titles are one page's: a site's name behind it comes and goes."""


@dataclass(frozen=True, slots=True)
class Stood:
    """A page's text as it stood: when it went, or as it came."""

    id: int  # of the revision
    url: str
    title: str | None
    at: datetime  # last seen before it went, or first seen
    passages: Mapping[int, int]  # each passage's words, by its id


@dataclass(frozen=True, slots=True)
class Move:
    """A page that went, and where it stands now."""

    gone: int  # the revision in which it is gone
    url: str
    at: datetime  # first seen there
    share: float  # of the longer text's words, how many stand in passages of both


def moves(gone: Sequence[Stood], come: Sequence[Stood], limits: Limits) -> list[Move]:
    """Which pages that went are which that came later; at most one each way."""
    left, right = _holders(gone), _holders(come)
    own = {p for p, places in left.items() if len(places) == 1 and len(right.get(p, ())) == 1}
    found = [
        Move(old.id, new.url, new.at, share)
        for old in gone
        for new in _candidates(old, own, right, come)
        if new.at > old.at and _have_one_title(old.title, new.title)
        if _words(old, own & old.passages.keys() & new.passages.keys()) >= limits.moved_words
        if (share := _shared(old, new)) >= limits.moved_share
    ]
    by_old, by_new = Counter(m.gone for m in found), Counter(m.url for m in found)
    return [m for m in found if by_old[m.gone] == by_new[m.url] == 1]


def _holders(pages: Iterable[Stood]) -> dict[int, list[int]]:
    """The places of the pages that hold each passage."""
    holders: dict[int, list[int]] = {}
    for at, page in enumerate(pages):
        for passage in page.passages:
            holders.setdefault(passage, []).append(at)
    return holders


def _candidates(old: Stood, own: Collection[int], right: Mapping[int, list[int]], come: Sequence[Stood]) -> list[Stood]:
    """The pages that came with a passage which only this page had."""
    return [come[at] for at in sorted({right[p][0] for p in old.passages if p in own})]


def _shared(old: Stood, new: Stood) -> float:
    longer = max(sum(old.passages.values()), sum(new.passages.values()))
    return _words(old, old.passages.keys() & new.passages.keys()) / longer if longer else 0.0


def _words(page: Stood, passages: Iterable[int]) -> int:
    return sum(page.passages[p] for p in passages)


def _have_one_title(one: str | None, other: str | None) -> bool:
    a, b = (set(only_words((title or "").casefold())) for title in (one, other))
    return a == b or (bool(a and b) and 2 * len(a & b) >= TITLES * (len(a) + len(b)))
