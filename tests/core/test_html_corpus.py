"""Real pages of a Swedish municipality: what was not edited reads alike, and what was does not."""

import csv
import io
import tarfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from archiver import zstd
from archiver.extract import read
from archiver.model import Document, Facts, Reading
from rulebook import rules

FOLDER = Path(__file__).parents[3] / "shared" / "corpus" / "municipio"
SITE = "dunkerskulturhus.se"
DAYS = ("2025-10-10", "2025-11-07")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared corpus is not beside this checkout"),
]


@cache
def pages() -> dict[str, bytes]:
    packed = (FOLDER / f"{SITE}.tar.zst").read_bytes()
    options = {zstd.DecompressionParameter.window_log_max: 27}
    held = io.BytesIO(zstd.decompress(packed, options=options))
    with tarfile.open(fileobj=held) as archive:
        return {m.name: f.read() for m in archive if m.isfile() and (f := archive.extractfile(m))}


def document(day: str, path: str) -> Document:
    facts = Facts(f"https://{SITE}/{path.removesuffix('index.html')}", datetime(2025, 11, 8, tzinfo=UTC))
    found = read(pages()[f"archive/{SITE}/{day}/{SITE}/{path}"], facts, rules("municipio"))
    assert isinstance(found, Reading)
    assert found.document is not None, found.reason
    return found.document


def pairs(*, edited: bool) -> list[tuple[Document, Document]]:
    """The pages captured on both days: those that were not touched, or those in whose text the CMS saw an edit."""
    rows = csv.DictReader((FOLDER / "dunkers_revision_pairs.csv").read_text("utf-8").splitlines())
    wanted = ("1", "1") if edited else ("0", "0")
    found = [r["path"] for r in rows if (r["cms_modified_changed"], r["main_text_changed_naive"]) == wanted]
    return [(document(DAYS[0], path), document(DAYS[1], path)) for path in found]


def test_pages_that_differ_in_bytes_only_have_one_core() -> None:
    found = pairs(edited=False)
    assert len(found) == 91
    assert [before.title for before, after in found if before.core != after.core] == []


def test_pages_that_were_edited_have_two() -> None:
    found = pairs(edited=True)
    assert len(found) == 3
    assert all(before.text != after.text for before, after in found)


def test_every_page_is_good_and_hardly_any_lacks_title_or_text() -> None:
    paths = [n.split("/", 4)[4] for n in pages() if n.startswith(f"archive/{SITE}/{DAYS[1]}/{SITE}/")]
    found = [document(DAYS[1], p) for p in paths if p.endswith("index.html") and "/feed/" not in f"/{p}"]
    assert len(found) > 300
    assert sum(not d.title for d in found) == 0
    assert sum(not d.words for d in found) <= 3
