"""Write-ahead logs cut where a machine that loses power may cut them.

What SQLite promises (https://www.sqlite.org/fileformat2.html#the_write_ahead_log, https://www.sqlite.org/wal.html): a
log is valid up to the first frame whose salt or checksum does not fit, and counts up to the last commit in that; what
was carried over into the database had been made safe in the log before. So a log may lose any of its end, or have it
garbled, behind the last frame that was carried over; the archive is then as of some commit before. A log that is
damaged in front of that was damaged by something else, and nothing is promised.
"""

import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from archiver.errors import StoreError
from torture import findings

HEADER, FRAME_HEADER = 32, 24
_PAGE_SIZE_AT, _CARRIED_AT = 8, 128
"""In the log's header, and in the index beside it: how many frames somebody at least began to carry over."""


@dataclass(frozen=True)
class Log:
    """A log as a kill left it."""

    data: bytes
    page: int  # bytes
    carried: int  # frames that may be in the database already

    @property
    def frame(self) -> int:
        """Bytes of a frame."""
        return FRAME_HEADER + self.page

    @property
    def frames(self) -> int:
        """Whole frames in the file."""
        return (len(self.data) - HEADER) // self.frame

    def start(self, number: int) -> int:
        """Where the frame begins, counted from 0."""
        return HEADER + number * self.frame


Cut = Callable[[Log, int, Random], bytes]
"""The log, a frame that was not carried over, and chance: what is left of the log."""


def _garble(log: Log, at: int, chance: Random) -> bytes:
    return log.data[:at] + bytes([log.data[at] ^ (1 << chance.randrange(8))]) + log.data[at + 1 :]


CUTS: dict[str, Cut] = {
    "before a frame": lambda log, n, _: log.data[: log.start(n)],
    "within a frame's header": lambda log, n, c: log.data[: log.start(n) + c.randrange(1, FRAME_HEADER)],
    "within a page": lambda log, n, c: log.data[: log.start(n) + c.randrange(FRAME_HEADER + 1, log.frame)],
    "one byte short": lambda log, n, _: log.data[: log.start(n + 1) - 1],
    "a bit of a frame's header": lambda log, n, c: _garble(log, log.start(n) + c.randrange(FRAME_HEADER), c),
    "a bit of a page": lambda log, n, c: _garble(log, log.start(n) + c.randrange(FRAME_HEADER, log.frame), c),
    "a hole of zeros": lambda log, n, _: log.data[: log.start(n)] + bytes(log.frame) + log.data[log.start(n + 1) :],
    "zeros from here on": lambda log, n, _: log.data[: log.start(n)] + bytes(len(log.data) - log.start(n)),
}


def try_some(archive: Path, folder: Path, chance: Random, count: int) -> tuple[int, list[str]]:
    """Cut copies of the archive's log; how many, and what was wrong with any. The archive itself is not opened."""
    with TemporaryDirectory(dir=folder) as kept:
        whole = _copied(archive, Path(kept))
        log = _log(whole)
        if log is None or log.carried >= log.frames:
            return 0, []
        Path(f"{whole}-shm").unlink(missing_ok=True)  # of processes that are no more
        known = _known(whole)
        wrong: list[str] = []
        for number in range(count):
            kind = chance.choice(list(CUTS))
            frame = chance.randrange(log.carried, log.frames)
            copy = whole.with_name(f"cut-{number}.db")
            shutil.copyfile(whole, copy)
            copy.with_name(copy.name + "-wal").write_bytes(CUTS[kind](log, frame, chance))
            wrong += [f"{kind}, frame {frame} of {log.frames}: {problem}" for problem in _wrong_with(copy, known)]
        return count, wrong


def _copied(archive: Path, folder: Path) -> Path:
    """A copy of the archive as it lies there, with what lies beside it.

    Made by another process: were this one to open and close the files, it would lose the locks that its connections to
    them hold (https://www.sqlite.org/howtocorrupt.html, 2.2), and those that read here would see a broken archive.
    """
    files = [file for end in ("", "-wal", "-shm") if (file := Path(f"{archive}{end}")).exists()]
    subprocess.run(["cp", *files, folder], check=True)  # noqa: S607 (whichever the system has)
    return folder / archive.name


def _known(whole: Path) -> dict[int, str]:
    """The captures of the archive before any cut; none where it was killed before it was one."""
    try:
        return findings.evidence(whole)
    except StoreError:
        return {}


def _wrong_with(copy: Path, known: dict[int, str]) -> list[str]:
    """What is the matter with the copy: it may know less than the archive, and nothing else."""
    try:
        problems = findings.wounds(copy)
        kept = findings.evidence(copy)
    except StoreError as error:
        return [] if "is empty" in str(error) or "older archiver" in str(error) else [str(error)]
    if any(known.get(number) != leaf for number, leaf in kept.items()):
        problems.append("it holds a capture that the archive does not")
    if set(kept) != set(range(1, len(kept) + 1)):
        problems.append("its captures are not the first ones")
    return problems


def _log(archive: Path) -> Log | None:
    """The log beside an archive that was killed; None where there is none."""
    wal, index = Path(f"{archive}-wal"), Path(f"{archive}-shm")
    if not wal.exists() or wal.stat().st_size <= HEADER:
        return None
    data = wal.read_bytes()
    page = struct.unpack_from(">I", data, _PAGE_SIZE_AT)[0]
    known = index.read_bytes() if index.exists() else b""
    carried = struct.unpack_from("=I", known, _CARRIED_AT)[0] if len(known) >= _CARRIED_AT + 4 else 0
    return Log(data, page, carried)
