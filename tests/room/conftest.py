"""The room that these tests visit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from visitor import BOARD, Room, live

from archive import SOURCE, town
from archiver.room import application


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """The room, over an archive of four days."""
    folder = tmp_path_factory.mktemp("room")
    with town(folder, source=SOURCE + BOARD, start="2026-03-02 06:00") as found:
        live(found)
        yield Room(application(folder / "archive.db"), found)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of this test's own."""
    return tmp_path
