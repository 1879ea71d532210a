"""The laws, held over small random histories of the pretend municipality (docs/architecture.md)."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import SOURCE, Town, town
from archiver.diff import compare
from archiver.diff.links import apply_links
from archiver.diff.text import apply, reverse
from archiver.frontier import identity
from archiver.model import Rendering, Response, compared_link
from archiver.redact import Order, redact
from archiver.store import plan, reading
from archiver.verify import verify
from histories import Editor, History, Operation, histories
from opinions import opinions

LIVES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])

EVIDENCE = ("captures", "bodies", "headers", "addresses", "runs", "seals")


def counts(of: Town, *tables: str) -> dict[str, int]:
    return {table: of.rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


class Mirror:
    """A browser that shows what was sent, with another id in it each time, and now and then nothing."""

    def __init__(self, town: Town) -> None:
        self.town, self.count = town, 0

    async def __call__(self, page: Response, rules: object, **_: object) -> Rendering:
        self.count += 1
        at, body = self.town.clock.now(), page.body.replace(b"<main ", b'<main data-id="%d" ' % self.count)
        if self.count % 5 == 0:
            return Rendering("left", at, "Chromium 1", 0.1, None, "the page wanted to go elsewhere")
        return Rendering("done", at, "Chromium 1", 0.1, body)


@contextmanager
def lived(history: History, *, rendered: bool = False) -> Iterator[Town]:
    """A town that lived through the history, crawled each day, and again the day after."""
    source = SOURCE.replace("every ", "render = true\nevery ") if rendered else SOURCE
    with tempfile.TemporaryDirectory() as folder, town(Path(folder), source) as found:
        found.render = Mirror(found) if rendered else None
        editor = Editor(found.site, history.pages)
        found.crawl()
        for day in history.days:
            for operation in day:
                editor.do(operation)
            found.day()
        found.day(days=5)
        yield found


@LIVES
@given(histories(), st.booleans())
def test_l1_a_rebuild_with_unchanged_rules_changes_nothing(history: History, rendered: bool) -> None:
    with lived(history, rendered=rendered) as found:
        before, evidence = opinions(found.rows), counts(found, *EVIDENCE)

        found.rebuild()
        found.archive.write(reading.sweep)

        assert opinions(found.rows) == before
        assert counts(found, *EVIDENCE) == evidence


LEARNING = SOURCE.replace('"sitevision"', '"generic"') + "[expect]\npages = 5\nwith_updated = 0.9\n"


@LIVES
@given(histories(), st.data())
def test_l1_a_rebuild_changes_nothing_where_clocks_were_set(history: History, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder, town(Path(folder), LEARNING, start="2026-06-01 06:00") as found:
        editor = Editor(found.site, history.pages)
        found.crawl()
        for day in history.days:
            for operation in day:
                editor.do(operation)
            found.clock.advance(hours=data.draw(st.sampled_from([-240, -30, -1, 0, 1, 30, 240]), "hours set"))
            everything_is_due(found)
            found.crawl(limit=data.draw(st.sampled_from([2, 1000]), "limit"))
        told = "SELECT kind, detail, first_run, last_run FROM issues WHERE page_id IS NULL ORDER BY 1, 2"
        before, issues = opinions(found.rows), found.rows(told)

        found.rebuild()
        found.archive.write(reading.sweep)

        assert opinions(found.rows) == before
        assert found.rows(told) == issues


def everything_is_due(found: Town) -> None:
    at = found.clock.now() - timedelta(days=2)
    found.archive.write(lambda c: plan.make_due(c, "exempelkoping", at))


@LIVES
@given(histories())
def test_l2_the_same_bytes_add_no_body_and_the_same_reading_no_document_and_no_passage(history: History) -> None:
    with lived(history) as found:
        while found.day(days=20).failed:  # what a failure kept from being seen is seen first
            pass
        before = counts(found, "bodies", "documents", "passages", "targets")
        found.site.validators = False

        found.day(days=20)
        found.rebuild()

        assert counts(found, "bodies", "documents", "passages", "targets") == before


@LIVES
@given(histories(), st.booleans())
def test_l3_every_good_capture_lies_in_exactly_one_revision_and_no_other_lies_in_any(
    history: History, rendered: bool
) -> None:
    with lived(history, rendered=rendered) as found:
        rows = found.rows(
            """SELECT c.id, count(r.id) FROM captures c
               JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
               JOIN page_addresses p ON p.address_id = c.address_id
               LEFT JOIN revisions r ON r.page_id = p.page_id AND r.state = 'present'
                 AND c.captured_at BETWEEN r.first_seen AND r.last_seen
               GROUP BY c.id"""
        )
        assert [row for row in rows if row[1] != 1] == []
        good = found.rows("SELECT count(*) FROM readings WHERE verdict = 'good'")[0][0]
        assert found.rows("SELECT coalesce(sum(visits), 0) FROM revisions WHERE state = 'present'")[0][0] == good
        spans = found.rows("SELECT page_id, first_seen, last_seen FROM revisions ORDER BY page_id, number")
        for (page, _, end), (other, start, _) in pairwise(spans):
            assert page != other or end < start


@LIVES
@given(histories())
def test_l4_applying_a_change_to_the_old_gives_the_new_and_equal_cores_compare_as_empty(history: History) -> None:
    with lived(history) as found:
        conn = found.archive.reader
        rows = found.rows(
            """SELECT b.document_id, a.document_id FROM revisions a
               JOIN revisions b ON b.page_id = a.page_id AND b.number = a.number - 1
               WHERE a.document_id IS NOT NULL AND b.document_id IS NOT NULL"""
        )
        for before, after in [tuple(reading.load_document(conn, i) for i in row) for row in rows]:
            change = compare(before, after)
            assert bool(change.differences) == (before.core != after.core)
            if change.edits:
                assert apply(before.main, change.edits) == after.main
                assert apply(after.main, reverse(change.edits)) == before.main
            assert apply_links(before.links, change.links) == [
                compared_link(k) for k in after.links if k.part == "main"
            ]
            assert not compare(after, after).differences


@LIVES
@given(histories())
def test_l5_identity_is_stable_and_every_address_of_a_page_has_it(history: History) -> None:
    with lived(history) as found:
        profile = found.config.rules_for(found.source, found.clock.now()).profile
        for url, key in found.rows(
            """SELECT a.url, p.key FROM page_addresses j
               JOIN addresses a ON a.id = j.address_id JOIN pages p ON p.id = j.page_id"""
        ):
            assert identity.page_key(url, profile, found.source)[0] == key
            assert identity.page_key(key, profile, found.source)[0] == key


@LIVES
@given(histories(), st.sampled_from(["/sida-0", "/sida-1", "/nowhere"]))
def test_l6_no_host_is_asked_too_soon_or_for_what_robots_bars(history: History, barred: str) -> None:
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as found:
        found.site.robots(f"User-agent: *\nDisallow: {barred}\nCrawl-delay: 7")
        editor = Editor(found.site, history.pages)
        for day in ((), *history.days):
            for operation in day:
                editor.do(operation)
            found.day()
        moments: list[datetime] = [at for at, _ in found.site.log]  # type: ignore[misc]
        gaps = [(b - a).total_seconds() for a, b in pairwise(moments)]
        assert min(gaps, default=7) >= 7
        assert not [url for _, url in found.site.log if url == found.site.url(barred)]


@LIVES
@given(histories(), st.integers(0, 6), st.booleans())
def test_l8_after_an_erasure_the_words_are_nowhere_in_the_file(history: History, which: int, rendered: bool) -> None:
    secret = "Xylofonkvartetten Zebulon"
    with lived(history, rendered=rendered) as found:
        page = f"/sida-{which % history.pages}"
        found.site[page] = found.site["/"].replace("Välkommen till Exempelköping.", f"Sekretess: {secret}.")
        found.day(days=20)
        capture = found.rows(
            """SELECT c.id, c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id
               WHERE a.url = ? ORDER BY c.id DESC""",
            found.site.url(page),
        )
        if not capture or not found.rows("SELECT 1 FROM passages WHERE text LIKE ?", f"%{secret}%"):
            return  # the history had retired the page before
        found.archive.reader.execute("SELECT 1").fetchall()
        order = Order("erased", "personal-data", "keeper", body_id=capture[0][1])

        asyncio.run(redact(found.archive, found.config, found.pool, order, found.clock.now()))  # type: ignore[arg-type]

        raw = b"".join(file.read_bytes() for file in Path(found.archive.path).parent.glob("archive.db*"))
        for word in (secret, "Xylofonkvartetten", "xylofonkvartett"):
            assert word.encode() not in raw
            assert word.encode("utf-16-le") not in raw
        assert list(verify(found.archive.reader)) == []


@LIVES
@given(
    histories(), st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["timeout", "503", "403", "dns"])), max_size=6)
)
def test_l9_failures_and_refusals_begin_and_end_no_revision(history: History, faults: list[tuple[int, str]]) -> None:
    quiet = replace(
        history, days=tuple(tuple(o for o in day if o.what in ("edit", "touch", "both")) for day in history.days)
    )
    with lived(quiet) as found:
        before = found.rows("SELECT page_id, number, state, core, first_capture FROM revisions ORDER BY 1, 2")
        for number, kind in faults:
            path = f"/sida-{number % history.pages}"
            if kind.isdigit():
                found.site.says(path, int(kind))
            else:
                found.site.fails(path, kind)  # type: ignore[arg-type]
            found.day()
        assert found.rows("SELECT page_id, number, state, core, first_capture FROM revisions ORDER BY 1, 2") == before


@pytest.mark.parametrize("operation", [Operation("remove", 0, 1), Operation("move", 0, 3)])
def test_an_absence_is_told_once(operation: Operation) -> None:
    with lived(History(1, ((operation,), (), (), (), ()))) as found:
        assert found.rows("SELECT count(*) FROM change_classes WHERE class IN ('disappearance', 'move')") == [(1,)]
