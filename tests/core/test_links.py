import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import urls
from archiver.extract.page import links, notes, targets
from archiver.extract.page.lines import Head
from archiver.extract.page.links import Anchor
from archiver.model import Language, Link

SV = Language(
    "sv",
    suffixes=("Länk till annan webbplats, öppnas i nytt fönster", "Länk till annan webbplats", "öppnas i nytt fönster"),
)
URL = "https://www.exempelkoping.example/kommun/sida"


@pytest.mark.parametrize(
    ("text", "cut", "note"),
    [
        ("Globala målen Länk till annan webbplats.", "Globala målen", "Länk till annan webbplats."),
        ("https://a.example/ Länk till annan webbplats, öppnas i nytt fönster.", "https://a.example/",
         "Länk till annan webbplats, öppnas i nytt fönster."),
        ("verksamt.seLänk till annan webbplats", "verksamt.se", "Länk till annan webbplats"),
        ("Protokoll Pdf, 3 MB, öppnas i nytt fönster.", "Protokoll", "Pdf, 3 MB, öppnas i nytt fönster."),
        ("ProtokollPdf, 3 MB", "Protokoll", "Pdf, 3 MB"),
        ("Protokoll (pdf, 249 kB)", "Protokoll", "pdf, 249 kB"),
        ("Protokoll (PDF)", "Protokoll", "PDF"),
        ("Protokoll, 1,2 MB", "Protokoll", "1,2 MB"),
        ("Protokoll (öppnas i nytt fönster)", "Protokoll", "öppnas i nytt fönster"),
        ("Protokoll.pdf", "Protokoll.pdf", None),
        ("Om pdf", "Om pdf", None),
        ("Budget 2024", "Budget 2024", None),
        ("Pdf, 3 MB", "Pdf, 3 MB", None),
        ("Hur dokument öppnas i nytt fönster förklaras", "Hur dokument öppnas i nytt fönster förklaras", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_notes_are_cut_from_the_text_even_when_glued(text: str, cut: str, note: str | None) -> None:
    assert notes.cut(text, SV) == (cut, note)


def read(*anchors: Anchor, base: str = "", canonical: str | None = None) -> tuple[Link, ...]:
    return links.read(anchors, Head(base=base, canonical=canonical), ("/rss",), {0: 4}, URL)


def test_the_heads_links_stand_first_and_the_base_is_obeyed() -> None:
    found = read(
        Anchor("under/b?x=1#del", "B", None, 0, "main"),
        base="https://annan.example/rot/",
        canonical="/kanonisk",
    )
    assert [(k.rel, k.target, k.part, k.block) for k in found] == [
        ("canonical", "https://annan.example/kanonisk", "rest", None),
        ("feed", "https://annan.example/rss", "rest", None),
        ("link", "https://annan.example/rot/under/b?x=1#del", "main", 4),
    ]


@pytest.mark.parametrize(
    "href",
    ["javascript:void(0)", "data:text/html,x", "#", "", "  ", "ftp://a.example/", "x" * 5000, "http://[", "vbscript:x"],
)
def test_what_leads_nowhere_is_no_link(href: str) -> None:
    assert targets.target(URL, href) is None


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("mailto:A@B.example", "mailto:A@B.example"),
        ("tel:0999 - 123 45", "tel:099912345"),
        ("//annan.example", "https://annan.example/"),
        ("/a;jsessionid=8F2?b=1", "https://www.exempelkoping.example/a?b=1"),
        ("/a?_wpnonce=1f&b=1&sid=9f86d081884c7d65#c", "https://www.exempelkoping.example/a?b=1#c"),
        ("/a?PHPSESSID=1", "https://www.exempelkoping.example/a"),
        ("/a?sid=9", "https://www.exempelkoping.example/a?sid=9"),
        (" /a\n", "https://www.exempelkoping.example/a"),
    ],
)
def test_a_target_is_absolute_and_the_same_at_every_visit(href: str, target: str) -> None:
    assert targets.target(URL, href) == target


BASES = (
    "https://h.se", "https://h.se/", "https://h.se/a/b", "https://h.se/a/b/", "http://h.se:81/a/b.html?x=/y#z/q",
    "https://h.se/a/../b/c", "https://h.se?q=/a", "https://u:p@h.se/a", "https:///h.se/a", "https://h.se\\a\\b",
    "mailto:x", "https://h.se/a//b/c", "https://h.se/..%2e/b/", "https://H.se/a/", "http://a-b.exempel.se/c/d.html",
    "https://1.2.3.4/", "https://h.se:443/a/b/", "https://xn--bcher-kva.example/" + "a/" * 40,
)  # fmt: skip
PIECES = (
    "/",
    "//",
    "?",
    "#",
    ".",
    "..",
    "a",
    "b c",
    "å",
    ":",
    "http:",
    "\\",
    "@",
    "\t",
    "%2e",
    "x=1",
    "&",
    "\x01",
    "h.se",
    "../",
    "b.c",
    "x--y",
    "A",
    "https://h.se/",
)


@given(st.sampled_from(BASES), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_a_target_is_joined_to_the_whole_base_though_less_of_it_is_remembered(base: str, reference: str) -> None:
    bare = reference.strip()
    joined = urls.join(base, bare) if bare not in {"", "#"} else None
    assert targets.target(base, reference) == (joined if joined and joined.startswith("http") else None)


def test_a_hidden_address_is_the_same_under_any_key() -> None:
    def hidden(key: int) -> str:
        return f"{key:02x}" + "".join(f"{byte ^ key:02x}" for byte in b"a@b.example")

    found = {targets.target(URL, f"/cdn-cgi/l/email-protection#{hidden(key)}") for key in (7, 90, 255)}
    assert found == {"mailto:a@b.example"}
    assert targets.mail("5") == ""


@pytest.mark.parametrize(
    ("url", "is_file"),
    [
        ("https://a.example/x/plan.PDF", True),
        ("https://a.example/x/plan.docx?v=2", True),
        ("https://a.example/download/18.5f2a/1700000000000/plan", True),
        ("https://a.example/globalassets/filer/karta.zip", True),
        ("https://a.example/wp-content/uploads/2023/10/bild.jpg", False),
        ("https://a.example/nedladdningar", False),
        ("https://a.example/sida.aspx", False),
        ("mailto:a.pdf@b.example", False),
    ],
)
def test_a_document_is_known_by_its_ending_or_by_where_it_is_kept(url: str, is_file: bool) -> None:
    assert targets.is_file(url) is is_file


def test_a_link_to_a_place_on_its_own_page_belongs_to_the_text_it_stands_in_unless_it_is_numbered_anew() -> None:
    found = read(
        Anchor("#karta", "Karta", None, 0, "main"),
        Anchor("#upp", "Till toppen", None, None, "main"),
        Anchor(f"{URL}#id_68e9541cf161d", "Öppna", None, 0, "main"),
    )
    assert [(k.target, k.part) for k in found[1:]] == [(f"{URL}#karta", "main"), (f"{URL}#upp", "rest")]


@pytest.mark.parametrize(
    ("link", "kind"),
    [
        (Link("https://exempelkoping.example/a", "link", "main", "A"), "internal"),
        (Link("https://turism.exempelkoping.example/a", "link", "main", "A"), "internal"),
        (Link("https://annan.example/a", "link", "main", "A"), "external"),
        (Link("https://annan.example/a.pdf", "attachment", "main", "A"), "document"),
        (Link("mailto:a@b.example", "link", "main", "A"), "mail"),
        (Link("tel:0999", "link", "main", "A"), "phone"),
        (Link(f"{URL}#x", "link", "main", "A"), "anchor"),
    ],
)
def test_a_link_is_of_a_kind(link: Link, kind: str) -> None:
    assert links.kind(link, URL, ("turism.exempelkoping.example",)) == kind


def test_a_link_that_is_no_address_is_asked_about_too() -> None:
    assert not targets.is_file("http://[::1")
    assert targets.is_file("http://a.example/a.pdf")
