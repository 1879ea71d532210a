"""One loop, hundreds of hosts, an hour of politeness: was any host asked sooner than its delay, and is memory flat?

    python -m benchmarks.politeness [--hosts 300] [--minutes 60] [--delay 5] [--loopback SECONDS] [--json]

A pretend network on a clock that passes in no time: most hosts are well; some are slow, some name a Crawl-delay, some
say that they are busy, some hang until the time-out, some have no address; and every third stands with nineteen others
at one IP address. The network itself checks each request as it comes. With --loopback, as many real hosts at 127.0.x.y
are asked over real sockets by the real clock for so many seconds, and the server's own log is checked.
"""

import asyncio
import json
import logging
import resource
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from shutil import copytree

import structlog

from archiver.clock import SystemClock
from archiver.config import Config, load
from archiver.crawl import Hosts, Tally, Tools
from archiver.extract import choose, read
from archiver.fetch import Fetcher
from archiver.model import Facts, Failure, Reading, Request, Response, Rules, Unread
from archiver.schedule import Service
from archiver.store import open_archive
from benchmarks import ROOT, instant
from benchmarks.instant import Instant, InstantArchive, InstantClock
from benchmarks.tables import table

TICK = 15.0
CLOUD = 20
"""Hosts at one address of a shared cloud."""
PAGES, EVERY = 100, 600
"""Pages of a host, and seconds in which each is to be seen again: with the usual delay that fills the time."""
TAG = '"1"'
CRAWL_DELAY = 20.0
RETRY_AFTER = 120.0
HANGING, NAMELESS = 120.0, 10.0
"""Seconds after which a fetch gives up on a host that hangs, and on a name that nobody knows."""
START = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
"""The night in which Stockholm's clocks go back."""
EXACT = 1e-6
SOURCE = """\
municipality = "Kommun {n}"
county = "Exempellän"
profile = "generic"
language = "sv"
seeds = ["http://{host}/"]
every = "day"
delay = {delay}
private = {private}
"""
ARCHIVER = """\
[agent]
url = "https://arkiv.example/om"
mail = "arkiv@example.se"
"""


@dataclass
class Server:
    """One host of the pretend network, with what it holds a crawler to."""

    number: int
    delay: float  # of the crawler
    slow: bool = False
    named: bool = False  # it names a Crawl-delay
    busy: bool = False
    hangs: bool = False
    nameless: bool = False
    ip: str = ""
    asked: int = 0
    free_at: float = 0.0
    is_asked: bool = False

    @classmethod
    def of(cls, number: int, delay: float) -> "Server":
        """The host of that number: what it is like is the number's doing."""
        cloudy = number % 3 == 0 and number % 40 != 7
        ip = f"10.0.{number // (3 * CLOUD)}.1" if cloudy else f"10.1.{number // 250}.{number % 250 + 1}"
        return cls(number, delay, slow=number % 10 == 1, named=number % 15 == 2, busy=number % 25 == 4,
                   hangs=number % 40 == 5, nameless=number % 40 == 7, ip=ip)  # fmt: skip

    def page(self, path: str) -> bytes:
        """A page that leads to four more."""
        n = int(path.strip("/") or 0)
        more = range(4 * n + 1, min(4 * n + 5, PAGES))
        links = "".join(f'<p><a href="/{i}">Sida {i}</a></p>' for i in more)
        return f"<html lang=sv><main><h1>Sida {n}</h1><p>Kommun {self.number}.</p>{links}</main></html>".encode()


@dataclass
class Network:
    """The pretend network: it answers, and notes whoever asks too soon."""

    servers: dict[str, Server]
    time: Callable[[], float]
    now: Callable[[], datetime]
    shared: float
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    at_once: int = 0
    most: int = 0
    _ips: dict[str, tuple[str, float, int]] = field(default_factory=dict)  # last host, free at, under way

    async def fetch(self, request: Request, *, private: bool = False) -> Response | Failure:  # noqa: ARG002
        """The answer, in its time."""
        host, _, path = request.url.removeprefix("http://").partition("/")
        server, begun = self.servers[host], self.time()
        self._note(host, server, begun)
        reply = await self._answer(server, request, "/" + path)
        server.is_asked = False
        self.at_once -= 1
        self._free(host, server, reply)
        return reply

    async def locate(self, host: str) -> str | None:
        """The host's address."""
        server = self.servers[host]
        return None if server.nameless else server.ip

    def _note(self, host: str, server: Server, at: float) -> None:
        """The law, asked of each request as it comes."""
        last, free, under_way = self._ips.get(server.ip, ("", 0.0, 0))
        if server.is_asked or at < server.free_at - EXACT:
            self.wrong.append(f"{host} asked {server.free_at - at:.3f} s too soon")
        if under_way or (last != host and at < free - EXACT):
            self.wrong.append(f"{server.ip} asked for {host} {free - at:.3f} s too soon after {last}")
        self.asked, self.at_once, server.asked = self.asked + 1, self.at_once + 1, server.asked + 1
        self.most = max(self.most, self.at_once)
        server.is_asked = True
        self._ips[server.ip] = (host, free, 1)

    def _free(self, host: str, server: Server, reply: Response | Failure) -> None:
        """When this host, and any other at its address, may be asked again."""
        now = self.time()
        named = CRAWL_DELAY if server.named else 0.0
        busy = RETRY_AFTER if isinstance(reply, Response) and reply.status == 503 else 0.0
        server.free_at = now + max(server.delay, named, busy, min(5 * reply.elapsed, 60.0))
        self._ips[server.ip] = (host, now + self.shared, 0)

    async def _answer(self, server: Server, request: Request, path: str) -> Response | Failure:
        url, at = request.url, self.now()
        if server.hangs or server.nameless:
            seconds = HANGING if server.hangs else NAMELESS
            await asyncio.sleep(seconds)
            return Failure(url, at, "timeout" if server.hangs else "dns", "pretended", seconds)
        took = 2.0 if server.slow else 0.08
        await asyncio.sleep(took)
        if server.busy and server.asked % 50 == 0:
            return Response(url, at, 503, (("Retry-After", f"{RETRY_AFTER:.0f}"),), b"", elapsed=took, ip=server.ip)
        if path == "/robots.txt":
            body = f"User-agent: *\nCrawl-delay: {CRAWL_DELAY:.0f}".encode() if server.named else b""
            return Response(url, at, 200, (("Content-Type", "text/plain"),), body, elapsed=took, ip=server.ip)
        if request.etag == TAG:
            return Response(url, at, 304, (("ETag", TAG),), b"", elapsed=took, ip=server.ip)
        html = (("Content-Type", "text/html; charset=utf-8"), ("ETag", TAG))
        return Response(url, at, 200, html, server.page(path), elapsed=took, ip=server.ip)


class Inline:
    """A pool that reads in this process: small pages, and nobody hostile."""

    def __init__(self, config: Config) -> None:
        self._readers = config.readers

    async def read(self, body: bytes, facts: Facts, rules: Rules | None) -> Reading | Unread:
        """The reading."""
        return read(body, facts, rules or choose(body, facts, self._readers))


@dataclass
class Result:
    """What came of it."""

    hosts: int
    seconds: float  # of the clock that the hosts live by
    asked: int
    wrong: list[str]
    most: int  # requests at the same moment
    tasks: int  # at the same moment
    least: int  # requests to a host that is well, the fewest
    early: float  # bytes held after a quarter of the time
    late: float  # and in the end


def configured(folder: Path, hosts: list[str], delay: float, *, private: bool = False) -> Config:
    """A configuration with one source for each host."""
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for part in ("profiles", "languages"):
        copytree(ROOT / "config" / part, config / part)
    (config / "archiver.toml").write_text(ARCHIVER, "utf-8")
    for n, host in enumerate(hosts):
        text = SOURCE.format(n=n, host=host, delay=delay, private=str(private).lower())
        (config / "sources" / f"kommun{n:04d}.toml").write_text(text, "utf-8")
    loaded = load(config)
    loaded.sources.update({name: replace(source, every=EVERY) for name, source in loaded.sources.items()})
    return loaded


def simulate(
    folder: Path, hosts: int, seconds: float, delay: float, held: Callable[[], float], start: datetime = START
) -> Result:
    """The service over a pretend network for so many seconds of its own clock; `held` says how much memory is used."""
    servers = {f"kommun{n}.example": Server.of(n, delay) for n in range(hosts)}
    config = configured(folder, list(servers), delay)
    loop = Instant()
    clock = InstantClock(loop, start)
    network = Network(servers, loop.time, clock.now, config.shared)
    memory: list[float] = []
    with open_archive(folder / "archive.db") as archive:
        own = InstantArchive.of(archive, loop)
        tools = Tools(own, config, network.fetch, Inline(config), clock, lambda: 0.5,
                      Hosts(config.at_once), locate=network.locate)  # type: ignore[arg-type]  # fmt: skip
        tasks = instant.run(loop, _serve(tools, seconds, lambda: memory.append(held())))
    well = [s for s in servers.values() if not (s.slow or s.named or s.busy or s.hangs or s.nameless) and s.number % 3]
    return Result(hosts, seconds, network.asked, network.wrong, network.most, tasks,
                  min((s.asked for s in well), default=0), memory[0], memory[-1])  # fmt: skip


async def _serve(tools: Tools, seconds: float, look: Callable[[], None]) -> int:
    """Tick for so long, look at a quarter of it and in the end; the most tasks there were."""
    loop, told = asyncio.get_running_loop(), list[Tally]()
    service = Service(tools, tuple(tools.config.sources), told.append)
    tasks, looked = 0, 0
    while loop.time() < seconds:
        await service.tick()
        await asyncio.sleep(TICK)
        tasks = max(tasks, len(asyncio.all_tasks()))
        if not looked and loop.time() >= seconds / 4:
            look()
            looked = 1
    look()
    service.stop()
    await service.wind_down()
    return tasks


# real sockets -----------------------------------------------------------------------------------------


class Loopback:
    """A server at many addresses of this machine, with its own log: when each request came and was answered."""

    def __init__(self, count: int) -> None:
        self.ips = [f"127.0.{1 + n // 250}.{n % 250 + 1}" for n in range(count)]
        self.log: dict[str, list[tuple[float, float]]] = {ip: [] for ip in self.ips}
        self._open: dict[asyncio.Task[object], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> "Loopback":
        self._server = await asyncio.start_server(self._serve, self.ips[0], 0, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]
        self._others = await asyncio.start_server(self._serve, self.ips[1:], self.port) if self.ips[1:] else None
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in (self._server, self._others):
            if server is not None:
                server.close()
        for writer in self._open.values():
            writer.close()
        if self._open:
            await asyncio.wait(self._open)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        mine = asyncio.current_task()
        if mine is not None:
            self._open[mine] = writer
            mine.add_done_callback(self._open.pop)
        ip, loop = writer.get_extra_info("sockname")[0], asyncio.get_running_loop()
        with suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                came = loop.time()
                path = head.split(b" ", 2)[1].decode()
                body = b"" if path == "/robots.txt" else Server(0, 0.0).page(path)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body))
                writer.write(body)
                await writer.drain()
                self.log[ip].append((came, loop.time()))
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    def too_soon(self, delay: float) -> list[str]:
        """Requests that came sooner after the answer before them than the delay."""
        return [
            f"{ip} asked {delay - (b[0] - a[1]):.3f} s too soon"
            for ip, log in self.log.items()
            for a, b in pairwise(log)
            if b[0] - a[1] < delay
        ]


def drive(folder: Path, hosts: int, seconds: float, delay: float, held: Callable[[], float]) -> Result:
    """The service over real sockets at so many loopback addresses, by the real clock."""
    return asyncio.run(_drive(folder, hosts, seconds, delay, held))


async def _drive(folder: Path, hosts: int, seconds: float, delay: float, held: Callable[[], float]) -> Result:
    memory: list[float] = []
    async with Loopback(hosts) as server:
        names = [f"{ip}:{server.port}" for ip in server.ips]
        config = configured(folder, names, delay, private=True)
        clock = SystemClock()
        fetcher = Fetcher(config.agent.header, clock=clock)
        with open_archive(folder / "archive.db") as archive:
            tools = Tools(archive, config, fetcher, Inline(config), clock, lambda: 0.5,
                          Hosts(config.at_once), locate=fetcher.locate)  # type: ignore[arg-type]  # fmt: skip
            service = Service(tools, tuple(config.sources), list[Tally]().append)
            loop = asyncio.get_running_loop()
            begun = loop.time()
            await service.tick()
            for share in (0.25, 1.0):
                await asyncio.sleep(max(0.0, begun + share * seconds - loop.time()))
                memory.append(held())
            tasks = len(asyncio.all_tasks())
            service.stop()
            await service.wind_down()
        await fetcher.aclose()
    counts = [len(log) for log in server.log.values()]
    return Result(hosts, seconds, sum(counts), server.too_soon(delay), 0, tasks, min(counts), memory[0], memory[-1])


def resident() -> float:
    """Bytes of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return float(pages * resource.getpagesize())


def main() -> None:
    """Print what came of it; exit 1 where a host was asked too soon."""
    parser = ArgumentParser(prog="benchmarks.politeness", description=__doc__)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--delay", type=float, default=5.0)
    parser.add_argument("--loopback", type=float, metavar="SECONDS")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    simulated = partial(simulate, seconds=60 * options.minutes)
    way = partial(drive, seconds=options.loopback) if options.loopback else simulated
    with tempfile.TemporaryDirectory() as name:
        found = way(Path(name), hosts=options.hosts, delay=options.delay, held=resident)
    if options.json:
        print(json.dumps(found.__dict__))
    else:
        headings = ["hosts", "seconds", "requests", "too soon", "at once", "tasks", "least a host", "MB at 1/4", "MB"]
        cells = [found.hosts, round(found.seconds), found.asked, len(found.wrong), found.most, found.tasks, found.least,
                 f"{found.early / 1e6:.0f}", f"{found.late / 1e6:.0f}"]  # fmt: skip
        print(table(headings, [[str(cell) for cell in cells]]))
        print("\n".join(found.wrong[:20]))
    raise SystemExit(1 if found.wrong else 0)


if __name__ == "__main__":
    main()
