"""What every test may rely on: no socket but to this machine; and a connection left open is our own fault."""

import socket
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from writers import writers

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that would go online fails instead."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test must not go online: {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _closes_its_archives() -> Iterator[None]:
    """A test that leaves an archive open for writing fails: else its thread and its connections stay to the end, or are
    dropped open while a later test is under way. Those of a fixture of a whole file are closed with the file."""
    before = writers()
    yield
    assert writers() <= before, "the test left an archive open"


class _Closing(sqlite3.Connection):
    """A connection that is closed when it is dropped."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # where it could not be opened
            self.close()


def pytest_sessionstart() -> None:
    """Datasette 0.65 drops connections open, the first while it is imported; from Python 3.13 on that warns.

    The warning comes in whichever test is then under way. It stays on for connections of our own.
    """
    connect = sqlite3.connect

    def connected(*args: object, **options: object) -> sqlite3.Connection:
        if sys._getframe(1).f_globals.get("__name__", "").startswith("datasette."):
            options |= {"factory": _Closing, "check_same_thread": False}
        return connect(*args, **options)  # type: ignore[call-overload, no-any-return]

    sqlite3.connect = connected


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus of real pages; a test that needs it skips where it is absent."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus of real pages is not beside this checkout")
    return folder
