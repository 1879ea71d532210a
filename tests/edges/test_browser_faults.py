"""What a browser refuses to do is told, as what a page does to it is; it needs no Chromium here."""

import asyncio
from datetime import UTC, datetime

import pytest

from archiver.browser import Browser, Sheet
from archiver.browser.chromium import Chromium
from archiver.browser.pipe import Refused
from archiver.model import Response, Subrequest

SHEET = Sheet("https://www.exempelkoping.se/", b"<p>Hej", "archiver/0")


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, tzinfo=UTC)


class Stubborn:
    """A Chromium that is there, and does nothing that it is told."""

    name, is_open = "Chromium 1", True

    def __init__(self) -> None:
        self.pipe, self.ended = self, False

    async def call(self, method: str, *_: object) -> dict[str, object]:
        raise Refused(f"{method} is nothing for me")

    async def end(self) -> None:
        self.ended = True


def test_a_browser_that_refuses_to_begin_is_a_rendering_that_failed_and_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stubborn = Stubborn()

    async def start(_program: str) -> Stubborn:
        return stubborn

    async def nothing(_: Subrequest) -> Response | None:
        return None

    monkeypatch.setattr(Chromium, "start", start)
    rendering = asyncio.run(Browser("chromium", Noon()).render(SHEET, nothing))

    assert (rendering.outcome, rendering.body) == ("failed", None)
    assert rendering.detail == "Target.createBrowserContext is nothing for me"
    assert stubborn.ended
