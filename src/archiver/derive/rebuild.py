"""All captures of a source read anew, from stored bodies; and those that a kill left unread."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from archiver.config import Config
from archiver.derive.deriver import Also, Deriver
from archiver.derive.record import Derived, OutOfOrder
from archiver.derive.settle import settle
from archiver.model import Capture, Source
from archiver.pool import Pool
from archiver.store import Archive, evidence, reading, settling, unread

AHEAD = 64
"""How many captures are on their way through the pool at a time."""
Guard = Callable[[Awaitable[Derived], Capture], Awaitable[object]]
"""What stands around the reading of one capture: whoever must go on whatever becomes of it."""


async def unguarded(step: Awaitable[Derived], _: Capture) -> Derived:
    """What the reading raises is raised."""
    return await step


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
    guard: Guard = unguarded,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Derive every capture of the source that is stored and not yet read, in time order; how many there were.

    `guard` stands around each; `enough` says when to stop half-way. Raises what a capture raises, once none is under
    way; what is not read then is read the next time.
    """
    await archive.aio(partial(unread.widen, source_id=source.id))
    deriver = Deriver(archive, config, source, pool)
    waiting = unread.waiting(archive.reader, source.id)
    ends = deque(run.at for run in settling.unsettled(archive.reader, source.id))
    done = 0
    profile = None
    under_way: set[asyncio.Task[None]] = set()

    async def one(capture: Capture) -> None:
        nonlocal done
        with suppress(OutOfOrder):
            await guard(deriver.derive(capture, also=also), capture)
        done += 1
        if watch is not None:
            watch(done, len(waiting))

    try:
        for capture_id in waiting:
            if enough():
                break
            capture = evidence.capture(archive.reader, capture_id)
            before, profile = profile, config.rules_for(source, capture.at).profile
            if len(under_way) >= AHEAD:
                under_way = await _some(under_way)
            over = bool(ends) and ends[0] < capture.at
            while under_way and (over or before != profile):  # another era: its pages may have other keys
                under_way = await _some(under_way)
            if over:
                await settle(archive, config, source, pool, capture.at)
                ends = deque(end for end in ends if end >= capture.at)
            under_way.add(asyncio.create_task(one(capture)))
        while under_way:
            under_way = await _some(under_way)
        await settle(archive, config, source, pool)
    finally:
        if under_way:
            ended, _ = await asyncio.wait(under_way)
            _errors(ended)
    return done


async def _some(tasks: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Those that are still going when at least one has ended. Raises what the first of them raised."""
    ended, going = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    tasks.difference_update(ended)
    for error in _errors(ended):
        raise error
    return going


def _errors(ended: set[asyncio.Task[None]]) -> list[BaseException]:
    """What they raised, each of it seen: a full disk is the same news from all, and is told once."""
    return [error for task in ended if not task.cancelled() and (error := task.exception())]
