"""What a page in a browser asks for: fetched as everything is fetched, once, within bounds, and never broken off."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from archive import write_config
from archiver.browser import Sheet
from archiver.config import load
from archiver.crawl import render
from archiver.crawl.render import Answer, Renderer
from archiver.frontier import robots
from archiver.model import Failure, Rendering, Request, Response, Subrequest
from clock import Clock

PAGE = "https://www.exempelkoping.se/moten"
DATA, SCRIPT = "https://www.exempelkoping.se/moten.json", "https://www.exempelkoping.se/app.js"
Act = Callable[[Answer], Awaitable[object]]


class Net:
    """What every host of the world answers."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked: list[Request] = []
        self.private: list[bool] = []
        self.says: dict[str, Response | Failure] = {}
        self.ended = 0

    def answer(self, url: str, status: int = 200, body: bytes = b"{}", **fields: object) -> Response:
        reply = Response(url, self.clock.now(), status, (("Content-Type", "application/json"),), body, **fields)  # type: ignore[arg-type]
        self.says[url] = reply
        return reply

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        self.asked.append(request)
        self.private.append(private)
        await asyncio.sleep(0)
        self.ended += 1
        return self.says.get(request.url) or self.answer(request.url)


class Player:
    """A browser whose page does what the test says."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.act: Act
        self.sheets: list[Sheet] = []

    async def render(self, sheet: Sheet, answer: Answer) -> Rendering:
        self.sheets.append(sheet)
        await self.act(answer)
        return Rendering("done", self.clock.now(), "Chromium 1", 0.1, b"<p>Hej")


class Stand:
    def __init__(self, folder: object) -> None:
        self.clock = Clock()
        self.net, self.player = Net(self.clock), Player(self.clock)
        config = load(write_config(folder))  # type: ignore[arg-type]
        self.renderer = Renderer(self.player, self.net, config, self.clock)

    def show(
        self,
        act: Act,
        rules: robots.Robots | None = robots.ALLOW_ALL,
        *,
        private: bool = False,
        body: bytes = b"<p>Hej",
        content_type: str = "text/html",
    ) -> Rendering:
        self.player.act = act
        page = Response(PAGE, self.clock.now(), 200, (("Content-Type", content_type),), body)
        return asyncio.run(self.renderer(page, rules, language="sv", private=private))

    @property
    def urls(self) -> list[str]:
        return [request.url for request in self.net.asked]


@pytest.fixture
def stand(tmp_path: object) -> Stand:
    return Stand(tmp_path)


def xhr(url: str = DATA, accept: str | None = "application/json") -> Subrequest:
    return Subrequest("xhr", "GET", url, accept)


def script(url: str = SCRIPT) -> Subrequest:
    return Subrequest("script", "GET", url, "*/*")


def test_the_page_is_shown_as_it_was_sent_by_who_we_are(stand: Stand) -> None:
    async def act(_: Answer) -> None:
        return None

    rendering = stand.show(act)

    (sheet,) = stand.player.sheets
    assert (sheet.url, sheet.body) == (PAGE, b"<p>Hej")
    assert (sheet.language, sheet.zone) == ("sv", "Europe/Stockholm")
    assert sheet.agent.startswith("archiver/")
    assert (rendering.outcome, rendering.requests, stand.urls) == ("done", 0, [])


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>åäö".encode(), "text/html"),  # a browser would take it for windows-1252
        ("<p>åäö".encode(), "text/html; charset=iso-8859-1"),
        ("<p>åäö".encode("latin-1"), "text/html; charset=iso-8859-1"),
        ("<p>åäö".encode("latin-1"), "text/html"),
    ],
)
def test_the_page_has_the_letters_that_we_read_in_it(stand: Stand, body: bytes, content_type: str) -> None:
    async def act(_: Answer) -> None:
        return None

    stand.show(act, body=body, content_type=content_type)
    assert stand.player.sheets[0].body.decode() == "<p>åäö"


def test_what_a_script_wants_is_asked_for_in_its_own_words(stand: Stand) -> None:
    reply = stand.net.answer(DATA, body=b'{"a": 1}')
    got: list[Response | None] = []

    async def act(answer: Answer) -> None:
        got.append(await answer(xhr()))

    rendering = stand.show(act)

    assert got == [reply]
    assert stand.net.asked == [Request(DATA, accept="application/json")]
    assert (rendering.outcome, rendering.requests, stand.net.private) == ("done", 1, [False])


def test_private_addresses_are_asked_only_where_the_source_allows_it(stand: Stand) -> None:
    stand.show(lambda answer: answer(xhr()), private=True)
    assert stand.net.private == [True]


def test_a_page_that_asks_again_and_again_is_told_the_same(stand: Stand) -> None:
    async def act(answer: Answer) -> None:
        await asyncio.gather(*(answer(xhr()) for _ in range(50)))
        await answer(xhr())

    assert stand.show(act).requests == 1
    assert stand.urls == [DATA]


def test_a_script_serves_every_page_for_an_hour_and_data_none(stand: Stand) -> None:
    async def act(answer: Answer) -> None:
        await answer(script())
        await answer(xhr())

    stand.show(act)
    stand.show(act)
    assert stand.urls == [SCRIPT, DATA, DATA]
    stand.clock.advance(minutes=61)
    stand.show(act)
    assert stand.urls == [SCRIPT, DATA, DATA, SCRIPT, DATA]


def test_scripts_that_are_kept_at_hand_have_a_bound(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "SHELF", 250)
    urls = [f"https://www.exempelkoping.se/{n}.js" for n in range(3)]
    for url in urls:
        stand.net.answer(url, body=b"x" * 100)

    async def act(answer: Answer) -> None:
        for url in (*urls, urls[2], urls[0]):
            await answer(script(url))

    stand.show(act)
    stand.show(act)
    assert stand.urls == [*urls, *urls]


def test_what_robots_bars_is_not_asked_for(stand: Stand) -> None:
    rules = robots.parse(b"User-agent: *\nDisallow: /moten.json", "https://www.exempelkoping.se/robots.txt")
    got: list[Response | None] = []

    async def act(answer: Answer) -> None:
        got.append(await answer(xhr()))

    rendering = stand.show(act, rules)
    assert (got, stand.urls, rendering.outcome) == ([None], [], "done")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (Failure(DATA, Clock().now(), "timeout", "no answer in 30 s"), f"{DATA}: timeout: no answer in 30 s"),
        (Response(DATA, Clock().now(), 500, (), b""), f"{DATA}: 500"),
        (Response(DATA, Clock().now(), 200, (), b"{", flaw="truncated"), f"{DATA}: truncated"),
    ],
)
def test_a_page_that_did_not_get_its_data_is_not_whole(stand: Stand, reply: Response | Failure, why: str) -> None:
    stand.net.says[DATA] = reply
    rendering = stand.show(lambda answer: answer(xhr()))
    assert (rendering.outcome, rendering.detail, rendering.body) == ("cut", why, b"<p>Hej")


def test_a_page_that_lacks_what_is_not_there_or_not_allowed_is_whole(stand: Stand) -> None:
    chat = "https://chatt.exempel.net/chatt.js"
    stand.net.answer(DATA, 404)
    stand.net.says[chat] = Failure(chat, stand.clock.now(), "dns", "no such host")
    inner = "http://10.0.0.1/lista.json"
    stand.net.says[inner] = Failure(inner, stand.clock.now(), "unsafe", "not a public address")

    async def act(answer: Answer) -> None:
        await asyncio.gather(answer(xhr()), answer(script(chat)), answer(xhr(inner)))

    assert stand.show(act).outcome == "done"


def test_a_host_that_has_enough_is_asked_for_nothing_more(stand: Stand) -> None:
    stand.net.answer(DATA, 429)

    async def act(answer: Answer) -> None:
        await answer(xhr())
        await answer(xhr(DATA + "?sida=2"))

    rendering = stand.show(act)
    assert (stand.urls, rendering.outcome) == ([DATA], "cut")
    assert rendering.busy is stand.net.says[DATA]


def test_a_host_of_others_that_has_enough_is_left_alone_by_the_next_pages_too(stand: Stand) -> None:
    other = "https://api.exempel.net/lista.json"
    busy = Response(other, stand.clock.now(), 503, (("Retry-After", "1800"),), b"")
    stand.net.says[other] = busy
    assert stand.show(lambda answer: answer(xhr(other))).busy is None  # it is none of the site's
    del stand.net.says[other]
    for _ in range(2):
        stand.clock.advance(minutes=14)
        rendering = stand.show(lambda answer: answer(xhr(other)))
        assert (rendering.outcome, rendering.detail) == ("cut", f"{other}: api.exempel.net wants to be left alone")
    assert stand.urls == [other]
    stand.clock.advance(minutes=3)
    assert stand.show(lambda answer: answer(xhr(other))).outcome == "done"


@pytest.mark.parametrize(("most", "most_bytes"), [(3, 1000), (100, 6)])
def test_a_page_has_a_budget(stand: Stand, monkeypatch: pytest.MonkeyPatch, most: int, most_bytes: int) -> None:
    monkeypatch.setattr(render, "MOST", most)
    monkeypatch.setattr(render, "MOST_BYTES", most_bytes)

    async def act(answer: Answer) -> None:
        for n in range(9):
            await answer(xhr(f"{DATA}?sida={n}"))

    rendering = stand.show(act)
    assert (rendering.requests, rendering.outcome) == (3, "cut")
    assert f"more than {most} things" in str(rendering.detail)


def test_a_request_is_not_broken_off_when_its_page_is_gone(stand: Stand) -> None:
    async def act(answer: Answer) -> None:
        asking = asyncio.ensure_future(answer(xhr()))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait((asking,))

    stand.show(act)
    assert (stand.urls, stand.net.ended) == ([DATA], 1)
