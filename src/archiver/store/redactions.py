"""What people hid, and why: an append-only log about evidence. It never says what was hidden."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from archiver.errors import NotFound
from archiver.model import Capture
from archiver.store import logs
from archiver.store.times import to_text


class Lifted(NamedTuple):
    """What an entry was about that is in force no more; one of them."""

    body_id: int | None
    address_id: int | None
    pattern_id: int | None


_IN_FORCE = "NOT EXISTS (SELECT 1 FROM redactions u WHERE u.lifts = x.id)"


def add(
    conn: sqlite3.Connection,
    *,
    body_id: int | None = None,
    address_id: int | None = None,
    pattern_id: int | None = None,
    span: tuple[int, int] | None = None,
    level: str,
    reason: str,
    actor: str,
    at: datetime,
) -> int:
    """The id of the new entry: one body (whole, or a span of its text), every body of an address, or a pattern."""
    start, end = span or (None, None)
    row = {
        "body_id": body_id, "address_id": address_id, "pattern_id": pattern_id, "from_char": start, "to_char": end,
        "level": level, "reason": reason, "actor": actor, "acted_at": to_text(at),
    }  # fmt: skip
    return logs.add(conn, "redactions", row)


def lift(conn: sqlite3.Connection, redaction_id: int, *, actor: str, at: datetime) -> Lifted:
    """Undo an entry by another one; what it was about. Raises NotFound.

    An erasure cannot be undone; one of a pattern no longer looks for it in what comes.
    """
    row = conn.execute(
        f"""SELECT body_id, address_id, pattern_id, from_char, to_char, level FROM redactions x
            WHERE id = ? AND lifts IS NULL AND (level <> 'erased' OR pattern_id IS NOT NULL) AND {_IN_FORCE}""",
        (redaction_id,),
    ).fetchone()
    if row is None:
        raise NotFound(f"no redaction {redaction_id} is in force that could be lifted; an erasure cannot be")
    names = ("body_id", "address_id", "pattern_id", "from_char", "to_char", "level")
    entry = dict(zip(names, row, strict=True))
    logs.add(conn, "redactions", entry | {
        "reason": "lifted", "actor": actor, "acted_at": to_text(at), "lifts": redaction_id,
    })  # fmt: skip
    return Lifted(*row[:3])


def hides_whole(conn: sqlite3.Connection, capture: Capture) -> bool:
    """Whether the capture's body is hidden, withheld or erased in whole, be it the one sent or the one rendered."""
    row = conn.execute(
        f"""SELECT EXISTS (SELECT 1 FROM redactions x WHERE (x.body_id IN (?1, ?3) OR x.address_id = ?2)
              AND x.from_char IS NULL AND x.lifts IS NULL AND {_IN_FORCE})
            OR EXISTS (SELECT 1 FROM bodies WHERE id IN (?1, ?3) AND fate = 'erased')""",
        (capture.body_id, capture.address.id, capture.shown_id),
    ).fetchone()
    return bool(row[0])


def spans(conn: sqlite3.Connection, capture: Capture) -> tuple[tuple[int, int], ...]:
    """The hidden spans of the text of the body that is read, characters, in order."""
    rows = conn.execute(
        f"""SELECT x.from_char, x.to_char FROM redactions x WHERE x.body_id = ? AND x.from_char IS NOT NULL
              AND x.lifts IS NULL AND {_IN_FORCE} ORDER BY x.from_char""",
        (capture.shown_id,),
    )
    return tuple((int(start), int(end)) for start, end in rows)


def bodies_of(conn: sqlite3.Connection, address_id: int) -> list[int]:
    """The bodies that an address ever sent, and those that a browser made of them."""
    rows = conn.execute(
        """SELECT body_id FROM captures WHERE address_id = ?1 AND body_id IS NOT NULL
           UNION SELECT m.body_id FROM captures c JOIN renderings m ON m.capture_id = c.id
           WHERE c.address_id = ?1 AND m.body_id IS NOT NULL ORDER BY 1""",
        (address_id,),
    )
    return [int(row[0]) for row in rows]


def made_of(conn: sqlite3.Connection, body_id: int) -> list[int]:
    """The bodies that a browser made of this one: whatever it says, they may say too."""
    rows = conn.execute(
        """SELECT DISTINCT m.body_id FROM captures c JOIN renderings m ON m.capture_id = c.id
           WHERE c.body_id = ? AND m.body_id IS NOT NULL ORDER BY 1""",
        (body_id,),
    )
    return [int(row[0]) for row in rows]


def is_kept(conn: sqlite3.Connection, body_id: int | None, address_id: int | None) -> bool:
    """Whether there is such a body, or such an address, that an entry could be about."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM bodies WHERE id = ?) OR EXISTS (SELECT 1 FROM addresses WHERE id = ?)",
        (body_id, address_id),
    ).fetchone()
    return bool(row[0])


def senders(conn: sqlite3.Connection, body_id: int) -> int:
    """How many addresses ever sent the body."""
    row = conn.execute("SELECT count(DISTINCT address_id) FROM captures WHERE body_id = ?", (body_id,)).fetchone()
    return int(row[0])


def erases(conn: sqlite3.Connection, address_id: int) -> bool:
    """Whether nothing that the address sends may be kept."""
    row = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM redactions WHERE address_id = ? AND level = 'erased')", (address_id,)
    ).fetchone()
    return bool(row[0])


def pages_showing(conn: sqlite3.Connection, *, bodies: Iterable[int] = (), address_id: int | None = None) -> list[int]:
    """The pages on which one of the bodies, or anything of the address, was ever shown."""
    rows = conn.execute(
        """SELECT p.page_id FROM captures c JOIN page_addresses p ON p.address_id = c.address_id
           WHERE c.body_id IN (SELECT value FROM json_each(?1)) OR c.address_id = ?2
           UNION SELECT p.page_id FROM renderings m JOIN captures c ON c.id = m.capture_id
           JOIN page_addresses p ON p.address_id = c.address_id
           WHERE m.body_id IN (SELECT value FROM json_each(?1)) ORDER BY 1""",
        (json.dumps(list(bodies)), address_id),
    )
    return [int(row[0]) for row in rows]
