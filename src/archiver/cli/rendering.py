"""A browser for those who want one: found, started, and closed in the end."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from archiver.errors import ConfigError, Mistake

if TYPE_CHECKING:
    from archiver.clock import Clock
    from archiver.config import Config
    from archiver.crawl import Fetch
    from archiver.crawl.render import Renderer


def wants_browser(config: "Config", names: Collection[str]) -> list[Mistake]:
    """What is wrong with sources whose pages are to be rendered, where no Chromium is to be found."""
    from archiver.browser import NAMES, find

    wanting = [name for name in names if config.sources[name].render]
    if not wanting or find(config.browser):
        return []
    where = f"none at {config.browser}" if config.browser else f"none of {', '.join(NAMES)} is on the path"
    return [Mistake(f"sources/{name}.toml", "render", f"needs a Chromium: {where}") for name in wanting]


@asynccontextmanager
async def open_renderer(
    config: "Config", names: Collection[str], fetch: "Fetch", clock: "Clock"
) -> AsyncIterator["Renderer | None"]:
    """What renders pages, where one of the sources wants it. Raises ConfigError where the browser does not start."""
    if not any(config.sources[name].render for name in names):
        yield None
        return
    async with started(config, fetch, clock) as renderer:
        yield renderer


@asynccontextmanager
async def started(config: "Config", fetch: "Fetch", clock: "Clock") -> AsyncIterator["Renderer"]:
    """What renders pages, in a browser that has started. Raises ConfigError where there is none, or it does not."""
    from archiver.browser import NAMES, Browser, Gone, find
    from archiver.crawl.render import Renderer

    program = find(config.browser)
    if program is None:
        missing = f"no Chromium at {config.browser}" if config.browser else f"none of {', '.join(NAMES)} is on the path"
        raise ConfigError([Mistake("archiver.toml", "browser", missing)])
    browser = Browser(program, clock)
    try:
        try:
            await browser.start()
        except Gone as error:
            raise ConfigError([Mistake("archiver.toml", "browser", str(error))]) from None
        yield Renderer(browser, fetch, config, clock)
    finally:
        await browser.aclose()
