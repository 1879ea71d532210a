"""A comparison as one file: it stands alone, and nothing a page wrote acts in it."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from published import AFTER, BEFORE, HOSTILE, comparison, hostile
from selectolax.lexbor import LexborHTMLParser

from archiver.diff.classes import CLASSES as RULES
from archiver.diff.significance import REASONS as RULES_OF_WEIGHT
from archiver.publish.html import page
from archiver.publish.words import CLASSES, IN_ENGLISH, MONTHS, REASONS, WORDS, Lang, counted

LANGS: tuple[Lang, ...] = ("sv", "en")


def tree(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def texts(html: str, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree(html).css(selector)]


def test_the_words_are_shown_with_hidden_words_for_those_who_listen() -> None:
    html = page(comparison())
    assert "[borttaget: 2 359 kronor]" in texts(html, "del")
    assert "[tillagt: 2 575 kronor]" in texts(html, "ins")
    assert "[added: 2 575 kronor]" in texts(page(comparison(), "en"), "ins")


def test_the_first_sentence_counts_and_quotes_the_date_that_stood_still() -> None:
    assert texts(page(comparison()), ".lead") == [
        "3 ord tillagda, 14 ord borttagna. Sidan säger sig vara uppdaterad 2026-06-25, både före och efter."
    ]
    assert texts(page(comparison(), "en"), ".lead")[0].startswith("3 words added, 14 words removed.")


def test_badges_have_a_sign_and_a_word() -> None:
    assert texts(page(comparison()), ".badge") == ["≠tyst ändring", "×dokument borttaget"]


def test_both_ends_are_told_in_the_zone_asked_for() -> None:
    html = page(comparison(), "sv", ZoneInfo("Europe/Stockholm"))
    assert texts(html, ".ends time") == ["3 nov 2026 06:12", "4 nov 2026 06:12"]
    assert tree(html).css_first(".ends time").attributes["datetime"] == "2026-11-03T06:12+01:00"
    assert "Alla tider: Europe/Stockholm." in html
    assert "All times: UTC." in page(comparison(), "en")


def test_unchanged_passages_fold_to_their_number() -> None:
    assert texts(page(comparison()), "summary") == ["3 oförändrade stycken"]


def test_a_heading_before_a_change_stays_open() -> None:
    assert "Högsta avgift" in texts(page(comparison()), ".words > h3")


def test_each_change_can_be_pointed_at() -> None:
    html = page(comparison())
    targets = [node.attributes["href"] for node in tree(html).css(".map a")]
    assert targets == ["#c1", "#c2", "#c3"]
    assert all(tree(html).css_first(str(t)) for t in targets)


def test_hashes_address_and_limits_are_on_the_page() -> None:
    html = page(comparison())
    assert f"{48211:064x}" in html
    assert 'href="https://www.ekliden.example/omsorg/avgifter"' in html
    assert "någon gång däremellan" in html


def test_dates_panel_shows_all_three_whether_they_moved_or_not() -> None:
    html = page(comparison(BEFORE, replace(BEFORE, reviewed="2026-11-01", updated="2026-11-02")), "en")
    rows = texts(html, "#dates + table tbody tr")
    assert rows == [
        "Published2019-11-082019-11-08stood still",
        "Updated[removed: 2026-06-25][added: 2026-11-02]changed",
        "Reviewednot stated[added: 2026-11-01]changed",
    ]
    assert "The text is unchanged." in html


def test_a_page_that_is_gone() -> None:
    html = page(comparison(BEFORE, None))
    assert texts(html, ".lead") == ["Sidan är borta."]
    assert texts(html, ".badge") == ["×sida borta"]
    assert not tree(html).css("#words")


def test_where_one_side_shows_no_page_and_of_two_pages_no_date_is_said_to_have_changed() -> None:
    gone = tree(page(comparison(after=None))).css_first("section[aria-labelledby=dates]")
    of_two = tree(page(replace(comparison(after=replace(AFTER, published="2020-01-01")), two_pages=True)))
    for dates in (gone, of_two.css_first("section[aria-labelledby=dates]")):
        assert [word for word in ("ändrad", "stod stilla") if word in dates.text()] == []
    assert not gone.css("ins, del")
    assert "både före och efter" not in of_two.css_first(".lead").text()


@pytest.mark.parametrize("lang", LANGS)
def test_the_file_stands_alone(lang: Lang) -> None:
    html = page(comparison(), lang)
    parsed = tree(html)
    assert not parsed.css("script, link, img, iframe, object, embed, base, form, svg")
    assert not re.search(r"url\(|@import|src=", html)
    assert "default-src 'none'" in html
    assert [node.tag for node in parsed.css("h1")] == ["h1"]


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_a_page_wrote_acts(lang: Lang) -> None:
    html = page(hostile(), lang)
    parsed = tree(html)
    assert not parsed.css("script, img, iframe, object, svg")
    for node in parsed.css("*"):
        names = [name.lower() for name in node.attributes]
        assert not [name for name in names if name.startswith("on")]
        assert not str(node.attributes.get("href") or "").lower().startswith("javascript")
    assert "alert(1)" in parsed.body.text()  # type: ignore[union-attr]
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert HOSTILE not in html


def test_nobody_responsible_is_named() -> None:
    html = page(comparison(BEFORE, replace(AFTER, responsible="Hugo Påhitt")))
    assert "Påhitt" not in html
    assert "Vera" not in html
    assert "Namn visas inte" in html


def test_both_languages_have_the_same_words() -> None:
    assert set(WORDS["sv"]) == set(WORDS["en"])
    assert {lang: len(MONTHS[lang]) for lang in LANGS} == {"sv": 12, "en": 12}


def test_every_class_and_reason_has_its_word() -> None:
    assert set(RULES) - {"technical"} <= set(CLASSES)
    assert set(REASONS) == set(RULES_OF_WEIGHT)
    assert set(REASONS) >= IN_ENGLISH


def test_counted_words_agree_in_number() -> None:
    assert counted("sv", "words_added", 1) == "1 ord tillagt"
    assert counted("sv", "words_added", 1240) == "1\u00a0240 ord tillagda"


def test_a_technical_difference_says_that_it_may_be_ours() -> None:
    found = comparison()
    change = replace(found.change, classes=(replace(found.change.classes[0], name="technical"),))
    html = page(replace(found, change=change))
    assert "technical" not in html
    assert "kan vara vår läsning" in html
