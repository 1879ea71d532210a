"""What is checked, each a plain function on a connection: once for the whole file, or by ranges of ids.

Ranges are what can be shared out among threads, and what a verification that was stopped need not do again.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from archiver import proof, urls
from archiver.digests import bits64, sha256
from archiver.errors import EvidenceError, NotFound
from archiver.store import bodies, connections, leaves, logs, reading, schema

Once = Callable[[sqlite3.Connection], Iterator[str]]
Ranged = Callable[[sqlite3.Connection, int, int], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A table whose rows are checked one by one, and how many of them at a time."""

    table: str
    rows: int
    check: Ranged


def of_file(conn: sqlite3.Connection) -> Iterator[str]:
    """The file as SQLite sees it: pages, indexes, constraints.

    By a connection that could write: SQLite leaves CHECK constraints out of a schema that it only reads.
    """
    with closing(connections.strict(conn)) as strict:
        for (line,) in strict.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"the file: {line}"


def of_references(conn: sqlite3.Connection) -> Iterator[str]:
    """Every row that points at another finds it."""
    for table, row_id, parent, _ in conn.execute("PRAGMA foreign_key_check"):
        yield f"{table} row {row_id} points at a row of {parent} that is not there"


def of_schema(conn: sqlite3.Connection) -> Iterator[str]:
    """Tables, triggers and views are those of this release."""
    for fault in schema.missing_or_altered(conn):
        yield f"the schema: {fault}"


def of_headers(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """Headers hash to what was recorded."""
    for row_id, digest, content in conn.execute(
        "SELECT id, sha256, content FROM headers WHERE id BETWEEN ? AND ?", (first, last)
    ):
        if sha256(content.encode()) != digest:
            yield f"headers {row_id} are not what was recorded: their SHA-256 should be {digest}"


def of_bodies(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """Chains first, then every body that is kept."""
    for body_id, chain in conn.execute(
        """SELECT b.id, b.chain FROM bodies b LEFT JOIN bodies k ON k.id = b.base_id
           WHERE b.id BETWEEN ? AND ? AND b.chain <> CASE WHEN b.base_id IS NULL THEN 0 ELSE k.chain + 1 END""",
        (first, last),
    ):
        yield f"body {body_id} does not stand on the {chain} bases it should"
    for (body_id,) in conn.execute(
        "SELECT id FROM bodies WHERE fate = 'kept' AND id BETWEEN ? AND ? ORDER BY id", (first, last)
    ):
        try:
            bodies.get(conn, body_id)
        except (EvidenceError, NotFound) as error:
            yield str(error)


def of_erasures(conn: sqlite3.Connection) -> Iterator[str]:
    """An erased body counts as erased, not as broken, where the redaction log says so."""
    for body_id, digest in conn.execute(
        """SELECT id, sha256 FROM bodies b WHERE fate = 'erased' AND NOT EXISTS
             (SELECT 1 FROM redactions x WHERE x.level = 'erased' AND (x.body_id = b.id
               OR EXISTS (SELECT 1 FROM redaction_hits h WHERE h.redaction_id = x.id AND h.body_id = b.id)
               OR x.address_id IN (SELECT address_id FROM captures WHERE body_id = b.id)
               OR EXISTS (SELECT 1 FROM renderings m JOIN captures c ON c.id = m.capture_id
                 WHERE m.body_id = b.id AND (x.body_id = c.body_id OR x.address_id = c.address_id))))"""
    ):
        yield f"body {body_id} ({digest}) was erased, and no redaction says why"


def of_captures(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """Captures give the leaves that were recorded."""
    for capture_id, recorded, now in leaves.recomputed(conn, first, last):
        if recorded != now:
            parts = "its row, address, headers, body or rendering"
            yield f"capture {capture_id} ({parts}) is not what was recorded: leaf {recorded}"


def of_addresses(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """An address's key and lane are those of its URL, which its captures' leaves hold."""
    for row_id, url, key, host in conn.execute(
        "SELECT id, url, key, host FROM addresses WHERE id BETWEEN ? AND ?", (first, last)
    ):
        if (urls.key(url), urls.lane(url)) != (key, host):
            yield f"address {row_id} is not known by the key of its URL: {url}"


def of_seals(conn: sqlite3.Connection) -> Iterator[str]:
    """Each seal against its run, and against the seal before it."""
    before = proof.GENESIS
    rows = conn.execute(
        """SELECT s.id, s.run_id, s.captures, s.root, s.chain, s.sealed_at, s.beside, n.finished_at
           FROM seals s LEFT JOIN runs n ON n.id = s.run_id ORDER BY s.id"""
    )
    for position, (seal_id, run_id, count, root, chain, sealed_at, beside, finished_at) in enumerate(rows, start=1):
        found = leaves.of_run(conn, run_id)
        if seal_id != position:
            yield f"seal {seal_id} stands where seal {position} should: one was taken out, or renumbered"
        if len(found) != count:
            yield f"run {run_id} was sealed with {count} captures and has {len(found)}"
        if not all(map(_is_digest, found)) or proof.root(found) != root:
            yield f"run {run_id}: its captures do not give the root that seal {seal_id} holds"
        if proof.link(before, leaves.run_facts(conn, run_id), count, root, beside) != chain:
            yield f"seal {seal_id} of run {run_id} does not follow from the seal before it and the run's own row"
        if sealed_at != finished_at:
            yield f"seal {seal_id} is not of the time its run ended"
        before = chain


def of_runs(conn: sqlite3.Connection) -> Iterator[str]:
    """A run that ended is sealed."""
    for (run_id,) in conn.execute(
        """SELECT id FROM runs WHERE finished_at IS NOT NULL
             AND id NOT IN (SELECT run_id FROM seals) ORDER BY id"""
    ):
        yield f"run {run_id} is finished and has no seal"


def of_rules(conn: sqlite3.Connection) -> Iterator[str]:
    """The rules that readings were made by are those of their digest."""
    for row_id, digest, content in conn.execute("SELECT id, sha256, content FROM rules"):
        if sha256(content.encode()) != digest:
            yield f"rules {row_id} are not those that were read by: their SHA-256 should be {digest}"


def of_passages(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """Passages are the text that their number is made of."""
    for row_id, number, text in conn.execute(
        "SELECT id, hash, text FROM passages WHERE id BETWEEN ? AND ?", (first, last)
    ):
        if bits64(text) != number:
            yield f"passage {row_id} is not the text that was read; `archiver rebuild` reads it anew"


def of_documents(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """Documents, with their blocks, links and claims, hash to what was read."""
    for row_id, digest, core in conn.execute(
        "SELECT id, sha256, core FROM documents WHERE id BETWEEN ? AND ?", (first, last)
    ):
        try:
            found = reading.load_document(conn, row_id)
        except (NotFound, ValueError, TypeError):
            found = None
        if found is None or (found.sha256, found.core) != (digest, core):
            yield f"document {row_id} is not what was read; `archiver rebuild` reads it anew"


def of_revisions(conn: sqlite3.Connection, first: int, last: int) -> Iterator[str]:
    """A revision has the times of its captures, and the core of the document it began with."""
    for (row_id,) in conn.execute(
        """SELECT r.id FROM revisions r LEFT JOIN captures a ON a.id = r.first_capture
           LEFT JOIN captures b ON b.id = r.last_capture LEFT JOIN documents d ON d.id = r.document_id
           WHERE r.id BETWEEN ? AND ?
             AND (r.first_seen IS NOT a.captured_at OR r.last_seen IS NOT b.captured_at OR r.core IS NOT d.core)""",
        (first, last),
    ):
        yield f"revision {row_id} is not what was read; `archiver rebuild` reads it anew"


def telling(found: Callable[[], Iterator[str]], name: str) -> Iterator[str]:
    """What a check finds; and where rows are so broken that it cannot even be made, that."""
    try:
        yield from found()
    except (sqlite3.DatabaseError, ValueError, TypeError, LookupError) as error:
        yield f"{name}: what is there cannot be read as it was written: {error}"


def _is_digest(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


ONCE: Mapping[str, Once] = {
    "file": of_file,
    "references": of_references,
    "schema": of_schema,
    "erasures": of_erasures,
    "seals": of_seals,
    "runs": of_runs,
    "logs": logs.doubts,
    "rules": of_rules,
}
PARTS: Mapping[str, Part] = {
    "headers": Part("headers", 5000, of_headers),
    "bodies": Part("bodies", 200, of_bodies),
    "captures": Part("captures", 5000, of_captures),
    "addresses": Part("addresses", 5000, of_addresses),
    "passages": Part("passages", 20_000, of_passages),
    "documents": Part("documents", 500, of_documents),
    "revisions": Part("revisions", 20_000, of_revisions),
}
EVERYTHING = 1 << 62
"""An id that none reaches."""
