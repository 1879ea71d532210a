import json
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.alerts.compose import Frame, compose
from archiver.alerts.letter import mail
from archiver.alerts.outcomes import LONGEST, PATIENCE, Refused, Sent, Unsure, after
from archiver.alerts.rhythm import latest
from archiver.alerts.sample import sample_change
from archiver.model import Alert, Rhythm

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ALERT = Alert("avgifter", "Avgifter i länet")
FRAME = Frame("ab" * 32, "2026-03-10T12:00:00Z", "https://arkiv.example", "https://arkiv.example/?q=avgift", "a@b.se")


def row(**changed: Any) -> dict[str, Any]:
    return sample_change(NOW) | {"capture_before": 58, "capture_after": 122} | changed


# When ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "now", "expected"),
    [
        (Rhythm("hour"), "2026-03-10T12:59:59+00:00", "2026-03-10T12:00:00+00:00"),
        (Rhythm("day"), "2026-03-10T06:00:00+00:00", "2026-03-10T06:00:00+00:00"),  # 07:00 in Stockholm
        (Rhythm("day"), "2026-03-10T05:59:59+00:00", "2026-03-09T06:00:00+00:00"),
        (Rhythm("day"), "2026-07-10T12:00:00+00:00", "2026-07-10T05:00:00+00:00"),  # summer time
        (Rhythm("week", on=4), "2026-03-10T12:00:00+00:00", "2026-03-06T06:00:00+00:00"),  # the Friday before
        (Rhythm("week", on=1), "2026-03-10T05:00:00+00:00", "2026-03-03T06:00:00+00:00"),  # this Tuesday is to come
        # The night in which 02:30 is left out, and the one in which it comes twice.
        (Rhythm("day", time(2, 30)), "2026-03-29T12:00:00+00:00", "2026-03-29T01:30:00+00:00"),
        (Rhythm("day", time(2, 30)), "2026-10-25T01:45:00+00:00", "2026-10-25T00:30:00+00:00"),
    ],
)  # fmt: skip
def test_the_last_moment_to_tell(rhythm: Rhythm, now: str, expected: str) -> None:
    assert latest(rhythm, datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


@settings(deadline=None)
@given(
    st.sampled_from(["hour", "day", "week"]), st.times(), st.integers(0, 6),
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.integers(0, 7 * 24 * 60),  # noqa: DTZ001
)  # fmt: skip
def test_moments_come_in_order_and_often_enough(every: Any, at: Any, on: int, now: datetime, minutes: int) -> None:
    rhythm = Rhythm(every, at.replace(second=0, microsecond=0), on)
    moment, later = latest(rhythm, now), latest(rhythm, now + timedelta(minutes=minutes))
    assert now - {"hour": timedelta(hours=1), "day": timedelta(hours=26), "week": timedelta(days=7.1)}[every] < moment
    assert moment <= now
    assert latest(rhythm, moment) == moment
    assert moment <= later


def test_at_once_is_now() -> None:
    assert latest(Rhythm(), NOW) == NOW


# What then -------------------------------------------------------------------------------------------


def test_a_refusal_is_tried_again_later_and_later_and_then_given_up() -> None:
    states = [after(Refused("no"), tries, NOW, at_least_once=False) for tries in range(1, len(PATIENCE) + 2)]
    assert [s.due_at - NOW for s in states[:-1] if s.due_at] == list(PATIENCE)
    assert {s.state for s in states[:-1]} == {"due"}
    assert states[-1] == ("failed", "no; given up after 9 tries", None)


def test_what_may_have_arrived_is_not_sent_again_by_itself() -> None:
    assert after(Unsure("silence"), 1, NOW, at_least_once=False).state == "unsure"
    assert after(Unsure("silence"), 1, NOW, at_least_once=True).state == "due"


def test_what_is_hopeless_is_given_up_at_once() -> None:
    assert after(Refused("gone", hopeless=True), 1, NOW, at_least_once=True) == ("failed", "gone", None)


def test_a_receiver_may_ask_us_to_wait_but_not_for_ever() -> None:
    asked = after(Refused("busy", wait=timedelta(minutes=10)), 1, NOW, at_least_once=False)
    assert asked.due_at == NOW + timedelta(minutes=10)
    long = after(Refused("busy", wait=timedelta(days=900)), 1, NOW, at_least_once=False)
    assert long.due_at == NOW + LONGEST


def test_what_was_taken_is_done_with() -> None:
    assert after(Sent(), 3, NOW, at_least_once=True) == ("sent", None, None)


# What it says ----------------------------------------------------------------------------------------


def test_one_change_is_told_with_its_words_its_window_its_reasons_and_where_to_compare() -> None:
    letter = compose(ALERT, [row()], FRAME)
    assert letter.subject == "Exempelköping: Avgifter inom omsorgen (ändring, tyst ändring)"
    assert (
        letter.text
        == """\
Avgifter i länet
1 ändring

* Avgifter inom omsorgen, Exempelköping
  https://www.exempelkoping.example/omsorg/avgifter
  Ändrad mellan 3 mars 2026 13:00 och 10 mars 2026 13:00 (Europe/Stockholm)
  ändring, tyst ändring
  − Avgiften är 420 kronor i månaden.
  + Avgiften är 440 kronor i månaden.
  Varför den kan ha betydelse: belopp ändrat (+3), tyst (+2)
  https://arkiv.example/compare/58..122

När ändringen gjordes vet vi inte närmare än så, och inte heller av vem eller varför.

--\x20
Du får detta för att bevakningen ”Avgifter i länet” nämner din adress (config/alerts/avgifter.toml). \
Vill du inte ha det: skriv till a@b.se.
"""
    )


def test_it_speaks_english_too() -> None:
    letter = compose(Alert("fees", "Fees", lang="en"), [row(), row()], FRAME)
    assert letter.subject == "Fees: 2 changes"
    assert "Changed between 3 Mar 2026 13:00 and 10 Mar 2026 13:00 (Europe/Stockholm)" in letter.text
    assert "Why it may matter: amount changed (+3), silent (+2)" in letter.text


def test_more_than_it_tells_in_full_are_counted_and_are_all_in_the_json() -> None:
    letter = compose(Alert("a", "A", most=2), [row() for _ in range(5)], FRAME)
    assert letter.text.count("Avgiften är 440") == 2
    assert "och 3 ändringar till: https://arkiv.example/?q=avgift" in letter.text
    assert "och 3 ändringar till: https://arkiv.example/?q=avgift" in letter.html
    assert json.loads(letter.payload)["count"] == len(json.loads(letter.payload)["changes"]) == 5


def test_without_a_room_it_names_the_command() -> None:
    letter = compose(ALERT, [row()], Frame("k", "2026-03-10T12:00:00Z"))
    assert "archiver diff c58 c122" in letter.text
    assert "<code>archiver diff c58 c122</code>" in letter.html
    assert json.loads(letter.payload)["changes"][0]["compare"] is None


def test_a_page_that_is_gone_is_said_to_be() -> None:
    gone = row(state_after="gone", title_after=None, passages=[], classes=["disappearance"], why=[("page-gone", 3)])
    assert "Sidan är borta." in compose(ALERT, [gone], FRAME).text


def test_a_change_without_words_is_told_too() -> None:
    """Of its title, of a file, of who is responsible, of links alone: no message is empty."""
    link = {"op": "added", "rel": "link", "text": "Taxa", "note": ""}
    nothing = {"passages": [], "updated_before": None, "updated_after": None}
    told = compose(
        ALERT,
        [row(**nothing, kinds=["title"], title_before="Avgifter", title_after="Taxor"),
         row(**nothing, kinds=["payload"]), row(**nothing, kinds=["responsible"]),
         row(**nothing, kinds=["links"], links=[link] * 12)],
        FRAME,
    )  # fmt: skip
    assert "  Rubrik: Avgifter → Taxor\n" in told.text
    assert "  Filen är utbytt: dess innehåll har en annan kontrollsumma.\n" in told.text
    assert "  Uppgiften om vem som är ansvarig är ändrad. Namn visas inte.\n" in told.text
    assert told.text.count("  länk tillagd: Taxa\n") == 10
    assert "  och 2 länkar till\n" in told.text
    assert "och 2 länkar till<br>" in told.html


def test_where_the_words_tell_of_a_change_the_file_is_not_told_of_too() -> None:
    assert "Filen är utbytt" not in compose(ALERT, [row(kinds=["text", "payload"])], FRAME).text


def test_who_is_responsible_is_no_kind_for_programs() -> None:
    (told,) = json.loads(compose(ALERT, [row(kinds=["text", "responsible"])], FRAME).payload)["changes"]
    assert told["kinds"] == ["text"]


@pytest.mark.parametrize(("folded", "is_said"), [(1, True), (0, False)])
def test_on_how_many_pages_it_is_the_same_is_said_where_that_is_all(folded: int, is_said: bool) -> None:
    told = compose(ALERT, [row(event={"kind": "site-wide", "pages": 40}, folded=folded)], FRAME)
    assert ("Samma ändring på 40 sidor" in told.text) == is_said


def test_of_a_page_that_is_gone_no_title_and_no_date_is_told_as_changed() -> None:
    gone = row(state_after="gone", title_after=None, updated_after=None, passages=[], kinds=["state"])
    text = compose(ALERT, [gone], FRAME).text
    assert "Rubrik:" not in text
    assert "Uppdaterad:" not in text


def test_a_subject_is_short_and_its_classes_are_not_cut_off() -> None:
    one = compose(ALERT, [row(title_after="Avgifter " * 40)], FRAME).subject
    assert (len(one) <= 150, one[-25:]) == (True, "… (ändring, tyst ändring)")
    assert len(compose(Alert("a", "Avgifter " * 40), [row(), row()], FRAME).subject) == 150


def test_an_address_is_shown_as_it_is_and_turns_no_text_round() -> None:
    letter = compose(ALERT, [row(url="https://x.example/\u202efdp")], FRAME)
    assert "\u202e" not in letter.text + letter.html


def test_people_are_told_by_role_and_party() -> None:
    people = [
        {"op": "left", "role": "Ordförande", "party": "X", "former": None},
        {"op": "role", "role": "Ledamot", "party": None, "former": "Ersättare"},
    ]
    text = compose(ALERT, [row(people=people)], FRAME).text
    assert "lämnade: Ordförande (X)" in text
    assert "ny roll: Ledamot, förut Ersättare" in text


def test_links_dates_and_what_embargo_hides() -> None:
    link = {"op": "removed", "rel": "attachment", "target": "https://x.example/a.pdf", "target_before": None,
            "text": "Taxa 2025", "text_before": None, "note": None}  # fmt: skip
    text = compose(ALERT, [row(links=[link], updated_after="2026-03-09", closed=1, more=2)], FRAME).text
    assert "dokument borttaget: Taxa 2025" in text
    assert "Uppdaterad: 2019-11-08 → 2026-03-09" in text
    assert "Sidans ord är inte offentliga längre." in text
    assert "och 2 stycken till" in text


HOSTILE = st.lists(  # a text of such an alphabet would draw from all of Unicode evenly, and hardly ever a '<'
    st.sampled_from("\r\n\t\0\x1b<>&\"'%=?:;, \u2028\u202e\ud800åab@") | st.characters(), min_size=1, max_size=80
).map("".join)


@settings(deadline=None, max_examples=60)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_nothing_a_site_says_makes_a_header_or_markup(title: str, url: str, words: str, name: str) -> None:
    def said(title: str, url: str, words: str, name: str) -> dict[str, Any]:
        runs = [("same", words), ("removed", words), ("same", words), ("added", words)]
        link = {"op": "added", "rel": "link", "text": words, "note": ""}
        return row(title_after=title, url=url, municipality=name, passages=[runs], links=[link])

    letter = compose(ALERT, [said(title, url, words, name)], FRAME)
    raw = mail(letter, ALERT, "arkiv@exempel.se", "red@exempel.se", NOW, "a@b.se").as_bytes()
    found = message_from_bytes(raw, policy=default)

    assert found.keys() == ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Id",
                            "List-Unsubscribe", "MIME-Version", "Content-Type"]  # fmt: skip
    assert found["to"] == "red@exempel.se"
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    parts = [part.get_content_type() for part in found.walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    clean = compose(ALERT, [said("a", "a", "a", "a")], FRAME)
    assert letter.html.count("<") == clean.html.count("<")
    assert json.loads(letter.payload)["changes"][0]["title"] == title
    raw.decode("ascii")


def test_a_mail_says_that_a_program_sent_it_and_how_to_be_left_alone() -> None:
    found = mail(compose(ALERT, [row()], FRAME), ALERT, "arkiv@exempel.se", "red@exempel.se", NOW, "a@b.se")
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["List-Unsubscribe"] == "<mailto:a@b.se?subject=stop%20avgifter>"
    assert found["Message-ID"] == f"<{'ab' * 16}.archiver@exempel.se>"
