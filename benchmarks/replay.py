"""The shared corpus, served on loopback by the shared replay tool, under the sites' own host names through a proxy."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from benchmarks.measuring import SHARED

CORPUS = SHARED / "corpus"
TOOL = SHARED / "tools" / "replay.py"


@dataclass(frozen=True)
class Replay:
    """A replay server that is up."""

    url: str
    days: list[str]

    def set_day(self, day: str) -> None:
        """Put another day's captures in force."""
        request = urllib.request.Request(f"{self.url}/-/day?date={day}", method="POST")  # noqa: S310  # loopback
        urllib.request.urlopen(request).read()  # noqa: S310

    def stats(self) -> dict[str, object]:
        """Requests by host, shortest gap, most at once."""
        answer: dict[str, object] = json.load(urllib.request.urlopen(f"{self.url}/-/stats"))  # noqa: S310
        return answer


@contextmanager
def serving(site: str, *options: str, corpus: str = "municipio") -> Iterator[Replay]:
    """The sites whose names fit, on a free port, until the block ends."""
    command = [
        sys.executable, str(TOOL), str(CORPUS / corpus), "--site", site, "--links", "clean", "--port", "0", *options,
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(_first_line(process.stdout))
        yield Replay(ready["url"], ready["days"])
    finally:
        process.terminate()
        process.wait()


def _first_line(out: IO[str]) -> str:
    line = out.readline()
    if not line:
        raise SystemExit("the replay server did not start")
    return line


def configuration(folder: Path, proxy: str, host: str, *, profile: str = "municipio") -> Path:
    """A configuration folder for one site behind the proxy: this project's profiles and languages, politeness off."""
    import shutil

    from benchmarks.measuring import ROOT

    config = folder / "config"
    (config / "sources").mkdir(parents=True)
    for part in ("profiles", "languages"):
        shutil.copytree(ROOT / "config" / part, config / part)
    for name in ("significance.toml", "municipalities.csv"):
        shutil.copy(ROOT / "config" / name, config / name)
    (config / "archiver.toml").write_text(
        f'database = "archive.db"\nproxy = "{proxy}"\n[agent]\nname = "archiver"\n'
        'url = "https://archiver.example/about"\nmail = "archive@archiver.example"\n',
        "utf-8",
    )
    stem = host.split(".", maxsplit=1)[0]
    (config / "sources" / f"{stem}.toml").write_text(
        f'municipality = "Helsingborg"\ncode = "1283"\ncounty = "Skåne län"\nprofile = "{profile}"\n'
        f'language = "sv"\nseeds = ["http://{host}/"]\nsitemaps = ["http://{host}/sitemap.xml"]\n'
        f'every = "day"\npolite = false\n\n[scope]\ninclude = ["http://{host}/"]\ndepth = 20\n',
        "utf-8",
    )
    return config
