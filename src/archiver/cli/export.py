"""`archiver export`, `release`: the public views as files that others can work with, and cite."""

import sys
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from archiver.cli.setting import Moment, Setting, refuse_to_overwrite

if TYPE_CHECKING:
    from sqlite3 import Connection

    from archiver.transfer.export import Cut, Form

FORMS = ("csv", "jsonl", "parquet", "sqlite")
STREAMED = FORMS[:2]
ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".parquet": "parquet", ".sqlite": "sqlite", ".db": "sqlite"}
"""What a file's name says of its form."""


@click.command("export")
@click.argument("views", nargs=-1, metavar="[VIEW]...")
@click.option("--format", "form", type=click.Choice(FORMS),
              help="Form of the files; parquet needs the extra 'export'.  [default: as PATH ends, or csv]")  # fmt: skip
@click.option("--to", "target", type=click.Path(path_type=Path), metavar="PATH",
              help="A file; or a folder, made where there is none: a name without an ending is one."
              "  [default: standard output, for CSV and JSON Lines of one view]")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Write over files that are there: for an export that is repeated.")
@click.option("--all", "every", is_flag=True, help="All public views.")
@click.option("--since", type=Moment(), metavar="TIME", help="Rows of that time or later, by the view's own time.")
@click.option("--until", type=Moment(end_of_day=True), metavar="TIME", help="Rows before that time.")
@click.option("--kommun", metavar="NAME", help="Rows of one municipality, by name or code.")
@click.option("--unguarded", is_flag=True, help="CSV: leave cells that a spreadsheet takes for formulas as they are.")
@click.option("--list", "listing", is_flag=True, help="List the views and exit.")
@click.pass_obj
def export_command(
    setting: Setting, views: tuple[str, ...], form: str | None, target: Path | None, overwrite: bool, every: bool,
    since: datetime | None, until: datetime | None, kommun: str | None, unguarded: bool, listing: bool,
) -> None:  # fmt: skip
    """Public views as CSV, JSON Lines, Parquet or SQLite, each with its data dictionary.

    Columns are fixed (`archiver export --list`). What is redacted or under embargo is in none of them. Beside a file
    lies a data package: each column explained, the rows counted, the file's SHA-256, the archive's last seal.
    """
    from archiver.cli.naming import code_of
    from archiver.publish.dictionary import VIEWS
    from archiver.transfer.export import Cut, as_of_now, check_form

    if listing:
        for name, view in VIEWS.items():
            click.echo(f"{name}: a row is {view.row}")
        return
    chosen = tuple(VIEWS) if every else _known(views)
    cut = Cut(since, until, kommun)
    unfit = [problem for name in chosen if (problem := cut.unfit(name))]
    if unfit:
        raise click.UsageError("; ".join(unfit))
    meant = _form(form, target)
    if target is None and (len(chosen) > 1 or meant not in STREAMED):
        raise click.UsageError("only CSV or JSON Lines of one view goes to standard output; say --to")
    check_form(meant)
    place = _Place.of(target, chosen, meant) if target is not None else None
    for file in place.files(chosen, meant) if place else ():
        setting.check_target(file, overwrite=overwrite)
    with setting.reading() as conn, as_of_now(conn):
        cut = replace(cut, kommun=code_of(conn, kommun))
        if place is None:
            _stream(conn, chosen[0], meant, cut, guarded=not unguarded)
        else:
            _write(conn, chosen, meant, place, cut, guarded=not unguarded)


def _form(said: str | None, target: Path | None) -> "Form":
    """The form that is said, or that the file's name says; CSV where neither does. Raises UsageError."""
    ends = ENDINGS.get(target.suffix.lower()) if target is not None and not target.is_dir() else None
    if said and ends and said != ends:
        raise click.UsageError(f"{target} is a name for {ends}, and --format says {said}")
    return cast("Form", said or ends or "csv")


@dataclass(frozen=True)
class _Place:
    """Where an export goes: one file, or a folder of them."""

    path: Path
    folder: Path | None  # to be made where it is not there

    @classmethod
    def of(cls, target: Path, views: tuple[str, ...], form: "Form") -> "_Place":
        """The place that is meant. Raises UsageError."""
        several = len(views) > 1 and form != "sqlite"
        is_folder = target.is_dir() or (several and target.suffix.lower() not in ENDINGS) or not target.suffix
        if several and not is_folder:
            raise click.UsageError(f"{target} is a file's name: several views need a folder")
        if is_folder and target.exists() and not target.is_dir():
            raise click.UsageError(f"{target} is there already, and is no folder; a file's name has an ending")
        if not is_folder:
            return cls(target, None)
        return cls(target / "export.sqlite" if form == "sqlite" else target, target)

    @property
    def is_folder(self) -> bool:
        """Whether each view gets a file of its own."""
        return self.path == self.folder

    @property
    def dictionary(self) -> Path:
        """The data package beside the files."""
        if self.is_folder:
            return self.path / "datapackage.json"
        return self.path.with_name(f"{self.path.name}.datapackage.json")

    def files(self, views: tuple[str, ...], form: "Form") -> list[Path]:
        """All that will be written."""
        return [*([self.path / f"{view}.{form}" for view in views] if self.is_folder else [self.path]), self.dictionary]


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


def _stream(conn: "Connection", view: str, form: "Form", cut: "Cut", *, guarded: bool) -> None:
    from archiver.transfer.export import stream

    for piece in stream(conn, view, form, cut, guarded=guarded):
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def _write(
    conn: "Connection", views: tuple[str, ...], form: "Form", place: _Place, cut: "Cut", *, guarded: bool
) -> None:
    from archiver.clock import SystemClock
    from archiver.publish.tables import json_text
    from archiver.transfer.export import package, whole_file, write

    if place.folder is not None:
        place.folder.mkdir(exist_ok=True)
    written = write(conn, views, form, place.path, cut, guarded=guarded)
    described = package(conn, written, form, cut, SystemClock().now(), guarded=guarded)
    with whole_file(place.dictionary) as making:
        making.write_text(json_text(described), "utf-8")
    for one in written:
        click.echo(f"{one.path}: {one.view}, {one.rows} {'row' if one.rows == 1 else 'rows'}")
    click.echo(f"{place.dictionary}: the data dictionary")


@click.command("release")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", required=True, metavar="TITLE", help="What the dataset is called.")
@click.option("--author", "authors", required=True, multiple=True, metavar="NAME",
              help="A person or an organisation; may be repeated.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(FORMS[:3]), default="csv", show_default=True,
              help="Form of the tables; parquet needs the extra 'export'.")  # fmt: skip
@click.option("--release", "number", metavar="WORD", help="Its number.  [default: the day]")
@click.option("--licence", metavar="SPDX", help="The licence of the dataset, as CC-BY-4.0.")
@click.option("--url", metavar="URL", help="Where it is published.")
@click.option("--doi", metavar="DOI", help="Its DOI.")
@click.option("--kommun", metavar="NAME", help="One municipality only, by name or code.")
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
    from archiver.cli.naming import code_of
    from archiver.clock import SystemClock
    from archiver.publish.release import Release
    from archiver.transfer.export import Cut, check_form
    from archiver.transfer.release import release

    refuse_to_overwrite(folder, "a release never takes the place of another")
    check_form(cast("Form", form))

    now: datetime = SystemClock().now()
    day = f"{now:%Y-%m-%d}"
    about = Release(title, authors, day, number or day, f"archiver {__version__}", licence, url, doi)
    with setting.reading() as conn:
        written = release(conn, folder, about, cast("Form", form), now, Cut(kommun=code_of(conn, kommun)))
    rows = sum(one.rows for one in written)
    click.echo(f"{folder}: {len(written)} tables, {rows} rows. Read its README.md before you publish it.")
