"""A year of pretend municipalities as data: what is done to their sites on which day, and what must be told of it.

Each act on a page names the classes of the change that it makes (`ACTS`); the truth of a page is the list of them in
order. Acts on one page lie `SLOT` days apart, which is more than the longest time between two visits: each is seen by
itself, and so log and truth can be compared exactly. What befalls a whole site is a `Turn` (it is another from then on)
or a `Trouble` (for some days it does not answer as it should).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from random import Random
from zoneinfo import ZoneInfo

from archiver.demo.pdf import page_pdf
from archiver.model import FailureKind
from pretend import BANNER, Site, page

DAYS, EVERY = 365, 4
"""Days of the year, and the rhythm of every source."""
SLOT, FIRST, SLOTS = 39, 12, 9
"""Days between two acts on one page, more than eight rhythms with their jitter; the first day of any; how many fit."""
SPREAD = 1.5
"""Days by which chance moves an act."""
ZONE = ZoneInfo("Europe/Stockholm")
"""Whose days editors print on their pages."""
MOVERS = 21
"""Pages of a site that moves, at least: enough that it is a migration."""
UNANNOUNCED, REASONS = "move unannounced", 60
"""A move without redirects, and words on each of its pages by which it can be known again."""
DOCUMENT = "/dokument/taxa.pdf"
ALERT = "Vattnet måste kokas i hela kommunen."
LINES = ("Ring växeln på 0999-123 45.", "Ring växeln på 0999-543 21 alla vardagar.")
OVERSEEN = "Innehållet setts över"
"""A label that stands on pages from the start and that no language knows before the middle of the year."""
_NAMES = ("Vera", "Hugo", "Majken", "Sixten", "Tyra", "Viggo", "Signe", "Folke", "Ebba", "Ture", "Alva", "Gösta")
_NEW = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>{title} | Ny webb</title>
<meta name="generator" content="Sitevision 12"><link rel="stylesheet" href="/ny.css"></head>
<body class="sv-no-js env-m"><header><a href="/">Kommunen</a><form><input name="q"></form></header>
<nav class="env-nav"><ul><li><a href="/">Hem</a></li></ul></nav><main class="env-container" role="main">
{banner}<article class="sv-layout sv-grid"><div class="sv-text-portlet"><h1 class="font-heading-1">{title}</h1>
<div class="env-text">{body}</div></div><div class="env-dates">{dates}</div></article></main>
<footer class="env-footer"><p>Ny sidfot. Besök oss på Nya gatan 2.</p></footer></body></html>"""


@dataclass
class Page:
    """One page as its editors left it."""

    title: str
    published: str = "2025-03-04"
    updated: str | None = None
    person: int | None = None  # who is the second in its list of people
    links: tuple[tuple[str, str], ...] = ()
    overseen: str | None = None
    text: int = 0  # which wording stands on it
    before: int = 0  # and which one stood there before
    texts: int = 0  # wordings it has had
    is_gone: bool = False
    reasons: int = 0  # words of a paragraph that no edit touches

    def paragraphs(self, line: str | None) -> list[str]:
        """What stands on it, as words or markup; `line` is one that all pages of the site have."""
        topic = self.title.lower()
        rows = [f"Avgiften för {topic} är {400 + 10 * self.text} kronor i månaden.", f"Nämnden beslutar om {topic}."]
        if self.reasons:
            rows.append(" ".join(f"skäl{k}" for k in range(self.reasons)) + f" för {topic}.")
        if self.person is not None:
            names = (f"{_NAMES[-1]} Påhitt (M), ordförande", f"{_NAMES[self.person % 11]} Exempel (S), ledamot")
            rows.append("<ul>" + "".join(f"<li>{name}</li>" for name in names) + "</ul>")
        return rows + ([f"{OVERSEEN}: {self.overseen}"] if self.overseen else []) + ([line] if line else [])

    def html(self, line: str | None, prefix: str, *, new: bool) -> str:
        """The page in the site's old form or in its new one; `prefix` is that of the site's addresses."""
        rows, links = self.paragraphs(line), [(prefix + to, words) for to, words in self.links]
        if not new:
            return page(self.title, *rows, published=self.published, updated=self.updated, links=links)
        rows = [row if row.startswith("<") else f'<p class="normal"><span>{escape(row)}</span></p>' for row in rows]
        rows += [f'<p class="normal"><a class="env-link" href="{to}"><span>{words}</span></a></p>'
                 for to, words in links]  # fmt: skip
        dates = f'<p class="env-meta">Publicerad: {self.published}</p>'
        dates += f'<p class="env-meta">Sidan uppdaterades senast: {self.updated}</p>' if self.updated else ""
        return _NEW.format(title=escape(self.title), body="".join(rows), dates=dates, banner=BANNER)


@dataclass(frozen=True)
class Act:
    """What an editor does to a page: the page is another afterwards, and that is so told."""

    do: Callable[[Page, str], Page]  # the day as printed
    tells: str  # the classes, in the order of the alphabet


def _edit(there: Page, day: str | None) -> Page:
    """Another wording, that never stood there; the date is that of the day, or stays."""
    fresh = there.texts + 1
    return replace(there, text=fresh, before=there.text, texts=fresh, updated=day or there.updated)


ACTS: Mapping[str, Act] = {
    "edit": Act(_edit, "edit"),
    "edit undated": Act(lambda p, _: _edit(p, None), "edit"),
    "undo": Act(lambda p, _: replace(p, text=p.before), "edit flap"),
    "silent edit": Act(lambda p, _: _edit(p, None), "silent-edit"),
    "touch": Act(lambda p, day: replace(p, updated=day), "touch"),
    "set back": Act(lambda p, _: replace(p, updated="2025-06-01"), "date-regression"),
    "published anew": Act(lambda p, day: replace(p, published=day, updated=day), "backdated-publication touch"),
    "leave": Act(lambda p, _: replace(p, is_gone=True), "disappearance"),
    "return": Act(lambda p, _: replace(p, is_gone=False), "return"),
    "replace person": Act(lambda p, day: replace(p, person=(p.person or 0) + 1, updated=day), "edit personnel"),
    "unlink": Act(lambda p, day: replace(p, links=(), updated=day), "edit unlinked-document"),
    "relink": Act(lambda p, day: replace(p, links=((DOCUMENT, "Taxa, pdf"),), updated=day), "edit relinked-document"),
    "replace file": Act(_edit, "edit replaced-document"),
}
CAREERS: tuple[tuple[str, ...], ...] = (
    ("edit", "silent edit", "touch", "edit", "", "silent edit"),
    ("edit undated", "undo", "", "edit undated", "undo", "edit undated"),
    ("silent edit", "leave", "return", "", "edit", "touch"),
    ("replace person", "", "silent edit", "replace person", "touch", ""),
    ("edit", "unlink", "", "relink", "silent edit", ""),
    ("", "touch", "set back", "edit", "published anew", ""),
    (),
)
"""What is done to a page in each slot, over and over; pages take these in turn. The last never changes."""
FILE_CAREER = ("", "", "replace file", "", "", "replace file")


@dataclass(frozen=True)
class Turn:
    """A site is another from a day on: 'alert', 'calm', 'line 0', 'line 1', 'redesign', 'move', 'move unannounced'."""

    day: float
    what: str


@dataclass(frozen=True)
class Trouble:
    """For some days a site does not answer as it should: a failure, 'busy', 'dead' (for ever) or 'closed' by robots."""

    day: float
    days: float
    what: FailureKind | str


@dataclass(frozen=True)
class Issue:
    """What a person is told of a source, as far as the script knows it."""

    kind: str
    about: str


@dataclass
class Town:
    """One site, what is done to it, and what must be told."""

    host: str
    site: Site
    profile: str
    pages: dict[str, Page]
    acts: list[tuple[float, str, str]]  # day, path, name of the act; in order
    turns: tuple[Turn, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    changes: dict[str, list[str]] = field(default_factory=dict)  # URL -> what must have been told of it by now
    events: list[tuple[str, int]] = field(default_factory=list)  # kind, pages
    turned: tuple[Turn, ...] = ()  # the turns that were taken
    line: str | None = None
    is_new: bool = False
    prefix: str = ""  # of the addresses, since the site moved

    @property
    def issues(self) -> Counter[Issue]:
        """What a person must have been told by the end of the year."""
        whys = {"closed": "robots", "dead": "dns"}
        told = [Issue("source-silent", whys.get(t.what, t.what)) for t in self.troubles if t.what != "busy"]
        if any(t.what == "closed" for t in self.troubles):
            told += [Issue("robots-changed", "bars"), Issue("robots-changed", "frees")]
        return Counter(told)

    def trouble(self, day: float) -> Trouble | None:
        """What is the matter on that day."""
        return next((t for t in self.troubles if t.day <= day < t.day + t.days), None)

    def live(self, until: float, start: datetime) -> None:
        """All that is done up to that day."""
        while self.acts and self.acts[0][0] <= until:
            day, path, name = self.acts.pop(0)
            self._act(
                path, name, f"{(start + timedelta(days=day)).astimezone(ZONE):%Y-%m-%d}", told=not self._is_dead(day)
            )
        while self.turns and self.turns[0].day <= until:
            turn, self.turns = self.turns[0], self.turns[1:]
            self.turned += (turn,)
            self._turn(turn.what)

    def _is_dead(self, day: float) -> bool:
        return any(t.what == "dead" and day >= t.day for t in self.troubles)

    def _act(self, path: str, name: str, day: str, *, told: bool) -> None:
        act = ACTS[name]
        self.pages[path] = act.do(self.pages[path], day)
        self._show(path)
        if told:
            self.changes.setdefault(self.site.url(self.prefix + path), []).append(act.tells)

    def _turn(self, what: str) -> None:
        name, _, number = what.partition(" ")
        if name in ("alert", "calm"):
            self.site.banner = ALERT if name == "alert" else ""
        elif name == "line":
            self.line = LINES[int(number)]
            self.events.append(("site-wide", sum(not p.is_gone for path, p in self.pages.items() if path != DOCUMENT)))
        elif name == "redesign":
            self.is_new = True
        elif name == "move":
            self._move("/ny", announced=not number)
        self.show()

    def _move(self, prefix: str, *, announced: bool) -> None:
        moved = [path for path, there in self.pages.items() if path != "/" and not there.is_gone]
        if not announced and DOCUMENT in moved:  # it says too little to be known at another address
            self.changes.setdefault(self.site.url(self.prefix + DOCUMENT), []).append("disappearance")
            self.site.gone(moved.pop(moved.index(DOCUMENT)))
        for path in moved:
            if announced:
                self.site.moves(path, prefix + path)
            else:
                self.site.gone(path)
        self.prefix = prefix
        self.events.append(("migration", len(moved)))
        self.changes.setdefault(self.site.url("/"), []).append("edit")

    def show(self) -> None:
        """Put every page on the site as it is now."""
        for path in self.pages:
            self._show(path)

    def _show(self, path: str) -> None:
        there, at = self.pages[path], path if path == "/" else self.prefix + path
        if there.is_gone:
            self.site.gone(at, 410)
        elif path == DOCUMENT:
            days = (datetime.fromisoformat(day) for day in (there.published, there.updated or there.published))
            self.site.file(at, page_pdf(there.title, there.paragraphs(None), *days))
        else:
            self.site[at] = there.html(self.line, self.prefix, new=self.is_new)


Fate = tuple[list[Turn], list[Trouble], tuple[int, ...]]
"""Turns, troubles, and the slots in which no page is edited by itself."""
Befall = Callable[[Random], Fate]


def slot(number: int) -> float:
    """The day on which a slot begins."""
    return FIRST + number * SLOT


def make(number: int, site: Site, chance: Random, pages: int, fates: Sequence[Befall]) -> Town:
    """The town of that number: what befalls it is the number's doing, and on which day is chance's."""
    turns, troubles, free = fates[number % len(fates)](chance)
    count = max(pages, MOVERS) if any(t.what.startswith("move") for t in turns) else pages
    town = Town(site.hosts.copy().pop(), site, "generic" if number % 4 == 1 else "sitevision", {}, [],
                tuple(sorted(turns, key=lambda t: t.day)), tuple(troubles))  # fmt: skip
    for i in range(count):
        career = CAREERS[(i + number) % len(CAREERS)]
        if "unlink" in career and DOCUMENT in town.pages:
            career = CAREERS[0]
        town.pages[f"/sida-{i}"] = Page(
            f"Ämne {i}",
            published=f"2025-03-{i % 28 + 1:02d}",
            updated=None if "undo" in career else f"2025-11-{i % 28 + 1:02d}",
            person=0 if "replace person" in career else None,
            links=((DOCUMENT, "Taxa, pdf"),) if "unlink" in career else (),
            overseen="2025-10-01" if i % 3 == 0 else None,
            reasons=REASONS if any(t.what == UNANNOUNCED for t in turns) else 0,
        )
        _plan(town, f"/sida-{i}", career, free, chance)
        if town.pages[f"/sida-{i}"].links:
            town.pages[DOCUMENT] = Page("Taxa")
            _plan(town, DOCUMENT, FILE_CAREER, free, chance)
    links = tuple((path, there.title) for path, there in town.pages.items() if path != DOCUMENT)
    town.pages["/"] = Page("Start", links=links)
    town.acts.sort()
    town.show()
    return town


def _plan(town: Town, path: str, career: tuple[str, ...], free: tuple[int, ...], chance: Random) -> None:
    """The acts of a page, one in each slot that is not wanted for its whole site; none is left out of its order."""
    names = iter(career * SLOTS)
    for number in range(SLOTS):
        if career and number not in free and (name := next(names)):
            town.acts.append((slot(number) + chance.random() * SPREAD, path, name))


def _in(number: int, chance: Random) -> float:
    """A day shortly after the acts of a slot."""
    return slot(number) + SPREAD + 1 + chance.random()


def _unlucky(chance: Random) -> Fate:
    """An outage of nine days, and two storms of 503."""
    return [], [Trouble(_in(2, chance), 9, "timeout"), Trouble(_in(5, chance), 0.7, "busy"),
                Trouble(_in(7, chance), 1.2, "busy")], ()  # fmt: skip


def _closed(chance: Random) -> Fate:
    """Robots that close for two weeks, and a redesign among the edits of a slot."""
    return [Turn(slot(6) + chance.random(), "redesign")], [Trouble(_in(3, chance), 14, "closed")], ()


def _moving(chance: Random) -> Fate:
    """Every URL is another one; before that, a crisis is announced on all pages for a while."""
    alert = _in(2, chance)
    return [Turn(alert, "alert"), Turn(alert + 30, "calm"), Turn(slot(5) + chance.random(), "move")], [], (5,)


def _repeating(chance: Random) -> Fate:
    """A line that comes to stand on every page, and is later another; a certificate that lapses for twelve days."""
    lines = [Turn(slot(3) + chance.random(), "line 0"), Turn(slot(7) + chance.random(), "line 1")]
    return lines, [Trouble(_in(5, chance), 12, "tls")], (3, 7)


def _dying(_: Random) -> Fate:
    """A host that is gone for ever."""
    return [], [Trouble(slot(6) - 1, DAYS, "dead")], ()


def unannounced(_: Random) -> Fate:
    """Every URL is another one, and no redirect says so."""
    return [Turn(slot(1), UNANNOUNCED)], [], (1,)


FATES: tuple[Befall, ...] = (_unlucky, _closed, _moving, _repeating, _dying)
"""What befalls the towns, in turn."""
