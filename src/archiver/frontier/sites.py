"""Which hosts are one site's: 'www.', a trailing dot and the configured aliases folded away. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from archiver import urls
from archiver.model import Source

_WORLD_WIDE = re.compile(r"(?:www\d?\.)+(?=[^.]+\.)")
"""Repeated, and only before a name with a dot of its own: 'www.se' is a domain."""
_LAST_DOT = re.compile(r"\.+(?=:|\Z)")


@dataclass(frozen=True, slots=True)
class Site:
    """The hosts of a source, with their ports: another port is another server."""

    main: str  # of the first seed; '' where there is none
    places: tuple[str, ...]  # of seeds, scope and aliases, as configured
    aliases: frozenset[str]  # bare
    homes: frozenset[str]  # bare, aliases turned into the main host
    named: frozenset[str]  # keys of the sitemaps and feeds the configuration names, on whatever host
    hosts: frozenset[str]  # without ports and 'www.': a link to any other leads away

    def home(self, name: str) -> str:
        """The bare host under which a host of the source is known: an alias is the main site."""
        folded = bare(name)
        return bare(self.main) if folded in self.aliases else folded


@lru_cache(maxsize=1024)
def site(source: Source) -> Site:
    """The hosts of a source."""
    named = (*(seed.url for seed in source.seeds), *source.scope.include)
    found = [netloc(parsed) for url in named if (parsed := urls.parse(url)) and urls.is_web(parsed)]
    aliases = frozenset(map(bare, source.aliases))
    main = found[0] if found else ""
    places = tuple(dict.fromkeys([*found, *(alias.lower() for alias in source.aliases)]))
    homes = frozenset(bare(main if bare(name) in aliases else name) for name in places)
    named_lists = frozenset(map(urls.key, (*source.sitemaps, *source.feeds)))
    return Site(main, places, aliases, homes, named_lists, frozenset(map(urls.same_site_host, _hosts(places))))


def hosts(source: Source) -> tuple[str, ...]:
    """The hosts of a source as configured, without ports: of its seeds, its scope, its aliases."""
    return tuple(dict.fromkeys(_hosts(site(source).places)))


def home(source: Source, name: str) -> str:
    """The bare host under which a host of the source is known: an alias is the main site."""
    return site(source).home(name)


def netloc(url: str) -> str:
    """Host and port of a parsed URL, without credentials; an IPv6 address keeps its brackets."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def bare(name: str) -> str:
    """A host (perhaps with a port) without 'www.' and without the dot of the root: `bare(bare(n)) == bare(n)`."""
    return _WORLD_WIDE.sub("", without_last_dot(name.lower()), count=1)


def _hosts(places: Iterable[str]) -> Iterator[str]:
    """Hosts with ports, without these."""
    return (urlsplit(f"//{name}").hostname or name for name in places)


def without_last_dot(name: str) -> str:
    """A host (perhaps with a port) without the dot of the root, which names the same server."""
    return _LAST_DOT.sub("", name)
