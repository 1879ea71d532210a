"""Another archive's moments of a page become history of that archive's, before our first crawl."""

import asyncio
import http.server
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from program import archiver

from archive import HOME, Town, town, write_config
from archiver.cli.fetching import Asked
from archiver.derive import catch_up
from archiver.errors import NotFetched
from archiver.model import Response
from archiver.transfer.answers import Imported
from archiver.transfer.mementos import import_timemap
from archiver.transfer.warc_out import Choice, pack
from archiver.verify import verify
from archiver.warc.cdx import parse_cdx
from archiver.warc.memento import Memento, as_received, parse_timemap
from clock import Clock
from peers import NO_PYWB, PYWB
from pretend import page

AT = datetime(2026, 5, 9, 12, 0, tzinfo=UTC)
ARCHIVE = "https://arkivet.example/web"
MAP = f"{ARCHIVE}/timemap/link/{HOME}/taxor"
TIMEMAP = f"""<{HOME}/taxor>; rel="original",
<{MAP}>; rel="self"; type="application/link-format"; from="Tue, 05 May 2009 10:00:00 GMT",
<{ARCHIVE}/{HOME}/taxor>; rel="timegate",
<{ARCHIVE}/20100606100000/{HOME}/taxor>; rel="last memento"; datetime="Sun, 06 Jun 2010 10:00:00 GMT",
<{ARCHIVE}/20090505100000/{HOME}/taxor>; rel="first memento"; datetime="Tue, 05 May 2009 10:00:00 GMT",
<{ARCHIVE}/20090707100000/{HOME}/taxor>; rel="memento"; datetime="Tue, 07 Jul 2009 10:00:00 GMT",
<{ARCHIVE}/20090808100000/{HOME}/taxor>; rel="memento"; datetime="när som helst"
"""


def memento(at: str, text: str, status: int = 200, **headers: str) -> Response:
    handed = (("X-Archive-Orig-Content-Type", "text/html; charset=utf-8"), ("X-Archive-Orig-Server", "nginx"))
    named = (("Memento-Datetime", at), ("Content-Type", "text/html"), *handed, *headers.items())
    return Response("", AT, status, named, page("Taxor", text).encode())


def answering(answers: Mapping[str, Response]) -> tuple[object, list[str]]:
    log: list[str] = []

    async def ask(url: str) -> Response:
        log.append(url)
        if url not in answers:
            raise NotFetched(f"{url} could not be fetched: timeout")
        return answers[url]

    return ask, log


def take_in(found: Town, answers: Mapping[str, Response], most: int | None = None) -> Imported:
    ask, _ = answering(answers)
    done = asyncio.run(import_timemap(found.archive, [found.source], MAP, ask, AT, most))  # type: ignore[arg-type]
    asyncio.run(catch_up(found.archive, found.config, found.source, found.pool))  # type: ignore[arg-type]
    return done


ANSWERS = {
    MAP: Response(MAP, AT, 200, (), TIMEMAP.encode()),
    f"{ARCHIVE}/20090505100000id_/{HOME}/taxor": memento("Tue, 05 May 2009 10:00:00 GMT", "Avgiften är 300 kr."),
    f"{ARCHIVE}/20090707100000id_/{HOME}/taxor": memento("Tue, 07 Jul 2009 10:00:01 GMT", "Avgiften är 300 kr."),
    f"{ARCHIVE}/20100606100000id_/{HOME}/taxor": memento("Sun, 06 Jun 2010 10:00:00 GMT", "Avgiften är 400 kr."),
}


def test_a_timemap_is_read_with_its_moments_in_order() -> None:
    found = parse_timemap(TIMEMAP)
    assert found.original == f"{HOME}/taxor"
    assert [m.at.year for m in found.mementos] == [2009, 2009, 2010]
    assert found.mementos[0] == Memento(
        f"{ARCHIVE}/20090505100000/{HOME}/taxor", datetime(2009, 5, 5, 10, 0, tzinfo=UTC)
    )
    assert parse_timemap('<https://a.example/1>; rel="timemap", <x y>; rel=memento').further == ("https://a.example/1",)
    assert parse_timemap("<" * 100_000).mementos == ()
    assert parse_timemap("<a>" + '; rel="' * 50_000).mementos == ()


def test_a_moment_is_asked_for_as_it_was_received() -> None:
    assert as_received(f"{ARCHIVE}/20090505100000/{HOME}/") == f"{ARCHIVE}/20090505100000id_/{HOME}/"
    assert as_received(f"{ARCHIVE}/20090505100000id_/{HOME}/") == f"{ARCHIVE}/20090505100000id_/{HOME}/"
    assert as_received("https://annat.example/kopia/7") == "https://annat.example/kopia/7"


def test_history_begins_with_what_the_other_archive_saw(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/taxor", "Taxor")])
    exempel.site["/taxor"] = page("Taxor", "Avgiften är 500 kr.")
    exempel.crawl()

    done = take_in(exempel, ANSWERS)

    assert (done.captures, done.faults) == (3, 0)
    assert [(row["seen_after"][:10], row["visits"]) for row in exempel.history("/taxor")] == [
        ("2009-05-05", 2), ("2010-06-06", 1), ("2026-03-02", 1),
    ]  # fmt: skip
    assert [change["imported"] for change in exempel.changes()] == [1, 1]
    assert exempel.rows("SELECT kind, agent FROM runs WHERE id = 2") == [("import", MAP)]
    assert exempel.rows("SELECT DISTINCT robots, content_type FROM captures WHERE run_id = 2") == [
        ("imported", "text/html; charset=utf-8")
    ]
    ask, log = answering(ANSWERS)
    again = asyncio.run(import_timemap(exempel.archive, [exempel.source], MAP, ask, AT))
    assert (again.known, again.captures) == (3, 0)
    assert log == [MAP, f"{ARCHIVE}/20090707100000id_/{HOME}/taxor"]  # whose own time is another than its TimeMap's
    assert list(verify(exempel.archive.reader)) == []


def test_a_moment_that_cannot_be_had_is_told_and_the_next_is_asked_for(exempel: Town) -> None:
    answers = dict(ANSWERS)
    del answers[f"{ARCHIVE}/20090707100000id_/{HOME}/taxor"]
    answers[f"{ARCHIVE}/20100606100000id_/{HOME}/taxor"] = Response("", AT, 503, (), b"")
    done = take_in(exempel, answers)
    assert (done.captures, done.faults) == (1, 2)
    assert "could not be fetched: timeout" in done.told[0]
    assert "answers 503, and not as a memento" in done.told[1]


def test_a_redirect_that_was_kept_leads_to_the_sites_own_address(exempel: Town) -> None:
    at = "Tue, 05 May 2009 10:00:00 GMT"
    moved = Response("", AT, 301, (("Memento-Datetime", at), ("Location", f"/web/20090505100000id_/{HOME}/bo")), b"")
    exact = Response("", AT, 302, (("Location", f"{ARCHIVE}/20090505100001id_/{HOME}/taxor"),), b"")
    first = f"{ARCHIVE}/20090505100000id_/{HOME}/taxor"
    assert take_in(exempel, {MAP: ANSWERS[MAP], first: moved}, most=1).captures == 1
    assert exempel.rows("SELECT outcome, location FROM captures") == [("moved", f"{HOME}/bo")]
    later = {MAP: ANSWERS[MAP], first: exact, f"{ARCHIVE}/20090505100001id_/{HOME}/taxor": memento(at, "x", 404)}
    assert take_in(exempel, later, most=1).known == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"<https://x.example/>; rel=memento"])
def test_what_is_no_timemap_is_said(exempel: Town, body: bytes) -> None:
    with pytest.raises(NotFetched, match="is no TimeMap"):
        take_in(exempel, {MAP: Response(MAP, AT, 200, (), body)})
    with pytest.raises(NotFetched, match="answers 404"):
        take_in(exempel, {MAP: Response(MAP, AT, 404, (), b"")})


@pytest.mark.skipif(PYWB is None, reason=NO_PYWB)
@pytest.mark.parametrize("asked", [f"timemap/link/{HOME}/", f"cdx?url={HOME}/"])
def test_pywb_is_asked_for_all_it_has(exempel: Town, tmp_path: Path, asked: str) -> None:
    """Out as WARC, replayed by pywb, and in again over HTTP, by its TimeMap or by its index."""
    exempel.site["/"] = page("Start", "Ett.")
    exempel.crawl()
    exempel.site["/"] = page("Start", "Två.")
    exempel.day()
    home = tmp_path / "replay" / "collections" / "out"
    (home / "archive").mkdir(parents=True)
    (home / "indexes").mkdir()
    pack(exempel.archive.reader, home / "archive" / "out.warc.gz", Choice(), AT)
    shutil.move(home / "archive" / "out.warc.gz.cdxj", home / "indexes" / "index.cdxj")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(PYWB), "--port", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path / "replay")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip
    (tmp_path / "empty").mkdir()
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        with town(tmp_path / "empty") as found:
            done = asyncio.run(_from_pywb(found, f"http://127.0.0.1:{port}/out/{asked}"))
            asyncio.run(catch_up(found.archive, found.config, found.source, found.pool))
            assert (done.captures, done.told) == (2, [])
            assert [row["seen_after"] for row in found.history("/")] == [
                row["seen_after"] for row in exempel.history("/")
            ]
            cores = "SELECT number, core FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.kind = 'page'"
            assert found.rows(cores) == exempel.rows(cores)
    finally:
        server.terminate()
        server.wait(10)


async def _from_pywb(found: Town, timemap: str) -> Imported:
    asked = Asked(found.config, Clock(), 0.0, timemap)
    try:
        return await import_timemap(found.archive, [found.source], timemap, asked, AT)
    finally:
        await asked.aclose()


def _wait_for(url: str) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310
                return
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)


class _Archive(http.server.BaseHTTPRequestHandler):
    """An archive of one page with one moment."""

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        moment = "Tue, 05 May 2009 10:00:00 GMT"
        kept = f'<{here}/20090505100000/{HOME}/taxor>; rel="memento"; datetime="{moment}"'
        timemap = f'<{HOME}/taxor>; rel="original",\n{kept}'
        status, headers, body = 404, {}, b""
        if self.path == "/timemap":
            status, body = 200, timemap.encode()
        elif self.path == f"/20090505100000id_/{HOME}/taxor":
            status, body = 200, page("Taxor", "Avgiften är 300 kr.").encode()
            headers = {"Memento-Datetime": moment, "X-Archive-Orig-Content-Type": "text/html; charset=utf-8"}
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_the_command_takes_in_what_a_timemap_lists(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Archive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        timemap = f"http://127.0.0.1:{server.server_port}/timemap"
        said = archiver("--config", config, "import", "memento", timemap)
        none = archiver("--config", config, "import", "memento", f"http://127.0.0.1:{server.server_port}/none")
        server.shutdown()
    assert (said.code, said.out) == (0, f"{timemap}: 1 capture\n"), said.err
    assert (none.code, "answers 404" in none.err) == (1, True)
    assert "300 kr" in archiver("--config", config, "export", "snapshots").out


CDX = {
    "plain": "se,exempelkoping)/taxor 20090505100000 https://www.exempelkoping.se/taxor text/html 200 A 4\nrubbish\n",
    "json": '[["urlkey","timestamp","original"],["se,x)/", "20090505100000", "https://www.exempelkoping.se/taxor"]]',
    "cdxj": 'se,exempelkoping)/taxor 20090505100000 {"url": "https://www.exempelkoping.se/taxor"}\nx 2009 {"a"\n',
}


@pytest.mark.parametrize("form", CDX)
@pytest.mark.parametrize(
    ("asked", "memento"),
    [("https://web.archive.org/cdx/search/cdx?url=x", "https://web.archive.org/web/20090505100000/"),
     ("http://127.0.0.1:8080/out/cdx?url=x", "http://127.0.0.1:8080/out/20090505100000/"),
     ("http://127.0.0.1:8080/out-cdx?url=x", "http://127.0.0.1:8080/out/20090505100000/")],
)  # fmt: skip
def test_an_index_is_read_as_moments(form: str, asked: str, memento: str) -> None:
    (one,) = parse_cdx(CDX[form], asked).mementos
    page_of_it = "https://www.exempelkoping.se/taxor"
    assert (one.url, one.original, one.at.year) == (f"{memento}{page_of_it}", page_of_it, 2009)


@pytest.mark.parametrize(
    "text", ["", "[[", "[[]]", "[" * 100_000, '[["timestamp","original"],1]', "a 20091305100000 http://x/"]
)
def test_what_is_no_index_has_no_moments(text: str) -> None:
    assert parse_cdx(text, "https://web.archive.org/cdx/search/cdx").mementos == ()


def test_an_index_of_no_server_that_is_known_has_none() -> None:
    assert parse_cdx(CDX["plain"], "https://archive.example/list").mementos == ()
