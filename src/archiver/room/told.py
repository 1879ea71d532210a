"""Words, numbers and times in the reader's language. Times are told in Swedish time, and the page says so."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from archiver.publish.words import MONTHS, Lang

ZONE = ZoneInfo("Europe/Stockholm")
LANGS: tuple[Lang, ...] = ("sv", "en")
_ISO = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d\d(?:T\d\d:\d\d.*)?)?)?\Z")
_QUALITY = re.compile(r"[01](?:\.[0-9]{0,3})?")  # RFC 9110 §12.4.2
COOKIE = "room_lang"
_LONG: Mapping[Lang, tuple[str, ...]] = {
    "sv": ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
           "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip
_DAYS: Mapping[Lang, tuple[str, ...]] = {
    "sv": ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag", "Lördag", "Söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


@cache
def words(lang: Lang) -> Mapping[str, str]:
    """The room's words in one language, by key."""
    return tomllib.loads((files("archiver.room") / "words" / f"{lang}.toml").read_text("utf-8"))


def choose(asked: str | None, cookie: str | None, accepted: str) -> Lang:
    """The reader's language: what the URL says, else the cookie, else the browser (RFC 9110 §12.5.4), else Swedish."""
    for wanted in (asked, cookie):
        if wanted in LANGS:
            return "en" if wanted == "en" else "sv"
    ranked = sorted(_accepted(accepted), key=lambda pair: -pair[1])
    return next(("en" if tag == "en" else "sv" for tag, quality in ranked if quality and tag in LANGS), "sv")


def _accepted(header: str) -> Iterable[tuple[str, float]]:
    for part in header[:500].split(","):
        tag, _, rest = part.strip().partition(";")
        quality = rest.strip().removeprefix("q=")
        yield tag.strip().lower()[:2], float(quality) if _QUALITY.fullmatch(quality) else 1.0


def moment(text: str) -> datetime:
    """A time as the archive writes it, in Swedish time."""
    return datetime.fromisoformat(text).astimezone(ZONE)


@dataclass(frozen=True, slots=True)
class Told:
    """How things are said to one reader, now."""

    lang: Lang
    now: datetime = datetime(1, 1, 1, tzinfo=UTC)

    def __getitem__(self, key: str) -> str:
        return words(self.lang)[key]

    def said(self, key: str) -> str:
        """The word, or nothing where there is none."""
        return words(self.lang).get(key, "")

    def number(self, value: float, places: int = 0) -> str:
        """'1 896' in Swedish and '1,896' in English."""
        text = f"{value:,.{places}f}"
        return text if self.lang == "en" else text.replace(",", "\u00a0").replace(".", ",")

    def counted(self, key: str, number: int) -> str:
        """'1 ändring', '32 ändringar'."""
        return self[f"{key}_one" if number == 1 else f"{key}_many"].format(self.number(number))

    def share(self, part: int, whole: int) -> str:
        """'26 %'; a dash where there is nothing to share."""
        if not whole:
            return "–"
        percent = 100 * part / whole
        shown = self.number(percent, 0 if percent >= 10 or percent == int(percent) else 1)
        return f"{shown}\u00a0%" if self.lang == "sv" else f"{shown}%"

    def time(self, text: str, *, year: bool | None = None) -> str:
        """'4 nov 2026 06:10'; the year is left out where it is this one."""
        at = moment(text)
        named = f" {at.year}" if (at.year != self.now.year if year is None else year) else ""
        return f"{at.day} {MONTHS[self.lang][at.month - 1]}{named} {at:%H:%M}"

    def day(self, text: str) -> str:
        """The day of a time of ours: '4 nov 2026'."""
        at = moment(text)
        return f"{at.day} {MONTHS[self.lang][at.month - 1]} {at.year}"

    def span(self, first: str, last: str) -> str:
        """The days from one time of ours to another: '4 mars 2026', '4–5 mars 2026', '30 mars – 2 april 2026'."""
        a, b = moment(first), moment(last)
        if a.date() == b.date():
            return self.day(first)
        if (a.year, a.month) == (b.year, b.month):
            return f"{a.day}–{self.day(last)}"
        start = f"{a.day} {MONTHS[self.lang][a.month - 1]}" if a.year == b.year else self.day(first)
        return f"{start} – {self.day(last)}"

    def weekday(self, text: str) -> str:
        """'Onsdag 4 november', with the year where it is another."""
        at = moment(text)
        named = "" if at.year == self.now.year else f" {at.year}"
        return f"{_DAYS[self.lang][at.weekday()]} {at.day} {_LONG[self.lang][at.month - 1]}{named}"

    def month(self, text: str, *, year: bool = True) -> str:
        """'nov 2025' of '2025-11'."""
        name = MONTHS[self.lang][int(text[5:7]) - 1]
        return f"{name} {text[:4]}" if year else name

    def claim(self, value: str | None) -> str:
        """A page's own date to the precision it was printed with: '2019', 'nov 2019', '8 nov 2019 09:54'."""
        if not value or not _ISO.match(value):
            return value or ""
        day, _, clock = value.partition("T")
        parts = day.split("-")
        if len(parts) == 1:
            return value
        month = MONTHS[self.lang][int(parts[1]) - 1]
        told = f"{month} {parts[0]}" if len(parts) == 2 else f"{int(parts[2])} {month} {parts[0]}"
        return f"{told} {clock[:5]}" if clock else told

    def bytes(self, size: int) -> str:
        """'249 kB', '3,1 MB'."""
        for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
            if size >= unit:
                return f"{self.number(size / unit, 1 if size < 10 * unit else 0)}\u00a0{name}"
        return f"{size}\u00a0B"


def days_between(first: str, last: str) -> int:
    """Days from one date to another, both counted."""
    return (date.fromisoformat(last[:10]) - date.fromisoformat(first[:10])).days + 1
