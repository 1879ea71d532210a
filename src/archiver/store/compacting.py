"""Packing bodies anew, smaller: with patience that a crawl has not, and a choice of bases that it did not know.

A crawl packs a body in a millisecond, against its page's keyframe or the one page of the site it had at hand. Here each
body is tried against its base and the site's plain frames, and packed against the best at a level that takes thirty
times as long (docs/performance.md has the numbers). Nothing of the evidence changes: a body is its SHA-256, and what it
is packed against is no part of it. No body comes to stand on more than two others. Done in steps, each a transaction:
stopped half-way, the next call goes on there.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from archiver.pack import BULKY, SHORTEST_BASE, pack
from archiver.store import Archive, bodies

LEVEL = 17
"""Of zstd. On 799 pages of a municipal site: 12 3.03 MB in 9 ms each, 15 2.87 in 23, 17 2.76 in 26, 19 2.72 in 69."""
_PROBE = 3  # at which bases are compared
BASES = 6
"""Plain frames of a site that a body is tried against, those first on which most stand."""
STEP = 64
"""Bodies of one transaction."""
_HELD = 16  # decoded bases in memory
_DEEPEST = 2
_MARK = "compacted to"


@dataclass(frozen=True, slots=True)
class Saved:
    """What compacting came to: bodies looked at, and the bytes that they take in the archive."""

    bodies: int
    before: int
    after: int


class _Row(NamedTuple):
    id: int
    chain: int
    base_id: int | None
    packed: int  # bytes
    depth: int  # bodies that stand on one another above it: 0, 1 or 2
    source: str


class _Better(NamedTuple):
    id: int
    base_id: int | None
    data: bytes


def compact(
    archive: Archive, *, workers: int = 2, anew: bool = False, watch: Callable[[int, int], None] | None = None
) -> Saved:
    """Pack what was stored since the last time; with `anew` everything. Raises EvidenceError for a damaged body.

    `watch` is called with (done, all) after each step. The file shrinks when it is vacuumed (`Archive.vacuum`).
    """
    conn = archive.reader
    since = 0 if anew else _mark(conn)
    wanted = [
        row[0] for row in conn.execute("SELECT id FROM bodies WHERE fate = 'kept' AND id > ? ORDER BY id", (since,))
    ]
    before = after = done = 0
    bases = _Bases(conn)
    with ThreadPoolExecutor(workers) as pool:
        for ids in (wanted[at : at + STEP] for at in range(0, len(wanted), STEP)):
            rows = [_row(conn, body_id) for body_id in ids]
            tried = [(row, bodies.get(conn, row.id), bases.of(row)) for row in rows]
            found = [better for better in pool.map(_better, tried) if better is not None]
            saved = {better.id: len(better.data) for better in found}
            before += sum(row.packed for row in rows)
            after += sum(saved.get(row.id, row.packed) for row in rows)
            archive.write(partial(_store, found=found, upto=ids[-1]))
            done += len(ids)
            if watch is not None:
                watch(done, len(wanted))
    return Saved(len(wanted), before, after)


_Option = tuple[int | None, bytes | None]
"""A body to pack against, with its id; or none."""


class _Bases:
    """The bodies that a body is tried against, decoded; those used last stay in memory."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._held: OrderedDict[int, bytes] = OrderedDict()
        self._plain: dict[str, list[int]] = {}
        for source, body_id in conn.execute(
            """SELECT coalesce(a.source_id, ''), b.id FROM bodies b
               LEFT JOIN captures c ON c.id = (SELECT min(id) FROM captures WHERE body_id = b.id)
               LEFT JOIN addresses a ON a.id = c.address_id
               WHERE b.chain = 0 AND b.fate = 'kept' AND b.size BETWEEN ? AND ?
               ORDER BY (SELECT count(*) FROM bodies d WHERE d.base_id = b.id) DESC, b.id""",
            (SHORTEST_BASE, BULKY),
        ):
            known = self._plain.setdefault(source, [])
            if len(known) < BASES:
                known.append(body_id)

    def of(self, row: _Row) -> list[_Option]:
        """Its id and bytes, of each; the last is none at all."""
        found: list[_Option] = []
        if row.base_id is not None:
            found.append((row.base_id, self._get(row.base_id)))
        plain = self._plain.get(row.source, [])
        is_first = bool(plain) and plain[0] == row.id  # what most stand on stays as it is
        if not is_first and row.depth + 1 <= _DEEPEST:
            found += [(b, self._get(b)) for b in plain if b not in (row.id, row.base_id) and self._is_plain(b)]
        return [*found, (None, None)]

    def _is_plain(self, body_id: int) -> bool:
        """Whether it still stands on nothing: an earlier step may have packed it against another."""
        (chain,) = self._conn.execute("SELECT chain FROM bodies WHERE id = ?", (body_id,)).fetchone()
        return bool(chain == 0)

    def _get(self, body_id: int) -> bytes:
        if body_id not in self._held:
            self._held[body_id] = bodies.get(self._conn, body_id)
            if len(self._held) > _HELD:
                self._held.popitem(last=False)
        self._held.move_to_end(body_id)
        return self._held[body_id]


def _better(tried: tuple[_Row, bytes, list[_Option]]) -> _Better | None:
    """The smallest frame that could be made of it; None where what is stored is as small."""
    row, body, options = tried
    base_id, base = min(options, key=lambda option: len(pack(body, option[1], level=_PROBE)))
    data = pack(body, base, level=LEVEL if len(body) <= BULKY else None)
    return _Better(row.id, base_id, data) if len(data) < row.packed else None


def _store(conn: sqlite3.Connection, found: Iterable[_Better], upto: int) -> None:
    """One step: what of it still holds, for the one body may have altered what the next was to stand on."""
    for better in found:
        chain = _chain_on(conn, better.id, better.base_id)
        if chain is None:
            continue
        conn.execute(
            "UPDATE bodies SET data = ?, base_id = ?, chain = ? WHERE id = ?",
            (better.data, better.base_id, chain, better.id),
        )
        for level, above in list(_above(conn, better.id)):
            conn.execute("UPDATE bodies SET chain = ? WHERE id = ?", (chain + level, above))
    conn.execute(
        "INSERT INTO made_with (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (_MARK, str(upto)),
    )


def _chain_on(conn: sqlite3.Connection, body_id: int, base_id: int | None) -> int | None:
    """How many bodies this one would stand on; None where it, or what stands on it, would stand too high."""
    if base_id is None:
        return 0
    (below,) = conn.execute("SELECT chain FROM bodies WHERE id = ?", (base_id,)).fetchone()
    stands_on_us = any(above == base_id for _, above in _above(conn, body_id))
    is_high = below + 1 + _depth(conn, body_id) > _DEEPEST
    return None if base_id == body_id or stands_on_us or is_high else int(below) + 1


def _row(conn: sqlite3.Connection, body_id: int) -> _Row:
    row = conn.execute(
        """SELECT b.id, b.chain, b.base_id, length(b.data), (SELECT a.source_id FROM captures c
             JOIN addresses a ON a.id = c.address_id WHERE c.body_id = b.id ORDER BY c.id LIMIT 1)
           FROM bodies b WHERE b.id = ?""",
        (body_id,),
    ).fetchone()
    return _Row(row[0], row[1], row[2], row[3], _depth(conn, body_id), row[4] or "")


def _above(conn: sqlite3.Connection, body_id: int) -> Iterator[tuple[int, int]]:
    """(how far above, id) of all that stand on it."""
    here, level = [body_id], 0
    while here:
        here = [
            int(row[0]) for base in here for row in conn.execute("SELECT id FROM bodies WHERE base_id = ?", (base,))
        ]
        level += 1
        yield from ((level, above) for above in here)


def _depth(conn: sqlite3.Connection, body_id: int) -> int:
    return max((level for level, _ in _above(conn, body_id)), default=0)


def _mark(conn: sqlite3.Connection) -> int:
    row = conn.execute("SELECT value FROM made_with WHERE name = ?", (_MARK,)).fetchone()
    return int(row[0]) if row else 0
