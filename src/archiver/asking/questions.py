"""The named questions: each a file in sql/ over the public views, or a function where words are looked for.

A file begins with its number, its title in both languages and its parameters, one a line:

    -- 5
    -- sv: Texten ändrades, sidans datum stod stilla
    -- en: The text changed and the page's date stood still
    -- :since | från och med | from | 0000

A parameter without a default must be given. `-- restricted` marks what is for the keeper of the file alone. A file
added to sql/ is a question added; `docs/researchers.md` has an example of each, which the tests run.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from archiver.asking import minutes, phrases
from archiver.asking.fitting import fitted
from archiver.errors import NotFound

Row = dict[str, object]
KOMMUN = ("kommun", "kommunens namn eller kod; tomt: alla", "name or code of the municipality; empty: all", "")
PHRASE = ("phrase", "orden; inom citattecken exakt", "the words; between quotation marks exactly", None)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What must, or may, be said with a question."""

    name: str
    sv: str
    en: str
    default: str | None  # None: it must be given


@dataclass(frozen=True)
class Question:
    """One question that has a name."""

    name: str
    number: str  # of the list of questions that the archive must answer
    sv: str
    en: str
    parameters: tuple[Parameter, ...]
    sql: str = ""  # '': a function answers
    restricted: bool = False  # its answer names people: never in the reading room

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The parameters without a default."""
        return tuple(p.name for p in self.parameters if p.default is None)


def _first_said(conn: sqlite3.Connection, said: Mapping[str, str]) -> Iterable[Row]:
    keys = ("municipality", "code", "first_seen", "censored", "first_url", "first_capture")
    return (
        {key: row[key] for key in keys} for row in phrases.spans(conn, said["phrase"], kommun=said["kommun"] or None)
    )


def _last_said(conn: sqlite3.Connection, said: Mapping[str, str]) -> Iterable[Row]:
    keys = ("municipality", "code", "last_seen", "remains", "pages", "last_url", "last_capture")
    return (
        {key: row[key] for key in keys} for row in phrases.spans(conn, said["phrase"], kommun=said["kommun"] or None)
    )


def _by_month(conn: sqlite3.Connection, said: Mapping[str, str]) -> Iterable[Row]:
    return phrases.by_month(conn, said["phrase"], kommun=said["kommun"] or None)


def _minutes(conn: sqlite3.Connection, said: Mapping[str, str]) -> Iterable[Row]:
    return minutes.lags(conn, said["word"], kommun=said["kommun"] or None)


Answer = Callable[[sqlite3.Connection, Mapping[str, str]], Iterable[Row]]
FUNCTIONS: dict[str, tuple[str, str, str, tuple[tuple[str, str, str, str | None], ...], Answer]] = {
    "first-said": ("8", "När orden först syntes, kommun för kommun", "When words first appeared, by municipality",
                   (PHRASE, KOMMUN), _first_said),
    "last-said": ("9", "När orden försvann, och var de finns kvar", "When words disappeared, and where they remain",
                  (PHRASE, KOMMUN), _last_said),
    "by-month": ("10", "Andel sidor med orden, månad för månad", "Share of pages with the words, month by month",
                 (PHRASE, KOMMUN), _by_month),
    "minutes-lag": ("17", "Dagar från möte till publicerat protokoll", "Days from a meeting to its published minutes",
                    (("word", "ord i länken", "a word in the link", "protokoll"), KOMMUN), _minutes),
}  # fmt: skip
"""number, titles, parameters, answer."""


def ask(conn: sqlite3.Connection, name: str, **said: str) -> Iterator[Row]:
    """The answer, row by row. Raises NotFound for a question that nobody knows, ValueError for what must be said, is
    not asked for, or names nothing here (`fitting.Unfit`): an answer that is empty is one.
    """
    question = QUESTIONS.get(name)
    if question is None:
        raise NotFound(f"there is no question {name!r}")
    known = {p.name: p.default for p in question.parameters}
    if odd := sorted(said.keys() - known.keys()):
        raise ValueError(f"{name} asks for {', '.join(known) or 'nothing'}, not for {', '.join(odd)}")
    if missing := [p for p in question.required if not said.get(p)]:
        raise ValueError(f"{name} needs {', '.join(missing)}")
    given = fitted(conn, {key: said.get(key, default or "") for key, default in known.items()})
    if not question.sql:
        yield from FUNCTIONS[name][-1](conn, given)
        return
    rows = conn.execute(question.sql, given)
    names = [column[0] for column in rows.description]
    for row in rows:
        yield dict(zip(names, row, strict=True))


def _read(name: str, text: str) -> Question:
    """A question from its file."""
    lines = text.splitlines()
    head = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
    titles = dict(line.split(": ", 1) for line in head if line[:4] in ("sv: ", "en: "))
    parameters = tuple(
        Parameter(
            parts[0][1:].strip(), parts[1].strip(), parts[2].strip(), parts[3].strip() if len(parts) > 3 else None
        )
        for line in head
        if line.startswith(":")
        for parts in [line.split("|")]
    )
    return Question(name, head[0], titles["sv"], titles["en"], parameters, text, "restricted" in head)


def _all() -> dict[str, Question]:
    found = [
        _read(file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in files("archiver.asking").joinpath("sql").iterdir()
        if file.name.endswith(".sql")
    ]
    for name, (number, sv, en, parameters, _) in FUNCTIONS.items():
        found.append(Question(name, number, sv, en, tuple(Parameter(*p) for p in parameters)))
    return {q.name: q for q in sorted(found, key=lambda q: (int(q.number.rstrip("b")), q.number))}


QUESTIONS: dict[str, Question] = _all()
"""By name, in the order of their numbers."""
