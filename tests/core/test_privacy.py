import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract.privacy import COVER, cover, mask, mask_document
from archiver.model import Block, Claim, Document, Link


def luhn_digit(nine: str) -> str:
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(nine))
    return str(-total % 10)


@pytest.mark.parametrize(
    "number",
    [
        "640823-3234", "6408233234", "19640823-3234", "196408233234", "640823+3234", "640823–3234", "640823 - 3234",
        "640883-3231",  # a coordination number: 60 added to the day
        "000229-0005",  # 2000 had such a day
    ],
)  # fmt: skip
def test_a_personal_identity_number_is_covered_in_all_its_forms(number: str) -> None:
    assert mask(f"Klagande: {number}, ombud saknas.") == (f"Klagande: {COVER * len(number)}, ombud saknas.", 1)


@pytest.mark.parametrize(
    "text",
    [
        "640823-3235",  # wrong checksum
        "641323-3239", "640832-3238", "010229-0004",  # no such month, no such day, 2001 was no leap year
        "556036-0793", "5560360793", "165560360793", "212000-1355",  # organisation numbers
        "0990-100 00", "070-123 45 67", "2019-11-08", "20191108", "1700000000000", "KS 2026/123", "9-640823-32341",
        "18.640823323418c3d0", "svid12_6408233234", "x6408233234", "3,6408233234", "6408233234px",  # parts
    ],
)  # fmt: skip
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert mask(text) == (text, 0)


def test_words_glued_to_a_number_do_not_hide_it() -> None:
    assert mask("Personnummer640823-3234Adress")[0] == f"Personnummer{COVER * 11}Adress"


@settings(deadline=None)
@given(
    st.dates(date(1930, 1, 1), date(2024, 12, 31)), st.integers(0, 999), st.sampled_from(["-", "+", ""]), st.booleans()
)
def test_every_valid_number_is_found(day: date, serial: int, sign: str, century: bool) -> None:
    nine = f"{day:%y%m%d}{serial:03}"
    number = f"{day:%Y%m%d}"[0 if century else 2 :] + sign + f"{serial:03}{luhn_digit(nine)}"
    assert mask(f"a {number} b") == (f"a {COVER * len(number)} b", 1)


@settings(deadline=None)
@given(st.text(alphabet="0123456789-+ aå█\n", max_size=80))
def test_masking_keeps_length_and_has_nothing_left_to_mask(text: str) -> None:
    masked, _ = mask(text)
    assert len(masked) == len(text)
    assert mask(masked) == (masked, 0)


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=5))
def test_covered_spans_keep_length_and_lines(text: str, spans: list[tuple[int, int]]) -> None:
    covered = cover(text, spans)
    assert len(covered) == len(text)
    assert [i for i, c in enumerate(covered) if c == "\n"] == [i for i, c in enumerate(text) if c == "\n"]
    hidden = {i for start, end in spans for i in range(max(start, 0), min(end, len(text)))}
    assert all(covered[i] == text[i] for i in range(len(text)) if i not in hidden)
    assert all(covered[i] in (COVER, "\n") for i in hidden)


def test_a_file_is_masked_after_reading_in_every_field() -> None:
    document = Document(
        "pdf",
        title="Yttrande 640823-3234",
        blocks=(Block("main", "paragraph", None, "Sökande: 640823-3234"), Block("rest", "paragraph", None, "1 (2)")),
        links=(Link("https://a.se/", "link", "main", "640823-3234"),),
        claims=(Claim("other", "label", "x", "640823-3234", "640823-3234", None, None, "p", True, None),),
    )
    masked, count = mask_document(document)
    assert count == 1
    assert "640823" not in repr(masked)
    assert masked.text == f"Sökande: {COVER * 11}"


def test_a_redacted_span_of_a_file_takes_title_and_link_with_it() -> None:
    document = Document(
        "pdf",
        title="Anna Ek",
        blocks=(Block("main", "heading", 1, "Anna Ek"), Block("main", "paragraph", None, "bor i Ekby.")),
        links=(Link("https://a.se/", "link", "main", "Anna Ek"), Link("https://b.se/", "link", "main", "Ekby")),
    )
    masked, _ = mask_document(document, [(0, 7)])
    assert masked.full_text == f"{COVER * 7}\nbor i Ekby."
    assert masked.title == masked.links[0].text == COVER * 7
    assert masked.links[1].text == "Ekby"


def test_a_document_without_anything_to_hide_is_the_same_one() -> None:
    document = Document("pdf", blocks=(Block("main", "paragraph", None, "Ord."),))
    assert mask_document(document) == (document, 0)


@pytest.mark.parametrize("hostile", ["1" * 500_000, "640823-" * 70_000, "191111 " * 70_000, "640823-323" * 50_000])
def test_time_grows_with_the_text_only(hostile: str) -> None:
    start = time.process_time()
    mask(hostile)
    assert time.process_time() - start < 30  # it does not hang; how fast it is, a benchmark tells
