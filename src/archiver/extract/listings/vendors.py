"""The systems that hold minutes and notices for many municipalities: which addresses are theirs, and what they send.

A seed names its reader (`{url = …, reader = "troman"}`). What it names is a system, not a page: the reader reads every
list and meeting of that system on the seed's host, each by its bytes, and a file that lies there stays a file. The
hosts are no sign: a municipality gives such a system a name of its own (DOMAIN: `forum.`, `meetings.`). Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from archiver import urls
from archiver.model import Link, Seed

FILE_KINDS = frozenset({"pdf", "docx", "odt", "ods", "xlsx", "zip", "image"})
"""What is a file wherever it comes from: a vendor's reader leaves it to the reader of its kind."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """One system: what its lists are made of, and how its addresses look (path and query)."""

    kinds: frozenset[str]  # of the bodies that its reader understands: 'json', 'html'
    pages: re.Pattern[str]  # lists, bodies, meetings, notices
    files: re.Pattern[str]  # documents
    place: re.Pattern[str]  # the beginning of everything that is this customer's


VENDORS: dict[str, Vendor] = {
    "netpublicator": Vendor(
        frozenset({"json"}),
        pages=re.compile(r"/api/public/[^/?]+/(?:read|channel)(?=[/?]|\Z)"),
        files=re.compile(r"/api/public/[^/?]+/document/"),
        place=re.compile(r"/api/public/[^/?]+/"),
    ),
    "troman": Vendor(
        frozenset({"html"}),
        pages=re.compile(r"/(?:\Z|(?:mote|moten|organisation|organisationstyp)(?=[/?]|\Z))", re.I),
        files=re.compile(r"/fil(?=[/?])", re.I),
        place=re.compile(r"/"),
    ),
    "meetingsplus": Vendor(
        frozenset({"html", "json"}),
        pages=re.compile(
            r"/(?:[\w-]+/)?(?:committees|namnder-styrelser|digital-bulletin-board|overview|announcements)(?=[/?]|\Z)"
            r"|/api/dbb/v[\d.]+/announcements(?=[/?]|\Z)",
            re.I,
        ),
        files=re.compile(r"[^?]*\?(?:.*&)?downloadMode=|/api/v[\d.]+/meetings/[^/?]+/download(?=[/?]|\Z)", re.I),
        place=re.compile(r"/"),
    ),
    "ciceron": Vendor(
        frozenset({"json"}),
        pages=re.compile(r"/json(?=[/?]|\Z)", re.I),
        files=re.compile(r"/download/document\?", re.I),
        place=re.compile(r"/"),
    ),
}  # fmt: skip
"""By the name that a seed asks for; each has its module beside this one."""


def is_own(reader: str, seed: str, url: str) -> bool:
    """Whether the URL is a list or a meeting of the system whose reader the seed names."""
    vendor = VENDORS.get(reader)
    return vendor is not None and urls.lane(url) == urls.lane(seed) and bool(vendor.pages.match(tail(url)))


def holds(reader: str, base: str, links: Iterable[Link]) -> bool:
    """Whether a page has a link of the system's own: to a list or meeting other than itself, or to a file."""
    files, own = VENDORS[reader].files, urls.key(base)
    targets = {link.target for link in links if is_web(link.target)}
    return any(
        files.match(tail(target)) or (is_own(reader, base, target) and tail(target) != "/" and urls.key(target) != own)
        for target in targets
    )


def territory(seeds: Iterable[Seed]) -> tuple[str, ...]:
    """Where a source without `scope.include` may go: what begins as a seed does; with a vendor's reader, all of that
    customer's pages. A host that other seeds share is not given away for a vendor's sake.
    """
    seeds = tuple(seeds)
    lanes = [urls.lane(seed.url) for seed in seeds]
    found = (_place(seed) if seed.reader in VENDORS and lanes.count(urls.lane(seed.url)) == 1 else seed.url
             for seed in seeds)  # fmt: skip
    return tuple(dict.fromkeys(found))


def is_web(url: str) -> bool:
    """Whether it can be asked for at all: mail and telephone are links too."""
    return url.startswith(("http://", "https://"))


def tail(url: str) -> str:
    """Path and query of a parsed URL."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _place(seed: Seed) -> str:
    begins = VENDORS[seed.reader or ""].place.match(tail(seed.url))
    return urls.origin(seed.url) + begins[0] if begins else seed.url
