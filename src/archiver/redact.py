"""Hiding what must not be shown: log it, mask it, and read again every page it stood on.

A redaction is evidence about evidence: a row in an append-only log. It takes effect because readers are handed the
masked text, so that no table, index, hunk or feed made afterwards can hold the words. Erasing also destroys the body:
its row and digest stay, so that seals still verify through them.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archiver.config import Config
from archiver.derive import catch_up
from archiver.errors import NotFound
from archiver.pool import Pool
from archiver.store import Archive, bodies, reading, redactions, unread

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

    After an erasure the file is vacuumed, so that the bytes are gone from it and not only from its tables.
    """
    if order.span is not None and (order.body_id is None or order.level == "erased"):
        raise ValueError("a span is of one body, and cannot be erased without the whole: hide it, or erase the body")

    def carry_out(conn: sqlite3.Connection) -> list[str]:
        touched = _bodies(conn, order)
        pages = redactions.pages_showing(conn, bodies=touched, address_id=order.address_id)
        if not pages:
            raise NotFound("nothing in the archive shows that")
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

    count = await _read_again(archive, config, pool, await archive.aio(carry_out))
    if order.level == "erased":
        await archive.aio(reading.rebuild_indexes)
        await archive.vacuum()
    return count


async def _read_again(archive: Archive, config: Config, pool: Pool, names: list[str]) -> int:
    missing = [name for name in names if name not in config.sources]
    if missing:
        raise NotFound(f"the pages are of {', '.join(missing)}, which no file configures any more: they cannot be read")
    count = sum([await catch_up(archive, config, config.sources[name], pool) for name in names])
    await archive.aio(reading.sweep)
    return count


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
    """Undo a redaction that is no erasure, and read its pages again; how many captures. Raises NotFound."""

    def undo(conn: sqlite3.Connection) -> list[str]:
        body_id, address_id = redactions.lift(conn, redaction_id, actor=actor, at=at)
        shown = [] if body_id is None else [body_id]
        pages = redactions.pages_showing(conn, bodies=shown, address_id=address_id)
        reading.forget_pages(conn, pages)
        return unread.note_pages(conn, pages)

    return await _read_again(archive, config, pool, await archive.aio(undo))
