"""Readings as bytes and back, for the way between two processes of ours.

A page is some hundreds of blocks and links. Pickled one by one they cost several milliseconds, most of it in setting
frozen fields. So each kind of part travels as columns, all its texts in one list and so on, and both taking apart and
putting together are loops in C. The digests of a document travel too: the worker has the time.
"""

import pickle
from collections import deque
from collections.abc import Sequence
from dataclasses import fields
from itertools import repeat
from operator import attrgetter
from typing import Any, Generic, TypeVar

from archiver.model import Block, Claim, Document, Facts, Link, Notice, Reading, Unread

T = TypeVar("T")
PARTS = ("blocks", "links", "claims")


class Columns(Generic[T]):
    """How the values of one slotted dataclass are taken apart and put together."""

    def __init__(self, kind: type[T]) -> None:
        names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._kind = kind
        self._values = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
        self._setters = [getattr(kind, name).__set__ for name in names]  # past the frozen __setattr__

    def apart(self, values: Sequence[T]) -> list[tuple[Any, ...]]:
        """One tuple per field; none at all where there are no values."""
        return list(zip(*map(self._values, values), strict=True))

    def together(self, columns: Sequence[tuple[Any, ...]]) -> tuple[T, ...]:
        """The values again."""
        made = tuple(map(object.__new__, repeat(self._kind, len(columns[0])))) if columns else ()
        for setter, column in zip(self._setters, columns, strict=False):
            deque(map(setter, made, column), maxlen=0)
        return made


BLOCKS, LINKS, CLAIMS, NOTICES, FACTS = Columns(Block), Columns(Link), Columns(Claim), Columns(Notice), Columns(Facts)
ALONE = tuple(field.name for field in fields(Document) if field.name not in PARTS)
_alone = attrgetter(*ALONE)


def pack(result: Reading | Unread) -> bytes:
    """The result as bytes."""
    if isinstance(result, Unread):
        return pickle.dumps(result, 5)
    document = result.document
    head = (result.verdict, result.reason, NOTICES.apart(result.notices), result.masked, result.profile)
    if document is None:
        return pickle.dumps((head, None), 5)
    columns = BLOCKS.apart(document.blocks), LINKS.apart(document.links), CLAIMS.apart(document.claims)
    known = {"core": document.core, "sha256": document.sha256, "words": document.words}
    return pickle.dumps((head, (_alone(document), columns, known)), 5)


def unpack(data: bytes) -> Reading | Unread:
    """The result again, equal to what was packed."""
    result = pickle.loads(data)  # noqa: S301 (from our own worker)
    if isinstance(result, Unread):
        return result
    (verdict, reason, notices, masked, profile), packed = result
    document = None
    if packed is not None:
        alone, (blocks, links, claims), known = packed
        document = Document(
            **dict(zip(ALONE, alone, strict=True)),
            blocks=BLOCKS.together(blocks),
            links=LINKS.together(links),
            claims=CLAIMS.together(claims),
        )
        document.__dict__.update(known)  # what cached_property would find
    return Reading(verdict, reason, document, NOTICES.together(notices), masked, profile)
