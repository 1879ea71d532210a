"""Hiding what must not be shown: log it, mask it, and read again every page it stood on.

A redaction is evidence about evidence: a row in an append-only log. It takes effect because readers are handed the
masked text, so that no table, index, hunk or feed made afterwards can hold the words. Erasing also destroys the body:
its row and digest stay, so that seals still verify through them.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal

from archiver.config import Config
from archiver.derive import catch_up
from archiver.derive.facts import facts_of
from archiver.errors import EvidenceError, NotFound, Unconfigured
from archiver.extract import redaction
from archiver.model import Capture, Pattern, Unread
from archiver.pool import Pool
from archiver.store import Archive, bodies, evidence, patterns, reading, redactions, unread

Level = Literal["hidden", "withheld", "erased"]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be redacted: one body, whole or a span of its decoded text, or every body of an address."""

    level: Level
    reason: str  # a code, never the words
    actor: str
    body_id: int | None = None
    address_id: int | None = None
    span: tuple[int, int] | None = None  # characters of the decoded text; of one body only


async def redact(archive: Archive, config: Config, pool: Pool, order: Order, at: datetime) -> int:
    """Carry out the order; how many captures were read again. Raises NotFound, ValueError for an order that cannot be.

    After an erasure the file is vacuumed, so that the bytes are gone from it and not only from its tables. Raises
    Unconfigured when all is done, where pages are of sources that no file configures: they show nothing for now.
    """
    if order.span is not None and (order.body_id is None or order.level == "erased"):
        raise ValueError("a span is of one body, and cannot be erased without the whole: hide it, or erase the body")

    def carry_out(conn: sqlite3.Connection) -> list[str]:
        touched = _bodies(conn, order)
        pages = redactions.pages_showing(conn, bodies=touched, address_id=order.address_id)
        if not redactions.is_kept(conn, order.body_id, order.address_id):  # on no page it may be, and in a WARC still
            raise NotFound("there is nothing of that in the archive")
        redactions.add(
            conn,
            body_id=order.body_id,
            address_id=order.address_id,
            span=order.span,
            level=order.level,
            reason=order.reason,
            actor=order.actor,
            at=at,
        )
        if order.level == "erased":
            for body_id in touched:
                bodies.erase(conn, body_id)
        reading.forget_pages(conn, pages)
        return unread.note_pages(conn, pages)

    names = await archive.aio(carry_out)
    count = await _read_again(archive, config, pool, names)
    if order.level == "erased":
        await _scrub(archive)
    _tell_unconfigured(config, names)
    return count


async def _read_again(archive: Archive, config: Config, pool: Pool, names: Iterable[str]) -> int:
    known = [config.sources[name] for name in names if name in config.sources]
    count = sum([await catch_up(archive, config, source, pool) for source in known])
    await archive.aio(reading.sweep)
    return count


async def _scrub(archive: Archive) -> None:
    """What was deleted is gone from the file, too."""
    await archive.aio(reading.rebuild_indexes)
    await archive.vacuum()


def _tell_unconfigured(config: Config, names: Iterable[str]) -> None:
    """Last of all: what is hidden is hidden, whether or not its pages can be read again. Raises Unconfigured."""
    missing = [name for name in names if name not in config.sources]
    if missing:
        raise Unconfigured(
            f"done; but pages are of {', '.join(missing)}, which no file configures any more: they cannot be read"
            " again, and show nothing until one does"
        )


def _bodies(conn: sqlite3.Connection, order: Order) -> list[int]:
    """The bodies whose every page is to be read again: what is erased at one address is gone at all others too.

    What a browser made of a body goes with it; a span is of one of them alone.
    """
    if order.body_id is not None:
        return [order.body_id, *(redactions.made_of(conn, order.body_id) if order.span is None else ())]
    if order.level == "erased" and order.address_id is not None:
        return redactions.bodies_of(conn, order.address_id)
    return []


async def lift(archive: Archive, config: Config, pool: Pool, redaction_id: int, actor: str, at: datetime) -> int:
    """Undo a redaction that is no erasure, and read its pages again; how many captures. Raises NotFound.

    Of an erasure of words it ends the search for them; what was erased is gone.
    """

    def undo(conn: sqlite3.Connection) -> list[str]:
        lifted = redactions.lift(conn, redaction_id, actor=actor, at=at)
        shown = [] if lifted.body_id is None else [lifted.body_id]
        pages = set(redactions.pages_showing(conn, bodies=shown, address_id=lifted.address_id))
        if lifted.pattern_id is not None:
            pages |= set(patterns.pages_hit(conn, [redaction_id]))
        reading.forget_pages(conn, pages)
        return unread.note_pages(conn, pages)

    names = await archive.aio(undo)
    count = await _read_again(archive, config, pool, names)
    _tell_unconfigured(config, names)
    return count


@dataclass(frozen=True, slots=True)
class Words:
    """An order to hide words wherever they stand, now and later: in a source, in a section of it, or everywhere."""

    kind: Literal["words", "regex"]
    text: str  # as typed
    source_id: str | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A capture in which the words stand."""

    capture: Capture
    places: int


@dataclass(slots=True)
class Search:
    """What looking for words came to."""

    looked_at: int = 0
    hits: list[Hit] = field(default_factory=list)
    unread: list[tuple[Capture, str]] = field(default_factory=list)  # nobody can tell whether they stand there
    clean: list[Capture] = field(default_factory=list)  # brought a body that is no page: nothing else will say


_SOUGHT = 0
"""The number of an order that is not yet in the log."""
_AT_ONCE = 16
_CHUNK = 1000


def check_words(words: Words) -> None:
    """Raise ValueError where the words, or the expression, cannot be looked for."""
    if words.kind == "words":
        redaction.words_digest(words.text, "")
    elif why := redaction.doubt(words.text):
        raise ValueError(f"the expression is not taken: {why}")


def _pattern_of(conn: sqlite3.Connection, words: Words) -> Pattern:
    """The pattern of these words. Raises ValueError."""
    check_words(words)
    if words.kind == "regex":
        return Pattern(_SOUGHT, "regex", words.text)
    salt = patterns.salt(conn) or secrets.token_hex(8)
    digest, count = redaction.words_digest(words.text, salt)
    return Pattern(_SOUGHT, "words", digest, count, salt)


async def search(
    conn: sqlite3.Connection, config: Config, pool: Pool, words: Words, watch: Callable[[int, int], None] | None = None
) -> Search:
    """Where the words stand in what is kept; nothing is written. Each page has the time of a reading, and no more.

    `watch` is called with (done, all). Raises ValueError.
    """
    return await _search(conn, config, pool, _pattern_of(conn, words), words, watch)


async def redact_words(
    archive: Archive,
    config: Config,
    pool: Pool,
    words: Words,
    order: Order,
    at: datetime,
    watch: Callable[[int, int], None] | None = None,
) -> tuple[Search, int]:
    """Hide the words wherever they stand, and in whatever comes; where they stood, and how many captures were read
    again. Raises ValueError; Unconfigured as `redact` does."""
    pattern = _pattern_of(archive.reader, words)
    found = await _search(archive.reader, config, pool, pattern, words, watch)

    def carry_out(conn: sqlite3.Connection) -> list[str]:
        pattern_id = patterns.add(conn, pattern, words.source_id, words.section)
        number = redactions.add(
            conn, pattern_id=pattern_id, level=order.level, reason=order.reason, actor=order.actor, at=at
        )  # fmt: skip
        for hit in found.hits:
            patterns.note(conn, hit.capture, {number: hit.places})
        for capture in found.clean:
            patterns.note(conn, capture, {number: 0})
        saying = {name for name, text in patterns.lines(conn) if _stands_in(text)}
        for source_id in saying:
            reading.forget(conn, source_id)  # what was concluded from its pages together says the words too
            unread.note_source(conn, source_id)
        pages = patterns.pages_hit(conn, [number])
        reading.forget_pages(conn, pages)
        return sorted(saying.union(unread.note_pages(conn, pages)))

    def _stands_in(text: str) -> bool:
        return any(True for _ in redaction.find(text, (pattern,)))

    names = await archive.aio(carry_out)
    count = await _read_again(archive, config, pool, names)
    await archive.aio(partial(patterns.forget_rules, is_hit=_stands_in))
    if order.level == "erased":
        await _scrub(archive)
    _tell_unconfigured(config, names)
    return found, count


async def _search(
    conn: sqlite3.Connection,
    config: Config,
    pool: Pool,
    pattern: Pattern,
    words: Words,
    watch: Callable[[int, int], None] | None,
) -> Search:
    wanted = list(patterns.in_scope(conn, words.source_id, words.section))
    result, room = Search(), asyncio.Semaphore(_AT_ONCE)

    async def one(capture_id: int) -> None:
        async with room:
            capture = evidence.capture(conn, capture_id)
            said = await _sought(conn, config, pool, capture, pattern)
        result.looked_at += 1
        if isinstance(said, str):
            result.unread.append((capture, said))
        elif said:
            result.hits.append(Hit(capture, said))
        elif capture.outcome not in ("ok", "same"):
            result.clean.append(capture)
        if watch is not None:
            watch(result.looked_at, len(wanted))

    for first in range(0, len(wanted), _CHUNK):
        await asyncio.gather(*(one(capture_id) for capture_id in wanted[first : first + _CHUNK]))
    result.hits.sort(key=lambda hit: hit.capture.id)
    return result


async def _sought(
    conn: sqlite3.Connection, config: Config, pool: Pool, capture: Capture, pattern: Pattern
) -> int | str:
    """In how many places of the capture the pattern stands; or why nobody can tell."""
    source = config.sources.get(capture.address.source_id)
    if source is None:
        return f"no file configures {capture.address.source_id} any more"
    try:
        body = bodies.get(conn, capture.shown_id or 0)
    except (EvidenceError, NotFound) as error:
        return str(error)
    facts = replace(facts_of(conn, source, capture), patterns=(pattern,), masks=())
    said = await pool.read(body, facts, config.rules_for(source, capture.at))
    return f"{said.why}: {said.detail}" if isinstance(said, Unread) else dict(said.found).get(pattern.id, 0)
