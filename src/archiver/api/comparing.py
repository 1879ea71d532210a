"""Two captures side by side, as the public may read them: where both texts are open, without who is responsible."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from archiver.api import moments
from archiver.api.details import Hunk
from archiver.diff import classify, compare
from archiver.errors import NotFound
from archiver.model import Capture, Document
from archiver.publish import Comparison, End
from archiver.publish.html import page as html_page
from archiver.publish.records import change_object
from archiver.publish.unified import unified
from archiver.store import evidence, queries, reading, windows
from archiver.store.times import to_text

State = int | str | date | datetime
"""A state of a page: the number of a revision (3), a day or time (2026-03-02), a capture ('c120')."""

_PUBLIC = """SELECT CASE WHEN o.embargo_days IS NULL THEN 1
      ELSE coalesce((SELECT w.open FROM open_revisions w WHERE w.page_id = o.page_id
        AND :at BETWEEN w.first_seen AND w.last_seen ORDER BY w.number DESC LIMIT 1), 0) END
    FROM open_pages o WHERE o.page_id = :page AND o.kind IN ('page', 'file')"""


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two captures. Nobody knows when between them it came about."""

    url: str
    municipality: str
    before: End
    after: End
    kinds: tuple[str, ...]
    classes: tuple[str, ...]
    hunks: tuple[Hunk, ...]
    between: Mapping[str, object] | None
    """How often the page was seen well between the two, the longest stretch in which it was not, and what stood in the
    way; None for captures of two pages, or in the wrong order."""
    _comparison: Comparison = field(repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing that we compare differs."""
        return not self.kinds

    def text(self) -> str:
        """The difference as text, in the manner of a unified diff."""
        before, after = (f"{self.url} {to_text(e.captured_at)} c{e.capture_id}" for e in (self.before, self.after))
        return unified(before, after, self._comparison.change)

    def html(self, language: Literal["sv", "en"] = "sv") -> str:
        """The difference as one self-contained HTML document."""
        return html_page(self._comparison, language)

    def as_object(self, *, whole: bool = False) -> dict[str, Any]:
        """All of it as plain JSON values, as `archiver diff --json` prints it; `whole`: unchanged blocks too."""
        return change_object(self._comparison, whole=whole)


def of_page(conn: sqlite3.Connection, url: str, before: State | None, after: State | None) -> Diff:
    """Two states of one page; without names its last two. Raises NotFound."""
    if before is None:
        numbers = [row["revision"] for row in queries.history(conn, url)]
        if len(numbers) < 2:
            raise NotFound(f"{url} has one state only; nothing has changed since it was first seen")
        before, after = str(numbers[-2]), after if after is not None else str(numbers[-1])
    elif after is None:
        after = str(queries.history(conn, url)[-1]["revision"])
    return compared(conn, *(queries.resolve_capture(conn, url, _token(state)) for state in (before, after)))


def compared(conn: sqlite3.Connection, before: Capture, after: Capture) -> Diff:
    """The comparison of two captures; of a change that the archive knows, its classes and reasons. Raises NotFound."""
    pages = [_public_page(conn, capture) for capture in (before, after)]
    documents = [_public_document(conn, capture) for capture in (before, after)]
    change = compare(documents[0], documents[1])
    known = conn.execute(
        "SELECT revision_id FROM page_changes WHERE capture_before = ? AND capture_after = ?", (before.id, after.id)
    ).fetchone()
    if known is not None:
        kept = reading.load_change(conn, known[0])
        change = replace(change, classes=kept.classes, reasons=kept.reasons)
    elif pages[0] == pages[1]:
        states = [queries.state_of(conn, capture.id) for capture in (before, after)]
        found = classify(
            change, before=documents[0], after=documents[1], state_before=states[0], state_after=states[1],
            technical=windows.is_any_technical(conn, pages[0], *sorted(to_text(c.at) for c in (before, after))),
        )  # fmt: skip
        change = replace(change, classes=found)
    between = _between(conn, pages[0], before, after) if pages[0] == pages[1] and before.at < after.at else None
    municipality = evidence.municipality(conn, after.address.source_id)
    ends = [_end(conn, capture, document) for capture, document in zip((before, after), documents, strict=True)]
    whole = Comparison(
        after.address.url, municipality, ends[0], ends[1], change, between, two_pages=pages[0] != pages[1]
    )
    hunks = tuple(Hunk(h.op, h.text, h.before, h.after) for h in change.hunks)
    classes = tuple(one.name for one in change.classes)
    return Diff(whole.url, municipality, ends[0], ends[1], change.kinds, classes, hunks, between, whole)


def _token(state: State) -> str:
    return moments.last_second(state) if isinstance(state, date) else str(state)


def _public_page(conn: sqlite3.Connection, capture: Capture) -> int:
    """The capture's page, whose text of then the public may read. Raises NotFound."""
    page = reading.page_of(conn, capture.address.id)
    row = conn.execute(_PUBLIC, {"page": page, "at": to_text(capture.at)}).fetchone()
    if page is None or row is None:
        raise NotFound(f"capture {capture.id} is of no page")
    if not row[0]:
        raise NotFound(f"the text of capture {capture.id} is under embargo")
    return page


def _public_document(conn: sqlite3.Connection, capture: Capture) -> Document | None:
    document = reading.document_of(conn, capture.id)
    if document is None:
        queries.state_of(conn, capture.id)  # gone and moved are states; anything else shows none
        return None
    return replace(document, responsible=None, claims=tuple(c for c in document.claims if c.meaning != "responsible"))


def _between(conn: sqlite3.Connection, page: int, before: Capture, after: Capture) -> dict[str, object]:
    start, end = to_text(before.at), to_text(after.at)
    return windows.visits(conn, page, start, end) | {"not_seen": windows.obstacles(conn, page, start, end)}


def _end(conn: sqlite3.Connection, capture: Capture, document: Document | None) -> End:
    said = {name: getattr(document, name, None) for name in ("title", "published", "updated", "reviewed")}
    return End(
        captured_at=capture.at,
        capture_id=capture.id,
        revision=queries.revision_of(conn, capture.id),
        **said,
        body_sha256=capture.shown_sha256,
        last_modified=capture.last_modified,
        url=capture.address.url,
        municipality=evidence.municipality(conn, capture.address.source_id),
    )
