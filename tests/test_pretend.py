"""The stand-ins themselves: a fake that misbehaves proves nothing."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings

from archive import town
from archiver.model import Failure, Request, Response
from archiver.store import open_archive
from clock import Clock
from histories import Editor, History, Operation, histories
from pretend import Site, page
from writers import writers

BASE = "https://www.exempelkoping.se"


def ask(site: Site, path: str, etag: str | None = None) -> Response:
    reply = asyncio.run(site.fetch(Request(site.url(path), etag=etag)))
    assert isinstance(reply, Response)
    return reply


def fail(site: Site, url: str) -> Failure:
    reply = asyncio.run(site.fetch(Request(url)))
    assert isinstance(reply, Failure)
    return reply


def test_a_page_says_what_it_was_given() -> None:
    site = Site(BASE)
    site["/a"] = page("Öppettider", "Vi har < 5 anställda.", updated="2026-01-02", links=[("/b?x=1&y=2", "Läs mer")])
    text = ask(site, "/a").body.decode()
    assert "<h1>Öppettider</h1>" in text
    assert "<p>Vi har &lt; 5 anställda.</p>" in text
    assert "Sidan uppdaterades senast: 2026-01-02" in text
    assert '<a href="/b?x=1&amp;y=2">Läs mer</a>' in text
    assert "Publicerad" not in text


def test_an_unknown_path_is_404_and_an_unknown_host_has_no_address() -> None:
    site = Site(BASE, aliases=["exempelkoping.se"])
    site["/a"] = page("A")
    assert ask(site, "/b").status == 404
    assert fail(site, "https://annan.se/a").kind == "dns"
    assert isinstance(asyncio.run(site.fetch(Request("https://exempelkoping.se/a"))), Response)


def test_gone_and_moved_pages_answer_so_until_they_are_written_again() -> None:
    site = Site(BASE)
    site["/a"] = page("A", "Ord.")
    site.moves("/a", "/b")
    assert (ask(site, "/a").status, ask(site, "/a").header("location")) == (301, f"{BASE}/b")
    assert b"Ord." in ask(site, "/b").body
    site.gone("/b", status=410)
    assert ask(site, "/b").status == 410
    site["/b"] = page("B")
    assert ask(site, "/b").status == 200


def test_says_and_fails_wear_off() -> None:
    site = Site(BASE)
    site["/p"] = page("P")
    site.says("/p", 503, times=2, headers={"Retry-After": "60"})
    assert [ask(site, "/p").status for _ in range(3)] == [503, 503, 200]
    site.fails("/p", "timeout")
    assert fail(site, site.url("/p")).kind == "timeout"
    assert ask(site, "/p").status == 200


def test_validators_are_answered_while_nothing_changed() -> None:
    site = Site(BASE)
    site["/p"] = page("P", "Ett.")
    tag = ask(site, "/p").header("etag")
    assert ask(site, "/p", tag).status == 304
    site["/p"] = page("P", "Två.")
    assert ask(site, "/p", tag).status == 200


def test_a_banner_stands_on_every_page_and_noise_differs_without_words() -> None:
    site = Site(BASE)
    site["/a"], site["/b"] = page("A"), page("B")
    plain = ask(site, "/a").body
    site.banner = "Koka vattnet."
    assert all('role="alert">Koka vattnet.<' in ask(site, p).body.decode() for p in ("/a", "/b"))
    site.banner, site.noise = "", '<input type="hidden" value="1">'
    assert ask(site, "/a").body != plain


def test_robots_sitemap_and_files_have_their_own_labels() -> None:
    site = Site(BASE)
    assert ask(site, "/robots.txt").status == 404
    site.robots("User-agent: *\nDisallow: /x")
    site["/a"] = page("A")
    site.file("/f.pdf", b"%PDF-1.4")
    site.sitemap()
    site.gone("/a2")
    assert ask(site, "/robots.txt").header("content-type") == "text/plain"
    listed = ask(site, "/sitemap.xml").body.decode()
    assert f"<loc>{BASE}/a</loc>" in listed
    assert "f.pdf" not in listed
    assert "a2" not in listed


def test_the_log_holds_the_clocks_time_of_every_request() -> None:
    clock = Clock("2026-03-02 06:00")
    site = Site(BASE, clock)
    site["/a"] = page("A")
    ask(site, "/a")
    clock.advance(hours=9)
    ask(site, "/a")
    assert site.log == [
        (datetime(2026, 3, 2, 6, tzinfo=UTC), f"{BASE}/a"),
        (datetime(2026, 3, 2, 15, tzinfo=UTC), f"{BASE}/a"),
    ]
    assert site.asked("/a") == 2


def test_sleeping_moves_the_clock_and_lets_others_run() -> None:
    clock, turns = Clock("2026-03-02 06:00"), []

    async def sleeper(name: str) -> None:
        for _ in range(2):
            turns.append(name)
            await clock.sleep(5)

    async def both() -> None:
        await asyncio.gather(sleeper("a"), sleeper("b"))

    asyncio.run(both())
    assert turns == ["a", "b", "a", "b"]
    assert clock.now() == datetime(2026, 3, 2, 6, 0, 20, tzinfo=UTC)


def test_a_history_is_played_as_written() -> None:
    site = Site(BASE)
    editor = Editor(site, 2)
    before = site["/sida-1"]
    editor.do(Operation("touch", 1, 4))
    assert site["/sida-1"].replace("2026-01-11", "2026-01-06") == before
    editor.do(Operation("remove", 1, 1))
    assert ask(site, "/sida-1").status == 410
    editor.do(Operation("restore", 1, 0))
    assert ask(site, "/sida-1").status == 200
    editor.do(Operation("move", 0, 7))
    assert ask(site, "/sida-0").status == 301
    assert ask(site, "/sida-0-7").status == 200
    editor.do(Operation("fail", 0, 1))
    assert fail(site, site.url("/sida-0-7")).kind == "timeout"


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_history_leaves_a_site_that_answers(history: History) -> None:
    site = Site(BASE)
    editor = Editor(site, history.pages)
    for day in history.days:
        for operation in day:
            editor.do(operation)
        for draft in editor.drafts:
            asyncio.run(site.fetch(Request(site.url(draft.path))))  # wears off what fails once
            asyncio.run(site.fetch(Request(site.url(draft.path))))
    assert ask(site, "/").status == 200
    assert all(f'href="{d.path}"' in site["/"] for d in editor.drafts)


def test_a_town_closes_the_archive_that_was_opened_in_the_place_of_its_first(tmp_path: Path) -> None:
    before = writers()
    with town(tmp_path) as found:
        found.archive.close()
        found.archive = open_archive(tmp_path / "archive.db")
        assert len(writers() - before) == 1
    assert writers() == before
