"""Is the archive what was recorded? Re-hash everything, replay the chain, and name what does not fit.

What this shows: nothing was altered since it was captured, and (with a stamp) that it existed by then. What it cannot
show: that the site sent it, and that no whole runs were cut off the end; only a stamp, or a copy elsewhere, tells.
"""

import sqlite3
from collections.abc import Iterator

from archiver import proof
from archiver.digests import sha256
from archiver.errors import EvidenceError
from archiver.store import bodies, leaves, schema


def verify(conn: sqlite3.Connection) -> Iterator[str]:
    """Everything that does not fit, one sentence each; nothing where all is as it was recorded."""
    for check in (_file, _references, _schema, _headers, _bodies, _erasures, _captures, _seals, _runs):
        yield from check(conn)


def _file(conn: sqlite3.Connection) -> Iterator[str]:
    for (line,) in conn.execute("PRAGMA integrity_check"):
        if line != "ok":
            yield f"the file: {line}"


def _references(conn: sqlite3.Connection) -> Iterator[str]:
    for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row_id} points at a row of {parent} that is not there"


def _schema(conn: sqlite3.Connection) -> Iterator[str]:
    for fault in schema.missing_or_altered(conn):
        yield f"the schema: {fault}"


def _headers(conn: sqlite3.Connection) -> Iterator[str]:
    for row_id, digest, content in conn.execute("SELECT id, sha256, content FROM headers"):
        if sha256(content.encode()) != digest:
            yield f"headers {row_id} are not what was recorded: their SHA-256 should be {digest}"


def _bodies(conn: sqlite3.Connection) -> Iterator[str]:
    """Chains first, then every body that is kept."""
    for body_id, chain in conn.execute(
        """SELECT b.id, b.chain FROM bodies b LEFT JOIN bodies k ON k.id = b.base_id
           WHERE b.chain <> CASE WHEN b.base_id IS NULL THEN 0 ELSE k.chain + 1 END"""
    ):
        yield f"body {body_id} does not stand on the {chain} bases it should"
    for (body_id,) in conn.execute("SELECT id FROM bodies WHERE fate = 'kept' ORDER BY id"):
        try:
            bodies.get(conn, body_id)
        except EvidenceError as error:
            yield str(error)


def _erasures(conn: sqlite3.Connection) -> Iterator[str]:
    """An erased body counts as erased, not as broken, where the redaction log says so."""
    for body_id, digest in conn.execute(
        """SELECT id, sha256 FROM bodies b WHERE fate = 'erased' AND NOT EXISTS
             (SELECT 1 FROM redactions x WHERE x.level = 'erased' AND (x.body_id = b.id
               OR x.address_id IN (SELECT address_id FROM captures WHERE body_id = b.id)
               OR EXISTS (SELECT 1 FROM renderings m JOIN captures c ON c.id = m.capture_id
                 WHERE m.body_id = b.id AND (x.body_id = c.body_id OR x.address_id = c.address_id))))"""
    ):
        yield f"body {body_id} ({digest}) was erased, and no redaction says why"


def _captures(conn: sqlite3.Connection) -> Iterator[str]:
    for capture_id, recorded, now in leaves.recomputed(conn):
        if recorded != now:
            parts = "its row, address, headers, body or rendering"
            yield f"capture {capture_id} ({parts}) is not what was recorded: leaf {recorded}"


def _seals(conn: sqlite3.Connection) -> Iterator[str]:
    """Each seal against its run, and against the seal before it."""
    before = proof.GENESIS
    rows = conn.execute(
        """SELECT s.id, s.run_id, s.captures, s.root, s.chain, s.sealed_at, n.finished_at
           FROM seals s LEFT JOIN runs n ON n.id = s.run_id ORDER BY s.id"""
    )
    for position, (seal_id, run_id, count, root, chain, sealed_at, finished_at) in enumerate(rows, start=1):
        found = leaves.of_run(conn, run_id)
        if seal_id != position:
            yield f"seal {seal_id} stands where seal {position} should: one was taken out, or renumbered"
        if len(found) != count:
            yield f"run {run_id} was sealed with {count} captures and has {len(found)}"
        if proof.root(found) != root:
            yield f"run {run_id}: its captures do not give the root that seal {seal_id} holds"
        if proof.link(before, leaves.run_facts(conn, run_id), count, root) != chain:
            yield f"seal {seal_id} of run {run_id} does not follow from the seal before it and the run's own row"
        if sealed_at != finished_at:
            yield f"seal {seal_id} is not of the time its run ended"
        before = chain


def _runs(conn: sqlite3.Connection) -> Iterator[str]:
    for (run_id,) in conn.execute(
        """SELECT id FROM runs WHERE finished_at IS NOT NULL
             AND id NOT IN (SELECT run_id FROM seals) ORDER BY id"""
    ):
        yield f"run {run_id} is finished and has no seal"
