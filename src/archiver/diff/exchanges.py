"""What was exchanged for what inside a changed block, place by place: amounts, dates, negations.

Theory of operation: a block's spans are cut into exchanges, each what went and what came between two runs that stayed.
A number that took another's place is told as its successor; only what found no like at its own place is looked for
in the rest of the block. So three cells of a row are three numbers, and a `not` that went from one sentence to the next
is no `not` that stayed. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from archiver.diff.tokens import CELL, DATE, NUMBER, PHONE, SECTION, SENTENCE, TOKEN, evened
from archiver.model import BlockEdit, Span

# fmt: off
NEGATIONS = frozenset({
    "inte", "ej", "icke", "aldrig", "ingen", "inget", "inga",  # sv
    "ikke", "aldri", "ikkje", "ingenting",  # nb, nn, da
    "not", "never", "no", "none", "ei", "eivät", "emme", "nicht", "kein", "keine", "keinen", "nie",  # en, fi, de
})
NUMBER_WORDS = (
    "noll", "en", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv", "tretton",
    "fjorton", "femton", "sexton", "sjutton", "arton", "nitton", "tjugo", "trettio", "fyrtio", "femtio", "sextio",
    "sjuttio", "åttio", "nittio", "hundra",
)
# fmt: on
REFERENCE = re.compile(
    r"§§?\s?\d{1,4}(?:[–-]\d{1,4})?"  # § 118
    r"|(?<![\w/])(?:[A-ZÅÄÖ]{2,8}[ /-])?(?:19|20)\d\d[:/]\d{1,6}(?![\d/])"  # KS 2026/12, SFS 2017:725
    r"|(?i:dnr|diarienummer|diarienr)[ .:]{1,3}[A-Z0-9][\w/:.-]{2,24}"
)
_OF_TIME = re.compile(
    rf"(?im)\d|^(?:(?:{'|'.join(NUMBER_WORDS)})$|(?:arbets|kalender|bank)?(?:tim|dag|dygn|veck|månad|år|day|week|month|uker?|måned|uge))"
)
"""What may belong to a time limit, each on a line of its own."""
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-–‑/](?:19|20)?\d\d)?")  # and school years: 2025/26, 2025–2026
CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[-–‑](?:[01]?\d|2[0-4])[.:][0-5]\d)?|kl")
_SIZE = re.compile(r".*[kKMG]B")
_PHRASE = 4
"""Tokens from which what went and came elsewhere in a block has moved: fewer may be a `not`."""
_TOLD = 4
"""Amounts or dates of one side that are told beside another number of them."""
_NEAR = 400
"""Characters around a change that are read with it."""

Pick = Callable[[Iterable[str]], list[str]]
"""Which tokens of a side are meant."""


class Exchange(NamedTuple):
    """What went and what came at one place of a changed block, as tokens; either may be empty."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    sentence: int  # which sentence or cell it stands in, as far as both texts share their ends


@dataclass(frozen=True, slots=True)
class Swap:
    """One changed block: what went and came, place by place, and its two texts where it changed."""

    spans: tuple[Span, ...]
    exchanges: tuple[Exchange, ...]
    removed: tuple[str, ...]  # the tokens of all exchanges
    added: tuple[str, ...]
    words: str  # both, each on a line of its own

    @property
    def old(self) -> str:
        """The text before."""
        return _where(self.spans, "removed")

    @property
    def new(self) -> str:
        """The text after."""
        return _where(self.spans, "added")

    @property
    def has_digits(self) -> bool:
        """Whether a token with a digit went or came."""
        return _DIGIT.search(self.words) is not None

    @property
    def has_time(self) -> bool:
        """Whether a token that may belong to a time limit went or came."""
        return _OF_TIME.search(self.words) is not None


def swap_of(edit: BlockEdit) -> Swap:
    """The exchanges of a changed block."""
    exchanges = _without_moved(list(_exchanges(edit.spans)))
    removed = tuple([token for e in exchanges for token in e.removed])
    added = tuple([token for e in exchanges for token in e.added])
    return Swap(edit.spans, tuple(exchanges), removed, added, "\n".join(removed + added))


def _exchanges(spans: Iterable[Span]) -> Iterator[Exchange]:
    """What went and came between two runs that stayed, or in two cells."""
    removed = added = ""
    sentence = 0
    for op, text in [*((span.op, span.text) for span in spans), ("same", "")]:
        stays, again = op == "same", (removed if op == "removed" else added)
        if (removed or added) and (stays or again):  # a second of one sort is a cell of its own
            yield Exchange(tuple(TOKEN.findall(removed)), tuple(TOKEN.findall(added)), sentence)
            removed = added = ""
        if op == "removed":
            removed = text
        elif op == "added":
            added = text
        elif CELL in text or SENTENCE.search(text):
            sentence += 1


def _without_moved(exchanges: list[Exchange]) -> list[Exchange]:
    """The exchanges without the phrases that went at one place and came at another."""
    went = [e.removed for e in exchanges if not e.added and len(e.removed) >= _PHRASE]
    came = [e.added for e in exchanges if not e.removed and len(e.added) >= _PHRASE]
    moved = Counter(went) & Counter(came) if went and came else None
    if not moved:
        return exchanges
    left, kept = {"removed": moved.copy(), "added": moved.copy()}, []
    for exchange in exchanges:
        side, tokens = ("added", exchange.added) if not exchange.removed else ("removed", exchange.removed)
        if not (exchange.removed and exchange.added) and left[side][tokens] > 0:
            left[side][tokens] -= 1
        else:
            kept.append(exchange)
    return kept


def _where(spans: Sequence[Span], op: str) -> str:
    """One side of a changed block, but for what stands far from all that changed."""
    told = (s.text if s.op == op else _ends(s.text) for s in spans if s.op in (op, "same"))
    return "".join(told)


def _ends(text: str) -> str:
    return text if len(text) <= 2 * _NEAR else f"{text[:_NEAR]}\n{text[-_NEAR:]}"


def amounts(tokens: Iterable[str]) -> list[str]:
    """The tokens that are amounts: numbers, but for years, dates, clock times, telephones, references, file sizes."""
    others = (DATE, PHONE, SECTION, CLOCK, _YEAR, REFERENCE, _SIZE)
    return [t for t in tokens if NUMBER.fullmatch(t) and not any(form.fullmatch(t) for form in others)]


def dates(tokens: Iterable[str]) -> list[str]:
    """The tokens that are dates."""
    return [t for t in tokens if DATE.fullmatch(t)]


def exchanged(swap: Swap, pick: Pick) -> list[str]:
    """What was replaced by its like: '2 359 kr → 2 575 kr'; nothing where one side has none.

    Place by place: in a row of a table each cell's number has become that cell's. What went at one place and came at
    another is told behind, unless it is the same.
    """
    if not swap.has_digits:
        return []
    told: list[str] = []
    went: list[str] = []
    came: list[str] = []
    for exchange in swap.exchanges:
        old, new = pick(exchange.removed), pick(exchange.added)
        if old and new:
            told += _side_by_side(old, new)
        else:
            went, came = went + old, came + new
    return told + _side_by_side(*_differing(went, came))


def _differing(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """What only one of two sides has."""
    left, right = Counter(map(evened, old)), Counter(map(evened, new))
    return list((left - right).elements()), list((right - left).elements())


def _side_by_side(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Each beside what took its place; where they are not as many, all beside all."""
    if not old or not new:
        return []
    if len(old) == len(new):
        return [f"{a} → {b}" for a, b in zip(old, new, strict=True) if evened(a) != evened(b)]
    old, new = _differing(old, new)
    if not old or not new:
        return []
    return [" → ".join(", ".join([*side[:_TOLD], *(["…"] if len(side) > _TOLD else [])]) for side in (old, new))]


def negated(swap: Swap) -> list[tuple[str, str]]:
    """Negations that came or went, unless one took the other's place in a sentence: `ej` for `inte` says the same."""
    found: list[tuple[str, str]] = []
    if NEGATIONS.isdisjoint(map(str.lower, swap.removed + swap.added)):
        return found
    for _, group in groupby(swap.exchanges, key=lambda e: e.sentence):
        old, new = Counter[str](), Counter[str]()
        for exchange in group:
            old.update(_negations(exchange.removed))
            new.update(_negations(exchange.added))
        if old.total() != new.total():
            found += [*(("−", w) for w in (old - new).elements()), *(("+", w) for w in (new - old).elements())]
    return found


def _negations(tokens: Iterable[str]) -> list[str]:
    """The tokens that turn a sentence into its opposite."""
    return [t for t in tokens if t.lower() in NEGATIONS]
