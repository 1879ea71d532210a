"""Names that a person gives to things: a page, and what the archive holds: a source, a municipality, two states."""

import sqlite3
from collections.abc import Sequence

import click

from archiver.errors import NotFound


def web_url(text: str) -> str:
    """The URL in the form in which it is asked for. Raises UsageError."""
    from archiver import urls

    url = urls.parse(text)
    if url is None or not urls.is_web(url):
        raise click.UsageError(f"{text!r} is no http or https URL")
    return url


def known_source(conn: sqlite3.Connection, name: str | None) -> str | None:
    """The name, if the archive holds something of that source. Raises BadParameter."""
    from archiver.config import no_such
    from archiver.store import queries

    known = [str(row["id"]) for row in queries.sources(conn)]
    if name is None or name in known:
        return name
    raise click.BadParameter(f"in this archive {no_such('source', name, known)}", param_hint="--source")


def code_of(conn: sqlite3.Connection, name: str | None) -> str | None:
    """The code of the municipality that is meant, if the archive holds something of it. Raises BadParameter."""
    from archiver.asking.municipalities import find_held

    try:
        return None if name is None else find_held(conn, name).key
    except NotFound as error:
        raise click.BadParameter(str(error), param_hint="--kommun") from None


def two_ends(words: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """(URL, A, B) of what was typed: two captures need no URL, a URL alone means its last two states.

    'A..B' is A and B. Raises UsageError.
    """
    said = [part for word in words for part in (word.split("..", 1) if _is_pair(word) else [word])]
    match said:
        case _ if not all(said):
            pass
        case [url] if _is_url(url):
            return url, None, None
        case [before, after] if not (_is_url(before) or _is_url(after)):
            return None, before, after
        case [url, before, after] if _is_url(url):
            return url, before, after
    raise click.UsageError("give a URL, a URL and two of its states, or two captures (c120 c345)")


def _is_pair(word: str) -> bool:
    return ".." in word and "/" not in word


def _is_url(text: str) -> bool:
    return "." in text or "/" in text
