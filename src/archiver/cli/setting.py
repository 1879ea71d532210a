"""What every command shares: where the configuration and the archive are, and how to print for a program."""

import csv
import json
import shlex
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from archiver.errors import StoreError

if TYPE_CHECKING:
    from archiver.config import Config

HERE = Path("config")
"""The configuration of the folder one stands in."""


class Setting:
    """Where this call's configuration and archive are; both are looked at only when asked for."""

    def __init__(self, folder: Path | None, archive: Path | None) -> None:
        self._folder = folder
        self._archive = archive

    @cached_property
    def folder(self) -> Path:
        """The configuration folder: the one named, else ./config if it is one, else the one packed with the program."""
        if self._folder is not None:
            return self._folder
        if (HERE / "archiver.toml").is_file() or (HERE / "sources").is_dir():
            return HERE
        from archiver.config import packaged

        return packaged()

    @property
    def is_packed(self) -> bool:
        """Whether the configuration is the one that came with the program, which is not to be written to."""
        return self._folder is None and self.folder != HERE

    @cached_property
    def config(self) -> "Config":
        """The whole configuration, checked. Raises ConfigError with every mistake."""
        from archiver.config import load

        return load(self.folder)

    @property
    def archive(self) -> Path:
        """The archive file: the one named, else what the configuration says, else one here."""
        if self._archive is not None:
            return self._archive
        return Path(self.config.database.name) if self.is_packed else self.config.database

    def existing_archive(self) -> Path:
        """The archive file, which must be there: for commands that make none. Raises StoreError."""
        if not self.archive.exists():
            raise StoreError(f"there is no archive at {self.archive} yet: `archiver crawl` makes one")
        return self.archive

    def check_target(self, file: Path, *, overwrite: bool) -> None:
        """Raise UsageError where the file is there, unless it may be written over; the archive never is."""
        if not overwrite:
            refuse_to_overwrite(file)
        for own in (self.archive, *(self.archive.with_name(self.archive.name + end) for end in ("-wal", "-shm"))):
            if file.exists() and own.exists() and file.samefile(own):
                raise click.UsageError(f"{file} is the archive itself")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The archive, to be read only. Raises StoreError; for a fault of the file while reading too."""
        from archiver.store import explained, reader

        path = self.existing_archive()
        with explained(path), closing(reader(path)) as conn:
            yield conn

    def chosen(self, names: Iterable[str]) -> tuple[str, ...]:
        """The configured sources of these names, each once; all of them where none is named."""
        from archiver.config import no_such

        config = self.config
        wrong = [no_such("source", name, config.sources) for name in dict.fromkeys(names) if name not in config.sources]
        if wrong:
            raise click.UsageError("; ".join(wrong))
        if not config.sources:
            raise click.UsageError(f"{self.folder / 'sources'} holds no source; `archiver add <kommun>` writes one")
        return tuple(dict.fromkeys(names)) or tuple(config.sources)

    @property
    def command(self) -> str:
        """How this program was called, for the commands it proposes: 'archiver --config demo/config'."""
        words = ["archiver"]
        for option, path in (("--config", self._folder), ("--archive", self._archive)):
            words += [option, str(path)] if path is not None else []
        return shlex.join(words)


def refuse_to_overwrite(file: Path, way: str = "name another, or say --overwrite") -> None:
    """Raise UsageError where something stands at that place already: nothing is written over unasked."""
    if file.exists():
        raise click.UsageError(f"{file} is there already; {way}")


def one_form(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    """For options that say in which form to print: each by itself. Raises UsageError."""
    others = [name for name in ("as_json", "as_csv") if name != param.name and ctx.params.get(name)]
    if value and others:
        raise click.UsageError("--json and --csv are two forms: say one of them")
    return value


def is_typed(name: str) -> bool:
    """Whether the parameter of that name was typed: its default says nothing."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def print_json(value: object) -> None:
    """One JSON object on one line of standard output, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def print_lines(objects: Iterable[Mapping[str, object]]) -> int:
    """One JSON object a line; how many there were."""
    count = 0
    for value in objects:
        print_json(value)
        count += 1
    return count


def print_csv(rows: Iterable[Mapping[str, object]]) -> int:
    """A table with a line of names (RFC 4180), UTF-8; how many rows there were. What is no single value is JSON.

    Texts come from sites: one that a spreadsheet would take for a formula is made harmless, as in an export.
    """
    writer, count = csv.writer(sys.stdout, lineterminator="\r\n"), 0
    for row in rows:
        if not count:
            writer.writerow(row)
        writer.writerow(map(_cell, row.values()))
        count += 1
    sys.stdout.flush()
    return count


def _cell(value: object) -> object:
    from archiver.publish.tables import harmless

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False)
    return harmless(value) if isinstance(value, str) else value


class Moment(click.ParamType[datetime]):
    """A day or a time, as '2026-03-02' or '2026-03-02T06:00Z', UTC. A day is its beginning, or its end."""

    name = "time"

    def __init__(self, *, end_of_day: bool = False) -> None:
        self._end_of_day = end_of_day

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware datetime, UTC, whole seconds."""
        if isinstance(value, datetime):
            return value
        text = str(value).strip()
        try:
            moment = datetime.fromisoformat(text)
            aware = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            is_day = len(text) <= len("2026-03-02")
            return aware.replace(microsecond=0) + timedelta(days=1 if is_day and self._end_of_day else 0)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time; write 2026-03-02 or 2026-03-02T06:00:00Z", param, ctx)
