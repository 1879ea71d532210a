"""A flipped bit anywhere in the file is found, or changes nothing that is evidence."""

import os
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from store_town import Town, document

from archiver.errors import ArchiverError
from archiver.verify.whole import verify_file

FLIPS = int(os.environ.get("ARCHIVER_FLIPS", "60"))
"""Sixty in a test; thousands by ARCHIVER_FLIPS=5000."""
EVIDENCE = ("runs", "headers", "captures", "seals", "rules")
COVERED = {"addresses": "id, url, key, host", "bodies": "id, sha256, size, kind, fate, base_id, chain"}
"""Which page found an address, when and how deep is no part of a leaf; its URL is. A body is what its frame unpacks to,
which was hashed: a frame may say the same in other bits."""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[bytes]:
    """A small archive of three sealed runs, as one file."""
    path = tmp_path_factory.mktemp("flips") / "a.db"
    chance = random.Random(3)
    with Town(path) as town:
        for run in range(3):
            for number in range(8):
                address = town.address(f"sida/{number}")
                words = " ".join(chance.choice(["kommun", "nämnd", "taxa", "beslut"]) for _ in range(120))
                capture = town.capture(address, f"<p>{words} {run} {number}</p>".encode(), run * 3 + 1)
                if run == 0:
                    town.page(address)
                town.read(capture, document(words, title=f"Sida {number}"))
            town.finish(run * 3 + 2)
            town.run = town.begin(run * 3 + 3)
    copy = path.with_name("b.db")
    with closing(sqlite3.connect(path)) as conn, closing(sqlite3.connect(copy)) as other:
        conn.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")
    yield copy.read_bytes()
    shutil.rmtree(path.parent)


def evidence(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as conn:
        conn.text_factory = bytes
        asked = dict.fromkeys(EVIDENCE, "*") | COVERED
        return {name: conn.execute(f"SELECT {columns} FROM {name}").fetchall() for name, columns in asked.items()}


def is_found(path: Path) -> bool:
    try:
        return bool(verify_file(path, jobs=1).problems)
    except ArchiverError:
        return True


def test_a_flipped_bit_is_found_or_changes_no_evidence(file: bytes, tmp_path: Path) -> None:
    path, chance = tmp_path / "a.db", random.Random(17)
    path.write_bytes(file)
    assert not is_found(path)
    whole = evidence(path)
    found = 0
    for _ in range(FLIPS):
        at, bit = chance.randrange(len(file)), 1 << chance.randrange(8)
        path.write_bytes(file[:at] + bytes([file[at] ^ bit]) + file[at + 1 :])
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        if is_found(path):
            found += 1
        else:
            assert evidence(path) == whole, f"bit {bit} of byte {at}"
    assert found > FLIPS / 10


@pytest.mark.parametrize("table", ["bodies", "captures", "seals", "headers"])
def test_a_flip_in_the_cells_of_the_evidence_is_always_found(file: bytes, tmp_path: Path, table: str) -> None:
    """Where a cell of text or bytes stands in the file, one bit of it."""
    path, chance = tmp_path / "a.db", random.Random(23)
    path.write_bytes(file)
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(f"SELECT * FROM {table}").fetchall()
    cells = [cell for row in rows for cell in row if isinstance(cell, str | bytes) and len(cell) > 12]
    for cell in chance.sample(cells, min(6, len(cells))):
        raw = cell.encode() if isinstance(cell, str) else cell
        at = file.index(raw) + chance.randrange(len(raw))
        if file.count(raw) > 1:  # an index has it too, or another row
            continue
        path.write_bytes(file[:at] + bytes([file[at] ^ (1 << chance.randrange(8))]) + file[at + 1 :])
        assert is_found(path), (table, cell)
