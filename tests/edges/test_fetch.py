"""Real sockets, honest and hostile servers: every answer is a value, in time and within bounds."""

import asyncio
import gzip
import hashlib
import socket
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime

import brotli
import httpx
import pytest
from hostile import Hostile, Play, drip, for_ever, page, then_close, then_reset

from archiver.fetch import Fetcher, Limits
from archiver.fetch.line import Answer, Question
from archiver.model import Failure, Request, Response

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
SHORT = Limits(connect=1.0, read=1.0, total=1.5)


class Noon:
    def now(self) -> datetime:
        return NOON


def fetcher(limits: Limits = SHORT, **options: object) -> Fetcher:
    return Fetcher("archiver/0 (+https://exempel.example)", clock=Noon(), limits=limits, private=True, **options)


async def ask(answer: bytes | Play, limits: Limits = SHORT, path: str = "/") -> Response | Failure:
    """What comes of asking a site that has one answer."""
    async with Hostile({path: answer}) as site:
        fetch = fetcher(limits)
        try:
            return await fetch(Request(site.url(path)))
        finally:
            await fetch.aclose()


def reply(answer: bytes | Play, limits: Limits = SHORT) -> Response | Failure:
    return asyncio.run(ask(answer, limits))


def response(answer: bytes | Play, limits: Limits = SHORT) -> Response:
    got = reply(answer, limits)
    assert isinstance(got, Response), got
    return got


def failure(answer: bytes | Play, limits: Limits = SHORT) -> Failure:
    got = reply(answer, limits)
    assert isinstance(got, Failure), got
    return got


def replies(paths: Mapping[str, bytes | Play], *asked: str) -> tuple[list[Response | Failure], Hostile]:
    """What comes of asking one site several times, one after the other, and the site to look at."""

    async def story() -> tuple[list[Response | Failure], Hostile]:
        async with Hostile(paths) as site:
            fetch = fetcher()
            try:
                return [await fetch(Request(site.url(path))) for path in asked], site
            finally:
                await fetch.aclose()

    return asyncio.run(story())


# What an honest server sends


def test_response_has_status_headers_in_order_body_and_peer() -> None:
    got = response(page(b"hej", "X-B: 2", "x-a: 1", "X-B: 3"))
    assert (got.status, got.body, got.flaw, got.at, got.ip) == (200, b"hej", None, NOON, "127.0.0.1")
    assert got.headers == (
        ("Content-Type", "text/html"), ("X-B", "2"), ("x-a", "1"), ("X-B", "3"), ("Content-Length", "3"),
    )  # fmt: skip
    assert (got.wire_sha256, got.wire_size, got.certificate) == (None, None, None)
    assert 0 < got.elapsed < 1


def test_request_says_who_we_are_and_what_we_know() -> None:
    async def story() -> bytes:
        async with Hostile({"/a%7C?q=%C3%A5|b": page()}) as site:
            fetch = fetcher()
            await fetch(
                Request(site.url("/a%7C?q=å|b#del"), etag='"v1"', last_modified="Mon, 05 Jan 2026 09:00:00 GMT")
            )
            await fetch.aclose()
            return site.asked[0].replace(str(site.port).encode(), b"PORT")

    assert asyncio.run(story()).decode().split("\r\n") == [
        "GET /a%7C?q=%C3%A5|b HTTP/1.1",
        "Host: 127.0.0.1:PORT",
        "User-Agent: archiver/0 (+https://exempel.example)",
        "Accept: text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.8",
        "Accept-Language: sv, en;q=0.5",
        "Accept-Encoding: gzip, deflate, br, zstd",
        'If-None-Match: "v1"',
        "If-Modified-Since: Mon, 05 Jan 2026 09:00:00 GMT",
        "",
        "",
    ]


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"å"', '"\x00"', ""])
def test_validator_that_no_header_can_hold_is_not_sent(etag: str) -> None:
    async def story() -> tuple[Response | Failure, bytes]:
        async with Hostile({"/": page()}) as site:
            fetch = fetcher()
            got = await fetch(Request(site.url(), etag=etag))
            await fetch.aclose()
            return got, site.asked[0]

    got, head = asyncio.run(story())
    assert isinstance(got, Response)
    assert b"If-None-Match" not in head
    assert b"Evil" not in head


def test_coded_body_is_decoded_and_its_bytes_on_the_wire_are_hashed() -> None:
    coded = gzip.compress(b"hej " * 1000)
    got = response(page(coded, "Content-Encoding: gzip"))
    assert got.body == b"hej " * 1000
    assert (got.wire_sha256, got.wire_size) == (hashlib.sha256(coded).hexdigest(), len(coded))


def test_redirect_is_an_answer_and_is_not_followed() -> None:
    (got,), site = replies({"/": page(b"", "Location: /ny", status="301 Moved"), "/ny": page()}, "/")
    assert isinstance(got, Response)
    assert (got.status, got.header("location"), len(site.asked)) == (301, "/ny", 1)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"/\xe5terst\xe4ll", "/återställ"),
        ("/återställ".encode(), "/återställ"),
        (b"http://[::1/", "http://[::1/"),
        (b"\x80\xff", "\x80ÿ"),
    ],
)
def test_odd_location_is_kept_as_it_came(raw: bytes, text: str) -> None:
    got = response(b"HTTP/1.1 302 Found\r\nLocation: " + raw + b"\r\nContent-Length: 0\r\n\r\n")
    assert (got.status, got.header("Location")) == (302, text)


def test_not_modified_has_no_body_and_no_flaw() -> None:
    got = response(b'HTTP/1.1 304 Not Modified\r\nETag: "v1"\r\nContent-Encoding: gzip\r\nContent-Length: 99\r\n\r\n')
    assert (got.status, got.body, got.flaw, got.wire_sha256) == (304, b"", None, None)


def test_server_error_is_an_answer() -> None:
    assert response(page(b"slut", status="503 Unavailable")).status == 503


def test_chunked_body_is_joined() -> None:
    got = response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhej\r\n1\r\n!\r\n0\r\nT: 1\r\n\r\n")
    assert (got.body, got.flaw) == (b"hej!", None)


def test_body_that_ends_with_the_connection_is_whole() -> None:
    assert response(then_close(b"HTTP/1.0 200 OK\r\n\r\nhej")).body == b"hej"


def test_interim_responses_are_passed_over() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    assert response(early + page(b"hej")).body == b"hej"


def test_headers_up_to_the_limit_are_taken() -> None:
    assert len(response(page(b"", f"X: {'a' * 60_000}")).header("x") or "") == 60_000


# Connections


def test_connection_is_kept_and_cookies_are_not() -> None:
    paths = {"/a": page(b"a", "Set-Cookie: id=1; Path=/"), "/b": page(b"b")}
    got, site = replies(paths, "/a", "/b", "/b")
    assert [r.body for r in got if isinstance(r, Response)] == [b"a", b"b", b"b"]
    assert site.connections == 1
    assert not any(b"cookie" in head.lower() for head in site.asked)


def test_connection_closed_while_idle_is_opened_anew() -> None:
    async def story() -> tuple[int, list[Response | Failure]]:
        async with Hostile({"/": page(), "/x": then_close(page())}) as site:
            fetch = fetcher()
            first = await fetch(Request(site.url("/x")))
            await asyncio.sleep(0.02)
            second = await fetch(Request(site.url("/")))
            await fetch.aclose()
            return site.connections, [first, second]

    connections, got = asyncio.run(story())
    assert connections == 2
    assert all(isinstance(r, Response) and r.flaw is None for r in got)


def test_request_is_sent_again_where_the_kept_connection_closed_on_it() -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        paths["/b"] = page(b"b")

    paths: dict[str, bytes | Play] = {"/a": page(b"a"), "/b": hang_up}
    got, site = replies(paths, "/a", "/b")
    assert [r.body for r in got if isinstance(r, Response)] == [b"a", b"b"]
    assert (site.connections, len(site.asked)) == (2, 3)


def test_surplus_of_one_answer_is_not_the_next_answer() -> None:
    evil = page(b"hej") + page(b"till nasta fraga")
    (first, second), site = replies({"/a": evil, "/b": page(b"b")}, "/a", "/b")
    assert isinstance(first, Response)
    assert isinstance(second, Response)
    assert (first.body, second.body, site.connections) == (b"hej", b"b", 2)


def test_no_more_connections_to_a_host_than_allowed() -> None:
    async def story() -> int:
        async with Hostile({"/": page(b"x" * 1000)}) as site:
            fetch = fetcher()
            await asyncio.gather(*(fetch(Request(site.url())) for _ in range(20)))
            await fetch.aclose()
            return site.connections

    assert asyncio.run(story()) == 2


def test_lines_least_used_are_closed() -> None:
    async def story() -> tuple[list[str], list[int]]:
        sites = [Hostile({"/": page()}, host=f"127.0.0.{n}") for n in (1, 2, 3)]
        for site in sites:
            await site.__aenter__()
        fetch = fetcher(Limits(hosts=2))
        for n in (0, 1, 0, 2, 0, 1):
            assert isinstance(await fetch(Request(sites[n].url())), Response)
        kept = [name.split(":")[0] for name in fetch._hosts]
        await fetch.aclose()
        for site in sites:
            await site.__aexit__(None, None, None)
        return kept, [site.connections for site in sites]

    assert asyncio.run(story()) == (["127.0.0.1", "127.0.0.2"], [1, 2, 1])


class Echo:
    """A line that no socket stands behind: the path comes back as the page."""

    async def ask(self, question: Question) -> Answer:
        return Answer(200, [(b"Content-Type", b"text/html")], Said(b"<p>" + question.target))

    async def aclose(self) -> None:
        return None


class Said:
    def __init__(self, *chunks: bytes) -> None:
        self._chunks = list(chunks)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self._chunks:
            return self._chunks.pop(0)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        self._chunks.clear()


def test_any_transport_of_httpx_can_stand_in() -> None:
    async def story(handler: Callable[[httpx.Request], httpx.Response]) -> Response | Failure:
        fetch = fetcher(line=lambda _: httpx.MockTransport(handler))
        try:
            return await fetch(Request("http://exempel.example/sida"))
        finally:
            await fetch.aclose()

    def late(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too late")

    got = asyncio.run(story(lambda request: httpx.Response(200, html=f"<p>{request.url.path}")))
    assert isinstance(got, Response)
    assert got.body == b"<p>/sida"
    failed = asyncio.run(story(late))
    assert isinstance(failed, Failure)
    assert (failed.kind, failed.detail) == ("timeout", "too late")


def test_another_line_can_stand_in() -> None:
    async def story() -> Response | Failure:
        fetch = fetcher(line=lambda _: Echo())
        try:
            return await fetch(Request("http://exempel.example/sida"))
        finally:
            await fetch.aclose()

    got = asyncio.run(story())
    assert isinstance(got, Response)
    assert got.body == b"<p>/sida"


# What breaks off


@pytest.mark.parametrize("end", [then_close, then_reset])
def test_body_shorter_than_its_length_is_kept_as_truncated(end: object) -> None:
    got = response(end(page(b"halva", length=100)))  # type: ignore[operator]
    assert (got.status, got.body, got.flaw) == (200, b"halva", "truncated")


def test_body_longer_than_its_length_ends_there() -> None:
    got = response(page(b"hej och mer", length=3))
    assert (got.body, got.flaw) == (b"hej", None)


@pytest.mark.parametrize("tail", [b"zz\r\nhej", b"3\r\nhejsan\r\n", b"5\r\nhe", b"3\r\nhej\r\n", b"-1\r\n"])
def test_broken_chunks_give_what_there_was(tail: bytes) -> None:
    got = response(then_close(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nja\r\n" + tail))
    assert (got.body[:2], got.flaw) == (b"ja", "truncated")


def test_cut_gzip_gives_what_there_was() -> None:
    coded = gzip.compress(bytes(range(256)) * 300)
    got = response(page(coded[:-200], "Content-Encoding: gzip"))
    assert got.flaw == "truncated"
    assert (bytes(range(256)) * 300).startswith(got.body)
    assert got.wire_size == len(coded) - 200


def test_body_that_comes_too_slowly_ends_at_the_deadline() -> None:
    begun = time.perf_counter()
    got = response(drip(b"x" * 1000, head=page(b"", length=1000)))
    assert got.flaw == "truncated"
    assert time.perf_counter() - begun < 30  # it does not hang; how fast it is, a benchmark tells


def test_body_that_stops_coming_ends_at_the_read_limit() -> None:
    got = response(drip(page(b"xy", length=3), pause=0))
    assert (got.body, got.flaw) == (b"xy", "truncated")
    assert got.elapsed < SHORT.total


@pytest.mark.parametrize(
    "play",
    [
        drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000),
        drip(b""),
        for_ever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        for_ever(b"HTTP/1.1 200 OK\r\n", b"X-Header: value\r\n"),
    ],
)
def test_headers_without_end_are_a_failure_in_time(play: Play) -> None:
    begun = time.perf_counter()
    got = failure(play)
    assert got.kind in {"timeout", "too-large", "protocol"}
    assert time.perf_counter() - begun < 30  # it does not hang; how fast it is, a benchmark tells


def test_body_without_end_is_cut_at_the_budget() -> None:
    got = response(for_ever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), Limits(body=200_000))
    assert (len(got.body), got.flaw) == (200_000, "over-budget")


def test_body_of_200_megabytes_takes_no_more_memory_than_twice_the_budget() -> None:
    async def story() -> tuple[int, str | None, int]:
        tracemalloc.start()
        endless = for_ever(page(b"", length=200_000_000), bytes(1 << 20))
        got = await ask(endless, Limits(body=10_000_000, total=20))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert isinstance(got, Response)
        return len(got.body), got.flaw, most

    size, flaw, most = asyncio.run(story())
    assert (size, flaw) == (10_000_000, "over-budget")
    assert most < 30_000_000


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(gzip.compress(bytes(30_000_000)))),
        ("gzip", gzip.compress(bytes(30_000_000))),
        ("br", brotli.compress(bytes(30_000_000), quality=5)),
    ],
)
def test_bomb_is_stopped(coding: str, bomb: bytes) -> None:
    layers = "gzip, gzip" if len(bomb) < 1000 and coding == "gzip" else coding
    got = response(page(bomb, f"Content-Encoding: {layers}"), Limits(body=5_000_000))
    assert got.flaw == "over-budget"
    assert len(got.body) <= 5_000_000


# What is no answer


def test_megabyte_of_headers_is_too_large() -> None:
    assert failure(page(b"", f"X: {'a' * 1_000_000}")).kind == "too-large"


@pytest.mark.parametrize(
    "answer",
    [b"<html>hej</html>", b"\x00\xff\xfe\r\n\r\n", b"HTTP/9.9 what\r\n\r\n", b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
     b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"],
)  # fmt: skip
def test_what_is_not_http_is_a_protocol_failure(answer: bytes) -> None:
    got = failure(then_close(answer))
    assert got.kind == "protocol"
    assert got.detail


@pytest.mark.parametrize("end", [then_close(b""), then_reset(b"")])
def test_connection_closed_without_a_word_is_a_reset(end: Play) -> None:
    assert failure(end).kind == "reset"


def test_refused_connection_is_a_connect_failure() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
        got = asyncio.run(asked_once(f"http://127.0.0.1:{port}/"))
    assert isinstance(got, Failure)
    assert got.kind == "connect"
    assert "refused" in got.detail.lower()


async def asked_once(url: str, **options: object) -> Response | Failure:
    fetch = fetcher(**options)
    try:
        return await fetch(Request(url))
    finally:
        await fetch.aclose()


def test_details_are_short_whatever_the_server_says() -> None:
    assert len(failure(then_close(b"HTTP/1.1 200 OK\r\n" + b"x" * 5000 + b"\r\n\r\n")).detail) <= 300


def test_time_is_whole_seconds_utc_and_elapsed_is_measured() -> None:
    got = failure(drip(b""))
    assert got.at == NOON
    assert got.elapsed > 0.8 * SHORT.read
