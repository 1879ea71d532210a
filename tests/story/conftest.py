"""A town for each story."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Town, town


@pytest.fixture
def exempel(tmp_path: Path) -> Iterator[Town]:
    """The pretend municipality with an empty archive."""
    with town(tmp_path) as found:
        yield found
