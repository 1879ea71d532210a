"""Each thing that may be the matter with an archive: it is said with a way on, mended where it can be, and no evidence
is touched."""

import gzip
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from program import archiver

from archive import Town
from archiver import doctor
from archiver.doctor import examining
from archiver.store import connections, open_archive, reader
from archiver.verify import verify
from pretend import page

EVIDENCE = ("sources", "runs", "addresses", "headers", "bodies", "captures", "seals", "redactions", "annotations")
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(exempel: Town) -> Path:
    """An archive of three pages, seen twice; closed."""
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/om", "Om"), ("/bygga", "Bygga")])
    exempel.site["/om"] = page("Om oss", "Öppet varje dag.")
    exempel.site["/bygga"] = page("Bygga", "Här finns blanketter.")
    exempel.crawl()
    exempel.site["/om"] = page("Om oss", "Öppet varje vardag.")
    exempel.day()
    exempel.archive.close()
    return Path(exempel.archive.path)


def plain(path: Path, *statements: str, triggers: bool = True) -> None:
    """What somebody with the file and another program does to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        if not triggers:
            for (name,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                conn.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            conn.execute(statement)


def evidence(path: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(path)) as conn:
        return {table: conn.execute(f"SELECT * FROM {table}").fetchall() for table in EVIDENCE}


def place(path: Path, town: Town | None = None) -> doctor.Place:
    return doctor.Place(path, NOW, town.config if town else None)


def names(path: Path, town: Town | None = None) -> list[str]:
    return [one.name for one in doctor.examine(place(path, town)) if not one.harmless]


def mended(path: Path, name: str, town: Town | None = None) -> None:
    """What is said is mended, is said no more, and no row of evidence is another."""
    before = evidence(path)
    (one,) = (one for one in doctor.examine(place(path, town)) if one.name == name)
    assert one.mend in doctor.MENDS
    assert one.advice
    doctor.treat(place(path, town), one)
    assert names(path, town) == []
    after = evidence(path)
    assert {table: rows for table, rows in after.items() if table not in ("runs", "seals")} == {
        table: rows for table, rows in before.items() if table not in ("runs", "seals")
    }
    with closing(reader(path)) as conn:
        assert list(verify(conn)) == []


def test_nothing_is_the_matter_with_a_well_archive(exempel: Town, file: Path) -> None:
    assert names(file, exempel) == []


@pytest.mark.parametrize(
    "statement",
    ["DROP TRIGGER captures_never_change", "DROP VIEW coverage", "DROP INDEX captures_by_time",
     "DROP TRIGGER passages_added"],
)  # fmt: skip
def test_what_the_schema_lacks_is_made_again(file: Path, statement: str) -> None:
    plain(file, statement)
    assert names(file) == ["schema-altered"]
    mended(file, "schema-altered")


def test_an_altered_view_is_made_again_and_anothers_is_left(file: Path) -> None:
    plain(file, "DROP VIEW coverage", "CREATE VIEW coverage AS SELECT 1 AS one", "CREATE VIEW mine AS SELECT 2 AS two")
    mended(file, "schema-altered")
    with closing(reader(file)) as conn:
        assert conn.execute("SELECT two FROM mine").fetchone()[0] == 2


@pytest.mark.parametrize("index", ["passages_fts", "hunks_fts"])
def test_an_index_that_is_out_of_step_is_made_anew(file: Path, index: str) -> None:
    plain(file, f"INSERT INTO {index}({index}) VALUES ('delete-all')")
    assert names(file) == ["index-out-of-step"]
    mended(file, "index-out-of-step")


def test_a_damaged_index_is_made_anew_from_its_rows(file: Path) -> None:
    sql, where = "CREATE INDEX captures_by_time ON captures(captured_at)", "WHERE name = 'captures_by_time'"
    other = sql.replace("captured_at)", "outcome)")
    plain(file, "PRAGMA writable_schema = ON", f"UPDATE sqlite_schema SET sql = '{other}' {where}")
    plain(file, "REINDEX captures_by_time")
    plain(file, "PRAGMA writable_schema = ON", f"UPDATE sqlite_schema SET sql = '{sql}' {where}")
    assert names(file) == ["index-damaged"]
    mended(file, "index-damaged")


def test_a_run_that_crashed_is_ended_and_sealed(file: Path) -> None:
    plain(file, """INSERT INTO runs (source_id, kind, started_at, program, agent)
                   VALUES ('exempelkoping', 'crawl', '2026-03-04T10:00:00Z', 'archiver', 'x')""")  # fmt: skip
    assert names(file) == ["stuck-runs"]
    mended(file, "stuck-runs")


def test_what_is_left_unread_is_read(exempel: Town, file: Path) -> None:
    plain(file, "INSERT INTO unread SELECT id FROM captures WHERE body_id IS NOT NULL ORDER BY id DESC LIMIT 1")
    assert names(file, exempel) == ["unread"]
    mended(file, "unread", exempel)


def test_what_no_file_configures_is_said_and_left(exempel: Town, file: Path, tmp_path: Path) -> None:
    plain(file, "INSERT INTO unread SELECT id FROM captures WHERE body_id IS NOT NULL LIMIT 1")
    source = tmp_path / "config" / "sources" / "exempelkoping.toml"
    source.rename(source.with_name("annankoping.toml"))
    said = archiver("--config", tmp_path / "config", "--archive", file, "doctor")
    assert (said.code, "unread-unknown" in said.out, "note  unconfigured" in said.out) == (1, True, True)


def test_an_address_that_is_in_no_plan_is_planned(file: Path) -> None:
    plain(file, "DELETE FROM frontier WHERE address_id = (SELECT id FROM addresses WHERE url LIKE '%/om')")
    assert names(file) == ["unplanned"]
    mended(file, "unplanned")


ORPHANS = {
    "readings": "UPDATE readings SET document_id = 999 WHERE document_id IS NOT NULL",
    "revisions": "UPDATE revisions SET page_id = 999 WHERE id = (SELECT max(id) FROM revisions)",
    "blocks": "DELETE FROM passages WHERE id = (SELECT min(passage_id) FROM blocks)",
    "issues": "INSERT INTO issues (source_id, kind, detail, last_run) VALUES ('exempelkoping', 'bulk-date', '', 999)",
    "unread": "INSERT INTO unread VALUES (999)",
}


@pytest.mark.parametrize("table", ORPHANS)
def test_rows_that_point_nowhere_go_and_are_made_again(exempel: Town, file: Path, table: str) -> None:
    plain(file, ORPHANS[table], triggers=False)
    doctor.treat(place(file), doctor.Ailment("", "", "", "remake-schema"))
    assert "orphans" in names(file, exempel)
    before = evidence(file)
    for _ in range(3):
        for one in doctor.examine(place(file, exempel)):
            if one.mend:
                doctor.treat(place(file, exempel), one)
    assert names(file, exempel) == []
    assert evidence(file)["captures"] == before["captures"]


def test_evidence_that_points_nowhere_is_for_a_person(file: Path) -> None:
    plain(file, "DELETE FROM headers WHERE id = 1", triggers=False)
    doctor.treat(place(file), doctor.Ailment("", "", "", "remake-schema"))
    (one,) = (one for one in doctor.examine(place(file)) if one.name == "evidence-orphaned")
    assert (one.mend, "restore" in one.advice) == (None, True)


def test_hosts_that_a_wrong_clock_put_off_are_freed(file: Path) -> None:
    plain(file, "UPDATE hosts SET next_at = '2031-01-01T00:00:00Z', paused_until = '2031-01-01T00:00:00Z'")
    assert names(file) == ["hosts-ahead"]
    mended(file, "hosts-ahead")


def test_a_clock_that_was_wrong_is_said(file: Path) -> None:
    early = doctor.Place(file, datetime(2025, 1, 1, tzinfo=UTC))
    (one,) = (one for one in doctor.examine(early) if one.name == "clock")
    assert (one.mend, "2026-03-03" in one.says) == (None, True)


def test_a_log_left_behind_is_played_in(file: Path, tmp_path: Path) -> None:
    conn = connections.writing(file)
    conn.execute("PRAGMA wal_autocheckpoint = 0")
    conn.execute("INSERT INTO made_with VALUES ('of the log', '1')")
    for end in ("", "-wal"):  # as a crash leaves them
        (tmp_path / f"crashed.db{end}").write_bytes(file.with_name(file.name + end).read_bytes())
    conn.close()
    crashed = tmp_path / "crashed.db"
    assert names(crashed) == ["log-left-behind"]
    doctor.treat(place(crashed), next(doctor.examine(place(crashed))))
    assert not (tmp_path / "crashed.db-wal").exists()
    assert names(crashed) == []
    with closing(sqlite3.connect(crashed)) as conn:
        assert conn.execute("SELECT value FROM made_with WHERE name = 'of the log'").fetchall() == [("1",)]


def test_a_file_without_a_log_gets_one(file: Path) -> None:
    plain(file, "PRAGMA journal_mode = DELETE")
    assert names(file) == ["no-log"]
    mended(file, "no-log")


def test_what_a_killed_backup_left_is_removed(file: Path) -> None:
    (left := file.with_name(f".{file.name}.making")).write_bytes(b"half")
    assert names(file) == []  # it may be in the making
    os.utime(left, (0, 0))
    assert names(file) == ["half-made"]
    mended(file, "half-made")


def test_while_another_writes_nothing_is_called_stuck(exempel: Town, file: Path) -> None:
    with open_archive(file) as archive:
        archive.write(lambda c: c.execute(
            """INSERT INTO runs (source_id, kind, started_at, program, agent)
               VALUES ('exempelkoping', 'crawl', '2026-03-04T10:00:00Z', 'archiver', 'x')"""))  # fmt: skip
        found = [one.name for one in doctor.examine(place(file, exempel))]
    assert "being-written" in found
    assert not {"stuck-runs", "log-left-behind"} & set(found)


def _newer(path: Path) -> None:
    plain(path, "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archiver', '999_x', 'now')")


def _torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        for at in range(4096, path.stat().st_size, 3 * 4096):
            file.seek(at)
            file.write(b"\xff" * 4096)


@pytest.mark.parametrize(
    ("harm", "name", "word"),
    [
        (_newer, "cannot-be-opened", "newer archiver"), (_torn, "damaged", "damaged"), (_overwritten, "damaged", ""),
        (lambda path: path.write_bytes(b"no database at all " * 100), "cannot-be-opened", "not an SQLite database"),
        (lambda path: path.write_bytes(b""), "empty", "is empty"),
        (lambda path: path.unlink(), "no-archive", "no archive"),
    ],
    ids=["future", "torn", "overwritten", "rubbish", "empty", "gone"],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_left_alone(
    file: Path, harm: Callable[[Path], None], name: str, word: str
) -> None:
    harm(file)
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    before = file.read_bytes() if file.exists() else None
    (one,) = (one for one in doctor.examine(place(file)) if one.name == name)
    assert word in one.says
    assert one.mend is None
    assert (file.read_bytes() if file.exists() else None) == before


def test_an_older_archive_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((Path(__file__).parents[1] / "archives" / "007.db.gz").read_bytes()))
    assert "older-release" in names(path)
    for one in doctor.examine(place(path)):
        if one.mend:
            doctor.treat(place(path), one)
    assert "older-release" not in names(path)


def test_a_disk_without_room_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "ROOM", 1 << 60)
    assert names(file) == ["disk-full"]


def test_a_file_that_cannot_be_written_to_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining.os, "access", lambda path, _: path != file)
    assert names(file) == ["read-only"]


def test_the_command_asks_mends_and_says_what_is_left(file: Path, tmp_path: Path) -> None:
    plain(file, "DROP TRIGGER captures_never_change", "DELETE FROM frontier WHERE address_id = 1")
    options = ("--config", tmp_path / "config", "--archive", file, "doctor")
    said = archiver(*options)
    assert (said.code, "`archiver doctor --mend` can mend" in said.out) == (1, True)
    no = archiver(*options, "--mend", stdin="n\nn\nn\nn\n")
    assert no.code == 1
    assert {found["name"] for found in archiver(*options, "--json").objects} >= {"schema-altered", "unplanned"}
    yes = archiver(*options, "--mend", "--yes")
    assert "mended: schema-altered" in yes.out
    assert [
        f["name"] for f in archiver(*options, "--json").objects if f["name"] in ("schema-altered", "unplanned")
    ] == []


def test_mistakes_in_the_configuration_are_said(file: Path, tmp_path: Path) -> None:
    (tmp_path / "config" / "archiver.toml").write_text("nonsense = 1\n")
    said = archiver("--config", tmp_path / "config", "--archive", file, "doctor")
    assert (said.code, "ails  configuration" in said.out) == (1, True)


def test_every_remedy_is_of_some_ailment_and_every_ailments_remedy_is_there() -> None:
    assert {known.mend for known in doctor.KNOWN.values()} - {None} == set(doctor.MENDS)


def test_the_operators_page_names_every_ailment() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    assert [name for name in doctor.KNOWN if f"`{name}`" not in page] == []
