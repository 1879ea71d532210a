"""What can only be said when a run is over: what most pages share, what happened to many at once (`fold`), and what a
person should look at (`findings`, `watching`).

Each finished crawl is settled once, in order, when all that was captured before its end is read. What is concluded is a
function of that evidence, and holds for what is captured later: so a rebuild, which settles the same runs at the same
places, reads each page by the same rules as before, and a page is never read one way today and another tomorrow
without a run between (docs/decisions/0011). What the source shows as a whole is asked in a survey, which not every run
calls for (docs/decisions/0030).
"""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from archiver.config import Config
from archiver.derive import findings
from archiver.derive.facts import facts_of
from archiver.derive.fold import Scales, fold, mend
from archiver.derive.watching import watch
from archiver.errors import EvidenceError, NotFound
from archiver.extract.page import learning
from archiver.model import Reading, Source
from archiver.pool import Pool
from archiver.store import Archive, bodies, evidence, issues, settling, unread
from archiver.store.settling import Finished, Page

LOOKED_AT = 12
"""Pages that are looked at to tell a site's CMS; most of them must bear its marks."""


async def settle(archive: Archive, config: Config, source: Source, pool: Pool, before: datetime | None = None) -> int:
    """Conclude every crawl of the source that ended before a time, in order; how many there were.

    Without a time: before the first capture that has still to be read.
    """
    before = before or unread.first_at(archive.reader, source.id)
    if before is None:
        await archive.aio(partial(mend, source_id=source.id, scales=Scales(config.points, config.limits, source.every)))
    waiting = settling.unsettled(archive.reader, source.id, before)
    for run in waiting:
        survey = await _survey(archive, config, source, pool, run)
        await archive.aio(partial(_conclude, config=config, source=source, run=run, survey=survey))
    return len(waiting)


@dataclass(frozen=True, slots=True)
class _Survey:
    """What is asked of the whole source after a run."""

    pages: list[Page]  # to learn from
    profile: str | None  # whose marks they bear


async def _survey(archive: Archive, config: Config, source: Source, pool: Pool, run: Finished) -> _Survey | None:
    """None where the run calls for none."""
    if not settling.calls_for_survey(archive.reader, run.run_id):
        return None
    pages = settling.latest_pages(archive.reader, source.id, run.run_id, learning.MOST_PAGES)
    profile = await _detect(archive, source, pool, pages[:LOOKED_AT]) if source.detects else None
    configured = config.rules_for(source, run.at).profile
    learns = (config.profiles[profile] if profile else configured).learn
    return _Survey(pages if learns else [], profile)


async def _detect(archive: Archive, source: Source, pool: Pool, pages: list[Page]) -> str | None:
    """The profile whose marks most of the pages bear; None where that is no CMS's."""
    counts: Counter[str] = Counter()
    for page in pages:
        capture = evidence.capture(archive.reader, page.capture_id)
        try:
            body = bodies.get(archive.reader, capture.shown_id or 0)
        except (EvidenceError, NotFound):
            continue
        result = await pool.read(body, facts_of(archive.reader, source, capture), None)
        if isinstance(result, Reading):
            counts[result.profile] += 1
    best = max(sorted(counts), key=lambda name: counts[name], default=None)
    return best if best is not None and best != "generic" and 2 * counts[best] > len(pages) else None


def _conclude(conn: sqlite3.Connection, config: Config, source: Source, run: Finished, survey: _Survey | None) -> None:
    """One run, in one transaction."""
    scales = Scales(config.points, config.limits, source.every)
    told = list(findings.of_run(conn, config, source, run))
    if survey is None:
        settling.carry_on(conn, run.run_id)
    else:
        learned = learning.furniture(settling.texts(conn, page.document_id) for page in survey.pages)
        settling.settle(conn, run.run_id, learned, survey.profile)
        told += findings.of_source(conn, config, source, run, scales)
    fold(conn, source.id, run.run_id, run.at, scales)
    told += watch(conn, config, source, run, scales.rhythm)
    for beginning, issue in told:
        issues.tell(conn, source.id, run.run_id, beginning, issue)
