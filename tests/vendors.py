"""The systems that hold minutes and notices, on loopback: what they answer can be edited between two crawls.

with hall("127.0.0.2") as vendor, meeting_town(tmp_path, vendor, seeds='...') as town:
    vendor["/mote/a1"] = html("Möte", '<a href="/fil?id=f1">Protokoll</a>')
    town.crawl()
"""

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from archive import ARCHIVER, Town, write_config
from archiver.config import load
from archiver.crawl import Crawl, Tally, Tools
from archiver.demo.pdf import page_pdf
from archiver.fetch import Fetcher
from archiver.store import open_archive
from clock import Clock
from pretend import Site

SOURCE = """\
municipality = "Exempelköping"
code         = "9999"
county       = "Exempellän"
profile      = "generic"
seeds        = [{seeds}]
every        = "day"
polite       = false
private      = true
"""
Answer = tuple[int, str, bytes]


class Hall:
    """One host. `asked` holds the path and query of every request but those for robots.txt."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        host, port = server.server_address[:2]
        self.base = f"http://{host!s}:{port}"
        self.asked: list[str] = []
        self._answers: dict[str, Answer] = {}

    def url(self, path: str) -> str:
        return self.base + path

    def __setitem__(self, place: str, answer: str | bytes | Mapping[str, Any] | list[Any]) -> None:
        """A page, a file, or JSON, by its path and query."""
        if isinstance(answer, str):
            self._answers[place] = (200, "text/html; charset=utf-8", answer.encode())
        elif isinstance(answer, bytes):
            self._answers[place] = (200, "application/pdf", answer)
        else:
            self._answers[place] = (200, "application/json; charset=utf-8", json.dumps(answer).encode())

    def gone(self, place: str, status: int = 404) -> None:
        """From now on there is nothing."""
        self._answers[place] = (status, "text/html; charset=utf-8", html("Sidan kunde inte hittas", "").encode())

    def answer(self, place: str) -> Answer:
        if place != "/robots.txt":
            self.asked.append(place)
        return self._answers.get(place) or (404, "text/html", html("Sidan kunde inte hittas", "").encode())


def html(title: str, body: str) -> str:
    """A page of such a system: menu, heading, what stands below it."""
    menu = "".join(f'<li><a href="/om/{n}">Om {n}</a></li>' for n in range(14))
    return (
        f'<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<nav><ul>{menu}</ul></nav><main><h1>{title}</h1>{body}</main></body></html>"
    )


def minutes(*lines: str) -> bytes:
    """A file of minutes."""
    return page_pdf("Protokoll", lines, datetime(2026, 3, 1, tzinfo=UTC))


@contextmanager
def hall(host: str = "127.0.0.1") -> Iterator[Hall]:
    """A host of loopback that answers until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            status, kind, body = found.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    server.daemon_threads = True
    found = Hall(server)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class MeetingTown(Town):
    """A town that asks over real sockets."""

    def crawl(self, limit: int | None = None) -> Tally:
        return asyncio.run(self._crawl(limit))

    async def _crawl(self, limit: int | None) -> Tally:
        fetcher = Fetcher(self.config.agent.header, clock=self.clock)
        tools = Tools(self.archive, self.config, fetcher, self.pool, self.clock, chance=lambda: 0.5)  # type: ignore[arg-type]
        try:
            return await Crawl(tools, self.source, limit=limit).run()
        finally:
            await fetcher.aclose()

    def verdicts(self, like: str) -> list[tuple[Any, ...]]:
        """Status, verdict and role of the captures of these addresses, in order."""
        return self.rows(
            """SELECT c.status, g.verdict, a.role FROM captures c JOIN addresses a ON a.id = c.address_id
               LEFT JOIN readings g ON g.capture_id = c.id WHERE a.url LIKE ? ORDER BY c.id""",
            like,
        )

    def states(self, like: str) -> list[str]:
        """The states of the pages at these addresses, each with its first."""
        return [
            state
            for (state,) in self.rows(
                """SELECT DISTINCT r.state FROM revisions r JOIN page_addresses p ON p.page_id = r.page_id
                   JOIN addresses a ON a.id = p.address_id WHERE a.url LIKE ? ORDER BY r.id""",
                like,
            )
        ]

    def issues(self, kind: str) -> list[str]:
        """What the issues of that kind say."""
        return [row[0] for row in self.rows("SELECT detail FROM issues WHERE kind = ? ORDER BY id", kind)]


@contextmanager
def meeting_town(folder: Path, seeds: str, more: str = "") -> Iterator[MeetingTown]:
    """A town whose source has these seeds, with an empty archive."""
    clock = Clock("2026-03-02 06:00")
    config = load(write_config(folder, SOURCE.format(seeds=seeds) + more, ARCHIVER))
    with open_archive(folder / "archive.db") as archive:
        yield MeetingTown(config, archive, Site("https://www.exempelkoping.se", clock), clock)
