"""An archive read by a program: how soon the first record comes, how long all of them take, and in how much memory.

    python -m benchmarks.api [captures]

Each list is gone through in a process of its own, for memory is the most that the process ever had.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from archiver import open_archive
from archiver.api import ReadOnlyArchive
from benchmarks.volume import fill

CAPTURES, PAGES = 60_000, 1_500
LISTS: dict[str, Callable[[ReadOnlyArchive], Iterable[object]]] = {
    "pages": lambda archive: archive.pages(),
    "captures": lambda archive: archive.captures(),
    "snapshots, with their text": lambda archive: archive.snapshots(),
    "revisions": lambda archive: archive.revisions(),
    "changes": lambda archive: archive.changes(unfold=True),
    "ten newest changes": lambda archive: archive.changes(limit=10),
    "words of 2,000 changes": lambda archive: (h for c in archive.changes(unfold=True, limit=2000) for h in c.hunks()),
    "coverage": lambda archive: archive.coverage(),
    "gaps": lambda archive: archive.gaps(longer_than=0),
}


def measure(path: Path, name: str) -> str:
    """One row of the table."""
    with open_archive(path) as archive:
        before = _megabytes()
        start = time.perf_counter()
        found: Iterator[object] = iter(LISTS[name](archive))
        next(found)
        first = time.perf_counter() - start
        count = 1 + sum(1 for _ in found)
        passed = time.perf_counter() - start
    return f"| {name} | {count:,} | {first * 1000:.1f} | {passed:.2f} | {_megabytes() - before:.0f} |"


def _megabytes() -> float:
    """The most this process had: of its own, not of the one that started it, which `getrusage` would tell."""
    (line,) = (row for row in Path("/proc/self/status").read_text("ascii").splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main(captures: int = CAPTURES) -> None:
    """Fill an archive, and go through each list."""
    with tempfile.TemporaryDirectory() as folder:
        path = fill(Path(folder) / "archive.db", captures=captures, pages=max(10, captures * PAGES // CAPTURES))
        print(f"{captures} captures, {path.stat().st_size / 1e6:.0f} MB\n", flush=True)
        print("| list | records | ms to the first | s for all | MB more |\n|---|---:|---:|---:|---:|", flush=True)
        for name in LISTS:
            subprocess.run([sys.executable, "-m", "benchmarks.api", str(path), name], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(measure(Path(sys.argv[1]), sys.argv[2]), flush=True)
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else CAPTURES)
