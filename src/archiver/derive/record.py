"""Writing down what one capture says: its reading, and what that does to its page. One transaction.

The state that is changed is read inside the transaction that changes it, because two captures of one page could
otherwise both follow the same last revision (docs/decisions/0002). Every decision in it is a pure function's.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from archiver import stems
from archiver.derive import telling
from archiver.diff import absence, revisions
from archiver.extract import dates
from archiver.frontier import identity, scope
from archiver.model import (
    Absence,
    Begin,
    Capture,
    Change,
    Document,
    Extend,
    Issue,
    Profile,
    Reading,
    Revision,
    Rules,
    Sign,
    Source,
    Step,
    Unread,
    Verdict,
)
from archiver.store import issues, notices, patterns, reading, unread
from archiver.store.reading import Known, LastSnapshot

Prior = Document | Literal["unreadable"] | None


class OutOfOrder(Exception):
    """A later capture of the page is recorded already: its page must be read again as a whole."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How significance is counted: points by reason, and the operator's terms of interest."""

    points: Mapping[str, int]
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """A capture with what our rules make of it, ready to be recorded."""

    capture: Capture
    rules: Rules
    reading: Reading | Unread | None = None  # None: nothing to read, or the reading is a known one
    known: Known | None = None  # same address, same body, same rules: nothing to read
    prior: Prior = None  # the page's last snapshot read again by these rules, where others had read it
    returns_to: int | None = None  # the state, of those that others had read, that the page is in again
    rules_id: int | None = None  # None: still to be looked up
    snapshot: tuple[int, LastSnapshot | None] | None = None  # the page and its last snapshot; None: to be looked up

    @property
    def document(self) -> Document | None:
        """What was read; None too where the reading is a known one."""
        return self.reading.document if isinstance(self.reading, Reading) else None


@dataclass(frozen=True, slots=True)
class Derived:
    """What a capture turned out to mean."""

    capture: Capture
    page_id: int
    step: Step
    first: bool  # the page was seen well for the first time
    verdict: Verdict | None = None  # None: there was nothing to read
    document: Document | None = None  # None too where the reading was a known one
    document_id: int | None = None
    sha256: str | None = None  # of the document
    change: Change | None = None
    sign: Sign | None = None
    misses: int = 0  # visits in a row with a sign of absence, this one included

    @property
    def changed(self) -> bool:
        """Whether the page began another state."""
        return isinstance(self.step, Begin) and not self.first


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it stands in the database before this capture."""

    id: int
    last: Revision | None
    episode: Absence | None
    snapshot: LastSnapshot | None


def record(conn: sqlite3.Connection, source: Source, read: Read, weights: Weights) -> Derived:
    """Record one capture; what it turned out to mean."""
    capture = read.capture
    page = _page(conn, source, read)
    document_id = _save_reading(conn, source, read)
    document = read.document
    shown = document or read.known
    core = shown.core if shown else None
    sign = absence.sign(capture, _verdict(read.reading), _whither(source, capture, read.rules.profile))
    if (sign or core is not None) and _is_late(page, capture):
        raise OutOfOrder(f"{capture.address.url} of {capture.at.isoformat()}")
    counts = sign is not None and not reading.shown_elsewhere(conn, page.id, capture)
    last_good = page.snapshot.capture_id if page.snapshot else None
    episode = absence.step(
        page.episode, capture, sign if counts else None, good=core is not None, last_good=last_good
    )  # fmt: skip
    last = _as_read_last(page, read.prior)
    step = revisions.follow(last, capture, core, page.episode, episode, why=_why(read))
    if episode is not None and episode != page.episode:
        reading.save_absence(conn, page.id, episode)
    change = _apply(conn, source, page, read, step, document, document_id, episode, weights)
    if read.reading is not None:
        _note(conn, source, page.id, read)
    if isinstance(read.reading, Reading) and read.reading.found:
        patterns.note(conn, capture, dict(read.reading.found))
    unread.strike(conn, capture.id)
    first = page.last is None and isinstance(step, Begin)
    verdict: Verdict | None = "good" if core is not None else _verdict(read.reading)
    misses = episode.misses if episode is not None and counts else 0
    digest = shown.sha256 if shown else None
    return Derived(capture, page.id, step, first, verdict, document, document_id, digest, change, sign, misses)


def _page(conn: sqlite3.Connection, source: Source, read: Read) -> _Page:
    page_id = read.snapshot[0] if read.snapshot else reading.page_of(conn, read.capture.address.id)
    if page_id is None:
        page_id = _join(conn, source, read.capture, read.rules.profile)
    snapshot = read.snapshot[1] if read.snapshot else reading.last_snapshot(conn, page_id)
    return _Page(page_id, reading.last_revision(conn, page_id), reading.open_absence(conn, page_id), snapshot)


def _join(conn: sqlite3.Connection, source: Source, capture: Capture, profile: Profile) -> int:
    key, why = identity.page_key(capture.address.url, profile, source)
    section = scope.section_of(source, capture.address.url)
    return reading.join_page(
        conn,
        capture.address.id,
        source_id=source.id,
        key=key,
        kind=capture.address.role,
        section=section.name if section else "",
        embargo_days=section.embargo_days if section else None,
        why=why,
    )


def _verdict(result: Reading | Unread | None) -> Verdict | None:
    if result is None:
        return None
    return "unread" if isinstance(result, Unread) else result.verdict


def _why(read: Read) -> str:
    """What the reader said of a capture that shows no page; '' where it said nothing."""
    match read.reading:
        case Unread(why=why):
            return f"unread: {why}"
        case Reading(verdict=verdict, reason=reason) if verdict != "good":
            return f"{verdict}: {reason}" if reason else verdict
        case _:
            return ""


def _save_reading(conn: sqlite3.Connection, source: Source, read: Read) -> int | None:
    """Write the reading; the document's id where it is a good one."""
    rules_id = read.rules_id or reading.save_rules(conn, read.rules)
    if read.known is not None:
        known = read.known
        reading.add_reading(conn, read.capture.id, rules_id, "good", "", known.document_id, known.masked, known.fit)
        return known.document_id
    match read.reading:
        case Reading(document=Document() as document):
            stem = partial(stems.stems_of, language=document.language or source.language)
            document_id = reading.save_document(conn, document, stem)
            reading.add_reading(
                conn,
                read.capture.id,
                rules_id,
                "good",
                read.reading.reason,
                document_id,
                read.reading.masked,
                read.reading.fit,
            )
            return document_id
        case Reading() as bad:
            reading.add_reading(conn, read.capture.id, rules_id, bad.verdict, bad.reason, None, bad.masked, bad.fit)
        case Unread() as unread:
            why = f"{unread.why}: {unread.detail}"
            reading.add_reading(conn, read.capture.id, rules_id, "unread", why, None, 0, None)
    return None


def _whither(source: Source, capture: Capture, profile: Profile) -> absence.Whither:
    """Where a redirect leads: nowhere, to the same page, to a start page, or to another page."""
    if capture.location is None:
        return None
    own, _ = identity.page_key(capture.address.url, profile, source)
    there, _ = identity.page_key(capture.location, profile, source)
    if own == there:
        return "same"
    starts = {identity.page_key(f"https://{host}/", profile, source)[0] for host in scope.hosts(source)}
    return "start" if there in starts else "elsewhere"


def _is_late(page: _Page, capture: Capture) -> bool:
    """Whether what is recorded of the page reaches beyond this capture."""
    seen = page.last.last_seen if page.last else capture.at
    missed = page.episode.last_missed_at if page.episode else capture.at
    return capture.at < max(seen, missed)


def _as_read_last(page: _Page, prior: Prior) -> Revision | None:
    """The last revision with the core of its latest snapshot, under today's rules where others read it.

    That is not the core it began with where our rules changed while it went on.
    """
    if page.last is None or page.last.state != "present" or page.snapshot is None:
        return page.last
    return replace(page.last, core=prior.core if isinstance(prior, Document) else page.snapshot.core)


def _apply(
    conn: sqlite3.Connection,
    source: Source,
    page: _Page,
    read: Read,
    step: Step,
    document: Document | None,
    document_id: int | None,
    episode: Absence | None,
    weights: Weights,
) -> Change | None:
    """Let the last revision grow, or begin one and measure the change."""
    capture = read.capture
    if isinstance(step, Extend) and page.last is not None:
        reading.extend_revision(conn, page.last.id, capture.id, capture.at)
    if not isinstance(step, Begin):
        return None
    begun = _begin(conn, page.id, read, step, document_id, document, episode)
    if page.last is None:
        return None
    before = _before(conn, page, read.prior)
    after = None
    if step.state == "present":
        after = document or (reading.load_document(conn, document_id) if document_id else None)
    showed = page.snapshot.capture_id if page.snapshot else None
    is_ours = read.prior == "unreadable"
    turn = telling.Turn(page.last, begun, capture, read.rules, showed, read.returns_to, technical=is_ours)
    change = telling.tell(conn, turn, telling.Ends(before, after), weights.points, weights.terms)
    reading.save_change(conn, begun.id, change, partial(stems.stems_of, language=source.language))
    return change


def _begin(
    conn: sqlite3.Connection,
    page_id: int,
    read: Read,
    step: Begin,
    document_id: int | None,
    document: Document | None,
    episode: Absence | None,
) -> Revision:
    """A new revision: from this capture, or, for an absence, from the first miss."""
    capture, present, shown = read.capture, step.state == "present", document or read.known
    core = shown.core if present and shown else None
    since_miss = episode if not present else None
    return reading.begin_revision(
        conn,
        page_id,
        state=step.state,
        document_id=document_id if present else None,
        core=core,
        moved_to=step.moved_to,
        first_capture=since_miss.first_missed if since_miss else capture.id,
        first_seen=since_miss.first_missed_at if since_miss else capture.at,
        last_capture=capture.id,
        last_seen=capture.at,
        visits=since_miss.misses if since_miss else 1,
    )


def _before(conn: sqlite3.Connection, page: _Page, prior: Prior) -> Document | None:
    """What the page said before: under today's rules where it had to be read again; None where it was not there."""
    if page.last is None or page.last.state != "present":
        return None
    if isinstance(prior, Document):
        return prior
    return reading.load_document(conn, page.snapshot.document_id) if page.snapshot else None


def _note(conn: sqlite3.Connection, source: Source, page_id: int, read: Read) -> None:
    """The site's notices that stood on the page, and what a person should look at."""
    capture, result = read.capture, read.reading
    found: list[Issue] = []
    if capture.rendering is not None and capture.rendering.outcome != "done":
        found.append(Issue("not-rendered", f"{capture.rendering.outcome}: {capture.rendering.detail}"))
    if isinstance(result, Unread):
        kind = "body-corrupt" if result.why == "corrupt" else "unread"
        found.append(Issue(kind, f"{result.why}: {result.detail}"))
    elif isinstance(result, Reading):
        if result.notices:
            notices.add(conn, source.id, capture, [notice.text for notice in result.notices])
        if result.verdict == "challenge":
            found.append(Issue("challenge", result.reason))
        if result.document is not None:
            found += dates.doubts(result.document.claims, capture.at)
            if result.document.legible == "scanned":
                found.append(Issue("scanned", "pages carry pictures and no text"))
    for issue in found:
        issues.add(conn, source.id, page_id, capture.id, issue)
