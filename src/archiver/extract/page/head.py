"""What the head of a page says to machines: title, base, canonical address, metas, JSON-LD, feeds. Pure."""

import re

from selectolax.lexbor import LexborHTMLParser

from archiver import urls
from archiver.extract.page.blocks import even
from archiver.extract.page.lines import Head

_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_TOLD = frozenset({"title", "base", "link", "meta", "script"})
MOST_METAS = 300
_MOST_SCRIPTS = 50
_LARGEST_SCRIPT = 200_000
"""Characters of one JSON-LD script."""


def read(tree: LexborHTMLParser, url: str) -> tuple[Head, tuple[str, ...]]:
    """What the head says, and the feeds it names."""
    title, base, canonical, short = None, None, None, None
    feeds: list[str] = []
    metas: list[tuple[str, str]] = []
    jsonld: list[str] = []
    for node in tree.head.iter() if tree.head else ():
        tag = node.tag
        if tag not in _TOLD:  # a head may hold hundreds of styles: not one is looked into
            continue
        attributes = node.attributes
        if tag == "title" and title is None:
            title = even(node.text()) or None
        elif tag == "base" and base is None:
            base = attributes.get("href")
        elif tag == "link":
            rel, href = (attributes.get("rel") or "").lower().split(), attributes.get("href")
            canonical = href if href and "canonical" in rel and canonical is None else canonical
            short = href if href and "shortlink" in rel and short is None else short
            if href and "alternate" in rel and (attributes.get("type") or "").lower() in _FEEDS:
                feeds.append(href)
        elif tag == "meta":
            name = attributes.get("itemprop") or attributes.get("property") or attributes.get("name")
            name = name or attributes.get("http-equiv")
            if name and attributes.get("content"):
                metas.append((name.lower(), attributes["content"] or ""))
        elif tag == "script" and attributes.get("type") == "application/ld+json":
            jsonld.append(node.text()[:_LARGEST_SCRIPT])
    language = tree.root.attributes.get("lang") if tree.root else None
    joined = (urls.join(url, base) if base else None) or url
    head = Head(
        title, language or None, joined, canonical, tuple(metas[:MOST_METAS]), tuple(jsonld[:_MOST_SCRIPTS]), short
    )
    return head, tuple(feeds)


def with_body(head: Head, metas: tuple[tuple[str, str], ...], jsonld: tuple[str, ...]) -> Head:
    """The head with what machines are told in the body."""
    return Head(
        head.title, head.language, head.base, head.canonical,
        (head.metas + metas)[:MOST_METAS], (head.jsonld + jsonld)[:_MOST_SCRIPTS], head.short,
    )  # fmt: skip


def title(head: Head) -> str | None:
    """The title that the head gives a page without a heading, without the site's name where the head tells it."""
    metas = dict(reversed(head.metas))
    site = metas.get("og:site_name")
    found = even(metas.get("og:title") or "") or head.title
    if found and site:
        found = re.sub(rf"\s+[|–—-]\s+{re.escape(even(site))}\Z", "", found)
    return found
