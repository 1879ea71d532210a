"""How the addresses of one page differ, and what a person is told of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.frontier import twins

HOST = "https://www.exempelkoping.example"


@pytest.mark.parametrize(
    ("one", "other", "cause"),
    [
        (f"{HOST}/a", "https://turism.exempelkoping.example/a",
         "hosts exempelkoping.example and turism.exempelkoping.example"),
        (f"{HOST}/a", f"{HOST}/a?visa=allt", "parameter visa"),
        (f"{HOST}/a?sida=1&visa=x", f"{HOST}/a?visa=y&sida=1", "parameter visa"),
        (f"{HOST}/a", f"{HOST}/a?utskrift=1", "a page to print"),
        (f"{HOST}/a", f"{HOST}/print/a", "a page to print"),
        (f"{HOST}/a", f"{HOST}/a/", "a slash at the end"),
        (f"{HOST}/a/", f"{HOST}/a/index.html", "an index file"),
        (f"{HOST}/Om-Oss", f"{HOST}/om-oss", "letter case"),
        (f"{HOST}/kommun/taxor", f"{HOST}/bygga/taxor", "two places in the menu"),
        (f"{HOST}/a", f"{HOST}/b", ""),
        (f"{HOST}/a", "https://annan.example/b", ""),
    ],
)  # fmt: skip
def test_the_difference_has_a_name(one: str, other: str, cause: str) -> None:
    assert twins.cause(one, other) == cause
    assert twins.cause(other, one) == cause


def test_pairs_with_one_cause_are_told_together_the_commonest_first() -> None:
    groups = [[f"{HOST}/{n}?visa=x", f"{HOST}/{n}"] for n in range(3)] + [[f"{HOST}/b", f"{HOST}/a"]]
    assert twins.folded(groups) == [
        ("parameter visa", f"{HOST}/0", f"{HOST}/0?visa=x", 3),
        (f"{HOST}/a and {HOST}/b", f"{HOST}/a", f"{HOST}/b", 1),
    ]


def test_a_text_that_many_pages_share_is_told_once() -> None:
    (row,) = twins.folded([[f"{HOST}/{n:02}" for n in range(40)]])
    assert row == (f"{HOST}/00 and others", f"{HOST}/00", f"{HOST}/01", 39)


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=30), max_size=4), max_size=4))
def test_no_address_breaks_it(groups: list[list[str]]) -> None:
    for why, one, other, pairs in twins.folded([[f"{HOST}/{path}" for path in group] for group in groups]):
        assert why
        assert one != other
        assert pairs > 0
