"""Rows as CSV and JSON Lines: the exact words come back, and no cell is a formula."""

import csv
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.publish import tables
from archiver.publish.dictionary import COLUMNS, VIEWS, Column, columns_of

TEXT = {"text": Column("string", "words")}
MIXED = {
    "id": Column("integer", "number"),
    "text": Column("string", "words"),
    "whole": Column("boolean", "all of it"),
    "days": Column("number", "days"),
}
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


def as_csv(*rows: tuple[object, ...], columns: dict[str, Column] = MIXED, guarded: bool = True) -> str:
    return b"".join(tables.as_csv(columns, rows, guarded=guarded)).decode()


def test_null_is_nothing_and_an_empty_text_is_two_quotes() -> None:
    assert as_csv((1, None, None, None), (2, "", 0, -0.5)) == 'id,text,whole,days\r\n1,,,\r\n2,"",false,-0.5\r\n'


@pytest.mark.parametrize(
    "formula",
    ["=1+1", '=HYPERLINK("http://x.example";"Klicka")', "+46 8 123", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1",
     "＝1+1", "'citat"],
)  # fmt: skip
def test_no_text_cell_begins_like_a_formula_and_its_words_come_back(formula: str) -> None:
    _, (cell,) = csv.reader(io.StringIO(as_csv((formula,), columns=TEXT), newline=""))
    assert cell == "'" + formula
    assert tables.unguarded(cell) == formula
    _, (plain,) = csv.reader(io.StringIO(as_csv((formula,), columns=TEXT, guarded=False), newline=""))
    assert plain == formula


def test_a_number_is_no_formula() -> None:
    assert as_csv((-3, "a", 1, -1.5)).splitlines()[1] == "-3,a,true,-1.5"


@given(st.lists(WORDS, min_size=1))
def test_whatever_the_words_a_reader_of_csv_has_them_back(words: list[str]) -> None:
    written = as_csv(*((word,) for word in words), columns=TEXT)
    _, *cells = csv.reader(io.StringIO(written, newline=""))
    assert [tables.unguarded(cell) for (cell,) in cells] == words
    assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")) for (cell,) in cells)


@given(st.lists(st.tuples(st.integers(), st.none() | WORDS, st.none() | st.booleans(), st.none() | st.integers())))
def test_json_lines_are_the_rows(rows: list[tuple[object, ...]]) -> None:
    lines = b"".join(tables.as_jsonl(MIXED, rows)).decode().split("\n")[:-1]
    assert [tuple(json.loads(line).values()) for line in lines] == rows
    assert all(list(json.loads(line)) == list(MIXED) for line in lines)


@pytest.mark.parametrize("form", [tables.as_csv, tables.as_jsonl])
def test_a_table_of_any_length_takes_little_memory(form) -> None:  # type: ignore[no-untyped-def]
    tracemalloc.start()
    size = sum(map(len, form(MIXED, ((n, "Kommunfullmäktige sammanträder", 1, n / 2) for n in range(50_000)))))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 2_000_000
    assert most < 1_000_000


def test_the_dictionary_explains_every_column_once() -> None:
    used = {name for view in VIEWS.values() for name in view.columns}
    own = {name for view in VIEWS.values() for name in view.own or {}}
    assert set(COLUMNS) == used
    assert own <= used
    for name, view in VIEWS.items():
        assert set(view.key) <= set(view.columns), name
        assert view.time is None or view.time in view.columns, name
        assert len(set(view.columns)) == len(view.columns)


def test_a_table_schema_has_type_meaning_and_closed_list_of_each_column() -> None:
    schema = tables.table_schema("change_text", guarded=True)
    fields = {field["name"]: field for field in schema["fields"]}  # type: ignore[attr-defined]
    assert list(fields) == list(columns_of("change_text"))
    assert fields["seen_after"]["type"] == "datetime"
    assert fields["op"]["constraints"] == {"enum": ["added", "removed", "moved"]}
    assert schema["primaryKey"] == ["hunk_id"]
    assert "apostrophe" in str(schema["guard"])
