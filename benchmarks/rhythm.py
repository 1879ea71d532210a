"""How soon a change is seen, at equal budget: fixed intervals, back-off by age as NewsDiffs does it, and ours.

    python -m benchmarks.rhythm [--hosts 300] [--pages 60] [--days 365] [--json]

A simulated year of hosts whose pages change at known times. How often pages change follows the revision series of the
corpus: of 28,367 pages of a government 351 changed in 450 days, three quarters of them once; of 171 pages of a
municipality's culture house 5 in 28 days; pages of figures and lists every day. Every policy may ask for each page once
a week on the average and no more; what a change is worth does not depend on its page.
"""

import heapq
import json
import random
import statistics
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from archiver.frontier.rhythm import Rhythm, Seen, allot
from benchmarks.tables import table

DAY = 86_400.0
WEEK = 7 * DAY
KINDS: tuple[tuple[float, float], ...] = ((0.70, 0.01), (0.22, 0.4), (0.05, 4.0), (0.02, 26.0), (0.01, 200.0))
"""Share of pages, and changes a year of each: dead pages, pages that are kept, busy ones, weekly lists, daily lists.
(0.01 and 0.4 are the rates of the two series; lists are of the third, and of every municipality's news.)"""
MORE = 0.05
"""The chance that a change is followed by another within days: an editor who mends what was just put out."""


@dataclass
class Page:
    """One page: when it changes, and what a policy has seen of it."""

    changes: list[float]
    born: float  # when it was first seen
    last: float = 0.0  # visit
    next_change: int = 0
    last_change: float = 0.0  # seen
    seen: Seen = field(default_factory=Seen)


@dataclass
class Result:
    """What a policy came to."""

    visits: int = 0
    delays: list[float] = field(default_factory=list)


Policy = Callable[[Page, float], float]
"""After a visit of a page at a time: seconds until the next."""


def drawn(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311 (a simulation)


def make_host(pages: int, days: int, chance: random.Random) -> list[list[float]]:
    """The change times of each page of a host, in seconds."""
    times: list[list[float]] = []
    for _ in range(pages):
        share = chance.random()
        rate = next(r for total, r in _running() if share <= total) * chance.gammavariate(1.0, 1.0)
        found: list[float] = []
        now = 0.0
        while rate and (now := now + chance.expovariate(rate / (365 * DAY))) < days * DAY:
            found.append(now)
            if chance.random() < MORE:
                found.append(now + chance.expovariate(1 / (2 * DAY)))
        times.append(sorted(t for t in found if t < days * DAY))
    return times


def _running() -> Sequence[tuple[float, float]]:
    total = 0.0
    running: list[tuple[float, float]] = []
    for share, rate in KINDS:
        total += share
        running.append((total, rate))
    return (*running[:-1], (1.0, running[-1][1]))


def simulate(times: list[list[float]], days: int, policy: Policy, chance: random.Random, result: Result,
             settle: Callable[[list[Page]], None] | None = None) -> None:  # fmt: skip
    """One host for so many days; what was seen when is added to the result. `settle` is called once a day."""
    pages = [Page(changes, 0.0) for changes in times]
    queue = [(chance.random() * WEEK, n) for n in range(len(pages))]
    heapq.heapify(queue)
    tomorrow = DAY
    while queue and queue[0][0] < days * DAY:
        now, n = heapq.heappop(queue)
        if settle is not None and now >= tomorrow:
            settle(pages)
            tomorrow += DAY
        page = pages[n]
        changed = False
        while page.next_change < len(page.changes) and page.changes[page.next_change] <= now:
            result.delays.append(now - page.changes[page.next_change])
            page.next_change += 1
            changed = True
        page.seen = page.seen.after(now - page.last, changed=changed)
        page.last, page.last_change = now, now if changed else page.last_change
        result.visits += 1
        heapq.heappush(queue, (now + policy(page, now), n))


def fixed(span: float) -> Policy:
    """Every page alike."""
    return lambda _page, _now: span


def backing_off(scale: float) -> Policy:
    """Often while a page is young or has just changed, then ever more seldom (NewsDiffs, by the age of an article)."""
    return lambda page, now: scale * min(max(0.1 * (now - page.last_change), DAY / 4), 4 * WEEK)


class Ours:
    """The policy of `archiver.frontier.rhythm`, allotted anew each day."""

    def __init__(self) -> None:
        self.rhythm: Rhythm | None = None

    def settle(self, pages: list[Page]) -> None:
        """Spend the visits anew."""
        self.rhythm = allot([page.seen for page in pages], WEEK) or self.rhythm

    def __call__(self, page: Page, _now: float) -> float:
        return self.rhythm.interval(page.seen) if self.rhythm else WEEK


def run(hosts: int, pages: int, days: int, seed: int = 1) -> dict[str, dict[str, float]]:
    """The figures of each policy: visits, and the days until half, and nineteen of twenty, of the changes are seen."""
    chance = drawn(seed)
    worlds = [make_host(pages, days, chance) for _ in range(hosts)]
    results = {name: Result() for name in ("fixed", "backing off", "ours")}
    for world in worlds:
        simulate(world, days, fixed(WEEK), drawn(2), results["fixed"])
        ours = Ours()
        simulate(world, days, ours, drawn(2), results["ours"], ours.settle)
    scale = _equal(worlds, days, results["fixed"].visits)
    for world in worlds:
        simulate(world, days, backing_off(scale), drawn(2), results["backing off"])
    return {name: _figures(result) for name, result in results.items()}


def _equal(worlds: list[list[list[float]]], days: int, visits: int) -> float:
    """The scale at which backing off asks as often as the fixed policy, by a tenth of the hosts."""
    some = worlds[:: max(1, len(worlds) // 30)]
    low, high = 0.01, 20.0
    for _ in range(12):
        scale = (low + high) / 2
        result = Result()
        for world in some:
            simulate(world, days, backing_off(scale), drawn(2), result)
        low, high = (scale, high) if result.visits > visits * len(some) / len(worlds) else (low, scale)
    return high


def _figures(result: Result) -> dict[str, float]:
    delays = sorted(result.delays)
    return {
        "visits": result.visits,
        "changes": len(delays),
        "median_days": round(statistics.median(delays) / DAY, 3),
        "p95_days": round(delays[int(0.95 * len(delays))] / DAY, 3),
        "mean_days": round(statistics.mean(delays) / DAY, 3),
    }


def main() -> None:
    """Print the table."""
    parser = ArgumentParser(prog="python -m benchmarks.rhythm", description=__doc__.partition("\n")[0])
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = run(asked.hosts, asked.pages, asked.days)
    if asked.json:
        json.dump(found, sys.stdout)
        return
    columns = ["visits", "changes", "median_days", "p95_days", "mean_days"]
    print(table(["policy", *columns], [[name, *(str(row[c]) for c in columns)] for name, row in found.items()]))


if __name__ == "__main__":
    main()
