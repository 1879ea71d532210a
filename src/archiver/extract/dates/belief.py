"""Which of a page's claims is believed: at most one per meaning, the strongest that can be true.

A claim that cannot be true, or does not speak of this page, comes here with its doubt. Of the rest the strongest
witness is believed; the others agree with it (`outranked`) or do not (`contradicted`). A witness that contradicts
itself is not believed at all: ten 'Publicerad' on one page are a list's.

Moments of one day agree: a page's witnesses are stamped by different clocks. A moment in UTC is on one day here and on
another there, and machines stamp in UTC whatever the site's zone is: where the page also prints a day that the moment
can be on, the printed day is that of the site's own clock, and is believed. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archiver.extract.dates.labelled import SPOKEN
from archiver.extract.dates.stamps import Days
from archiver.extract.page.lines import Zone
from archiver.model import Claim, Doubt, Meaning, Precision, Witness

FIRST_WEB_YEAR = "1990"
COARSE: frozenset[Precision | None] = frozenset({"year", "month"})


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before it is judged, with what the judgement needs."""

    meaning: Meaning
    witness: Witness
    rule: str
    label: str | None
    raw: str
    value: str | None
    precision: Precision | None
    place: str
    doubt: Doubt | None = None
    zone: Zone = "main"
    beside_title: bool = False
    rank: int = 0  # of a label of people
    spans: tuple[tuple[int, int, int], ...] = ()  # (line, start, end) of the words
    days: Days | None = None  # of a moment in UTC: which it can be on at the site


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, and whether what it says is held by the believed ones: its words may then leave the body."""

    claim: Claim
    held: bool


def doubt_of(value: str | None, today: str) -> Doubt | None:
    """Why no page can truly say that value on that day (ISO); None: it can."""
    if value is None:
        return "not-understood"
    if value < FIRST_WEB_YEAR:
        return "before-the-web"
    return "future" if value[:10] > today[: len(value)] else None


def judge(drafts: Sequence[Draft], order: Sequence[Witness]) -> list[Judged]:
    """The claims in their order, judged; `order` names the witnesses, strongest first."""
    verdicts: list[tuple[bool, Doubt | None, bool]] = [(False, d.doubt, d.doubt in SAYS_NOTHING) for d in drafts]
    pools: dict[Meaning, list[int]] = {}
    for index, draft in enumerate(drafts):
        if draft.doubt in NOT_NOW and draft.value:
            pools.setdefault(draft.meaning, []).append(index)
    for pool in pools.values():
        said: dict[Witness, list[int]] = {}
        for index in pool:
            said.setdefault(drafts[index].witness, []).append(index)
        groups = [said[witness] for witness in order if witness in said]
        settled = [_settle([drafts[i] for i in group]) for group in groups]
        best = _best([draft for draft in settled if draft], [drafts[i] for i in pool])
        for group, word in zip(groups, settled, strict=True):
            for index in (i for i in group if drafts[i].doubt is None):
                verdicts[index] = _verdict(drafts[index], best, at_one=word is not None)
    return [Judged(_claim(d, *v[:2]), v[2]) for d, v in zip(drafts, verdicts, strict=True)]


NOT_NOW: frozenset[Doubt | None] = frozenset({None, "future", "before-the-web"})
"""Doubts of what the page does say of itself: not to be believed, but it counts where a witness contradicts itself."""
SAYS_NOTHING: frozenset[Doubt | None] = frozenset({"no-value", "relative"})
"""Doubts of words that hold no date: nothing is lost where they leave the body."""


def _claim(draft: Draft, believed: bool, doubt: Doubt | None) -> Claim:
    return Claim(
        draft.meaning, draft.witness, draft.rule, draft.label, draft.raw, draft.value, draft.precision, draft.place,
        believed, doubt,
    )  # fmt: skip


def _verdict(draft: Draft, best: Draft | None, *, at_one: bool) -> tuple[bool, Doubt | None, bool]:
    """Believed, doubt, held. What a witness says who is not at one with itself is held only as far as it agrees."""
    if draft is best:
        return True, None, True
    if best is None and draft.days and not draft.days.sure:
        return False, "not-understood", False
    agrees = best is not None and _agree(draft, best)
    return False, "outranked" if agrees else "contradicted", agrees or (at_one and best is not None)


def _best(words: Sequence[Draft], said: Sequence[Draft]) -> Draft | None:
    """The strongest witness' word, or the one that knows the same thing better; None: it cannot be known.

    A year or month gives way to a weaker witness who agrees and knows the day; a moment in UTC to the page's own day.
    """
    if not words:
        return None
    best = words[0]
    if best.precision in COARSE:
        best = next((d for d in words if _agree(d, best) and d.precision not in COARSE), best)
    elif best.days:
        printed = (*words, *(d for d in said if d.witness == "meta" and d.doubt is None))
        known = [d for d in printed if d.days is None and d.precision not in COARSE and _agree(best, d)]
        if not known and (not best.days.sure or _is_twice(best, said)):
            return None
        if known and all(_day(d) != _day(best) for d in known):
            best = known[0]
    return None if _is_later_than_its_address(best, words) else best


def _is_twice(one: Draft, said: Sequence[Draft]) -> bool:
    """Whether the same moment is told as being in UTC on two days: of one of them the hour is a local one."""
    clock = (one.value or "")[_CLOCK]
    others = (d for d in said if d.days and d.precision == one.precision == "second")
    return any((d.value or "")[_CLOCK] == clock and _day(d) != _day(one) for d in others)


def _is_later_than_its_address(best: Draft, words: Sequence[Draft]) -> bool:
    """Whether the page's own address names a day long before: the stamp is rather that of a move to another CMS."""
    addressed = next((d for d in words if d.witness == "url"), best)
    if addressed is best or best.precision in COARSE:
        return False
    return date.fromisoformat(_day(best)) - date.fromisoformat(_day(addressed)) > LONG_BEFORE


LONG_BEFORE = timedelta(days=62)
"""A page may well be published some weeks after the day that its address names."""


def _agree(one: Draft, other: Draft) -> bool:
    """Whether two drafts say the same: dates to the day, or to the precision of the coarser."""
    a, b = one.value or "", other.value or ""
    if one.meaning == "responsible":
        return a == b
    a, b = a[:_DAY], b[:_DAY]
    if a.startswith(b) or b.startswith(a):
        return True
    return _may_be_on(one.days, b) if other.days is None else one.days is None and _may_be_on(other.days, a)


def _may_be_on(days: Days | None, day: str) -> bool:
    return days is not None and len(day) == _DAY and days.first <= day <= days.last


def _day(draft: Draft) -> str:
    return (draft.value or "")[:_DAY]


_DAY = len("2019-11-08")
_CLOCK = slice(len("2019-11-08T09:"), None)  # minute and second: the same in nearly every zone


def _settle(group: Sequence[Draft]) -> Draft | None:
    """What a witness says in the end; None: nothing that can be believed."""
    word = SETTLE.get(group[0].witness, _at_one)(group)
    return word if word and word.doubt is None else None


def _at_one(group: Sequence[Draft]) -> Draft | None:
    """The first, if all agree with it."""
    return group[0] if all(_agree(d, group[0]) for d in group) else None


def _first(group: Sequence[Draft]) -> Draft | None:
    """The first that can be true: the witness speaks in the order of trust."""
    return next((d for d in group if d.doubt is None), None)


def _in_text(group: Sequence[Draft]) -> Draft | None:
    """What the text says: beside the title, or else with one voice. A zone with several dates is a list of things."""
    surest = min(d.rank for d in group)
    group = [d for d in group if d.rank == surest]
    if titled := [d for d in group if d.beside_title]:
        return _at_one(titled)
    zones = [[d for d in group if d.zone == zone] for zone in SPOKEN]
    single = {id(d) for members in zones if members and _at_one(members) for d in members}
    voices = [d for d in group if id(d) in single]
    return _at_one(voices) if voices else None


SETTLE: Mapping[Witness, Callable[[Sequence[Draft]], Draft | None]] = {
    "meta": _first, "time": _in_text, "label": _in_text,
}  # fmt: skip
"""How a witness who says several things comes to one word; the others must be at one."""
