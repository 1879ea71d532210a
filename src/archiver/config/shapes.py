"""The shapes of the configuration files: which keys there are, and what each may hold.

A field is a key of the file. Unknown keys are mistakes, nothing is converted silently, and every check that needs one
value alone stands here, as a type; checks that need several values are in `checks`.
"""

import re
from datetime import date, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archiver import urls
from archiver.config import spans
from archiver.config.nearest import no_such
from archiver.frontier.identity import IDENTITIES
from archiver.model import Meaning, Witness

_TREE = LexborHTMLParser("<p>")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?\Z")
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_MAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+\Z")
_MONTHS = range(1, 13)


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _url(value: str) -> str:
    parsed = urls.parse(value)
    if parsed is None or not urls.is_web(parsed):
        raise ValueError("expected an absolute http or https URL")
    return urls.without_fragment(parsed)


def _host(value: str) -> str:
    if not _HOST.match(value.lower()):
        raise ValueError("expected a host name alone: 'turism.exempelkoping.se'")
    return value.lower()


def _selector(value: str) -> str:
    try:
        _TREE.css(value)
    except SelectolaxError:
        raise ValueError("is no CSS selector that can be read") from None
    return value


def _pattern(value: str) -> str:
    head = re.sub(r"^[^/]*://", "", value).partition("/")[0]
    if "://" in value and re.search(r"[*?\[]", head):
        raise ValueError("a host is named in full; wildcards belong in the path")
    return _text(value)


def _no_guess(value: Witness) -> Witness:
    if value == "any-date":
        raise ValueError("is for `archiver try --liberal` alone: a crawl never guesses a date")
    return value


def _identity(value: str) -> str:
    if value not in IDENTITIES:
        raise ValueError(no_such("identity", value, IDENTITIES))
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("expected the name of a time zone: 'Europe/Stockholm'") from None
    return value


def _product(value: str) -> str:
    if not _PRODUCT.match(value):
        raise ValueError("expected one word of letters, digits, '-' and '_': it is what robots.txt calls us")
    return value


def _mail(value: str) -> str:
    if value and not _MAIL.match(value):
        raise ValueError("expected a mail address: 'arkiv@exempel.se'")
    return value


def _all_twelve(months: dict[str, int]) -> dict[str, int]:
    if months and (lacking := [str(n) for n in _MONTHS if n not in months.values()]):
        raise ValueError(f"no name for month {', '.join(lacking)}")
    return months


def _never(value: object) -> object:
    """`never = [...]`, or a table with the one key `labels`."""
    return value["labels"] if isinstance(value, dict) and set(value) == {"labels"} else value


def _seed(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


def _robots(value: object) -> object:
    return {"override": False} if value == "obey" else value


Text = Annotated[str, AfterValidator(_text)]
Url = Annotated[str, AfterValidator(_url)]
Host = Annotated[str, AfterValidator(_host)]
Selector = Annotated[str, AfterValidator(_selector)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Span = Annotated[int, BeforeValidator(spans.seconds)]
Size = Annotated[int, BeforeValidator(spans.size)]
Hours = Annotated[tuple[time, time], BeforeValidator(spans.hours)]
Zone = Annotated[str, AfterValidator(_zone)]
Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Budget = Annotated[int, Field(ge=1)]


class Shape(BaseModel):
    """A table of a file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AgentShape(Shape):
    """Who we are."""

    name: Annotated[str, AfterValidator(_product)] = "archiver"
    url: Url | None = None
    mail: Annotated[str, AfterValidator(_mail)] = ""


class PaceShape(Shape):
    """How gently, and how often: what holds where a source says nothing else."""

    delay: Annotated[float, Field(ge=0, le=86_400)] = 5.0
    every: Span = 7 * 86_400
    shared: Annotated[float, Field(ge=0, le=3_600)] = 1.0
    hosts: Annotated[int, Field(ge=1, le=10_000)] = 100
    budget: Budget | None = None
    quiet: Hours | None = None
    zone: Zone = "Europe/Stockholm"
    jitter: Share = 0.1


class CapsShape(Shape):
    """The most bytes of a decoded body."""

    page: Size = 20_000_000
    file: Size = 50_000_000


class TimeoutsShape(Shape):
    """Seconds of patience."""

    connect: Seconds = 10.0
    read: Seconds = 30.0
    total: Seconds = 120.0
    reading: Seconds = 20.0


class ArchiverShape(Shape):
    """archiver.toml; every key may be left out."""

    database: Text = "archive.db"
    proxy: Url | None = None
    browser: Text | None = None
    workers: Annotated[int, Field(ge=1, le=64)] = 2
    terms: list[Text] = []
    agent: AgentShape = AgentShape()
    pace: PaceShape = PaceShape()
    caps: CapsShape = CapsShape()
    timeouts: TimeoutsShape = TimeoutsShape()
    embargo: dict[str, Annotated[int, Field(ge=0)]] = {"anslagstavla": 21}


class CodeShape(Shape):
    """What a code means, in both languages."""

    sv: Text
    en: Text


class CodingShape(Shape):
    """coding.toml: what people may say of a change."""

    scheme: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")] = "none"
    edition: Annotated[int, Field(ge=1)] = 1
    codes: dict[Text, CodeShape] = {}


class SeedShape(Shape):
    """Where a crawl starts; a bare URL will do."""

    url: Url
    reader: Text | None = None


class EraShape(Shape):
    """A profile, and the day it ends."""

    name: Text
    until: date | None = None


class ScopeShape(Shape):
    """What belongs. Without include: what begins as a seed does."""

    include: list[Pattern] = []
    exclude: list[Pattern] = []
    endless: list[Pattern] = []
    depth: Annotated[int, Field(ge=0, le=100)] = 5


class SectionShape(Shape):
    """A part of a site with a rhythm of its own."""

    name: Text
    path: Annotated[str, Field(pattern=r"^[/*]")]
    every: Span | None = None
    embargo_days: Annotated[int, Field(ge=0)] | None = None


class ParametersShape(Shape):
    """What the query parameters of one host are for."""

    host: Host | None = None
    strip: list[Text] = []
    keep: list[Text] = []
    api: list[Text] = []


class SameShape(Shape):
    """A move the site did not redirect."""

    old: Url
    new: Url


class ExpectShape(Shape):
    """What is checked after every run."""

    pages: Annotated[int, Field(ge=0)] | None = None
    with_published: Share | None = None
    with_updated: Share | None = None


class OverrideShape(Shape):
    """Leave to ignore robots.txt, by letter."""

    override: bool
    letter: str = ""


class PermissionShape(Shape):
    """Written permission."""

    robots: Annotated[OverrideShape, BeforeValidator(_robots)] = OverrideShape(override=False)


class ProfileShape(Shape):
    """A file of profiles/, and the table [read] of a source."""

    name: str | None = None
    detect: list[Selector] = []
    title: list[Selector] = ["h1"]
    main: Annotated[list[Selector], Field(min_length=1)] = ["main"]
    banner: list[Selector] = []
    drop: list[Selector] = []
    assist: list[Selector] = []
    identity: Annotated[str, AfterValidator(_identity)] = "plain"
    strip: list[Text] = []
    keep: list[Text] = []
    witness: list[Annotated[Witness, AfterValidator(_no_guess)]] = ["jsonld", "meta", "time", "label", "url"]
    meta: dict[Meaning, list[Text]] = {}
    learn: bool = False


class LanguageShape(Shape):
    """A file of languages/."""

    code: str | None = None
    order: Literal["day-first", "month-first", "year-first"] = "day-first"
    zone: Zone = "Europe/Stockholm"
    months: Annotated[dict[Text, Annotated[int, Field(ge=1, le=12)]], AfterValidator(_all_twelve)] = {}
    weekdays: list[Text] = []
    glue: list[Text] = []
    relative: list[Text] = []
    suffixes: list[Text] = []
    gone: list[Text] = []
    maintenance: list[Text] = []
    furniture: list[Text] = []
    labels: dict[Meaning, list[Text]] = {}
    never: Annotated[list[Text], BeforeValidator(_never)] = []
    also: list[Text] = []
    common: list[Text] = []
    roles: list[Text] = []


class SourceShape(Shape):
    """A file of sources/."""

    municipality: Text
    code: Annotated[str, Field(pattern=r"^(\d{4})?$")] = ""
    county: str = ""
    language: Text = "sv"
    profile: Text | None = None
    eras: Annotated[list[EraShape], Field(min_length=1)] | None = None
    seeds: Annotated[list[Annotated[SeedShape, BeforeValidator(_seed)]], Field(min_length=1)]
    sitemaps: list[Url] = []
    feeds: list[Url] = []
    aliases: list[Host] = []
    every: Span | None = None
    delay: Annotated[float, Field(ge=0, le=86_400)] | None = None
    budget: Budget | None = None
    polite: bool = True
    private: bool = False
    render: bool = False
    scope: ScopeShape = ScopeShape()
    section: list[SectionShape] = []
    parameters: list[ParametersShape] = []
    same: list[SameShape] = []
    read: ProfileShape = ProfileShape()
    expect: ExpectShape = ExpectShape()
    permission: PermissionShape = PermissionShape()
