"""Dates that a page declares to machines: JSON-LD, meta tags, bare `<time>` elements and its own URL.

Each function gives what it found in the order of trust, as it stood; which of it is believed is `extract.dates`' word.
Everything here is hostile input: sizes and counts are bounded, and nothing recurses over what a page nests. Pure.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from archiver.extract.dates.phrases import Lexicon, read_date
from archiver.extract.dates.stamps import read_stamp
from archiver.model import Meaning, Precision, Profile
from archiver.urls import join, parse, path, same_site_host, without_fragment

PAGE_DATES: tuple[Meaning, ...] = ("published", "updated", "reviewed", "created")

META: tuple[tuple[Meaning, tuple[str, ...]], ...] = (
    ("published", (
        "article:published_time", "og:published_time", "og:article:published_time", "datepublished",
        "dcterms.issued", "dc.date.issued", "dcterms.available", "govuk:first-published-at", "pubdate", "publishdate",
        "publish-date", "publish_date", "publication_date", "publication-date", "date_published", "rnews:datepublished",
        "sailthru.date", "parsely-pub-date", "bt:pubdate", "dc.date.published",
    )),
    ("updated", (
        "article:modified_time", "og:updated_time", "og:modified_time", "og:article:modified_time", "datemodified",
        "dcterms.modified", "dc.date.modified", "dc.modified", "govuk:public-updated-at", "moddate", "modificationdate",
        "modified-date", "modified_time", "date_modified", "rnews:datemodified", "last-modified", "last_modified",
        "lastmodified", "lastmod", "last-updated", "last_updated", "lastupdated", "revised", "govuk:updated-at",
    )),
    ("reviewed", ("lastreviewed", "last-reviewed", "review_date", "dcterms.reviewed")),
    ("created", ("dcterms.created", "dc.date.created", "datecreated", "creation_date")),
    ("other", ("date", "dc.date", "dcterms.date")),
)  # fmt: skip
"""Names of meta tags (name, property, itemprop or http-equiv, lower case) and what they mean, the surest first.

Seen in Dublin Core (DCMI terms), Open Graph's article namespace, schema.org microdata, GOV.UK, Municipio, WordPress.
A bare 'date' is the last change as often as the publication (of 14 pages on which it stood alone, 5 meant another
day): it is kept and not believed, unless a profile knows better.
"""
JSONLD: tuple[tuple[str, Meaning], ...] = (
    ("datePublished", "published"), ("dateModified", "updated"),
    ("lastReviewed", "reviewed"), ("dateCreated", "created"),
)  # fmt: skip
PAGE_TYPES = frozenset({
    "Article", "NewsArticle", "BlogPosting", "SocialMediaPosting", "LiveBlogPosting", "Report", "ReportageNewsArticle",
    "AnalysisNewsArticle", "BackgroundNewsArticle", "OpinionNewsArticle", "TechArticle", "ScholarlyArticle",
    "SpecialAnnouncement", "GovernmentService", "WebPage", "AboutPage", "ContactPage", "CollectionPage", "FAQPage",
    "ItemPage", "QAPage", "MedicalWebPage", "CheckoutPage", "ProfilePage", "SearchResultsPage", "WebContent", "Guide",
})  # fmt: skip
"""Types of schema.org that can be the page itself. Postings of jobs, events, videos and comments are things *on* it."""
INWARDS = ("@graph", "mainEntity", "mainEntityOfPage")
"""The keys under which the page itself may be nested; all other nesting leads to other things."""
MOST_JSON = 400_000
"""Characters of one JSON-LD script that are read."""
MOST_NODES = 200
MOST_URL = 2_048
MOST_RAW = 80
"""Characters of a declared date that are kept."""
_CDATA = re.compile(r"\A\s*(?://)?\s*(?:<!--|<!\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*\Z")

STAMP_NAMES: Mapping[str, Meaning] = {
    "datepublished": "published", "date-published": "published", "published": "published", "entry-date": "published",
    "dt-published": "published", "pubdate": "published", "publish-date": "published", "published-date": "published",
    "post-date": "published", "datemodified": "updated", "date-modified": "updated", "dateupdated": "updated",
    "updated": "updated", "modified": "updated", "dt-updated": "updated", "last-updated": "updated",
    "updated-date": "updated", "modified-date": "updated", "dc:date": "published", "dcterms:issued": "published",
    "dc:issued": "published", "dcterms:modified": "updated", "dc:modified": "updated", "datecreated": "created",
}  # fmt: skip
"""itemprop, property and class words of a bare `<time>`. 'entry-date published updated' is WordPress' way to say that
the post was never altered: the first word in the order of this table counts. 'dc:date dc:created' is how Drupal 7 marks
the date that it prints above a post."""

OF_EVENTS = frozenset({"dtstart", "dtend", "startdate", "enddate"})
"""hCalendar and schema.org: when something takes place, whatever else the element is called."""

SLUG = re.compile(
    r"/(?P<day>(?P<y>(?:19|20)\d\d)(?:(?P<s>[-/])(?P<m>[01]?\d)(?P=s)(?P<d>[0-3]?\d)|(?P<mm>[01]\d)(?P<dd>[0-3]\d)))"
    r"(?=[-_/])"
)
"""A full day at the beginning of a path's segment: '/2019-11-08-slug', '/2019/11/8/slug' or '/20191108/slug'."""
NOT_NEWS = re.compile(
    r"kalend|calend|event|evenemang|m[oö]te|sammantr|protokoll|kallels|agenda|dagordning|meeting|minutes|referat|"
    r"sitzung|termin|veranstalt|kokou|p[oö]yt[aä]kirj|tapahtum|arrangement|anslag|kungor|download|files?/|uploads|media/|"
    r"/(?:beslut|vedtak|beschl[uü]sse|p[aä][aä]t[oö]kset|decisions?)(?=/|\Z)|konsert|konzert|concert|seminari|webb?inar",
    re.I,
)
"""Words of a path whose days are of meetings, decisions, events and files, not of publication."""
FILE_NUMBER = re.compile(r"/download/18\.[0-9a-f]+/(?P<epoch>1\d{12})/")
"""Sitevision's address of a file carries the moment of its upload in milliseconds (measured, not documented)."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One date as declared: not judged yet."""

    meaning: Meaning
    rule: str
    raw: str
    value: str | None
    precision: Precision | None
    place: str
    own: bool = True  # whether it is sure to speak of this page


@lru_cache(maxsize=64)
def _meta_table(profile: Profile) -> Mapping[str, tuple[int, Meaning]]:
    """Rank and meaning of each meta name: the profile's own first, then those of every page."""
    own = [(m, name.lower()) for m, names in profile.meta if m in PAGE_DATES for name in names]
    listed = [*own, *((m, name) for m, names in META for name in names)]
    return {name: (rank, m) for rank, (m, name) in reversed(list(enumerate(listed)))}


def from_meta(metas: Iterable[tuple[str, str]], profile: Profile, lexicon: Lexicon) -> list[Declared]:
    """What meta tags say, the surest names first."""
    table = _meta_table(profile)
    said = [(*table[name], name, content.strip()) for name, content in metas if name in table]
    return [
        Declared(meaning, f"meta:{name}", raw[:MOST_RAW], *moment(raw, lexicon), place=f"meta[{name}]")
        for _, meaning, name, raw in sorted(said, key=itemgetter(0))[:MOST_NODES]
        if raw
    ]


def from_jsonld(scripts: Iterable[str], urls: Iterable[str | None], lexicon: Lexicon) -> list[Declared]:
    """What JSON-LD says of the page: of the nodes that name one of its URLs, else of all that could be the page."""
    own = {_plain(u) for u in urls if u}
    base = next((u for u in urls if u), "")
    nodes = [(node, _names(node, own, base)) for script in scripts for node in _nodes(script)]
    if any(named for _, named in nodes):
        nodes = [(node, named) for node, named in nodes if named]
    return [declared for node, named in nodes for declared in _dates_of(node, named, lexicon)]


def _dates_of(node: Mapping[str, Any], named: bool, lexicon: Lexicon) -> Iterator[Declared]:
    for key, meaning in JSONLD:
        raw = node.get(key)
        if isinstance(raw, str) and raw.strip():
            kind = _types(node)[0]
            yield Declared(
                meaning, f"jsonld:{key}", raw.strip()[:MOST_RAW], *moment(raw, lexicon), f"jsonld {kind}", named
            )


def _nodes(script: str) -> Iterator[dict[str, Any]]:
    """The nodes of a script that may be the page itself."""
    if len(script) > MOST_JSON or ('"date' not in script and "lastReviewed" not in script):
        return
    waiting: list[object] = [_loaded(script)]
    for _ in range(MOST_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, list):
            waiting += node[:MOST_NODES]
        elif isinstance(node, dict):
            waiting += [node[key] for key in INWARDS if isinstance(node.get(key), list | dict)]
            if PAGE_TYPES.intersection(_types(node)):
                yield node


def _loaded(script: str) -> object:
    """The script's value; None where it is no JSON. Some hide it from browsers of the last century."""
    bare = _CDATA.sub("", script) if script.lstrip()[:1] not in "{[" else script
    try:
        return json.loads(bare, strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return [str(kind).rpartition("/")[2] for kind in listed[:10]]


def _names(node: Mapping[str, Any], own: set[str], base: str) -> bool:
    """Whether the node says that it is the page (its url, @id or mainEntityOfPage)."""
    of_page = node.get("mainEntityOfPage")
    said = (node.get("url"), node.get("@id"), of_page.get("@id") if isinstance(of_page, dict) else of_page)
    return any(isinstance(s, str) and s and not s.startswith("#") and resolved(base, s) in own for s in said)


def resolved(base: str, url: str) -> str:
    """Where a reference leads, in the form in which two URLs of one page are equal."""
    return _plain(url if url.startswith(("http://", "https://")) else join(base, url) or url)


def _plain(url: str) -> str:
    """The URL as far as it must be equal to name the same page: without scheme, 'www.', fragment and last slash."""
    return _plain_of(url[:MOST_URL])


@lru_cache(maxsize=1024)
def _plain_of(url: str) -> str:
    bare = without_fragment(parse(url) or url).partition("://")[2]
    return same_site_host(bare).rstrip("/")


def from_name(names: str) -> tuple[Meaning, str] | None:
    """What a bare `<time>` means by its itemprop and class words, and the word that says so; an event says nothing."""
    words = set(names.lower().split())
    if not words.isdisjoint(OF_EVENTS):
        return None
    return next(((meaning, word) for word, meaning in STAMP_NAMES.items() if word in words), None)


def from_url(url: str) -> Declared | None:
    """The day in the page's path, where it is a whole day and the path is not one of meetings, events or files."""
    if SLUG.search(url + "/") is None:
        return None
    where = path(url)
    found = SLUG.search(where + "/")
    if found is None:
        return None
    month, day = int(found["m"] or found["mm"]), int(found["d"] or found["dd"])
    value = read_stamp(f"{found['y']}-{month:02}-{day:02}", UTC)
    if value is None:
        return None
    return Declared("published", "url:slug", found["day"], *value, place="path", own=not NOT_NEWS.search(where))


def from_file_number(url: str, lexicon: Lexicon) -> Declared | None:
    """The moment a Sitevision file was put where it is; the same node with a new number is a replaced file."""
    found = FILE_NUMBER.search(path(url)) if FILE_NUMBER.search(url) else None
    if found is None:
        return None
    uploaded = datetime.fromtimestamp(int(found["epoch"]) // 1000, UTC).isoformat()
    return Declared("updated", "file-number", found["epoch"], *moment(uploaded, lexicon), place="path")


def moment(text: str, lexicon: Lexicon) -> tuple[str | None, Precision | None]:
    """Value and precision of a whole text: a machine's stamp, or a date in the page's language."""
    if stamp := read_stamp(text, lexicon.calendar.zone):
        return stamp
    read = read_date(text.strip()[:MOST_RAW], lexicon)
    whole = read is not None and read.end == len(text.strip()[:MOST_RAW])
    return (read.value, read.precision) if read and whole else (None, None)
