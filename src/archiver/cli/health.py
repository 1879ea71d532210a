"""`archiver status`, `plan`: how the archive is getting on, and what it will ask for next."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from archiver.cli.setting import Setting, print_json

if TYPE_CHECKING:
    from sqlite3 import Connection

    from archiver.config import Config

Row = Mapping[str, Any]
AHEAD = timedelta(hours=24)
FIRST = 20
"""Addresses that a plan names."""


_AGE = re.compile(r"(\d{1,5})\s*([mhd])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Age(click.ParamType[timedelta]):
    """A span: '36h', '2d', '90m'."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """The span."""
        if isinstance(value, timedelta):
            return value
        found = _AGE.match(str(value).strip())
        if found is None:
            self.fail(f"{value!r} is not a span; write 36h, 2d or 90m", param, ctx)
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


@click.command("status")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--metrics", is_flag=True, help="In the text form that Prometheus reads.")
@click.option("--fail-if-older-than", "oldest", type=Age(), metavar="SPAN",
              help="Exit 1 where a source was not well seen for so long: 36h, 2d.")  # fmt: skip
@click.pass_obj
def status_command(
    setting: Setting, names: tuple[str, ...], as_json: bool, metrics: bool, oldest: timedelta | None
) -> None:
    """How each source is getting on: last well seen, what is due and overdue, what failed, how the file grows.

    For cron or systemd: `archiver status --fail-if-older-than 36h` says nothing of what is well, and exits 1 with the
    names of the sources that were not.
    """
    from archiver.clock import SystemClock
    from archiver.store import alerting, health

    if as_json and metrics:
        raise click.UsageError("--json and --metrics are two forms: say one of them")
    now = SystemClock().now()
    chosen = setting.chosen(names)
    with setting.reading() as conn:
        rows = [health.of_source(conn, name, now) for name in chosen]
        full = spent(conn, setting.config, chosen, now)
        rows = [row | {"spent": full.get(row["source"], 0)} for row in rows]
        file = health.of_file(conn, now)
        alerts = [row for row in alerting.health(conn) if row["alert"] in setting.config.alerts]
    stale = [row for row in rows if oldest is not None and _is_older(row, now - oldest)]
    if as_json:
        print_json({"at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "sources": rows, "file": file, "alerts": alerts})
    elif metrics:
        click.echo("\n".join(exposition(rows, file, alerts)))
    elif oldest is None:
        from archiver.cli.tell import tell_status

        tell_status(rows, file, alerts)
    for row in stale:
        click.echo(f"{row['source']}: last well seen {row['last_good'] or 'never'}", err=True)
    sys.exit(1 if stale else 0)


def spent(conn: "Connection", config: "Config", names: Sequence[str], now: datetime) -> dict[str, int]:
    """How many hosts of each source were asked today as often as they may be; only sources with a budget."""
    from archiver.store import health

    budgets = {name: budget for name in names if (budget := config.sources[name].budget)}
    asked = asked_today(conn, config, now) if budgets else {}
    return {
        name: sum(asked.get(host, 0) >= budget for host in health.hosts(conn, name)) for name, budget in budgets.items()
    }


def _is_older(row: Row, bound: datetime) -> bool:
    return row["last_good"] is None or row["last_good"] < f"{bound:%Y-%m-%dT%H:%M:%SZ}"


def exposition(rows: Sequence[Row], file: Row, alerts: Sequence[Row] = ()) -> Iterator[str]:
    """The status as metrics (Prometheus text exposition format, version 0.0.4)."""
    for name, what in METRICS.items():
        yield f"# HELP archiver_{name} {what}"
        yield f"# TYPE archiver_{name} gauge"
        for row in rows:
            value = row[name]
            if name == "last_good":
                value = datetime.fromisoformat(value).timestamp() if value else "NaN"
            yield f'archiver_{name}{{source="{row["source"]}"}} {value}'
    for name, what in ALERTS.items():
        yield f"# HELP archiver_alert_{name} {what}"
        yield f"# TYPE archiver_alert_{name} gauge"
        for row in alerts:
            yield f'archiver_alert_{name}{{alert="{row["alert"]}"}} {row[name]}'
    for name, value in file.items():
        yield f"# TYPE archiver_{name} gauge"
        yield f"archiver_{name} {value}"


def asked_today(conn: "Connection", config: "Config", now: datetime) -> dict[str, int]:
    """Requests of the present day to each host."""
    from zoneinfo import ZoneInfo

    from archiver.frontier import pace
    from archiver.store.hosts import asked_since

    return asked_since(conn, pace.day(now, ZoneInfo(config.zone))[0])


def _lasts(requests: int, host: Row) -> int:
    """Seconds that so many requests to a host take: by its delay, and by what it is asked in a day at most."""
    delay, budget = float(host["delay"]), int(host["budget"] or 0)
    days = (requests - 1) // budget if budget and requests else 0
    return max(round(requests * delay), days * 86_400)


METRICS = {
    "last_good": "When a page was last well seen, seconds since 1970.",
    "addresses": "Addresses known.",
    "due": "Addresses due now.",
    "overdue": "Addresses due for more than a day.",
    "asked": "Requests of the last 24 hours.",
    "failed": "Of these, failed or refused.",
    "unread": "Captures that wait for their reading.",
    "paused": "Hosts left alone now.",
    "spent": "Hosts that were asked today as often as their budget allows.",
}


ALERTS = {
    "due": "Messages that wait to be sent.",
    "unsure": "Messages that may have arrived, and wait for a person.",
    "failed": "Messages that were given up.",
}


@click.command("plan")
@click.argument("name", metavar="SOURCE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def plan_command(setting: Setting, name: str, as_json: bool) -> None:
    """What would be asked of SOURCE in the next 24 hours, and how long a full pass takes. Fetches nothing.

    Before the first crawl only seeds and sitemaps are known: what they lead to comes on top.
    """
    from archiver.clock import SystemClock

    setting.chosen((name,))
    now = SystemClock().now()
    found = outlook(setting, name, now)
    if as_json:
        print_json(found)
        return
    from archiver.cli.tell import tell_plan

    tell_plan(found)


def outlook(setting: Setting, name: str, now: datetime) -> dict[str, Any]:
    """Hosts with what is due and how long that takes in seconds; the first addresses; the longest host's full pass."""
    from archiver.store import health

    source = setting.config.sources[name]
    hosts: list[dict[str, Any]] = []
    first: list[dict[str, Any]] = []
    asked: Mapping[str, int] = {}
    if setting.archive.exists():
        with setting.reading() as conn:
            hosts = health.outlook(conn, name, now + AHEAD)
            first = health.first_due(conn, name, now + AHEAD, FIRST)
            asked = asked_today(conn, setting.config, now) if source.budget else {}
    if not hosts:
        urls = [*source.sitemaps, *source.feeds, *(seed.url for seed in source.seeds)]
        first = [{"due_at": None, "url": url, "role": "page"} for url in urls[:FIRST]]
    for host in hosts:
        host["delay"] = max(source.delay, (host.pop("delay_ms") or 0) / 1000)
        host["sharing"] = max(host["sharing"] or 0, 0)
        host["budget"], host["asked_today"] = source.budget, asked.get(host["host"], 0) if source.budget else None
        host["seconds_due"] = _lasts(host["due"], host)
        host["seconds_full"] = _lasts(host["addresses"], host)
    return {
        "source": name,
        "hosts": hosts,
        "first": first,
        "due": sum(host["due"] for host in hosts),
        "seconds_due": max((host["seconds_due"] for host in hosts), default=0),
        "seconds_full": max((host["seconds_full"] for host in hosts), default=0),
    }
