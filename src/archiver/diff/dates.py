"""How one printed date stands to another, when each is only as precise as it was printed. Pure."""

from typing import Literal

Relation = Literal["same", "stated", "withdrawn", "forward", "back", "precision"]


def relation(before: str | None, after: str | None) -> Relation:
    """What happened to a date: nothing, it came or went, it moved, or only its precision is another.

    '2019-11' and '2019-11-08' cannot be told apart further than the month both have: that is no move.
    """
    before, after = before or None, after or None
    if before == after:
        return "same"
    if before is None or after is None:
        return "stated" if before is None else "withdrawn"
    shared = min(len(before), len(after))
    if before[:shared] == after[:shared]:
        return "precision"
    return "forward" if before[:shared] < after[:shared] else "back"
