"""What we read of a capture, as one object that explains itself: claims with their witnesses, and the rules. Pure."""

from collections.abc import Mapping

from archiver.model import Document

FORMAT = 1


def account(document: Document, *, url: str, captured_at: str, rules: Mapping[str, object] | None) -> dict[str, object]:
    """The reading as plain JSON values. Who is named as responsible is not in it."""
    return {
        "format": FORMAT,
        "url": url,
        "captured_at": captured_at,
        "rules": rules,
        "kind": document.kind,
        "legible": document.legible,
        "language": document.language,
        "title": document.title,
        "published": document.published,
        "updated": document.updated,
        "reviewed": document.reviewed,
        "claims": [
            {
                "meaning": c.meaning, "label": c.label, "raw": c.raw, "value": c.value, "precision": c.precision,
                "witness": c.witness, "rule": c.rule, "place": c.place, "believed": c.believed, "doubt": c.doubt,
            }
            for c in document.claims
            if c.meaning != "responsible"
        ],
        "blocks": [
            {"part": b.part, "kind": b.kind, "level": b.level, "text": b.text, "page": b.page, "anchor": b.anchor}
            for b in document.blocks
        ],
        "links": [
            {"target": k.target, "rel": k.rel, "part": k.part, "text": k.text, "note": k.note} for k in document.links
        ],
    }  # fmt: skip
