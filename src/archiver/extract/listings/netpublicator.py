"""Netpublicator: the public reader's own interface, JSON by GET, a tree of channels, meetings and documents.

    GET …/api/public/<reader>/read?hash=<root>&isr=true              the channels of the root
    GET …/api/public/<reader>/read?hash=<root>-<id>-<id>&isr=false   what lies under the last id of the path
    GET …/api/public/<reader>/document/<id>?hash=<path>              the file

An answer is `{"history": […], "items": […]}` (older: a bare list; documents may stand in a list of their own), and an
item is `{"id", "text", "type"}` with type channel, meeting or document. Whatever is no document is opened as the
vendor's own script opens it: with its id behind the path. Pure.
"""

import re
from urllib.parse import parse_qs, quote, urlsplit

from archiver.extract.listings import loose
from archiver.extract.listings.loose import Entry, Fields
from archiver.model import Document, Facts, Rules

_LISTS = ("items", "documents", "channels", "meetings", "_items")
_NAMES = ("text", "name", "title")
_ADDRESS = ("url", "href", "link", "downloadurl")
_SAID = (
    "updated", "updatedat", "modified", "modifieddate", "lastmodified", "changed", "published", "publishedat",
    "publisheddate", "publishdate", "publicationdate",
)  # fmt: skip
_PLACE = re.compile(r".*?/api/public/[^/?#]+/")


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """One level of the tree: a line for each channel, meeting and document, with where it leads."""
    found = loose.load(body)
    items = _items(found)
    if items is None:
        return loose.unknown()
    path = (parse_qs(urlsplit(facts.url).query).get("hash") or [""])[0]
    place = _PLACE.match(facts.url)
    base = place[0] if place else facts.url
    entries = [entry for item in items if (entry := _entry(loose.fields(item), path))]
    return loose.document(base, _title(found), entries, lost=len(items) - len(entries))


def _items(found: object) -> list[object] | None:
    """The items of an answer, in order; None where it has no list of them."""
    if (bare := loose.rows(found)) is not None:
        return bare
    table = loose.fields(found) or {}
    lists = [held for name in _LISTS if (held := loose.rows(table.get(name))) is not None]
    return [item for held in lists for item in held] if lists else None


def _title(found: object) -> str | None:
    """The name of the level: the last step on the way to it."""
    history = loose.rows((loose.fields(found) or {}).get("history"))
    last = loose.fields(history[-1]) if history else None
    return (loose.words(loose.first(last, _NAMES)) or None) if last else None


def _entry(item: Fields | None, path: str) -> Entry | None:
    """One item; None where it has neither a name nor an id."""
    if item is None:
        return None
    name, id_ = loose.words(loose.first(item, _NAMES)), loose.ident(item.get("id"))
    if not name and not id_:
        return None
    is_document = loose.words(item.get("type")).casefold() in {"document", "file"}
    more = loose.fields(item.get("data")) or {}
    note = loose.said(item, _SAID) or loose.said(more, _SAID)
    target = _target(item, id_, path, is_document)
    return Entry(name or id_ or "", target, "attachment" if is_document else "entry", note)


def _target(item: Fields, id_: str | None, path: str, is_document: bool) -> str | None:
    """Where an item leads; nowhere where it has no id, or its id stands on the way to it already: a loop."""
    if given := loose.address(loose.first(item, _ADDRESS)):
        return given
    if id_ is None:
        return None
    step = quote(id_, safe="")
    if is_document:
        return f"document/{step}" + (f"?hash={quote(path, safe='-')}" if path else "")
    if id_ in path.split("-"):
        return None
    return f"read?hash={quote(path, safe='-')}{'-' if path else ''}{step}&isr=false"
