"""The words that differ between two texts of one block, in spans that a person can read.

Sentences are lined up first, then the words of those that differ. A longest common subsequence alone reads badly: it
finds each `och` that happens to stand in both. So a lone word, or a few between two much longer replacements, is not
kept as common ground. Joined in order, 'same' and 'added' spans give the new text exactly, 'same' and 'removed' the
old. Pure.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import add
from typing import Literal

from archiver.diff.align import Gap, Run, align, gaps, shared_start
from archiver.diff.tokens import HAS_WORD, pieces, sentences
from archiver.model import Span

LONG = 600
"""Characters from which a text is cut into sentences before it is cut into words."""
MOST = 1_000_000
"""Characters of a side above which a changed passage is shown as removed and added whole."""
_FEW = 3
"""Words: an island of at most so many may drown between replacements."""
_STEADY = 8
"""Rounds in which islands may drown; more than three have not been seen."""
_CLOSERS = frozenset(".!?…")
_CLOSING = re.compile(r"[.!?…]\s*")
_DIGIT = re.compile(r"\d")
_STARTS = re.compile(r"[\d§+]")
_REACH = 40
"""Characters: more than any token that holds a space and is not all digits."""


def spans(before: str, after: str) -> tuple[Span, ...]:
    """The old and the new text as one sequence of same, removed and added spans."""
    head = _safe_cut(before, shared_start(before, after))
    head += before[head : head + 1] == after[head : head + 1] == " "
    tail = _safe_tail(before[head:], after[head:])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    find = _word_spans if max(len(old), len(new)) < LONG else _sentence_spans
    found = _merged([Span("same", before[:head]), *find(old, new), Span("same", before[len(before) - tail :])])
    return _at_sentences(found)


def _at_sentences(found: tuple[Span, ...]) -> tuple[Span, ...]:
    """The spans with whole sentences where one was put in or taken out: not '. It rains' before '.', but 'It rains.'.

    A run may be moved along as long as what it passes over is what it begins with; both readings are the same change.
    """
    places = [k for k in range(1, len(found) - 1) if found[k].text[0] in _CLOSERS and found[k].op != "same"]
    if not places:
        return found
    spans = list(found)
    for k in places:
        left, run, right = spans[k - 1 : k + 2]
        closing = _CLOSING.match(run.text) if left.op == right.op == "same" else None
        passed = shared_start(closing[0], right.text) if closing else 0
        if passed:
            end = run.text[:passed]
            spans[k - 1] = Span("same", left.text + end)
            spans[k] = Span(run.op, run.text[passed:] + end)
            spans[k + 1] = Span("same", right.text[passed:])
    return tuple(span for span in spans if span.text)


def _safe_cut(text: str, at: int) -> int:
    """The last space at or before `at` that lies inside no token, counted so that it belongs to what follows.

    Only a token that begins with a digit, a paragraph sign or a plus holds spaces, and none is longer than `_REACH`.
    """
    while at > 0:
        at = text.rfind(" ", 0, at)
        starts = [m.start() for m in _STARTS.finditer(text, max(0, at - _REACH), max(0, at))]
        if not starts:
            break
        at = starts[0]
    return max(0, at)


def _safe_tail(old: str, new: str) -> int:
    """How many letters two texts share at their end, from a space on that lies inside no token of either."""
    tail = shared_start(old[::-1], new[::-1])
    while tail > 0:
        at = old.find(" ", len(old) - tail)
        if at < 0:
            return 0
        tail = len(old) - at
        nearest = max(_nearest_start(old, at), _nearest_start(new, len(new) - tail))
        if nearest < 0:
            return tail
        tail -= nearest
    return 0


def _sentence_spans(before: str, after: str) -> Iterator[Span]:
    a, b = sentences(before), sentences(after)
    runs = align(a, b)
    for (i, i_end, j, j_end), run in zip(gaps(runs, len(a), len(b)), [*runs, None], strict=True):
        yield from _word_spans("".join(a[i:i_end]), "".join(b[j:j_end]))
        if run:
            yield Span("same", "".join(a[run[0] : run[0] + run[2]]))


def _word_spans(before: str, after: str) -> Iterator[Span]:
    if not before or not after or max(len(before), len(after)) > MOST:
        yield from (Span("removed", before), Span("added", after))
        return
    a, b = _Words(before), _Words(after)
    runs = _drown(align(a.words, b.words), a.words, b.words)
    for (i, i_end, j, j_end), run in zip(gaps(runs, len(a.words), len(b.words)), [*runs, None], strict=True):
        yield from _gap_spans(a.between(i, i_end), b.between(j, j_end))
        if run:
            yield from _run_spans(a, b, run)


def _nearest_start(text: str, at: int) -> int:
    """How many letters to go on until the last digit before `at` is out of reach; -1 where there is none in reach."""
    starts = [m.start() for m in _STARTS.finditer(text, max(0, at - _REACH), at)]
    return _REACH + 1 - (at - starts[-1]) if starts else -1


class _Words:
    """A text's tokens, and where each begins and ends."""

    def __init__(self, text: str) -> None:
        cut = pieces(text)
        self.text = text
        self.words = [piece.rstrip() for piece in cut]
        self.starts = list(accumulate(map(len, cut), initial=len(text) - sum(map(len, cut))))
        self.ends = [0, *map(add, self.starts, map(len, self.words))]

    def between(self, start: int, end: int) -> str:
        """The text from behind the word before `start` up to the word at `end`, or to the text's end."""
        return self.text[self.ends[start] : self.starts[end]]

    def of(self, start: int, end: int) -> str:
        """The text of the words from `start` up to `end`, with the spaces between them."""
        return self.text[self.starts[start] : self.ends[end]]


def _run_spans(a: _Words, b: _Words, run: Run) -> Iterator[Span]:
    """A shared run as one span, or word by word where only the spaces inside it differ."""
    i, j, n = run
    old, new = a.of(i, i + n), b.of(j, j + n)
    if old == new:
        yield Span("same", old)
        return
    for k in range(n):
        if k:
            yield from _gap_spans(a.between(i + k, i + k), b.between(j + k, j + k))
        yield Span("same", a.words[i + k])


def _gap_spans(old: str, new: str) -> Iterator[Span]:
    """What stands between two shared runs; spaces that both have at its ends stay common ground."""
    if old == new:
        yield Span("same", old)
        return
    head = _space(old, len(old) - len(old.lstrip()), new, len(new) - len(new.lstrip()))
    yield Span("same", old[:head])
    old, new = old[head:], new[head:]
    tail = _space(old[::-1], len(old) - len(old.rstrip()), new[::-1], len(new) - len(new.rstrip()))
    yield Span("removed", old[: len(old) - tail])
    yield Span("added", new[: len(new) - tail])
    yield Span("same", old[len(old) - tail :])


def _space(old: str, of_old: int, new: str, of_new: int) -> int:
    """How many characters of leading space two texts share, if they have the same."""
    return of_old if of_old == of_new and old[:of_old] == new[:of_new] else 0


def _drown(runs: list[Run], a: list[str], b: list[str]) -> list[Run]:
    """The runs without the islands that only look like common ground."""
    for _ in range(_STEADY):
        between = gaps(runs, len(a), len(b))
        kept: list[Run] = []
        drowned = False
        for k, run in enumerate(runs):
            small = run[2] <= 2 * _FEW and not drowned and _filled(between[k]) and _filled(between[k + 1])
            if small and _island(run, between[k], between[k + 1], a, b):
                drowned = True  # its neighbour now lies beside a longer gap: that one waits for the next round
                continue
            drowned = False
            kept.append(run)
        if len(kept) == len(runs):
            break
        runs = kept
    return runs


def _filled(gap: Gap) -> bool:
    """Whether words were removed or added here."""
    return gap[0] < gap[1] or gap[2] < gap[3]


def _island(run: Run, left: Gap, right: Gap, a: list[str], b: list[str]) -> bool:
    """Whether a shared run is so small between two replacements that a reader is better off without it."""
    words = a[run[0] : run[0] + run[2]]
    count = sum(1 for word in words if HAS_WORD.search(word))
    if count > _FEW:
        return False
    if count == 0:
        return (left[0] < left[1] or right[0] < right[1]) and (left[2] < left[3] or right[2] < right[3])
    if not (_replaced(left) and _replaced(right)) or any(_DIGIT.search(word) for word in words):
        return False
    size = sum(map(len, words))
    return count == 1 or 2 * size <= min(_letters(left, a, b), _letters(right, a, b))


def _replaced(gap: Gap) -> bool:
    return gap[0] < gap[1] and gap[2] < gap[3]


def _letters(gap: Gap, a: list[str], b: list[str]) -> int:
    """The length of the longer side of a gap."""
    return max(sum(map(len, a[gap[0] : gap[1]])), sum(map(len, b[gap[2] : gap[3]])))


def _merged(found: Iterable[Span]) -> tuple[Span, ...]:
    """The spans without empty ones, neighbours of one sort made one, removed before added."""
    merged: list[Span] = []
    same = removed = added = ""
    for span in found:
        op, text = span.op, span.text
        if not text:
            continue
        if op == "same":
            if removed:
                merged.append(Span("removed", removed))
            if added:
                merged.append(Span("added", added))
            removed = added = ""
            same += text
            continue
        if same:
            merged.append(Span("same", same))
            same = ""
        if op == "removed":
            removed += text
        else:
            added += text
    last: tuple[tuple[Literal["same", "added", "removed"], str], ...]
    last = (("removed", removed), ("added", added), ("same", same))
    merged += [Span(op, text) for op, text in last if text]
    return tuple(merged)
