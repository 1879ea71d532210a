"""The date of a page that labels none: one line near the title that is a date and nothing else.

'12 januari 2018' above or below a headline is when it was published, on a page of news. On an event's it is the day of
the event, under a council's name the day of a meeting: so words that say either bar it, and two dates bar each other.
What the element's own class says ('publish-date', 'event-date') weighs more than where it stands. Pure.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from selectolax.lexbor import LexborNode

from archiver.extract.dates.belief import COARSE
from archiver.extract.dates.declared import NOT_NEWS
from archiver.extract.dates.forms import Moment
from archiver.extract.dates.labelled import LONGEST_DATE_LINE, SPOKEN, date_line, has_year, says_nothing_else
from archiver.extract.dates.phrases import Lexicon, find_labels
from archiver.extract.dates.stamps import read_stamp
from archiver.extract.dates.teasers import Teasers, aside_of, holds_more
from archiver.extract.page.lines import Line
from archiver.model import Precision

NEAR = 6
"""Lines below the title among which a date whose class says that it is one may stand, before the next heading."""
LONGEST_BYLINE = 90
"""Characters of a line with a name or a rubric beside its date."""
_NAMED_BY = 4
"""Elements around the date, holding nothing else, whose names are read."""
_PUBLISHES = re.compile(
    r"(?<![a-z])(?:(?:publish|published|publication|publishing|pub|post|posted|entry|article|artikel|news|nyhets?|blog|story)"
    r"[-_]*(?:date|datum|dato|day|time)|date[-_]*(?:published|line)|publi(?:shed|cerad|cerat|sert|ceringsdatum)|posted-on"
    r"|udgivet|julkaistu)(?![a-z])",
    re.I,
)
_BYLINES = re.compile(
    r"(?<![a-z])(?:(?:entry|post|article|news|nyhets?)[-_]*(?:meta|info|byline)|byline)(?![a-z])", re.I
)
_DATES = re.compile(r"(?<![a-z])(?:date|datum|dato|pvm|timestamp|time|byline|meta)(?![a-z])", re.I)
_UNDER = re.compile(r"(?:[^\W\d]+ ?){1,3}\s*[|•·–—-]\s*|\s*[|•·–—-]\s*(?:[^\W\d]+,? ?){1,3}")
"""A rubric of few words, parted from the date by a sign."""
_KIND = re.compile(
    r"\W*(?:(?:nyhet|nyhed|nyhende|news|artikel|artikkel|article|pressmeddelande|pressemitteilung|medienmitteilung|"
    r"pressemelding|pressemeddelelse|press release|news release|meldung|uutinen|tiedote|blogginlägg|blogg|blog|"
    r"aktuellt|aktuelt|aktuelles|aktuell|ajankohtaista)\W*){1,3}",
    re.I,
)
"""What a page of news calls itself, with no sign before its date."""
_NOT_OTHERS = re.compile(r"\d\d\d|:|(?<![a-zåäö])(?:senast|till|from|until|bis|ab|fra|til|kl)(?![a-zåäö])", re.I)
_MEETS = re.compile(
    r"nämnd|fullmäktige|styrelse|utskott|möte|sammanträd|protokoll|kallels|kokous|pöytäkirj|lautakun|valtuust|hallitu"
    r"|møte|utval|sakliste|byråd|kommunestyre|referat|dagsorden|sitzung|ausschuss|gemeinderat|meeting|minutes|agenda"
    r"|committee",
    re.I,
)
"""Words of a title under which a bare date is rather the day of a meeting."""
RUBRIC = re.compile(
    r"\W*(?:alla |all |kaikki |alle )?(?:nyheter|nyhetsarkiv|aktuellt|senaste nytt|pressmeddelanden|blogg|arkiv|news"
    r"|press|latest news|uutiset|ajankohtaista|tiedotteet|aktuelt|nyheder|aktuelles|meldungen|presse)"
    r"(?: (?:om|från|fra|frå|about|from|zu|aus) [^.!?:]{2,60})?\W*",
    re.I,
)
"""Titles and headings under which the dates are those of what is listed: 'Aktuellt', 'Nyheter om föreningsliv'."""
_HOUR = re.compile(r"\d\s?(?:[:hH]\s?\d\d|[ap]m\b)|\bklo?\b")
_NEWS = re.compile(r"nyhet|aktuel|news|press|blog|uutis|ajankohtai|tiedot|meldung", re.I)
"""Words of a path on which a day with an hour is one of publication; elsewhere it may be when something begins."""


@dataclass(frozen=True, slots=True)
class Lone:
    """A date that stands alone."""

    line: int
    start: int  # its characters on the line
    end: int
    raw: str
    value: str
    precision: Precision
    hour: bool = False  # an hour is printed with it
    own: bool = True  # nothing says that it is the date of an event or a meeting


def find(
    lines: Sequence[Line], where: str, lexicon: Lexicon, teasers: Teasers, *, labelled: bool, told: Collection[str] = ()
) -> Lone | None:
    """The one lone date near the title; `where` is the page's path, `labelled` whether it labels a date of its own.

    `told`: days that the head tells machines without saying what they are ('<meta name="date">'). Such a day, printed
    near the title, is that of publication: two witnesses, neither of whom says enough alone.
    """
    title = next((i for i, line in enumerate(lines) if line.kind == "title"), None)
    if told and (confirmed := _confirmed(lines, title, lexicon, told)):
        return confirmed
    found = [
        (lone, names)
        for lone, names in _near(lines, title, lexicon)
        if _may_be(lines[lone.line], names, labelled) and not teasers.hold(lines[lone.line])
    ]
    if not found or len({lone.value for lone, _ in found}) > 1:
        return None
    lone, names = found[0]
    if _is_one_of_many(lone, names, lines, {lone.line for lone, _ in found}, lexicon):
        return None
    headed = lines[title].text if title is not None else ""
    if RUBRIC.fullmatch(headed):
        return None
    place = where.rpartition("/")[0]
    hour = lone.hour and not _NEWS.search(place)
    own = _PUBLISHES.search(names) or not (hour or _MEETS.search(headed) or NOT_NEWS.search(place))
    return replace(lone, own=bool(own) and not NOT_NEWS.search(names))


def _confirmed(lines: Sequence[Line], title: int | None, lexicon: Lexicon, told: Collection[str]) -> Lone | None:
    """The first short line round the title that prints one of the days, and no other."""
    below = 0 if title is None else title + 1
    for index in range(max(0, below - 3), min(len(lines), below + NEAR)):
        line = lines[index]
        if line.zone not in SPOKEN or line.kind == "title" or len(line.text) > LONGEST_BYLINE:
            continue
        days = list(islice(_days(line.text, lexicon), 2)) if not find_labels(line.text, lexicon) else []
        start, moment = days[0] if len(days) == 1 else (0, None)
        if moment and moment.value and moment.precision and moment.value[:10] in told:
            return Lone(index, start, moment.end, line.text[start : moment.end], moment.value, moment.precision)
    return None


def _near(lines: Sequence[Line], title: int | None, lexicon: Lexicon) -> Iterator[tuple[Lone, str]]:
    """The lines near the title that are a date, and the names of their elements."""
    below = 0 if title is None else title + 1
    for index in range(max(0, below - 2), min(len(lines), below + NEAR)):
        if index >= below and lines[index].kind == "heading":
            return
        if lone := _read(index, lines[index], lexicon):
            yield lone, _names(lines[index])


def _may_be(line: Line, names: str, labelled: bool) -> bool:
    """Whether the line is where, or called what, a page's own date is. Items and rows are of lists."""
    if line.kind in {"list-item", "table-row"} and not line.beside_title:
        return False
    if _PUBLISHES.search(names) or _BYLINES.search(names):
        return True
    return line.beside_title and (not labelled or _DATES.search(names) is not None)


def _is_one_of_many(lone: Lone, names: str, lines: Sequence[Line], near: Collection[int], lexicon: Lexicon) -> bool:
    """Whether it is the day of something: the text says it once more, or lines of the same names are other days."""
    for index, line in enumerate(lines):
        if index == lone.line or not has_year(line.text):
            continue
        other = _read(index, line, lexicon)
        if other and other.value == lone.value and index not in near:
            return True
        if other and other.value != lone.value and names and _names(line) == names:
            return True
    return False


def _read(index: int, line: Line, lexicon: Lexicon) -> Lone | None:
    """The day that the line is, or that its byline holds; None where it is more, or less than a day."""
    if line.zone not in SPOKEN or line.kind in {"title", "heading"} or len(line.text) > LONGEST_DATE_LINE:
        return None
    if (not line.stamps and not has_year(line.text)) or aside_of(line):
        return None
    found = date_line(line, lexicon)
    if found is None or not says_nothing_else(line, [(0, found[2])], lexicon):
        return _within(index, line, lexicon)
    read, stamp, _ = found
    printed = (read.value, read.precision) if read else (None, None)
    stamped = read_stamp(stamp.datetime, lexicon.calendar.zone) if stamp else None
    value, precision = stamped or printed
    if value is None or precision is None or precision in COARSE:
        return None
    if stamped and printed[0] and printed[0][:10] != value[: len(printed[0][:10])]:
        return None  # the words say otherwise
    hour = printed[1] in {"minute", "second"} or _HOUR.search(line.text) is not None
    return Lone(index, 0, len(line.text), read.raw if read else line.text, value, precision, hour)


def _within(index: int, line: Line, lexicon: Lexicon) -> Lone | None:
    """The only date of a short line with a name ('av NN, 12 maj 2024') or a rubric ('Nyhet | 12 maj 2024')."""
    text = line.text
    if len(text) > LONGEST_BYLINE or find_labels(text, lexicon):
        return None
    days = list(islice(_days(text, lexicon), 2))
    if len(days) != 1:
        return None
    start, moment = days[0]
    rest = text[:start] + text[moment.end :]
    if moment.value is None or moment.precision is None or moment.precision in COARSE or _NOT_OTHERS.search(rest):
        return None
    one_sided = not (text[:start] and text[moment.end :])
    under = line.beside_title and one_sided and (_UNDER.fullmatch(rest) or _KIND.fullmatch(rest))
    if not under and not _BYLINES.search(_names(line)):
        return None
    hour = moment.precision != "day"
    return Lone(index, start, moment.end, text[start : moment.end], moment.value, moment.precision, hour)


def _days(text: str, lexicon: Lexicon) -> Iterator[tuple[int, Moment]]:
    """The days in a text. Each has a year, so most texts are left after one look."""
    free = 0
    for word in lexicon.calendar.starts.finditer(text) if has_year(text) else ():
        if word.start() >= free and (moment := lexicon.calendar.day(text, word.start())):
            free = moment.end
            yield word.start(), moment


def _names(line: Line) -> str:
    """The class names of the element that the line is, and of those that hold nothing else."""
    names: list[str] = []
    node = line.node
    for _ in range(_NAMED_BY):
        if not isinstance(node, LexborNode) or holds_more(node, len(line.text)):
            break
        names += filter(None, (node.attributes.get("class"), node.attributes.get("itemprop")))
        node = node.parent
    return " ".join(names)
