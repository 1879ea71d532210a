"""The error tree: what may stop us, and whose doing it is.

    ArchiverError
    +-- ConfigError     the operator's: every mistake listed, nothing started
    +-- RuleError       a profile or a language cannot be applied (bad selector, unknown name)
    +-- StoreError      the archive cannot be opened, is locked, is newer than we are, or is not ours
    |   +-- Damaged     the archive is ours, and its file is broken
    +-- EvidenceError   a stored body or chain does not hash to what was recorded
    +-- NotFound        what the person asked about is not in the archive
    +-- NotFetched      the page that the person asked for could not be had
    +-- Unconfigured    what was asked is done, but for pages of a source that no file configures any more

There is no FetchError: what a site does is a value (`model.Failure`) and becomes a row. A bug of ours is any other
exception: it costs one reading, is recorded with its traceback, and fails the tests. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class ArchiverError(Exception):
    """Anything we can explain to the person at the keyboard in one sentence."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in the configuration: where, which key, and what was expected."""

    file: str
    key: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.expected}" if self.key else f"{self.file}: {self.expected}"


class ConfigError(ArchiverError):
    """The configuration does not hold together; `mistakes` lists all that is wrong with it."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


class RuleError(ArchiverError):
    """A profile or a language names something that does not exist or does not parse."""


class StoreError(ArchiverError):
    """The archive file cannot be used as it is."""


class Damaged(StoreError):
    """The archive file is broken: some of it cannot be read."""


class EvidenceError(ArchiverError):
    """What is stored is not what was recorded: its digest differs."""


class NotFound(ArchiverError):
    """The archive holds nothing by that name."""


class Unconfigured(ArchiverError):
    """What was asked is done, and some pages could not be read again: no file configures their source any more."""


class NotFetched(ArchiverError):
    """A page that a person asked for could not be had: robots.txt bars it, or there was no answer."""
