"""Proof that nothing was slipped in, out or over: leaves, Merkle roots, and the chain of seals.

A leaf is the digest of one capture. The leaves of a run are folded into a root as RFC 6962 section 2.1 folds them
(0x00 before a leaf, 0x01 before an inner node, so that neither can pass for the other). A seal chains a run's root to
the seal before it. Digests are 64 lower-case hex characters. Pure.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from archiver.digests import canonical, digest, sha256

Side = Literal["left", "right"]

GENESIS = "0" * 64
"""What the first seal of an archive follows."""


def leaf(fields: Mapping[str, object]) -> str:
    """The leaf of a capture: the digest over its fields by name; an empty one is left out.

    So a column added later, and null in what was captured before, changes no leaf.
    """
    present = {name: value for name, value in fields.items() if value is not None}
    return sha256(b"\x00" + canonical(present))


def root(leaves: Iterable[str]) -> str:
    """The Merkle root over leaves in their order; of no leaves, the digest of nothing."""
    level = [bytes.fromhex(one) for one in leaves]
    if not level:
        return sha256(b"")
    while len(level) > 1:
        level = _fold(level)
    return level[0].hex()


def path(leaves: Sequence[str], index: int) -> tuple[tuple[Side, str], ...]:
    """What must be known beside leaf number `index` to compute the root: the other half at each level, from below."""
    level = [bytes.fromhex(one) for one in leaves]
    steps: list[tuple[Side, str]] = []
    while len(level) > 1:
        other = index ^ 1
        if other < len(level):
            steps.append(("left" if other < index else "right", level[other].hex()))
        level, index = _fold(level), index // 2
    return tuple(steps)


def climb(one: str, steps: Iterable[tuple[Side, str]]) -> str:
    """The root that the leaf and its path lead to."""
    node = bytes.fromhex(one)
    for side, other in steps:
        beside = bytes.fromhex(other)
        node = _node(beside, node) if side == "left" else _node(node, beside)
    return node.hex()


def link(previous: str, run: object, count: int, root: str, beside: str | None = None) -> str:
    """The chain value of a seal: over the one before, the run (its facts as JSON values), its leaves and their root.

    And over what is sealed `beside` the run, where there is such a thing: seals of earlier releases have none.
    """
    return digest([previous, run, count, root, *([] if beside is None else [beside])])


def _fold(level: Sequence[bytes]) -> list[bytes]:
    """The level above: pairs joined; one left over rises as it is."""
    paired = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return paired + list(level[len(paired) * 2 :])


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
