"""What a backup has beside an earlier one: the pages of the file that are others, and no more (docs/decisions/0027).

    archiver-delta 1\\n        then a line of JSON: the base's name and SHA-256, the whole file's size and SHA-256
    8, 4, 4 bytes, frame      where in the file, how many bytes, how long the frame is, and the frame: pages, packed
    ...

A delta is of a whole backup and never of another delta: two files give the archive back, however many there are.
"""

import hashlib
import json
import re
import shutil
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.errors import EvidenceError, StoreError
from archiver.pack import pack as packed
from archiver.pack import unpack
from archiver.store import copies

ENDING = ".delta"
PAGE = 4096
MOST = 256
"""Pages of one frame: 1 MB."""
WORTH = 0.5
"""A delta larger than this share of the whole is none worth keeping."""
_MAGIC = b"archiver-delta 1\n"
_WHERE = struct.Struct(">QII")
_BACKUP = re.compile(r".+-\d{8}T\d{6}Z\.db\Z")


@dataclass(frozen=True, slots=True)
class Delta:
    """What a delta says of itself."""

    base: str  # the name of the whole backup beside it
    base_sha256: str
    size: int  # bytes of the file that both give
    sha256: str


def latest_whole(folder: Path) -> Path | None:
    """The newest whole backup in the folder, with its digest beside it; None where there is none."""
    found = [p for p in folder.glob("*.db") if _BACKUP.match(p.name) and p.with_name(p.name + ".sha256").is_file()]
    return max(found, key=lambda path: path.name[-len("20260101T000000Z.db") :], default=None)


def write(base: Path, whole: Path, target: Path) -> None:
    """Write what `whole` has that `base` has not."""
    said = Delta(base.name, copies.file_digest(base), whole.stat().st_size, copies.file_digest(whole))
    with base.open("rb") as old, whole.open("rb") as new, target.open("wb") as out:
        out.write(_MAGIC + json.dumps(asdict(said)).encode() + b"\n")
        for at, data in _others(old, new):
            frame = packed(data)
            out.write(_WHERE.pack(at, len(data), len(frame)) + frame)


def said_by(delta: Path) -> Delta:
    """What the delta says of itself. Raises EvidenceError where it is none."""
    with delta.open("rb") as file:
        return _said(file, delta)


def compose(delta: Path, target: Path) -> None:
    """Write the whole file that the delta and its base give. Raises StoreError without the base, EvidenceError."""
    with delta.open("rb") as file:
        said = _said(file, delta)
        base = delta.with_name(said.base)
        if not base.is_file():
            raise StoreError(f"{delta} is what changed since {said.base}, which must lie beside it")
        if copies.file_digest(base) != said.base_sha256:
            raise EvidenceError(f"{base} is not the backup that {delta.name} was made of")
        digest = hashlib.sha256()
        with base.open("rb") as old, target.open("wb+") as out:
            shutil.copyfileobj(old, out, MOST * PAGE)
            out.truncate(min(said.size, out.tell()))
            for at, data in _records(file, delta, said.size):
                out.seek(at)
                out.write(data)
            out.seek(0)
            while chunk := out.read(MOST * PAGE):
                digest.update(chunk)
    if digest.hexdigest() != said.sha256:
        raise EvidenceError(f"{delta} does not give the file that was backed up: its SHA-256 should be {said.sha256}")


def _said(file: BinaryIO, delta: Path) -> Delta:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise EvidenceError(f"{delta} is no delta of a backup")
    try:
        said = Delta(**json.loads(file.readline(PAGE)))
    except (ValueError, TypeError) as error:
        raise EvidenceError(f"{delta} is damaged: {error}") from error
    is_name = isinstance(said.base, str) and said.base not in ("", "..") and Path(said.base).name == said.base
    if not is_name or not isinstance(said.size, int) or said.size < 0:
        raise EvidenceError(f"{delta} names a base that is no file beside it")
    return said


def _others(old: BinaryIO, new: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Runs of pages that are not the same in both, with where they stand."""
    begun, run = 0, bytearray()
    at = 0
    while page := new.read(PAGE):
        if page != old.read(PAGE):
            begun = begun if run else at
            run += page
        elif run:
            yield begun, bytes(run)
            run.clear()
        if len(run) >= MOST * PAGE:
            yield begun, bytes(run)
            run.clear()
        at += len(page)
    if run:
        yield begun, bytes(run)


def _records(file: BinaryIO, delta: Path, size: int) -> Iterator[tuple[int, bytes]]:
    while head := file.read(_WHERE.size):
        if len(head) < _WHERE.size:
            raise EvidenceError(f"{delta} is cut off")
        at, size_here, length = _WHERE.unpack(head)
        if max(size_here, length) > 2 * MOST * PAGE or at + size_here > size:
            raise EvidenceError(f"{delta} is damaged: pages beyond its end")
        try:
            yield at, unpack(file.read(length), size=size_here)
        except ValueError as error:
            raise EvidenceError(f"{delta} is damaged: {error}") from error
