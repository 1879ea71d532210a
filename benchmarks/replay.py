"""The shared corpus, served on loopback by the shared replay tool, under the sites' own host names through a proxy.

For benchmarks and tests alike; needs nothing but what the package itself needs.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import ProxyHandler, Request, build_opener

from archiver.config import Config, load
from benchmarks import CORPUS, ROOT, SHARED

TOOL = SHARED / "tools" / "replay.py"
ARCHIVER = """\
database = "archive.db"
proxy = "{proxy}"
[agent]
name = "archiver"
url = "https://archiver.example/about"
mail = "archive@archiver.example"
"""
SOURCE = """\
municipality = "Helsingborg"
code = "1283"
county = "Skåne län"
profile = "{profile}"
language = "sv"
seeds = ["http://{host}/"]
sitemaps = ["http://{host}/sitemap.xml"]
every = "day"
polite = false
[scope]
include = ["http://{host}/"]
depth = {depth}
"""


@dataclass(frozen=True)
class Replay:
    """A replay server that is up: its URL, which is a proxy's too, and the days it can put in force."""

    url: str
    days: list[str]

    def set_day(self, day: str) -> None:
        """Put another day's captures in force."""
        _open(ProxyHandler({}), Request(f"{self.url}/-/day?date={day}", method="POST"))  # noqa: S310 (loopback)

    def sitemap(self, host: str) -> set[str]:
        """The URLs that the host's sitemap lists."""
        through = ProxyHandler({"http": self.url})
        text = _open(through, Request(f"http://{host}/sitemap.xml")).decode()
        return set(re.findall(r"<loc>(.*?)</loc>", text))


def _open(proxy: ProxyHandler, request: Request) -> bytes:
    with build_opener(proxy).open(request) as answer:
        return bytes(answer.read())


@contextmanager
def serving(site: str, *options: str, corpus: str = "municipio") -> Iterator[Replay]:
    """The sites whose names fit, on a free port, until the block ends.

    `corpus`: a folder of the shared corpus, or 'name=folder' for files that belong to no site, to be one of that name.
    """
    name, _, folder = corpus.rpartition("=")
    source = f"{name}={CORPUS / folder}" if name else str(CORPUS / folder)
    command = [sys.executable, str(TOOL), source, "--site", site, "--links", "clean", "--port", "0"]
    with subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise SystemExit("the replay server did not start")
            ready = json.loads(line)
            yield Replay(ready["url"], ready["days"])
        finally:
            process.terminate()


def configuration(folder: Path, proxy: str, host: str, *, profile: str = "municipio", depth: int = 20) -> Path:
    """A configuration folder for one site behind the proxy: this project's profiles and languages, politeness off.

    `depth`: how many links away from the seeds and the sitemap pages are asked for.
    """
    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for part in ("profiles", "languages"):
        shutil.copytree(ROOT / "config" / part, config / part)
    for name in ("significance.toml", "municipalities.csv"):
        shutil.copy(ROOT / "config" / name, config / name)
    (config / "archiver.toml").write_text(ARCHIVER.format(proxy=proxy), "utf-8")
    source = config / "sources" / f"{source_name(host)}.toml"
    source.write_text(SOURCE.format(host=host, profile=profile, depth=depth), "utf-8")
    return config


def loaded(host: str) -> Config:
    """That configuration, for what needs its rules and no server."""
    with TemporaryDirectory() as folder:
        return load(configuration(Path(folder), "http://127.0.0.1:9", host))


def source_name(host: str) -> str:
    """What the source of this host is called."""
    return host.partition(".")[0]
