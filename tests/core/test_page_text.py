"""What is a page's text where its template leaves that unsaid."""

from datetime import UTC, datetime

import pytest

from archiver.extract.page import html
from archiver.model import Document, Facts
from rulebook import rules

FACTS = Facts("https://www.orten.example/kommun/a", datetime(2026, 3, 1, 12, tzinfo=UTC), content_type="text/html")
LONG = "Kommunen har beslutat om en ny taxa, som alla betalar som bor inom kommunens gräns. " * 3


def read(body: str, head: str = "<title>Rubrik - Orten</title>") -> Document:
    page = f"<html lang=sv><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    document = html.read(page.encode(), FACTS, rules("generic"))
    assert isinstance(document, Document)
    return document


def main(body: str) -> list[str]:
    return [block.text for block in read(body).main]


def test_a_site_name_in_the_masthead_is_no_title() -> None:
    logo = "<header><h1><a href='/'>Orten</a></h1></header>"
    assert read(f"{logo}<div id=content><h2>Rubrik</h2><p>{LONG}</p></div>").title == "Rubrik"
    assert read(f"<header><h1>Orten</h1></header><div id=content><h2>Rubrik</h2><p>{LONG}</p></div>").title == "Rubrik"


def test_a_lead_below_a_title_above_the_content_area_is_text() -> None:
    hero = "<div class=hero><div><h1>Rubrik</h1></div> <p>Kort.</p><ul><li>Meny</li></ul></div>"
    assert main(f"{hero}<main><p>{LONG}</p></main>") == ["Kort.", LONG.strip()]


def test_a_list_that_the_page_is_about_is_its_text_and_gives_it_no_date() -> None:
    entry = "<article><a href=/{0}><h2>Nyhet {0}</h2></a><p>Publicerad: 2026-02-0{0}</p><p>Så var det.</p></article>"
    listed = f"<div class=news-list>{entry.format(1)}</div>"
    page = read(f"<main><h1>Nyheter</h1><p>Här är de.</p>{listed}</main>")
    assert [b.text for b in page.main] == ["Här är de.", "Nyhet 1", "Publicerad: 2026-02-01", "Så var det."]
    assert page.published is None
    assert main(f"<main><h1>Rubrik</h1><p>{LONG}</p><h2>Fler nyheter</h2>{listed}</main>") == [LONG.strip()]


def test_links_below_a_heading_of_the_template_are_no_text_but_documents_are() -> None:
    links = "<ul><li><a href=/a>A</a></li><li><a href=/b.pdf>B</a></li></ul>"
    assert main(f"<main><h1>Rubrik</h1><p>{LONG}</p><h2>Relaterade sidor</h2>{links}</main>") == [LONG.strip(), "B"]
    assert main("<main><h1>Rubrik</h1><h2>Se även</h2><p>Taxan.</p></main>") == ["Se även", "Taxan."]


@pytest.mark.parametrize(
    "entries",
    [
        "<ul><li>2026-02-01 <a href=/a>Ny skola</a></li><li>2026-02-03 <a href=/b>Ny bro</a></li></ul>",
        "<p><a href=/a>Ny skola</a><br><br>1 februari 2026</p><p><a href=/alla>Alla nyheter</a></p>",
        "<div><time datetime=2026-02-01>1 februari 2026</time><h3><a href=/a>Ny skola</a></h3></div>",
        "<a href=/a><span>1 februari 2026</span><h3>Ny skola</h3></a>",
        "<p><a href=/a>Ny skola</a> (igår)</p>",
    ],
)
def test_links_with_their_days_under_a_heading_of_news_are_no_text_of_another_page(entries: str) -> None:
    news = f"<h2>Nyheter om bygget</h2>{entries}"
    assert main(f"<main><h1>Rubrik</h1><p>{LONG}</p>{news}</main>") == [LONG.strip()]
    assert main(f"<main><h1>Rubrik</h1>{news}<h2>Mer</h2><p>{LONG}</p></main>") == ["Mer", LONG.strip()]
    assert "Ny skola" in read(f"<main><h1>Aktuellt</h1><p>{LONG}</p>{news}</main>").text
    assert "Ny skola" in read(f"<main><h1>Rubrik</h1><ul><li><a href=/c>Bygga</a></li></ul>{news}</main>").text


@pytest.mark.parametrize(
    "box",
    [
        "<h2>Protokoll</h2><ul><li>2026-02-01 <a href=/a>Kommunstyrelsen</a></li></ul>",
        "<h2>Aktuellt</h2><p>Bygget börjar den 1 februari 2026.</p>",
        "<h2>Aktuellt</h2><p>2026-02-01 <a href=/a>Ny skola</a></p><p>Nu byggs skolan.</p>",
        "<h2>Aktuellt</h2><ul><li><a href=/a>Ny skola</a></li></ul>",
        "<h2>Nyheter</h2><ul><li>2026-02-01</li></ul>",
    ],
)
def test_other_lists_and_other_words_stay_in_the_text(box: str) -> None:
    heading, *texts = main(f"<main><h1>Rubrik</h1><p>{LONG}</p>{box}</main>")[1:]
    assert heading in box
    assert texts


def test_a_menu_beside_the_title_in_a_table_that_lays_out_the_page_is_no_text() -> None:
    menu = "<td><p><a href=/a>Start</a></p><p><a href=/b>Kyrkan</a></p></td>"
    text = "<td><h1>Rubrik</h1><p>Möten hålls här.</p><table><tr><td>11 januari</td><td>Budget</td></tr></table></td>"
    assert main(f"<center><table><tr>{menu}{text}</tr></table></center>") == ["Möten hålls här.", "11 januari | Budget"]


@pytest.mark.parametrize(
    "box",
    [
        "<div class=page-info>Dnr 12, skriven av NN</div>",
        "<ul class=toc><li><a href='#a'>A</a></li></ul>",
        "<h2>Innehåll</h2><ul><li><a href='#a'>A</a></li></ul>",
        "<p>Du är här: <a href=/>Start</a> / Rubrik</p>",
        "<div id=breadcrumb><a href=/>Start</a></div>",
        "<p>Utskriven: 2026-03-01</p>",
        "<p>Träffar: 2201</p>",
        "<div class=print-only>Orten</div>",
    ],
)
def test_what_is_about_the_page_is_not_its_text(box: str) -> None:
    assert main(f"<main><h1>Rubrik</h1>{box}<p>{LONG}</p></main>") == [LONG.strip()]


def test_a_large_box_is_text_whatever_its_name() -> None:
    assert main(f"<main><h1>Rubrik</h1><div class=page-info><p>{LONG * 3}</p></div></main>") == [(LONG * 3).strip()]


def test_a_card_right_above_the_dates_keeps_its_heading() -> None:
    card = "<a href=/a><h2>Sista kortet</h2></a>"
    assert main(f"<main><h1>Rubrik</h1>{card}<p>Publicerad: 2024-05-06</p></main>") == ["Sista kortet"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p><span>Telefon</span><span>0999-12</span></p>", "Telefon 0999-12"),
        ("<p><strong>Telefon:</strong>0999-12</p>", "Telefon: 0999-12"),
        ("<p>H<sub>2</sub>O</p>", "H2O"),
        ("<p><a href=/a>Plan</a><a href=/b>Ladda ner</a></p>", "Plan Ladda ner"),
        ("<p><a href=/a>Kommun</a><a href=/a>styrelsen</a></p>", "Kommunstyrelsen"),
        ("<p>Möte<time datetime=2024-05-06>6 maj</time></p>", "Möte 6 maj"),
    ],
)
def test_what_a_style_sheet_parts_is_parted(markup: str, text: str) -> None:
    assert main(f"<main><h1>Rubrik</h1>{markup}</main>") == [text]


def test_a_link_stands_where_its_line_stands() -> None:
    page = read(
        "<main><h1>Rubrik</h1><p>Text.</p><p>Sidansvarig: <a href='mailto:a@b.example'>Anna Prov</a></p></main>"
    )
    assert [(link.part, link.target) for link in page.links] == [("rest", "mailto:a@b.example")]
