"""A reading as one object: what `archiver try --json` prints. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urldefrag

from archiver.model import Document, Link, Reading, Unread

NOTHING = Document(kind="none", legible="no")


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a link from where its page stands."""

    kind: str  # internal, external, document, mail, phone, anchor
    document: str | None = None  # of a file: its identity, the same for every revision of it
    number: str | None = None  # and the number that tells this revision


def reading_object(url: str, reading: Reading | Unread, look: Callable[[Link], Seen]) -> dict[str, object]:
    """All that was read of a page, as JSON-able values; dates are ISO to the precision they were printed with.

    A page that gave no document has its verdict and empty fields, so that every line has the same keys.
    """
    if isinstance(reading, Unread):
        return {
            "url": url,
            "verdict": "unread",
            "reason": f"{reading.why}: {reading.detail}",
            **_fields(NOTHING, look),
        }
    document = reading.document or NOTHING
    return {
        "url": url,
        "verdict": reading.verdict,
        "reason": reading.reason,
        "profile": reading.profile,
        **_fields(document, look),
        "notices": [notice.text for notice in reading.notices],
        "masked": reading.masked,
    }


def _fields(document: Document, look: Callable[[Link], Seen]) -> Mapping[str, object]:
    headings = document.headings
    anchors = {block.anchor: block.text for block in document.blocks if block.anchor}
    return {
        "kind": document.kind,
        "legible": document.legible,
        "language": document.language,
        "title": document.title,
        "published": document.published,
        "updated": document.updated,
        "reviewed": document.reviewed,
        "created": document.created,
        "responsible": document.responsible,
        "about": asdict(document.about) | {"shared": dict(reversed(document.about.shared))},
        "text": document.text,
        "full_text": document.full_text,
        "blocks": [
            {"part": b.part, "kind": b.kind, "level": b.level, "text": b.text, "page": b.page, "anchor": b.anchor}
            for b in document.blocks
        ],
        "links": [_link(k, look(k), over, anchors) for k, over in zip(document.links, headings, strict=True)],
        "claims": [
            {
                "meaning": c.meaning, "label": c.label, "raw": c.raw, "value": c.value, "precision": c.precision,
                "witness": c.witness, "rule": c.rule, "place": c.place, "believed": c.believed, "doubt": c.doubt,
            }
            for c in document.claims
        ],
    }  # fmt: skip


def _link(link: Link, seen: Seen, heading: str | None, anchors: Mapping[str, str]) -> dict[str, object]:
    """A link, with the heading it stands under and, on its own page, the one it leads to."""
    return {
        "url": link.target, "text": link.text, "kind": seen.kind, "note": link.note, "part": link.part, "rel": link.rel,
        "heading": heading, "leads_to": anchors.get(urldefrag(link.target).fragment) if seen.kind == "anchor" else None,
        "document": seen.document, "number": seen.number,
    }  # fmt: skip
