"""JSON Feed 1.0 and 1.1 (jsonfeed.org): what a site announces as new, as a document of links. Pure."""

from archiver.extract.listings import loose
from archiver.model import Document, Facts, Legible, Link, Rules
from archiver.urls import join

MAX_ENTRIES = 5_000
_SAID = ("date_modified", "date_published")
_WEB = ("http://", "https://")


def is_json(body: bytes) -> bool:
    """Whether a feed's body may be one of these."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The feed's items as links, in order, each with when it says it was changed or published; then its next page."""
    feed = loose.fields(loose.load(body)) or {}
    items = loose.rows(feed.get("items"))
    if items is None:
        return Document("feed", "no")
    links = [link for item in items[:MAX_ENTRIES] if (link := _link(loose.fields(item), facts.url))]
    following = join(facts.url, said) if (said := loose.address(feed.get("next_url"))) else None
    if following and following.startswith(_WEB) and following != facts.url:
        links.append(Link(following, "feed", "rest", ""))
    legible: Legible = "yes" if len(items) <= MAX_ENTRIES else "partly"
    language, title = (loose.words(feed.get(name)) or None for name in ("language", "title"))
    return Document("feed", legible, language, title, links=tuple(links))


def _link(item: loose.Fields | None, base: str) -> Link | None:
    """The link of an item; None where it leads nowhere. An `id` that is a URL stands in for the address (1.0)."""
    if item is None:
        return None
    target = join(base, said) if (said := loose.address(item.get("url"))) else loose.address(item.get("id"))
    if not target or not target.startswith(_WEB):
        return None
    return Link(target, "entry", "main", loose.words(item.get("title"))[:500], loose.said(item, _SAID))
