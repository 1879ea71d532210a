"""Captures handed over as WARC: whole, once each, right to other people's tools, and with nothing that was hidden."""

import asyncio
import gzip
import io
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from program import archiver
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive import SOURCE, Town, town
from archiver.redact import Order, redact
from archiver.store import bodies
from archiver.transfer.sorting import sorted_lines
from archiver.transfer.warc_out import Choice, Packed, pack
from archiver.warc.reading import read_records
from archiver.warc.records import Record
from peers import NO_PYWB, PYWB
from pretend import page

AT = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
ALL = Choice()


@pytest.fixture
def lived(exempel: Town) -> Town:
    """An edit, a page that never changes, one that moves, one that goes, one that answers nothing, robots.txt."""
    site = exempel.site
    site["/"] = page("Start", links=[("/taxor", "Taxor"), ("/bo", "Bo"), ("/gamla", "Gamla"), ("/borta", "Borta")])
    site["/taxor"] = page("Taxor", "Avgiften är 500 kr.", updated="2026-01-02")
    site["/bo"] = page("Bo", "Tomter finns på Åsgatan.")
    site["/borta"] = page("Borta", "Snart borta.")
    site.moves("/gamla", "/bo")
    site.robots("User-agent: *\nDisallow: /sok\n")
    exempel.crawl()
    site["/taxor"] = page("Taxor", "Avgiften är 900 kr.", updated="2026-01-02")
    site.gone("/borta")
    site.fails("/bo")
    exempel.day()
    exempel.day()
    return exempel


def packed_in(town: Town, folder: Path, choice: Choice = ALL, name: str = "out.warc.gz") -> tuple[Packed, list[Record]]:
    made = pack(town.archive.reader, folder / name, choice, AT)
    with (folder / name).open("rb") as file:
        found = list(read_records(file))
    assert all(isinstance(one, Record) for one in found)
    return made, found  # type: ignore[return-value]


def test_warcio_finds_every_digest_right(lived: Town, tmp_path: Path) -> None:
    packed_in(lived, tmp_path)
    checker = Checker(SimpleNamespace(inputs=[str(tmp_path / "out.warc.gz")], verbose=False))
    assert checker.process_all() == 0


def test_warcio_reads_what_the_server_sent(lived: Town, tmp_path: Path) -> None:
    packed_in(lived, tmp_path)
    with (tmp_path / "out.warc.gz").open("rb") as file:
        bodies = {
            (one.rec_headers["WARC-Target-URI"], one.http_headers.get_statuscode()): one.content_stream().read()
            for one in ArchiveIterator(file) if one.rec_type == "response"
        }  # fmt: skip
    assert bodies["https://www.exempelkoping.se/taxor", "200"] == lived.site["/taxor"].replace(
        "<!--banner-->", "").replace("<!--noise-->", "").encode()  # fmt: skip
    assert bodies["https://www.exempelkoping.se/gamla", "301"] == b""
    assert "Sidan kunde inte hittas" in bodies["https://www.exempelkoping.se/borta", "404"].decode()
    assert bodies["https://www.exempelkoping.se/robots.txt", "200"].startswith(b"User-agent")


def test_each_body_goes_out_once_and_what_did_not_change_names_it(lived: Town, tmp_path: Path) -> None:
    made, found = packed_in(lived, tmp_path)
    responses = {record.get("WARC-Record-ID"): record for record in found if record.kind == "response"}
    digests = [r.get("WARC-Payload-Digest") for r in responses.values() if not r.block.endswith(b"\r\n\r\n")]
    assert len(digests) == len(set(digests))
    assert len(responses) == made.responses
    revisits = [record for record in found if record.kind == "revisit"]
    assert len(revisits) == made.revisits >= 3
    for revisit in revisits:
        first = responses[revisit.get("WARC-Refers-To")]
        assert revisit.get("WARC-Payload-Digest") == first.get("WARC-Payload-Digest")
        assert revisit.get("WARC-Refers-To-Target-URI") == first.url
        assert revisit.get("WARC-Refers-To-Date") == first.get("WARC-Date")
    profiles = {str(record.get("WARC-Profile")).rpartition("/")[2] for record in revisits}
    assert "server-not-modified" in profiles


def test_a_request_without_an_answer_is_told_too(lived: Town, tmp_path: Path) -> None:
    made, found = packed_in(lived, tmp_path)
    (silent,) = [r for r in found if r.kind == "metadata" and b"failure: timeout" in r.block]
    assert made.silent == 1
    assert silent.url == "https://www.exempelkoping.se/bo"
    assert b"outcome: failed" in silent.block
    assert silent.get("WARC-Concurrent-To") is None


def test_what_we_read_stands_beside_what_was_sent_and_names_no_one_as_responsible(lived: Town, tmp_path: Path) -> None:
    made, _ = packed_in(lived, tmp_path)
    with (tmp_path / "out.warc.gz").open("rb") as file:
        read = [
            (record.rec_headers["WARC-Refers-To"], json.loads(record.content_stream().read()))
            for record in ArchiveIterator(file) if record.rec_type == "conversion"
        ]  # fmt: skip
    assert len(read) == made.readings
    taxes = [found for _, found in read if found["title"] == "Taxor"]
    texts = [block["text"] for found in taxes for block in found["blocks"]]
    assert [text for text in texts if text.startswith("Avgiften")] == ["Avgiften är 500 kr.", "Avgiften är 900 kr."]
    (claim,) = [claim for claim in taxes[0]["claims"] if claim["believed"]]
    assert (claim["meaning"], claim["value"], claim["witness"]) == ("updated", "2026-01-02", "label")
    assert taxes[0]["rules"]["profile"] == "sitevision"
    assert not any("responsible" in found for _, found in read)


def test_the_index_is_in_order_and_leads_to_each_answer(lived: Town, tmp_path: Path) -> None:
    _, found = packed_in(lived, tmp_path)
    lines = (tmp_path / "out.warc.gz.cdxj").read_text("utf-8").splitlines()
    assert lines == sorted(lines)
    replayable = [
        one for one in found if one.kind == "response" or (one.kind == "revisit" and b" 304 " not in one.block[:20])
    ]
    assert len(lines) == len(replayable)
    data = (tmp_path / "out.warc.gz").read_bytes()
    for line in lines:
        key, when, facts = line.split(" ", 2)
        entry = json.loads(facts)
        start = int(entry["offset"])
        (record,) = read_records(io.BytesIO(data[start : start + int(entry["length"])]))
        assert isinstance(record, Record)
        assert record.url == entry["url"]
        assert key.startswith("se,exempelkoping)/")
        assert str(record.get("WARC-Date")).translate({45: "", 58: "", 84: "", 90: ""}) == when
        assert record.get("WARC-Payload-Digest") == entry["digest"]


def test_the_same_archive_gives_the_same_bytes(lived: Town, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    packed_in(lived, tmp_path)
    packed_in(lived, tmp_path / "b")
    assert (tmp_path / "out.warc.gz").read_bytes() == (tmp_path / "b" / "out.warc.gz").read_bytes()


def test_a_cut_that_begins_with_nothing_new_brings_the_answer_that_it_names(lived: Town, tmp_path: Path) -> None:
    day = max(row[0] for row in lived.rows("SELECT captured_at FROM captures"))[:10]
    _, found = packed_in(lived, tmp_path, Choice(since=day))
    known = {record.get("WARC-Record-ID") for record in found if record.kind == "response"}
    assert all(record.get("WARC-Refers-To") in known for record in found if record.kind == "revisit")


def test_what_is_redacted_is_a_tombstone(lived: Town, tmp_path: Path) -> None:
    (body,) = lived.rows(
        """SELECT c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id
           WHERE a.url LIKE '%/bo' AND c.body_id IS NOT NULL LIMIT 1""")[0]  # fmt: skip
    order = Order("hidden", "person", "keeper", body_id=body)
    asyncio.run(redact(lived.archive, lived.config, lived.pool, order, AT))  # type: ignore[arg-type]
    made, found = packed_in(lived, tmp_path)
    assert made.closed > 0
    assert b"Tomter" not in gzip.decompress((tmp_path / "out.warc.gz").read_bytes())
    assert not [r for r in found if r.kind in ("response", "revisit") and r.url == "https://www.exempelkoping.se/bo"]
    assert [r for r in found if r.kind == "metadata" and b"withheld: hidden" in r.block]


def test_what_is_under_embargo_goes_only_into_the_keepers_own_copy(tmp_path: Path) -> None:
    board = '\n[[section]]\nname = "anslagstavla"\npath = "/anslag"\nembargo_days = 0\n'
    with town(tmp_path, source=SOURCE + board) as found:
        found.site["/"] = page("Start", links=[("/anslag/1", "Anslag")])
        found.site["/anslag/1"] = page("Anslag", "Hemliga ord på tavlan.")
        found.crawl()
        packed_in(found, tmp_path, ALL, "public.warc.gz")
        packed_in(found, tmp_path, Choice(embargoed=True), "own.warc.gz")
    assert "Hemliga ord" not in gzip.decompress((tmp_path / "public.warc.gz").read_bytes()).decode()
    assert "Hemliga ord" in gzip.decompress((tmp_path / "own.warc.gz").read_bytes()).decode()


def test_lines_are_sorted_however_many(tmp_path: Path) -> None:
    lines = [f"{(n * 7919) % 1000:04}\n" for n in range(1000)]
    assert list(sorted_lines(lines, at_once=64)) == sorted(lines)
    assert list(sorted_lines([])) == []


def test_the_command_says_what_went_out(lived: Town, tmp_path: Path) -> None:
    said = archiver("--archive", lived.archive.path, "warc", tmp_path / "x.warc.gz")
    assert said.code == 0, said.err
    assert "1 without an answer" in said.out
    again = archiver("--archive", lived.archive.path, "warc", tmp_path / "x.warc.gz")
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err


@pytest.mark.skipif(PYWB is None, reason=NO_PYWB)
def test_pywb_replays_every_answer_by_our_index(lived: Town, tmp_path: Path) -> None:
    packed_in(lived, tmp_path)
    home = tmp_path / "replay" / "collections" / "out"
    (home / "archive").mkdir(parents=True)
    (home / "indexes").mkdir()
    shutil.copy(tmp_path / "out.warc.gz", home / "archive")
    shutil.copy(tmp_path / "out.warc.gz.cdxj", home / "indexes" / "index.cdxj")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [str(PYWB), "--port", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path / "replay")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip
    try:
        wanted = lived.rows(
            """SELECT a.url, c.captured_at, c.status, c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id
               WHERE c.status IS NOT NULL AND c.outcome NOT IN ('moved', 'same') ORDER BY c.id""")  # fmt: skip
        for url, at, status, body_id in wanted:
            when = at.translate({45: "", 58: "", 84: "", 90: ""})
            code, body = _replayed(f"http://127.0.0.1:{port}/out/{when}id_/{url}")
            assert code == status, (url, at)
            assert body == bodies.get(lived.archive.reader, body_id), (url, at)
    finally:
        server.terminate()
        server.wait(10)


def _replayed(url: str) -> tuple[int, bytes]:
    """What pywb answers, once it does."""
    until = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
