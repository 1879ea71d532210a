"""What a page says of itself beside its text and its dates."""

from datetime import UTC, datetime

import pytest

from archiver.extract import read
from archiver.extract.explain import explain
from archiver.model import About, Document, Facts, Reading
from rulebook import rules

SITEVISION = rules("sitevision")
FACTS = Facts("https://www.exempelkoping.example/kommun/politik?x=1", datetime(2026, 3, 2, 9, tzinfo=UTC))


def document(body: str, head: str = "", attributes: str = "", profile: str = "generic") -> Document:
    page = f'<!doctype html><html lang="sv"><head>{head}</head><body {attributes}>{body}</body></html>'
    found = read(page.encode(), FACTS, rules(profile))
    assert isinstance(found, Reading)
    assert found.document is not None
    return found.document


def about(head: str = "", body: str = "<main><h1>Politik</h1><p>Text.</p></main>", attributes: str = "") -> About:
    return document(body, head, attributes).about


def test_a_page_that_says_nothing_says_nothing() -> None:
    assert about() == About()


def test_what_the_head_says_is_kept_evened_and_made_absolute() -> None:
    head = """<meta name="description" content=" Så   styrs kommunen. "><link rel="canonical" href="/kommun/politik">
        <meta property="og:type" content="article"><meta property="og:image" content="/bild.jpg">
        <meta name="generator" content="Sitevision 10">"""
    assert about(head) == About(
        description="Så styrs kommunen.",
        canonical="https://www.exempelkoping.example/kommun/politik",
        shared=(("type", "article"), ("image", "/bild.jpg")),
        generator="Sitevision 10",
    )


@pytest.mark.parametrize(
    "way",
    [
        '<nav aria-label="Brödsmulor" class="breadcrumb"><ol><li><a href="/">Start</a></li><li><a href="/kommun">'
        "Kommun</a></li><li>Politik</li></ol></nav>",
        '<div class="env-breadcrumb"><a href="/">Start</a> / <a href="/kommun">Kommun</a> / <span>Politik</span></div>',
        '<div id="pathlink"><strong>Du är här:</strong> <a href="/">Start</a> &gt; <a href="/kommun">Kommun</a> &gt; '
        "<span>Politik</span></div>",
    ],
    ids=["a list", "links in a row", "you are here"],
)
def test_the_way_to_the_page_is_told_from_the_start_page_down(way: str) -> None:
    assert about(body=f"{way}<main><h1>Politik</h1><p>Text.</p></main>").breadcrumb == ("Start", "Kommun", "Politik")


def test_the_way_may_stand_in_a_script_alone_and_its_numbers_order_it() -> None:
    script = """<script type="application/ld+json">{"@graph": [{"@type": "BreadcrumbList", "itemListElement": [
        {"position": 2, "item": {"name": "Kommun"}}, {"position": 1, "name": "Start"}, 7, {"name": "?"}]}]}</script>"""
    assert about(script).breadcrumb == ("Start", "Kommun")


@pytest.mark.parametrize("script", ["{", "[" * 5000, '{"@type": "BreadcrumbList", "itemListElement": 1}', "null"])
def test_a_broken_script_is_nothing(script: str) -> None:
    assert about(f'<script type="application/ld+json">{script} BreadcrumbList</script>') == About()


@pytest.mark.parametrize(
    ("head", "attributes", "number"),
    [
        ('<meta name="pageID" content="4.3c1a">', "", "4.3c1a"),
        ("", 'class="page page-id-812 wp-theme"', "812"),
        ("", 'class="html node-12 node-type-page page-node-12"', "12"),
        ('<link rel="shortlink" href="https://www.exempelkoping.example/node/77">', "", "77"),
        ('<script>sv.PageContext = {"pageId":"4.6ad24f1a12b3c4d5e6f708"};</script>', "", "4.6ad24f1a12b3c4d5e6f708"),
        ("", 'class="page-id-x"', None),
    ],
)
def test_the_number_of_a_page_is_what_its_template_lets_show(head: str, attributes: str, number: str | None) -> None:
    assert about(head, attributes=attributes).page_id == number


def test_the_cms_is_told_with_the_mark_that_it_is_known_by() -> None:
    found = document('<main><h1>P</h1><p>T.</p></main>', '<meta name="generator" content="Sitevision 10">',
                     profile="sitevision").about  # fmt: skip
    assert (found.cms, found.marks) == ("sitevision", ('meta[name=generator][content^="sitevision" i]',))


def test_a_heading_has_the_id_by_which_a_link_reaches_it_and_a_random_one_is_none() -> None:
    found = document(
        '<main><h1 id="p">Politik</h1><h2 id="namnder">Nämnder</h2><p>T.</p><h2><a name="val"></a>Val</h2><p>T.</p>'
        '<section id="mandat"><h2>Mandat</h2><p>T.</p></section><h2 id="h-65f3a9c1d2">Annat</h2><p>T.</p></main>'
    )
    assert {b.text: b.anchor for b in found.blocks if b.kind in {"title", "heading"}} == {
        "Politik": "p", "Nämnder": "namnder", "Val": "val", "Mandat": "mandat", "Annat": None,
    }  # fmt: skip


def test_a_link_stands_under_the_heading_above_it() -> None:
    found = document(
        '<main><h1>Politik</h1><p><a href="/a">Ett</a></p><h2>Nämnder</h2><p>Se <a href="/b">två</a>.</p>'
        '<h2><a href="/c">Tre</a></h2><p>T.</p></main>'
    )
    assert dict(zip([link.text for link in found.links], found.headings, strict=True)) == {
        "Ett": "Politik", "två": "Nämnder", "Tre": "Nämnder",
    }  # fmt: skip


def test_personal_numbers_are_covered_in_what_a_page_says_of_itself() -> None:
    found = about('<meta name="description" content="Ärende om 811228-9874.">')
    assert found.description == "Ärende om ███████████."


def test_an_explanation_names_what_was_tried_and_why_each_line_is_where_it_is() -> None:
    page = """<!doctype html><html lang="sv"><head><title>Politik - Exempelköping</title>
        <meta name="generator" content="Sitevision 10"></head><body>
        <main><h1>Politik</h1><p>Kommunen styrs av valda.</p><p>Senast uppdaterad: 2024-03-06</p></main>
        <footer><p>Torget 1</p></footer></body></html>"""
    found = explain(page.encode(), FACTS, SITEVISION, {("sitevision", "sv"): SITEVISION})
    assert found is not None
    assert (found.kind, found.encoding) == ("html", "utf-8")
    assert found.profiles == {"sitevision": ('meta[name=generator][content^="sitevision" i]',)}
    assert found.content[0] == ("main", 1)
    assert found.titles == (("h1", "Politik"), ("<title>", "Politik - Exempelköping"))
    assert [(fate.text, fate.part, fate.why) for fate in found.lines] == [
        ("Politik", "main", ""),
        ("Kommunen styrs av valda.", "main", ""),
        ("Senast uppdaterad: 2024-03-06", "rest", "states a date"),
        ("Torget 1", "rest", "outside the content area"),
    ]


def test_there_is_nothing_to_explain_of_what_is_no_page() -> None:
    assert explain(b"%PDF-1.7", FACTS, rules("generic"), {}) is None
