"""Many values of one slotted dataclass at once.

A page is some hundreds of blocks and links, and a frozen dataclass takes most of a microsecond to make, all of it in
setting frozen fields. In bulk both taking apart and putting together are loops in C. Pure.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import fields
from itertools import repeat
from operator import attrgetter
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Columns(Generic[T]):
    """How the values of one slotted dataclass are taken apart and put together."""

    def __init__(self, kind: type[T]) -> None:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._kind = kind
        self._values = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
        self._setters = [getattr(kind, name).__set__ for name in names]  # past the frozen __setattr__
        self._defaults = [field.default for field in fields(kind)]  # type: ignore[arg-type]

    def apart(self, values: Sequence[T]) -> list[tuple[Any, ...]]:
        """One tuple per field; none at all where there are no values."""
        return list(zip(*map(self._values, values), strict=True))

    def together(self, columns: Sequence[tuple[Any, ...]]) -> tuple[T, ...]:
        """The values again; last fields that have no column hold their default."""
        made = tuple(map(object.__new__, repeat(self._kind, len(columns[0])))) if columns else ()
        for setter, column in zip(self._setters, columns, strict=False):
            deque(map(setter, made, column), maxlen=0)
        for setter, default in zip(self._setters[len(columns) :], self._defaults[len(columns) :], strict=True):
            deque(map(setter, made, repeat(default, len(made))), maxlen=0)
        return made

    def of(self, rows: Iterable[tuple[Any, ...]]) -> tuple[T, ...]:
        """The values whose fields the rows hold, in order; last fields that the rows lack hold their default."""
        return self.together(list(zip(*rows, strict=True)))
