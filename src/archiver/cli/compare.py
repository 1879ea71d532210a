"""Two captures into a comparison: read from the archive, compared and classified as the archive itself does it."""

import sqlite3
from dataclasses import replace

from archiver.config import Config
from archiver.diff import classify, compare, weigh
from archiver.errors import NotFound
from archiver.model import Capture, Document
from archiver.publish import Comparison, End
from archiver.store import evidence, queries, reading


def comparison_of(
    conn: sqlite3.Connection, config: Config, url: str | None, before: str | None, after: str | None
) -> Comparison:
    """The comparison of two states; without names, of the page's last two revisions. Raises NotFound."""
    if url is not None and before is None:
        before, after = _last_two(conn, url)
    captures = [queries.resolve_capture(conn, url, str(token)) for token in (before, after)]
    return _compare(conn, config, *captures)


def _last_two(conn: sqlite3.Connection, url: str) -> tuple[str, str]:
    rows = queries.history(conn, url)
    if len(rows) < 2:
        raise NotFound(f"{url} has one state only; nothing has changed since it was first seen")
    return str(rows[-2]["revision"]), str(rows[-1]["revision"])


def _compare(conn: sqlite3.Connection, config: Config, before: Capture, after: Capture) -> Comparison:
    documents = [reading.document_of(conn, capture.id) for capture in (before, after)]
    change = compare(*documents)
    states = [queries.state_of(conn, capture.id) for capture in (before, after)]
    classes = classify(change, before=documents[0], after=documents[1], state_before=states[0], state_after=states[1])
    change = replace(change, classes=classes)
    change = replace(change, reasons=weigh(change, config.points, config.terms))
    ends = [_end(conn, capture, document) for capture, document in zip((before, after), documents, strict=True)]
    municipality = evidence.municipality(conn, after.address.source_id)
    return Comparison(after.address.url, municipality, ends[0], ends[1], change)


def _end(conn: sqlite3.Connection, capture: Capture, document: Document | None) -> End:
    return End(
        captured_at=capture.at,
        capture_id=capture.id,
        revision=queries.revision_of(conn, capture.id),
        title=document.title if document else None,
        published=document.published if document else None,
        updated=document.updated if document else None,
        reviewed=document.reviewed if document else None,
        body_sha256=capture.shown_sha256,
    )
