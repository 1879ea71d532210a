"""A town for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive import Town, town
from archiver.cli.demo import demo_command


@pytest.fixture
def exempel(tmp_path: Path) -> Iterator[Town]:
    """The pretend municipality with an empty archive."""
    with town(tmp_path) as found:
        yield found


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demonstration's configuration and archive, for tests that only read."""
    folder = tmp_path_factory.mktemp("demonstration")
    said = CliRunner().invoke(demo_command, ["--folder", str(folder)])
    assert said.exit_code == 0, said.output
    return folder
