"""A comparison as an object of plain JSON values, for `--json` and for files. Pure."""

from datetime import UTC

from archiver.model import BlockEdit, Ground
from archiver.publish import Comparison, End


def change_object(comparison: Comparison, *, whole: bool = False) -> dict[str, object]:
    """The comparison as nested lists, strings and numbers; `whole`: every block too, unchanged ones among them.

    Who is named as responsible is not in it: that kind of difference carries no words. People who came and went are
    told by role and party.
    """
    change = comparison.change
    found: dict[str, object] = {
        "url": comparison.url,
        "municipality": comparison.municipality,
        "two_pages": comparison.two_pages,
        "before": _end(comparison, comparison.before),
        "after": _end(comparison, comparison.after),
        "kinds": list(change.kinds),
        "between": dict(comparison.between) if comparison.between is not None else None,
        "classes": [{"name": c.name, "reason": c.reason, "grounds": _grounds(c.grounds)} for c in change.classes],
        "weight": sum(r.points for r in change.reasons),
        "reasons": [
            {"name": r.name, "points": r.points, "detail": r.detail, "grounds": _grounds(r.grounds)}
            for r in change.reasons
        ],
        "differences": [
            {"kind": d.kind, "added": d.added, "removed": d.removed, "before": d.before, "after": d.after,
             "summary": d.summary}
            for d in change.differences
        ],
        "hunks": [{"op": h.op, "text": h.text, "before": h.before, "after": h.after} for h in change.hunks],
        "personnel": [
            {"op": p.op, "role": p.role, "party": p.party, "former": p.former} for p in change.people
        ],
        "link_edits": [
            {"op": k.op, "rel": k.rel, "target": k.target, "text": k.text, "before": k.before, "note": k.note}
            for k in change.links
        ],
    }  # fmt: skip
    return found | {"blocks": [_block(e) for e in change.edits]} if whole else found


def _grounds(grounds: tuple[Ground, ...]) -> list[dict[str, object]]:
    return [{"code": ground.code, "about": list(ground.about)} for ground in grounds]


def _end(comparison: Comparison, end: End) -> dict[str, object]:
    return {
        "url": comparison.url_of(end),
        "capture": end.capture_id,
        "captured_at": end.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "revision": end.revision,
        "title": end.title,
        "published": end.published,
        "updated": end.updated,
        "reviewed": end.reviewed,
        "http_last_modified": end.last_modified,
        "body_sha256": end.body_sha256,
    }


def _block(edit: BlockEdit) -> dict[str, object]:
    block = edit.after or edit.before
    return {
        "op": edit.op,
        "moved": edit.has_moved,
        "renumbered": edit.renumbered,
        "joint": edit.joint,
        "kind": block.kind if block else None,
        "before": edit.before.text if edit.before else None,
        "after": edit.after.text if edit.after else None,
        "spans": [[s.op, s.text] for s in edit.spans],
    }
