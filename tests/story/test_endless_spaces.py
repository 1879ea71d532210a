"""Endless spaces: closed once they show that they are empty, told with their reason; no archive is taken for one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from program import archiver

from archive import HOME, SOURCE, Town
from archive import town as a_town
from archiver.frontier import traps
from pretend import Reply, page

DEEP = SOURCE.replace("depth   = 5", "depth   = 100")


@pytest.fixture(autouse=True)
def _look_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a story need not be longer than it takes to tell."""
    monkeypatch.setattr(traps, "FIRST_LOOK", traps.SAMPLE)


def endless(town: Town, form: str, answer: Callable[[re.Match[str]], str]) -> None:
    """Every address of the form answers, without end."""
    honest = town.site._reply

    def reply(path: str, query: str) -> object:
        found = re.fullmatch(form, f"{path}?{query}" if query else path)
        return Reply(200, answer(found).encode()) if found else honest(path, query)

    town.site._reply = reply  # type: ignore[method-assign,assignment]


def asked(town: Town, word: str) -> int:
    return sum(word in url for _, url in town.site.log)


def told(town: Town) -> list[str]:
    return [detail for (detail,) in town.rows("SELECT detail FROM issues WHERE kind = 'trap' ORDER BY id")]


MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
          "december")  # fmt: skip


def day(found: re.Match[str]) -> str:
    year, month, number = map(int, found.groups())
    after = (year + (month == 12 and number == 28), month % 12 + 1 if number == 28 else month, number % 28 + 1)
    named = f"{number} {MONTHS[month - 1]} {year}"
    own = f"/kalender/{year}/{month}/{number}.ics"
    links = [("/kalender/{}/{}/{}".format(*after), "Nästa dag"), (own, "Till kalendern"), ("/", "Start")]
    return page(f"Kalender {named}", f"Inga händelser {named}.", links=links)


def listing(found: re.Match[str]) -> str:
    number = int(found[1])
    shown = f"Visar {number * 10 - 9}–{number * 10} av 30 träffar"
    return page("Nyheter", shown, "Inga nyheter att visa.", links=[(f"/nyheter?sida={number + 1}", "Nästa sida")])


COLOURS = [f"val{n}" for n in range(12)]


def facets(found: re.Match[str]) -> str:
    chosen = [part.partition("=")[2] for part in found[1].split("&")]
    query = "&".join(f"filter={c}" for c in chosen)
    links = [(f"/blanketter?{query}&filter={c}", f"Visa {c}") for c in COLOURS if c not in chosen]
    items = [f"<ul><li>Blankett om {word} för {c}</li></ul>" for c in COLOURS for word in ("bygglov", "avlopp")]
    return page("Blanketter", f"Du har valt {' '.join(chosen)}", *items, links=links)


def session(found: re.Match[str]) -> str:
    visit, what = int(found[1], 16), found[2]
    links = [(f"/v/{visit + 1:016x}/{name}", name) for name in ("start", "namnder", "arvoden", "kontakt")]
    return page(what.title(), f"Här står det som alltid står om {what}.", links=links)


@pytest.mark.parametrize(
    ("first", "form", "answer", "shape"),
    [
        pytest.param("/kalender/2026/11/22", r"/kalender/(\d+)/(\d+)/(\d+)", day, "/kalender/N/N/N", id="calendar"),
        pytest.param("/nyheter?sida=1", r"/nyheter\?sida=(\d+)", listing, "/nyheter?sida", id="counter"),
        pytest.param("/blanketter?filter=val1", r"/blanketter\?(.+)", facets, "/blanketter?filter", id="facets"),
        pytest.param("/v/00000000000000a1/start", r"/v/([0-9a-f]{16})/(\w+)", session, "/v/H/…", id="visits in paths"),
    ],
)
def test_an_endless_space_is_closed_and_told_and_other_pages_are_unharmed(
    tmp_path: Path, first: str, form: str, answer: Callable[[re.Match[str]], str], shape: str
) -> None:
    with a_town(tmp_path, DEEP) as town:
        town.site["/"] = page("Start", "Välkommen.", links=[(first, "In"), ("/politik", "Politik")])
        town.site["/politik"] = page("Politik", "Text om politik.")
        endless(town, form, answer)

        town.crawl()
        after_one = asked(town, first.split("?", maxsplit=1)[0][:8])
        [issue] = told(town)
        town.day(days=8)

        assert after_one <= 2 * traps.FIRST_LOOK
        assert issue.startswith(f"www.exempelkoping.se{shape} ")
        assert "of the last 60 pages bring nothing new, such as " in issue
        assert town.rows("SELECT count(*) FROM current_pages WHERE url LIKE '%/politik'") == [(1,)]
        assert told(town) == [issue]  # another run knows, and asks for nothing new
        assert len({url for _, url in town.site.log if first[:8] in url}) == after_one

        said = archiver(
            "--config", tmp_path / "config", "--archive", tmp_path / "archive.db", "issues", "--kind", "trap"
        )
        assert shape in said.out
        beyond = HOME + first.replace("2026", "2031").replace("=1", "=777").replace("val1", "val7&filter=val3").replace(
            "a1", "ff"
        )
        why = archiver("--config", tmp_path / "config", "--archive", tmp_path / "archive.db", "why", beyond)
        assert "does not belong to exempelkoping: one of endlessly many: " in why.out
        assert "bring nothing new, such as" in why.out


def protocol(found: re.Match[str]) -> str:
    """A meeting: nothing in its words but the day tells it from others, yet it has its own documents."""
    number = int(found[1])
    named = f"{number % 28 + 1} {MONTHS[number % 12]} {2000 + number // 12}"
    links = [(f"/fil/{number * 7919}.pdf", "Protokoll"), (f"/moten/{number + 1}", "Nästa möte")]
    return page(
        f"Kommunstyrelsen {named}", f"Sammanträde {named} kl. 13.00", links=links if number < 130 else links[:1]
    )


LETTERS = ("badefogulihankesomtyr", "skvitlopnegranubofime")


def word(number: int) -> str:
    """A word for a number: another one for each."""
    return "".join(LETTERS[n % 2][int(digit) * 2 : int(digit) * 2 + 2] for n, digit in enumerate(f"{number:04}"))


def article(found: re.Match[str]) -> str:
    """News with a number for an address and one title: a name and a place in each are its own."""
    number = int(found[1])
    links = [(f"/nyhet/{number + 1}", "Nästa nyhet")] if number < 125 else []
    said = f"Kommunen meddelar att {word(number)} i {word(number + 5000)} är öppet från i dag."
    return page("Nyheter från kommunen", said, links=links)


def person(found: re.Match[str]) -> str:
    """One of those who were elected: a title, and nothing else that others have not."""
    number = int(found[1])
    names = ("Anna", "Bo", "Eva", "Nils", "Siv", "Tor", "Ulf", "Ida", "Kim", "Liv", "Maj", "Per", "Rut")
    links = [(f"/ledamot/{number + 1}", "Nästa")] if number < 130 else []
    return page(f"{names[number % 13]} {names[number // 13 % 13]}son", "Ledamot i kommunfullmäktige.", links=links)


@pytest.mark.parametrize(
    ("first", "form", "answer", "count"),
    [
        pytest.param("/moten/1", r"/moten/(\d+)", protocol, 130, id="meetings told apart by day and documents"),
        pytest.param("/nyhet/1", r"/nyhet/(\d+)", article, 125, id="numbered news"),
        pytest.param("/ledamot/1", r"/ledamot/(\d+)", person, 130, id="people told apart by their names"),
    ],
)
def test_an_archive_is_no_trap_however_many_pages_of_one_shape_it_has(
    tmp_path: Path, first: str, form: str, answer: Callable[[re.Match[str]], str], count: int
) -> None:
    with a_town(tmp_path, DEEP) as town:
        endless(town, form, answer)
        for number in range(1, count + 1, 50):  # no chain is longer than the scope is deep
            town.site[f"/lista{number}"] = page("Lista", links=[(re.sub(r"\d+", str(number), first), "Hit")])
        town.site["/"] = page("Start", links=[(f"/lista{n}", str(n)) for n in range(1, count + 1, 50)])

        town.crawl()

        assert told(town) == []
        assert town.rows(f"SELECT count(*) FROM current_pages WHERE url LIKE '{HOME}{first[:-1]}%'") == [(count,)]


def test_what_a_sitemap_lists_is_asked_for_and_a_rebuild_forgets_no_trap(tmp_path: Path) -> None:
    with a_town(tmp_path, DEEP) as town:
        town.site["/"] = page("Start", links=[("/nyheter?sida=1", "In")])
        endless(town, r"/nyheter\?sida=(\d+)", listing)
        town.crawl()
        before, count = told(town), asked(town, "sida=")
        assert len(before) == 1

        town.rebuild()
        assert told(town) == before

        listed = f"<url><loc>{HOME}/nyheter?sida=4711</loc></url>"
        town.site.file("/sitemap.xml", f"<urlset>{listed}</urlset>".encode(), "application/xml")
        town.site.robots(f"User-agent: *\nSitemap: {HOME}/sitemap.xml")
        town.day(days=8)
        assert asked(town, "sida=4711") == 1
        assert len({url for _, url in town.site.log if "sida=" in url}) == count + 1
        assert told(town) == before


@pytest.mark.parametrize("copy_first", [False, True])
def test_copies_of_an_archive_may_be_closed_and_the_archive_is_not(tmp_path: Path, copy_first: bool) -> None:
    """Each article has a copy to print. Whichever is read first, nothing that they say is lost."""

    def copied(found: re.Match[str]) -> str:
        number = int(found[1])
        own = [
            (f"/nyhet/{number + n}{query}", "Läs")
            for n in (1, 2, 3)
            for query in ("", "?utskrift=1")
            if number + n <= 125
        ]
        said = f"Kommunen meddelar att {word(number)} i {word(number + 5000)} är öppet från i dag."
        return page("Nyheter från kommunen", said, links=own[:: -1 if copy_first else 1])

    with a_town(tmp_path, DEEP) as town:
        endless(town, r"/nyhet/(\d+)(?:\?utskrift=1)?", copied)
        town.site["/"] = page("Start", links=[(f"/nyhet/{n}", "In") for n in range(1, 126, 60)])
        town.crawl()
        said = {text for (text,) in town.rows("SELECT text FROM passages WHERE text LIKE 'Kommunen meddelar%'")}
        assert len(said) == 125
        assert not [issue for issue in told(town) if issue.startswith("www.exempelkoping.se/nyhet/N ")]


def test_what_an_operator_says_may_be_endless_is_never_closed(tmp_path: Path) -> None:
    with a_town(tmp_path, DEEP.replace("depth   = 100", 'depth = 100\nendless = ["/nyheter?*"]')) as town:
        town.site["/"] = page("Start", links=[("/nyheter?sida=1", "In")])
        endless(town, r"/nyheter\?sida=(\d+)", listing)
        town.crawl(limit=240)
        assert told(town) == []
        assert asked(town, "sida=") == 100  # as deep as the scope


def test_a_link_that_goes_round_is_refused_and_told_once_for_its_kind(tmp_path: Path) -> None:
    with a_town(tmp_path, DEEP) as town:
        town.site["/"] = page("Start", links=[("a/b/", "In")])
        endless(town, r"/(?:a/b/)+", lambda found: page("Runt", f"Varv {len(found[0])}.", links=[("a/b/", "Vidare")]))
        town.crawl()
        assert told(town) == [
            f"www.exempelkoping.se/a/… two parts of the path follow each other 3 times, such as {HOME}/a/b/a/b/a/b/"
        ]
        assert asked(town, "/a/b/") == 2


def test_a_server_that_forgets_visits_is_not_asked_for_ever_more_of_them(tmp_path: Path) -> None:
    """ASP.NET without cookies: another number in the path at each visit, and the former ones are redirected too."""
    visit = 0

    def insist(found: re.Match[str]) -> Reply:
        number, path = found[1], found[2] or ""
        if number == str(visit):
            return Reply(200, page(f"Sida {path}", "Text.", links=[(f"/(S(x{visit}))/moten", "Möten")]).encode())
        return Reply(302, b"", (("Location", f"/(S(x{visit}))/{path}"),))

    with a_town(tmp_path) as town:
        honest = town.site._reply

        def reply(path: str, query: str) -> object:
            found = re.fullmatch(r"/(?:\(S\(x(\d+)\)\)/)?(moten)?", path)
            return insist(found) if found else honest(path, query)

        town.site._reply = reply  # type: ignore[method-assign,assignment]
        for _ in range(10):
            visit += 1
            town.day(days=1.2)

        pages = town.rows("SELECT url, title, visits FROM current_pages ORDER BY url")
        changes = town.changes()
        still_asked = town.rows(
            "SELECT count(*) FROM frontier WHERE due_at IS NOT NULL AND host = 'www.exempelkoping.se'"
        )
        asked_a_day = len(town.site.log) / 10

    assert len(pages) == 2  # the start page and the meetings, whatever the visit
    assert min(visits for _, _, visits in pages) >= 9
    assert changes == []
    assert still_asked == [(4,)]  # each with a visit's number and without
    assert asked_a_day <= 7  # with robots.txt
