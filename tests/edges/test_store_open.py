import os
import sqlite3
from pathlib import Path

import pytest

from archiver.errors import StoreError
from archiver.store import open_archive, prepare, reader


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no folder .*nowhere"):
        prepare(tmp_path / "nowhere" / "a.db")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"Kommunfullm\xc3\xa4ktige " * 500)
    with pytest.raises(StoreError, match="not an SQLite database"):
        prepare(tmp_path / "a.db")


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as conn:
        conn.execute("PRAGMA application_id = 42")
        conn.execute("CREATE TABLE theirs (a)")
    conn.close()
    with pytest.raises(StoreError, match=r"another program.*42"):
        prepare(tmp_path / "a.db")


def test_a_database_without_a_mark_is_not_touched(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as conn:
        conn.execute("CREATE TABLE theirs (a)")
    conn.close()
    before = (tmp_path / "a.db").read_bytes()
    with pytest.raises(StoreError, match="table 'theirs'"):
        prepare(tmp_path / "a.db")
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_lock_is_said(tmp_path: Path) -> None:
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked by another program"):
        prepare(tmp_path / "a.db", patience=0.01)
    holder.close()


def test_a_folder_in_the_files_place_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.db").mkdir()
    with pytest.raises(StoreError, match="cannot be opened"):
        prepare(tmp_path / "a.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"cannot be opened|read-only"):
        prepare(tmp_path / "a.db")
    tmp_path.chmod(0o700)


def test_a_reader_of_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no archive at"):
        reader(tmp_path / "a.db")
    assert not (tmp_path / "a.db").exists()


def test_an_empty_file_is_no_archive_to_a_reader(tmp_path: Path) -> None:
    (tmp_path / "a.db").touch()
    with pytest.raises(StoreError):
        reader(tmp_path / "a.db")


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = reader(tmp_path / "a.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        conn.execute("DELETE FROM sources")
    conn.close()


def test_a_path_with_signs_that_mean_something_in_a_uri(tmp_path: Path) -> None:
    path = tmp_path / "å ä?ö#%20.db"
    with open_archive(path) as archive:
        assert archive.reader.execute("SELECT count(*) FROM sources").fetchone()[0] == 0
    assert path.exists()


def test_a_reader_sees_what_was_written_once_it_was_answered(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db") as archive:
        archive.write(lambda c: c.execute("INSERT INTO made_with VALUES ('a', 'b')"))
        assert archive.reader.execute("SELECT value FROM made_with WHERE name = 'a'").fetchone()["value"] == "b"


def test_an_archive_outlives_its_writer(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", durable=True) as archive:
        archive.write(lambda c: c.execute("INSERT INTO made_with VALUES ('a', 'b')"))
    with open_archive(tmp_path / "a.db") as archive:
        assert archive.reader.execute("SELECT value FROM made_with WHERE name = 'a'").fetchone()[0] == "b"


def test_a_closed_archive_leaves_no_log_beside_its_file(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive.db") as archive:
        archive.write(lambda c: c.execute("INSERT INTO made_with (name, value) VALUES ('test', '')"))
        archive.reader.execute("SELECT count(*) FROM made_with").fetchone()

    assert [path.name for path in tmp_path.glob("archive.db-*")] == []
