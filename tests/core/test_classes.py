"""What sort of change it is, with its reason in words."""

from dataclasses import replace
from datetime import datetime

import pytest

from archiver.diff import CLASSES, Window, classify, compare
from archiver.diff.dates import relation
from archiver.model import Block, Document, Ground, State

PAGE = Document(
    "html",
    title="Avgifter",
    published="2019-11-08",
    updated="2026-06-25",
    blocks=(Block("main", "paragraph", None, "Avgiften är 300 kr."),),
)
EDITED = replace(PAGE, blocks=(Block("main", "paragraph", None, "Avgiften är 350 kr."),))


def names(
    before: Document | None,
    after: Document | None,
    *,
    states: tuple[State, State] = ("present", "present"),
    returns_to: int | None = None,
    technical: bool = False,
    not_before: str | None = None,
    window: Window | None = None,
) -> list[str]:
    found = classify(
        compare(before, after), before=before, after=after, state_before=states[0], state_after=states[1],
        returns_to=returns_to, technical=technical, not_before=not_before, window=window,
    )  # fmt: skip
    assert all(c.reason for c in found)
    return [c.name for c in found]


def reason(before: Document, after: Document) -> str:
    found = classify(compare(before, after), before=before, after=after, state_before="present", state_after="present")
    return found[0].reason


def test_an_edit_moves_the_update_date_or_has_none() -> None:
    assert names(PAGE, replace(EDITED, updated="2026-07-01")) == ["edit"]
    assert names(replace(PAGE, updated=None), replace(EDITED, updated=None)) == ["edit"]
    assert reason(PAGE, replace(EDITED, updated="2026-07-01")) == (
        "text changed, and the update date with it: 2026-06-25 → 2026-07-01"
    )


def test_a_silent_edit_leaves_the_update_date_where_it_stood() -> None:
    assert names(PAGE, EDITED) == ["silent-edit"]
    assert reason(PAGE, EDITED) == "text changed, and the update date stood still at 2026-06-25"


def test_a_page_without_update_date_makes_no_silent_edits() -> None:
    assert names(replace(PAGE, updated=""), replace(EDITED, updated="")) == ["edit"]


@pytest.mark.parametrize("field", ["title", "responsible", "payload"])
def test_single_fields_of_content_can_be_edited_silently(field: str) -> None:
    found = names(PAGE, replace(PAGE, **{field: "annat"}))  # type: ignore[arg-type]
    assert found == ["silent-edit"]


def test_a_touch_moves_dates_and_nothing_else() -> None:
    assert names(PAGE, replace(PAGE, updated="2026-07-01")) == ["touch"]
    assert names(PAGE, replace(PAGE, reviewed="2026-07-01")) == ["touch"]


def test_a_date_that_goes_back_or_vanishes_is_a_regression() -> None:
    assert names(PAGE, replace(PAGE, updated="2026-01-01")) == ["date-regression"]
    assert names(PAGE, replace(PAGE, updated=None)) == ["date-regression"]
    assert names(PAGE, replace(EDITED, updated=None)) == ["edit", "date-regression"]


def test_a_publication_date_altered_later_is_told() -> None:
    assert names(PAGE, replace(PAGE, published="2018-01-05")) == ["backdated-publication"]
    assert names(PAGE, replace(EDITED, published="2020-01-05")) == ["silent-edit", "backdated-publication"]
    assert names(PAGE, replace(PAGE, published="2020-01-05")) == ["touch", "backdated-publication"]


def test_a_publication_before_the_page_can_have_been_made_is_told() -> None:
    bare = replace(PAGE, published=None)
    assert "backdated-publication" in names(bare, PAGE, not_before="2022-12-22")
    assert "backdated-publication" not in names(bare, PAGE, not_before="2019-11")


def seen(last: str, first: str) -> Window:
    return Window(datetime.fromisoformat(last), datetime.fromisoformat(first))


@pytest.mark.parametrize(
    ("updated", "window", "is_late"),
    [
        ("2026-07-01", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), False),
        ("2026-06-30", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), False),  # later the same day
        ("2026-07-02T23:00", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), False),
        ("2026-06-29", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), True),
        ("2026-07-03", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), True),
        ("2026-07", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), False),  # the month may be right
        ("2026-08", ("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00"), True),
    ],
)
def test_a_date_outside_the_time_in_which_we_saw_the_change_is_late(
    updated: str, window: tuple[str, str], is_late: bool
) -> None:
    found = names(PAGE, replace(EDITED, updated=updated), window=seen(*window))
    assert found == (["edit", "late-date"] if is_late else ["edit"])


def test_a_late_date_names_the_day_on_which_the_page_was_seen() -> None:
    after, window = replace(PAGE, updated="2026-06-26"), seen("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00")
    found = classify(
        compare(PAGE, after), before=PAGE, after=after, state_before="present", state_after="present", window=window
    )
    assert [(c.name, c.reason) for c in found] == [
        ("touch", "only dates changed; updated 2026-06-25 → 2026-06-26"),
        ("late-date", "updated is said to be 2026-06-26, but the page still showed its old state on 2026-06-30"),
    ]
    assert found[1].grounds == (Ground("claimed-before", ("updated", "2026-06-26", "2026-06-30")),)


def test_a_date_newly_stated_or_gone_back_is_not_late() -> None:
    window = seen("2026-06-30T10:00+02:00", "2026-07-02T10:00+02:00")
    assert names(replace(PAGE, updated=None), PAGE, window=window) == ["touch"]
    assert names(PAGE, replace(PAGE, updated="2020-01-01"), window=window) == ["date-regression"]


def test_other_bytes_behind_one_address_are_a_replaced_document_and_a_first_digest_is_none() -> None:
    file = replace(PAGE, kind="pdf", payload="a" * 64)
    assert names(file, replace(file, payload="b" * 64)) == ["silent-edit", "replaced-document"]
    assert "replaced-document" not in names(PAGE, file)


def test_a_document_under_the_same_identity_tells_both_addresses() -> None:
    file, after = replace(PAGE, payload="a" * 64), replace(PAGE, payload="b" * 64)
    found = classify(
        compare(file, after), before=file, after=after, state_before="present", state_after="present",
        addresses=("https://ekliden.example/download/18.a/1/p.pdf", "https://ekliden.example/download/18.a/2/p.pdf"),
    )  # fmt: skip
    assert found[1].reason == (
        "another file under the same identity, at another address: https://ekliden.example/download/18.a/1/p.pdf → "
        "https://ekliden.example/download/18.a/2/p.pdf"
    )


def test_a_date_printed_more_finely_has_not_moved() -> None:
    assert names(PAGE, replace(PAGE, updated="2026-06-25T10:00")) == ["touch"]
    assert names(PAGE, replace(PAGE, published="2019-11")) == ["touch"]


def test_a_page_as_it_was_before_flaps() -> None:
    assert names(PAGE, EDITED, returns_to=3) == ["silent-edit", "flap"]


def test_going_and_coming_back() -> None:
    assert names(PAGE, None, states=("present", "gone")) == ["disappearance"]
    assert names(PAGE, None, states=("present", "moved")) == ["move"]
    assert names(None, PAGE, states=("gone", "present"), returns_to=1) == ["return"]
    assert names(PAGE, EDITED, states=("gone", "present")) == ["silent-edit", "return"]


def test_what_may_be_ours_is_nothing_but_technical() -> None:
    assert names(PAGE, replace(EDITED, updated=None), technical=True) == ["technical"]


def test_no_change_is_of_no_class() -> None:
    assert names(PAGE, PAGE) == []


def test_edit_silent_edit_and_touch_exclude_one_another() -> None:
    dates = [None, "2019", "2026-06-25", "2026-07-01"]
    for old in dates:
        for new in dates:
            for after in (PAGE, EDITED):
                found = names(replace(PAGE, updated=old), replace(after, updated=new))
                assert len({"edit", "silent-edit", "touch"} & set(found)) <= 1


def test_the_classes_of_one_page_are_those_of_the_schema_without_the_folded_ones() -> None:
    assert set(CLASSES) == {
        "edit", "silent-edit", "touch", "date-regression", "backdated-publication", "late-date", "flap",
        "replaced-document", "personnel", "disappearance", "move", "return", "technical",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("2019-11-08", "2019-11-08", "same"),
        (None, "", "same"),
        (None, "2019", "stated"),
        ("2019", None, "withdrawn"),
        ("2019-11-08", "2019-11-09", "forward"),
        ("2019-11-08", "2018", "back"),
        ("2019-11", "2019-11-08", "precision"),
        ("2019-11-08T09:54", "2019-11-08", "precision"),
    ],
)
def test_how_dates_relate(before: str | None, after: str | None, expected: str) -> None:
    assert relation(before, after) == expected
