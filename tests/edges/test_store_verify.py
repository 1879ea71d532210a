import sqlite3

import pytest
from store_town import START, Town

from archiver.store import bodies, logs
from archiver.verify import verify

PAGE = b"".join(b"<p>Paragraf %d</p>" % n for n in range(200))


@pytest.fixture
def sealed(town: Town) -> Town:
    """Two sealed runs: pages with bodies on one another, a redirect, a failure, a bar."""
    address, other = town.address("a"), town.address("b")
    town.capture(address, PAGE, 1)
    town.capture(address, PAGE + b"<p>nytt</p>", 2)
    town.capture(other, b"", 1, 301, location=START + "c")
    town.finish(3)
    town.run = town.begin(4)
    town.capture(address, b"", 4, 304, same_as=2, body_kind=None)
    town.fail(other, 4)
    town.fail(other, 5, "robots")
    town.capture(other, b"kort", 6)
    town.finish(7)
    assert list(verify(town.archive.reader)) == []
    return town


def tamper(town: Town, *statements: str) -> list[str]:
    """What verify finds after somebody with the file and no scruples; the triggers are put back."""

    def job(conn: sqlite3.Connection) -> None:
        triggers = conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            conn.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            assert conn.execute(statement).rowcount != 0, statement
        for _, sql in triggers:
            conn.execute(sql)

    town.archive.writer._conn.execute("PRAGMA foreign_keys = OFF")
    town.archive.writer._conn.execute("PRAGMA ignore_check_constraints = ON")
    town.archive.write(job)
    return list(verify(town.archive.reader))


OTHER = {
    "captures": {
        "id": "77", "address_id": "99", "run_id": "2", "captured_at": "'2026-03-01T12:00:01Z'", "outcome": "'gone'",
        "status": "201", "failure": "'dns'", "detail": "'x'", "location": "'https://x.example/'", "headers_id": "NULL",
        "volatile": "'[]'", "content_type": "'text/plain'", "last_modified": "'Sun'", "body_id": "2",
        "flaw": "'truncated'", "wire_sha256": f"'{'0' * 64}'", "wire_size": "9", "elapsed_ms": "9", "peer": "NULL",
        "robots": "'allow: letter'", "leaf": f"'{'0' * 64}'",
    },
    "headers": {"id": "77", "sha256": f"'{'0' * 64}'", "content": "'[]'"},
    "bodies": {
        "id": "77", "sha256": f"'{'0' * 64}'", "size": "9", "kind": "'pdf'", "fate": "'erased'", "base_id": "3",
        "chain": "2", "data": "x'28b52ffd'",
    },
    "seals": {
        "id": "77", "run_id": "99", "captures": "9", "root": f"'{'0' * 64}'", "chain": f"'{'0' * 64}'",
        "sealed_at": "'2026-03-09T12:00:00Z'", "beside": "'{}'",
    },
    "runs": {
        "started_at": "'2026-02-09T12:00:00Z'", "finished_at": "'2026-03-09T12:00:00Z'", "ending": "'crashed'",
        "agent": "'other'", "program": "'other'", "kind": "'probe'", "note": "'x'",
    },
    "addresses": {
        "url": "'https://x.example/'", "role": "'file'", "depth": "7", "found_on": "2", "found_at": "'2020'",
    },
}  # fmt: skip
CELLS = [(table, column, value) for table, cells in OTHER.items() for column, value in cells.items()]


@pytest.mark.parametrize(("table", "column", "value"), CELLS, ids=lambda v: v if len(v) < 15 else "")
def test_any_altered_cell_is_named(sealed: Town, table: str, column: str, value: str) -> None:
    first = f"(SELECT min(id) FROM {table})"
    problems = tamper(sealed, f"UPDATE {table} SET {column} = {value} WHERE id = {first}")
    words = {
        "addresses": "addresses",
        "captures": "capture",
        "headers": "headers",
        "bodies": "bod",
        "seals": "seal",
        "runs": "run",
    }
    assert any(words.get(table, "capture") in p for p in problems), problems


def test_every_cell_of_the_evidence_is_tried(sealed: Town) -> None:
    for table in ("captures", "headers", "bodies", "seals"):
        columns = {row[1] for row in sealed.archive.reader.execute(f"PRAGMA table_info({table})")}
        assert columns == set(OTHER[table])


def test_a_cell_of_each_single_capture_counts(sealed: Town) -> None:
    for number in (7, 6, 5, 4, 3, 2, 1):
        problems = tamper(sealed, f"UPDATE captures SET robots = robots || '!' WHERE id = {number}")
        assert any(p.startswith(f"capture {number} ") for p in problems)


def test_a_capture_taken_out_is_missed(sealed: Town) -> None:
    assert "run 1 was sealed with 3 captures and has 2" in tamper(sealed, "DELETE FROM captures WHERE id = 2")


def test_a_capture_slipped_in_is_noticed_even_with_a_right_leaf(sealed: Town) -> None:
    sealed.run = sealed.begin(9)
    sealed.capture(sealed.address("c"), b"hittat i efterhand", 2)
    problems = tamper(sealed, "UPDATE captures SET run_id = 1 WHERE id = 8")
    assert "run 1 was sealed with 3 captures and has 4" in problems


def test_a_run_taken_out_whole_is_missed(sealed: Town) -> None:
    problems = tamper(
        sealed,
        "DELETE FROM captures WHERE run_id = 1",
        "DELETE FROM seals WHERE run_id = 1",
        "DELETE FROM runs WHERE id = 1",
    )
    assert any("seal 2 stands where seal 1 should" in p for p in problems)
    assert any("does not follow from the seal before it" in p for p in problems)


def test_a_seal_taken_off_the_end_is_missed(sealed: Town) -> None:
    assert tamper(sealed, "DELETE FROM seals WHERE id = 2") == ["run 2 is finished and has no seal"]


def test_a_dropped_trigger_is_missed(sealed: Town) -> None:
    sealed.archive.write(lambda c: c.execute("DROP TRIGGER captures_never_leave"))
    assert list(verify(sealed.archive.reader)) == ["the schema: trigger captures_never_leave is missing"]


def test_an_erased_body_is_no_fault_where_the_log_says_so(sealed: Town) -> None:
    sealed.archive.write(lambda c: bodies.erase(c, 1))
    (problem,) = verify(sealed.archive.reader)
    assert problem.startswith("body 1 (")
    assert problem.endswith("was erased, and no redaction says why")
    sealed.archive.write(
        lambda c: c.execute(
            """INSERT INTO redactions (body_id, level, reason, actor, acted_at)
               VALUES (1, 'erased', 'person', 'keeper', '2026-03-08T12:00:00Z')"""
        )
    )
    assert list(verify(sealed.archive.reader)) == []


LOGGED = {
    "redactions": ("level = 'withheld'", "reason = 'x'", "actor = 'x'", "acted_at = '2020'", "digest = NULL"),
    "annotations": ("code = 'x'", "note = 'x'", "actor = 'x'", "after = 1", "scheme = 'x'"),
    "patterns": ("text = 'x'", "section = 'x'", "salt = 'x'"),
    "takedowns": ("about = 'x'", "asker = 'x'", "ground = 'x'", "note = 'x'", "received_at = '2020'"),
    "takedown_steps": ("step = 'refused'", "note = 'x'", "redaction_id = NULL", "takedown_id = 2"),
}


@pytest.fixture
def logged(sealed: Town) -> Town:
    """The same with two rows in each log, and a run after them."""

    def add(conn: sqlite3.Connection) -> None:
        at = "2026-03-08T12:00:00Z"
        for _ in range(2):
            logs.add(conn, "patterns", {"kind": "regex", "text": "a", "words": 0, "salt": ""})
            logs.add(
                conn, "redactions", {"pattern_id": 1, "level": "hidden", "reason": "r", "actor": "k", "acted_at": at}
            )
            logs.add(conn, "annotations", {"before": 1, "after": 2, "scheme": "s", "code": "c", "actor": "k",
                                           "acted_at": at})  # fmt: skip
            logs.add(conn, "takedowns", {"received_at": at, "about": "a", "asker": "b", "ground": "g", "actor": "k",
                                         "noted_at": at})  # fmt: skip
            logs.add(conn, "takedown_steps", {"takedown_id": 1, "step": "granted", "redaction_id": 1, "actor": "k",
                                              "acted_at": at})  # fmt: skip

    sealed.archive.write(add)
    sealed.run = sealed.begin(9)
    sealed.finish(9)
    assert list(verify(sealed.archive.reader)) == []
    return sealed


@pytest.mark.parametrize(("table", "cell"), [(table, cell) for table, cells in LOGGED.items() for cell in cells])
def test_any_altered_cell_of_a_log_is_named(logged: Town, table: str, cell: str) -> None:
    if cell == "digest = NULL":  # as a row from before there were digests; the next row's stands over it
        assert tamper(logged, f"UPDATE {table} SET {cell} WHERE id = 1") == []
        return
    assert any(p.startswith(table) for p in tamper(logged, f"UPDATE {table} SET {cell} WHERE id = 1"))


@pytest.mark.parametrize("table", LOGGED)
@pytest.mark.parametrize("number", [1, 2])
def test_a_row_taken_out_of_a_log_is_missed(logged: Town, table: str, number: int) -> None:
    assert any(p.startswith(table) for p in tamper(logged, f"DELETE FROM {table} WHERE id = {number}"))


def test_a_log_written_anew_with_right_digests_is_missed_by_the_seal(logged: Town) -> None:
    def forge(conn: sqlite3.Connection) -> None:
        conn.execute("DELETE FROM annotations")
        logs.add(conn, "annotations", {"before": 1, "after": 2, "scheme": "s", "code": "other", "actor": "k",
                                       "acted_at": "2026-03-08T12:00:00Z"})  # fmt: skip

    triggers = logged.archive.reader.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        logged.archive.write(lambda c, name=name: c.execute(f"DROP TRIGGER {name}"))
    logged.archive.write(forge)
    for _, sql in triggers:
        logged.archive.write(lambda c, sql=sql: c.execute(sql))
    assert list(verify(logged.archive.reader)) == ["annotations is not as it stood when seal 3 was made"]


def test_an_open_run_is_no_fault(sealed: Town) -> None:
    sealed.run = sealed.begin(9)
    sealed.capture(sealed.address("c"), b"x", 9)
    assert list(verify(sealed.archive.reader)) == []
