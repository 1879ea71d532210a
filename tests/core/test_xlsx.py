"""Excel files: rows as they are shown."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.digests import sha256
from archiver.extract.files import package
from archiver.extract.files import xlsx as reader
from archiver.extract.files.cellforms import Form, form_of, shown
from archiver.model import Document, Facts, Language, Link, Profile, Rules
from office import SHEETS, relationships, xlsx

FACTS = Facts("https://www.exempel.se/dokument/budget.xlsx", datetime(2026, 3, 3, 5, 0, tzinfo=UTC), role="file")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)
FORMS = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd;@"/></numFmts><cellStyleXfs><xf numFmtId="9"/>'
    '</cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="22"/></cellXfs>'
)


def read(body: bytes) -> Document:
    return reader.read(body, FACTS, RULES)


def texts(rows: str, **more: object) -> list[str]:
    body = xlsx(("Blad", f"<sheetData>{rows}</sheetData>"), **more)  # type: ignore[arg-type]
    return [b.text for b in read(body).blocks if b.kind == "table-row"]


def test_each_sheet_is_a_heading_and_each_row_a_line_and_what_is_hidden_is_rest() -> None:
    rows = '<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row hidden="1"><c><v>7</v></c></row>'
    document = read(
        xlsx(
            ("Budget 2026", rows + "</sheetData>"), ("Underlag", "<sheetData><row><c><v>1</v></c></row></sheetData>"),
            strings=["Nämnd", "Belopp"], hidden=frozenset({"Underlag"}),
        )
    )  # fmt: skip
    assert [(b.part, b.kind, b.level, b.text) for b in document.blocks] == [
        ("main", "heading", 1, "Budget 2026"), ("main", "table-row", None, "Nämnd | Belopp"),
        ("rest", "table-row", None, "7"), ("rest", "heading", 1, "Underlag"), ("rest", "table-row", None, "1"),
    ]  # fmt: skip
    assert (document.kind, document.legible, document.title) == ("xlsx", "yes", None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c t="inlineStr"><is><r><t>Asta</t></r><r><t> Ek</t></r><rPh><t>asuta</t></rPh></is></c>', "Asta Ek"),
        ('<c t="str"><f>A1&amp;B1</f><v>summa</v></c>', "summa"),
        ("<c><f>SUM(A1:A3)</f><v>1250</v></c>", "1250"),
        ('<c t="b"><v>1</v></c>', "TRUE"),
        ('<c t="e"><v>#N/A</v></c>', "#N/A"),
        ("<c><v>2500.0</v></c>", "2500"),
        ("<c><v>0.30000000000000004</v></c>", "0.3"),
        ('<c s="1"><v>46022</v></c>', "2025-12-31"),
        ('<c s="3"><v>46022.604166666664</v></c>', "2025-12-31 14:30"),
        ('<c s="2"><v>0.125</v></c>', "12.5%"),
        ('<c s="99"><v>3</v></c>', "3"),
        ('<c t="d"><v>2026-01-01</v></c>', "2026-01-01"),
    ],
)
def test_a_cell_is_what_it_shows(cell: str, text: str) -> None:
    assert texts(f"<row>{cell}</row>", styles=FORMS) == [text]


def test_days_may_be_counted_from_1904() -> None:
    row = '<row><c s="1"><v>44560</v></c></row>'
    assert texts(row, styles=FORMS, book='<workbookPr date1904="1"/>') == ["2025-12-31"]


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", "number"), ("Standard", "number"), ("#,##0.00", "number"), ('0 "st"', "number"),
        ("0.0%", "percent"),
        ("yyyy-mm-dd", "day"), ("[$-41D]d mmmm yyyy;@", "day"), ("mmm", "day"), ("d/m/yyyy h:mm", "moment"),
        ("hh:mm:ss.000", "time"), ("[h]:mm", "number"), ('"den" d', "day"), ("[Red]#,##0;[Blue]-#,##0", "number"),
        ("@", "number"), ("#,##0\\ \\d\\a\\g", "number"), ("", "number"),
    ],
)  # fmt: skip
def test_a_format_tells_days_from_amounts(code: str, form: Form) -> None:
    assert form_of(code) == form


@pytest.mark.parametrize(
    ("raw", "form", "text"),
    [
        ("1", "day", "1900-01-01"), ("59", "day", "1900-02-28"), ("61", "day", "1900-03-01"), ("0.5", "time", "12:00"),
        ("0.999999", "time", "00:00"), ("-1", "day", "-1"), ("1e300", "day", "1e+300"),
        ("nan", "day", "nan"), ("inf", "number", "inf"), ("x", "number", "x"), ("2958465.9999999", "moment", None),
    ],
)  # fmt: skip
def test_numbers_as_text(raw: str, form: Form, text: str | None) -> None:
    found = shown(raw, form, from_1904=False)
    assert text is None or found == text


def test_an_empty_cell_between_two_keeps_its_place_and_one_outside_does_not() -> None:
    row = '<row><c r="C3"><v>1</v></c><c r="D3"/><c r="E3"><v>2</v></c><c r="F3"/></row><row><c r="A4"/></row>'
    assert texts(row) == ["1 | | 2"]
    assert texts('<row><c r="Z3"><v>1</v></c><c r="AB3"><v>2</v></c><c r="BA3"/><c r="AC3"><v>3</v></c></row>') == [
        "1 | | 2 | 3"
    ]


def test_cells_lead_where_relationships_or_formulas_say() -> None:
    rows = (
        '<sheetData><row><c r="A1" t="inlineStr"><is><t>Plan</t></is></c><c r="B1" t="str">'
        '<f>HYPERLINK("https://b.example/","Taxa")</f><v>Taxa</v></c></row></sheetData>'
        '<hyperlinks><hyperlink ref="A1" r:id="h"/></hyperlinks>'
    )
    related = relationships(("h", "hyperlink", "https://a.example/"))
    document = read(xlsx(("Blad", rows), parts={"xl/worksheets/_rels/sheet1.xml.rels": related}))
    assert document.links == (
        Link("https://a.example/", "link", "main", "Plan", block=1),
        Link("https://b.example/", "link", "main", "Taxa", block=1),
    )


def test_dates_and_title_are_the_files_own_but_not_those_of_an_empty_workbook() -> None:
    core = "<dc:title>Budget för nämnden</dc:title><dcterms:created>{}</dcterms:created>"
    document = read(xlsx(("Blad", ""), core=core.format("2026-01-02T10:00:00Z")))
    assert (document.title, document.created) == ("Budget för nämnden", "2026-01-02T11:00:00")
    (claim,) = read(xlsx(("Blad", ""), core=core.format("2006-09-16T00:00:00Z"))).claims
    assert claim.doubt == "misleading-label"


def test_cells_end_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_CELLS", 3)
    body = xlsx(("Blad", "<sheetData>" + "<row><c><v>1</v></c><c><v>2</v></c></row>" * 9 + "</sheetData>"))
    document = read(body)
    assert document.legible == "partly"
    assert [b.text for b in document.blocks] == ["Blad", "1 | 2", "1"]


@pytest.mark.parametrize(
    "rows",
    ["<row/>" * 100_000, "<row><c/></row>" * 50_000, '<row><c t="s"><v>0</v></c></row>' * 50_000],
    ids=["rows", "empty", "strings"],
)
def test_a_sheet_without_end_is_read_in_part(rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_WORK", 100_000)
    assert read(xlsx(("Blad", f"<sheetData>{rows}</sheetData>"), strings=["x" * 30_000])).legible == "partly"


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", xlsx(("A", ""))[:500]])
def test_a_broken_file_is_still_one_with_its_bytes(body: bytes) -> None:
    assert read(body) == Document("xlsx", "no", payload=sha256(body))


VALID = xlsx(("Blad", '<sheetData><row><c t="s" s="1"><v>0</v></c></row></sheetData>'), strings=["a"], styles=FORMS)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    body = bytearray(VALID)
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[at] = data.draw(st.integers(0, 255))
    assert read(bytes(body[: data.draw(st.integers(0, len(body)))])).payload is not None


@settings(max_examples=150, deadline=None)
@given(
    value=st.text(max_size=12),
    kind=st.sampled_from(("s", "b", "e", "n", "d", "str", "inlineStr", "x")),
    style=st.integers(-2, 5),
)
def test_no_cell_breaks_the_reader(value: str, kind: str, style: int) -> None:
    safe = "".join(c for c in value if c.isalnum() or c in ".-+")
    sheet = f'<worksheet xmlns="{SHEETS}"><sheetData><row><c t="{kind}" s="{style}"><v>{safe}</v></c></row></sheetData>'
    document = read(xlsx(("Blad", ""), styles=FORMS, parts={"xl/worksheets/sheet1.xml": sheet + "</worksheet>"}))
    assert document.kind == "xlsx"
