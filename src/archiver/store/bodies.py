"""Bodies: each kept once, packed against what the archive already holds, and checked whenever it is read.

A page's later bodies are patches from its keyframe, a keyframe a patch from a plain frame of its site: at most two
bases are read for any body, and damage reaches no further. Which base was used is no part of the evidence; a body may
be packed anew at any time. What is fixed is its SHA-256.
"""

import sqlite3
from typing import NamedTuple

from archiver.digests import sha256
from archiver.errors import EvidenceError, NotFound
from archiver.pack import SHORTEST_BASE, PackError, Shared, pack, unpack

KEPT_UP_TO = 64 << 20
"""Decoded bytes; of a longer body only the digest is kept. Base and body then fit into one zstd window."""
_DENSEST = 16
"""A plain frame is hardly ever this many times smaller than its body (of 1,070 pages of two sites one was; half were 7
to 8 times): a patch that pays against such a frame is taken without a look at what a plain one would cost."""
_DRIFTED = 3
"""A patch over a third of the plain frame no longer pays: the body becomes a keyframe."""
_HELPS = 0.8
"""A sibling helps where the patch from it is under this part of the plain frame."""
_PROBE = 1  # zstd level at which the cost of a plain frame is guessed; about a seventh too high


class Sibling(NamedTuple):
    """A body that bodies of like pages may be patched from."""

    id: int
    base: Shared
    sha256: str  # of it: the id of a body whose commit was undone may come to be another's


class _Packed(NamedTuple):
    data: bytes
    base_id: int | None
    chain: int


_PLAIN_CHAIN, _LONGEST_CHAIN = 0, 2


def put(
    conn: sqlite3.Connection,
    body: bytes,
    kind: str,
    earlier: int | None = None,
    sibling: Sibling | None = None,
    *,
    erased: bool = False,
) -> int:
    """The id of the body's row, a new one only where these bytes are new to the archive.

    `earlier` is a body of the same page, `sibling` one of a like page; either may be None, erased or a poor match.
    Bytes that were erased stay so: their row is found by its digest and nothing is stored. `erased`: nor shall these
    be, for all that their address sends is to be forgotten.
    """
    digest = sha256(body)
    known = conn.execute("SELECT id FROM bodies WHERE sha256 = ?", (digest,)).fetchone()
    if known:
        return int(known[0])
    fate = "erased" if erased else "kept" if len(body) <= KEPT_UP_TO else "digest"
    packed = _pack(conn, body, earlier, sibling) if fate == "kept" else _Packed(b"", None, _PLAIN_CHAIN)
    cursor = conn.execute(
        "INSERT INTO bodies (sha256, size, kind, fate, base_id, chain, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (digest, len(body), kind, fate, packed.base_id, packed.chain, packed.data),
    )
    return int(cursor.lastrowid or 0)


def as_sibling(conn: sqlite3.Connection, body_id: int | None, body: bytes | None) -> Sibling | None:
    """This body as a base of others; None where it stands on one itself, or is too short to be of use."""
    if body_id is None or body is None or len(body) < SHORTEST_BASE or not _is_plain(conn, body_id):
        return None
    return Sibling(body_id, Shared(body), sha256(body))


def get(conn: sqlite3.Connection, body_id: int) -> bytes:
    """The decoded bytes. Raises EvidenceError where they are not what was recorded, NotFound where none are kept."""
    row = conn.execute("SELECT sha256, fate FROM bodies WHERE id = ?", (body_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no body {body_id}")
    if row[1] != "kept":
        why = "was erased" if row[1] == "erased" else "was too large"
        raise NotFound(f"body {body_id} {why}; only its digest is kept: {row[0]}")
    body = _decode(conn, body_id)
    if sha256(body) != row[0]:
        raise EvidenceError(f"body {body_id} is not what was recorded: its SHA-256 should be {row[0]}")
    return body


def erase(conn: sqlite3.Connection, body_id: int) -> None:
    """Destroy the bytes for good and keep the row; what was patched from them is packed anew first.

    Nothing happens where no bytes are kept. The pages they lay on in the file are overwritten by `VACUUM` only.
    """
    row = conn.execute("SELECT base_id, chain FROM bodies WHERE id = ? AND fate = 'kept'", (body_id,)).fetchone()
    if row is None:
        return
    _hand_on(conn, body_id, row[0], row[1])
    conn.execute(
        "UPDATE bodies SET fate = 'erased', data = x'', base_id = NULL, chain = 0 WHERE id = ?",
        (body_id,),
    )


def _hand_on(conn: sqlite3.Connection, body_id: int, base_id: int | None, chain: int) -> None:
    """Let the first of those patched from this body take its place, and the others be patched from that one."""
    dependants = [int(r[0]) for r in conn.execute("SELECT id FROM bodies WHERE base_id = ? ORDER BY id", (body_id,))]
    if not dependants:
        return
    heir = dependants[0]
    heir_body = get(conn, heir)
    others = [(other, get(conn, other)) for other in dependants[1:]]
    base = None if base_id is None else _decode(conn, base_id)
    _repack(conn, heir, _Packed(pack(heir_body, base), base_id, chain))
    usable = heir_body if len(heir_body) >= SHORTEST_BASE else None
    for other, body in others:
        packed = _Packed(pack(body, usable), heir, chain + 1) if usable else _Packed(pack(body), None, _PLAIN_CHAIN)
        _repack(conn, other, packed)


def _repack(conn: sqlite3.Connection, body_id: int, packed: _Packed) -> None:
    conn.execute(
        "UPDATE bodies SET data = ?, base_id = ?, chain = ? WHERE id = ?",
        (packed.data, packed.base_id, packed.chain, body_id),
    )
    conn.execute("UPDATE bodies SET chain = ? WHERE base_id = ?", (packed.chain + 1, body_id))


def _pack(conn: sqlite3.Connection, body: bytes, earlier: int | None, sibling: Sibling | None) -> _Packed:
    """The frame to store: a patch from the page's keyframe, else from a sibling's plain frame, else plain."""
    plain_size: int | None = None
    for base, worth in ((_base(conn, earlier), 1 / _DRIFTED), (_still_plain(conn, sibling), _HELPS)):
        if base is None:
            continue
        patch = pack(body, base.body)
        if len(patch) * _DENSEST > len(body) * worth:
            plain_size = plain_size or len(pack(body, level=_PROBE))
            if len(patch) > plain_size * worth:
                continue
        return _Packed(patch, base.id, base.chain + 1)
    return _Packed(pack(body), None, _PLAIN_CHAIN)


def _is_plain(conn: sqlite3.Connection, body_id: int, digest: str | None = None) -> bool:
    """Whether the body stands alone, and is still the one of that digest."""
    row = conn.execute("SELECT chain, fate, sha256 FROM bodies WHERE id = ?", (body_id,)).fetchone()
    return row is not None and tuple(row) == (_PLAIN_CHAIN, "kept", digest or row[2])


class _Base(NamedTuple):
    id: int
    chain: int
    body: bytes | Shared


def _still_plain(conn: sqlite3.Connection, sibling: Sibling | None) -> _Base | None:
    """The sibling, unless it was erased or packed anew since it was chosen."""
    if sibling is None or not _is_plain(conn, sibling.id, sibling.sha256):
        return None
    return _Base(sibling.id, _PLAIN_CHAIN, sibling.base)


def _base(conn: sqlite3.Connection, body_id: int | None) -> _Base | None:
    """The body itself where another may stand on it, else the one below it."""
    row: sqlite3.Row | None = None
    while body_id is not None:
        row = conn.execute("SELECT id, chain, base_id, fate, size FROM bodies WHERE id = ?", (body_id,)).fetchone()
        body_id = row[2] if row is not None and row[1] == _LONGEST_CHAIN else None
    if row is None or row[3] != "kept" or row[4] < SHORTEST_BASE:
        return None
    try:
        return _Base(row[0], row[1], get(conn, row[0]))
    except EvidenceError:  # a damaged base is for `verify` to report; nothing new shall stand on it
        return None


def _decode(conn: sqlite3.Connection, body_id: int) -> bytes:
    """The bytes as the frames give them, bases first; the caller compares the digest."""
    frames: list[tuple[bytes, int]] = []
    wanted: int | None = body_id
    while wanted is not None:
        row = conn.execute("SELECT data, size, base_id FROM bodies WHERE id = ?", (wanted,)).fetchone()
        if row is None or len(frames) > _LONGEST_CHAIN:
            raise EvidenceError(f"body {body_id} cannot be unpacked: what it stands on does not end")
        frames.append((row[0], row[1]))
        wanted = row[2]
    base: bytes | None = None
    try:
        for data, size in reversed(frames):
            base = unpack(data, base, size)
    except PackError as error:
        raise EvidenceError(f"body {body_id} cannot be unpacked: {error}") from error
    return base or b""
