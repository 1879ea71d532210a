"""What one value of a configuration file may be, as types: each check that needs one value alone."""

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field
from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from archiver import urls
from archiver.config import spans
from archiver.config.nearest import no_such
from archiver.frontier.identity import IDENTITIES
from archiver.model import Witness

_TREE = LexborHTMLParser("<p>")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?\Z")
_PRODUCT = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*\Z")
_MAIL = re.compile(r"[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+\Z")


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
    parsed = urls.parse(f"https://{value}/") or ""
    name = parsed.removeprefix("https://").removesuffix("/")  # as it is asked for: 'åre.se' is 'xn--re-xia.se'
    if "/" in value or not _HOST.match(name):
        raise ValueError("expected a host name alone: 'turism.exempelkoping.se'")
    return name


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


def _variable(value: str) -> str:
    if not _VARIABLE.match(value):
        raise ValueError("expected the name of an environment variable, not the secret itself: 'SMTP_PASSWORD'")
    return value


def _mail(value: str) -> str:
    if value and not _MAIL.match(value):
        raise ValueError("expected a mail address: 'arkiv@exempel.se'")
    return value


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
Product = Annotated[str, AfterValidator(_product)]
Mail = Annotated[str, AfterValidator(_mail)]
Identity = Annotated[str, AfterValidator(_identity)]
Witnessed = Annotated[Witness, AfterValidator(_no_guess)]
Variable = Annotated[str, AfterValidator(_variable)]
