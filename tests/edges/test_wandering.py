"""A policy text that wandered: the same passage in the words of several municipalities, found with nobody asking."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from store_town import START, Town, day, document, source

from archiver.asking.wandering import wandering
from archiver.store import evidence

POLICY = (
    "Representation ska vara måttfull och ha ett direkt samband med kommunens verksamhet i alla nämnder och bolag, "
    "och kostnaden per person får aldrig överstiga fyrahundrafemtio kronor."
)
OTHER = "Förskolan i Lillby håller stängt under vecka trettio då alla barn hänvisas till Storby och dess nya lokaler."
"""A text of one place."""


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Town]:
    """Three municipalities: two with the policy, one of them in words of its own, and one with the first's words."""
    town = Town(tmp_path / "archive.db")
    texts = {
        ("exempelkoping", "Exempelköping", "9999"): (POLICY, OTHER),
        ("grannby", "Grannby", "9998"): (POLICY.replace("fyrahundrafemtio", "femhundra"), "Kort text."),
        ("lillby", "Lillby", "9997"): (POLICY,),
    }
    for number, ((name, municipality, code), paragraphs) in enumerate(texts.items(), 1):
        town.archive.write(partial(evidence.add_source, source=source(name, municipality, code), at=day(1)))
        town.source_id = name
        town.run = town.begin(number)
        address = town.address(name)
        town.revise(town.page(address), town.capture(address, name.encode(), number), document(*paragraphs))
    yield town
    town.archive.close()


def test_a_policy_is_one_text_in_all_its_wordings_and_a_text_of_one_place_is_none(three: Town) -> None:
    (found,) = wandering(three.archive.reader)

    assert (found.municipalities, found.pages) == (3, 3)
    assert 0.7 <= found.least < 1.0
    assert [place.code for place in found.places] == ["9999", "9998", "9997"]
    assert {place.text for place in found.places} == {POLICY, POLICY.replace("fyrahundrafemtio", "femhundra")}


def test_word_for_word_it_is_a_text_of_those_two_that_have_the_very_words(three: Town) -> None:
    (found,) = wandering(three.archive.reader, least=1.0)

    assert (found.municipalities, found.least) == (2, 1.0)
    assert wandering(three.archive.reader, least=1.0, kommun="9998") == []


def test_short_passages_are_nobodys_text(three: Town) -> None:
    assert wandering(three.archive.reader, fewest=60) == []


def test_what_a_page_no_longer_says_wanders_no_more(three: Town) -> None:
    address = evidence.find_address(three.archive.reader, f"{START}lillby")
    assert address is not None
    page = three.page(address)
    three.revise(page, three.capture(address, b"new", 9), document("Nu står här något helt annat."))

    (found,) = wandering(three.archive.reader)
    assert [place.municipality for place in found.places] == ["Exempelköping", "Grannby"]
