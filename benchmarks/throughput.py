"""Fetching alone: pages a second from 200 loopback hosts, politeness off, beside Scrapy.

    python -m benchmarks.throughput [--rounds 3] [--pages 10000] [--hosts 200]

One server in a process of its own answers for 127.0.1.1 and on: a small page, kept-alive connections. Each client runs
in a process of its own too, in turn, and times itself from its first request to its last answer; what it takes to
start counts for nobody. Ours is `Fetcher`, a lane for each host; the rival is Scrapy without robots.txt, cookies,
retries, redirects and logs. The ratio is that of the medians.
"""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks import ROOT
from benchmarks.standing import Standing, without
from benchmarks.tables import table

TEXT = "<p>Text som står här.</p>" * 30
PAGE = f"<!doctype html><html lang=sv><title>Sida</title><h1>Sida</h1>{TEXT}".encode()
HEAD = f"""HTTP/1.1 200 OK
Server: bench
Date: Sun, 22 Nov 2026 09:00:00 GMT
Content-Type: text/html; charset=utf-8
ETag: "1"
Last-Modified: Fri, 20 Nov 2026 09:00:00 GMT
Content-Length: {len(PAGE)}

"""
ANSWER = HEAD.replace("\n", "\r\n").encode() + PAGE
HEADINGS = ["", "pages", "pages/s", "CPU ms a page"]


def addresses(hosts: int, port: int, pages: int) -> list[list[str]]:
    """The URLs of each host."""
    names = [f"127.0.{1 + n // 200}.{1 + n % 200}" for n in range(hosts)]
    return [[f"http://{name}:{port}/sida-{i}" for i in range(pages // hosts)] for name in names]


class Answering(asyncio.Protocol):
    """One connection: the same answer to whatever is asked."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self.transport: Any = transport
        self.head = b""

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        *whole, self.head = (self.head + data).split(b"\r\n\r\n")
        self.transport.write(ANSWER * len(whole))


async def serve() -> None:
    """Answer on every loopback address until the process is ended; the port is printed."""
    server = await asyncio.get_running_loop().create_server(Answering, "0.0.0.0", 0, backlog=1024)  # noqa: S104
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


class Now:
    """The machine's clock, as the fetcher wants it."""

    def now(self) -> datetime:
        """The present, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)


async def ours(hosts: int, port: int, pages: int) -> int:
    """How many pages came."""
    from archiver.fetch import Fetcher
    from archiver.model import Request, Response

    fetch = Fetcher("archiver/0 (+https://archiver.example)", clock=Now(), private=True)

    async def lane(found: list[str]) -> int:
        answers = [await fetch(Request(url)) for url in found]
        return sum(isinstance(answer, Response) and answer.body == PAGE for answer in answers)

    came = await asyncio.gather(*map(lane, addresses(hosts, port, pages)))
    await fetch.aclose()
    return sum(came)


def rival(hosts: int, port: int, pages: int) -> tuple[int, float]:
    """How many pages came to Scrapy, and in how many seconds."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    came: list[float] = []
    began: list[float] = []

    class Spider(scrapy.Spider):
        name = "pages"

        async def start(self) -> Any:
            began.append(time.perf_counter())
            for row in zip(*addresses(hosts, port, pages), strict=True):
                for url in row:
                    yield scrapy.Request(url, self.parse, dont_filter=True)

        def parse(self, response: Any) -> None:
            if response.body == PAGE:
                came.append(time.perf_counter())

    off = ("COOKIES", "RETRY", "REDIRECT", "TELNETCONSOLE", "HTTPPROXY", "AJAXCRAWL")
    process = CrawlerProcess(
        {f"{name}_ENABLED": False for name in off}
        | {"LOG_ENABLED": False, "ROBOTSTXT_OBEY": False, "CONCURRENT_REQUESTS": hosts, "DOWNLOAD_DELAY": 0,
           "CONCURRENT_REQUESTS_PER_DOMAIN": 2, "USER_AGENT": "rival (benchmark on loopback)"}
    )  # fmt: skip
    process.crawl(Spider)
    process.start()
    return len(came), came[-1] - began[0]


def client(which: str, hosts: int, port: int, pages: int) -> None:
    """Run one client in this process, and print what it came to."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    if which == "ours":
        from archiver.fetch import Fetcher  # noqa: F401 (starting counts for nobody)

        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        came = asyncio.run(ours(hosts, port, pages))
        wall = time.perf_counter() - begun
    else:
        import scrapy.crawler  # noqa: F401

        before = resource.getrusage(resource.RUSAGE_SELF)
        came, wall = rival(hosts, port, pages)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    sys.stdout.write(json.dumps({"came": came, "wall": wall, "cpu": cpu}) + "\n")


def run(*arguments: str) -> dict[str, float]:
    """What a client said, run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.throughput", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    said: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return said


@contextmanager
def serving() -> Iterator[str]:
    """The server in a process of its own, and its port."""
    command = [sys.executable, "-m", "benchmarks.throughput", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


NAMES = {"ours": "archiver, Fetcher", "rival": "Scrapy"}


def raced(hosts: int, pages: int, rounds: int, clients: Iterable[str]) -> Iterator[tuple[str, dict[str, float]]]:
    """What each client said, in turn."""
    with serving() as port:
        for _ in range(rounds):
            for which in clients:
                said = run("--client", which, "--port", port, "--hosts", str(hosts), "--pages", str(pages))
                if said["came"] != pages // hosts * hosts:
                    raise SystemExit(f"{NAMES[which]}: {said['came']:.0f} of {pages} pages came")
                yield which, said


def standings(*, quick: bool = False) -> Iterator[Standing]:
    """Pages by the clock, and what each costs."""
    note = without("scrapy")
    found: dict[str, list[dict[str, float]]] = {"ours": [], "rival": []}
    for which, said in raced(200, 2_000 if quick else 10_000, 1 if quick else 3, ["ours"] if note else NAMES):
        found[which].append(said)
    speeds = {which: statistics.median(s["came"] / s["wall"] for s in runs) for which, runs in found.items() if runs}
    costs = {which: statistics.median(1000 * s["cpu"] / s["came"] for s in r) for which, r in found.items() if r}
    yield Standing("fetching, 200 hosts", "pages/s by the clock", speeds["ours"], "Scrapy", speeds.get("rival"),
                   least=1500, apart=2.5, more_is_better=True, note=note)  # fmt: skip
    yield Standing("fetching, 200 hosts", "CPU ms a page", costs["ours"], "Scrapy", costs.get("rival"), note=note)


def compare(hosts: int, pages: int, rounds: int) -> None:
    """Run both in turn, and print the table and the ratio of medians."""
    speeds: dict[str, list[float]] = {"ours": [], "rival": []}
    rows: list[list[str]] = []
    for which, said in raced(hosts, pages, rounds, NAMES):
        speeds[which].append(said["came"] / said["wall"])
        rows.append([NAMES[which], f"{said['came']:.0f}", f"{speeds[which][-1]:.0f}",
                     f"{1000 * said['cpu'] / said['came']:.2f}"])  # fmt: skip
    print(table(HEADINGS, sorted(rows)))
    middle = {which: statistics.median(found) for which, found in speeds.items()}
    print(
        f"median: ours {middle['ours']:.0f}, Scrapy {middle['rival']:.0f}, ratio {middle['ours'] / middle['rival']:.1f}"
    )


def main() -> None:
    """What the command line says: compare, or be one of the processes of a comparison."""
    parser = argparse.ArgumentParser(prog="benchmarks.throughput", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--hosts", type=int, default=200)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--client", choices=("ours", "rival"), help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
    elif options.client:
        client(options.client, options.hosts, options.port, options.pages)
    else:
        compare(options.hosts, options.pages, options.rounds)


if __name__ == "__main__":
    main()
