"""Rows that are as they were but for their number, because other rows came or went. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from archiver.model import BlockEdit

_NUMBERED = re.compile(
    r"(?:(?P<section>§§?+[ \u00a0]?+)?(?P<number>\d{1,3}(?:\.\d{1,3}){0,4})(?P<mark>[.):]|[ \u00a0]?\|)?"
    r"|(?P<letter>[a-zåäö])\))[ \u00a0]+(?=\S)"
)
_STEP = 2
"""How far the numbers of neighbouring renumbered rows may lie apart: what changed inside too stands between them."""

Number = tuple[int, ...]


def with_renumbered(edits: Sequence[BlockEdit]) -> tuple[BlockEdit, ...]:
    """The edits, those marked that only gave a row another number.

    A number that changed is believed to be a row's place where the row moved, where the next row's went along with it,
    or where a numbered row was put in or taken out: otherwise it may be an amount, and is an edit like any other.
    """
    shifted = [(k, *found) for k, e in enumerate(edits) if e.op == "changed" and (found := _shift(e))]
    if not shifted:
        return tuple(edits)
    came_or_went = any(
        _number_of(block.text) for e in edits if e.op in ("added", "removed") for block in (e.before, e.after) if block
    )
    marked = {k for group in _groups(shifted) if len(group) > 1 or came_or_went for k in group}
    marked |= {k for k, _, _ in shifted if edits[k].elsewhere}
    return tuple(replace(e, renumbered=True) if k in marked else e for k, e in enumerate(edits))


def without_number(text: str) -> str:
    """A row's words, without the number that only tells its place."""
    found = _number_of(text)
    return found[1] if found else text


def _shift(edit: BlockEdit) -> tuple[Number, Number] | None:
    """The two numbers of a row whose other words are the same."""
    if edit.before is None or edit.after is None:
        return None
    old, new = _number_of(edit.before.text), _number_of(edit.after.text)
    if not old or not new or old[0] == new[0] or len(old[0]) != len(new[0]):
        return None
    return (old[0], new[0]) if old[1] == new[1] else None


def _number_of(text: str) -> tuple[Number, str] | None:
    """A row's number, and its other words with the form the number is written in; None where it has none.

    A bare number may be anything, and so may '10.30': neither is a row's place.
    """
    found = _NUMBERED.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    if found["letter"]:
        return (ord(found["letter"]),), f") {rest}"
    parts = found["number"].split(".")
    is_clock = len(parts) == 2 and len(parts[1]) > 1
    if is_clock or not (found["section"] or found["mark"] or len(parts) > 1) or any(p[0] == "0" for p in parts):
        return None
    return tuple(map(int, parts)), f"{found['section'] or ''}{found['mark'] or ''} {rest}"


def _groups(shifted: Sequence[tuple[int, Number, Number]]) -> Iterator[list[int]]:
    """Runs of rows whose numbers went on by the same, in counting order."""
    group: list[int] = []
    for earlier, later in pairwise([None, *shifted, None]):
        if earlier is not None:
            group.append(earlier[0])
        if group and (earlier is None or later is None or not _goes_along(earlier, later)):
            yield group
            group = []


def _goes_along(earlier: tuple[int, Number, Number], later: tuple[int, Number, Number]) -> bool:
    shifts = [tuple(b - a for a, b in zip(old, new, strict=True)) for _, old, new in (earlier, later)]
    one, other = earlier[2], later[2]
    if len(one) != len(other) or shifts[0] != shifts[1]:
        return False
    return one < other and sum(abs(a - b) for a, b in zip(one, other, strict=True)) <= _STEP
