"""Pages in the form of each CMS, with the reading that a person approved beside them.

There are two forms of reading. A whole one lists everything that is compared: a page without a reading gets one
written, and the test fails until someone has looked at it. A sketch (it has `in`) was written by someone who saw the
page only, before any code read it; it says what matters and leaves the rest open:

- `title`, `language`, `notices`: exactly so; `dates`: these and no others. A day is met by any time on that day;
- `responsible`: the person or unit; null where there is none;
- `in`: blocks of the main text, in this order: their text, or `kind: text`. An ellipsis at an end leaves that end open;
- `out`: words that may not be in the main text; `rest`: words that must be among the page's other text;
- `links`: main links, each with the fields that matter; `about`: what the page says of itself;
- `url`: where the page was found, if not at `URL`;
- `known`: by part, why the reading falls short today. Strict: it goes when the reading is mended.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

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
PARTS = ("language", "title", "dates", "responsible", "in", "out", "rest", "links", "notices", "about")
FACTS = Facts(URL, datetime(2026, 3, 1, 12, tzinfo=UTC), content_type="text/html; charset=utf-8")


def name(path: Path) -> str:
    """How a page is called in the tests' output."""
    return f"{path.parent.name}/{path.stem}"


def sketch(path: Path) -> dict[str, Any]:
    """The page's reading, if it is a sketch."""
    file = path.with_suffix(".json")
    said: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return said if "in" in said else {}


ALL = sorted(PAGES.glob("*/*.html"))
SKETCHES = {path: said for path in ALL if (said := sketch(path))}


@cache
def read(path: Path) -> tuple[str, html.Page, Document]:
    """The page as it reads today: its language, the opened page, the document."""
    body, facts = path.read_bytes(), replace(FACTS, url=SKETCHES.get(path, {}).get("url", URL))
    language = choose(body, facts, rulebook(*LANGUAGES)).language.code
    found = rules(path.parent.name, language)
    page = html.open_page(body, facts, found)
    assert isinstance(page, html.Page)
    return language, page, html.document(page, facts)


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


@pytest.mark.parametrize("path", [p for p in ALL if p not in SKETCHES], ids=name)
def test_a_page_reads_as_a_person_approved(path: Path) -> None:
    _, page, document = read(path)
    said = told(document, page.notices)
    approved = path.with_suffix(".json")
    if not approved.exists():
        approved.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"review me: {approved.name} was written")
    assert said == json.loads(approved.read_text("utf-8"))


def sketched() -> Iterator[Any]:
    """Every part of every sketch, with the mark of what is known to fall short."""
    for path, said in SKETCHES.items():
        known = said.get("known", {})
        for part in (p for p in PARTS if p in said):
            marks = [pytest.mark.xfail(reason=known[part], strict=True)] if part in known else []
            yield pytest.param(path, part, said[part], id=f"{name(path)}-{part}", marks=marks)


@pytest.mark.parametrize(("path", "part", "expected"), tuple(sketched()))
def test_a_page_reads_as_sketched_before(path: Path, part: str, expected: Any) -> None:
    language, page, document = read(path)
    main = [(f"{b.kind}{b.level or ''}", b.text) for b in document.blocks if b.part == "main"]
    rest = [b.text for b in document.blocks if b.part == "rest"]
    match part:
        case "in":
            assert missing(expected, main) == [], main
        case "out":
            assert [words for words in expected if any(words in text for _, text in main)] == []
        case "rest":
            assert [words for words in expected if not any(words in text for text in rest)] == [], rest
        case "links":
            links = [asdict(k) | {"kind": kind(k, URL)} for k in document.links if k.part == "main"]
            assert [k for k in expected if not any(k.items() <= found.items() for found in links)] == [], links
        case "dates":
            assert days(document, expected) == expected
        case "about":
            assert {key: _plain(getattr(document.about, key)) for key in expected} == expected
        case "notices":
            assert list(page.notices) == expected
        case "language":
            assert language == expected
        case _:
            assert getattr(document, part) == expected


def test_the_parts_of_every_sketch_are_known() -> None:
    for path, said in SKETCHES.items():
        assert set(said) <= {*PARTS, "url", "known"}, name(path)
        assert set(said.get("known", {})) <= set(said), name(path)


def missing(expected: Sequence[str], blocks: Sequence[tuple[str, str]]) -> list[str]:
    """The expected lines that are not among the blocks, or not in this order."""
    missed, at = [], 0
    for line in expected:
        found = next((i for i in range(at, len(blocks)) if _is(line, *blocks[i])), None)
        if found is None:
            missed.append(line)
        else:
            at = found + 1
    return missed


def days(document: Document, expected: Mapping[str, str]) -> dict[str, str]:
    """The document's dates, cut to the day where no more than the day is expected."""
    said = {meaning: value for meaning in MEANINGS[:4] if (value := getattr(document, meaning))}
    return {m: v[:10] if len(expected.get(m, "")) == 10 else v for m, v in said.items()}


def _is(line: str, sort: str, text: str) -> bool:
    """Whether the block is the one that the line tells."""
    wanted = line.removeprefix(f"{sort}: ")
    head, tail = wanted.startswith("…"), wanted.endswith("…")
    words = wanted.strip("…").strip()
    if head and tail:
        return words in text
    return text.endswith(words) if head else text.startswith(words) if tail else text == words


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("path", ALL, ids=name)
def test_a_page_is_known_for_its_cms(path: Path) -> None:
    assert choose(path.read_bytes(), FACTS, rulebook()).profile.name == path.parent.name
