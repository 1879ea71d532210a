"""`archiver check` and `archiver add`: the configuration, without a socket for the one, with one page for the other."""

import asyncio
import os
import shutil
from collections.abc import Sized
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.setting import HERE, Setting, print_json, refuse_to_overwrite
from archiver.errors import NotFound

if TYPE_CHECKING:
    from archiver.config import Config


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def check_command(setting: Setting, as_json: bool) -> None:
    """Read all configuration and list every mistake in it, with file, key and what was expected. Opens no socket."""
    config = setting.config
    if as_json:
        named = {"sources": sorted(config.sources), "profiles": sorted(config.profiles)}
        print_json(named | {"alerts": sorted(config.alerts), "mistakes": []})
        return
    held = {"source": config.sources, "profile": config.profiles, "language": config.languages}
    if config.alerts:
        held["alert"] = config.alerts
    click.echo(f"{setting.folder}: {', '.join(_counted(word, things) for word, things in held.items())}. No mistakes.")
    from archiver.config import ready_to_crawl

    for mistake in dict.fromkeys(m for source in config.sources.values() for m in ready_to_crawl(config, source)):
        click.echo(f"Before a crawl: {mistake}", err=True)
    if config.alerts:
        from archiver.alerts import unready

        for mistake in unready(config, config.alerts.values(), os.environ):
            click.echo(f"Before alerts can be sent: {mistake}", err=True)


def _counted(word: str, things: Sized) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


@click.command("add")
@click.argument("kommun")
@click.option("--profile", metavar="NAME", help="Its CMS.  [default: what its start page looks like]")
@click.option("--offline", is_flag=True, help="Do not look at the start page; the profile is 'generic' unless named.")
@click.option("--print", "only_print", is_flag=True, help="Print the file instead of writing it.")
@click.pass_obj
def add_command(setting: Setting, kommun: str, profile: str | None, offline: bool, only_print: bool) -> None:
    """Write a source file for a municipality, found by name ('Gislaved') or code ('0662') among all 290.

    Its start page is looked at to propose a profile. What is written is a beginning: read it before the first crawl.
    """
    from archiver.config import find, municipalities, no_such, source_id, source_toml

    config = setting.config
    if profile is not None and profile not in config.profiles:
        raise click.BadParameter(no_such("profile", profile, config.profiles), param_hint="--profile")
    try:
        found = find(municipalities(setting.folder), kommun)
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="KOMMUN") from None
    known = next((s for s in config.sources.values() if s.code == found.code), None)
    if known is not None and not only_print:
        raise click.UsageError(f"{found.name} is a source already: {setting.folder / 'sources' / f'{known.id}.toml'}")
    chosen = profile or ("generic" if offline else asyncio.run(_looks_like(config, found.url)))
    text = source_toml(found, chosen)
    if only_print:
        click.echo(text, nl=False)
        return
    name = f"{source_id(found)}.toml"
    if (setting.folder / "sources" / name).exists():
        raise click.UsageError(f"{setting.folder / 'sources' / name} is there already, for another municipality")
    path = _own_folder(setting) / "sources" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    click.echo(
        f"Wrote {path} (profile {chosen}). Look at it, then: {setting.command} crawl {source_id(found)} --limit 20"
    )


def _own_folder(setting: Setting) -> Path:
    """The configuration folder to write to: where only the packed one is in use, a copy of it is made here first."""
    if not setting.is_packed:
        return setting.folder
    packed = [file.relative_to(setting.folder) for file in setting.folder.rglob("*") if file.is_file()]
    for file in packed:
        refuse_to_overwrite(HERE / file, f"{HERE} is another program's: go to another folder, or name one by --config")
    shutil.copytree(setting.folder, HERE, dirs_exist_ok=True)
    click.echo(f"Made {HERE}, a copy of the configuration that came with archiver.")
    return HERE


async def _looks_like(config: "Config", url: str) -> str:
    """The profile that the start page looks like; 'generic' where it cannot be had."""
    from archiver.cli.fetching import fetch_politely
    from archiver.errors import ConfigError, NotFetched
    from archiver.extract import choose
    from archiver.model import Facts

    try:
        page, _ = await fetch_politely(config, url)
    except (NotFetched, ConfigError) as error:
        click.echo(f"{'; '.join(str(error).splitlines())}; the profile is left generic", err=True)
        return "generic"
    return choose(page.body, Facts(url=page.url, at=page.at), config.readers).profile.name
