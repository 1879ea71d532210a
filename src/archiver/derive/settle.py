"""What can only be said when a run is over: what most pages share, which rules or dates look wrong on many at once, and
which pages look like one.

Each finished crawl is settled once, in order, when all that was captured before its end is read. What is concluded is a
function of that evidence, and holds for what is captured later: so a rebuild, which settles the same runs at the same
places, reads each page by the same rules as before, and a page is never read one way today and another tomorrow
without a run between (docs/decisions/0011). What the source shows as a whole is asked in a survey, which not every run
calls for (docs/decisions/0030).
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from archiver import urls
from archiver.config import Config
from archiver.config.merging import merge
from archiver.derive.facts import facts_of
from archiver.derive.fold import Scales, fold, mend
from archiver.derive.watching import Told, watch
from archiver.errors import EvidenceError, NotFound
from archiver.extract.listings import vendors
from archiver.extract.page import learning
from archiver.frontier import twins
from archiver.model import Expect, Issue, Link, Reading, Rules, Source
from archiver.pool import Pool
from archiver.store import Archive, bodies, evidence, folding, reading, settling, unread
from archiver.store.settling import Finished, Fit, Page, Stamp, Standing, Wrong

FEW = 10
"""Pages of a run, or of a round of visits, below which nothing is said of a profile's selectors."""
MISSED = 0.2
"""The share of these pages without a content area from which a profile's selectors are doubted."""
BULK, BULK_SHARE = 20, 0.1
"""Pages, and share of a source's dated pages, from which a shared day is a script's or a migration's."""
TWINS, TOLD, SAID = 500, 20, 50
"""Texts on several pages that are looked at; differences between their addresses that are told after one run; words
of a page below which it says too little to be known by them."""
LOOKED_AT = 12
"""Pages that are looked at to tell a site's CMS; most of them must bear its marks."""


class Teacher:
    """What the pages of a source have taught, as rules: asked for each capture."""

    def __init__(self, conn: sqlite3.Connection, config: Config, source: Source) -> None:
        self._conn, self._config, self._source = conn, config, source
        self._known: dict[tuple[str, int | None, str | None], Rules] = {}

    def rules_for(self, at: datetime) -> Rules:
        """The rules of a capture's time: its era's, with what the site's pages had taught us by then."""
        rules = self._config.rules_for(self._source, at)
        if not (rules.profile.learn or self._source.detects):
            return rules
        taught = settling.taught_at(self._conn, self._source.id, at)
        key = (rules.sha256, taught.furniture_id, taught.profile)
        if key not in self._known:
            self._known[key] = self._merged(rules, *taught)
        return self._known[key]

    def _merged(self, rules: Rules, furniture_id: int | None, detected: str | None) -> Rules:
        """The rules with what was learned. How pages are told apart stays as configured: their keys are kept."""
        own = profile = rules.profile
        if detected is not None and (self._source.id, detected) in self._config.rulebook:
            found = self._config.rulebook[self._source.id, detected].profile
            profile = replace(found, identity=own.identity, strip=own.strip, keep=own.keep)
        known = settling.furniture(self._conn, furniture_id) if furniture_id is not None else frozenset()
        lines = known if profile.learn else frozenset()
        return merge(profile, rules.language, lines, rules.others) if lines or profile is not own else rules


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
    told = list(_of_run(conn, config, source, run))
    if survey is None:
        settling.carry_on(conn, run.run_id)
    else:
        learned = learning.furniture(settling.texts(conn, page.document_id) for page in survey.pages)
        settling.settle(conn, run.run_id, learned, survey.profile)
        told += _of_source(conn, config, source, run, scales)
    fold(conn, source.id, run.run_id, run.at, scales)
    told += watch(conn, config, source, run, scales.rhythm)
    for beginning, issue in told:
        if not settling.is_noted(conn, source.id, issue.kind, beginning):
            reading.add_issue(conn, source.id, None, None, issue)


def _of_run(conn: sqlite3.Connection, config: Config, source: Source, run: Finished) -> Iterator[Told]:
    """What a person should know of what the run saw."""
    yield from misfits(settling.fits(conn, [run.run_id]), _by_itself(config))
    yield from strangers(settling.wrong(conn, run.run_id))
    yield from unlisted(source, lambda url: _links_of(conn, run.run_id, url))


def _of_source(
    conn: sqlite3.Connection, config: Config, source: Source, run: Finished, scales: Scales
) -> Iterator[Told]:
    """What a person should know of the source as a whole, by the end of the run."""
    lately = folding.crawls(conn, source.id, run.at - scales.rhythm, run.run_id)
    yield from misfits(settling.fits(conn, lately), _by_itself(config))
    yield from bulk_dates(settling.stamps(conn, source.id, run.at, BULK))
    if run.whole:
        yield from unexpected(source.expect, settling.standing(conn, source.id, run.at))
    yield from duplicates(settling.twins(conn, source.id, run.at, SAID, TWINS))


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


def unexpected(expect: Expect, found: Standing) -> list[Told]:
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
