"""What the configuration amounts to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cached_property
from pathlib import Path

from archiver import __version__, urls
from archiver.config.merging import merge
from archiver.diff.fold import Limits
from archiver.errors import RuleError
from archiver.frontier import sites
from archiver.frontier.scope import hosts
from archiver.model import Alert, Language, MailServer, Profile, Rules, Source


@dataclass(frozen=True, slots=True)
class Agent:
    """Who we say we are."""

    name: str = "archiver"  # the product token that robots.txt may speak to
    url: str | None = None  # a page about us
    mail: str = ""

    @property
    def header(self) -> str:
        """The User-Agent we send: 'archiver/1.0 (+https://...; mail@...)'."""
        contact = "; ".join(([f"+{self.url}"] if self.url else []) + ([self.mail] if self.mail else []))
        return f"{self.name}/{__version__}" + (f" ({contact})" if contact else "")


@dataclass(frozen=True, slots=True)
class Caps:
    """The most bytes of a decoded body."""

    page: int = 20_000_000
    file: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds: for a connection, between two reads, for a whole reply, for one reading in a worker."""

    connect: float = 10.0
    read: float = 30.0
    total: float = 120.0
    reading: float = 20.0


@dataclass(frozen=True, slots=True)
class Coding:
    """What people may say of a change."""

    scheme: str  # with its edition: 'governance/1'
    codes: Mapping[str, tuple[str, str]]  # what each means, in Swedish and in English


@dataclass(frozen=True)
class Config:
    """All that an operator configured."""

    folder: Path
    agent: Agent
    database: Path
    proxy: str | None
    browser: str | None  # the Chromium that renders pages; None: the one on the path
    workers: int
    caps: Caps
    timeouts: Timeouts
    shared: float  # seconds between requests to two hosts at one IP address
    at_once: int  # hosts that are asked at the same time, at most
    quiet: tuple[time, time] | None  # hours in which nothing is asked, in `zone`
    zone: str
    jitter: float  # the share of its rhythm by which chance may move a visit
    terms: tuple[str, ...]  # words of interest: a change that touches one is worth more
    points: Mapping[str, int]  # of the named reasons
    limits: Limits  # from when on many changes are one event
    coding: Coding
    profiles: Mapping[str, Profile]
    languages: Mapping[str, Language]
    sources: dict[str, Source]
    rulebook: Mapping[tuple[str, str], Rules]  # by source and profile, the source's [read] merged in
    room: str | None = None  # where the reading room is, for links to it
    mail: MailServer | None = None  # None: no mail can be sent
    alerts: Mapping[str, Alert] = field(default_factory=dict)

    def source_of(self, url: str) -> Source | None:
        """The source whose hosts the URL is on, of several one that names its port; None: no source's."""
        name = urls.same_site_host(urls.host(url))
        found = [s for s in self.sources.values() if name and name in {urls.same_site_host(h) for h in hosts(s)}]
        here = sites.bare(sites.netloc(url))
        return next((s for s in found if here in map(sites.bare, sites.site(s).places)), found[0] if found else None)

    @cached_property
    def readers(self) -> Mapping[tuple[str, str], Rules]:
        """Rules for pages of no source in particular: every profile in every language, by their names."""
        return {
            (name, code): merge(profile, language)
            for name, profile in self.profiles.items()
            for code, language in self.languages.items()
        }

    def rules_for(self, source: Source, at: datetime) -> Rules:
        """The rules by which a capture of that time is read, as configured: those of the profile of its era."""
        day = at.date().isoformat()
        era = next(e for e in source.eras if e.until is None or day < e.until)
        try:
            return self.rulebook[source.id, era.profile]
        except KeyError:
            raise RuleError(f"{source.id}: no rules for profile {era.profile!r}") from None
