"""Does what was read follow from the evidence? A sample of captures is read again by the rules they were read by.

Documents hash to what was read (`checks`); that they are what the bodies say only reading them anew can tell. Captures
that were read by other rules than today's are passed over: of those nobody can say it before a rebuild.
"""

import asyncio
import sqlite3
from dataclasses import dataclass, field

from archiver.config import Config
from archiver.derive.facts import facts_of, to_read
from archiver.derive.teacher import Teacher
from archiver.model import Reading, Source
from archiver.pool import Pool
from archiver.store import evidence, reading, remaking

_AT_ONCE = 16


@dataclass(slots=True)
class Sampled:
    """What reading a sample again came to."""

    looked_at: int = 0
    passed_over: int = 0  # read by other rules, or by nobody
    problems: list[str] = field(default_factory=list)


async def read_again(conn: sqlite3.Connection, config: Config, pool: Pool, count: int) -> Sampled:
    """Read so many captures of each source again, always the same ones, and compare; nothing is written."""
    found, room = Sampled(), asyncio.Semaphore(_AT_ONCE)

    async def one(source: Source, teacher: Teacher, sampled: remaking.Sampled) -> None:
        async with room:
            same = await _is_same(conn, source, teacher, pool, sampled)
        found.looked_at += same is not None
        found.passed_over += same is None
        if same is False:
            found.problems.append(
                f"capture {sampled.capture_id} is not what its body says; `archiver rebuild` reads it anew"
            )

    for source in config.sources.values():
        teacher = Teacher(conn, config, source)
        await asyncio.gather(*(one(source, teacher, sampled) for sampled in remaking.sample(conn, source.id, count)))
    return found


async def _is_same(
    conn: sqlite3.Connection, source: Source, teacher: Teacher, pool: Pool, sampled: remaking.Sampled
) -> bool | None:
    """Whether the capture reads as it was read; None where that cannot be told."""
    capture = evidence.capture(conn, sampled.capture_id)
    rules = teacher.rules_for(capture.at, capture.id)
    body = to_read(conn, capture)
    if sampled.document_id is None or rules.sha256 != sampled.rules_sha256 or not isinstance(body, bytes):
        return None  # what is damaged is told by the check of bodies
    again = await pool.read(body, facts_of(conn, source, capture), rules)
    if not isinstance(again, Reading) or again.document is None:
        return None  # the gate knows more of the page now than it did then
    return again.document.sha256 == reading.load_document(conn, sampled.document_id).sha256
