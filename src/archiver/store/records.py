"""Captures with everything that is known of them, for those who take them elsewhere: WARC files, evidence packs."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from archiver.errors import EvidenceError, NotFound
from archiver.store import bodies, patterns

_CHUNK = 200
_IN_FORCE = "x.lifts IS NULL AND NOT EXISTS (SELECT 1 FROM redactions u WHERE u.lifts = x.id)"
_HIT = "SELECT 1 FROM redaction_hits h WHERE h.redaction_id = x.id AND h.body_id IN (c.body_id, m.body_id)"
_REDACTED = f"""
  SELECT level FROM (
    SELECT x.level FROM redactions x WHERE {_IN_FORCE}
      AND (x.body_id = c.body_id OR x.body_id = m.body_id OR x.address_id = c.address_id)
    UNION ALL SELECT x.level {patterns.IN_SCOPE}
      AND (EXISTS ({_HIT} AND h.places > 0) OR coalesce(g.verdict, 'unread') = 'unread' AND NOT EXISTS ({_HIT})))
  ORDER BY CASE level WHEN 'erased' THEN 0 WHEN 'withheld' THEN 1 ELSE 2 END LIMIT 1"""
"""Closed too: what nobody has read, where an order to hide words is in force that may be about it."""
_COLUMNS = f"""
  c.id, c.run_id, c.captured_at, c.outcome, c.status, c.failure, c.detail, c.location, c.volatile, c.content_type,
  c.last_modified, c.body_id, c.flaw, c.wire_sha256, c.wire_size, c.elapsed_ms, c.peer, c.robots, c.leaf, c.address_id,
  a.url, a.role, a.depth, a.source_id, (SELECT url FROM addresses WHERE id = a.found_on) AS found_on,
  h.content AS headers, h.sha256 AS headers_sha256,
  b.sha256 AS body_sha256, b.size AS body_size, b.kind AS body_kind, b.fate AS body_fate,
  m.body_id AS rendered_id, d.sha256 AS rendered_sha256, d.fate AS rendered_fate, m.browser, m.rendered_at,
  m.outcome AS rendering, m.detail AS rendering_detail, m.took_ms, m.requests,
  n.kind AS run_kind, n.agent, n.program, g.verdict, g.reason, g.document_id, g.rules_id,
  ({_REDACTED}) AS redaction,
  EXISTS (SELECT 1 FROM page_addresses pa JOIN pages p ON p.id = pa.page_id AND p.embargo_days IS NOT NULL
    WHERE pa.address_id = c.address_id AND NOT EXISTS (SELECT 1 FROM open_revisions w WHERE w.page_id = p.id AND w.open
      AND c.captured_at BETWEEN w.first_seen AND w.last_seen)) AS embargo"""
_FROM = """FROM captures c JOIN addresses a ON a.id = c.address_id JOIN runs n ON n.id = c.run_id
  LEFT JOIN headers h ON h.id = c.headers_id LEFT JOIN bodies b ON b.id = c.body_id
  LEFT JOIN renderings m ON m.capture_id = c.id LEFT JOIN bodies d ON d.id = m.body_id
  LEFT JOIN readings g ON g.capture_id = c.id"""


@dataclass(frozen=True, slots=True)
class Full:
    """One capture, whole: its row with the ids replaced, and what may be shown of it."""

    row: dict[str, Any]
    headers: tuple[tuple[str, str], ...]  # as they came, the volatile ones too

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401
        return self.row[name]

    def closed(self, *, embargoed: bool = False) -> str | None:
        """Why its body must not leave the archive: its redaction, its embargo, or that none is kept; None: it may.

        With `embargoed` an embargo is no reason: for a copy that is the keeper's own.
        """
        if self["redaction"]:
            return str(self["redaction"])
        if self["body_fate"] == "erased":
            return "erased"
        if self["embargo"] and not embargoed:
            return "embargo"
        return "digest" if self["body_fate"] == "digest" else None


def captures(
    conn: sqlite3.Connection, *, source: str | None = None, since: str | None = None, until: str | None = None
) -> Iterator[Full]:
    """The captures of a source, or all, from `since` on and before `until`, in the order of time."""
    ids = conn.execute(
        """SELECT c.id FROM captures c JOIN addresses a ON a.id = c.address_id
           WHERE (?1 IS NULL OR a.source_id = ?1) AND (?2 IS NULL OR c.captured_at >= ?2)
             AND (?3 IS NULL OR c.captured_at < ?3) ORDER BY c.captured_at, c.id""",
        (source, since, until),
    )
    while batch := ids.fetchmany(_CHUNK):
        yield from of(conn, [int(row[0]) for row in batch])


def of(conn: sqlite3.Connection, ids: Iterable[int]) -> Iterator[Full]:
    """The captures with these ids, in this order."""
    cursor = conn.execute(
        f"SELECT {_COLUMNS} FROM json_each(?) AS wanted JOIN captures c ON c.id = wanted.value"
        f" {_FROM.removeprefix('FROM captures c')} ORDER BY wanted.key",
        (json.dumps(list(ids)),),
    )
    names = [column[0] for column in cursor.description]
    for row in cursor.fetchall():
        named = dict(zip(names, row, strict=True))
        yield Full(named, whole_headers(named["headers"], named["volatile"]))


def origin(conn: sqlite3.Connection, capture: Full) -> int | None:
    """The capture that brought the body which this one says is unchanged (304)."""
    row = conn.execute(
        """SELECT id FROM captures WHERE address_id = ? AND body_id = ? AND outcome <> 'same' AND captured_at <= ?
           ORDER BY captured_at DESC LIMIT 1""",
        (capture["address_id"], capture["body_id"], capture["captured_at"]),
    ).fetchone()
    return None if row is None else int(row[0])


def body_of(conn: sqlite3.Connection, capture: Full, column: str = "body_id") -> bytes | None:
    """Its decoded bytes, as sent, or ('rendered_id') as a browser showed them; None where it has none.

    Raises EvidenceError where they are not what was recorded.
    """
    if capture[column] is None:
        return None
    try:
        return bodies.get(conn, capture[column])
    except NotFound as error:
        raise EvidenceError(str(error)) from error


def rules(conn: sqlite3.Connection, rules_id: int | None, *, whole: bool = False) -> dict[str, Any] | None:
    """Under which rules something was read: profile, language, reader, sha256; `whole`: and the rules themselves."""
    names = ("profile", "language", "reader", "sha256", "content")
    row = conn.execute(f"SELECT {', '.join(names)} FROM rules WHERE id = ?", (rules_id,)).fetchone()
    if row is None:
        return None
    found = dict(zip(names[:-1], row[:-1], strict=True))
    return found | {"content": json.loads(row[-1])} if whole else found


def whole_headers(content: str | None, volatile: str | None) -> tuple[tuple[str, str], ...]:
    """The headers as they came: those that are shared, with this capture's own values in their places."""
    own = iter(json.loads(volatile or "[]"))
    return tuple((name, next(own, "") if value is None else value) for name, value in json.loads(content or "[]"))
