"""Every page of the room before a reader's eyes and hands: over the archive of the demonstration, in a real browser."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from browsing import NARROWEST, PHONE, WIDE, Visitor, served

from archiver.room import application
from archiver.store import prepare

LOOKS = {"sv": ((WIDE, "light"), (PHONE, "dark")), "en": ((WIDE, "dark"), (PHONE, "light"))}
"""Each language in half of them: what axe looks at does not depend on both."""
PAGES = {
    "changes": "/", "filters": "/?class=silent-edit&kind=text&q=kronor&days=9999&noise=1", "nothing": "/?q=saknas",
    "heaviest": "/?order=weight", "compare": "/compare/{pair}", "inline": "/compare/{pair}?view=inline",
    "gone": "/compare/{gone}", "file": "/compare/{file}", "page": "/page/{page}", "as-of": "/page/{page}?at=2026-03-03",
    "before": "/page/{page}?at=2020-01-01", "capture": "/capture/{capture}", "municipality": "/m/9901",
    "municipalities": "/m", "held": "/m?held=1", "search": "/search", "found": "/search?q=kronor",
    "removed": "/search?q=kronor&tense=removed", "not-found": "/search?q=xyzzy", "lists": "/lists",
    "list": "/lists/silent-edits", "sql": "/sql", "question": "/sql/silent-edits", "ask": "/sql/states",
    "alert": "/alert?q=avgift&class=silent-edit",
    "health": "/health", "about": "/about", "missing": "/finns/inte", "unreadable": "/?since=31-12-2026",
}  # fmt: skip


def pair(archive: Path, condition: str) -> tuple[int, int, int]:
    """The newest change of which this is true: its page and its two captures."""
    with closing(sqlite3.connect(archive)) as conn:
        row = conn.execute(
            f"""SELECT page_id, capture_before, capture_after FROM page_changes WHERE {condition}
                ORDER BY seen_after DESC, revision_id DESC LIMIT 1"""
        ).fetchone()
    return int(row[0]), int(row[1]), int(row[2])


@pytest.fixture(scope="module")
def address(browser: Any, demonstration: Path) -> Iterator[str]:
    with served(application(demonstration)) as found:
        yield found


@pytest.fixture(scope="module")
def paths(demonstration: Path) -> dict[str, str]:
    page, before, after = pair(demonstration, "title_after = 'Arvoden och ersättningar'")
    _, *gone = pair(demonstration, "classes LIKE '%disappearance%'")
    _, *file = pair(demonstration, "kinds LIKE '%payload%'")
    values = {"page": page, "pair": f"{before}..{after}", "capture": after, "gone": f"{gone[0]}..{gone[1]}",
              "file": f"{file[0]}..{file[1]}"}  # fmt: skip
    return {name: path.format(**values) for name, path in PAGES.items()}


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Any]:
    """A visitor, with options of the browser's window."""
    opened = []

    def come(**options: Any) -> Visitor:
        opened.append(Visitor(browser, address, **options))
        return opened[-1]

    yield come
    for one in opened:
        one.close()


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_in_any_light_on_any_screen(
    visit: Any, paths: dict[str, str], name: str, lang: str
) -> None:
    reader = visit(lang=lang)
    page = reader.open(paths[name])
    assert page.locator("html").get_attribute("lang") == lang
    for width, scheme in LOOKS[lang]:
        reader.at(width, scheme)
        assert reader.overflow() == 0, f"wider than {width} pixels"
        assert reader.cut_off() == [], width
        assert reader.barriers() == [], (width, scheme)
    reader.at(NARROWEST, "light")
    assert reader.overflow() == 0
    assert reader.cut_off() == []
    assert reader.trouble == []
    assert reader.elsewhere() == []


def test_nothing_needs_a_script(visit: Any, paths: dict[str, str]) -> None:
    reader, still = visit(), visit(java_script_enabled=False)
    for name, path in paths.items():
        words = [" ".join(one.open(path).locator("h1, h2, h3, h4, article, td, dd").all_inner_texts())
                 for one in (reader, still)]  # fmt: skip
        assert words[1], name
        assert words[0] == words[1], name
    page = still.open("/")
    page.get_by_label("Ord i tillagd eller borttagen text").fill("representation")
    page.get_by_role("button", name="Visa").click()
    assert "q=representation" in page.url
    assert page.locator("article").count() > 0
    page.get_by_role("link", name="Jämför före och efter").first.click()
    page.get_by_role("link", name="I löpande text").click()
    assert page.locator("ins, del").count() > 0


def test_the_keys_go_from_change_to_change_and_can_be_switched_off(visit: Any, paths: dict[str, str]) -> None:
    reader = visit()
    page = reader.open(paths["compare"])
    page.keyboard.press("j")
    assert page.url.endswith("#c1")
    assert page.locator(".hunk:target").count() == 1
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.url.endswith("#c1")
    page.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.url.endswith("#c1")
    page.reload()
    assert not page.get_by_role("checkbox").is_checked()


def test_the_arrows_go_from_change_to_change_of_a_page(visit: Any, demonstration: Path) -> None:
    _, before, after = pair(demonstration, "classes LIKE '%return%'")
    _, gone, missed = pair(demonstration, "classes LIKE '%disappearance%'")
    page = visit().open(f"/compare/{before}..{after}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**/compare/{gone}..{missed}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**/compare/{before}..{after}")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit: Any) -> None:
    page = visit().open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    assert page.evaluate("document.activeElement.textContent") == "Till innehållet"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("new URL(document.activeElement.href).pathname") == "/about"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"


@pytest.mark.parametrize(("name", "scheme"), [("changes", "light"), ("compare", "dark"), ("page", "dark")])
def test_every_stop_of_the_keyboard_is_seen(visit: Any, paths: dict[str, str], name: str, scheme: str) -> None:
    page = visit(color_scheme=scheme, reduced_motion="reduce").open(paths[name])
    for _ in range(25):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => { const at = document.activeElement, style = getComputedStyle(at),
            box = at.getBoundingClientRect();
            return {what: at.outerHTML.slice(0, 80), style: style.outlineStyle, width: parseFloat(style.outlineWidth),
                    there: box.bottom > 0 && box.top < innerHeight} }""")
        assert seen["style"] != "none", seen
        assert seen["width"] >= 2, seen
        assert seen["there"], seen


def test_a_comparison_can_be_attached_on_paper(visit: Any, paths: dict[str, str], tmp_path: Path) -> None:
    page = visit().open(paths["compare"])
    page.pdf(path=tmp_path / "a.pdf", format="A4")
    with closing(pypdfium2.PdfDocument(tmp_path / "a.pdf")) as paper:
        text = " ".join(sheet.get_textpage().get_text_range() for sheet in paper)
        assert len(paper) <= 4
    told = " ".join(text.split())
    for words in ("Arvoden och ersättningar", "[+ ", "[− ", "650 kronor", "SHA-256", "127.0.0.1"):
        assert words in told, words
    assert "Kommuner" not in told, "the room's own navigation is not printed"


def test_a_comparison_can_be_kept_as_one_file_that_opens_alone(
    browser: Any, visit: Any, paths: dict[str, str], tmp_path: Path
) -> None:
    page = visit().open(paths["compare"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Ladda ner som en fil").click()
    kept = tmp_path / download.value.suggested_filename
    download.value.save_as(kept)
    assert kept.suffix == ".html"
    alone = Visitor(browser, f"file://{kept}", offline=True)
    alone.open("")
    for width, scheme in (*LOOKS["sv"], *LOOKS["en"]):
        alone.at(width, scheme)
        assert alone.overflow() == 0
        assert alone.barriers() == [], (width, scheme)
    assert alone.page.locator("ins").count() > 0
    assert "650 kronor" in alone.page.locator("body").inner_text()
    assert alone.asked == [f"file://{kept}"]
    assert alone.trouble == []
    alone.close()


def test_added_and_removed_are_told_without_colour(visit: Any, paths: dict[str, str]) -> None:
    page = visit(forced_colors="active").open(paths["compare"])
    for tag, line in (("ins", "underline"), ("del", "line-through")):
        mark = page.locator(f".hunk {tag}").first
        assert line in mark.evaluate("one => getComputedStyle(one).textDecorationLine")
        assert mark.evaluate("one => getComputedStyle(one, '::before').content") not in ("none", "normal", '""')
    assert "[tillagt:" in page.locator(".hunk ins").first.inner_text()


def test_the_language_follows_the_reader_and_their_choice(visit: Any) -> None:
    reader = visit(lang="en")
    page = reader.open("/m")
    assert page.locator("h1").inner_text() == "All municipalities"
    page.get_by_role("link", name="Svenska").click()
    assert page.locator("h1").inner_text() == "Alla kommuner"
    assert reader.open("/about").locator("html").get_attribute("lang") == "sv"


def test_an_empty_archive_says_so_on_every_page(browser: Any, tmp_path: Path) -> None:
    prepare(tmp_path / "empty.db")
    with served(application(tmp_path / "empty.db")) as address:
        reader = Visitor(browser, address)
        for path in ("/", "/search?q=kronor", "/m", "/lists", "/lists/silent-edits", "/sql", "/health", "/about"):
            page = reader.open(path)
            reader.at(PHONE, "dark")
            assert reader.overflow() == 0, path
            assert reader.barriers() == [], path
            assert page.locator("h1").inner_text()
        assert reader.trouble == []
        reader.close()
