"""What was asked and what came back: sources, runs, addresses, captures. Rows are added, never altered."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from archiver import proof, urls
from archiver.digests import canonical
from archiver.errors import NotFound, StoreError
from archiver.model import Address, Capture, Failure, FailureKind, Outcome, Rendered, Rendering, Response, Role, Source
from archiver.store import bodies, headers, leaves, logs, redactions, renderings
from archiver.store.siblings import Siblings
from archiver.store.times import to_text, to_time

_RANK = {"robots": 0, "sitemap": 1, "feed": 1}
"""What is asked for first, by role; everything else is 2 + its depth."""
_CHUNK = 500
_ALIKE = (
    "outcome", "status", "failure", "detail", "location", "content_type", "last_modified", "body_id", "flaw", "leaf",
)  # fmt: skip
"""What a capture is called alike as a value and as a row."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One attempt to fetch one address, as it is to be stored."""

    address: Address
    run_id: int
    reply: Response | Failure
    outcome: Outcome
    location: str | None  # absolute, where the outcome is 'moved'
    robots: str  # the rule that let us ask, or barred us
    body_kind: str | None  # by the bytes; None: there is no body
    same_as: int | None  # the body that a 304 stands for
    siblings: Siblings | None = None  # bodies of like pages, to pack a first body against
    failure: FailureKind | None = None  # what is wrong with a response that is no answer
    detail: str | None = None
    rendering: Rendering | None = None  # what a browser made of the body


def add_source(conn: sqlite3.Connection, source: Source, at: datetime) -> None:
    """Make the source known, or bring its names up to date; when it was first known stays."""
    conn.execute(
        """INSERT INTO sources (id, code, municipality, county, language, added_at) VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (id) DO UPDATE SET code = excluded.code, municipality = excluded.municipality,
             county = excluded.county, language = excluded.language""",
        (source.id, source.code, source.municipality, source.county, source.language, to_text(at)),
    )


def begin_run(
    conn: sqlite3.Connection,
    source_id: str,
    kind: str,
    at: datetime,
    program: str,
    agent: str,
    note: str | None = None,
) -> int:
    """A new run of the source; kind is 'crawl', 'probe' or 'import'."""
    cursor = conn.execute(
        "INSERT INTO runs (source_id, kind, started_at, program, agent, note) VALUES (?, ?, ?, ?, ?, ?)",
        (source_id, kind, to_text(at), program, agent, note),
    )
    return int(cursor.lastrowid or 0)


def finish_run(conn: sqlite3.Connection, run_id: int, at: datetime, ending: str) -> None:
    """End the run ('done', 'stopped', 'budget' or 'crashed') and seal it: it takes no more captures.

    It ends no sooner than its last capture, even if the machine's clock was set back: what is concluded of a run is
    concluded as of its end.
    """
    (end,) = conn.execute(
        """SELECT max(?2, started_at, coalesce((SELECT max(captured_at) FROM captures
             WHERE run_id = ?1 AND runs.kind = 'crawl'), '')) FROM runs WHERE id = ?1""",
        (run_id, to_text(at)),
    ).fetchone()
    conn.execute("UPDATE runs SET finished_at = ?, ending = ? WHERE id = ?", (end, ending, run_id))
    found = leaves.of_run(conn, run_id)
    last = conn.execute("SELECT id, chain FROM seals ORDER BY id DESC LIMIT 1").fetchone() or (0, proof.GENESIS)
    root = proof.root(found)
    beside = logs.beside(conn)
    chain = proof.link(last[1], leaves.run_facts(conn, run_id), len(found), root, beside)
    conn.execute(
        "INSERT INTO seals (id, run_id, captures, root, chain, sealed_at, beside) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (last[0] + 1, run_id, len(found), root, chain, end, beside),
    )


def finish_crashed(conn: sqlite3.Connection, at: datetime, source_id: str | None = None) -> list[int]:
    """End and seal the runs that have no ending (of one source, where given); which they were.

    Only to be called where no such run can still be going.
    """
    rows = conn.execute(
        "SELECT id FROM runs WHERE finished_at IS NULL AND (?1 IS NULL OR source_id = ?1) ORDER BY id", (source_id,)
    ).fetchall()
    for (run_id,) in rows:
        finish_run(conn, run_id, at, "crashed")
    return [int(run_id) for (run_id,) in rows]


def add_address(
    conn: sqlite3.Connection,
    source_id: str,
    url: str,
    role: Role,
    depth: int,
    found_on: int | None,
    at: datetime,
    *,
    due: bool = True,
) -> Address | None:
    """A new address; None where its key is known already, or the URL is none.

    It is due at once, but for one that is asked for when it is needed (`due` False): robots.txt.
    """
    parsed = urls.parse(url)
    if parsed is None:
        return None
    sent = urls.without_fragment(parsed)
    key, lane, when = urls.key(sent), urls.lane(sent), to_text(at)
    row = conn.execute(
        """INSERT INTO addresses (source_id, url, key, host, role, depth, found_on, found_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING RETURNING id""",
        (source_id, sent, key, lane, role, depth, found_on, when),
    ).fetchall()
    if not row:
        return None
    address = Address(row[0][0], source_id, sent, key, lane, role, depth)
    conn.execute(
        "INSERT INTO frontier (address_id, source_id, host, rank, due_at) VALUES (?, ?, ?, ?, ?)",
        (address.id, source_id, lane, _RANK.get(role, 2 + depth), when if due else None),
    )
    return address


def address(conn: sqlite3.Connection, address_id: int) -> Address:
    """The address. Raises NotFound."""
    row = conn.execute(
        "SELECT id, source_id, url, key, host, role, depth FROM addresses WHERE id = ?", (address_id,)
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no address {address_id}")
    return Address(*row)


def find_address(conn: sqlite3.Connection, url: str) -> Address | None:
    """The address with the URL's key, whatever form the URL has."""
    row = conn.execute(
        "SELECT id, source_id, url, key, host, role, depth FROM addresses WHERE key = ?", (urls.key(url),)
    ).fetchone()
    return None if row is None else Address(*row)


def known_address(conn: sqlite3.Connection, url: str) -> Address:
    """The address with the URL's key. Raises NotFound."""
    found = find_address(conn, url)
    if found is None:
        raise NotFound(f"{url} is not in the archive")
    return found


def add_capture(conn: sqlite3.Connection, visit: Visit) -> Capture:
    """The visit on record: headers, bodies whose bytes are new, the capture with its leaf, and its rendering.

    Raises StoreError for a second capture of one address in one second.
    """
    reply, capture_id = visit.reply, _next_capture(conn)
    row: dict[str, object] = dict.fromkeys(leaves.COLUMNS)
    row |= {
        "id": capture_id,
        "address_id": visit.address.id,
        "run_id": visit.run_id,
        "captured_at": to_text(reply.at),
        "outcome": visit.outcome,
        "location": visit.location,
        "elapsed_ms": round(reply.elapsed * 1000),
        "robots": visit.robots,
    }
    sent, body = None, None
    if isinstance(reply, Response):
        sent, body = headers.put(conn, reply.headers), leaves.body_of(conn, _put_body(conn, visit, reply))
        row |= _answer(visit, reply, sent, body)
    else:
        row |= _no_answer(reply)
    made = renderings.row(conn, visit.address.id, row["body_id"], visit.rendering) if visit.rendering else None
    row["leaf"] = proof.leaf(leaves.fields(conn, row, visit.address.url, sent, body, made))
    try:
        conn.execute(leaves.INSERT, row)
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:
            raise
        when = f"{visit.address.url} was captured at {row['captured_at']} already"
        raise StoreError(f"{when}; an address is asked at most once a second") from error
    if made:
        renderings.add(conn, capture_id, made)
        return capture(conn, capture_id)
    at = reply.at.astimezone(UTC).replace(microsecond=0)
    named = {name: row[name] for name in _ALIKE}
    return Capture(capture_id, visit.address, at, body_sha256=body.sha256 if body else None, **named)  # type: ignore[arg-type]


def capture(conn: sqlite3.Connection, capture_id: int) -> Capture:
    """The capture. Raises NotFound."""
    found = next(_load(conn, [capture_id]), None)
    if found is None:
        raise NotFound(f"there is no capture {capture_id}")
    return found


def run_of(conn: sqlite3.Connection, capture_id: int) -> int:
    """The run that made the capture."""
    return int(conn.execute("SELECT run_id FROM captures WHERE id = ?", (capture_id,)).fetchone()[0])


def last_capture(conn: sqlite3.Connection, address_id: int) -> Capture | None:
    """Our latest capture of the address; None where we never asked for it, whatever others say of it."""
    row = conn.execute(
        """SELECT id FROM captures WHERE address_id = ? AND robots <> 'imported'
           ORDER BY captured_at DESC LIMIT 1""",
        (address_id,),
    ).fetchone()
    return None if row is None else capture(conn, row[0])


def is_latest(conn: sqlite3.Connection, capture: Capture) -> bool:
    """Whether the address was not asked again since."""
    row = conn.execute(
        "SELECT NOT EXISTS (SELECT 1 FROM captures WHERE address_id = ? AND captured_at > ?)",
        (capture.address.id, to_text(capture.at)),
    ).fetchone()
    return bool(row[0])


def hops(conn: sqlite3.Connection, address_id: int, most: int) -> int:
    """How many redirects in a row led to the address, counted up to `most`."""
    row = conn.execute(
        """WITH RECURSIVE way(id, hops) AS (
             SELECT ?1, 0 UNION ALL
             SELECT a.found_on, hops + 1 FROM way JOIN addresses a ON a.id = way.id
             WHERE hops < ?2 AND EXISTS
               (SELECT 1 FROM captures c WHERE c.address_id = a.found_on AND c.outcome = 'moved'))
           SELECT max(hops) FROM way""",
        (address_id, most),
    ).fetchone()
    return int(row[0])


def came_before(conn: sqlite3.Connection, capture: Capture, *, not_after: datetime) -> bool:
    """Whether the capture's address had shown the very same body by that time."""
    body_id, joined = (
        ("m.body_id", "JOIN renderings m ON m.capture_id = c.id") if capture.rendering else ("c.body_id", "")
    )
    row = conn.execute(
        f"""SELECT EXISTS (SELECT 1 FROM captures c {joined}
             WHERE c.address_id = ? AND c.captured_at <= ? AND +{body_id} = ? AND c.id <> ?)""",
        (capture.address.id, to_text(not_after), capture.shown_id, capture.id),
    ).fetchone()
    return bool(row[0])


def municipality(conn: sqlite3.Connection, source_id: str) -> str:
    """The name of the source's municipality. Raises NotFound."""
    row = conn.execute("SELECT municipality FROM sources WHERE id = ?", (source_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no source {source_id}")
    return str(row[0])


def captures_of(conn: sqlite3.Connection, address_ids: Iterable[int]) -> Iterator[Capture]:
    """The captures of these addresses in the order of time."""
    rows = conn.execute(
        """SELECT c.id FROM json_each(?) AS wanted JOIN captures c ON c.address_id = wanted.value
           ORDER BY c.captured_at, c.id""",
        (json.dumps(sorted(set(address_ids))),),
    ).fetchall()
    return _load(conn, [row[0] for row in rows])


def _next_capture(conn: sqlite3.Connection) -> int:
    """The id is part of the leaf, because citations are made of it; so it must be known before the row is."""
    return int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM captures").fetchone()[0])


def _answer(visit: Visit, reply: Response, sent: leaves.Headers, body: leaves.Body | None) -> dict[str, object]:
    """The columns that a response fills."""
    peer = {"ip": reply.ip, "certificate": reply.certificate} if reply.ip or reply.certificate else None
    return {
        "status": reply.status,
        "failure": visit.failure,
        "detail": visit.detail,
        "headers_id": sent.id,
        "volatile": sent.volatile,
        "content_type": reply.header("content-type"),
        "last_modified": reply.header("last-modified"),
        "body_id": body.id if body else None,
        "flaw": reply.flaw,
        "wire_sha256": reply.wire_sha256,
        "wire_size": reply.wire_size,
        "peer": None if peer is None else canonical(peer).decode(),
    }


def _no_answer(reply: Failure) -> dict[str, object]:
    """The columns that a failure fills."""
    return {"failure": reply.kind, "detail": reply.detail.encode("utf-8", "replace").decode()}


def _put_body(conn: sqlite3.Connection, visit: Visit, reply: Response) -> int | None:
    if visit.outcome == "same":
        return visit.same_as
    if not reply.body and visit.outcome != "ok":
        return None
    earlier = conn.execute(
        """SELECT coalesce((SELECT body_id FROM frontier WHERE address_id = ?1),
             (SELECT body_id FROM captures WHERE address_id = ?1 AND body_id IS NOT NULL
              ORDER BY captured_at DESC LIMIT 1))""",
        (visit.address.id,),
    ).fetchone()[0]
    erased = redactions.erases(conn, visit.address.id)
    sibling = visit.siblings.choose(first=earlier is None) if visit.siblings else None
    return bodies.put(conn, reply.body, visit.body_kind or "other", earlier, sibling, erased=erased)


def _load(conn: sqlite3.Connection, ids: list[int]) -> Iterator[Capture]:
    """The captures with these ids, in this order."""
    for start in range(0, len(ids), _CHUNK):
        rows = conn.execute(
            """SELECT c.id, c.captured_at, c.outcome, c.status, c.failure, c.detail, c.location, c.content_type,
                 c.last_modified, c.body_id, b.sha256, c.flaw, c.leaf,
                 a.id, a.source_id, a.url, a.key, a.host, a.role, a.depth, m.outcome, m.body_id, d.sha256, m.detail
               FROM json_each(?) AS wanted
               JOIN captures c ON c.id = wanted.value
               JOIN addresses a ON a.id = c.address_id
               LEFT JOIN bodies b ON b.id = c.body_id LEFT JOIN renderings m ON m.capture_id = c.id
               LEFT JOIN bodies d ON d.id = m.body_id
               ORDER BY wanted.key""",
            (json.dumps(ids[start : start + _CHUNK]),),
        ).fetchall()
        for row in rows:
            rendering = Rendered(*row[20:]) if row[20] else None
            yield Capture(row[0], Address(*row[13:20]), to_time(row[1]), *[*row[2:13], rendering])
