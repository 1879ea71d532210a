"""What the names of elements say: tags, roles and the words in class names, as tables.

Class names are evened out first (lower case, humps and underscores as hyphens); names that tell a state or a layout
(`has-breadcrumb`, `u-print-display--none`) say nothing about what an element is, and are left out. The answers are
kept, for a site writes the same few hundred names on every page. Pure.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from archiver.extract.page.lines import Zone

BY_NAME: dict[str | None, Zone] = {
    "nav": "furniture",
    "header": "furniture",
    "dialog": "furniture",
    "search": "furniture",
}
"""What an element beside the content area is by its name; footers and asides are the page's other text."""

BY_ROLE: dict[str, Zone] = {
    "navigation": "furniture",
    "banner": "furniture",
    "search": "furniture",
    "menu": "furniture",
    "menubar": "furniture",
    "toolbar": "furniture",
    "dialog": "furniture",
    "alertdialog": "furniture",
    "alert": "banner",
}
INSIDE_BY_NAME: dict[str | None, Zone] = {"nav": "furniture", "dialog": "furniture", "search": "furniture"}
TELLING = frozenset({*BY_NAME, *INSIDE_BY_NAME})
INSIDE_BY_ROLE: dict[str, Zone] = {k: v for k, v in BY_ROLE.items() if k not in {"banner", "alert"}}

_FURNITURE = """
    (?:\\w+-)?breadcrumbs? crumbs brodsmul\\w* brodsmulor
    skip-?(?:link|nav|to|content)s? skiplinks?
    share shares sharing share-\\w+ social-?(?:share|sharing|links?|icons?|buttons?) addthis addtoany sharethis
    cookies? cookie-?\\w+ cookiebot onetrust
    (?:customer|page|user|site)?-?feedback page-?rating was-this-helpful gem-c-feedback
    print-?(?:button|link|page|icon) printbutton printpage skriv-?ut skrivut
    readspeaker rsbtn rs-?(?:skip|preserve) browsealoud talande-?webb listen-?(?:button|link)? lyssna
    pagination pager paging paginering page-?numbers
    back-?to-?top to-?top scroll-?(?:to-)?top till-toppen
    toc table-of-contents (?:gem-c-)?contents-list on-this-page in-?page-?(?:nav|navigation|links)
    (?:jump|anchor)-?(?:links|nav|list|menu) innehallsforteckning innehållsförteckning ankarlänkar ankarlankar
    (?:page|article|content)-?(?:tools|actions) sidverktyg document-actions portlet-topper
    (?:list|archive|search|event|news|post)-?(?:page-?)?filters? print-only visible-print show-for-print
    language-?(?:selector|menu|switcher|picker|switch) lang-switcher
    search-?(?:form|box|field|bar) searchform searchbox site-?search
    (?:main|sub|side|left|right|top|mega|mobile|local|section|site|drop|primary|secondary|footer|quick)-?(?:menu|nav|navigation)
    nav-?(?:menu|bar|accessibility|helper) navbar
"""
_OUTSIDE = """
    menu menus nav navigation topbar top-bar drawer off-?canvas logo logotype masthead site-?header sidhuvud
    modal popup overlay login-?form toolbar
"""
_LISTS = """
    related(?!-) related-?(?!doc|fil|dokument|bilag|attach|download)\\w+ relaterat relaterad\\w* see-?also also-read
    (?:latest|recent|more|senaste|other)-?(?:news|posts?|articles?|events?|nyheter)
    (?:news|nyhets?|nyheter|event|events|evenemangs?|article|posts?)-?(?:list|lista|listing|archive|feed|slider|carousel)
    newslist newsfeed nyhetslista sv-archive-portlet sv-rss-portlet rss-?feed
    (?:twitter|facebook|instagram|social)-?(?:feed|wall|stream|timeline)
    wp-block-(?:query|latest-posts|latest-comments|rss)
"""
_META = """
    (?:page|article|post|entry|node|content|news|asset|nyhets|sid)-?(?:info|meta|metadata|dates?)
    article-info gem-c-metadata byline by-line submitted posted-on (?:gem-c-)?published-dates?
    (?:publish|published|publishing|publication|pub|update|updated|modified|created|review|reviewed)-?(?:date|info|dates)
    last-?(?:updated?|modified|changed|edited|published|reviewed) page-(?:owner|responsible|updated|published)
    sidinformation sidansvarig sidfakta publiceringsdatum publiceringsinfo(?:rmation)?
    uppdateringsdatum senast-?uppdaterad
    entry-(?:utility|footer) post-(?:terms|categories|tags|author-name|author) (?:cat|tags)-links
"""
_COMMENTS = "comments comment-?(?:list|respond|form|area|section) commentlist disqus\\w* dsq-\\w+ kommentarer"
_BANNERS = """
    alerts? (?:global|site|top|page|emergency|service|important)-?(?:alert|message|notice)s?
    (?:alert|crisis|emergency|warning|info|notice)-?banner
    crisis crisis-?\\w+ kris kris-?(?:info|information|meddelande|banner|message) krisinformation vma
    viktigt-?meddelande driftinfo driftinformation driftstorning sitewide-?\\w* notification-?(?:bar|banner)
    driftsmeldinge?r? driftsvarsel krise-?(?:melding|varsel|info|informasjon|information|besked) viktig-?melding
    driftsmeddelelser? driftsforstyrrelser? h[aä]iri[oö]-?tiedot\\w+ kriisi-?tiedot\\w+ poikkeus-?tiedot\\w+
    st(?:oe|ö)rungs?-?meldung warn-?meldung krisen-?(?:hinweis|meldung|info) outage-?(?:notice|banner|message)
    emergency
"""
_ASSISTIVE = """
    sr-?only sr-?only-focusable u-sr-only visually-?hidden visuallyhidden (?:\\w+-)+visually-hidden
    screen-?reader screen-?reader-(?:text|only) assistive (?:\\w+-)*assistive-text show-for-sr element-invisible
    hidden-accessible ui-helper-hidden-accessible a11y-hidden audible
"""
_GLYPHS = "material-icons(?:-\\w+)* material-symbols(?:-\\w+)* glyphicon"


def _words(*tables: str) -> re.Pattern[str]:
    """A pattern that finds one of the words between the borders of class names and of their parts."""
    words = "|".join(word for table in tables for word in table.split())
    return re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])")


def _names(table: str) -> re.Pattern[str]:
    """A pattern that finds one of the words as a whole class name."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(table.split())})(?!\S)")


_CUT = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TABLES: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    ("furniture", _words(_FURNITURE)),
    ("comment", _words(_COMMENTS)),
    ("list", _words(_LISTS)),
)
_TABLES_INSIDE: tuple[tuple[Zone, re.Pattern[str]], ...] = (*_TABLES, ("rest", _words(_META)))
_TABLES_OUTSIDE: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    *_TABLES,
    ("banner", _words(_BANNERS)),
    ("furniture", _words(_OUTSIDE)),
)
_ASSIST = _names(_ASSISTIVE)
_GLYPH = _names(_GLYPHS)
_ICON = _words("icons? ikon fa fas far fab svg symbol arrow bullet separator")
_STATES = re.compile(r"(?:has|is|no|not|with|without|js|u|hide|show|d|sv-use|hidden)-\S*|\S*(?:@|print-display)\S*")
"""Class names that tell a state or a layout, not what an element is: `has-breadcrumb`, `u-print-display--none`."""


def _even(names: str) -> str:
    """Class names in lower case, camel humps and underscores as hyphens, states left out."""
    kept = (n for n in _CUT.sub("-", names).lower().split() if not _STATES.fullmatch(n))
    return " ".join(re.sub(r"[_-]+", "-", n) for n in kept)


def _first(tables: Iterable[tuple[Zone, re.Pattern[str]]], even: str) -> Zone | None:
    return next((zone for zone, pattern in tables if pattern.search(even)), None)


@dataclass(frozen=True, slots=True)
class Look:
    """What an element is by its class names; None: nothing special."""

    inside: Zone | None = None  # where it stands in the content area
    outside: Zone | None = None  # where it stands beside it
    aside: bool = False  # its letters are not for the reader's eye
    glyph: bool = False  # they draw a sign (`arrow_forward`)
    icon: bool = False
    dropped: bool = False  # the profile drops it
    telling: bool = False  # any of these: of most elements a name says nothing


PLAIN = Look()


LONGEST = 1000
"""Characters of class names that are read."""


def looking(dropped: frozenset[str] = frozenset(), aside: frozenset[str] = frozenset()) -> Callable[[str], Look]:
    """A function from class names, or an id, to what they say; the sets are a profile's own class names.

    It remembers its answers, so it is to be given no more than `LONGEST` characters.
    """

    @lru_cache(maxsize=8192)
    def read(names: str) -> Look:
        lower, even, own = names.lower(), _even(names), names.split()
        glyph, drop = _GLYPH.search(lower) is not None, not dropped.isdisjoint(own)
        hidden = _ASSIST.search(re.sub(r"[_-]+", "-", lower)) is not None or not aside.isdisjoint(own)
        inside, outside = _first(_TABLES_INSIDE, even), _first(_TABLES_OUTSIDE, even)
        telling = bool(inside or outside) or glyph or hidden or drop
        return Look(inside, outside, glyph or hidden, glyph, _ICON.search(even) is not None, drop, telling)

    return read


look = looking()
"""What the class names, or the id, of an element say to everybody."""
