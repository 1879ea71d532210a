"""`archiver try`: read one page, or many from a list, and show what would be kept. Nothing is stored."""

import asyncio
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.setting import Moment, Setting, print_json

if TYPE_CHECKING:
    from archiver.config import Config
    from archiver.model import Facts, Reading, Rules, Unread
    from archiver.pool import Pool

AHEAD = 64
"""How many pages of a list are read ahead of the one that is printed next."""


@click.command("try")
@click.argument("target", required=False, metavar="URL-OR-FILE")
@click.option("--url", help="The address the file came from: links are joined to it.")
@click.option("--profile", help="Read with this profile.  [default: the source's, else what the page looks like]")
@click.option("--language", help="Read with this language.  [default: the source's, else the page's own]")
@click.option("--captured-at", type=Moment(), metavar="TIME", help="When it was fetched.  [default: now]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--jsonl", is_flag=True, help="Read lines 'path<TAB>url' from standard input; one object a line.")
@click.pass_obj
def try_command(
    setting: Setting,
    target: str | None,
    url: str | None,
    profile: str | None,
    language: str | None,
    captured_at: datetime | None,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Read one page or file and show what would be kept of it, and why. Stores nothing.

    A page is fetched as the crawler would fetch it: robots.txt is obeyed. With --jsonl, many saved pages are read in
    parallel: lines of 'path<TAB>url' come in on standard input, one JSON object a line goes out, in the same order.
    """
    from archiver.clock import SystemClock

    if jsonl == (target is not None):
        raise click.UsageError("name one URL or file, or give --jsonl and a list on standard input")
    at = captured_at or SystemClock().now()
    chosen = _Choice(setting.config, profile, language)
    if jsonl:
        sys.exit(asyncio.run(_read_list(setting.config, chosen, at)))
    reading, address = _read_one(setting.config, chosen, str(target), url, at)
    if as_json:
        print_json(_object(setting.config, address, reading))
        return
    from archiver.cli.show import show_reading

    show_reading(address, reading, setting.config)


class _Choice:
    """Which rules read which URL: those asked for, else the source's, else whatever the page looks like."""

    def __init__(self, config: "Config", profile: str | None, language: str | None) -> None:
        from archiver.errors import ConfigError, Mistake

        self._config, self._profile, self._language = config, profile, language
        if profile and profile not in config.profiles:
            raise ConfigError([Mistake("--profile", "", f"one of {', '.join(sorted(config.profiles))}")])
        if language and language not in config.languages:
            raise ConfigError([Mistake("--language", "", f"one of {', '.join(sorted(config.languages))}")])

    def rules(self, url: str, at: datetime) -> "Rules | None":
        """The rules for that URL; None: let the page decide."""

        source = self._config.source_of(url)
        if self._profile:
            language = self._language or (source.language if source else "sv")
            return self._config.readers[self._profile, language]
        return self._config.rules_for(source, at) if source else None


def _read_one(
    config: "Config", choice: _Choice, target: str, url: str | None, at: datetime
) -> tuple["Reading | Unread", str]:
    """The reading of a file on this machine or of a page fetched now, and the URL it is of."""
    from archiver.model import Facts
    from archiver.pool import Pool

    path = Path(target)
    if "://" in target:
        body, facts = asyncio.run(_fetched(config, target))
    elif path.is_file():
        body, facts = path.read_bytes(), Facts(url=url or _invented_url(path), at=at)
    else:
        raise click.UsageError(f"{target} is neither a URL nor a file here")
    with Pool(config.readers, workers=1, timeout=config.timeouts.reading) as pool:
        return pool.read_now(body, facts, choice.rules(facts.url, facts.at)), facts.url


async def _fetched(config: "Config", target: str) -> "tuple[bytes, Facts]":
    from archiver.cli.fetching import fetch_politely
    from archiver.model import Facts

    response = await fetch_politely(config, target)
    facts = Facts(
        url=response.url, at=response.at, content_type=response.header("content-type"),
        last_modified=response.header("last-modified"), status=response.status, flaw=response.flaw,
    )  # fmt: skip
    return response.body, facts


async def _read_list(config: "Config", choice: _Choice, at: datetime) -> int:
    """Print one object per line of standard input; 1 where a file could not be read, else 0."""
    from archiver.pool import Pool

    status = 0
    with Pool(config.readers, workers=config.workers) as pool:
        waiting: list[tuple[str, str, asyncio.Task[Reading | Unread] | str]] = []
        for path, url in _listed():
            waiting.append((path, url, _start(pool, choice, path, url, at)))
            if len(waiting) >= AHEAD:
                status |= await _print_first(config, waiting)
        while waiting:
            status |= await _print_first(config, waiting)
    return status


def _listed() -> Iterator[tuple[str, str]]:
    for line in sys.stdin:
        path, _, url = line.rstrip("\n").partition("\t")
        if path:
            yield path, url.strip() or _invented_url(Path(path))


def _start(pool: "Pool", choice: _Choice, path: str, url: str, at: datetime) -> "asyncio.Task[Reading | Unread] | str":
    from archiver.model import Facts

    try:
        body = Path(path).read_bytes()
    except OSError as error:
        return f"{path}: {error.strerror}"
    return asyncio.ensure_future(pool.read(body, Facts(url=url, at=at), choice.rules(url, at)))


async def _print_first(config: "Config", waiting: "list[tuple[str, str, asyncio.Task[Reading | Unread] | str]]") -> int:
    path, url, reading = waiting.pop(0)
    if isinstance(reading, str):
        print_json({"path": path, "url": url, "verdict": "unread", "reason": reading})
        return 1
    print_json({"path": path, **_object(config, url, await reading)})
    return 0


def _object(config: "Config", url: str, reading: "Reading | Unread") -> dict[str, object]:
    from archiver.extract.links import kind
    from archiver.frontier.scope import hosts
    from archiver.publish.reading import reading_object

    source = config.source_of(url)
    site = hosts(source) if source else ()
    return reading_object(url, reading, lambda link: kind(link, url, site))


def _invented_url(path: Path) -> str:
    return f"https://unknown.invalid/{path.name}"
