"""Crawls of a hostile web that are killed at any instant, while others read, back up and set the clock.

Each day of the world is crawled by children that are killed, until so many were; then twice in peace. An archive that
nobody disturbed is crawled the same days. In the end both must say the same.

How long a child lives is drawn by lot, up to what the crawl in peace had to compute that day. One that finds little to
do may end before: it was a crawl, and no kill. Nothing goes by seconds of a wall clock, which on a machine that others
share may bring a hundred kills before a child has begun, or none ever.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from archiver.errors import StoreError
from archiver.store import reader
from torture import cuts, findings
from torture.worlds import World

ROOT = Path(__file__).parents[2]
CHILD = Path(__file__).with_name("child.py")
MONTH = 30 * 86_400
"""Seconds from one day of a world to the next, by the children's clock: a jump stays within its day."""
JUMP = 9 * 86_400
BACKUP_EVERY = 3
"""A backup is made beside one of so many crawls."""
PATIENCE = 600.0
"""Seconds after which a crawl that did not end is a finding: most take a few."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests", ROOT)))}


@dataclass
class Outcome:
    """What was done and what was found."""

    done: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    def find(self, when: str, problems: list[str]) -> None:
        """Note what is wrong, and when."""
        self.found += [f"{when}: {problem}" for problem in problems]


Tell = Callable[[str, Outcome], None]
"""Whoever wants to know how far it came: the day with what is done on it, and what was done until now."""


class Play:
    """One world, two archives of it: one tortured, one left in peace."""

    def __init__(self, world: World, folder: Path, seed: int, tell: Tell = lambda *_: None) -> None:
        self.world, self.folder, self.chance, self._tell = world, folder, Random(seed), tell
        self.config = world.configure(folder)
        self.archive, self.peace = folder / "archive.db", folder / "peace.db"
        self.clock, self._span_file = folder / "clock", folder / "span"
        self.clock.write_text("0", "ascii")
        self.outcome = Outcome()
        self._whole = (0.0, 0.0)  # what a crawl of the day computes, in seconds: until it has begun, and in all
        self._span = self._whole  # and what the next may, as far as is known
        self._known: dict[int, str] = {}
        self._backup_due = threading.Event()

    def run(self, kills: int) -> Outcome:
        """All of it; the archive's process is killed so many times."""
        with self._others():
            for number, day in enumerate(self.world.days):
                self.world.show(day)
                self._set_clock(number * MONTH)
                self._undisturbed(day)
                share = kills * (number + 1) // len(self.world.days)
                self._spoil(calm=False)
                while self.outcome.done["kills"] < share:
                    self._killed(number)
                    if self.outcome.done["crawls"] % 8 == 1:
                        self._starved()
                    self._tell(f"{day}, kills", self.outcome)
                self._spoil(calm=True)
                self._set_clock(number * MONTH + JUMP)  # what was asked in a future that was none waits for it
                self._in_peace(self.archive, f"{day}, in peace again")
                self.outcome.find(f"day {day}", findings.lost(self.world.fronts, self.archive))
        self._compare()
        for front in self.world.fronts:
            self.outcome.faults.update(said.fault for said in front.said if said.fault)
        return self.outcome

    def _undisturbed(self, day: str) -> None:
        """The other archive's crawls of a day, of which the logs keep nothing."""
        before = [len(front.said) for front in self.world.fronts]
        self._in_peace(self.peace, f"{day}, undisturbed")
        for front, heard in zip(self.world.fronts, before, strict=True):
            del front.said[heard:]

    def _in_peace(self, archive: Path, when: str) -> None:
        """Two whole crawls, three days apart: a page that is gone is gone for sure at the second look.

        The first shows how much a crawl of that day computes, the second how much until it has begun: a first one may
        have to make the archive.
        """
        spans = []
        for _ in range(2):
            self._tell(when, self.outcome)
            child = self._start(archive, "--again")
            _, errors = self._end_of(child)
            if child.returncode != 0:
                self.outcome.find("a crawl in peace", [f"ended with {child.returncode}: {errors.decode()[-500:]}"])
            self._set_clock(self._off + 3 * 86_400)
            spans.append(self._computed())
        self._whole = self._span = (spans[1][0], spans[0][1])

    def _computed(self) -> tuple[float, float]:
        """What the last child that came to its end says of itself; nothing where none ever did."""
        begun, ended = self._span_file.read_text("ascii").split() if self._span_file.exists() else (0, 0)
        return float(begun), float(ended)

    def _end_of(self, child: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
        """What it said when it had ended; one that never does is a finding."""
        try:
            return child.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.outcome.find("a crawl", [f"did not end in {PATIENCE:.0f} seconds"])
            os.killpg(child.pid, signal.SIGKILL)
            return child.communicate()

    def _killed(self, number: int) -> None:
        """One crawl that is ended at any instant of its life, and a look at what it left."""
        words = self.chance.choice([("--again",), ()])
        self._jump(number, onwards=not words and self.chance.random() < 0.75)
        whole = "1" if self.chance.random() < 0.5 else ""  # else the writer alone
        child = self._start(self.archive, *words, TORTURE_LIFE=f"{self._life():.4f}", TORTURE_ALL=whole)
        if self.outcome.done["crawls"] % BACKUP_EVERY == 0:
            self._backup_due.set()
        self._end_of(child)
        self._await_readers(child)
        was_killed = child.returncode == -signal.SIGKILL
        self._span = self._whole if was_killed else self._computed()
        self.outcome.done["kills"] += was_killed
        self.outcome.done["crawls"] += 1
        if not self.archive.exists():
            return
        self._cut()
        self._look()

    def _jump(self, number: int, *, onwards: bool) -> None:
        """Set the clock to any time of the day's; `onwards`: to no earlier one, at which little would be due."""
        off = number * MONTH + self.chance.randint(-JUMP, JUMP)
        self._set_clock(max(off, self._off) if onwards else off)

    def _life(self) -> float:
        """Seconds of computing: now and then it dies as it starts; else later, and more often sooner than late.

        After one that found so little to do that it came to its end, the next dies by then.
        """
        begun, ended = self._span
        if self.chance.random() < 0.1:
            return self.chance.uniform(0, begun)
        return begun + (ended - begun) * self.chance.random() ** 2

    def _starved(self) -> None:
        """One crawl on a disk that is full after a while: it says so, in words, and what it had kept is kept."""
        if not self.archive.exists():
            return
        room = self.chance.randrange(1 << 12, 1 << 20)
        most = max(file.stat().st_size for file in self.folder.glob("archive.db*")) + room
        child = self._start(self.archive, "--again", TORTURE_MOST=str(most))
        out, errors = self._end_of(child)
        said = errors.decode() + out.decode()
        self.outcome.done["full disks"] += child.returncode != 0
        if "Traceback" in said or (child.returncode and "full" not in said and "disk" not in said):
            self.outcome.find("on a full disk", [f"ended with {child.returncode}: {said[-600:]}"])
        self._look()

    def _await_readers(self, child: "subprocess.Popen[bytes]") -> None:
        """Readers that lose their parent end by themselves."""
        for _ in range(300):
            try:
                os.killpg(child.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)
        self.outcome.find("after a kill", ["a reader outlived its crawl by half a minute"])
        os.killpg(child.pid, signal.SIGKILL)

    def _cut(self) -> None:
        """Copies of what the kill left, each with its log cut as a loss of power may cut it."""
        made, wrong = cuts.try_some(self.archive, self.folder, self.chance, 2)
        self.outcome.done["cuts"] += made
        self.outcome.find("after a cut", wrong)

    def _look(self) -> None:
        """Nothing that was committed is lost, and nothing is wrong with what is there."""
        try:
            self.outcome.find("after a kill", findings.wounds(self.archive))
            now = findings.evidence(self.archive)
        except StoreError as error:  # killed before the file was an archive
            if self._known:
                self.outcome.find("after a kill", [str(error)])
            return
        lost = [number for number, leaf in self._known.items() if now.get(number) != leaf]
        self.outcome.find("after a kill", [f"capture {number} is another or gone" for number in lost])
        self._known = now

    def _compare(self) -> None:
        """The tortured archive says what the other says; and read anew it says the same again."""
        self.outcome.find("in the end", findings.wounds(self.archive))
        unread = findings.rows(self.archive, "SELECT count(*) FROM unread")[0][0]
        open_runs = findings.rows(self.archive, "SELECT count(*) FROM runs WHERE finished_at IS NULL")[0][0]
        self.outcome.find("in the end", [f"{unread} captures are unread"] if unread else [])
        self.outcome.find("in the end", [f"{open_runs} runs never ended"] if open_runs else [])
        self.outcome.find("beside peace", findings.unlike(findings.told(self.peace), findings.told(self.archive)))
        before = findings.all_opinions(self.archive)
        self._tell("the end, rebuild", self.outcome)
        shutil.copyfile(self.archive, self.folder / "before-rebuild.db")  # for whoever looks into a finding
        again = self._call("rebuild")
        self.outcome.find("rebuild", again)
        self.outcome.find("after a rebuild", findings.unlike(before, findings.all_opinions(self.archive)))
        self.outcome.find("verify", self._call("verify"))
        self.outcome.done["captures"] = len(findings.evidence(self.archive))

    @contextmanager
    def _others(self) -> Iterator[None]:
        """Readers that query, and somebody who backs up, for as long as the block takes."""
        over = threading.Event()
        threads = [threading.Thread(target=work, args=(over,)) for work in (self._reads, self._reads, self._backs_up)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _reads(self, over: threading.Event) -> None:
        while not over.wait(0.2):
            try:
                conn = reader(self.archive)
            except StoreError:  # not there, or not an archive yet
                continue
            try:
                self.outcome.find("a reader beside a crawl", findings.glance(conn))
                conn.execute("SELECT * FROM page_changes ORDER BY revision_id DESC LIMIT 20").fetchall()
                conn.execute("SELECT rowid FROM passages_fts WHERE passages_fts MATCH 'kommun*' LIMIT 20").fetchall()
                self.outcome.done["reads"] += 1
            except (sqlite3.Error, StoreError) as error:
                self.outcome.find("a reader beside a crawl", [repr(error)])
            finally:
                conn.close()

    def _backs_up(self, over: threading.Event) -> None:
        while not over.is_set():
            if not self._backup_due.wait(0.2):
                continue
            self._backup_due.clear()
            if not self.archive.exists():
                continue
            copy = self.folder / f"copy-{self.outcome.done['backups']}.db"
            said = self._call("backup", str(copy))
            if said and "crawl` makes an archive" not in said[0]:
                self.outcome.find("a backup beside a crawl", said)
            elif not said:
                self.outcome.find("a backup", findings.wounds(copy))
                self.outcome.done["backups"] += 1
            for file in self.folder.glob("copy-*"):
                file.unlink()

    def _call(self, *words: str) -> list[str]:
        """Run a command on the tortured archive; what it said where it failed."""
        command = [sys.executable, str(CHILD), str(self.clock), "--config", str(self.config), "--archive"]
        done = subprocess.run([*command, str(self.archive), *words], capture_output=True, env=ENVIRONMENT, check=False)
        if done.returncode == 0:
            return []
        return [f"{' '.join(words)} ended with {done.returncode}: {(done.stderr + done.stdout).decode()[-600:]}"]

    def _start(self, archive: Path, *more: str, **torture: str) -> "subprocess.Popen[bytes]":
        """A crawl; `torture` is for the child."""
        command = [sys.executable, str(CHILD), str(self.clock), "--config", str(self.config)]
        return subprocess.Popen(
            [*command, "--archive", str(archive), "crawl", "--json", *more],
            env=ENVIRONMENT | {"TORTURE_SPAN": str(self._span_file)} | torture,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def _spoil(self, *, calm: bool) -> None:
        for front in self.world.fronts:
            front.calm = calm

    def _set_clock(self, off: float) -> None:
        self._off = off
        waiting = self.clock.with_suffix(".new")
        waiting.write_text(str(off), "ascii")
        waiting.replace(self.clock)
