"""compare: each kind measured, and empty exactly where the cores are equal."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.diff import KINDS, compare
from archiver.diff.fields import Pair
from archiver.diff.links import apply_links
from archiver.diff.text import apply
from archiver.model import Block, Change, Document, Link, compared_link

PAGE = Document(
    kind="html",
    title="Avgifter",
    published="2019-11-08",
    updated="2026-06-25",
    responsible="Vera Exempel",
    blocks=(
        Block("main", "title", 1, "Avgifter"),
        Block("main", "paragraph", None, "Högsta avgiften är 2 359 kronor per månad."),
        Block("rest", "paragraph", None, "Sidfot"),
    ),
    links=(Link("https://ekliden.example/a", "link", "main", "A"),),
)


def with_text(text: str) -> Document:
    return replace(PAGE, blocks=(PAGE.blocks[0], Block("main", "paragraph", None, text), PAGE.blocks[2]))


def summaries(after: Document) -> dict[str, str]:
    return {d.kind: d.summary for d in compare(PAGE, after).differences}


def test_a_page_does_not_differ_from_itself() -> None:
    assert compare(PAGE, PAGE) == Change()
    assert compare(PAGE, replace(PAGE)) == Change()


def test_what_is_outside_the_core_is_not_compared() -> None:
    rest = Block("rest", "paragraph", None, "Ny sidfot")
    assert compare(PAGE, replace(PAGE, blocks=(*PAGE.blocks[:2], rest), kind="other", language="sv")) == Change()


def test_changed_words_are_counted_and_an_exchanged_amount_is_quoted() -> None:
    change = compare(PAGE, with_text("Högsta avgiften är 2 575 kronor per månad."))
    (difference,) = change.differences
    assert (difference.kind, difference.added, difference.removed, difference.before) == ("text", 3, 3, None)
    assert difference.summary == "3 words added, 3 words removed: 2 359 kronor → 2 575 kronor"
    assert [(h.op, h.text) for h in change.hunks] == [("removed", "2 359 kronor"), ("added", "2 575 kronor")]


def test_marks_alone_and_what_parts_cells_are_no_words() -> None:
    row = replace(PAGE, blocks=(Block("main", "table-row", None, "Lunch | 65 kr"),))
    after = replace(PAGE, blocks=(Block("main", "table-row", None, "Lunch | 65 kr | – | från 2026"),))
    assert [d.summary for d in compare(row, after).differences] == ["2 words added"]


def test_a_date_that_alone_moved_keeps_the_text_for_context() -> None:
    change = compare(PAGE, replace(PAGE, updated="2026-07-01"))
    assert change.kinds == ("updated",)
    assert change.differences[0].summary == "updated: 2026-06-25 → 2026-07-01"
    assert [e.op for e in change.edits] == ["same"]
    assert change.hunks == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2026-06-25", "2026-07-01", (1, 1, "2026-06-25", "2026-07-01", "reviewed: 2026-06-25 → 2026-07-01")),
        (None, "2026-07-01", (1, 0, None, "2026-07-01", "reviewed: none → 2026-07-01")),
        ("2026-06-25", "", (0, 1, "2026-06-25", None, "reviewed: 2026-06-25 → none")),
    ],
)
def test_a_date_that_comes_or_goes_is_added_or_removed(
    old: str | None, new: str | None, told: tuple[object, ...]
) -> None:
    (found,) = compare(replace(PAGE, reviewed=old), replace(PAGE, reviewed=new)).differences
    assert (found.added, found.removed, found.before, found.after, found.summary) == told


def test_who_is_responsible_is_never_named() -> None:
    change = compare(PAGE, replace(PAGE, responsible="Hugo Påhitt"))
    (difference,) = change.differences
    assert (difference.kind, difference.before, difference.after) == ("responsible", None, None)
    assert difference.summary == "who is responsible is another"
    assert "Påhitt" not in repr(change.differences)


def test_a_summary_quotes_no_running_text() -> None:
    after = with_text("Högsta avgiften beslutas av Hugo Påhitt.")
    assert "Påhitt" not in summaries(after)["text"]


def test_attachments_are_told_apart_from_links() -> None:
    file = Link("https://ekliden.example/d.pdf", "attachment", "main", "Blankett", "Pdf, 88 kB")
    assert summaries(replace(PAGE, links=(*PAGE.links, file))) == {"attachments": "1 document added"}
    assert summaries(replace(PAGE, links=())) == {"links": "1 link removed"}


def test_a_swapped_file_is_a_change_of_payload() -> None:
    change = compare(Document("pdf", payload="a" * 64), Document("pdf", payload="b" * 64))
    assert change.kinds == ("payload",)
    assert change.differences[0].before == "a" * 64


def test_absence_is_a_change_of_state_only() -> None:
    change = compare(PAGE, None)
    assert [(d.kind, d.before, d.after) for d in change.differences] == [("state", "present", "gone")]
    assert (change.edits, change.links) == ((), ())
    assert [(d.before, d.after) for d in compare(None, PAGE).differences] == [("gone", "present")]
    assert compare(None, None) == Change()


def test_kinds_are_told_in_their_fixed_order() -> None:
    after = replace(with_text("Annat."), title="Nytt", reviewed="2026-01-01", links=())
    assert compare(PAGE, after).kinds == ("text", "links", "title", "reviewed")
    assert tuple(KINDS) == (
        "text", "personnel", "links", "title", "published", "updated", "reviewed", "responsible", "attachments",
        "state", "payload",
    )  # fmt: skip


def test_a_change_of_form_alone_is_told() -> None:
    after = replace(PAGE, blocks=(PAGE.blocks[0], replace(PAGE.blocks[1], kind="quote"), PAGE.blocks[2]))
    assert summaries(after) == {"text": "only the form of the text changed"}


TEXT = st.sampled_from(["", "Ja", "Nej, inte nu.", "Taxa 1 | 200 kr", "Taxa 1 | 300 kr", "A b c d"])
MAYBE = st.sampled_from([None, "", "2019", "2019-11", "2019-11-08"])
DOCUMENTS = st.builds(
    Document,
    kind=st.sampled_from(["html", "pdf"]),
    title=st.sampled_from([None, "", "Titel", "Annan"]),
    published=MAYBE,
    updated=MAYBE,
    reviewed=MAYBE,
    responsible=st.sampled_from([None, "Enheten"]),
    payload=st.sampled_from([None, "a" * 64]),
    blocks=st.lists(
        st.builds(
            Block,
            st.sampled_from(["main", "main", "rest"]),
            st.sampled_from(["title", "heading", "paragraph"]),
            st.sampled_from([None, 1, 2]),
            TEXT,
        ),
        max_size=5,
    ).map(tuple),
    links=st.lists(
        st.builds(
            Link,
            st.sampled_from(["https://e.example/a", "https://e.example/b"]),
            st.sampled_from(["link", "attachment", "entry"]),
            st.sampled_from(["main", "main", "rest"]),
            st.sampled_from(["", "Här", "Protokollet"]),
            st.sampled_from([None, "Pdf, 1 kB", "Pdf, 2 kB"]),
        ),
        max_size=4,
    ).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_compare_is_empty_exactly_where_the_cores_are_equal(before: Document, after: Document) -> None:
    change = compare(before, after)
    assert (change == Change()) == (before.core == after.core)
    assert bool(change.differences) == (before.core != after.core)


@settings(max_examples=200, deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_a_change_applied_gives_what_the_page_became(before: Document, after: Document) -> None:
    change = compare(before, after)
    if not change.differences:
        return
    assert apply(before.main, change.edits) == after.main
    assert apply_links(before.links, change.links) == [compared_link(k) for k in after.links if k.part == "main"]
    fields = {d.kind: d.after for d in change.differences if d.kind in {"title", "published", "updated", "reviewed"}}
    for name in ("title", "published", "updated", "reviewed"):
        assert fields.get(name, getattr(before, name) or None) == (getattr(after, name) or None)


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_every_kind_measures_a_pair_alone(before: Document, after: Document) -> None:
    for kind, measure in KINDS.items():
        found = measure(Pair(before, after))
        assert found is None or found.kind == kind
