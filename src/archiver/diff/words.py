"""The words that differ between two texts of one block, in spans that a person can read.

Theory of operation: texts are lined up coarsely first, and only what differs is looked at more closely: sentences where
a text is long, then what stands between spaces, then the tokens of that. At each level the runs that both share are
common ground and the stretches between them go one level down, so the work follows what differs and not what there is.

A longest common subsequence alone reads badly: it finds each `och` that happens to stand in both. So a lone word, or a
few between two much longer replacements, is not kept as common ground (`_drowned`). Joined in order, 'same' and 'added'
spans give the new text exactly, 'same' and 'removed' the old. Pure.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, count
from operator import add, eq
from typing import NamedTuple

from archiver.diff.align import align, shared_start
from archiver.diff.columns import Cells
from archiver.diff.tokens import CELL, chunks, pieces, sentences
from archiver.model import Span

LONG = 600
"""Characters from which a text is cut into sentences before it is cut into words."""
MOST = 1_000_000
"""Characters of a side above which a changed passage is shown as removed and added whole."""
MOSAIC = 5_000
"""Shared runs above which two texts are shown as removed and added whole: such a mosaic nobody reads."""
_FEW = 3
"""Words: an island of at most so many may drown between replacements."""
_ISLAND = 80
"""Characters of the longest island: three long words and the marks between them."""
_CLOSERS = frozenset(".!?…")
_CLOSING = re.compile(r"[.!?…]\s*")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w\S*")


Stretch = tuple[str, str, str]
"""What was removed, what was added in its place, and what stayed behind it; each may be empty."""
_APART: Stretch = ("", "", "")
"""Between a cell that was put in or taken out and one that changed beside it: neither is part of the other."""


def spans(before: str, after: str, cells: Sequence[Cells] | None = None) -> tuple[Span, ...]:
    """The old and the new text as one sequence of same, removed and added spans.

    `cells`: those of two rows of a table beside each other, where its header tells which column became which.
    """
    longer = max(len(before), len(after))
    if longer > MOST:
        return whole(before, after)
    found: list[Stretch] = []
    levels = _LEVELS if longer >= LONG else _LEVELS[1:]
    if cells := cells or _cells(before, after):
        _compare_cells(cells, levels, found)
    else:
        _replace(before, after, levels, found)
    return _at_sentences(_spans(_drowned(list(_joined(found)))))


def whole(before: str, after: str) -> tuple[Span, ...]:
    """The old text as removed and the new one as added, none of it looked into."""
    return tuple(_spans([(before, after, "")] if before != after else [("", "", before)]))


def _cells(before: str, after: str) -> Sequence[Cells] | None:
    """The cells of two rows beside each other, where they are as many and most that stayed are in their places.

    None where the two texts are compared as they are: a column may have come and another gone.
    """
    old, new = before.split(CELL), after.split(CELL)
    if len(old) != len(new) or len(old) == 1:
        return None
    elsewhere = sum(n for _, _, n in align(old, new)) - sum(map(eq, old, new))
    return None if 2 * elsewhere > len(old) else list(zip(old, new, strict=True))


def _compare_cells(cells: Iterable[Cells], levels: "_Levels", found: list[Stretch]) -> None:
    """Add the stretches of two rows, cell by cell, and what parts these."""
    had_old = had_new = False
    for old, new in cells:
        ahead = CELL if had_old and old is not None else "", CELL if had_new and new is not None else ""
        if old is None or new is None:
            found += [_APART, (ahead[0] + (old or ""), ahead[1] + (new or ""), "")]
            found += [_APART] if had_old or had_new else []
        else:
            found += [("", "", CELL)] if all(ahead) else [(*ahead, ""), _APART]
            _replace(old, new, levels, found)
        had_old, had_new = had_old or old is not None, had_new or new is not None


class _Cut(NamedTuple):
    """A text in units that are compared, and where each begins, the end last; the space behind a unit is its own."""

    units: list[str]
    starts: list[int]


def _in_sentences(text: str) -> _Cut:
    return _with_their_spaces(text, sentences(text))


def _at_spaces(text: str) -> _Cut:
    units = chunks(text)
    return _Cut(units, [*map(add, accumulate(map(len, units), initial=0), count())])


def _in_tokens(text: str) -> _Cut:
    return _with_their_spaces(text, pieces(text))


def _with_their_spaces(text: str, found: list[str]) -> _Cut:
    starts = [*accumulate(map(len, found), initial=len(text) - sum(map(len, found)))]
    starts[0] = 0
    return _Cut([piece.rstrip() for piece in found], starts)


_Levels = tuple[Callable[[str], _Cut], ...]
_LEVELS: _Levels = (_in_sentences, _at_spaces, _in_tokens)


def _replace(removed: str, added: str, levels: _Levels, found: list[Stretch]) -> None:
    """Add the stretches of a replacement, as fine as the levels go; a space that both sides end with stays."""
    old, new = removed.rstrip(), added.rstrip()
    may_share, space = bool(levels) and _may_share(old, new), removed[len(old) :]
    if space != added[len(new) :]:
        old, new, space = removed, added, ""
    if may_share:
        _compare(old, new, levels, found)
        found.append(("", "", space))
    else:
        found.append((old, new, space))


def _may_share(old: str, new: str) -> bool:
    """Whether two texts may have a token in common: a lone word is shared only where the other text holds it."""
    return bool(old and new) and not (old.isalpha() and old not in new) and not (new.isalpha() and new not in old)


def _compare(old: str, new: str, levels: _Levels, found: list[Stretch]) -> None:
    """Add the stretches that lead from one text to the other."""
    cut, *finer = levels
    (a, a_starts), (b, b_starts) = cut(old), cut(new)
    runs = align(a, b)
    if len(runs) > MOSAIC:
        found.append((old, new, ""))
        return
    i = j = 0
    for x, y, n in (*runs, (len(a), len(b), 0)):
        if i < x or j < y:
            _replace(old[a_starts[i] : a_starts[x]], new[b_starts[j] : b_starts[y]], tuple(finer), found)
        i, j = x + n, y + n
        if n:
            one, other = old[a_starts[x] : a_starts[i]], new[b_starts[y] : b_starts[j]]
            if one == other:
                found.append(("", "", one))
            else:
                for k in range(n):
                    _share(
                        old[a_starts[x + k] : a_starts[x + k + 1]], new[b_starts[y + k] : b_starts[y + k + 1]], found
                    )


def _share(old: str, new: str, found: list[Stretch]) -> None:
    """Add a unit that both sides have, though with other spaces around it, or in it."""
    word = old.strip()
    if not word or word != new.strip():
        found.append((old, new, ""))
        return
    head, tail = old.partition(word)[::2]
    ahead, behind = new.partition(word)[::2]
    found += (("", "", head) if head == ahead else (head, ahead, ""), ("", "", word))
    found.append(("", "", tail) if tail == behind else (tail, behind, ""))


def _joined(found: Iterable[Stretch]) -> Iterator[Stretch]:
    """The stretches made as few as may be: where nothing is replaced, the one before goes on."""
    removed = added = same = ""
    for stretch in found:
        old, new, kept = stretch
        if (same and (old or new)) or (stretch is _APART and (removed or added)):
            yield removed, added, same
            removed = added = same = ""
        removed += old
        added += new
        same += kept
    yield removed, added, same


_Gap = tuple[int, int, int]
"""A replacement that may have swallowed islands: its first stretch, and the letters of its two sides."""


def _drowned(stretches: list[Stretch]) -> list[Stretch]:
    """The stretches without the islands that only look like common ground.

    A gap that swallowed an island is larger, and may swallow the one before it.
    """
    gaps: list[_Gap] = []
    for k, (removed, added, _) in enumerate(stretches):
        gap = k, len(removed.strip()), len(added.strip())
        while gaps and _is_island(island := stretches[gap[0] - 1][2], gaps[-1], gap):
            first, old, new = gaps.pop()
            gap = first, old + len(island) + gap[1], new + len(island) + gap[2]
        gaps.append(gap)
    if len(gaps) == len(stretches):
        return stretches
    ends = [*(first for first, _, _ in gaps[1:]), len(stretches)]
    return [_swallowed(stretches[gap[0] : end]) for gap, end in zip(gaps, ends, strict=True)]


def _swallowed(stretches: list[Stretch]) -> Stretch:
    """Stretches as one replacement, with the common ground behind the last."""
    *firsts, (removed, added, same) = stretches
    old, new = "".join([old + kept for old, _, kept in firsts]), "".join([new + kept for _, new, kept in firsts])
    return old + removed, new + added, same


def _is_island(same: str, left: _Gap, right: _Gap) -> bool:
    """Whether common ground is so small between two replacements that a reader is better off without it.

    Marks alone always are, and a lone word beside replacements; a few words where what went or came on either side is
    twice as long. Never a number, for it may be what a reader looks for, and never the end of a cell.
    """
    if not same or len(same) > _ISLAND:
        return False
    (_, removed, added), (_, also_removed, also_added) = left, right
    before, after = max(removed, added), max(also_removed, also_added)
    if not (before and after and (removed or also_removed) and (added or also_added)) or CELL in same:
        return False
    count = len(_WORD.findall(same))
    if count == 0:
        return True
    if count > _FEW or _DIGIT.search(same):
        return False
    one, other = bool(removed and added), bool(also_removed and also_added)
    size, least = len(same.strip()), min(before, after)
    return 2 * size <= least or (count == 1 and ((one and other) or (size <= least and (one or other))))


def _spans(stretches: list[Stretch]) -> list[Span]:
    found: list[Span] = []
    for removed, added, same in stretches:
        if removed:
            found.append(Span("removed", removed))
        if added:
            found.append(Span("added", added))
        if same:
            found.append(Span("same", same))
    return found


def _at_sentences(spans: list[Span]) -> tuple[Span, ...]:
    """The spans with whole sentences where one was put in or taken out: not '. It rains' before '.', but 'It rains.'.

    A run may be moved along as long as what it passes over is what it begins with; both readings are the same change.
    """
    places = [k for k in range(1, len(spans) - 1) if spans[k].op != "same" and spans[k].text[0] in _CLOSERS]
    for k in places:
        left, run, right = spans[k - 1 : k + 2]
        closing = _CLOSING.match(run.text) if left.op == right.op == "same" else None
        passed = shared_start(closing[0], right.text) if closing else 0
        if passed:
            end = run.text[:passed]
            spans[k - 1] = Span("same", left.text + end)
            spans[k] = Span(run.op, run.text[passed:] + end)
            spans[k + 1] = Span("same", right.text[passed:])
    return tuple(span for span in spans if span.text) if places else tuple(spans)
