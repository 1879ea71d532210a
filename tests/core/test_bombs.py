"""Bombs: small bodies that would take a careless reader hours or gigabytes. Each is read, or told as unread, in time.

The caps: 10,000,000 characters of a page, 512 elements within one another, 2,000 attributes of a tag; 5,000 links of a
page; 50 MB and 200 times its size of an unpacked sitemap, 50,000 entries; 8 MB and 5,000 entries of a feed; 500 kB of a
robots.txt. Whatever passes them is stopped by the pool: 20 s and 2 GB for one body.
"""

import gzip
import time
from datetime import UTC, datetime
from itertools import pairwise
from types import ModuleType

import pytest

from archiver.extract import read
from archiver.extract.files import pdflines
from archiver.extract.files.pdflines import PdfLine
from archiver.extract.listings import feed, sitemap
from archiver.model import Facts, Reading, Unread
from rulebook import rules

FACTS = Facts("https://www.exempelkoping.example/kommun/sida", datetime(2026, 3, 1, tzinfo=UTC))
RULES = rules("generic")
SECONDS = 12.0
"""CPU time for one bomb on a slow machine that does other things; a reader that is quadratic takes minutes."""
ENTITIES = [f"<!ENTITY {b} '" + 10 * f"&{a};" + "'>" for a, b in pairwise("abcdefghi")]
JSONLD = "<script type=application/ld+json>"
ICON = "<i class=icon aria-hidden=true></i>"
ARTICLE = JSONLD + '{"@type": "Article"}</script>'
PUBLISHED = "<p><time class=published datetime=2019-11-08>x</time></p>"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(ENTITIES) + "]>"


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang=sv><head><title>x</title>{head}</head><body>{body}".encode()


BOMBS: dict[str, bytes] = {
    "elements in one another": page("<div>" * 200_000),
    "behind a script in an attribute": page("<p title='<script>'>" + "<div>" * 200_000),
    "behind an empty comment": page("<!-->" + "<div>" * 200_000),
    "just below the cap, again and again": page(("<div>" * 500 + "</div>" * 500) * 200),
    "formatting that is never closed": page("<p><b><i><u><s>" * 20_000),
    "links in one another": page("<a href=/x>" * 50_000),
    "tables in cells": page("<table><tr><td>" * 20_000),
    "text between table and row": page("<table>" + "text<tr>" * 50_000),
    "attributes of one tag": page("<p " + " ".join(f"a{n}" for n in range(100_000)) + ">x"),
    "attributes of all tags": page(f"<p {' '.join(f'a{n}=b' for n in range(1_000))}>x" * 200),
    "one long class": page(f"<p class='{'date ' * 200_000}'>x"),
    "a long class on many": page(f"<p class='{'nyhet-datum ' * 100}'>x</p>" * 2_000),
    "ids that are controlled": page(f"<button aria-expanded=x aria-controls='{'a ' * 5_000}'>x</button>" * 100),
    "entities": page("&amp;" * 500_000),
    "entities without an end": page("&" + "a" * 1_000_000 + "&#" + "9" * 1_000_000),
    "signs that are no tags": page("<" * 1_000_000),
    "comments without an end": page("<!--" * 300_000),
    "one long word": page("<p>" + "å" * 2_000_000),
    "one long line of days": page("<p>" + "Publicerad 2019-11-08 " * 30_000),
    "one long line of labels": page("<p>" + "Publicerad: " * 60_000),
    "digits": page("<p>Publicerad " + "1" * 1_000_000 + " 2" * 300_000),
    "spaces": page("<p>Publicerad:" + " " * 1_000_000 + "2019" + " \u00a0" * 200_000),
    "marks upon one letter": page("<p>a" + "\u0301" * 500_000),
    "many links": page("<main>" + "<a href=/x>Text Pdf, 3 MB</a> " * 40_000),
    "one long address": page(f"<main><a href='/{'a/../' * 200_000}'>x</a>"),
    "headings": page("<main>" + "<h1>x</h1><h2>y</h2>" * 30_000),
    "dates for machines": page("", "<meta name=pubdate content=2019-11-08>" * 20_000),
    "JSON-LD in one another": page("", JSONLD + "[" * 190_000 + '"date</script>'),
    "JSON-LD of objects": page("", JSONLD + '{"@graph":' * 18_000 + '1, "date</script>'),
    "many scripts of JSON-LD": page("", (JSONLD + '{"@type":"Article","datePublished":"x"}</script>') * 9_000),
    "times in one line": page("<main><p>" + "<time datetime=2019-11-08>8 nov</time> " * 20_000),
    "icons alone in their blocks": page("<main>" + f"<div>{ICON}<a href=x></a></div>" * 40_000),
    "headings that are links": page(f"{ARTICLE}<main><p>{'Prosa. ' * 100}</p>" + "<h3><a href=/y>x</a></h3>" * 30_000),
    "days of an archive": page("<main><h1>x</h1><p>2 maj 2019</p>" + "<p class=e>Protokoll 3 maj 2019</p>" * 20_000),
    "days in an item": page("<main><ul><li>" + "<p>Publicerad 2019-11-08</p>" * 1_000 + "<a href=#a>x</a>" * 100_000),
    "days in a link": page("<main><ul><li><a href=/x>" + "<p>Publicerad 2019-11-08</p>" * 1_000 + "<b>x</b>" * 300_000),
    "times in a list": page("<main><h1>x</h1><p>x</p><div itemscope class=news-list>" + PUBLISHED * 30_000),
    "metas deep down": page("<div>" * 400 + "<meta itemprop=x content=y>" * 200_000),
    "laughs in a page": page(LAUGHS + "&i;" * 100),
    "svg and math": page("<svg><title>" * 400 + "<math><mi>" * 400 + "<p>x"),
}  # fmt: skip


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_page_that_is_a_bomb_is_read_or_refused_in_time(body: bytes) -> None:
    begun = time.process_time()
    found = read(body, FACTS, RULES)
    assert time.process_time() - begun < SECONDS
    assert isinstance(found, Reading | Unread)
    if isinstance(found, Reading) and found.document:
        assert sum(len(block.text) for block in found.document.blocks) <= len(body) + 1_000
        assert len(found.document.links) <= 5_001


LISTINGS: dict[str, bytes] = {
    "laughs in a sitemap": f"<?xml version='1.0'?>{LAUGHS}<urlset><url><loc>/&i;</loc></url></urlset>".encode(),
    "laughs in a feed": f"<?xml version='1.0'?>{LAUGHS}<rss><channel><title>&i;</title></channel></rss>".encode(),
    "zeros, packed": gzip.compress(b"<urlset>" + b"\x00" * 100_000_000),
    "packed twice": gzip.compress(gzip.compress(b"<urlset>" + b" " * 100_000_000)),
    "many members": gzip.compress(b"<url>") * 20_000,
    "entries in one another": b"<urlset>" + b"<url><loc>/x" * 100_000,
    "one long location": b"<urlset><url><loc>/" + b"a" * 5_000_000 + b"</loc></url></urlset>",
    "attributes": b"<urlset " + b" ".join(b"a%d='x'" % n for n in range(50_000)) + b">",
    "items in one another": b"<rss version='2.0'><channel>" + b"<item><title>x" * 10_000,
}


@pytest.mark.parametrize("body", LISTINGS.values(), ids=LISTINGS)
@pytest.mark.parametrize("reader", [sitemap, feed], ids=["sitemap", "feed"])
def test_a_listing_that_is_a_bomb_is_read_or_refused_in_time(reader: ModuleType, body: bytes) -> None:
    begun = time.process_time()
    found = reader.read(body, FACTS, RULES)
    assert time.process_time() - begun < SECONDS
    if not isinstance(found, Unread):
        assert len(found.links) <= sitemap.MAX_ENTRIES
        assert len(found.title or "") <= 2_000


@pytest.mark.parametrize("body", [LISTINGS["zeros, packed"], LISTINGS["packed twice"], LISTINGS["many members"]])
def test_what_was_packed_is_unpacked_to_so_many_times_its_size(body: bytes) -> None:
    text, _ = sitemap.unpack(body)
    assert len(text) <= min(sitemap.MAX_BYTES, sitemap.MAX_RATIO * len(body))


def test_running_heads_of_a_pdf_without_end_are_set_aside_in_time() -> None:
    lines = [PdfLine("abcdefgh", n // 10_000, 50, 550, 830, 10, 0.99) for n in range(60_000)]
    begun = time.process_time()
    found = pdflines.blocks(lines, {})
    assert time.process_time() - begun < SECONDS
    assert {block.part for block in found} == {"rest"}
    assert len(found) == len(lines)
