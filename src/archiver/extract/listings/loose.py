"""JSON as vendors send it: read without trust in its size, its keys or its values, and told as a document of links.

Their interfaces are nobody's standard. A key may be missing, be spelled `Items` or `items`, or hold a number where a
text was; a name may hold markup. What cannot be read is left out and told (`legible`), never guessed. Pure.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from typing import NamedTuple

from archiver.extract.listings.iso import iso
from archiver.extract.page.blocks import even
from archiver.model import Block, BlockKind, Document, Legible, Link, Part, Rel
from archiver.urls import join

MAX_BYTES = 16_000_000
MAX_VALUES = 1_500_000
"""Commas and brackets of a body that is read: they bound how many values there are, and so the memory."""
MAX_ENTRIES = 20_000
LONGEST = 2_000
"""Characters of one line."""
_CALL = re.compile(r"[A-Za-z_$][\w$.]{0,200}\(")  # JSONP: callback({...});
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,400}>")
_BREAK = re.compile(r"(?:\r?\n|<br\s*/?>|</(?:p|div|li|h[1-6])>)+", re.I)
_WEB = ("http://", "https://")

Fields = Mapping[str, object]


class Entry(NamedTuple):
    """A line of a listing, and where it leads."""

    text: str
    target: str | None = None  # as given; None: it leads nowhere we could ask
    rel: Rel = "entry"
    note: str | None = None  # when the listing says that it was published or changed
    kind: BlockKind = "list-item"
    part: Part = "main"


def load(body: bytes) -> object:
    """What the body says; None where it is no JSON, or too much of it."""
    if len(body) > MAX_BYTES or body.count(b",") + body.count(b"[") + body.count(b"{") > MAX_VALUES:
        return None
    text = body.decode("utf-8-sig", "replace").strip()
    if call := _CALL.match(text):
        text = text[call.end() :].rstrip("; \r\n").removesuffix(")")
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, a number of 5,000 digits, 100,000 lists in one another
        return None
    return found


def fields(value: object) -> Fields | None:
    """The value as a table whose keys are in lower case; None where it is none."""
    return {str(key).lower(): held for key, held in value.items()} if isinstance(value, dict) else None


def rows(value: object) -> list[object] | None:
    """The value as a list; None where it is none."""
    return value if isinstance(value, list) else None


def first(of: Fields, names: Iterable[str]) -> object:
    """The first of these keys (in lower case) that holds something."""
    return next((of[name] for name in names if of.get(name) not in (None, "", [], {})), None)


def words(value: object) -> str:
    """A text or number as one line without markup; '' for everything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    whole = str(value)[: 2 * LONGEST].encode("utf-8", "replace").decode()  # half a character is none
    return even(unescape(_TAG.sub(" ", whole)))[:LONGEST]


def address(value: object) -> str:
    """An address as it is given; '' where it is none."""
    return value.strip()[:LONGEST].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def paragraphs(value: object) -> Iterator[str]:
    """The paragraphs of a text that may hold markup, each one line."""
    if isinstance(value, str):
        yield from filter(None, map(words, _BREAK.split(value[: 100 * LONGEST])))


def said(of: Fields, names: Iterable[str]) -> str | None:
    """What the first of these keys that holds a date says, as ISO 8601, no finer than given."""
    return next((found for name in names if (found := iso(words(of.get(name))))), None)


def ident(value: object) -> str | None:
    """A text or number that can stand in an address; None where it cannot."""
    found = words(value)
    return found if found and len(found) <= 200 and "/" not in found and found not in {".", ".."} else None


def document(base: str, title: str | None, entries: Sequence[Entry], *, lost: int = 0) -> Document:
    """The listing. `lost`: how many of its entries could not be read; where that is all of them, it is not legible."""
    blocks: list[Block] = [Block("main", "title", 1, title)] if title else []
    links: list[Link] = []
    for entry in entries[:MAX_ENTRIES]:
        place = None
        if entry.text:
            place = len(blocks)
            blocks.append(Block(entry.part, entry.kind, 1 if entry.kind == "list-item" else None, entry.text))
        target = join(base, entry.target) if entry.target else None
        if target and target.startswith(_WEB):
            links.append(Link(target, entry.rel, entry.part, entry.text, entry.note, place))
    whole = not lost and len(entries) <= MAX_ENTRIES
    legible: Legible = "yes" if whole else "partly" if entries else "no"
    return Document("listing", legible, None, title, blocks=tuple(blocks), links=tuple(links))


def unknown() -> Document:
    """What is told of a body that is no listing we know."""
    return Document("listing", "no")
