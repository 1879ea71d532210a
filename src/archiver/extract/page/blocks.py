"""Lines to blocks that stay put when nothing was edited.

White space and invisible characters are evened out. Lines that tell the time of the visit ("older than 60 days", "shown
812 times") are left out, for they change while nobody edits. Lines that are wholly a statement of the page's date stand
among the rest: the date is a field of its own, and a date that moves is not an edit of the text. Pure.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from archiver.extract.page.lines import Line, Zone
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
_SOME = r"(?:\d{1,4}|en|ett|et|ei|one|an?|noen|nokre|nogle|några|ein(?:e[mnr]?)?|yksi)"
_UNIT = (
    r"(?:sek(?:und(?:er|en?)?)?|min(?:ut(?:ter|t|es?|er|en)?|uuttia)?|tim(?:m(?:ar|e)|er?|ar)?|timen"
    r"|dag(?:ar|er|e)?|dögn|døgn|vecka|veckor|uker?|veker?|uger?|månad(?:er)?|måneder?|år"
    r"|seconds?|minutes?|hours?|days?|weeks?|months?|years?"
    r"|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?|jahre?n?"
    r"|sekuntia?|minuuttia?|tuntia?|päivää?|viikkoa?|kuukau(?:si|tta)|vuo(?:si|tta)|h|d)"
)
_SPAN = rf"{_SOME}\s{_UNIT}"
_DAY = r"[\w .:,/–-]{4,40}"
_TIMES = r"(?:gång(?:er)?|gange?r?|gonger?|times|mal|kertaa?)"
_SEEN = "visad|visats|läst|besökt|vist|lest|lese|set|læst|besøgt|viewed|read|visited|gelesen|luettu|katsottu"
_VISITS = (
    "(?:sid)?visningar|besökare|besök|läsningar|(?:page )?views|hits|visits|visitors|besøkende|besøk|besøgende|besøg"
    "|visninger|lesere|vitjingar|aufrufe|seitenaufrufe|besucher|katselukertaa|kävijää"
)
_WALL_CLOCK = re.compile(
    "|".join(
        (
            # how old the page is, told anew each day (Municipio and others)
            rf"(?:detta|det här) innehåll(?:et)? är äldre än {_NUMBER}\s?\w+",
            rf"(?:this|the) (?:content|page|article) is (?:older|more) than {_NUMBER}\s?\w+(?: old)?",
            rf"(?:dette innholdet|denne (?:siden|artikkelen|artikel)|dette indhold) er (?:mer|eldre|mere|ældre) enn?d?"
            rf" {_NUMBER}\s?\w+(?: gamm?el)?",
            rf"dieser (?:artikel|beitrag) ist (?:älter als|mehr als) {_NUMBER}\s?\w+(?: alt)?",
            # how long ago
            rf"(?:för\s)?(?:mer än |drygt |cirka |ca |ungefär )?{_SPAN} sedan",
            rf"(?:more than |about )?{_SPAN} ago",
            rf"(?:for )?(?:mer enn |mere end |over |ca\.? )?{_SPAN} (?:siden|sidan)",
            rf"vor (?:mehr als |etwa )?{_SPAN}",
            rf"(?:yli |noin )?{_SPAN} sitten",
            "just nu|nyss|just now|akkurat nå|akkurat no|lige nu|gerade eben|soeben|juuri nyt|äsken",
            # who came, and how often
            rf"(?:denna |den här )?(?:sidan?|artikeln?) (?:har )?(?:visa(?:de|t)s|besök(?:te|t)s|lästs?) {_NUMBER}"
            rf"\s?{_TIMES}?",
            rf"(?:{_SEEN}) {_NUMBER}\s?{_TIMES}|{_NUMBER}\s?{_TIMES} (?:{_SEEN})",
            rf"(?:antal |antall )?(?:{_VISITS})\s?:?\s?{_NUMBER}|{_NUMBER}\s?(?:{_VISITS})",
            rf"(?:träffar|zugriffe|osumat|osumia|kävijöitä|katselukerrat)\s?:\s?{_NUMBER}",  # Joomla's counter
            rf"(?:du är|you are|du er|sie sind) (?:besökare|visitor|besøkende|besøgende|besucher)"
            rf"(?: (?:nummer|number|nr\.?|no\.?))?\s?:?\s?{_NUMBER}",
            # the day and the hour of the visit
            r"(?:(?:denna sida|sidan) (?:skrevs|är) ut(?:skriven)?|utskrive[nt]|utskriftsdatum|dagens datum"
            r"|today's date|date printed|printed on|tulostettu|udskrevet|skrevet ut|dagens dato|utskriftsdato"
            rf"|gedruckt am|ausgedruckt am|heutiges datum|tämän päivän päiväys)(?: den)?\s?:?\s{_DAY}",
            rf"(?:i ?dag är det|idag|i ?dag er det|today is|heute ist|tänään on)\s?:?\s(?=[^.]*\d){_DAY}",
            r"(?:det är|nu är det|det er|nå er det|nu er det|it is|es ist|nyt on|aktuell|innevarande|current)"
            r" (?:vecka|uke|uge|veke|week|woche|kw|viikko)\s?:?\s?\d{1,2}",
            r"(?:klockan är|klokka er|klokken er|the time is|es ist|kello on)(?: nu| nå)?\s?:?\s?\d{1,2}[.:]\d\d"
            r"(?: uhr)?",
            # whether somebody is there now, and how long the queue is
            "(?:öppet|stängt|åpent|stengt|åbent|lukket|open|closed|auki|avoinna|suljettu|geöffnet|geschlossen)"
            "(?: just)? (?:nu|nå|no|now|nyt)|(?:jetzt|derzeit|nyt|now)"
            " (?:geöffnet|geschlossen|auki|avoinna|open|closed)",
            "(?:kötid|väntetid|aktuell kötid|ventetid|køtid|queue time|waiting time|wartezeit|jonotusaika)"
            rf"(?: just nu| nå| now)?\s?:?\s(?:cirka |ca\.? |about |under )?{_NUMBER}\s?{_UNIT}",
            r"\{\{[^{}]{1,60}\}\}",  # a template's place that no script has filled
        )
    )
)
"""Whole lines, in lower case, that a page writes anew at each visit (DOMAIN 2.3). A heading is none: 'Just nu' heads
what follows. (A pattern that minds letter case tells in half the time that a line is none.)"""

_LONGEST_CLOCK = 80
_LONGEST_PHRASE = 200
_LONGEST_ROW = 80
"""Characters of several phrases side by side, as buttons are."""
_BLOCKS = Columns(Block)
_TRIM = " \t:.!?*…»›→–-"


def even(text: str) -> str:
    """The text on one line: runs of white space as one space, invisible characters gone, composed (NFC)."""
    evened = text.strip()
    if "  " in evened or not evened.isprintable() or _UNSEEN in evened:  # of white space, the space alone is printable
        evened = " ".join(evened.split())
        if not evened.isprintable() or _UNSEEN in evened:  # few lines are not: the pattern costs ten times this look
            evened = " ".join(_INVISIBLE.sub("", text).split())
    return evened if evened.isascii() else unicodedata.normalize("NFC", evened)


def arrange(
    lines: Sequence[Line], aside: Collection[int], language: Language, cards: Collection[int] = ()
) -> tuple[tuple[Block, ...], dict[int, int]]:
    """The blocks of a page in order, and at which block each line stands (a line left out is missing there).

    `aside` are lines that are no text of the page: its dates, its table of contents. `cards` are headings
    that are links.
    """
    phrases = _phrases(language.furniture)
    beside = {*aside, *(i for i in _headings_of_nothing_else(lines, aside) if i not in cards)}
    heading = {i for i, line in enumerate(lines) if line.kind == "heading" and _heads_text(lines, i, beside)}
    rows: list[tuple[Part, BlockKind, int | None, str]] = []
    places: dict[int, int] = {}
    titled = False
    for index, line in enumerate(lines):
        part = _part(line, index in beside, frozenset() if index in heading else phrases)
        if part is not None:
            places[index] = len(rows)
            kind: BlockKind = "heading" if line.kind == "title" and titled else line.kind  # an h1 in two pieces
            titled = titled or kind == "title"
            rows.append((part, kind, line.level, line.text))
    return _BLOCKS.of(rows), places


def _part(line: Line, beside: bool, phrases: frozenset[str]) -> Part | None:
    """Where a line goes; None: nowhere."""
    if line.kind == "title":
        return "main"
    part = _PARTS.get(line.zone)
    if part is None or (line.kind != "heading" and is_wall_clock(line.text)):
        return None
    if _is_furniture(line.text, phrases):
        return "rest" if part == "main" else None
    return "rest" if beside else part


def is_wall_clock(text: str) -> bool:
    """Whether the line tells the time or the number of the visit, and nothing about the page."""
    return len(text) <= _LONGEST_CLOCK and _WALL_CLOCK.fullmatch(text.strip(_TRIM).lower()) is not None


def _headings_of_nothing_else(lines: Sequence[Line], aside: Collection[int]) -> list[int]:
    """Headings ('Sidinformation', 'Fler nyheter') under which stands nothing but what stands aside, or a list."""
    found: list[int] = []
    below = {"main": len(lines), "rest": len(lines)}  # by the zone of a heading, the next line that is its text
    for index in reversed(range(len(lines))):
        line = lines[index]
        if line.kind == "heading" and (at := below.get(line.zone)) is not None:
            ends = at == len(lines) or lines[at].kind in {"heading", "title"} or lines[at].zone != line.zone
            if ends and at > index + 1:
                found.append(index)
        if index not in aside:
            below["rest"] = index
            if line.zone != "list":
                below["main"] = index
    return found


def _heads_text(lines: Sequence[Line], index: int, beside: Collection[int]) -> bool:
    """Whether the page's own text stands right below a heading: then it stays with it, whatever its words."""
    below = lines[index + 1] if index + 1 < len(lines) else None
    if below is None or lines[index].zone != "main" or index + 1 in beside:
        return False
    return below.zone == "main" and below.kind not in {"heading", "title"}


@lru_cache(maxsize=64)
def _phrases(furniture: tuple[str, ...]) -> frozenset[str]:
    """The phrases as lines are compared with them; one that ends in a colon also with it."""
    evened = [even(phrase).casefold() for phrase in furniture]
    return frozenset(phrase.strip(_TRIM) for phrase in evened) | {p for p in evened if p.endswith(":")}


def is_furniture(text: str, language: Language) -> bool:
    """Whether the line is the template's and not the page's, whatever the page."""
    return _is_furniture(text, _phrases(language.furniture))


def _is_furniture(text: str, phrases: frozenset[str]) -> bool:
    """Whether the line is one of the language's furniture phrases, or goes on behind one with a colon."""
    if len(text) > _LONGEST_PHRASE or not phrases:
        return False
    bare = text.strip(_TRIM).casefold()
    if bare in phrases or (":" in bare and f"{bare.partition(':')[0]}:" in phrases):
        return True
    if len(text) > _LONGEST_ROW or " " not in bare:
        return False
    words = bare.split(" ")
    first = words[0].strip(_TRIM)
    return (not first or first in _first_words(phrases)) and _is_row(words, phrases)


@lru_cache(maxsize=64)
def _first_words(phrases: frozenset[str]) -> frozenset[str]:
    """The words on which phrases begin: a row of them begins on one."""
    return frozenset(phrase.split(" ")[0].strip(_TRIM) for phrase in phrases)


def _is_row(words: list[str], phrases: frozenset[str]) -> bool:
    """Whether the words are phrases in a row, and nothing else: 'Skriv ut Till toppen'. The longest fits first."""
    at = 0
    while at < len(words):
        ends = (end for end in range(len(words), at, -1) if " ".join(words[at:end]).strip(_TRIM) in phrases)
        end = next(ends, at)
        if end == at:
            return False
        at = end
    return True
