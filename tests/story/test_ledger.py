"""The ledger: every URL that we ever saw is known, with where and when, whether or not we asked for it."""

from pathlib import Path
from typing import Any

import pytest
from program import archiver

from archive import HOME
from archive import town as a_town
from archiver.store import ledger, reader
from pretend import page

OTHER = "https://bolaget.example/om?q=1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two days: on the second the start page no longer links to the company, seven others do."""
    folder = tmp_path_factory.mktemp("ledger")
    with a_town(folder) as town:
        pages = [(f"/sida{n}", f"Sida {n}") for n in range(7)]
        town.site["/"] = page(
            "Start", links=[*pages, (OTHER + "#del", "Vårt bolag"), ("/flyttad", "F"), ("/a/b/a/b/a/b", "R")]
        )
        for path, title in pages:
            town.site[path] = page(title, "Text.", links=[(OTHER, f"Bolaget, {title}")])
        town.site.moves("/flyttad", "https://annan.example/hit?s=1")
        town.crawl()
        town.site["/"] = page("Start", links=pages)
        town.day(days=8)
    return folder


def why(folder: Path, url: str) -> dict[str, Any]:
    return archiver("--config", folder / "config", "--archive", folder / "archive.db", "why", url, "--json").object


def told(folder: Path, url: str) -> str:
    return archiver("--config", folder / "config", "--archive", folder / "archive.db", "why", url).out


def test_an_address_of_another_host_that_was_never_asked_for_is_known_by_who_linked_to_it(folder: Path) -> None:
    found = why(folder, OTHER)
    assert (found["belongs"], found["reason"], found["known"]) == (False, "on no host of any source", None)
    assert found["seen"]["pages"] == 8
    assert found["seen"]["first_on"] == f"{HOME}/"
    assert found["seen"]["first_seen"] == "2026-03-02T06:00:05Z"
    assert found["seen"]["last_seen"].startswith("2026-03-10T")
    assert len(found["linked_from"]) == 5
    assert HOME + "/" not in [link["url"] for link in found["linked_from"]]  # it linked there first, and not last

    shown = told(folder, OTHER)
    assert f"seen       2026-03-02 06:00 UTC on {HOME}/, last 2026-03-10 06:0" in shown
    assert "on 8 pages" in shown
    assert f"linked     {HOME}/sida2 “Bolaget, Sida 2”" in shown
    assert "… and 3 more" in shown
    assert "never asked for" in shown


def test_a_trap_and_the_target_of_a_redirect_out_of_scope_are_known_too(folder: Path) -> None:
    round_about = told(folder, f"{HOME}/a/b/a/b/a/b")
    assert "does not belong to exempelkoping: two parts of the path follow each other 3 times" in round_about
    assert f"UTC on {HOME}/, last 2026-03-02 06:00, on 1 page" in round_about
    assert f"redirected {HOME}/flyttad 2026-03-" in told(folder, "https://annan.example/hit?s=1")


def test_what_nobody_linked_to_is_not_met(folder: Path) -> None:
    assert why(folder, "https://bolaget.example/annat")["seen"] is None
    assert "not met yet" in told(folder, "https://bolaget.example/annat")


def test_a_researcher_counts_the_sites_that_a_municipality_links_to(folder: Path) -> None:
    conn = reader(folder / "archive.db")
    hosts = conn.execute(
        """SELECT host, count(*), max(pages), max(asked) FROM seen_urls
           WHERE code = '9999' AND host <> 'www.exempelkoping.se' GROUP BY host ORDER BY host"""
    ).fetchall()
    conn.close()
    assert [tuple(row) for row in hosts] == [("bolaget.example", 2, 7, 0)]  # with and without '#del'


def test_where_a_url_was_seen_is_found_by_indexes_alone(folder: Path) -> None:
    conn = reader(folder / "archive.db")
    plan = [row["detail"] for row in conn.execute(f"EXPLAIN QUERY PLAN {ledger._SIGHTINGS}", {"key": "x"})]
    conn.close()
    tables = ("targets", "links", "t", "l", "g", "c", "p", "x", "a")
    assert not [step for step in plan if step.startswith(tuple(f"SCAN {name}" for name in tables))]
