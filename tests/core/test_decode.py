from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.decode import codec, declared, decode, mask

CASES = Path(__file__).parents[3] / "shared" / "corpus" / "encoding" / "html5lib_encoding"


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding"),
    [
        ("Kåre".encode(), None, "Kåre", "utf-8"),
        ("Kåre".encode("latin-1"), None, "Kåre", "windows-1252"),
        (b"\x93citat\x94 \x96 99 \x80", "text/html; charset=iso-8859-1", "“citat” – 99 €", "windows-1252"),
        ("\ufeffKåre".encode(), "text/html; charset=iso-8859-1", "Kåre", "utf-8"),
        ("\ufeffÅ".encode("utf-16-be"), "text/html; charset=utf-8", "Å", "utf-16-be"),
        ("Å".encode("utf-16-le"), "text/html; charset=utf-16", "Å", "utf-16-le"),
        ("Привет".encode("cp1251"), 'text/html; charset="windows-1251"', "Привет", "cp1251"),
        (b'<meta charset="windows-1251">' + "Да".encode("cp1251"), None, '<meta charset="windows-1251">Да', "cp1251"),
        (
            b'<?xml version="1.0" encoding="ISO-8859-2"?>\xb1',
            None,
            '<?xml version="1.0" encoding="ISO-8859-2"?>ą',
            None,
        ),
        (b"x", "text/html; charset=nonsense", "x", "utf-8"),
        (b"x", "text/html; charset=base64", "x", "utf-8"),
    ],
)
def test_mark_then_header_then_meta_then_the_bytes_themselves(
    body: bytes, content_type: str | None, text: str, encoding: str | None
) -> None:
    found = decode(body, content_type)
    assert found.text == text
    assert encoding is None or found.encoding == encoding
    assert not found.replaced


@pytest.mark.parametrize("label", ["iso-8859-1", "latin1", "windows-1252", "us-ascii", "iso-8859-15", "windows-1251"])
def test_a_label_that_lies_over_good_utf8_is_not_believed(label: str) -> None:
    assert decode("Göteborg – Malmö".encode(), f"text/html; charset={label}").text == "Göteborg – Malmö"


def test_a_page_in_latin1_that_says_utf8_is_read_as_what_it_is() -> None:
    found = decode("Örebro är här, säger de på ön".encode("latin-1"), "text/html; charset=utf-8")
    assert (found.text, found.encoding) == ("Örebro är här, säger de på ön", "windows-1252")


def test_a_cut_character_does_not_turn_a_page_into_another_encoding() -> None:
    found = decode("Åsa, Örjan och Märta på Öland å".encode()[:-1], "text/html; charset=utf-8")
    assert found.encoding == "utf-8"
    assert found.replaced
    assert found.text.startswith("Åsa, Örjan och Märta på Öland ")


def test_the_declaration_is_looked_for_past_long_comments_and_outside_attributes() -> None:
    assert declared(b"<!--" + b"x" * 2000 + b"--><meta charset=koi8-r>") == "koi8-r"
    assert declared(b'<div title="<meta charset=koi8-r>">') is None
    assert declared(b'<meta name=x content="charset=koi8-r">') is None
    assert declared(b'<meta http-equiv=Content-Type content="text/html; charset=koi8-r">') == "koi8-r"


def test_a_page_whose_ascii_could_be_read_is_not_in_utf16() -> None:
    assert declared(b"<meta charset=utf-16>") == "utf-8"


def test_a_label_means_on_the_web_what_browsers_take_it_for() -> None:
    assert (codec(" Latin1 "), codec("iso-8859-9"), codec("gb2312")) == ("windows-1252", "cp1254", "gb18030")
    assert codec("rot13") is None
    assert codec("utf-8\0") is None


def test_redacted_spans_are_blacked_out_in_place() -> None:
    assert mask("Kalle bor i Berg", ((0, 5), (12, 99), (3, 2))) == "█████ bor i ████"


@given(st.binary(max_size=300), st.sampled_from([None, "text/html; charset=utf-8", "text/html; charset=shift_jis"]))
def test_any_bytes_are_some_text(body: bytes, content_type: str | None) -> None:
    assert isinstance(decode(body, content_type).text, str)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")))
def test_utf8_is_read_back_as_it_was_written(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(text.encode(), "text/html; charset=utf-8").text == text


@pytest.mark.corpus
@pytest.mark.skipif(not CASES.is_dir(), reason="the shared corpus is not beside this checkout")
@pytest.mark.parametrize("file", ["tests2.dat", "test-yahoo-jp.dat"])
def test_the_prescan_finds_what_the_html5lib_cases_expect(file: str) -> None:
    cases = (CASES / file).read_bytes().split(b"#data\n")[1:]
    assert cases
    for case in cases:
        data, expected = case.split(b"\n#encoding\n")
        assert (declared(data) or "windows-1252") == codec(expected.strip().decode()), data


def test_every_byte_of_windows_1252_is_a_character_and_none_is_lost() -> None:
    body = bytes(range(0x80, 0x100))
    text = decode(body, "text/html; charset=windows-1252").text
    assert text == "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in body)
