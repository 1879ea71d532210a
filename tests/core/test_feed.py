import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import extract
from archiver.extract.listings import feed
from archiver.model import Document, Facts, Language, Link, Profile, Reading, Rules

FACTS = Facts("https://www.exempel.se/nyheter/feed/", datetime(2026, 3, 3, tzinfo=UTC), role="feed")
RULES = Rules(Profile("generic"), Language("sv"), 1, "0" * 64)


def read(body: str | bytes) -> Document:
    found = feed.read(body.encode() if isinstance(body, str) else body, FACTS, RULES)
    assert isinstance(found, Document)
    return found


def entry(path: str, text: str, note: str | None) -> Link:
    return Link(f"https://www.exempel.se{path}", "entry", "main", text, note)


def test_rss_items_are_links_with_title_and_date() -> None:
    document = read(
        '<?xml version="1.0"?><rss version="2.0"><channel><title> Nyheter\n från Exempel </title>'
        "<language>sv-SE</language>"
        "<lastBuildDate>Tue, 03 Mar 2026 08:00:00 +0000</lastBuildDate>"
        "<item><title>Bad &amp;amp; bastu &lt;b&gt;öppnar&lt;/b&gt;</title><link>/nyheter/bad</link>"
        "<pubDate>Mon, 02 Mar 2026 23:30:00 +0100</pubDate></item>"
        "<item><title>Utan datum</title><link>https://www.exempel.se/b</link></item></channel></rss>"
    )
    assert (document.kind, document.legible, document.title, document.language) == (
        "feed", "yes", "Nyheter från Exempel", "sv-SE",
    )  # fmt: skip
    assert document.links == (
        entry("/nyheter/bad", "Bad & bastu öppnar", "2026-03-02T23:30:00+01:00"),
        entry("/b", "Utan datum", None),
    )


def test_atom_entries_prefer_when_they_were_updated() -> None:
    document = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Anslag</title><entry><title>A</title><link href="/a"/>'
        "<published>2026-01-01T08:00:00Z</published><updated>2026-02-01T08:00:00Z</updated></entry></feed>"
    )
    assert document.links == (entry("/a", "A", "2026-02-01T08:00:00+00:00"),)


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("Mon, 02 Mar 2026 08:00:00 +0100", "2026-03-02T08:00:00+01:00"),
        ("Mon, 02 Mar 2026", None),
        ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00+00:00"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("2026-02-30", None),
        ("2026-13", None),
        ("3 mars 2026", None),
        ("igår", None),
        ("", None),
    ],
)
def test_a_date_is_no_finer_than_printed(printed: str, iso: str | None) -> None:
    assert feed.iso(printed) == iso


def test_an_entry_that_leads_nowhere_is_no_link() -> None:
    items = "<item><title>A</title></item><item><link>javascript:x</link></item>"
    assert read(f"<rss version='2.0'><channel>{items}</channel></rss>").links == ()


def test_bytes_that_are_a_files_name_are_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_text("<rss version='2.0'><channel><item><link>https://a.se/</link></item></channel></rss>")
    assert read(str(file)).links == ()
    assert read("https://www.exempel.se/feed").legible == "no"


def test_a_feed_that_is_none_is_not_legible() -> None:
    assert read("<html><body>Sidan finns inte</body></html>").legible == "no"
    assert read(b"").legible == "no"


@settings(deadline=None)
@given(st.text(alphabet='<>&/!?[]"= \nrsitemlnkdc:CDATA', max_size=200), st.binary(max_size=30))
def test_no_bytes_break_the_reader(text: str, noise: bytes) -> None:
    for head in ("", "<rss version='2.0'><channel><item>", '<?xml version="1.0" encoding="ebcdic-se"?><feed>'):
        assert read(head.encode() + text.encode() + noise).kind == "feed"


def test_what_shows_nothing_is_in_no_title() -> None:
    item = "<item><title>Ny\x00 bro\u00ad över\u200b ån</title><link>/bro</link></item>"
    found = read(f"<rss version='2.0'><channel><title>Nyheter</title>{item}</channel></rss>")
    assert [link.text for link in found.links] == ["Ny bro över ån"]


def test_a_long_feed_is_no_bomb_however_its_text_is_marked_up() -> None:
    item = (
        "<item><title>x</title><link>/{n}</link><media:content url='/b.jpg'/><guid>{n}</guid><updated>2019</updated>"
        "<description><![CDATA[<p>Ett<br>Två<li>]]> ett<br>två</description></item>"
    )
    items = "".join(item.format(n=n) for n in range(1_500))
    assert len(read(f"<rss version='2.0'><channel>{items}</channel></rss>").links) == 1_500


def test_the_next_page_of_a_feed_is_a_feed() -> None:
    paged = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><link rel="next" href="/feed?page=2"/>'
        '<link rel="self" href="/feed"/><entry><title>A</title><link href="/a"/></entry></feed>'
    )
    assert read(paged).links == (
        entry("/a", "A", None),
        Link("https://www.exempel.se/feed?page=2", "feed", "rest", ""),
    )
    itself = paged.replace("/feed?page=2", FACTS.url)
    assert read(itself).links == (entry("/a", "A", None),)


def json_feed(**more: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Nyheter", "language": "sv", **more})


def test_a_json_feed_is_a_feed() -> None:
    items = [
        {"id": "1", "url": "/a", "title": "A", "date_published": "2026-03-01T08:00:00+01:00"},
        {"id": "https://www.exempel.se/b", "date_modified": "2026-03-02", "date_published": "2026-03-01"},
        {"id": "3", "title": "leder ingenstans"},
        7,
    ]
    body = json_feed(items=items, next_url="/feed.json?page=2")
    document = read(body)
    assert (document.kind, document.legible, document.language, document.title) == ("feed", "yes", "sv", "Nyheter")
    assert document.links == (
        entry("/a", "A", "2026-03-01T08:00:00+01:00"),
        entry("/b", "", "2026-03-02"),
        Link("https://www.exempel.se/feed.json?page=2", "feed", "rest", ""),
    )
    whole = extract.read(body.encode(), FACTS, RULES)
    assert isinstance(whole, Reading)
    assert whole.document == document


@pytest.mark.parametrize("said", ["{}", '{"items": 7}', "{", '{"message": "not found"}'])
def test_json_that_is_no_feed_is_not_legible(said: str) -> None:
    assert read(said).legible == "no"
