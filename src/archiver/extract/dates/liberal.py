"""The best guess of when a page was published, for a person who asks for one (`try --liberal`).

Here a date needs no label: whatever on the page looks like a day is a candidate, and where it stands says how likely it
is to be the page's own. The order of `RULES` is that likelihood, as it was met on pages whose date people had looked
up; within a rule the candidate nearest to the title comes first. The rule is told with the guess. A crawl never asks:
what is guessed is no evidence. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice

from archiver.extract.dates.belief import COARSE, Draft, doubt_of
from archiver.extract.dates.declared import MOST_JSON
from archiver.extract.dates.phrases import Lexicon
from archiver.extract.dates.stamps import read_stamp
from archiver.extract.page.lines import Head, Line
from archiver.model import Precision
from archiver.urls import path

MOST_LINES = 4_000
MOST_IN_LINE = 400
"""Characters of a line in which days are looked for."""
MOST_CANDIDATES = 500
SHORT = 60
"""Characters of a line that is hardly more than its date."""
ABOVE, BELOW = 4, 12
"""Lines round the title in which a date is near it."""

RULES = (
    "address", "title", "alone-near-title", "stamp-near-title", "script", "image", "claim", "meta", "updated",
    "near-title", "alone", "stamp", "text", "comment",
)  # fmt: skip
"""Kinds of candidates, the likeliest first."""
_WORD = re.compile(r"\b\w")
_ADDRESSED = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-/_.]?)(?P<m>[01]?\d)(?P=s)(?P<d>[0-3]?\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<d>[0-3]?\d)(?P<s>[-/_.])(?P<m>[01]?\d)(?P=s)(?P<y>(?:19|20)\d\d)(?!\d)"),
)
_IMAGES = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"})
_SCRIPTED = re.compile(r'"(?P<key>date(?:Published|Created|Modified)|uploadDate)"\s*:\s*"(?P<raw>[^"]{8,40})"')


@dataclass(frozen=True, slots=True)
class Guess:
    """A candidate."""

    rule: str
    far: int  # lines from the title, or how late it was met
    raw: str
    value: str
    precision: Precision
    line: int | None = None

    @property
    def order(self) -> tuple[bool, int, int]:
        """The likelier sorts first: whole days before months and years."""
        return self.precision in COARSE, RULES.index(self.rule), self.far


def guess(
    head: Head, lines: Sequence[Line], url: str, lexicon: Lexicon, told: Sequence[Draft], today: str
) -> Guess | None:
    """The likeliest day of publication, or a month or year where there is no whole day; None: no date at all."""
    found = islice(_candidates(head, lines, url, lexicon, told), MOST_CANDIDATES)
    return min((g for g in found if doubt_of(g.value, today) is None), key=lambda g: g.order, default=None)


def _candidates(
    head: Head, lines: Sequence[Line], url: str, lexicon: Lexicon, told: Sequence[Draft]
) -> Iterator[Guess]:
    yield from _in_address("address", path(url))
    yield from _claimed(told)
    yield from _in_lines(lines, lexicon)
    for name, content in head.metas:
        if name in _IMAGES:
            yield from _in_address("image", content[:2_048])
        elif stamp := read_stamp(content, lexicon.calendar.zone):
            yield Guess("meta", 0, content[:80], *stamp)
    for script in head.jsonld:
        for at, found in enumerate(islice(_SCRIPTED.finditer(script[:MOST_JSON]), 20)):
            if stamp := read_stamp(found["raw"], lexicon.calendar.zone):
                yield Guess("script", at, found["raw"], *stamp)


def _in_address(rule: str, text: str) -> Iterator[Guess]:
    for pattern in _ADDRESSED:
        for found in pattern.finditer(text):
            value = f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}"
            if stamp := read_stamp(value, UTC):
                yield Guess(rule, found.start(), found[0], *stamp)


def _claimed(told: Sequence[Draft]) -> Iterator[Guess]:
    for at, draft in enumerate(told):
        if draft.value and draft.precision and draft.meaning != "responsible" and draft.witness != "http":
            rule = {"published": "claim", "other": "claim"}.get(draft.meaning, "updated")
            yield Guess(rule, at, draft.raw, draft.value, draft.precision)


def _in_lines(lines: Sequence[Line], lexicon: Lexicon) -> Iterator[Guess]:
    title = next((i for i, line in enumerate(lines) if line.kind == "title"), 0)
    for index, line in enumerate(lines[:MOST_LINES]):
        where, far = _place(index - title, line), abs(index - title)
        for stamp in line.stamps:
            if read := read_stamp(stamp.datetime, lexicon.calendar.zone):
                yield Guess(STAMPED.get(where, where), far, stamp.datetime, *read, index)
        for raw, value, precision in _days(line.text[:MOST_IN_LINE], lexicon):
            rules = ALONE if len(line.text) <= SHORT else AMONG_WORDS
            yield Guess(rules.get(where, where), far, raw, value, precision, index)


STAMPED: Mapping[str, str] = {"near": "stamp-near-title", "far": "stamp"}
ALONE: Mapping[str, str] = {"near": "alone-near-title", "far": "alone"}
AMONG_WORDS: Mapping[str, str] = {"near": "near-title", "far": "text"}


def _place(offset: int, line: Line) -> str:
    if line.kind == "title":
        return "title"
    if line.zone == "comment":
        return "comment"
    return "near" if -ABOVE <= offset <= BELOW else "far"


def _days(text: str, lexicon: Lexicon) -> Iterator[tuple[str, str, Precision]]:
    """What is written in the text and what it means: days of the page's language, and of its neighbours."""
    free = 0
    for word in _WORD.finditer(text) if _DIGIT.search(text) else ():
        if word.start() >= free and (moment := lexicon.calendar.day(text, word.start())):
            free = moment.end
            if moment.value and moment.precision:
                yield text[word.start() : free], moment.value, moment.precision
    for found in _ABROAD.finditer(text):
        name = found["first"] or found["mon"]
        month = next(n for n, begins in enumerate(MONTHS_ABROAD, 1) if name.lower().startswith(begins))
        if stamp := read_stamp(f"{found['y']}-{month:02}-{int(found['d']):02}", UTC):
            yield found[0], *stamp


MONTHS_ABROAD = (
    ("jan", "ene", "gen", "янв"), ("feb", "fév", "fev", "фев"), ("mar", "mär", "maa", "мар"),
    ("apr", "avr", "abr", "апр"), ("mai", "may", "mag", "maj", "mei", "мая"), ("juin", "jun", "giu", "июн"),
    ("juil", "jul", "lug", "июл"), ("aug", "aoû", "ago", "авг"), ("sep", "set", "сен"),
    ("oct", "okt", "ott", "out", "окт"), ("nov", "ноя"), ("dec", "déc", "dez", "dic", "дек"),
)  # fmt: skip
"""How the months begin in the great languages of Europe: a page of no language of ours has dates too."""
_NAMES = "|".join(begins for month in MONTHS_ABROAD for begins in month)
_DIGIT = re.compile(r"\d")
_ABROAD = re.compile(
    rf"\b(?:(?P<first>(?:{_NAMES})[^\W\d_]{{0,7}})\.?\s)?(?P<d>[0-3]?\d)(?:\.|er|st|nd|rd|th|º)?,?\s"
    rf"(?(first)|(?:de\s)?(?P<mon>(?:{_NAMES})[^\W\d_]{{0,7}})[.,]?\s(?:del?\s)?)(?P<y>(?:19|20)\d\d)\b",
    re.I,
)
"""'27 juin 2019', '5 de marzo de 2020', 'March 18, 2020'."""
