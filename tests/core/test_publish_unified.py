"""A comparison as text, and as an object."""

import json
from dataclasses import replace

from published import AFTER, BEFORE, comparison, hostile

from archiver.diff import compare
from archiver.model import Change
from archiver.publish.records import change_object
from archiver.publish.unified import unified


def test_a_text_diff_shows_words_inside_blocks() -> None:
    after = replace(AFTER, updated="2026-11-04")
    assert unified("före", "efter", compare(BEFORE, after)) == (
        "--- före\n"
        "+++ efter\n"
        "@@ updated @@\n"
        "-2026-06-25\n"
        "+2026-11-04\n"
        "@@ text -1,3 +1,3 @@\n"
        " Högsta avgift\n"
        "!Högsta avgiften för hemtjänst är [-2 359 kronor-]{+2 575 kronor+} per månad.\n"
        " Ett.\n"
        "@@ text -5,4 +5,3 @@\n"
        " Tre.\n"
        "-Du kan när som helst begära att avgiften prövas på nytt.\n"
        ">Larm\n"
        " Matlåda\n"
        "@@ links @@\n"
        "-Blankett <https://ekliden.example/b.pdf>\n"
        "!Taxor <[-https://ekliden.example/2025-] {+https://ekliden.example/2026+}>\n"
    )


def test_no_change_is_no_text() -> None:
    assert unified("a", "b", Change()) == ""


def test_what_a_page_wrote_stays_on_its_line_and_does_not_act() -> None:
    text = unified("a", "b\x1b]0;x\x07", hostile().change)
    assert "\x1b" not in text
    assert text.count("\n") == len(text.splitlines())


def test_the_object_is_plain_json_and_says_what_the_page_says() -> None:
    found = change_object(comparison())
    again = json.loads(json.dumps(found))
    assert again["before"]["captured_at"] == "2026-11-03T05:12:00Z"
    assert again["kinds"] == ["text", "links", "attachments"]
    assert again["classes"][0]["name"] == "silent-edit"
    assert again["weight"] == sum(r["points"] for r in again["reasons"]) == 10
    assert [(h["op"], h["text"]) for h in again["hunks"]][:2] == [
        ("removed", "2 359 kronor"),
        ("added", "2 575 kronor"),
    ]
    assert again["link_edits"][0]["op"] == "removed"
    assert "blocks" not in again


def test_the_object_can_hold_every_block() -> None:
    blocks = change_object(comparison(), whole=True)["blocks"]
    assert isinstance(blocks, list)
    assert [b["op"] for b in blocks].count("same") == 5


def test_the_object_names_nobody_responsible() -> None:
    other = replace(AFTER, responsible="Hugo Påhitt")
    assert "Påhitt" not in json.dumps(change_object(comparison(BEFORE, other), whole=True), ensure_ascii=False)
