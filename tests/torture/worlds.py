"""What is crawled under torture: days that can be put in force, behind fronts that spoil them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from benchmarks import ROOT, replay

from archive import write_config
from archiver.demo import LAST_DAY, Towns, serve
from torture.front import Front, before

ARCHIVER = """\
{proxy}
[agent]
name = "archiver"
url = "https://archiver.example/about"
mail = "archive@archiver.example"
[timeouts]
connect = 2.0
read = 2.0
total = 6.0
"""
HOST = "dunkerskulturhus.se"
LEFT_OUT = f"http://{HOST}/*/[e-t]*"
"""So much of what lies deeper that a third of the site is left, of all its parts: each kill is followed by a look at
all that was kept, and kills are worth more than pages that are like the others."""


class World(Protocol):
    """Sites with days, and the fronts before them."""

    days: tuple[str, ...]
    fronts: list[Front]

    def show(self, day: str) -> None:
        """Put a day in force."""

    def configure(self, folder: Path) -> Path:
        """A configuration folder for its sources."""


@dataclass
class Demonstration:
    """The three invented towns."""

    towns: Towns
    fronts: list[Front]
    days: tuple[str, ...] = tuple(str(day) for day in range(1, LAST_DAY + 1))

    def show(self, day: str) -> None:
        """Put a day in force."""
        self.towns.day = int(day)

    def configure(self, folder: Path) -> Path:
        """One source for each town."""
        sources = self.towns.sources()
        config = write_config(folder, next(iter(sources.values())), ARCHIVER.format(proxy=""))
        (config / "sources" / "exempelkoping.toml").unlink()
        for name, toml in sources.items():
            (config / "sources" / f"{name}.toml").write_text(toml, "utf-8")
        return config


@dataclass
class Corpus:
    """A third of a real site on its two dates, served by the replay tool under its own name through a proxy."""

    server: replay.Replay
    fronts: list[Front]
    days: tuple[str, ...]

    def show(self, day: str) -> None:
        """Put a day in force."""
        self.server.set_day(day)

    def configure(self, folder: Path) -> Path:
        """The one source, asked through the front as its proxy."""
        folder.mkdir(parents=True, exist_ok=True)
        config = replay.configuration(folder, f"http://127.0.0.1:{self.fronts[0].port}", HOST)
        shutil.copy(ROOT / "config" / "coding.toml", config)
        text = (config / "archiver.toml").read_text("utf-8")
        proxy = next(line for line in text.splitlines() if line.startswith("proxy"))
        (config / "archiver.toml").write_text(ARCHIVER.format(proxy=proxy), "utf-8")
        source = config / "sources" / f"{replay.source_name(HOST)}.toml"
        with source.open("a", encoding="utf-8") as file:
            file.write(f'exclude = ["{LEFT_OUT}"]\n')  # the scope is what the file ends with
        return config


@contextmanager
def demonstration(seed: int) -> Iterator[World]:
    """The invented towns, each behind a front."""
    with serve() as towns, before([_port(url) for url in towns.urls.values()], seed) as fronts:
        for name, front in zip(towns.urls, fronts, strict=True):
            towns.urls[name] = f"http://127.0.0.1:{front.port}"
        yield Demonstration(towns, fronts)


@contextmanager
def corpus(seed: int) -> Iterator[World]:
    """A real site behind a front."""
    with replay.serving(HOST) as server, before([_port(server.url)], seed) as fronts:
        yield Corpus(server, fronts, tuple(server.days))


def _port(url: str) -> int:
    return urlsplit(url).port or 80
