"""What a change comes to: two states of a page compared, sorted into classes, and weighed."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace

from archiver.diff import Window, classes, compare, significance
from archiver.frontier import clocks
from archiver.model import Capture, Change, Document, Revision, Rules
from archiver.store import evidence, reading


@dataclass(frozen=True, slots=True)
class Turn:
    """A page's turn from one state to another, as far as it is recorded."""

    last: Revision  # the state before
    begun: Revision  # the state after
    capture: Capture  # that began it
    rules: Rules
    showed: int | None  # the last capture that showed the page before
    returns_to: int | None = None  # a state that other rules had read; None: none of those
    technical: bool = False  # what it said then can no longer be read


@dataclass(frozen=True, slots=True)
class Ends:
    """What the page said before and after; None where it was not there."""

    before: Document | None
    after: Document | None


def tell(
    conn: sqlite3.Connection, turn: Turn, ends: Ends, points: Mapping[str, int], terms: tuple[str, ...] = ()
) -> Change:
    """The change, with classes and reasons."""
    change = compare(ends.before, ends.after, roles(turn.rules, ends.after))
    found = classes.classify(
        change,
        before=ends.before,
        after=ends.after,
        state_before=turn.last.state,
        state_after=turn.begun.state,
        returns_to=_returns_to(conn, turn.begun) or turn.returns_to,
        technical=turn.technical,
        not_before=clocks.not_before(turn.capture.address.url, turn.rules.profile, turn.capture.at),
        window=Window(turn.last.last_seen, turn.begun.first_seen).at(turn.rules.language.zone),
        moved_to=turn.begun.moved_to,
        addresses=_addresses(conn, turn) if "payload" in change.kinds else None,
    )
    change = replace(change, classes=found)
    lost = ends.before.text if ends.before and ends.after is None else ""
    return replace(change, reasons=significance.weigh(change, points, terms, lost))


def roles(rules: Rules, document: Document | None) -> tuple[str, ...]:
    """What people are called on the page: in the site's language, and in the page's own where that is another."""
    own = document.language if document else None
    others = (other.roles for other in rules.others if own in (other.code, *other.also))
    return sum(others, rules.language.roles)


def _returns_to(conn: sqlite3.Connection, begun: Revision) -> int | None:
    if not begun.core:
        return None
    return reading.revision_with_core(conn, begun.page_id, begun.core, begun.number - 1)


def _addresses(conn: sqlite3.Connection, turn: Turn) -> tuple[str, str] | None:
    """Where the file was fetched before and now."""
    if turn.showed is None:
        return None
    return evidence.capture(conn, turn.showed).address.url, turn.capture.address.url
