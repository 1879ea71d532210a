"""A disk that is full, a file that may not be written or is locked, a page half written, a log left behind.

Nothing that was committed is lost, there is a clear word, and a way on.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from program import archiver

from archive import Town
from archiver.errors import StoreError
from archiver.store import connections, open_archive, reader
from archiver.verify import verify
from pretend import page

CAPTURES = "SELECT id, address_id, captured_at, leaf FROM captures ORDER BY id"


@pytest.fixture
def lived(exempel: Town) -> Town:
    """Six pages, seen once; then all of them altered, and not yet seen."""
    exempel.site["/"] = page("Start", links=[(f"/{n}", f"Sida {n}") for n in range(6)])
    for number in range(6):
        exempel.site[f"/{number}"] = page(f"Sida {number}", f"Text {number}.")
    exempel.crawl()
    for number in range(6):
        exempel.site[f"/{number}"] = page(f"Sida {number}", *(f"Ny text {number}, stycke {n}." for n in range(400)))
    return exempel


def whole(town: Town, before: list[tuple[object, ...]]) -> None:
    """Nothing is lost, all fits, and the next crawl sees what there is to see."""
    assert town.rows(CAPTURES)[: len(before)] == before
    assert list(verify(town.archive.reader)) == []
    town.day(days=2)
    assert [row[0] for row in town.rows("SELECT title FROM current_pages WHERE revisions = 2")] == [
        f"Sida {number}" for number in range(6)
    ]
    assert list(verify(town.archive.reader)) == []


def reopened(town: Town) -> Town:
    """The town as the next process finds it: unended runs are ended when it crawls."""
    town.archive.close()
    town.archive = open_archive(town.archive.path)
    return town


@contextmanager
def pragma(town: Town, name: str, during: int, after: int) -> Iterator[None]:
    town.archive.write(lambda conn: conn.execute(f"PRAGMA {name} = {during}").fetchone())
    yield
    town.archive.write(lambda conn: conn.execute(f"PRAGMA {name} = {after}").fetchone())


def faults_of(town: Town) -> list[Exception]:
    """What a day's crawl raises: one fault, or those of several tasks."""
    try:
        town.day()
    except ExceptionGroup as group:
        return list(group.exceptions)
    except StoreError as error:
        return [error]
    return []


@pytest.mark.parametrize("room", [0, 3, 9, 20])
def test_a_disk_that_fills_while_a_crawl_writes(lived: Town, room: int) -> None:
    before = lived.rows(CAPTURES)
    ((pages,),) = lived.rows("PRAGMA page_count")
    with pragma(lived, "max_page_count", pages + room, 1 << 30):
        faults = faults_of(lived)
    assert faults
    assert all(isinstance(one, StoreError) for one in faults)
    assert "the disk is full" in str(faults[0])
    whole(reopened(lived), before)


def test_a_file_that_may_not_be_written(lived: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opened so that SQLite refuses writing as it does for a read-only file: the superuser may write any."""
    before, path = lived.rows(CAPTURES), lived.archive.path
    lived.archive.close()
    connect = connections._connect
    monkeypatch.setattr(
        connections, "_connect",
        lambda name, patience, **named: connect(
            name if name.endswith((".lock", "?mode=ro")) else f"{Path(name).as_uri()}?mode=ro", patience,
            **(named | {"uri": True}),
        ),
    )  # fmt: skip
    lived.archive = open_archive(path)
    assert "cannot be written: the file or its folder is read-only" in str(faults_of(lived)[0])
    with closing(reader(path)) as conn:
        assert [tuple(row) for row in conn.execute(CAPTURES)] == before
    lived.archive.close()
    monkeypatch.undo()
    lived.archive = open_archive(path)
    whole(lived, before)


def test_a_file_that_another_program_holds(lived: Town) -> None:
    before, path = lived.rows(CAPTURES), lived.archive.path
    lived.archive.close()
    lived.archive = open_archive(path, patience=0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="is locked by another program; try again"):
            lived.archive.write(lambda conn: conn.execute("DELETE FROM unread"))
        assert lived.rows(CAPTURES) == before
    lived.archive.close()
    lived.archive = open_archive(path)
    whole(lived, before)


def crashed(town: Town, folder: Path) -> Path:
    """The archive as a loss of power leaves it in the middle of a day: the log has what the file has not."""
    reopened(town).archive.write(lambda conn: conn.execute("PRAGMA wal_autocheckpoint = 0").fetchone())
    town.day()
    for end in ("", "-wal"):
        shutil.copy(f"{town.archive.path}{end}", folder / f"crashed.db{end}")
    town.archive.close()
    return folder / "crashed.db"


def logged_pages(log: bytes) -> tuple[int, set[int]]:
    """The page size and the numbers of the pages that the log holds (https://www.sqlite.org/fileformat2.html#walformat)."""
    size = int.from_bytes(log[8:12], "big")
    return size, {int.from_bytes(log[at : at + 4], "big") for at in range(32, len(log), size + 24)}


def test_pages_half_written_when_the_power_went(lived: Town, tmp_path: Path) -> None:
    """Whatever is being written from the log into the file is still in the log."""
    path = crashed(lived, tmp_path)
    size, pages = logged_pages(path.with_name("crashed.db-wal").read_bytes())
    with path.open("r+b") as file:
        for number in sorted(pages):
            file.seek((number - 1) * size + size // 2)
            file.write(b"\xa5" * (size // 2))
    lived.archive = open_archive(path)
    assert list(verify(lived.archive.reader)) == []
    assert lived.rows("SELECT count(*) FROM current_pages WHERE revisions = 2") == [(6,)]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_log_cut_off_anywhere_loses_the_last_commits_and_nothing_before(
    lived: Town, tmp_path: Path, share: float
) -> None:
    before = lived.rows(CAPTURES)
    path = crashed(lived, tmp_path)
    log = path.with_name("crashed.db-wal")
    log.write_bytes(log.read_bytes()[: int(log.stat().st_size * share)])
    lived.archive = open_archive(path)
    whole(lived, before)


def test_a_log_left_behind_is_played_in_by_whoever_opens_it(lived: Town, tmp_path: Path) -> None:
    path = crashed(lived, tmp_path)
    lived.archive = open_archive(path)
    assert lived.rows("SELECT count(*) FROM current_pages WHERE revisions = 2") == [(6,)]
    assert list(verify(lived.archive.reader)) == []


def test_a_file_torn_in_the_middle_is_said_and_a_backup_is_the_way_on(lived: Town, tmp_path: Path) -> None:
    path = lived.archive.path
    before = lived.rows(CAPTURES)
    lived.archive.close()
    assert archiver("--archive", path, "backup", tmp_path / "kept.db").code == 0
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    said = archiver("--archive", path, "verify")
    assert (said.code, "damaged; restore a backup" in said.err) == (1, True)
    assert archiver("--archive", path, "restore", tmp_path / "kept.db", "--replace", "--verify").code == 0
    lived.archive = open_archive(path)
    whole(lived, before)
