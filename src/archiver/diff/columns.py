"""Which column of a table became which, as its header tells: a column that was put in moves all that stand behind it.

Without that a row would be compared by its place: what was the queue is held against what was granted. A table is a run
of rows, and its first row is a header where every cell has a letter or is a year. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from operator import eq

from archiver.diff.align import align, gaps
from archiver.diff.tokens import CELL
from archiver.model import Block

Step = tuple[int | None, int | None]
"""A column before and what it is after; None: it was not there, or is there no more."""
Cells = tuple[str | None, str | None]
"""The same of one row's cells."""

MOST = 100
"""Cells of the widest header that is looked at."""
_NAMES_COLUMN = re.compile(r"[^\W\d_]|\A(?:19|20)\d\d\Z")


class Tables:
    """The tables in two texts, looked up where a row changed."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self.sides = before, after
        self._heads: list[list[int]] | None = None
        self._known: dict[tuple[int, int], list[Step]] = {}

    def cells(self, row: int, column: int) -> list[Cells] | None:
        """The cells of a row before beside those of the row it became; None: as they stand."""
        steps = self._steps(row, column)
        if not steps:
            return None
        old, new = self.sides[0][row].text.split(CELL), self.sides[1][column].text.split(CELL)
        if sum(i is not None for i, _ in steps) != len(old) or sum(j is not None for _, j in steps) != len(new):
            return None
        cells = [(None if i is None else old[i], None if j is None else new[j]) for i, j in steps]
        if len(old) == len(new) and sum(a == b for a, b in cells) <= sum(map(eq, old, new)):
            return None
        return cells

    def _steps(self, row: int, column: int) -> list[Step]:
        """What became of the columns of the table that a row stands in; [] where its header does not tell."""
        if self._heads is None:
            self._heads = [_heads(side) for side in self.sides]
        heads = self._heads[0][row], self._heads[1][column]
        if heads not in self._known:
            old, new = (side[at].text.split(CELL) for side, at in zip(self.sides, heads, strict=True))
            self._known[heads] = list(_became(old, new))
        return self._known[heads]


def _heads(blocks: Sequence[Block]) -> list[int]:
    """For each block the first row of the table it stands in; its own place where it is no row."""
    heads: list[int] = []
    for at, block in enumerate(blocks):
        goes_on = at > 0 and block.kind == blocks[at - 1].kind == "table-row"
        heads.append(heads[-1] if goes_on else at)
    return heads


def _became(old: Sequence[str], new: Sequence[str]) -> Iterator[Step]:
    """What became of each column of a header; nothing where all stayed, or it is no header."""
    if old == new or max(len(old), len(new)) > MOST or not all(map(_NAMES_COLUMN.search, [*old, *new])):
        return
    runs = align(old, new)
    if not runs:
        return
    for (i, i_end, j, j_end), run in zip(gaps(runs, len(old), len(new)), [*runs, (0, 0, 0)], strict=True):
        if i_end - i == j_end - j:
            yield from zip(range(i, i_end), range(j, j_end), strict=True)
        else:
            yield from ((k, None) for k in range(i, i_end))
            yield from ((None, k) for k in range(j, j_end))
        yield from ((run[0] + k, run[1] + k) for k in range(run[2]))
