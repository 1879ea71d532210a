"""Processes that work through cases, seen from outside: one that hangs, grows too big or falls over is a finding.

A worker says which case it begins before it begins it. What it says of its end is counted; where it says nothing for
too long it is killed, and the case it was at is the finding. A new worker goes on behind that case.
"""

import multiprocessing
import resource
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

_SPAWN = multiprocessing.get_context("spawn")
Check = Callable[[int], str]
"""Works through the case of that number and says which subject it was for; raises where a law is broken."""


@dataclass(frozen=True)
class Finding:
    """A case that must not be as it is."""

    number: int
    why: str


@dataclass
class Outcome:
    """What a run came to."""

    cases: Counter[str] = field(default_factory=Counter)  # by subject
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)  # subject -> CPU seconds, case
    findings: list[Finding] = field(default_factory=list)

    def add(self, number: int, subject: str, seconds: float, why: str | None) -> None:
        """Count a case that came to its end."""
        self.cases[subject] += 1
        self.slowest[subject] = max(self.slowest.get(subject, (0.0, 0)), (seconds, number))
        if why:
            self.findings.append(Finding(number, why))


@dataclass
class _Worker:
    """A process and the cases it has left."""

    process: BaseProcess
    wire: Connection
    left: range
    since: float  # monotonic clock, when it last began or ended a case
    began: bool = False


def run(
    check: Check, numbers: range, *, workers: int, limit: float, memory: int, until: float | None = None
) -> Outcome:
    """Work through the cases. `limit`: seconds for one; `memory`: bytes of address space; `until`: monotonic clock."""
    outcome = Outcome()
    open_ = [_begin(check, numbers[start::workers], memory) for start in range(workers) if numbers[start::workers]]
    while open_ and (until is None or time.monotonic() < until):
        for ready in wait([worker.wire for worker in open_], timeout=1.0):
            worker = next(one for one in open_ if one.wire is ready)
            if not _listen(worker, outcome):
                open_.remove(worker)
                open_ += _after(worker, check, memory, outcome, "the process fell over")
        for worker in [one for one in open_ if one.began and time.monotonic() - one.since > limit]:
            open_.remove(worker)
            open_ += _after(worker, check, memory, outcome, f"no end after {limit:g} s")
    for worker in open_:
        _end(worker)
    return outcome


def _begin(check: Check, numbers: range, memory: int) -> _Worker:
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_work, args=(theirs, check, numbers, memory), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, numbers, time.monotonic())


def _listen(worker: _Worker, outcome: Outcome) -> bool:
    """Take in what a worker says; whether it is still there."""
    try:
        number, *said = worker.wire.recv()
    except (EOFError, OSError):
        return False
    worker.since, worker.began = time.monotonic(), True
    if said:
        outcome.add(number, *said)
        worker.left = worker.left[1:]
    return True


def _after(worker: _Worker, check: Check, memory: int, outcome: Outcome, why: str) -> Iterator[_Worker]:
    """End a worker; where it had cases left it died of the first, and another goes on with the rest."""
    _end(worker)
    if not worker.began:
        raise ChildProcessError("a worker did not even begin")
    if worker.left:
        outcome.findings.append(Finding(worker.left[0], f"{why} (exit code {worker.process.exitcode})"))
        if worker.left[1:]:
            yield _begin(check, worker.left[1:], memory)


def _end(worker: _Worker) -> None:
    if worker.process.is_alive() and worker.left:
        worker.process.kill()
    worker.process.join()
    worker.wire.close()


def _work(wire: Connection, check: Check, numbers: Sequence[int], memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(BrokenPipeError):
        for number in numbers:
            wire.send((number,))
            begun, subject, why = time.process_time(), "?", None
            try:
                subject = check(number)
            except BaseException as error:  # noqa: BLE001 (any is a finding, whatever it is)
                subject = next((note.partition(": ")[2] for note in getattr(error, "__notes__", ())), subject)
                why = "".join(traceback.format_exception(error)[-4:])
            wire.send((number, subject, time.process_time() - begun, why))
