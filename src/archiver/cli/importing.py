"""`archiver import`: answers that others received, with their own times, as history that is marked as theirs."""

import asyncio
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.logs import configure_logs
from archiver.cli.setting import Setting, print_json
from archiver.errors import ConfigError
from archiver.publish.visible import visible

if TYPE_CHECKING:
    from archiver.transfer.answers import Imported

SHOWN = 10
"""Faults that are printed; `--json` prints all."""


@click.group("import")
def import_command() -> None:
    """Take in answers that others received: WARC, ARC and WACZ files, or an archive that speaks Memento.

    They become captures with their own times, in a run of kind 'import': in every view they are marked as imported, and
    `coverage` does not count them. Pages are read again in the order of time.
    """


@import_command.command("warc")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--source", "names", multiple=True, metavar="NAME",
              help="Only what belongs to this source; may be repeated.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
@click.pass_obj
def warc_command(setting: Setting, files: tuple[Path, ...], names: tuple[str, ...], as_json: bool) -> None:
    """Take in FILES: WARC, ARC or WACZ, gzipped or not. Exit code 1 where a record was damaged.

    Only what lies in a configured source's scope. What is there already is not added twice.
    """
    chosen = setting.chosen(names)
    configure_logs(as_json=False)
    done = asyncio.run(_import_files(setting, chosen, files))
    tell(done, as_json=as_json)


async def _import_files(setting: Setting, names: tuple[str, ...], files: tuple[Path, ...]) -> "list[Imported]":
    from archiver.clock import SystemClock
    from archiver.store import open_archive
    from archiver.transfer.warc_in import import_file

    config, at = setting.config, SystemClock().now()
    with open_archive(setting.archive) as archive:
        done = [import_file(archive, [config.sources[name] for name in names], path, at) for path in files]
    await read_what_came(setting, {name for one in done for name in one.sources})
    return done


@import_command.command("memento", short_help="Take in every moment that another archive has of a page.")
@click.argument("timemap", metavar="TIMEMAP-URL")
@click.option("--source", "names", multiple=True, metavar="NAME",
              help="Only what belongs to this source; may be repeated.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The N oldest only.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def memento_command(setting: Setting, timemap: str, names: tuple[str, ...], limit: int | None, as_json: bool) -> None:
    """Take in every moment that another archive has of a page, as its TimeMap (RFC 7089) lists them.

    \b
    archiver import memento https://web.archive.org/web/timemap/link/https://www.gislaved.se/

    One at a time, at the configured pace, robots.txt obeyed. What is there already is not added twice.
    """
    from archiver.cli.naming import web_url
    from archiver.config import ready_to_ask

    chosen, url = setting.chosen(names), web_url(timemap)
    if unsaid := ready_to_ask(setting.config, url):
        raise ConfigError(unsaid)
    configure_logs(as_json=False)
    tell([asyncio.run(_import_timemap(setting, chosen, url, limit))], as_json=as_json)


async def _import_timemap(setting: Setting, names: tuple[str, ...], timemap: str, limit: int | None) -> "Imported":
    from archiver.cli.fetching import Asked
    from archiver.clock import SystemClock
    from archiver.store import open_archive
    from archiver.transfer.mementos import import_timemap

    config, clock = setting.config, SystemClock()
    asked = Asked(config, clock, max(config.sources[name].delay for name in names), timemap)
    try:
        with open_archive(setting.archive) as archive:
            sources = [config.sources[name] for name in names]
            done = await import_timemap(archive, sources, timemap, asked, clock.now(), limit)
    finally:
        await asked.aclose()
    await read_what_came(setting, set(done.sources))
    return done


async def read_what_came(setting: Setting, names: set[str]) -> None:
    """Read the captures that an import brought, and their pages' later ones anew."""
    from archiver.derive import catch_up
    from archiver.pool import Pool
    from archiver.store import open_archive, reading

    config = setting.config
    with (
        open_archive(setting.archive) as archive,
        Pool(config.rulebook, workers=config.workers, timeout=config.timeouts.reading) as pool,
    ):
        for name in sorted(names):
            await catch_up(archive, config, config.sources[name], pool)
        await archive.aio(reading.sweep)


def tell(done: "list[Imported]", *, as_json: bool) -> None:
    """Print what came of it, and end with the exit code."""
    for one in done:
        if as_json:
            print_json(asdict(one))
            continue
        click.echo(f"{one.name}: {one.captures} {'capture' if one.captures == 1 else 'captures'}" + "".join(
            f", {count} {what}"
            for count, what in (
                (one.known, "there already"), (one.outside, "of no source"), (one.parts, "no pages"),
                (one.lost, "the same as an answer that is not in it"), (one.faults, "damaged"),
            ) if count
        ))  # fmt: skip
        for fault in one.told[:SHOWN]:
            click.echo(f"  {visible(fault)}", err=True)
        if one.faults > SHOWN:
            click.echo(f"  and {one.faults - SHOWN} more", err=True)
    sys.exit(1 if any(one.faults or one.lost for one in done) else 0)
