"""What stands in a change: amounts, dates, references, negations, names. The raw material of the reasons.

`Traces` is made once per change and looks at each changed block once; the patterns are tables. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from archiver.diff.people import is_name
from archiver.diff.text import words_changed
from archiver.diff.tokens import (
    CELL,
    DATE,
    HAS_WORD,
    NUMBER,
    PHONE,
    SECTION,
    SENTENCE,
    TOKEN,
    count_words,
    evened,
    only_words,
)
from archiver.model import BlockEdit, BlockKind, Change, LinkEdit, Span

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
_DURATION = re.compile(
    rf"(?i)(?<!\w)(?=[\dnetfsåh])(?:\d{{1,4}}(?:[–-]\d{{1,4}})?|{'|'.join(NUMBER_WORDS)})\s(?:arbets|kalender|bank)?"
    r"(?:tim\w{0,4}|dag\w{0,4}|dygn|veck\w{0,3}|månad\w{0,3}|år|days?|weeks?|months?|uker?|måneder|uger)(?!\w)"
)
_DECISION = re.compile(
    r"(?im)^(?:beslut(?:a[rdt]?e?|en|et)?|avslås|avslag|avslog|bifall(?:s|er|it)?|biföll|anta(?:r|gen|gits|s)|antog"
    r"|upphäv(?:s|er|d|t|des|de)?|återkalla[rst]?|återremitter\w{1,4}|fastställ(?:s|er|d|t|des|de)?|ska(?:ll?)?|får|måste|bör"
    r"|godkän(?:ns|ner|d|t|des)|bordl(?:ägg|agd|ade)\w{0,3}|deleger\w{1,4}|tillstyrk\w{1,4}|avstyrk\w{1,4}"  # sv
    r"|vedta(?:tt|k|r|s)|vedtok|vedtag(?:et|er|s)?|avsl(?:ått|ås)|afslå(?:et|s)?|opphev\w{1,4}|ophæv\w{1,4}"
    r"|godkjen\w{1,4}|skal|må|bør"  # nb, nn, da
    r"|päät(?:ös|ti|etään|ettiin|öksen)|hyväksy\w{1,6}|hylätä\w{1,4}|hylkä\w{1,4}|kumo\w{1,5}"  # fi
    r"|beschl(?:uss|ossen|ießt)|abgelehnt|genehmigt|aufgehoben|muss|soll|darf"  # de
    r"|decision|decided|decides|approved|rejected|adopted|revoked|repealed|shall|must|should|may)$"  # en
)
"""Words by which something is decided, bidden or allowed, each on a line of its own."""
_DEADLINE = re.compile(
    r"(?i)(?<!\w)(?:senast|sista\s(?:dag|datum|ansökning)|till\soch\smed|t\.o\.m|inom|före|innan|tidsfrist|frist|löper\sut"
    r"|ansök|anmäl|överklag|no\slater\sthan|within|deadline|senest|innen|inden|viimeistään|spätestens|bis\szum)"
)
_REFERENCE = re.compile(
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
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[-–](?:[01]?\d|2[0-4])[.:][0-5]\d)?|kl")
_SIZE = re.compile(r".*[kKMG]B")
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}")
_CONTACT = re.compile(
    r"(?i)(?<!\w)(?:öppettid|telefontid|besökstid|besöksadress|postadress"
    r"|växel:|telefon:|tel\.|e-post:|fax:|opening\shours)"
)
MOST = 500_000
"""Characters of a change that are read of each sort: blocks changed, blocks removed, blocks added."""
_PHRASE = 4
"""Tokens from which what went and came elsewhere in a block has moved: fewer may be a `not`."""
_TOLD = 4
"""Amounts or dates of one side that are told beside another number of them."""
_NEAR = 400
"""Characters around a change that are read with it."""
_HEAD = 120
"""Characters of a row in which its first part must end."""
_ROW_END = re.compile(r"\s*(?:[|,;:(\n\t]|\s[–—-]\s)")
_ROWS: tuple[BlockKind, ...] = ("list-item", "table-row")


_T = TypeVar("_T")
Pick = Callable[[Iterable[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went and what came at one place of a changed block, as tokens; either may be empty."""

    removed: tuple[str, ...]
    added: tuple[str, ...]
    sentence: int  # which sentence or cell it stands in, as far as both texts share their ends


@dataclass(frozen=True, slots=True)
class Swap:
    """One changed block: what went and came, place by place, and its two texts where it changed."""

    spans: tuple[Span, ...]
    exchanges: tuple[Exchange, ...]

    @property
    def old(self) -> str:
        """The text before."""
        return _where(self.spans, "removed")

    @property
    def new(self) -> str:
        """The text after."""
        return _where(self.spans, "added")

    @property
    def removed(self) -> list[str]:
        """The tokens that went."""
        return [token for e in self.exchanges for token in e.removed]

    @property
    def added(self) -> list[str]:
        """The tokens that came."""
        return [token for e in self.exchanges for token in e.added]

    @property
    def words(self) -> str:
        """The tokens that went and came, each on a line of its own."""
        return "\n".join([*self.removed, *self.added])

    @property
    def has_digits(self) -> bool:
        """Whether a token with a digit went or came."""
        return _DIGIT.search(self.words) is not None

    @property
    def has_time(self) -> bool:
        """Whether a token that may belong to a time limit went or came."""
        return _OF_TIME.search(self.words) is not None


@dataclass(frozen=True)
class Traces:
    """A change, looked at for what its words are."""

    change: Change
    terms: tuple[str, ...] = ()
    lost: str = ""  # the text that went with a page that is gone

    @cached_property
    def edits(self) -> tuple[BlockEdit, ...]:
        """The blocks that are not as they were."""
        return tuple(e for e in self.change.edits if e.op != "same")

    @cached_property
    def swaps(self) -> tuple[Swap, ...]:
        """The blocks that changed inside."""
        changed = (e for e in self.edits if e.op == "changed" and not e.renumbered)
        return tuple(map(_swap, _first(changed, lambda e: sum(len(s.text) for s in e.spans))))

    @cached_property
    def words(self) -> tuple[int, int]:
        """How many words came and how many went."""
        return words_changed(self.edits)

    @cached_property
    def words_before(self) -> int:
        """How many words there were."""
        return sum(count_words(e.before.text) for e in self.change.edits if e.before)

    def blocks(self, op: str, *kinds: BlockKind) -> list[str]:
        """The texts of the blocks added or removed whole, of these kinds."""
        sides = ((e.after if op == "added" else e.before) for e in self.edits if e.op == op)
        return _first((b.text for b in sides if b and (not kinds or b.kind in kinds)), len)

    def links(self, op: str, *, attached: bool) -> list[LinkEdit]:
        """The link edits of one sort, of attachments or of the others."""
        return [e for e in self.change.links if e.op == op and (e.rel == "attachment") == attached]

    @cached_property
    def removed_text(self) -> str:
        """All words that went, a hunk a line."""
        return "\n".join(_first([*(h.text for h in self.change.hunks if h.op == "removed"), self.lost], len))

    @cached_property
    def added_text(self) -> str:
        """All words that came, a hunk a line."""
        return "\n".join(_first((h.text for h in self.change.hunks if h.op == "added"), len))

    @cached_property
    def names_removed(self) -> int:
        """How many rows that begin like a person's name left a list, and came back nowhere."""
        rows = self.blocks("removed", *_ROWS)
        rows += [e.before.text for e in self.edits if e.op == "changed" and e.before and e.before.kind in _ROWS]
        arrived = " ".join(b.after.text for b in self.edits if b.after and b.op != "moved")
        names = {name for row in rows if (name := _name_of(row))}
        return sum(name not in arrived for name in names)


def _first(items: Iterable[_T], letters: Callable[[_T], int]) -> list[_T]:
    """As many of the first items as hold what may be read of one change."""
    sizes, kept = 0, []
    for item in items:
        sizes += letters(item)
        if sizes > MOST:
            break
        kept.append(item)
    return kept


def _name_of(row: str) -> str | None:
    """The name that a row begins with; a row that tells a number of something is no person's."""
    name, *rest = _ROW_END.split(row[:_HEAD])
    return name if is_name(name) and not any(NUMBER.fullmatch(part.strip()) for part in rest) else None


def _swap(edit: BlockEdit) -> Swap:
    return Swap(edit.spans, tuple(_without_moved(list(_exchanges(edit.spans)))))


def _exchanges(spans: Iterable[Span]) -> Iterator[Exchange]:
    """What went and came between two runs that stayed."""
    sides = {"removed": "", "added": ""}
    sentence = 0
    for span in (*spans, Span("same", "")):
        if span.op != "same":
            sides[span.op] += span.text
            continue
        if sides["removed"] or sides["added"]:
            yield Exchange(tuple(TOKEN.findall(sides["removed"])), tuple(TOKEN.findall(sides["added"])), sentence)
            sides = {"removed": "", "added": ""}
        sentence += bool(CELL in span.text or SENTENCE.search(span.text))


def _without_moved(exchanges: list[Exchange]) -> list[Exchange]:
    """The exchanges without the phrases that went at one place and came at another."""
    went = Counter(e.removed for e in exchanges if not e.added and len(e.removed) >= _PHRASE)
    moved = went & Counter(e.added for e in exchanges if not e.removed) if went else Counter[tuple[str, ...]]()
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
    others = (DATE, PHONE, SECTION, _CLOCK, _YEAR, _REFERENCE, _SIZE)
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
    left, right = Counter(map(evened, went)), Counter(map(evened, came))
    return told + _side_by_side(list((left - right).elements()), list((right - left).elements()))


def _side_by_side(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Each beside what took its place; where they are not as many, all beside all."""
    if not old or not new:
        return []
    if len(old) == len(new):
        return [f"{a} → {b}" for a, b in zip(old, new, strict=True) if evened(a) != evened(b)]
    return [" → ".join(", ".join([*side[:_TOLD], *(["…"] if len(side) > _TOLD else [])]) for side in (old, new))]


def deadline(swap: Swap) -> list[str]:
    """The time limits that are others now, in a block that speaks of a limit."""
    if not swap.has_time:
        return []
    before, after = swap.old, swap.new
    if not (_DEADLINE.search(before) or _DEADLINE.search(after)):
        return []
    old = Counter(m.group() for m in _DURATION.finditer(before)) + Counter(dates(swap.removed))
    new = Counter(m.group() for m in _DURATION.finditer(after)) + Counter(dates(swap.added))
    return [f"{a} → {b}" for a, b in zip((old - new).elements(), (new - old).elements(), strict=False)]


def references(text: str) -> Counter[str]:
    """The decisions, paragraphs and diary numbers a text refers to."""
    return Counter(m.group() for m in _REFERENCE.finditer(text))


def decisions(tokens: Iterable[str]) -> Counter[str]:
    """The tokens by which something is decided, bidden or allowed, in lower case."""
    return Counter(map(str.lower, _DECISION.findall("\n".join(tokens))))


def negated(swap: Swap) -> list[tuple[str, str]]:
    """Negations that came or went, unless one took the other's place in a sentence: `ej` for `inte` says the same."""
    found: list[tuple[str, str]] = []
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


def is_contact(text: str) -> bool:
    """Whether a short block tells how to reach somebody."""
    return len(text) <= 120 and bool(_MAIL.search(text) or PHONE.search(text) or _CONTACT.search(text))


def is_contact_token(token: str) -> bool:
    """Whether a token is part of an address, a number or an opening hour, or a mere mark."""
    forms = (PHONE, _MAIL, _CLOCK)
    return not HAS_WORD.search(token) or any(form.fullmatch(token) for form in forms)


def only_form(traces: Traces) -> bool:
    """Whether the blocks hold the same words in the same order, cut or punctuated otherwise."""
    edits = traces.edits
    if not edits or any(e.op == "moved" or e.renumbered for e in edits) or not _has_equal_words(traces):
        return False
    old = [e.before for e in sorted((e for e in edits if e.before), key=lambda e: e.at_before or 0)]
    new = [e.after for e in sorted((e for e in edits if e.after), key=lambda e: e.at_after or 0)]
    if sum(len(b.text) for b in (*old, *new) if b) > MOST:
        return False
    return _words(b.text for b in old if b) == _words(b.text for b in new if b)


def _has_equal_words(traces: Traces) -> bool:
    """Whether as many of each word went as came: what can be seen without reading what stayed."""
    went = [evened(t) for s in traces.swaps for t in s.removed if HAS_WORD.search(t)]
    came = [evened(t) for s in traces.swaps for t in s.added if HAS_WORD.search(t)]
    went += _words(traces.blocks("removed"))
    came += _words(traces.blocks("added"))
    return len(went) == len(came) and Counter(went) == Counter(came)


def _words(texts: Iterable[str]) -> list[str]:
    return list(map(evened, only_words("\n".join(texts))))
