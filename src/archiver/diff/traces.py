"""What stands in a change: its exchanges, time limits, references, decisions, names. The raw material of the reasons.

`Traces` is made once per change and looks at each changed block once; the patterns are tables. Pure.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from archiver.diff.exchanges import CLOCK, NUMBER_WORDS, REFERENCE, Swap, dates, swap_of
from archiver.diff.people import Names, is_name
from archiver.diff.tokens import HAS_WORD, NUMBER, PHONE, count_words, evened, only_words
from archiver.model import Block, BlockEdit, BlockKind, Change, LinkEdit

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
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w{2,}")
_CONTACT = re.compile(
    r"(?i)(?<!\w)(?:öppettid|telefontid|besökstid|besöksadress|postadress"
    r"|växel:|telefon:|tel\.|e-post:|fax:|opening\shours)"
)
MOST = 500_000
"""Characters of a change that are read of each sort: blocks changed, blocks removed, blocks added."""
_HEAD = 120
"""Characters of a row in which its first part must end."""
_ROW_END = re.compile(r"\s*(?:[|,;:(\n\t]|\s[–—-]\s)")
_ROWS: tuple[BlockKind, ...] = ("list-item", "table-row")

_T = TypeVar("_T")


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
        return tuple(map(swap_of, _first(changed, lambda e: sum(len(s.text) for s in e.spans))))

    @cached_property
    def words(self) -> tuple[int, int]:
        """How many words came and how many went."""
        text = next((d for d in self.change.differences if d.kind == "text"), None)
        return (text.added, text.removed) if text else (0, 0)

    @cached_property
    def words_before(self) -> int:
        """How many words there were."""
        return sum(count_words(block.text) for block in _before(self.change.edits))

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
        names = {name for row in rows if (name := _name_of(row))}
        if not names:
            return 0
        known, arrived = Names(names), (e.after.text for e in self.edits if e.after and e.op != "moved")
        return len(names.difference(*map(known.found_in, arrived)))


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
    return Counter(m.group() for m in REFERENCE.finditer(text))


def decisions(tokens: Iterable[str]) -> Counter[str]:
    """The tokens by which something is decided, bidden or allowed, in lower case."""
    return Counter(map(str.lower, _DECISION.findall("\n".join(tokens))))


def is_contact(text: str) -> bool:
    """Whether a short block tells how to reach somebody."""
    return len(text) <= 120 and bool(_MAIL.search(text) or PHONE.search(text) or _CONTACT.search(text))


def is_contact_token(token: str) -> bool:
    """Whether a token is part of an address, a number or an opening hour, or a mere mark."""
    forms = (PHONE, _MAIL, CLOCK)
    return not HAS_WORD.search(token) or any(form.fullmatch(token) for form in forms)


def only_form(traces: Traces) -> bool:
    """Whether the blocks hold the same words in the same order, cut or punctuated otherwise."""
    edits = traces.edits
    if not edits or any(e.has_moved or e.renumbered for e in edits) or not _has_equal_words(traces):
        return False
    old, new = _before(edits), _after(edits)
    if sum(len(b.text) for b in (*old, *new)) > MOST:
        return False
    return _words(b.text for b in old) == _words(b.text for b in new)


def _before(edits: Iterable[BlockEdit]) -> list[Block]:
    """The blocks before, each once, in their order."""
    blocks = {e.at_before: e.before for e in edits if e.before and e.at_before is not None}
    return [blocks[at] for at in sorted(blocks)]


def _after(edits: Iterable[BlockEdit]) -> list[Block]:
    """The blocks after, each once, in their order."""
    blocks = {e.at_after: e.after for e in edits if e.after and e.at_after is not None}
    return [blocks[at] for at in sorted(blocks)]


def _has_equal_words(traces: Traces) -> bool:
    """Whether as many of each word went as came: what can be seen without reading what stayed."""
    went = [t for s in traces.swaps for t in s.removed if HAS_WORD.search(t)]
    came = [t for s in traces.swaps for t in s.added if HAS_WORD.search(t)]
    went += _words(traces.blocks("removed"))
    came += _words(traces.blocks("added"))
    return len(went) == len(came) and Counter(map(evened, went)) == Counter(map(evened, came))


def _words(texts: Iterable[str]) -> list[str]:
    return list(map(evened, only_words("\n".join(texts))))
