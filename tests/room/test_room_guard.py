"""Free SQL: what may be asked, and the ways around that are shut."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from benchmarks.volume import fill
from hypothesis import given
from hypothesis import strategies as st
from visitor import NAME, Room

from archiver.room import application, guard
from archiver.room.pages.sql import OPEN
from archiver.store import prepare
from archiver.store.connections import reader

VIEWS = ("silent_edits", "snapshots", "inner_text", "page_changes")


def ask(room: Room, sql: str, **more: str) -> tuple[int, str]:
    answer = room.get("/archive.json?" + urlencode({"sql": sql, "_shape": "array"} | more))
    return answer.status_code, answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "select 1", "select count(*) from silent_edits", "select * from current_pages where text like '%kronor%'",
        "select municipality, count(*) from page_changes group by 1",
        "with mine as (select url, text from snapshots) select * from mine limit 1",
        "with recursive n(k) as (select 1 union all select k + 1 from n where k < 9) select * from n",
        "select a.url from snapshots a join page_changes b on a.page_id = b.page_id",
        "with a as materialized (select text, url from current_pages) select * from a x join a y on x.url = y.url",
        "select json_group_array(url) from current_pages", "select 'with silent_edits as' from silent_edits",
        "explain select 1", "select name from pragma_table_info('silent_edits')",
    ],
)  # fmt: skip
def test_public_views_answer(room: Room, sql: str) -> None:
    status, text = ask(room, sql)
    assert status == 200, text


@pytest.mark.parametrize(
    "sql",
    [
        "select responsible from documents", "select * from documents", "select text from passages",
        "select * from claims", "select data from bodies", "select * from inner_text", "select * from captures",
        "select raw from claims where meaning = 'responsible'", "select text from hunks", "select content from headers",
        "select (select group_concat(responsible) from documents) from silent_edits",
        "select * from silent_edits where exists (select 1 from documents where responsible like 'Z%')",
        "select * from current_pages order by (select max(responsible) from documents)",
        "select * from (select responsible from documents) as silent_edits",
        "with x as (select responsible from documents) select * from x",
        "with silent_edits as (select responsible from documents) select * from silent_edits",
        "with snapshots as (select text from passages) select * from snapshots",
        "with inner_text as (select text from passages) select * from inner_text",
        "with \"snapshots\" as (select text from passages) select * from snapshots",
        "with [snapshots] as (select text from passages) select * from snapshots",
        "with `snapshots` as (select text from passages) select * from snapshots",
        "with 'snapshots' as (select text from passages) select * from snapshots",
        "with SnapShots(a) as not materialized (select text from passages) select * from snapshots",
        "with a as (select 1),snapshots (a) as /* x */ materialized(select text from passages) select a from snapshots",
        "with recursive snapshots as (select text from passages) select * from snapshots",
        "with a as (with snapshots as (select text from passages) select * from snapshots) select * from a",
        "select * from (with snapshots as (select text from passages) select * from snapshots)",
        "select * from current_pages union select 1, 2, responsible from documents",
        "select passages_fts from passages_fts", "select * from passages_fts where passages_fts match 'kronor'",
        "select snippet(passages_fts, 0, '', '', '', 9) from passages_fts", "select * from passages_fts_data",
        "select word from word_forms", "select count(stem) from word_forms",
        "select * from hunks_fts_content", "select * from made_with", "select * from sources",
        "pragma table_info(documents)", "attach 'x' as y", "select load_extension('x')", "vacuum into 'x'",
        "select writefile('x', 'y')", "select * from pragma_writable_schema", "select zeroblob(1000000000)",
    ],
)  # fmt: skip
def test_everything_else_is_refused_and_tells_nothing(room: Room, sql: str) -> None:
    status, text = ask(room, sql)
    assert status in (400, 403), text
    assert "Zebulon" not in text
    assert "Hemligt anslag" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/archive/current_pages.json?_where=" + "exists+(select+1+from+documents+where+responsible+is+not+null)",
        "/archive/current_pages.json?_where="
        "page_id+in+(with+snapshots+as+(select+id+from+documents+where+responsible+like+'Z%25')+select+id+from+snapshots)",
        "/archive/documents", "/archive/claims.json", "/archive/bodies/1.blob?_blob_column=data",
        "/archive/inner_text.json", "/archive/passages_fts.json?_search=kronor", "/archive/hunks_fts_data.json",
        "/archive/word_forms.json", "/archive.db",
    ],
)  # fmt: skip
def test_tables_are_closed_by_every_door(room: Room, path: str) -> None:
    assert room.get(path).status_code in (400, 403, 404)


def test_every_public_view_and_question_works_under_the_guard(room: Room) -> None:
    assert room.town is not None
    with closing(reader(room.town.archive.path)) as conn:
        views = guard.public_views(conn)
    assert len(views) > 20
    for view in views:
        assert room.get(f"/archive/{view}.json?_size=2").status_code == 200, view
    for name, question in OPEN.items():
        held = {"url": "https://www.exempelkoping.se/avgift"}
        said = urlencode({key: held.get(key, "2026-03-03") for key in question.required})
        assert room.get(f"/sql/{name}?{said}").status_code == 200, name
        assert room.get(f"/sql/{name}.csv?{said}").status_code == 200, name
        if question.sql:
            assert room.get(f"/archive/{name}.json?{said}").status_code == 200, name


def test_no_answer_names_who_is_responsible(room: Room) -> None:
    assert "responsible" not in OPEN
    assert room.get("/sql/responsible?url=https://www.exempelkoping.se/avgift").status_code == 404
    assert room.get("/archive/responsible.json?url=https://www.exempelkoping.se/avgift").status_code == 404


def test_a_question_that_takes_too_long_is_stopped(folder: Path) -> None:
    prepare(folder / "archive.db")
    room = Room(application(folder / "archive.db", settings={"sql_time_limit_ms": 50}))
    start = time.monotonic()
    status, text = ask(room, "with recursive n(k) as (select 1 union all select k + 1 from n) select max(k) from n")
    assert status == 400
    assert "interrupted" in text.lower() or "time limit" in text.lower()
    assert time.monotonic() - start < 5


def test_rows_are_limited(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=40, pages=10)
    status, text = ask(
        Room(application(archive)),
        "with recursive n(k) as (select 1 union all select k + 1 from n where k < 5000) select k from n",
    )
    assert status == 200
    assert text.count('"k"') == guard.ROWS


@given(st.sampled_from(VIEWS), st.sampled_from(['"{}"', "[{}]", "`{}`", "'{}'", "{}"]), st.booleans(), st.booleans())
def test_no_spelling_of_a_view_can_be_defined(view: str, quotes: str, columns: bool, loud: bool) -> None:
    name = quotes.format(view.upper() if loud else view)
    head = f"{name}{' (a, b)' if columns else ''}"
    for gap in (" ", "\n", " -- as (\n", "/**/", "\t"):
        assert guard.redefines(f"with {head}{gap}as{gap}(select 1) select 2", VIEWS)
        assert guard.redefines(f"with a as (select 1),{gap}{head} as not materialized{gap}(select 1) select 2", VIEWS)


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert not guard.redefines(text, VIEWS) or any(view in text.lower() for view in VIEWS)


def test_what_mentions_a_view_is_not_refused() -> None:
    for sql in ("select * from snapshots as s", "with s as (select * from snapshots) select * from s",
                "select 'with snapshots as (' from page_changes",
                "select * from snapshots -- as (\n where 1"):  # fmt: skip
        assert not guard.redefines(sql, VIEWS), sql


def test_the_authorizer_alone_keeps_names_in(room: Room) -> None:
    """Without the look at the statement: a name could not be read even then."""
    assert room.town is not None
    with closing(sqlite3.connect(f"file:{room.town.archive.path}?mode=ro", uri=True)) as conn:
        guard.shut(conn)
        for view in VIEWS:
            with pytest.raises(sqlite3.DatabaseError):
                conn.execute(f"with {view} as (select responsible from documents) select * from {view}").fetchall()
    assert NAME
