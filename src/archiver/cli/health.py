"""`archiver status`, `plan`: how the archive is getting on, and what it will ask for next."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import click

from archiver.cli.setting import Setting, print_json

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
    from archiver.store import health

    now = SystemClock().now()
    chosen = setting.chosen(names)
    with setting.reading() as conn:
        rows = [health.of_source(conn, name, now) for name in chosen]
        file = health.of_file(conn, now)
    stale = [row for row in rows if oldest is not None and _is_older(row, now - oldest)]
    if as_json:
        print_json({"at": f"{now:%Y-%m-%dT%H:%M:%SZ}", "sources": rows, "file": file})
    elif metrics:
        click.echo("\n".join(exposition(rows, file)))
    elif oldest is None:
        from archiver.cli.tell import tell_status

        tell_status(rows, file)
    for row in stale:
        click.echo(f"{row['source']}: last well seen {row['last_good'] or 'never'}", err=True)
    sys.exit(1 if stale else 0)


def _is_older(row: Row, bound: datetime) -> bool:
    return row["last_good"] is None or row["last_good"] < f"{bound:%Y-%m-%dT%H:%M:%SZ}"


def exposition(rows: Sequence[Row], file: Row) -> Iterator[str]:
    """The status as metrics (Prometheus text exposition format, version 0.0.4)."""
    for name, what in METRICS.items():
        yield f"# HELP archiver_{name} {what}"
        yield f"# TYPE archiver_{name} gauge"
        for row in rows:
            value = row[name]
            if name == "last_good":
                value = datetime.fromisoformat(value).timestamp() if value else "NaN"
            yield f'archiver_{name}{{source="{row["source"]}"}} {value}'
    for name, value in file.items():
        yield f"# TYPE archiver_{name} gauge"
        yield f"archiver_{name} {value}"


METRICS = {
    "last_good": "When a page was last well seen, seconds since 1970.",
    "addresses": "Addresses known.",
    "due": "Addresses due now.",
    "overdue": "Addresses due for more than a day.",
    "asked": "Requests of the last 24 hours.",
    "failed": "Of these, failed or refused.",
    "unread": "Captures that wait for their reading.",
    "paused": "Hosts left alone now.",
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
    if setting.archive.exists():
        with setting.reading() as conn:
            hosts = health.outlook(conn, name, now + AHEAD)
            first = health.first_due(conn, name, now + AHEAD, FIRST)
    if not hosts:
        urls = [*source.sitemaps, *source.feeds, *(seed.url for seed in source.seeds)]
        first = [{"due_at": None, "url": url, "role": "page"} for url in urls[:FIRST]]
    for host in hosts:
        host["delay"] = max(source.delay, (host.pop("delay_ms") or 0) / 1000)
        host["seconds_due"] = round(host["due"] * host["delay"])
        host["seconds_full"] = round(host["addresses"] * host["delay"])
    return {
        "source": name,
        "hosts": hosts,
        "first": first,
        "due": sum(host["due"] for host in hosts),
        "seconds_due": max((host["seconds_due"] for host in hosts), default=0),
        "seconds_full": max((host["seconds_full"] for host in hosts), default=0),
    }
