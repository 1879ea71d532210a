"""A copy for a bad day: whole whatever is being written, checked before it has a name, and put back without loss."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from program import ENVIRONMENT, archiver

from archive import Town
from archiver.errors import EvidenceError, StoreError
from archiver.store import copies, open_archive, prepare, reader
from archiver.transfer import deltas
from archiver.transfer.backup import Check, back_up, restore
from archiver.verify import verify as all_of_it
from pretend import page

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
verify: Check = all_of_it


@pytest.fixture
def lived(exempel: Town) -> Town:
    """The pretend municipality after two days: one edit."""
    site = exempel.site
    site["/"] = page("Start", links=[("/taxor", "Taxor"), ("/bo", "Bo")])
    site["/taxor"] = page("Taxor", "Avgiften är 500 kr.", updated="2026-01-02")
    site["/bo"] = page("Bo", "Tomter finns.")
    exempel.crawl()
    site["/taxor"] = page("Taxor", "Avgiften är 900 kr.", updated="2026-01-02")
    exempel.day()
    return exempel


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as conn:
        return conn.execute(sql).fetchall()


def nothing_but(folder: Path, *names: str) -> bool:
    return {path.name for path in folder.iterdir()} == set(names)


def test_a_backup_is_one_file_named_by_time_with_its_digest_beside_it(lived: Town, tmp_path: Path) -> None:
    (folder := tmp_path / "kept").mkdir()
    made = back_up(lived.archive.path, folder, AT, verify)
    assert made.path == folder / "archive-20260309T120000Z.db"
    assert nothing_but(folder, made.path.name, made.path.name + ".sha256")
    assert (folder / f"{made.path.name}.sha256").read_text() == f"{copies.file_digest(made.path)}  {made.path.name}\n"
    assert made.verified
    assert made.captures == len(lived.rows("SELECT id FROM captures"))
    assert [(made.seal,)] == lived.rows("SELECT chain FROM seals ORDER BY id DESC LIMIT 1")


def test_a_backup_is_the_archive_as_of_one_commit_while_a_crawl_writes(lived: Town, tmp_path: Path) -> None:
    """Between any two pages of the copy the site changes and is crawled."""
    path, before = lived.archive.path, lived.rows("SELECT id, leaf FROM captures ORDER BY id")
    crawls = []

    def crawl(done: int, total: int) -> None:
        if len(crawls) < 5 and done < total:
            lived.site["/bo"] = page("Bo", f"Det finns {len(crawls)} tomter kvar.")
            crawls.append(lived.day().changed)

    copies.copy(path, tmp_path / "copy.db", crawl, step=8)

    assert crawls == [1, 1, 1, 1, 1]
    assert rows(tmp_path / "copy.db", "SELECT id, leaf FROM captures ORDER BY id") == before
    with closing(reader(tmp_path / "copy.db")) as conn:
        assert list(verify(conn)) == []
    assert len(lived.rows("SELECT id FROM captures")) > len(before)


def test_a_backup_holds_what_is_still_in_the_log(lived: Town, tmp_path: Path) -> None:
    assert lived.archive.path.with_name("archive.db-wal").stat().st_size > 0
    made = back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    assert rows(made.path, "SELECT id, leaf FROM captures") == lived.rows("SELECT id, leaf FROM captures")


def test_what_did_not_change_stands_where_it_stood_in_the_backup_before(lived: Town, tmp_path: Path) -> None:
    """So that whatever keeps both keeps only what is new."""
    for number in range(60):
        lived.site[f"/bo/{number}"] = page(f"Tomt {number}", f"Tomt {number} är {number * 37} kvadratmeter.")
    lived.site["/bo"] = page("Bo", links=[(f"/bo/{number}", f"Tomt {number}") for number in range(60)])
    lived.day()
    first = back_up(lived.archive.path, tmp_path / "1.db", AT, None).path.read_bytes()
    lived.site["/bo/7"] = page("Tomt 7", "Tomt 7 är såld.")
    lived.day()
    second = back_up(lived.archive.path, tmp_path / "2.db", AT, None).path.read_bytes()
    blocks = [(first[i : i + 4096], second[i : i + 4096]) for i in range(0, len(first), 4096)]
    assert sum(a == b for a, b in blocks) > 0.5 * len(blocks)


def test_a_backup_takes_no_other_files_place(lived: Town, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(StoreError, match="never takes the place"):
        back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_backup_of_a_broken_archive_is_refused_and_leaves_nothing(lived: Town, tmp_path: Path) -> None:
    lived.archive.writer._conn.execute("DROP TRIGGER captures_never_change")
    lived.archive.write(lambda c: c.execute("UPDATE captures SET robots = 'x' WHERE id = 2"))
    (folder := tmp_path / "kept").mkdir()
    with pytest.raises(EvidenceError, match="captures_never_change is missing; capture 2"):
        back_up(lived.archive.path, folder, AT, verify)
    assert nothing_but(folder)
    assert back_up(lived.archive.path, folder, AT, None).captures > 0


LIMITED = """
import resource, sys

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
import archiver.cli
archiver.cli.main()
"""


@pytest.mark.parametrize("words", [["backup", "kept"], ["restore", "whole.db", "--replace"]])
def test_a_disk_without_room_is_said_and_nothing_is_left(lived: Town, tmp_path: Path, words: list[str]) -> None:
    """A file that may not grow stands in for the full disk; SQLite hears of both from the same call."""
    (folder := tmp_path / "kept").mkdir()
    back_up(lived.archive.path, tmp_path / "whole.db", AT, verify)
    known = lived.rows("SELECT id, leaf FROM captures")
    lived.archive.close()
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, "--archive", "archive.db", *words], cwd=tmp_path, env=ENVIRONMENT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "the disk reports an error" in done.stderr
    assert "Traceback" not in done.stderr
    assert nothing_but(folder)
    assert not list(tmp_path.glob(".*"))
    assert rows(tmp_path / "archive.db", "SELECT id, leaf FROM captures") == known


def test_a_full_disk_is_said_by_its_name(lived: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connect = sqlite3.connect

    def small(name: object, *rest: object, **named: object) -> sqlite3.Connection:
        conn = connect(name, *rest, **named)  # type: ignore[arg-type]
        if str(name).endswith(".making"):
            conn.execute("PRAGMA max_page_count = 20")
        return conn

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(StoreError, match="the disk is full"):
        back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    assert not (tmp_path / "copy.db").exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_takes_nothing_is_said(lived: Town, tmp_path: Path) -> None:
    (folder := tmp_path / "kept").mkdir()
    folder.chmod(0o500)
    with pytest.raises(StoreError, match=r"cannot be opened|read-only"):
        back_up(lived.archive.path, folder, AT, verify)
    folder.chmod(0o700)


def test_an_archive_on_read_only_files_is_backed_up(lived: Town, tmp_path: Path) -> None:
    path, known = lived.archive.path, lived.rows("SELECT id, leaf FROM captures")
    lived.archive.close()
    path.chmod(0o400)
    made = back_up(path, tmp_path / "copy.db", AT, verify)
    path.chmod(0o600)
    assert rows(made.path, "SELECT id, leaf FROM captures") == known


def test_an_older_releases_archive_is_backed_up_as_it_is(tmp_path: Path) -> None:
    import gzip

    old = Path(__file__).parents[1] / "archives" / "002.db.gz"
    (tmp_path / "old.db").write_bytes(gzip.decompress(old.read_bytes()))
    made = back_up(tmp_path / "old.db", tmp_path / "copy.db", AT, verify)
    assert (made.captures, made.verified) == (25, False)
    back = restore(made.path, tmp_path / "archive.db", AT, verify)
    assert (back.captures, back.verified) == (25, True)


# restore ----------------------------------------------------------------------------------------------


def test_what_is_restored_is_what_was_backed_up_and_a_crawl_goes_on_from_there(lived: Town, tmp_path: Path) -> None:
    known, changes = lived.rows("SELECT id, leaf FROM captures"), lived.changes()
    made = back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    found = restore(made.path, tmp_path / "elsewhere.db", AT, verify)
    assert (found.captures, found.seal, found.verified) == (made.captures, made.seal, True)
    lived.archive.close()
    with open_archive(tmp_path / "elsewhere.db") as archive:
        lived.archive = archive
        assert lived.rows("SELECT id, leaf FROM captures") == known
        assert lived.changes() == changes
        lived.site["/taxor"] = page("Taxor", "Avgiften är 1 000 kr.", updated="2026-01-02")
        assert lived.day().changed == 1
        assert list(verify(archive.reader)) == []


def test_an_archive_is_not_written_over_but_renamed_where_that_is_asked_for(lived: Town, tmp_path: Path) -> None:
    path = lived.archive.path
    made = back_up(path, tmp_path / "copy.db", AT, verify)
    lived.day()
    later = lived.rows("SELECT id, leaf FROM captures")
    lived.archive.close()
    with pytest.raises(StoreError, match="there is an archive at"):
        restore(made.path, path, AT, verify)
    found = restore(made.path, path, AT, verify, replace=True)
    assert found.aside == tmp_path / "archive.db.before-20260309T120000Z"
    assert rows(found.aside, "SELECT id, leaf FROM captures") == later
    assert len(rows(path, "SELECT id FROM captures")) == made.captures


def test_a_log_left_behind_is_never_played_into_the_restored_archive(lived: Town, tmp_path: Path) -> None:
    """A crash leaves archive.db-wal; SQLite would play it into whichever file has that name."""
    path = lived.archive.path
    made = back_up(path, tmp_path / "copy.db", AT, verify)
    lived.site["/bo"] = page("Bo", "Alla tomter är sålda.")
    lived.day()
    (crashed := tmp_path / "crashed").mkdir()
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        shutil.copy(tmp_path / name, crashed)
    assert (crashed / "archive.db-wal").stat().st_size > 0

    found = restore(made.path, crashed / "archive.db", AT, verify, replace=True)

    assert len(rows(crashed / "archive.db", "SELECT id FROM captures")) == made.captures
    with closing(reader(crashed / "archive.db")) as conn:
        assert list(verify(conn)) == []
    assert found.aside is not None
    assert rows(found.aside, "SELECT id, leaf FROM captures") == lived.rows("SELECT id, leaf FROM captures")


def test_a_copy_of_a_crashed_archive_with_its_log_is_restored_with_what_the_log_holds(
    lived: Town, tmp_path: Path
) -> None:
    (crashed := tmp_path / "crashed").mkdir()
    for name in ("archive.db", "archive.db-wal"):
        shutil.copy(tmp_path / name, crashed)
    restore(crashed / "archive.db", tmp_path / "back.db", AT, verify)
    assert rows(tmp_path / "back.db", "SELECT id, leaf FROM captures") == lived.rows("SELECT id, leaf FROM captures")


def test_a_torn_log_loses_the_last_commits_and_nothing_else(lived: Town, tmp_path: Path) -> None:
    (crashed := tmp_path / "crashed").mkdir()
    shutil.copy(tmp_path / "archive.db", crashed)
    log = (tmp_path / "archive.db-wal").read_bytes()
    (crashed / "archive.db-wal").write_bytes(log[: len(log) * 2 // 3] + b"\xff" * 999)
    restore(crashed / "archive.db", tmp_path / "back.db", AT, verify)
    known = lived.rows("SELECT id, leaf FROM captures ORDER BY id")
    found = rows(tmp_path / "back.db", "SELECT id, leaf FROM captures ORDER BY id")
    assert 0 < len(found) < len(known)
    assert found == known[: len(found)]


def test_no_archive_is_replaced_while_another_program_writes_to_it(lived: Town, tmp_path: Path) -> None:
    made = back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    with pytest.raises(StoreError, match="another archiver is writing"):
        restore(made.path, lived.archive.path, AT, verify, replace=True)


@pytest.mark.parametrize("part", [1.0, 0.5])
def test_a_harmed_backup_is_refused_and_the_archive_stays(lived: Town, tmp_path: Path, part: float) -> None:
    """With one word altered, or with its second half missing."""
    made = back_up(lived.archive.path, tmp_path / "copy.db", AT, verify)
    known = lived.rows("SELECT id, leaf FROM captures")
    harmed = made.path.read_bytes().replace(b"exempelkoping.se/taxor", b"exempelkoping.se/taxar")
    made.path.write_bytes(harmed[: int(len(harmed) * part)])
    lived.archive.close()
    with pytest.raises(EvidenceError, match="is not the file that was made"):
        restore(made.path, lived.archive.path, AT, verify, replace=True)
    made.path.with_name("copy.db.sha256").unlink()
    with pytest.raises((EvidenceError, StoreError), match=r"not what was recorded|malformed|damaged|btree|Tree"):
        restore(made.path, lived.archive.path, AT, verify, replace=True)
    assert rows(lived.archive.path, "SELECT id, leaf FROM captures") == known


def test_what_is_no_backup_of_ours_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no backup at"):
        restore(tmp_path / "none.db", tmp_path / "a.db", AT, verify)
    (tmp_path / "text.db").write_bytes(b"Kommun " * 999)
    with pytest.raises(StoreError, match="not an SQLite database"):
        restore(tmp_path / "text.db", tmp_path / "a.db", AT, verify)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="is empty"):
        restore(tmp_path / "empty.db", tmp_path / "a.db", AT, verify)
    prepare(tmp_path / "later.db")
    with closing(sqlite3.connect(tmp_path / "later.db", isolation_level=None)) as conn:
        conn.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archiver', '999_later', 'now')"
        )
    with pytest.raises(StoreError, match=r"newer archiver.*999_later"):
        restore(tmp_path / "later.db", tmp_path / "a.db", AT, verify)
    assert not (tmp_path / "a.db").exists()


def test_the_commands_say_what_they_did(lived: Town, tmp_path: Path) -> None:
    archive = lived.archive.path
    said = archiver("--archive", archive, "backup", tmp_path / "copy.db")
    assert said.code == 0, said.err
    assert "all of it verified" in said.out
    assert "Last seal: " in said.out
    said = archiver("--archive", tmp_path / "back.db", "restore", tmp_path / "copy.db", "--verify", "--json")
    assert said.object["verified"] is True
    assert archiver("--archive", tmp_path / "back.db", "verify").code == 0


def grown(lived: Town) -> None:
    """Enough pages that a day's changes are a small part."""
    for number in range(40):
        lived.site[f"/bo/{number}"] = page(f"Tomt {number}", *(f"Tomt {number}, {n * number}." for n in range(60)))
    lived.site["/bo"] = page("Bo", links=[(f"/bo/{number}", f"Tomt {number}") for number in range(40)])
    lived.day()


LATER = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def test_an_incremental_backup_goes_into_a_folder(lived: Town, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no folder"):
        back_up(lived.archive.path, tmp_path / "misspelt", AT, None, incremental=True)
    assert not (tmp_path / "misspelt").exists()


def test_an_incremental_backup_is_what_changed_and_gives_the_same_archive(lived: Town, tmp_path: Path) -> None:
    (folder := tmp_path / "kept").mkdir()
    grown(lived)
    whole = back_up(lived.archive.path, folder, AT, verify, incremental=True)
    assert (whole.base, whole.path.suffix) == (None, ".db")
    lived.site["/bo/7"] = page("Tomt 7", "Tomt 7 är såld.")
    lived.day()
    known = lived.rows("SELECT id, leaf FROM captures")
    delta = back_up(lived.archive.path, folder, LATER, verify, incremental=True)
    assert (delta.base, delta.path.name, delta.verified) == (whole.path, "archive-20260310T120000Z.delta", True)
    assert delta.size < whole.size / 4
    assert delta.sha256 == copies.file_digest(delta.path)
    assert nothing_but(folder, *(f"{p.name}{end}" for p in (whole.path, delta.path) for end in ("", ".sha256")))
    made = restore(delta.path, tmp_path / "back.db", LATER, verify)
    assert made.seal == delta.seal
    assert rows(tmp_path / "back.db", "SELECT id, leaf FROM captures") == known


def test_a_delta_needs_its_base_as_it_was(lived: Town, tmp_path: Path) -> None:
    (folder := tmp_path / "kept").mkdir()
    grown(lived)
    whole = back_up(lived.archive.path, folder, AT, None)
    lived.day()
    delta = back_up(lived.archive.path, folder, LATER, None, incremental=True)
    data = delta.path.read_bytes()
    delta.path.with_name(delta.path.name + ".sha256").unlink()
    harms = {"cut": data[:-9], "flipped": data[:-40] + bytes([data[-40] ^ 1]) + data[-39:], "other": b"x" + data,
             "path": data.replace(whole.path.name.encode(), b"../" + whole.path.name.encode())}  # fmt: skip
    for what, harmed in harms.items():
        delta.path.write_bytes(harmed)
        with pytest.raises(EvidenceError):
            restore(delta.path, tmp_path / f"{what}.db", LATER, verify)
        assert not (tmp_path / f"{what}.db").exists()
    delta.path.write_bytes(data)
    with whole.path.open("ab") as file:
        file.write(b"x")
    with pytest.raises(EvidenceError, match="is not the backup that"):
        restore(delta.path, tmp_path / "a.db", LATER, verify)
    whole.path.unlink()
    with pytest.raises(StoreError, match="must lie beside it"):
        restore(delta.path, tmp_path / "a.db", LATER, verify)


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"base": 7, "base_sha256": "", "size": 1, "sha256": ""},
        {"base": "", "base_sha256": "", "size": 1, "sha256": ""},
        {"base": "..", "base_sha256": "", "size": 1, "sha256": ""},
        {"base": "../a.db", "base_sha256": "", "size": 1, "sha256": ""},
        {"base": "a.db", "base_sha256": "", "size": "1", "sha256": ""},
        {"base": "a.db", "base_sha256": "", "size": -1, "sha256": ""},
    ],
    ids=repr,
)
def test_a_delta_that_says_nonsense_of_itself_is_damaged(tmp_path: Path, said: object) -> None:
    (tmp_path / "x.delta").write_bytes(b"archiver-delta 1\n" + json.dumps(said).encode() + b"\n")
    with pytest.raises(EvidenceError):
        restore(tmp_path / "x.delta", tmp_path / "a.db", AT, None)
    assert not (tmp_path / "a.db").exists()


def test_a_delta_that_says_it_is_endless_ends(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"x" * 9000)
    said = {"base": "a.db", "base_sha256": copies.file_digest(tmp_path / "a.db"), "size": 1 << 60, "sha256": ""}
    (tmp_path / "x.delta").write_bytes(b"archiver-delta 1\n" + json.dumps(said).encode() + b"\n")
    with pytest.raises(EvidenceError, match="does not give the file"):
        restore(tmp_path / "x.delta", tmp_path / "b.db", AT, None)


def test_where_much_is_new_an_incremental_backup_is_whole(
    lived: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder := tmp_path / "kept").mkdir()
    back_up(lived.archive.path, folder, AT, None)
    monkeypatch.setattr(deltas, "WORTH", 0.1)
    grown(lived)
    made = back_up(lived.archive.path, folder, LATER, None, incremental=True)
    assert (made.base, made.path.suffix) == (None, ".db")


def test_a_restored_archive_is_written_to_and_read_at_once(lived: Town, tmp_path: Path) -> None:
    made = back_up(lived.archive.path, tmp_path / "copy.db", AT, None)
    restore(made.path, tmp_path / "back.db", AT, None)
    assert rows(tmp_path / "back.db", "PRAGMA journal_mode") == [("wal",)]
