"""Two captures into a comparison: read from the archive, compared and classified as the archive itself does it."""

import sqlite3
from dataclasses import replace

from archiver.config import Config
from archiver.derive.telling import roles, window
from archiver.diff import classify, compare, weigh
from archiver.errors import NotFound
from archiver.model import Capture, Document
from archiver.publish import Comparison, End
from archiver.store import evidence, queries, reading, windows


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
    source = config.sources.get(after.address.source_id)
    rules = config.rules_for(source, after.at) if source else None
    change = compare(documents[0], documents[1], roles(rules, documents[1]) if rules else ())
    states = [queries.state_of(conn, capture.id) for capture in (before, after)]
    page = reading.page_of(conn, after.address.id)
    one_page = page is not None and page == reading.page_of(conn, before.address.id)
    in_order = one_page and before.at < after.at
    classes = () if not one_page else classify(
        change, before=documents[0], after=documents[1], state_before=states[0], state_after=states[1],
        window=window(before.at, after.at, rules.language.zone) if rules and in_order else None,
        addresses=(before.address.url, after.address.url),
    )  # fmt: skip
    change = replace(change, classes=classes)
    change = replace(change, reasons=weigh(change, config.points, config.terms))
    ends = [_end(conn, capture, document) for capture, document in zip((before, after), documents, strict=True)]
    municipality = evidence.municipality(conn, after.address.source_id)
    between = _between(conn, page, before, after) if page is not None and in_order else None
    return Comparison(after.address.url, municipality, ends[0], ends[1], change, between)


def _between(conn: sqlite3.Connection, page: int, before: Capture, after: Capture) -> dict[str, object]:
    """How the page was seen between two captures of it, and what stood in the way."""
    start, end = (f"{capture.at:%Y-%m-%dT%H:%M:%SZ}" for capture in (before, after))
    return windows.visits(conn, page, start, end) | {"not_seen": windows.obstacles(conn, page, start, end)}


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
        last_modified=capture.last_modified,
    )
