"""A slice of the long torture (`make torture`, which plays with a real site too): the same play with nine kills."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from random import Random

from archiver.store import prepare, reader
from torture import cuts, worlds
from torture.__main__ import report
from torture.play import Outcome, Play
from torture.telling import Lines

CHECKPOINT = """import sqlite3, sys
print(sqlite3.connect(sys.argv[1], timeout=0).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])"""


def test_a_hostile_web_and_nine_kills_leave_an_archive_that_says_what_one_in_peace_says(tmp_path: Path) -> None:
    told: list[str] = []
    with worlds.demonstration(11) as world:
        outcome = Play(world, tmp_path, 11, lambda part, _: told.append(part)).run(9)

    assert outcome.found == []
    assert outcome.done["kills"] == 9
    assert outcome.done["full disks"] > 0
    assert outcome.done["reads"] > 20
    assert outcome.done["backups"] > 0
    assert outcome.faults.total() > 20
    assert told.count("1, undisturbed") == 2
    assert told[-1] == "the end, rebuild"


def test_cutting_logs_takes_no_lock_from_those_who_read_in_the_same_process(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    prepare(archive)
    with closing(sqlite3.connect(archive, isolation_level=None)) as writer, closing(reader(archive)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM captures").fetchone()
        writer.execute("CREATE TABLE more (x)")

        made, wrong = cuts.try_some(archive, tmp_path, Random(1), 1)
        busy = subprocess.run([sys.executable, "-c", CHECKPOINT, str(archive)], capture_output=True, check=True)

    assert made == 1
    assert wrong == []
    assert busy.stdout.strip() == b"1"


def test_lines_tell_kills_findings_time_and_rate_but_not_too_often() -> None:
    said: list[str] = []
    times = iter([0.0, 30.0, 40.0, 50.5, 61.0])
    lines = Lines("corpus", 60, said.append, lambda: next(times))
    outcome = Outcome()
    outcome.done.update(kills=4, crawls=5, cuts=2)

    lines("2025-10-10, kills", outcome)
    lines("2025-10-10, kills", outcome)
    outcome.done.update(kills=2, crawls=2)
    lines("2025-10-10, kills", outcome)
    lines("the end, rebuild", outcome)

    assert said == [
        "corpus, 2025-10-10, kills: 4 of 60 kills, 5 crawls, 2 cuts; 0 findings; 0 min 30 s, 8.0 kills a minute",
        "corpus, 2025-10-10, kills: 6 of 60 kills, 7 crawls, 2 cuts; 0 findings; 0 min 50 s, 7.1 kills a minute",
        "corpus, the end, rebuild: 6 of 60 kills, 7 crawls, 2 cuts; 0 findings; 1 min 01 s, 5.9 kills a minute",
    ]


def test_the_report_tells_real_kills_from_crawls_that_ended_before() -> None:
    outcome = Outcome()
    outcome.done.update(kills=60, crawls=71, backups=9)
    outcome.faults.update(reset=3)
    outcome.find("in the end", ["2 captures are unread"])

    assert report("corpus", outcome, 187.0) == [
        "corpus: 60 of 71 crawls were killed by SIGKILL, 11 ended before, 9 backups;"
        " 3 answers spoiled once; 3 min 07 s",
        "  reset 3",
        "  FOUND in the end: 2 captures are unread",
    ]
