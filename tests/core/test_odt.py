"""OpenDocument files: text and spreadsheets."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.digests import sha256
from archiver.extract.files import odt as reader
from archiver.extract.files import package
from archiver.extract.sniff import kind
from archiver.model import Document, Facts, Language, Link, Profile, Rules
from office import odt

FACTS = Facts("https://www.exempel.se/dokument/plan.odt", datetime(2026, 3, 3, 5, 0, tzinfo=UTC), role="file")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)


def read(body: bytes) -> Document:
    return reader.read(body, FACTS, RULES)


def main(text: str, **more: str) -> list[tuple[str, int | None, str]]:
    return [(b.kind, b.level, b.text) for b in read(odt(text, **more)).blocks if b.part == "main"]  # type: ignore[arg-type]


def test_text_stands_in_mixed_content() -> None:
    text = (
        '<text:p>Den <text:span>nya <text:span>planen</text:span></text:span><text:s text:c="3"/>gäller<text:tab/>från'
        "<text:line-break/>i dag.</text:p>"
    )
    assert main(text) == [("paragraph", None, "Den nya planen gäller från i dag.")]


def test_headings_lists_and_tables() -> None:
    item = "<text:list-item><text:p>{}</text:p>{}</text:list-item>"
    inner = "<text:list>" + item.format("b", "") + "</text:list>"
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    text = (
        '<text:h text:outline-level="2">Syfte</text:h><text:h>Utan nivå</text:h><text:list>'
        + item.format("a", inner) + "</text:list><table:table>"
        + row.format(cell.format("Namn") + cell.format("Roll"))
        + row.format(cell.format("Asta Ek") + "<table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>"
                     + "<table:table-cell><text:list>" + item.format("c", "") + "</text:list></table:table-cell>")
        + row.format(cell.format("Ensam i sin rad")) + "</table:table><text:p>Slut.</text:p>"
    )  # fmt: skip
    assert main(text) == [
        ("heading", 2, "Syfte"), ("heading", 1, "Utan nivå"), ("list-item", 1, "a"), ("list-item", 2, "b"),
        ("table-row", None, "Namn | Roll"), ("table-row", None, "Asta Ek | c"), ("paragraph", None, "Ensam i sin rad"),
        ("paragraph", None, "Slut."),
    ]  # fmt: skip


def test_what_was_struck_out_hidden_or_annotated_is_not_there() -> None:
    hidden = '<style:text-properties text:display="none"/>'
    styles = f'<style:style style:name="P1" style:family="paragraph">{hidden}</style:style>'
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Struket</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:p>Kvar<text:change-start/> och inlagt<office:annotation><text:p>Varför?</text:p></office:annotation>"
        '.</text:p><text:p text:style-name="P1">Dolt</text:p>'
        '<text:section text:display="none"><text:p>Dolt avsnitt</text:p></text:section>'
    )
    assert main(text, styles=styles) == [("paragraph", None, "Kvar och inlagt.")]


def test_notes_contents_and_footers_are_rest_and_boxes_stand_before() -> None:
    text = (
        "<text:table-of-content><text:index-body><text:p>Syfte 1</text:p></text:index-body></text:table-of-content>"
        "<text:p>Text<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>En not.</text:p>"
        "</text:note-body></text:note> med not.<draw:frame><draw:text-box><text:p>I rutan</text:p></draw:text-box>"
        "</draw:frame></text:p>"
    )
    footer = "<office:master-styles><style:footer><text:p>Exempelköping</text:p></style:footer></office:master-styles>"
    document = read(odt(text, common=footer))
    assert [b.text for b in document.main] == ["I rutan", "Text med not."]
    assert [b.text for b in document.blocks if b.part == "rest"] == ["Syfte 1", "En not.", "Exempelköping"]


def test_links_dates_language_and_title() -> None:
    meta = (
        "<dc:title>Plan för gator</dc:title><meta:creation-date>2025-02-01T08:30:00.123456789</meta:creation-date>"
        "<dc:date>2026-03-01T23:30:00Z</dc:date><meta:generator>LibreOffice/7.4</meta:generator>"
        "<dc:creator>Asta Ek</dc:creator>"
    )
    common = (
        '<office:styles><style:default-style style:family="paragraph"><style:text-properties fo:language="sv"'
        ' fo:country="SE"/></style:default-style></office:styles>'
    )
    text = '<text:p>Se <text:a xlink:href="../taxa.pdf">taxan</text:a>.</text:p>'
    document = read(odt(text, meta=meta, common=common))
    assert document.links == (Link("https://www.exempel.se/taxa.pdf", "link", "main", "taxan", block=0),)
    assert (document.title, document.language, document.about.generator) == (
        "Plan för gator",
        "sv-SE",
        "LibreOffice/7.4",
    )
    assert (document.created, document.updated) == ("2025-02-01T08:30:00", "2026-03-02T00:30:00")
    assert [c.rule for c in document.claims] == ["odt:creation-date", "odt:date"]
    assert "Asta" not in repr(document)


def test_a_title_by_style_and_pages_by_soft_breaks() -> None:
    styles = (
        '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
        '<style:style style:name="P2" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/>'
        "</style:style>"
    )
    text = (
        '<text:p text:style-name="P1">Plan för vägar</text:p><text:p>ett <text:soft-page-break/>två</text:p>'
        '<text:p>mer</text:p><text:p text:style-name="P2">tre</text:p>'
    )
    document = read(odt(text, styles=styles))
    assert document.title == "Plan för vägar"
    assert [(b.kind, b.page) for b in document.blocks] == [
        ("title", 1), ("paragraph", 1), ("paragraph", 2), ("paragraph", 3),
    ]  # fmt: skip


def test_a_spreadsheet_is_tables_with_names() -> None:
    properties = '<style:table-properties table:display="false"/>'
    hidden = f'<style:style style:name="t2" style:family="table">{properties}</style:style>'
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    empty = '<table:table-cell table:number-columns-repeated="1000"/>'
    text = (
        '<table:table table:name="Budget"><table:table-row>' + cell.format("", "Nämnd") + cell.format("", "1 250,50")
        + empty + "</table:table-row><table:table-row>" + cell.format("", "Ensam") + "</table:table-row></table:table>"
        '<table:table table:name="Dold" table:style-name="t2"><table:table-row>'
        + cell.format(' table:number-columns-repeated="2"', "x") + "</table:table-row></table:table>"
    )  # fmt: skip
    body = odt(text, styles=hidden, kind="spreadsheet")
    assert kind(body) == "ods"
    assert [(b.part, b.kind, b.text) for b in read(body).blocks] == [
        ("main", "heading", "Budget"), ("main", "table-row", "Nämnd | 1 250,50"), ("main", "table-row", "Ensam"),
        ("rest", "heading", "Dold"), ("rest", "table-row", "x | x"),
    ]  # fmt: skip
    assert (read(body).kind, read(body).title) == ("ods", None)


def test_templates_are_read_and_locked_files_say_so() -> None:
    assert kind(odt("", kind="text-template")) == "odt"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
        ' manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )
    body = odt("", parts={"META-INF/manifest.xml": manifest, "content.xml": b"\x8f\x11\x00"})
    assert read(body) == Document("odt", "locked", payload=sha256(body))


def test_text_across_the_pieces_that_a_part_is_parsed_in_is_whole() -> None:
    words = [f"ord{n}" for n in range(30_000)]
    text = "<text:p>" + "".join(f"<text:span>{word}</text:span> " for word in words) + "</text:p>"
    assert read(odt(text)).text.split() == words


@pytest.mark.parametrize(
    "text", ["<text:p>" + "a<text:s/>" * 100_000 + "</text:p>", "<text:list>" * 200_000], ids=["spans", "depth"]
)
def test_a_bomb_is_read_in_part(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_WORK", 100_000)
    document = read(odt("<text:p>Först.</text:p>" + text))
    assert (document.legible, document.blocks[0].text) == ("partly", "Först.")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", odt("")[:300]])
def test_a_broken_file_is_still_one_with_its_bytes(body: bytes) -> None:
    assert read(body) == Document("odt", "no", payload=sha256(body))


VALID = odt(
    "<text:h>Syfte</text:h><text:p>Ord.</text:p><table:table><table:table-row/></table:table>", meta="<dc:date/>"
)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    body = bytearray(VALID)
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[at] = data.draw(st.integers(0, 255))
    assert read(bytes(body[: data.draw(st.integers(0, len(body)))])).payload is not None


TAGS = (
    "text:p", "text:h", "text:list", "text:list-item", "table:table", "table:table-row", "table:table-cell", "text:a",
    "text:note",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TAGS), st.booleans()), max_size=25))
def test_elements_in_any_order_lose_no_word(shape: list[tuple[str, bool]]) -> None:
    text, wanted = "", []
    for n, (tag, inside) in enumerate(shape):
        words = f"<text:p>ord{n}.</text:p>"
        wanted.append(f"ord{n}.")
        text = f"<{tag}>{text}</{tag}>{words}" if inside else f"{words}<{tag}>{text}</{tag}>"
    found = " ".join(b.text for b in read(odt(text)).blocks)
    assert all(word in found for word in wanted)
