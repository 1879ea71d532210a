"""What stands on most pages of a site is the template's; a heading goes only with what it heads."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from test_html import FACTS, page

from archiver.extract.page import html, learning
from archiver.model import Document
from rulebook import rules


def document(body: str, *learned: str) -> Document:
    found = replace(rules("generic"), furniture=frozenset(learned))
    return html.document(page(body, found=found), FACTS)


def test_what_stands_on_most_pages_is_learned_and_what_is_a_number_is_not() -> None:
    pages = [{"Kommunen växer", "2025-01-01", "Bara här" if n < 5 else f"Sida {n}"} for n in range(10)]
    assert learning.furniture(pages) == {"Kommunen växer"}


def test_of_a_few_pages_nothing_is_learned() -> None:
    assert learning.furniture([{"Kommunen växer"}] * 9) == frozenset()


def test_what_is_learned_has_a_bound_and_long_lines_are_none_of_it() -> None:
    pages = [{f"Rad {'x' * n}" for n in range(1, 700)} | {"Lång " * 100}] * 10
    learned = learning.furniture(pages)
    assert len(learned) <= learning.MOST_LINES
    assert max(map(len, learned)) <= learning.LONGEST


@given(st.lists(st.sets(st.sampled_from(["Fot", "Ring oss", "Sidan handlar om bad", "Öppet"])), max_size=30))
def test_the_order_of_the_pages_teaches_nothing(pages: list[set[str]]) -> None:
    assert learning.furniture(pages) == learning.furniture(pages[::-1])


def test_learned_lines_at_the_ends_go_to_the_rest_with_their_links() -> None:
    found = document(
        "<main><p><a href=/x>Appen</a></p><h1>R</h1><p>Text.</p><h2>Följ oss</h2><p>Nytt</p></main>",
        "Appen", "Följ oss", "Nytt",
    )  # fmt: skip
    assert found.text == "Text."
    assert [b.text for b in found.blocks if b.part == "rest"] == ["Appen", "Följ oss", "Nytt"]
    assert [k.part for k in found.links if k.text == "Appen"] == ["rest"]


def test_a_learned_heading_stays_over_text_of_the_pages_own() -> None:
    found = document("<main><h1>R</h1><p>Text.</p><h2>Kontakt</h2><p>Ring Eva.</p></main>", "Kontakt")
    assert found.text == "Text.\nKontakt\nRing Eva."


def test_a_short_learned_line_alone_amid_the_text_stays_and_rows_always_do() -> None:
    body = (
        "<main><h1>R</h1><p>Text.</p><p>Telefon:</p><p>0999</p><table><tr><td>Ja</td><td>Nej</td></tr></table></main>"
    )
    assert document(body, "Telefon:", "Ja | Nej").text == "Text.\nTelefon:\n0999\nJa | Nej"


def test_a_heading_that_all_pages_share_is_the_title_of_none() -> None:
    body = "<main><h1>Exempelköping</h1><h1>Bygglov</h1><p>Text.</p></main>"
    assert document(body).title == "Exempelköping"
    assert document(body, "Exempelköping").title == "Bygglov"
