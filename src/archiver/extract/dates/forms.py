"""The written forms of a day: one table of patterns for all languages.

A value is ISO to the precision that was printed ('2019-11', '2019-11-08', '2019-11-08T09:54'). No part is filled in,
two-digit years are read in two forms only (`SHORT`, `DOTTED`), and what is no day of the calendar is no value. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from functools import cached_property
from itertools import takewhile
from zoneinfo import ZoneInfo

from archiver.extract.dates.stamps import PRINTED, compose, is_real, value_of
from archiver.model import Language, Precision

LETTER = r"[^\W\d_]"
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DAY = r"(?P<d>[0-3]?\d)"
_ORDINAL = r"(?:\.|:?(?:d?e|a)\b|st\b|nd\b|rd\b|th\b)?"
_WHOLE = r"(?![-/.]?\d)"
"""What follows is no further digit: '2019-11-08-17' and '8.11.2019.4' are something else than days."""

FORMS = (
    ("iso", r"(?P<y>(?:19|20)\d\d)(?P<s>[-‐‑‒–./])(?P<m>[01]?\d)(?P=s)(?P<d>[0-3]?\d)" + _WHOLE),
    ("named", _DAY + _ORDINAL + r"[\s.\-–]{0,3}(?:GLUE\s+)?(?P<mon>MONTH)\.?[\s,.\-–/]{0,3}" + _YEAR),
    ("named-first", r"(?P<mon>MONTH)\.?[\s\-]{1,2}" + _DAY + _ORDINAL + r"[\s,]{1,3}" + _YEAR),
    ("numeric", r"(?P<a>\d{1,2})\s?(?P<s>[/.\-–])\s?(?P<b>\d{1,2})(?:\s?(?P=s)\s?|\s?[\-–/]|\s|\.\s)"
                r"(?P<y>(?:19|20)\d\d)" + _WHOLE),
    ("iso-week", r"(?P<y>(?:19|20)\d\d)(?P<s>-?)W(?P<w>[0-5]\d)(?P=s)(?P<wd>[1-7])(?![-\d])"),
    ("compact", r"(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?![-+]?\d)"),
    ("named-month", r"(?P<mon>MONTH)\.?[\s,]{1,2}" + _YEAR),
    ("iso-month", r"(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)(?!\d)(?!-\d)"),
    ("numeric-month", r"(?P<m>[01]?\d)/(?P<y>(?:19|20)\d\d)" + _WHOLE),
    ("year", r"(?P<y>(?:19|20)\d\d)(?=\s*(?:\Z|[|•·;,)\]]))"),
)  # fmt: skip
"""Name and pattern, the longer forms first; `MONTH` and `GLUE` stand for the language's own words.

'numeric' takes the order of day and month from the language: '8/11 2019', '8/11-2019', '8.11.2019', '08-11-2019'.
"""
_NAME_FIRST = "(?P<mon>"
SHORT = ("short", r"(?P<yy>\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?![-+]?\d)")
"""'191108': the Swedish custom. Elsewhere six digits may as well begin with the day, so it is read nowhere else."""
SHORT_LANGUAGES = frozenset({"sv"})
DOTTED = r"(?P<d>[0-3]?\d)\.\s?(?P<m>[01]?\d)\.\s?(?P<yy>\d\d)(?![-/.:]?\d)"
"""'8.11.19' behind a label: German, Danish, Norwegian, Finnish, which write dots in no other order."""
DOTTED_LANGUAGES = frozenset({"de", "da", "nb", "nn", "fi", "sv-FI"})
OLDEST_SHORT = 90
"""'90' to '99' are the 1990s, all else is this century: there were no web pages before."""

_TIME = (
    r"[\s,;|/–—\-]{0,4}(?:GLUE[\s.:]{0,3}){0,3}(?P<H>[01]?\d|2[0-3])(?P<c>[:.])(?P<M>[0-5]\d)(?:(?P=c)(?P<S>[0-5]\d))?"
    r"(?![:.]?\d)(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?P<utc>UTC|GMT|Z)\b)?(?!\s?[-–]\s?\d)"
)
_HOUR = r"[\s,]{0,3}GLUE[\s.]{0,2}(?:[01]?\d|2[0-3])(?![\d:./-])(?:\s?[ap]\.?m\b\.?)?"
_HALF_DAY = re.compile(r"(?:0?\d|1[0-2])\s?[ap]\.?m\b\.?", re.I)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (or month, year, minute, second) as read, and where its writing ends."""

    value: str | None  # None: it looks like a day and is none ('31 feb 2019')
    precision: Precision | None
    end: int


@dataclass(frozen=True)
class Calendar:
    """How one language writes days."""

    language: Language
    home: bool = True  # whether the page is written where the language's zone is

    @cached_property
    def zone(self) -> tzinfo:
        """The zone that the page's days are days of; UTC where it is not known, so that moments stay as they were."""
        return ZoneInfo(self.language.zone) if self.home and self.language.zone != "UTC" else UTC

    @cached_property
    def months(self) -> Mapping[str, int]:
        """Month names in lower case."""
        return {name.lower(): number for name, number in self.language.months}

    @cached_property
    def _from_digit(self) -> tuple[re.Pattern[str], ...]:
        return tuple(self._compile(source) for _, source in FORMS if not source.startswith(_NAME_FIRST))

    @cached_property
    def _from_name(self) -> tuple[re.Pattern[str], ...]:
        return tuple(self._compile(source) for _, source in FORMS if source.startswith(_NAME_FIRST))

    @cached_property
    def starts(self) -> re.Pattern[str]:
        """Where a day may begin in running text: at a digit, a month, or the word before a time."""
        return self._compile(r"\b(?:\d|GLUE|MONTH)")

    @cached_property
    def _short(self) -> tuple[re.Pattern[str], ...]:
        code = self.language.code
        forms = [SHORT[1]] * (code in SHORT_LANGUAGES) + [DOTTED] * (code in DOTTED_LANGUAGES)
        return tuple(map(self._compile, forms))

    @cached_property
    def _time(self) -> re.Pattern[str]:
        return self._compile(_TIME)

    @cached_property
    def _between(self) -> re.Pattern[str]:
        words = alternatives((*self.language.glue, *self.language.weekdays))
        return re.compile(rf"[\s,|/–—\-]{{1,4}}(?:{words}[\s.,]{{1,3}}){{0,3}}", re.I)

    @cached_property
    def _hour(self) -> re.Pattern[str]:
        return self._compile(_HOUR)

    def _compile(self, source: str) -> re.Pattern[str]:
        glue = alternatives(self.language.glue)
        return re.compile(source.replace("MONTH", alternatives(self.months)).replace("GLUE", glue), re.I)

    def day(self, text: str, at: int, short: bool = False) -> Moment | None:
        """The day that is written exactly at that place, with its time where there is one; None: no day there.

        `short` permits the forms that are days only where a day is expected.
        """
        if (printed := PRINTED.match(text, at)) is not None:
            return Moment(*value_of(printed, self.zone), printed.end())
        found = self._match(text, at, short)
        if found is None:
            return self._time_first(text, at)
        parts, end = self._parts(found), found.end()
        if span := self._span_end(text, end):
            return Moment(None, None, span)
        if parts is None or len(parts) < 3:
            return Moment(*(compose(parts) if parts else (None, None)), end)
        return self._timed(parts, text, end)

    def _time_first(self, text: str, at: int) -> Moment | None:
        """'10:15, 8 november 2019': the time before its day; of '2pm on 8 November 2019' the day alone."""
        time = self._time.match(text, at)
        first = time or _HALF_DAY.match(text, at)
        between = self._between.match(text, first.end()) if first else None
        found = self._match(text, between.end(), short=False) if between else None
        parts = self._parts(found) if found else None
        if not (found and parts and len(parts) == 3):
            return None
        if time is None:
            return Moment(*compose(parts), found.end())
        return Moment(*compose(parts, _clock(time), self.zone if time["utc"] else None), found.end())

    def _timed(self, parts: tuple[int, ...], text: str, end: int) -> Moment:
        """The day with the time behind it; an hour without minutes is passed over, for a value has none."""
        if time := self._time.match(text, end):
            return Moment(*compose(parts, _clock(time), self.zone if time["utc"] else None), time.end())
        hour = self._hour.match(text, end)
        return Moment(*compose(parts), hour.end() if hour else end)

    def time_after(self, text: str, end: int) -> int:
        """Where a time that follows there ends; `end` itself where none does."""
        time = self._time.match(text, end)
        return time.end() if time else end

    def _match(self, text: str, at: int, short: bool) -> re.Match[str] | None:
        if text[at : at + 1].isdigit():
            patterns = self._from_digit + self._short if short else self._from_digit
        else:
            patterns = self._from_name
        for pattern in patterns:
            if found := pattern.match(text, at):
                return found
        return None

    def _span_end(self, text: str, end: int) -> int | None:
        """Where a second day ends that follows after a dash: '1 jan 2019 – 3 feb 2019' is no day."""
        dash = _DASH.match(text, end)
        second = self._match(text, dash.end(), short=False) if dash else None
        return second.end() if second else None

    def _parts(self, match: re.Match[str]) -> tuple[int, ...] | None:
        """Year, month and day as far as they were printed; None where the calendar has no such day."""
        said = match.groupdict()
        year = int(said["y"]) if said.get("y") else _century(int(said["yy"]))
        if said.get("w"):
            return _of_week(year, int(said["w"]), int(said["wd"]))
        month, day = said.get("m"), said.get("d")
        if name := said.get("mon"):
            month = str(self.months[name.lower()])
        elif said.get("a"):
            day, month = (said["a"], said["b"]) if self.language.order == "day-first" else (said["b"], said["a"])
            if self.language.order == "year-first":  # such a language writes no day this way: it cannot be known
                return None
        parts = tuple(int(p) for p in takewhile(bool, (str(year), month, day)) if p)
        return parts if is_real(parts) else None


_DASH = re.compile(r"\s?[-–—]\s?(?=\d)")


def alternatives(words: Iterable[str]) -> str:
    """A group that matches one of the words, the longest first, as whole words; blanks stand for any white space."""
    ordered = sorted({w.strip().rstrip(".").lower() for w in words if w.strip()}, key=lambda w: (-len(w), w))
    if not ordered:
        return r"(?!)"
    words = "|".join(r"\s+".join(map(re.escape, w.split())) for w in ordered)
    return rf"(?:(?:{words})(?!{LETTER}))"


def _clock(time: re.Match[str]) -> tuple[int, ...]:
    """Hour, minute and perhaps second of a printed time; '9:54 pm' is 21:54."""
    hour, half = int(time["H"]), (time["half"] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    rest: Iterator[int] = (int(time[g]) for g in "MS" if time[g] is not None)
    return (hour, *rest)


def _century(year: int) -> int:
    return (1900 if year >= OLDEST_SHORT else 2000) + year


def _of_week(year: int, week: int, weekday: int) -> tuple[int, ...] | None:
    """Year, month and day of an ISO 8601 week date."""
    try:
        found = date.fromisocalendar(year, week, weekday)
    except ValueError:
        return None
    return found.year, found.month, found.day
