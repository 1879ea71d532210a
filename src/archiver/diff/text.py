"""The blocks that differ between two texts, and the words that differ inside them.

Theory of operation: equal blocks are lined up first. What is left over on both sides with equal text has moved. What
is left in one gap and is alike is one block that changed, and only there words are compared. The rest was removed or
added. The edits stand in the order of the new text, a removed block where it stood, and hold the unchanged blocks
too: `apply` gives the new text from the old one and the edits, `reverse` turns them round. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from archiver.diff.align import Gap, align, gaps
from archiver.diff.columns import Cells, Tables
from archiver.diff.joints import Pair, parted, with_joints
from archiver.diff.likeness import LOOKED_INTO, Likeness
from archiver.diff.numbering import with_renumbered
from archiver.diff.tokens import count_words
from archiver.diff.words import spans, whole
from archiver.model import Block, BlockEdit, Hunk, Span
from archiver.model.bulk import Columns

_KEY: Callable[[Block], Hashable] = attrgetter("text", "kind", "level", "part")
"""What makes two blocks the same."""
_EDITS = Columns(BlockEdit)
_BULK = 8
"""Blocks from which their edits are cheaper made in bulk."""


class _Became(NamedTuple):
    """What became of the blocks that the two texts do not share in order: places before by places after."""

    moved: dict[int, int]
    elsewhere: dict[int, int]  # moved and changed
    changed: list[list[Pair]]  # of each gap, in order


def compare_blocks(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockEdit, ...]:
    """The edits that lead from one text to the other, unchanged blocks among them."""
    old, new = list(map(_KEY, before)), list(map(_KEY, after))
    runs = align(old, new)
    between = gaps(runs, len(before), len(after))
    became = _became(before, after, between, old, new)
    taken = {*became.moved.values(), *became.elsewhere.values()}
    look, edits = _Look(before, after), list[BlockEdit]()
    for gap, pairs, run in zip(between, became.changed, [*runs, None], strict=True):
        if gap[0] < gap[1] or gap[2] < gap[3]:
            edits += _gap_edits(gap, pairs, became, taken, look)
        if run:
            i, j, n = run
            edits += look.plain("same", range(i, i + n), range(j, j + n))
    return with_renumbered(edits)


def apply(before: Sequence[Block], edits: Iterable[BlockEdit]) -> tuple[Block, ...]:
    """The new text, made from the old one and the edits. ValueError where the edits are not for this text."""
    placed: dict[int, Block] = {}
    for edit in edits:
        if edit.at_before is not None and (edit.at_before >= len(before) or before[edit.at_before] != edit.before):
            raise ValueError(f"block {edit.at_before} is not the one the edit was made for")
        if edit.after is None or edit.at_after is None:
            continue
        text = edit.after.text
        if edit.op == "changed":
            ahead = placed[edit.at_after].text if edit.joint and edit.at_after in placed else ""
            text = ahead + _side(edit, "removed")
        elif edit.before is not None:
            text = edit.before.text
        placed[edit.at_after] = replace(edit.after, text=text)
    return tuple(placed[k] for k in sorted(placed))


_TURNED = {"added": "removed", "removed": "added"}


def reverse(edits: Sequence[BlockEdit]) -> tuple[BlockEdit, ...]:
    """The edits that lead back."""
    turned = [_turn(e) for e in edits]
    moved = [e for e in turned if e.has_moved]
    moved.sort(key=lambda e: e.at_after or 0, reverse=True)
    ordered: list[BlockEdit] = []
    for edit in turned:
        if edit.has_moved:
            continue
        while edit.at_after is not None and moved and (moved[-1].at_after or 0) < edit.at_after:
            ordered.append(moved.pop())
        ordered.append(edit)
    return (*ordered, *reversed(moved))


def hunks(edits: Iterable[BlockEdit]) -> tuple[Hunk, ...]:
    """The very words removed, added and moved, in the order they are read; but for numbers that count rows."""
    found: list[Hunk] = []
    for edit in edits:
        if edit.op == "same" or edit.renumbered:
            continue
        old, new = edit.before.text if edit.before else None, edit.after.text if edit.after else None
        if edit.joint:  # its own part, or each hunk would seem to stand in all of them
            old, new = _side(edit, "added").strip(), _side(edit, "removed").strip()
        if edit.op == "changed":
            told = [(s.op, _words_of(s.text)) for s in edit.spans if s.op != "same"]
            found += [Hunk(op, text, old, new) for op, text in told if text]
        elif text := (new if new is not None else old):
            found.append(Hunk(edit.op, text, old, new))
    return tuple(found)


def _words_of(text: str) -> str:
    """A run without the spaces at its ends, nor what parts it from the next cell."""
    return text.strip().removeprefix("| ").removesuffix(" |")


def _side(edit: BlockEdit, without: str) -> str:
    """One side of a changed block, made of its spans."""
    return "".join([s.text for s in edit.spans if s.op != without])


def words_changed(edits: Iterable[BlockEdit]) -> tuple[int, int]:
    """How many words were added and how many removed; moved ones are neither."""
    added = removed = 0
    for edit in edits:
        if edit.op == "same":
            continue
        for span in _changed_spans(edit):
            count = count_words(span.text)
            added, removed = (added + count, removed) if span.op == "added" else (added, removed + count)
    return added, removed


def _changed_spans(edit: BlockEdit) -> Sequence[Span]:
    if edit.renumbered:
        return ()
    if edit.op == "changed":
        return [s for s in edit.spans if s.op != "same"]
    if edit.op == "added" and edit.after:
        return (Span("added", edit.after.text),)
    if edit.op == "removed" and edit.before:
        return (Span("removed", edit.before.text),)
    return ()


def _turn(edit: BlockEdit) -> BlockEdit:
    """One edit the other way round."""
    turned = tuple(Span(_TURNED.get(s.op, s.op), s.text) for s in edit.spans)  # type: ignore[arg-type]
    return BlockEdit(
        _TURNED.get(edit.op, edit.op),  # type: ignore[arg-type]
        edit.after, edit.before, edit.at_after, edit.at_before, _removed_first(turned), edit.renumbered,
        edit.elsewhere, edit.joint,
    )  # fmt: skip


def _removed_first(turned: tuple[Span, ...]) -> tuple[Span, ...]:
    """Neighbouring spans in our order: what was removed before what was added."""
    ordered = list(turned)
    for k in range(1, len(ordered)):
        if (ordered[k - 1].op, ordered[k].op) == ("added", "removed"):
            ordered[k - 1], ordered[k] = ordered[k], ordered[k - 1]
    return tuple(ordered)


def _gap_edits(
    gap: Gap, pairs: Sequence[Pair], became: _Became, taken: Container[int], look: "_Look"
) -> Iterator[BlockEdit]:
    """The edits of one gap: what was removed ahead of a changed block, what arrived ahead of it, then the block."""
    i, i_end, j, j_end = gap
    for group in [*_groups(pairs), [(i_end, j_end)]]:
        old, new = group[0]
        yield from look.plain("removed", rows=[k for k in range(i, old) if k not in taken])
        for has_come, places in groupby(range(j, new), key=lambda k: k in became.moved or k in became.elsewhere):
            came = list(places)
            yield from (look.arrived(k, became) for k in came) if has_come else look.plain("added", columns=came)
        if new < j_end:
            yield from look.edits(group)
        i, j = group[-1][0] + 1, group[-1][1] + 1


def _groups(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """The pairs, those that share a block together."""
    found: list[list[Pair]] = []
    for pair in pairs:
        if found and (found[-1][-1][0] == pair[0] or found[-1][-1][1] == pair[1]):
            found[-1].append(pair)
        else:
            found.append([pair])
    return found


class _Look:
    """The edits of blocks, and a look into those that changed, as long as a comparison may take."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self.before, self.after, self.left = before, after, LOOKED_INTO
        self._tables = Tables(before, after)

    def plain(
        self, op: Literal["same", "added", "removed"], rows: Sequence[int] = (), columns: Sequence[int] = ()
    ) -> Iterable[BlockEdit]:
        """The edits of blocks that stayed, came or went as they are, by their places before and after."""
        none = (None,) * (len(rows) or len(columns))
        old = tuple([self.before[k] for k in rows]) or none
        new = tuple([self.after[k] for k in columns]) or none
        columned = ((op,) * len(none), old, new, tuple(rows) or none, tuple(columns) or none)
        return _EDITS.together(columned) if len(none) >= _BULK else map(BlockEdit, *columned)

    def edits(self, group: Sequence[Pair]) -> Iterable[BlockEdit]:
        """The edits of a block that changed, or of one that was cut up, or of several that were made one."""
        return self._joint(group) if len(group) > 1 else (self.edit(*group[0]),)

    def edit(self, row: int, column: int, *, elsewhere: bool = False) -> BlockEdit:
        """The edit of a block that changed."""
        one, other = self.before[row], self.after[column]
        cells = self._tables.cells(row, column) if one.kind == other.kind == "table-row" else None
        found = self._into(one.text, other.text, cells)
        return BlockEdit("changed", one, other, row, column, found, elsewhere=elsewhere)

    def arrived(self, column: int, became: _Became) -> BlockEdit:
        """The edit of a block that came from elsewhere."""
        if column in became.moved:
            row = became.moved[column]
            return BlockEdit("moved", self.before[row], self.after[column], row, column)
        return self.edit(became.elsewhere[column], column, elsewhere=True)

    def _joint(self, group: Sequence[Pair]) -> Iterator[BlockEdit]:
        rows, columns = (list(dict.fromkeys(places)) for places in zip(*group, strict=True))
        old, new = [self.before[k].text for k in rows], [self.after[k].text for k in columns]
        found = self._into(" ".join(old), " ".join(new), None)
        parts = parted(found, new, "added") if len(new) > 1 else parted(found, old, "removed")
        for (i, j), part in zip(group, parts, strict=True):
            yield BlockEdit("changed", self.before[i], self.after[j], i, j, part, joint=True)

    def _into(self, old: str, new: str, cells: Sequence[Cells] | None) -> tuple[Span, ...]:
        """The words that differ between two texts."""
        self.left -= len(old) + len(new)
        return spans(old, new, cells) if self.left >= 0 else whole(old, new)


def _became(
    before: Sequence[Block],
    after: Sequence[Block],
    between: Sequence[Gap],
    old: Sequence[Hashable],
    new: Sequence[Hashable],
) -> _Became:
    """What became of the blocks in the gaps: moved where they are equal, changed where they are alike.

    Equal blocks first, wherever they went; then alike ones within a gap, in parts too; then equal words under another
    kind; then what is surely one, wherever it went.
    """
    gone = [k for i, i_end, _, _ in between for k in range(i, i_end)]
    come = [k for _, _, j, j_end in between for k in range(j, j_end)]
    if not gone or not come:
        return _Became({}, {}, [[] for _ in between])
    moved = {k: i for i, k in _equal(gone, come, old.__getitem__, new.__getitem__)}
    went, likeness, changed = set(moved.values()), Likeness(before, after), list[list[Pair]]()
    for i, i_end, j, j_end in between:
        rows = [k for k in range(i, i_end) if k not in went]
        columns = [k for k in range(j, j_end) if k not in moved]
        changed.append(with_joints(before, after, rows, columns, likeness.pairs(rows, columns)))
    here = [pair for pairs in changed for pair in pairs]
    left, come = _without(gone, went, {i for i, _ in here}), _without(come, moved, {j for _, j in here})
    again = {k: i for i, k in _equal(left, come, lambda k: before[k].text, lambda k: after[k].text)}
    left, come = _without(left, set(again.values()), ()), _without(come, again, ())
    return _Became(moved | again, {k: i for i, k in likeness.elsewhere(left, come)}, changed)


def _without(places: Sequence[int], some: Container[int], others: Container[int]) -> list[int]:
    return [k for k in places if k not in some and k not in others]


def _equal(
    gone: Iterable[int], come: Iterable[int], old: Callable[[int], Hashable], new: Callable[[int], Hashable]
) -> list[tuple[int, int]]:
    """Blocks that are gone in one place and come in another, first to first."""
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for k in gone:
        waiting[old(k)].append(k)
    for places in waiting.values():
        places.reverse()
    return [(waiting[new(k)].pop(), k) for k in come if waiting.get(new(k))]
