"""What happened to many pages at once: the changes of some runs to be folded, the events they come to, links left.

Everything asked here is asked as of the end of a run, so that a rebuild finds the same answers.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from archiver.diff.fold import Event, Trace
from archiver.model import ClassOfChange, Reason
from archiver.store.changes import grounds_from_text, grounds_to_text
from archiver.store.times import to_text

_MEANINGS = ("published", "updated", "reviewed")
_DAY = 10
"""Characters of a date told to the day."""


def crawls(conn: sqlite3.Connection, source_id: str, since: datetime, until: int) -> list[int]:
    """The crawls of a source that ended since then, that one at the latest, in order; none that began after it."""
    rows = conn.execute(
        """SELECT n.id FROM runs n JOIN runs l ON l.id = ?3
           WHERE n.source_id = ?1 AND n.kind = 'crawl' AND n.finished_at >= ?2
             AND n.finished_at <= l.finished_at AND n.id <= l.id ORDER BY n.finished_at, n.id""",
        (source_id, to_text(since), until),
    )
    return [run_id for (run_id,) in rows]


def traces(conn: sqlite3.Connection, runs: Sequence[int]) -> list[Trace]:
    """The changes that some runs showed, as far as they may be like others'."""
    kinds: dict[tuple[int, int], set[str]] = defaultdict(set)
    stamps: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = conn.execute(
        """SELECT r.id, r.page_id, k.kind, k.after FROM captures c
           JOIN revisions r ON r.first_capture = c.id AND r.state = 'present'
           JOIN changes k ON k.revision_id = r.id
           WHERE c.run_id IN (SELECT value FROM json_each(?)) AND NOT EXISTS
             (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class IN ('technical', 'return'))""",
        (json.dumps(runs),),
    )
    for revision_id, page_id, kind, after in rows:
        kinds[page_id, revision_id].add(kind)
        if kind in _MEANINGS and after and len(after) >= _DAY:
            stamps[revision_id].append((kind, after[:_DAY]))
    hunks = _hunks(conn, [revision_id for _, revision_id in kinds])
    found = [
        Trace(revision, page, frozenset(changed), hunks.get(revision, frozenset()), tuple(sorted(stamps[revision])))
        for (page, revision), changed in kinds.items()
    ]
    return sorted([*found, *left(conn, runs)], key=lambda t: t.revision_id)


def _hunks(conn: sqlite3.Connection, revisions: Iterable[int]) -> dict[int, frozenset[Hashable]]:
    """The hunks and link edits of some revisions, each hunk with the block it stands in."""
    found: dict[int, set[Hashable]] = defaultdict(set)
    wanted = json.dumps(list(revisions))
    for revision_id, *hunk in conn.execute(
        """SELECT h.revision_id, h.op, h.text, b.text, a.text FROM json_each(?) AS w
           JOIN hunks h ON h.revision_id = w.value
           LEFT JOIN passages b ON b.id = h.before_id LEFT JOIN passages a ON a.id = h.after_id""",
        (wanted,),
    ):
        found[revision_id].add(tuple(hunk))
    for revision_id, *edit in conn.execute(
        """SELECT k.revision_id, k.op, k.rel, t.url, k.text, k.former, b.url FROM json_each(?) AS w
           JOIN link_changes k ON k.revision_id = w.value
           JOIN targets t ON t.id = k.target_id LEFT JOIN targets b ON b.id = k.before_id""",
        (wanted,),
    ):
        found[revision_id].add(tuple(edit))
    return {revision_id: frozenset(hunks) for revision_id, hunks in found.items()}


def left(conn: sqlite3.Connection, runs: Sequence[int]) -> list[Trace]:
    """The pages that some runs found to be gone, or moved."""
    rows = conn.execute(
        """SELECT r.id, r.page_id, r.state FROM captures c
           JOIN absences n ON n.confirmed_by = c.id
           JOIN revisions r ON r.page_id = n.page_id AND r.first_capture = n.first_missed AND r.state <> 'present'
           WHERE c.run_id IN (SELECT value FROM json_each(?))""",
        (json.dumps(runs),),
    )
    return [Trace(revision_id, page_id, frozenset({"state"}), left=state) for revision_id, page_id, state in rows]


class Seen(NamedTuple):
    """The pages of which some runs learned something, and how many of them gave a date of each meaning."""

    pages: int
    dated: Counter[str]


def seen(conn: sqlite3.Connection, runs: Sequence[int]) -> Seen:
    """What some runs saw."""
    row = conn.execute(
        """SELECT count(DISTINCT p.id), count(DISTINCT CASE WHEN d.published IS NOT NULL THEN p.id END),
             count(DISTINCT CASE WHEN d.updated IS NOT NULL THEN p.id END),
             count(DISTINCT CASE WHEN d.reviewed IS NOT NULL THEN p.id END)
           FROM captures c
           JOIN page_addresses j ON j.address_id = c.address_id
           JOIN pages p ON p.id = j.page_id AND p.kind IN ('page', 'file')
           LEFT JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           LEFT JOIN documents d ON d.id = g.document_id
           WHERE c.run_id IN (SELECT value FROM json_each(?)) AND c.outcome IN ('ok', 'same', 'moved', 'gone')""",
        (json.dumps(runs),),
    ).fetchone()
    return Seen(row[0], Counter(dict(zip(_MEANINGS, row[1:], strict=True))))


def recent(conn: sqlite3.Connection, source_id: str, since: datetime, at: datetime) -> dict[int, frozenset[Hashable]]:
    """The site-wide events of a source between two times, with all their hunks."""
    members: dict[int, list[int]] = defaultdict(list)
    for event_id, revision_id in conn.execute(
        """SELECT e.id, x.revision_id FROM events e JOIN change_classes x ON x.event_id = e.id
           WHERE e.source_id = ? AND e.kind = 'site-wide' AND e.first_seen BETWEEN ? AND ?
           ORDER BY e.first_seen, e.key, x.revision_id""",
        (source_id, to_text(since), to_text(at)),
    ):
        members[event_id].append(revision_id)
    hunks = _hunks(conn, [revision for revisions in members.values() for revision in revisions])
    return {e: frozenset().union(*(hunks.get(r, frozenset()) for r in revisions)) for e, revisions in members.items()}


def members(conn: sqlite3.Connection, event: Event) -> tuple[int | None, frozenset[int]]:
    """The event on record that is this one, known by the members it has already, and those; (None, none) where new."""
    rows = conn.execute(
        """SELECT x.event_id, x.revision_id FROM json_each(?) AS w JOIN change_classes x ON x.revision_id = w.value
           JOIN events e ON e.id = x.event_id AND e.kind = ? AND (e.kind = 'site-wide' OR e.key = ?)
           ORDER BY x.event_id DESC""",
        (json.dumps(event.members), event.kind, event.key),
    ).fetchall()
    known = event.joins or (rows[0][0] if rows else None)
    return known, frozenset(revision_id for event_id, revision_id in rows if event_id == known)


def save_event(conn: sqlite3.Connection, source_id: str, run_id: int, event: Event) -> int:
    """The id of the event, stored now, or the one that its members join late."""
    first, last = conn.execute(
        "SELECT min(r.first_seen), max(r.first_seen) FROM json_each(?) AS w JOIN revisions r ON r.id = w.value",
        (json.dumps(event.members),),
    ).fetchone()
    if event.joins is not None:
        conn.execute(
            "UPDATE events SET last_seen = max(last_seen, ?), seen = max(seen, ?) WHERE id = ?",
            (last, event.seen, event.joins),
        )
        return event.joins
    cursor = conn.execute(
        """INSERT INTO events (source_id, kind, key, first_seen, last_seen, pages, seen, run_id, summary)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (source_id, event.kind, event.key, first, last, event.pages, event.seen, run_id, _summary(conn, event)),
    )
    return int(cursor.lastrowid or 0)


def _summary(conn: sqlite3.Connection, event: Event) -> str:
    """One line: what the first member's change is, in numbers; never running text."""
    if event.kind != "site-wide":
        return event.key
    rows = conn.execute(
        "SELECT kind, summary FROM changes WHERE revision_id = ? ORDER BY kind DESC", (event.members[0],)
    )
    return "; ".join(f"{kind}: {summary}" for kind, summary in rows if kind not in _MEANINGS)


def add_class(
    conn: sqlite3.Connection,
    revision_id: int,
    found: ClassOfChange,
    reason: Reason | None,
    *,
    event_id: int | None = None,
    folded: bool = False,
) -> None:
    """Give a change one more class, and one more reason where it weighs something."""
    conn.execute(
        """INSERT INTO change_classes (revision_id, class, reason, grounds, event_id, folded)
           VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (revision_id, class) DO UPDATE SET reason = excluded.reason, grounds = excluded.grounds,
             event_id = coalesce(excluded.event_id, event_id), folded = max(excluded.folded, folded)""",
        (revision_id, found.name, found.reason, grounds_to_text(found.grounds), event_id, folded),
    )
    if reason is not None:
        conn.execute(
            """INSERT INTO reasons (revision_id, name, points, detail, grounds) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (revision_id, name) DO UPDATE SET detail = excluded.detail, grounds = excluded.grounds""",
            (revision_id, reason.name, reason.points, reason.detail, grounds_to_text(reason.grounds)),
        )


def count_pages(conn: sqlite3.Connection, event_id: int) -> None:
    """Note on how many pages the event was seen, now that all its members have joined it."""
    conn.execute(
        """UPDATE events SET pages = (SELECT count(DISTINCT r.page_id) FROM change_classes x
             JOIN revisions r ON r.id = x.revision_id WHERE x.event_id = events.id) WHERE id = ?""",
        (event_id,),
    )


def join_event(conn: sqlite3.Connection, revisions: Iterable[int], event_id: int) -> None:
    """Make disappearances and moves members of an event."""
    conn.executemany(
        """UPDATE change_classes SET event_id = ?, folded = 1
           WHERE revision_id = ? AND class IN ('disappearance', 'move')""",
        [(event_id, revision_id) for revision_id in revisions],
    )


def stale(conn: sqlite3.Connection, source_id: str) -> bool:
    """Whether pages were read anew since their changes were folded: their classes went with their revisions."""
    row = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM events e WHERE e.source_id = ? AND e.pages <>
             (SELECT count(DISTINCT r.page_id) FROM change_classes x JOIN revisions r ON r.id = x.revision_id
              WHERE x.event_id = e.id))""",
        (source_id,),
    ).fetchone()
    return bool(row[0])


def unfold(conn: sqlite3.Connection, source_id: str, classes: Sequence[str]) -> list[tuple[int, str]]:
    """Forget the events of a source and all that was given for them; its settled runs, with their ends, in order."""
    own = """revision_id IN (SELECT r.id FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.source_id = ?)
             AND {} IN (SELECT value FROM json_each(?))"""
    conn.execute("DELETE FROM reasons WHERE " + own.format("name"), (source_id, json.dumps(classes)))
    conn.execute("DELETE FROM change_classes WHERE " + own.format("class"), (source_id, json.dumps(classes)))
    conn.execute(
        """DELETE FROM change_classes WHERE class = 'move' AND revision_id IN (SELECT r.id FROM revisions r
           JOIN pages p ON p.id = r.page_id WHERE p.source_id = ? AND r.state = 'gone')""",
        (source_id,),
    )
    conn.execute(
        """UPDATE change_classes SET folded = 0 WHERE event_id IN (SELECT id FROM events WHERE source_id = ?)""",
        (source_id,),
    )
    conn.execute("DELETE FROM events WHERE source_id = ?", (source_id,))
    rows = conn.execute(
        """SELECT n.id, n.finished_at FROM settled s JOIN runs n ON n.id = s.run_id
           WHERE n.source_id = ? ORDER BY n.finished_at, n.id""",
        (source_id,),
    )
    return [(run_id, finished_at) for run_id, finished_at in rows]


def grounds_of(conn: sqlite3.Connection, revision_id: int, name: str) -> Mapping[str, tuple[str | None, ...]]:
    """What is on record for a class of a change, by the first thing each ground is about."""
    row = conn.execute(
        "SELECT grounds FROM change_classes WHERE revision_id = ? AND class = ?", (revision_id, name)
    ).fetchone()
    return {str(g.about[0]): g.about for g in grounds_from_text(row[0] if row else None)}
