"""What people asked to be told of, and how. Pure."""

from dataclasses import dataclass
from datetime import time
from typing import Literal

Every = Literal["hour", "day", "week"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A saved filter: the reading room's, without its times, for an alert tells what is new."""

    words: str = ""
    op: str = ""  # only where they were 'added', or 'removed'
    source: str = ""  # the source's id
    county: str = ""
    section: str = ""
    page: str = ""  # the address of one page
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    weight: int | None = None
    noise: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes JSON. It may be a secret itself: then the environment holds it."""

    url: str | None
    url_env: str | None = None
    secret_env: str | None = None  # names the variable with the key of its signature


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When what has gathered is told."""

    every: Every | None = None  # None: at once
    at: time = time(7)
    on: int = 0  # of a week: Monday is 0
    zone: str = "Europe/Stockholm"


@dataclass(frozen=True, slots=True)
class Alert:
    """A saved filter, and whom to tell."""

    name: str
    title: str
    lang: Literal["sv", "en"] = "sv"
    wanted: Wanted = Wanted()
    rhythm: Rhythm = Rhythm()
    since: str | None = None  # a day: how far back the very first look goes; None: it tells nothing of the past
    most: int = 50  # changes that one mail tells of in full
    at_least_once: bool = False  # what may have arrived is sent again
    to: tuple[str, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    services: tuple[str, ...] = ()  # variables that hold the addresses of services


@dataclass(frozen=True, slots=True)
class MailServer:
    """Who takes our mail."""

    server: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password_env: str | None = None
