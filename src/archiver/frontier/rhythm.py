"""How often each page is looked at, where visits are few: by how often it has changed, within what its host may bear.

Three steps. What visits show of a page is kept as two fading numbers (`Seen`). They give its rate of change, together
with the rates of its neighbours, for most pages have never been seen to change (`rate`). And a site's visits, one for
each page in each span of its rhythm on the average, are spent where changes are likeliest (`allot`): a page that
changes four times as often is seen twice as often, which keeps the mean delay least (the square root rule; for
crawlers: Cho and Garcia-Molina, "Effective page refresh policies for web crawlers", 2003). But no page so seldom that
more than a twentieth of all changes would be seen later than if all pages were seen alike. Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

HALF_LIFE = 180 * 86_400.0
"""Seconds in which what was seen loses half of its weight: a page of a project that has ended falls silent."""
LEAST_SHAPE, MOST_SHAPE = 0.02, 1.0
"""Bounds of how alike pages are taken to be. At 1 their rates differ as waiting times do; near 0 a few pages make
nearly all changes, as on every site we know of."""
SHORTEST, LONGEST = 1 / 28, 8.0
"""Bounds of a page's interval, in multiples of the rhythm. (Of a week: six hours, eight weeks.)"""
_SPANS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, LONGEST)
_LATE = 0.95
"""Seen alike, all but a twentieth of changes are seen within this share of the rhythm."""
_STEPS = 40
FEWEST = 20
"""Changes that must have been seen of a site before its pages are told apart by them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What visits have shown of a page, fading: changes, and the seconds through which it was watched for them."""

    changes: float = 0.0
    watched: float = 0.0

    def after(self, seconds: float, *, changed: bool) -> "Seen":
        """With one more visit, so many seconds after the last. A change was, on the average, half-way between."""
        kept = 0.5 ** (seconds / HALF_LIFE)
        return Seen(self.changes * kept + changed, self.watched * kept + seconds * (0.5 if changed else 1.0))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a site's visits are spent: a page of rate r is seen every `scale / sqrt(r)` seconds, within bounds."""

    scale: float
    shortest: float  # seconds
    longest: float  # seconds
    mean: float  # changes a second of the site's pages: what a page with no history is taken for
    shape: float = MOST_SHAPE  # how alike they are

    def interval(self, seen: Seen) -> float:
        """Seconds until a page is seen again."""
        expected = rate(seen, self.mean, self.shape)
        return min(max(self.scale / math.sqrt(expected), self.shortest), self.longest) if expected else self.longest


def rate(seen: Seen, mean: float, shape: float) -> float:
    """Changes a second that are to be expected of a page: its own, drawn to the mean of its site where it says little.

    The mean of a gamma distribution over rates, with the site's mean and shape, once the page's history is known.
    """
    return (shape + seen.changes) / (shape / mean + seen.watched) if mean > 0 else 0.0


def allot(pages: Sequence[Seen], every: float) -> Rhythm | None:
    """How to spend a visit for each page in each span of `every` seconds, given what was seen of them.

    Of the bounds that keep changes from being seen late, the one under which the middle change is seen soonest. None
    where too few changes were seen to tell pages apart.
    """
    changes, watched = sum(page.changes for page in pages), sum(page.watched for page in pages)
    if changes < FEWEST or not watched:
        return None
    mean = changes / watched
    alike = Rhythm(0.0, every, every, mean)
    shape = _shape(pages, mean)
    rates = _grouped(sorted(rate(page, mean, shape) for page in pages))
    best, soonest = alike, every / 2
    for span in _SPANS:
        found = _balanced(rates, every, span * every, mean)
        intervals = [_interval(found, r) for r, _ in rates]
        if _late(rates, intervals, _LATE * every) <= 1 - _LATE and (middle := _median(rates, intervals)) < soonest:
            best, soonest = replace(found, shape=shape), middle
    return best


def _shape(pages: Sequence[Seen], mean: float) -> float:
    """How alike the pages' rates are, by what counts of changes vary beyond chance (the method of moments)."""
    expected = [mean * page.watched for page in pages]
    beyond = sum((page.changes - e) ** 2 - e for page, e in zip(pages, expected, strict=True))
    found = sum(e * e for e in expected) / beyond if beyond > 0 else MOST_SHAPE
    return min(max(found, LEAST_SHAPE), MOST_SHAPE)


def _grouped(rates: list[float]) -> list[tuple[float, int]]:
    """Rates that differ by less than a twentieth, as one, with how many they are: most pages are alike."""
    groups: list[tuple[float, int]] = []
    for each in rates:
        if groups and each <= groups[-1][0] * 1.05:
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((each, 1))
    return groups


def _interval(rhythm: Rhythm, expected: float) -> float:
    return min(max(rhythm.scale / math.sqrt(expected), rhythm.shortest), rhythm.longest)


def _balanced(rates: list[tuple[float, int]], every: float, longest: float, mean: float) -> Rhythm:
    """The scale at which the pages together are seen as often as if each were seen every `every` seconds."""
    budget = sum(count for _, count in rates) / every
    low, high = 0.0, longest * math.sqrt(rates[-1][0])
    for _ in range(_STEPS):
        scale = (low + high) / 2
        rhythm = Rhythm(scale, every * SHORTEST, longest, mean)
        spent = sum(count / _interval(rhythm, r) for r, count in rates)
        low, high = (scale, high) if spent > budget else (low, scale)
    return Rhythm(high, every * SHORTEST, longest, mean)


def _late(rates: list[tuple[float, int]], intervals: list[float], bound: float) -> float:
    """The share of changes that are seen later than the bound: a change falls anywhere between two visits."""
    weights = [r * count for r, count in rates]
    late = sum(w * max(0.0, 1 - bound / i) for w, i in zip(weights, intervals, strict=True))
    return late / sum(weights)


def _median(rates: list[tuple[float, int]], intervals: list[float]) -> float:
    """The delay within which half of all changes are seen."""
    weights = [r * count for r, count in rates]
    whole, low, high = sum(weights), 0.0, max(intervals)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        seen = sum(w * min(1.0, middle / i) for w, i in zip(weights, intervals, strict=True))
        low, high = (middle, high) if seen < whole / 2 else (low, middle)
    return high
