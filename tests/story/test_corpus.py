"""Real sites of a Swedish municipality, crawled under their own names: nothing is missed, and nothing is made up."""

import asyncio
import csv
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from benchmarks import CORPUS, ROOT
from benchmarks.gold import score
from benchmarks.replay import configuration, serving, source_name

from archiver.cli.fetching import make_fetcher
from archiver.config import load
from archiver.crawl import Crawl, Tally, Tools
from archiver.pool import Pool
from archiver.store import open_archive, plan, queries, reader
from clock import Clock

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside this checkout"),
]
COMPANIES, ARTS = "foretagare.helsingborg.se", "dunkerskulturhus.se"
REVISIONS = "SELECT count(*) FROM revisions"
SET_ASIDE = """SELECT g.verdict, a.url FROM readings g JOIN captures c ON c.id = g.capture_id
               JOIN addresses a ON a.id = c.address_id WHERE g.verdict <> 'good'"""
FIRST, SECOND, EDITED = "2025-10-10", "2025-11-07", "2025-11-14"


@dataclass
class Twice:
    """A site crawled twice on one day, by the command itself."""

    archive: Path
    listed: set[str]  # by the sitemap
    first: dict[str, Any] = field(default_factory=dict)  # the summaries
    again: dict[str, Any] = field(default_factory=dict)
    revisions: list[tuple[int]] = field(default_factory=list)  # how many, after each crawl


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    folder = tmp_path_factory.mktemp("companies")
    with serving(COMPANIES) as replay:
        twice = Twice(folder / "archive.db", replay.sitemap(COMPANIES))
        config = configuration(folder, replay.url, COMPANIES)
        command = ["--config", str(config), "--archive", str(twice.archive), "crawl", "--json"]
        twice.first = _run(*command)
        twice.revisions += _rows(twice.archive, REVISIONS)
        twice.again = _run(*command, "--again")
        twice.revisions += _rows(twice.archive, REVISIONS)
    return twice


def _run(*arguments: str) -> dict[str, Any]:
    """The summary of a crawl that went well."""
    done = subprocess.run(
        [sys.executable, "-m", "archiver", *arguments], env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (summary,) = json.loads(done.stdout)["sources"]
    return dict(summary)


def test_every_page_that_the_sitemap_lists_is_archived_in_one_run(companies: Twice) -> None:
    assert len(companies.listed) == 2153
    present = _rows(companies.archive, "SELECT url FROM current_pages WHERE state = 'present'")
    assert companies.listed - {url for (url,) in present} == set()


def test_the_summary_adds_up_and_says_that_nothing_failed(companies: Twice) -> None:
    said = companies.first
    assert said["ending"] == "done"
    assert said["asked"] == said["new"] + said["gone"] + said["set_aside"]
    assert [said[name] for name in ("moved", "failed", "refused", "barred", "errors")] == [0] * 5


def test_nothing_is_set_aside_but_short_links_that_the_corpus_answers_with_the_start_page(companies: Twice) -> None:
    bad = _rows(companies.archive, SET_ASIDE)
    assert {(verdict, "/?page_id=" in url) for verdict, url in bad} == {("to-start", True)}


def test_a_second_run_the_same_day_begins_no_revision(companies: Twice) -> None:
    assert companies.revisions[0] == companies.revisions[1] > (2153,)
    assert companies.again["asked"] == companies.first["asked"]
    assert (companies.again["new"], companies.again["changed"]) == (0, 0)


@pytest.mark.parametrize("name", ["published", "updated"])
def test_dates_are_those_of_the_index_and_none_is_invented(companies: Twice, name: str) -> None:
    found = score(companies.archive, COMPANIES)[name]
    assert found.of > 1800
    assert found.share >= 0.995
    assert found.invented == 0


@dataclass
class Months:
    """A site crawled on the two days it was captured, and a week later when some of its pages were edited."""

    archive: Path
    truth: list[dict[str, Any]]  # what was edited for the third day

    def begun(self, day: str) -> dict[str, set[str]]:
        """The pages that changed on a day: path -> kinds."""
        with closing(reader(self.archive)) as conn:
            return {
                change["url"].removeprefix(f"http://{ARTS}"): set(change["kinds"])
                for change in queries.changes(conn)
                if change["window"]["seen_after"].startswith(day)
            }

    def edited(self, *marks: str) -> set[str]:
        """The paths of the pages whose edit has one of these marks."""
        return {_asked_for(edit["path"]) for edit in self.truth if any(edit[mark] for mark in marks)}


@pytest.fixture(scope="module")
def arts(tmp_path_factory: pytest.TempPathFactory) -> Months:
    folder = tmp_path_factory.mktemp("arts")
    truth = folder / "truth.json"
    edits = ("--edit", "0.05", "--edit-days", "1", "--edit-truth", str(truth))
    with serving(ARTS, "--day", FIRST, *edits) as replay:
        config = configuration(folder, replay.url, ARTS)
        for day in (FIRST, SECOND, EDITED):
            replay.set_day(day)
            tally = asyncio.run(_crawl_on(day, config, folder / "archive.db"))
            assert (tally.failed, tally.errors) == (0, 0)
    return Months(folder / "archive.db", json.loads(truth.read_text("utf-8"))["edits"])


async def _crawl_on(day: str, folder: Path, path: Path) -> Tally:
    """Ask for everything that is known, at noon of that day."""
    config, clock = load(folder), Clock(f"{day} 12:00")
    source = config.sources[source_name(ARTS)]
    with open_archive(path) as archive, Pool(config.rulebook, workers=2) as pool:
        fetcher = make_fetcher(config, clock)
        await archive.aio(partial(plan.make_due, source_id=source.id, at=clock.now()))
        tally = await Crawl(Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.5), source).run()
        await fetcher.aclose()
    return tally


def _asked_for(saved: str) -> str:
    """The path and query under which a saved file is served: of 'a/index.html?date=1.html' '/a/?date=1'."""
    path, mark, query = saved.partition("?")
    return "/" + path.removesuffix("index.html") + mark + query.removesuffix(".html")


def _labelled(*, edited: bool) -> set[str]:
    """Paths of pages captured on both days: those the CMS knows an edit of, or those that differ in bytes only."""
    lines = (CORPUS / "municipio" / "dunkers_revision_pairs.csv").read_text("utf-8").splitlines()
    marks = ("cms_modified_changed", "main_text_changed_naive")
    return {
        _asked_for(row["path"])
        for row in csv.DictReader(lines)
        if (row[marks[0]] == "1" if edited else (row[marks[0]], row[marks[1]]) == ("0", "0"))
    }


def test_pages_that_differ_in_bytes_only_have_no_second_revision(arts: Months) -> None:
    same = _labelled(edited=False)
    assert len(same) == 91
    assert same & arts.begun(SECOND).keys() == set()


def test_pages_whose_content_moved_have_one(arts: Months) -> None:
    edited = _labelled(edited=True)
    assert len(edited) == 5
    assert edited - arts.begun(SECOND).keys() == set()


def test_every_edit_of_a_text_is_found(arts: Months) -> None:
    found = arts.begun(EDITED)
    edited = arts.edited("text_changed")
    assert len(edited) > 3
    assert {path for path in edited if "text" not in found.get(path, ())} == set()


def test_every_date_moved_and_every_link_taken_out_is_found(arts: Months) -> None:
    found = arts.begun(EDITED)
    assert {path for path in arts.edited("date_changed") if "updated" not in found.get(path, ())} == set()
    links = {"links", "attachments"}
    assert {path for path in arts.edited("links_changed") if not links & found.get(path, set())} == set()


def test_a_page_that_nobody_edited_did_not_change(arts: Months) -> None:
    edited = arts.edited("text_changed", "date_changed", "links_changed")
    changed = arts.begun(EDITED).keys() - edited
    # a date that was not saved apart is answered with the event's own page, which may have been edited
    assert {path for path in changed if path.partition("?")[0] not in edited} == set()


def _rows(archive: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(reader(archive)) as conn:
        return [tuple(row) for row in conn.execute(sql)]
