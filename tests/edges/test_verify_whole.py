"""The whole file verified in parallel: the same answer, a report, and a memory of how far it came."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from store_town import DAY_ONE, Town, document

from archiver.store import open_archive, seals
from archiver.verify import checks, verify, whole
from archiver.verify.whole import Step, verify_file


@pytest.fixture
def sealed(town: Town) -> Path:
    for run in range(2):
        for number in range(5):
            address = town.address(f"sida/{number}")
            capture = town.capture(address, b"<p>%d %d</p>" % (run, number) * 30, run * 3 + 1)
            town.read(capture, document(f"Text {run} {number}"))
        town.finish(run * 3 + 2)
        town.run = town.begin(run * 3 + 3)
    town.archive.close()
    return town.path


def harm(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute("PRAGMA foreign_keys = OFF")
        conn.execute("PRAGMA ignore_check_constraints = ON")
        triggers = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.execute(statement)
        for _, sql in triggers:
            conn.execute(sql)


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_report_counts_what_was_checked(sealed: Path, jobs: int) -> None:
    report = verify_file(sealed, jobs=jobs)
    assert (report.problems, report.notes) == ([], [])
    assert {name: report.checked[name] for name in ("captures", "bodies", "documents")} == {
        "captures": 10, "bodies": 10, "documents": 10,
    }  # fmt: skip
    with open_archive(sealed) as archive:
        last = seals.last(archive.reader)
    assert last is not None
    assert report.seal == last["chain"]


HARMS = {
    "a body": ("UPDATE bodies SET data = x'28b52ffd00' WHERE id = 3", "body 3"),
    "a capture": ("UPDATE captures SET robots = 'x' WHERE id = 4", "capture 4 "),
    "rules": ("UPDATE rules SET content = '{}'", "rules 1 are not those"),
    "an address": ("UPDATE addresses SET key = 'https://x.example/' WHERE id = 2", "address 2 is not known"),
    "a passage": ("UPDATE passages SET text = 'annat' WHERE id = 2", "passage 2 is not the text"),
    "a block": ("UPDATE blocks SET level = 3 WHERE document_id = 1 AND position = 0", "document 1 is not"),
    "a document": ("UPDATE documents SET title = 'annat' WHERE id = 1", "document 1 is not what was read"),
    "a body's fate": ("UPDATE bodies SET fate = 'kep|' WHERE id = 2", "CHECK constraint failed in bodies"),
    "an index": ("INSERT INTO passages_fts(passages_fts, rowid, text) VALUES ('delete', 1, 'Sida')",
                 "full-text index passages_fts does not fit"),
    "an id": ("UPDATE captures SET body_id = 99 WHERE id = 4", "captures row 4 points at"),
    "a leaf": ("UPDATE captures SET leaf = 'åäö' WHERE id = 4", "capture 4 "),
}  # fmt: skip


@pytest.mark.parametrize("what", HARMS)
def test_what_was_altered_is_named(sealed: Path, what: str) -> None:
    statement, told = HARMS[what]
    harm(sealed, statement)
    problems = verify_file(sealed).problems
    assert any(told in problem for problem in problems), problems


def test_in_parallel_it_finds_what_it_finds_one_after_another(sealed: Path) -> None:
    harm(sealed, *(statement for what, (statement, _) in HARMS.items() if what != "an index"))
    with open_archive(sealed) as archive:
        alone = set(verify(archive.reader))
    assert {p for p in verify_file(sealed, jobs=4).problems if "full-text" not in p} == alone


def test_an_index_is_not_checked_while_another_program_writes(sealed: Path) -> None:
    with open_archive(sealed):
        report = verify_file(sealed)
    assert report.problems == []
    assert "the full-text indexes were not checked: another archiver is writing" in report.notes[0]


# going on ---------------------------------------------------------------------------------------------


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def stop_after(count: int) -> Any:
    def watch(done: int, _: int) -> None:
        if done >= count:
            raise Stopped

    return watch


def test_stopped_half_way_it_goes_on_from_there(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "NOTED_EVERY", 0.0)
    harm(sealed, "UPDATE captures SET robots = 'x' WHERE id = 4")
    with pytest.raises(Stopped):
        verify_file(sealed, jobs=1, watch=stop_after(11))
    noted = json.loads(sealed.with_name("archive.db.verifying").read_text())
    assert len(noted["done"]) == 11
    ran: list[Step] = []
    run = whole._in_parallel
    monkeypatch.setattr(whole, "_in_parallel", lambda path, steps, jobs: run(path, ran.extend(steps) or steps, jobs))
    report = verify_file(sealed, resume=True)
    assert report.resumed == 11
    assert not {step.mark for step in ran} & set(noted["done"])
    assert any("capture 4 " in problem for problem in report.problems)
    assert not sealed.with_name("archive.db.verifying").exists()


def test_what_came_since_is_checked_too(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "NOTED_EVERY", 0.0)
    with pytest.raises(Stopped):
        verify_file(sealed, jobs=1, watch=stop_after(len(checks.ONCE) + len(checks.PARTS) - 1))
    with open_archive(sealed) as archive:
        archive.write(lambda c: c.execute("INSERT INTO headers (sha256, content) VALUES (?, '[]')", ("0" * 64,)))
    assert any("headers 2 are not" in problem for problem in verify_file(sealed, resume=True).problems)


def test_what_looks_at_the_whole_file_looks_again_where_something_came_since(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "NOTED_EVERY", 0.0)
    with pytest.raises(Stopped):
        verify_file(sealed, jobs=1, watch=stop_after(len(checks.ONCE) + 1))
    with open_archive(sealed) as archive:
        archive.write(lambda c: c.execute(
            """INSERT INTO takedowns (received_at, about, asker, ground, actor, noted_at, digest)
               VALUES ('2026-03-02T00:00:00Z', 'x', 'a', 'b', 'c', '2026-03-02T00:00:00Z', ?)""", ("0" * 64,)
        ))  # fmt: skip
    report = verify_file(sealed, resume=True)
    assert report.problems == ["takedowns row 1 is not what was written"]
    assert report.resumed > 0


def test_a_note_of_another_file_in_the_same_place_is_not_gone_on_from(
    sealed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "NOTED_EVERY", 0.0)
    with pytest.raises(Stopped):
        verify_file(sealed, jobs=1, watch=stop_after(len(checks.ONCE) + 1))
    backup = sealed.with_name("backup.db")
    backup.write_bytes(sealed.read_bytes())
    backup.replace(sealed)
    assert verify_file(sealed, resume=True).resumed == 0


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[1]", b'{"done": 3, "problems": []}', b"\xff\xfe"])
def test_a_broken_note_means_from_the_beginning(sealed: Path, rubbish: bytes) -> None:
    sealed.with_name("archive.db.verifying").write_bytes(rubbish)
    report = verify_file(sealed, resume=True)
    assert (report.resumed, report.problems) == (0, [])


def test_a_stamp_that_is_none_is_named_where_it_can_be_read(sealed: Path) -> None:
    with open_archive(sealed) as archive:
        archive.write(lambda c: seals.add_stamp(c, 1, "https://tsa.example", DAY_ONE, b"rubbish"))
    report = verify_file(sealed)
    told = report.problems + report.notes
    assert any("the stamp of seal 1" in one or "time-stamps were not checked" in one for one in told), told


# the end of the chain ---------------------------------------------------------------------------------


def test_runs_cut_off_the_end_are_missed_by_whoever_kept_the_seal(sealed: Path) -> None:
    with open_archive(sealed) as archive:
        kept = str(seals.last(archive.reader)["chain"])  # type: ignore[index]
    assert verify_file(sealed, anchor=kept.upper()).problems == []
    harm(
        sealed, "DELETE FROM readings WHERE capture_id > 5", "DELETE FROM captures WHERE run_id >= 2",
        "DELETE FROM seals WHERE id = 2", "DELETE FROM runs WHERE id >= 2",
    )  # fmt: skip
    assert [p for p in verify_file(sealed).problems if "seal" in p] == []
    (problem,) = [p for p in verify_file(sealed, anchor=kept).problems if "seal" in p]
    assert f"the seal {kept} is not in this archive: runs were cut off its end" in problem
