"""`archiver alert`: who is told of what, a try of the ways out, and a round by hand."""

import os
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from archiver.cli.setting import Setting, print_lines
from archiver.errors import ConfigError

if TYPE_CHECKING:
    from archiver.alerts import Report
    from archiver.model import Alert


@click.group("alert")
def alert_command() -> None:
    """Tell people of what is new in a saved filter, by mail, webhook or another service (docs/alerts.md).

    `archiver run` sends alerts by itself; where crawls are begun by cron, `archiver alert send` goes behind them.
    """


@alert_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def list_command(setting: Setting, as_json: bool) -> None:
    """Each alert: when it tells whom, what waits, what was given up, and what may have arrived."""
    health = _health(setting)
    rows = [_row(alert, health.get(alert.name, {})) for alert in setting.config.alerts.values()]
    if as_json:
        print_lines(rows)
        return
    from archiver.cli.tell import tell_table

    if not rows:
        click.echo(_none(setting))
        return
    tell_table(rows)


@alert_command.command("test")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Print the message instead of sending it.")
@click.pass_obj
def test_command(setting: Setting, name: str, dry_run: bool) -> None:
    """Send a message that says it is a test to all whom the alert NAME tells. Notes nothing, needs no archive."""
    from archiver.alerts import ways
    from archiver.alerts.outcomes import Sent
    from archiver.alerts.receivers import receivers
    from archiver.alerts.sample import sample
    from archiver.clock import SystemClock

    (alert,) = _chosen(setting, (name,))
    now = SystemClock().now()
    letter = sample(setting.config, alert, now)
    if dry_run:
        click.echo(f"{letter.subject}\n\n{letter.text}", nl=False)
        return
    _check(setting, (alert,))
    post, failed = ways(setting.config, os.environ), False
    for receiver in receivers(alert).values():
        outcome = post.send(receiver, letter, alert, now)
        failed |= not isinstance(outcome, Sent)
        click.echo(f"{receiver}: {'sent' if isinstance(outcome, Sent) else outcome.why}")
    sys.exit(1 if failed else 0)


@alert_command.command("send")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--dry-run", is_flag=True, help="Print what would be told next; send and note nothing.")
@click.option("--again", is_flag=True, help="Send also what was given up, or may have arrived, once more.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def send_command(setting: Setting, names: tuple[str, ...], dry_run: bool, again: bool, as_json: bool) -> None:
    """Look for what is new, and send what is due: of all alerts, or those of these names.

    An alert's first look notes where it begins, and tells nothing of the past. Exit code 1: something was given up, or
    may have arrived and is not sent again by itself.
    """
    alerts = _chosen(setting, names)
    if not alerts and not as_json:
        click.echo(_none(setting))
    if dry_run:
        _print_next(setting, alerts)
        return
    _check(setting, alerts)
    reports = _send(setting, alerts, again=again)
    if as_json:
        print_lines({"alert": report.alert, **report.states} for report in reports)
    else:
        for report in reports:
            said = ", ".join(f"{count} {SAID.get(state, state)}" for state, count in sorted(report.states.items()))
            click.echo(f"{report.alert}: {said or 'nothing to send'}")
    sys.exit(1 if any(report.needs_a_person for report in reports) else 0)


@alert_command.command("drop")
@click.argument("name")
@click.pass_obj
def drop_command(setting: Setting, name: str) -> None:
    """Let go of the messages of NAME that were given up or may have arrived."""
    from archiver.store import alerting, open_archive

    (alert,) = _chosen(setting, (name,))
    setting.existing_archive()
    with open_archive(setting.archive) as archive:
        count = archive.write(lambda conn: alerting.drop(conn, alert.name))
    click.echo(f"{alert.name}: {count} dropped")


SAID = {"due": "to be tried again", "unsure": "may have arrived", "failed": "given up"}


def _chosen(setting: Setting, names: Sequence[str]) -> tuple["Alert", ...]:
    """The alerts of these names, or all. Raises UsageError."""
    from archiver.config import no_such

    known = setting.config.alerts
    wrong = [no_such("alert", name, known) for name in dict.fromkeys(names) if name not in known]
    if wrong:
        raise click.UsageError("; ".join(wrong))
    return tuple(known[name] for name in dict.fromkeys(names)) or tuple(known.values())


def _none(setting: Setting) -> str:
    return f"{setting.folder / 'alerts'} holds no alert (docs/alerts.md says how to write one)."


def _check(setting: Setting, alerts: Iterable["Alert"]) -> None:
    """All that they need is there. Raises ConfigError."""
    from archiver.alerts import unready

    if mistakes := unready(setting.config, alerts, os.environ):
        raise ConfigError(mistakes)


def _send(setting: Setting, alerts: Iterable["Alert"], *, again: bool) -> "list[Report]":
    from archiver.alerts import Round, ways
    from archiver.cli.logs import configure_logs
    from archiver.clock import SystemClock
    from archiver.store import alerting, open_archive

    setting.existing_archive()
    configure_logs(as_json=False)
    clock, chosen = SystemClock(), list(alerts)
    with open_archive(setting.archive) as archive:
        if again:
            for alert in chosen:
                archive.write(partial(alerting.again, alert=alert.name, now=clock.now()))
        return Round(archive, setting.config, ways(setting.config, os.environ), clock).run(chosen)


def _print_next(setting: Setting, alerts: Iterable["Alert"]) -> None:
    """What each alert would tell next, were it due."""
    from archiver.alerts.rounds import preview
    from archiver.clock import SystemClock

    with setting.reading() as conn:
        for alert in alerts:
            letter = preview(conn, setting.config, alert, SystemClock().now())
            if letter is None:
                click.echo(f"{alert.name}: nothing to tell")
            else:
                click.echo(f"{alert.name}: {letter.subject}\n\n{letter.text}")


def _health(setting: Setting) -> dict[str, dict[str, Any]]:
    """What the archive knows of each alert; nothing where there is no archive yet."""
    from archiver.store import alerting

    if not setting.archive.exists():
        return {}
    with setting.reading() as conn:
        return {row["alert"]: row for row in alerting.health(conn)}


def _row(alert: "Alert", health: dict[str, Any]) -> dict[str, object]:
    rhythm = alert.rhythm
    when = f" {rhythm.at:%H:%M} {rhythm.zone}" if rhythm.every in ("day", "week") else ""
    counts = {name: health.get(name, 0) for name in ("waiting", "due", "unsure", "failed", "sent")}
    return {
        "alert": alert.name,
        "title": alert.title,
        "when": (f"every {rhythm.every}" if rhythm.every else "at once") + when,
        "mail": len(alert.to),
        "webhooks": len(alert.webhooks),
        "services": len(alert.services),
        **counts,
        "last_sent": health.get("last_sent"),
        "trouble": health.get("trouble"),
    }
