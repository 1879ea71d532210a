"""What people ask: histories, changes, one capture by any of its names, summaries. All through the public views, so
that a text under embargo and a person's name are in none of the answers.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TypedDict, Unpack, cast

from archiver import urls
from archiver.errors import NotFound
from archiver.model import Capture, State
from archiver.store import evidence, windows
from archiver.store.times import to_text, to_text_or_none

Row = dict[str, object]

_CAPTURE = re.compile(r"c(\d{1,18})", re.IGNORECASE)
_NUMBER = re.compile(r"r?(\d{1,9})", re.IGNORECASE)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d))?)?Z?", re.IGNORECASE)
_DATES = ("published", "updated", "reviewed")


def history(
    conn: sqlite3.Connection, url: str, *, since: datetime | None = None, until: datetime | None = None
) -> list[Row]:
    """Every revision of the page at the URL, the first first, each with its window and what it said of itself.

    Those seen from `since` on, and first seen before `until`.

    A revision began between `last_seen_before` (None for the first) and `seen_after`; it was seen until
    `last_seen`. Raises NotFound.
    """
    rows = conn.execute(
        """SELECT r.number AS revision, r.state, b.last_seen AS last_seen_before, r.first_seen AS seen_after,
             r.last_seen, r.visits, r.moved_to, d.title, d.published, d.updated, d.reviewed, d.words,
             (SELECT group_concat(class, ' ') FROM change_classes WHERE revision_id = r.id) AS classes,
             (SELECT group_concat(kind, ' ') FROM changes WHERE revision_id = r.id) AS kinds,
             (SELECT group_concat(name, ' ') FROM reasons WHERE revision_id = r.id) AS reasons,
             r.first_capture AS capture, r.last_capture
           FROM revisions r
           LEFT JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
           LEFT JOIN documents d ON d.id = r.document_id
           WHERE r.page_id = ?1 AND (?2 IS NULL OR r.last_seen >= ?2) AND (?3 IS NULL OR r.first_seen < ?3)
           ORDER BY r.number""",
        (page_at(conn, url), to_text_or_none(since), to_text_or_none(until)),
    )
    return [_listed(_row(rows, row)) for row in rows]


class Filters(TypedDict, total=False):
    """Which changes, and in which order; all of them, the newest first, where nothing is said."""

    since: datetime | None  # first seen from then on
    until: datetime | None  # first seen before
    source: str | None
    kommun: str | None  # a name or a code
    section: str | None
    page: int | None
    kind: str | None  # a word of the closed list
    class_: str | None  # a word of the closed list
    event: int | None  # each page's part of one event
    unfold: bool  # each page's part of every event
    limit: int | None
    newest_first: bool


def changes(conn: sqlite3.Connection, **filters: Unpack[Filters]) -> Iterator[Row]:
    """The changes, each with its hunks, link edits and dates.

    `technical` changes are ours, and are in none. What is but one page's part of an event is told once, with the event;
    `unfold` tells each, and so does naming the `event`.
    """
    return (_change(conn, row) for row in changed(conn, **filters))


def changed(conn: sqlite3.Connection, **filters: Unpack[Filters]) -> Iterator[Row]:
    """The rows of `page_changes` that `changes` tells, as they stand there, each with its source."""
    since, until = to_text_or_none(filters.get("since")), to_text_or_none(filters.get("until"))
    event, limit = filters.get("event"), filters.get("limit")
    order = "DESC" if filters.get("newest_first", True) else "ASC"
    rows = conn.execute(
        f"""SELECT p.*, s.id AS source FROM page_changes p
            JOIN pages g ON g.id = p.page_id JOIN sources s ON s.id = g.source_id
            WHERE (:since IS NULL OR p.seen_after >= :since) AND (:until IS NULL OR p.seen_after < :until)
              AND (:source IS NULL OR s.id = :source)
              AND (:kommun IS NULL OR s.code = :kommun OR s.municipality = :kommun COLLATE NOCASE)
              AND (:section IS NULL OR p.section = :section) AND (:page IS NULL OR p.page_id = :page)
              AND (:kind IS NULL OR EXISTS
                (SELECT 1 FROM changes k WHERE k.revision_id = p.revision_id AND k.kind = :kind))
              AND (:class IS NULL OR EXISTS
                (SELECT 1 FROM change_classes x WHERE x.revision_id = p.revision_id AND x.class = :class))
              AND (:event IS NULL OR EXISTS
                (SELECT 1 FROM change_classes x WHERE x.revision_id = p.revision_id AND x.event_id = :event))
              AND (:unfold OR NOT p.folded OR p.revision_id = (
                SELECT min(x.revision_id) FROM change_classes x JOIN revisions m ON m.id = x.revision_id
                JOIN pages h ON h.id = m.page_id
                WHERE x.event_id = p.event_id AND x.folded
                  AND (:since IS NULL OR m.first_seen >= :since) AND (:until IS NULL OR m.first_seen < :until)
                  AND (:section IS NULL OR h.section = :section) AND (:page IS NULL OR h.id = :page)
                  AND (:kind IS NULL OR EXISTS
                    (SELECT 1 FROM changes k WHERE k.revision_id = m.id AND k.kind = :kind))
                  AND (:class IS NULL OR EXISTS
                    (SELECT 1 FROM change_classes y WHERE y.revision_id = m.id AND y.class = :class))))
            ORDER BY p.seen_after {order}, p.revision_id {order}
            LIMIT :limit""",
        {name: filters.get(name) for name in ("source", "kommun", "section", "page", "kind")}
        | {
            "since": since, "until": until, "class": filters.get("class_"), "event": event,
            "unfold": filters.get("unfold", False) or event is not None, "limit": -1 if limit is None else limit,
        },
    )  # fmt: skip
    for row in rows:
        yield _row(rows, row)


def sources(conn: sqlite3.Connection) -> list[Row]:
    """The sources that the archive holds something of: id, code and name of the municipality, county."""
    rows = conn.execute("SELECT id, code, municipality, county FROM sources ORDER BY id")
    return [_row(rows, row) for row in rows]


def resolve_capture(conn: sqlite3.Connection, url: str | None, token: str) -> Capture:
    """The capture a person means.

    'c123' is capture 123, and so is '123' where no URL is given. Of the page at a URL, '3' or 'r3' is its third
    revision, as it was first seen; '2026-03-02' or '2026-03-02T14:30' is the page as of then: the latest snapshot
    not after the end of that day, minute or second (UTC). Raises NotFound, saying what there is.
    """
    token = token.strip()
    named = _CAPTURE.fullmatch(token) or (_NUMBER.fullmatch(token) if url is None else None)
    if named:
        return evidence.capture(conn, int(named[1]))
    if url is None:
        raise NotFound(f"'{token}' names no capture; say c123, or give the page's address too")
    page_id = page_at(conn, url)
    if number := _NUMBER.fullmatch(token):
        return evidence.capture(conn, _first_of_revision(conn, page_id, int(number[1])))
    if when := _TIME.fullmatch(token):
        return evidence.capture(conn, _snapshot_at(conn, page_id, _end(when)))
    raise NotFound(f"'{token}' is no capture (c123), no revision (3) and no time (2026-03-02) of {url}")


def run_summary(conn: sqlite3.Connection, run_ids: Iterable[int]) -> list[Row]:
    """What came of these runs, one row a source: how many were asked, new, changed, unchanged, gone, back, bad,
    refused, failed, barred.

    `asked` counts requests, also those barred; new, changed and unchanged count good captures.
    """
    rows = conn.execute(
        """WITH mine AS (
             SELECT n.source_id, c.id, c.outcome, g.verdict,
               (SELECT min(r.number) FROM revisions r WHERE r.first_capture = c.id AND r.state = 'present') AS begun
             FROM json_each(?) AS wanted
             JOIN runs n ON n.id = wanted.value
             JOIN captures c ON c.run_id = n.id
             LEFT JOIN readings g ON g.capture_id = c.id)
           SELECT source_id AS source, count(*) AS asked,
             sum(verdict IS 'good' AND begun IS 1) AS new,
             sum(verdict IS 'good' AND coalesce(begun, 0) > 1) AS changed,
             sum(verdict IS 'good' AND begun IS NULL) AS unchanged,
             (SELECT count(*) FROM absences a JOIN mine m ON m.id = a.confirmed_by
              WHERE m.source_id = mine.source_id) AS gone,
             (SELECT count(*) FROM absences a JOIN mine m ON m.id = a.back_by
              WHERE m.source_id = mine.source_id AND a.state = 'back') AS back,
             sum(verdict IS NOT NULL AND verdict <> 'good') AS bad,
             sum(outcome = 'refused') AS refused, sum(outcome = 'failed') AS failed, sum(outcome = 'barred') AS barred
           FROM mine GROUP BY source_id ORDER BY source_id""",
        (json.dumps(list(run_ids)),),
    )
    return [_row(rows, row) for row in rows]


def coverage(
    conn: sqlite3.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    source: str | None = None,
) -> list[Row]:
    """Per source and day how often we asked and what came of it. A day without a row is a day we did not look."""
    rows = conn.execute(
        """SELECT * FROM coverage
           WHERE (:source IS NULL OR source_id = :source)
             AND (:since IS NULL OR day >= :since) AND (:until IS NULL OR day < :until)
           ORDER BY source_id, day""",
        {"source": source, "since": _day(since), "until": _day(until)},
    )
    return [_row(rows, row) for row in rows]


def state_of(conn: sqlite3.Connection, capture_id: int) -> State:
    """What the capture showed of its page: that it is there, gone, or moved.

    Raises NotFound where it showed nothing: no answer, or one that was not taken for the page.
    """
    row = conn.execute(
        """SELECT c.outcome, g.verdict, c.failure, c.status FROM captures c
           LEFT JOIN readings g ON g.capture_id = c.id WHERE c.id = ?""",
        (capture_id,),
    ).fetchone()
    outcome, verdict, failure, status = row or ("", None, None, None)
    if verdict == "good":
        return "present"
    if outcome == "gone" or verdict in ("soft-404", "to-start"):
        return "gone"
    if outcome == "moved":
        return "moved"
    why = verdict or f"{outcome}: {failure or status}"
    raise NotFound(f"capture {capture_id} shows no state of the page ({why})")


def revision_of(conn: sqlite3.Connection, capture_id: int) -> int | None:
    """The number of the revision in which the capture lies; None where it lies in none."""
    row = conn.execute(
        """SELECT r.number FROM captures c JOIN page_addresses p ON p.address_id = c.address_id
           JOIN revisions r ON r.page_id = p.page_id
             AND c.captured_at BETWEEN r.first_seen AND r.last_seen
           WHERE c.id = ? ORDER BY r.number DESC LIMIT 1""",
        (capture_id,),
    ).fetchone()
    return None if row is None else int(row[0])


def page_at(conn: sqlite3.Connection, url: str) -> int:
    """The page at the URL. Raises NotFound."""
    address = evidence.find_address(conn, urls.parse(url) or urls.parse(f"https://{url}") or url)
    if address is None:
        raise NotFound(f"{url} is not in the archive")
    row = conn.execute("SELECT page_id FROM page_addresses WHERE address_id = ?", (address.id,)).fetchone()
    if row is None:
        raise NotFound(f"{url} is known, but nothing was read of it yet")
    return int(row[0])


def _first_of_revision(conn: sqlite3.Connection, page_id: int, number: int) -> int:
    row = conn.execute(
        "SELECT first_capture FROM revisions WHERE page_id = ? AND number = ?", (page_id, number)
    ).fetchone()
    if row is None:
        most = conn.execute("SELECT coalesce(max(number), 0) FROM revisions WHERE page_id = ?", (page_id,)).fetchone()
        raise NotFound(f"the page has no revision {number}; its last is {most[0]}")
    return int(row[0])


def _snapshot_at(conn: sqlite3.Connection, page_id: int, last: str) -> int:
    """The page's latest good capture not after that time, or the first that found it gone by then. Raises NotFound."""
    state = conn.execute(
        """SELECT state, first_capture FROM revisions WHERE page_id = ? AND first_seen <= ?
           ORDER BY number DESC LIMIT 1""",
        (page_id, last),
    ).fetchone()
    if state is not None and state[0] != "present":
        return int(state[1])
    row = conn.execute(
        """SELECT c.id, min(c.captured_at) OVER () FROM page_addresses p
           JOIN captures c ON c.address_id = p.address_id
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           WHERE p.page_id = ?1 ORDER BY c.captured_at <= ?2 DESC, c.captured_at DESC, c.id DESC LIMIT 1""",
        (page_id, last),
    ).fetchone()
    if row is None:
        raise NotFound("the page was never seen well")
    if row[1] > last:
        raise NotFound(f"the page was first seen {row[1]}, and not by {last}")
    return int(row[0])


def _end(when: re.Match[str]) -> str:
    """The last second of the day, minute or second that was written."""
    day, minute, second = when.groups()
    try:
        return to_text(datetime.fromisoformat(f"{day}T{minute or '23:59'}:{second or '59'}+00:00"))
    except ValueError as error:
        raise NotFound(f"'{when[0]}' is no time") from error


def _day(at: datetime | None) -> str | None:
    return None if at is None else to_text(at)[:10]


def _change(conn: sqlite3.Connection, row: Row) -> Row:
    """One change in the form it is shown and exported in."""
    hunks = conn.execute(
        "SELECT op, text FROM change_text WHERE revision_id = ? ORDER BY position", (row["revision_id"],)
    )
    links = conn.execute(
        """SELECT op, rel, target, text, coalesce(target_before, text_before) AS before FROM link_edits
           WHERE revision_id = ? ORDER BY position""",
        (row["revision_id"],),
    )
    people = conn.execute(
        "SELECT op, role, party, former FROM personnel_changes WHERE revision_id = ? ORDER BY position",
        (row["revision_id"],),
    )
    row |= {"window": _window(conn, row), "hunks": [_row(hunks, h) for h in hunks]}
    row |= {"link_edits": [_row(links, k) for k in links], "personnel": [_row(people, p) for p in people]}
    row["dates"] = {name: {"before": row.pop(f"{name}_before"), "after": row.pop(f"{name}_after")} for name in _DATES}
    row["http_last_modified"] = {
        end: windows.last_modified(conn, cast("int | None", row[f"capture_{end}"])) for end in ("before", "after")
    }
    row["event"] = _event(conn, row.pop("event_id")) | {"folded": bool(row.pop("folded"))} if row["event_id"] else None
    row.pop("event_id", None)
    row.pop("folded", None)
    return _listed(row)


def _window(conn: sqlite3.Connection, row: Row) -> Row:
    """Between when and when a change happened, and what stood in the way of seeing it."""
    before, after = str(row.pop("last_seen_before")), str(row.pop("seen_after"))
    kept = windows.obstacles(conn, cast("int", row["page_id"]), before, after)
    return {"last_seen_before": before, "seen_after": after, "not_seen": kept}


def _event(conn: sqlite3.Connection, event_id: object) -> Row:
    """What a change is one page's part of."""
    rows = conn.execute(
        "SELECT event_id, kind, pages, seen, summary FROM events_by_site WHERE event_id = ?", (event_id,)
    )
    return next((_row(rows, row) for row in rows), {})


def _listed(row: Row) -> Row:
    """The row with its words joined by spaces as lists."""
    return row | {name: str(row[name] or "").split() for name in ("classes", "kinds", "reasons")}


def _row(cursor: sqlite3.Cursor, row: sqlite3.Row) -> Row:
    return dict(zip((column[0] for column in cursor.description), row, strict=True))
