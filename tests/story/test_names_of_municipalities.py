"""One look-up for every door: a municipality is found by its name, code or source, however these are spelled."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from program import archiver

from archive import SOURCE, Town, town
from archiver import api, asking
from archiver.asking.municipalities import find_held
from archiver.config import Municipality, find
from archiver.errors import NotFound
from archiver.store import evidence
from pretend import page

NAMED = SOURCE.replace("exempelkoping.se", "ovre-aby.se").replace("Exempelköping", "Övre Åby")
SPELLED = ("Övre Åby", "övre åby", " ÖVRE  ÅBY kommun", "Övre Åbys kommun", "ovre aby", "9999", "exempelkoping")
"""The source's file is called exempelkoping.toml in these tests."""


@pytest.fixture(scope="module")
def aby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with one page, and a source without a code beside it."""
    with town(tmp_path_factory.mktemp("aby"), NAMED) as found:
        found.site.hosts.add("www.ovre-aby.se")
        found.site.base = "https://www.ovre-aby.se"
        found.site["/"] = page("Start", "Välkommen.")
        found.crawl()
        yield found


@pytest.mark.parametrize("spelled", SPELLED)
def test_the_command_line_the_questions_and_programs_find_it(aby: Town, spelled: str) -> None:
    options = ("--config", aby.archive.path.parent / "config", "--archive", aby.archive.path)
    assert archiver(*options, "changes", "--kommun", spelled, "--json").code == 0
    assert [row["municipality"] for row in asking.ask(aby.archive.reader, "coverage", kommun=spelled)] == ["Övre Åby"]
    with api.open_archive(aby.archive.path) as found:
        assert [one.code for one in found.pages(municipality=spelled)] == ["9999"]


@pytest.mark.parametrize("spelled", ["Åby", "Övre", "999", "", "www.ovre-aby.se"])
def test_no_door_takes_one_for_another(aby: Town, spelled: str) -> None:
    with pytest.raises(NotFound, match="it holds: Övre Åby"):
        find_held(aby.archive.reader, spelled)


def test_a_source_is_known_by_its_own_name_first_and_a_missing_code_names_nothing() -> None:
    rows = [Municipality("", "Norrby", "", source="soderby"), Municipality("9998", "Söderby", "", source="norrby-2")]
    assert [find(rows, name).name for name in ("soderby", "SODERBY", "söderby", "Norrby-2")] == [
        "Norrby", "Norrby", "Söderby", "Söderby",
    ]  # fmt: skip
    with pytest.raises(NotFound):
        find(rows, "")


def test_of_two_sources_of_one_name_the_first_stands_for_both() -> None:
    rows = [Municipality("9997", "Mellby", "", source=name) for name in ("mellby", "mellby-anslag")]
    assert [find(rows, name).source for name in ("Mellby", "9997", "mellby-anslag")] == [
        "mellby", "mellby", "mellby-anslag",
    ]  # fmt: skip


def test_what_has_no_code_is_known_by_its_name(tmp_path: Path) -> None:
    with town(tmp_path, SOURCE.replace('code         = "9999"\n', "")) as found:
        found.archive.write(lambda c: evidence.add_source(c, found.source, found.clock.now()))
        assert find_held(found.archive.reader, "exempelköpings kommun").key == "Exempelköping"
