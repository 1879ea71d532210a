import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract.files import plain
from archiver.extract.listings import sitemap
from archiver.model import Document, Facts, Language, Link, Profile, Rules

FACTS = Facts("https://www.exempel.se/sitemap.xml", datetime(2026, 3, 3, tzinfo=UTC), role="sitemap")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(body: bytes | str) -> Document:
    return sitemap.read(body.encode() if isinstance(body, str) else body, FACTS, RULES)


def entry(path: str, note: str | None = None, text: str = "") -> Link:
    return Link(f"https://www.exempel.se{path}", "entry", "main", text, note)


def test_entries_are_links_in_order_with_their_lastmod_as_printed() -> None:
    document = read(
        f'<?xml version="1.0"?>\n<urlset {NS}><url><loc>https://www.exempel.se/b</loc><lastmod>2026-01</lastmod></url>'
        "<url><loc>\n https://www.exempel.se/a?x=1&amp;y=2 \n</loc></url></urlset>"
    )
    assert document == Document("sitemap", links=(entry("/b", "2026-01"), entry("/a?x=1&y=2")))


def test_an_index_lists_sitemaps_and_says_so() -> None:
    body = (
        f"<sitemapindex {NS}><sitemap><loc>/sitemap1.xml.gz</loc><lastmod>2026-01-02</lastmod></sitemap></sitemapindex>"
    )
    assert read(body).links == (entry("/sitemap1.xml.gz", "2026-01-02", "sitemap"),)
    assert sitemap.is_index(body.encode())
    assert sitemap.is_index(gzip.compress(body.encode()))
    assert not sitemap.is_index(f"<urlset {NS}></urlset>".encode())


def test_a_gzipped_sitemap_is_unpacked_whatever_its_label() -> None:
    body = f"<urlset {NS}><url><loc>/a</loc></url></urlset>".encode()
    assert read(gzip.compress(body)).links == (entry("/a"),)
    assert read(gzip.compress(body[:40]) + gzip.compress(body[40:])).links == (entry("/a"),)


def test_a_cut_stream_gives_what_there_is() -> None:
    body = f"<urlset {NS}>".encode() + b"".join(b"<url><loc>/sida-%d</loc></url>\n" % (i * i) for i in range(500))
    document = read(gzip.compress(body)[:-400])
    assert document.legible == "partly"
    assert 10 < len(document.links) < 500


def test_a_bomb_is_put_down_early() -> None:
    bomb = gzip.compress(b"<urlset>" + b" " * 60_000_000)
    text, whole = sitemap.unpack(bomb)
    assert not whole
    assert len(text) <= len(bomb) * sitemap.MAX_RATIO
    assert read(bomb).legible == "partly"


def test_more_entries_than_the_protocol_allows_are_read_up_to_our_own_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitemap.MAX_ENTRIES > 100_000
    monkeypatch.setattr(sitemap, "MAX_ENTRIES", 50_002)
    for count, legible in ((50_001, "yes"), (50_003, "partly")):
        document = read("<urlset>" + "<url><loc>/a</loc></url>" * count + "</urlset>")
        assert (len(document.links), document.legible) == (min(count, 50_002), legible)


XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def test_other_languages_of_an_entry_are_entries_after_all_others() -> None:
    def other(language: str, path: str, rel: str = "alternate") -> str:
        return f'<xhtml:link rel="{rel}" hreflang="{language}" href="{path}"/>'

    body = (
        f"<urlset {NS} {XHTML}>"
        f"<url><loc>/a</loc>{other('en', '/en/a')}{other('sv', '/a')}{other('fi', '/fi/a')}"
        "<lastmod>2026-01-03</lastmod></url>"
        f"<url><loc>/en/a</loc>{other('sv', '/a')}{other('de', 'ftp://x/')}{other('no', '/x', 'self')}</url></urlset>"
    )
    assert read(body).links == (entry("/a", "2026-01-03"), entry("/en/a"), entry("/fi/a"))


def test_links_of_a_web_page_are_no_entries() -> None:
    assert read('<html><head><link rel="alternate" hreflang="en" href="/en"/></head></html>').legible == "no"


def test_entries_on_other_hosts_are_told_as_they_stand() -> None:
    document = read(
        "<urlset><url><loc>https://annan.example/a</loc></url><url><loc>//cdn.example/b</loc></url></urlset>"
    )
    assert [k.target for k in document.links] == ["https://annan.example/a", "https://cdn.example/b"]


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ("<url><loc>/a?x=1&y=2</loc></url>", "/a?x=1&y=2"),  # a raw ampersand
        ("<url><loc>/a&nbsp;b</loc></url>", "/a&nbsp;b"),  # no entity of XML
        ("<url><loc>/\x0ba\x00</loc></url>", "/a"),  # control characters
        ("<url><loc>/a<lastmod>2026</lastmod></url>", "/a"),  # not closed
        ("<url><loc>/a</loc>", "/a"),
        ("<url><loc><![CDATA[/a?x=1&y=2]]></loc></url>", "/a?x=1&y=2"),
        ("<!-- <url><loc>/z</loc></url> --><url><loc>/a</loc></url>", "/a"),
    ],
)
def test_broken_xml_is_recovered(broken: str, path: str) -> None:
    document = read(f"\n <urlset {NS}>{broken}<url><loc>/sist</loc></url></urlset>")
    assert [k.target for k in document.links] == [entry(path).target, entry("/sist").target]


def test_a_lastmod_belongs_to_its_own_entry() -> None:
    document = read(
        "<urlset><url><lastmod>2026-01-01</lastmod><loc>/a</loc></url><url><loc>/b</loc></url>"
        "<url><loc>/c</loc><lastmod>2026-01-03</lastmod></url></urlset>"
    )
    assert document.links == (entry("/a", "2026-01-01"), entry("/b"), entry("/c", "2026-01-03"))


def test_pictures_of_an_entry_are_no_entries() -> None:
    body = (
        '<s:urlset xmlns:s="http://www.google.com/schemas/sitemap/0.84" xmlns:image="http://i"><s:url><s:loc>/a</s:loc>'
        "<image:image><image:loc>/a.png</image:loc></image:image></s:url></s:urlset>"
    )
    assert read(body).links == (entry("/a"),)


def test_letters_that_are_not_the_encoding_they_claim() -> None:
    body = '<?xml version="1.0" encoding="UTF-8"?><urlset><url><loc>/nämnder</loc></url></urlset>'
    expected = (entry("/n%C3%A4mnder"),)
    assert read(body.encode("cp1252")).links == expected
    assert read(b"\xef\xbb\xbf" + body.encode()).links == expected
    assert read(body.replace("UTF-8", "UTF-16").encode("utf-16")).links == expected


def test_entities_are_neither_expanded_nor_loaded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ord"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    document = read(f"{bomb}<urlset><url><loc>/a&a;</loc></url><url><loc>/b&b;</loc></url></urlset>")
    assert [k.target for k in document.links] == [entry("/a&a;").target, entry("/b&b;").target]


def test_a_list_of_urls_is_a_sitemap_too() -> None:
    assert read("https://www.exempel.se/a\r\n\r\nhttps://www.exempel.se/b\n").links == (entry("/a"), entry("/b"))


def test_an_empty_sitemap_was_read_and_a_web_page_was_not() -> None:
    assert read(f"<urlset {NS}></urlset>").legible == "yes"
    assert read("<html><body>Sidan finns inte</body></html>").legible == "no"
    assert read(b"").legible == "no"


def test_other_schemes_are_no_entries() -> None:
    assert (
        read("<urlset><url><loc>javascript:alert(1)</loc></url><url><loc>ftp://a.se/</loc></url></urlset>").links == ()
    )


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    for prefix in (b"", b"<urlset><url><loc>", b"\x1f\x8b\x08\x00", b"\xff\xfe<\x00"):
        assert sitemap.read(prefix + body, FACTS, RULES).kind == "sitemap"


def test_robots_lines_are_blocks_and_its_sitemaps_links() -> None:
    body = "\ufeffUser-agent: *\r\nDisallow:  /intranät/\n\nSITEMAP: /karta.xml\nSitemap: inte en adress\n".encode()
    facts = Facts("https://www.exempel.se/robots.txt", FACTS.at, role="robots")
    document = plain.read(body, facts, RULES)
    assert document.kind == "robots"
    assert document.text.splitlines() == [
        "User-agent: *", "Disallow: /intranät/", "SITEMAP: /karta.xml", "Sitemap: inte en adress",
    ]  # fmt: skip
    assert document.links[0] == Link("https://www.exempel.se/karta.xml", "entry", "main", "sitemap", None, 2)
    assert document.payload is None


def test_other_text_is_a_file_and_one_with_its_bytes() -> None:
    document = plain.read("Öppet".encode("cp1252"), Facts("https://www.exempel.se/a.txt", FACTS.at), RULES)
    assert (document.kind, document.text) == ("text", "Öppet")
    assert document.payload is not None


@pytest.mark.parametrize("half", [b"&#xD800;", b"&#55296;", b"\xed\xa0\x80"])
def test_half_a_character_costs_its_own_entry_at_most(half: bytes) -> None:
    document = read(b"<urlset><url><loc>/a" + half + b"</loc></url><url><loc>/b</loc></url></urlset>")
    assert document.links[-1].target.endswith("/b")
