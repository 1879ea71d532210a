"""What stands around an article is not the article; on other pages lists, tables and cards stay where they are."""

import pytest
from test_html import FACTS, page

from archiver.extract.page import html
from archiver.model import Document
from rulebook import rules

PROSE = "Fullmäktige beslutade i går, efter en lång debatt, att bygga en ny simhall vid sjön. "
STORY = "".join(f"<p>{PROSE * 3}Stycke {n}.</p>" for n in range(6))
SAYS_SO = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'


def document(body: str, head: str = "", profile: str = "generic") -> Document:
    found = rules(profile)
    return html.document(page(body, head, found), FACTS)


def around(box: str) -> str:
    return f"<main><h1>Ny simhall</h1><div class=story>{STORY}</div>{box}</main>"


@pytest.mark.parametrize(
    "box",
    [
        "<div class=teasers><h3><a href=/a>Ny skola</a></h3><p>Kort om skolan.</p><h3><a href=/b>Ny bro</a></h3></div>",
        "<div class=tags><a href=/t/1>Bad</a> <a href=/t/2>Sport</a></div>",
        "<div class=author-bio><p>Rut Reporter skriver om kommunen sedan många år tillbaka och bor i stan.</p></div>",
        "<div class=newsletter-signup><p>Få våra bästa texter varje morgon, direkt i din inkorg: anmäl dig.</p></div>",
        "<footer><p>Allt material på webbplatsen är skyddat av lagen om upphovsrätt och får ej kopieras.</p></footer>",
        "<div><span>Foto:</span> <span>Eva Bild</span></div>",
    ],
)
def test_what_stands_around_an_article_is_kept_among_the_rest(box: str) -> None:
    found = document(around(box), SAYS_SO)
    assert found.text.count(PROSE.strip()) == 18
    assert len(found.main) == 6
    assert any(block.part == "rest" for block in found.blocks)


@pytest.mark.parametrize(
    "box",
    [
        "<table><tr><td>Pris</td><td>40 kr</td></tr></table>",
        "<figure><img src=a.jpg alt=''><figcaption>Simhallen vid sjön.</figcaption></figure>",
        f"<blockquote>{PROSE}</blockquote>",
        "<h2>Så går det till</h2>",
        "<p><a href=/planer>Läs mer om planerna</a></p>",
    ],
)
def test_tables_captions_quotes_and_headings_in_an_article_are_its_text(box: str) -> None:
    found = document(f"<main><h1>Ny simhall</h1><div class=story>{STORY}{box}</div></main>", SAYS_SO)
    assert len(found.main) == 7


def test_a_page_that_does_not_say_it_is_an_article_keeps_its_cards() -> None:
    cards = "".join(f"<div><h2><a href=/{n}>Ämne {n}</a></h2><p>Kort om ämnet.</p></div>" for n in range(5))
    found = document(f"<main><h1>Bygga och bo</h1><p>{PROSE}</p><div class=cards>{cards}</div></main>")
    assert "Ämne 4" in found.text


def test_a_contact_card_beside_the_text_of_a_municipal_page_stays() -> None:
    card = "<div class=contact><h2>Kontakt</h2><p>Bygglov</p><p><a href='tel:0999'>0999-10 00 00</a></p></div>"
    found = document(f"<main><h1>Bygglov</h1><div><p>{PROSE}</p></div>{card}</main>")
    assert "0999-10 00 00" in found.text


def test_an_aside_of_links_is_beside_the_page_and_one_of_words_is_not() -> None:
    asides = "<aside><h2>Mer</h2><a href=/a>En annan sida</a></aside><aside>Fakta.</aside>"
    found = document(f"<main><h1>R</h1><p>{PROSE}</p>{asides}</main>")
    assert "En annan sida" not in found.text
    assert "Fakta." in found.text


def test_a_profile_that_knows_its_template_is_not_second_guessed() -> None:
    box = "<div class=tags><a href=/t/1>Bad</a> <a href=/t/2>Sport</a></div>"
    assert "Bad Sport" in document(around(box.replace("class=tags", "")), SAYS_SO, "municipio").text


def test_names_cannot_belie_prose() -> None:
    body = f"<div class=header><a href=/>Hem</a></div><div class=related-story><h1>R</h1>{STORY}</div>"
    assert document(body).text.count(PROSE.strip()) == 18


def test_a_long_line_is_not_said_twice() -> None:
    found = document(f"<main><h1>R</h1><div class=desktop>{STORY}</div><div class=mobile>{STORY}</div></main>")
    assert len(found.main) == 6


def test_the_longer_text_of_the_readers_is_not_the_pages() -> None:
    replies = "".join(f"<div><p>{PROSE * 4}Tycker {n}.</p></div>" for n in range(30))
    body = f"<div><h1>R</h1><div class=text>{STORY}</div><div class=user-comments><div>{replies}</div></div></div>"
    assert "Tycker 3" not in document(body, SAYS_SO).text


def test_without_landmarks_the_page_is_what_its_skip_link_leads_to() -> None:
    above = "<a href=#c>Till innehållet</a><ol><li><a href=/>Hem</a></ol>"
    assert document(f"{above}<div id=c><h1>R</h1><p>Kort.</p></div><div>Fot</div>").text == "Kort."


def test_a_page_that_is_nothing_but_links_is_those_links() -> None:
    assert document("<main><h1>R</h1><aside><a href=/a>A</a> <a href=/b>B</a></aside></main>").text == "A B"


def test_a_few_words_more_move_nothing_else() -> None:
    box = "<div class=teasers><h3><a href=/a>Ny skola</a></h3><p>Kort om skolan.</p></div>"
    before = document(around(box), SAYS_SO)
    after = document(around(box).replace("Stycke 3.", "Stycke 3, och några ord till som ingen såg."), SAYS_SO)
    changed = [b.text[-9:] for b, a in zip(before.blocks, after.blocks, strict=True) if a != b]
    assert changed == ["Stycke 3."]
