"""`archiver doctor`: what is the matter, what it means, and mending what can be mended."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.cli.setting import Setting, print_json
from archiver.errors import ArchiverError, ConfigError

if TYPE_CHECKING:
    from archiver.doctor import Ailment, Place


@click.command("doctor")
@click.option("--mend", is_flag=True, help="Mend what can be mended, asking before each; never evidence.")
@click.option("--yes", is_flag=True, help="With --mend: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an ailment.")
@click.pass_obj
def doctor_command(setting: Setting, mend: bool, yes: bool, as_json: bool) -> None:
    """Say what is the matter with the archive, its configuration and its disk, and what to do about it.

    Exit code 0: well, or mended; 1: something needs a person, be it that there is no archive. Whether evidence is
    as it was recorded is for `archiver verify` to say; nothing that the doctor mends is evidence.
    """
    from archiver.doctor import examine

    if yes and not mend:
        raise click.UsageError("--yes is of --mend")
    place, ailments = _place(setting)
    found = [*ailments, *examine(place)]
    mended = {one.name for one in found if mend and one.mend and _mend(place, one, yes=yes, quiet=as_json)}
    for one in found:
        if as_json:
            print_json(asdict(one) | {"mended": one.name in mended})
        elif one.name not in mended:
            _tell(one)
    left = [one for one in found if not one.harmless and one.name not in mended]
    if not as_json:
        _close(len(left), sum(one.mend is not None for one in left), mend=mend)
    sys.exit(1 if left else 0)


def _place(setting: Setting) -> "tuple[Place, list[Ailment]]":
    """What is examined; and what is the matter with the configuration."""
    from archiver.clock import SystemClock
    from archiver.doctor import Place, ailing

    now = SystemClock().now()
    try:
        return Place(setting.archive, now, setting.config), []
    except ConfigError as error:
        mistakes = [ailing("configuration", str(mistake)) for mistake in error.mistakes]
    try:
        return Place(setting.archive, now), mistakes
    except ConfigError:  # the archive's own name stands in it
        return Place(setting.folder.parent / "archive.db", now), mistakes


def _mend(place: "Place", one: "Ailment", *, yes: bool, quiet: bool) -> bool:
    from archiver.doctor import treat

    if not yes:
        _tell(one)
        if not click.confirm("Mend it?", err=True):
            return False
    try:
        treat(place, one)
    except ArchiverError as error:
        click.echo(f"{one.name}: could not be mended: {error}", err=True)
        return False
    if not quiet:
        click.echo(f"mended: {one.name} ({one.says})")
    return True


def _tell(one: "Ailment") -> None:
    mark = "note" if one.harmless else "ails"
    click.echo(f"{mark}  {one.name}: {one.says}\n      {one.advice}.")


def _close(left: int, mendable: int, *, mend: bool) -> None:
    if not left:
        click.echo("Nothing is the matter. `archiver verify` re-hashes the evidence.")
    elif mendable and not mend:
        click.echo(f"`archiver doctor --mend` can mend {mendable} of {left}.")
