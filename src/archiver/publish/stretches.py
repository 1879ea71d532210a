"""A compared text in stretches, as pages draw it: what changed is open, what did not is folded to its number. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from archiver.model import BlockEdit
from archiver.publish.marks import Shown

FOLDED = 2
"""Unchanged passages from which a stretch is folded."""
OPENING = 6
"""Words of a passage that name it in the map of changes."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Passages side by side, all of them changed or none."""

    edits: tuple[BlockEdit, ...]
    before: int  # changed passages ahead of it

    @property
    def is_same(self) -> bool:
        """Whether nothing in it changed."""
        return self.edits[0].op == "same"

    @property
    def is_folded(self) -> bool:
        """Whether it is told by its number."""
        return self.is_same and len(self.edits) >= FOLDED

    def anchored(self) -> list[tuple[BlockEdit, str | None]]:
        """Its passages, each that changed with the name by which it is linked to: 'c1', 'c2' through the whole text."""
        return [(edit, None if self.is_same else f"c{self.before + k}") for k, edit in enumerate(self.edits, start=1)]


def stretches(edits: Sequence[BlockEdit]) -> Iterator[Stretch]:
    """The stretches in order. A heading right before a change stands alone: it tells where the reader is."""
    before = 0
    for same, group in groupby(edits, key=lambda edit: edit.op == "same"):
        stretch, heading = list(group), []
        if same and stretch[-1].after and stretch[-1].after.kind == "heading" and stretch[-1] is not edits[-1]:
            heading = [stretch.pop()]
        for part in (stretch, heading):
            if part:
                yield Stretch(tuple(part), before)
        before += 0 if same else len(stretch)


def opening(text: str) -> str:
    """The first words of a passage."""
    return " ".join(text.split()[:OPENING]) or "–"


def counts(runs: Sequence[Shown]) -> dict[str, int]:
    """How many words were added and removed in a passage."""
    return {op: sum(len(text.split()) for one, text in runs if one == op) for op in ("added", "removed")}
