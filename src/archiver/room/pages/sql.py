"""Where to ask in SQL: the named questions in the reader's language, and the public views with their columns."""

import json
import re
from collections.abc import Mapping
from itertools import islice

from archiver import asking
from archiver.asking import QUESTIONS, Question
from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask, Unreadable
from archiver.room.guard import ROWS, public_views
from archiver.room.pages import shared
from archiver.room.readers import TIME_LIMIT

EXAMPLE = (
    "SELECT municipality, count(*) AS silent",
    "FROM silent_edits",
    "GROUP BY municipality",
    "ORDER BY silent DESC",
)
SHOWN = 200
"""Rows of an answer on its page; the file has more."""
OPEN: Mapping[str, Question] = {name: q for name, q in QUESTIONS.items() if not q.restricted}
"""The questions whose answers name nobody."""
_BUILDING_STONES = frozenset({"open_pages", "open_revisions"})
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")


def sql(ask: Ask) -> Answer:
    """The named questions and the views."""
    views = sorted(public_views(ask.conn) - _BUILDING_STONES)
    columns = {
        view: [row["name"] for row in ask.rows("SELECT name FROM pragma_table_info(:view)", view=view)]
        for view in views
    }
    return ask.render(
        "sql.html",
        questions=OPEN.values(),
        views=columns,
        seconds=TIME_LIMIT,
        most=ROWS,
        example=EXAMPLE,
        beside=ask.beside,
        last=shared.last_run(ask),
        area="sql",
    )


def question(ask: Ask) -> Answer:
    """One question with a form for what it asks, and its answer once everything is there."""
    asked = _named(ask)
    said = _said(ask, asked)
    missing = [name for name in asked.required if not said.get(name)]
    rows = None if missing else _answer(ask, asked, said, SHOWN + 1)
    return ask.render(
        "question.html",
        q=asked,
        said=said,
        rows=rows and rows[:SHOWN],
        answered=rows is not None,
        more=rows is not None and len(rows) > SHOWN,
        shown=SHOWN,
        file=[(name, value) for name, value in said.items() if value],
        last=shared.last_run(ask),
        area="sql",
    )


def as_file(ask: Ask) -> Answer:
    """A question's answer as CSV or JSON, up to the room's limit of rows."""
    asked = _named(ask)
    rows = _answer(ask, asked, _said(ask, asked), ROWS)
    if ask.names["form"] == "json":
        return Answer(json.dumps(rows, ensure_ascii=False, default=str), 200, "application/json; charset=utf-8")
    return shared.as_csv(asked.name, list(rows[0]) if rows else ["nothing"], rows)


def _answer(ask: Ask, asked: Question, said: dict[str, str], most: int) -> list[dict[str, object]]:
    """So many rows of the answer. Raises NotFound, and Unreadable for what names nothing here."""
    try:
        return list(islice(asking.ask(ask.conn, asked.name, **said), most))
    except asking.Unfit as error:
        raise Unreadable(error.name, error.value, error.example) from None
    except ValueError as error:
        raise NotFound(str(error)) from None


def canned() -> dict[str, dict[str, str]]:
    """The questions that are SQL, for Datasette; a parameter that is left empty has its default."""
    return {
        q.name: {"sql": _with_defaults(q), "title": f"{q.sv} · {q.en}", "description": _asks(q)}
        for q in OPEN.values()
        if q.sql
    }


def _with_defaults(q: Question) -> str:
    defaults = {p.name: p.default for p in q.parameters if p.default}
    lines = [line for line in q.sql.splitlines() if not line.startswith("-- ")]
    return _PARAMETER.sub(lambda m: _or_default(m[1], defaults.get(m[1])), "\n".join(lines))


def _or_default(name: str, default: str | None) -> str:
    if default is None:
        return f":{name}"
    quoted = default.replace("'", "''")
    return f"coalesce(nullif(:{name}, ''), '{quoted}')"


def _asks(q: Question) -> str:
    return "; ".join(f"{p.name}: {p.sv} · {p.en}" for p in q.parameters)


def _named(ask: Ask) -> Question:
    found = OPEN.get(ask.names["name"])
    if found is None:
        raise NotFound(f"there is no question {ask.names['name']}")
    return found


def _said(ask: Ask, asked: Question) -> dict[str, str]:
    """What the reader filled in, and defaults where nothing was."""
    return {p.name: ask.one(p.name) or (p.default or "") for p in asked.parameters}
