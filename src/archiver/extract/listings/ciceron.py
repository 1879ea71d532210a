"""Ciceron: JSON-RPC answers (`CiceronsokServer:ReadItems`, `…:ReadObjectDetails`) as a list of meetings and files.

We only ask by GET, and Ciceron's own server takes its questions by POST, with a session. So a crawl reaches as far as
this: the files (`/download/document?filename=…&id=…` answer GET without a session) wherever a page links to them, and
answers that something else serves by GET (a municipality's own gateway, JSON-RPC over GET). The vendor's start page is
a shell for a script: under this reader it is told as `wrong-kind`, not read as an empty list. Pure.
"""

from urllib.parse import quote

from archiver import urls
from archiver.extract.listings import loose
from archiver.extract.listings.loose import Entry
from archiver.model import Document, Facts, Rules

_LISTS = ("results", "documents", "items", "files", "hits")
_NAMES = ("title", "name", "text")
_DEEPEST = 6
_MOST = loose.MAX_ENTRIES


def read(body: bytes, facts: Facts, rules: Rules) -> Document:
    """The meetings, cases and documents of an answer, in its order, documents with their addresses."""
    answer = loose.fields(loose.load(body))
    if answer is None or "error" in answer:
        return loose.unknown()
    held = loose.fields(answer.get("result", answer)) or {}
    for name in ("value", "result"):  # an answer within the answer, written as a text
        if isinstance(inner := held.get(name), str):
            held = loose.fields(loose.load(inner.encode("utf-8", "replace"))) or held
    if not any(loose.rows(held.get(name)) is not None for name in _LISTS):
        return loose.unknown()
    entries, lost = _entries(held)
    title = loose.words(loose.first(held, _NAMES)) or None
    return loose.document(urls.origin(facts.url) + "/", title, entries, lost=lost)


def _entries(held: loose.Fields) -> tuple[list[Entry], int]:
    """The lines of the lists within lists, in order; and how many could not be read."""
    found: list[Entry] = []
    lost = 0
    waiting: list[tuple[object, int]] = _inner(held, 0)
    while waiting and len(found) <= _MOST:
        item, depth = waiting.pop()
        table = loose.fields(item)
        name = loose.words(loose.first(table, _NAMES)) if table else ""
        if table is None or not name:
            lost += 1
            continue
        target = _download(table)
        found.append(Entry(name, target, "attachment" if target else "entry"))
        if depth < _DEEPEST:
            waiting += _inner(table, depth + 1)
    return found, lost


def _inner(table: loose.Fields, depth: int) -> list[tuple[object, int]]:
    """The items of a table's lists, the first of them last: they are taken from the end."""
    items = [item for name in _LISTS for item in loose.rows(table.get(name)) or ()]
    return [(item, depth) for item in reversed(items[:_MOST])]


def _download(table: loose.Fields) -> str | None:
    """The address of a document; None where this is none."""
    id_, name = loose.ident(table.get("id")), loose.words(table.get("filename_b64"))
    return f"/download/document?filename={quote(name, safe='')}&id={quote(id_, safe='')}" if id_ and name else None
