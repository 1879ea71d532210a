"""How gently hosts are asked, as it survives a restart. Rows are altered in place."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from archiver.frontier.robots import NOT_NOW
from archiver.model import Capture
from archiver.store import evidence
from archiver.store.times import to_text, to_text_or_none, to_time, to_time_or_none


@dataclass(frozen=True, slots=True)
class HostState:
    """Politeness towards one host."""

    host: str
    next_at: datetime  # not before
    delay: float  # seconds between requests
    paused_until: datetime | None = None
    failures: int = 0
    peer: str | None = None  # the IP address that answers for it; None: not known


def host_state(conn: sqlite3.Connection, host: str) -> HostState | None:
    """How the host is to be treated; None where it was never asked."""
    row = conn.execute(
        "SELECT host, next_at, delay_ms, paused_until, failures, peer FROM hosts WHERE host = ?", (host,)
    ).fetchone()
    if row is None:
        return None
    name, next_at, delay_ms, paused_until, failures, peer = row
    return HostState(name, to_time(next_at), delay_ms / 1000, to_time_or_none(paused_until), failures, peer)


def save_host(conn: sqlite3.Connection, state: HostState) -> None:
    """Keep how the host is to be treated."""
    conn.execute(
        """INSERT INTO hosts (host, next_at, delay_ms, paused_until, failures, peer) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (host) DO UPDATE SET next_at = excluded.next_at, delay_ms = excluded.delay_ms,
             paused_until = excluded.paused_until, failures = excluded.failures, peer = excluded.peer""",
        (
            state.host,
            to_text(state.next_at),
            round(state.delay * 1000),
            to_text_or_none(state.paused_until),
            state.failures,
            state.peer,
        ),
    )


def asked_since(conn: sqlite3.Connection, since: datetime) -> dict[str, int]:
    """How many requests went to each host since a time; what a browser asked for to show its pages counts for it."""
    rows = conn.execute(
        """SELECT a.host, count(*) + coalesce(sum(m.requests), 0)
           FROM captures c JOIN addresses a ON a.id = c.address_id LEFT JOIN renderings m ON m.capture_id = c.id
           WHERE c.captured_at >= ? AND c.outcome <> 'barred' GROUP BY a.host""",
        (to_text(since),),
    )
    return {row[0]: row[1] for row in rows}


def last_settled(conn: sqlite3.Connection, address_id: int) -> Capture | None:
    """The latest capture of a robots.txt in which the site told us what it lets us ask, or that there is none."""
    row = conn.execute(
        """SELECT id FROM captures WHERE address_id = ?
             AND (outcome IN ('ok', 'same', 'gone', 'moved') AND flaw IS NOT 'truncated'
               OR outcome = 'refused' AND status <> ?)
           ORDER BY captured_at DESC LIMIT 1""",
        (address_id, NOT_NOW),
    ).fetchone()
    return None if row is None else evidence.capture(conn, row[0])
