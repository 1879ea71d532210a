"""The revision rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archiver.diff.revisions import follow
from archiver.model import (
    Absence,
    Address,
    Begin,
    Block,
    Capture,
    Document,
    Extend,
    Leave,
    Revision,
)

AT = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
PAGE = Address(1, "ekliden", "https://ekliden.example/p", "https://ekliden.example/p", "ekliden.example", "page", 1)
OLD = Document("html", blocks=(Block("main", "paragraph", None, "Gammal text"),))
NEW = Document("html", blocks=(Block("main", "paragraph", None, "Ny text"),))
LAST = Revision(1, 1, 1, "present", OLD.core, 1, 1, 5, AT, AT)
GONE = replace(LAST, number=2, state="gone", core=None, document_id=None)
OK = Capture(9, PAGE, AT + timedelta(days=9), "ok", 200)
MISS = replace(OK, outcome="gone", status=404)
SUSPECT = Absence("404", "suspect", 5, 6, 6, AT, AT, 1)
CONFIRMED = replace(SUSPECT, state="gone", last_missed=9, misses=2, confirmed_by=9)


def test_the_first_good_capture_begins_the_first_revision() -> None:
    assert follow(None, OK, OLD.core, None, None) == Begin("present")


def test_the_same_core_extends() -> None:
    assert follow(LAST, OK, OLD.core, None, None) == Extend()
    assert follow(LAST, replace(OK, outcome="same", status=304), OLD.core, None, None) == Extend()


def test_another_core_begins() -> None:
    assert follow(LAST, OK, NEW.core, None, None) == Begin("present")


def test_a_blip_leaves_the_revision_whole() -> None:
    blip = replace(SUSPECT, state="blip", back_by=9)
    assert follow(LAST, OK, OLD.core, SUSPECT, blip) == Extend()


def test_the_confirming_visit_begins_an_absence() -> None:
    assert follow(LAST, MISS, None, SUSPECT, CONFIRMED) == Begin("gone")


def test_a_confirmed_move_says_where_to() -> None:
    there = replace(OK, outcome="moved", status=301, location="https://ekliden.example/ny")
    moved = replace(CONFIRMED, sign="moved")
    assert follow(LAST, there, None, replace(SUSPECT, sign="moved"), moved) == Begin(
        "moved", "https://ekliden.example/ny"
    )


def test_a_move_that_does_not_say_where_to_is_an_absence() -> None:
    assert follow(LAST, MISS, None, SUSPECT, replace(CONFIRMED, sign="moved")) == Begin("gone")


def test_a_suspect_page_is_left() -> None:
    step = follow(LAST, MISS, None, None, replace(SUSPECT, first_missed=9, last_missed=9))
    assert isinstance(step, Leave)
    assert "suspect" in step.why


def test_a_sign_while_gone_grows_the_absence() -> None:
    later = replace(MISS, id=10)
    grown = replace(CONFIRMED, last_missed=10, misses=3)
    assert follow(GONE, later, None, CONFIRMED, grown) == Extend()
    moved = replace(GONE, state="moved", moved_to="https://ekliden.example/ny")
    assert follow(moved, later, None, CONFIRMED, grown) == Extend()


def test_an_absence_that_was_told_and_has_no_revision_is_not_told_again() -> None:
    later, grown = replace(MISS, id=10), replace(CONFIRMED, last_missed=10, misses=3)
    assert follow(LAST, later, None, CONFIRMED, grown) == Leave("absent (404), and already told")
    assert follow(None, later, None, CONFIRMED, grown) == Leave("absent (404), and never seen before")


def test_coming_back_begins_even_with_the_text_of_before() -> None:
    back = replace(CONFIRMED, state="back", back_by=9)
    assert follow(GONE, OK, OLD.core, CONFIRMED, back) == Begin("present")
    assert follow(LAST, OK, OLD.core, CONFIRMED, back) == Begin("present")


def test_a_miss_of_a_page_never_seen_is_left() -> None:
    assert isinstance(follow(None, MISS, None, None, None), Leave)


@pytest.mark.parametrize("last", [None, LAST, GONE])
def test_a_capture_that_shows_no_document_begins_and_ends_nothing(last: Revision | None) -> None:
    assert follow(last, OK, None, None, None, why="empty: no words") == Leave("empty: no words")


@pytest.mark.parametrize("outcome", ["refused", "failed", "barred"])
@pytest.mark.parametrize("absence", [None, SUSPECT, CONFIRMED])
def test_no_answer_begins_and_ends_nothing_whatever_was_read(outcome: str, absence: Absence | None) -> None:
    capture = replace(OK, id=11, outcome=outcome, status=None)  # type: ignore[arg-type]
    assert isinstance(follow(LAST, capture, NEW.core, absence, absence), Leave)


def test_what_is_left_is_left_with_its_reason() -> None:
    assert follow(LAST, OK, None, None, None, why="unread: timeout") == Leave("unread: timeout")
    assert follow(LAST, replace(OK, outcome="failed", failure="dns"), None, None, None) == Leave("failed: dns")
    assert follow(LAST, OK, None, None, None) == Leave("ok: nothing was read")
