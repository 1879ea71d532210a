"""The benchmarks' own arithmetic, and that no look-up of a visit goes through the whole archive."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from benchmarks import histories
from benchmarks.growth import Growth
from benchmarks.plotting import Line, plot
from benchmarks.standing import Standing, notes

from archiver.store import evidence, plan, prepare, reader, unread
from archiver.store.connections import writing
from archiver.verify import verify

DAY = datetime(2026, 1, 5, tzinfo=UTC)
MANY, FEW_STEPS = 3_000, 1_000


def test_a_ratio_above_one_says_that_ours_is_better_whichever_way_the_unit_goes() -> None:
    assert Standing("crawl", "CPU s", 2.0, "rival", 10.0).ratio == 5
    assert Standing("crawl", "pages/s", 100.0, "rival", 50.0, more_is_better=True).ratio == 2


def test_a_rival_that_is_not_installed_is_a_dash_and_what_to_install_is_told_once() -> None:
    absent = Standing("search", "ms", 1.0, "tantivy", None, apart=2, note="pip install tantivy")

    assert absent.cells() == ["search", "ms", "1.00", "tantivy", "–", "–", ""]
    assert notes([absent, absent]) == ["tantivy: pip install tantivy"]


def test_a_missed_goal_says_so() -> None:
    assert Standing("diff", "ms", 3.0, "difflib", 6.0, most=1, apart=2).goal == "≤ 1 MISSED, ratio ≥ 2"
    assert Standing("fetching", "pages/s", 2000.0, least=1500, more_is_better=True).goal == "≥ 1500"


def test_what_an_index_serves_may_grow_as_the_logarithm_and_no_faster() -> None:
    sizes = (1_000, 1_000_000)

    assert Growth("page history", sizes, (1.0, 2.0)).holds
    assert not Growth("page history", sizes, (1.0, 3.0)).holds
    assert Growth("verify", sizes, (1.0, 900.0)).holds
    assert not Growth("verify", sizes, (1.0, 2000.0)).holds


def test_a_plot_is_xml_and_names_every_line() -> None:
    drawn = plot(
        "Cost & size", "captures", "ms", [Line("a < b", [(10, 0.5), (1000, 20)]), Line("c", [(10, 1), (1000, 1)])]
    )

    texts = [element.text for element in ElementTree.fromstring(drawn).iter() if element.tag.endswith("text")]  # noqa: S314
    assert {"Cost & size", "a < b", "c", "10", "1,000"} <= set(texts)


def test_verify_finds_nothing_wrong_with_synthetic_histories(tmp_path: Path) -> None:
    with closing(reader(histories.fill(tmp_path / "archive.db", 80))) as conn:
        assert conn.execute("SELECT count(*) FROM captures").fetchone()[0] == 80
        assert list(verify(conn)) == []


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An archive of many pages of one source, and one of another that still has a capture to be read."""
    prepare(tmp_path / "archive.db")
    with closing(writing(tmp_path / "archive.db")) as conn:
        for source in ("large", "small"):
            conn.execute("INSERT INTO sources VALUES (?, '', 'Ekvik', '', 'sv', '2026-01-01T00:00:00Z')", (source,))
        run = evidence.begin_run(conn, source_id="small", kind="crawl", at=DAY, program="a", agent="a")
        for number in range(MANY):
            source, url = "small" if number == 0 else "large", f"https://www.ekvik.example/{number}"
            found = evidence.add_address(conn, source, url, "page", 1, None, DAY)
            assert found is not None
            conn.execute(
                "INSERT INTO pages (id, source_id, key, kind) VALUES (?, ?, ?, 'page')", (found.id, source, url)
            )
            conn.execute("INSERT INTO page_addresses VALUES (?, ?, 'own')", (found.id, found.id))
            conn.execute(
                """INSERT INTO captures (address_id, run_id, captured_at, outcome, failure, robots, leaf)
                   VALUES (?, ?, '2026-01-05T00:00:00Z', 'failed', 'timeout', '', ?)""",
                (found.id, run, "0" * 64),
            )
        conn.execute("ANALYZE")  # while nothing waits, as it is in life: SQLite guesses that the list is long
        unread.note(conn, 1)
        yield conn


def steps(conn: sqlite3.Connection, work: Callable[[], object]) -> int:
    """How many hundreds of steps SQLite took, as steps."""
    taken = [0]

    def count() -> int:
        taken[0] += 100
        return 0

    conn.set_progress_handler(count, 100)
    work()
    conn.set_progress_handler(None, 0)
    return taken[0]


def test_whether_a_page_waits_is_seen_without_going_through_all_addresses(crowded: sqlite3.Connection) -> None:
    assert unread.waits_of(crowded, 1, beside=2)
    assert not unread.waits_of(crowded, 1, beside=1)
    assert steps(crowded, lambda: unread.waits_of(crowded, 7, beside=2)) < FEW_STEPS


def test_what_stands_by_of_a_source_is_found_without_going_through_those_of_others(crowded: sqlite3.Connection) -> None:
    assert plan.standing_by(crowded, "small") == []
    assert steps(crowded, lambda: plan.standing_by(crowded, "small")) < FEW_STEPS
