"""What sites do wrong, through real sockets and real worker processes: a row, a clear word, and nothing else lost."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from archive import ARCHIVER, SOURCE, write_config
from archiver.config import load
from archiver.crawl import Crawl, Tally, Tools
from archiver.fetch import Fetcher, Limits
from archiver.pool import Pool
from archiver.store import open_archive
from archiver.verify import verify
from clock import Clock

sys.path.append(str(Path(__file__).parents[1] / "edges"))
from hostile import Hostile, Play, page, then_close, then_reset

GOOD = "<html lang='sv'><body><main><h1>{0}</h1><p>Här står något om {0}.</p></main></body></html>"
LIMITS = Limits(body=3_000_000, wire=3_000_000, read=1.0, connect=1.0, total=2.0)


def good(title: str) -> bytes:
    return page(GOOD.format(title).encode(), "Cache-Control: no-store")


def start(*links: str) -> bytes:
    items = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return page(f"<html lang='sv'><body><main><h1>Start</h1><ul>{items}</ul></main></body></html>".encode())


def no_such_host(host: str, *rest: Any, **named: Any) -> Any:
    """The machine's resolver, but for names that exist nowhere (RFC 2606 section 2)."""
    if host.endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return socket.getaddrinfo(host, *rest, **named)


def crawl(
    folder: Path, paths: Mapping[str, bytes | Play], tls: ssl.SSLContext | None = None
) -> tuple[Tally, Callable[..., Any]]:
    """One crawl of a hostile server; the tally, and a function that queries the archive."""
    return asyncio.run(_crawl(folder, paths, tls))


async def _crawl(
    folder: Path, paths: Mapping[str, bytes | Play], tls: ssl.SSLContext | None
) -> tuple[Tally, Callable[..., Any]]:
    clock = Clock()
    given = {"/robots.txt": page(b"", "X-A: b", status="404 Not Found"), **paths}
    async with Hostile(given, tls=tls) as site:
        source = SOURCE.replace("https://www.exempelkoping.se/", site.url("/"))
        source = source.replace('every        = "day"', 'every = "day"\npolite = false\nprivate = true')
        config = load(write_config(folder, source, ARCHIVER))
        fetcher = Fetcher(config.agent.header, clock=clock, limits=LIMITS, lookup=no_such_host)
        with open_archive(folder / "archive.db") as archive, Pool(config.rulebook, workers=1, timeout=5.0) as pool:
            tools = Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.5)
            tally = await Crawl(tools, config.sources["exempelkoping"]).run()
            await fetcher.aclose()
            assert list(verify(archive.reader)) == []

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with open_archive(folder / "archive.db") as again:
            return [tuple(row) for row in again.reader.execute(sql)]

    return tally, rows


CAPTURES = """SELECT c.outcome, c.status, c.failure, c.flaw, g.verdict FROM captures c
              JOIN addresses a ON a.id = c.address_id LEFT JOIN readings g ON g.capture_id = c.id
              WHERE a.url LIKE '%/bad%' ORDER BY c.id"""


async def _two_hundred_megabytes(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 200000000\r\n\r\n")
    for _ in range(200):
        writer.write(b"<p>" + b"x" * 999_997)
        await writer.drain()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(_two_hundred_megabytes, ("ok", 200, None, "over-budget", "truncated"), id="a body of 200 MB"),
        pytest.param(
            then_close(page(b"<html><body><main><p>Halva sidan", length=9_000)),
            ("ok", 200, None, "truncated", "truncated"),
            id="a body cut short",
        ),
        pytest.param(
            page("<html lang=sv><body><main><h1>Rådhuset</h1><p>Åtta älvar</p></main></body></html>".encode("cp1252"),
                 "Content-Type: text/html; charset=utf-8"),
            ("ok", 200, None, None, "good"), id="a charset that is another",
        ),
        pytest.param(
            page(b"<html><body>" + b"<div>" * 200_000 + b"djupt"), ("ok", 200, None, None, "unread"),
            id="200,000 nested elements",
        ),
        pytest.param(
            page(b"", "Location: /bad", status="302 Found"), ("moved", 302, None, None, None), id="a redirect to itself"
        ),
        pytest.param(
            page(b"", "Location: http://169.254.169.254/latest/meta-data/", status="302 Found"),
            ("moved", 302, None, None, None), id="a redirect to a private address elsewhere",
        ),
        pytest.param(then_close(b"\x00\xff\xfe this is no http\r\n\r\n"), ("failed", None, "protocol", None, None),
                     id="no HTTP at all"),
        pytest.param(page(b"", status="302 Found"), ("failed", 302, "protocol", None, None), id="a redirect nowhere"),
        pytest.param(page(b"x", status="304 Not Modified"), ("failed", 304, "protocol", None, None),
                     id="not modified since never"),
    ],
)  # fmt: skip
def test_what_a_site_does_wrong_is_a_row_and_costs_no_other_page(
    tmp_path: Path, answer: bytes | Play, expected: tuple[object, ...]
) -> None:
    tally, rows = crawl(tmp_path, {"/": start("/bad", "/other"), "/bad": answer, "/other": good("Annat")})

    assert rows(CAPTURES) == [expected]
    assert rows("SELECT title FROM current_pages WHERE url LIKE '%/other'") == [("Annat",)]
    assert (tally.errors, tally.reachable) == (0, True)


def test_a_wrong_charset_is_read_as_what_it_is(tmp_path: Path) -> None:
    body = "<html lang=sv><body><main><h1>Rådhuset</h1><p>Åtta älvar</p></main></body></html>".encode("cp1252")
    _, rows = crawl(tmp_path, {"/": page(body, "Content-Type: text/html; charset=utf-8")})

    assert rows("SELECT title, text FROM current_pages WHERE kind = 'page'") == [("Rådhuset", "Åtta älvar")]


def test_a_connection_that_is_torn_down_twice_is_two_rows(tmp_path: Path) -> None:
    _, rows = crawl(tmp_path, {"/": start("/bad", "/other"), "/bad": then_reset(b""), "/other": good("Annat")})

    assert rows(CAPTURES) == [("failed", None, "reset", None, None)] * 2


def test_a_redirect_loop_of_three_ends_after_three(tmp_path: Path) -> None:
    hops = {f"/bad{n}": page(b"", f"Location: /bad{(n + 1) % 3}", status="301 Moved") for n in range(3)}

    tally, rows = crawl(tmp_path, {"/": start("/bad0"), **hops})

    assert rows(CAPTURES) == [("moved", 301, None, None, None)] * 3
    assert tally.moved == 3


def test_a_robots_txt_that_is_a_web_page_bars_nothing(tmp_path: Path) -> None:
    robots = page(b"<!DOCTYPE html><html><body>Sidan finns inte. Disallow: /</body></html>")

    _, rows = crawl(tmp_path, {"/robots.txt": robots, "/": start("/other"), "/other": good("Annat")})

    assert rows("SELECT DISTINCT robots FROM captures WHERE outcome = 'ok' AND robots LIKE 'allow%' ORDER BY 1") == [
        ("allow: no robots.txt, but a web page",),
        ("allow: robots.txt itself",),
    ]


def test_a_host_that_does_not_exist_is_told_by_name(tmp_path: Path) -> None:
    seeds = 'seeds        = ["https://www.exempelkoping.se/"]'
    source = SOURCE.replace(seeds, 'seeds = ["http://finns-inte.invalid/"]').replace(
        "https://www.exempelkoping.se/", "http://finns-inte.invalid/"
    )

    async def run() -> Tally:
        clock = Clock()
        config = load(write_config(tmp_path, source))
        fetcher = Fetcher(config.agent.header, clock=clock, lookup=no_such_host)
        with open_archive(tmp_path / "archive.db") as archive, Pool(config.rulebook, workers=1) as pool:
            tools = Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.5)
            return await Crawl(tools, config.sources["exempelkoping"]).run()

    tally = asyncio.run(run())

    assert tally.reachable is False
    assert list(tally.silent) == ["finns-inte.invalid"]
    assert tally.silent["finns-inte.invalid"].startswith("dns: ")


def test_a_certificate_that_nobody_vouches_for_is_a_row_and_a_clear_word(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl program here")
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout own.key -out own.pem -days 2"
    subprocess.run([openssl, *make.split(), "-subj", "/CN=127.0.0.1"], cwd=tmp_path, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "own.pem", tmp_path / "own.key")

    tally, rows = crawl(tmp_path, {"/": good("Start")}, context)

    assert rows("SELECT DISTINCT outcome, failure FROM captures WHERE outcome <> 'barred'") == [("failed", "tls")]
    assert tally.reachable is False
    assert [why.startswith("tls: ") for why in tally.silent.values()] == [True]
