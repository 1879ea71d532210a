"""Why two addresses may be one page: the difference between them, in words by which others like it are known. Pure."""

import re
from collections.abc import Iterable
from itertools import product
from urllib.parse import parse_qsl, urlsplit

from archiver.frontier import sites

MANY = 5
"""Addresses with one text from which no pair of them is told: it is rather a text that says nothing of its page."""
_PRINT = re.compile(r"print|utskrift|skriv-?ut|druck|tulosta", re.I)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)\Z", re.I)


def cause(one: str, other: str) -> str:
    """How the two addresses differ; '' where that is nothing we have a word for."""
    a, b = urlsplit(one), urlsplit(other)
    hosts = sorted({sites.bare(a.netloc), sites.bare(b.netloc)})
    if len(hosts) > 1:
        return f"hosts {hosts[0]} and {hosts[1]}" if (a.path, a.query) == (b.path, b.query) else ""
    if bool(_PRINT.search(a.path + a.query)) != bool(_PRINT.search(b.path + b.query)):
        return "a page to print"
    if a.path == b.path:
        names = sorted({name for name, _ in _pairs(a.query) ^ _pairs(b.query)})
        return f"parameter {', '.join(names[:3])}" if names else ""
    return _by_path(a.path, b.path) if a.query == b.query else ""


def folded(groups: Iterable[Iterable[str]]) -> list[tuple[str, str, str, int]]:
    """Addresses that show the same, by what sets them apart: cause, two of them, and how many such pairs there are.

    The shortest address of a group stands for the page; the commonest cause comes first.
    """
    found: dict[str, tuple[str, str, int]] = {}
    for group in groups:
        ordered = sorted(set(group), key=lambda url: (len(url), url))
        others = ordered[1:]
        for first, other in product(ordered[:1], others):
            why = cause(first, other)
            if not why:
                why = f"{first} and others" if len(others) > MANY else f"{first} and {other}"
            one, two, pairs = found.get(why, (first, other, 0))
            found[why] = (one, two, pairs + 1)
    told = [(why, one, two, pairs) for why, (one, two, pairs) in found.items()]
    return sorted(told, key=lambda row: (-row[3], row[0]))


def _pairs(query: str) -> set[tuple[str, str]]:
    return set(parse_qsl(query, keep_blank_values=True)) if query else set()


def _by_path(one: str, other: str) -> str:
    """How two paths of one host differ."""
    if one.rstrip("/") == other.rstrip("/"):
        return "a slash at the end"
    if _INDEX.sub("/", one).rstrip("/") == _INDEX.sub("/", other).rstrip("/"):
        return "an index file"
    if one.casefold() == other.casefold():
        return "letter case"
    return "two places in the menu" if one.rpartition("/")[2] == other.rpartition("/")[2] != "" else ""
