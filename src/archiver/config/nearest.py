"""What a person may have meant: the nearest known name."""

from collections.abc import Iterable
from difflib import get_close_matches

FEW = 12
"""So many names are listed; of more, only the nearest is told."""


def no_such(what: str, name: str, known: Iterable[str]) -> str:
    """One sentence: that there is no such thing, and which there are."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    if near:
        return f"there is no {what} {name!r}; did you mean {near[0]!r}?"
    if not names:
        return f"there is no {what} {name!r}, nor any other"
    return f"there is no {what} {name!r}; there is {', '.join(names[:FEW])}" + (" …" if len(names) > FEW else "")
