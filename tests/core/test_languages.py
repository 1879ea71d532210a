"""Which language a page of no source is read in."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from archiver.extract.languages import heard, named
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
