"""L7: a kill at any instant leaves an archive that opens, verifies, and is continued by the next run."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from archive import write_config
from archiver.demo import Towns, serve
from archiver.errors import StoreError
from archiver.store import open_archive, reader
from archiver.verify import verify

KILLS = 50
SOURCE = Path(__file__).parents[2] / "src"
ARCHIVER = '[agent]\nname = "archiver"\nurl = "https://archiver.example"\nmail = "a@archiver.example"\n'


def _start(config: Path, archive: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "archiver", "--config", str(config), "--archive", str(archive), "crawl", *more]
    return subprocess.Popen(
        [*command, "--json"], env={**os.environ, "PYTHONPATH": str(SOURCE)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _configure(folder: Path, towns: Towns) -> Path:
    config = write_config(folder, towns.sources()["sjoberga"], ARCHIVER)
    (config / "sources" / "exempelkoping.toml").rename(config / "sources" / "sjoberga.toml")
    return config


def _rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(archive) as found:
        return [tuple(row) for row in found.reader.execute(sql)]


PAGES = """SELECT p.key, r.number, r.state, r.core FROM revisions r JOIN pages p ON p.id = r.page_id
           WHERE p.kind IN ('page', 'file') ORDER BY 1, 2"""


def test_killed_at_any_instant_nothing_committed_is_lost_and_the_next_run_goes_on(tmp_path: Path) -> None:
    chance = random.Random(7)
    archive = tmp_path / "archive.db"
    with serve() as towns:
        config = _configure(tmp_path, towns)
        undisturbed = tmp_path / "undisturbed.db"
        begun = time.monotonic()
        first = _start(config, undisturbed)
        _, errors = first.communicate()
        assert first.returncode == 0, errors.decode()
        takes = time.monotonic() - begun
        killed = 0
        known: set[tuple[Any, ...]] = set()
        while killed < KILLS:
            child = _start(config, archive, "--again")
            begun = time.monotonic()
            try:  # somewhere in its life, of which the last one that was let live tells the length
                child.communicate(timeout=takes * (0.2 + 0.75 * chance.random()))
                takes = time.monotonic() - begun
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.communicate()
                takes *= 1.03
            killed += child.returncode == -signal.SIGKILL
            if not archive.exists():
                continue
            now = set(_rows(archive, "SELECT id, leaf FROM captures"))
            assert known <= now
            known = now
            with open_archive(archive) as found:
                assert [p for p in verify(found.reader) if "has no seal" not in p] == []
        last = _start(config, archive)
        _, errors = last.communicate()
        assert last.returncode == 0, errors.decode()
        assert _rows(archive, "SELECT count(*) FROM unread") == [(0,)]
    assert known
    assert _rows(archive, PAGES) == _rows(undisturbed, PAGES)
    assert _rows(archive, "SELECT count(*) FROM runs WHERE finished_at IS NULL") == [(0,)]


def test_interrupted_it_keeps_what_is_in_flight_and_seals_its_run(tmp_path: Path) -> None:
    archive = tmp_path / "archive.db"
    with serve() as towns:
        config = _configure(tmp_path, towns)
        source = config / "sources" / "sjoberga.toml"
        source.write_text(source.read_text("utf-8").replace("polite = false", "polite = true\ndelay = 0.3"), "utf-8")
        child = _start(config, archive)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            time.sleep(0.1)
            if archive.exists() and _count_pages(archive) >= 2:
                break
        child.send_signal(signal.SIGINT)
        out, errors = child.communicate(timeout=20)
    assert child.returncode == 0, errors.decode()
    assert b'"ending": "stopped"' in out
    assert _rows(archive, "SELECT DISTINCT ending FROM runs JOIN seals ON run_id = runs.id") == [("stopped",)]
    assert _rows(archive, "SELECT count(*) FROM unread") == [(0,)]


def _count_pages(archive: Path) -> int:
    try:
        with closing(reader(archive)) as conn:
            return int(conn.execute("SELECT count(*) FROM captures").fetchone()[0])
    except (StoreError, sqlite3.Error):  # the child is just making the file
        return 0
