"""What an operator configures: sources, profiles, languages. Pure."""

from dataclasses import asdict, dataclass
from typing import Literal

from archiver.model.lists import Witness


@dataclass(frozen=True, slots=True)
class Seed:
    """Where a crawl starts; `reader` names a vendor reader, or is None for whatever the bytes are."""

    url: str
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which found URLs belong: glob or prefix patterns over whole URLs, and the longest path of links."""

    include: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    depth: int = 5
    endless: tuple[str, ...] = ()  # where no trap is looked for: addresses may be as many as they like


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a site with a rhythm of its own."""

    name: str
    path: str  # the beginning of the URL's path
    every: int | None = None  # seconds between visits; None: the source's
    embargo_days: int | None = None  # text is public until so many days after it was last seen


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the query parameters (globs) of one host are for, before what the profile says of them."""

    host: str | None = None  # None: every host of the source
    strip: tuple[str, ...] = ()  # they choose no content
    keep: tuple[str, ...] = ()  # they do, whatever `strip` says
    api: tuple[str, ...] = ()  # they do too, and the address answers with data to a script of the page


@dataclass(frozen=True, slots=True)
class Era:
    """Which profile reads a site, and until which day (exclusive; None: still)."""

    profile: str
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Expect:
    """What an operator expects of a source; a miss is an issue."""

    pages: int | None = None
    with_published: float | None = None
    with_updated: float | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One municipality's site as configured."""

    id: str
    municipality: str
    code: str  # kommunkod, four digits; '' where there is none
    county: str
    language: str
    eras: tuple[Era, ...]  # oldest first; the last one has no end
    seeds: tuple[Seed, ...]
    scope: Scope
    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()  # the first that fits is the one
    aliases: tuple[str, ...] = ()  # hosts that serve this same site
    parameters: tuple[Parameters, ...] = ()  # the first that knows a parameter decides
    same: tuple[tuple[str, str], ...] = ()  # (old URL, new URL): moves that the site did not redirect
    expect: Expect = Expect()
    every: int = 7 * 86400  # seconds between visits
    delay: float = 5.0  # seconds between requests to a host, at least
    budget: int | None = None  # requests to a host in a day; None: as many as its pace lets through
    polite: bool = True  # False: no waiting and many at once; only for loopback and proxied test hosts
    private: bool = False  # True: may ask loopback and private addresses
    permission: str | None = None  # the letter that permits ignoring robots.txt; None: robots are obeyed
    render: bool = False  # True: pages are read as a browser shows them
    detects: bool = False  # no profile is named: after its first crawl the site is read by the one whose marks it bears

    def __hash__(self) -> int:
        """By its name alone: what is remembered of a source is asked for with every link, and == tells two apart."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules for reading one CMS. Selector lists are tried in order."""

    name: str
    detect: tuple[str, ...] = ()
    title: tuple[str, ...] = ("h1",)
    main: tuple[str, ...] = ("main",)
    banner: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    assist: tuple[str, ...] = ()
    identity: str = "plain"  # a name in frontier.identity.IDENTITIES
    strip: tuple[str, ...] = ()  # query parameters (globs) that do not choose content
    keep: tuple[str, ...] = ()  # those that do, whatever `strip` says
    witness: tuple[Witness, ...] = ("jsonld", "meta", "time", "label", "url")  # strongest first
    meta: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (meaning, names of meta tags)
    learn: bool = False  # whether what stands on most pages of a site is learned to be furniture


@dataclass(frozen=True, slots=True)
class Language:
    """One language's dates and labels, as data."""

    code: str
    order: Literal["day-first", "month-first", "year-first"] = "day-first"
    zone: str = "Europe/Stockholm"
    months: tuple[tuple[str, int], ...] = ()
    weekdays: tuple[str, ...] = ()
    glue: tuple[str, ...] = ()  # words between label, day and time: den, kl, klockan
    relative: tuple[str, ...] = ()  # words that make a date relative: idag, sedan
    suffixes: tuple[str, ...] = ()  # what assistive texts say after a link
    gone: tuple[str, ...] = ()  # how a page says that it is not there
    maintenance: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()  # skip links, share and feedback lines: whole blocks to leave out
    labels: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (meaning, labels)
    never: tuple[str, ...] = ()  # labels that look like page dates and are not
    also: tuple[str, ...] = ()  # other codes by which pages name it: 'no' for Bokmål
    common: tuple[str, ...] = ()  # words that every page in it uses: by them one that names no language is known
    roles: tuple[str, ...] = ()  # what people are in an assembly or a list of contacts: ordförande, ledamot


@dataclass(frozen=True, slots=True)
class Rules:
    """A profile and a language merged: all that a reading depends on beside the evidence."""

    profile: Profile
    language: Language
    reader: int
    sha256: str  # over the three above, and the furniture
    furniture: frozenset[str] = frozenset()  # lines that stood on most pages of the site when it was last crawled
    others: tuple[Language, ...] = ()  # for pages of the site that are in another language than the site

    @property
    def content(self) -> dict[str, object]:
        """The rules as plain data: what the archive keeps of them, and what their digest covers."""
        content = {"profile": asdict(self.profile), "language": _reading(self.language), "reader": self.reader}
        content |= {"others": [_reading(language) for language in self.others]} if self.others else {}
        return content | ({"furniture": sorted(self.furniture)} if self.furniture else {})


def _reading(language: Language) -> dict[str, object]:
    """What of a language alters a reading: not the roles, which are asked when pages are compared."""
    return {name: value for name, value in asdict(language).items() if name != "roles"}
