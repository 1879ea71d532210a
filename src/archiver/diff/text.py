"""The blocks that differ between two texts, and the words that differ inside them.

Theory of operation: equal blocks are lined up first. What is left over on both sides with equal text has moved. What
is left in one gap and is alike is one block that changed, and only there words are compared. The rest was removed or
added. The edits stand in the order of the new text, a removed block where it stood, and hold the unchanged blocks
too: `apply` gives the new text from the old one and the edits, `reverse` turns them round. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Indel

from archiver.diff.align import Gap, align, gaps, heaviest, shared_start
from archiver.diff.numbering import with_renumbered, without_number
from archiver.diff.tokens import HAS_WORD
from archiver.diff.words import spans
from archiver.model import Block, BlockEdit, Hunk, Op, Span

ALIKE = 0.4
"""From this share of common words on, two blocks of one gap are one that changed."""
ALIKE_ALONE = 0.25
"""The same where the gap holds one block on each side, of one kind."""
SURE = 0.6
"""From this share on, blocks that stand alike in gaps of the same size are looked at no further."""
SPELT_ALIKE = 0.75
"""From this share of common letters on, two short blocks are one that changed: a misspelt heading."""
SHORT = 80
"""Characters of a block whose letters are compared."""
PAIRS = 20_000
"""Pairs of blocks that are looked at for likeness in one comparison; about 30 ms."""
WHOLE = 100
"""Pairs in one gap up to which every block is held against every other."""
RARE = 4
"""Rows that may have a word for it to tell which row a block was; and rows that a block is held against for it."""
NEAR = 2
"""How far up and down a block is looked for where its words tell nothing."""
LENGTHY = 150
"""Characters from which blocks are held to be alike by the ends they share, if those are long enough."""
_WORDS = re.compile(r"\w+")


class _Match(NamedTuple):
    """Which block before became this block after."""

    op: Op | str
    before: int


def compare_blocks(before: Sequence[Block], after: Sequence[Block]) -> tuple[BlockEdit, ...]:
    """The edits that lead from one text to the other, unchanged blocks among them."""
    old, new = [_key(b) for b in before], [_key(b) for b in after]
    runs = align(old, new)
    between = gaps(runs, len(before), len(after))
    matches = _matches(before, after, between, old, new)
    taken = {m.before for m in matches.values()}
    edits: list[BlockEdit] = []
    for gap, run in zip(between, [*runs, None], strict=True):
        if gap[0] < gap[1] or gap[2] < gap[3]:
            edits += _gap_edits(before, after, gap, matches, taken)
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
            count = len(span.text.split())
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


def _key(block: Block) -> Hashable:
    return block.text, block.kind, block.level, block.part


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
    before: Sequence[Block], after: Sequence[Block], gap: Gap, matches: dict[int, _Match], taken: set[int]
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
            words = spans(before[old].text, after[new].text)
            yield BlockEdit("changed", before[old], after[new], old, new, words)
        i, j = old + 1, new + 1


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
    likeness = _Likeness(before, after)
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


class _Likeness:
    """How alike two blocks are, within a number of pairs that a comparison may look at."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self.before, self.after, self.left = before, after, PAIRS

    def pairs(self, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
        """Which blocks of a gap became which, in order."""
        if not rows or not columns:
            return []
        alone = len(rows) == len(columns) == 1
        if alone and self.before[rows[0]].text == self.after[columns[0]].text:
            return [(rows[0], columns[0])]
        if len(rows) == len(columns) and all(map(self._are_surely_one, rows, columns)):
            return list(zip(rows, columns, strict=True))
        scored = []
        for row, column in self._candidates(rows, columns):
            score = _alike(self.before[row], self.after[column])
            same_kind = self.before[row].kind == self.after[column].kind
            if score >= (ALIKE_ALONE if alone and same_kind else ALIKE):
                scored.append((row, column, score if same_kind else score - 0.1))
        return heaviest(scored)

    def _are_surely_one(self, row: int, column: int) -> bool:
        one, other = self.before[row], self.after[column]
        return one.kind == other.kind and _alike(one, other) >= SURE

    def _candidates(self, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
        """Every pair of a small gap; of a large one those that share rare words, or lie near each other."""
        if len(rows) * len(columns) <= min(WHOLE, self.left):
            found = {(row, column) for row in rows for column in columns}
        else:
            found = self._sharing(rows, columns) | self._near(rows, columns)
        self.left -= len(found)
        return sorted(found)

    def _sharing(self, rows: Sequence[int], columns: Sequence[int]) -> set[tuple[int, int]]:
        """For each column the few rows with which it shares most of the words that few rows have."""
        having: dict[str, list[int]] = defaultdict(list)
        for row in rows:
            for word in _word_set(self.before[row].text):
                having[word].append(row)
        rare = {word: places for word, places in having.items() if len(places) <= RARE}
        found: set[tuple[int, int]] = set()
        for column in columns:
            if len(found) > self.left:
                break
            words = _word_set(self.after[column].text)
            shared = Counter(row for word in words if word in rare for row in rare[word])
            found.update((row, column) for row, _ in shared.most_common(RARE))
        return found

    def _near(self, rows: Sequence[int], columns: Sequence[int]) -> set[tuple[int, int]]:
        """The rows about as far down the gap as the column is, and those that begin as it does."""
        budget = max(0, self.left)
        reach = min(NEAR, budget // (4 * len(rows)))
        slope = len(columns) / len(rows)
        found: set[tuple[int, int]] = set()
        for k, row in enumerate(rows[: budget // 2]):
            middle = int(k * slope)
            found.update((row, c) for c in columns[max(0, middle - reach) : middle + reach + 1])
        by_opening = defaultdict(list)
        for row in rows:
            by_opening[self.before[row].text[:16]].append(row)
        for column in columns[: budget // 2]:
            found.update((row, column) for row in by_opening.get(self.after[column].text[:16], ())[:2])
        return found


def _alike(a: Block, b: Block) -> float:
    """The share of words two blocks have in common, 0 to 1; of letters where they are short and spelt alike.

    Lengthy blocks of which most is the same at either end need no counting.
    """
    longer = max(len(a.text), len(b.text))
    if longer >= LENGTHY:
        start = shared_start(a.text, b.text)
        shared = start + shared_start(a.text[start:][::-1], b.text[start:][::-1])
        if shared >= SURE * longer:
            return shared / longer
    x, y = _word_set(a.text), _word_set(b.text)
    common = 2 * len(x & y) / (len(x) + len(y)) if x or y else float(a.text == b.text)
    if common < ALIKE and len(a.text) <= SHORT and len(b.text) <= SHORT and HAS_WORD.search(a.text):
        letters = Indel.normalized_similarity(a.text, b.text)
        return letters if letters >= SPELT_ALIKE else common
    return common


@lru_cache(maxsize=4096)
def _word_set(text: str) -> frozenset[str]:
    """The words of a block as they stand, in lower case, without a row's number; of a very long one, its first part."""
    return frozenset(_WORDS.findall(without_number(text[:20_000]).lower()))
