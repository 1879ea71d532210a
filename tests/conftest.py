"""What every test may rely on: no socket but to this machine."""

import socket
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The shared corpus of real pages; a test that needs it skips where it is absent."""
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the shared corpus of real pages is not beside this checkout")
    return folder
