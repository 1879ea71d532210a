"""A comparison as one file of HTML that stands alone: style inside, no script, nothing from elsewhere.

What a site wrote is escaped by the template engine (autoescape), and whatever would act in it is drawn (`visible`).
Link targets are shown as text: an archived address is never one click away. Pure.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from archiver.model import BlockEdit, LinkEdit
from archiver.publish import Comparison, End
from archiver.publish.grounds import told
from archiver.publish.marks import Shown, shown
from archiver.publish.stretches import Stretch, counts, opening, stretches
from archiver.publish.template import PAGE, STYLE
from archiver.publish.visible import visible
from archiver.publish.words import BADGES, DOCUMENT_REMOVED, MONTHS, REASONS, WORDS, Lang, counted

_STATES: dict[str | None, str] = {"gone": "page_gone", "moved": "page_moved", "present": "page_back"}
"""What is said of the state after; of a capture that failed, or got something else than the page, only that."""
_SIGNS = {"added": "+", "removed": "−", "renamed": "±", "retargeted": "→", "moved": "⇅"}


def page(comparison: Comparison, lang: Lang = "sv", zone: tzinfo = UTC) -> str:
    """The whole document. `zone`: in which times are told."""
    edits = comparison.change.edits
    is_changed = any(e.op != "same" for e in edits)
    text = [_stretch(stretch, lang) for stretch in stretches(edits)] if is_changed else []
    anchors = [block for s in text for block in s["blocks"] if block["anchor"]]  # type: ignore[attr-defined]
    reasons = sorted(comparison.change.reasons, key=lambda r: -r.points)
    place = 0 if lang == "sv" else 1
    return _template().render(
        c=comparison,
        lang=lang,
        w=WORDS[lang],
        style=Markup(STYLE),  # noqa: S704 -- our own literal
        badges=_badges(comparison, place),
        lead=_lead(comparison, lang),
        ends=[("before", _end(comparison.before, lang, zone)), ("after", _end(comparison.after, lang, zone))],
        dates=_dates(comparison, lang),
        stretches=text,
        anchors=anchors,
        changes=counted(lang, "changes", len(anchors)),
        links=[_link(e, lang) for e in comparison.change.links],
        reasons=[(_reason(r.name, place), f"{r.points:+d}".replace("-", "−"), *told(r, lang)) for r in reasons],
        grounds=[(BADGES[c.name][2 + place], *told(c, lang)) for c in comparison.change.classes if c.name in BADGES],
        weight=sum(r.points for r in reasons),
        addresses=[
            (url, url.startswith(("http://", "https://")))
            for url in dict.fromkeys(comparison.url_of(end) for end in (comparison.before, comparison.after))
        ],
        limits=WORDS[lang]["limits_1_of_two" if comparison.two_pages else "limits_1"],
        zone=WORDS[lang]["zone"].format(zone),
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_shown)
    return environment.from_string(PAGE)


def _shown(value: object) -> object:
    """Every value the template prints passes here."""
    return visible(value) if type(value) is str else value


def _badges(comparison: Comparison, place: int) -> list[tuple[str, ...]]:
    """Sign, tone and word of each class; a document that is no longer linked has a badge of its own."""
    names = [c.name for c in comparison.change.classes if c.name in BADGES]
    if any(e.op == "removed" and e.rel == "attachment" for e in comparison.change.links):
        names.append(DOCUMENT_REMOVED)
    return [(sign, tone, words[place]) for sign, tone, *words in map(BADGES.__getitem__, names)]


def _reason(name: str, place: int) -> str:
    return REASONS[name][place] if name in REASONS else name


def _lead(comparison: Comparison, lang: Lang) -> Iterator[tuple[bool, str]]:
    """The sentence the eye meets first: what changed, in numbers, and what the page says of its date."""
    words, found = WORDS[lang], {d.kind: d for d in comparison.change.differences}
    if "state" in found:
        yield True, words[_STATES.get(found["state"].after, "no_page")]
        return
    if comparison.two_pages and (text := found.get("text")):
        yield True, words["words_of_two"].format(text.removed, text.added)
    elif text := found.get("text"):
        counts = [("words_added", text.added), ("words_removed", text.removed)]
        yield True, ", ".join(counted(lang, key, number) for key, number in counts) + "."
    elif "payload" in found:
        yield True, words["file_changed"]
    else:
        yield True, words["text_same"]
    if "responsible" in found:
        yield False, words["responsible"]
    updated = comparison.after.updated
    if updated and updated == comparison.before.updated and not comparison.two_pages:
        yield False, words["says_same"].format(updated)


def _end(end: End, lang: Lang, zone: tzinfo) -> dict[str, object]:
    at = end.captured_at.astimezone(zone)
    return {
        "iso": at.isoformat(timespec="minutes"),
        "shown": _told(at, lang),
        "revision": end.revision,
        "capture": end.capture_id,
        "sha256": end.body_sha256,
    }


def _told(at: datetime, lang: Lang) -> str:
    return f"{at.day} {MONTHS[lang][at.month - 1]} {at.year} {at:%H:%M}"


def _dates(comparison: Comparison, lang: Lang) -> list[dict[str, object]]:
    """The title where it changed, and the page's three dates whether they did or not.

    Where one side shows no page it said nothing, and nothing changed; of two pages neither changed into the other.
    """
    words, rows = WORDS[lang], []
    is_told = "state" not in comparison.change.kinds
    for name in ("title", "published", "updated", "reviewed"):
        before, after = getattr(comparison.before, name), getattr(comparison.after, name)
        changed = is_told and (before or None) != (after or None)
        if name == "title" and not changed:
            continue
        verdict = words["changed"] if changed else words["stood"] if after and is_told else ""
        verdict = "" if comparison.two_pages else verdict
        rows.append({"name": words[name], "before": before, "after": after, "changed": changed, "verdict": verdict})
    return rows


def _stretch(stretch: Stretch, lang: Lang) -> dict[str, object]:
    blocks = [_block(edit, anchor) for edit, anchor in stretch.anchored()]
    return {"folded": stretch.is_folded, "summary": counted(lang, "same", len(blocks)), "blocks": blocks}


def _block(edit: BlockEdit, anchor: str | None) -> dict[str, object]:
    block = edit.after or edit.before
    kind, text = (block.kind, block.text) if block else ("paragraph", "")
    spans = shown(edit.spans) or [(edit.op, text)]
    words = counts(spans)
    if edit.op in {"same", "moved"}:
        spans = [("same", text)]
    classes = [kind, *(["hunk"] if anchor else []), *(["moved"] if edit.has_moved else [])]
    return {
        "tag": "h3" if kind in {"heading", "title"} else "p",
        "classes": " ".join(classes),
        "anchor": anchor,
        "moved": edit.has_moved,
        "spans": spans,
        "opening": opening(text),
        **words,
    }


def _link(edit: LinkEdit, lang: Lang) -> dict[str, object]:
    words, noun = WORDS[lang], "document" if edit.rel == "attachment" else "link"
    now, op = edit.told, "moved" if edit.has_moved else edit.op
    told: list[Shown] = [("same", now or f"({words['no_text']})")]
    target: list[Shown] = [("same", edit.target)]
    if op in {"added", "removed"}:
        told = [(op, told[0][1])]
    elif op == "renamed":
        told = [(side, text) for side, text in (("removed", edit.before or ""), ("added", now)) if text]
    elif op == "retargeted":
        target = [("removed", edit.before or ""), ("added", edit.target)]
    return {"sign": _SIGNS[op], "what": words[f"{noun}_{op}"], "words": told, "target": target}
