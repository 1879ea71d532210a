"""A file verified in parallel, with a report; stopped half-way, it goes on from there.

Hashing and unpacking leave the interpreter's lock alone, so threads are enough: each has a connection of its own. What
is done is noted beside the archive (`archive.db.verifying`), by ranges of ids; what came later is a range of its own,
and what looks at the whole file is done again where anything came. The note is of that very file, and a convenience, no
evidence: without `resume` it is not looked at.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from archiver.digests import digest
from archiver.errors import Damaged, StoreError
from archiver.stamp import Trust
from archiver.store import explained, logs, reader, seals, upkeep
from archiver.verify import missing_anchor, stamps
from archiver.verify.checks import ONCE, PARTS, telling
from archiver.verify.stamps import Stamped

NOTED_EVERY = 1.0
"""Seconds between two notes of how far it came."""
Watch = Callable[[int, int], None]


@dataclass
class Report:
    """What was checked and what does not fit."""

    archive: str
    seal: str | None = None  # the last in the chain: keep it elsewhere
    checked: dict[str, int] = field(default_factory=dict)  # rows, by table
    stamps: list[Stamped] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what could not be checked, and why
    resumed: int = 0  # steps that an earlier verification had done
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One check, or one range of ids of it."""

    name: str
    first: int = 0
    last: int = 0
    stand: str = ""  # of a check of the whole file: how far the archive went then

    @property
    def mark(self) -> str:
        """How the step is noted."""
        return f"{self.name}:{self.stand or f'{self.first}:{self.last}'}"


def verify_file(
    path: Path,
    *,
    jobs: int = 2,
    resume: bool = False,
    anchor: str | None = None,
    trust: Trust | None = None,
    watch: Watch | None = None,
) -> Report:
    """Verify the archive; the report. `watch` is called with (done, all) steps. Raises StoreError.

    With `trust` every stamp must be signed under one of its roots; without, who signed them is left open, and noted.
    """
    begun = time.monotonic()
    report = Report(str(path))
    note = _Note(path, resume=resume)
    with explained(path), closing(reader(path)) as conn:
        sealed = seals.last(conn)
        report.seal = sealed["chain"] if sealed else None
        steps = list(_steps(conn, report))
        todo = [step for step in steps if step.mark not in note.done]
        report.resumed = len(steps) - len(todo)
        report.problems += note.problems
        for done, (step, problems) in enumerate(_in_parallel(path, todo, jobs), start=1):
            report.problems += problems
            note.add(step, problems)
            if watch is not None:
                watch(report.resumed + done, len(steps))
        report.problems += missing_anchor(conn, anchor)
        report.stamps, noted = stamps.of_archive(conn, trust)
    report.problems += [f"{one.name} {one.doubt}" for one in report.stamps if one.doubt]
    report.notes += noted
    for problem, is_fault in _of_index(path):
        (report.problems if is_fault else report.notes).append(problem)
    note.forget()
    report.problems = list(dict.fromkeys(report.problems))
    report.seconds = round(time.monotonic() - begun, 2)
    return report


def _steps(conn: sqlite3.Connection, report: Report) -> Iterator[Step]:
    """All there is to do; the rows of each table are counted on the way."""
    stand = _stand(conn)
    for name in ONCE:
        yield Step(name, stand=stand)
    for name, part in PARTS.items():
        count, low, high = conn.execute(
            f"SELECT count(*), coalesce(min(id), 0), coalesce(max(id), -1) FROM {part.table}"
        ).fetchone()
        report.checked[name] = count
        for first in range(low - low % part.rows, high + 1, part.rows):
            yield Step(name, first, min(first + part.rows - 1, high))


def _stand(conn: sqlite3.Connection) -> str:
    """How far the archive goes: the newest row of each table that is only added to, in a word."""
    newest = [conn.execute(f"SELECT max(id) FROM {table}").fetchone()[0] for table in ("seals", "captures", *logs.LOGS)]
    return digest(newest)[:16]


def _in_parallel(path: Path, steps: list[Step], jobs: int) -> Iterator[tuple[Step, list[str]]]:
    """Each step with what it found, as they end."""
    local = threading.local()
    opened: list[sqlite3.Connection] = []

    def run(step: Step) -> list[str]:
        if not hasattr(local, "conn"):
            local.conn = reader(path, any_thread=True)
            opened.append(local.conn)
        if step.name in ONCE:
            return list(telling(partial(ONCE[step.name], local.conn), step.name))
        return list(telling(partial(PARTS[step.name].check, local.conn, step.first, step.last), step.name))

    pool = ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="verify")
    try:
        waiting: dict[Future[list[str]], Step] = {pool.submit(run, step): step for step in steps}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for conn in opened:
            conn.close()


def _of_index(path: Path) -> Iterator[tuple[str, bool]]:
    """The full-text indexes against their texts."""
    try:
        for fault in upkeep.index_faults(path):
            yield fault, True
    except Damaged as error:
        yield str(error), True
    except StoreError as error:
        yield f"the full-text indexes were not checked: {error}", False


class _Note:
    """How far a verification came, beside the archive."""

    def __init__(self, archive: Path, *, resume: bool) -> None:
        self._path = archive.with_name(archive.name + ".verifying")
        self._file = archive.stat().st_ino if archive.exists() else 0  # a backup that was restored is another
        self._noted = time.monotonic()
        self.done: set[str] = set()
        self.problems: list[str] = []
        if resume:
            self._read()

    def add(self, step: Step, problems: list[str]) -> None:
        """Note the step, now and then on disk."""
        self.done.add(step.mark)
        self.problems += problems
        if time.monotonic() - self._noted >= NOTED_EVERY:
            self._write()

    def forget(self) -> None:
        """The verification is over."""
        self._path.unlink(missing_ok=True)

    def _write(self) -> None:
        self._noted = time.monotonic()
        try:
            noted = {"file": self._file, "done": sorted(self.done), "problems": self.problems}
            self._path.write_text(json.dumps(noted), "utf-8")
        except OSError:  # a folder that takes nothing: then it cannot be resumed
            self._noted = float("inf")

    def _read(self) -> None:
        try:
            noted = json.loads(self._path.read_text("utf-8"))
            if noted["file"] != self._file:
                return
            self.done, self.problems = {str(mark) for mark in noted["done"]}, [str(p) for p in noted["problems"]]
        except (OSError, ValueError, KeyError, TypeError):
            self.done, self.problems = set(), []
