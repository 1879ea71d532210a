"""The public views over a life that was crawled: of each, a row that must be there and one that must not."""

import asyncio
from collections.abc import Iterator

import pytest

from archive import HOME, Town, town
from archiver.demo.pdf import page_pdf
from archiver.redact import Order, redact
from pretend import page

KEPT = page("Orört", "Alltid samma ord.", updated="2026-01-01")


def _silent(amount: int) -> str:
    return page("Tyst", f"Högst {amount} kronor.", updated="2026-01-02")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("life")) as found:
        _day_one(found)
        _later_days(found)
        yield found


def _day_one(found: Town) -> None:
    site = found.site
    names = ("orort", "tyst", "datum", "bakat", "flip", "borta", "hemlig")
    links = [*((f"/{name}", name) for name in names), ("/fil.pdf", "Fil, pdf"), ("/spärrad", "Spärrad")]
    site.robots("User-agent: *\nDisallow: /sp")
    site["/"] = page("Start", links=[*links, ("/gammal-lank", "Gammal länk")])
    site["/orort"], site["/tyst"] = KEPT, _silent(450)
    site["/datum"] = page("Datum", "Text.", updated="2026-01-02")
    site["/bakat"] = page("Bakåt", "Text.", updated="2026-02-02")
    site["/flip"] = page("Flip", "Klart ord.")
    site["/borta"] = page("Borta", "Ord som försvann.")
    site["/hemlig"] = page("Hemlig", "Namnet Zebulon.")
    site.file("/fil.pdf", page_pdf("Fil", ["Första lydelsen"], found.clock.now()))
    found.crawl()


def _later_days(found: Town) -> None:
    site = found.site
    site["/tyst"] = _silent(650)
    site["/datum"] = page("Datum", "Text.", updated="2026-03-03")
    site["/bakat"] = page("Bakåt", "Text.", updated="2026-01-01")
    site["/flip"] = page("Flip", "Annat ord.")
    there = site["/borta"]
    site.gone("/borta")
    site.file("/fil.pdf", page_pdf("Fil", ["Andra lydelsen"], found.clock.now()))
    start = site["/"]
    site["/"] = start.replace("/gammal-lank", "/ny-lank").replace("Gammal länk", "Ny länk")
    site.fails("/orort", "timeout")
    found.day()
    site["/flip"] = page("Flip", "Klart ord.")
    found.day()
    found.day()
    site["/borta"] = there
    found.day(days=5)
    ((body,),) = found.rows(
        "SELECT DISTINCT c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id WHERE a.url LIKE '%/hemlig'"
    )
    order = Order("hidden", "personal-data", "keeper", body_id=body)
    asyncio.run(redact(found.archive, found.config, found.pool, order, found.clock.now()))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("view", "there", "absent"),
    [
        ("silent_edits", "/tyst", "/datum"),
        ("touched_dates", "/datum", "/tyst"),
        ("date_anomalies", "/bakat", "/datum"),
        ("flaps", "/flip", "/borta"),
        ("disappearances", "/borta", "/orort"),
        ("returns", "/borta", "/flip"),
        ("replaced_files", "/fil.pdf", "/tyst"),
        ("page_changes", "/tyst", "/orort"),
        ("change_text", "/tyst", "/orort"),
        ("link_edits", "/", "/orort"),
        ("current_pages", "/orort", "/robots.txt"),
        ("snapshots", "/orort", "/sp%C3%A4rrad"),
        ("gaps", "/orort", "/sp%C3%A4rrad"),
    ],
)
def test_a_view_shows_what_happened_and_nothing_else(lived: Town, view: str, there: str, absent: str) -> None:
    urls = {url for (url,) in lived.rows(f"SELECT url FROM {view}")}
    assert HOME + there in urls
    assert HOME + absent not in urls


def test_a_change_states_both_ends_of_its_window_and_both_dates(lived: Town) -> None:
    ((before, after, old, new, classes),) = lived.rows(
        "SELECT last_seen_before, seen_after, updated_before, updated_after, classes FROM page_changes WHERE url = ?",
        f"{HOME}/datum",
    )
    assert before < after
    assert (old, new, classes) == ("2026-01-02", "2026-03-03", "touch")


def test_a_disappearance_keeps_the_last_words_and_both_of_its_ends(lived: Town) -> None:
    ((state, seen, missed, confirmed, back, text),) = lived.rows(
        "SELECT state, last_seen_before, first_missed, confirmed, back, last_text FROM disappearances"
    )
    assert (state, text) == ("back", "Ord som försvann.")
    assert seen < missed < confirmed < back


def test_links_have_a_history_an_edit_and_a_fate(lived: Town) -> None:
    history = dict(lived.rows("SELECT target, last_seen FROM link_history WHERE target LIKE '%-lank'"))
    assert history[f"{HOME}/gammal-lank"] < history[f"{HOME}/ny-lank"]
    assert {t for (t,) in lived.rows("SELECT target FROM dead_links")} == {f"{HOME}/ny-lank"}
    assert (f"{HOME}/ny-lank",) in lived.rows("SELECT target FROM link_edits WHERE op <> 'removed'")


def test_days_are_counted_by_what_came_of_them_and_gaps_name_their_obstacles(lived: Town) -> None:
    first, second, *_ = lived.rows("SELECT day, barred, failed, gone, bad FROM coverage ORDER BY day")
    assert first == ("2026-03-02", 1, 0, 1, 1)  # bad: what was withheld later
    assert second[2:4] == (1, 3)
    assert lived.rows("SELECT obstacles FROM gaps WHERE url = ? AND obstacles IS NOT NULL", f"{HOME}/orort") == [
        ("failed",)
    ]


def test_dates_name_their_witness_and_no_person_is_among_them(lived: Town) -> None:
    rows = lived.rows("SELECT meaning, label, raw, value, believed FROM provenance WHERE value = '2026-03-03'")
    assert rows == [("updated", "Sidan uppdaterades senast", "2026-03-03", "2026-03-03", 1)]
    assert lived.rows("SELECT 1 FROM provenance WHERE meaning = 'responsible'") == []


def test_what_was_hidden_is_logged_and_in_no_view(lived: Town) -> None:
    assert lived.rows("SELECT level, reason, whole FROM redaction_log") == [("hidden", "personal-data", 1)]
    assert lived.rows("SELECT 1 FROM snapshots WHERE full_text LIKE '%Zebulon%'") == []
    assert lived.rows("SELECT 1 FROM current_pages WHERE full_text LIKE '%Zebulon%'") == []


def test_small_sites_have_no_bulk_stamps_and_no_events(lived: Town) -> None:
    assert lived.rows("SELECT * FROM bulk_stamps") == []
    assert lived.rows("SELECT * FROM events_by_site") == []


def test_what_is_open_is_every_page_and_every_revision(lived: Town) -> None:
    assert (lived.rows("SELECT count(*) FROM open_pages")) == lived.rows("SELECT count(*) FROM pages")
    assert lived.rows("SELECT count(*) FROM open_revisions WHERE open") == lived.rows("SELECT count(*) FROM revisions")
