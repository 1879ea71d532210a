"""Word files: what Word shows is read, and nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.digests import sha256
from archiver.extract.files import docx as reader
from archiver.extract.files import manuscript, package
from archiver.model import Document, Facts, Language, Link, Profile, Rules
from office import STRICT_WORD, WORD, docx, p, relationships, run, table

SEEN = datetime(2026, 3, 3, 5, 0, tzinfo=UTC)
FACTS = Facts("https://www.exempel.se/dokument/policy.docx", SEEN, role="file")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)
HEADINGS = "".join(
    f'<w:style w:styleId="Rubrik{n}"><w:name w:val="heading {n}"/><w:basedOn w:val="Normal"/></w:style>' for n in (1, 2)
)
PAGE_END = "<w:r><w:lastRenderedPageBreak/></w:r>"


def read(body: bytes) -> Document:
    return reader.read(body, FACTS, RULES)


def main(document: Document) -> list[tuple[str, int | None, str]]:
    return [(b.kind, b.level, b.text) for b in document.blocks if b.part == "main"]


def texts(body: str, **more: object) -> list[str]:
    return [b.text for b in read(docx(body, **more)).blocks if b.part == "main"]  # type: ignore[arg-type]


def rest(document: Document) -> list[str]:
    return [b.text for b in document.blocks if b.part == "rest"]


def test_headings_are_told_by_name_outline_or_id_in_any_language() -> None:
    styles = HEADINGS + (
        '<w:style w:styleId="Eget"><w:name w:val="Eget"/><w:basedOn w:val="Rubrik2"/></w:style>'
        '<w:style w:styleId="Kap"><w:name w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    )
    body = (
        p("Ingress.") + p("Syfte", style="Rubrik1") + p("Mål", style="Eget") + p("Medel", style="Kap")
        + p("Zweck", style="berschrift2") + p("Bilaga", about='<w:outlineLvl w:val="3"/>')
        + p("Ingen rubrik", style="Rubrik1", about='<w:outlineLvl w:val="9"/>')
    )  # fmt: skip
    assert main(read(docx(body, styles=styles))) == [
        ("paragraph", None, "Ingress."), ("heading", 1, "Syfte"), ("heading", 2, "Mål"), ("heading", 3, "Medel"),
        ("heading", 2, "Zweck"), ("heading", 4, "Bilaga"), ("paragraph", None, "Ingen rubrik"),
    ]  # fmt: skip


def test_list_items_have_their_depth_and_a_list_of_none_is_none() -> None:
    listed = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    styles = f'<w:style w:styleId="Punkt"><w:name w:val="List Bullet"/><w:pPr>{listed.format(0, 3)}</w:pPr></w:style>'
    body = (
        p("ett", about=listed.format(0, 1)) + p("två", about=listed.format(1, 1)) + p("tre", style="Punkt")
        + p("fyra", style="Punkt", about=listed.format(0, 0)) + p("• fem")
    )  # fmt: skip
    assert main(read(docx(body, styles=styles))) == [
        ("list-item", 1, "ett"), ("list-item", 2, "två"), ("list-item", 1, "tre"), ("paragraph", None, "fyra"),
        ("list-item", 1, "fem"),
    ]  # fmt: skip


def test_a_table_is_rows_and_a_merged_cell_stands_once() -> None:
    merged = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p("Ordinarie")}</w:tc>'
    body = table(["Namn", "Parti", "Roll"], ["Asta Ek", "(S)", p("Ordförande") + p("Utskottet")], ["Summa", "", ""])
    assert main(read(docx(body + f"<w:tbl><w:tr>{merged}<w:tc>{p('Ersättare')}</w:tc></w:tr></w:tbl>"))) == [
        ("table-row", None, "Namn | Parti | Roll"),
        ("table-row", None, "Asta Ek | (S) | Ordförande Utskottet"),
        ("table-row", None, "Summa"),
        ("table-row", None, "Ordinarie | Ersättare"),
    ]


def test_a_table_that_lays_out_the_page_is_no_rows() -> None:
    inner = table(["a", "b"])
    body = table([p("Faktaruta") + p("Mer fakta.")], ["§ 12", p("Beslut", style="Rubrik2") + p("Bifalles.") + inner])
    assert main(read(docx(body, styles=HEADINGS))) == [
        ("paragraph", None, "Faktaruta"), ("paragraph", None, "Mer fakta."), ("paragraph", None, "§ 12"),
        ("heading", 2, "Beslut"), ("paragraph", None, "Bifalles."), ("table-row", None, "a | b"),
    ]  # fmt: skip


def test_what_was_struck_out_moved_or_hidden_is_not_there_and_what_was_put_in_is() -> None:
    body = (
        p("Kvar ", '<w:del><w:r><w:delText>bort</w:delText></w:r></w:del><w:ins>' + run("inlagt") + "</w:ins>")
        + p('<w:moveFrom><w:r><w:t>flyttat</w:t></w:r></w:moveFrom>', "Här.")
        + p(run("dolt", "<w:vanish/>"), run("synligt", '<w:vanish w:val="0"/>'))
        + p("Delat", about="<w:rPr><w:del/></w:rPr>") + p(" stycke.")
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + p("a") + "</w:tc></w:tr></w:tbl>"
        + p("Egenskap", about='<w:pPrChange><w:pPr><w:pStyle w:val="Rubrik1"/></w:pPr></w:pPrChange>')
    )  # fmt: skip
    assert main(read(docx(body, styles=HEADINGS))) == [
        ("paragraph", None, text) for text in ("Kvar inlagt", "Här.", "synligt", "Delat stycke.", "Egenskap")
    ]


def test_a_hidden_style_hides_and_placeholders_are_no_words() -> None:
    styles = '<w:style w:styleId="Dold"><w:name w:val="Dold"/><w:rPr><w:vanish/></w:rPr></w:style>'
    content = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>" + p("Klicka här") + "</w:sdtContent></w:sdt>"
    body = p("dolt", style="Dold") + content.format("<w:showingPlcHdr/>") + content.format("") + p("Slut.")
    assert texts(body, styles=styles) == ["Klicka här", "Slut."]


def test_a_text_box_is_read_once_and_before_its_paragraph() -> None:
    box = "<w:drawing><w:txbxContent>" + p("I rutan") + "</w:txbxContent></w:drawing>"
    choice = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert texts(p("Före ", f"<w:r>{choice}</w:r>", "efter.")) == ["I rutan", "Före efter."]


def test_signs_that_are_elements() -> None:
    signs = (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t><w:softHyphen/></w:r>"
    )
    assert texts(p(signs, about="<w:tabs><w:tab/></w:tabs>") + p("kom\u00admun\u200b")) == ["a b c-d", "kommun"]


def test_links_by_relationship_and_by_field() -> None:
    def sign(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    field = sign("begin") + '<w:r><w:instrText> HYPERLINK "https://b.example/" </w:instrText></w:r>' + sign("separate")
    simple = "<w:fldSimple w:instr='HYPERLINK \"mailto:namnd@exempel.se\"'>" + run("nämnden") + "</w:fldSimple>"
    body = (
        p("Först")
        + p("Se ", '<w:hyperlink r:id="h1">' + run("planen") + "</w:hyperlink>", " och ", field, "taxan", sign("end"))
        + table([p(simple), "b"])
        + p('<w:hyperlink w:anchor="kap2">' + run("kapitel 2") + "</w:hyperlink>")
        + p('<w:hyperlink r:id="h2">' + run("listig") + "</w:hyperlink>")
    )
    document = read(
        docx(body, relations=[("h1", "hyperlink", "https://a.example/plan"), ("h2", "hyperlink", "javascript:1")])
    )
    assert [b.text for b in document.blocks] == [
        "Först", "Se planen och taxan", "nämnden | b", "kapitel 2", "listig",
    ]  # fmt: skip
    assert document.links == (
        Link("https://a.example/plan", "link", "main", "planen", block=1),
        Link("https://b.example/", "link", "main", "taxan", block=1),
        Link("mailto:namnd@exempel.se", "link", "main", "nämnden", block=2),
    )


def test_notes_headers_and_contents_are_rest_and_headers_stand_once() -> None:
    related = [("n", "footnotes", "footnotes.xml"), ("h1", "header", "h1.xml"), ("h2", "header", "h2.xml")]
    header = f'<w:hdr xmlns:w="{WORD}">{p("Exempelköpings kommun")}</w:hdr>'
    parts: dict[str, str | bytes] = {
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{WORD}"><w:footnote>{p("En not.")}</w:footnote></w:footnotes>',
        "word/h1.xml": header,
        "word/h2.xml": header,
    }
    styles = '<w:style w:styleId="Inneh1"><w:name w:val="toc 1"/></w:style>'
    document = read(docx(p("Syfte 3", style="Inneh1") + p("Text."), relations=related, parts=parts, styles=styles))
    assert [b.text for b in document.main] == ["Text."]
    assert rest(document) == ["Syfte 3", "En not.", "Exempelköpings kommun"]


def test_pages_are_those_of_the_last_layout() -> None:
    broken = '<w:r><w:br w:type="page"/></w:r>'
    row = "<w:tr>" + 2 * ("<w:tc>" + p("a", PAGE_END, "b") + "</w:tc>") + "</w:tr>"
    body = p("ett") + p("två ", PAGE_END, "går över") + p(PAGE_END, "tre", broken) + p(PAGE_END, "fyra")
    blocks = read(docx(body + f"<w:tbl>{row}</w:tbl>" + p("sex"))).blocks
    assert [(b.text, b.page) for b in blocks] == [
        ("ett", 1), ("två går över", 1), ("tre", 3), ("fyra", 4), ("ab | ab", 4), ("sex", 5),
    ]  # fmt: skip
    assert {b.page for b in read(docx(p("ett") + p("två"))).blocks} == {None}


def test_a_paragraph_may_begin_a_page_but_the_first_does_so_anyway() -> None:
    starts = "<w:pageBreakBefore/>"
    body = p("ett", about=starts) + p("två", about=starts) + p("tre", about='<w:pageBreakBefore w:val="0"/>')
    assert [(b.text, b.page) for b in read(docx(body)).blocks] == [("ett", 1), ("två", 2), ("tre", 2)]


def test_the_files_own_dates_title_and_language() -> None:
    core = (
        "<dc:title>Policy för gator</dc:title><dcterms:created>2025-02-01T08:30:00Z</dcterms:created>"
        "<dcterms:modified>2026-03-01T23:30:00Z</dcterms:modified><dc:creator>Asta Ek</dc:creator>"
    )
    language = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="sv-SE"/></w:rPr></w:rPrDefault></w:docDefaults>'
    document = read(docx(p("Ord."), core=core, styles=language))
    assert (document.title, document.language, document.legible) == ("Policy för gator", "sv-SE", "yes")
    assert (document.created, document.updated) == ("2025-02-01T09:30:00", "2026-03-02T00:30:00")
    assert [(c.rule, c.witness, c.place) for c in document.claims] == [
        ("docx:created", "file-property", "core/created"), ("docx:modified", "file-property", "core/modified"),
    ]  # fmt: skip
    assert "Asta" not in repr(document)


@pytest.mark.parametrize(
    ("raw", "value", "doubt"),
    [
        ("2026-03-03T04:59:30Z", "2026-03-03T05:59:30", "fetch-day"),
        ("2026-03-03T06:00:00Z", "2026-03-03T07:00:00", "future"),
        ("1601-01-01T00:00:00Z", "1601-01-01T01:00:00", "before-the-web"),
        ("2013-12-23T23:15:00Z", "2013-12-24T00:15:00", "misleading-label"),  # a library's own template
        ("2025-02", "2025-02", None),
        ("i går", None, "not-understood"),
    ],
)
def test_a_date_that_cannot_be_is_doubted(raw: str, value: str | None, doubt: str | None) -> None:
    (claim,) = read(docx(p("Ord."), core=f"<dcterms:created>{raw}</dcterms:created>")).claims
    if raw.startswith("1601"):
        assert claim.value is not None  # local mean time has seconds
        value = claim.value
    assert (claim.value, claim.doubt, claim.believed) == (value, doubt, doubt is None)


def test_the_title_is_the_heading_the_text_opens_with_where_the_file_names_none() -> None:
    styles = HEADINGS + '<w:style w:styleId="Rubrik"><w:name w:val="Title"/></w:style>'
    for style in ("Rubrik", "Rubrik1"):
        document = read(docx(p("Reglemente för nämnden", style=style) + p("Ord."), styles=styles))
        assert document.title == "Reglemente för nämnden"
        assert main(document)[0] == ("title", 1, "Reglemente för nämnden")
    named = read(docx(p("Reglemente", style="Rubrik"), styles=styles, core="<dc:title>Ett annat namn</dc:title>"))
    assert (named.title, main(named)) == ("Ett annat namn", [("heading", 1, "Reglemente")])
    assert read(docx(p("Ord.") + p("Syfte", style="Rubrik1"), core="<dc:title>Dokument1</dc:title>")).title is None


def test_strict_files_and_other_names_of_the_main_part_are_read() -> None:
    assert texts(p("Ord.", about='<w:outlineLvl w:val="1"/>'), space=STRICT_WORD, main="word/document2.xml") == ["Ord."]


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04", b"PK\x05\x06" + b"\x00" * 18, docx("")[:400]])
def test_a_broken_file_is_still_one_with_its_bytes(body: bytes) -> None:
    assert read(body) == Document("docx", "no", payload=sha256(body))


def test_a_locked_file_says_so() -> None:
    body = bytearray(docx(p("Hemligt.")))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(sign)
        while at >= 0:
            body[at + flags] |= 1
            at = body.find(sign, at + 4)
    assert read(bytes(body)) == Document("docx", "locked", payload=sha256(bytes(body)))


def test_a_file_that_breaks_off_is_read_as_far_as_it_is() -> None:
    document = read(docx(p("Först.") + table(["a", "b"]) + p("Sedan") + "<w:p><w:r>", main="word/document.xml"))
    assert document.legible == "partly"
    assert [b.text for b in document.blocks] == ["Först.", "a | b", "Sedan"]


def test_entities_are_not_resolved() -> None:
    bomb = (
        '<!DOCTYPE w [<!ENTITY a "mycket"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
        f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>&b;&c;</w:t></w:r></w:p></w:body></w:document>'
    )
    document = read(docx("", parts={"word/document.xml": bomb}))
    assert (document.legible, document.blocks) == ("no", ())


@pytest.mark.parametrize(
    "body",
    [
        "<w:p><w:r><w:t>" + " " * 40_000_000 + "</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>x</w:t></w:r></w:p>" * 20_000,
        "<w:p>" * 200_000,
        "<w:p " + " ".join(f'a{i}=""' for i in range(400_000)) + "/>",
    ],
    ids=["zeros", "paragraphs", "depth", "attributes"],
)
def test_a_bomb_is_read_in_part(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_WORK", 100_000)
    document = read(docx(p("Först.") + body))
    assert document.legible == "partly"
    assert document.blocks[0].text == "Först."


def test_too_many_members_are_no_file() -> None:
    body = docx(p("Ord."), parts={f"word/media/{i}": b"" for i in range(package.MAX_MEMBERS)})
    assert read(body).legible == "no"


def test_caps_end_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manuscript, "MAX_CHARS", 10)
    document = read(docx(p("Kort.") + p("Det här blir för mycket.") + p("Slut.")))
    assert (document.legible, document.text) == ("partly", "Kort.")


def test_relationships_that_run_in_circles_end() -> None:
    loop = relationships(("h", "header", "document.xml"), ("f", "footnotes", "../word/document.xml"))
    document = read(docx(p("Ord."), parts={"word/_rels/document.xml.rels": loop}))
    assert [b.text for b in document.blocks] == ["Ord.", "Ord."]
    styles = "".join(f'<w:style w:styleId="{a}"><w:basedOn w:val="{b}"/></w:style>' for a, b in ("xy", "yx"))
    assert texts(p("Ord.", style="x"), styles=styles) == ["Ord."]


VALID = docx(
    p("Syfte", style="Rubrik1") + p("Ord.", PAGE_END) + table(["a", "b"]) + p('<w:hyperlink r:id="h">x</w:hyperlink>'),
    styles=HEADINGS,
    relations=[("h", "hyperlink", "https://a.example/")],
    core="<dcterms:created>2025-02-01T08:30:00Z</dcterms:created>",
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_breaks_the_reader(data: st.DataObject) -> None:
    body = bytearray(VALID)
    for at in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=12)):
        body[at] = data.draw(st.integers(0, 255))
    assert read(bytes(body[: data.draw(st.integers(0, len(body)))])).payload is not None


@settings(max_examples=150, deadline=None)
@given(st.text("<>/wprt:dlcb \"='&;ax1", max_size=60))
def test_no_markup_breaks_the_reader(markup: str) -> None:
    assert read(docx(p("Först.") + markup + p("Sist."))).blocks[:1] != ()
