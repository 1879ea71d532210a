"""The documentation as a site: every page is in it, every link leads somewhere, nothing is loaded from elsewhere."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_LOADED = re.compile(
    r"""<(?:script|img|iframe|source|audio|video)\b[^>]*\bsrc=["']?((?:https?:)?//[^"'\s>]+)"""
    r"""|<link\b[^>]*\brel=["']?(?:stylesheet|preload|preconnect|icon)["']?[^>]*\bhref=["']?((?:https?:)?//[^"'\s>]+)"""
)


def site() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    return found


def _named(nav: object) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    parts = nav if isinstance(nav, list) else list(nav.values())  # type: ignore[attr-defined]
    return [page for part in parts for page in _named(part)]


def test_every_page_is_in_the_navigation_once() -> None:
    assert sorted(_named(site()["nav"])) == PAGES


def test_a_broken_link_fails_the_build() -> None:
    assert site()["strict"] is True
    assert set(site()["validation"]["links"].values()) == {"warn"}


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as Python-Markdown makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    found = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.add(
            re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain.lower().encode("ascii", "ignore").decode()).strip())
        )
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_place_on_a_page_that_is_linked_to_is_there(page: str) -> None:
    for target in LINK.findall((DOCS / page).read_text("utf-8")):
        path, hashed, anchor = target.partition("#")
        if hashed and "://" not in target:
            there = (DOCS / page).parent / path if path else DOCS / page
            assert anchor in _anchors(there), f"{page} links to {target}"


def test_every_decision_is_listed() -> None:
    listed = (DOCS / "decisions" / "index.md").read_text("utf-8")
    for page in PAGES:
        if re.match(r"decisions/\d", page):
            assert f"]({Path(page).name})" in listed, page


@pytest.mark.parametrize("picture", sorted((DOCS / "pictures").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_of_ours_loads_nothing_and_runs_nothing(picture: Path) -> None:
    text = picture.read_text("utf-8")
    assert not re.search(r"<script|href=|url\((?!#)|@import", text)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("mkdocs") is None or importlib.util.find_spec("material") is None:
        pytest.skip("the extra 'docs' is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)],
        cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_every_page_is_built(built: Path) -> None:
    assert {page.removesuffix(".md") + ".html" for page in PAGES} <= {
        path.relative_to(built).as_posix() for path in built.rglob("*.html")
    }
    assert (built / "notebooks" / "one-municipality.ipynb").is_file()


def test_no_page_loads_anything_from_elsewhere(built: Path) -> None:
    loaded = {
        (path.name, found)
        for path in built.rglob("*.html")
        for pair in _LOADED.findall(path.read_text("utf-8"))
        for found in pair
        if found
    }
    assert not loaded
    styles = "".join(path.read_text("utf-8") for path in built.rglob("*.css"))
    assert not re.search(r"@import|url\([\"']?(?:https?:)?//", styles)
