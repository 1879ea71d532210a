"""Everyone can read the room: structure, names and contrast (WCAG 2.2 AA), computed from the pages and the tokens."""

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode
from visitor import Room

STYLE = (files("archiver.room") / "assets" / "tokens.css").read_text("utf-8")
ROOM = (files("archiver.room") / "assets" / "room.css").read_text("utf-8")


@pytest.fixture(scope="module")
def pages(room: Room) -> list[tuple[str, LexborHTMLParser]]:
    found = [(path, room.get(path)) for path in [*room.routes(), "/?lang=en", "/search?q=kronor&lang=en"]]
    return [(path, LexborHTMLParser(answer.text)) for path, answer in found]


Pages = list[tuple[str, LexborHTMLParser]]


def name_of(node: LexborNode, tree: LexborHTMLParser) -> str:
    """The accessible name, as far as we use the ways to give one."""
    attributes = node.attributes
    if attributes.get("aria-label"):
        return attributes["aria-label"] or ""
    if attributes.get("aria-labelledby"):
        ids = (attributes["aria-labelledby"] or "").split()
        return " ".join(found.text() for i in ids if (found := tree.css_first(f"#{i}")))
    return node.text().strip()


def test_each_page_has_one_h1_and_skips_no_level(pages: Pages) -> None:
    for path, tree in pages:
        levels = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4")]
        assert levels.count(1) == 1, path
        assert all(b - a <= 1 for a, b in pairwise(levels)), (path, levels)


def test_landmarks_are_there_and_those_of_one_kind_have_names(pages: Pages) -> None:
    for path, tree in pages:
        assert len(tree.css("main")) == len(tree.css("header.top")) == len(tree.css("footer")) == 1, path
        names = [name_of(node, tree) for node in tree.css("nav")]
        assert all(names), path
        assert len(set(names)) == len(names), (path, names)
        assert (tree.css_first("a.skip").attributes["href"], bool(tree.css_first("main#main"))) == ("#main", True)


def test_sections_are_named_by_their_headings(pages: Pages) -> None:
    sections = [(path, node, tree) for path, tree in pages for node in tree.css("section")]
    assert len(sections) > 20
    for path, node, tree in sections:
        assert name_of(node, tree), path


def test_ids_are_unique(pages: Pages) -> None:
    for path, tree in pages:
        ids = [node.attributes["id"] for node in tree.css("[id]") if node.attributes["id"] != "hatch"]
        assert len(ids) == len(set(ids)), path


def test_everything_to_be_filled_in_has_a_label(pages: Pages) -> None:
    shown = "input:not([type=hidden]), select, textarea"
    fields = [(path, node) for path, tree in pages for node in tree.css(shown)]
    assert len(fields) > 20
    for path, node in fields:
        parent: LexborNode | None = node
        while parent is not None and parent.tag != "label":
            parent = parent.parent
        assert parent is not None, (path, node.html)
        assert parent.text().strip(), (path, node.html)


def test_links_and_buttons_have_words(pages: Pages) -> None:
    for path, tree in pages:
        for node in tree.css("a, button, summary"):
            assert name_of(node, tree), (path, node.html)


def test_links_of_one_name_in_one_page_lead_to_one_place(pages: Pages) -> None:
    acts = 0
    for path, tree in pages:
        places: dict[str, set[str]] = {}
        for node in tree.css(".acts a"):
            acts += 1
            places.setdefault(node.text().strip(), set()).add(node.attributes["href"] or "")
        assert not {name: found for name, found in places.items() if len(found) > 1}, path
    assert acts > 5


def test_tables_say_what_their_columns_are(pages: Pages) -> None:
    for path, tree in pages:
        for table in tree.css("table"):
            heads = table.css("thead th")
            assert heads, path
            assert all(head.attributes.get("scope") == "col" and head.text().strip() for head in heads), path
            width = len(heads)
            for row in table.css("tbody tr"):
                cells = sum(int(cell.attributes.get("colspan") or 1) for cell in row.css("th, td"))
                assert cells == width, (path, row.html)


def test_charts_have_a_title_a_description_and_a_table(pages: Pages) -> None:
    charts = 0
    for path, tree in pages:
        for svg in tree.css("svg[role=img]"):
            charts += 1
            assert name_of(svg, tree), path
            assert svg.css_first("desc") is not None, path
            assert tree.css("table"), path
        for svg in tree.css("svg"):
            hidden = svg.attributes.get("aria-hidden") == "true"
            inside = svg.parent is not None and svg.parent.tag == "svg"
            assert hidden or svg.attributes.get("role") == "img" or inside, (path, svg.html)
    assert charts >= 3


def test_added_and_removed_are_said_in_words(pages: Pages) -> None:
    marks = 0
    for path, tree in pages:
        for node in tree.css("ins, del"):
            marks += 1
            hidden = node.css_first(".vh")
            assert hidden is not None, path
            assert hidden.text().startswith("["), path
    assert marks > 20


def test_badges_have_a_sign_and_a_word(pages: Pages) -> None:
    badges = [(path, badge) for path, tree in pages for badge in tree.css(".badge")]
    assert len(badges) > 10
    for path, badge in badges:
        sign = badge.css_first("b")
        assert sign.attributes["aria-hidden"] == "true"
        assert badge.text().replace(sign.text(), "").strip(), path


def test_swedish_words_are_marked_in_the_english_room(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/?lang=en").text)
    swedish = tree.css(".words, h3 a")
    assert len(swedish) > 5
    assert {node.attributes.get("lang") for node in swedish} == {"sv"}


def test_times_carry_a_machine_readable_moment(pages: Pages) -> None:
    times = [(path, node) for path, tree in pages for node in tree.css("time")]
    assert len(times) > 20
    for path, node in times:
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", node.attributes["datetime"] or ""), path


# Contrast (WCAG 2.2, 1.4.3 and 1.4.11) ------------------------------------------------------------------


def schemes() -> Iterator[tuple[str, dict[str, str]]]:
    light, rest = STYLE.split("@media (prefers-color-scheme: dark)")
    yield "light", dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    yield "dark", dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", rest.split("@media print")[0]))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("scheme", "tokens"), list(schemes()))
@pytest.mark.parametrize(
    ("ink", "ground", "least"),
    [
        ("ink", "paper", 7), ("ink", "shade", 7), ("soft", "paper", 4.5), ("soft", "shade", 4.5),
        ("link", "paper", 4.5),        ("link", "shade", 4.5),
        ("visited", "paper", 4.5), ("add", "add-bg", 4.5), ("del", "del-bg", 4.5),
        ("date", "date-bg", 4.5), ("ink", "mark-bg", 4.5), ("paper", "ink", 4.5), ("edge", "paper", 3),
        ("focus", "paper", 3), ("tick", "paper", 3), ("date", "paper", 3), ("del", "paper", 3), ("heat1", "shade", 3),
        ("heat2", "shade", 3), ("ink", "band-a", 4.5), ("ink", "band-b", 4.5),
    ],
)  # fmt: skip
def test_colours_stand_out(scheme: str, tokens: dict[str, str], ink: str, ground: str, least: float) -> None:
    assert contrast(tokens[ink], tokens[ground]) >= least, scheme


def test_the_layout_uses_no_colour_of_its_own() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", re.sub(r"/\*.*?\*/", "", ROOM, flags=re.S))


def test_focus_is_seen_and_motion_can_be_declined() -> None:
    assert ":focus-visible { outline: 3px solid var(--focus)" in ROOM
    assert "prefers-reduced-motion: no-preference" in ROOM
    assert "forced-colors: active" in ROOM


@pytest.mark.parametrize("query", ["_sort=finns-inte", "_sort=url&_sort_desc=url", "url%00__contains=x"])
def test_what_datasette_cannot_answer_is_the_askers_fault(room: Room, query: str) -> None:
    assert room.get(f"/archive/page_changes.json?{query}").status_code == 400


@pytest.mark.parametrize("query", ["_facets=class", "_facet=%7Bclass", "_facet_shape=class"])
def test_a_facet_that_is_none_is_refused(room: Room, query: str) -> None:
    assert room.get(f"/archive/page_changes.json?{query}").status_code == 403
