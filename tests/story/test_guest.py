"""What is fetched for a person who asked for it: a host is left alone for as long as it wants to be, here too."""

import asyncio
from collections.abc import Mapping
from itertools import pairwise

import pytest

from archive import Town
from archiver.cli import fetching
from archiver.cli.fetching import Asked, fetch_politely
from archiver.errors import NotFetched
from archiver.model import Request, Response
from clock import Clock

OTHER = "https://arkiv.example"
Headers = tuple[tuple[str, str], ...]


class Archive:
    """Another archive: what it answers by path, and when it was asked for what."""

    def __init__(self, clock: Clock, robots: str, answers: Mapping[str, tuple[int, Headers]]) -> None:
        self.clock, self.robots, self.answers = clock, robots, answers
        self.asked: list[tuple[float, str]] = []

    async def __call__(self, request: Request, *, private: bool = False) -> Response:
        path = request.url.removeprefix(OTHER)
        self.asked.append((self.clock.monotonic(), path))
        status, headers = self.answers.get(path, (200, ()))
        body = self.robots.encode() if path == "/robots.txt" else b"text"
        return Response(request.url, self.clock.now(), status, headers, body, elapsed=0.1)

    async def aclose(self) -> None:
        """Nothing."""


def _spans(archive: Archive) -> list[float]:
    moments = [at for at, _ in archive.asked]
    return [b - a for a, b in pairwise(moments)]


def _ask(
    town: Town, monkeypatch: pytest.MonkeyPatch, archive: Archive, *paths: str, delay: float = 2.0
) -> list[int | str]:
    monkeypatch.setattr(fetching, "make_fetcher", lambda *_: archive)
    asked = Asked(town.config, archive.clock, delay, OTHER)

    async def each() -> list[int | str]:
        found: list[int | str] = []
        for path in paths:
            try:
                found.append((await asked(OTHER + path)).status)
            except NotFetched as error:
                found.append(str(error))
        return found

    return asyncio.run(each())


def test_its_crawl_delay_holds_from_the_first_request_on(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(Clock(), "User-agent: *\nCrawl-delay: 30", {})

    assert _ask(exempel, monkeypatch, archive, "/a", "/b") == [200, 200]
    assert _spans(archive) == [30, 30]


def test_without_one_ours_holds(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(Clock(), "", {})

    assert _ask(exempel, monkeypatch, archive, "/a", "/b") == [200, 200]
    assert _spans(archive) == [2, 2]


def test_an_archive_that_is_busy_is_left_alone_for_as_long_as_it_asks(
    exempel: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(Clock(), "", {"/a": (429, (("Retry-After", "240"),))})

    assert _ask(exempel, monkeypatch, archive, "/a", "/b") == [429, 200]
    assert _spans(archive)[1] >= 240


def test_nobody_is_kept_waiting_for_hours_and_nothing_is_asked_meanwhile(
    exempel: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(Clock(), "", {"/a": (503, (("Retry-After", "7200"),))})

    assert _ask(exempel, monkeypatch, archive, "/a", "/b", "/c") == [
        503,
        f"arkiv.example wants to be left alone for 7200 s: {OTHER}/b is not asked for",
        f"arkiv.example wants to be left alone for 7200 s: {OTHER}/c is not asked for",
    ]
    assert [path for _, path in archive.asked] == ["/robots.txt", "/a"]


def test_half_a_robots_txt_is_no_leave(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(Archive):
        async def __call__(self, request: Request, *, private: bool = False) -> Response:
            reply = await super().__call__(request)
            return Response(reply.url, reply.at, 200, (), b"User-agent: *", flaw="truncated")

    (told,) = _ask(exempel, monkeypatch, Cut(Clock(), "", {}), "/a")
    assert told == f"{OTHER}/a: robots.txt bars us (deny: robots.txt could not be had (cut off))"


def test_one_page_waits_for_the_crawl_delay_too_and_says_so(
    exempel: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = Archive(Clock(), "User-agent: *\nCrawl-delay: 20", {})
    monkeypatch.setattr(fetching, "make_fetcher", lambda *_: archive)
    monkeypatch.setattr(fetching, "SystemClock", lambda: archive.clock)

    asyncio.run(fetch_politely(exempel.config, f"{OTHER}/a"))

    assert _spans(archive) == [20]
    assert capsys.readouterr().err == "arkiv.example wants to be left alone for 20 s: waiting.\n"
