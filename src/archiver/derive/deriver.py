"""One source's captures, each read and recorded once, in order within its page."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import partial

from archiver.config import Config
from archiver.derive.facts import facts_of, known_refusal, to_read
from archiver.derive.record import Derived, Prior, Read, Weights, record
from archiver.derive.teacher import Teacher
from archiver.frontier import identity
from archiver.model import Capture, Document, Reading, Rules, Source, Unread
from archiver.pool import Pool
from archiver.store import Archive, evidence, patterns, reading, unread

Also = Callable[[sqlite3.Connection, Derived], None]
"""What else belongs into the transaction that records a capture: the crawl admits links and plans the next visit."""

LOOKED_BACK = 3
"""States of a page that are read again to say whether it is in one of them again."""


class Deriver:
    """Takes captures of one source from evidence to reading."""

    def __init__(self, archive: Archive, config: Config, source: Source, pool: Pool) -> None:
        self._archive, self._config, self._source, self._pool = archive, config, source, pool
        self._weights = Weights(config.points, config.terms)
        self._last_turn: dict[str, asyncio.Event] = {}
        self._rules_ids: dict[str, int] = {}
        self._teacher = Teacher(archive.reader, config, source)

    async def derive(self, capture: Capture, body: bytes | None = None, also: Also | None = None) -> Derived:
        """Read and record one capture; `body` spares a look into the store. Call in capture order.

        Raises OutOfOrder where a later capture of the page stands recorded; then this one has still to be read.
        """
        rules = self._teacher.rules_for(capture.at, capture.id)
        key, _ = identity.page_key(capture.address.url, rules.profile, self._source)
        before, mine = self._last_turn.get(key), asyncio.Event()
        self._last_turn[key] = mine
        try:
            if before is not None:
                await before.wait()
            read = await self._read(capture, rules, body)
            return await self._archive.aio(partial(self._record, read=read, also=also))
        finally:
            mine.set()
            if self._last_turn[key] is mine:
                del self._last_turn[key]

    def rules_at(self, at: datetime) -> Rules:
        """The rules by which a capture that is being made at that time is read."""
        return self._teacher.rules_for(at)

    def derive_at_once(
        self,
        conn: sqlite3.Connection,
        capture: Capture,
        rules: Rules,
        also: Also | None = None,
        *,
        steady: bool = False,
    ) -> Derived | None:
        """Record a capture for which nothing has to be read, by the `rules_at` its time; None: `derive` must do it.

        For a job of the writer, right behind the one that stored the capture: a visit that shows nothing new then costs
        one errand. Left to `derive`: an unknown body, a first visit, a page last read by other rules, one of which an
        earlier capture waits, one that a browser renders. `steady`: the source is configured as when the address was
        last asked for, so that the gate's refusal of the same answer can stand. Raises OutOfOrder as `derive` does.
        """
        page_id = reading.page_of(conn, capture.address.id)
        if page_id is None or unread.waits_of(conn, page_id, capture.id):
            return None
        last, rules_id = reading.last_snapshot(conn, page_id), self._rules_ids.get(rules.sha256)
        known: reading.Known | None = None
        refusal: Reading | None = None
        if _has_body(capture):
            rules_id = rules_id or reading.save_rules(conn, rules)
            if capture.rendering or (last is not None and (last.rules_id != rules_id or last.is_rendered)):
                return None
            known = _still_known(conn, capture, last, rules_id)
            if known is None and steady:
                refusal = known_refusal(conn, capture, last, rules_id)
            if known is None and refusal is None:
                return None
        read = Read(capture, rules, refusal, known, rules_id=rules_id, snapshot=(page_id, last))
        return self._record(conn, read, also)

    def _record(self, conn: sqlite3.Connection, read: Read, also: Also | None) -> Derived:
        derived = record(conn, self._source, read, self._weights)
        if also is not None:
            also(conn, derived)
        return derived

    async def _read(self, capture: Capture, rules: Rules, body: bytes | None) -> Read:
        if capture.body_id is None or not _has_body(capture):
            return Read(capture, rules)
        conn = self._archive.reader
        rules_id = await self._rules_id(rules)
        shown = capture.shown_id
        known = reading.known_reading(conn, capture.address.id, shown, rules_id) if shown is not None else None
        if known is not None:
            return Read(capture, rules, known=known, prior=await self._prior(capture, rules, rules_id))
        result = await self._read_body(conn, capture, rules, body)
        prior = await self._prior(capture, rules, rules_id) if isinstance(result, Reading) else None
        document = result.document if isinstance(result, Reading) else None
        is_as_it_was = document is not None and isinstance(prior, Document) and prior.core == document.core
        returns_to = None
        if document is not None and not is_as_it_was:
            returns_to = await self._returns_to(document, capture, rules, rules_id)
        return Read(capture, rules, result, prior=prior, returns_to=returns_to)

    async def _read_body(
        self, conn: sqlite3.Connection, capture: Capture, rules: Rules, body: bytes | None
    ) -> Reading | Unread:
        found = to_read(conn, capture, body)
        if not isinstance(found, bytes):
            return found
        result = await self._pool.read(found, facts_of(conn, self._source, capture), rules)
        if isinstance(result, Reading) and patterns.erased_by(conn, dict(result.found)):
            result = Reading("withheld", "erased by order", found=result.found)
        return result

    async def _prior(self, capture: Capture, rules: Rules, rules_id: int) -> Prior:
        """The page's last snapshot read by today's rules, where it was read by others; else None.

        What was sent and what a browser made of it do not compare: 'unreadable', so that no change is told.
        """
        conn = self._archive.reader
        page_id = reading.page_of(conn, capture.address.id)
        last = reading.last_snapshot(conn, page_id) if page_id is not None else None
        if last is not None and last.is_rendered != (capture.rendering is not None):
            return "unreadable"
        if last is None or last.rules_id == rules_id:
            return None
        again = await self._read_body(conn, evidence.capture(conn, last.capture_id), rules, None)
        if isinstance(again, Unread) or again.document is None:
            return "unreadable"
        return again.document

    async def _returns_to(self, document: Document, capture: Capture, rules: Rules, rules_id: int) -> int | None:
        """The number of the state that the page is in again, of those before its last that other rules had read.

        Their cores are what those rules found; what they showed is read again, the latest few.
        """
        conn = self._archive.reader
        page_id = reading.page_of(conn, capture.address.id)
        last = reading.last_snapshot(conn, page_id) if page_id is not None else None
        if page_id is None or last is None or last.core == document.core:
            return None
        for number, capture_id in reading.states_read_otherwise(conn, page_id, rules_id, LOOKED_BACK):
            again = await self._read_body(conn, evidence.capture(conn, capture_id), rules, None)
            if isinstance(again, Reading) and again.document is not None and again.document.core == document.core:
                return number
        return None

    async def _rules_id(self, rules: Rules) -> int:
        if rules.sha256 not in self._rules_ids:
            self._rules_ids[rules.sha256] = await self._archive.aio(partial(reading.save_rules, rules=rules))
        return self._rules_ids[rules.sha256]


def _still_known(
    conn: sqlite3.Connection, capture: Capture, last: reading.LastSnapshot | None, rules_id: int
) -> reading.Known | None:
    """The reading of this very body: mostly the page's last one."""
    if last is not None and (last.address_id, last.body_id) == (capture.address.id, capture.body_id):
        return reading.Known(last.document_id, last.masked, last.fit, last.core, last.sha256)
    return reading.known_reading(conn, capture.address.id, capture.body_id or 0, rules_id)


def _has_body(capture: Capture) -> bool:
    """Whether the capture brought, or confirmed, a body to be read."""
    return capture.body_id is not None and capture.outcome in ("ok", "same")
