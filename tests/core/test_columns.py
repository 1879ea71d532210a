"""Tables of which a column came, went or changed places: each cell is held against its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.diff.text import apply, compare_blocks, hunks, reverse
from archiver.model import Block

MARKS = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}


def table(*rows: str) -> list[Block]:
    return [Block("main", "table-row", None, row) for row in rows]


def told(before: list[Block], after: list[Block]) -> list[str]:
    edits = compare_blocks(before, after)
    assert apply(before, edits) == tuple(after)
    assert apply(after, reverse(edits)) == tuple(before)
    return ["".join(MARKS[s.op].format(s.text) for s in e.spans) or e.op for e in edits]


def test_a_column_put_in_is_told_beside_cells_that_changed() -> None:
    before = table("Område | Ansökningar | Kö", "Åbacka | 9 | 1", "Granby | 7 | 5")
    after = table("Område | Ansökningar | Beviljade | Kö", "Åbacka | 11 | 4 | 2", "Granby | 7 | 5 | 5")
    assert told(before, after) == [
        "Område | Ansökningar[+ | Beviljade+] | Kö",
        "Åbacka | [-9-][+11+][+ | 4+] | [-1-][+2+]",
        "Granby | 7[+ | 5+] | 5",
    ]
    assert [h.text for h in hunks(compare_blocks(before, after))] == ["Beviljade", "9", "11", "4", "1", "2", "5"]


def test_a_first_column_put_in_is_told_whole() -> None:
    before, after = table("Namn | Kr", "Bad | 30"), table("Nr | Namn | Kr", "1 | Bad | 35")
    assert told(before, after) == ["[+Nr | +]Namn | Kr", "[+1 | +]Bad | [-30-][+35+]"]


def test_a_column_taken_out_is_told_beside_cells_that_changed() -> None:
    before, after = table("Namn | Barn | Vuxna", "Bad | 30 | 60"), table("Namn | Vuxna", "Bad | 65")
    assert told(before, after) == ["Namn[- | Barn-] | Vuxna", "Bad[- | 30-] | [-60-][+65+]"]


def test_columns_that_changed_places_have_no_other_numbers() -> None:
    before, after = table("Namn | Barn | Vuxna", "Bad | 30 | 60"), table("Namn | Vuxna | Barn", "Bad | 60 | 30")
    assert told(before, after) == ["Namn[+ | Vuxna+] | Barn[- | Vuxna-]", "Bad[+ | 60+] | 30[- | 60-]"]


def test_a_year_that_went_and_one_that_came_leave_the_year_between_alone() -> None:
    before, after = table("Område | 2024 | 2025", "Norra | 12 | 15"), table("Område | 2025 | 2026", "Norra | 15 | 18")
    assert told(before, after) == ["Område[- | 2024-] | 2025[+ | 2026+]", "Norra[- | 12-] | 15[+ | 18+]"]


@pytest.mark.parametrize(
    ("before", "after", "row"),
    [
        (("Namn | Barn", "Bad | 30"), ("Namn | Barn", "Bad | 35"), "Bad | [-30-][+35+]"),
        (("Namn | Barn", "Bad | 30"), ("Vad | Barn", "Bad | 35"), "Bad | [-30-][+35+]"),
        (("Norra | Ada | Bo", "Östra | Fia | Gus"), ("Norra | Bo | Cia", "Östra | Hal | Gus"),
         "Östra | [-Fia-][+Hal+] | Gus"),
    ],
    ids=["the same header", "a column renamed", "no header but a row"],
)  # fmt: skip
def test_where_the_header_tells_nothing_cells_stand_by_their_places(
    before: tuple[str, ...], after: tuple[str, ...], row: str
) -> None:
    assert told(table(*before), table(*after))[-1] == row


CELLS = st.lists(st.sampled_from(["Namn", "Barn", "Vuxna", "2025", "2026", "30", "60", ""]), min_size=1, max_size=5)
TABLES = st.lists(CELLS.map(" | ".join), max_size=5).map(lambda rows: table(*rows))


@settings(max_examples=200, deadline=None)
@given(TABLES, TABLES)
def test_whatever_the_columns_edits_lead_there_and_back(before: list[Block], after: list[Block]) -> None:
    told(before, after)
