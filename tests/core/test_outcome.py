"""What a reply amounts to, where it points, and when it asks us back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.frontier.outcome import classify, failure, location, retry_after
from archiver.model import Failure, Response

AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
PAGE = "https://www.exempelkoping.se/politik/namnder"


def reply(status: int, **headers: str) -> Response:
    return Response(PAGE, AT, status, tuple((k.replace("_", "-"), v) for k, v in headers.items()), b"")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "ok"), (204, "ok"), (206, "ok"), (304, "same"), (404, "gone"), (410, "gone"),
        (400, "refused"), (401, "refused"), (403, "refused"), (429, "refused"), (451, "refused"),
        (500, "failed"), (503, "failed"), (100, "failed"), (0, "failed"), (999, "failed"),
    ],
)  # fmt: skip
def test_a_status_is_an_outcome(status: int, outcome: str) -> None:
    assert classify(reply(status)) == outcome


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
def test_a_redirect_with_a_location_is_moved(status: int) -> None:
    assert classify(reply(status, Location="/ny")) == "moved"
    assert failure(reply(status, Location="/ny")) == (None, None)


def test_a_redirect_without_a_location_is_a_broken_answer() -> None:
    assert classify(reply(302)) == "failed"
    assert failure(reply(302)) == ("protocol", "302 without a Location")
    assert failure(reply(302, Location="  ")) == ("protocol", "302 without a Location")
    assert failure(reply(305, Location="/x")) == ("protocol", "status 305 is not an answer")


@pytest.mark.parametrize("target", ["javascript:alert(1)", "ftp://a.example/", "http://", "data:text/html,x"])
def test_a_redirect_to_no_web_address_is_unsafe(target: str) -> None:
    assert classify(reply(301, Location=target)) == "failed"
    assert failure(reply(301, Location=target)) == ("unsafe", "301 to what is no web address")


def test_not_modified_to_a_plain_question_is_a_broken_answer() -> None:
    assert classify(reply(304), conditional=False) == "failed"
    assert failure(reply(304), conditional=False) == ("protocol", "304 to a question without validators")


def test_a_failure_is_failed_and_a_bar_is_barred() -> None:
    assert classify(Failure(PAGE, AT, "timeout", "30 s")) == "failed"
    assert classify(Failure(PAGE, AT, "robots", "deny: /")) == "barred"
    assert failure(Failure(PAGE, AT, "timeout", "30 s")) == ("timeout", "30 s")


def test_a_server_error_needs_no_further_words() -> None:
    assert failure(reply(500)) == (None, None)
    assert failure(reply(404)) == (None, None)


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ("/ny", "https://www.exempelkoping.se/ny"),
        ("ny?x=1#del", "https://www.exempelkoping.se/politik/ny?x=1#del"),
        ("//annan.example/a", "https://annan.example/a"),
        ("http://Annan.Example:80/a b", "http://annan.example/a%20b"),
        ("/nämnder", "https://www.exempelkoping.se/n%C3%A4mnder"),
        ("/nämnder".encode().decode("latin-1"), "https://www.exempelkoping.se/n%C3%A4mnder"),
        ("/möte/…", "https://www.exempelkoping.se/m%C3%B6te/%E2%80%A6"),
        ("/x\udce4", "https://www.exempelkoping.se/x?"),
        ("\\ny", "https://www.exempelkoping.se/ny"),
    ],
)
def test_a_location_is_made_absolute_whatever_its_bytes(sent: str, target: str) -> None:
    assert location(reply(301, Location=sent)) == target


def test_only_redirects_have_a_location() -> None:
    assert location(reply(200, Location="/ny")) is None
    assert location(reply(201, Location="/ny")) is None
    assert location(reply(301, Location="/" + "a" * 9_000)) is None


@pytest.mark.parametrize(
    ("sent", "seconds"),
    [
        ("120", 120.0),
        (" 3.5 ", 3.0),
        ("0", 0.0),
        ("Tue, 03 Mar 2026 09:10:00 GMT", 600.0),
        ("Tuesday, 03-Mar-26 09:10:00 GMT", 600.0),
        ("Tue, 03 Mar 2026 09:10:00", 600.0),
        ("Tue, 03 Mar 2026 10:10:00 +0100", 600.0),
        ("Tue, 03 Mar 2020 09:10:00 GMT", 0.0),
        ("-5", None),
        ("snart", None),
        ("9" * 400, None),
        ("Tue, 99 Mar 2026 99:99:99 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(sent: str, seconds: float | None) -> None:
    assert retry_after(reply(503, Retry_After=sent), AT) == seconds


def test_no_header_and_no_answer_ask_for_nothing() -> None:
    assert retry_after(reply(503), AT) is None
    assert retry_after(Failure(PAGE, AT, "reset", ""), AT) is None


@settings(deadline=None)
@given(st.integers(0, 1000), st.text(max_size=40), st.booleans())
def test_every_reply_satisfies_the_checks_of_the_captures_table(status: int, target: str, conditional: bool) -> None:
    answer = reply(status, Location=target, Retry_After=target)
    outcome, where = classify(answer, conditional), location(answer)
    assert (outcome == "moved") == (where is not None)
    assert outcome != "barred"
    assert outcome not in ("ok", "same") or failure(answer, conditional) == (None, None)
    retry_after(answer, AT)
