"""Small random histories of a pretend site, for laws: what an editor might do to a few pages over some days.

@given(histories())
def test_...(history):
    editor = Editor(site, history.pages)
    for day in history.days:
        for operation in day:
            editor.do(operation)
        ... crawl ...
        clock.advance(days=1)
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal, get_args

from hypothesis import strategies as st

from pretend import Site, page

What = Literal["edit", "touch", "both", "remove", "restore", "move", "fail", "banner", "link", "noise"]
WORDS = ("Avgiften är 420 kronor.", "Beslutet togs den 3 mars 2019.", "Nämnden har nio ledamöter.", "Ring kansliet.",
         "Kvitto ska lämnas in.", "Handlingarna läggs ut i förväg.", "Måsarna får inte matas.")  # fmt: skip
FIRST = date(2026, 1, 5)


@dataclass(frozen=True)
class Operation:
    """One thing an editor, or the world, does."""

    what: What
    page: int  # which one, modulo their number
    number: int  # chooses words, dates and targets


@dataclass(frozen=True)
class History:
    """How many pages there are, and what happens on each day before the crawl."""

    pages: int
    days: tuple[tuple[Operation, ...], ...]


@dataclass(frozen=True)
class Draft:
    """A page as its editor sees it."""

    title: str
    paragraphs: tuple[str, ...]
    updated: date | None
    links: tuple[tuple[str, str], ...] = ()
    path: str = ""
    is_there: bool = True


def operations() -> st.SearchStrategy[Operation]:
    return st.builds(Operation, st.sampled_from(get_args(What)), st.integers(0, 5), st.integers(0, 20))


def histories(most_days: int = 4) -> st.SearchStrategy[History]:
    """One to six pages; up to four operations a day. Days without any are the commonest thing in the world."""
    day = st.lists(operations(), max_size=4).map(tuple)
    return st.builds(History, st.integers(1, 6), st.lists(day, min_size=1, max_size=most_days).map(tuple))


@dataclass
class Editor:
    """Plays operations on a site. The start page '/' links to every page that ever was."""

    site: Site
    pages: int
    drafts: list[Draft] = field(default_factory=list)

    def __post_init__(self) -> None:
        for i in range(self.pages):
            dated = FIRST + timedelta(days=i) if i % 3 else None  # every third page says no date
            self.drafts.append(Draft(f"Sida {i}", (WORDS[i % len(WORDS)],), dated, path=f"/sida-{i}"))
            self._write(i)

    def do(self, operation: Operation) -> None:
        """What the operation means on this site as it is now."""
        i, n = operation.page % self.pages, operation.number
        if operation.what in REWRITES:
            self.drafts[i] = REWRITES[operation.what](self.drafts[i], n)
        else:
            getattr(self, f"_{operation.what}")(i, n)
        self._write(i)

    def _remove(self, i: int, n: int) -> None:
        self.drafts[i] = replace(self.drafts[i], is_there=False)
        self.site.gone(self.drafts[i].path, 410 if n % 2 else 404)

    def _move(self, i: int, n: int) -> None:
        old, new = self.drafts[i].path, f"/sida-{i}-{n}"
        self.drafts[i] = replace(self.drafts[i], path=new, is_there=True)
        if new != old:
            self.site.moves(old, new)

    def _fail(self, i: int, n: int) -> None:
        if n % 2:
            self.site.fails(self.drafts[i].path, "timeout")
        else:
            self.site.says(self.drafts[i].path, 503)

    def _link(self, i: int, n: int) -> None:
        link = (f"/sida-{n % self.pages}", f"Se även {n}")
        self.drafts[i] = replace(self.drafts[i], links=(*self.drafts[i].links, link))

    def _banner(self, _: int, n: int) -> None:
        self.site.banner = f"Vattenläcka. Uppdaterad 2026-01-{n + 1:02}." if n % 3 else ""

    def _noise(self, _: int, n: int) -> None:
        self.site.noise = f'<input type="hidden" name="csrf" value="{n:08x}">'

    def _write(self, i: int) -> None:
        draft = self.drafts[i]
        if draft.is_there:
            day = draft.updated.isoformat() if draft.updated else None
            self.site[draft.path] = page(draft.title, *draft.paragraphs, updated=day, links=draft.links)
        links = [(d.path, d.title) for d in self.drafts]
        self.site["/"] = page("Start", "Välkommen till Exempelköping.", links=links)


def _edited(paragraphs: tuple[str, ...], n: int) -> tuple[str, ...]:
    """The paragraphs with one added, changed or taken away, by the number."""
    words, at = WORDS[n % len(WORDS)], n % (len(paragraphs) + 1)
    if n % 3 == 0 and len(paragraphs) > 1:
        return paragraphs[: at % len(paragraphs)] + paragraphs[at % len(paragraphs) + 1 :]
    if n % 3 == 1 and paragraphs:
        return (*paragraphs[:-1], f"{paragraphs[-1]} {words}")
    return (*paragraphs[:at], words, *paragraphs[at:])


def _later(day: date | None, n: int) -> date | None:
    return day + timedelta(days=n + 1) if day else None


REWRITES: dict[str, Callable[[Draft, int], Draft]] = {
    "edit": lambda d, n: replace(d, paragraphs=_edited(d.paragraphs, n)),
    "touch": lambda d, n: replace(d, updated=_later(d.updated, n)),
    "both": lambda d, n: replace(d, paragraphs=_edited(d.paragraphs, n), updated=_later(d.updated, n)),
    "restore": lambda d, _: replace(d, is_there=True),
}
