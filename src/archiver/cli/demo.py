"""`archiver demo`: the main job, end to end, on three invented municipalities over three days. Offline."""

import asyncio
import shutil
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archiver.config import Config
    from archiver.crawl import Tally
    from archiver.demo import Towns

OURS = "# Made by `archiver demo`: three invented municipalities on this very machine."
ARCHIVER_TOML = f"""\
{OURS}
database = "archive.db"

[agent]
name = "archiver"
url  = "https://archiver.example/about"
mail = "archive@archiver.example"
"""


@click.command("demo")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"), show_default=True,
              help="Where to keep the demonstration's archive and configuration.")  # fmt: skip
def demo_command(folder: Path) -> None:
    """Crawl three invented municipalities twice a day for three days, and show what changed.

    They are served on this machine by the program itself; nothing is asked of the network. The days are simulated:
    captures carry the demonstration's times.
    """
    from archiver.cli.logs import configure_logs
    from archiver.config import load, packaged
    from archiver.demo import serve

    configure_logs(as_json=False)
    _clear(folder)
    with serve() as towns:
        _write_configuration(folder / "config", packaged(), towns)
        tallies = asyncio.run(_visit_all(load(folder / "config"), folder / "archive.db", towns))
    _tell_days(folder)
    _tell_next(folder, towns)
    sys.exit(0 if all(t.errors == 0 and t.reachable for t in tallies) else 1)


def _clear(folder: Path) -> None:
    """Remove an earlier demonstration, and nothing else that may lie there. Raises UsageError for another's folder."""
    from archiver.demo import TOWNS

    told = folder / "config" / "archiver.toml"
    is_ours = told.is_file() and told.read_text("utf-8", "replace").startswith(OURS)
    if not is_ours and any((folder / name).exists() for name in ("archive.db", "config")):
        raise click.UsageError(f"{folder} holds an archive or a configuration that no demonstration made; name another")
    if others := sorted({file.stem for file in (told.parent / "sources").glob("*.toml")} - set(TOWNS)):
        raise click.UsageError(f"{folder} has sources of your own by now ({', '.join(others)}); name another folder")
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "config", ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _write_configuration(folder: Path, packed: Path, towns: "Towns") -> None:
    for part in ("profiles", "languages"):
        shutil.copytree(packed / part, folder / part)
    for name in ("significance.toml", "coding.toml"):
        shutil.copy(packed / name, folder)
    (folder / "archiver.toml").write_text(ARCHIVER_TOML, "utf-8")
    (folder / "sources").mkdir()
    for name, toml in towns.sources().items():
        (folder / "sources" / f"{name}.toml").write_text(toml, "utf-8")


class DemoClock:
    """A clock that is put to the time of each visit; waiting makes it later at once."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The simulated present, UTC."""
        return self.moment.astimezone(UTC).replace(microsecond=0)

    def monotonic(self) -> float:
        """Seconds of the simulated time."""
        return self.moment.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Time is later; nobody waits."""
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)


async def _visit_all(config: "Config", path: Path, towns: "Towns") -> "list[Tally]":
    """Every visit of the script, in order; what each came to."""
    from archiver.cli.fetching import make_fetcher
    from archiver.crawl import Crawl, Tools
    from archiver.demo import date_of, visits
    from archiver.pool import Pool
    from archiver.store import evidence, open_archive

    clock = DemoClock(visits()[0][1])
    tallies: list[Tally] = []
    fetcher = make_fetcher(config, clock)
    with open_archive(path) as archive, Pool(config.rulebook, workers=config.workers) as pool:
        await archive.aio(partial(evidence.finish_crashed, at=clock.now()))
        tools = Tools(archive, config, fetcher, pool, clock, chance=lambda: 0.0)
        for day, moment in visits():
            towns.day, clock.moment = day, moment
            done = await asyncio.gather(*(Crawl(tools, source).run() for source in config.sources.values()))
            at = f"{date_of(day).day} {date_of(day):%B} at {moment:%H:%M} ({moment.astimezone(UTC):%H:%M} UTC)"
            click.echo(
                f"Day {day}, {at}: {sum(t.asked for t in done):2} asked for; "
                f"{sum(t.new for t in done)} new, {sum(t.changed for t in done)} changed, "
                f"{sum(t.unchanged for t in done)} unchanged, {sum(t.gone for t in done)} gone, "
                f"{sum(t.moved for t in done)} moved"
            )
            tallies += done
    await fetcher.aclose()
    return tallies


def _tell_days(folder: Path) -> None:
    """What changed, day by day."""
    from archiver.cli.setting import Setting
    from archiver.cli.tell import tell_changes
    from archiver.demo import LAST_DAY, date_of
    from archiver.store import queries, reader

    with closing(reader(folder / "archive.db")) as conn:
        for day in range(2, LAST_DAY + 1):
            since = datetime.combine(date_of(day), datetime.min.time(), UTC)
            found = list(queries.changes(conn, since=since, until=since + timedelta(days=1), newest_first=False))
            click.echo(f"\nWhat changed on day {day} ({len(found)} changes)\n")
            tell_changes(found, Setting(folder / "config", None))


def _tell_next(folder: Path, towns: "Towns") -> None:
    """What to try next on the demonstration's archive."""
    from archiver.cli.setting import Setting

    page = towns.url("sjoberga", "/kommun-och-politik/styrdokument/arvoden-och-ersattningar")
    base = Setting(folder / "config", None).command
    click.echo(f"The archive is {folder / 'archive.db'}. Try next (in .venv/bin, if you came by `make demo`):\n")
    for command in (
        f"{base} changes --class silent-edit",
        f"{base} history {page}",
        f"{base} diff {page}",
        f"{base} diff {page} --html edit.html",
        f"{base} serve",
        f"{base} verify",
    ):
        click.echo(f"  {command}")
