"""`archiver backup`, `restore`: a checked copy of the archive, and the way back."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.cli.setting import Setting, print_json

if TYPE_CHECKING:
    from archiver.transfer.backup import Backup


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--unverified", is_flag=True, help="Look at the file only, and not at every digest in it.")
@click.option("--incremental", is_flag=True, help="Into a folder: only what changed since the last whole backup there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def backup_command(setting: Setting, target: Path, unverified: bool, incremental: bool, as_json: bool) -> None:
    """Copy the archive to TARGET, a new file or a folder, while a crawl writes to it or not.

    The copy is the archive as of one moment; it gets its name when all in it was verified, with its SHA-256 beside it.
    """
    from archiver.clock import SystemClock
    from archiver.transfer.backup import back_up
    from archiver.verify import verify

    archive = setting.existing_archive()
    check = None if unverified else verify
    made = back_up(archive, target, SystemClock().now(), check, incremental=incremental)
    _tell(made, as_json=as_json)


@click.command("restore")
@click.argument("backup", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--verify", "whole", is_flag=True, help="Re-hash everything in it before it takes the archive's place.")
@click.option("--replace", is_flag=True, help="Where there is an archive, rename it; it is kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def restore_command(setting: Setting, backup: Path, whole: bool, replace: bool, as_json: bool) -> None:
    """Make BACKUP the archive again. Nothing changes before the copy is whole and checked.

    The archive that stood there is refused, or with --replace renamed; it is never written over.
    """
    from archiver.clock import SystemClock
    from archiver.transfer.backup import restore
    from archiver.verify import verify

    made = restore(backup, setting.archive, SystemClock().now(), verify if whole else None, replace=replace)
    _tell(made, as_json=as_json)


def _tell(made: "Backup", *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(made))
        return
    checked = "all of it verified" if made.verified else "the file is whole; its digests were not compared"
    captures = "1 capture" if made.captures == 1 else f"{made.captures} captures"
    click.echo(f"{made.path}: {captures} in {made.size / 1e6:.1f} MB; {checked}.")
    if made.base:
        click.echo(f"It is what changed since {made.base.name}: keep the two together.")
    if made.aside:
        click.echo(f"What stood there is kept as {made.aside}.")
    if made.seal:
        click.echo(f"Last seal: {made.seal}")
