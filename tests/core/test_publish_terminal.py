"""A comparison in a terminal."""

from dataclasses import replace

from published import AFTER, BEFORE, comparison, hostile, paragraph

from archiver.model import Link, Span
from archiver.publish.marks import shown
from archiver.publish.terminal import STYLES, lines
from archiver.publish.unified import unified
from archiver.publish.visible import visible


def text(**options: bool) -> list[str]:
    return ["".join(t for _, t in line) for line in lines(comparison(), **options)]


def test_a_reader_sees_what_when_and_the_words() -> None:
    assert text() == [
        "Avgifter inom äldreomsorgen",
        "Ekliden  https://www.ekliden.example/omsorg/avgifter",
        "− 2026-11-03 05:12 UTC  revision 6, capture 48211",
        "+ 2026-11-04 05:12 UTC  revision 7, capture 48930",
        "",
        "silent-edit: text, links and attachments changed, and the update date stood still at 2026-06-25",
        "text: 3 words added, 14 words removed, 1 block moved: 2 359 kronor → 2 575 kronor",
        "links: 1 link retargeted",
        "attachments: 1 document removed",
        "",
        "  … 1 unchanged block",
        "± Högsta avgiften för hemtjänst är −2 359 kronor +2 575 kronor per månad.",
        "  … 3 unchanged blocks",
        "− Du kan när som helst begära att avgiften prövas på nytt.",
        "⇅ - Larm",
        "  … 1 unchanged block",
        "",
        "document −Blankett  https://ekliden.example/b.pdf",
        "link Taxor  −https://ekliden.example/2025 +https://ekliden.example/2026",
        "",
        "weight 10",
        "  +3 amount-changed  2 359 kronor → 2 575 kronor",
        "  +3 document-unlinked  “Blankett”",
        "  +2 paragraph-removed  1: “Du kan när som helst begära att avgiften prövas på nytt.”",
        "  +2 silent  text, links and attachments changed, and the update date stood still at 2026-06-25",
    ]


def test_a_document_that_only_stands_elsewhere_has_moved() -> None:
    one, other = (
        Link(f"https://ekliden.example/{k}.pdf", "attachment", "main", f"Taxa {k}", "Pdf, 1 kB") for k in "ab"
    )
    found = comparison(replace(BEFORE, links=(one, other)), replace(BEFORE, links=(other, one)))
    told = ["".join(t for _, t in line) for line in lines(found, plain=True)]
    assert "document [⇅ Taxa b]  https://ekliden.example/b.pdf" in told
    assert ">Taxa b <https://ekliden.example/b.pdf>" in unified("a", "b", found.change).splitlines()


def test_a_passage_that_moved_and_changed_is_marked_as_both() -> None:
    fee, rest = "Avgiften är 300 kr per termin och barn.", ("Ett stycke står kvar.", "Ett annat gör det också.")
    before, after = ((fee, *rest), (*rest, fee.replace("300", "350")))
    found = comparison(*(replace(BEFORE, blocks=tuple(map(paragraph, side))) for side in (before, after)))
    told = ["".join(t for _, t in line) for line in lines(found, plain=True)]
    assert "⇅ Avgiften är [−300 kr] [+350 kr] per termin och barn." in told
    assert ">Avgiften är [-300 kr-]{+350 kr+} per termin och barn." in unified("a", "b", found.change).splitlines()


def test_without_colours_brackets_end_what_was_added_and_removed() -> None:
    assert "± Högsta avgiften för hemtjänst är [−2 359 kronor] [+2 575 kronor] per månad." in text(plain=True)


def test_the_whole_text_can_be_asked_for() -> None:
    assert "  Ett." in text(whole=True)


def test_every_style_is_known_to_the_one_who_draws() -> None:
    assert {style for line in lines(comparison()) for style, _ in line} <= set(STYLES)
    assert {style for line in lines(comparison(), whole=True) for style, _ in line} <= set(STYLES)


def test_no_page_can_steer_the_terminal() -> None:
    joined = "\n".join("".join(t for _, t in line) for line in lines(hostile(), whole=True))
    assert "\x1b" not in joined
    assert "\u202e" not in joined
    assert "␛[31m" in joined


def test_a_page_that_is_gone_is_told_by_its_state() -> None:
    found = ["".join(t for _, t in line) for line in lines(comparison(BEFORE, None))]
    assert "disappearance: the page is gone" in found
    assert "state: −present +gone" in found


def test_no_name_of_who_is_responsible_is_shown() -> None:
    from dataclasses import replace

    other = replace(AFTER, responsible="Hugo Påhitt")
    joined = repr(lines(comparison(BEFORE, other), whole=True))
    assert "Påhitt" not in joined
    assert "Vera" not in joined


def test_marks_hold_no_outer_spaces_and_stand_apart() -> None:
    spans = (Span("same", "får"), Span("removed", " inte"), Span("added", " alltid"), Span("same", " gå"))
    assert shown(spans) == [
        ("same", "får"), ("same", " "), ("removed", "inte"), ("same", " "), ("added", "alltid"), ("same", " gå")
    ]  # fmt: skip
    assert shown((Span("removed", "\u00a0"),)) == [("removed", "␣")]


def test_plain_text_is_left_as_it_is() -> None:
    assert visible("Åtgärd – 12 500 kr") == "Åtgärd – 12 500 kr"
    assert visible("a\tb\nc\x00\x7f\x9b") == "a␉b␊c␀␡\ufffd"
