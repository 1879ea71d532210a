"""Every trick of a hostile server, through real sockets: what comes of it is a value, in time, and says what it was."""

import asyncio
import gzip
import socket
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hostile import Hostile, Play, drip, for_ever, page, then_close, then_half_close, then_reset

from archiver.fetch import Fetcher, Limits
from archiver.fetch.addresses import Resolver
from archiver.fetch.trouble import Trouble
from archiver.model import Failure, Request, Response

SHORT = Limits(body=200_000, page=100_000, wire=300_000, connect=0.3, read=0.3, total=0.6)
PATIENT = replace(SHORT, connect=9, read=9, total=9)
"""For what ends by itself, on a machine that has much else to do."""
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
LONGEST = 20.0
"""Seconds: it does not hang. How fast it is, a benchmark tells."""


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def told(got: Response | Failure) -> tuple[object, ...]:
    """What came of it, in short: the failure, or the status and what is wrong with the body."""
    return (got.kind,) if isinstance(got, Failure) else (got.status, got.flaw)


async def _ask(
    answer: bytes | Play, *paths: str, limits: Limits = SHORT
) -> tuple[list[Response | Failure], list[bytes]]:
    async with Hostile({"/": answer, "/next": page(b"<p>nasta</p>")}) as site:
        fetch = Fetcher("archiver/0", clock=Noon(), limits=limits, private=True)
        try:
            return [await fetch(Request(site.url(path))) for path in paths], site.asked
        finally:
            await fetch.aclose()


def ask(answer: bytes | Play, limits: Limits = SHORT) -> Response | Failure:
    """What comes of asking once; the next question to the same host is answered as if nothing had been."""
    begun = time.perf_counter()
    (got, after), _ = asyncio.run(_ask(answer, "/", "/next", limits=limits))
    assert time.perf_counter() - begun < LONGEST
    assert isinstance(after, Response), after
    assert after.body == b"<p>nasta</p>"
    return got


# A connection that is not as it should be


@pytest.mark.parametrize(
    ("play", "expected"),
    [
        pytest.param(then_half_close(b""), ("reset",), id="not a word"),
        pytest.param(then_half_close(b"HTTP/1.1 200 OK\r\nContent-Le"), ("protocol",), id="half a head"),
        pytest.param(then_half_close(page(b"halva", length=100)), (200, "truncated"), id="half a body"),
        pytest.param(then_half_close(b"HTTP/1.0 200 OK\r\n\r\nallt"), (200, None), id="all of a body without a length"),
        pytest.param(then_half_close(CHUNKED + b"5\r\nhalva"), (200, "truncated"), id="chunks without an end"),
        pytest.param(then_reset(CHUNKED + b"5\r\nhalva"), (200, "truncated"), id="torn down in the body"),
        pytest.param(then_reset(b"HTTP/1.1 200 OK\r\nConte"), ("protocol", "reset"), id="torn down in the head"),
    ],
)
def test_a_connection_closed_halfway_is_told_at_once(play: Play, expected: tuple[object, ...]) -> None:
    got = ask(play)
    assert told(got) == expected or told(got)[0] in expected
    assert got.elapsed < SHORT.read  # nobody waited for the rest


# What never ends


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(drip(b"x" * 1000, head=page(b"", length=1000)), id="a body byte by byte"),
        pytest.param(drip(b"1\r\nx\r\n" * 200, head=CHUNKED), id="chunks byte by byte"),
        pytest.param(
            drip(gzip.compress(bytes(9999)), head=page(b"", "Content-Encoding: gzip", length=9999)), id="gzip"
        ),
        pytest.param(for_ever(CHUNKED, b"1;" + b"x" * 70_000), id="a chunk's extension without end"),
        pytest.param(for_ever(CHUNKED + b"0\r\n", b"X-Trailer: y\r\n" * 500), id="trailers without end"),
        pytest.param(for_ever(CHUNKED, b"1\r\nx\r\n" * 5_000), id="chunks of one byte without end"),
        pytest.param(for_ever(CHUNKED, b"0" * 70_000), id="a chunk's size without end"),
    ],
)
def test_a_body_that_never_ends_is_cut_and_kept(play: Play) -> None:
    got = ask(play)
    assert isinstance(got, Response), got
    assert got.status == 200
    assert got.flaw in ("truncated", "over-budget")
    assert len(got.body) <= SHORT.body


@pytest.mark.parametrize(
    "play",
    [
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000), id="headers byte by byte"),
        pytest.param(drip(b""), id="silence"),
        pytest.param(for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"), id="interim answers"),
        pytest.param(for_ever(b"HTTP/1.1 200 ", b"O" * 70_000), id="a reason"),
        pytest.param(for_ever(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 70_000), id="one header"),
        pytest.param(for_ever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 900), id="many headers"),
        pytest.param(for_ever(b"", b"\r\n" * 4000), id="empty lines"),
        pytest.param(for_ever(b"", b"\x00" * 70_000), id="nothing at all"),
    ],
)
def test_a_head_that_never_ends_is_a_failure(play: Play) -> None:
    got = ask(play)
    assert isinstance(got, Failure), got
    assert got.kind in {"timeout", "too-large", "protocol"}
    assert len(got.detail) <= 300


def test_a_megabyte_of_headers_is_too_large_in_one_piece_and_in_many() -> None:
    assert told(ask(page(b"", f"X: {'a' * 1_000_000}"))) == ("too-large",)
    assert told(ask(page(b"", *(f"X-{n}: {'a' * 100}" for n in range(10_000))))) == ("too-large",)


# A length or a form that is wrong


OK = b"HTTP/1.1 200 OK\r\n"
BOTH = OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhej\r\n0\r\n\r\n"
PROTOCOL, WHOLE, CUT = ("protocol",), (200, None), (200, "truncated")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(page(b"hej" * 100, length=3), [WHOLE], id="longer than its length"),
        pytest.param(then_close(page(b"hej", length=10**15)), [CUT], id="a petabyte is promised"),
        pytest.param(then_close(page(b"", length=-1)), [PROTOCOL], id="a negative length"),
        pytest.param(then_close(page(b"hej", "Content-Length: 5")), [PROTOCOL], id="two lengths"),
        pytest.param(then_close(page(b"hej", "Content-Length: 3")), [WHOLE, PROTOCOL], id="one length twice"),
        pytest.param(then_close(OK + b"Content-Length: 0x3\r\n\r\nhej"), [PROTOCOL], id="a length in hex"),
        pytest.param(then_close(BOTH), [WHOLE, PROTOCOL], id="a length and chunks"),
        pytest.param(then_close(CHUNKED + b"ffffffffffffffffff\r\nhej"), [CUT], id="a chunk of exabytes"),
        pytest.param(then_close(CHUNKED + b"-3\r\nhej\r\n0\r\n\r\n"), [CUT], id="a negative chunk"),
        pytest.param(then_close(OK + b"Transfer-Encoding: gzip\r\n\r\nhej"),
                     [PROTOCOL, WHOLE, CUT, (200, "bad-encoding")], id="an unknown coding"),
        pytest.param(then_close(b"<html><body>Hej</body></html>"), [PROTOCOL], id="HTTP/0.9"),
        pytest.param(then_close(b"HTTP/0.9 200 OK\r\n\r\nhej"), [PROTOCOL, WHOLE], id="HTTP/0.9 that says so"),
        pytest.param(then_close(b"ICY 200 OK\r\n\r\nhej"), [PROTOCOL], id="another protocol"),
        pytest.param(then_close(b"HTTP/1.1 20 OK\r\n\r\n"), [PROTOCOL], id="half a status"),
        pytest.param(then_close(OK + b"A\x00B: c\r\n\r\n"), [PROTOCOL], id="a zero in a name"),
        pytest.param(then_close(OK + b": c\r\n\r\n"), [PROTOCOL], id="a header without a name"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_is_named_or_overcome(answer: bytes | Play, expected: list[tuple[object, ...]]) -> None:
    assert told(ask(answer, PATIENT)) in expected


# More than it seems


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(bytes(30_000_000))),
        ("gzip", gzip.compress(bytes(1000)) * 3000),  # member after member
        ("deflate", zlib.compress(bytes(30_000_000))),
        ("gzip, gzip", gzip.compress(gzip.compress(bytes(30_000_000)))),
        (", ".join(["gzip"] * 50), gzip.compress(b"x", mtime=0)),
    ],
)
def test_a_bomb_is_stopped_and_what_came_is_kept(coding: str, bomb: bytes) -> None:
    got = ask(page(bomb, f"Content-Encoding: {coding}"))
    assert isinstance(got, Response)
    assert got.flaw in ("over-budget", "bad-encoding")
    assert len(got.body) <= SHORT.body


def test_a_web_page_has_a_budget_of_its_own() -> None:
    labels = (b"text/html", b"TEXT/HTML; charset=x", b"application/xhtml+xml", b"text/htmlish", b"application/pdf")
    answers = {label: page(b"x" * 150_000).replace(b"text/html", label) for label in labels}
    size = {label: len(response(then_close(answer)).body) for label, answer in answers.items()}
    assert size == {
        b"text/html": 100_000, b"TEXT/HTML; charset=x": 100_000, b"application/xhtml+xml": 100_000,
        b"text/htmlish": 150_000, b"application/pdf": 150_000,
    }  # fmt: skip
    assert response(page(b"x" * 100_001)).flaw == "over-budget"


def response(answer: bytes | Play) -> Response:
    got = ask(answer)
    assert isinstance(got, Response), got
    return got


# Where it would lead us, and what it would have us say


def test_who_asks_for_a_name_and_a_password_gets_neither() -> None:
    prompt = page(b"Login", 'WWW-Authenticate: Basic realm="Intranat"', "Set-Cookie: a=b", status="401 Unauthorized")
    (first, second), asked = asyncio.run(_ask(prompt, "/", "/"))
    assert [told(got) for got in (first, second)] == [(401, None)] * 2
    assert len(asked) == 2  # once each
    assert not [head for head in asked if b"authorization" in head.lower() or b"cookie" in head.lower()]


def test_a_name_and_a_password_in_a_url_are_not_sent() -> None:
    async def story() -> bytes:
        async with Hostile({"/": page()}) as site:
            fetch = Fetcher("archiver/0", clock=Noon(), limits=SHORT, private=True)
            await fetch(Request(site.url().replace("//", "//kalle:hemligt@")))
            await fetch.aclose()
            return site.asked[0]

    head = asyncio.run(story())
    assert b"hemligt" not in head
    assert b"authorization" not in head.lower()


@pytest.mark.parametrize(
    "location", [b"/\xff\xfe", b"//[::1", b"http://a b/", b"\x00", b"", b" ", b"http:///", b"a" * 9000]
)
def test_a_location_that_is_no_url_is_kept_as_it_came_and_harms_nothing(location: bytes) -> None:
    got = ask(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    assert told(got) in [(302, None), ("protocol",)]


@pytest.mark.parametrize("port", [1, 22, 25, 110, 6667])
def test_a_port_of_another_protocol_is_not_spoken_to(port: int) -> None:
    async def story() -> Response | Failure:
        fetch = Fetcher("archiver/0", clock=Noon(), limits=SHORT, lookup=lambda *_, **__: [])
        try:
            return await fetch(Request(f"http://exempel.example:{port}/"))
        finally:
            await fetch.aclose()

    got = asyncio.run(story())
    assert isinstance(got, Failure)
    assert (got.kind, got.detail) == ("unsafe", f"port {port} is no web server's")


def test_a_name_that_changes_its_mind_is_judged_at_every_look_up() -> None:
    """DNS rebinding: first the open Internet, then this machine; and both at once."""
    answers = [["8.8.8.8"], ["127.0.0.1"], ["10.0.0.1", "8.8.4.4", "::1"]]

    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, socket.SOCK_STREAM, 6, "", (address, 0)) for address in answers.pop(0)]

    async def story() -> list[object]:
        names, found = Resolver(lookup), []
        for _ in range(3):
            try:
                until = asyncio.get_running_loop().time() + 5
                found.append([str(a) for a in await names.addresses("exempel.example", until, private=False)])
            except Trouble as trouble:
                found.append(trouble.kind)
        names.close()
        return found

    assert asyncio.run(story()) == [["8.8.8.8"], "unsafe", ["8.8.4.4"]]
