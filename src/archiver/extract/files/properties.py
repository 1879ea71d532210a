"""What a file says of itself, whatever its kind: dates as claims, and a title where a person may have written it.

The file's own properties are its only witness, and a weak one: a copied document keeps its first day, a template gives
its own to all that is made from it, and a file made for the visitor was 'created' a second ago. Who wrote it is not
read: officials' names stand there by accident. Pure.
"""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

from archiver.extract.page.blocks import even
from archiver.model import Claim, Doubt, Meaning, Precision

_W3C = re.compile(
    r"\s*(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,]\d{1,12})?)?)?)?)?(?P<sign>[Zz+-])?(?:(?P<hours>\d\d):?(?P<minutes>\d\d)?)?\s*\Z"
)
"""W3C's note on date and time, as Dublin Core in OPC (ECMA-376 part 2, 8.3.4) and ODF 1.3 (part 3, 4.3) have it."""
_FORMS: tuple[tuple[Precision, int], ...] = (("second", 19), ("minute", 16), ("day", 10), ("month", 7), ("year", 4))
"""How many characters of ISO 8601 a precision has, finest first."""
_LEAST = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
_FIRST_YEAR = 1990
_FRESH = timedelta(minutes=2)
"""A file this young when we got it was made for us: its date is the day of the visit."""
_TEMPLATES = frozenset(
    {
        "1996-10-14T23:33:28",  # Excel 97's empty workbook
        "2006-09-13T11:21:51", "2006-09-13T11:22:51", "2006-09-16T00:00:00",  # of Excel 2007
        "2015-06-05T18:17:20", "2015-06-05T18:19:34",  # of Excel 2016 and later
        "2013-12-23T23:15:00",  # of python-docx
    }
)  # fmt: skip
"""The birthdays of programs' own templates, which every file made from them bears."""

_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel|office)\b|untitled|namnlös|unbenannt|dok(?:ument)?\d*\Z|doc(?:ument)?\d*\Z"
    r"|(?:power ?point-)?presentation\d*\Z|bok\d*\Z|book\d*\Z|blad\d*\Z|sheet\d*\Z|slide \d+\Z|print\b|scan|inläst"
    r"|skannad|\w:\\|file:|https?:|word document\Z|title\Z|rubrik\Z)"
    r"|.*(?:\.(?:docx?|dotx?|xlsx?|pptx?|odt|ods|rtf|pdf|indd|pmd|qxd|tiff?|jpe?g|txt)\Z|[\\<>{}])",
    re.I,
)
"""What programs write into the title for want of one: file names, 'Microsoft Word - x', 'Dokument1'."""


class When(NamedTuple):
    """A date understood."""

    value: str | None = None  # ISO to its precision
    precision: Precision | None = None
    moment: datetime | None = None


def claim(rule: str, meaning: Meaning, raw: str, when: When, seen: datetime, place: str) -> Claim:
    """A file's statement of its own date, doubted where it cannot be; `rule` is 'pdf:ModDate', its label 'ModDate'."""
    doubt = _doubt(raw, when.moment, seen)
    label = rule.partition(":")[2]
    return Claim(meaning, "file-property", rule, label, raw, when.value, when.precision, place, not doubt, doubt)


def _doubt(raw: str, moment: datetime | None, seen: datetime) -> Doubt | None:
    if moment is None:
        return "not-understood"
    if moment > seen:
        return "future"
    if moment.year < _FIRST_YEAR:
        return "before-the-web"
    if raw[:19] in _TEMPLATES:
        return "misleading-label"
    return "fetch-day" if seen - moment < _FRESH else None


def parse_w3c(raw: str, zone: str) -> When:
    """A date of Dublin Core; without an offset it is taken as local.

    `parse_w3c("2026-03-03T23:30:00Z", "Europe/Stockholm").value == "2026-03-04T00:30:00"`
    """
    return understand(_W3C.match(raw), zone)


def understand(match: re.Match[str] | None, zone: str) -> When:
    """The date in the groups `year` to `second`, `sign`, `hours` and `minutes` of a match, in the zone."""
    if not match:
        return When()
    precision, form = next((name, form) for name, form in _FORMS if match[name])
    is_day = precision in ("year", "month", "day")
    local = ZoneInfo(zone)
    year, month, day, hour, minute, second = (int(match[n] or least) for n, least in _LEAST)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_offset(match) or local)
        here = moment if is_day else moment.astimezone(local)
        return When(here.isoformat()[:form], precision, moment)
    except (ValueError, OverflowError):
        return When()


def _offset(match: re.Match[str]) -> timezone | None:
    """The offset from UTC as written; None where there is none."""
    if not match["sign"]:
        return None
    ahead = timedelta(hours=int(match["hours"] or 0), minutes=int(match["minutes"] or 0))
    return timezone(-ahead if match["sign"] == "-" else ahead)


def title(printed: str) -> str | None:
    """The title, where a person may have written it."""
    text = even(printed)
    letters = sum(c.isalpha() for c in text)
    is_file_name = " " not in text and ("_" in text or any(c.isdigit() for c in text))
    if letters < 3 or len(text) > 300 or is_file_name or _NO_TITLE.match(text):
        return None
    return text
