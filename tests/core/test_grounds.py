"""Why a change is what it is, said in both languages from the same data."""

import re
import string

import pytest

from archiver.diff import CLASSES, FOLDED, REASONS
from archiver.model import ClassOfChange, Ground, Reason
from archiver.model.grounds import ENGLISH, in_english, say
from archiver.publish.grounds import SWEDISH, told
from archiver.publish.words import BADGES, DOCUMENT_REMOVED
from archiver.publish.words import CLASSES as WORDS_OF_CLASSES
from archiver.publish.words import REASONS as WORDS_OF_REASONS


def _places(phrase: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in string.Formatter().parse(phrase) if name is not None}


def test_both_languages_say_the_same_codes_about_the_same_things() -> None:
    assert set(SWEDISH.phrases) == set(ENGLISH.phrases)
    for code, phrase in ENGLISH.phrases.items():
        assert _places(phrase) == _places(SWEDISH.phrases[code]), code


def test_every_code_that_the_rules_give_has_a_phrase() -> None:
    from archiver.derive import fold
    from archiver.diff import classes, significance

    for module in (classes, significance, fold):
        source = module.__loader__.get_source(module.__name__)  # type: ignore[union-attr]
        given = re.findall(r"(?:Ground|told)\(\s*\"([a-z-]+)\"", source)
        assert len(given) > 3, module
        assert set(given) <= set(ENGLISH.phrases)


def test_a_ground_is_said_in_the_readers_language() -> None:
    found = ClassOfChange("silent-edit", "…", (Ground("stood-still", ("text attachments", "2026-06-25")),))
    assert told(found, "en") == ("text and attachments changed, and the update date stood still at 2026-06-25", True)
    assert told(found, "sv") == (
        "texten och dokumenten ändrades, och uppdateringsdatumet stod kvar på 2026-06-25", True
    )  # fmt: skip


def test_a_missing_date_has_a_word() -> None:
    ground = Ground("withdrawn", ("updated", "2026-06-25", None))
    assert in_english([ground]) == "updated is no longer stated: 2026-06-25 → none"
    assert say([ground], SWEDISH) == "uppdateringsdatumet uppges inte längre: 2026-06-25 → ingen uppgift"


def test_what_an_old_archive_kept_in_words_is_shown_as_it_stands() -> None:
    kept = ClassOfChange("edit", "text changed; the page claims no update date")
    assert told(kept, "sv") == (kept.reason, False)
    assert told(kept, "en") == (kept.reason, True)
    assert told(Reason("amount-changed", 3, "1 kr → 2 kr"), "sv") == ("1 kr → 2 kr", True)
    assert told(Reason("only-order", -2, "blocks moved: 1, links moved: 0"), "sv")[1] is False


def test_a_code_of_a_later_release_is_said_by_what_it_is_about() -> None:
    assert in_english([Ground("not-yet", ("this",))]) == "this"


@pytest.mark.parametrize("braces", ["{0}", "{", "}", "{__class__}"])
def test_a_sites_own_words_are_never_a_phrase(braces: str) -> None:
    assert in_english([Ground("quoted", (braces,))]) == braces


def test_every_class_and_reason_has_a_name_in_both_languages() -> None:
    assert set(WORDS_OF_CLASSES) == {*CLASSES, *FOLDED} - {"technical"}
    assert set(BADGES) == {*CLASSES, *FOLDED, DOCUMENT_REMOVED}
    assert set(WORDS_OF_REASONS) == set(REASONS)
