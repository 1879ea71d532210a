"""A comparison as plain text in the manner of a unified diff, with the words marked inside changed blocks.

Lines begin with ' ' unchanged, '-' removed, '+' added, '!' changed (with `[-removed-]` and `{+added+}`), '>' moved,
and perhaps changed as well. A text file has no other way to be marked, so brackets that a page itself wrote look the
same. Pure.
"""

from collections.abc import Iterator, Sequence

from archiver.model import BlockEdit, Change, LinkEdit
from archiver.publish.visible import visible

AROUND = 1
"""Unchanged blocks that are shown on each side of a change."""
_SIGNS = {"same": " ", "changed": "!", "added": "+", "removed": "-", "moved": ">"}
_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def unified(before_label: str, after_label: str, change: Change) -> str:
    """The change as text, a line each, ending in a line break; '' where nothing changed."""
    if not change.differences:
        return ""
    heads = [f"--- {visible(before_label)}", f"+++ {visible(after_label)}"]
    return "\n".join([*heads, *_fields(change), *_text(change.edits), *_links(change.links)]) + "\n"


def _fields(change: Change) -> Iterator[str]:
    for difference in change.differences:
        if difference.before is None and difference.after is None:
            continue
        yield f"@@ {difference.kind} @@"
        yield from (
            f"{sign}{visible(value)}" for sign, value in (("-", difference.before), ("+", difference.after)) if value
        )


def _text(edits: Sequence[BlockEdit]) -> Iterator[str]:
    for start, end in _stretches(edits):
        shown = edits[start:end]
        yield f"@@ text {_range('-', [e.at_before for e in shown])} {_range('+', [e.at_after for e in shown])} @@"
        yield from map(_line, shown)


def _stretches(edits: Sequence[BlockEdit]) -> list[tuple[int, int]]:
    """The changed stretches with the unchanged blocks around them, joined where they touch."""
    found: list[tuple[int, int]] = []
    for at, edit in enumerate(edits):
        if edit.op == "same":
            continue
        start, end = max(0, at - AROUND), min(len(edits), at + AROUND + 1)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _range(sign: str, places: Sequence[int | None]) -> str:
    """From which block on, counted from 1, and how many: '-3,2'."""
    there = [place for place in places if place is not None]
    return f"{sign}{min(there) + 1 if there else 0},{len(there)}"


def _line(edit: BlockEdit) -> str:
    block = edit.after or edit.before
    text = visible(block.text) if block else ""
    if edit.op == "changed" and any(s.op != "same" for s in edit.spans):
        text = "".join(_MARKS[s.op].format(visible(s.text)) for s in edit.spans)
    return f"{_SIGNS['moved' if edit.has_moved else edit.op]}{text}"


def _links(edits: Sequence[LinkEdit]) -> Iterator[str]:
    if edits:
        yield "@@ links @@"
    for edit in edits:
        words, target = visible(edit.text), visible(edit.target)
        if edit.op in {"added", "removed"}:
            yield f"{_SIGNS[edit.op]}{words} <{target}>"
        elif edit.op == "retargeted":
            yield f"!{words} <[-{visible(edit.before or '')}-] {{+{target}+}}>"
        elif edit.has_moved:
            yield f">{words} <{target}>"
        else:
            yield f"![-{visible(edit.before or '')}-] {{+{visible(edit.told)}+}} <{target}>"
