"""What a person said with a named question, made to fit the archive: a municipality and a page it holds, days, numbers.

A misspelt name would have an empty answer, and an empty answer reads as "nothing happened".
"""

import re
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime

from archiver import urls
from archiver.asking.municipalities import NotHeld, find_held
from archiver.asking.terms import parse
from archiver.errors import ArchiverError

_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d(?::\d\d){1,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?)?)?\Z", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?\Z", re.ASCII)
_DAYS = frozenset({"since", "until", "at", "day", "before", "after"})
_NUMBERS = frozenset({"days", "hours", "years", "words", "municipalities"})


class Unfit(ArchiverError, ValueError):
    """A parameter that says nothing to this archive: its name, what was written, and what could be."""

    def __init__(self, name: str, value: str, why: str, example: str) -> None:
        super().__init__(f"{name}={value}: {why} {example}")
        self.name, self.value, self.example = name, value, example


def fitted(conn: sqlite3.Connection, said: Mapping[str, str]) -> dict[str, str]:
    """The same, with a municipality and an address as the archive writes them. Raises Unfit."""
    return {name: _FIT[name](conn, value) if value and name in _FIT else _formed(name, value)
            for name, value in said.items()}  # fmt: skip


def _formed(name: str, value: str) -> str:
    if not value or (name == "at" and value == "now"):
        return value
    if name in _DAYS and not (_DAY.match(value) and _is_in_calendar(value)):
        raise Unfit(name, value, "is no day; write", "2026-03-02")
    if name == "phrase" and all(term.negated for term in parse(value)):
        raise Unfit(name, value, "has no word to look for; write", '"medborgarnas insyn"')
    if name in _NUMBERS and not _NUMBER.match(value):
        raise Unfit(name, value, "is no number; write", "14")
    return value


def _is_in_calendar(value: str) -> bool:
    """Whether there is such a day, month or time: '2026-02-30' would be after all of February, and before all of March;
    and of a 25th hour SQLite makes nothing, which is in no span."""
    if len(value) == len("2026"):
        return True
    try:
        datetime.fromisoformat(f"{value}-01" if len(value) == len("2026-02") else value)
    except ValueError:
        return False
    return True


def _municipality(conn: sqlite3.Connection, value: str) -> str:
    """Its kommunkod; its name where it has none."""
    try:
        return find_held(conn, value).key
    except NotHeld as error:
        raise Unfit("kommun", value, "the archive holds nothing by that name; it holds:", error.names) from None


def _address(conn: sqlite3.Connection, value: str) -> str:
    row = conn.execute("SELECT url FROM addresses WHERE key = ?", (urls.key(value),)).fetchone()
    if row is None:
        known = conn.execute("SELECT url FROM current_pages LIMIT 1").fetchone()
        raise Unfit("url", value, "is not in the archive, as is", known[0] if known else "nothing")
    return str(row[0])


_FIT: Mapping[str, Callable[[sqlite3.Connection, str], str]] = {"kommun": _municipality, "url": _address}
