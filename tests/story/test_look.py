"""`archiver why` and `issues`: the crawler's own account of a URL, and of what wants a person."""

from pathlib import Path

import pytest
from program import Said, archiver

from archive import HOME, SOURCE, write_config
from archive import town as a_town
from archiver.cli.health import outlook, spent
from archiver.cli.setting import Setting
from archiver.store import hosts
from archiver.store.hosts import HostState
from pretend import page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two days, beside its configuration."""
    folder = tmp_path_factory.mktemp("look")
    with a_town(folder) as town:
        town.site["/"] = page("Start", "Välkommen.", links=[("/politik", "Politik"), ("/borta", "Borta")])
        town.site["/politik"] = page("Politik", "Text.", "<p>Senast uppdaterad:</p>")
        town.site.gone("/borta")
        town.crawl()
        town.day()
    return folder


def look(folder: Path, *words: str) -> Said:
    return archiver("--config", folder / "config", "--archive", folder / "archive.db", *words)


def test_why_tells_scope_page_origin_plan_and_visits(folder: Path) -> None:
    said = look(folder, "why", f"{HOME}/politik/", "--json").object
    assert (said["belongs"], said["source"], said["reason"]) == (True, "exempelkoping", f"within {HOME}/")
    assert said["page"] == "https://exempelkoping.se/politik"
    shown = look(folder, "why", f"{HOME}/politik").out
    assert f"found      2026-03-02 06:00 UTC on {HOME}/, as a page" in shown
    assert "ok 200  [allow: no robots.txt (404)]" in shown
    assert f"linked     {HOME}/ “Politik”" in shown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://www.annan.example/", "does not belong: on no host of any source"),
        (f"{HOME}/a/b/a/b/a/b", "does not belong to exempelkoping: two parts of the path follow each other 3 times"),
    ],
)
def test_what_does_not_belong_is_told_with_its_reason(folder: Path, url: str, words: str) -> None:
    said = look(folder, "why", url)
    assert said.code == 0
    assert words in said.out
    assert "not met yet" in said.out


def test_why_answers_without_an_archive_and_refuses_what_is_no_url(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    said = archiver("--config", config, "--archive", tmp_path / "none.db", "why", f"{HOME}/a", "--json")
    assert said.object["belongs"] is True
    assert said.object["known"] is None
    wrong = archiver("--config", config, "why", "politik")
    assert (wrong.code, wrong.out) == (2, "")
    assert "no http or https URL" in wrong.err


def test_issues_are_folded_by_cause(folder: Path) -> None:
    [issue] = look(folder, "issues", "--json").objects
    assert (issue["kind"], issue["source"], issue["pages"]) == ("label-without-value", "exempelkoping", 1)
    assert issue["url"] == f"{HOME}/politik"
    assert "label-without-value  exempelkoping  2026-03-02 06:00 UTC" in look(folder, "issues").out
    assert look(folder, "issues", "--kind", "bulk-date").out.strip() == "Nothing that fits wants a person."


def test_status_tells_when_each_source_was_last_well_seen_and_what_waits(folder: Path) -> None:
    said = look(folder, "status", "--json").object
    [row] = said["sources"]
    assert row["source"] == "exempelkoping"
    assert row["last_good"] == "2026-03-03T10:48:25Z"
    assert row["overdue"] == row["due"] > 0
    assert (row["asked"], row["failed"], row["unread"]) == (0, 0, 0)
    assert said["file"]["captures"] > 4
    assert "2026-03-03 10:48" in look(folder, "status").out


def test_a_source_not_seen_for_too_long_fails_the_check_by_name(folder: Path) -> None:
    said = look(folder, "status", "--fail-if-older-than", "36h")
    assert (said.code, said.out) == (1, "")
    assert said.err.strip() == "exempelkoping: last well seen 2026-03-03T10:48:25Z"
    assert look(folder, "status", "--fail-if-older-than", "99999d").code == 0
    assert look(folder, "status", "--fail-if-older-than", "soon").code == 2


def test_metrics_are_a_line_each_with_the_source_as_label(folder: Path) -> None:
    lines = look(folder, "status", "--metrics").out.splitlines()
    assert "# TYPE archiver_due gauge" in lines
    assert 'archiver_last_good{source="exempelkoping"} 1772534905.0' in lines
    assert all(line.startswith(("#", "archiver_")) for line in lines)


def test_a_plan_names_what_comes_and_how_long_it_takes(folder: Path) -> None:
    said = look(folder, "plan", "exempelkoping", "--json").object
    [host] = said["hosts"]
    assert (host["host"], host["delay"]) == ("www.exempelkoping.se", 5.0)
    assert host["seconds_full"] == 5 * host["addresses"]
    assert said["seconds_due"] == 5 * said["due"] > 0
    assert f"{HOME}/politik" in look(folder, "plan", "exempelkoping").out


def test_a_plan_before_the_first_crawl_names_where_it_begins(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    said = archiver("--config", config, "--archive", tmp_path / "none.db", "plan", "exempelkoping")
    assert said.code == 0
    assert "Never crawled" in said.out
    assert f"{HOME}/" in said.out


def test_a_budget_and_shared_addresses_are_told(tmp_path: Path) -> None:
    with a_town(tmp_path, SOURCE.replace("delay ", "budget = 3\ndelay ")) as town:
        town.site["/"] = page("Start", "Text.", links=[(f"/p{i}", f"Sida {i}") for i in range(5)])
        town.archive.write(
            lambda c: hosts.save_host(c, HostState("grannby.example", town.clock.now(), 5.0, peer="127.0.0.1"))
        )
        town.crawl()
    now = town.clock.now()
    setting = Setting(tmp_path / "config", tmp_path / "archive.db")

    found = outlook(setting, "exempelkoping", now)
    [host] = found["hosts"]
    assert (host["budget"], host["asked_today"], host["sharing"]) == (3, 3, 1)
    assert (found["seconds_due"], found["seconds_full"]) == (86_400, 86_400)  # six pages
    with setting.reading() as conn:
        assert spent(conn, setting.config, ["exempelkoping"], now) == {"exempelkoping": 1}
    said = look(tmp_path, "plan", "exempelkoping").out
    assert "of 3 requests a day are made today" in said
    assert "takes turns with 1 other hosts at 127.0.0.1" in said
    assert 'archiver_spent{source="exempelkoping"}' in look(tmp_path, "status", "--metrics").out
