"""What today's rules would read otherwise, before a rebuild does it: a sample is read again, and nothing written."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archiver.config import Config
from archiver.derive.facts import facts_of, to_read
from archiver.derive.teacher import Teacher
from archiver.diff import compare
from archiver.model import Capture, Change, Document, Reading, Rules, Source, Unread
from archiver.pool import Pool
from archiver.store import Archive, evidence, reading, remaking

AHEAD = 16
"""Captures on their way through the pool at a time."""


@dataclass(frozen=True, slots=True)
class Altered:
    """A capture that would be read otherwise."""

    capture_id: int
    url: str
    verdict_before: str
    verdict_after: str
    change: Change  # from what stands recorded to what would


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rebuild would alter, of a sample."""

    looked_at: int
    same_rules: int  # of them: read by today's rules already
    altered: tuple[Altered, ...]

    def as_object(self) -> dict[str, Any]:
        """As plain values: looked_at, same_rules and altered (how many), kinds and verdicts (of each), examples."""
        kinds = Counter(kind for one in self.altered for kind in one.change.kinds)
        verdicts = Counter(
            f"{one.verdict_before} → {one.verdict_after}"
            for one in self.altered
            if one.verdict_before != one.verdict_after
        )
        return {
            "looked_at": self.looked_at, "same_rules": self.same_rules, "altered": len(self.altered),
            "kinds": dict(kinds.most_common()), "verdicts": dict(verdicts.most_common()),
            "examples": [
                {"capture": one.capture_id, "url": one.url, "verdict": one.verdict_after,
                 "differences": {d.kind: d.summary for d in one.change.differences},
                 "hunks": [{"op": h.op, "text": h.text} for h in one.change.hunks]}
                for one in self.altered
            ],
        }  # fmt: skip


async def preview(
    archive: Archive,
    config: Config,
    source: Source,
    pool: Pool,
    sample: int,
    watch: Callable[[int, int], None] | None = None,
) -> Preview:
    """Read a sample of the source's captures by today's rules and compare.

    The sample is the same at every call: captures are taken in the order of the digests of their rows, which is no
    order at all. `watch` is called with (done, all).
    """
    wanted = remaking.sample(archive.reader, source.id, sample)
    teacher = Teacher(archive.reader, config, source)
    room = asyncio.Semaphore(AHEAD)
    done = 0

    async def one(sampled: remaking.Sampled) -> tuple[bool, Altered | None]:
        nonlocal done
        async with room:
            capture = evidence.capture(archive.reader, sampled.capture_id)
            rules = teacher.rules_for(capture.at, capture.id)
            altered = None
            if rules.sha256 != sampled.rules_sha256:
                result = await _read(archive, source, pool, capture, rules)
                known = sampled.document_id
                before = reading.load_document(archive.reader, known) if known is not None else None
                altered = _compare(capture, sampled.verdict, before, result)
            done += 1
            if watch is not None:
                watch(done, len(wanted))
            return rules.sha256 == sampled.rules_sha256, altered

    found = await asyncio.gather(*(one(sampled) for sampled in wanted))
    return Preview(len(wanted), sum(same for same, _ in found), tuple(altered for _, altered in found if altered))


async def _read(archive: Archive, source: Source, pool: Pool, capture: Capture, rules: Rules) -> Reading | Unread:
    body = to_read(archive.reader, capture)
    if not isinstance(body, bytes):
        return body
    return await pool.read(body, facts_of(archive.reader, source, capture), rules)


def _compare(capture: Capture, verdict: str, before: Document | None, result: Reading | Unread) -> Altered | None:
    """What would be read otherwise; None where nothing that a comparison shows would."""
    after = result.document if isinstance(result, Reading) else None
    found = result.verdict if isinstance(result, Reading) else "unread"
    change = compare(before, after)
    if found == verdict and not change.differences:
        return None
    return Altered(capture.id, capture.address.url, verdict, found, change)
