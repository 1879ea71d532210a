"""Two captures side by side: what each shows, whether its text is public, and the change between them."""

from dataclasses import dataclass, replace

from archiver.asking import comparing
from archiver.errors import NotFound
from archiver.model import ClassOfChange, Document, Reason, State
from archiver.publish import Comparison
from archiver.room.frame import Ask, Row
from archiver.room.told import ZONE
from archiver.store import evidence, reading
from archiver.store.changes import grounds_from_text

_SIDE = """
SELECT c.id AS capture_id, c.captured_at, c.outcome, c.status, c.location, c.leaf, c.last_modified, c.content_type,
  c.run_id, a.url, b.sha256 AS body_sha256, b.size AS body_size, o.page_id, o.municipality, o.code, o.section,
  o.kind AS page_kind, o.embargo_days, g.verdict, g.reason AS verdict_reason, g.document_id, r.id AS revision_id,
  r.number AS revision, r.state, r.visits, r.first_seen, r.last_seen, s.sealed_at, s.root, s.chain,
  CASE WHEN o.embargo_days IS NULL THEN 1 WHEN r.id IS NULL THEN 0
       ELSE (SELECT w.open FROM open_revisions w WHERE w.revision_id = r.id) END AS open
FROM captures c
JOIN addresses a ON a.id = c.address_id
LEFT JOIN page_addresses pa ON pa.address_id = a.id
LEFT JOIN open_pages o ON o.page_id = pa.page_id
LEFT JOIN readings g ON g.capture_id = c.id
LEFT JOIN bodies b ON b.id = c.body_id
LEFT JOIN seals s ON s.run_id = c.run_id
LEFT JOIN revisions r ON r.id = (SELECT max(e.id) FROM revisions e WHERE e.page_id = o.page_id
  AND c.captured_at BETWEEN e.first_seen AND e.last_seen)
WHERE c.id = :capture"""


@dataclass(frozen=True)
class Side:
    """One capture: its row, and its document as the reader may read it (to the public no name); None: it has none."""

    row: Row
    document: Document | None

    @property
    def is_open(self) -> bool:
        """Whether its text is public today."""
        return bool(self.row["open"])

    @property
    def state(self) -> State | None:
        """What the capture showed of its page; None: nothing."""
        if self.document is not None:
            return "present"
        if self.row["outcome"] == "gone" or self.row["verdict"] in ("soft-404", "to-start"):
            return "gone"
        return "moved" if self.row["outcome"] == "moved" else None


def side(ask: Ask, capture: int) -> Side:
    """A capture. Raises NotFound where there is none, or it is of no page that is shown."""
    row = ask.row(_SIDE, capture=capture)
    if row is None or row["page_id"] is None or row["page_kind"] not in ("page", "file"):
        raise NotFound(f"there is no capture {capture}")
    document = reading.document_of(ask.conn, capture)
    if ask.is_open:
        return Side(row | {"open": 1}, document)
    if document is not None:
        claims = tuple(c for c in document.claims if c.meaning != "responsible")
        document = replace(document, responsible=None, claims=claims)
    return Side(row, document)


def comparison(ask: Ask, before: Side, after: Side, known: Row | None) -> Comparison:
    """The comparison of two captures whose texts are public.

    `known`: the change that the archive knows between just these two (`known_change`): its classes and reasons are the
    archive's.
    """
    found = comparing.comparison(
        ask.conn,
        (evidence.capture(ask.conn, before.row["capture_id"]), evidence.capture(ask.conn, after.row["capture_id"])),
        (before.document, after.document),
        (before.state, after.state),
        zone=str(ZONE),
    )
    if known is None:
        return found
    number = known["revision_id"]
    return replace(found, change=replace(found.change, classes=_classes(ask, number), reasons=_reasons(ask, number)))


def known_change(ask: Ask, before: Side, after: Side) -> Row | None:
    """The archive's own change between just these two, if it is one."""
    return ask.row(
        "SELECT * FROM page_changes WHERE capture_after = :after AND capture_before = :before",
        before=before.row["capture_id"],
        after=after.row["capture_id"],
    )


def _classes(ask: Ask, revision: int) -> tuple[ClassOfChange, ...]:
    rows = ask.rows("SELECT class, reason, grounds FROM change_classes WHERE revision_id = :id", id=revision)
    return tuple(ClassOfChange(r["class"], r["reason"], grounds_from_text(r["grounds"])) for r in rows)


def _reasons(ask: Ask, revision: int) -> tuple[Reason, ...]:
    rows = ask.rows(
        "SELECT name, points, detail, grounds FROM reasons WHERE revision_id = :id ORDER BY points DESC", id=revision
    )
    return tuple(Reason(r["name"], r["points"], r["detail"], grounds_from_text(r["grounds"])) for r in rows)
