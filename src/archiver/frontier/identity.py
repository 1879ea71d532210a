"""Which addresses are one page: the key of a page, and the rule that led there.

Theory. An address is one URL we may ask for (`urls.key`); a page is one thing that may answer at many. The page's key
is a URL in a fixed form that need not answer itself: https, no 'www.', aliases turned into the main host, parameters
that choose no content gone, then the CMS's own rule. Folding too little gives one page two histories, which a person
can join later ([[same]]); folding too much mixes two pages for ever. So a rule folds only what its CMS is known to
serve alike, and everything unknown stays apart. `key(key(u)) == key(u)`. Pure.
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import translate
from functools import lru_cache
from urllib.parse import urlsplit

from archiver import urls
from archiver.errors import RuleError
from archiver.frontier import sites
from archiver.model import Profile, Source

Identity = Callable[[str], tuple[str, str]]
"""From a URL without its noise to (key, why); why is 'own' or 'node-id'."""

_PRINTED = re.compile(r"(\.html)(?:\.printable)+\Z")
"""Sitevision's page to print (seen at Torsby)."""
_PORTLET = re.compile(r"\A/sitevision/proxy(/.+?)/svid12_[0-9a-f]+/-?\d+(?:/.*)?\Z")
"""One portlet of a Sitevision page, asked for by itself."""
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)\Z", re.I)
_NODE_PAGE = re.compile(r"/(?:[^/]*\.)?([45]\.[0-9a-f]{15,32})\.html\Z")
"""Sitevision pages (4.) and articles (5.): node ids have 17 to 24 digits, and nothing else in a slug looks so.
Short numbers ('.1670.html') are left alone: 'budget.2019.html' would be joined with every other page of 2019."""
_NODE_FILE = re.compile(r"\A/download/(18\.[0-9a-f]{10,32})(?:/.*)?\Z")
"""Sitevision files: /download/18.<node>/<epoch in ms>/<name>. A new number or name is a new revision of the file."""
_NODE_NUMBER = re.compile(r"\A/download/18\.[0-9a-f]{10,32}/(\d{10,16})(?:/|\Z)")
_UPPER = re.compile(r"%[0-9A-Fa-f]{2}|[A-Z]+")


def plain(url: str) -> tuple[str, str]:
    """Nothing folded but what is folded for all."""
    return url, "own"


def folded(url: str) -> tuple[str, str]:
    """The trailing slash and the index file folded away, for systems that route both spellings to one page."""
    parts = urlsplit(url)
    path = parts.path
    while (shorter := _own_path(_INDEX.sub("/", path).rstrip("/"))) != path:
        path = shorter
    return _put(url, path or "/", parts.query), "own"


def sitevision(url: str) -> tuple[str, str]:
    """Host and node id where the URL shows one: slug and place in the menu may change, the node stays."""
    url = folded(url)[0]
    parts = urlsplit(url)
    if file := _NODE_FILE.match(parts.path):
        return _put(url, f"/download/{file[1]}", ""), "node-id"
    if page := _NODE_PAGE.search(parts.path):
        return _put(url, f"/{page[1]}.html", parts.query), "node-id"
    return url, "own"


def optimizely(url: str) -> tuple[str, str]:
    """As `folded`, and letter case of the path aside: its routing, like that of all IIS, does not see it."""
    parts = urlsplit(url)
    lowered = _UPPER.sub(lambda m: m[0] if m[0].startswith("%") else m[0].lower(), parts.path)
    return folded(_put(url, lowered, parts.query))


IDENTITIES: dict[str, Identity] = {
    "plain": plain,
    "folded": folded,
    "sitevision": sitevision,
    "municipio": folded,  # WordPress redirects the one spelling to the other
    "wordpress": folded,
    "drupal": folded,
    "optimizely": optimizely,
}


def page_key(url: str, profile: Profile, source: Source) -> tuple[str, str]:
    """The key of the page that answers at this URL, and why: own, node-id, variant, host-alias or same-as.

    Raises RuleError where the profile names an identity nobody knows.
    """
    key, why = _identify(url, profile, source)
    if not source.same:
        return key, why
    moves = _moves(profile, source)
    seen: set[str] = set()
    while key in moves and key not in seen:
        seen.add(key)
        key, why = _identify(moves[key], profile, source)[0], "same-as"
    return key, why


def file_number(url: str, profile: Profile) -> str | None:
    """The number that a file's address carries beside its identity: another number is another revision of the file.

    None where the CMS is not known to number its files (Sitevision does, by the moment of the upload), or this is none.
    """
    if profile.identity != "sitevision":
        return None
    found = _NODE_NUMBER.match(urlsplit(url).path)
    return found[1] if found else None


def address(url: str, profile: Profile) -> str:
    """The URL to ask for instead of this one: without parameters that choose no content, not the page to print."""
    parsed = urls.parse(url)
    if parsed is None or not urls.is_web(parsed):
        return url
    parts = urlsplit(urls.without_fragment(parsed))
    path = _own_path(parts.path)
    query = "&".join(p for p in parts.query.split("&") if p and not _is_noise(p.partition("=")[0], profile))
    return f"{parts.scheme}://{parts.netloc}{path}" + (f"?{query}" if query else "")


def is_variant(url: str, profile: Profile, source: Source) -> bool:
    """Whether the URL is but another view of a page that `address` names: printed, one portlet, a noise parameter.

    Never true for a spelling that may be the page's only one (a trailing slash, http, another host).
    """
    del source  # no rule needs it yet; one signature with page_key
    return urls.key(url) != urls.key(address(url, profile))


@lru_cache(maxsize=256)
def _moves(profile: Profile, source: Source) -> Mapping[str, str]:
    """From the key of each old URL to the new URL."""
    return {_identify(old, profile, source)[0]: new for old, new in source.same}


def _identify(url: str, profile: Profile, source: Source) -> tuple[str, str]:
    """The key before moves that an operator told us of."""
    rule = IDENTITIES.get(profile.identity)
    if rule is None:
        raise RuleError(f"profile {profile.name}: no identity is called {profile.identity!r}")
    asked = urls.key(url)
    own = urls.key(address(asked, profile))
    if not urls.is_web(own):
        return asked, "own"
    name, home = sites.netloc(own), sites.home(source, sites.netloc(own))
    parts = urlsplit(own)
    key, why = rule(f"https://{home}{_own_path(parts.path)}" + (f"?{parts.query}" if parts.query else ""))
    if why != "own":
        return key, why
    return key, "host-alias" if _is_other_host(name, home, source) else "variant" if asked != own else "own"


def _is_other_host(name: str, home: str, source: Source) -> bool:
    """Whether the host is an alias or the 'www.' twin of the source's own."""
    main = sites.site(source).main
    return home == sites.bare(main) and name != main


def _own_path(path: str) -> str:
    """The path of the page of which this is a variant; the path itself where it is none."""
    while (shorter := _PORTLET.sub(r"\1", _PRINTED.sub(r"\1", path))) != path:
        path = shorter
    return path


def _is_noise(name: str, profile: Profile) -> bool:
    """Whether a parameter chooses no content; `keep` has the last word."""
    strip, keep = _globs(profile.strip), _globs(profile.keep)
    return bool(strip and strip.match(name)) and not (keep and keep.match(name))


@lru_cache(maxsize=1024)
def _globs(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return re.compile("|".join(translate(p) for p in patterns), re.I) if patterns else None


def _put(url: str, path: str, query: str) -> str:
    head = url[: url.index("/", len("https://"))]
    return head + path + (f"?{query}" if query else "")
