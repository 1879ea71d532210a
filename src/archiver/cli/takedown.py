"""`archiver takedown`: the register of who asked to have something hidden, and what became of it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import click

from archiver.cli.setting import Moment, Setting, print_json

if TYPE_CHECKING:
    from archiver.store.takedowns import What

_STEPS = ("granted", "partly", "refused", "withdrawn", "note")


@click.group("takedown")
def takedown_command() -> None:
    """Write down who asked to have something hidden, and what became of it.

    The register is only added to, stands under the seals like the redaction log, and is in no public view or export.
    """


@takedown_command.command("add")
@click.argument("about", metavar="URL-OR-WORDS")
@click.option("--asker", required=True, metavar="NAME", help="Who asks, and how to answer.")
@click.option("--ground", required=True, metavar="CODE", help="On what ground: personal-data, copyright, secrecy …")
@click.option("--received", type=Moment(), metavar="DAY", help="When it came.  [default: now]")
@click.option("--note", metavar="TEXT", help="In words.")
@click.option("--actor", required=True, metavar="NAME", help="Who writes it down.")
@click.pass_obj
def add_command(
    setting: Setting, about: str, asker: str, ground: str, received: datetime | None, note: str | None, actor: str
) -> None:
    """Write down a request; its number is printed."""
    from archiver.clock import SystemClock
    from archiver.store import open_archive, takedowns

    now = SystemClock().now()
    asked = takedowns.Takedown(about, asker, ground, note, actor)
    setting.existing_archive()
    with open_archive(setting.archive) as archive:
        number = archive.write(lambda conn: takedowns.add(conn, asked, received or now, now))
    click.echo(f"Request {number} is in the register.")


@takedown_command.command("step")
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.argument("what", type=click.Choice(_STEPS))
@click.option("--redaction", "redaction_id", type=click.IntRange(1), metavar="N",
              help="The redaction that it led to.")  # fmt: skip
@click.option("--note", metavar="TEXT", help="Why, and what was answered.")
@click.option("--actor", required=True, metavar="NAME", help="Who decided.")
@click.pass_obj
def step_command(
    setting: Setting, number: int, what: str, redaction_id: int | None, note: str | None, actor: str
) -> None:
    """Write down what became of request N."""
    from archiver.clock import SystemClock
    from archiver.store import open_archive, takedowns

    step = takedowns.Step(cast("What", what), redaction_id, note, actor)
    setting.existing_archive()
    with open_archive(setting.archive) as archive:
        archive.write(lambda conn: takedowns.add_step(conn, number, step, SystemClock().now()))
    click.echo(f"Request {number}: {what}.")


@takedown_command.command("list")
@click.option("--waiting", is_flag=True, help="Only those on which nothing is decided.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a request.")
@click.pass_obj
def list_command(setting: Setting, waiting: bool, as_json: bool) -> None:
    """The requests, the oldest first, each with its steps."""
    from archiver.store import takedowns

    with setting.reading() as conn:
        found = list(takedowns.listed(conn, waiting=waiting))
    if not found and not as_json:
        click.echo("No request waits." if waiting else "No request was written down.")
    for request in found:
        print_json(request) if as_json else _tell(request)


def _tell(request: dict[str, Any]) -> None:
    click.echo(f"{request['id']:4}  {request['received_at'][:10]}  {request['state']:9}  {request['ground']}")
    click.echo(f"      {request['about']}; asked by {request['asker']}" + _noted(request))
    for step in request["steps"]:
        done = f", redaction {step['redaction_id']}" if step["redaction_id"] else ""
        click.echo(f"      {step['acted_at'][:10]}  {step['step']}{done}, by {step['actor']}" + _noted(step))


def _noted(row: dict[str, Any]) -> str:
    return f": {row['note']}" if row["note"] else ""
