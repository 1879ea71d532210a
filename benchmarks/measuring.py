"""Running a program and measuring it from outside: its CPU time with that of its children, and the memory of all."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

import psutil

from benchmarks import ROOT


@dataclass(frozen=True)
class Measure:
    """What one run of a program cost."""

    wall: float  # seconds
    cpu: float  # seconds, user and system, of the program and every process it waited for
    memory: int  # bytes, the largest sum over its processes that was seen
    out: str
    status: int


def measure(
    command: list[str], *, env: dict[str, str] | None = None, feed: str | None = None, pause: float = 0.1
) -> Measure:
    """Run the command to its end; what it cost. Memory is sampled every `pause` seconds (proportional set size)."""
    begun = time.perf_counter()
    before = os.times()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.PIPE if feed is not None else None,
        env={**os.environ, **(env or {})}, text=True, cwd=ROOT,
    )  # fmt: skip
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak, pause), daemon=True)
    watcher.start()
    out, _ = process.communicate(feed)
    wall = time.perf_counter() - begun
    after = os.times()
    watcher.join()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Measure(wall, cpu, peak[0], out, process.returncode)


def _watch(process: "subprocess.Popen[str]", peak: list[int], pause: float) -> None:
    while process.poll() is None:
        total = 0
        try:
            parent = psutil.Process(process.pid)
            for one in [parent, *parent.children(recursive=True)]:
                total += _proportional(one)
        except psutil.Error:
            pass
        peak[0] = max(peak[0], total)
        time.sleep(pause)


def _proportional(process: psutil.Process) -> int:
    """Memory of a process, what it shares with others counted in part; where the system does not tell, all of it."""
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.rss)
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return 0


def python(*arguments: str) -> list[str]:
    """A command for this very interpreter."""
    return [sys.executable, *arguments]
