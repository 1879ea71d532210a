"""The room that these tests visit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import chromium
from click.testing import CliRunner
from poison import poisoned as poison
from visitor import BOARD, Room, live

from archive import SOURCE, town
from archiver.cli.demo import demo_command
from archiver.room import application


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The room, over an archive of four days."""
    folder = tmp_path_factory.mktemp("room")
    with town(folder, source=SOURCE + BOARD, start="2026-03-02 06:00") as found:
        live(found)
        yield Room(application(folder / "archive.db"), found)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that `archiver demo` makes."""
    folder = tmp_path_factory.mktemp("demonstration")
    assert CliRunner().invoke(demo_command, ["--folder", str(folder)]).exit_code == 0
    return folder / "archive.db"


@pytest.fixture(scope="session")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a municipality whose every word is an attack."""
    folder = tmp_path_factory.mktemp("poisoned")
    with town(folder, start="2026-03-02 06:00") as found:
        poison(found)
    return folder / "archive.db"


@pytest.fixture(scope="module")
def browser(demonstration: Path, poisoned: Path, room: Room) -> Iterator[Any]:
    """A browser for the tests of one file: while it runs, nothing else in this thread can wait for a loop of its own.

    So what else is made by waiting is made before it.
    """
    with chromium() as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of this test's own."""
    return tmp_path
