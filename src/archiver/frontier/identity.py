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
from archiver.model import Parameters, Profile, Source

Identity = Callable[[str], tuple[str, str]]
"""From a URL without its noise to (key, why); why is 'own' or 'node-id'."""

_PRINTED = re.compile(r"(\.html)(?:\.printable)+\Z")
"""Sitevision's page to print (seen at Torsby)."""
_PORTLET = re.compile(r"\A/sitevision/proxy(/.+?)/svid12_[0-9a-f]+/-?\d+(?:/.*)?\Z")
"""One portlet of a Sitevision page, asked for by itself."""
_PORTLET_NAMED = re.compile(r"sv\.target=[^&]*\Z")
"""A portlet of a Sitevision page named, and nothing asked of it: with a route or a query it is another view."""
_INDEX = re.compile(r"/(?:index\.(?:html?|php)|default\.aspx?)\Z", re.I)
_NODE_PAGE = re.compile(r"/(?:[^/]*\.)?([45]\.[0-9a-f]{15,32})\.html\Z")
"""Sitevision pages (4.) and articles (5.): node ids have 17 to 24 digits, and nothing else in a slug looks so.
Short numbers ('.1670.html') are left alone: 'budget.2019.html' would be joined with every other page of 2019."""
_NODE_FILE = re.compile(r"\A/download/(18\.[0-9a-f]{10,32})(?:/.*)?\Z")
"""Sitevision files: /download/18.<node>/<epoch in ms>/<name>. A new number or name is a new revision of the file."""
_NODE_NUMBER = re.compile(r"\A/download/18\.[0-9a-f]{10,32}/(\d{10,16})(?:/|\Z)")
API_HEADER = ("X-Requested-With", "XMLHttpRequest")
"""What a script of a page sends with a question for data."""
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


def address(url: str, profile: Profile, source: Source) -> str:
    """The URL to ask for instead of this one: without parameters that choose no content, not the page to print.

    A spelling that may be the page's only one (a trailing slash, http, another host) stays as it is.
    """
    parsed = urls.parse(url)
    if parsed is None or not urls.is_web(parsed):
        return url
    parts = urlsplit(urls.without_fragment(parsed))
    path = _own_path(parts.path)
    query = parts.query
    if query:
        rules = _rules(profile.strip, profile.keep, _told(source, sites.netloc(parsed)))
        query = "&".join(p for p in query.split("&") if p and not _is_noise(p, rules))
        if profile.identity == "sitevision" and _PORTLET_NAMED.match(query):
            query = ""
    return f"{parts.scheme}://{parts.netloc}{path}" + (f"?{query}" if query else "")


def is_api(url: str, source: Source) -> bool:
    """Whether the URL has a parameter that the source says is answered with data, to a script of the page.

    A portlet's route is: without the script's header (`API_HEADER`) its server sends the whole page around the portlet.
    """
    told = _told(source, sites.netloc(url)) if source.parameters else ()
    globs = [found for rules in told if (found := _globs(rules.api))]
    parameters = urlsplit(url).query.split("&") if globs else ()
    return any(found.match(_pair(p)) for p in parameters for found in globs)


def names_a_visit(url: str) -> bool:
    """Whether a visit's number stands in the path, which the server wants there and will forget."""
    return urls.VISIT_IN_PATH.search(urls.path(url)) is not None


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
    own = urls.key(address(asked, profile, source))
    if not urls.is_web(own):
        return asked, "own"
    parts, site = urlsplit(own), sites.site(source)
    name = sites.netloc(own)
    home = site.home(name)
    path = urls.VISIT_IN_PATH.sub("", _own_path(parts.path))
    key, why = rule(f"https://{home}{path}" + (f"?{parts.query}" if parts.query else ""))
    if why != "own":
        return key, why
    return key, "host-alias" if _is_other_host(name, home, site) else "variant" if asked != own else "own"


def _is_other_host(name: str, home: str, site: sites.Site) -> bool:
    """Whether the host is an alias or the 'www.' twin of the source's own."""
    return name != site.main and home == sites.bare(site.main)


def _own_path(path: str) -> str:
    """The path of the page of which this is a variant; the path itself where it is none."""
    if ".printable" not in path and "/proxy/" not in path:
        return path  # nearly all
    while (shorter := _PORTLET.sub(r"\1", _PRINTED.sub(r"\1", path))) != path:
        path = shorter
    return path


_Rules = tuple[tuple[re.Pattern[str], bool], ...]
"""Patterns of parameters, and whether what they fit is noise: the first that fits decides."""


def _is_noise(parameter: str, rules: _Rules) -> bool:
    """Whether a parameter chooses no content; one that no rule knows does."""
    pair = _pair(parameter)
    return next((is_noise for pattern, is_noise in rules if pattern.match(pair)), False)


def _pair(parameter: str) -> str:
    return parameter if "=" in parameter else parameter + "="


def _told(source: Source, name: str) -> tuple[Parameters, ...]:
    """What the source says of the parameters of a host."""
    if not source.parameters:
        return ()
    host, home = sites.bare(name), sites.home(source, name)
    return tuple(p for p in source.parameters if p.host is None or sites.bare(p.host) in (host, home))


@lru_cache(maxsize=1024)
def _rules(strip: tuple[str, ...], keep: tuple[str, ...], told: tuple[Parameters, ...]) -> _Rules:
    """What the operator said of the host, then the profile; in each what is kept before what is not."""
    lists = [(globs, noise) for p in told for globs, noise in (((*p.keep, *p.api), False), (p.strip, True))]
    lists += [(keep, False), (strip, True)]
    return tuple((pattern, noise) for globs, noise in lists if (pattern := _globs(globs)))


@lru_cache(maxsize=1024)
def _globs(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """The globs over 'name=value': those without a '=' are about the name, whatever the value."""
    pairs = (p if "=" in p else f"{p}=*" for p in patterns)
    return re.compile("|".join(map(translate, pairs)), re.I) if patterns else None


def _put(url: str, path: str, query: str) -> str:
    head = url[: url.index("/", len("https://"))]
    return head + path + (f"?{query}" if query else "")
