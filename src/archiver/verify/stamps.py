"""The outside time-stamps of seals: what each says, and who signed it where somebody says whom they trust.

A stamp whose signature was not checked is nowhere said to hold: the report has a word for each, and a note for all.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archiver import stamp
from archiver.errors import StoreError
from archiver.store import seals

_UNCHECKED = "who signed {} was not checked: --trust names the root certificates that you trust (docs/evidence.md)"
_UNASKED = "whether a certificate of those who signed time-stamps was revoked was asked of nobody (docs/evidence.md)"


@dataclass(frozen=True, slots=True)
class Stamped:
    """One stamp, and what came of it."""

    seal: int
    authority: str  # the URL that was asked
    stamped_at: str  # what it states
    signature: Literal["holds", "fails", "unchecked"] = "unchecked"
    signer: str | None = None
    valid_until: str | None = None  # when the signer's certificate ends
    root: str | None = None  # of those trusted, the one that it leads to
    doubt: str | None = None

    @property
    def name(self) -> str:
        """How it is called in a report."""
        return f"the stamp of seal {self.seal} by {self.authority}"


def of_archive(conn: sqlite3.Connection, trust: stamp.Trust | None) -> tuple[list[Stamped], list[str]]:
    """Every stamp of the archive, and notes on what was not checked."""
    try:
        found = [_one(*row, trust) for row in seals.stamped(conn)]
    except StoreError as error:
        bare = [Stamped(seal, authority, at) for seal, _, authority, at, _ in seals.stamped(conn)]
        return bare, [f"time-stamps were not checked: {error}"]
    return found, list(_notes(found, trust))


def _one(seal: int, chain: str, authority: str, at: str, token: bytes, trust: stamp.Trust | None) -> Stamped:
    found = Stamped(seal, authority, at)
    if wrong := stamp.doubt(chain, token, at):
        return replace(found, doubt=wrong)
    if trust is None:
        return found
    signed = stamp.signature(chain, token, trust)
    if isinstance(signed, str):
        return replace(found, signature="fails", doubt=f"is not believed: {signed}")
    return replace(found, signature="holds", signer=signed.signer, valid_until=signed.valid_until, root=signed.root)


def _notes(found: Sequence[Stamped], trust: stamp.Trust | None) -> Iterator[str]:
    if trust is not None and not found:
        yield "no seal has a time-stamp"
    if count := sum(one.signature == "unchecked" and one.doubt is None for one in found):
        yield _UNCHECKED.format("a time-stamp" if count == 1 else f"{count} time-stamps")
    if any(one.signature == "holds" for one in found):
        yield _UNASKED
