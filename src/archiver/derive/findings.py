"""What a person should look at once a run is over, of what it saw and of the source as a whole.

Which rules or dates look wrong on many pages at once, which pages look like one, and what was expected; each with the
words by which it is known again.
"""

import sqlite3
from collections.abc import Callable, Iterator

from archiver import urls
from archiver.config import Config
from archiver.derive.fold import Scales
from archiver.derive.watching import Told
from archiver.extract.listings import vendors
from archiver.frontier import twins
from archiver.model import Expect, Issue, Link, Source
from archiver.store import folding, reading, settling
from archiver.store.settling import Census, Finished, Fit, Stamp, Wrong

FEW = 10
"""Pages of a run, or of a round of visits, below which nothing is said of a profile's selectors."""
MISSED = 0.2
"""The share of these pages without a content area from which a profile's selectors are doubted."""
BULK, BULK_SHARE = 20, 0.1
"""Pages, and share of a source's dated pages, from which a shared day is a script's or a migration's."""
TWINS, TOLD, SAID = 500, 20, 50
"""Texts on several pages that are looked at; differences between their addresses that are told after one run; words
of a page below which it says too little to be known by them."""


def of_run(conn: sqlite3.Connection, config: Config, source: Source, run: Finished) -> Iterator[Told]:
    """What a person should know of what the run saw."""
    yield from misfits(settling.fits(conn, [run.run_id]), _by_itself(config))
    yield from strangers(settling.wrong(conn, run.run_id))
    yield from unlisted(source, lambda url: _links_of(conn, run.run_id, url))


def of_source(
    conn: sqlite3.Connection, config: Config, source: Source, run: Finished, scales: Scales
) -> Iterator[Told]:
    """What a person should know of the source as a whole, by the end of the run."""
    lately = folding.crawls(conn, source.id, run.at - scales.rhythm, run.run_id)
    yield from misfits(settling.fits(conn, lately), _by_itself(config))
    yield from bulk_dates(settling.stamps(conn, source.id, run, BULK))
    if run.whole:
        yield from unexpected(source.expect, settling.census(conn, source.id, run))
    yield from duplicates(settling.twins(conn, source.id, run, SAID, TWINS))


def _by_itself(config: Config) -> set[str]:
    """The profiles that are no CMS's."""
    return {name for name, profile in config.profiles.items() if not profile.detect}


def _links_of(conn: sqlite3.Connection, run_id: int, url: str) -> tuple[Link, ...] | None:
    """The links of what the address showed in the run; None where it showed nothing good."""
    document_id = settling.document_of(conn, run_id, urls.key(url))
    return tuple(reading.links_of(conn, document_id)) if document_id is not None else None


def duplicates(groups: list[list[str]]) -> list[Told]:
    """Addresses that seem to be one page, by what sets them apart. Only a person joins them ([[same]], aliases)."""
    told: list[Told] = []
    for cause, one, other, pairs in twins.folded(groups)[:TOLD]:
        beginning = f"{cause}: "
        more = f", and {pairs - 1} more such pairs" if pairs > 1 else ""
        told.append((beginning, Issue("duplicate-suspected", f"{beginning}{one} and {other} show the same{more}")))
    return told


STRANGE = (
    ("the reader ", "selectors-missed"),
    ("a parked domain", "wrong-site"),
    ("another site", "wrong-site"),
    ("another language", "wrong-site"),
)
"""How the gate's reasons begin that a person should know of, and the issue that each is."""


def strangers(found: list[Wrong]) -> list[Told]:
    """What came in the place of pages that is no accident of one of them."""
    told: dict[str, Told] = {}
    for wrong in found:
        kind = next((kind for start, kind in STRANGE if wrong.reason.startswith(start)), None)
        beginning = wrong.reason.partition(",")[0]
        if kind is not None and beginning not in told:
            where = f"on {wrong.pages} pages, such as {wrong.example}" if wrong.pages > 1 else f"on {wrong.example}"
            told[beginning] = (beginning, Issue(kind, f"{wrong.reason}, {where}"))
    return list(told.values())


def unlisted(source: Source, links_of: Callable[[str], tuple[Link, ...] | None]) -> list[Told]:
    """Seeds read by a vendor's reader that link to none of its meetings and files."""
    told: list[Told] = []
    for seed in source.seeds:
        vendor = vendors.VENDORS.get(seed.reader or "")
        if vendor is None or "html" not in vendor.kinds or (links := links_of(seed.url)) is None:
            continue
        if not vendors.holds(seed.reader or "", seed.url, links):
            beginning = f"the reader {seed.reader!r} finds no meeting and no file on {seed.url}"
            told.append((beginning, Issue("selectors-missed", f"{beginning}: has its shape changed?")))
    return told


def misfits(fits: list[Fit], by_itself: set[str]) -> list[Told]:
    """Profiles whose selectors found no content area on many pages, each with the words by which it is known again.

    Profiles that are no CMS's (`by_itself`) are expected to find it by the page's structure.
    """
    told: list[Told] = []
    for fit in fits:
        if fit.profile in by_itself or fit.pages < FEW or fit.missed < MISSED * fit.pages:
            continue
        beginning = f"profile {fit.profile}: "
        share = round(100 * fit.missed / fit.pages)
        words = f"no selector of its 'main' fits {fit.missed} of {fit.pages} pages ({share} %), such as {fit.example}"
        told.append((beginning, Issue("selectors-missed", beginning + words)))
    return told


def unexpected(expect: Expect, found: Census) -> list[Told]:
    """What the operator expects of the source and was not found."""
    shares = (("a publication date", expect.with_published, found.with_published),
              ("an update date", expect.with_updated, found.with_updated))  # fmt: skip
    told: list[Told] = []
    if expect.pages is not None and found.pages < expect.pages:
        beginning = f"at least {expect.pages} pages are expected, "
        told.append((beginning, Issue("expectation-missed", f"{beginning}{found.pages} are there")))
    for what, share, number in shares:
        if share is not None and number < share * found.pages:
            beginning = f"{what} is expected on {share:.0%} of the pages, "
            told.append((beginning, Issue("expectation-missed", f"{beginning}{number} of {found.pages} give one")))
    return told


def bulk_dates(stamps: list[Stamp]) -> list[Told]:
    """Days that too many pages share as their date for editors to have done it."""
    told: list[Told] = []
    for stamp in stamps:
        if stamp.pages < BULK_SHARE * stamp.dated:
            continue
        beginning = f"{stamp.meaning} {stamp.day} "
        words = f"on {stamp.pages} of {stamp.dated} dated pages: a migration or a script, rather than edits"
        told.append((beginning, Issue("bulk-date", beginning + words)))
    return told
