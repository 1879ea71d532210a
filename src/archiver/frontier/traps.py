"""Endless spaces: addresses that a site can make without end, told by their form, and by what their pages show.

By form: a path that goes round, a query that names a day. By growth: a calendar, a filter, a counter, a visit's number
in the path make addresses of one shape. Many of one shape are no trap by themselves: so are the articles of a news
archive, and no number of those is too many. A trap's pages bring nothing new: no title, word, number or document that
earlier pages have not. That is what `judge` asks of the latest pages of a shape, and nearly all of them must fail. What
says anything new stays; what is random at every visit is stopped by the depth alone. Pure.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

FIRST_LOOK = 100
"""New pages of one shape in one crawl at which they are looked at for the first time; then at twice as many, and so on:
a trap is closed within twice the time it took to show."""
SAMPLE = 60
"""The latest pages of a shape that are looked at."""
EMPTY_SHARE = 0.9
"""The share of them that must bring nothing new."""
NEW_WORDS = 2
"""Words that no page of the sample had before, by which a page says something: a name, a place."""
NEW_NUMBERS = 8
"""Numbers that do: a table of figures. A counter prints one or two ('5001-5010 av 4300')."""

REPEATS = 3
"""How often one path segment (or twice as often, a pair) may stand in a path before it is a loop of links."""
PARAMETERS = 12
DATED = 3
"""Parameters that name a time, a whole date counted twice: year, month and day, or a span of two dates, are one of
endlessly many views of a calendar. A year and a month may be a news archive."""
_CALENDAR = re.compile(
    r"(?:year|month|day|week|date|datum|ar|år|manad|månad|vecka|dag|from|to|tom|start|end|slut|"
    r"(?:start|end|event|cal|from|to|tribe-bar-|tribe_)[-_]?(?:date|datum|day|month|year))\Z",
    re.I,
)
_NUMBER = re.compile(r"\d{1,4}(?:[-./]\d{1,2})?\Z")
_DATE = re.compile(r"(?:\d{4}[-./]?\d{2}[-./]?\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?:[T ][\d:.Z+-]*)?\Z")

FOLDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("H", re.compile(r"\((?:[a-z]\([^()]*\))+\)\Z", re.I)),  # ASP.NET's visit without cookies: (S(lit3py55t21z5v55))
    ("H", re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.I)),
    ("D", re.compile(r"(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?\Z")),
    ("N", re.compile(r"\d+\Z")),
    ("H", re.compile(r"(?=[a-f]*\d)[0-9a-f]{8,}\Z", re.I)),
    ("H", re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{16,}\Z", re.I)),
)
"""What a whole part of a path may be, with the letter that stands for it; the first that fits."""
_MAY_COUNT = re.compile(r"[\d(]")
_COUNTED = re.compile(r"([a-zåäö]+[-_.]?)\d+\Z", re.I)  # sida-2, vecka47
_ENDING = re.compile(r"(.+)(\.[a-z]{2,5})\Z", re.I)
_TOKEN = re.compile(r"\w+")
_MOST_TEXT = 20_000
"""Characters of a page that are looked at."""


def by_form(url: str) -> str | None:
    """The first sign in a URL itself that it is one of endlessly many, in words."""
    parts = urlsplit(url)
    segments = [s for s in parts.path.split("/") if s]
    if len(set(segments)) < len(segments):
        most = max(Counter(segments).values())
        if most > REPEATS:
            return f"a part of the path stands there {most} times"
        pairs = max(Counter(pairwise(segments)).values())
        if pairs >= REPEATS:
            return f"two parts of the path follow each other {pairs} times"
    query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None) if parts.query else []
    if len(query) > PARAMETERS:
        return f"{len(query)} parameters"
    dated = sum(_names_a_time(value) for name, value in query if _CALENDAR.match(name))
    return "parameters that name a time: an endless calendar" if dated >= DATED else None


def shape(url: str) -> str | None:
    """What the URL has in common with those that differ from it by a number, a date or a value; None: it is alone.

    Numbers become N, dates D, long hexadecimal and the like H; what follows the last of them is '…'; of a query the
    names stay, sorted. 'https://a.se/kalender/2026/11/22?visa=dag' is 'a.se/kalender/N/N/N?visa'.
    """
    parts = urlsplit(url)
    segments = [_folded(segment) for segment in parts.path.split("/")]
    last = max((n for n, (_, is_folded) in enumerate(segments) if is_folded), default=None)
    if last is None and not parts.query:
        return None
    kept = [text for text, _ in segments[: None if last is None else last + 1]]
    path = "/".join(kept) + ("/…" if len(kept) < len(segments) else "")
    names = sorted({parameter.partition("=")[0] for parameter in parts.query.split("&") if parameter})
    return parts.netloc + path + (f"?{'&'.join(names)}" if names else "")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page has in its main part; of a shape that `copies`, what no page of the archive had before."""

    url: str
    title: str = ""
    texts: tuple[str, ...] = ()  # of its blocks
    links: tuple[str, ...] = ()  # where its links lead
    files: tuple[str, ...] = ()  # and its documents


def judge(pages: Sequence[Shown], times: Collection[str], closed: Collection[str] = ()) -> str | None:
    """Why the latest pages of a shape (in the order they were read) are a trap, in words; None where they are none.

    `times`: names of months and weekdays, in small letters, which tell two days apart and no two pages. `closed`:
    shapes known to be traps, so that a link to one of them is nothing new.
    """
    latest = pages[-SAMPLE:]
    if len(latest) < SAMPLE:
        return None
    empty = len(latest) - _telling(latest, frozenset(times), frozenset(closed))
    if empty < EMPTY_SHARE * len(latest):
        return None
    return f"{empty} of the last {len(latest)} pages bring nothing new"


def copies(shape: str) -> bool:
    """Whether addresses of this shape may well be other views of known pages: a query, a visit's number in the path.

    Those of others are told from each other alone: what says the same as a page's copy is still the page.
    """
    return "?" in shape or shape.endswith("H/…")


def _telling(pages: Sequence[Shown], times: frozenset[str], closed: frozenset[str]) -> int:
    """How many of the pages have something that those before them had not."""
    seen: set[str] = set()
    names: set[frozenset[str]] = {frozenset()}
    led: set[str] = set()
    count = 0
    for page in pages:
        tokens = _tokens(" ".join(page.texts)) - times
        name = frozenset(filter(_is_word, _tokens(page.title) - times))
        words = sum(map(_is_word, tokens - seen))
        onward = _onward(page, closed)
        is_new = words >= NEW_WORDS or len(tokens - seen) - words >= NEW_NUMBERS or name not in names
        count += is_new or bool(onward - led)
        seen |= tokens
        names.add(name)
        led |= onward
    return count


def _tokens(text: str) -> frozenset[str]:
    """The words and numbers of a text; a single letter is neither."""
    return frozenset(token for token in _TOKEN.findall(text[:_MOST_TEXT].casefold()) if len(token) > 1)


def _is_word(token: str) -> bool:
    return not any(c.isdigit() for c in token)


def _onward(page: Shown, closed: frozenset[str]) -> set[str]:
    """Where the page leads: to documents, and on its own host to other sorts of pages.

    Not so: to another view of the page, to a calendar's entry, into a space that is known to be endless.
    """
    own, place = shape(page.url), _place(page.url)
    host = urlsplit(page.url).netloc
    near = (link for link in page.links if urlsplit(link).netloc == host and shape(link) != own)
    return {link for link in (*near, *page.files) if shape(link) not in closed and not _is_view(link, place)}


def _is_view(link: str, place: str) -> bool:
    """Whether a link leads to the page itself, differently: another query, another ending, to print or share it."""
    there = _place(link)
    if there == place or there.startswith(place + ".") or there.endswith(".ics"):
        return True
    return place in unquote(urlsplit(link).query)


def _place(url: str) -> str:
    """Host and path of a URL, without the slash at its end."""
    parts = urlsplit(url)
    return (parts.netloc + parts.path).rstrip("/")


def _folded(segment: str) -> tuple[str, bool]:
    """A part of a path with what counts in it folded, and whether any was."""
    if not _MAY_COUNT.search(segment):
        return segment, False
    stem, ending = found.groups() if (found := _ENDING.match(segment)) else (segment, "")
    letter = next((letter for letter, form in FOLDS if form.match(stem)), None)
    if letter is not None:
        return letter + ending, True
    if counted := _COUNTED.match(stem):
        return f"{counted[1]}N{ending}", True
    return segment, False


def _names_a_time(value: str) -> int:
    return 2 if _DATE.match(value) else 1 if _NUMBER.match(value) else 0
