"""One page in one tab, beside a browser that is none: what it says, and in which order, is the test's."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

from archiver.browser.page import Limits, Sheet, Shown, show
from archiver.browser.pipe import Pipe, Refused
from archiver.model import Response, Subrequest

PAGE = {"resourceType": "Document", "frameId": "t1", "requestId": "r1", "request": {"url": "https://kommun.example/"}}


class Browser:
    """Takes every command; whoever listens hears what the page does."""

    def __init__(self, on: dict[str, Callable[["Browser"], dict[str, Any]]]) -> None:
        self._on = on
        self.hear: Callable[[str, dict[str, Any]], None] = lambda *_: None

    async def call(self, method: str, *_: object) -> dict[str, Any]:
        """The answer: ids, or what the test says."""
        named = {"browserContextId": "c1", "targetId": "t1", "sessionId": "s1"}
        return self._on[method](self) if method in self._on else named

    def listen(self, _: str, ear: Callable[[str, dict[str, Any]], None]) -> None:
        """Nobody else does."""
        self.hear = ear

    def forget(self, _: str) -> None:
        """Nobody listens any more."""
        self.hear = lambda *_: None


async def _nothing(_: Subrequest) -> Response | None:
    return None


def _come(browser: Browser) -> dict[str, Any]:
    browser.hear("Fetch.requestPaused", PAGE)
    browser.hear("Page.frameNavigated", {"frame": {"url": "https://kommun.example/"}})
    return {}


def _shown(leave: Callable[[Browser], dict[str, Any]]) -> Shown:
    browser = Browser({"Page.navigate": _come, "Page.createIsolatedWorld": leave})
    sheet = Sheet("https://kommun.example/", b"<p>Hej</p>", "archiver")
    return asyncio.run(show(cast(Pipe, browser), sheet, _nothing, Limits()))


def test_a_page_that_leaves_while_it_is_looked_at_has_left() -> None:
    def leave(browser: Browser) -> dict[str, Any]:
        gone = {"frame": {"url": "about:blank"}}
        asyncio.get_running_loop().call_soon(browser.hear, "Page.frameNavigated", gone)
        raise Refused("Cannot find context with specified id")

    assert _shown(leave) == ("left", None, "the page went to about:blank")
