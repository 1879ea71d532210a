"""How much a page costs: its queries are few and do not grow with the archive."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from benchmarks.volume import fill
from visitor import Room

from archiver.room import application
from archiver.room.frame import Ask
from archiver.room.pages import changes, compare, health, municipality, page, search
from archiver.room.readers import Readers
from archiver.room.told import Told
from archiver.store.connections import reader


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("volume")
    small = fill(folder / "small.db", captures=1200, pages=40)
    large = fill(folder / "large.db", captures=4800, pages=120)
    return small, large


def queries(archive: Path, show: object, names: dict[str, str], *args: tuple[str, str]) -> int:
    """How many statements a page runs."""
    with closing(reader(archive)) as conn:
        count = 0

        def note(statement: str) -> None:
            nonlocal count
            count += not statement.startswith("--")  # those that a full-text index runs by itself

        told = Told("sv", datetime(2026, 4, 1, tzinfo=UTC))
        asked = Ask(conn, "/", names, args, told, "http://a.example", "", "archive", Readers(archive))
        conn.set_trace_callback(note)
        show(asked)  # type: ignore[operator]
        return count


@pytest.mark.parametrize(
    ("show", "names", "args", "most"),
    [
        (changes.changes, {}, (), 12),
        (changes.changes, {}, (("q", "avgift budget"), ("class", "silent-edit"), ("m", "9900")), 17),
        (changes.feed, {}, (), 8),
        (compare.compare, {"before": "1", "after": "2"}, (), 28),
        (page.page, {"page": "2"}, (), 20),
        (municipality.municipality, {"name": "9900"}, (), 12),
        (municipality.everyone, {}, (), 4),
        (health.health, {}, (), 15),
        (health.as_json, {}, (), 12),
        (search.search, {}, (("q", "avgift"),), 19),
        (search.search, {}, (("q", "avgift"), ("tense", "removed")), 22),
    ],
)
def test_a_page_asks_few_questions_and_no_more_of_a_larger_archive(
    archives: tuple[Path, Path], show: object, names: dict[str, str], args: tuple[tuple[str, str], ...], most: int
) -> None:
    small, large = (queries(archive, show, names, *args) for archive in archives)
    assert large <= most
    assert abs(large - small) <= 2


def test_what_others_say_of_one_page_is_looked_up_by_the_page(archives: tuple[Path, Path]) -> None:
    with closing(reader(archives[1])) as conn:
        plan = [row[3] for row in conn.execute("EXPLAIN QUERY PLAN SELECT * FROM hearsay WHERE page_id = 5")]
    scans = [step for step in plan if step.startswith("SCAN")]
    assert len(scans) == 1, f"of the view's own few rows, and of nothing else: {scans}"


def test_readers_of_one_page_at_once_share_one_making_of_it(
    archives: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even while the archive is written to without a pause, when nothing stays on the shelf."""
    made, written = 0, iter(range(10**9))
    read = Readers.read

    def counted(self: Readers, job: object) -> object:
        nonlocal made
        made += 1
        return read(self, job)  # type: ignore[arg-type]

    app = application(archives[0])
    Room(app).get("/")
    monkeypatch.setattr(Readers, "read", counted)
    monkeypatch.setattr(Readers, "stamp", lambda _: (next(written),))

    async def crowd() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await asyncio.gather(*(client.get(path) for path in ["/?lang=sv"] * 50 + ["/?lang=en"] * 50))

    answers = asyncio.run(crowd())
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 2
    assert made <= 4
    made = 0
    Room(app).get("/")
    assert made >= 1, "who comes later gets the page anew"


def test_the_same_page_is_made_once_until_something_is_written(
    archives: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = 0
    read = Readers.read

    def counted(self: Readers, job: object) -> object:
        nonlocal made
        made += 1
        return read(self, job)  # type: ignore[arg-type]

    archive = archives[0]
    room = Room(application(archive))
    room.get("/")
    monkeypatch.setattr(Readers, "read", counted)
    for _ in range(5):
        room.get("/")
    assert made == 0
    with closing(sqlite3.connect(archive)) as conn:
        conn.execute("UPDATE sources SET county = 'Annat län'")
        conn.commit()
    room.get("/")
    assert made == 1


def test_pages_are_light(room: Room) -> None:
    for path in room.routes():
        assert len(room.get(path).content) < 100_000, path
