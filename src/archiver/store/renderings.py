"""What a browser made of the body that a capture brought: kept beside it, and part of its leaf."""

import sqlite3
from collections.abc import Mapping
from typing import cast

from archiver.model import Rendering
from archiver.store import bodies, redactions
from archiver.store.leaves import RENDERED
from archiver.store.times import to_text

_INSERT = f"""INSERT INTO renderings (capture_id, body_id, {", ".join(RENDERED)})
  VALUES (:capture_id, :body_id, {", ".join(":" + name for name in RENDERED)})"""


def row(conn: sqlite3.Connection, address_id: int, sent: object, rendering: Rendering) -> dict[str, object]:
    """The rendering as it is to be stored; its body is, packed against the address's last one or what was `sent`."""
    body_id = None
    if rendering.body is not None:
        earlier = _last(conn, address_id) or cast("int | None", sent)
        erased = redactions.erases(conn, address_id)
        body_id = bodies.put(conn, rendering.body, "html", earlier, erased=erased)
    detail = rendering.detail
    return {
        "body_id": body_id,
        "rendered_at": to_text(rendering.at),
        "outcome": rendering.outcome,
        "detail": None if detail is None else detail.encode("utf-8", "replace").decode(),
        "browser": rendering.browser,
        "took_ms": round(rendering.took * 1000),
        "requests": rendering.requests,
    }


def add(conn: sqlite3.Connection, capture_id: int, made: Mapping[str, object]) -> None:
    """Put the row with its capture."""
    conn.execute(_INSERT, {"capture_id": capture_id, **made})


def sent_as(conn: sqlite3.Connection, address_id: int, body_id: int) -> str | None:
    """The Content-Type with which the address last sent the body."""
    found = conn.execute(
        """SELECT content_type FROM captures WHERE address_id = ? AND +body_id = ? AND outcome = 'ok'
           ORDER BY captured_at DESC LIMIT 1""",
        (address_id, body_id),
    ).fetchone()
    return None if found is None else found[0]


def _last(conn: sqlite3.Connection, address_id: int) -> int | None:
    """The body of the address's latest rendering that has one."""
    found = conn.execute(
        """SELECT m.body_id FROM captures c JOIN renderings m ON m.capture_id = c.id
           WHERE c.address_id = ? AND m.body_id IS NOT NULL ORDER BY c.captured_at DESC LIMIT 1""",
        (address_id,),
    ).fetchone()
    return None if found is None else int(found[0])
