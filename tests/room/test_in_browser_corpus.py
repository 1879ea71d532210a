"""Real texts of a Swedish authority in two revisions, in a real browser: long, odd and full of links as they are."""

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import pytest
from browsing import NARROWEST, PHONE, WIDE, Visitor, served

from archive import town
from archiver import zstd
from archiver.room import application
from pretend import page

pytestmark = pytest.mark.corpus
PAGES = 24


def revisions(corpus: Path) -> list[dict[str, Any]]:
    """The pages with the longest texts that were edited, not only written anew in another form."""
    packed = (corpus / "regeringen_revisions" / "revisions.jsonl.zst").read_bytes()
    rows = [json.loads(line) for line in zstd.decompress(packed).splitlines()]
    edited = [row for row in rows if len(row["revisions"]) > 1 and not row["revisions"][-1]["mass_reformat"]]
    return sorted(edited, key=lambda row: -len(row["revisions"][-1]["text"]))[:PAGES]


def as_page(one: dict[str, Any]) -> str:
    told = [f"<p>{escape(line)}</p>" for line in one["text"].splitlines() if line.strip()]
    return page(one["title"] or "Utan rubrik", *told, updated=(one["updated"] or one["published"] or "")[:10] or None)


@pytest.fixture(scope="session")
def real(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("real")
    pages = revisions(corpus)
    with town(folder, start="2026-03-02 06:00") as found:
        found.site["/"] = page("Start", links=[(f"/{k}", row["path"]) for k, row in enumerate(pages)])
        for when in (-2, -1):
            for k, row in enumerate(pages):
                found.site[f"/{k}"] = as_page(row["revisions"][when])
            found.day()
    return folder / "archive.db"


@pytest.fixture(scope="module")
def reader(real: Path, browser: Any) -> Iterator[Visitor]:
    with served(application(real)) as address:
        one = Visitor(browser, address)
        yield one
        one.close()


def test_no_real_text_breaks_a_page(reader: Visitor) -> None:
    front = reader.open("/?noise=1")
    links = front.locator("article h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(links) >= PAGES // 2
    for path in ["/?noise=1", "/search?q=regeringen", *links, *(f"{path}?view=inline" for path in links[:6])]:
        reader.open(path)
        for width in (WIDE, PHONE, NARROWEST):
            reader.at(width, "light")
            assert reader.overflow() == 0, (path, width)
    assert reader.trouble == []
    assert reader.elsewhere() == []


def test_real_comparisons_have_no_barrier(reader: Visitor) -> None:
    front = reader.open("/?noise=1")
    links = front.locator("article h3 a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for path, (width, scheme) in zip(["/?noise=1", *links[:3]], [(PHONE, "dark"), (WIDE, "light")] * 2, strict=True):
        reader.at(width, scheme)
        reader.open(path)
        assert reader.barriers() == [], path
