"""What sites do wrong, through real sockets and real worker processes: a row, a clear word, and nothing else lost."""

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

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
from hostile import Hostile, Play, drip, for_ever, page, then_close, then_half_close, then_reset

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
    folder: Path, paths: Mapping[str, bytes | Play], tls: ssl.SSLContext | None = None, limit: int | None = None
) -> tuple[Tally, Callable[..., Any]]:
    """One crawl of a hostile server; the tally, and a function that queries the archive."""
    return asyncio.run(_crawl(folder, paths, tls, limit))


async def _crawl(
    folder: Path, paths: Mapping[str, bytes | Play], tls: ssl.SSLContext | None, limit: int | None
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
            tally = await Crawl(tools, config.sources["exempelkoping"], limit=limit).run()
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


def to(target: str, *headers: str) -> bytes:
    return page(b"", f"Location: {target}", *headers, status="301 Moved")


HEL = GOOD.format("Hel").encode()
MOVED, UNSAFE, PROTOCOL = ("moved", 301, None, None, None), ("failed", 301, "unsafe", None, None), "protocol"
CUT, SPENT = ("ok", 200, None, "truncated", "truncated"), ("ok", 200, None, "over-budget", "truncated")
TRICKS: dict[str, tuple[bytes | Play, tuple[object, ...]]] = {
    "to-a-private-address": (to("http://10.0.0.1/"), MOVED),
    "to-a-private-port": (to("http://192.168.1.1:8080/x"), MOVED),
    "to-this-machine": (to("http://[::1]/"), MOVED),
    "to-this-machine-by-name": (to("http://localhost:1/"), MOVED),
    "to-this-machine-in-hex": (to("http://0x7f.1/"), MOVED),
    "to-this-machine-as-a-number": (to("http://2130706433/"), MOVED),
    "to-a-mail-server": (to("http://exempel.example:25/"), MOVED),
    "to-a-file": (to("file:///etc/passwd"), UNSAFE),
    "to-a-script": (to("javascript:alert(1)"), UNSAFE),
    "to-ftp": (to("ftp://exempel.example/"), UNSAFE),
    "to-data": (to("data:text/html,hej"), UNSAFE),
    "to-no-url": (to("http://[::1"), UNSAFE),
    "to-a-letter": (to("mailto:a@exempel.example"), UNSAFE),
    "a-wall-of-cookies": (to("/bad-a-wall-of-cookies", "Set-Cookie: sedd=ja"), MOVED),
    "a-prompt": (page(b"Logga in", 'WWW-Authenticate: Basic realm="x"', status="401 Unauthorized"),
                 ("refused", 401, None, None, None)),
    "headers-of-a-megabyte": (page(b"", f"X: {'a' * 1_000_000}"), ("failed", None, "too-large", None, None)),
    "headers-byte-by-byte": (drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 900), ("failed", None, "timeout", None, None)),
    "http-0.9": (then_close(b"<html><body>Hej</body></html>"), ("failed", None, PROTOCOL, None, None)),
    "half-closed": (then_half_close(page(b"<html><body><main><p>Halva", length=900)), CUT),
    "byte-by-byte": (drip(b"<p>" * 900, head=page(b"", length=9_000)), CUT),
    "without-end": (for_ever(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"<p>" + b"x" * 65_536), SPENT),
    "a-gzip-bomb": (page(gzip.compress(bytes(40_000_000)), "Content-Encoding: gzip"), SPENT),
    "longer-than-its-length": (page(HEL + b"<p>" * 99, length=len(HEL)), ("ok", 200, None, None, "good")),
}  # fmt: skip


def test_every_trick_at_once_has_its_row_and_costs_no_other_page(tmp_path: Path) -> None:
    paths = {f"/bad-{name}": answer for name, (answer, _) in TRICKS.items()}
    others = {f"/other{n}": good(f"Annat {n}") for n in range(20)}

    tally, rows = crawl(tmp_path, {"/": start(*paths, *others), **paths, **others})

    assert {
        row[0].partition("/bad-")[2]: tuple(row[1:]) for row in rows(CAPTURES.replace("SELECT ", "SELECT a.url, "))
    } == {name: expected for name, (_, expected) in TRICKS.items()}
    assert rows("SELECT count(*) FROM current_pages WHERE title LIKE 'Annat %'") == [(20,)]
    told = {url for (url,) in rows("SELECT detail FROM issues WHERE kind = 'out-of-scope-redirect'")}
    assert len(told) == 6  # where they would have led us: private, and another server; two are one
    assert rows("SELECT DISTINCT host LIKE '127.0.0.1:%' FROM addresses") == [(1,)]
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


def test_redirects_without_end_are_followed_ten_times_and_told(tmp_path: Path) -> None:
    hops = {f"/bad{n}": page(b"", f"Location: /bad{n + 1}", status="302 Found") for n in range(40)}

    _, rows = crawl(tmp_path, {"/": start("/bad0", "/other"), "/other": good("Annat"), **hops})

    assert rows(CAPTURES) == [("moved", 302, None, None, None)] * 11
    assert [words for (words,) in rows("SELECT detail FROM issues WHERE kind = 'out-of-scope-redirect'")] == [
        next(
            f"{url}, after 10 redirects in a row"
            for (url,) in rows("SELECT location FROM captures ORDER BY id DESC LIMIT 1")
        )
    ]
    assert rows("SELECT title FROM current_pages WHERE url LIKE '%/other'") == [("Annat",)]


def test_a_redirect_to_letters_that_are_no_utf_8_leads_where_a_browser_would_go(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /r\xe5dhus\r\nContent-Length: 0\r\n\r\n"
    _, rows = crawl(tmp_path, {"/": start("/bad"), "/bad": moved, "/r%C3%A5dhus": good("Rådhuset")})
    assert rows(CAPTURES) == [("moved", 302, None, None, None)]
    assert rows("SELECT title FROM current_pages WHERE url LIKE '%/r%C3%A5dhus' ESCAPE '!'") == [("Rådhuset",)]


def test_a_page_of_ten_thousand_links_is_read_and_costs_no_other_page(tmp_path: Path) -> None:
    links = start("/other", *(f"/lank{n}" for n in range(10_000)))
    tally, rows = crawl(tmp_path, {"/": links, "/other": good("Annat")}, limit=2)
    assert (tally.errors, tally.new) == (0, 2)
    assert rows("SELECT count(*) FROM addresses WHERE url LIKE '%/lank%'")[0][0] >= 4_900
    assert rows("SELECT title FROM current_pages WHERE url LIKE '%/other'") == [("Annat",)]


def test_a_visits_number_in_every_link_makes_no_page_twice(tmp_path: Path) -> None:
    """Each answer names another visit in all of its links; the server answers with and without one."""
    names, count = ("start", "namnder", "arvoden"), 0

    def links() -> list[str]:
        nonlocal count
        count += 1
        return [
            link
            for name in names
            for link in (
                f"/{name};jsessionid=0A1B{count}",
                f"/{name}?PHPSESSID=0a1b{count}",
                f"/{name}?sid=0a1b2c3d4e5f60{count:04}",
            )
        ]

    def answer(title: str) -> Play:
        async def play(writer: asyncio.StreamWriter) -> None:
            items = "".join(f'<li><a href="{link}">Vidare</a></li>' for link in links())
            writer.write(
                page(f"<html lang='sv'><body><main><h1>{title}</h1><ul>{items}</ul></main></body></html>".encode())
            )
            await writer.drain()

        return play

    tally, rows = crawl(tmp_path, {"/": answer("Start"), **{f"/{name}": answer(name) for name in names}})

    assert (tally.errors, tally.new) == (0, 4)
    assert rows("SELECT count(*) FROM addresses WHERE role = 'page'") == [(4,)]


def test_a_visit_in_the_path_that_the_server_insists_on_is_read_as_the_page_it_is(tmp_path: Path) -> None:
    """ASP.NET without cookies: what has no visit in its path is redirected to where it has one."""
    visit = "/(S(lit3py55t21z5v55vlm25s55))"
    paths = {path: page(b"", f"Location: {visit}{path}", status="302 Found") for path in ("/", "/mote.aspx")}
    paths |= {f"{visit}/": start(f"{visit}/mote.aspx"), f"{visit}/mote.aspx": good("Mötet")}

    tally, rows = crawl(tmp_path, paths)

    assert (tally.errors, tally.new) == (0, 2)
    keys = [key for (key,) in rows("SELECT key FROM pages WHERE kind = 'page' ORDER BY key")]
    assert [urlsplit(key).path for key in keys] == ["/", "/mote.aspx"]


def test_another_port_is_another_server_and_is_not_asked(tmp_path: Path) -> None:
    _, rows = crawl(
        tmp_path, {"/": start("http://127.0.0.1:22/", "http://127.0.0.1:8081/x", "/other"), "/other": good("A")}
    )
    assert rows("SELECT count(DISTINCT host) FROM addresses") == [(1,)]


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["169.254.169.254"], ["::1", "10.0.0.1"]])
def test_a_name_that_suddenly_leads_into_a_private_network_is_not_followed_there(
    tmp_path: Path, addresses: list[str]
) -> None:
    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    async def run() -> Tally:
        clock = Clock()
        config = load(write_config(tmp_path, SOURCE))
        fetcher = Fetcher(config.agent.header, clock=clock, lookup=lookup)
        with open_archive(tmp_path / "archive.db") as archive, Pool(config.rulebook, workers=1) as pool:
            tools = Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.5)
            return await Crawl(tools, config.sources["exempelkoping"]).run()

    tally = asyncio.run(run())
    assert tally.reachable is False
    [why] = tally.silent.values()
    assert why == f"unsafe: www.exempelkoping.se is at {addresses[0]}, which is not a public address"
