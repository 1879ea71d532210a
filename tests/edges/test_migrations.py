import gzip
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.asking.terms import expression, parse
from archiver.asking.vocabulary import Vocabulary
from archiver.errors import StoreError
from archiver.model import ClassOfChange, Issue
from archiver.publish.grounds import told
from archiver.stems import stem, words_of
from archiver.store import evidence, issues, open_archive, prepare, reader, schema
from archiver.store.changes import load_change
from archiver.verify import verify

ARCHIVES = Path(__file__).parents[1] / "archives"
"""Small archives made by earlier releases, by the last migration they knew."""


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    conn = connect(path)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def test_a_new_archive_has_every_table_trigger_and_view(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = reader(tmp_path / "a.db")
    assert schema.missing_or_altered(conn) == []
    assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    conn.close()


def test_preparing_twice_writes_nothing(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    before = (tmp_path / "a.db").read_bytes()
    prepare(tmp_path / "a.db")
    assert (tmp_path / "a.db").read_bytes() == before


def test_a_dropped_trigger_and_an_altered_view_are_named(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = connect(tmp_path / "a.db")
    conn.execute("DROP TRIGGER captures_never_change")
    conn.execute("DROP VIEW coverage")
    conn.execute("CREATE VIEW coverage AS SELECT 1 AS one")
    assert schema.missing_or_altered(conn) == [
        "trigger captures_never_change is missing",
        "view coverage is altered",
    ]
    conn.close()


def test_a_view_that_somebody_added_is_left_alone(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = connect(tmp_path / "a.db")
    conn.execute("CREATE VIEW mine AS SELECT url FROM current_pages")
    assert schema.missing_or_altered(conn) == []
    conn.close()


def test_views_are_made_again_when_their_file_is_another(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = connect(tmp_path / "a.db")
    conn.execute("DROP VIEW coverage")
    conn.execute("UPDATE made_with SET value = 'of an older release' WHERE name = 'views'")
    conn.close()
    with pytest.raises(StoreError, match="older archiver"):
        reader(tmp_path / "a.db")
    prepare(tmp_path / "a.db")
    conn = reader(tmp_path / "a.db")
    assert schema.missing_or_altered(conn) == []
    conn.close()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = schema._read
    monkeypatch.setattr(schema, "_read", lambda name: read(name) + "\nCREATE TABLE sources (id TEXT);")
    with pytest.raises(sqlite3.OperationalError):
        prepare(tmp_path / "a.db")
    monkeypatch.undo()
    conn = connect(tmp_path / "a.db")
    assert conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    conn.close()
    prepare(tmp_path / "a.db")


def test_an_archive_of_a_newer_release_is_not_touched(tmp_path: Path) -> None:
    prepare(tmp_path / "a.db")
    conn = connect(tmp_path / "a.db")
    conn.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('archiver', '999_later', 'now')"
    )
    conn.close()
    with pytest.raises(StoreError, match=r"newer archiver.*999_later"):
        prepare(tmp_path / "a.db")


def test_statements_end_where_sqlite_says_they_end() -> None:
    script = """-- a comment; with a semicolon
    CREATE TABLE t (a TEXT); CREATE TRIGGER g AFTER INSERT ON t BEGIN
      SELECT 1; SELECT ';'; END;
    -- the end; really
    """
    first, second = schema.statements(script)
    assert first.endswith("CREATE TABLE t (a TEXT);")
    assert second.startswith("CREATE TRIGGER g")
    assert second.endswith("END;")


READ = (
    "SELECT * FROM captures",
    "SELECT * FROM claims",
    """SELECT l.document_id, l.position, l.block, t.url, t.key, l.rel, l.part, l.text, l.note
       FROM links l JOIN targets t ON t.id = l.target_id ORDER BY 1, 2""",
    "SELECT document_id, position, part, kind, level, passage_id FROM blocks ORDER BY 1, 2",
    """SELECT k.revision_id, k.position, k.op, k.rel, t.url, b.url, k.text FROM link_changes k
       JOIN targets t ON t.id = k.target_id LEFT JOIN targets b ON b.id = k.before_id ORDER BY 1, 2""",
)
"""What an archive says, whatever its tables look like."""


@pytest.mark.parametrize(("made_by", "claims"), [("001", 9), ("002", 9), ("003", 9)])
def test_an_archive_of_an_earlier_schema_is_brought_up_to_date_with_all_that_is_in_it(
    tmp_path: Path, made_by: str, claims: int
) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / f"{made_by}.db.gz").read_bytes()))
    before = [rows(path, query) for query in READ]

    prepare(path)

    conn = reader(path)
    assert schema.missing_or_altered(conn) == []
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    conn.close()
    assert [rows(path, query) for query in READ] == before
    assert [len(kept) for kept in before[:2]] == [25, claims]
    assert all(before[:4])
    assert rows(path, "SELECT count(*) FROM page_changes") == [(2,)]
    assert rows(path, "SELECT DISTINCT page FROM blocks") == [(None,)]
    assert rows(path, "SELECT max(changes) > 0 FROM frontier") == [(int(made_by == "003"),)]
    assert rows(path, "SELECT count(*), (SELECT count(body_id) FROM readings) FROM renderings") == [(0, 0)]
    assert rows(path, "SELECT DISTINCT span FROM frontier") == [(None,)]
    assert rows(path, "SELECT DISTINCT peer FROM hosts") == [(None,)]


@pytest.mark.parametrize("made_by", ["001", "002", "003"])
def test_evidence_of_an_earlier_schema_still_verifies(tmp_path: Path, made_by: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / f"{made_by}.db.gz").read_bytes()))
    prepare(path)
    conn = reader(path)
    assert list(verify(conn)) == []
    conn.close()


@pytest.mark.parametrize("made_by", ["001", "002", "003"])
def test_why_a_change_was_told_in_an_old_archive_is_still_told_in_its_own_words(tmp_path: Path, made_by: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / f"{made_by}.db.gz").read_bytes()))
    classes, reasons = rows(path, "SELECT * FROM change_classes"), rows(path, "SELECT * FROM reasons")

    prepare(path)

    assert rows(path, "SELECT revision_id, class, reason, event_id FROM change_classes") == classes
    assert rows(path, "SELECT revision_id, name, points, detail FROM reasons") == reasons
    conn = reader(path)
    changes = [load_change(conn, revision) for (revision,) in rows(path, "SELECT DISTINCT revision_id FROM changes")]
    conn.close()
    kept = [found for change in changes for found in (*change.classes, *change.reasons)]
    assert kept
    assert [told(found, "en") for found in kept] == [
        (found.reason if isinstance(found, ClassOfChange) else found.detail, True) for found in kept
    ]


WAS_FOUND = "SELECT rowid FROM {0}_fts WHERE {0}_fts MATCH ? ORDER BY rowid"
"""Of schemas until the seventh, with the columns 'text' and 'stems'."""


@pytest.mark.parametrize("made_by", ["001", "002", "003", "007"])
@pytest.mark.parametrize("kept", ["passages", "hunks"])
def test_a_search_in_an_old_archive_finds_what_it_found_before(tmp_path: Path, made_by: str, kept: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / f"{made_by}.db.gz").read_bytes()))
    conn = connect(path)
    words = sorted({word for (text,) in conn.execute(f"SELECT text FROM {kept}") for word in words_of(text)})
    was = WAS_FOUND.format(kept)
    forms = {w: conn.execute(was, (f'stems : "{stem(w, "sv")}"',)).fetchall() for w in words}
    begun = {w: conn.execute(was, (f'text : "{w[:3]}" *',)).fetchall() for w in words}
    exact = {w: conn.execute(was, (f'text : "{w}"',)).fetchall() for w in words}
    conn.close()

    prepare(path)

    conn = connect(path)
    known = Vocabulary(conn)

    def found(typed: str) -> list[tuple[int]]:
        return conn.execute(was, (expression(parse(typed), known.forms),)).fetchall()

    assert len(words) > (40 if kept == "passages" else 2)
    assert {w: found(w) for w in words} == forms
    assert {w: found(f"{w[:3]}*") for w in words} == begun
    assert {w: found(f'"{w}"') for w in words} == exact
    conn.close()


SAYS = (
    *READ,
    "SELECT id, body_id, address_id, from_char, to_char, level, reason, actor, acted_at, lifts FROM redactions",
    "SELECT id, before, after, scheme, code, note, actor, acted_at FROM annotations",
    "SELECT id, run_id, captures, root, chain, sealed_at FROM seals",
    "SELECT * FROM page_changes",
    "SELECT * FROM change_classes",
    "SELECT * FROM personnel",
    "SELECT id, revision_id, position, op, before_id, after_id, text, person FROM hunks ORDER BY 1",
)
"""The same, of an archive in which changes have classes, people and annotations."""


def test_an_archive_of_the_seventh_schema_says_what_it_said(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / "007.db.gz").read_bytes()))
    before = [rows(path, query) for query in SAYS]

    prepare(path)

    assert [rows(path, query) for query in SAYS] == before
    assert all(before)
    assert len(before[0]) == 35
    conn = reader(path)
    assert schema.missing_or_altered(conn) == []
    assert list(verify(conn)) == []
    conn.close()


def test_an_archive_of_the_eleventh_schema_says_what_it_said(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / "011.db.gz").read_bytes()))
    asked = (*SAYS, "SELECT id, source_id, kind, detail FROM issues", "SELECT host, next_at, delay_ms, peer FROM hosts")
    before = [rows(path, query) for query in asked]

    prepare(path)

    assert [rows(path, query) for query in asked] == before
    assert all(before)
    assert rows(path, "SELECT kind, first_run, last_run FROM issues") == [("expectation-missed", None, None)]
    assert rows(path, "SELECT run_id FROM unsettled") == []
    conn = reader(path)
    assert schema.missing_or_altered(conn) == []
    assert list(verify(conn)) == []
    [told] = issues.listed(conn)
    assert (told["kind"], told["first_seen"], told["last_seen"]) == ("expectation-missed", None, None)
    conn.close()


def test_who_tells_an_issue_of_an_old_archive_again_is_its_last_crawl_and_its_first_stays_unknown(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / "011.db.gz").read_bytes()))
    beginning = "at least 10 pages are expected, "
    with open_archive(path) as archive:
        again = Issue("expectation-missed", f"{beginning}6 are there")
        archive.write(lambda c: issues.tell(c, "exempelkoping", 5, beginning, again))

        found = archive.reader.execute("SELECT detail, first_run, last_run FROM issues").fetchall()
    assert [tuple(row) for row in found] == [(again.detail, None, 5)]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE redactions SET reason = 'other'",
        "UPDATE annotations SET code = 'other'",
        "UPDATE addresses SET depth = 9",
    ],
)
def test_the_first_seal_after_an_upgrade_stands_over_logs_and_addresses_of_before(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(gzip.decompress((ARCHIVES / "007.db.gz").read_bytes()))
    now = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
    with open_archive(path) as archive:
        ((source,),) = archive.reader.execute("SELECT id FROM sources LIMIT 1").fetchall()
        run = archive.write(lambda c: evidence.begin_run(c, source, "crawl", now, "archiver 0", "x"))
        archive.write(lambda c: evidence.finish_run(c, run, now, "done"))
        assert list(verify(archive.reader)) == []
        triggers = archive.reader.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    conn = connect(path)
    for name, _ in triggers:
        conn.execute(f"DROP TRIGGER {name}")
    conn.execute(harm)
    for _, sql in triggers:
        conn.execute(sql)
    conn.close()
    conn = reader(path)
    assert [problem for problem in verify(conn) if "seal" in problem]
    conn.close()
