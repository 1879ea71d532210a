"""Pairs of pages, before and after, with what must be seen between them: `tests/pairs/<name>/expected.json`.

The pages are invented, in the form of real ones, and read here by a few lines: what is tried is comparing, not reading.
A missing expectation is written, and the test fails until a person has looked at it.
"""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from archiver.diff import classify, compare, weigh
from archiver.diff.links import apply_links
from archiver.diff.text import apply
from archiver.model import Block, BlockKind, Document, Link, compared_link

TESTS = Path(__file__).parents[1]
PAIRS = sorted(p for p in (TESTS / "pairs").iterdir() if p.is_dir())
POINTS = tomllib.loads((TESTS.parent / "config" / "significance.toml").read_text("utf-8"))["points"]
KINDS: dict[str, BlockKind] = {"h1": "title", "h2": "heading", "p": "paragraph", "li": "list-item", "tr": "table-row"}


def read(html: str) -> Document:
    tree = LexborHTMLParser(html)
    nodes = tree.css("h1, h2, p, li, tr")
    blocks = tuple(
        Block("main" if _in_main(n) else "rest", KINDS[str(n.tag)], 1 if n.tag == "h1" else None, _text(n))
        for n in nodes
    )
    links = tuple(_link(a) for a in tree.css("main a"))
    dates = {str(n.attributes["class"]): _text(n.css_first("time")) for n in tree.css("aside p")}
    return Document("html", language="sv", title=_text(tree.css_first("h1")), blocks=blocks, links=links, **dates)  # type: ignore[arg-type]


def _in_main(node: LexborNode) -> bool:
    while node.parent is not None and node.tag != "main":
        node = node.parent
    return node.tag == "main"


def _text(node: LexborNode | None) -> str:
    assert node is not None
    if node.tag == "tr":
        return " | ".join(_text(cell) for cell in node.css("td, th"))
    return " ".join(node.text().split())


def _link(anchor: LexborNode) -> Link:
    target = f"https://www.ekliden.example{anchor.attributes['href']}"
    note = next((_text(n) for n in anchor.parent.css(".note")), None) if anchor.parent else None
    return Link(target, "attachment" if note else "link", "main", _text(anchor), note)


def seen(before: Document, after: Document) -> dict[str, object]:
    change = compare(before, after)
    classes = classify(change, before=before, after=after, state_before="present", state_after="present")
    change = replace(change, classes=classes)
    return {
        "differences": {d.kind: d.summary for d in change.differences},
        "classes": {c.name: c.reason for c in classes},
        "hunks": [f"{h.op}: {h.text}" for h in change.hunks],
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
        assert apply_links(before.links, change.links) == [compared_link(k) for k in after.links]
