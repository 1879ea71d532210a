"""Any two captures into a comparison: what differs, what such a change is called, and what was seen between them.

For whoever shows one: the command line, the evidence, the reading room. They say whose rules, and who may read what.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace

from archiver.diff import Window, classify, compare
from archiver.model import Capture, Change, Document, State
from archiver.publish import Comparison, End
from archiver.store import evidence, queries, reading, windows
from archiver.store.times import to_text

Documents = tuple[Document | None, Document | None]
"""What the captures say, the earlier one first; None where one shows no page."""


def comparison(
    conn: sqlite3.Connection,
    captures: tuple[Capture, Capture],
    documents: Documents,
    states: tuple[State | None, State | None],
    *,
    zone: str | None = None,
    roles: tuple[str, ...] = (),
) -> Comparison:
    """The comparison, with classes where both captures show a state of one page, and without reasons.

    Where the page's states between them are not all read by rules that can be compared, the difference may be ours:
    then `technical` is the only class.

    `zone`: the site's own, in which it states its dates; without it no date is held against the window. `roles`: what
    people are called on the page.
    """
    before, after = captures
    change = _with_states(compare(*documents, roles), states)
    page = reading.page_of(conn, after.address.id)
    one_page = page is not None and page == reading.page_of(conn, before.address.id)
    in_order = one_page and before.at < after.at
    if one_page and states[0] and states[1]:
        classes = classify(
            change, before=documents[0], after=documents[1], state_before=states[0], state_after=states[1],
            technical=page is not None and _is_technical(conn, page, before, after),
            window=Window(before.at, after.at).at(zone) if zone and in_order else None,
            addresses=(before.address.url, after.address.url),
        )  # fmt: skip
        change = replace(change, classes=classes)
    names = {name: evidence.municipality(conn, name) for name in {capture.address.source_id for capture in captures}}
    ends = [_end(conn, *end, names) for end in zip(captures, documents, strict=True)]
    between = _between(conn, page, before, after) if page is not None and in_order else None
    two = not one_page and before.address.id != after.address.id
    return Comparison(
        after.address.url, names[after.address.source_id], ends[0], ends[1], change, between, two_pages=two
    )


def _with_states(change: Change, states: tuple[State | None, State | None]) -> Change:
    """The change, its difference of state told by what the captures showed: without a page none is gone for certain."""
    told = {"gone": "the page is gone", "moved": "the address leads elsewhere", "present": "the page is there"}
    summary = told.get(states[1] or "", "the capture shows no page")
    differences = (
        replace(d, before=states[0], after=states[1], summary=summary) if d.kind == "state" else d
        for d in change.differences
    )
    return replace(change, differences=tuple(differences))


def _is_technical(conn: sqlite3.Connection, page: int, *captures: Capture) -> bool:
    """Whether a state of the page that began between the captures may be new by our reading only."""
    return windows.is_any_technical(conn, page, *sorted(to_text(capture.at) for capture in captures))


def _between(conn: sqlite3.Connection, page: int, before: Capture, after: Capture) -> dict[str, object]:
    """How the page was seen between two captures of it, and what stood in the way."""
    start, end = to_text(before.at), to_text(after.at)
    return windows.visits(conn, page, start, end) | {"not_seen": windows.obstacles(conn, page, start, end)}


def _end(conn: sqlite3.Connection, capture: Capture, document: Document | None, names: Mapping[str, str]) -> End:
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
        url=capture.address.url,
        municipality=names[capture.address.source_id],
    )
