"""`archiver try`: read one page, or many from a list, and show what would be kept. Nothing is stored."""

import asyncio
import os
import stat
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from archiver.cli.setting import Moment, Setting, print_json

if TYPE_CHECKING:
    from archiver.config import Config
    from archiver.extract.explain import Explanation
    from archiver.model import Facts, Flaw, Link, Reading, Rendering, Rules, Unread, Witness
    from archiver.pool import Pool

GUESSES: "tuple[Witness, ...]" = ("http", "any-date")
"""The witnesses that --liberal adds to a profile's."""
AHEAD = 64
"""How many pages of a list are read ahead of the one that is printed next."""


@click.command("try")
@click.argument("target", required=False, metavar="URL-OR-FILE")
@click.option("--url", metavar="URL", help="The address the file came from: links are joined to it.")
@click.option(
    "--profile", metavar="NAME", help="Read with this profile.  [default: the source's, else what the page looks like]"
)
@click.option(
    "--language", metavar="CODE", help="Read with this language.  [default: the source's, else the page's own]"
)
@click.option("--captured-at", type=Moment(), metavar="TIME", help="When the file was fetched.  [default: now]")
@click.option("--liberal", is_flag=True, help="Where the page labels no publication, guess it from any date on it.")
@click.option("--render", is_flag=True, help="Read the page as a browser shows it, once its scripts have run.")
@click.option("--explain", is_flag=True, help="Show each candidate too, and the rule that decided.")
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
    liberal: bool,
    render: bool,
    explain: bool,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Read one page or file and show what would be kept of it, and why. Stores nothing.

    A page is fetched as the crawler would fetch it: robots.txt is obeyed. With --jsonl, many saved pages are read in
    parallel: lines of 'path<TAB>url' come in on standard input, one JSON object a line goes out, in the same order.
    Exit code 1: the page could not be had or read; of a list, a file could not be had.
    """
    from archiver.clock import SystemClock
    from archiver.model import Unread

    if jsonl == (target is not None):
        raise click.UsageError("name one URL or file, or give --jsonl and a list on standard input")
    if jsonl and (url is not None or explain):
        raise click.UsageError("--url and --explain are of one page: each line of a list names its own URL")
    is_url = "://" in str(target)
    if render and not is_url:
        raise click.UsageError("--render is for a URL: a file has nobody to ask for what it lacks")
    if is_url and (url is not None or captured_at is not None):
        raise click.UsageError("--url and --captured-at are of a file: a page that is fetched has its own")
    at = captured_at or SystemClock().now()
    choice = _Choice(setting.config, profile, language, liberal=liberal)
    if jsonl:
        sys.exit(asyncio.run(_read_list(setting.config, choice, at)))
    reading, body, facts = _read_one(setting.config, choice, str(target), url, at, render=render)
    explanation = _explanation(choice, reading, body, facts) if explain else None
    if as_json:
        said = _object(setting.config, facts.url, reading)
        print_json(said | {"explanation": asdict(explanation)} if explanation else said)
    else:
        from archiver.cli.show import show_explanation, show_reading

        show_reading(facts.url, reading, setting.config)
        if explanation is not None:
            show_explanation(explanation)
    sys.exit(1 if isinstance(reading, Unread) else 0)


class _Choice:
    """Which rules read which URL: those asked for, else the source's, else whatever the page looks like."""

    def __init__(self, config: "Config", profile: str | None, language: str | None, *, liberal: bool = False) -> None:
        from archiver.config import no_such

        self._config, self._profile, self._language, self._liberal = config, profile, language, liberal
        if profile is not None and profile not in config.profiles:
            raise click.BadParameter(no_such("profile", profile, config.profiles), param_hint="--profile")
        if language is not None and language not in config.languages:
            raise click.BadParameter(no_such("language", language, config.languages), param_hint="--language")

    @property
    def rulebook(self) -> "Mapping[tuple[str, str], Rules]":
        """What a page of no source may choose from: whatever it looks like, what was asked for stands."""
        readers = self._config.readers
        return {key: self._asked(readers[self._profile or key[0], self._language or key[1]]) for key in readers}

    def rules(self, url: str, at: datetime) -> "Rules | None":
        """The rules for that URL; None: let the page decide."""
        from archiver.config.merging import merge

        source = self._config.source_of(url)
        if source is None:
            return None
        if self._profile is None:
            rules = self._config.rules_for(source, at)
        else:
            general = self._config.readers[self._profile, source.language]
            rules = self._config.rulebook.get((source.id, self._profile), general)
        return self._asked(merge(rules.profile, self._config.languages[self._language]) if self._language else rules)

    def _asked(self, rules: "Rules") -> "Rules":
        """The rules with a guess as their last witness, where one was asked for. No crawl has such rules."""
        from archiver.config.merging import merge

        if not self._liberal:
            return rules
        heard: tuple[Witness, ...] = tuple(w for w in rules.profile.witness if w not in GUESSES)
        return merge(replace(rules.profile, witness=heard + GUESSES), rules.language, rules.furniture, rules.others)


def _read_one(
    config: "Config", choice: _Choice, target: str, url: str | None, at: datetime, *, render: bool
) -> "tuple[Reading | Unread, bytes, Facts]":
    """The reading of a file on this machine or of a page fetched now, what was read, and what is known of it."""
    from archiver.pool import Pool

    if "://" in target:
        body, facts = asyncio.run(_fetched(config, target, render=render))
    else:
        body, facts = _from_file(config, target, url, at)
    with Pool(choice.rulebook, workers=1, timeout=config.timeouts.reading) as pool:
        return pool.read_now(body, facts, choice.rules(facts.url, facts.at)), body, facts


def _explanation(choice: _Choice, reading: "Reading | Unread", body: bytes, facts: "Facts") -> "Explanation | None":
    """Why it is read so. Only what a worker has read safely is read here once more."""
    from archiver.extract import choose
    from archiver.extract.explain import explain
    from archiver.model import Unread

    if isinstance(reading, Unread):
        return None
    rules = choice.rules(facts.url, facts.at) or choose(body, facts, choice.rulebook)
    return explain(body, facts, rules, choice.rulebook)


def _from_file(config: "Config", target: str, url: str | None, at: datetime) -> "tuple[bytes, Facts]":
    from archiver import urls
    from archiver.model import Facts

    address = urls.parse(url) if url is not None else _invented_url(target)
    if address is None:
        raise click.BadParameter(f"{url!r} is not a URL", param_hint="--url")
    try:
        body, flaw = _body_of(target, config.caps.file)
    except FileNotFoundError:
        hint = f" Did you mean https://{target} ?" if urls.parse(f"https://{target}") and "." in target else ""
        raise click.UsageError(f"{target} is neither a URL nor a file here.{hint}") from None
    except OSError as error:
        raise click.FileError(target, error.strerror) from None
    return body, Facts(url=address, at=at, flaw=flaw)


async def _fetched(config: "Config", target: str, *, render: bool) -> "tuple[bytes, Facts]":
    from archiver.cli.fetching import fetch_politely
    from archiver.cli.naming import web_url
    from archiver.model import Facts

    response, rendering = await fetch_politely(config, web_url(target), render=render)
    facts = Facts(
        url=response.url, at=response.at, content_type=response.header("content-type"),
        last_modified=response.header("last-modified"), status=response.status, flaw=response.flaw,
    )  # fmt: skip
    return (response.body, facts) if rendering is None else _shown(rendering, facts)


def _shown(rendering: "Rendering", facts: "Facts") -> "tuple[bytes, Facts]":
    """The page as the browser showed it; how that went is told on standard error. Raises NotFetched."""
    from archiver.derive.facts import RENDERED
    from archiver.errors import NotFetched

    if rendering.body is None:
        raise NotFetched(f"{facts.url} was fetched, and not rendered: {rendering.detail}")
    how = f"{rendering.browser}, {rendering.took:.1f} s, {rendering.requests} requests beside the page"
    click.echo(f"Rendered: {how}" + (f"; cut: {rendering.detail}" if rendering.detail else ""), err=True)
    flaw: Flaw | None = "truncated" if rendering.outcome == "cut" else facts.flaw
    return rendering.body, replace(facts, content_type=RENDERED, flaw=flaw)


def _body_of(path: str, most: int) -> "tuple[bytes, Flaw | None]":
    """The bytes of a file, cut where the crawler would cut them. Raises OSError, also for what is no plain file."""
    try:
        with open(path, "rb", opener=_opener) as file:
            body = file.read(most + 1)
    except ValueError as error:  # a null character in the path
        raise FileNotFoundError(0, "no such path") from error
    return (body[:most], "over-budget") if len(body) > most else (body, None)


def _opener(path: str, flags: int) -> int:
    """Open without waiting: a pipe that nobody writes to must not hold us up."""
    found = os.open(path, flags | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(found).st_mode):
        os.close(found)
        raise OSError(0, "not a plain file")
    return found


# lists ----------------------------------------------------------------------------------------------


async def _read_list(config: "Config", choice: _Choice, at: datetime) -> int:
    """Print one object per line of standard input, in order, each as soon as it can be; 1 where a file could not be
    read, else 0."""
    from archiver.pool import Pool

    pending: asyncio.Queue[asyncio.Task[tuple[dict[str, object], int]] | None] = asyncio.Queue(AHEAD)
    turns = asyncio.Semaphore(2 * config.workers)  # so few bodies are in memory at a time

    async def begin(pool: "Pool") -> None:
        async for path, url in _listed():
            await pending.put(asyncio.create_task(_entry(config, choice, pool, turns, path, url, at)))
        await pending.put(None)

    status = 0
    with Pool(choice.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool:
        beginning = asyncio.create_task(begin(pool))
        while (task := await pending.get()) is not None:
            found, fault = await task
            print_json(found)
            status |= fault
        await beginning
    return status


async def _listed() -> AsyncIterator[tuple[str, str]]:
    """The lines of standard input as (path, url), as they come.

    Read in a thread of its own, which may be left behind waiting for a line that never comes; through a file object
    of its own too, because the interpreter waits for the lock of `sys.stdin` when it ends.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[bytes | None] = asyncio.Queue(AHEAD)

    def feed() -> None:
        # The reader of our output may go, and the loop with it, while we wait.
        with suppress(RuntimeError, CancelledError), open(sys.stdin.fileno(), "rb", closefd=False) as file:
            for line in file:
                asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(lines.put(None), loop).result()

    threading.Thread(target=feed, daemon=True).start()
    while (line := await lines.get()) is not None:
        path, _, url = line.rstrip(b"\r\n").partition(b"\t")
        if path:
            name = path.decode("utf-8", "surrogateescape")
            yield name, url.decode("utf-8", "replace").strip() or _invented_url(name)


async def _entry(
    config: "Config", choice: _Choice, pool: "Pool", turns: asyncio.Semaphore, path: str, url: str, at: datetime
) -> tuple[dict[str, object], int]:
    """What was read of one file of the list, and 1 where it could not be had."""
    from archiver import urls
    from archiver.model import Facts, Unread

    address = urls.parse(url) or _invented_url(path)
    async with turns:
        try:
            body, flaw = _body_of(path, config.caps.file)
        except OSError as error:
            nothing = _object(config, address, Unread("crashed", ""))
            return {"path": path, **nothing, "url": url, "reason": f"the file could not be read: {error.strerror}"}, 1
        reading = await pool.read(body, Facts(url=address, at=at, flaw=flaw), choice.rules(address, at))
    return {"path": path, **_object(config, address, reading), "url": url}, 0


def _object(config: "Config", url: str, reading: "Reading | Unread") -> dict[str, object]:
    from archiver.extract.page.links import kind
    from archiver.frontier import identity
    from archiver.frontier.scope import hosts
    from archiver.publish.reading import Seen, reading_object

    source = config.source_of(url)
    site = hosts(source) if source else ()
    profile = config.profiles.get(getattr(reading, "profile", ""))

    def look(link: "Link") -> Seen:
        number = identity.file_number(link.target, profile) if profile else None
        key = identity.IDENTITIES[profile.identity](link.target)[0] if profile and number else None
        return Seen(kind(link, url, site), key, number)

    return reading_object(url, reading, look)


def _invented_url(path: str) -> str:
    return f"https://unknown.invalid/{quote(Path(path).name, errors='replace')}"
