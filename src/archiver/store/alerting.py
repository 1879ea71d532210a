"""What people were told of and what is on its way to them: kept through restarts, crashes and rebuilds.

An alert looks at each run once, when it is over, read, and what it shows as a whole was concluded. So what a rebuild or
a mended rule finds in runs of long ago is no news. A change is known by its two captures, which no rebuild moves.
"""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from archiver.digests import digest
from archiver.store.times import to_text, to_text_or_none, to_time

Row = dict[str, Any]
LATE = timedelta(days=45)
"""For how long after a change it may still turn out that its document lost its last link."""
KEPT = "('due', 'sending', 'unsure', 'failed')"
"""States of messages that are not done with."""


class Progress(NamedTuple):
    """How far an alert has come."""

    since: datetime
    upto: int  # run


class Runs(NamedTuple):
    """The runs that an alert has not looked at."""

    over: tuple[int, ...]
    open: tuple[int, ...]
    upto: int  # the latest there is


class Told(NamedTuple):
    """A change by its page's two captures: the last that showed the old state, the first that showed the new one."""

    before: int
    after: int


class Found(NamedTuple):
    """A change that is to be told."""

    told: Told
    at: str  # the end of the run that showed it


class Message(NamedTuple):
    """One batch for one receiver."""

    id: int
    key: str
    alert: str
    batch: int
    receiver: str
    tries: int


def progress(conn: sqlite3.Connection, alert: str) -> Progress | None:
    """How far the alert has come; None where it never looked."""
    row = conn.execute("SELECT since, upto FROM alerts WHERE name = ?", (alert,)).fetchone()
    return None if row is None else Progress(to_time(row[0]), row[1])


def begin(conn: sqlite3.Connection, since: datetime | None, now: datetime) -> Progress:
    """The progress of an alert that looks for the first time: past runs are passed over, but for a `since`."""
    latest = conn.execute("SELECT coalesce(max(id), 0) FROM runs").fetchone()[0]
    return Progress(since or now, latest if since is None else 0)


def runs(conn: sqlite3.Connection, alert: str, known: Progress | None, upto: int) -> Runs:
    """The runs that the alert has still to look at: those after `upto`, and those that were not over before.

    Where the alert is new, runs that go on are among them. What was imported is never news.
    """
    rows = conn.execute(
        """WITH wanted AS (SELECT id FROM runs WHERE id > :upto
             UNION SELECT run_id FROM alert_runs WHERE alert = :alert
             UNION SELECT id FROM runs WHERE :new AND finished_at IS NULL)
           SELECT n.id, n.finished_at IS NOT NULL AND (s.run_id IS NOT NULL OR n.kind <> 'crawl') AND NOT EXISTS (
               SELECT 1 FROM unread u JOIN captures c ON c.id = u.capture_id WHERE c.run_id = n.id) AS over
           FROM wanted w JOIN runs n ON n.id = w.id LEFT JOIN settled s ON s.run_id = n.id
           WHERE n.kind <> 'import' ORDER BY n.id""",
        {"upto": upto, "new": known is None, "alert": alert},
    ).fetchall()
    latest = max([upto, *(row[0] for row in rows)])
    return Runs(tuple(r[0] for r in rows if r[1]), tuple(r[0] for r in rows if not r[1]), latest)


def shown_by(conn: sqlite3.Connection, run_ids: Collection[int], since: datetime) -> dict[int, str]:
    """The revisions that are news of these runs, and when each run ended: begun in them; absences that were confirmed
    in them, begun earlier; and such as turned out by then to have left a document without a link."""
    rows = conn.execute(
        """WITH wanted AS (SELECT id AS run_id, finished_at FROM runs
                           WHERE id IN (SELECT value FROM json_each(:runs)))
           SELECT r.id, w.finished_at AS at FROM wanted w JOIN captures c ON c.run_id = w.run_id
             JOIN revisions r ON r.first_capture = c.id
             WHERE r.number > 1 AND c.captured_at >= :since
           UNION SELECT r.id, w.finished_at FROM wanted w CROSS JOIN captures c ON c.run_id = w.run_id
             CROSS JOIN absences n ON n.confirmed_by = c.id
             JOIN revisions r ON r.page_id = n.page_id AND r.first_capture = n.first_missed
             WHERE r.number > 1 AND c.captured_at >= :since
           UNION SELECT r.id, w.finished_at FROM wanted w JOIN runs n ON n.id = w.run_id
             JOIN change_classes x ON x.class = 'unlinked-document'
             JOIN revisions r ON r.id = x.revision_id JOIN pages p ON p.id = r.page_id AND p.source_id = n.source_id
             WHERE r.number > 1 AND r.first_seen BETWEEN max(:since,
               strftime('%Y-%m-%dT%H:%M:%SZ', n.finished_at, :late)) AND n.finished_at
           ORDER BY at DESC, 1""",
        {"runs": json.dumps(list(run_ids)), "since": to_text(since), "late": f"-{LATE.days} days"},
    )
    return {row[0]: row[1] for row in rows}  # of several runs the first


def untold(conn: sqlite3.Connection, alert: str, found: Mapping[int, str]) -> list[Found]:
    """Of these revisions the changes that the alert has not told, the earliest first.

    A change in a time of which the page's change was told already is the same one, which another reading has bounded
    differently. One that an import begins or ends is another archive's word.
    """
    rows = conn.execute(
        """SELECT r.id, b.last_capture, r.first_capture FROM json_each(:ids) w
           JOIN revisions r ON r.id = w.value
           JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
           WHERE NOT EXISTS (SELECT 1 FROM captures i JOIN runs n ON n.id = i.run_id AND n.kind = 'import'
                             WHERE i.id IN (b.last_capture, r.first_capture))
             AND NOT EXISTS (SELECT 1 FROM page_addresses j CROSS JOIN captures ca ON ca.address_id = j.address_id
                             CROSS JOIN alert_changes t ON t.alert = :alert AND t.after = ca.id
                             CROSS JOIN captures cb ON cb.id = t.before
                             WHERE j.page_id = r.page_id AND cb.captured_at < r.first_seen
                               AND ca.captured_at > b.last_seen)
             AND NOT EXISTS (SELECT 1 FROM alert_changes t WHERE t.alert = :alert
                             AND t.after = r.first_capture AND t.before = b.last_capture)
           ORDER BY r.first_seen, r.id""",
        {"alert": alert, "ids": json.dumps(list(found))},
    )
    return [Found(Told(before, after), found[number]) for number, before, after in rows]


def advance(
    conn: sqlite3.Connection, alert: str, to: Progress, still_open: Iterable[int], new: Iterable[Found]
) -> None:
    """Note how far the alert has come, and what it will tell: from now on that is told, once."""
    conn.execute(
        """INSERT INTO alerts (name, since, upto) VALUES (?, ?, ?)
           ON CONFLICT (name) DO UPDATE SET upto = excluded.upto""",
        (alert, to_text(to.since), to.upto),
    )
    conn.execute("DELETE FROM alert_runs WHERE alert = ?", (alert,))
    conn.executemany("INSERT INTO alert_runs (alert, run_id) VALUES (?, ?)", [(alert, run) for run in still_open])
    conn.executemany(
        "INSERT INTO alert_changes (alert, before, after, found_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [(alert, *found.told, found.at) for found in new],
    )


def waiting(conn: sqlite3.Connection, alert: str, until: datetime) -> list[Told]:
    """What was found until then, and is in no message yet."""
    rows = conn.execute(
        """SELECT before, after FROM alert_changes INDEXED BY alert_changes_waiting
           WHERE alert = ? AND batch IS NULL AND found_at <= ? ORDER BY after, before""",
        (alert, to_text(until)),
    )
    return [Told(*row) for row in rows]


def batch(conn: sqlite3.Connection, alert: str, number: int) -> list[Told]:
    """What one batch tells."""
    rows = conn.execute(
        "SELECT before, after FROM alert_changes WHERE alert = ? AND batch = ? ORDER BY after, before", (alert, number)
    )
    return [Told(*row) for row in rows]


def gather(
    conn: sqlite3.Connection, alert: str, receivers: Collection[str], now: datetime, *, until: datetime, most: int
) -> list[Message]:
    """Make messages of what was found until then: batches of so many changes, each to every receiver."""
    found: list[Message] = []
    pending = waiting(conn, alert, until)
    for start in range(0, len(pending), most):
        together = pending[start : start + most]
        number = conn.execute("SELECT coalesce(max(batch), 0) + 1 FROM alert_changes").fetchone()[0]
        conn.executemany(
            "UPDATE alert_changes SET batch = ? WHERE alert = ? AND before = ? AND after = ?",
            [(number, alert, told.before, told.after) for told in together],
        )
        for receiver in receivers:
            key = digest([alert, receiver, [list(told) for told in together]])
            row = conn.execute(
                """INSERT INTO alert_messages (key, alert, batch, receiver, made_at, state, due_at)
                   VALUES (?, ?, ?, ?, ?, 'due', ?) RETURNING id""",
                (key, alert, number, receiver, to_text(now), to_text(now)),
            ).fetchone()
            found.append(Message(row[0], key, alert, number, receiver, 0))
    return found


def due(conn: sqlite3.Connection, alert: str, now: datetime) -> list[Message]:
    """The alert's messages that are to be sent now, the oldest first."""
    rows = conn.execute(
        """SELECT id, key, alert, batch, receiver, tries FROM alert_messages
           WHERE state = 'due' AND due_at <= ? AND alert = ? ORDER BY id""",
        (to_text(now), alert),
    )
    return [Message(*row) for row in rows]


def take(conn: sqlite3.Connection, message_id: int, now: datetime) -> bool:
    """Note that the message is about to be sent; whether it still is to be. What is taken is never taken twice."""
    cursor = conn.execute(
        "UPDATE alert_messages SET state = 'sending', tries = tries + 1, tried_at = ? WHERE id = ? AND state = 'due'",
        (to_text(now), message_id),
    )
    return cursor.rowcount == 1


def settle(conn: sqlite3.Connection, message_id: int, state: str, trouble: str | None, due_at: datetime | None) -> None:
    """Note what became of a message that was taken."""
    conn.execute(
        """UPDATE alert_messages SET state = ?, trouble = ?, due_at = coalesce(?, due_at)
           WHERE id = ? AND state = 'sending'""",
        (state, trouble, to_text_or_none(due_at), message_id),
    )


def is_anything_open(conn: sqlite3.Connection, alert: str) -> bool:
    """Whether a message of the alert waits, or was being sent."""
    found = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM alert_messages WHERE alert = ? AND state IN ('due', 'sending'))", (alert,)
    )
    return bool(found.fetchone()[0])


def sending(conn: sqlite3.Connection, alert: str) -> list[Message]:
    """Messages that were being sent when the program ended: whoever holds the archive now is not sending them."""
    rows = conn.execute(
        "SELECT id, key, alert, batch, receiver, tries FROM alert_messages WHERE state = 'sending' AND alert = ?",
        (alert,),
    )
    return [Message(*row) for row in rows]


def forget_receivers(conn: sqlite3.Connection, alert: str, receivers: Collection[str]) -> None:
    """What waits for those who are told no longer is dropped."""
    conn.execute(
        """UPDATE alert_messages SET state = 'dropped', trouble = 'nobody is told there any more'
           WHERE alert = ? AND state = 'due' AND receiver NOT IN (SELECT value FROM json_each(?))""",
        (alert, json.dumps(sorted(receivers))),
    )


def again(conn: sqlite3.Connection, alert: str, now: datetime) -> int:
    """Make due what was given up or may have arrived; how many messages."""
    cursor = conn.execute(
        """UPDATE alert_messages SET state = 'due', tries = 0, due_at = ?
           WHERE alert = ? AND state IN ('unsure', 'failed')""",
        (to_text(now), alert),
    )
    return cursor.rowcount


def drop(conn: sqlite3.Connection, alert: str) -> int:
    """Let go of what was given up or may have arrived; how many messages."""
    cursor = conn.execute(
        "UPDATE alert_messages SET state = 'dropped' WHERE alert = ? AND state IN ('unsure', 'failed')", (alert,)
    )
    return cursor.rowcount


def health(conn: sqlite3.Connection) -> list[Row]:
    """Of each alert that ever looked: since, waiting (changes), due, unsure, failed, sent (messages), last_sent,
    next_try and trouble of what is not done with."""
    rows = conn.execute(
        f"""SELECT a.name AS alert, a.since,
              (SELECT count(*) FROM alert_changes WHERE alert = a.name AND batch IS NULL) AS waiting,
              coalesce(sum(m.state IN ('due', 'sending')), 0) AS due, coalesce(sum(m.state = 'unsure'), 0) AS unsure,
              coalesce(sum(m.state = 'failed'), 0) AS failed, coalesce(sum(m.state = 'sent'), 0) AS sent,
              max(CASE WHEN m.state = 'sent' THEN m.tried_at END) AS last_sent,
              min(CASE WHEN m.state = 'due' THEN m.due_at END) AS next_try,
              (SELECT trouble FROM alert_messages WHERE alert = a.name AND state IN {KEPT} AND trouble IS NOT NULL
                 ORDER BY tried_at DESC, id DESC LIMIT 1) AS trouble
            FROM alerts a LEFT JOIN alert_messages m ON m.alert = a.name GROUP BY a.name ORDER BY a.name"""
    )
    return [dict(row) for row in rows]
