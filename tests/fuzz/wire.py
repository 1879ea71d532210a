"""What meets bytes before or beside the readers: the wire, archives of others, our own configuration, what is typed."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

from archiver import urls
from archiver.asking import terms
from archiver.config import load
from archiver.diff import compare
from archiver.diff.text import apply, reverse
from archiver.errors import ConfigError
from archiver.fetch.head import plain
from archiver.fetch.limits import Limits
from archiver.fetch.payload import STAGES, Decoder
from archiver.model import Block, Document
from archiver.warc.cdxj import surt_key
from archiver.warc.http import parse_response, unchunked
from archiver.warc.memento import parse_timemap
from archiver.warc.reading import read_records
from archiver.warc.records import Record

SMALL = Limits(body=1_000_000, wire=1_000_000, head=64_000)
CODINGS = (*STAGES, "identity", "x-unknown", "")
LONGEST = 20_000
"""Characters of a text that is compared or typed."""


def payload(body: bytes, chance: Random) -> object:
    """Any bytes under any codings, in any pieces: never more than may be kept."""
    decoder = Decoder(tuple(chance.choices(CODINGS, k=chance.randint(0, 3))), SMALL)
    for piece in _pieces(body, chance):
        if not decoder.feed(piece):
            break
    found = decoder.finish(cut=chance.random() < 0.3)
    assert len(found.body) <= SMALL.body
    return found


def head(body: bytes, chance: Random) -> object:
    """The beginning of an answer: understood, or left to the slow way."""
    found = plain(body)
    assert found is None or (100 <= found.status <= 999 and found.length >= 0)
    return found


def warc(body: bytes, chance: Random) -> object:
    """A WARC or ARC file: records and damages, never more of a block than is asked for."""
    found = list(read_records(io.BytesIO(body), kept=10_000))
    assert all(not isinstance(one, Record) or len(one.block) <= 10_000 for one in found)
    return [repr(one) for one in found]


def message(body: bytes, chance: Random) -> object:
    """An HTTP answer as a record holds it."""
    return parse_response(body), unchunked(body)


def timemap(body: bytes, chance: Random) -> object:
    """A TimeMap of another archive."""
    return parse_timemap(body.decode("utf-8", "replace"))


def address(body: bytes, chance: Random) -> object:
    """A URL, its key and its form in an index: the key of a key is itself."""
    text = body.decode("utf-8", "replace")[:LONGEST]
    found = urls.parse(text)
    if found is None:
        return None
    assert urls.parse(found) == found
    assert urls.key(found) == urls.key(urls.key(found))
    return found, urls.key(found), surt_key(found), urls.join(found, text)


def typed(body: bytes, chance: Random) -> object:
    """What somebody types to search for."""
    text = body.decode("utf-8", "replace")[:LONGEST]
    try:
        found = terms.parse(text)
    except ValueError:
        return None
    return found, terms.expression(found, lambda word: (word,)), terms.marked(text, found, ("sv",))


def difference(body: bytes, chance: Random) -> object:
    """Two texts: the hunks make the one of the other, and back."""
    lines = [line for line in body.decode("utf-8", "replace")[:LONGEST].split("\n") if line.strip()]
    others = [line for line in lines if chance.random() < 0.9]
    chance.shuffle(others)
    before, after = _document(lines), _document(others)
    change = compare(before, after)
    assert bool(change.differences) == (before.core != after.core)
    assert not change.edits or apply(before.main, change.edits) == after.main
    assert not change.edits or apply(after.main, reverse(change.edits)) == before.main
    return change


def _document(lines: Sequence[str]) -> Document:
    return Document("html", blocks=tuple(Block("main", "paragraph", None, line) for line in lines))


def configuration(body: bytes, chance: Random) -> object:
    """A configuration file: understood, or every mistake told."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "sources").mkdir()
        name = chance.choice(("archiver.toml", "sources/exempelkoping.toml", "significance.toml", "coding.toml"))
        (folder / name).write_bytes(body)
        try:
            load(folder)
        except ConfigError as error:
            return sorted(str(mistake).replace(made, "") for mistake in error.mistakes)
    return None


def _pieces(body: bytes, chance: Random) -> Sequence[bytes]:
    at, pieces = 0, []
    while at < len(body):
        size = chance.choice((1, 7, 100, 4_000, len(body)))
        pieces.append(body[at : at + size])
        at += size
    return pieces
