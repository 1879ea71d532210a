"""The shape of a file of alerts/: what to tell of, when, and whom."""

from datetime import date, time
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from archiver.config import spans
from archiver.config.fields import Mail, Text, Url, Variable, Zone
from archiver.config.nearest import no_such
from archiver.config.shapes import Shape
from archiver.diff import KINDS
from archiver.publish.words import CLASSES, DOCUMENT_REMOVED

SHOWN = (*CLASSES, DOCUMENT_REMOVED)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SINGLE = {"q": "words", "op": "op", "m": "municipality", "county": "county", "section": "section"}
_MANY = {"class": "classes", "kind": "kinds"}
_ASIDE = frozenset({"days", "since", "until", "order", "lang", "before", "technical"})
"""Parameters of the front page that an alert leaves aside: it tells what is new, in its own order, and nothing that may
be our own reading."""


def _class(value: str) -> str:
    if value not in SHOWN:
        raise ValueError(no_such("class", value, SHOWN))
    return value


def _kind(value: str) -> str:
    if value not in KINDS or value == "responsible":
        raise ValueError(no_such("kind", value, [name for name in KINDS if name != "responsible"]))
    return value


def _from_address(value: object) -> object:
    """The table that an address of the front page stands for: what was chosen there can be pasted here."""
    if not isinstance(value, str):
        return value
    found: dict[str, Any] = {}
    for name, said in parse_qsl(urlsplit(value).query, max_num_fields=60):
        if name in _SINGLE:
            found[_SINGLE[name]] = said
        elif name in _MANY:
            found.setdefault(_MANY[name], []).append(said)
        elif name == "weight" and said.isascii() and said.isdigit():
            found["weight"] = int(said)
        elif name == "noise":
            found["noise"] = said == "1"
        elif name not in _ASIDE:
            raise ValueError(f"the address says {name}={said}, which no alert can keep to; expected a filter of '/'")
    return found


def _time(value: object) -> time:
    return spans.time_of_day(value)


class FilterShape(Shape):
    """Which changes: all where nothing narrows it."""

    words: Text | None = None
    op: Literal["added", "removed"] | None = None
    municipality: Text | None = None
    county: Text | None = None
    section: Text | None = None
    page: Url | None = None
    classes: list[Annotated[str, AfterValidator(_class)]] = Field(default_factory=list)
    kinds: list[Annotated[str, AfterValidator(_kind)]] = Field(default_factory=list)
    weight: Annotated[int, Field(ge=1, le=1000)] | None = None
    noise: bool = False


class WebhookShape(Shape):
    """An address that takes JSON."""

    url: Url | None = None
    url_env: Variable | None = None
    secret_env: Variable | None = None


class ServiceShape(Shape):
    """A service that a notification library speaks to."""

    url_env: Variable


class AlertShape(Shape):
    """A file of alerts/."""

    title: Text | None = None
    lang: Literal["sv", "en"] = "sv"
    filter: Annotated[FilterShape, BeforeValidator(_from_address)] = FilterShape()
    every: Literal["hour", "day", "week"] | None = None
    at: Annotated[time, BeforeValidator(_time)] | None = None
    on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] | None = None
    zone: Zone | None = None
    since: date | None = None
    most: Annotated[int, Field(ge=1, le=200)] = 50
    at_least_once: bool = False
    to: list[Annotated[Mail, Field(min_length=3)]] = Field(default_factory=list)
    webhook: list[WebhookShape] = Field(default_factory=list)
    service: list[ServiceShape] = Field(default_factory=list)
