"""From what a reader said of a page and what is true of it to numbers. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import fmean
from typing import Literal

Word = Literal["exact", "rightly none", "missing", "wrong", "invented"]
DATES = ("published", "updated")
DAY = len("2019-11-08")
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
"""A word, letters and digits; of scripts that put no space between words, a character."""


@dataclass(frozen=True)
class Gold:
    """What is true of a page. What a set does not know is not there, and nobody is scored on it."""

    days: Mapping[str, str | None] = field(default_factory=dict)  # 'published' -> its day; None: the page has none
    shown: frozenset[str] = frozenset(DATES)  # of which dates the page still says anything
    title: str | None = None
    text: str | None = None  # of the main content, without the title
    rows: str | None = None  # the text of its tables; None: it has none
    items: str | None = None  # the text of its lists
    links: frozenset[str] | None = None  # absolute targets of the links in the main content


@dataclass(frozen=True)
class Said:
    """What a reader said of a page; None where there is nothing, or where it never says such a thing."""

    published: str | None = None
    updated: str | None = None
    title: str | None = None
    text: str | None = None
    links: frozenset[str] | None = None


@dataclass(frozen=True)
class Overlap:
    """How far two texts, or two sets, are the same."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge(said: str | None, gold: str | None, *, shown: bool = True) -> Word:
    """The word on one date. A month that agrees with the day is a date that is missing, not a wrong one.

    `shown`: whether the page (still) says the date of the gold; silence on what it does not say is right.

    >>> judge("2019-11-08T09:54", "2019-11-08"), judge("2019-11", "2019-11-08"), judge("2019-01-01", None)
    ('exact', 'missing', 'invented')
    """
    if said is None:
        return "missing" if gold and shown else "rightly none"
    if gold is None:
        return "invented"
    gold, said = gold[:DAY], said[:DAY]
    if said.startswith(gold):
        return "exact"
    return "missing" if gold.startswith(said) else "wrong"


def tokens(text: str) -> Counter[str]:
    """The words of a text, each as often as it stands there."""
    return Counter(_TOKEN.findall(text.casefold()))


def overlap(said: Counter[str], gold: Counter[str]) -> Overlap:
    """Of the words said, how many are right; of the right ones, how many were said. Nothing of nothing is all of it."""
    common = (said & gold).total()
    if not gold and not said:
        return Overlap(1.0, 1.0)
    return Overlap(common / said.total() if said else 0.0, common / gold.total() if gold else 1.0)


def without_title(text: str, title: str | None) -> str:
    """The text without lines that are just the title: some readers count it as text, and that is no mistake."""
    headed = plain(title or "")
    return "\n".join(line for line in text.splitlines() if not headed or plain(line.lstrip("# ")) != headed)


def plain(text: str) -> str:
    """A title as it is compared."""
    return " ".join(text.split()).casefold()


@dataclass
class Tally:
    """One reader's score over the pages of a set; `says` names what it says at all."""

    says: frozenset[str]
    pages: int = 0
    dates: dict[str, Counter[str]] = field(default_factory=dict)
    titles: list[float] = field(default_factory=list)
    bodies: list[Overlap] = field(default_factory=list)
    links: list[Overlap] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    items: list[float] = field(default_factory=list)

    def add(self, said: Said, gold: Gold) -> None:
        """Count one page."""
        self.pages += 1
        for meaning in self.says.intersection(gold.days):
            word = judge(getattr(said, meaning), gold.days[meaning], shown=meaning in gold.shown)
            self.dates.setdefault(meaning, Counter())[word] += 1
        if "title" in self.says and gold.title is not None:
            self.titles.append(float(plain(said.title or "") == plain(gold.title)))
        if "text" in self.says:
            self._add_text(said.text or "", gold)
        if "links" in self.says and gold.links is not None:
            self.links.append(overlap(Counter(said.links or ()), Counter(gold.links)))

    def _add_text(self, text: str, gold: Gold) -> None:
        said = tokens(without_title(text, gold.title))
        if gold.text is not None:
            self.bodies.append(overlap(said, tokens(without_title(gold.text, gold.title))))
        for kept, part in ((self.rows, gold.rows), (self.items, gold.items)):
            if part and (wanted := tokens(part)):
                kept.append(overlap(said, wanted).recall)

    def measures(self) -> dict[str, float]:
        """Every number by its name, all of them shares of which more is better."""
        found: dict[str, float] = {}
        for meaning in DATES:
            if words := self.dates.get(meaning):
                found |= {f"{meaning}.{name}": value for name, value in _shares(words).items()}
        found |= {f"title.{name}": value for name, value in _mean("exact", self.titles)}
        for part, overlaps in (("body", self.bodies), ("links", self.links)):
            for name in ("precision", "recall", "f1"):
                found |= {f"{part}.{key}": v for key, v in _mean(name, (getattr(o, name) for o in overlaps))}
        found |= {f"tables.{name}": value for name, value in _mean("recall", self.rows)}
        return found | {f"lists.{name}": value for name, value in _mean("recall", self.items)}


def _shares(words: Mapping[str, int]) -> dict[str, float]:
    """Of the pages that show a date, how many were read exactly; of all, how many rightly, and without an invention.

    `words` is a Counter: a word that never fell counts nothing.
    """
    pages = sum(words.values())
    dated = sum(words.get(w, 0) for w in ("exact", "missing", "wrong"))
    false = words.get("wrong", 0) + words.get("invented", 0)
    shares = {"right": (words.get("exact", 0) + words.get("rightly none", 0)) / pages, "honest": 1 - false / pages}
    return ({"exact": words.get("exact", 0) / dated} if dated else {}) | shares


def _mean(name: str, values: Iterable[float]) -> list[tuple[str, float]]:
    """The mean over pages under its name; nothing where there are none."""
    kept = list(values)
    return [(name, fmean(kept))] if kept else []
