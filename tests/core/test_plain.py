"""Plain text files, and bytes that only say they are."""

from datetime import UTC, datetime

import pytest

from archiver.digests import sha256
from archiver.extract import read as read_any
from archiver.extract.files import plain
from archiver.model import Facts, Language, Profile, Reading, Rules

FACTS = Facts("https://www.exempel.se/dokument/protokoll.txt", datetime(2026, 3, 3, tzinfo=UTC), role="file")
CALLED = Facts("https://www.exempel.se/p?id=1", FACTS.at, "text/plain; charset=iso-8859-1")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)


def document(body: bytes, facts: Facts = FACTS) -> tuple[str, str, list[str]]:
    found = read_any(body, facts, RULES)
    assert isinstance(found, Reading)
    assert found.document is not None
    assert found.document.payload == sha256(body)
    return found.document.kind, found.document.legible, [b.text for b in found.document.blocks]


def test_text_is_read_where_it_is_called_so() -> None:
    assert document("Öppet på måndag.\n\nStängt i övrigt.".encode()) == (
        "text", "yes", ["Öppet på måndag.", "Stängt i övrigt."],
    )  # fmt: skip
    assert document("Öppet.".encode("latin-1"), CALLED) == ("text", "yes", ["Öppet."])
    assert document("\ufeffÖppet.".encode("utf-16-le")) == ("text", "yes", ["Öppet."])


@pytest.mark.parametrize(
    ("body", "facts"),
    [
        (b"Bara ord.", Facts("https://www.exempel.se/bara-ord", FACTS.at)),
        (b"ord\x00ord", FACTS),
        (b"\x01\x02\x03\x04 ord", FACTS),
        (b"  \n ", FACTS),
    ],
)
def test_other_bytes_stay_unread(body: bytes, facts: Facts) -> None:
    assert document(body, facts) == ("other", "no", [])


def test_what_bears_another_signature_is_that() -> None:
    assert document(b'{"a": 1}')[0] == "other"
    assert document(b'<?xml version="1.0"?><a>b</a>')[0] == "other"


def test_lines_that_were_only_full_are_one_paragraph() -> None:
    text = (
        "Nämnden beslutar att anta planen i dess helhet och att den ska gälla\n"
        "från och med den första januari.\n"
        "Asta Ek\n"
        "- att anta planen\n"
        "- att den gäller\n"
    )
    assert document(text.encode())[2] == [
        "Nämnden beslutar att anta planen i dess helhet och att den ska gälla från och med den första januari.",
        "Asta Ek", "att anta planen", "att den gäller",
    ]  # fmt: skip


def test_a_paragraph_a_line_stays_one() -> None:
    lines = ["Det här är ett långt stycke som ingen har brutit. " * 4] * 2
    assert document("\n".join(lines).encode())[2] == [line.strip() for line in lines]


def test_too_long_a_text_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "MAX_LINES", 1)
    assert document(b"ett\ntv\xc3\xa5")[1:] == ("partly", ["ett"])


def test_an_encrypted_office_file_is_locked() -> None:
    body = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert document(body) == ("other", "locked", [])
    assert document(body[:300]) == ("other", "no", [])
