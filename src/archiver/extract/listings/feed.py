"""A feed as a document of links: what a site announces as new, with its own words for when.

RSS and Atom through feedparser, whatever their flaws. It is handed a stream, for bytes that happen to be a file's
name would be opened; its dates are not used, for it fills in what was not printed. A JSON Feed goes to `jsonfeed`. The
next page of a feed (RFC 5005) is a link like its entries. Pure.
"""

import io
import re
from html import unescape

import feedparser

from archiver.extract.listings import jsonfeed
from archiver.extract.listings.iso import iso
from archiver.extract.page.blocks import even
from archiver.model import Document, Facts, Legible, Link, Rules, Unread
from archiver.urls import join

MAX_BYTES = 8_000_000
MAX_ENTRIES = 5_000
_MAX_TITLE = 500
_WEB = ("http://", "https://")
MAX_TAGS = 300_000
"""Opening and closing; 5,000 entries with every field have 200,000."""
_DEEPEST = 200
_LONGEST_TAG = 20_000
_UNCLOSED = frozenset({b"br", b"img", b"hr"})  # of HTML that should have been escaped
_CDATA = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)", re.S)
_ELEMENT = re.compile(rb"<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")

Fields = dict[str, object]


def read(body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
    """The feed's entries as links, in order, each with when it says it was updated, or else published."""
    if jsonfeed.is_json(body):
        return jsonfeed.read(body, facts, rules)
    if _is_bomb(body[:MAX_BYTES]):
        return Unread("too-deep", f"more than {_DEEPEST} elements within one another, or {MAX_TAGS} in all")
    parsed = _parse(body[:MAX_BYTES], facts)
    if parsed is None:
        return Document("feed", "no")
    entries, feed, is_known = parsed
    links = tuple(filter(None, (_read_entry(entry, facts.url) for entry in entries[:MAX_ENTRIES])))
    links += _next_page(feed, facts.url)
    whole = len(body) <= MAX_BYTES and len(entries) <= MAX_ENTRIES
    legible: Legible = ("yes" if whole else "partly") if is_known or entries else "no"
    return Document("feed", legible, _text(feed, "language") or None, _text(feed, "title") or None, links=links)


def _is_bomb(body: bytes) -> bool:
    """Whether the bytes would keep feedparser busy for minutes: nesting and many attributes cost it their square."""
    if body.count(b"<") > MAX_TAGS:
        return True
    now = 0
    for tag in _ELEMENT.finditer(_CDATA.sub(b"", body)):
        if tag[2] in _UNCLOSED or tag[0].endswith(b"/>"):
            continue
        now = max(now - 1, 0) if tag[1] else now + 1
        if now > _DEEPEST or len(tag[0]) > _LONGEST_TAG:
            return True
    return False


def _parse(body: bytes, facts: Facts) -> tuple[list[Fields], Fields, bool] | None:
    """Entries, the feed's own fields, and whether it is a kind of feed; None where feedparser breaks on the bytes."""
    headers = {"content-location": facts.url, "content-type": facts.content_type or "application/xml"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        return None
    return parsed["entries"], parsed["feed"], bool(parsed.get("version"))


def _read_entry(entry: Fields, base: str) -> Link | None:
    """The link of an entry; None where it leads nowhere."""
    target = join(base, _text(entry, "link")) if _text(entry, "link") else None
    if not target or not target.startswith(_WEB):
        return None
    note = iso(_text(entry, "updated")) or iso(_text(entry, "published"))
    return Link(target, "entry", "main", _text(entry, "title")[:_MAX_TITLE], note)


def _next_page(feed: Fields, base: str) -> tuple[Link, ...]:
    """The page that a feed names as its next, where it is another (RFC 5005, sections 3 and 4)."""
    named = feed.get("links")
    for link in named[:50] if isinstance(named, list) else ():
        if isinstance(link, dict) and link.get("rel") in {"next", "prev-archive"}:
            target = join(base, str(link.get("href") or "")[:2_000])
            if target and target.startswith(_WEB) and target != base:
                return (Link(target, "feed", "rest", ""),)
    return ()


def _text(fields: Fields, name: str) -> str:
    """A field as one line without markup. `dict.get`, for feedparser's own answers 'updated' with 'published'."""
    value = dict.get(fields, name)
    if not isinstance(value, str):
        return ""
    return even(unescape(_TAG.sub(" ", value)))
