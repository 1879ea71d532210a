"""What can only be said when a run is over: what most pages share, and which rules or dates look wrong on many at once.

Each finished crawl is settled once, in order, when all that was captured before its end is read. What is concluded is a
function of that evidence, and holds for what is captured later: so a rebuild, which settles the same runs at the same
places, reads each page by the same rules as before, and a page is never read one way today and another tomorrow
without a run between (docs/decisions/0011).
"""

import sqlite3
from datetime import datetime
from functools import partial

from archiver.config import Config
from archiver.extract.page import learning
from archiver.model import Issue, Source
from archiver.store import Archive, reading, settling, unread
from archiver.store.settling import Finished, Fit, Stamp

FEW = 10
"""Pages of a run below which nothing is said of a profile's selectors."""
MISSED = 0.2
"""The share of a run's pages without a content area from which a profile's selectors are doubted."""
BULK, BULK_SHARE = 20, 0.1
"""Pages, and share of a source's dated pages, from which a shared day is a script's or a migration's."""


async def settle(archive: Archive, config: Config, source: Source, before: datetime | None = None) -> int:
    """Conclude every crawl of the source that ended before a time, in order; how many there were.

    Without a time: before the first capture that has still to be read.
    """
    before = before or unread.first_at(archive.reader, source.id)
    waiting = settling.unsettled(archive.reader, source.id, before)
    for run in waiting:
        await archive.aio(partial(_conclude, config=config, source=source, run=run))
    return len(waiting)


def _conclude(conn: sqlite3.Connection, config: Config, source: Source, run: Finished) -> None:
    """One run, in one transaction."""
    learned: frozenset[str] = frozenset()
    if config.rules_for(source, run.at).profile.learn:
        learned = learning.furniture(settling.texts_of_pages(conn, source.id, run.run_id, learning.MOST_PAGES))
    settling.settle(conn, run.run_id, learned)
    fits = settling.fits(conn, run.run_id)
    stamps = settling.stamps(conn, source.id, run.at, BULK)
    by_itself = {name for name, profile in config.profiles.items() if not profile.detect}
    for beginning, issue in (*misfits(fits, by_itself), *bulk_dates(stamps)):
        if not settling.is_noted(conn, source.id, issue.kind, beginning):
            reading.add_issue(conn, source.id, None, None, issue)


def misfits(fits: list[Fit], by_itself: set[str]) -> list[tuple[str, Issue]]:
    """Profiles whose selectors found no content area on many pages, each with the words by which it is known again.

    Profiles that are no CMS's (`by_itself`) are expected to find it by the page's structure.
    """
    told: list[tuple[str, Issue]] = []
    for fit in fits:
        if fit.profile in by_itself or fit.pages < FEW or fit.missed < MISSED * fit.pages:
            continue
        beginning = f"profile {fit.profile}: "
        share = round(100 * fit.missed / fit.pages)
        words = f"no selector of its 'main' fits {fit.missed} of {fit.pages} pages ({share} %), such as {fit.example}"
        told.append((beginning, Issue("selectors-missed", beginning + words)))
    return told


def bulk_dates(stamps: list[Stamp]) -> list[tuple[str, Issue]]:
    """Days that too many pages share as their date for editors to have done it."""
    told: list[tuple[str, Issue]] = []
    for stamp in stamps:
        if stamp.pages < BULK_SHARE * stamp.dated:
            continue
        beginning = f"{stamp.meaning} {stamp.day} "
        words = f"on {stamp.pages} of {stamp.dated} dated pages: a migration or a script, rather than edits"
        told.append((beginning, Issue("bulk-date", beginning + words)))
    return told
