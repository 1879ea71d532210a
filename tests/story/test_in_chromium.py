"""A site whose pages fill themselves, from the first crawl to the words that changed, in a real Chromium."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from program import archiver

from archive import write_config
from archiver.browser import Browser, find
from archiver.clock import SystemClock
from archiver.config import load
from archiver.crawl.render import Renderer
from archiver.fetch import Fetcher
from archiver.frontier import robots
from archiver.model import Rendering, Response

PROGRAM = find()
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")
SHELL = """<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Möten</title>
<link rel="stylesheet" href="/app.css"></head><body><main><h1>Möten</h1><div id="app"></div></main>
<script src="/app.js"></script></body></html>"""
SCRIPT = """fetch('/data.json', {headers: {Accept: 'application/json'}}).then(r => r.json()).then(data => {
  document.getElementById('app').innerHTML =
    `<p id="x${Math.random()}">${data.text}</p><p><a href="/regler">Regler</a></p><img src="/vapen.png">`;
});"""
SOURCE = """municipality = "Exempelköping"
profile = "generic"
seeds = ["{start}"]
polite = false
private = true
render = true
"""


class Site(ThreadingHTTPServer):
    """A server on this machine with a log."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.text = "Nästa möte hålls den 4 maj i sal B."
        self.pages: dict[str, tuple[str, str]] = {
            "/": ("text/html; charset=utf-8", SHELL),
            "/regler": ("text/html; charset=utf-8", SHELL.replace("Möten", "Regler").replace("/app.js", "/tom.js")),
            "/app.js": ("text/javascript", SCRIPT),
            "/tom.js": ("text/javascript", "app.innerHTML = '<p>Högst 450 kronor.</p>'; alert('Hej')"),
        }
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def reply(self, path: str) -> tuple[int, str, bytes]:
        self.asked.append(path)
        if path == "/data.json":
            return 200, "application/json", json.dumps({"text": self.text}).encode()
        kind, text = self.pages.get(path, ("text/plain", ""))
        return (200 if path in self.pages else 404), kind, text.encode()


class _Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        status, kind, body = self.server.reply(self.path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def served() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        site.shutdown()
        thread.join()
        site.server_close()


@needs_chromium
def test_a_site_that_fills_itself_from_the_first_crawl_to_the_words_that_changed(tmp_path: Path) -> None:
    with served() as site:
        config = write_config(tmp_path, SOURCE.format(start=site.url + "/"))
        here = ("--config", config, "--archive", tmp_path / "archive.db")
        assert archiver(*here, "crawl").code == 0
        first, site.asked = site.asked, []
        site.text = "Nästa möte hålls den 11 maj i sal B."
        assert archiver(*here, "crawl", "--again").code == 0

        (change,) = archiver(*here, "changes", "--json").objects
        (visit, _) = archiver(*here, "why", site.url + "/", "--json").object["known"]["visits"]
        told = archiver(*here, "why", site.url + "/").out
        tried = archiver("--config", config, "try", site.url + "/", "--render", "--json")
        verified = archiver(*here, "verify")

    assert {(h["op"], h["text"]) for h in change["hunks"]} == {("removed", "4 maj"), ("added", "11 maj")}
    assert sorted(first) == ["/", "/app.js", "/data.json", "/regler", "/robots.txt", "/tom.js"]  # no style, no picture
    assert visit["rendering"] == "done"
    assert "rendered: done" in told
    assert (tried.code, tried.object["text"]) == (0, "Nästa möte hålls den 11 maj i sal B.\nRegler")
    assert tried.err.startswith("Rendered: Chromium ")
    assert (verified.code, "is as it was recorded" in verified.out) == (0, True)


@needs_chromium
def test_no_page_reaches_a_private_address(tmp_path: Path) -> None:
    async def show(target: str) -> Rendering:
        config, clock = load(write_config(tmp_path)), SystemClock()
        fetcher, browser = Fetcher("archiver/0", clock=clock), Browser(str(PROGRAM), clock)
        body = f"""<p id=x></p><img src="{target}/bild.png"><iframe src="{target}/ram"></iframe>
          <link rel=preload as=fetch href="{target}/fore"><link rel=prefetch href="{target}/sen"><script>
          const say = what => x.textContent += what;
          fetch('{target}/hemligt').then(() => say('fick'), () => say('nekad '));
          fetch('{target}/hemligt', {{method: 'POST', mode: 'no-cors'}}).then(() => say('fick'), () => say('nekad '));
          new WebSocket('{target.replace("http", "ws")}/ws').onerror = () => say('stum ');
          navigator.sendBeacon('{target}/fyr'); window.open('{target}/annat');
          new EventSource('{target}/strom');
          </script><script src="{target}/kod.js"></script>"""
        page = Response(
            "https://www.exempelkoping.se/", clock.now(), 200, (("Content-Type", "text/html"),), body.encode()
        )
        try:
            return await Renderer(browser, fetcher, config, clock)(page, robots.ALLOW_ALL, language="sv", private=False)
        finally:
            await browser.aclose()
            await fetcher.aclose()

    with served() as site:
        rendering = asyncio.run(show(site.url))

    assert site.asked == []
    assert rendering.outcome == "done"
    assert rendering.body is not None
    said = re.search(rb'<p id="x">(.*?)</p>', rendering.body)
    assert said is not None
    assert sorted(said[1].split()) == [b"nekad", b"nekad", b"stum"]


def test_a_source_that_wants_a_browser_where_there_is_none_is_a_mistake(tmp_path: Path) -> None:
    config = write_config(
        tmp_path,
        SOURCE.format(start="http://127.0.0.1:1/"),
        'browser = "/nowhere/chromium"\n[agent]\nname = "archiver"\n',
    )

    said = archiver("--config", config, "--archive", tmp_path / "archive.db", "crawl")

    assert said.code == 2
    assert "sources/exempelkoping.toml: render: needs a Chromium: none at /nowhere/chromium" in said.err
    assert not (tmp_path / "archive.db").exists()


def test_a_browser_that_does_not_start_is_a_mistake_and_nothing_is_asked(tmp_path: Path) -> None:
    with served() as site:
        config = write_config(
            tmp_path, SOURCE.format(start=site.url + "/"), 'browser = "/bin/false"\n[agent]\nname = "archiver"\n'
        )
        said = archiver("--config", config, "--archive", tmp_path / "archive.db", "crawl")

    assert (said.code, site.asked) == (2, [])
    assert "archiver.toml: browser: /bin/false did not start" in said.err


def test_a_file_cannot_be_rendered(tmp_path: Path) -> None:
    said = archiver("--config", write_config(tmp_path), "try", tmp_path / "a.html", "--render")
    assert (said.code, "--render is for a URL" in said.err) == (2, True)
