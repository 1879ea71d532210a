"""What happens in the three towns on the second and third day: every edit as data, and what it ought to be called.

The truth of the demonstration. `demo.site` plays it, `archiver demo` crawls it twice a day, and tests compare what was
found with what is written here. A day's edits stand from its first visit on.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from archiver.demo.markup import Day

ZONE = ZoneInfo("Europe/Stockholm")
FIRST_DAY = date(2026, 3, 3)
LAST_DAY = 3
VISITS = (6, 15)
"""Hours of the day, local time: a page that answers 410 at six is confirmed gone at three."""


@dataclass(frozen=True, slots=True)
class Reword:
    """Words of an article change; `new` is empty where they are taken away."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Redate:
    """A date of an article changes."""

    field: Literal["published", "updated", "reviewed"]
    value: str


@dataclass(frozen=True, slots=True)
class Vanish:
    """The page answers 410 from now on."""


@dataclass(frozen=True, slots=True)
class Return:
    """The page is back as it was."""


@dataclass(frozen=True, slots=True)
class Refile:
    """The file behind an address is exchanged: words in it change, and its own date of change."""

    old: str
    new: str
    modified: str


@dataclass(frozen=True, slots=True)
class Announce:
    """A banner stands on every page of the site; '' takes it down."""

    text: str


Step = Reword | Redate | Vanish | Return | Refile | Announce


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that happens: when, where, what, how, and the classes of change it ought to give."""

    day: int
    town: str  # its id
    path: str  # '' for the whole site
    what: str
    steps: tuple[Step, ...]
    classes: frozenset[str]  # empty: no page may show a change because of it
    kinds: frozenset[str] = frozenset()  # kinds of difference, as in `changes.kind`


def _is(*classes: str) -> frozenset[str]:
    return frozenset(classes)


_P = "/kommun-och-politik"

EDITS: tuple[Edit, ...] = (
    Edit(
        2, "sjoberga", f"{_P}/styrdokument/arvoden-och-ersattningar",
        "The limit for a meal is raised and the ban on paying for alcohol goes; the update date stands still.",
        (
            Reword("högst 450 kronor per person", "högst 650 kronor per person"),
            Reword(" Alkohol betalas inte av kommunen.", ""),
        ),
        _is("silent-edit"), _is("text"),
    ),
    Edit(
        2, "sjoberga", f"{_P}/styrning-och-ledning",
        "The page is saved again: the date moves, nothing else does.",
        (Redate("updated", "2026-03-03"),),
        _is("touch"), _is("updated"),
    ),
    Edit(
        2, "sjoberga", f"{_P}/styrdokument",
        "The rules on entertainment and gifts leave the list; the file still answers at its address.",
        (Reword(
            "- [Riktlinjer för representation och gåvor](/download/18.4f1e22a918c3d0e1f5b2b/1738229400000/"
            'Riktlinjer-representation-och-gavor.pdf "Pdf, 2 kB")\n', ""
        ),),
        _is("silent-edit", "unlinked-document"), _is("text", "attachments"),
    ),
    Edit(
        2, "sjoberga", f"{_P}/ekonomi-och-budget",
        "An ordinary edit: a new figure, a new sentence, a new date.",
        (
            Reword("Investeringar 2026 uppgår till 74 miljoner", "Investeringar 2026 uppgår till 79 miljoner"),
            Reword("det nya vattenverket.", "det nya vattenverket. Sjöbadet har fått en egen post."),
            Redate("updated", "2026-03-03"),
        ),
        _is("edit"), _is("text", "updated"),
    ),
    Edit(
        2, "sjoberga", f"{_P}/oppna-namndsammantraden",
        "The page on open meetings answers 410 at both visits.",
        (Vanish(),), _is("disappearance"), _is("state"),
    ),
    Edit(
        2, "sjoberga", "",
        "A banner about a water leak, with a date of its own, stands on every page.",
        (Announce("Vattenläcka i centrala Sjöberga: koka dricksvattnet. Uppdaterad 4 mars 2026 kl. 05.40."),),
        _is(),
    ),
    Edit(
        2, "granvik", "/kommun-politik/kommunfullmaktige/",
        "An ordinary edit: the meeting is put off.",
        (
            Reword("den 16 mars 2026 klockan 18.30", "den 23 mars 2026 klockan 18.00"),
            Redate("updated", "2026-03-03T16:20:05"),
        ),
        _is("edit"), _is("text", "updated"),
    ),
    Edit(
        2, "alvhamn", "/kommun--politik/taxor-och-avgifter/",
        "The price of a berth goes up; the update date stands still.",
        (Reword("kostar 2 400 kronor", "kostar 2 950 kronor"),),
        _is("silent-edit"), _is("text"),
    ),
    Edit(
        3, "sjoberga", f"{_P}/oppna-namndsammantraden",
        "The page on open meetings is back, word for word.",
        (Return(),), _is("return"), _is("state"),
    ),
    Edit(3, "sjoberga", "", "The leak is mended and the banner gone.", (Announce(""),), _is()),
    Edit(
        3, "sjoberga", f"{_P}/protokoll-och-kallelser",
        "Words are added about the council's minutes, and the date moves.",
        (
            Reword("justeras i dagarna.", "justerades den 4 mars och läggs ut inom kort."),
            Redate("updated", "2026-03-04"),
        ),
        _is("edit"), _is("text", "updated"),
    ),
    Edit(
        3, "granvik", "/kommun-politik/anslagstavla/",
        "A notice leaves the board two weeks before its time; the board has no date of its own.",
        (
            Reword("## Justerat protokoll, socialnämnden § 8–15\n", ""),
            Reword("Sammanträdesdatum: 2026-02-18. Datum då anslag sätts upp: 2026-02-24. "
                   "Datum då anslag tas ned: 2026-03-18.\n", ""),
        ),
        _is("edit"), _is("text"),
    ),
    Edit(
        3, "granvik", "/kommun-politik/protokoll/",
        "The words stay and their link leads elsewhere; the date moves.",
        (
            Reword("](/kommun-politik/arkiv/)", "](/kommun-politik/styrande-dokument/)"),
            Redate("updated", "2026-03-04T09:11:30"),
        ),
        _is("edit"), _is("links", "updated"),
    ),
    Edit(
        3, "granvik", "/nyheter/ny-forskola-far-namn/",
        "The news is dated back three days.",
        (Redate("published", "2026-02-23T14:00:00"),),
        _is("backdated-publication"), _is("published"),
    ),
    Edit(
        3, "alvhamn", "/globalassets/dokument/va-taxa.pdf",
        "The water rates are exchanged behind the same address.",
        (Refile("41,50 kronor per kubikmeter", "47,25 kronor per kubikmeter", "2026-03-04T16:48"),),
        _is("edit", "replaced-document"), _is("text", "updated", "payload"),
    ),
    Edit(
        3, "alvhamn", "/kommun--politik/kommunens-organisation/hamnnamnden/",
        "A member leaves the table; the update date stands still.",
        (Reword("| Ledamot | Sten-Åke Trossö | Skärgårdens röst\n", ""),),
        _is("silent-edit", "personnel"), _is("text", "personnel"),
    ),
    Edit(
        3, "alvhamn", "",
        "A banner warns of thin ice, without any role that machines know.",
        (Announce("Isen i hamnbassängen är svag. Gå inte ut på den. 5 mars 2026."),),
        _is(),
    ),
)  # fmt: skip


def date_of(day: int) -> date:
    """The calendar day of the demonstration's first, second or third day."""
    return FIRST_DAY + timedelta(days=day - 1)


def visits() -> tuple[tuple[int, datetime], ...]:
    """Every visit in order: the day's number, and the moment."""
    hours = ((day, hour) for day in range(1, LAST_DAY + 1) for hour in VISITS)
    return tuple((day, datetime(*date_of(day).timetuple()[:3], hour, tzinfo=ZONE)) for day, hour in hours)


def printed(day: int) -> str:
    """A day of the demonstration as it is said to people: '3 mars 2026'."""
    return f"{Day(date_of(day).isoformat()):long}"
