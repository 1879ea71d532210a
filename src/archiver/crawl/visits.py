"""When an address is visited again: by what came this time, by its history, and by what its source can spend."""

import sqlite3
from datetime import timedelta

from archiver.crawl.leave import ROBOTS_DAY, ROBOTS_RETRY
from archiver.crawl.tools import Tools
from archiver.derive import Derived
from archiver.frontier import identity, pace, robots, scope
from archiver.frontier.rhythm import Rhythm, Seen, allot
from archiver.model import Section, Source
from archiver.store import plan, reading, rhythms

FAILING = 3
"""Failures in a row after which a page is looked for at its other addresses."""


class Visits:
    """Plans the next visit of each address that one run has asked."""

    def __init__(self, tools: Tools, source: Source) -> None:
        self._tools, self._source = tools, source
        self._rhythm: Rhythm | None = None
        self._is_rhythm_known = False

    def plan(
        self, conn: sqlite3.Connection, derived: Derived, past: plan.Past, *, belongs: int | None, admitted: int | None
    ) -> bool:
        """Plan it; whether the page is to be looked for elsewhere.

        `belongs`: the scope under which this run found the address to belong, where it looked. `admitted`: see `Past`.
        """
        capture = derived.capture
        if capture.address.role == "robots":
            return False
        section = scope.section_of(self._source, capture.address.url)
        every = section.every if section and section.every else self._source.every
        seen = self._seen(conn, derived, Seen(past.changes, past.watched))
        visit = pace.next_visit(
            capture.outcome,
            derived.verdict,
            changed=derived.changed,
            every=every,
            failures=past.failures,
            unchanged=past.unchanged,
            now=capture.at,
            jitter=self._tools.chance(),
            spread=self._tools.config.jitter,
            sign=derived.sign,
            misses=derived.misses,
            span=self._span(conn, seen, section),
            bar=(ROBOTS_RETRY if robots.is_passing(capture.detail or "") else ROBOTS_DAY).total_seconds(),
        )
        due_at = visit.due_at
        if capture.outcome == "barred" and _is_long_gone(conn, derived.page_id):
            due_at = None  # it was looked for once more, and we may not even look
        if due_at is None and capture.address.depth == 0:  # what the source's file names is never given up
            due_at = capture.at + timedelta(seconds=every * pace.LONGEST)
        if capture.location is not None and identity.names_a_visit(capture.address.url):
            due_at = None  # the server has forgotten the visit
        plan.reschedule(
            conn,
            capture.address.id,
            due_at=due_at,
            failures=visit.failures,
            unchanged=visit.unchanged,
            validators=derived.verdict in ("good", None),
            changes=seen.changes,
            watched=seen.watched,
            span=every if due_at is None or visit.failures else (due_at - capture.at).total_seconds(),
            scope=belongs,
            admitted=admitted,
        )
        return derived.sign is not None or capture.outcome == "barred" or visit.failures >= FAILING

    def settle(self, conn: sqlite3.Connection) -> None:
        """Spend the source's visits anew, by what its addresses have shown up to now."""
        rhythm = allot([Seen(*row) for row in rhythms.shown(conn, self._source.id)], self._source.every)
        if rhythm is not None:
            found = (rhythm.scale, rhythm.shortest, rhythm.longest, rhythm.mean, rhythm.shape)
            rhythms.save(conn, self._source.id, found, self._tools.clock.now())

    def _seen(self, conn: sqlite3.Connection, derived: Derived, seen: Seen) -> Seen:
        """What visits have shown of the address, with this one: only one that showed the page shows anything."""
        capture = derived.capture
        if capture.outcome not in ("ok", "same") or derived.verdict not in ("good", None):
            return seen
        last = plan.last_answer(conn, capture.address.id, capture.at)
        return seen.after((capture.at - last).total_seconds(), changed=derived.changed) if last else seen

    def _span(self, conn: sqlite3.Connection, seen: Seen, section: Section | None) -> float | None:
        """Seconds until the next visit by the page's own history, and no more than its section allows.

        None where too little is known of the source.
        """
        if not self._is_rhythm_known:
            found = rhythms.settled(conn, self._source.id)
            self._rhythm, self._is_rhythm_known = Rhythm(*found) if found else None, True
        if self._rhythm is None:
            return None
        span = self._rhythm.interval(seen)
        return min(span, section.every) if section and section.every else span


def _is_long_gone(conn: sqlite3.Connection, page_id: int) -> bool:
    """Whether the page was missed so often that it is looked for but rarely."""
    episode = reading.open_absence(conn, page_id)
    return episode is not None and episode.state == "gone" and episode.misses >= pace.MISSES
