"""Two sequences laid side by side: the runs they share, in order, found with bounded work.

Blocks, sentences, words and links are all lined up by `align`. Equal ends are trimmed; what is left is small as a
rule and goes to a longest common subsequence (rapidfuzz, bit-parallel: n x m bits of memory). Where it is not small,
elements that stand exactly once on both sides cut it up first (Bram Cohen's patience diff), and what is still too
large is cut evenly. So time grows with n, never with n x m, and the answer is always true, if not always longest.
Pure.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import count
from typing import TypeVar

from rapidfuzz.distance import LCSseq

Run = tuple[int, int, int]
"""Where a shared run begins on the left and on the right, and how long it is."""
Gap = tuple[int, int, int, int]
"""What lies between two runs: from and to on the left, from and to on the right."""

_Row = TypeVar("_Row", str, list[int])

SIDE = 4_000
"""Elements of a side that are compared in one piece: 4,000 x 4,000 takes about 1 ms and two megabytes."""
GRAIN = 250
"""Elements of a side below which there is nothing to save: such are compared as they come."""


def align(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Run]:
    """The runs that both sides share, in order; none touches the one before it on both sides.

    Of texts and of tuples: a few are told apart by their hashes, which are of 64 bits and salted.
    """
    if len(left) < GRAIN and len(right) < GRAIN:
        return _longest(left, right)
    ids: dict[Hashable, int] = defaultdict(count().__next__)
    a = list(map(ids.__getitem__, left))
    b = list(map(ids.__getitem__, right))
    return _joined(_runs(a, b, (0, len(a), 0, len(b))))


def gaps(runs: Sequence[Run], left: int, right: int) -> list[Gap]:
    """The stretches before, between and after the runs, one more than there are runs; some are empty."""
    starts = [(0, 0), *((i + n, j + n) for i, j, n in runs)]
    ends = [*((i, j) for i, j, _ in runs), (left, right)]
    return [(i, k, j, m) for (i, j), (k, m) in zip(starts, ends, strict=True)]


def shared_start(a: _Row, b: _Row) -> int:
    """How many elements two lists, or letters two texts, share at their start.

    By halving, since slices compare at C speed.
    """
    low, high = 0, min(len(a), len(b))
    if a[:high] == b[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle
    return low


def heaviest(pairs: Iterable[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """Of weighted pairs (left, right, weight), those that keep both orders and weigh most together.

    A Fenwick tree over the right side holds the heaviest chain that ends at or before each place.
    """
    ordered = sorted(pairs, key=lambda p: (p[0], -p[1]))
    places = {j: rank for rank, j in enumerate(sorted({j for _, j, _ in ordered}), start=1)}
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    previous: list[int] = []
    for index, (_, j, weight) in enumerate(ordered):
        best, place = (0.0, -1), places[j] - 1
        while place > 0:
            best, place = max(best, tree[place]), place & (place - 1)
        previous.append(best[1])
        place, chain = places[j], (best[0] + weight, index)
        while place < len(tree):
            tree[place], place = max(tree[place], chain), place + (place & -place)
    at = max(tree)[1] if ordered else -1
    chosen = []
    while at >= 0:
        chosen.append(ordered[at][:2])
        at = previous[at]
    return chosen[::-1]


def _runs(a: list[int], b: list[int], gap: Gap) -> Iterator[Run]:
    """The shared runs inside a gap: ends trimmed, then pieces small enough to be compared whole."""
    i, i_end, j, j_end = gap
    start = shared_start(a[i:i_end], b[j:j_end])
    end = shared_start(a[i + start : i_end][::-1], b[j + start : j_end][::-1])
    if start:
        yield i, j, start
    inner = (i + start, i_end - end, j + start, j_end - end)
    for piece in _pieces(a, b, inner):
        x, x_end, y, y_end = piece
        yield from ((x + p, y + q, n) for p, q, n in _longest(a[x:x_end], b[y:y_end]))
    if end:
        yield i_end - end, j_end - end, end


def _pieces(a: list[int], b: list[int], gap: Gap) -> Iterator[Gap]:
    """The gap whole, or cut at elements that are unique on both sides, then evenly, until each piece is small."""
    i, i_end, j, j_end = gap
    if (i_end - i) * (j_end - j) <= SIDE * SIDE:
        yield gap
        return
    for x, y in [*_anchors(a, b, gap), (i_end, j_end)]:
        if x - i < GRAIN and y - j < GRAIN and (x, y) != (i_end, j_end):
            continue
        count = max(1, -(-(x - i) // SIDE), -(-(y - j) // SIDE))
        for k in range(count):
            yield (
                i + (x - i) * k // count,
                i + (x - i) * (k + 1) // count,
                j + (y - j) * k // count,
                j + (y - j) * (k + 1) // count,
            )
        i, j = x, y


def _anchors(a: list[int], b: list[int], gap: Gap) -> list[tuple[int, int]]:
    """Where elements stand exactly once on each side of the gap, in their longest common order."""
    i, i_end, j, j_end = gap
    once_a, once_b = Counter(a[i:i_end]), Counter(b[j:j_end])
    place = {item: at for at, item in enumerate(b[j:j_end], start=j) if once_b[item] == 1}
    pairs = [(x, place[a[x]]) for x in range(i, i_end) if once_a[a[x]] == 1 and a[x] in place]
    tails: list[int] = []
    chains: list[tuple[int, int]] = []  # (index of the pair, index of the chain before it)
    heads: list[int] = []
    for index, (_, y) in enumerate(pairs):
        at = bisect_left(tails, y)
        tails[at : at + 1] = [y]
        chains.append((index, heads[at - 1] if at else -1))
        heads[at : at + 1] = [len(chains) - 1]
    found, at = [], heads[-1] if heads else -1
    while at >= 0:
        index, at = chains[at]
        found.append(pairs[index])
    return found[::-1]


def _longest(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Run]:
    """The runs of a longest common subsequence."""
    if not left or not right:
        return []
    return [(run.a, run.b, run.size) for run in LCSseq.editops(left, right).as_matching_blocks()[:-1]]


def _joined(runs: Iterable[Run]) -> list[Run]:
    """The runs with those that touch on both sides made one."""
    joined: list[Run] = []
    for i, j, n in runs:
        if joined and joined[-1][0] + joined[-1][2] == i and joined[-1][1] + joined[-1][2] == j:
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + n)
        else:
            joined.append((i, j, n))
    return joined
