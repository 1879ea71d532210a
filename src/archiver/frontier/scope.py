"""Does this URL belong? Yes or no, with the reason in words; and which section a URL falls in.

A pattern is the beginning of a URL, or a glob over the whole of it where it holds `*`, `?` or `[`. Both are compared
without scheme and 'www.', with aliases turned into the main host, so that one line covers every spelling of a site.
A pattern that begins with '/' is about path and query only. Pure.
"""

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, urlsplit

from archiver import urls
from archiver.frontier import sites, traps
from archiver.frontier.sites import hosts
from archiver.model import Role, Section, Source

__all__ = ["Admission", "decide", "fits", "hosts", "is_endless", "is_loopback", "is_private", "section_of"]

LONGEST = 2_000
"""Characters of path and query: what old browsers and most servers take, and more than any page needs."""
_LOCAL = re.compile(r"(?:localhost|.*\.(?:localhost|local|internal|lan|home\.arpa))\Z")
_WILD = re.compile(r"[*?\[]")
_HEAD = re.compile(r"[^/]*://")
CONFIGURED: frozenset[Role] = frozenset({"robots", "sitemap", "feed"})


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a URL belongs, and why."""

    ok: bool
    reason: str
    trap: bool = False  # refused as one of endlessly many


def decide(source: Source, url: str, depth: int, attachment: bool = False, role: Role = "page") -> Admission:
    """Whether the source may ask for this URL, found `depth` links from a seed.

    `attachment`: the URL is a document linked from a page in scope; it belongs wherever on the source's hosts it
    lies, for a CMS keeps all files in one folder. It may lie one link deeper than the deepest page.
    """
    parsed = urls.parse(url) or ""
    if refusal := _unfit(source, parsed):
        return Admission(False, refusal)
    key, site = urls.key(parsed), sites.site(source)
    home = site.home(sites.netloc(parsed))
    if key in site.named:
        return Admission(True, "named in the configuration")
    if home not in site.homes:
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


def is_endless(source: Source, key: str) -> bool:
    """Whether the operator says that addresses like this may be as many as they like: none of them is a trap."""
    home = sites.home(source, sites.netloc(key))
    return any(_fits(p, _spelling(p, key, home)) for p in source.scope.endless)


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
    if depth > 0 and (trap := traps.by_form(key)) and not is_endless(source, key):
        return Admission(False, trap, trap=True)
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
    return pattern if _WILD.search(host) else sites.home(source, _as_asked(host)) + slash + rest


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
        named = host if _WILD.search(host) or not host else sites.bare(_as_asked(host))
        return re.compile(translate(_escape(named + slash + rest)))
    parts = urlsplit(urls.key(f"https://{host or 'h'}{slash}{rest}"))
    return (sites.bare(parts.netloc) if host else "") + parts.path


def _as_asked(host: str) -> str:
    """A host (perhaps with a port) as it stands in a URL that is asked for: 'åre.se' is 'xn--re-xia.se'."""
    parsed = urls.parse(f"https://{host}/")
    return sites.netloc(parsed) if parsed else host


def _escape(text: str) -> str:
    """Letters beyond ASCII as they stand in a URL that is sent."""
    return quote(text, safe="".join(map(chr, range(33, 127))))
