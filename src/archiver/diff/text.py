"""The blocks that differ between two texts, and the words that differ inside them.

Theory of operation: equal blocks are lined up first. What is left over on both sides with equal text has moved. What
is left in one gap and is alike is one block that changed, and only there words are compared. The rest was removed or
added. The edits stand in the order of the new text, a removed block where it stood, and hold the unchanged blocks
too: `apply` gives the new text from the old one and the edits, `reverse` turns them round. Pure.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from archiver.diff.align import Gap, align, gaps
from archiver.diff.likeness import LOOKED_INTO, Likeness
from archiver.diff.numbering import with_renumbered
from archiver.diff.tokens import count_words
from archiver.diff.words import spans, whole
from archiver.model import Block, BlockEdit, Hunk, Op, Span

_KEY: Callable[[Block], Hashable] = attrgetter("text", "kind", "level", "part")
"""What makes two blocks the same."""


class _Match(NamedTuple):
    """Which block before became this block after."""

    op: Op | str
    before: int


def compare_blocks(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockEdit, ...]:
    """The edits that lead from one text to the other, unchanged blocks among them."""
    old, new = list(map(_KEY, before)), list(map(_KEY, after))
    runs = align(old, new)
    between = gaps(runs, len(before), len(after))
    matches = _matches(before, after, between, old, new)
    taken = {m.before for m in matches.values()}
    look, edits = _Look(), list[BlockEdit]()
    for gap, run in zip(between, [*runs, None], strict=True):
        if gap[0] < gap[1] or gap[2] < gap[3]:
            edits += _gap_edits(before, after, gap, matches, taken, look)
        if run:
            i, j, n = run
            edits += [BlockEdit("same", before[i + k], after[j + k], i + k, j + k) for k in range(n)]
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
            text = "".join(s.text for s in edit.spans if s.op != "removed")
        elif edit.before is not None:
            text = edit.before.text
        placed[edit.at_after] = replace(edit.after, text=text)
    return tuple(placed[k] for k in sorted(placed))


_TURNED = {"added": "removed", "removed": "added"}


def reverse(edits: Sequence[BlockEdit]) -> tuple[BlockEdit, ...]:
    """The edits that lead back."""
    turned = [_turn(e) for e in edits]
    moved = sorted((e for e in turned if e.op == "moved"), key=lambda e: e.at_after or 0, reverse=True)
    ordered: list[BlockEdit] = []
    for edit in turned:
        if edit.op == "moved":
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
        if edit.op == "changed":
            found += [Hunk(s.op, s.text.strip(), old, new) for s in edit.spans if s.op != "same" and s.text.strip()]
        elif text := (new if new is not None else old):
            found.append(Hunk(edit.op, text, old, new))
    return tuple(found)


def words_changed(edits: Iterable[BlockEdit]) -> tuple[int, int]:
    """How many words were added and how many removed; moved ones are neither."""
    added = removed = 0
    for edit in edits:
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
    )  # fmt: skip


def _removed_first(turned: tuple[Span, ...]) -> tuple[Span, ...]:
    """Neighbouring spans in our order: what was removed before what was added."""
    ordered = list(turned)
    for k in range(1, len(ordered)):
        if (ordered[k - 1].op, ordered[k].op) == ("added", "removed"):
            ordered[k - 1], ordered[k] = ordered[k], ordered[k - 1]
    return tuple(ordered)


def _gap_edits(
    before: Sequence[Block],
    after: Sequence[Block],
    gap: Gap,
    matches: dict[int, _Match],
    taken: set[int],
    look: "_Look",
) -> Iterator[BlockEdit]:
    """The edits of one gap: what was removed ahead of a changed block, what arrived ahead of it, then the block."""
    i, i_end, j, j_end = gap
    changed = [(m.before, k) for k in range(j, j_end) if (m := matches.get(k)) and m.op == "changed"]
    for old, new in [*changed, (i_end, j_end)]:
        yield from (BlockEdit("removed", before[k], None, k, None) for k in range(i, old) if k not in taken)
        for k in range(j, new):
            match = matches.get(k)
            if match:
                yield BlockEdit("moved", before[match.before], after[k], match.before, k)
            else:
                yield BlockEdit("added", None, after[k], None, k)
        if new < j_end:
            yield BlockEdit("changed", before[old], after[new], old, new, look.into(before[old].text, after[new].text))
        i, j = old + 1, new + 1


class _Look:
    """A look into changed blocks, as long as a comparison may take."""

    def __init__(self) -> None:
        self.left = LOOKED_INTO

    def into(self, old: str, new: str) -> tuple[Span, ...]:
        """The words that differ between the two texts of a block."""
        self.left -= len(old) + len(new)
        return spans(old, new) if self.left >= 0 else whole(old, new)


def _matches(
    before: Sequence[Block],
    after: Sequence[Block],
    between: Sequence[Gap],
    old: Sequence[Hashable],
    new: Sequence[Hashable],
) -> dict[int, _Match]:
    """What became of the blocks in the gaps: moved where they are equal, changed where they are alike.

    Equal blocks first, wherever they went; then alike ones within a gap; then equal words under another kind.
    """
    gone = [k for i, i_end, _, _ in between for k in range(i, i_end)]
    come = [k for _, _, j, j_end in between for k in range(j, j_end)]
    if not gone or not come:
        return {}
    matches = {k: _Match("moved", i) for i, k in _equal(gone, come, old.__getitem__, new.__getitem__)}
    left = set(gone) - {m.before for m in matches.values()}
    likeness = Likeness(before, after)
    for i, i_end, j, j_end in between:
        rows = [k for k in range(i, i_end) if k in left]
        columns = [k for k in range(j, j_end) if k not in matches]
        for row, column in likeness.pairs(rows, columns):
            matches[column] = _Match("changed", row)
            left.discard(row)
    come = [k for k in come if k not in matches]
    again = _equal(sorted(left), come, lambda k: before[k].text, lambda k: after[k].text)
    return matches | {k: _Match("moved", i) for i, k in again}


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
