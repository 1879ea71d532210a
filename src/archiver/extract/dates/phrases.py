"""A language pack at work on plain text: where labels stand, and what date is written at a place.

A language's tables are compiled once into a `Lexicon`. Nothing here knows of pages: which label is the page's own,
and which of several dates is believed, is decided in `statements` and `witnesses`. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast, get_args

from archiver.extract.dates.forms import LETTER, Calendar, alternatives
from archiver.model import Language, Meaning, Precision

MONTH_FIRST = frozenset({"en-us", "en-ph"})
"""Regions (`html[lang]`) in which 11/8/2019 is the eighth of November, whatever order the language has elsewhere."""
Words = tuple[str, ...]
LETTERS = re.compile(rf"{LETTER}+")
_SMALL, _CAPITAL = "a-zß-öø-ÿ", "A-ZÀ-ÖØ-Þ"
HUMP = re.compile(f"[{_SMALL}](?=[{_CAPITAL}][{_SMALL}])")
"""Where two words were glued that stood in elements of their own: 'Anna ProvSenast uppdaterad'."""
HUMPS = re.compile(rf"{LETTER}(?:(?!(?<=[{_SMALL}])[{_CAPITAL}][{_SMALL}]){LETTER})*")
"""Words, also those that were glued."""
_PARTED = re.compile(r"[^\w\s.'’\-]|\d")
"""What parts two words so that they are no label together."""
LONGEST_GAP = 8
"""Characters of punctuation and white space between a label and its value: colon, bullet, dash, bar, icons."""


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label in a text."""

    start: int
    end: int
    meaning: Meaning | None  # None: on the list of those that look like a page's date and are not
    label: str  # as printed
    row: str  # as the language pack has it


@dataclass(frozen=True, slots=True)
class DateRead:
    """What is written where a date is expected."""

    raw: str  # as printed
    start: int
    end: int
    value: str | None = None  # ISO to its precision
    precision: Precision | None = None
    relative: bool = False  # 'igår': true only on the day it was printed, so never a value

    @property
    def understood(self) -> bool:
        """Whether the words name a day (month, year) of the calendar."""
        return self.value is not None


@dataclass(frozen=True)
class Lexicon:
    """A language, compiled."""

    language: Language
    home: bool = True  # whether the page is written where the language's zone is

    @cached_property
    def calendar(self) -> Calendar:
        """The language's written forms of a day."""
        return Calendar(self.language, self.home)

    @cached_property
    def rows(self) -> Mapping[Words, tuple[Meaning | None, str]]:
        """Meaning and printed form of each label by its words; the labels to leave alone mean None."""
        found: dict[Words, tuple[Meaning | None, str]] = {}
        for meaning, labels in self.language.labels:
            if meaning in get_args(Meaning):
                found |= {spelled(label): (cast(Meaning, meaning), label) for label in labels}
        return found | {spelled(label): (None, label) for label in self.language.never}

    @cached_property
    def openings(self) -> Mapping[str, tuple[Words, ...]]:
        """The labels by their first word, the longest first: one look tells nearly every word that it begins none."""
        found: dict[str, list[Words]] = {}
        for row in sorted(filter(None, self.rows), key=len, reverse=True):
            found.setdefault(row[0], []).append(row)
        return {word: tuple(rows) for word, rows in found.items()}

    @cached_property
    def authors(self) -> Mapping[str, Words]:
        """For each label like 'Publicerad av' the date label it begins with: '... av NN 2019-11-08' dates the page."""
        people = {words: row for words, (meaning, row) in self.rows.items() if meaning == "responsible"}
        dates = {words for words, (meaning, _) in self.rows.items() if meaning not in ("responsible", None)}
        return {row: words[:-1] for words, row in people.items() if words[:-1] in dates}

    @cached_property
    def people(self) -> Mapping[str, int]:
        """Labels of people by their place in the pack, the surest first."""
        listed = [row for meaning, rows in self.language.labels if meaning == "responsible" for row in rows]
        return {row: n for n, row in enumerate(listed)}

    @cached_property
    def by(self) -> re.Pattern[str]:
        """The words before a name after a date ('av', 'by'): what a person's label has and its date label has not."""
        return re.compile(alternatives({spelled(row)[-1] for row in self.authors}), re.I)

    @cached_property
    def gap(self) -> re.Pattern[str]:
        """What may stand between a label and its value: any punctuation, glue words, a weekday (never trusted)."""
        words = alternatives((*self.language.glue, *self.language.weekdays))
        return re.compile(rf"\W{{0,{LONGEST_GAP}}}(?:{words}\W{{0,4}}){{0,4}}", re.I)

    @cached_property
    def glue(self) -> re.Pattern[str]:
        """A glue word."""
        return re.compile(alternatives(self.language.glue), re.I)

    @cached_property
    def furniture(self) -> frozenset[str]:
        """Words of share and print links, which may stand beside a date."""
        return frozenset(phrase.lower() for phrase in self.language.furniture)

    @cached_property
    def relative(self) -> re.Pattern[str]:
        """A relative phrase, perhaps counted ('2 days ago'); '...' in the pack stands for one to four words."""
        phrases = alternatives(self.language.relative).replace(r"\.\.\.", r"\w+(?:\s+\w+){0,3}")
        return re.compile(rf"(?:\d+\s+\w+\s+)?{phrases}", re.I)

    @cached_property
    def almost(self) -> re.Pattern[str]:
        """Words that begin like a date: digits, a month or a weekday and digits ('tor 8 nov', 'nov', '8/11-19')."""
        months = [name for name, _ in self.language.months]
        names = alternatives((*months, *self.language.weekdays, *self.language.glue))
        part = r"\d[\w./:\-–]{0,20}"
        return re.compile(rf"(?:{names}[\s.,]{{0,3}}){{0,3}}{part}(?:[\s.,]{{1,2}}(?:{names}|{part})){{0,3}}", re.I)


def lexicon(language: Language, region: str = "", *, home: bool = True) -> Lexicon:
    """The language compiled; `region` is the page's own `html[lang]`, which may settle the order of day and month.

    `home`: whether somebody vouches that the page belongs to the language's zone. Where nobody does, a page that calls
    itself by another language does not: 'pt-BR', read in Swedish for want of a better pack.
    """
    key = (id(language), region, home)
    known = _COMPILED.get(key)
    if known is None or known[0] is not language:
        if len(_COMPILED) >= _MOST_COMPILED:
            _COMPILED.clear()
        known = _COMPILED[key] = (language, _compiled(language, region, home))
    return known[1]


_COMPILED: dict[tuple[int, str, bool], tuple[Language, "Lexicon"]] = {}
"""By the pack itself and not by its content: to hash a pack takes longer than to look for labels in a page. The pack is
kept beside its lexicon, so that no other can come to have its id."""
_MOST_COMPILED = 64


def _compiled(language: Language, region: str, home: bool) -> Lexicon:
    ordered = replace(language, order="month-first") if region.lower() in MONTH_FIRST else language
    spoken = region.replace("_", "-").partition("-")[0].lower()
    return Lexicon(ordered, home or not spoken or _is_kin(spoken, language.code.partition("-")[0]))


def _is_kin(spoken: str, code: str) -> bool:
    """Whether two language codes name one language; 'no' is the code of both kinds of Norwegian."""
    return spoken == code or {spoken, code} <= {"no", "nb", "nn"}


def find_labels(text: str, lexicon: Lexicon) -> list[LabelHit]:
    """Every label in the text, in order, none within another.

    The longest wins: 'Nästa granskning' of the never-list shadows 'Granskning', 'Publicerad av' shadows 'Publicerad'.
    """
    words = list((HUMPS if HUMP.search(text) else LETTERS).finditer(text))
    lower = [word[0].lower() for word in words]
    hits: list[LabelHit] = []
    free = 0
    for at, word in enumerate(lower):
        if at < free or word not in lexicon.openings:
            continue
        for row in lexicon.openings[word]:
            if tuple(lower[at : at + len(row)]) != row:
                continue
            start, end = words[at].start(), words[at + len(row) - 1].end()
            if not _PARTED.search(text, start, end):
                hits.append(LabelHit(start, end, lexicon.rows[row][0], text[start:end], lexicon.rows[row][1]))
                free = at + len(row)
                break
    return hits


def read_date(text: str, lexicon: Lexicon, at: int = 0) -> DateRead | None:
    """The date whose place is `at`, the end of a label or the start of a text; None where something else stands.

    Punctuation, glue words and a weekday may come first. Words that only look like a date give a `DateRead` that is
    not understood: 'tor 8 nov' lacks its year, and none is filled in.
    """
    plain = text.translate(NARROW) if _WIDE.search(text) else text
    gap = lexicon.gap.match(plain, at)
    if gap is None:
        return None
    if moment := lexicon.calendar.day(plain, gap.end(), short=True):
        start = gap.end()
        return DateRead(text[start : moment.end], start, moment.end, moment.value, moment.precision)
    start = next((i for i in range(at, min(len(text), at + LONGEST_GAP + 1)) if text[i].isalnum()), len(text))
    if relative := lexicon.relative.match(plain, start):
        end = lexicon.calendar.time_after(plain, relative.end())
        return DateRead(text[start:end], start, end, relative=True)
    almost = lexicon.almost.match(plain, start)
    return DateRead(text[start : almost.end()].rstrip(" .,:-–"), start, almost.end()) if almost else None


NARROW: Mapping[int, str] = {0xFF0D: "-", 0xFF0E: ".", 0xFF0F: "/", 0xFF1A: ":"} | {
    0xFF10 + digit: str(digit) for digit in range(10)
}
"""Full-width digits and signs, and what they are in the written forms: a character for a character."""
_WIDE = re.compile("[０-９]")


def spelled(label: str) -> Words:
    """The words of a label in lower case: the form in which labels are compared."""
    return tuple(LETTERS.findall(label.lower()))
