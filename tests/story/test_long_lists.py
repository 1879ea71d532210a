"""A sitemap with more links than one transaction should take: admitted in portions, and all is as if it were one."""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import HOME, SOURCE, Town, town
from archiver.crawl import admit
from archiver.crawl.admit import Admission
from archiver.derive import deriver
from archiver.model import Capture, Link
from pretend import page

LISTED = SOURCE.replace('every        = "day"', f'sitemaps     = ["{HOME}/sitemap.xml"]\nevery        = "day"')
SECTION = '[[section]]\nname = "nyheter"\npath = "/nyheter"\nevery = "6 hours"\n'
PLAN = """SELECT a.id, a.url, a.key, a.host, a.role, a.depth, a.found_on, a.found_at, f.host, f.rank, f.due_at, f.span
          FROM addresses a JOIN frontier f ON f.address_id = a.id ORDER BY a.id"""
NODE = "18.0000000000000000"


def put(exempel: Town, *urls: str, day: str = "2026-02-01") -> None:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>" for url in urls)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    exempel.site.file("/sitemap.xml", f'<urlset xmlns="{space}">{entries}</urlset>'.encode(), "application/xml")


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town with a sitemap, of which three links are a portion."""
    monkeypatch.setattr(admit, "PORTION", 3)
    monkeypatch.setattr(deriver, "LINKS", 3)
    with town(tmp_path, LISTED) as found:
        found.site["/"] = page("Start", "Välkommen.")
        yield found


@pytest.fixture
def portions(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many links each transaction admits, from now on."""
    sizes: list[int] = []
    whole = Admission._admit

    def counted(self: Admission, conn: Any, capture: Capture, found: Iterable[Link], waking: Any = None) -> Any:
        if (links := list(found)) and capture.address.role == "sitemap":
            sizes.append(len(links))
        return whole(self, conn, capture, links, waking)

    monkeypatch.setattr(Admission, "_admit", counted)
    return sizes


PATHS = st.sampled_from(
    [
        *(f"/sida-{n}" for n in range(6)), "/sida-1/", "/sida-2?utm_source=x", "/sida-3#mer", "/nyheter/a",
        "/nyheter/b",
        "/nyheter/gammalt-namn.4.0123456789abcdef0.html", "/annat/nytt-namn.4.0123456789abcdef0.html",
        f"/download/{NODE}/1600000000001/Protokoll.pdf", f"/download/{NODE}/1600000000002/Protokoll.pdf",
        "/a/a/a/a/a", "/b/b/b/b/b", "/lista?sida=1", "/lista?sida=2",
    ]
)  # fmt: skip
HOSTS = st.sampled_from([HOME, HOME, HOME, HOME.replace("https", "http"), "https://annan.example"])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(HOSTS, PATHS).map("".join), min_size=4, max_size=14), st.integers(1, 4))
def test_in_portions_or_at_once_the_plan_comes_out_the_same(urls: list[str], portion: int) -> None:
    def plan(portion: int) -> list[list[tuple[Any, ...]]]:
        def crawl(limit: int | None, portion: int) -> None:
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(admit, "PORTION", portion)
                patched.setattr(deriver, "LINKS", portion)
                exempel.crawl(limit=limit)

        with tempfile.TemporaryDirectory() as folder, town(Path(folder), LISTED + SECTION) as exempel:
            for path in ("/", "/sida-1", "/sida-2", "/nyheter/a"):
                exempel.site[path] = page(path, "Ett stycke.")
            exempel.site.file(f"/download/{NODE}/1600000000001/Protokoll.pdf", b"%PDF-1.4")
            put(exempel, *urls[: len(urls) // 2])
            crawl(1, portion)
            crawl(None, 1_000)  # what the sitemap led to
            put(exempel, *urls)
            exempel.clock.advance(days=1.2)
            crawl(1, portion)
            tables = ("SELECT kind, detail FROM issues ORDER BY id", "SELECT key, own FROM targets ORDER BY id")
            return [exempel.rows(sql) for sql in (PLAN, *tables)]

    assert plan(portion) == plan(1_000)


def test_no_transaction_takes_more_than_a_portion_and_others_come_between(
    listed: Town, portions: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(listed, *(f"{HOME}/sida-{n}" for n in range(8)))
    counted, order = Admission._admit, []

    def watched(self: Admission, conn: Any, capture: Capture, found: Iterable[Link], waking: Any = None) -> Any:
        if capture.address.role == "sitemap":
            order.append("portion")
            if len(order) == 1:
                listed.archive.writer.submit(lambda _: order.append("another's"))
        return counted(self, conn, capture, found, waking)

    monkeypatch.setattr(Admission, "_admit", watched)
    listed.crawl(limit=1)

    assert portions == [3, 3, 2]
    assert order == ["portion", "another's", "portion", "portion"]


def test_what_a_kill_leaves_of_a_list_is_admitted_by_the_next_run(
    listed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [f"{HOME}/sida-{n}" for n in range(8)]
    put(listed, *urls)
    whole = Admission._admit
    calls = []

    def cut_short(self: Admission, conn: Any, capture: Capture, found: Iterable[Link], waking: Any = None) -> Any:
        calls.append(capture.id)
        if len(calls) == 3:
            raise KeyError("no more")
        return whole(self, conn, capture, found, waking)

    admitted = "SELECT url FROM addresses WHERE url LIKE '%/sida-%' ORDER BY id"
    with monkeypatch.context() as patched:
        patched.setattr(Admission, "_admit", cut_short)
        listed.crawl(limit=1)
    assert listed.rows(admitted) == [(url,) for url in urls[:6]]
    assert listed.rows("SELECT count(*) FROM unread") == [(1,)]

    listed.crawl(limit=1)

    assert listed.rows(admitted) == [(url,) for url in urls]
    assert listed.rows("SELECT count(*) FROM unread") == [(0,)]
    kept = "SELECT visits FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.kind = 'sitemap'"
    assert listed.rows(kept) == [(1,)]
    assert listed.site.asked("/sitemap.xml") == 1


def test_a_list_that_is_as_it_was_is_admitted_in_portions_too_where_the_scope_is_wider(
    listed: Town, portions: list[int]
) -> None:
    put(listed, *(f"{HOME}/{part}/{n}" for part in ("a", "b") for n in range(4)))
    wide = listed.source
    listed.source = replace(wide, scope=replace(wide.scope, exclude=("/b/*",)))
    listed.crawl()
    assert listed.rows("SELECT count(*) FROM addresses WHERE url LIKE '%/b/%'") == [(0,)]
    listed.source = wide
    del portions[:]

    listed.day()

    assert listed.rows("SELECT count(*) FROM addresses WHERE url LIKE '%/b/%'") == [(4,)]
    assert portions == [3, 3, 2]
    listed.day()
    assert portions == [3, 3, 2]  # the same again leads nowhere new


@pytest.mark.parametrize("portion", [3, 1_000])
def test_what_was_given_up_is_due_again_where_the_list_changes_and_not_where_only_its_dates_do(
    listed: Town, monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    monkeypatch.setattr(admit, "PORTION", portion)
    urls = [f"{HOME}/sida-{n}" for n in range(5)]
    for n in range(5):
        listed.site[f"/sida-{n}"] = page(f"Sida {n}", f"Text {n}.")
    put(listed, *urls)
    listed.crawl()
    for n in range(5):
        listed.site.gone(f"/sida-{n}", 410)
    listed.day()
    listed.archive.write(lambda c: c.execute("UPDATE frontier SET due_at = NULL WHERE rank > 2"))
    given_up = "SELECT count(*) FROM frontier WHERE due_at IS NULL AND rank > 2"

    put(listed, *urls, day="2026-03-03")
    listed.day()
    assert listed.rows(given_up) == [(5,)]

    put(listed, *urls, f"{HOME}/sida-5", day="2026-03-03")
    listed.day()
    assert listed.rows(given_up) == [(0,)]
