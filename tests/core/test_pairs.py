"""Pairs of pages, before and after, with what must be seen between them: `tests/pairs/<name>/expected.json`.

The pages are invented, in the form of real ones.
A missing expectation is written, and the test fails until a person has looked at it.
"""

import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver import extract
from archiver.diff import classify, compare, weigh
from archiver.diff.links import apply_links
from archiver.diff.text import apply
from archiver.model import Document, Facts, Reading, compared_link
from rulebook import rules

TESTS = Path(__file__).parents[1]
PAIRS = sorted(p for p in (TESTS / "pairs").iterdir() if p.is_dir())
POINTS = tomllib.loads((TESTS.parent / "config" / "significance.toml").read_text("utf-8"))["points"]
URL, AT = "https://www.ekliden.example/sida", datetime(2026, 7, 1, 6, 0, tzinfo=UTC)


def read(html: str) -> Document:
    reading = extract.read(html.encode(), Facts(url=URL, at=AT), rules("generic"))
    assert isinstance(reading, Reading)
    assert reading.document is not None
    return reading.document


def seen(before: Document, after: Document) -> dict[str, object]:
    change = compare(before, after, rules("generic").language.roles)
    classes = classify(change, before=before, after=after, state_before="present", state_after="present")
    change = replace(change, classes=classes)
    return {
        "differences": {d.kind: d.summary for d in change.differences},
        "classes": {c.name: c.reason for c in classes},
        "hunks": [f"{h.op}: {h.text}" for h in change.hunks],
        "people": [f"{p.op}: {p.name}, {p.role} ({p.party}), before {p.former}" for p in change.people],
        "links": [f"{e.op}: {e.text} -> {e.target}" for e in change.links],
        "reasons": {r.name: r.detail for r in weigh(change, POINTS, ["jäv"])},
    }


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.name)
def test_a_pair_shows_what_is_expected(pair: Path) -> None:
    before, after = (read((pair / f"{side}.html").read_text("utf-8")) for side in ("before", "after"))
    found = seen(before, after)
    expected = pair / "expected.json"
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
        pytest.fail(f"{expected.relative_to(TESTS)} was missing and is written now: look at it, then run again")
    assert found == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.name)
def test_the_edits_of_a_pair_lead_from_one_to_the_other(pair: Path) -> None:
    before, after = (read((pair / f"{side}.html").read_text("utf-8")) for side in ("before", "after"))
    change = compare(before, after)
    assert (change.differences == ()) == (before.core == after.core)
    if change.differences:
        assert apply(before.main, change.edits) == after.main
        assert apply_links(before.links, change.links) == [compared_link(k) for k in after.links if k.part == "main"]
