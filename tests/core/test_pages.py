"""Pages in the form of each CMS, with the reading that a person approved beside them.

A page without a reading gets one written, and the test fails until someone has looked at it. Compared are the
dates that are believed, what is text and what is furniture, and where links lead.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.extract import choose
from archiver.extract.page import html
from archiver.extract.page.links import kind
from archiver.model import Document, Facts
from rulebook import rulebook, rules

PAGES = Path(__file__).parents[1] / "pages"
URL = "https://www.exempelkoping.example/kommun/sida"
MEANINGS = ("published", "updated", "reviewed", "created", "responsible")
LANGUAGES = ("sv", "sv-FI", "fi", "nb", "nn", "da", "de", "en")
FACTS = Facts(URL, datetime(2026, 3, 1, 12, tzinfo=UTC), content_type="text/html; charset=utf-8")


def told(document: Document, notices: tuple[str, ...]) -> dict[str, object]:
    """What is compared, short enough to be read by a person."""
    return {
        "title": document.title,
        "dates": {meaning: value for meaning in MEANINGS if (value := getattr(document, meaning))},
        "main": [f"{b.kind}{b.level or ''}: {b.text}" for b in document.blocks if b.part == "main"],
        "rest": [f"{b.kind}{b.level or ''}: {b.text}" for b in document.blocks if b.part == "rest"],
        "links": [
            {"text": k.text, "target": k.target, "kind": kind(k, URL), "rel": k.rel, "note": k.note, "block": k.block}
            for k in document.links
            if k.part == "main"
        ],
        "other links": [f"{k.rel}: {k.target}" for k in document.links if k.part == "rest"],
        "notices": list(notices),
    }


@pytest.mark.parametrize("path", sorted(PAGES.glob("*/*.html")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_page_reads_as_a_person_approved(path: Path) -> None:
    body = path.read_bytes()
    language = choose(body, FACTS, rulebook(*LANGUAGES)).language.code
    found = rules(path.parent.name, language)
    page = html.open_page(body, FACTS, found)
    assert isinstance(page, html.Page)
    said = told(html.document(page, FACTS, found), page.notices)
    approved = path.with_suffix(".json")
    if not approved.exists():
        approved.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"review me: {approved.name} was written")
    assert said == json.loads(approved.read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(PAGES.glob("*/*.html")), ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_page_is_known_for_its_cms(path: Path) -> None:
    assert choose(path.read_bytes(), FACTS, rulebook()).profile.name == path.parent.name
