"""What must be true of an archive, whenever one looks: while it is written, after a kill, at the end."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archiver.store import open_archive, reader
from archiver.verify import verify
from opinions import Rows, opinions
from torture.front import Front

_ONE_ADDRESS = """(SELECT count(DISTINCT c.address_id) FROM page_addresses j
    JOIN captures c ON c.address_id = j.address_id WHERE j.page_id = p.{} AND c.outcome IN ('ok', 'same')) = 1"""
"""A page that answers at two addresses, and not the same at both, flaps by the order in which they were asked."""
STATES = f"""SELECT p.key, r.number, r.state, r.core FROM revisions r JOIN pages p ON p.id = r.page_id
            WHERE p.kind IN ('page', 'file') AND {_ONE_ADDRESS.format("id")} ORDER BY 1, 2"""
TEXTS = f"""SELECT p.url, p.title, p.published, p.updated, p.text FROM current_pages p
            WHERE {_ONE_ADDRESS.format("page_id")} ORDER BY 1"""
BROKEN = {
    "a revision shows a document that is not there": """SELECT r.id FROM revisions r LEFT JOIN documents d
        ON d.id = r.document_id WHERE r.document_id IS NOT NULL AND d.id IS NULL""",
    "a reading is of a capture that is not there": """SELECT g.capture_id FROM readings g LEFT JOIN captures c
        ON c.id = g.capture_id WHERE c.id IS NULL""",
    "a capture has a body that is not there": """SELECT c.id FROM captures c LEFT JOIN bodies b ON b.id = c.body_id
        WHERE c.body_id IS NOT NULL AND b.id IS NULL""",
    "a page has two first revisions": """SELECT page_id FROM revisions WHERE number = 1
        GROUP BY page_id HAVING count(*) > 1""",
    "the numbers of a page's revisions have a hole": """SELECT page_id FROM revisions
        GROUP BY page_id HAVING max(number) <> count(*)""",
}
"""What no reader may see, in whichever moment of a crawl: rows of each query are findings."""


def rows(archive: Path, sql: str) -> Rows:
    """The rows of a query, from a connection of its own."""
    with closing(reader(archive)) as conn:
        return [tuple(row) for row in conn.execute(sql)]


def glance(conn: sqlite3.Connection) -> list[str]:
    """What a reader sees that it must not, in one transaction."""
    conn.execute("BEGIN")
    try:
        return [words for words, sql in BROKEN.items() if conn.execute(sql).fetchone() is not None]
    finally:
        conn.execute("ROLLBACK")


def wounds(archive: Path) -> list[str]:
    """What is the matter with an archive that nobody has open; a run that was killed has no seal yet, and may."""
    with open_archive(archive) as found:
        said = [problem for problem in verify(found.reader) if "has no seal" not in problem]
        return [*said, *glance(found.reader)]


def evidence(archive: Path) -> dict[int, str]:
    """Every capture's id and the digest of its leaf."""
    return {int(number): str(leaf) for number, leaf in rows(archive, "SELECT id, leaf FROM captures")}


def lost(fronts: list[Front], archive: Path) -> list[str]:
    """The last answers that were taken whole and are in no capture, by address: each was kept, or asked for again."""
    kept: dict[str, set[str]] = {}
    for url, digest in rows(
        archive,
        """SELECT a.url, b.sha256 FROM captures c JOIN addresses a ON a.id = c.address_id
           JOIN bodies b ON b.id = c.body_id""",
    ):
        kept.setdefault(str(url), set()).add(str(digest))
    missing = []
    for front in fronts:
        last = {said.target: said for said in front.said if said.status == 200 and said.taken}
        for target, said in last.items():
            found = [digests for url, digests in kept.items() if url.endswith(target)]
            if not any(said.digest in digests for digests in found):
                missing.append(f"{target}: {said.digest[:12]} was taken and is in no capture")
    return missing


def told(archive: Path) -> dict[str, Rows]:
    """What the archive says of the sites: every state of every page, and the text that stands now."""
    return {"states": rows(archive, STATES), "texts": rows(archive, TEXTS)}


def all_opinions(archive: Path) -> dict[str, Rows]:
    """All that was read, without the ids of rows."""
    return opinions(lambda sql: rows(archive, sql))


def unlike(one: dict[str, Rows], other: dict[str, Rows]) -> list[str]:
    """Where two archives say different things, a few rows of each."""
    found = []
    for name, said in one.items():
        missing: list[Any] = [row for row in said if row not in other[name]]
        more: list[Any] = [row for row in other[name] if row not in said]
        found += [f"{name}: only in the first: {row!r:.300}" for row in missing[:3]]
        found += [f"{name}: only in the second: {row!r:.300}" for row in more[:3]]
    return found
