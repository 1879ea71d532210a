"""What the pages say: changes, comparisons, a page's life, municipalities, search, lists, health."""

import csv
import io
import json
import re
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from benchmarks.volume import fill
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from visitor import Room

from archive import town
from archiver.asking.days import begins
from archiver.asking.matching import Terms
from archiver.config.alert_shapes import AlertShape
from archiver.diff.text import compare_blocks
from archiver.model import Block
from archiver.publish.stretches import stretches
from archiver.room import application
from archiver.room.pages import compare
from archiver.room.told import Told, words
from pretend import page


def cards(html: str) -> list[str]:
    return [" ".join(node.text().split()) for node in LexborHTMLParser(html).css("article.card h3")]


def test_a_card_shows_the_words_the_window_and_what_the_page_says_of_its_date(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/?class=silent-edit").text)
    card = next(c for c in tree.css("article.card") if "Avgifter" in c.text())
    text = " ".join(card.text().split())
    assert "[borttaget: 2 359 kronor] [tillagt: 2 575 kronor]" in text.replace("\u00a0", " ")
    assert "Du kan begära att avgiften prövas på nytt." in text
    assert "mellan 2 mars" in text
    assert "Senast uppdaterad 2 jan 2026, både före och efter" in text
    assert "tyst ändring" in text
    assert "belopp ändrat +3" in text


@pytest.mark.parametrize(
    ("args", "there", "absent"),
    [
        ("class=touch", "Datum", "Avgifter"),
        ("class=silent-edit", "Avgifter", "Datum"),
        ("class=date-regression", "Bakåt", "Datum"),
        ("class=disappearance", "Borta", "Avgifter"),
        ("class=document-removed", "Avgifter", "Borta"),
        ("kind=payload", "Fil", "Avgifter"),
        ("q=kronor", "Avgifter", "Datum"),
        ("q=pröva&op=removed", "Avgifter", "Datum"),
        ("q=%222 575 kronor%22", "Avgifter", "Datum"),
        ("weight=5", "Avgifter", "Datum"),
        ("m=9999&county=Exempellän", "Avgifter", "Ingenting"),
        ("section=anslagstavla", "Anslag", "Avgifter"),
        ("since=2026-03-01&until=2026-03-31", "Avgifter", "Ingenting"),
    ],
)
def test_filters_narrow(room: Room, args: str, there: str, absent: str) -> None:
    found = cards(room.get(f"/?{args}").text)
    assert there in found
    assert absent not in found


@pytest.mark.parametrize("name", ["9999", "exempelkoping", "exempelköping", "Exempelköpings kommun", "EXEMPELKOPING"])
def test_a_municipality_is_found_however_it_is_spelled(room: Room, name: str) -> None:
    assert "<h1>Exempelköping" in room.get(f"/m/{name}").text
    assert cards(room.get(f"/?m={name}").text) == cards(room.get("/?m=9999").text) != ""


@pytest.mark.parametrize(
    "args", ["q=pröva&op=added", "m=0000", "since=2030-01-01", "until=2020-01-01", "q=%22", "days=1"]
)
def test_filters_can_leave_nothing_and_say_so(room: Room, args: str) -> None:
    answer = room.get(f"/?{args}")
    assert answer.status_code == 200
    assert not cards(answer.text)
    assert "Inga ändringar i det här urvalet" in answer.text


def test_the_front_page_says_what_the_archive_is_where_nothing_was_chosen(room: Room) -> None:
    said = "Arkivet hämtar kommunernas webbsidor gång på gång"
    front = room.get("/").text
    assert said in front
    assert f'{said}, sparar dem och jämför dem. <a href="/about">' in front
    assert said not in room.get("/?class=silent-edit").text


def test_a_feed_has_the_same_changes_and_ids_made_of_captures(room: Room) -> None:
    root = etree.fromstring(room.get("/changes.atom?class=silent-edit").content)
    ids = [entry.findtext("{*}id") for entry in root.findall("{*}entry")]
    assert f"tag:archiver.invalid,2026:compare:{room.pair('/avgift')}" in ids
    assert len(ids) == len(set(ids))
    again = etree.fromstring(room.get("/changes.atom?class=silent-edit&lang=en").content)
    assert [entry.findtext("{*}id") for entry in again.findall("{*}entry")] == ids


def test_the_front_page_links_its_own_feed(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/?class=touch&q=a").text)
    href = tree.css_first("link[type='application/atom+xml']").attributes["href"]
    assert href is not None
    assert href.startswith("/changes.atom?q=a&class=touch")
    assert room.get(href).status_code == 200


def test_csv_and_json_hold_every_change(room: Room) -> None:
    rows = list(csv.DictReader(io.StringIO(room.get("/changes.csv").text.lstrip("\ufeff"))))
    found = json.loads(room.get("/changes.json").text)["changes"]
    assert len(rows) == len(found) >= 6
    assert {row["url"] for row in rows} == {change["url"] for change in found}


@pytest.mark.parametrize("order", ["", "&order=weight"])
def test_paging_shows_every_change_once(folder: Path, order: str) -> None:
    archive = fill(folder / "archive.db", captures=800, pages=20)
    room = Room(application(archive))
    seen: list[str] = []
    path: str | None = f"/?m={order}"
    while path:
        tree = LexborHTMLParser(room.get(path).text)
        seen += [node.attributes["href"] or "" for node in tree.css("article.card h3 a")]
        following = tree.css_first("nav.pager a[rel=next]")
        path = following.attributes["href"] if following else None
    total = json.loads(room.get("/changes.json").text)["changes"]
    assert len(seen) == len(set(seen)) == len(total) > 50


def test_a_comparison_shows_both_sides_dates_and_digests(room: Room) -> None:
    pair = room.pair("/avgift")
    answer = room.get(f"/compare/{pair}")
    tree = LexborHTMLParser(answer.text)
    left, right = tree.css_first(".pair.hunk").css(".pair > div")
    assert "2 359" in left.text()
    assert "2 575" not in left.text()
    assert "2 575" in right.text()
    assert [a.attributes["href"] for a in tree.css(".map a")] == [f"#{n.attributes['id']}" for n in tree.css(".hunk")]
    assert "Stod stilla" in answer.text
    assert "dokument borttaget" in answer.text
    assert room.town is not None
    for number in pair.split(".."):
        ((digest, leaf),) = room.town.rows(
            "SELECT b.sha256, c.leaf FROM captures c JOIN bodies b ON b.id = c.body_id WHERE c.id = ?", number
        )
        assert digest in answer.text
        assert leaf in answer.text


def test_a_comparison_in_one_text_joins_both(room: Room) -> None:
    tree = LexborHTMLParser(room.get(f"/compare/{room.pair('/avgift')}?view=inline").text)
    text = tree.css_first(".words.hunk").text()
    assert "2 359" in text
    assert "2 575" in text
    assert not tree.css(".pair")


def test_any_two_captures_compare_and_the_form_puts_the_earlier_first(room: Room) -> None:
    first, last = room.pair("/avgift").split("..")
    assert room.get(f"/compare?a={last}&b={first}").headers["location"] == f"/compare/{first}..{last}"
    backwards = LexborHTMLParser(room.get(f"/compare/{last}..{first}").text)
    assert "2 359" in backwards.css_first(".pair.hunk").css(".pair > div")[1].text()
    same = room.get(f"/compare/{first}..{first}")
    assert same.status_code == 200
    assert "Inga ord skiljer sig" in same.text


def test_captures_of_two_pages_are_compared_as_two_texts_and_called_nothing(room: Room) -> None:
    one, other = room.pair("/avgift").partition("..")[0], room.pair("/ond").partition("..")[0]
    answer = room.get(f"/compare/{one}..{other}?lang=en")
    assert answer.status_code == 200
    tree = LexborHTMLParser(answer.text)
    assert "These are two different pages. The first one: https://www.exempelkoping.se/avgift" in " ".join(
        tree.text().split()
    )
    assert tree.css("ins")
    assert not tree.css(".badge, [rel=prev], [rel=next]")
    assert [node.text() for node in tree.css(".end-of h3")] == ["The first page", "The second page"]
    assert {node.text() for node in tree.css(".pair .none")} == {"Not on it"}
    assert "Neither was changed into the other." in tree.text()
    assert "words are on the first page only" in tree.css_first(".lead").text()
    assert "words are on the first page only" in room.get(f"/compare/{one}..{other}.html?lang=en").text
    assert "The change was made" not in tree.css_first("main").text()


def test_two_pages_are_cited_each_by_its_own_address(room: Room) -> None:
    one, other = room.pair("/avgift").partition("..")[0], room.pair("/ond").partition("..")[0]
    plain = LexborHTMLParser(room.get(f"/compare/{one}..{other}").text).css_first("#cite-plain").text()
    addresses = ("https://www.exempelkoping.se/avgift", "https://www.exempelkoping.se/ond")
    assert re.findall(r"https://www[^,]+", plain) == list(addresses)
    for form in ("bib", "ris", "html"):
        assert all(address in room.get(f"/compare/{one}..{other}.{form}").text for address in addresses), form


def test_every_open_view_is_told_in_both_languages(room: Room) -> None:
    for lang in ("sv", "en"):
        listed = LexborHTMLParser(room.get(f"/sql?lang={lang}").text).css(".wide-listing > div")
        untold = [div.css_first("dt").text() for div in listed if div.css_first("dd").text().startswith(" ")]
        assert listed
        assert not untold


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"q": 'avgift* "2 575 kronor" \\ \x7f å', "op": "added", "m": "9999", "county": "Exempellän"},
        {"section": "anslagstavla", "class": ["silent-edit", "document-removed"], "kind": ["text"], "weight": "5"},
        {"noise": "1"},
    ],
)
def test_a_selection_is_shown_as_the_alert_that_asks_for_the_same(room: Room, args: dict[str, str]) -> None:
    path = "?" + urlencode(args | {"days": "7", "order": "weight"}, doseq=True)
    shown = LexborHTMLParser(room.get(f"/alert{path}").text).css_first("#toml").text()
    found = AlertShape.model_validate(tomllib.loads(shown))
    assert found.filter == AlertShape.model_validate({"filter": f"https://arkiv.example/{path}"}).filter
    assert (found.every, found.lang, len(found.to)) == ("day", "sv", 1)


def test_a_page_is_watched_by_its_address_and_the_front_page_leads_to_its_alert(room: Room) -> None:
    number = room.page_of("/avgift")
    watch = LexborHTMLParser(room.get(f"/page/{number}").text).css_first('a[href^="/alert"]').attributes["href"]
    shown = LexborHTMLParser(room.get(watch).text).css_first("#toml").text()
    assert tomllib.loads(shown)["filter"] == {"page": "https://www.exempelkoping.se/avgift"}
    assert room.get("/alert?page=999999").status_code == 404
    front = LexborHTMLParser(room.get("/?class=silent-edit&q=avgift").text)
    assert front.css_first('a[href="/alert?q=avgift&class=silent-edit"]').text() == "Bevaka urvalet"


def test_a_question_of_a_municipality_that_is_not_held_names_those_that_are(room: Room) -> None:
    for path in ("/sql/silent-edits", "/sql/silent-edits.csv"):
        answer = room.get(f"{path}?kommun=Nixköping")
        assert answer.status_code == 400
        assert "Du skrev Nixköping. Skriv till exempel Exempelköping" in " ".join(
            LexborHTMLParser(answer.text).css_first("main").text().split()
        )


def test_what_is_missing_is_said_in_the_readers_language(room: Room) -> None:
    assert "there is no capture" not in room.get("/capture/999999").text
    assert "there is no capture 999999" in room.get("/capture/999999?lang=en").text
    assert "/finns/inte" in room.get("/finns/inte").text


def test_a_citation_names_both_captures_and_digests(room: Room) -> None:
    pair = room.pair("/avgift")
    for form in ("bib", "ris"):
        text = room.get(f"/compare/{pair}.{form}").text
        assert f"http://127.0.0.1:8002/compare/{pair}" in text
        assert len(re.findall(r"[0-9a-f]{64}", text)) == 2
    plain = LexborHTMLParser(room.get(f"/compare/{pair}").text).css_first("#cite-plain").text()
    assert "https://www.exempelkoping.se/avgift" in plain
    assert f"/compare/{pair}" in plain


def test_the_one_file_stands_alone(room: Room) -> None:
    answer = room.get(f"/compare/{room.pair('/avgift')}.html")
    assert "attachment" in answer.headers["content-disposition"]
    assert not re.findall(r'(?:src|href)="/', answer.text)
    assert "2 575" in answer.text


def test_a_page_shows_its_revisions_and_its_text_as_of_a_day(room: Room) -> None:
    number = room.page_of("/avgift")
    today = room.get(f"/page/{number}").text
    assert "Högst 2 575 kronor" in today
    assert "Till lydelse 2" in today
    before = room.get(f"/page/{number}?at=2026-03-02").text
    assert "Högst 2 359 kronor" in LexborHTMLParser(before).css_first(".reading").text()
    assert "Sidan var inte sedd då" in room.get(f"/page/{number}?at=2020-01-01").text
    assert room.get(f"/page/{number}?at=i+fjol").status_code == 400


def test_tables_of_a_page_are_tables_in_its_text(folder: Path) -> None:
    fees = "<table><tr><th>Vad</th><th>Belopp</th></tr><tr><td>Bygglov</td><td>420 &lt; 500 kr</td></tr></table>"
    roles = "<table><tr><td>Ada Exempel</td><td>Ordförande</td></tr></table>"
    with town(folder) as found:
        found.site["/"] = page("Avgifter", "Det här tar vi ut.", fees, "Det här är vi.", roles)
        found.crawl()
        room = Room(application(folder / "archive.db"), found)
        shown = LexborHTMLParser(room.get(f"/page/{room.page_of('/')}").text).css_first(".reading")

    rows = [[[cell.text() for cell in row.css("td")] for row in table.css("tr")] for table in shown.css("table")]
    assert rows == [[["Vad", "Belopp"], ["Bygglov", "420 < 500 kr"]], [["Ada Exempel", "Ordförande"]]]
    assert [p.text() for p in shown.css("p")] == ["Det här tar vi ut.", "Det här är vi."]
    assert [each.attributes["aria-label"] for each in shown.css("[role=region]")] == ["Tabell", "Tabell"]


def test_a_page_lists_its_links_with_their_fate_and_documents_that_left_it(room: Room) -> None:
    start = room.get(f"/page/{room.page_of('/')}").text
    tree = LexborHTMLParser(start)
    rows = {" ".join(r.text().split()) for r in tree.css("#links tbody tr")}
    assert any("Död länk" in row and "borta" in row for row in rows), rows
    assert any("avgift" in row and "svarar" in row for row in rows)
    assert "Taxan" in LexborHTMLParser(room.get(f"/page/{room.page_of('/avgift')}").text).css_first("#links").text()


def test_a_page_that_is_gone_says_so(room: Room) -> None:
    text = room.get(f"/page/{room.page_of('/borta')}").text
    assert "<strong>Borta</strong>" in text
    assert "Ord som försvann." in text


def test_an_address_of_the_municipality_leads_to_its_page(room: Room) -> None:
    number = room.page_of("/avgift")
    for url in (
        "https://www.exempelkoping.se/avgift",
        "http://www.exempelkoping.se/avgift",
        "www.exempelkoping.se/avgift",
    ):
        assert room.get(f"/page?url={url}").headers["location"] == f"/page/{number}"
    assert room.get("/page?url=https://annan.example/").status_code == 404


def test_a_municipality_is_found_by_code_name_and_source(room: Room) -> None:
    for name in ("9999", "Exempelk%C3%B6ping", "exempelkoping"):
        text = room.get(f"/m/{name}").text
        assert "<h1>Exempelköping</h1>" in text
    assert room.get("/m/0180").status_code == 404


def test_a_municipality_counts_what_was_seen_and_how_dates_follow(room: Room) -> None:
    text = " ".join(LexborHTMLParser(room.get("/m/9999").text).text().split())
    assert "Vi såg webbplatsen 4 av 4 dagar" in text
    assert "Tysta ändringar" in text
    assert "Borta i dag: 1 sida och 0 dokument" in text
    assert "404 eller 410" in text


def test_a_list_that_is_a_selection_of_changes_leads_there(room: Room) -> None:
    assert room.get("/lists/silent").headers["location"] == "/?class=silent-edit"
    assert room.get("/lists/hemliga").status_code == 404


def test_days_are_those_of_the_reader_not_those_of_greenwich(room: Room) -> None:
    """A change seen at 06:00 in Sweden on 3 March was seen on that day and on no other."""
    assert begins("2026-03-03") == "2026-03-02T23:00:00Z"
    assert begins("2026-07-03", 1) == "2026-07-03T22:00:00Z"
    assert begins("9999-12-31", 1) > "9999-12-31T23"
    on = [f"/?since={day}&until={day}" for day in ("2026-03-02", "2026-03-03", "2026-03-06")]
    assert [bool(LexborHTMLParser(room.get(path).text).css("article")) for path in on] == [False, True, False]


def test_all_municipalities_are_listed_with_their_state(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/m").text)
    (row,) = tree.css("tbody tr")
    assert "Exempelköping" in row.text()
    assert len(tree.css(".counties li")) == 290
    assert [h.text().split()[0] for h in tree.css(".counties h3")][-3:] == ["Västra", "Örebro", "Östergötlands"]
    assert not LexborHTMLParser(room.get("/m?held=1").text).css(".counties")
    gotland = LexborHTMLParser(room.get("/m?county=Gotlands+l%C3%A4n").text)
    assert [li.text() for li in gotland.css(".counties li")] == ["Gotland 0980"]
    assert not gotland.css("table")


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("q=2%20575", (1, 1, 1, 0)),
        ("q=prövas", (0, 1, 0, 1)),
        ("q=%22begära%20att%22", (0, 1, 0, 1)),
        ("q=avgifter%20kronor", (1, 2, 0, 0)),
        ("q=kronor%20-nytt", (1, 1, 1, 1)),
        ("q=finnsinte", (0, 0, 0, 0)),
        ("q=%22)%20OR%20text:*%20NEAR(", (0, 0, 0, 0)),
    ],
)
def test_search_counts_today_ever_added_and_removed(room: Room, query: str, counts: tuple[int, ...]) -> None:
    tree = LexborHTMLParser(room.get(f"/search?{query}").text)
    shown = tuple(int(node.text()) for node in tree.css("nav.tabs .num"))
    assert shown == counts


def test_search_marks_what_it_found_and_leads_to_the_capture(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/search?q=kronor").text)
    result = tree.css_first("article.result")
    assert [node.text() for node in result.css("mark")] == ["kronor"]
    assert re.fullmatch(r"/capture/\d+", result.css_first("h3 a").attributes["href"] or "")
    assert room.get("/search?q=kronor&m=0000").text.count("article") == 0


def test_terms_are_marked_in_every_form_and_phrases_exactly() -> None:
    def marked(query: str, text: str) -> list[str]:
        return [run for hit, run in Terms(query).runs(text) if hit]

    assert marked("avgift", "Avgifterna höjs, avgiften också.") == ["Avgifterna", "avgiften"]
    assert marked("”höjs i år”", "Den höjs i år.") == ["höjs i år"]
    assert marked("-avgift", "avgift") == []
    assert not Terms('"')


@pytest.mark.parametrize(
    ("name", "there"), [("gone", "Borta"), ("dead-links", "Död länk"), ("documents", "Fil"), ("notice-board", "Anslag")]
)
def test_lists_hold_what_they_promise(room: Room, name: str, there: str) -> None:
    assert there in LexborHTMLParser(room.get(f"/lists/{name}").text).css_first("tbody").text()
    rows = list(csv.DictReader(io.StringIO(room.get(f"/lists/{name}.csv").text.lstrip("\ufeff"))))
    assert rows
    assert room.get(f"/lists/{name}?m=0000").status_code == 200
    assert room.get("/lists/nonsense").status_code == 404
    assert room.get("/lists/nonsense.csv").status_code == 404


def test_health_names_sources_that_are_silent(room: Room) -> None:
    answer = room.get("/-/health")
    assert answer.status_code == 503  # the days of this archive lie in the past
    assert json.loads(answer.text)["silent"] == ["exempelkoping"]
    assert "inte sedd på länge" in room.get("/health").text


def test_the_timegate_finds_the_capture_nearest_to_a_time(room: Room) -> None:
    url = "https://www.exempelkoping.se/avgift"
    first, later = room.pair("/avgift").split("..")
    near = room.get(f"/timegate/{url}", accept_datetime="Mon, 02 Mar 2026 05:00:00 GMT")
    assert (near.status_code, near.headers["location"]) == (302, f"/capture/{first}")
    assert "accept-datetime" in near.headers["vary"].lower()
    assert f'<{url}>; rel="original"' in near.headers["link"]
    latest = int(room.get(f"/timegate/{url}").headers["location"].rpartition("/")[2])
    assert latest >= int(later)
    assert room.get(f"/timegate/{url}", accept_datetime="yesterday").status_code == 400
    assert room.get("/timegate/https://annan.example/").status_code == 404


def test_a_memento_says_when_it_is_from_and_where_the_others_are(room: Room) -> None:
    first = room.pair("/avgift").split("..")[0]
    headers = room.get(f"/capture/{first}").headers
    assert re.fullmatch(r"Mon, 02 Mar 2026 \d\d:\d\d:\d\d GMT", headers["memento-datetime"])
    assert 'rel="timegate"' in headers["link"]
    assert 'rel="timemap"' in headers["link"]


def test_the_timemap_lists_every_good_capture(room: Room) -> None:
    url = "https://www.exempelkoping.se/avgift"
    text = room.get(f"/timemap/link/{url}").text
    assert text.count('memento"') == 4
    assert 'rel="first memento"' in text
    assert 'rel="last memento"' in text
    found = json.loads(room.get(f"/timemap/json/{url}").text)
    assert found["original_uri"] == url
    assert len(found["mementos"]["list"]) == 4


@pytest.mark.parametrize("time", ["2026-03-02", "20260302", "20260302235959"])
def test_an_address_as_of_a_time_leads_to_its_capture(room: Room, time: str) -> None:
    first = room.pair("/avgift").split("..")[0]
    answer = room.get(f"/at/{time}/https://www.exempelkoping.se/avgift")
    assert answer.headers["location"] == f"/capture/{first}"
    assert room.get("/at/20200101/https://www.exempelkoping.se/avgift").status_code == 404
    assert room.get("/at/20261399/https://www.exempelkoping.se/avgift").status_code == 400


def test_a_claim_is_told_to_its_precision_and_other_words_as_they_stand() -> None:
    t = Told("sv")
    told = {
        "2019": "2019", "2019-11": "nov 2019", "2019-11-08": "8 nov 2019", "2019-11-08T09:54:00": "8 nov 2019 09:54",
        "den 3-4 maj 2019": "den 3-4 maj 2019", "1-2-3": "1-2-3", "Tue, 03 Mar 2026 03:00:00 GMT": None,
        "2019-13": None,        "": "", None: "",
    }  # fmt: skip
    for value, expected in told.items():
        assert t.claim(value) == (value if expected is None else expected)


def _with_event(archive: Path) -> list[int]:
    """Three of the archive's changes made one site-wide event, a fourth a flap, a fifth ours."""
    with closing(sqlite3.connect(archive)) as conn:
        rows = conn.execute("SELECT id FROM revisions WHERE number > 1 ORDER BY id LIMIT 5").fetchall()
        ids = [row[0] for row in rows]
        conn.execute("DELETE FROM change_classes WHERE revision_id IN (?, ?, ?, ?, ?)", ids)
        conn.execute(
            """INSERT INTO events (id, source_id, kind, key, first_seen, last_seen, pages, summary) VALUES
               (7, 'ekvik', 'site-wide', 'k', '2026-01-06T05:00:00Z', '2026-01-07T05:00:00Z', 412, 'the same words')"""
        )
        insert = (
            "INSERT INTO change_classes (revision_id, class, reason, event_id, folded) VALUES (?, ?, 'made up', ?, ?)"
        )
        conn.executemany(insert, [(number, "site-wide", 7, 1) for number in ids[:3]])
        conn.executemany(insert, [(ids[3], "flap", None, 0), (ids[4], "technical", None, 0)])
        conn.commit()
    return ids


def test_a_site_wide_change_is_one_card_that_opens(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=120, pages=10)
    room = Room(application(archive))
    before = len(json.loads(room.get("/changes.json").text)["changes"])
    _with_event(archive)
    after = json.loads(room.get("/changes.json").text)["changes"]
    assert len(after) == before - 2 - 1 - 1  # two folded into the third, a flap, and one that is ours
    folded = LexborHTMLParser(room.get("/?class=site-wide").text).css("article.fold")
    assert len(folded) == 1
    assert "Samma ändring på 412 sidor" in folded[0].text()
    link = folded[0].css_first(".acts a").attributes["href"]
    assert link == "/?event=7"
    assert len(LexborHTMLParser(room.get(link).text).css("article.card")) == 3
    assert "412" in room.get("/lists/events").text


def test_flaps_are_behind_a_switch_and_what_may_be_ours_is_behind_another(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=120, pages=10)
    ids = _with_event(archive)
    room = Room(application(archive))
    quiet, noisy = (len(json.loads(room.get(p).text)["changes"]) for p in ("/changes.json", "/changes.json?noise=1"))
    assert noisy == quiet + 1
    assert "kan vara vår läsning" not in room.get("/?noise=1").text
    assert len(json.loads(room.get("/changes.json?noise=1&technical=1").text)["changes"]) == noisy + 1
    assert len(ids) == 5


def test_of_a_long_text_that_did_not_change_only_the_ends_are_sent() -> None:
    blocks = [Block("main", "paragraph", None, f"Stycke {k}.") for k in range(200)]
    after = [*blocks[:100], Block("main", "paragraph", None, "Nytt."), *blocks[100:]]
    edits = compare_blocks(blocks, after)
    short, whole = ([compare._stretch(s, whole) for s in stretches(edits)] for whole in (False, True))
    assert [(s["number"], s["left_out"], len(s["blocks"])) for s in short] == [(100, 94, 6), (1, 0, 1), (100, 94, 6)]
    assert [len(s["blocks"]) for s in whole] == [100, 1, 100]


def test_what_is_chosen_is_told_and_can_be_taken_out(room: Room) -> None:
    tree = LexborHTMLParser(room.get("/?class=silent-edit&kind=text&weight=2&m=9999&noise=1&since=2026-01-01").text)
    chosen = {" ".join(a.text().split()): a.attributes["href"] for a in tree.css(".chosen a")}
    assert len(chosen) == 5
    assert chosen["tyst ändring × ta bort ur urvalet"] == "/?m=9999&since=2026-01-01&weight=2&kind=text&noise=1"
    assert not LexborHTMLParser(room.get("/?m=9999&days=30").text).css(".chosen")


def test_a_span_of_days_says_nothing_twice() -> None:
    t = Told("sv")
    assert t.span("2026-03-04T06:00:00Z", "2026-03-04T20:00:00Z") == "4 mars 2026"
    assert t.span("2026-03-04T06:00:00Z", "2026-03-05T06:00:00Z") == "4–5 mars 2026"
    assert t.span("2026-03-30T06:00:00Z", "2026-04-02T06:00:00Z") == "30 mars – 2 apr 2026"
    assert t.span("2025-12-30T06:00:00Z", "2026-01-02T06:00:00Z") == "30 dec 2025 – 2 jan 2026"


def test_what_readers_said_of_a_change_stands_with_it(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=120, pages=10)
    with closing(sqlite3.connect(archive)) as conn:
        before, after = conn.execute("SELECT capture_before, capture_after FROM page_changes").fetchone()
        conn.execute(
            """INSERT INTO annotations (before, after, scheme, code, note, actor, acted_at)
               VALUES (?, ?, 'governance/1', 'fee-raised', '<b>höjd</b>', 'Zebulon', '2026-03-09T00:00:00Z')""",
            (before, after),
        )
        conn.commit()
    text = Room(application(archive)).get(f"/compare/{before}..{after}").text
    assert "fee-raised" in text
    assert "&lt;b&gt;höjd&lt;/b&gt;" in text
    assert "Zebulon" not in text


def test_the_views_that_are_told_of_are_there(room: Room) -> None:
    links = [a.text() for a in LexborHTMLParser(room.get("/sql").text).css(".wide-listing dt a")]
    told = {key.removeprefix("view_") for key in words("sv") if key.startswith("view_")}
    assert told <= set(links)
    assert len(told) >= 20


def test_a_comparison_says_how_often_the_page_was_seen_between_and_what_stood_in_the_way(folder: Path) -> None:
    with town(folder, start="2026-03-02 06:00") as found:
        site = found.site
        site["/"] = page("Start", links=[("/a", "a")])
        site["/a"] = page("A", "Före.")
        found.crawl()
        found.day()
        site.fails("/a", times=1)
        found.day()
        site["/a"] = page("A", "Efter.")
        found.day(days=5)
        found.day(days=5)
        room = Room(application(folder / "archive.db"), found)
        sql = """SELECT min(c.id), max(c.id) FROM captures c JOIN addresses a ON a.id = c.address_id
                 WHERE a.url LIKE '%/a' AND c.outcome = 'ok'"""
        (pair,) = found.rows(sql)
        tree = LexborHTMLParser(room.get(f"/compare/{pair[0]}..{pair[1]}").text)
    text = " ".join(tree.css_first(".between").text().split())
    assert "mellan de två" in text
    assert "Däremellan fick vi inte se sidan: fel (timeout)" in text


def test_a_link_that_only_stands_elsewhere_lost_no_word(folder: Path) -> None:
    with town(folder, start="2026-03-02 06:00") as found:
        links, fee = [("/a", "Avgifter"), ("/fil.pdf", "Blankett")], "Avgiften är 300 kr per termin och barn."
        found.site["/"] = page("Start", fee, "Ett stycke som står kvar.", links=links)
        found.crawl()
        found.site["/"] = page("Start", "Ett stycke som står kvar.", fee.replace("300", "350"), links=links[::-1])
        found.day(days=5)
        room = Room(application(folder / "archive.db"), found)
        front = LexborHTMLParser(room.get("/?noise=1").text)
        tree = LexborHTMLParser(room.get(f"/compare/{room.pair('/')}").text)
    for moved in (front.css_first(".linkset").text(), tree.css_first("section[aria-labelledby=links] tbody").text()):
        assert "står på annan plats" in moved
        assert "borttaget" not in moved
    assert len(tree.css(".moved-tag")) == 2  # the link's own line, and the fee, which is another now
    assert [node.text().replace("[borttaget: ", "").strip(" ]") for node in tree.css(".words del")][-1] == "300 kr"


def test_where_a_page_is_gone_nothing_is_said_to_have_changed_but_that(room: Room) -> None:
    tree = LexborHTMLParser(room.get(f"/compare/{room.pair('/borta')}").text)
    assert tree.css_first(".state h2").text() == "Ingen text att jämföra med"
    before = room.pair("/borta").split("..")[0]
    assert [a.attributes["href"] for a in tree.css(".state a")] == [f"/capture/{before}"]
    dates = tree.css_first("section[aria-labelledby=dates]")
    assert dates is None or not dates.css("ins, del")
