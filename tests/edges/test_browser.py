"""Pages that fill themselves, run away, hang and ask, in a real Chromium where there is one; none needs a network."""

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.browser import Browser, Gone, Limits, Sheet, find
from archiver.model import Rendering, Response, Subrequest

PROGRAM = find()
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
URL = "https://www.exempelkoping.se/moten"
USUAL = Limits(seconds=30.0, answer=30.0, quiet=1.0, still=3.0, html=20_000, requests=60)
SHORT = Limits(seconds=6.0, answer=6.0, quiet=3.0, still=4.0)  # on a busy machine what never rests may pause for long
RESTLESS = ("restless", "endless")
PAGES = {
    "filled": "<!DOCTYPE html><p id=x></p><script>fetch('/data.json').then(r => r.json())"
    ".then(d => x.textContent = d.a)</script>",
    "elsewhere": "<p id=x></p><script>fetch('https://api.exempel.se/a', {headers: {'X-Own': '1'},"
    "credentials: 'include'}).then(r => r.text()).then(t => x.textContent = t)</script>",
    "moved-on": "<p id=x></p><script>fetch('/flyttad').then(r => r.text()).then(t => x.textContent = t)</script>",
    "refused": "<p id=x></p><script>fetch('/nej').catch(() => x.textContent = 'fick inget')</script>",
    "odd": "<p id=x></p><script>fetch('/underlig').then(() => x.textContent = 'fick', () => x.textContent = 'nekad')"
    "</script>",
    "in-sight": "<div style='height: 4000px'></div><p id=x></p><script>new IntersectionObserver(([entry]) => {"
    "if (entry.isIntersecting) x.textContent = 'i sikte' }).observe(x)</script>",
    "rewrites": "<p>Gammalt</p><script>setTimeout(() => { document.open(); document.write('<p>Nytt</p>');"
    "document.close() }, 50)</script>",
    "routes": "<p id=x></p><script>history.pushState({}, '', '/moten/4'); location.hash = 'a';"
    "x.textContent = location.pathname</script>",
    "to-private": "<p>Hej</p><script>location = 'http://10.0.0.1/hemligt'</script>",
    "to-nothing": "<p>Hej</p><script>setTimeout(() => location = 'about:blank', 50)</script>",
    "reloads": "<p>Hej</p><script>location.reload()</script>",
    "restless": "<p id=x></p><script>setInterval(() => { x.textContent = Math.random(); fetch('/x') }, 200)</script>",
    "polls": "<p>Text</p><script>setInterval(() => fetch('/x'), 150)</script>",
    "ticks": "<p>Text</p><i id=x></i><script>setInterval(() => x.textContent = Math.random(), 100)</script>",
    "endless": "<p>Text</p><script>for (;;);</script>",
    "alerts": "<p id=x></p><script>alert('Hej'); x.textContent = `svar: ${confirm('Ja?')} ${prompt('Namn?')}`</script>",
    "shadow": "<div id=h><b slot=s>Eva Ek</b>resten</div><script>h.attachShadow({mode: 'open'}).innerHTML ="
    "'<h2>Ledamot</h2><p><slot name=s></slot>, <slot></slot></p>'</script>",
    "who": "<p id=x></p><script>x.textContent = [navigator.userAgent, navigator.language, document.cookie,"
    "new Date(Date.UTC(2026, 0, 1, 23, 30)).getDate()].join('|'); document.cookie = 'a=b'</script>",
    "sockets": "<p id=x></p><script>const w = new WebSocket('ws://127.0.0.1:1/');"
    "w.onerror = () => x.textContent = 'stum'</script>",
    "too-large": "<p id=x></p><script>x.textContent = 'a'.repeat(30000)</script>",
    "greedy": "<p>Text</p><script>for (let i = 0; i < 500; i++) fetch('/' + i)</script>",
    "deep": "<p>Text</p><script>let at = document.body; for (let i = 0; i < 3000; i++) at = at.appendChild("
    "document.createElement('b')); at.attachShadow; at.textContent = 'botten'</script>",
    "tampers": "<p>Text</p><script>Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'lögn'});"
    "performance.now = () => 0</script>",
    "latin": "<meta charset=iso-8859-1><p>\xe5\xe4\xf6</p>",
}


class Now:
    def now(self) -> datetime:
        return NOON


def sheet(name: str) -> Sheet:
    return Sheet(URL, PAGES[name].encode(), "archiver/0 (+https://a.example)")


class Errands:
    """What a page asked for, answered from a short list."""

    def __init__(self) -> None:
        self.asked: list[Subrequest] = []

    async def __call__(self, request: Subrequest) -> Response | None:
        self.asked.append(request)
        path = request.url.rpartition("/")[2]
        answers = {
            "data.json": (
                200,
                (("Content-Type", "application/json"), ("Set-Cookie", "a=b")),
                '{"a": "Mötet är flyttat"}',
            ),
            "a": (200, (("Content-Type", "text/plain"),), "från ett annat håll"),
            "underlig": (999, (("Content-Type", "text/plain"),), "inte så"),
            "flyttad": (302, (("Location", "/a"),), ""),
        }
        if path not in answers:
            return None
        status, headers, body = answers[path]
        return Response(request.url, NOON, status, headers, body.encode())


@pytest.fixture(scope="module")
def seen() -> dict[str, tuple[Rendering, Errands]]:
    """Every page, shown."""

    async def show() -> dict[str, tuple[Rendering, Errands]]:
        errands = {name: Errands() for name in PAGES}
        usual, short = (Browser(str(PROGRAM), Now(), limits=limits) for limits in (USUAL, SHORT))
        try:
            await asyncio.gather(usual.start(), short.start())
            shown = await asyncio.gather(
                *((short if name in RESTLESS else usual).render(sheet(name), errands[name]) for name in PAGES)
            )
        finally:
            await asyncio.gather(usual.aclose(), short.aclose())
        return {name: (rendering, errands[name]) for name, rendering in zip(PAGES, shown, strict=True)}

    return asyncio.run(show())


Seen = dict[str, tuple[Rendering, Errands]]


def html(seen: Seen, name: str) -> str:
    rendering = seen[name][0]
    assert rendering.outcome == "done", rendering
    assert rendering.body is not None
    return rendering.body.decode()


def test_a_page_that_fills_itself_is_read_off_full(seen: Seen) -> None:
    rendering, errands = seen["filled"]
    assert html(seen, "filled").startswith('<!DOCTYPE html><html><head></head><body><p id="x">Mötet är flyttat</p>')
    assert (rendering.at, rendering.detail) == (NOON, None)
    assert rendering.browser.startswith("Chromium ")
    assert [(q.method, q.url) for q in errands.asked if q.kind == "xhr"] == [
        ("GET", "https://www.exempelkoping.se/data.json")
    ]


def test_an_answer_from_another_host_reaches_the_page_whatever_it_says_of_origins(seen: Seen) -> None:
    assert '<p id="x">från ett annat håll</p>' in html(seen, "elsewhere")
    assert [q.method for q in seen["elsewhere"][1].asked if q.kind == "xhr"] == ["GET"]


def test_a_redirect_is_asked_for_anew(seen: Seen) -> None:
    assert '<p id="x">från ett annat håll</p>' in html(seen, "moved-on")
    assert [q.url.rpartition("/")[2] for q in seen["moved-on"][1].asked if q.kind == "xhr"] == ["flyttad", "a"]


def test_an_answer_that_no_browser_takes_is_none(seen: Seen) -> None:
    assert '<p id="x">nekad</p>' in html(seen, "odd")


def test_what_is_refused_fails_in_the_page_and_nowhere_else(seen: Seen) -> None:
    assert "fick inget" in html(seen, "refused")


@pytest.mark.parametrize(
    ("name", "whither"), [("to-private", "http://10.0.0.1/hemligt"), ("to-nothing", "about:blank"), ("reloads", URL)]
)
def test_a_page_that_leaves_is_not_followed(seen: Seen, name: str, whither: str) -> None:
    rendering, errands = seen[name]
    assert (rendering.outcome, rendering.body) == ("left", None)
    assert whither in str(rendering.detail)
    assert not [q for q in errands.asked if q.url == whither]


@pytest.mark.parametrize(("name", "words"), [("in-sight", "i sikte"), ("rewrites", "Nytt"), ("routes", "/moten/4")])
def test_a_page_may_wait_for_its_reader_write_itself_anew_and_route_itself(seen: Seen, name: str, words: str) -> None:
    assert f">{words}</p>" in html(seen, name)


def test_a_page_that_never_rests_is_cut_and_kept_as_it_stood(seen: Seen) -> None:
    rendering, _ = seen["restless"]
    assert (rendering.outcome, rendering.detail) == ("cut", "no rest in 6 s")
    assert b'<p id="x">0.' in (rendering.body or b"")


@pytest.mark.parametrize("name", ["polls", "ticks"])
def test_a_page_that_polls_or_ticks_rests_in_the_end(seen: Seen, name: str) -> None:
    assert "<p>Text</p>" in html(seen, name)


def test_a_page_that_hangs_is_given_up_and_the_others_are_not(seen: Seen) -> None:
    rendering, _ = seen["endless"]
    assert (rendering.outcome, rendering.body) == ("failed", None)
    assert "does not answer" in str(rendering.detail)


def test_a_dialog_is_dismissed(seen: Seen) -> None:
    assert '<p id="x">svar: false null</p>' in html(seen, "alerts")


def test_shadow_trees_stand_where_a_reader_sees_them(seen: Seen) -> None:
    expected = '<div id="h"><h2>Ledamot</h2><p><b slot="s">Eva Ek</b>, resten</p></div>'
    assert expected in html(seen, "shadow")


def test_a_page_is_told_who_asks_and_lives_in_the_zone_of_its_source(seen: Seen) -> None:
    assert '<p id="x">archiver/0 (+https://a.example)|sv||2</p>' in html(seen, "who")


def test_a_socket_leads_nowhere(seen: Seen) -> None:
    assert '<p id="x">stum</p>' in html(seen, "sockets")


def test_a_page_has_its_bounds(seen: Seen) -> None:
    assert [seen[name][0].outcome for name in ("too-large", "greedy")] == ["failed", "failed"]
    assert "over 20000 characters" in str(seen["too-large"][0].detail)
    assert "more than 60 things" in str(seen["greedy"][0].detail)


def test_depth_and_tampering_do_not_matter(seen: Seen) -> None:
    assert seen["deep"][0].outcome == "failed" or "botten" in html(seen, "deep")
    assert "<p>Text</p>" in html(seen, "tampers")


def test_a_page_is_utf_8_whatever_it_says_of_itself(seen: Seen) -> None:
    assert "<p>åäö</p>" in html(seen, "latin")


def test_a_browser_that_dies_costs_one_page_and_nothing_stays_behind() -> None:
    async def die() -> tuple[Rendering, Rendering, list[Path]]:
        browser = Browser(str(PROGRAM), Now(), limits=USUAL, seats=1)

        async def kill(_: Subrequest) -> Response | None:
            chromium = browser._seats[0].chromium
            assert chromium is not None
            folders.append(chromium._folder)
            os.killpg(chromium._process.pid, signal.SIGKILL)
            return None

        folders: list[Path] = []
        try:
            first = await browser.render(sheet("filled"), kill)
            second = await browser.render(sheet("filled"), Errands())
            chromium = browser._seats[0].chromium
            assert chromium is not None
            folders.append(chromium._folder)
        finally:
            await browser.aclose()
        return first, second, folders

    first, second, folders = asyncio.run(die())
    assert (first.outcome, first.body) == ("failed", None)
    assert "the browser has ended" in str(first.detail)
    assert second.outcome == "done"
    assert len(set(folders)) == 2
    assert not [folder for folder in folders if folder.exists()]


def test_a_browser_that_nobody_uses_is_ended_and_started_again_when_somebody_does() -> None:
    async def wait() -> tuple[bool, Rendering]:
        browser = Browser(str(PROGRAM), Now(), limits=USUAL, seats=1, idle=0.0)
        try:
            await browser.start()
            await asyncio.sleep(0.01)
            assert browser._seats[0].nap is not None
            await browser._seats[0].nap
            return browser._seats[0].chromium is None, await browser.render(sheet("filled"), Errands())
        finally:
            await browser.aclose()

    is_ended, rendering = asyncio.run(wait())
    assert (is_ended, rendering.outcome) == (True, "done")


def test_what_is_slow_is_waited_for_and_so_is_its_being_shown() -> None:
    shows_it_later = b"""<p id=x></p><script>fetch('/data.json').then(r => r.json())
        .then(d => setTimeout(() => x.textContent = d.a, 400))</script>"""

    class Slow(Errands):
        async def __call__(self, request: Subrequest) -> Response | None:
            if request.kind == "xhr":
                await asyncio.sleep(2.0)
            return await super().__call__(request)

    async def show() -> Rendering:
        browser = Browser(str(PROGRAM), Now(), limits=Limits(quiet=1.6, still=1.8), seats=1)
        try:
            return await browser.render(Sheet(URL, shows_it_later, "archiver/0"), Slow())
        finally:
            await browser.aclose()

    rendering = asyncio.run(show())
    assert rendering.body is not None
    assert "Mötet är flyttat" in rendering.body.decode()


def test_what_is_no_browser_says_so_at_the_start() -> None:
    async def start(program: str) -> None:
        browser = Browser(program, Now())
        try:
            await browser.start()
        finally:
            await browser.aclose()

    for program in ("/bin/false", "/nowhere/chromium"):
        with pytest.raises(Gone, match="did not start"):
            asyncio.run(start(program))


def test_the_program_is_the_one_named_or_the_first_on_the_path() -> None:
    assert find("/nowhere/chromium") is None
    assert find() == PROGRAM
