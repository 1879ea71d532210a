"""A crawl under cProfile: the thread that asks, the thread that writes and the readers' processes, each for itself.

    python -m benchmarks.profiled FOLDER WORD ...

runs `archiver WORD ...` and leaves `FOLDER/<part>-<number>.profile`. Times are the processor's, of each thread; the
profiler itself takes as much again where functions are short. `benchmarks.crawl --profile` makes a list of it.
"""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from cProfile import Profile
from pathlib import Path
from pstats import Stats
from typing import Any, NamedTuple

from benchmarks import ROOT

PARTS = {"asks": "the thread that asks", "writes": "the thread that writes", "reads": "the readers"}


class Spent(NamedTuple):
    """What one function took by itself, what it called left out."""

    part: str
    function: str
    calls: int
    seconds: float


def top(folder: Path, count: int) -> tuple[list[Spent], float]:
    """The functions that took most by themselves, and what all took."""
    found = []
    for part in PARTS:
        files = [str(file) for file in sorted(folder.glob(f"{part}-*.profile"))]
        if files:
            stats: Any = Stats(*files)
            found += [Spent(part, _name(*key), row[1], row[2]) for key, row in stats.stats.items()]
    return sorted(found, key=lambda one: -one.seconds)[:count], sum(one.seconds for one in found)


def _name(file: str, line: int, function: str) -> str:
    if file == "~":
        return function.strip("<>").removeprefix("built-in method ").removeprefix("method ")
    place = Path(file)
    known = [parent for parent in (ROOT / "src", place.parent.parent) if place.is_relative_to(parent)]
    return f"{place.relative_to(known[0]).as_posix()}:{line} {function}"


def crawl(folder: Path, words: list[str]) -> None:
    """The command, its writer's thread and its readers each under a profile."""
    from archiver import cli
    from archiver.pool import process
    from archiver.store.writer import Writer

    run = Writer._run

    def profiled(writer: Writer) -> None:
        _under_profile(folder / f"writes-{id(writer)}.profile", run, writer)

    def start(fd: int, memory: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "benchmarks.profiled", "--read", str(folder), str(fd), str(memory)]
        return subprocess.Popen(command, pass_fds=[fd], stdin=subprocess.DEVNULL, cwd=ROOT)

    wait = process.Process.wait

    def farewell(one: process.Process) -> None:
        one.spent = True
        with suppress(OSError):  # then it ends by itself, and leaves its profile
            one._sock.shutdown(socket.SHUT_RDWR)

    def patient(one: process.Process, patience: float = 0.0) -> str:
        farewell(one)
        return wait(one, max(patience, 10.0))

    Writer._run, process._start = profiled, start  # type: ignore[method-assign]
    process.Process.kill, process.Process.wait = farewell, patient  # type: ignore[method-assign]
    sys.argv = ["archiver", *words]
    _under_profile(folder / "asks-0.profile", cli.main)


def _under_profile(file: Path, work: Any, *given: object) -> None:
    profile = Profile(time.thread_time)
    try:
        profile.runcall(work, *given)
    finally:
        profile.dump_stats(file)


def main() -> None:
    """The crawl, or one of its readers."""
    if sys.argv[1] == "--read":
        from archiver.pool import worker

        folder, fd, memory = sys.argv[2:5]
        _under_profile(Path(folder) / f"reads-{os.getpid()}.profile", worker.main, int(fd), int(memory))
    else:
        crawl(Path(sys.argv[1]), sys.argv[2:])


if __name__ == "__main__":
    main()
