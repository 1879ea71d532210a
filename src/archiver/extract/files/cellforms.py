"""What a cell of a spreadsheet shows: a day where its number is one, else the number as it would be written.

A date is a number of days since 1899-12-30 (or 1904-01-01) that only its number format tells apart from an amount
(ECMA-376 part 1, 18.17.4.1 and 18.8.30). It is given as ISO; amounts are given plain, with the fifteen digits that
Excel keeps, percentages with their sign. Pure.
"""

import re
from datetime import datetime, timedelta
from typing import Literal

from archiver.extract.files.elements import events, local
from archiver.extract.files.package import Package
from archiver.extract.files.wordstyles import whole_number

Form = Literal["number", "percent", "day", "moment", "time"]
_MAX_STYLES = 70_000  # Excel ends at 65,490
_FORMS: tuple[tuple[Form, tuple[int, ...]], ...] = (
    ("percent", (9, 10)),
    ("day", (14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58)),
    ("time", (18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56)),
    ("moment", (22,)),
)
_BUILT_IN = {id_: form for form, ids in _FORMS for id_ in ids}
"""The formats that have a number and no code (18.8.30)."""
_SAID = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.I)
"""What a format code writes as it stands: quoted words, escaped signs, colours, locales."""
_DAY, _TIME = re.compile(r"[yd]|m{3}", re.I), re.compile(r"[hs]", re.I)
_DIGITS = re.compile(r"[#?]|(?<![s.,0])0", re.I)
"""A place for a digit that is none of a second's fraction."""
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.I)
_LAST_DAY = 2_958_466  # the day after 9999-12-31


def read_forms(package: Package, part: str) -> list[Form]:
    """What the numbers of each cell style are, by its place in the list of cell formats."""
    custom: dict[int, Form] = {}
    forms: list[Form] = []
    in_cells = False
    for phase, element in events(package, part, "styleSheet numFmt cellXfs xf"):
        name = local(element)
        if name == "cellXfs":
            in_cells = phase == "start"
        elif phase == "end" or len(forms) == _MAX_STYLES or len(custom) == _MAX_STYLES:
            continue
        elif name == "numFmt":
            custom[whole_number(element.get("numFmtId")) or 0] = form_of(element.get("formatCode") or "")
        elif name == "xf" and in_cells:
            id_ = whole_number(element.get("numFmtId")) or 0
            forms.append(custom.get(id_) or _BUILT_IN.get(id_, "number"))
    return forms


def form_of(code: str) -> Form:
    """What a format code makes of a number, by its first section."""
    bare = _SAID.sub("", code[:500]).partition(";")[0]
    if _ELAPSED.search(bare) or _DIGITS.search(bare) or bare.strip().casefold() in ("general", "standard", "@"):
        return "percent" if "%" in bare else "number"
    day, time = _DAY.search(bare), _TIME.search(bare)
    if day or time:
        return "moment" if day and time else "day" if day else "time"
    return "number"


def shown(raw: str, form: Form, *, from_1904: bool) -> str:
    """The number as text; as it stands where it is none.

    `shown("46022", "day", from_1904=False) == "2026-01-01"`
    """
    try:
        number = float(raw[:40])
    except ValueError:
        return raw
    if form == "percent":
        return f"{number * 100:.15g}%"
    if form == "number" or not 0 <= number < _LAST_DAY:
        return f"{number:.15g}"
    return _date(number, form, from_1904=from_1904)


def _date(number: float, form: Form, *, from_1904: bool) -> str:
    """The day or time that a count of days means. Excel takes 1900 for a leap year: before March it is off by one."""
    days = number + 1462 if from_1904 else number if number >= 60 else number + 1
    try:
        moment = datetime(1899, 12, 30) + timedelta(seconds=round(days * 86_400))  # noqa: DTZ001 (a wall clock's)
    except OverflowError:
        return f"{number:.15g}"
    clock = f"{moment:%H:%M:%S}".removesuffix(":00")
    if form == "time" and number < 1:
        return clock
    day = moment.date().isoformat()
    return day if form == "day" or clock == "00:00" else f"{day} {clock}"
