"""The demonstration against its own script: every edit is found as what it is, and nothing else is."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archiver.cli.demo import demo_command
from archiver.demo import EDITS, date_of
from archiver.store import queries, reader

Found = dict[tuple[int, str, str], tuple[frozenset[str], frozenset[str]]]
"""By day, town and path: classes and kinds."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    said = CliRunner().invoke(demo_command, ["--folder", str(folder)])
    assert said.exit_code == 0, said.output
    return folder / "archive.db"


@pytest.fixture(scope="module")
def changes(archive: Path) -> list[dict[str, Any]]:
    with closing(reader(archive)) as conn:
        return [c for c in queries.changes(conn) if c["page_kind"] in ("page", "file")]


def _day(change: dict[str, Any]) -> int:
    days = {date_of(day).isoformat(): day for day in (1, 2, 3)}
    return days[change["window"]["seen_after"][:10]]


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def test_every_edit_is_found_on_its_day_as_what_it_is_and_nothing_else_is(changes: list[dict[str, Any]]) -> None:
    expected: Found = {(e.day, e.town, e.path): (e.classes, e.kinds) for e in EDITS if e.classes}

    found = {(_day(c), c["source"], _path(c["url"])): (frozenset(c["classes"]), frozenset(c["kinds"])) for c in changes}

    assert found == expected
    assert len(changes) == len(found)


def test_a_change_is_dated_between_two_visits(changes: list[dict[str, Any]]) -> None:
    for change in changes:
        window = change["window"]
        assert window["last_seen_before"] < window["seen_after"]
        assert _day(change) >= 2


def test_banners_are_notices_of_the_sites_and_no_changes(archive: Path) -> None:
    with closing(reader(archive)) as conn:
        notices = {(row[0], row[1].split(".")[0]) for row in conn.execute("SELECT source_id, text FROM notices")}

    assert ("sjoberga", "Viktigt meddelande Vattenläcka i centrala Sjöberga: koka dricksvattnet") in notices
    assert ("alvhamn", "Isen i hamnbassängen är svag") in notices


def test_the_second_visit_of_a_day_asks_for_no_page_that_is_not_due(archive: Path) -> None:
    with closing(reader(archive)) as conn:
        afternoons = conn.execute(
            """SELECT a.url, c.outcome FROM captures c JOIN addresses a ON a.id = c.address_id
               WHERE substr(c.captured_at, 12, 2) = '14' AND a.role IN ('page', 'file')"""
        ).fetchall()

    assert {_path(url) for url, _ in afternoons} == {"/kommun-och-politik/oppna-namndsammantraden"}
