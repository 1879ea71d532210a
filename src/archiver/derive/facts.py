"""What a reader is given of a capture: its body, and what it may know beside: the response, the site, the page as last
seen.
"""

import sqlite3
from datetime import timedelta

from archiver import urls
from archiver.errors import EvidenceError, NotFound
from archiver.extract.listings import vendors
from archiver.frontier import scope
from archiver.model import Capture, Facts, Reading, Source, Unread
from archiver.store import bodies, evidence, patterns, reading, redactions

INSIST = timedelta(hours=1)
"""A page that has lost its text is believed when it shows the same body again after at least so long."""
INSIST_LONG = timedelta(days=1)
"""And one that seems to be another site's, or in another language, when it has been so for at least so long."""

RENDERED = "text/html; charset=utf-8"
"""What a rendering is, whatever the body was that it was made of."""


def to_read(conn: sqlite3.Connection, capture: Capture, body: bytes | None = None) -> bytes | Reading | Unread:
    """The body that a reader is given, as sent or as a browser showed it; or what is to be said of it without reading.

    `body` spares a look into the store.
    """
    if redactions.hides_whole(conn, capture):
        return Reading("withheld", "redacted in whole")
    if capture.rendering is not None and capture.rendering.body_id is None:  # what was sent is another page
        return Reading("truncated", f"not rendered: {capture.rendering.detail}")
    try:
        if body is None and capture.shown_id is not None:
            body = bodies.get(conn, capture.shown_id)
    except (EvidenceError, NotFound) as error:
        return Unread("corrupt" if isinstance(error, EvidenceError) else "too-big", str(error))
    if body is not None and len(body) > bodies.KEPT_UP_TO:  # a rebuild could not read it: nor do we now
        return Unread("too-big", f"{len(body)} bytes; only their digest is kept")
    return body or b""


def facts_of(conn: sqlite3.Connection, source: Source, capture: Capture) -> Facts:
    """The facts for reading this capture, from what is recorded of its page so far."""
    page_id = reading.page_of(conn, capture.address.id)
    before = reading.last_snapshot(conn, page_id) if page_id is not None else None
    section = scope.section_of(source, capture.address.url)
    called = reading.called(conn, before.document_id) if before is not None else reading.Called()
    return Facts(
        url=capture.address.url,
        at=capture.at,
        content_type=RENDERED if capture.rendering else capture.content_type,
        last_modified=capture.last_modified,
        status=capture.status,
        location=capture.location,
        flaw="truncated" if capture.rendering and capture.rendering.outcome == "cut" else capture.flaw,
        role=capture.address.role,
        reader=reader_of(source, capture.address.url),
        starts=start_pages(source),
        hosts=scope.hosts(source),
        kind_before=before.kind if before else None,
        words_before=before.words if before else None,
        repeated=evidence.came_before(conn, capture, not_after=capture.at - INSIST),
        title_before=called.title,
        language_before=called.language,
        site_before=urls.host(called.canonical or "") or None,
        insists=before is not None and reading.is_doubted(conn, capture.address.id, before, capture.at - INSIST_LONG),
        masks=redactions.spans(conn, capture),
        patterns=patterns.in_force(conn, source.id, section.name if section else ""),
    )


def known_refusal(
    conn: sqlite3.Connection, capture: Capture, last: reading.LastSnapshot | None, rules_id: int
) -> Reading | None:
    """What the gate said when this very answer came the last time, where it knows no more now; else None.

    What it knows beside the answer: the page as last seen, and whether the same body had come before (see `INSIST`).
    """
    found = reading.last_refusal(conn, capture, rules_id)
    if found is None or (last is not None and last.capture_id > found.capture.id):
        return None
    now, then = (evidence.came_before(conn, one, not_after=one.at - INSIST) for one in (capture, found.capture))
    return Reading(found.verdict, found.reason, masked=found.masked, fit=found.fit) if now == then else None


def reader_of(source: Source, url: str) -> str | None:
    """The reader that a seed names for this address, or for the system that it belongs to; None: by the bytes."""
    named = [(seed.reader, seed.url) for seed in source.seeds if seed.reader]
    own = next((reader for reader, seed in named if seed == url), None)
    return own or next((reader for reader, seed in named if vendors.is_own(reader, seed, url)), None)


def start_pages(source: Source) -> tuple[str, ...]:
    """The front pages of the source's hosts: where a site sends those who ask for what is no more."""
    return tuple(f"{scheme}://{host}/" for host in scope.hosts(source) for scheme in urls.SCHEMES)
