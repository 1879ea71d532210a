"""Pages that scripts fill: what was sent and what a browser made of it are both kept; what it shows is what is read."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from program import archiver

from archive import SOURCE, Town, town
from archiver import open_archive
from archiver.config import load
from archiver.derive import preview
from archiver.frontier.robots import Robots
from archiver.model import Rendering, RenderOutcome, Response
from archiver.redact import Order, redact
from archiver.verify import verify
from pretend import page

SHELL = page("Möten", '<div id="app"></div>')
RENDERED = SOURCE.replace("every ", "render = true\nevery ")


class Stage:
    """A browser that shows what the test says: words in the place where a shell has none."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.words: dict[str, str] = {}  # by path
        self.fails: dict[str, tuple[RenderOutcome, str]] = {}
        self.ids = 0  # pages of frameworks have another id in them each time
        self.took = 1.0
        self.busy: Response | None = None
        self.shown: list[str] = []

    async def __call__(self, page: Response, rules: Robots | None, *, language: str, private: bool) -> Rendering:
        at = self._town.clock.now()
        path = page.url.removeprefix(self._town.site.base)
        self.shown.append(path)
        self.ids += 1
        self._town.clock.advance(seconds=self.took)
        outcome, detail = self.fails.get(path, ("done", None))
        filled = f'<div id="app" data-id="{self.ids}"><p>{self.words.get(path, "")}</p></div>'
        body = page.body.replace(b'<div id="app"></div>', filled.encode())
        kept = body if outcome in ("done", "cut") else None
        return Rendering(outcome, at, "Chromium 1.2.3", self.took, kept, detail, requests=2, busy=self.busy)


@pytest.fixture
def exempel(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path, RENDERED) as found:
        found.site["/"] = page("Kommun och politik", "Välkommen hit.", links=[("/moten", "Möten")])
        found.site["/moten"] = SHELL
        found.render = Stage(found)
        found.render.words["/moten"] = "Nästa möte hålls den 4 maj i sal B."
        yield found


def stage(exempel: Town) -> Stage:
    assert isinstance(exempel.render, Stage)
    return exempel.render


def state(exempel: Town, path: str = "/moten") -> list[tuple[int, str]]:
    rows = exempel.history(path)
    return [(row["visits"], row["state"]) for row in rows]


def text(exempel: Town, path: str = "/moten") -> str:
    return str(exempel.rows("SELECT text FROM current_pages WHERE url = ?", exempel.site.url(path))[0][0])


def test_both_bodies_are_kept_and_the_one_that_is_shown_is_read(exempel: Town) -> None:
    exempel.crawl()

    ((sent, shown, rendered_sha256),) = exempel.rows(
        """SELECT b.sha256, d.sha256, s.rendered_sha256 FROM captures c JOIN renderings m ON m.capture_id = c.id
           JOIN bodies b ON b.id = c.body_id JOIN bodies d ON d.id = m.body_id JOIN snapshots s ON s.capture_id = c.id
           WHERE s.url LIKE '%/moten'"""
    )
    assert sent != shown == rendered_sha256
    assert text(exempel) == "Nästa möte hålls den 4 maj i sal B."
    assert exempel.rows("SELECT DISTINCT outcome, browser, took_ms, requests FROM renderings") == [
        ("done", "Chromium 1.2.3", 1000, 2)
    ]
    assert list(verify(exempel.archive.reader)) == []


def test_only_pages_are_rendered_and_only_where_the_source_wants_it(exempel: Town, tmp_path: Path) -> None:
    exempel.site.file("/regler.pdf", b"%PDF-1.4 inte mycket")
    exempel.site["/"] = page("Kommun och politik", "Välkommen.", links=[("/regler.pdf", "Regler"), ("/borta", "Borta")])
    exempel.crawl()
    assert stage(exempel).shown == ["/"]

    (tmp_path / "b").mkdir()
    with town(tmp_path / "b") as other:
        other.site["/"] = SHELL
        other.render = Stage(other)
        other.crawl()
        assert stage(other).shown == []
        assert other.rows("SELECT count(*) FROM renderings") == [(0,)]


def test_a_shell_that_is_the_same_is_rendered_anew_and_a_change_is_told(exempel: Town) -> None:
    exempel.crawl()
    stage(exempel).words["/moten"] = "Nästa möte hålls den 11 maj i sal B."

    exempel.day()

    assert exempel.rows(
        "SELECT outcome FROM captures c JOIN addresses a ON a.id = c.address_id WHERE url LIKE '%moten'"
    ) == [
        ("ok",),
        ("same",),
    ]
    (change,) = exempel.changes()
    assert {(h["op"], h["text"]) for h in change["hunks"]} == {("removed", "4 maj"), ("added", "11 maj")}


def test_another_id_in_the_same_words_is_no_change(exempel: Town) -> None:
    exempel.crawl()
    exempel.day()
    exempel.day()

    assert exempel.rows("SELECT count(DISTINCT body_id) FROM renderings") == [(4,)]  # the start page has none
    assert exempel.changes() == []
    assert state(exempel) == [(3, "present")]


@pytest.mark.parametrize(
    ("outcome", "detail"),
    [("left", "the page wanted to go to https://x.example/"), ("failed", "it hangs"), ("cut", "no rest in 20 s")],
)
def test_a_page_that_was_not_rendered_whole_begins_and_ends_nothing(
    exempel: Town, outcome: RenderOutcome, detail: str
) -> None:
    exempel.crawl()
    stage(exempel).fails["/moten"] = (outcome, detail)

    tally = exempel.day()

    assert tally.set_aside == 1
    assert (exempel.changes(), state(exempel)) == ([], [(1, "present")])
    assert exempel.rows("SELECT kind, detail FROM issues") == [("not-rendered", f"{outcome}: {detail}")]
    assert exempel.rows("SELECT verdict FROM readings ORDER BY capture_id DESC LIMIT 1") == [("truncated",)]
    due = exempel.rows("SELECT min(due_at) FROM frontier WHERE due_at IS NOT NULL")[0][0]
    assert due <= (exempel.clock.now() + timedelta(hours=1.2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    stage(exempel).fails.clear()
    exempel.day()
    assert (exempel.changes(), state(exempel)) == ([], [(2, "present")])
    assert list(verify(exempel.archive.reader)) == []


def test_to_begin_rendering_or_to_end_it_is_no_change_of_the_site(exempel: Town) -> None:
    browser, exempel.render = exempel.render, None
    exempel.crawl()
    assert text(exempel) == "None"
    exempel.render = browser
    exempel.day()
    assert text(exempel) == "Nästa möte hålls den 4 maj i sal B."
    exempel.render = None
    exempel.day()

    assert exempel.changes() == []
    assert exempel.rows("SELECT DISTINCT class FROM change_classes") == [("technical",)]
    ends = exempel.rows(
        """SELECT b.last_capture, r.first_capture FROM revisions r
           JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1"""
    )
    file = exempel.config.folder.parent / "archive.db"
    with open_archive(file) as readable:
        assert [readable.diff(*pair).classes for pair in ends] == [("technical",)] * 2
    for before, after in ends:
        words = ("diff", f"c{before}", f"c{after}", "--json")
        told = json.loads(archiver("--config", exempel.config.folder, "--archive", file, *words).out)
        assert [found["name"] for found in told["classes"]] == ["technical"]


def test_a_rebuild_reads_renderings_as_they_were_read(exempel: Town) -> None:
    exempel.crawl()
    stage(exempel).words["/moten"] = "Inställt."
    exempel.day()
    stage(exempel).fails["/moten"] = ("left", "x")
    exempel.day()
    sql = """SELECT p.key, r.number, r.state, r.core, r.first_capture, r.last_capture, r.visits
             FROM revisions r JOIN pages p ON p.id = r.page_id ORDER BY 1, 2"""
    before, readings = exempel.rows(sql), exempel.rows("SELECT capture_id, verdict, body_id FROM readings ORDER BY 1")

    exempel.render = None
    exempel.rebuild()

    assert exempel.rows(sql) == before
    assert exempel.rows("SELECT capture_id, verdict, body_id FROM readings ORDER BY 1") == readings


def test_a_preview_of_a_rebuild_reads_renderings_too(exempel: Town, tmp_path: Path) -> None:
    exempel.crawl()
    labels = tmp_path / "config" / "languages" / "sv.toml"
    labels.write_text(
        labels.read_text("utf-8").replace('"Sidan uppdaterades senast"', '"Sidan ansågs senast"'), "utf-8"
    )
    exempel.config = load(tmp_path / "config")

    found = asyncio.run(preview(exempel.archive.reader, exempel.config, exempel.source, exempel.pool, 200))  # type: ignore[arg-type]

    assert (found.looked_at, found.same_rules, found.altered) == (2, 0, ())


def test_the_next_wait_is_counted_from_the_end_of_the_rendering(exempel: Town) -> None:
    stage(exempel).took = 30.0
    exempel.crawl()

    moments = [at for at, url in exempel.site.log if not url.endswith("robots.txt")]
    assert (moments[1] - moments[0]).total_seconds() >= 30.0 + exempel.source.delay  # type: ignore[operator]


def test_a_host_that_has_enough_of_what_pages_ask_for_is_left_alone(exempel: Town) -> None:
    url, at = exempel.site.url("/api"), exempel.clock.now()
    stage(exempel).busy = Response(url, at, 429, (("Retry-After", "3600"),), b"")
    stage(exempel).fails["/"] = ("cut", f"{url}: 429")

    exempel.crawl()

    assert stage(exempel).shown == ["/"]
    paused = exempel.rows("SELECT paused_until FROM hosts")[0][0]
    assert paused >= (at + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


SECRET = "Xylofonkvartetten Zebulon"


def _raw(exempel: Town) -> bytes:
    return b"".join(file.read_bytes() for file in Path(exempel.archive.path).parent.glob("archive.db*"))


def _erase(exempel: Town, body_id: int) -> None:
    order = Order("erased", "personal-data", "keeper", body_id=body_id)
    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]


def test_what_is_erased_is_gone_from_all_that_was_made_of_it(exempel: Town) -> None:
    exempel.site["/moten"] = page("Möten", f"Ring {SECRET}.", '<div id="app"></div>')
    exempel.crawl()
    exempel.day()
    exempel.day()
    sent = exempel.rows(
        "SELECT body_id FROM captures c JOIN addresses a ON a.id = c.address_id WHERE url LIKE '%moten'"
    )
    assert len(set(sent)) == 1

    _erase(exempel, sent[0][0])

    assert SECRET.encode() not in _raw(exempel)
    assert exempel.rows("SELECT count(*) FROM passages WHERE text LIKE '%Zebulon%'") == [(0,)]
    fates = exempel.rows(
        """SELECT DISTINCT d.fate FROM renderings m JOIN bodies d ON d.id = m.body_id
           JOIN captures c ON c.id = m.capture_id WHERE c.body_id = ?""",
        sent[0][0],
    )
    assert fates == [("erased",)]
    assert list(verify(exempel.archive.reader)) == []


def test_what_only_the_browser_saw_is_erased_by_itself(exempel: Town) -> None:
    stage(exempel).words["/moten"] = f"Ring {SECRET}."
    exempel.crawl()
    shown = exempel.rows("SELECT body_id FROM readings WHERE body_id IS NOT NULL ORDER BY capture_id DESC")[0][0]

    _erase(exempel, shown)

    assert SECRET.encode() not in _raw(exempel)
    assert exempel.rows("SELECT verdict FROM readings WHERE body_id = ?", shown) == [("withheld",)]
    assert exempel.rows("SELECT fate FROM bodies WHERE fate <> 'kept'") == [("erased",)]
    assert list(verify(exempel.archive.reader)) == []


def test_an_address_that_is_erased_keeps_no_rendering_that_comes_later(exempel: Town) -> None:
    stage(exempel).words["/moten"] = f"Ring {SECRET}."
    exempel.crawl()
    address = exempel.rows("SELECT id FROM addresses WHERE url LIKE '%moten'")[0][0]
    order = Order("erased", "personal-data", "keeper", address_id=address)
    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]

    exempel.day()

    assert SECRET.encode() not in _raw(exempel)
    assert list(verify(exempel.archive.reader)) == []


def test_a_hidden_span_is_of_what_was_read(exempel: Town) -> None:
    stage(exempel).words["/moten"] = f"Ring {SECRET} i dag."
    exempel.crawl()
    shown = exempel.rows("SELECT body_id FROM readings WHERE body_id IS NOT NULL ORDER BY capture_id DESC")[0][0]
    body = SHELL.replace('<div id="app"></div>', f'<div id="app" data-id="2"><p>Ring {SECRET} i dag.</p></div>')
    start = body.replace("<!--banner-->", "").index(SECRET)
    order = Order("hidden", "personal-data", "keeper", body_id=shown, span=(start, start + len(SECRET)))

    asyncio.run(redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now()))  # type: ignore[arg-type]

    assert SECRET not in text(exempel)
    assert text(exempel).startswith("Ring ")
    assert text(exempel).endswith(" i dag.")


def test_the_command_takes_what_was_sent_too_but_no_shell_of_others(tmp_path: Path) -> None:
    with town(tmp_path, RENDERED) as found:
        found.site["/"] = page("Start", "Hej.", links=[("/moten", "Möten"), ("/namnd", "Nämnd")])
        found.site["/moten"] = found.site["/namnd"] = SHELL
        found.render = Stage(found)
        found.render.words["/namnd"] = f"Ring {SECRET}."
        found.crawl()
        path, captures = Path(found.archive.path), found.rows("SELECT address_id, id FROM captures ORDER BY id")
        urls = {url.removeprefix(found.site.base): i for i, url in found.rows("SELECT id, url FROM addresses")}

    def redact(page: str, *words: str) -> tuple[str, dict[str, str]]:
        """What the command says, and how each page is read after it."""
        options = ("--config", tmp_path / "config", "--archive", path)
        number = dict(captures)[urls[page]]
        said = archiver(*options, "redact", f"c{number}", "--reason", "test", "--actor", "Ture", *words)
        assert said.code == 0, said.err
        with closing(sqlite3.connect(path)) as conn:
            rows = conn.execute("SELECT c.address_id, g.verdict FROM readings g JOIN captures c ON c.id = g.capture_id")
            verdicts = dict(rows.fetchall())
        return said.err, {name: verdicts[urls[name]] for name in ("/", "/moten", "/namnd")}

    err, verdicts = redact("/namnd")
    assert "Other addresses send the same body" in err
    assert verdicts == {"/": "good", "/moten": "good", "/namnd": "withheld"}
    assert redact("/") == ("", {"/": "withheld", "/moten": "good", "/namnd": "withheld"})
    assert redact("/namnd", "--sent") == ("", {"/": "withheld", "/moten": "withheld", "/namnd": "withheld"})


def test_what_a_browser_asks_for_counts_for_the_budget_of_the_host_over_restarts_too(exempel: Town) -> None:
    exempel.source = replace(exempel.source, budget=4)  # robots.txt, the start page, and the two that it asks for
    exempel.crawl()
    assert stage(exempel).shown == ["/"]

    exempel.crawl()
    assert stage(exempel).shown == ["/"]

    exempel.source = replace(exempel.source, budget=7)
    exempel.crawl()
    assert stage(exempel).shown == ["/", "/moten"]


def test_a_bug_in_showing_a_page_costs_nothing_of_what_was_sent(exempel: Town) -> None:
    async def broken(page: Response, rules: Robots | None, *, language: str, private: bool) -> Rendering:
        raise KeyError(language)

    exempel.render = broken
    assert exempel.crawl().errors == 1

    assert exempel.rows("SELECT DISTINCT outcome, detail FROM renderings") == [("failed", "KeyError: 'sv'")]
    assert exempel.rows(
        """SELECT b.kind FROM captures c JOIN addresses a ON a.id = c.address_id JOIN bodies b ON b.id = c.body_id
           WHERE a.url = ?""",
        exempel.site.url("/"),
    ) == [("html",)]
