"""One body, one reading."""

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.digests import sha256
from archiver.extract import READERS, choose, read
from archiver.model import Facts, Notice, Reading, Unread
from rulebook import rulebook, rules

FACTS = Facts("https://www.exempelkoping.example/a", datetime(2026, 3, 1, tzinfo=UTC))


def test_a_page_becomes_a_reading_with_its_document_and_notices() -> None:
    body = "<div role=alert>Eldningsförbud</div><main><h1>Rubrik</h1><p>Text</p></main>".encode()
    found = read(body, FACTS, rules("sitevision"))
    assert isinstance(found, Reading)
    assert found.document is not None
    assert (found.verdict, found.profile, found.notices) == ("good", "sitevision", (Notice("Eldningsförbud"),))
    assert (found.document.kind, found.document.title, found.document.text) == ("html", "Rubrik", "Text")


def test_redacted_spans_are_gone_before_anything_is_read() -> None:
    body = "<title>Åsa Ek</title><main><p>Hej Åsa Ek, hej.</p></main>"
    spans = tuple((at, at + 6) for at in (body.index("Åsa"), body.rindex("Åsa")))
    found = read(body.encode(), Facts(FACTS.url, FACTS.at, masks=spans), rules("generic"))
    assert isinstance(found, Reading)
    assert found.document is not None
    assert (found.document.title, found.document.text) == ("██████", "Hej ██████, hej.")


def test_personal_identity_numbers_are_masked_and_counted() -> None:
    found = read(b"<main><p>Personnummer 811218-9876.</p></main>", FACTS, rules("generic"))
    assert isinstance(found, Reading)
    assert found.document is not None
    assert (found.document.text, found.masked) == ("Personnummer ███████████.", 1)


def test_bytes_that_nobody_reads_are_a_document_with_their_digest() -> None:
    body = b"\x89PNG\r\n\x1a\n\x00"
    found = read(body, FACTS, rules("generic"))
    assert isinstance(found, Reading)
    assert found.document is not None
    assert (found.document.kind, found.document.legible, found.document.payload) == ("other", "no", sha256(body))


def test_a_page_that_cannot_be_read_safely_is_unread() -> None:
    found = read(b"<div>" * 50_000, FACTS, rules("generic"))
    assert isinstance(found, Unread)
    assert found.why == "too-deep"


def test_every_kind_that_is_sniffed_as_text_has_a_reader() -> None:
    assert {"html", "pdf", "sitemap", "feed", "robots"} <= set(READERS)


def test_a_robots_file_is_read_in_its_role() -> None:
    found = read(b"User-agent: *\nDisallow: /", Facts(FACTS.url, FACTS.at, role="robots"), rules("generic"))
    assert isinstance(found, Reading)
    assert (found.verdict, found.document and found.document.kind) == ("good", "robots")


def test_the_profile_is_chosen_by_its_marks_and_the_language_by_the_page() -> None:
    book = {(p, c): rules(p, "sv") for p, c in [*rulebook(), *((p, "fi") for p, _ in rulebook())]}
    marked = b'<html lang="fi-FI"><meta name=generator content="Sitevision 10"><div class="sv-text-portlet">'
    assert choose(marked, FACTS, book) is book["sitevision", "fi"]
    assert choose(b'<html lang="ar"><p>x', FACTS, book) is book["generic", "sv"]
    tags = {"sv-FI": "sv-FI", "sv-fi": "sv-FI", "sv_SE": "sv", "no": "nb", "no-NO": "nb", "NB": "nb", "nn-NO": "nn"}
    spoken = rulebook("sv", "sv-FI", "nb", "nn")
    for tag, code in tags.items():
        assert choose(f'<html lang="{tag}"><p>x'.encode(), FACTS, spoken) is spoken["generic", code]
    assert choose(b"%PDF-1.7", FACTS, book) is book["generic", "sv"]
    assert choose(b"<div>" * 50_000, FACTS, book) is book["generic", "sv"]


def test_reading_twice_gives_the_same() -> None:
    body = "<main><h1>Å</h1><p>b <a href=/c>c</a></p></main>".encode()
    assert read(body, FACTS, rules()) == read(body, FACTS, rules())


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "<html>", "<main><p>", "<?xml version='1.0'?><urlset>"]))
def test_no_bytes_make_a_reader_raise(tail: bytes, start: str) -> None:
    assert isinstance(read(start.encode() + tail, FACTS, rules("generic")), Reading | Unread)
