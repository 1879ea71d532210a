import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.errors import StoreError
from archiver.store import Archive, open_archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", patience=0.05) as archive:
        yield archive


def note(name: str, value: str = "") -> object:
    def job(conn: sqlite3.Connection) -> str:
        conn.execute("INSERT INTO made_with (name, value) VALUES (?, ?)", (name, value))
        return name

    return job


def names(archive: Archive) -> set[str]:
    rows = archive.reader.execute("SELECT name FROM made_with WHERE name <> 'views'")
    return {row["name"] for row in rows}


def hold(archive: Archive) -> threading.Event:
    """Keep the writer busy until the event is set, so that what is submitted meanwhile shares one transaction."""
    release, started = threading.Event(), threading.Event()

    def job(conn: sqlite3.Connection) -> None:
        started.set()
        release.wait(10)

    archive.writer.submit(job)
    started.wait(10)
    return release


def test_a_job_answers_what_it_returns(archive: Archive) -> None:
    assert archive.write(note("a")) == "a"
    assert names(archive) == {"a"}


def test_a_job_that_fails_is_undone_alone(archive: Archive) -> None:
    def failing(conn: sqlite3.Connection) -> None:
        conn.execute("INSERT INTO made_with (name, value) VALUES ('half', '')")
        raise KeyError("a bug")

    release = hold(archive)
    futures = [archive.writer.submit(job) for job in (note("before"), failing, note("after"))]
    release.set()
    assert futures[0].result() == "before"
    with pytest.raises(KeyError, match="a bug"):
        futures[1].result()
    assert futures[2].result() == "after"
    assert names(archive) == {"before", "after"}


def test_a_broken_constraint_is_its_callers(archive: Archive) -> None:
    archive.write(note("a"))
    with pytest.raises(sqlite3.IntegrityError):
        archive.write(note("a"))
    assert archive.write(note("b")) == "b"


def test_what_waits_shares_a_commit(archive: Archive) -> None:
    commits = []
    archive.write(lambda conn: conn.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None))
    commits.clear()
    release = hold(archive)
    futures = [archive.writer.submit(note(f"n{i}")) for i in range(100)]
    release.set()
    assert [f.result() for f in futures] == [f"n{i}" for i in range(100)]
    assert len(commits) == 3  # the one that held; 64; 36


def test_a_lock_held_too_long_fails_the_jobs_and_not_the_writer(archive: Archive) -> None:
    other = sqlite3.connect(archive.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program"):
        archive.write(note("a"))
    other.execute("ROLLBACK")
    other.close()
    assert archive.write(note("b")) == "b"
    assert names(archive) == {"b"}


def test_a_full_disk_fails_the_job_and_not_the_writer(archive: Archive) -> None:
    pages = archive.write(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    archive.write(lambda conn: conn.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone())
    with pytest.raises(StoreError, match="disk is full"):
        archive.write(note("large", "x" * 1_000_000))
    archive.write(lambda conn: conn.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert archive.write(note("small")) == "small"
    assert names(archive) == {"small"}


def test_a_job_that_ends_the_transaction_takes_nobody_into_believing(archive: Archive) -> None:
    def rude(conn: sqlite3.Connection) -> None:
        conn.execute("ROLLBACK")
        raise ValueError("gone")

    release = hold(archive)
    first, second = archive.writer.submit(note("a")), archive.writer.submit(rude)
    release.set()
    with pytest.raises(StoreError):
        first.result()
    with pytest.raises(StoreError):
        second.result()
    assert names(archive) == set()
    assert archive.write(note("b")) == "b"


def test_a_deferred_constraint_fails_at_the_commit_and_everybody_hears(archive: Archive) -> None:
    def orphan(conn: sqlite3.Connection) -> None:
        conn.execute("PRAGMA defer_foreign_keys = ON")
        conn.execute("INSERT INTO frontier (address_id, source_id, host, rank) VALUES (1, 'none', 'h', 1)")

    with pytest.raises(StoreError, match="nothing was written"):
        archive.write(orphan)
    assert archive.write(note("b")) == "b"


def test_even_an_exit_inside_a_job_is_only_the_callers(archive: Archive) -> None:
    def leaving(conn: sqlite3.Connection) -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        archive.write(leaving)
    assert archive.write(note("b")) == "b"


def test_a_job_given_up_before_its_turn_is_not_done(archive: Archive) -> None:
    release = hold(archive)
    future = archive.writer.submit(note("a"))
    assert future.cancel()
    release.set()
    assert archive.write(note("b")) == "b"
    assert names(archive) == {"b"}


def test_closing_writes_what_is_queued_and_takes_no_more(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "a.db")
    release = hold(archive)
    futures = [archive.writer.submit(note(f"n{i}")) for i in range(200)]
    closing = threading.Thread(target=archive.writer.close)
    closing.start()
    release.set()
    closing.join()
    assert all(f.done() for f in futures)
    assert len(names(archive)) == 200
    with pytest.raises(StoreError, match="closed"):
        archive.write(note("late"))
    archive.close()


def test_a_job_that_writes_through_the_archive_is_told_and_does_not_hang(archive: Archive) -> None:
    with pytest.raises(RuntimeError, match="the job's own connection"):
        archive.write(lambda _: archive.write(note("a")))


def test_a_caller_on_an_event_loop_waits_without_holding_it(archive: Archive) -> None:
    async def both() -> list[str]:
        return await asyncio.gather(archive.aio(note("a")), archive.aio(note("b")))

    assert asyncio.run(both()) == ["a", "b"]


def test_what_is_asked_in_one_turn_of_the_loop_shares_a_commit(archive: Archive) -> None:
    async def story() -> tuple[list[str], bool]:
        first, second = archive.aio(note("a")), archive.aio(note("b"))
        await first
        return [await first, await second], second.done()

    assert asyncio.run(story()) == (["a", "b"], True)
    assert names(archive) == {"a", "b"}


def test_what_is_asked_on_a_loop_comes_before_what_is_submitted_after_it(archive: Archive) -> None:
    order: list[str] = []

    async def story() -> None:
        asked = archive.aio(lambda _: order.append("asked"))
        archive.writer.submit(lambda _: order.append("submitted")).result()
        await asked

    asyncio.run(story())
    assert order == ["asked", "submitted"]


def test_what_was_asked_is_done_before_the_writer_closes(tmp_path: Path) -> None:
    async def story() -> str:
        with open_archive(tmp_path / "b.db") as archive:
            asked = archive.aio(note("last"))
        return await asked

    assert asyncio.run(story()) == "last"
