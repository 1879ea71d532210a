"""Which block of one text became which of another: how alike two are, within a number of pairs that may be looked at.

Two blocks are alike by the words they share. Of a small gap every pair is looked at; of a large one those that share
words which few blocks have, and those that lie near each other. Pure.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from functools import lru_cache

from rapidfuzz.distance import Indel

from archiver.diff.align import heaviest, shared_start
from archiver.diff.numbering import without_number
from archiver.diff.tokens import CELL, HAS_WORD
from archiver.model import Block

ALIKE = 0.4
"""From this share of common words on, two blocks of one gap are one that changed."""
ALIKE_ALONE = 0.25
"""The same where the gap holds one block on each side, of one kind."""
SURE = 0.6
"""From this share on, two blocks are looked at no further: of words between spaces, or of letters at their ends."""
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
TELLING = 4
"""Words that two blocks must share to be one that moved and changed."""
LENGTHY = 150
"""Characters from which blocks are held to be alike by the ends they share, if those are long enough."""
MUCH = 8_000
"""Characters of a block by which it is held to be like another."""
LOOKED_INTO = 1_500_000
"""Characters of blocks that are compared by words in one comparison, to find which became which and then to show what
changed in them; what goes beyond is shown whole."""
_WORDS = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ROWS = ("list-item", "table-row")


class Likeness:
    """How alike two blocks are, within a number of pairs that a comparison may look at."""

    def __init__(self, before: Sequence[Block], after: Sequence[Block]) -> None:
        self.before, self.after = before, after
        self.left, self.letters = PAIRS, LOOKED_INTO

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
            score = alike(self.before[row], self.after[column])
            same_kind = self.before[row].kind == self.after[column].kind
            if score >= (ALIKE_ALONE if alone and same_kind else ALIKE):
                scored.append((row, column, score if same_kind else score - 0.1))
        return heaviest(scored)

    def elsewhere(self, rows: Sequence[int], columns: Sequence[int]) -> list[tuple[int, int]]:
        """Which blocks of one place became which at another: of one kind and surely one, and no other is it as well."""
        if not rows or not columns or self.left <= 0:
            return []
        found = [p for p in sorted(self._sharing(rows, columns)) if self._are_surely_one(*p) and self._share_much(*p)]
        by_row, by_column = Counter(row for row, _ in found), Counter(column for _, column in found)
        return [(row, column) for row, column in found if by_row[row] == by_column[column] == 1]

    def _share_much(self, row: int, column: int) -> bool:
        """Whether two blocks share so many words that it tells something, or are rows of one label."""
        one, other = self.before[row], self.after[column]
        if one.kind == "table-row" and one.text.partition(CELL)[0] == other.text.partition(CELL)[0]:
            return True
        return len(word_set(one.text) & word_set(other.text)) >= TELLING

    def _are_surely_one(self, row: int, column: int) -> bool:
        one, other = self.before[row], self.after[column]
        return one.kind == other.kind and alike(one, other) >= SURE

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
            self.letters -= len(self.before[row].text)
            if self.letters < 0:
                break
            for word in word_set(self.before[row].text):
                having[word].append(row)
        rare = {word: places for word, places in having.items() if len(places) <= RARE}
        found: set[tuple[int, int]] = set()
        for column in columns:
            self.letters -= len(self.after[column].text)
            if len(found) > self.left or self.letters < -LOOKED_INTO:
                break
            words = word_set(self.after[column].text)
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


def alike(a: Block, b: Block) -> float:
    """The share of words two blocks have in common, 0 to 1; of letters where they are short and spelt alike.

    Rows of a list or table are known by their words: those that share numbers and dates alone are two rows, those of
    one label are one. Lengthy blocks of which most is the same at either end need no counting, others no cutting into
    words where what stands between their spaces is the same.
    """
    shorter, longer = sorted((len(a.text), len(b.text)))
    if longer >= LENGTHY:
        shared = _shared_ends(a.text, b.text) if shorter >= SURE * longer else 0
        if shared >= SURE * longer:
            return shared / longer
        coarse = _common(_unit_set(a.text), _unit_set(b.text))
        if coarse >= SURE:
            return coarse
    x, y = word_set(a.text), word_set(b.text)
    common = _common(x, y) if x or y else float(a.text == b.text)
    if a.kind in _ROWS and b.kind in _ROWS:
        return _rows_alike(a.text, b.text, common)
    return common if common >= ALIKE else max(common, _spelt_alike(a.text, b.text))


def _shared_ends(a: str, b: str) -> int:
    """How many letters two texts share at their two ends."""
    start = shared_start(a, b)
    return start + shared_start(a[start:][::-1], b[start:][::-1])


def _rows_alike(a: str, b: str, common: float) -> float:
    """How alike two rows are of which that share of words is common."""
    label, _, rest = a.partition(CELL)
    if rest and label == b.partition(CELL)[0] and _LETTERS.search(label):
        return SURE + (1 - SURE) * common
    one, other = _LETTERS.findall(a.lower()), _LETTERS.findall(b.lower())
    if one and other and set(one).isdisjoint(other):
        return _spelt_alike(" ".join(one), " ".join(other))
    return common


def _spelt_alike(a: str, b: str) -> float:
    """The share of letters that two short texts have in common; 0 where they are long, or are not one misspelt."""
    if max(len(a), len(b)) > SHORT or not HAS_WORD.search(a):
        return 0.0
    letters = Indel.normalized_similarity(a, b)
    return letters if letters >= SPELT_ALIKE else 0.0


def _common(x: Set[str], y: Set[str]) -> float:
    """The share that two sets have in common."""
    return 2 * len(x & y) / (len(x) + len(y) or 1)


@lru_cache(maxsize=64)
def _unit_set(text: str) -> frozenset[str]:
    """What stands between the spaces of a block; of a very long one, of its first part."""
    return frozenset(text[:MUCH].split())


@lru_cache(maxsize=4096)
def word_set(text: str) -> frozenset[str]:
    """The words of a block as they stand, in lower case, without a row's number; of a very long one, its first part."""
    return frozenset(_WORDS.findall(without_number(text[:MUCH]).lower()))
