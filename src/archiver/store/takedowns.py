"""The register of who asked to have something hidden, and what became of it. Only added to; in no public view."""

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from archiver.errors import NotFound
from archiver.store import logs
from archiver.store.times import to_text

Row = dict[str, Any]
What = Literal["granted", "partly", "refused", "withdrawn", "note"]
STEPS: tuple[What, ...] = get_args(What)
ENDS = frozenset(STEPS) - {"note"}
"""The steps after which nobody waits for an answer."""


@dataclass(frozen=True, slots=True)
class Takedown:
    """What somebody asks."""

    about: str  # a URL, or words
    asker: str  # who asks, and how to answer
    ground: str  # a code
    note: str | None
    actor: str  # who writes it down


@dataclass(frozen=True, slots=True)
class Step:
    """What was decided, done or answered."""

    step: What
    redaction_id: int | None
    note: str | None
    actor: str


def add(conn: sqlite3.Connection, asked: Takedown, received_at: datetime, at: datetime) -> int:
    """Write down a request; its number."""
    row = asdict(asked) | {"received_at": to_text(received_at), "noted_at": to_text(at)}
    return logs.add(conn, "takedowns", row)


def add_step(conn: sqlite3.Connection, takedown_id: int, step: Step, at: datetime) -> int:
    """Write down what became of it. Raises NotFound where there is no such request, or no such redaction."""
    if conn.execute("SELECT 1 FROM takedowns WHERE id = ?", (takedown_id,)).fetchone() is None:
        raise NotFound(f"there is no request {takedown_id} in the register")
    number = step.redaction_id
    if number is not None and conn.execute("SELECT 1 FROM redactions WHERE id = ?", (number,)).fetchone() is None:
        raise NotFound(f"there is no redaction {number}")
    return logs.add(conn, "takedown_steps", asdict(step) | {"takedown_id": takedown_id, "acted_at": to_text(at)})


def listed(conn: sqlite3.Connection, *, waiting: bool = False) -> list[Row]:
    """Every request with its steps, the oldest first; `waiting`: only those on which nothing is decided."""
    names = ("id", "received_at", "about", "asker", "ground", "note", "actor")
    requests = [
        dict(zip(names, row, strict=True))
        for row in conn.execute(f"SELECT {', '.join(names)} FROM takedowns ORDER BY received_at, id")
    ]
    parts = ("step", "redaction_id", "note", "actor", "acted_at")
    for request in requests:
        rows = conn.execute(
            f"SELECT {', '.join(parts)} FROM takedown_steps WHERE takedown_id = ? ORDER BY id", (request["id"],)
        )
        request["steps"] = [dict(zip(parts, row, strict=True)) for row in rows]
        request["state"] = next((s["step"] for s in reversed(request["steps"]) if s["step"] in ENDS), "waiting")
    return [request for request in requests if not waiting or request["state"] == "waiting"]
