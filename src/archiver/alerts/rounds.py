"""One round of the alerts: look for what is new, note it, gather what is due into messages, and send them.

The order is the promise. What an alert will tell is noted before anything is sent; that a message is about to leave is
on the disk before its first byte does. So a crash or a loss of power at any point leaves a message either not begun,
and it is sent later, or begun, and then it may have arrived: a person is told, and nothing is sent twice
(docs/decisions/0026).
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from archiver.alerts import filters
from archiver.alerts.compose import Frame, Letter, compose
from archiver.alerts.outcomes import Next, Outcome, Unsure, after
from archiver.alerts.receivers import Receiver, receivers
from archiver.alerts.rhythm import latest
from archiver.asking.asked import Inquiry, Row
from archiver.asking.cards import cards
from archiver.clock import Clock
from archiver.config import Config
from archiver.digests import digest
from archiver.model import Alert
from archiver.store import Archive, alerting, reader
from archiver.store.alerting import Found, Message, Progress, Runs, Told
from archiver.store.times import to_text

BATCH = 200
"""Changes that one message holds; more are several."""
CRASHED = "the program ended while it was being sent"
log = structlog.get_logger("alerts")


class Post(Protocol):
    """Something that sends."""

    def send(self, receiver: Receiver, letter: Letter, alert: Alert, now: datetime) -> Outcome:
        """One try; what it came to."""
        ...


@dataclass(frozen=True, slots=True)
class Look:
    """What an alert found when it looked, before anything of it is noted."""

    known: Progress | None  # before
    progress: Progress
    runs: Runs
    new: tuple[Found, ...]

    @property
    def is_to_be_noted(self) -> bool:
        """Whether the alert has come any further by it."""
        return self.progress != self.known or bool(self.runs.over)


@dataclass
class Report:
    """What a round came to."""

    alert: str
    states: Counter[str] = field(default_factory=Counter)  # of the messages it dealt with

    @property
    def needs_a_person(self) -> bool:
        """Whether something was given up, or may have arrived."""
        return bool(self.states["unsure"] or self.states["failed"])


class Round:
    """The alerts of one archive, and how they are sent. One at a time, by whoever holds the archive."""

    def __init__(self, archive: Archive, config: Config, post: Post, clock: Clock) -> None:
        self._archive, self._config, self._post, self._clock = archive, config, post, clock

    def run(self, alerts: Iterable[Alert], stopping: Callable[[], bool] = lambda: False) -> list[Report]:
        """Look, note, gather and send for each of the alerts; in whichever thread, with a connection of its own."""
        with closing(reader(self._archive.path)) as conn:
            return [self._one(conn, alert, stopping) for alert in alerts]

    def _one(self, conn: sqlite3.Connection, alert: Alert, stopping: Callable[[], bool]) -> Report:
        report, now, told = Report(alert.name), self._clock.now(), receivers(alert)
        if alerting.is_anything_open(conn, alert.name):
            self._recover(alert, told, report)
        self._note(conn, alert, now)
        until = latest(alert.rhythm, now)
        if alerting.waiting(conn, alert.name, until):
            job = partial(alerting.gather, alert=alert.name, receivers=tuple(told), now=now, until=until, most=BATCH)
            self._archive.write(job)
        for message in alerting.due(conn, alert.name, now):
            if stopping():
                break
            self._send(conn, alert, message, told[message.receiver], report)
        return report

    def _recover(self, alert: Alert, told: dict[str, Receiver], report: Report) -> None:
        """Messages that a crash left half sent: a person decides, unless the alert says that twice is well."""
        now = self._clock.now()

        def job(conn: sqlite3.Connection) -> list[str]:
            states = []
            for message in alerting.sending(conn, alert.name):
                end = after(Unsure(CRASHED), message.tries, now, at_least_once=alert.at_least_once)
                alerting.settle(conn, message.id, **end._asdict())
                states.append(end.state)
            alerting.forget_receivers(conn, alert.name, told)
            return states

        for state in self._archive.write(job):
            report.states[state] += 1
            log.warning("found half sent", alert=alert.name, state=state)

    def _note(self, conn: sqlite3.Connection, alert: Alert, now: datetime) -> None:
        found = look(conn, alert, now)
        if found.is_to_be_noted:
            progress, still_open = found.progress, found.runs.open
            note = partial(alerting.advance, alert=alert.name, to=progress, still_open=still_open, new=found.new)
            self._archive.write(note)

    def _send(
        self, conn: sqlite3.Connection, alert: Alert, message: Message, receiver: Receiver, report: Report
    ) -> None:
        """One try, noted before and after. It is taken first: one that cannot even be written holds up no other."""
        now = self._clock.now()
        if not self._archive.write(partial(alerting.take, message_id=message.id, now=now)):
            return
        letter = written(conn, self._config, alert, alerting.batch(conn, alert.name, message.batch), message.key, now)
        if letter is None:
            end = Next("dropped", "what it told of is no change any more, by today's rules")
        else:
            self._archive.harden()
            outcome = self._post.send(receiver, letter, alert, now)
            end = after(outcome, message.tries + 1, self._clock.now(), at_least_once=alert.at_least_once)
        self._archive.write(partial(alerting.settle, message_id=message.id, **end._asdict()))
        report.states[end.state] += 1
        told = {"state": end.state, "trouble": end.trouble}
        log.info("message", alert=alert.name, way=receiver.way, key=message.key[:12], **told)


def look(conn: sqlite3.Connection, alert: Alert, now: datetime) -> Look:
    """What is new for an alert, in all runs that are over and that it has not looked at. Writes nothing."""
    known = alerting.progress(conn, alert.name)
    zone = ZoneInfo(alert.rhythm.zone)
    since = None if alert.since is None else datetime.combine(date.fromisoformat(alert.since), time(), zone)
    start = known or alerting.begin(conn, since, now)
    found = alerting.runs(conn, alert.name, known, start.upto)
    shown = alerting.shown_by(conn, found.over, start.since) if found.over else {}
    fitting = filters.fitting(Inquiry(conn, now), alert.wanted, tuple(shown))
    new = alerting.untold(conn, alert.name, {number: shown[number] for number in fitting})
    return Look(known, start._replace(upto=found.upto), found, tuple(new))


def preview(conn: sqlite3.Connection, config: Config, alert: Alert, now: datetime) -> Letter | None:
    """What the alert would tell next: what waits, and what is new. Writes nothing; None where there is nothing."""
    told = [*alerting.waiting(conn, alert.name, now), *(found.told for found in look(conn, alert, now).new)]
    return written(conn, config, alert, told, digest([alert.name, "preview"]), now)


def written(
    conn: sqlite3.Connection, config: Config, alert: Alert, told: Sequence[Told], key: str, now: datetime
) -> Letter | None:
    """The message that tells of these changes, as they are public now; None where none of them is left."""
    rows = changes(conn, told, now)
    more = filters.address(room(config), alert.wanted)
    frame = Frame(key, to_text(now), room(config), more, config.agent.mail)
    return compose(alert, rows, frame) if rows else None


def changes(conn: sqlite3.Connection, told: Sequence[Told], now: datetime) -> list[Row]:
    """The changes between these captures as the front page shows them, the newest first."""
    found = conn.execute(
        """SELECT min(id) FROM revisions
           WHERE number > 1 AND first_capture IN (SELECT value FROM json_each(?)) GROUP BY first_capture""",
        (json.dumps([pair.after for pair in told]),),
    )
    rows = cards(Inquiry(conn, now), [row[0] for row in found])
    return sorted(rows, key=lambda row: (row["seen_after"], row["revision_id"]), reverse=True)


def room(config: Config) -> str | None:
    """Where the reading room is, without a slash at its end."""
    return config.room.rstrip("/") if config.room else None
