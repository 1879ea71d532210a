from collections.abc import Iterator
from pathlib import Path

import pytest
from store_town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path / "archive.db") as town:
        yield town
