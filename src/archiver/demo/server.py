"""The three towns on loopback, each on a port of its own, changing when you say that it is another day.

    with serve() as towns:
        towns.day = 2
        for name, toml in towns.sources().items(): ...

HTTP/1.1 with keep-alive, ETag and Last-Modified (304), gzip where it is asked for. Nothing is logged.
"""

import gzip
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from urllib.parse import urlsplit

from archiver.demo.script import LAST_DAY
from archiver.demo.site import TOWNS, Page, not_found, pages_on

_PACKED = ("text/", "application/xml", "application/rss")
_LEAST_PACKED = 512  # bytes


class Towns:
    """The running towns. `day` is what all of them show."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls  # town id -> 'http://127.0.0.1:8001'
        self._day = 1

    @property
    def day(self) -> int:
        """The day that is shown, from 1."""
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        if not 1 <= day <= LAST_DAY:
            raise ValueError(f"the script has days 1 to {LAST_DAY}, not {day}")
        self._day = day

    def url(self, town: str, path: str = "") -> str:
        """An address in a town."""
        return self.urls[town] + path

    def sources(self) -> dict[str, str]:
        """Each town's configuration as TOML, by the name its file ought to have, without the ending."""
        return {town: source(town, url.rpartition(":")[2]) for town, url in self.urls.items()}

    def page(self, town: str, path: str) -> Page:
        """What a path of a town answers today; a query chooses nothing."""
        base = self.urls[town]
        return pages_on(town, self._day, base).get(urlsplit(path).path) or not_found(town, base)


def source(town: str, port: str) -> str:
    """The TOML of one town's source."""
    text = files("archiver.demo").joinpath("config", f"{town}.toml").read_text("utf-8")
    return text.replace("{port}", port)


@contextmanager
def serve() -> Iterator[Towns]:
    """The towns, answering on 127.0.0.1 until the block ends."""
    with ExitStack() as stack:
        towns = Towns({})
        for name in TOWNS:
            server = _Server(("127.0.0.1", 0), _handler(towns, name))
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
            Thread(target=server.serve_forever, args=(0.05,), name=f"demo-{name}", daemon=True).start()
            towns.urls[name] = f"http://127.0.0.1:{server.server_address[1]}"
        yield towns


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # kept-alive connections end with their clients

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


def _handler(towns: Towns, town: str) -> type[BaseHTTPRequestHandler]:
    """A handler that speaks for one town."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30  # seconds
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            page = towns.page(town, self.path)
            tag = f'"{sha256(page.body).hexdigest()[:20]}"'
            headers = dict(page.headers)
            if page.status == HTTPStatus.OK:
                headers["ETag"] = tag
                if self._knows(tag, headers.get("Last-Modified")):
                    self._send(HTTPStatus.NOT_MODIFIED, {"ETag": tag}, None)
                    return
            body = page.body
            if self._wants_gzip(headers.get("Content-Type", ""), body):
                body = gzip.compress(body, 6, mtime=0)
                headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            self._send(page.status, headers | {"Content-Length": str(len(body))}, body if with_body else None)

        def _knows(self, tag: str, changed: str | None) -> bool:
            """Whether the asker has it: If-None-Match decides where it is sent (RFC 9110 section 13.1.3)."""
            known = self.headers.get("If-None-Match")
            if known is not None:
                return tag in (part.strip().removeprefix("W/") for part in known.split(","))
            return changed is not None and self.headers.get("If-Modified-Since") == changed

        def _wants_gzip(self, content_type: str, body: bytes) -> bool:
            is_asked = "gzip" in self.headers.get("Accept-Encoding", "")
            return is_asked and content_type.startswith(_PACKED) and len(body) >= _LEAST_PACKED

        def _send(self, status: int, headers: dict[str, str], body: bytes | None) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if body:
                self.wfile.write(body)

        def version_string(self) -> str:
            return "demo"

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    return Handler
