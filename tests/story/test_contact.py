"""Nobody but this machine is asked before we say who we are; and a redirect leads nobody to private addresses."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from program import archiver

from archive import ARCHIVER, SOURCE, write_config
from archiver import __version__
from archiver.cli.fetching import make_fetcher
from archiver.config import load
from clock import Clock

ANONYMOUS = '[agent]\nname = "archiver"\n'


MOVES = {"/ut": "https://www.exempel.example/sida", "/in": "http://127.0.0.2/hemligt"}


class Server(ThreadingHTTPServer):
    """A server on this machine with one page, and two that redirect to other machines."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.agents: list[str] = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.agents.append(self.headers["User-Agent"])  # type: ignore[attr-defined]
        self.send_response(302 if self.path in MOVES else 200 if self.path == "/sida" else 404)
        self.send_header("Location", MOVES.get(self.path, "/"))
        self.send_header("Content-Length", "12")
        self.end_headers()
        self.wfile.write(b"<h1>Hej</h1>")

    def log_message(self, *rest: object) -> None:
        """Nothing."""


@pytest.fixture
def site() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize(
    "words", [("crawl",), ("run",), ("try", "https://www.exempelkoping.se/"), ("try", "http://10.1.2.3/")]
)
@pytest.mark.parametrize("proxy", ["", 'proxy = "http://127.0.0.1:9"\n'])
def test_nothing_leaves_this_machine_before_we_say_who_we_are(
    tmp_path: Path, words: tuple[str, ...], proxy: str
) -> None:
    config = write_config(tmp_path, SOURCE, proxy + ANONYMOUS)

    said = archiver("--config", config, "--archive", tmp_path / "a.db", *words)

    assert (said.code, said.out) == (2, "")
    assert "archiver.toml: agent.url: say how to reach you" in said.err
    assert "archiver.toml: agent.mail: say how to reach you" in said.err
    assert not (tmp_path / "a.db").exists()


def test_check_says_what_a_crawl_will_ask_for(tmp_path: Path) -> None:
    anonymous = archiver("--config", write_config(tmp_path, SOURCE, ANONYMOUS), "check")
    assert anonymous.code == 0
    assert [line.split(": say")[0] for line in anonymous.err.splitlines()] == [
        "Before a crawl: archiver.toml: agent.url", "Before a crawl: archiver.toml: agent.mail",
    ]  # fmt: skip
    (tmp_path / "named").mkdir()
    assert archiver("--config", write_config(tmp_path / "named", SOURCE), "check").err == ""


def test_a_redirect_from_this_machine_to_another_is_not_followed_before_we_say_who_we_are(
    tmp_path: Path, site: Server
) -> None:
    config = write_config(tmp_path, SOURCE, ANONYMOUS)
    said = archiver("--config", config, "try", f"{site.url}/ut")
    assert said.code == 2
    assert "agent.mail" in said.err
    assert archiver("--config", config, "try", f"{site.url}/sida").code == 0


def test_a_redirect_to_a_private_address_that_nobody_named_is_refused(tmp_path: Path, site: Server) -> None:
    said = archiver("--config", write_config(tmp_path, SOURCE, ARCHIVER), "try", f"{site.url}/in")
    assert said.code == 1
    assert "unsafe: 127.0.0.2 is at 127.0.0.2, which is not a public address" in said.err


def test_every_request_says_who_asks(tmp_path: Path, site: Server) -> None:
    archiver("--config", write_config(tmp_path, SOURCE, ARCHIVER), "try", f"{site.url}/sida")
    header = f"archiver/{__version__} (+https://archiver.example/about; archive@archiver.example)"
    assert set(site.agents) == {header}
    assert len(site.agents) == 2


def test_the_caps_of_the_configuration_are_those_of_what_fetches(tmp_path: Path) -> None:
    config = load(write_config(tmp_path, SOURCE, ARCHIVER + '[caps]\npage = "3 MB"\nfile = "4 MB"\n'))
    limits = make_fetcher(config, Clock())._limits
    assert (limits.of("text/html; charset=utf-8").body, limits.of("application/pdf").body) == (3_000_000, 4_000_000)
