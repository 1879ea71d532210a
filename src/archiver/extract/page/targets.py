"""Where a link leads: joined to its page, the same at every visit; a file, a mail address, or nowhere. Pure."""

import re
from functools import lru_cache

from archiver import urls

_REMEMBERED = 8192
"""Answers that are remembered of each kind: a site's menu is the same on every page."""
_PATH = re.compile(r"https?://[^/?#]*([^?#]*)")
_LABEL, _SEGMENT = "[a-z0-9]+(?:-[a-z0-9]+)*", r"[A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*"
_PLAIN = re.compile(
    rf"https?://(?:{_LABEL}\.)+[a-z]{{2,}}/(?:{_SEGMENT}/)*(?:{_SEGMENT})?(?:\?[A-Za-z0-9_=&.~-]+)?(?:#[A-Za-z0-9_.~-]+)?"
)
"""URLs in which there is nothing to be parsed: no port, dot segment, escape, capital or foreign letter in the host."""
_KEPT = ("http:", "https:", "mailto:", "tel:")
_WEB = ("http://", "https://")
LONGEST = 2_048
"""Characters of a target; a longer one is data, not an address."""
_DEEPEST = 30
"""Folders of a page whose links are joined quickly."""
_FILES = "pdf docx? docm dotx? xlsx? xlsm xlsb pptx? ppsx? odt ods odp rtf csv txt xml epub zip 7z rar gml geojson ics"
_FILE_PATH = re.compile(rf"\.(?:{'|'.join(_FILES.split())})(?=$|[/?#;])", re.I)
_FILE_PLACES = re.compile(
    r"/download/(?:18|19|\d+)\.|/download/|/globalassets/[^?#]+\.\w{2,4}\Z|/wp-content/uploads/[^?#]+\.\w{2,4}\Z"
    r"|/sites/default/files/|/contentassets/[^?#]+\.\w{2,4}\Z|/siteassets/[^?#]+\.\w{2,4}\Z|/media/\w+/[^?#]+\.\w{2,4}\Z",
    re.I,
)
_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|avif|bmp|ico|mp4|mp3|m4a|mov|webm)\Z", re.I)
_VISIT = re.compile(
    r"(?:_?wpnonce|nonce|_?csrf(?:_?token)?|__requestverificationtoken|phpsessid|jsessionid)(?:=|\Z)"
    r"|sid=(?=[^=]*\d)[\w,-]{16,}\Z",
    re.I,
)
"""Query parameters that are new at every visit."""
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.I)
_HIDDEN_MAIL = re.compile(r"/cdn-cgi/l/email-protection#([0-9a-f]{4,512})\Z", re.I)
_SHARES = re.compile(
    r"(?:facebook\.com/(?:sharer?|dialog)|(?:twitter|x)\.com/(?:share|intent)|linkedin\.com/(?:share|sharing)"
    r"|pinterest\.\w+/pin/create|(?:api\.)?whatsapp(?:\.com/send|://send)|t\.me/share|reddit\.com/submit"
    r"|addtoany\.com/|addthis\.com/|app-eu\.readspeaker\.com|translate\.google)|\Amailto:\?|\Ajavascript:(?:window\.)?print",
    re.I,
)
"""Where buttons lead that pass the page on, read it aloud, translate or print it."""


def target(base: str, reference: str) -> str | None:
    """Where a reference leads; None where that is nowhere we could ask: scripts, data, an empty fragment."""
    bare = reference.strip()
    if bare in {"", "#"} or len(bare) > LONGEST:
        return None
    alone = bare.startswith(_WEB) or not base.startswith(_WEB)
    return _target("", bare) if alone else _target(*_as_far_as_needed(base, bare))


def _as_far_as_needed(base: str, bare: str) -> tuple[str, str]:
    """As much of base and reference as are to be joined: the pages of a site, with one menu, then share the answer."""
    folders = _folders(base)
    if folders and bare[0] == "/":
        return folders[-1], bare
    if not folders or ":" in bare or not (bare[0].isalnum() or bare[0] == "."):
        return base, bare
    up = 0
    if bare[0] == ".":
        while bare.startswith("../", up):
            up += 3
    if not bare[up : up + 1].isalnum():
        return folders[0], bare
    return folders[min(up // 3, len(folders) - 1)], bare[up:]


@lru_cache(maxsize=64)
def _folders(base: str) -> tuple[str, ...]:
    """The folder a page stands in and those above it, up to its origin; none where its URL is unlike others."""
    path = base.partition("#")[0].partition("?")[0]
    scheme, _, host, *rest = [*path.split("/", 3), "", ""]
    if not host or "\\" in base or "/." in path or "%" in path or path.count("/") > _DEEPEST or len(path) > LONGEST:
        return ()
    names = rest[0].split("/")[:-1]
    return tuple("/".join((scheme, "", host, *names[:depth], "")) for depth in range(len(names), -1, -1))


@lru_cache(maxsize=_REMEMBERED)
def _target(base: str, bare: str) -> str | None:
    if bare[:4].lower() == "tel:":
        return "tel:" + re.sub(r"[\s()-]+", "", bare[4:])
    if "#" in bare and (found := _HIDDEN_MAIL.search(bare)):
        return f"mailto:{mail(found[1])}"
    joined = _plainly_joined(base, bare) or (urls.join(base, bare) if base else urls.parse(bare))
    if joined is None or not joined.startswith(_KEPT):
        return None
    return _without_visit(joined)


def _plainly_joined(base: str, bare: str) -> str | None:
    """Base and reference set one behind the other, where a parser would do no more: a tenth of its time."""
    if bare[0] in "?#" or base[-1:] not in {"", "/"}:
        return None
    whole = base + (bare[1:] if base and bare[0] == "/" else bare)
    return whole if _PLAIN.fullmatch(whole) else None


@lru_cache(maxsize=_REMEMBERED)
def is_file(url: str) -> bool:
    """Whether a URL is a document's, by its ending or by where a CMS keeps them. An image is no document."""
    found = _PATH.match(url)
    path = found[1] if found else ""
    if _IMAGE_PATH.search(path):
        return False
    return bool(_FILE_PATH.search(path) or _FILE_PLACES.search(path))


def passes_on(reference: str) -> bool:
    """Whether a link does something with the page and leads nowhere: it is a button of the template."""
    return ":" in reference and _shares(reference[:300])


@lru_cache(maxsize=_REMEMBERED)
def _shares(reference: str) -> bool:
    return _SHARES.search(reference) is not None


def mail(hidden: str) -> str:
    """The address behind Cloudflare's e-mail protection, which is written with another key at each visit."""
    try:
        key, *rest = bytes.fromhex(hidden)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


def _without_visit(url: str) -> str:
    """The URL without what is new at every visit: sessions and nonces."""
    if ";" in url:
        url = _PATH_SESSION.sub("", url)
    if "/(" in url:
        url = urls.VISIT_IN_PATH.sub("", url)
    if "?" not in url:
        return url
    address, hash_, fragment = url.partition("#")
    path, _, query = address.partition("?")
    kept = [p for p in query.split("&") if not _VISIT.match(p)]
    if len(kept) == query.count("&") + 1:
        return url
    return path + ("?" + "&".join(kept) if kept else "") + hash_ + fragment
