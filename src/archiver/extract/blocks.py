"""Lines to blocks that stay put when nothing was edited.

White space and invisible characters are evened out. Lines that tell the time of the visit ("older than 60 days", "shown
812 times") are left out, for they change while nobody edits. Lines that are wholly a statement of the page's date stand
among the rest: the date is a field of its own, and a date that moves is not an edit of the text. Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from archiver.extract.lines import Line, Zone
from archiver.model import Block, BlockKind, Language, Part
from archiver.model.bulk import Columns

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufeff\ufff9-\ufffb\ue000-\uf8ff]"
)
"""Characters that show nothing: controls, soft hyphens, zero-width and direction marks; and icon fonts' private ones.
The zero-width joiners stay: without them some scripts and emoji are spelt otherwise."""

_UNSEEN = "\u034f"
"""The one of them that Python calls printable."""

_PARTS: dict[Zone, Part] = {"main": "main", "rest": "rest", "list": "rest", "comment": "rest"}
"""Where the lines of a zone go. Furniture is nobody's text, and a banner's lines are notices of the site."""

_NUMBER = r"\d[\d\s.,]{0,12}"
_SPAN = r"(?:\d+|en|ett|one|an?|noen|nogle|yksi)\s+\w{2,12}"
_WALL_CLOCK = re.compile(
    "|".join(
        (
            rf"(?:detta|det här) innehåll(?:et)? är äldre än {_NUMBER}\s?\w+",  # Municipio
            rf"(?:this|the) (?:content|page) is (?:older|more) than {_NUMBER}\s?\w+(?: old)?",
            rf"(?:denna |den här )?sidan? (?:har )?(?:visa(?:de|t)s|besök(?:te|t)s) {_NUMBER}\s?(?:gång(?:er)?)?",
            rf"(?:antal )?(?:sid)?(?:visningar|besök(?:are)?|läsningar|views|hits|visits)\s?:?\s?{_NUMBER}",
            rf"{_NUMBER}\s?(?:visningar|besökare|läsningar|views|hits|visits)",
            rf"(?:för\s)?(?:mer än |drygt |cirka |ca |ungefär )?{_SPAN} sedan",
            rf"(?:more than |about )?{_SPAN} ago",
            rf"(?:for )?{_SPAN} siden",
        )
    ),
    re.I,
)
"""Whole lines that a page writes anew at each visit (DOMAIN 2.3)."""

_LONGEST_CLOCK = 80
_BLOCKS = Columns(Block)
_TRIM = " \t:.!?*…»›→–-"


def even(text: str) -> str:
    """The text on one line: runs of white space as one space, invisible characters gone, composed (NFC)."""
    evened = " ".join(text.split())
    if not evened.isprintable() or _UNSEEN in evened:  # nearly every line is: the pattern costs ten times this look
        evened = " ".join(_INVISIBLE.sub("", text).split())
    return evened if evened.isascii() else unicodedata.normalize("NFC", evened)


def arrange(
    lines: Sequence[Line], date_lines: Collection[int], language: Language
) -> tuple[tuple[Block, ...], dict[int, int]]:
    """The blocks of a page in order, and at which block each line stands (a line left out is missing there)."""
    phrases = _phrases(language.furniture)
    dated = {*date_lines, *_headings_of_nothing_else(lines, date_lines)}
    rows: list[tuple[Part, BlockKind, int | None, str]] = []
    places: dict[int, int] = {}
    titled = False
    for index, line in enumerate(lines):
        part = _part(line, index in dated, phrases)
        if part is not None:
            places[index] = len(rows)
            kind: BlockKind = "heading" if line.kind == "title" and titled else line.kind  # an h1 in two pieces
            titled = titled or kind == "title"
            rows.append((part, kind, line.level, line.text))
    return _BLOCKS.of(rows), places


def _part(line: Line, dated: bool, phrases: frozenset[str]) -> Part | None:
    """Where a line goes; None: nowhere."""
    if line.kind == "title":
        return "main"
    part = _PARTS.get(line.zone)
    if part is None or is_wall_clock(line.text):
        return None
    if _is_furniture(line.text, phrases):
        return "rest" if part == "main" else None
    return "rest" if dated else part


def is_wall_clock(text: str) -> bool:
    """Whether the line tells the time or the number of the visit, and nothing about the page."""
    return len(text) <= _LONGEST_CLOCK and _WALL_CLOCK.fullmatch(text.strip(_TRIM)) is not None


def _headings_of_nothing_else(lines: Sequence[Line], date_lines: Collection[int]) -> list[int]:
    """Headings ('Sidinformation') under which nothing but the page's dates stands."""
    found: list[int] = []
    for index, line in enumerate(lines):
        if line.kind != "heading" or line.zone not in {"main", "rest"}:
            continue
        at = index + 1
        while at < len(lines) and at in date_lines:
            at += 1
        ends = at == len(lines) or lines[at].kind in {"heading", "title"} or lines[at].zone != line.zone
        if at > index + 1 and ends:
            found.append(index)
    return found


@lru_cache(maxsize=64)
def _phrases(furniture: tuple[str, ...]) -> frozenset[str]:
    return frozenset(even(phrase).strip(_TRIM).casefold() for phrase in furniture)


def _is_furniture(text: str, phrases: frozenset[str]) -> bool:
    """Whether the whole line is one of the language's furniture phrases."""
    return bool(phrases) and len(text) <= 200 and text.strip(_TRIM).casefold() in phrases
