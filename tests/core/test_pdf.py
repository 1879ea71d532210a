from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.demo.pdf import assemble, page_pdf, stream
from archiver.digests import sha256
from archiver.extract.files import pdf
from archiver.extract.files.pdflines import PdfLine, blocks, even
from archiver.model import Claim, Document, Facts, Language, Link, Profile, Rules

SEEN = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
FACTS = Facts("https://www.exempel.se/dokument/policy.pdf", SEEN, "application/pdf", role="file")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)
WINTER = timezone(timedelta(hours=1))
CREATED = datetime(2026, 2, 1, 9, 30, tzinfo=WINTER)
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
LONG = "Kommunen ska lämna besked i god tid innan ett beslut fattas, så att den som berörs hinner säga sin mening. " * 4


def read(body: bytes) -> Document:
    return pdf.read(body, FACTS, RULES)


def texts(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.part == "main"]


def drawn(*lines: tuple[int, int, str], more: str = "", objects: tuple[bytes, ...] = (), catalogue: str = "") -> bytes:
    """A one-page file with each (x, y, words) where it says; `more` into the page, `objects` from number 6 on."""
    content = b"".join(f"BT /F1 11 Tf {x} {y} Td (".encode() + w.encode("cp1252") + b") Tj ET\n" for x, y, w in lines)
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        f"/Resources << /Font << /F1 4 0 R >> /XObject << /I 6 0 R >> >> {more} >>"
    )
    return assemble(
        [
            f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>".encode(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page.encode(),
            FONT,
            stream(content if lines else b"q 500 0 0 700 40 40 cm /I Do Q"),
            *objects,
        ]
    )


def test_paragraphs_are_whole_again_and_swedish_letters_right() -> None:
    document = read(page_pdf("Policy – för å, ä och ö", ["# 1 § Syfte", LONG, "Kort stycke (§ 2).", LONG], CREATED))
    assert texts(document) == ["Policy – för å, ä och ö", "1 § Syfte", LONG.strip(), "Kort stycke (§ 2).", LONG.strip()]
    assert (document.title, document.legible, document.language) == ("Policy – för å, ä och ö", "yes", "sv-SE")


def test_the_same_words_give_the_same_bytes() -> None:
    assert page_pdf("A", ["b"], CREATED) == page_pdf("A", ["b"], CREATED)


def test_a_word_on_page_one_moves_no_paragraph_on_page_two() -> None:
    many = [f"Stycke {i}. {LONG}Så är det här." for i in range(14)]
    before = read(page_pdf("Reglemente", many, CREATED))
    after = read(page_pdf("Reglemente", [many[0] + "Detta är nytt.", *many[1:]], CREATED))
    assert texts(before)[2:] == texts(after)[2:]
    assert texts(before)[1:] == many


def test_each_block_tells_the_page_it_begins_on() -> None:
    document = read(page_pdf("Reglemente", [f"Stycke {i}. {LONG}Så är det här." for i in range(14)], CREATED))
    pages = [b.page for b in document.main]
    assert (pages[0], pages) == (1, sorted(p for p in pages if p))
    assert {b.page for b in document.blocks} == {1, 2, 3}
    assert [(b.text, b.page) for b in document.blocks if b.part == "rest"] == [("1 (3)", 1), ("2 (3)", 2), ("3 (3)", 3)]
    assert [b.page for b in blocks([line("Ett stycke går", 60), line("över sidan.", 780, page=1)], {})] == [1]


def test_page_numbers_are_rest_and_not_main() -> None:
    document = read(page_pdf("Reglemente", [LONG] * 20, CREATED))
    assert [b.text for b in document.blocks if b.part == "rest"] == ["1 (3)", "2 (3)", "3 (3)"]
    assert "1 (3)" not in document.text


def test_the_files_own_dates_are_claims_in_local_time() -> None:
    document = read(page_pdf("Taxa", ["Ord."], CREATED, datetime(2026, 3, 1, 23, 30, tzinfo=UTC)))
    assert document.claims == (
        Claim(
            "created", "file-property", "pdf:CreationDate", "CreationDate", "D:20260201093000+01'00'",
            "2026-02-01T09:30:00", "second", "info/CreationDate", True, None,
        ),
        Claim(
            "updated", "file-property", "pdf:ModDate", "ModDate", "D:20260301233000+00'00'",
            "2026-03-02T00:30:00", "second", "info/ModDate", True, None,
        ),
    )  # fmt: skip
    assert (document.published, document.updated, document.created) == (
        None, "2026-03-02T00:30:00", "2026-02-01T09:30:00",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "value", "precision"),
    [
        ("D:20260201093000+01'00'", "2026-02-01T09:30:00", "second"),
        ("D:20260701093000Z", "2026-07-01T11:30:00", "second"),
        ("D:20260701093000Z'", "2026-07-01T11:30:00", "second"),  # LibreOffice
        ("D:20260201093000", "2026-02-01T09:30:00", "second"),
        ("20260201093000+01'00", "2026-02-01T09:30:00", "second"),
        ("D:202602010930", "2026-02-01T09:30", "minute"),
        ("D:20260201", "2026-02-01", "day"),
        ("D:202602", "2026-02", "month"),
        ("D:2026", "2026", "year"),
        ("D:20260230", None, None),
        ("D:20261301", None, None),
        ("D:20260201093000+99'00'", None, None),
        ("3 mars 2026", None, None),
        ("D:", None, None),
    ],
)
def test_a_pdf_date_keeps_its_precision(raw: str, value: str | None, precision: str | None) -> None:
    assert pdf.parse_date(raw, "Europe/Stockholm")[:2] == (value, precision)


@pytest.mark.parametrize(
    ("created", "doubt"),
    [
        (SEEN + timedelta(hours=1), "future"),
        (datetime(1980, 1, 1, tzinfo=UTC), "before-the-web"),
        (SEEN - timedelta(seconds=5), "fetch-day"),  # made for us, on demand
    ],
)
def test_an_impossible_date_is_a_doubted_claim(created: datetime, doubt: str) -> None:
    document = read(page_pdf("Taxa", ["Ord."], created))
    assert [(c.believed, c.doubt) for c in document.claims] == [(False, doubt)] * 2
    assert (document.updated, document.created) == (None, None)


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - Policy.docx",
        "policy.pdf",
        "Dokument1",
        "Untitled",
        "KF_2026_03",
        "",
        "12 34",
        r"C:\tmp\a b",
        "Bok2",
    ],
)
def test_what_a_program_wrote_is_no_title(title: str) -> None:
    assert read(page_pdf(title, ["Ord."], CREATED)).title is None


def test_a_title_may_hold_numbers_and_stops() -> None:
    assert read(page_pdf("VA-taxa 2026, antagen 3.12", ["Ord."], CREATED)).title == "VA-taxa 2026, antagen 3.12"


def test_links_have_their_target_and_the_words_under_them() -> None:
    body = drawn(
        (72, 700, "Läs mer hos kommunen"),
        more="/Annots [6 0 R 7 0 R 8 0 R]",
        objects=(
            b"<< /Subtype /Link /Rect [70 695 300 712] /A << /S /URI /URI (/styrdokument?a=1&b=2) >> >>",
            b"<< /Subtype /Link /Rect [70 600 300 612] /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>",
            b"<< /Subtype /Link /Rect [70 600 300 612] /Dest [3 0 R /Fit] >>",
        ),
    )
    link = Link("https://www.exempel.se/styrdokument?a=1&b=2", "link", "main", "Läs mer hos kommunen")
    assert read(body).links == (link,)


def test_headings_stand_where_the_outline_names_them() -> None:
    body = drawn(
        (72, 700, "1.2 Syfte och mål"),
        (72, 685, "Syftet är gott."),
        catalogue="/Outlines 6 0 R",
        objects=(
            b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Count 1 >>",
            b"<< /Title (Syfte och m\xe5l) /Parent 6 0 R /Dest [3 0 R /Fit] >>",
        ),
    )
    assert [(b.kind, b.level, b.text) for b in read(body).blocks] == [
        ("heading", 1, "1.2 Syfte och mål"),
        ("paragraph", None, "Syftet är gott."),
    ]


def test_bullets_are_list_items_and_keep_their_second_line() -> None:
    body = drawn(
        (72, 700, "• Den som berörs av beslutet ska få veta det i mycket god tid, så att"),
        (84, 686, "det finns tid att svara."),
        (72, 672, "• Ingen ska behöva fråga två gånger."),
    )
    assert [(b.kind, b.text) for b in read(body).blocks] == [
        ("list-item", "Den som berörs av beslutet ska få veta det i mycket god tid, så att det finns tid att svara."),
        ("list-item", "Ingen ska behöva fråga två gånger."),
    ]


def test_lines_of_an_address_are_not_a_paragraph() -> None:
    wide = "Skriv till den nämnd som har fattat beslutet, och berätta varför du tycker att det är fel."
    lines = ["Exempelköpings kommun", "Torget 1", "999 99 Exempelköping"]
    body = drawn((72, 740, wide), *((72, 700 - 14 * i, words) for i, words in enumerate(lines)))
    assert texts(read(body)) == [wide, *lines]


def line(text: str, base: float, page: int = 0, left: float = 72, right: float = 500) -> PdfLine:
    return PdfLine(text, page, left, right, base, 11, 0.5)


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("inom hälso-", "och sjukvården", "inom hälso- och sjukvården"),
        ("av kommun-", "styrelsen", "av kommunstyrelsen"),
        ("mellan Malmö-", "Lund och Ystad", "mellan Malmö- Lund och Ystad"),
        ("åren 2024-", "2026 gäller", "åren 2024- 2026 gäller"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line(above: str, below: str, whole: str) -> None:
    assert [b.text for b in blocks([line(above, 700), line(below, 686)], {})] == [whole]


def test_a_paragraph_goes_on_over_a_page_end_where_its_last_line_is_full() -> None:
    lines = [
        line("Ett stycke med flera rader som", 74), line("fyller sidan ut. En mening till är slut.", 60),
        line("Nästa mening hör dit.", 780, page=1, right=200), line("Ett annat", 60, page=1, right=160),
        line("fortsätter här.", 780, page=2, right=160), line("Slut.", 700, page=2, right=90),
        line("Nytt stycke.", 780, page=3, right=140),
    ]  # fmt: skip
    assert [b.text for b in blocks(lines, {})] == [
        "Ett stycke med flera rader som fyller sidan ut. En mening till är slut. Nästa mening hör dit.",
        "Ett annat fortsätter här.", "Slut.", "Nytt stycke.",
    ]  # fmt: skip


def test_composed_letters_and_invisible_ones() -> None:
    assert even("A\u030a\u00ad  ko\ufffemmun\u200b \x00ö") == "Å kommun ö"


def test_a_scanned_file_says_so() -> None:
    picture = stream(
        b"\x80", "/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    document = read(drawn(objects=(picture,)))
    assert (document.legible, document.blocks) == ("scanned", ())


def test_a_locked_file_says_so() -> None:
    good = page_pdf("Hemligt", ["Ord."], CREATED)
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (
        b"41" * 32,
        b"42" * 32,
    )
    body = good.replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)
    assert read(body) == Document("pdf", "locked", payload=sha256(body))


@pytest.mark.parametrize("body", [b"", b"%PDF-1.4", b"<html>", b"%PDF-1.7\n" + b"\x00" * 1000])
def test_a_broken_file_is_still_one_with_its_bytes(body: bytes) -> None:
    assert read(body) == Document("pdf", "no", payload=sha256(body))


def test_too_many_pages_are_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    body = page_pdf("Reglemente", [LONG] * 20, CREATED)
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    document = read(body)
    assert document.legible == "partly"
    assert 0 < document.words < read(page_pdf("Reglemente", [LONG] * 40, CREATED)).words + 1000
    monkeypatch.setattr(pdf, "MAX_CHARS", 100)
    assert read(body).legible == "partly"


def test_an_exchanged_file_is_another_core_even_with_the_same_words() -> None:
    first, second = read(page_pdf("A", ["Ord."], CREATED)), read(page_pdf("A", ["Ord."], CREATED) + b"\n")
    assert first.text == second.text
    assert first.core != second.core


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    body = bytearray(page_pdf("Policy", ["# Syfte", LONG], CREATED))
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[at] = data.draw(st.integers(0, 255))
    document = read(bytes(body[: data.draw(st.integers(0, len(body)))]))
    assert document.payload is not None
