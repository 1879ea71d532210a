"""What a profile drops and sets aside, whether its selectors are looked up or asked of the tree."""

from datetime import UTC, datetime

import pytest

from archiver.errors import RuleError
from archiver.extract.page import html
from archiver.extract.page.selectors import names
from archiver.model import Facts, Profile, Rules
from rulebook import rules

FACTS = Facts("https://www.exempelkoping.example/a", datetime(2026, 3, 1, tzinfo=UTC))


def read(body: str, **own: tuple[str, ...]) -> list[str]:
    """The main texts of a page below its title, by a profile with these selectors."""
    found = Rules(Profile("own", **own), rules().language, 1, "")  # type: ignore[arg-type]
    page = html.parse(f"<!doctype html><body><main><h1>Nämnder</h1>{body}<p>Kvar.</p></main>", FACTS, found)
    assert isinstance(page, html.Page)
    return [block.text for block in html.document(page, FACTS).main]


@pytest.mark.parametrize(
    ("selector", "element"),
    [
        (".spalt", "<div class='bred spalt'>Bort.</div>"),
        ("#ruta", "<div id=ruta>Bort.</div>"),
        ("figure", "<figure>Bort.</figure>"),
        ("[role=note]", "<div role=note>Bort.</div>"),
        ("[role='note']", "<div role=note>Bort.</div>"),
        (".bred.spalt", "<div class='bred spalt'>Bort.</div>"),
        ("main .spalt", "<div class=spalt>Bort.</div>"),
        ("[class*=spal]", "<div class=bredspalt>Bort.</div>"),
    ],
)
def test_a_dropped_element_is_left_out_however_its_selector_is_written(selector: str, element: str) -> None:
    assert read(element, drop=(selector,)) == ["Kvar."]
    assert read(element) == ["Bort.", "Kvar."]
    assert read(element, drop=(".annan", "#annan", "dl")) == ["Bort.", "Kvar."]


@pytest.mark.parametrize("selector", [".tyst", "#tyst", "p .tyst"])
def test_what_a_profile_sets_aside_is_no_text(selector: str) -> None:
    assert read("<p>Synligt <span id=tyst class=tyst>för örat</span></p>", assist=(selector,)) == ["Synligt", "Kvar."]


def test_a_name_is_the_whole_name() -> None:
    assert read("<div class=spalten id=rutan>Text.</div>", drop=(".spalt", "#ruta")) == ["Text.", "Kvar."]


def test_only_selectors_that_ask_for_more_than_one_name_are_queries() -> None:
    found = names(Profile("own", drop=("nav", ".a", "#b", "[role=c]", ".d .e", ".f.g"), assist=(".h", ".i > b")))
    assert found.other_drop == (".d .e", ".f.g")
    assert found.other_assist == (".i > b",)


def test_only_class_names_that_tell_nothing_are_remembered_as_plain() -> None:
    found = names(Profile("plain", drop=(".own-box",)))
    for names_met in ("o-grid-12", "own-box", "breadcrumb", "x" * 2_000):
        found.met(names_met)
    assert found.plain == {None, "o-grid-12"}


@pytest.mark.parametrize("selector", [".1a", "#", "p >", "[role="])
def test_what_is_no_selector_is_an_error(selector: str) -> None:
    with pytest.raises(RuleError, match="not a selector"):
        read("<p>Text.</p>", drop=(selector,))
