"""A comparison as lines for a terminal: pieces of text with the name of their style, not printed here.

Added words are underlined and begin with `+`, removed ones struck and begin with `−`: never colour alone. `STYLES` says
how rich draws each; a terminal without colours gets brackets (`plain=True`). Pure.
"""

from collections.abc import Iterator
from itertools import groupby

from archiver.model import BlockEdit, LinkEdit
from archiver.publish import Comparison, End
from archiver.publish.marks import shown
from archiver.publish.visible import visible

Piece = tuple[str, str]
"""The name of a style, and the text to draw in it."""
Line = tuple[Piece, ...]

STYLES = {
    "plain": "",
    "head": "bold",
    "quiet": "dim",
    "added": "green underline",
    "removed": "red strike",
    "moved": "cyan",
    "date": "yellow",
}
"""What rich calls our styles."""
_BULLETS = {"heading": "# ", "list-item": "- ", "table-row": "| ", "quote": "> ", "caption": "~ "}


def lines(comparison: Comparison, *, plain: bool = False, whole: bool = False) -> tuple[Line, ...]:
    """The comparison, a line of pieces each: head, dates, classes, text, links, reasons.

    `plain`: brackets around what was added and removed. `whole`: unchanged blocks too, not only their number.
    """
    parts = (_head(comparison), _facts(comparison, plain), _text(comparison, plain, whole), _links(comparison, plain))
    found: list[Line] = []
    for part in (*parts, _reasons(comparison)):
        block = list(part)
        if block and found:
            found.append(())
        found += block
    return tuple(found)


def _head(comparison: Comparison) -> Iterator[Line]:
    yield (("head", visible(comparison.title)),)
    if comparison.url_of(comparison.before) != comparison.url:
        before = comparison.before.municipality or comparison.municipality
        yield (("quiet", visible(f"{before}  {comparison.url_of(comparison.before)}")),)
    yield (("quiet", visible(f"{comparison.municipality}  {comparison.url}")),)
    yield (("removed", "−"), ("plain", f" {_end(comparison.before)}"))
    yield (("added", "+"), ("plain", f" {_end(comparison.after)}"))


def _end(end: End) -> str:
    revision = f"revision {end.revision}, " if end.revision is not None else ""
    return f"{end.captured_at:%Y-%m-%d %H:%M} UTC  {revision}capture {end.capture_id}"


def _facts(comparison: Comparison, plain: bool) -> Iterator[Line]:
    """What sort of change it is, and the single fields that changed or stood still."""
    for found in comparison.change.classes:
        yield (("date", f"{found.name}: "), ("plain", visible(found.reason)))
    for difference in comparison.change.differences:
        if difference.before is None and difference.after is None:
            yield (("head", f"{difference.kind}: "), ("plain", visible(difference.summary)))
            continue
        pieces = [_mark(op, text, plain) for op, text in _sides(difference.before, difference.after)]
        yield (("head", f"{difference.kind}: "), *_spaced(pieces))


def _sides(before: str | None, after: str | None) -> list[tuple[str, str]]:
    return [(op, text) for op, text in (("removed", before), ("added", after)) if text]


def _spaced(pieces: list[Piece]) -> list[Piece]:
    """The pieces with a space between each two."""
    spaced = [piece for pair in zip(pieces, [("plain", " ")] * len(pieces), strict=True) for piece in pair]
    return spaced[:-1]


def _mark(op: str, text: str, plain: bool) -> Piece:
    """A run of words with its sign; in brackets where there is no colour to end it."""
    if op == "same":
        return ("plain", visible(text))
    sign = {"added": "+", "removed": "−", "moved": "⇅ "}[op]
    signed = f"{sign}{visible(text)}"
    return (op, f"[{signed}]" if plain else signed)


def _text(comparison: Comparison, plain: bool, whole: bool) -> Iterator[Line]:
    if all(e.op == "same" for e in comparison.change.edits) and not whole:
        return
    for same, group in groupby(comparison.change.edits, key=lambda e: e.op == "same"):
        edits = list(group)
        if same and not whole:
            yield (("quiet", f"  … {len(edits)} unchanged {'block' if len(edits) == 1 else 'blocks'}"),)
        else:
            yield from (_block(e, plain) for e in edits)


def _block(edit: BlockEdit, plain: bool) -> Line:
    block = edit.after or edit.before
    if block is None:
        return ()
    signs = {"same": " ", "changed": "±", "added": "+", "removed": "−", "moved": "⇅"}
    sign = signs["moved" if edit.has_moved else edit.op]
    lead = ("quiet", f"{sign} {_BULLETS.get(block.kind, '')}")
    if edit.op == "same":
        return (lead, ("plain", visible(block.text)))
    if edit.op != "changed":
        return (lead, (edit.op, visible(block.text)))
    return (lead, *(_mark(op, text, plain) for op, text in shown(edit.spans)))


def _links(comparison: Comparison, plain: bool) -> Iterator[Line]:
    for edit in comparison.change.links:
        noun = "document" if edit.rel == "attachment" else "link"
        yield (("head", f"{noun} "), *_link(edit, plain))


def _link(edit: LinkEdit, plain: bool) -> Iterator[Piece]:
    text, target = edit.text or "(no text)", visible(edit.target)
    if edit.op in {"added", "removed"}:
        yield from (_mark(edit.op, text, plain), ("quiet", f"  {target}"))
    elif edit.op == "retargeted":
        yield ("plain", f"{visible(text)}  ")
        yield from _spaced([_mark("removed", edit.before or "", plain), _mark("added", edit.target, plain)])
    elif edit.has_moved:
        yield from (_mark("moved", text, plain), ("quiet", f"  {target}"))
    else:
        yield from _spaced([_mark("removed", edit.before or "", plain), _mark("added", edit.told, plain)])
        yield ("quiet", f"  {target}")


def _reasons(comparison: Comparison) -> Iterator[Line]:
    """The weight with what it is made of, heaviest first."""
    reasons = sorted(comparison.change.reasons, key=lambda r: -r.points)
    if not reasons:
        return
    yield (("head", f"weight {sum(r.points for r in reasons)}"),)
    yield from ((("plain", f"  {r.points:+d} {r.name}  "), ("quiet", visible(r.detail))) for r in reasons)
