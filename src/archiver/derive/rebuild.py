"""All captures of a source read anew, from stored bodies; and those that a kill left unread."""

import asyncio
import sqlite3
from collections.abc import Callable

from archiver.config import Config
from archiver.derive.deriver import Also, Deriver
from archiver.model import Source
from archiver.pool import Pool
from archiver.store import Archive, evidence, reading, unread

AHEAD = 64
"""How many captures are on their way through the pool at a time."""


async def rebuild(
    archive: Archive, config: Config, source: Source, pool: Pool, watch: Callable[[int, int], None] | None = None
) -> int:
    """Forget what was read of the source and read all its evidence with today's rules; how many captures.

    Evidence, annotations, redactions and ids of pages stay. Stopped half-way, the next `catch_up` goes on.
    `watch` is called with (done, all) after each capture.
    """

    def begin(conn: sqlite3.Connection) -> None:
        reading.forget(conn, source.id)
        unread.note_source(conn, source.id)

    await archive.aio(begin)
    return await catch_up(archive, config, source, pool, watch=watch)


async def catch_up(
    archive: Archive,
    config: Config,
    source: Source,
    pool: Pool,
    *,
    also: Also | None = None,
    watch: Callable[[int, int], None] | None = None,
) -> int:
    """Derive every capture of the source that is stored and not yet read, in time order; how many there were."""
    deriver = Deriver(archive, config, source, pool)
    waiting = unread.waiting(archive.reader, source.id)
    done = 0
    under_way: set[asyncio.Task[None]] = set()

    async def one(capture_id: int) -> None:
        nonlocal done
        await deriver.derive(evidence.capture(archive.reader, capture_id), also=also)
        done += 1
        if watch is not None:
            watch(done, len(waiting))

    for capture_id in waiting:
        under_way.add(asyncio.create_task(one(capture_id)))
        if len(under_way) >= AHEAD:
            finished, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            _raise_any(finished)
    if under_way:
        finished, _ = await asyncio.wait(under_way)
        _raise_any(finished)
    return done


def _raise_any(tasks: set[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.result()
