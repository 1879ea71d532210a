"""What the room says is so: a share is of what it is said to be of, and what is not known is not told."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks.volume import fill
from selectolax.lexbor import LexborHTMLParser
from visitor import Room

from archive import SOURCE, town
from archiver.asking import selection
from archiver.asking.asked import Inquiry
from archiver.asking.matching import Terms
from archiver.room import application
from archiver.room.pages import page as life
from archiver.room.pages import search
from archiver.room.told import Told, choose
from archiver.store import reader
from pretend import page

TECHNICAL = "kan vara vår läsning"


def change(archive: Path, *statements: tuple[str, tuple[object, ...]]) -> None:
    """Statements that are run in the archive."""
    with closing(sqlite3.connect(archive)) as conn:
        for sql, values in statements:
            conn.execute(sql, values)
        conn.commit()


def words_of(html: str, selector: str = "main") -> str:
    found = LexborHTMLParser(html).css_first(selector)
    assert found is not None, selector
    return " ".join(found.text().split())


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return fill(tmp_path / "archive.db", captures=120, pages=10)


@pytest.fixture
def technical(archive: Path) -> tuple[Room, sqlite3.Row]:
    """A room in which one change of text may be our reading, and that change's row."""
    with closing(sqlite3.connect(archive)) as conn:
        conn.row_factory = sqlite3.Row
        row = conn.execute(
            """SELECT revision_id, page_id, url, capture_before, capture_after FROM page_changes
               WHERE ' ' || classes || ' ' LIKE '% silent-edit %' AND ' ' || kinds || ' ' LIKE '% text %' LIMIT 1"""
        ).fetchone()
    change(
        archive,
        ("DELETE FROM change_classes WHERE revision_id = ?", (row["revision_id"],)),
        (
            "INSERT INTO change_classes (revision_id, class, reason) VALUES (?, 'technical', 'unread before')",
            (row["revision_id"],),
        ),
    )
    return Room(application(archive)), row


def listed(room: Room, path: str) -> list[dict[str, object]]:
    changes: list[dict[str, object]] = json.loads(room.get(path).text)["changes"]
    return changes


def test_what_may_be_our_reading_is_behind_a_switch(technical: tuple[Room, sqlite3.Row]) -> None:
    room, row = technical
    quiet, all_of_them = listed(room, "/changes.json"), listed(room, "/changes.json?technical=1")
    assert len(all_of_them) == len(quiet) + 1
    (ours,) = [one for one in all_of_them if one["classes"] == "technical"]
    assert (ours["url"], ours["capture_before"], ours["capture_after"]) == (
        row["url"], row["capture_before"], row["capture_after"],
    )  # fmt: skip
    assert ours["passages"] == ours["links"] == []
    front = LexborHTMLParser(room.get("/").text)
    assert not front.css_first("input[name=technical]").attributes.get("checked", "")
    assert TECHNICAL not in front.css_first("main").text()


@pytest.mark.parametrize(("lang", "badge"), [("sv", TECHNICAL), ("en", "may be our reading")])
def test_a_card_of_what_may_be_our_reading_says_so_and_shows_no_words(
    technical: tuple[Room, sqlite3.Row], lang: str, badge: str
) -> None:
    room, row = technical
    tree = LexborHTMLParser(room.get(f"/?technical=1&lang={lang}").text)
    (card,) = [card for card in tree.css("article.card") if badge in " ".join(b.text() for b in card.css(".badge"))]
    assert not card.css("ins, del, .own")
    assert card.css_first("h3 a").attributes["href"] == f"/compare/{row['capture_before']}..{row['capture_after']}"
    (note,) = card.css(".note")
    assert "text" in note.text().partition(":")[2]
    assert {"sv": "1 av dem kan vara vår", "en": "1 of them may be our"}[lang] in tree.css_first(".lead").text()


def test_what_may_be_our_reading_is_no_change_of_text(technical: tuple[Room, sqlite3.Row]) -> None:
    room, _ = technical
    silent = [words_of(room.get(path).text, ".lead").partition("I ")[2] for path in ("/", "/?technical=1")]
    assert silent[0] == silent[1] != ""


def test_the_feed_and_the_address_follow_the_switch_and_an_alert_does_not(technical: tuple[Room, sqlite3.Row]) -> None:
    room, row = technical
    front = LexborHTMLParser(room.get("/?technical=1&m=9900").text)
    assert "technical=1" in front.css_first("link[type='application/atom+xml']").attributes["href"]
    pair = f"{row['capture_before']}..{row['capture_after']}"
    assert pair not in room.get("/changes.atom").text
    entry = room.get("/changes.atom?technical=1").text.partition(pair)[2].partition("</entry>")[0]
    assert TECHNICAL in room.get("/changes.atom?technical=1").text
    assert "&lt;ins" not in entry
    assert "technical" not in words_of(room.get("/alert?technical=1&m=9900").text)


def test_a_comparison_and_a_timeline_say_what_may_be_our_reading(technical: tuple[Room, sqlite3.Row]) -> None:
    """Calling it a silent edit would blame the page for what we did."""
    room, row = technical
    for path in ("", ".html"):
        text = words_of(room.get(f"/compare/{row['capture_before']}..{row['capture_after']}{path}").text)
        assert TECHNICAL in text
        assert "tyst ändring" not in text
    timeline = LexborHTMLParser(room.get(f"/page/{row['page_id']}").text).css_first("#timeline")
    assert TECHNICAL in timeline.css_first("tbody").text()
    assert TECHNICAL in timeline.css_first(".key").text()
    assert [mark.text() for mark in timeline.css("svg[role=img] > text.ink")].count("?") == 1


def test_a_comparison_across_what_may_be_our_reading_says_so_too(technical: tuple[Room, sqlite3.Row]) -> None:
    room, row = technical
    assert row["capture_before"] > 1
    (first, last) = (row["capture_before"] - 1, row["capture_after"])
    assert TECHNICAL in words_of(room.get(f"/compare/{first}..{last}").text)
    assert TECHNICAL in words_of(room.get(f"/compare/{last}..{first}").text)


def test_no_more_edits_are_silent_than_there_are_changes_of_text(archive: Path) -> None:
    """A silent edit of links alone is no change of text: '10 of 9 changes of text' would be nonsense."""
    room = Room(application(archive))
    before = words_of(room.get("/").text, ".lead")
    with closing(sqlite3.connect(archive)) as conn:
        sql = "SELECT revision_id FROM change_classes WHERE class = 'silent-edit' LIMIT 1"
        (number,) = conn.execute(sql).fetchone()
    change(archive, ("UPDATE changes SET kind = 'links' WHERE revision_id = ? AND kind = 'text'", (number,)))
    after = words_of(room.get("/").text, ".lead")
    silent, texts = (int(part) for part in before.partition("I ")[2].split("stod")[0].split() if part.isdigit())
    assert f"I {silent - 1} av {texts - 1} textändringar" in after
    change(archive, ("DELETE FROM changes WHERE kind = 'text'", ()))
    assert "textändringar" not in words_of(room.get("/").text, ".lead")
    assert "0 av 0" in words_of(room.get("/m/9900").text, ".figures")


def with_event(archive: Path, section: str) -> list[int]:
    """Two changes made one event, the first of them on a page of another section than the second."""
    with closing(sqlite3.connect(archive)) as conn:
        rows = conn.execute(
            """SELECT min(r.id), r.page_id FROM revisions r JOIN pages p ON p.id = r.page_id
               WHERE r.number = 2 AND p.source_id = (SELECT source_id FROM pages GROUP BY source_id
                 HAVING count(*) > 1 LIMIT 1) GROUP BY r.page_id ORDER BY 1 LIMIT 2"""
        ).fetchall()
        (first, _), (second, page_id) = rows
        source = conn.execute("SELECT source_id FROM pages WHERE id = ?", (page_id,)).fetchone()[0]
        conn.execute("UPDATE pages SET section = ? WHERE id = ?", (section, page_id))
        conn.execute("DELETE FROM change_classes WHERE revision_id IN (?, ?)", (first, second))
        conn.execute(
            """INSERT INTO events (id, source_id, kind, key, first_seen, last_seen, pages, summary)
               VALUES (7, ?, 'site-wide', 'k', '2026-01-06T05:00:00Z', '2026-01-07T05:00:00Z', 412, 'same')""",
            (source,),
        )
        conn.executemany(
            """INSERT INTO change_classes (revision_id, class, reason, event_id, folded)
               VALUES (?, 'site-wide', 'made up', 7, 1)""",
            [(first,), (second,)],
        )
        conn.commit()
    return [first, second, page_id]


def test_an_event_is_not_hidden_behind_a_page_that_was_not_asked_for(tmp_path: Path) -> None:
    archive = fill(tmp_path / "archive.db", captures=240, pages=20)
    first, second, page_id = with_event(archive, "avdelning")
    room = Room(application(archive))
    shown = {one["revision"]: one for one in listed(room, "/changes.json?class=site-wide")}
    assert len(shown) == 1
    assert len(listed(room, "/changes.json?class=site-wide&section=avdelning")) == 1
    assert len(listed(room, f"/changes.json?class=site-wide&page={page_id}")) == 1
    assert "412" in room.get(f"/page/{page_id}.atom").text
    with closing(sqlite3.connect(archive)) as conn:
        late = "2026-02-10T05:00:00Z"
        sql = "UPDATE revisions SET first_seen = ?1, last_seen = max(last_seen, ?1) WHERE id = ?2"
        conn.execute(sql, (late, second))
        conn.commit()
    assert len(listed(room, "/changes.json?class=site-wide&since=2026-02-10")) == 1
    assert first < second


def test_the_share_of_pages_with_a_word_is_of_the_pages_of_that_municipality(tmp_path: Path) -> None:
    archive = fill(tmp_path / "archive.db", captures=240, pages=20)
    room = Room(application(archive))
    seen = []
    for args in ("", "&m=9900", "&m=ekvik"):
        tables = LexborHTMLParser(room.get(f"/search?q=avgift&tense=ever{args}").text).css("details table")
        seen.append(max(int(row.css("td")[-1].text()) for row in tables[0].css("tbody tr")))
    assert seen == [20, 2, 2]


def test_numbers_that_were_not_counted_to_the_end_say_so(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room(application(archive))
    assert "+" not in words_of(room.get("/search?q=avgift").text, "nav.tabs")
    monkeypatch.setattr(search, "MOST", 3)
    tree = LexborHTMLParser(room.get("/search?q=avgift&lang=sv&x=1").text)
    assert [node.text() for node in tree.css("nav.tabs .num")][1:] == ["3+", "3+", "3+"]
    assert "minst så stora" in tree.css_first("section[aria-labelledby=phrase]").text()


def test_a_place_behind_the_last_result_is_the_first(archive: Path) -> None:
    room = Room(application(archive))
    tree = LexborHTMLParser(room.get("/search?q=avgift&from=2999").text)
    assert tree.css("article.result")
    assert "Ingen träff" not in tree.text()


def test_what_is_chosen_and_not_offered_is_shown_as_chosen(archive: Path) -> None:
    room = Room(application(archive))
    tree = LexborHTMLParser(room.get("/?m=0000&days=14").text)
    assert [o.attributes["value"] for o in tree.css("option[selected]")] == ["0000", "14"]
    tree = LexborHTMLParser(room.get("/search?q=avgift&m=nowhere").text)
    assert [o.text() for o in tree.css("option[selected]")] == ["nowhere"]


def test_feeds_of_two_selections_have_two_names(archive: Path) -> None:
    room = Room(application(archive))
    titles = [
        room.get(path).text.partition("<title>")[2].partition("</title>")[0]
        for path in ("/changes.atom", "/changes.atom?m=9900&class=silent-edit&days=30")
    ]
    told = "Vad som ändrades: Ekvik, Senaste 30 dygnen, tyst ändring · archiver"
    assert titles == ["Vad som ändrades · archiver", told]


def test_an_odd_quality_of_a_language_is_no_trouble() -> None:
    assert choose(None, None, "en;q=\u00b2, sv;q=0.5") == "en"
    assert choose(None, None, "en;q=0.1, sv;q=0.5") == "sv"


@pytest.fixture(scope="module")
def stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A town without a code, whose pages move, fail, and unlink documents and link them again."""
    folder = tmp_path_factory.mktemp("stormy")
    with town(folder, source=SOURCE.replace('"9999"', '""'), start="2026-03-02 06:00") as found:
        site = found.site
        links = [("/flytt", "flytt"), ("/trasig", "trasig"), ("/dok", "dok"), ("/sida?lang=en", "in English")]
        site["/"] = page("Start", links=[*links, ("/sida", "sida")])
        site["/flytt"], site["/ny"] = page("Flytt", "Ord."), page("Ny", "Andra ord här.")
        site["/trasig"] = page("Trasig", "Ord som är kvar.")
        site["/sida"], site["/sida?lang=en"] = page("Sida", "På svenska."), page("Page", "In English.")
        site.file("/fil.pdf", b"%PDF-1.4 nothing")
        site["/dok"] = page("Dok", "Ord.", links=[("/fil.pdf", "Taxan (pdf)"), ("/annan.pdf", "Annan (pdf)")])
        found.crawl()
        site.moves("/flytt", "/ny")
        site.fails("/trasig", times=1)
        site["/dok"] = page("Dok", "Ord.", links=[])
        found.day()
        site["/dok"] = page("Dok", "Ord.", links=[("/fil.pdf", "Taxan (pdf)")])
        found.day()
        found.day()
        yield Room(application(folder / "archive.db"), found)


def captures_of(room: Room, path: str, outcome: str) -> list[int]:
    assert room.town is not None
    sql = """SELECT c.id FROM captures c JOIN addresses a ON a.id = c.address_id
             WHERE a.url = ? AND c.outcome = ? ORDER BY c.id"""
    return [int(row[0]) for row in room.town.rows(sql, room.town.site.url(path), outcome)]


@pytest.mark.parametrize("form", ["", ".html"])
def test_a_page_is_called_gone_only_where_a_capture_showed_that(stormy: Room, form: str) -> None:
    good, failed = captures_of(stormy, "/trasig", "ok")[0], captures_of(stormy, "/trasig", "failed")[0]
    lead = words_of(stormy.get(f"/compare/{good}..{failed}{form}").text, ".lead")
    assert lead.startswith("Den senare hämtningen visade ingen sida.")
    good, moved = captures_of(stormy, "/flytt", "ok")[0], captures_of(stormy, "/flytt", "moved")[-1]
    lead = words_of(stormy.get(f"/compare/{good}..{moved}{form}").text, ".lead")
    assert lead.startswith("Adressen leder numera till en annan.")


def test_a_document_that_is_linked_again_is_not_among_those_that_are_not(stormy: Room) -> None:
    text = words_of(stormy.get(f"/page/{stormy.page_of('/dok')}").text, "#links")
    former = text.partition("Dokument som inte längre länkas")[2]
    assert "annan.pdf" in former
    assert "fil.pdf" not in former


def test_a_municipality_without_a_code_is_found_by_its_source(stormy: Room) -> None:
    for path in ("/lists/documents", "/lists/events", "/lists/gone", "/lists/dead-links", "/lists/notice-board"):
        every, own, none = (stormy.get(f"{path}{m}").text for m in ("", "?m=exempelkoping", "?m=9900"))
        rows = [len(LexborHTMLParser(text).css("tbody tr")) for text in (every, own, none)]
        assert rows[0] == rows[1] >= rows[2] == 0, path
    per = LexborHTMLParser(stormy.get("/search?q=ord&tense=ever").text).css_first("[aria-labelledby=per] tbody a")
    assert per.attributes["href"].endswith("m=exempelkoping")
    assert LexborHTMLParser(stormy.get(per.attributes["href"]).text).css("article.result")


def test_a_language_in_an_archived_address_is_the_sites_own(stormy: Room) -> None:
    assert stormy.town is not None
    targets = {
        path: stormy.get(f"/timegate/{stormy.town.site.url(path)}").headers["location"]
        for path in ("/sida", "/sida?lang=en")
    }
    assert targets["/sida"] != targets["/sida?lang=en"]
    assert stormy.get(targets["/sida?lang=en"]).text.count("In English.")
    with_choice = stormy.get(f"/timegate/{stormy.town.site.url('/dok')}?lang=en")
    assert with_choice.status_code == 302


def test_a_capture_that_is_not_there_is_compared_with_nothing(stormy: Room) -> None:
    there = captures_of(stormy, "/trasig", "ok")[0]
    assert stormy.get(f"/compare?a={there}&b=999999").status_code == 404
    assert stormy.get(f"/compare?a={there}&b={there}").headers["location"] == f"/compare/{there}..{there}"


def test_an_old_day_is_read_though_few_captures_are_drawn(stormy: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "_MOST_CAPTURES", 1)
    tree = LexborHTMLParser(stormy.get(f"/page/{stormy.page_of('/trasig')}?at=2026-03-02").text)
    assert "Ord som är kvar." in tree.css_first("#text").text()


def test_the_days_on_which_we_looked_are_swedish_days(tmp_path: Path) -> None:
    with town(tmp_path, start="2026-03-02 23:30") as found:  # in Sweden the third
        found.site["/"] = page("Start", "Ord.")
        found.crawl()
        room = Room(application(tmp_path / "archive.db"), found)
        text = words_of(room.get("/m/9999").text)
        assert "senast 3 mars 2026" in text
        assert "1 av 1 dag" in text
        url = found.site.url("/")
        codes = [room.get(f"/at/{time}/{url}").status_code for time in ("20260302", "2026-03-03", "20260302235500")]
        assert codes == [404, 302, 302]
        assert room.get(f"/at/99991231235959/{url}").status_code == 400
        assert room.get(f"/at/20260230/{url}").status_code == 400


def test_a_municipality_that_is_asked_in_vain_is_not_seen(tmp_path: Path) -> None:
    """The list of all and the page of health say the same."""
    begun = datetime.now(UTC) - timedelta(days=10)
    with town(tmp_path, start=f"{begun:%Y-%m-%d %H:%M}") as found:
        found.site["/"] = page("Start", "Ord.")
        found.crawl()
        for _ in range(3):
            found.site.fails("/", times=5)
            found.day(days=3)
        room = Room(application(tmp_path / "archive.db"), found)
        shown = [LexborHTMLParser(room.get(path).text).css_first("tbody tr").text() for path in ("/m", "/health")]
        lead = words_of(room.get(f"/page/{room.page_of('/')}").text, ".lead")
    assert ["inte sedd på länge" in row for row in shown] == [True, True]
    seen = Told("sv", datetime.now(UTC)).time(f"{begun:%Y-%m-%dT%H:%M:00Z}")
    assert [seen in row for row in shown] == [True, True]
    assert lead.startswith("Finns, senast sett ")
    assert ", senast frågad " in lead


def test_of_words_that_too_many_changes_have_the_newest_are_found(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MOST_MATCHES", 5)
    with closing(reader(archive)) as conn:
        found = selection.matched(Inquiry(conn, datetime.now(UTC)), Terms("kommunen"))
        newest = conn.execute(
            "SELECT revision_id FROM hunks WHERE text LIKE '%kommunen%' ORDER BY id DESC LIMIT 1"
        ).fetchone()[0]
    assert newest in found


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/search?q=-skola", "bara ord som inte får stå där"),
        ("/search?q=%E2%80%A6", "bara bokstäver och siffror går att söka"),
        ("/?q=-skola", "bara ord som inte får stå där"),
        ("/search?q=" + "+".join(f"ord{n}" for n in range(21)), "de 20 första"),
        ("/search?q=" + "a" * 201, "de 200 första tecknen"),
    ],
)
def test_what_of_a_search_cannot_be_looked_for_is_said(stormy: Room, path: str, told: str) -> None:
    assert told in words_of(stormy.get(path).text)


def test_no_part_of_a_filter_is_left_out_in_silence(archive: Path) -> None:
    room = Room(application(archive))
    assert room.get("/?" + "&".join(["class=flap"] * 60)).status_code == 200
    assert room.get("/?" + "&".join(["class=flap"] * 61)).status_code == 400
