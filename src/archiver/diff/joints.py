"""Blocks that were cut in two or more, and blocks that were made one.

An editor who puts a line break into a paragraph wrote nothing, and who changes a word on the way wrote one word. Such
blocks are compared as one text; each edit then tells its own part (`BlockEdit.joint`). A block is held to be a part of
another where its text stands in it, or most of its words do and many of them are not in the other parts. Pure.
"""

from collections.abc import Iterable, Sequence, Set
from typing import Literal

from archiver.diff.likeness import word_set
from archiver.model import Block, BlockKind, Span

WITHIN = 0.8
"""The share of a part's words that must stand in the whole."""
OWN = 0.4
"""The share of them that the other parts must lack: function words stand everywhere."""
FEWEST = 3
"""Words of the shortest part that is known by its words."""
TELLING = 20
"""Letters from which a text that stands in another to the letter is a part of it."""
GROWN = 1.3
"""How much longer than the whole its parts may be together: something may have been put in."""
MOST_PARTS = 12
"""Parts of one block: more are a text written anew."""
FEW = 100
"""Pairs of a gap up to which a block that became no other is looked for in parts."""
_RUNNING: frozenset[BlockKind] = frozenset({"paragraph", "list-item", "quote"})

Pair = tuple[int, int]
"""The places of a block before and of one after it."""


def with_joints(
    before: Sequence[Block], after: Sequence[Block], rows: Sequence[int], columns: Sequence[int], pairs: Sequence[Pair]
) -> list[Pair]:
    """The pairs of a gap, in order, and those by which a block has several partners.

    `rows` and `columns`: the places in the gap that nothing else explains, those of the pairs among them.
    """
    if len(pairs) == len(rows) == len(columns):
        return list(pairs)
    free_rows = set(rows).difference(row for row, _ in pairs)
    free_columns = set(columns).difference(column for _, column in pairs)
    found: list[Pair] = []
    for pair in pairs:
        found += [pair, *_beside(before, after, pair, free_rows, free_columns)]
    if 0 < len(free_rows) * len(free_columns) <= FEW:
        for row in sorted(free_rows):
            seed = _seed(before, after, row, free_columns, found) if row in free_rows else None
            if seed and (parts := _beside(before, after, seed, free_rows, free_columns)):
                free_rows.discard(row)
                free_columns.discard(seed[1])
                found += [seed, *parts]
    return sorted(found)


def _seed(
    before: Sequence[Block], after: Sequence[Block], row: int, columns: Iterable[int], found: Sequence[Pair]
) -> Pair | None:
    """A block that became no other, with the first that stands in it to the letter, or in which it does.

    Only where no pair that is found would be crossed: blocks of a gap keep their order.
    """
    low = max((column for other, column in found if other < row), default=-1)
    high = min((column for other, column in found if other > row), default=len(after))
    fitting = (k for k in sorted(columns) if low < k < high and _stands_in(before[row].text, after[k].text))
    return next(((row, column) for column in fitting), None)


def _beside(
    before: Sequence[Block], after: Sequence[Block], pair: Pair, free_rows: set[int], free_columns: set[int]
) -> list[Pair]:
    """The pairs of a block with the further parts of its partner; these are free no longer."""
    row, column = pair
    if cut := _parts(before[row], column, after, free_columns):
        free_columns.difference_update(cut)
        return [(row, k) for k in cut]
    joined = _parts(after[column], row, before, free_rows)
    free_rows.difference_update(joined)
    return [(k, column) for k in joined]


def _stands_in(one: str, other: str) -> bool:
    """Whether the shorter of two texts is telling and stands in the other."""
    part, whole = sorted((one, other), key=len)
    return len(part) >= TELLING and part in whole


def _parts(whole: Block, at: int, side: Sequence[Block], free: Set[int]) -> list[int]:
    """The neighbours of a block that are parts of the whole as it is, the nearest first."""
    if whole.kind not in _RUNNING or side[at].kind not in _RUNNING:
        return []
    found: list[int] = []
    letters, others = len(side[at].text), word_set(side[at].text)
    for step in (1, -1):
        k = at + step
        while k in free and len(found) < MOST_PARTS and side[k].kind in _RUNNING:
            letters += len(side[k].text)
            if letters > GROWN * len(whole.text) or not _is_part(side[k].text, whole.text, side[at].text, others):
                letters -= len(side[k].text)
                break
            others |= word_set(side[k].text)
            found.append(k)
            k += step
    return found


def _is_part(part: str, whole: str, beside: str, others: Set[str]) -> bool:
    if len(part) >= TELLING and part in whole and part not in beside:
        return True
    words, within = word_set(part), word_set(part) & word_set(whole)
    return len(words) >= FEWEST and len(within) >= WITHIN * len(words) and len(within - others) >= OWN * len(words)


def parted(spans: Sequence[Span], texts: Sequence[str], op: Literal["added", "removed"]) -> list[tuple[Span, ...]]:
    """The spans of a comparison with several texts that were joined by a space, cut where these end.

    `op`: 'added' where the texts are those after, 'removed' where they are those before. The space is not theirs: where
    the other side has one, it alone is told.
    """
    other: Literal["added", "removed"] = "removed" if op == "added" else "added"
    parts: list[list[Span]] = [[]]
    left = len(texts[0])
    for span in spans:
        text = span.text
        while span.op != other and len(text) > left and len(parts) < len(texts):
            if left:
                parts[-1].append(Span(span.op, text[:left]))
            if span.op == "same":
                parts[-1].append(Span(other, " "))
            text, left = text[left + 1 :], len(texts[len(parts)])
            parts.append([])
        if span.op != other:
            left -= len(text)
        if text:
            parts[-1].append(Span(span.op, text))
    return [tuple(part) for part in parts]
