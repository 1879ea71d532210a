"""Any two captures, side by side or in one text; how to cite them; and the same as one file."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archiver import urls
from archiver.diff import KINDS
from archiver.errors import NotFound
from archiver.model import BlockEdit, Claim, Document, LinkEdit, Reason
from archiver.publish import html as one_file
from archiver.publish.grounds import told
from archiver.publish.marks import Shown, shown
from archiver.publish.stretches import Stretch, counts, opening, stretches
from archiver.room.cite import Citation
from archiver.room.comparing import Side, comparison, known_change, side
from archiver.room.frame import Answer, Ask, Row, Unreadable
from archiver.room.pages import shared
from archiver.room.told import ZONE

_LONG, _SHOWN = 40, 3
"""Unchanged passages from which only some at both ends of a stretch are sent; the whole text is one click away."""
_FORMS = {"bib": "application/x-bibtex; charset=utf-8", "ris": "application/x-research-info-systems; charset=utf-8"}


def compare(ask: Ask) -> Answer:
    """The comparison of two captures."""
    before, after = _sides(ask)
    is_open = before.is_open and after.is_open
    known = known_change(ask, before, after)
    found = comparison(ask, before, after, known) if is_open else None
    edits = found.change.edits if found else ()
    text = [_stretch(stretch, ask.one("whole") == "1") for stretch in stretches(edits)]
    link = f"{ask.origin}/compare/{before.row['capture_id']}..{after.row['capture_id']}"
    citation = Citation(found, link, ask.told.now) if found else None
    anchors = [block for s in text for block in s["blocks"] if block["anchor"]]
    title = (after.document or before.document or Document("", legible="no")).title or after.row["url"]
    return ask.render(
        "compare.html",
        before=before.row,
        after=after.row,
        title=title if is_open else (known or {}).get("title_after") or after.row["url"],
        found=found,
        known=known,
        classes=[c.name for c in found.change.classes] if found else ((known or {}).get("classes") or "").split(),
        counts=dict.fromkeys(KINDS) | ({d.kind: d for d in found.change.differences} if found else {}),
        stretches=text,
        anchors=anchors,
        inline=ask.one("view") == "inline",
        dates=list(_dates(before, after)) if is_open else [],
        hearsay=None if is_open and _tells_http(before, after) else _hearsay(before, after),
        links=_links(ask, found.change.links) if found else [],
        reasons=_reasons(ask, found.change.reasons) if found else [],
        citation=citation,
        link=link,
        grounds=[(c.name, *told(c, ask.lang)) for c in found.change.classes] if found else [],
        said=ask.rows(
            """SELECT scheme, code, note, annotated_at FROM annotated_changes
               WHERE capture_before = :before AND capture_after = :after ORDER BY annotated_at, annotation_id""",
            before=before.row["capture_id"],
            after=after.row["capture_id"],
        ),
        beside=_beside(ask, before, after),
        between=_between(ask, found.between) if found and found.between else None,
        last=shared.last_run(ask),
        area="changes",
    )


def chosen(ask: Ask) -> Answer:
    """The way to the comparison that was chosen in a form, the earlier capture first."""
    numbers = ask.whole("a"), ask.whole("b")
    if None in numbers:
        raise Unreadable("a, b", "", "/compare?a=48211&b=48930")
    rows = ask.rows("SELECT id FROM captures WHERE id IN (:a, :b) ORDER BY captured_at, id", a=numbers[0], b=numbers[1])
    pair = [row["id"] for row in rows] * 2
    if missing := [number for number in numbers if number not in pair]:
        raise NotFound(f"there is no capture {missing[0]}")
    return Answer("", 302, headers={"location": ask.url(f"/compare/{pair[0]}..{pair[1]}")}, keep=False)


def as_file(ask: Ask) -> Answer:
    """The comparison as one file of HTML that stands alone, to be kept or printed. Sent as a download."""
    before, after = _open_sides(ask)
    body = one_file.page(comparison(ask, before, after, known_change(ask, before, after)), ask.lang, ZONE)
    name = f"archiver-{before.row['capture_id']}-{after.row['capture_id']}.html"
    return Answer(body, headers={"content-disposition": f'attachment; filename="{name}"'})


def as_citation(ask: Ask) -> Answer:
    """The comparison as an entry for a reference manager."""
    before, after = _open_sides(ask)
    link = f"{ask.origin}/compare/{before.row['capture_id']}..{after.row['capture_id']}"
    citation, form = Citation(comparison(ask, before, after, None), link, ask.told.now), ask.names["form"]
    body = citation.bibtex(ask.told) if form == "bib" else citation.ris(ask.told)
    name = f"archiver-{before.row['capture_id']}-{after.row['capture_id']}.{form}"
    return Answer(body, 200, _FORMS[form], {"content-disposition": f'attachment; filename="{name}"'})


def _sides(ask: Ask) -> tuple[Side, Side]:
    return side(ask, int(ask.names["before"])), side(ask, int(ask.names["after"]))


def _open_sides(ask: Ask) -> tuple[Side, Side]:
    before, after = _sides(ask)
    if not (before.is_open and after.is_open):
        raise NotFound("the text has left the notice board and is no longer public")
    return before, after


def _stretch(stretch: Stretch, whole: bool) -> Row:
    """Of a long one in which nothing changed, only the ends are sent, but where the `whole` text is asked for."""
    passages = stretch.anchored()
    number = len(passages)
    left_out = number - 2 * _SHOWN if stretch.is_same and number > _LONG and not whole else 0
    sent = [*passages[:_SHOWN], *passages[-_SHOWN:]] if left_out else passages
    blocks = [_block(edit, anchor) for edit, anchor in sent]
    return {"folded": stretch.is_folded, "blocks": blocks, "number": number, "left_out": left_out}


def _block(edit: BlockEdit, anchor: str | None) -> Row:
    """One passage: both sides of it, and both in one."""
    block = edit.after or edit.before
    text = block.text if block else ""
    runs: list[Shown] = shown(edit.spans) or [("same" if edit.op in ("same", "moved") else edit.op, text)]
    return {
        "op": edit.op,
        "moved": edit.has_moved,
        "kind": block.kind if block else "paragraph",
        "anchor": anchor,
        "runs": runs,
        "left": None if edit.op == "added" else _side(edit, runs, "added"),
        "right": None if edit.op == "removed" else _side(edit, runs, "removed"),
        "opening": opening(text),
        **counts(runs),
    }


def _reasons(ask: Ask, reasons: Sequence[Reason]) -> list[tuple[str, int, str, bool]]:
    """Name, points and why, the heaviest first; and whether why could be said in the reader's language."""
    return [(r.name, r.points, *told(r, ask.lang)) for r in sorted(reasons, key=lambda r: -r.points)]


def _side(edit: BlockEdit, runs: list[Shown], other: str) -> list[Shown]:
    """The runs of one side: those of the other are left out before spaces are set between marks."""
    return shown(span for span in edit.spans if span.op != other) or runs


def _dates(before: Side, after: Side) -> Iterator[Row]:
    """Each thing that the page says of its dates, with its witness, on both sides, and what we make of it."""
    left, right = (_claims(s.document) for s in (before, after))
    both = before.document is not None and after.document is not None  # else nothing was said, and nothing changed
    for key in [*right, *(k for k in left if k not in right)]:
        a, b = left.get(key), right.get(key)
        told = b or a
        if told is None:
            continue
        values = [(c.raw if c.witness == "http" else c.value or c.raw) if c else None for c in (a, b)]
        yield {
            "meaning": told.meaning, "witness": told.witness, "label": told.label, "before": values[0],
            "after": values[1], "changed": values[0] != values[1] if both else None, "believed": told.believed,
            "doubt": told.doubt,
        }  # fmt: skip


def _claims(document: Document | None) -> dict[tuple[str, str, str | None, int], Claim]:
    """The claims by meaning, witness and label; of several alike, by their order."""
    found: dict[tuple[str, str, str | None, int], Claim] = {}
    for claim in document.claims if document else ():
        if claim.meaning in ("published", "updated", "reviewed", "created"):
            alike = sum(key[:3] == (claim.meaning, claim.witness, claim.label) for key in found)
            found[claim.meaning, claim.witness, claim.label, alike] = claim
    order = {"published": 0, "updated": 1, "reviewed": 2, "created": 3}
    return dict(sorted(found.items(), key=lambda item: (not item[1].believed, order[item[0][0]])))


def _hearsay(before: Side, after: Side) -> Row | None:
    values = before.row["last_modified"], after.row["last_modified"]
    return (
        {"before": values[0], "after": values[1], "changed": len(set(values)) == 2 and all(values)}
        if any(values)
        else None
    )


def _tells_http(*sides: Side) -> bool:
    """Whether the server's word is among the claims already."""
    return any(c.witness == "http" for s in sides for c in (s.document.claims if s.document else ()))


def _links(ask: Ask, edits: Sequence[LinkEdit]) -> list[Row]:
    """Links that differ, each with what became of its target when it was last asked."""
    rows = ask.rows(
        """SELECT a.key, c.outcome, c.captured_at FROM json_each(:keys) AS wanted
           JOIN addresses a ON a.key = wanted.value
           JOIN captures c ON c.id = (SELECT id FROM captures WHERE address_id = a.id ORDER BY captured_at DESC LIMIT 1)
        """,
        keys=json.dumps(sorted({urls.key(edit.target) for edit in edits})),
    )
    fates = {row["key"]: row for row in rows}
    nouns = {"attachment": "document"}
    found: list[Row] = []
    for edit in edits:
        op, noun = "moved" if edit.has_moved else edit.op, nouns.get(edit.rel, "link")
        found.append({"op": op, "edit": edit, "what": f"{noun}_{op}", "fate": fates.get(urls.key(edit.target))})
    return found


def _between(ask: Ask, seen: Mapping[str, Any]) -> Row | None:
    """How often the page was seen between the two, and what we got instead when it was not; None: nothing of either."""
    missed = [row | {"why": _in_words(ask, row["why"])} for row in seen["not_seen"]]
    number = seen["seen_between"]
    if not number and not missed:
        return None
    days = ask.told.number(seen["longest_gap_days"] or 0, 1)
    key = "between_seen_one" if number == 1 else "between_seen_many"
    return {"seen": ask.told[key].format(*([] if number == 1 else [number]), days) if number else "", "missed": missed}


def _in_words(ask: Ask, why: str) -> str:
    """A verdict, or an outcome with what it was made of: 'soft-404', 'failed (timeout)'."""
    outcome, _, detail = why.partition(" (")
    known = ask.told.said(f"verdict_{why}") or ask.told.said(f"outcome_{outcome}").lower()
    if not known:
        return ask.told["not_read_yet"]
    return f"{known} ({detail}" if detail else known


def _beside(ask: Ask, before: Side, after: Side) -> dict[str, Row | None]:
    """The changes before and after this one, as pairs of captures; none where two pages are compared."""
    if before.row["page_id"] != after.row["page_id"]:
        return {"prev": None, "next": None}
    page = after.row["page_id"]
    columns = "SELECT capture_before, capture_after FROM page_changes WHERE page_id = :page"
    first, last = before.row["revision"], after.row["revision"]  # none, where a capture lies in no revision
    older = f"{columns} AND revision <= :at ORDER BY revision DESC LIMIT 1"
    newer = f"{columns} AND revision > :at ORDER BY revision LIMIT 1"
    return {
        "prev": ask.row(older, page=page, at=first) if first else None,
        "next": ask.row(newer, page=page, at=last) if last else None,
    }
