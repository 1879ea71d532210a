"""Stems."""

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.stems import stem


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("Kommunen kommunens KOMMUNER", "sv").split() == ["kommun"] * 3
    assert stem("decisions decision", "en") == "decis decis"


def test_a_language_is_known_by_its_first_part() -> None:
    assert stem("kommunens", "sv-FI") == stem("kommunens", "sv")
    assert stem("kommunens", "nn") == stem("kommunens", "nb")


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stem("Gávpot ja Suohkanat", "se") == "gávpot ja suohkanat"


def test_letters_written_in_two_characters_are_one() -> None:
    assert stem("A\u030angermanland", "sv") == stem("Ångermanland", "sv")


def test_marks_and_underscores_part_words() -> None:
    assert stem("KS_2026/12, § 118", "sv") == "ks 2026 12 118"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_stemming_never_fails_and_leaves_one_space_between_words(text: str) -> None:
    assert stem(text, "sv") == " ".join(stem(text, "sv").split())
