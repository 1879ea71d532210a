"""What an archive's index says it has of pages: the lines of a CDX server, plain, as JSON, or as CDXJ.

Wayback's (https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server) says for each answer its key,
time, URL, type, status and digest, with a first row of names in JSON; pywb's a key, a time and a JSON object. Pure.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from archiver.warc.memento import MOST, Memento, TimeMap

_LINE = re.compile(r"(\S{1,8000}) (\d{14}) (\S.{0,16000})")
_SERVERS = (
    (re.compile(r"/cdx/search/cdx\Z"), "/web/"),  # the Wayback Machine
    (re.compile(r"[-/]cdx(?:-server)?(?:/cdx)?\Z"), "/"),  # pywb, OpenWayback: beside the collection it is of
)
"""By the end of an index's path: what stands before the time in the addresses of mementos."""


def parse_cdx(text: str, asked: str) -> TimeMap:
    """The moments that an index lists, each with its page; `asked`: the index's address, by which they are found.

    What in it is no answer of the web's is left out; what is no index has none.
    """
    prefix = _prefix(asked)
    found: list[Memento] = []
    for stamp, url in _entries(text) if prefix else ():
        at = _moment(stamp)
        if at is not None and url.startswith(("http://", "https://")):
            found.append(Memento(f"{prefix}{stamp}/{url}", at, url))
        if len(found) >= MOST:
            break
    first = min(found, key=lambda memento: memento.at, default=None)
    return TimeMap(first.original if first else None, tuple(found), ())


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Time and URL of each answer."""
    if text.lstrip().startswith("[["):
        try:
            names, *rows = json.loads(text)
            when, what = names.index("timestamp"), names.index("original")
            yield from ((str(row[when]), str(row[what])) for row in rows)
        except (ValueError, TypeError, LookupError, RecursionError):
            return
        return
    for line in text.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found is None:
            continue
        if found[3].startswith("{"):
            try:
                yield found[2], str(json.loads(found[3])["url"])
            except (ValueError, LookupError, TypeError, RecursionError):
                continue
        else:
            yield found[2], found[3].split(" ", 1)[0]


def _prefix(asked: str) -> str | None:
    parts = urlsplit(asked)
    for end, before in _SERVERS:
        if found := end.search(parts.path):
            return f"{parts.scheme}://{parts.netloc}{parts.path[: found.start()]}{before}"
    return None


def _moment(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
