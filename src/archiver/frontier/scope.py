"""Does this URL belong? Yes or no, with the reason in words; and which section a URL falls in.

A pattern is the beginning of a URL, or a glob over the whole of it where it holds `*`, `?` or `[`. Both are compared
without scheme and 'www.', with aliases turned into the main host, so that one line covers every spelling of a site.
A pattern that begins with '/' is about path and query only. Pure.
"""

import re
from collections import Counter
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from itertools import pairwise
from urllib.parse import parse_qsl, quote, urlsplit

from archiver import urls
from archiver.frontier import sites
from archiver.frontier.sites import hosts
from archiver.model import Role, Section, Source

__all__ = ["Admission", "decide", "fits", "hosts", "is_loopback", "is_private", "section_of"]

LONGEST = 2_000
"""Characters of path and query: what old browsers and most servers take, and more than any page needs."""
REPEATS = 3
"""How often one path segment (or twice as often, a pair) may stand in a path before it is a loop of links."""
PARAMETERS = 12
DATED = 3
"""Parameters that name a time, a whole date counted twice: year, month and day, or a span of two dates, are one of
endlessly many views of a calendar. A year and a month may be a news archive."""
_CALENDAR = re.compile(
    r"(?:year|month|day|week|date|datum|ar|år|manad|månad|vecka|dag|from|to|tom|start|end|slut|"
    r"(?:start|end|event|cal|from|to|tribe-bar-|tribe_)[-_]?(?:date|datum|day|month|year))\Z",
    re.I,
)
_NUMBER = re.compile(r"\d{1,4}(?:[-./]\d{1,2})?\Z")
_DATE = re.compile(r"(?:\d{4}[-./]?\d{2}[-./]?\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?:[T ][\d:.Z+-]*)?\Z")
_LOCAL = re.compile(r"(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))\Z")
_WILD = re.compile(r"[*?\[]")
_HEAD = re.compile(r"[^/]*://")
CONFIGURED: frozenset[Role] = frozenset({"robots", "sitemap", "feed"})


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a URL belongs, and why."""

    ok: bool
    reason: str


def decide(source: Source, url: str, depth: int, attachment: bool = False, role: Role = "page") -> Admission:
    """Whether the source may ask for this URL, found `depth` links from a seed.

    `attachment`: the URL is a document linked from a page in scope; it belongs wherever on the source's hosts it
    lies, for a CMS keeps all files in one folder. It may lie one link deeper than the deepest page.
    """
    parsed = urls.parse(url) or ""
    if refusal := _unfit(source, parsed):
        return Admission(False, refusal)
    key, home = urls.key(parsed), sites.home(source, sites.netloc(parsed))
    if key in sites.site(source).named:
        return Admission(True, "named in the configuration")
    if home not in sites.site(source).homes:
        return Admission(False, f"{urls.host(parsed)} is not a host of this source")
    if urls.path(parsed) == "/robots.txt":
        return Admission(True, "the site's own robots")
    if role in CONFIGURED and depth <= source.scope.depth + 1:  # sitemaps list sitemaps, feeds link feeds
        return Admission(True, f"the site's own {role}")
    return _within(source, key, home, depth=depth, attachment=attachment or role == "file")


def section_of(source: Source, url: str) -> Section | None:
    """The first section whose path begins the URL's path (or fits it, where it is a glob); None: no section."""
    path = urls.path(urls.key(url))
    return next((s for s in source.sections if _fits(s.path, path)), None)


def fits(pattern: str, url: str) -> bool:
    """Whether the pattern covers the URL (no aliases here)."""
    return _fits(pattern, _spelling(pattern, urls.key(url), sites.bare(sites.netloc(url))))


@lru_cache(maxsize=1024)
def is_private(host: str) -> bool:
    """Whether a host name or address is no public one: loopback, private, link-local, reserved, or without a dot."""
    try:
        ip = ip_address(host.strip("[]"))
    except ValueError:
        name = host.rstrip(".")
        return "." not in name or bool(_LOCAL.match(name))
    mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
    return not (mapped or ip).is_global


def is_loopback(host: str) -> bool:
    """Whether a host is this very machine: 127.0.0.0/8, ::1, localhost."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _unfit(source: Source, url: str) -> str | None:
    """What rules a URL out by itself, in words."""
    parts = urlsplit(url)
    if not url:
        return "not a URL"
    if not urls.is_web(url):
        return f"{parts.scheme} is not http or https"
    if "@" in parts.netloc:
        return "a user name in the URL"
    if is_private(urls.host(url)) and not source.private:
        return f"{urls.host(url)} is a private address"
    if len(parts.path) + len(parts.query) > LONGEST:
        return f"longer than {LONGEST} characters"
    return None


def _within(source: Source, key: str, home: str, *, depth: int, attachment: bool) -> Admission:
    """The verdict on a URL on one of the source's hosts, of which `home` is the one it is known under."""
    excluded = next((p for p in source.scope.exclude if _fits(p, _spelling(p, key, home))), None)
    if excluded:
        return Admission(False, f"excluded by {excluded}")
    trap = _trap(key) if depth > 0 else None
    if trap:
        return Admission(False, trap)
    if depth > source.scope.depth + (1 if attachment else 0):
        return Admission(False, f"{depth} links from a seed, and the limit is {source.scope.depth}")
    if attachment:
        return Admission(True, "a document linked from a page in scope")
    if not source.scope.include:
        return Admission(True, "on a host of this source")
    found = next((p for p in source.scope.include if _covers(source, p, key, home)), None)
    return Admission(True, f"within {found}") if found else Admission(False, "outside every pattern of scope.include")


def _covers(source: Source, pattern: str, key: str, home: str) -> bool:
    return _fits(_under_main_host(source, pattern), _spelling(pattern, key, home))


def _under_main_host(source: Source, pattern: str) -> str:
    """The pattern with an alias host turned into the main one."""
    if not source.aliases or pattern.startswith("/"):
        return pattern
    host, slash, rest = _HEAD.sub("", pattern, count=1).partition("/")
    return pattern if _WILD.search(host) else sites.home(source, host) + slash + rest


def _spelling(pattern: str, key: str, home: str) -> str:
    """The part of a URL that a pattern speaks of: path and query, or host, path and query."""
    parts = urlsplit(key)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return path if pattern.startswith("/") else home + path


def _fits(pattern: str, spelling: str) -> bool:
    test = _compile(pattern)
    if isinstance(test, re.Pattern):
        return test.match(spelling) is not None
    return spelling.startswith(test) or (test.endswith("/") and spelling.partition("?")[0] + "/" == test)


@lru_cache(maxsize=4096)
def _compile(pattern: str) -> str | re.Pattern[str]:
    """A prefix as the text that keys begin with, a glob as an expression over the whole of it."""
    host, slash, rest = _HEAD.sub("", pattern, count=1).partition("/")
    if _WILD.search(pattern):
        return re.compile(translate(_escape((host if _WILD.search(host) else sites.bare(host)) + slash + rest)))
    parts = urlsplit(urls.key(f"https://{host or 'h'}{slash}{rest}"))
    return (sites.bare(parts.netloc) if host else "") + parts.path


def _escape(text: str) -> str:
    """Letters beyond ASCII as they stand in a URL that is sent."""
    return quote(text, safe="".join(map(chr, range(33, 127))))


def _trap(url: str) -> str | None:
    """The first sign that a URL is one of endlessly many, in words."""
    parts = urlsplit(url)
    segments = [s for s in parts.path.split("/") if s]
    most = max(Counter(segments).values(), default=0)
    if most > REPEATS:
        return f"a part of the path stands there {most} times"
    pairs = max(Counter(pairwise(segments)).values(), default=0)
    if pairs >= REPEATS:
        return f"two parts of the path follow each other {pairs} times"
    query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=None) if parts.query else []
    if len(query) > PARAMETERS:
        return f"{len(query)} parameters"
    dated = sum(_names_a_time(value) for name, value in query if _CALENDAR.match(name))
    return "parameters that name a time: an endless calendar" if dated >= DATED else None


def _names_a_time(value: str) -> int:
    return 2 if _DATE.match(value) else 1 if _NUMBER.match(value) else 0
