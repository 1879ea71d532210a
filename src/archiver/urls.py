"""URLs as browsers understand them, and the canonical key under which we know an address; no policy.

Parsing and joining follow the WHATWG URL standard (ada-url). The key is ours: see `key`. Pure.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

import ada_url

SCHEMES = ("http", "https")
TRACKING = re.compile(r"(?:utm_\w*|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hsenc|_hsmi|yclid|igshid)(?:=|\Z)", re.I)
"""Query parameters that tell a server where a reader came from, and choose no content."""
SESSION = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id|cfid|cftoken)(?:=|\Z)"
    r"|sid=(?=[^=]*\d)[\w,-]{16,}\Z",
    re.I,
)
"""Query parameters that name a visit. 'sid' is also short for the Swedish word for page: it does where it is long."""
VISIT_IN_PATH = re.compile(r"/(?:\((?:[a-z]\([^/()]*\))+\))(?=/)", re.I)
"""ASP.NET's number of a visit in the path, where a browser keeps no cookies: '/(S(lit3py55t21z5v55vlm25s55))/'.
It is no part of the page, but of its address: a server that wants such a number redirects to one that has it."""
_PLACE = re.compile(r"(?:[^:/?#]*:)?//([^/?#]*)")
_MAY_BE_EVENED = re.compile(r"[?#%;]")
"""What stands in a web address that is not its own key."""
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.I)
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_WORLD_WIDE = re.compile(r"(?:www\d?\.)+(?=[^.]+\.)")
_SHORT = 2048
"""Characters of a URL up to which what it comes to is remembered: a visit asks some ten times."""
_REMEMBERED = 4096


def parse(url: str) -> str | None:
    """The URL in the form a browser would send, or None where it is not an absolute URL."""
    return _parse(url) if len(url) <= _SHORT else _parse.__wrapped__(url)


@lru_cache(maxsize=_REMEMBERED)
def _parse(url: str) -> str | None:
    try:
        return ada_url.normalize_url(url.strip())
    except ValueError:
        return None


def join(base: str, reference: str) -> str | None:
    """The reference as an absolute URL, joined as a browser joins it; None where it cannot be."""
    try:
        return ada_url.join_url(base, reference.strip())
    except ValueError:
        return None


def is_web(url: str) -> bool:
    """Whether the (parsed) URL is http or https and names a host."""
    return url.startswith(("http://", "https://")) and bool(host(url))


def host(url: str) -> str:
    """The host name of a parsed URL in lower case, without the port; '' where there is none."""
    found = _PLACE.match(url)
    return _host(found[1]) if found else ""


@lru_cache(maxsize=1024)
def _host(place: str) -> str:
    """The host name in what stands between '//' and the path: some thousand addresses have one."""
    return (urlsplit(f"//{place}").hostname or "").lower()


def lane(url: str) -> str:
    """The politeness lane of a parsed URL: its host, with the port where it is not the scheme's own."""
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    return f"{name}:{parts.port}" if parts.port else name


def origin(url: str) -> str:
    """Scheme, host and port of a parsed URL: 'https://exempel.se', for which one robots.txt speaks."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def path(url: str) -> str:
    """The path of a parsed URL, still percent-encoded; '/' at least."""
    return urlsplit(url).path or "/"


def without_fragment(url: str) -> str:
    """The URL as it is sent."""
    return url.partition("#")[0]


def same_site_host(name: str) -> str:
    """A host name without a leading 'www.': two that are equal then are one site's. 'www.se' is a domain."""
    return _WORLD_WIDE.sub("", name, count=1)


def key(url: str) -> str:
    """The canonical key of an address: two URLs with one key are asked for once.

    Dropped: fragment, default port, tracking and session parameters, an empty query. Evened out: letter case of
    scheme and host, percent-encoding (RFC 3986 section 6.2.2). Kept: scheme, path, order and values of the other
    parameters. A wrong key would join two pages for ever, so nothing else is touched. `key(key(u)) == key(u)`.
    A URL that cannot be parsed is its own key.
    """
    return _key(url) if len(url) <= _SHORT else _key.__wrapped__(url)


@lru_cache(maxsize=_REMEMBERED)
def _key(url: str) -> str:
    parsed = parse(url)
    if parsed is None:
        return url
    if parsed.startswith(("http://", "https://")) and not _MAY_BE_EVENED.search(parsed):
        return parsed
    parts = urlsplit(without_fragment(parsed))
    kept = "&".join(p for p in parts.query.split("&") if p and not _is_noise(p))
    clean = _PATH_SESSION.sub("", parts.path) or "/"
    if clean != parts.path:  # dot segments may have come to light
        return key(f"{parts.scheme}://{parts.netloc}{clean}" + (f"?{kept}" if kept else ""))
    head = f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"
    body = clean if parts.netloc else parts.path
    return head + _even(body) + (f"?{_even(kept)}" if kept else "")


def _is_noise(parameter: str) -> bool:
    """Whether a parameter ('name=value') chooses no content, wherever it stands."""
    return bool(TRACKING.match(parameter) or SESSION.match(parameter))


def _even(text: str) -> str:
    """Percent-encoding in one form: hex digits upper case, unreserved characters plain."""
    return _ESCAPE.sub(_even_escape, text) if "%" in text else text


def _even_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()
