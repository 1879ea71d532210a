"""What crawls showed of many pages at once, written down: events, and documents that nobody links to any more.

Each settled run is folded once, in order, together with those shortly before it: a service's runs are as short as what
is due at a time, and what was done to a site in an hour is seen over all the visits of a round. What is concluded is a
function of what was captured by the run's end, so a rebuild folds the same. Pages that are read anew by themselves (a
redaction, a late capture) lose what was concluded of them: then all runs of the source are folded again (`mend`).
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.diff import FOLDED
from archiver.diff import fold as folding_rules
from archiver.diff.fold import Event, Limits
from archiver.diff.links import is_put_up_anew
from archiver.diff.moves import moves
from archiver.diff.significance import ELSEWHERE
from archiver.model import ClassOfChange, Ground, Reason
from archiver.model.grounds import in_english
from archiver.store import folding, linked, moving, settling
from archiver.store.times import to_time

ROUNDS, GONE_ROUNDS, LEAST = 8, 1, timedelta(days=1)
"""Rhythms of the source within which changes that are alike are one event, and a page that went is looked for at new
addresses: pages that hardly ever change are seen in every eighth (`frontier.rhythm`). Pages that go do so all the time;
only those of one rhythm are one event, where none is found elsewhere. The third is the shortest rhythm that counts;
`late_days` of the configuration is the longest span."""


@dataclass(frozen=True, slots=True)
class Scales:
    """By what changes are folded and weighed: points by reason, from when on many are one event, the site's rhythm."""

    points: Mapping[str, int]
    limits: Limits
    every: int  # seconds

    @property
    def rhythm(self) -> timedelta:
        """The source's rhythm, a day at least."""
        return max(LEAST, timedelta(seconds=self.every))

    def back(self, rounds: int) -> timedelta:
        """How long so many rounds of visits are, within the longest span."""
        return min(rounds * self.rhythm, timedelta(days=self.limits.late_days))


def fold(conn: sqlite3.Connection, source_id: str, run_id: int, at: datetime, scales: Scales) -> None:
    """Conclude what happened to many pages of the source by the end of this run."""
    points = scales.points
    moved = _note_moves(conn, source_id, run_id, at, scales)
    events = _events(conn, source_id, run_id, at, scales) if moved or folding.traces(conn, [run_id]) else []
    for event in events:
        event_id, told = folding.members(conn, event)
        if told.issuperset(event.members):
            continue
        event_id = folding.save_event(conn, source_id, run_id, replace(event, joins=event_id))
        fresh = [revision_id for revision_id in event.members if revision_id not in told]
        if event.kind == "migration":
            folding.join_event(conn, fresh, event_id)
        else:
            found, reason = _class(event.kind, [_ground(event)], points)
            for revision_id in fresh:
                folded = revision_id in event.folded
                folding.add_class(conn, revision_id, found, reason, event_id=event_id, folded=folded)
        folding.count_pages(conn, event_id)
    linked.note_links_to_absent(conn, run_id, at)
    if settling.calls_for_survey(conn, run_id):
        _note_unlinked(conn, source_id, run_id, at, points)
    _note_relinked(conn, run_id, points)


def _events(conn: sqlite3.Connection, source_id: str, run_id: int, at: datetime, scales: Scales) -> list[Event]:
    """The events that this run has a part in."""
    limits = scales.limits
    runs = folding.crawls(conn, source_id, at - scales.back(ROUNDS), run_id)
    lately = set(folding.crawls(conn, source_id, at - scales.back(GONE_ROUNDS), run_id))
    found = moving.with_moved(conn, folding.traces(conn, runs))
    earlier = {trace.revision_id for trace in folding.left(conn, [each for each in runs if each not in lately])}
    traces = [trace for trace in found if not (trace.left == "gone" and trace.revision_id in earlier)]
    known = folding.recent(conn, source_id, at - timedelta(days=limits.late_days), at)
    if not known and len(traces) < limits.shared_pages:
        return []
    seen = folding.seen(conn, runs)
    return folding_rules.events(traces, seen=seen.pages, dated=seen.dated, known=known, limits=limits)


def mend(conn: sqlite3.Connection, source_id: str, scales: Scales) -> None:
    """Fold all settled runs of the source again, if pages were read anew since."""
    if folding.stale(conn, source_id):
        for run_id, finished_at in folding.unfold(conn, source_id, (*FOLDED, ELSEWHERE)):
            fold(conn, source_id, run_id, to_time(finished_at), scales)


def _note_moves(conn: sqlite3.Connection, source_id: str, run_id: int, at: datetime, scales: Scales) -> set[int]:
    """The pages that went and stand at a new address, by the revisions in which they are gone."""
    if not moving.has_news(conn, run_id):
        return set()
    gone = moving.gone(conn, folding.crawls(conn, source_id, at - scales.back(ROUNDS), run_id), at)
    if not gone:
        return set()
    come = moving.come(conn, source_id, min(page.at for page in gone), at)
    found = moves(gone, come, scales.limits)
    for move in found:
        ground = Ground("stands-at", (str(round(100 * move.share)), move.url, f"{move.at:%Y-%m-%d}"))
        points, words = scales.points.get(ELSEWHERE), in_english([ground])
        reason = Reason(ELSEWHERE, points, words, (ground,)) if points else None
        moving.add_move(conn, move.gone, ClassOfChange("move", words, (ground,)), reason)
    return {move.gone for move in found}


def _ground(event: Event) -> Ground:
    if event.kind == "site-wide":
        return Ground("on-many-pages", (str(event.pages), str(event.seen)))
    meaning, _, day = event.key.partition(" ")
    return Ground("bulk-date", (meaning, day, str(event.pages), str(event.seen)))


def _class(name: str, grounds: list[Ground], points: Mapping[str, int]) -> tuple[ClassOfChange, Reason | None]:
    """The class, and the reason of the same name where it has points."""
    kept = tuple(grounds)
    words = in_english(kept)
    reason = Reason(name, points[name], words, kept) if points.get(name) else None
    return ClassOfChange(name, words, kept), reason


def _note_unlinked(
    conn: sqlite3.Connection, source_id: str, run_id: int, at: datetime, points: Mapping[str, int]
) -> None:
    """The documents of the source that lost their last link and are still served."""
    unlinked: dict[int, list[Ground]] = defaultdict(list)
    for lost in linked.unlinkings(conn, source_id, run_id, at):
        if lost.instead is None or not is_put_up_anew(lost.target, lost.instead):
            unlinked[lost.revision_id].append(Ground("unlinked", (f"“{lost.text}”", lost.served[:10])))
    for revision_id, grounds in unlinked.items():
        known = folding.grounds_of(conn, revision_id, "unlinked-document")
        told = dict(known) | {str(g.about[0]): g.about for g in grounds if str(g.about[0]) not in known}
        if len(told) > len(known):
            kept = [Ground("unlinked", about) for _, about in sorted(told.items())]
            folding.add_class(conn, revision_id, *_class("unlinked-document", kept, points))


def _note_relinked(conn: sqlite3.Connection, run_id: int, points: Mapping[str, int]) -> None:
    """The documents that the run found linked again."""
    relinked: dict[int, list[Ground]] = defaultdict(list)
    for revision_id, text, since in linked.relinkings(conn, run_id):
        relinked[revision_id].append(Ground("relinked", (f"“{text}”", since[:10])))
    for revision_id, grounds in relinked.items():
        folding.add_class(conn, revision_id, *_class("relinked-document", grounds, points))
