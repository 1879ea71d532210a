"""`archiver crawl` and `archiver run`: the main job, once or by the clock."""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.cli.alert import check_alerts
from archiver.cli.logs import configure_logs
from archiver.cli.setting import Setting, print_json
from archiver.errors import ConfigError

if TYPE_CHECKING:
    from archiver.crawl import Crawl, Tally, Tools
    from archiver.schedule import Post


@click.command("crawl")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--again", is_flag=True, help="Ask for every known address, whether or not it is due.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Ask for at most N addresses of each source.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@click.option("--durable", is_flag=True, help="Force each commit to disk: slower, and safe against loss of power.")
@click.pass_obj
def crawl_command(
    setting: Setting, names: tuple[str, ...], again: bool, limit: int | None, as_json: bool, durable: bool
) -> None:
    """Fetch what is due, keep it, read it, and say what changed.

    All sources, or those named by the stem of their file. Ctrl-C ends it cleanly; the next crawl goes on from there.
    """
    sources = _chosen(setting, names)
    configure_logs(as_json=False)
    tallies = asyncio.run(_crawl(setting, sources, again=again, limit=limit, quiet=as_json, durable=durable))
    if as_json:
        print_json({"sources": [tally.as_object() for tally in tallies]})
    else:
        from archiver.cli.show import show_tallies

        show_tallies(tallies)
    silent = any(t.silent for t in tallies) and not any(t.answered for t in tallies)
    sys.exit(1 if silent or any(t.errors for t in tallies) else 0)


@click.command("run")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--durable", is_flag=True, help="Force each commit to disk: slower, and safe against loss of power.")
@click.pass_obj
def run_command(setting: Setting, names: tuple[str, ...], durable: bool) -> None:
    """Keep crawling by the clock until told to stop (Ctrl-C or SIGTERM): one JSON line of log for each event.

    What is due stands in the archive: what was missed while the service was down is made up for.
    """
    sources = _chosen(setting, names)
    check_alerts(setting, setting.config.alerts.values())
    configure_logs(as_json=True)
    asyncio.run(_serve(setting, sources, durable=durable))


def _chosen(setting: Setting, names: tuple[str, ...]) -> tuple[str, ...]:
    """The sources named, or all; each ready to be crawled. Raises ConfigError."""
    from archiver.cli.rendering import wants_browser
    from archiver.config import ready_to_crawl

    config, chosen = setting.config, setting.chosen(names)
    mistakes = [mistake for name in chosen for mistake in ready_to_crawl(config, config.sources[name])]
    mistakes += wants_browser(config, chosen)
    if mistakes:
        raise ConfigError(dict.fromkeys(mistakes))
    return chosen


@asynccontextmanager
async def open_tools(setting: Setting, names: tuple[str, ...], *, durable: bool) -> "AsyncIterator[Tools]":
    """The effects that a crawl of these sources needs, closed in the end. Raises ConfigError."""
    from archiver.cli.fetching import make_fetcher
    from archiver.cli.rendering import open_renderer
    from archiver.clock import SystemClock
    from archiver.crawl import Hosts, Tools
    from archiver.pool import Pool
    from archiver.store import evidence, open_archive

    config, clock = setting.config, SystemClock()
    with open_archive(setting.archive, durable=durable) as archive:
        await archive.aio(partial(evidence.finish_crashed, at=clock.now()))
        fetcher = make_fetcher(config, clock)
        try:
            with Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool:
                async with open_renderer(config, names, fetcher, clock) as render:
                    hosts = Hosts(config.at_once)
                    yield Tools(
                        archive,
                        config,
                        fetcher,
                        pool,
                        clock,
                        random.random,
                        hosts,
                        locate=fetcher.locate,
                        render=render,
                    )
        finally:
            await fetcher.aclose()


async def _crawl(
    setting: Setting, names: tuple[str, ...], *, again: bool, limit: int | None, quiet: bool, durable: bool
) -> "list[Tally]":
    from archiver.cli.progress import showing_progress
    from archiver.crawl import Crawl, together
    from archiver.store import plan

    async with open_tools(setting, names, durable=durable) as tools:
        crawls = [Crawl(tools, tools.config.sources[name], limit=limit) for name in names]
        _stop_on_signals(crawls)
        if again:
            for name in names:
                await tools.archive.aio(partial(plan.make_due, source_id=name, at=tools.clock.now()))
        with showing_progress(tools.archive, crawls, tools.clock, quiet=quiet):
            return await together(crawls)


def _stop_on_signals(crawls: "list[Crawl]") -> None:
    """The first Ctrl-C or SIGTERM ends the crawls cleanly, the second one at once."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(name)
        click.echo("Stopping: what is in flight is kept. Again to stop at once.", err=True)
        for crawl in crawls:
            crawl.stop()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)


async def _serve(setting: Setting, names: tuple[str, ...], *, durable: bool) -> None:
    import structlog

    from archiver.schedule import Service

    log = structlog.get_logger("run")
    async with open_tools(setting, names, durable=durable) as tools:
        log.info("started", sources=list(names), archive=str(setting.archive))
        posts = _posts(setting, tools) if setting.config.alerts else None
        await Service(tools, names, lambda tally: log.info("crawled", **tally.as_object()), posts).serve()
        log.info("stopped")


def _posts(setting: Setting, tools: "Tools") -> "dict[str, Post]":
    """A round of each alert."""
    from archiver.alerts import Round, ways

    config = setting.config
    rounds = Round(tools.archive, config, ways(config, os.environ), tools.clock)
    return {name: partial(rounds.run, (alert,)) for name, alert in config.alerts.items()}
