"""Which language a page is read in."""

from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.languages import heard, named, of_page
from rulebook import rules

PACKS = {code: rules("generic", code).language for code in ("sv", "sv-FI", "fi", "nb", "nn", "da", "de", "en")}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("sv", "sv"), ("sv-SE", "sv"), ("sv_se", "sv"), ("SV-fi", "sv-FI"), ("no", "nb"), ("no-NO", "nb"),
        ("nn-NO", "nn"), ("en-GB", "en"), ("", None), ("fr", None), ("svenska", None),
    ],
)  # fmt: skip
def test_a_tag_names_the_pack_of_its_region_or_else_of_its_language(tag: str, code: str | None) -> None:
    assert named(tag, PACKS) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Kommunen ansvarar för skolan och det är inte på kartan som den ska vara av.", "sv"),
        ("Kunnan koulut ovat auki ja se on hyvä, että myös lapset tai aikuiset voi tulla.", "fi"),
        ("The council is not responsible for this and the minutes of the meeting are with us.", "en"),
        ("Die Gemeinde ist nicht für das Amt und auch nicht von der Stadt.", "de"),
        ("Kommunen har ikkje frå før kva som er meir, og eleven kjem til oss.", "nn"),
        ("2019 2020 2021", None),
        ("Hej", None),
    ],
)
def test_a_page_that_names_no_language_is_known_by_its_words(words: str, code: str | None) -> None:
    assert heard(LexborHTMLParser(f"<body><p>{words}</p></body>"), PACKS) == code


SITE = replace(rules("generic", "sv"), others=tuple(pack for code, pack in PACKS.items() if code != "sv"))
ENGLISH = "The council is not responsible for this and the minutes of the meeting are with us."
SWEDISH = "Kommunen ansvarar för skolan och det är inte på kartan som den ska vara av."


@pytest.mark.parametrize(
    ("declared", "words", "code"),
    [
        ("en", ENGLISH, "en"),
        ("en-GB", ENGLISH, "en"),
        ("en", SWEDISH, "sv"),  # a template's mistake
        ("sv", ENGLISH, "sv"),
        (None, ENGLISH, "sv"),
        ("sv-FI", SWEDISH, "sv"),
        ("so", ENGLISH, "sv"),  # no pack
    ],
)
def test_a_page_of_a_site_is_read_in_the_language_that_it_both_names_and_speaks(
    declared: str | None, words: str, code: str
) -> None:
    assert of_page(LexborHTMLParser(f"<body><p>{words}</p></body>"), declared, SITE).language.code == code


def test_the_hours_of_an_english_page_are_those_of_its_site() -> None:
    assert of_page(LexborHTMLParser(f"<p>{ENGLISH}"), "en", SITE).language.zone == "Europe/Stockholm"
