"""The lists that a reporter opens first: what is gone, what died, what is new, what hangs on the notice boards.

Silent edits, replaced documents and back-dated pages are selections of changes, and are read on the front page.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask, Row
from archiver.room.pages import shared

A_PAGE = 50
IN_A_FILE = 5000


@dataclass(frozen=True)
class Listing:
    """A list: its rows, each with page_id, url, title, municipality, code; `at` and `until` a window; `facts`."""

    sql: str
    columns: tuple[str, ...]  # of the file


_DEAD = """SELECT o.page_id, p.url, o.municipality, o.code, o.section, t.url AS target, l.rel, l.text, c.status,
    c.captured_at AS at, d.title
  FROM (SELECT DISTINCT g.address_id FROM runs n CROSS JOIN captures g ON g.run_id = n.id AND g.outcome = 'gone') k
  JOIN addresses a ON a.id = k.address_id
  JOIN captures c ON c.id = (SELECT id FROM captures WHERE address_id = a.id ORDER BY captured_at DESC LIMIT 1)
    AND c.outcome = 'gone'
  JOIN targets t ON t.key = a.key
  JOIN links l ON l.target_id = t.id AND l.rel IN ('link', 'attachment')
  JOIN documents d ON d.id = l.document_id
  JOIN revisions r ON r.document_id = l.document_id
    AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id)
  JOIN open_revisions w ON w.revision_id = r.id AND w.open
  JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
  JOIN captures s ON s.id = r.last_capture JOIN addresses p ON p.id = s.address_id
  WHERE :m IN ('', o.code, o.source_id)
  ORDER BY c.captured_at DESC, o.page_id, l.position"""
_GONE = """SELECT page_id, url, title, municipality, code, section, last_seen_before, first_missed, confirmed, sign,
    misses, still_linked, state, back, capture_before
  FROM disappearances WHERE (:m IN ('', code) OR page_id IN (SELECT id FROM pages WHERE source_id = :m))
  ORDER BY first_missed DESC, absence_id DESC"""
_DOCUMENTS = """SELECT o.page_id, a.url, d.title, o.municipality, o.code, o.section, r.first_seen AS at,
    r.first_capture, d.published, d.updated
  FROM revisions r JOIN open_pages o ON o.page_id = r.page_id AND o.kind = 'file'
  JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id
  LEFT JOIN documents d ON d.id = r.document_id
  WHERE r.number = 1 AND :m IN ('', o.code, o.source_id) ORDER BY r.first_seen DESC, r.id DESC"""
_BOARD = """SELECT o.page_id, a.url, d.title, o.municipality, o.code, o.section, f.first_seen AS at, r.last_seen,
    r.state, w.open
  FROM open_pages o JOIN revisions r ON r.page_id = o.page_id
    AND r.number = (SELECT max(number) FROM revisions WHERE page_id = o.page_id)
  JOIN revisions f ON f.page_id = o.page_id AND f.number = 1
  JOIN open_revisions w ON w.revision_id = r.id
  JOIN captures c ON c.id = r.last_capture JOIN addresses a ON a.id = c.address_id
  LEFT JOIN documents d ON d.id = f.document_id
  WHERE o.embargo_days IS NOT NULL AND o.kind IN ('page', 'file') AND :m IN ('', o.code, o.source_id)
  ORDER BY f.first_seen DESC, o.page_id DESC"""
_EVENTS = """SELECT event_id, municipality, code, kind, first_seen, last_seen, pages, NULL AS page_id, NULL AS url
  FROM events_by_site WHERE (:m IN ('', code) OR event_id IN (SELECT id FROM events WHERE source_id = :m))
  ORDER BY last_seen DESC, event_id DESC"""

LISTS: Mapping[str, Listing] = {
    "gone": Listing(_GONE, ("municipality", "code", "section", "url", "title", "last_seen_before", "first_missed",
                            "confirmed", "sign", "misses", "still_linked", "state", "back")),
    "dead-links": Listing(_DEAD, ("municipality", "code", "section", "url", "title", "target", "rel", "text", "status",
                                  "at")),
    "documents": Listing(_DOCUMENTS, ("municipality", "code", "section", "url", "title", "at", "published", "updated")),
    "notice-board": Listing(_BOARD, ("municipality", "code", "section", "url", "title", "at", "last_seen", "state")),
    "events": Listing(_EVENTS, ("municipality", "code", "kind", "first_seen", "last_seen", "pages")),
}  # fmt: skip
SELECTIONS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "silent": (("class", "silent-edit"),),
    "replaced": (("kind", "payload"),),
    "unlinked": (("class", "document-removed"),),
    "backdated": (("class", "backdated-publication"), ("class", "date-regression")),
    "late": (("class", "late-date"),),
    "personnel": (("class", "personnel"),),
    "touches": (("class", "touch"),),
    "flaps": (("class", "flap"),),
}
"""Lists that are selections of changes."""


def lists(ask: Ask) -> Answer:
    """All lists, each with what it is good for."""
    return ask.render("lists.html", selections=SELECTIONS, names=LISTS, last=shared.last_run(ask), area="lists")


def one(ask: Ask) -> Answer:
    """One list, the newest first, a page at a time; of one that is a selection of changes, the way there."""
    name = ask.names["name"]
    if name in SELECTIONS:
        return Answer("", 302, headers={"location": ask.url("/", SELECTIONS[name])}, keep=False)
    if name not in LISTS:
        raise NotFound(f"there is no list {name}")
    start = ask.whole("from", 1_000_000) or 0
    rows = _rows(ask, name, A_PAGE + 1, start)
    return ask.render(
        "list.html",
        name=name,
        rows=rows[:A_PAGE],
        start=start,
        step=A_PAGE,
        next=start + A_PAGE if len(rows) > A_PAGE else None,
        sources=shared.sources(ask),
        source=ask.one("m"),
        last=shared.last_run(ask),
        area="lists",
    )


def as_csv(ask: Ask) -> Answer:
    """One list as CSV."""
    name = ask.names["name"]
    if name not in LISTS:
        raise NotFound(f"there is no list {name}")
    return shared.as_csv(name, LISTS[name].columns, _rows(ask, name, IN_A_FILE, 0))


def _rows(ask: Ask, name: str, most: int, start: int) -> list[Row]:
    return ask.rows(f"{LISTS[name].sql} LIMIT :most OFFSET :start", m=ask.one("m"), most=most, start=start)
