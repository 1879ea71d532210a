"""The body of a response as it is kept: its content codings undone under a budget, its flaws named.

HTTP clients lose the second member of a gzip body, do not notice that a body was cut, and unpack bombs to the end.
Here every way in which a body can be wrong is a flaw beside the bytes, never an error: what came is evidence.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archiver.fetch.codings import DAMAGED, STAGES, Stage
from archiver.fetch.limits import Limits
from archiver.model import Flaw

GRACE = 1_000_000
"""Decoded bytes before the ratio counts: a long table of one word shrinks a thousandfold, and is no bomb."""
DEEPEST = 2
"""Codings on top of one another that are undone."""


@dataclass(frozen=True, slots=True)
class Payload:
    """A body, what is wrong with it, and what was on the wire where a coding was used."""

    body: bytes
    flaw: Flaw | None
    wire_sha256: str | None
    wire_size: int | None


class Decoder:
    """A body in the making: `feed` it what comes, `finish` gives the payload.

    Flaws: 'over-budget', the body so far; 'bad-encoding', the bytes as they came where nothing could be decoded (the
    label is wrong or unknown), else the body up to the damage; 'truncated', what there was.
    """

    def __init__(self, codings: Sequence[str], limits: Limits) -> None:
        """Codings in the order they were applied (see `codings`)."""
        known = len(codings) <= DEEPEST and all(name in STAGES for name in codings)
        self._stages = tuple(STAGES[name]() for name in reversed(codings)) if known else ()
        self._coded, self._damaged, self._over = bool(codings), not known, False
        self._limits = limits
        self._body = bytearray()
        self._raw = bytearray()  # what came, until something could be decoded
        self._wire_size, self._wire = 0, hashlib.sha256()

    def feed(self, chunk: bytes) -> bool:
        """Take in a chunk; False where no more is wanted."""
        room = self._limits.wire - self._wire_size
        if len(chunk) > room:
            chunk, self._over = chunk[:room], True
        self._wire_size += len(chunk)
        if self._coded:
            self._wire.update(chunk)
        if not self._stages:
            self._keep(chunk)
            return not self._over
        if not self._body:
            self._raw += chunk
        if not self._damaged:
            self._decode(chunk)
        return not self._over

    def finish(self, *, cut: bool = False) -> Payload:
        """The payload; `cut`: the connection ended before the message did."""
        if not self._wire_size:
            return Payload(b"", "truncated" if cut else None, None, None)
        whole = not cut and all(stage.whole for stage in self._stages)
        flaw: Flaw | None = None if whole else "truncated"
        if self._damaged:
            flaw = "bad-encoding"
            if self._stages and not self._body:
                self._keep(self._raw)
        if self._over:
            flaw = "over-budget"
        digest, size = (self._wire.hexdigest(), self._wire_size) if self._coded else (None, None)
        return Payload(bytes(self._body), flaw, digest, size)

    def _decode(self, chunk: bytes) -> None:
        try:
            for piece in _through(self._stages, chunk):
                self._keep(piece)
                self._over = self._over or self._is_bomb()
                if self._over:
                    break
        except DAMAGED:
            self._damaged = True
        if self._body:
            self._raw.clear()

    def _keep(self, piece: bytes | bytearray) -> None:
        room = self._limits.body - len(self._body)
        self._body += piece if len(piece) <= room else piece[:room]
        self._over = self._over or len(piece) > room

    def _is_bomb(self) -> bool:
        """Whether a stage, also an inner one whose bytes come to nothing, makes more than it may."""
        most = min(max(GRACE, self._limits.ratio * self._wire_size), self._limits.body)
        return any(stage.made > most for stage in self._stages)


def codings(values: Iterable[str]) -> tuple[str, ...]:
    """The content codings that the header's values name, in the order they were applied; 'identity' is none."""
    names = (name.strip().lower() for value in values for name in value.split(","))
    return tuple(name for name in names if name and name != "identity")


def _through(stages: Sequence[Stage], data: bytes) -> Iterator[bytes]:
    """The data through all stages in bounded pieces, an empty one wherever an inner stage gave nothing yet."""
    if not stages:
        yield data
        return
    first, rest = stages[0], stages[1:]
    for piece in first.feed(data):
        first.made += len(piece)
        if rest:
            yield b""
        yield from _through(rest, piece)
