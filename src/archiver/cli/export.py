"""`archiver export`, `release`: the public views as files that others can work with, and cite."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from archiver.cli.setting import Moment, Setting

if TYPE_CHECKING:
    from archiver.transfer.export import Cut, Form

FORMS = ("csv", "jsonl", "parquet", "sqlite")
STREAMED = FORMS[:2]


@click.command("export")
@click.argument("views", nargs=-1, metavar="[VIEW]...")
@click.option("--format", "form", type=click.Choice(FORMS), default="csv", show_default=True,
              help="Form of the files; parquet needs the extra 'export'.")  # fmt: skip
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A file, or a folder for several views; CSV and JSON Lines of one view go to standard output else.",
)
@click.option("--all", "every", is_flag=True, help="All public views.")
@click.option("--since", type=Moment(), help="Rows of that time or later, by the view's own time.")
@click.option("--until", type=Moment(end_of_day=True), help="Rows before that time.")
@click.option("--kommun", help="Rows of one municipality, by name or code.")
@click.option("--unguarded", is_flag=True, help="CSV: leave cells that a spreadsheet takes for formulas as they are.")
@click.option("--list", "listing", is_flag=True, help="List the views and exit.")
@click.pass_obj
def export_command(
    setting: Setting, views: tuple[str, ...], form: str, target: Path | None, every: bool, since: datetime | None,
    until: datetime | None, kommun: str | None, unguarded: bool, listing: bool,
) -> None:  # fmt: skip
    """Public views as CSV, JSON Lines, Parquet or SQLite, each with its data dictionary.

    Columns are fixed (`archiver export --list`). What is redacted or under embargo is in none of them. Beside a file
    lies a data package: each column explained, the rows counted, the file's SHA-256, the archive's last seal.
    """
    from archiver.publish.dictionary import VIEWS
    from archiver.transfer.export import Cut

    if listing:
        for name, view in VIEWS.items():
            click.echo(f"{name}: a row is {view.row}")
        return
    chosen = tuple(VIEWS) if every else _known(views)
    cut = Cut(since, until, kommun)
    unfit = [problem for name in chosen if (problem := cut.unfit(name))]
    if unfit:
        raise click.UsageError("; ".join(unfit))
    if target is None:
        _stream(setting, chosen, form, cut, guarded=not unguarded)
    else:
        _write(setting, chosen, cast("Form", form), target, cut, guarded=not unguarded)


def _known(views: tuple[str, ...]) -> tuple[str, ...]:
    """The views named, each once; UsageError where one is none, or none is named."""
    from difflib import get_close_matches

    from archiver.publish.dictionary import VIEWS

    for name in views:
        if name not in VIEWS:
            near = get_close_matches(name, VIEWS, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else "; `archiver export --list` names them"
            raise click.UsageError(f"there is no public view '{name}'{hint}")
    if not views:
        raise click.UsageError("name a view, or say --all; `archiver export --list` names them")
    return tuple(dict.fromkeys(views))


def _stream(setting: Setting, views: tuple[str, ...], form: str, cut: "Cut", *, guarded: bool) -> None:
    from archiver.transfer.export import stream

    if len(views) > 1 or form not in STREAMED:
        raise click.UsageError("only CSV or JSON Lines of one view goes to standard output; say --to")
    with setting.reading() as conn:
        for piece in stream(conn, views[0], cast("Form", form), cut, guarded=guarded):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()


def _write(setting: Setting, views: tuple[str, ...], form: "Form", target: Path, cut: "Cut", *, guarded: bool) -> None:
    from archiver.clock import SystemClock
    from archiver.publish.tables import json_text
    from archiver.transfer.export import as_of_now, package, whole_file, write

    if len(views) > 1 and form != "sqlite" and not target.is_dir():
        raise click.UsageError(f"{target} is no folder: several views need one")
    if target.is_dir() and form == "sqlite":
        target = target / "export.sqlite"
    with setting.reading() as conn, as_of_now(conn):
        written = write(conn, views, form, target, cut, guarded=guarded)
        described = package(conn, written, form, cut, SystemClock().now(), guarded=guarded)
        beside = target / "datapackage.json" if target.is_dir() else target.with_name(f"{target.name}.datapackage.json")
        with whole_file(beside) as making:
            making.write_text(json_text(described), "utf-8")
    for one in written:
        click.echo(f"{one.path}: {one.view}, {one.rows} {'row' if one.rows == 1 else 'rows'}")
    click.echo(f"{beside}: the data dictionary")


@click.command("release")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="What the dataset is called.")
@click.option("--author", "authors", required=True, multiple=True, help="A person or an organisation; may be repeated.")
@click.option("--format", "form", type=click.Choice(FORMS[:3]), default="parquet", show_default=True,
              help="Form of the tables; parquet needs the extra 'export'.")  # fmt: skip
@click.option("--release", "number", metavar="WORD", help="Its number.  [default: the day]")
@click.option("--licence", metavar="SPDX", help="The licence of the dataset, as CC-BY-4.0.")
@click.option("--url", help="Where it is published.")
@click.option("--doi", help="Its DOI.")
@click.option("--kommun", help="One municipality only, by name or code.")
@click.pass_obj
def release_command(
    setting: Setting, folder: Path, title: str, authors: tuple[str, ...], form: str, number: str | None,
    licence: str | None, url: str | None, doi: str | None, kommun: str | None,
) -> None:  # fmt: skip
    """Make FOLDER, a dataset that can be published and cited.

    All public views as of one moment, the data dictionary, README, COVERAGE.md (what was looked at, and what was not),
    CITATION.cff, SHA256SUMS.
    """
    from archiver import __version__
    from archiver.clock import SystemClock
    from archiver.publish.release import Release
    from archiver.transfer.export import Cut
    from archiver.transfer.release import release

    now: datetime = SystemClock().now()
    day = f"{now:%Y-%m-%d}"
    about = Release(title, authors, day, number or day, f"archiver {__version__}", licence, url, doi)
    with setting.reading() as conn:
        written = release(conn, folder, about, cast("Form", form), now, Cut(kommun=kommun))
    rows = sum(one.rows for one in written)
    click.echo(f"{folder}: {len(written)} tables, {rows} rows. Read its README.md before you publish it.")
