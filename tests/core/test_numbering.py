"""Rows whose number alone changed are told as renumbered, not edited."""

from hypothesis import given
from hypothesis import strategies as st

from archiver.diff import compare, weigh
from archiver.diff.text import apply, compare_blocks, reverse
from archiver.model import Block, Document


def rows(*texts: str) -> Document:
    return Document("html", blocks=tuple(Block("main", "list-item", 1, text) for text in texts))


def summary(before: Document, after: Document) -> str:
    return {d.kind: d.summary for d in compare(before, after).differences}["text"]


def test_a_row_put_in_renumbers_those_below_it() -> None:
    before = rows("1. Val av justerare", "2. Budget", "3. Avgifter för bad", "4. Övrigt")
    after = rows("1. Val av justerare", "2. Jäv", "3. Budget", "4. Avgifter för bad", "5. Övrigt")
    change = compare(before, after)
    assert summary(before, after) == "2 words added, 3 rows renumbered"
    assert [(h.op, h.text) for h in change.hunks] == [("added", "2. Jäv")]
    assert apply(before.main, change.edits) == after.main
    assert apply(after.main, reverse(change.edits)) == before.main


def test_sections_letters_and_parts_are_numbers_too() -> None:
    assert summary(rows("§ 12 Val", "§ 13 Budget"), rows("§ 13 Val", "§ 14 Budget")) == "2 rows renumbered"
    assert summary(rows("a) Val", "b) Budget"), rows("b) Val", "c) Budget")) == "2 rows renumbered"
    assert summary(rows("3.1 Val", "3.2 Budget"), rows("4.1 Val", "4.2 Budget")) == "2 rows renumbered"


def test_a_number_that_changed_by_itself_is_an_edit() -> None:
    assert summary(rows("1. Val", "3. Budget"), rows("1. Val", "4. Budget")).startswith("1 word added, 1 word removed")


def test_prices_and_times_that_rise_together_are_edits() -> None:
    prices = rows("65 | Städning", "72 | Inköp"), rows("75 | Städning", "82 | Inköp")
    times = rows("10.30 Inledning", "11.30 Lunch"), rows("11.30 Inledning", "12.30 Lunch")
    for before, after in (prices, times):
        assert "renumbered" not in summary(before, after)


def test_only_numbers_is_a_reason_and_no_amount_changed() -> None:
    change = compare(rows("1. Val", "2. Budget"), rows("2. Val", "3. Budget"))
    points = {"only-renumbered": -3, "amount-changed": 3}
    assert [(r.name, r.detail) for r in weigh(change, points, ())] == [("only-renumbered", "rows renumbered: 2")]


NUMBERED = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([".", ")", "§"]), st.sampled_from(["Val", "Budget", "Jäv"])).map(
        lambda t: f"{t[1]} {t[0]} {t[2]}" if t[1] == "§" else f"{t[0]}{t[1]} {t[2]}"
    ),
    max_size=8,
)


@given(NUMBERED, NUMBERED)
def test_what_is_marked_as_renumbered_still_leads_from_one_text_to_the_other(one: list[str], other: list[str]) -> None:
    before, after = rows(*one).main, rows(*other).main
    edits = compare_blocks(before, after)
    assert apply(before, edits) == after
    assert apply(after, reverse(edits)) == before
