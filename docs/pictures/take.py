"""Take the pictures of the reading room anew: the three towns of the demonstration, under addresses of their own.

make pictures        (needs Chromium; nothing is asked of the network)
"""

import asyncio
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from playwright.sync_api import sync_playwright

from archiver.cli.demo import ARCHIVER_TOML, DemoClock
from archiver.config import Config, load, packaged
from archiver.crawl import Crawl, Tools
from archiver.demo import TOWNS, Towns, visits
from archiver.demo.server import source
from archiver.model import Failure, Request, Response
from archiver.pool import Pool
from archiver.room import application
from archiver.store import open_archive, reader

HERE = Path(__file__).parent
WIDE, PHONE = {"width": 1200, "height": 1150}, {"width": 420, "height": 924}
CHANGE = "/compare/{before}..{after}"
PICTURES = {
    "room-changes": ("/?class=silent-edit", WIDE, "light", "sv-SE"),
    "room-compare": (CHANGE, WIDE, "light", "sv-SE"),
    "room-page": ("/page/{page}", WIDE, "light", "sv-SE"),
    "room-municipality": ("/m/9901", WIDE, "light", "sv-SE"),
    "room-search": ("/search?q=kronor&tense=removed", WIDE, "light", "en-GB"),
    "room-phone": (CHANGE + "?view=inline", PHONE, "dark", "sv-SE"),
}
"""What each shows: address, window, scheme, language."""


def main() -> None:
    """Build the archive, open the room, and take them all."""
    with tempfile.TemporaryDirectory() as folder:
        archive = asyncio.run(_archive(Path(folder)))
        with closing(reader(archive)) as conn:
            row = conn.execute(
                """SELECT page_id AS page, capture_before AS before, capture_after AS after FROM page_changes
                   WHERE title_after = 'Arvoden och ersättningar'"""
            ).fetchone()
        with _serving(archive) as address:
            _take(address, dict(row))


async def _archive(folder: Path) -> Path:
    """An archive of the towns' three days."""
    towns = Towns({town: f"https://www.{town}.example" for town in TOWNS})
    config = _config(folder / "config", towns)
    clock = DemoClock(visits()[0][1])
    with open_archive(folder / "archive.db") as archive, Pool(config.rulebook, workers=1) as pool:
        for day, moment in visits():
            towns.day = day
            for one in config.sources.values():
                clock.moment = moment
                tools = Tools(archive, config, _fetcher(towns, clock), pool, clock, chance=lambda: 0.0)
                await Crawl(tools, one).run()
    return folder / "archive.db"


def _config(folder: Path, towns: Towns) -> Config:
    for part in ("profiles", "languages"):
        shutil.copytree(packaged() / part, folder / part)
    shutil.copy(packaged() / "significance.toml", folder)
    (folder / "archiver.toml").write_text(ARCHIVER_TOML, "utf-8")
    (folder / "sources").mkdir()
    for town, url in towns.urls.items():
        text = source(town, "0").replace("http://127.0.0.1:0", url)
        kept = [line for line in text.splitlines() if not line.startswith(("polite", "private"))]
        (folder / "sources" / f"{town}.toml").write_text("\n".join(kept), "utf-8")
    return load(folder)


def _fetcher(towns: Towns, clock: DemoClock):  # noqa: ANN202  # the form of a fetcher is the crawl's
    hosts = {urlsplit(url).netloc: town for town, url in towns.urls.items()}

    async def fetch(request: Request, *, private: bool = False) -> Response | Failure:  # noqa: ARG001
        parts = urlsplit(request.url)
        if parts.netloc not in hosts:
            return Failure(request.url, clock.now(), "dns", "no such host")
        page = towns.page(hosts[parts.netloc], parts.path or "/")
        tag = f'"{sha256(page.body).hexdigest()[:20]}"'
        headers = (*dict(page.headers).items(), ("ETag", tag))
        response = Response(request.url, clock.now(), page.status, headers, page.body)
        return replace(response, status=304, body=b"") if request.etag == tag else response

    return fetch


@contextmanager
def _serving(archive: Path) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(application(archive), port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def _take(address: str, values: dict[str, int]) -> None:
    chromium = shutil.which("chromium") or sys.exit("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, window, scheme, locale) in PICTURES.items():
            phone = window is PHONE
            context = browser.new_context(
                viewport=window, color_scheme=scheme, locale=locale, is_mobile=phone, has_touch=phone
            )
            page = context.new_page()
            page.goto(address + path.format(**values))
            page.screenshot(path=HERE / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
