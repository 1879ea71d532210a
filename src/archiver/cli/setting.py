"""What every command shares: where the configuration and the archive are, and how to print for a program."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.errors import NotFound

if TYPE_CHECKING:
    from archiver.config import Config


class Setting:
    """Where this call's configuration and archive are; both are looked at only when asked for."""

    def __init__(self, folder: Path | None, archive: Path | None) -> None:
        self._folder = folder
        self._archive = archive

    @cached_property
    def folder(self) -> Path:
        """The configuration folder: the one named, else ./config, else the one packed with the program."""
        if self._folder is not None:
            return self._folder
        here = Path("config")
        if here.is_dir():
            return here
        from archiver.config import packaged

        return packaged()

    @cached_property
    def config(self) -> "Config":
        """The whole configuration, checked. Raises ConfigError with every mistake."""
        from archiver.config import load

        return load(self.folder)

    @property
    def archive(self) -> Path:
        """The archive file: the one named, else what the configuration says."""
        return self._archive if self._archive is not None else self.config.database

    def existing_archive(self) -> Path:
        """The archive file, which must be there: for commands that only read."""
        if not self.archive.exists():
            raise NotFound(f"There is no archive at {self.archive} yet. `archiver crawl` makes one.")
        return self.archive


def print_json(value: object) -> None:
    """One JSON object on one line of standard output, UTF-8."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def print_lines(objects: Iterable[Mapping[str, object]]) -> int:
    """One JSON object a line; how many there were."""
    count = 0
    for value in objects:
        print_json(value)
        count += 1
    return count


class Moment(click.ParamType[datetime]):
    """A day or a time, as '2026-03-02' or '2026-03-02T06:00Z'; a day is its beginning (or end) in UTC."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware datetime, UTC, whole seconds."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time; write 2026-03-02 or 2026-03-02T06:00:00Z", param, ctx)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0)
