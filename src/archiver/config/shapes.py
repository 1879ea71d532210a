"""The shapes of the configuration files: which keys there are, and what each may hold.

A field is a key of the file. Unknown keys are mistakes, nothing is converted silently, and every check that needs one
value alone is a type of `fields`; checks that need several values are in `checks`.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from archiver.config.fields import (
    Budget,
    Host,
    Hours,
    Identity,
    Mail,
    Pattern,
    Product,
    Seconds,
    Selector,
    Share,
    Size,
    Span,
    Text,
    Url,
    Variable,
    Witnessed,
    Zone,
)
from archiver.model import Meaning

_MONTHS = range(1, 13)


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


class Shape(BaseModel):
    """A table of a file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AgentShape(Shape):
    """Who we are."""

    name: Product = "archiver"
    url: Url | None = None
    mail: Mail = ""


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


class RoomShape(Shape):
    """Where people read."""

    url: Url | None = None


class MailShape(Shape):
    """The server that takes our mail."""

    server: Text | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: Text | None = None
    password_env: Variable | None = None
    cleartext: bool = False
    sender: Mail = ""


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
    room: RoomShape = RoomShape()
    mail: MailShape = MailShape()


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
    identity: Identity = "plain"
    strip: list[Text] = []
    keep: list[Text] = []
    witness: list[Witnessed] = ["jsonld", "meta", "time", "label", "url"]
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
