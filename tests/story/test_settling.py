"""What is concluded when a run is over: it holds for later captures, and a rebuild concludes the same."""

import json
from functools import partial
from pathlib import Path

from archive import SOURCE, Town, town
from archiver.store import evidence, plan, settling, unread
from pretend import page

GENERIC = SOURCE.replace('"sitevision"', '"generic"')
SHARED = "Ring kommunens växel på 0999-123 45 om du undrar över något."
TABLES = ("documents", "readings", "revisions", "changes", "hunks", "settled", "furniture", "issues")


def _town_of(exempel: Town, pages: int, **also: str) -> None:
    paths = [f"/sida-{n}" for n in range(pages)]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for n, path in enumerate(paths):
        exempel.site[path] = page(f"Sida {n}", f"Stycke nummer {n} om ämne {n}.", SHARED, **also)


def _reading(exempel: Town) -> dict[str, object]:
    """The reading of the archive, without row ids that a rebuild may give anew."""
    found: dict[str, object] = {}
    for table in TABLES:
        rows = exempel.rows(f"SELECT * FROM {table}")
        found[table] = sorted(rows, key=repr) if table in {"settled", "readings"} else len(rows)
    return found


def test_what_stands_on_most_pages_is_learned_when_the_run_is_over(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()

        [(content,)] = exempel.rows("SELECT content FROM furniture")
        assert SHARED in json.loads(content)
        assert "Stycke nummer 3 om ämne 3." not in json.loads(content)


def test_learning_is_no_change_of_any_page(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        for _ in range(2):
            exempel.day()

        assert exempel.changes() == []
        assert len(exempel.rows("SELECT DISTINCT rules_id FROM readings g JOIN captures c ON c.id = g.capture_id "
                                "JOIN addresses a ON a.id = c.address_id WHERE a.role = 'page'")) == 2  # fmt: skip


def test_an_edit_after_learning_is_told_as_the_edit_alone(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
        exempel.day()

        [change] = exempel.changes()
        assert change["url"].endswith("/sida-3")
        assert (change["words_added"], change["words_removed"]) == (1, 1)


def test_a_rebuild_learns_the_same_at_the_same_places(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC) as exempel:
        _town_of(exempel, 12)
        exempel.crawl()
        exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
        exempel.day()
        _town_of(exempel, 13)
        exempel.day()
        before = _reading(exempel)

        exempel.rebuild()

        assert _reading(exempel) == before


def _see_again(exempel: Town, *paths: str) -> None:
    """A crawl of these pages alone."""
    exempel.archive.write(lambda c: c.execute("UPDATE frontier SET due_at = '2099-01-01T00:00:00Z'"))
    now = exempel.clock.now()
    for path in paths:
        address = evidence.known_address(exempel.archive.reader, exempel.site.url(path))
        exempel.archive.write(partial(plan.put_off, address_id=address.id, due_at=now))
    assert exempel.crawl().asked == len(paths)


def test_a_crawl_of_a_few_pages_is_followed_by_no_survey_but_for_the_first_of_a_day(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC, start="2026-03-02 06:00") as exempel:
        _town_of(exempel, 25)
        exempel.crawl()
        for n in (3, 4):
            exempel.site[f"/sida-{n}"] = page("Sida", " ".join(f"ord{k}" for k in range(60)))
        exempel.clock.advance(hours=2)
        _see_again(exempel, "/sida-3")
        exempel.clock.advance(hours=2)
        _see_again(exempel, "/sida-4")

        runs = [row[0] for row in exempel.rows("SELECT id FROM runs ORDER BY id")]
        assert [settling.calls_for_survey(exempel.archive.reader, run) for run in runs] == [True, False, False]
        assert exempel.rows("SELECT detail FROM issues WHERE kind = 'duplicate-suspected'") == []
        assert len(exempel.rows("SELECT DISTINCT furniture_id FROM settled WHERE furniture_id IS NOT NULL")) == 1
        assert exempel.rows("SELECT count(*) FROM settled WHERE furniture_id IS NULL") == [(0,)]

        exempel.clock.advance(hours=24)
        _see_again(exempel, "/")
        assert len(exempel.rows("SELECT detail FROM issues WHERE kind = 'duplicate-suspected'")) == 1


def test_a_crawl_of_a_twentieth_of_the_pages_is_followed_by_a_survey(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC, start="2026-03-02 06:00") as exempel:
        _town_of(exempel, 25)
        exempel.crawl()
        exempel.clock.advance(hours=2)
        _see_again(exempel, "/sida-3", "/sida-4")

        assert settling.calls_for_survey(exempel.archive.reader, 2)


def test_a_clock_that_is_set_back_takes_no_survey_from_a_crawl_that_was_followed_by_one(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC, start="2026-03-02 06:00") as exempel:
        _town_of(exempel, 25)
        exempel.crawl()
        exempel.clock.advance(hours=28)
        _see_again(exempel, "/sida-3")
        assert settling.calls_for_survey(exempel.archive.reader, 2)
        exempel.clock.advance(hours=-2)
        _see_again(exempel, "/sida-4")

        assert settling.calls_for_survey(exempel.archive.reader, 2)
        assert not settling.calls_for_survey(exempel.archive.reader, 3)


def test_a_rebuild_surveys_after_the_same_crawls(tmp_path: Path) -> None:
    with town(tmp_path, GENERIC, start="2026-03-02 06:00") as exempel:
        _town_of(exempel, 25)
        exempel.crawl()
        for hours, n in ((2, 3), (2, 4), (20, 5), (1, 6)):
            exempel.clock.advance(hours=hours)
            exempel.site[f"/sida-{n}"] = page("Sida", " ".join(f"ord{k}" for k in range(60)))
            _see_again(exempel, f"/sida-{n}")
        before = _reading(exempel)
        assert len(before["settled"]) == 5

        exempel.rebuild()

        assert _reading(exempel) == before


def test_a_profile_that_does_not_ask_for_it_learns_nothing(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    assert exempel.rows("SELECT furniture_id FROM settled") == [(None,)]


def test_selectors_that_stop_matching_raise_one_issue_with_the_share_of_pages(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    for path in [f"/sida-{n}" for n in range(9)]:
        redesigned = exempel.site[path].replace('<main id="innehall" class="pagecontent">', '<div class="ny">')
        exempel.site[path] = redesigned.replace("</main>", "</div>")
    for _ in range(2):
        exempel.day()

    [(detail, page_id)] = exempel.rows("SELECT detail, page_id FROM issues WHERE kind = 'selectors-missed'")
    assert detail.startswith(
        "profile sitevision: no selector of its 'main' fits 9 of 13 pages (69 %), such as https://"
    )
    assert page_id is None


def test_selectors_that_stop_matching_are_told_by_runs_too_short_to_show_it_alone(exempel: Town) -> None:
    _town_of(exempel, 12)
    exempel.crawl()
    for path in [f"/sida-{n}" for n in range(12)]:
        redesigned = exempel.site[path].replace('<main id="innehall" class="pagecontent">', '<div class="ny">')
        exempel.site[path] = redesigned.replace("</main>", "</div>")
    exempel.clock.advance(days=1.2)
    for _ in range(6):
        exempel.crawl(limit=3)
        exempel.clock.advance(minutes=20)

    [(detail,)] = exempel.rows("SELECT detail FROM issues WHERE kind = 'selectors-missed'")
    assert detail.startswith("profile sitevision: no selector of its 'main' fits ")


def test_a_day_that_many_pages_share_raises_one_issue(exempel: Town) -> None:
    _town_of(exempel, 25, updated="2023-04-12")
    exempel.crawl()
    exempel.day()

    assert exempel.rows("SELECT detail FROM issues WHERE kind = 'bulk-date'") == [
        ("updated 2023-04-12 on 25 of 25 dated pages: a migration or a script, rather than edits",)
    ]


def test_a_run_with_captures_still_unread_is_not_concluded(exempel: Town) -> None:
    _town_of(exempel, 3)
    exempel.crawl()
    exempel.archive.write(lambda c: c.execute("DELETE FROM settled"))
    exempel.archive.write(lambda c: c.execute("INSERT INTO unread SELECT min(id) FROM captures"))

    first = unread.first_at(exempel.archive.reader, "exempelkoping")
    assert settling.unsettled(exempel.archive.reader, "exempelkoping", first) == []


def test_what_a_small_source_teaches_is_asked_of_each_page_however_often_others_were_seen(exempel: Town) -> None:
    _town_of(exempel, 3)
    exempel.crawl()
    exempel.site.gone("/sida-2")
    for number in range(70):
        exempel.clock.advance(hours=30)
        _see_again(exempel, f"/sida-{1 + number % 2}")
    asked: list[str] = []
    conn = exempel.archive.reader
    conn.set_trace_callback(asked.append)
    found = settling.latest_pages(conn, "exempelkoping", 71, 400)
    conn.set_trace_callback(None)

    shown = [evidence.capture(conn, page.capture_id).address.url.removeprefix(exempel.site.url("/")) for page in found]
    assert (shown[0], sorted(shown[1:])) == ("sida-1", ["", "sida-0"])  # the latest first; what is gone shows nothing
    assert len(asked) == 2
    assert settling.latest_pages(conn, "exempelkoping", 71, 3)[0] == found[0]  # of a larger one, run by run


def test_crawls_to_be_concluded_are_those_that_ended_and_are_not_settled(exempel: Town) -> None:
    _town_of(exempel, 2)
    for _ in range(3):
        exempel.day()
    conn = exempel.archive.reader
    assert [run.run_id for run in settling.unsettled(conn, "exempelkoping")] == []
    exempel.archive.write(lambda c: c.execute("DELETE FROM settled WHERE run_id = 2"))
    begin = partial(
        evidence.begin_run,
        source_id="exempelkoping",
        kind="crawl",
        at=exempel.clock.now(),
        program="archiver 0",
        agent="x",
    )
    going = exempel.archive.write(begin)
    assert [run.run_id for run in settling.unsettled(conn, "exempelkoping")] == [2]

    exempel.archive.write(partial(evidence.finish_run, run_id=going, at=exempel.clock.now(), ending="done"))
    assert [run.run_id for run in settling.unsettled(conn, "exempelkoping")] == [2, going]
    assert [run.run_id for run in settling.unsettled(conn, "annanstans")] == []
    exempel.rebuild()
    assert settling.unsettled(conn, "exempelkoping") == []


def test_a_source_that_names_no_profile_is_read_by_the_one_whose_marks_its_pages_bear(tmp_path: Path) -> None:
    with town(tmp_path, SOURCE.replace('profile      = "sitevision"\n', "")) as exempel:
        _town_of(exempel, 3, updated="2026-01-02")
        exempel.crawl()
        exempel.site["/sida-1"] = exempel.site["/sida-1"].replace("ämne 1", "sak 1")
        exempel.day()

        assert exempel.rows("SELECT DISTINCT profile FROM settled") == [("sitevision",)]
        assert exempel.rows("SELECT profile FROM provenance WHERE revision = 2") == [("sitevision",)]
        [change] = exempel.changes()
        assert (change["words_added"], change["words_removed"]) == (1, 1)
        before = _reading(exempel)
        exempel.rebuild()
        assert _reading(exempel) == before


def test_what_the_operator_expects_and_is_not_found_is_an_issue_told_once(tmp_path: Path) -> None:
    source = SOURCE + "[expect]\npages = 5\nwith_published = 0.5\nwith_updated = 0.7\n"
    with town(tmp_path, source) as exempel:
        _town_of(exempel, 3, updated="2026-01-02")
        exempel.crawl()
        exempel.day()
        assert exempel.rows("SELECT detail FROM issues WHERE kind = 'expectation-missed' ORDER BY detail") == [
            ("a publication date is expected on 50% of the pages, 0 of 4 give one",),
            ("at least 5 pages are expected, 4 are there",),
        ]


TEXT = " ".join(f"Ord nummer {n} om taxor och avgifter." for n in range(12))


def test_pages_that_show_the_same_are_told_by_what_sets_them_apart_and_are_not_joined(exempel: Town) -> None:
    pairs = [("/taxor", "/taxor?visa=allt"), ("/avgifter", "/avgifter?visa=allt"), ("/skola", "/fritid")]
    paths = [path for pair in pairs for path in pair] + ["/kort", "/kort-2"]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for one, other in pairs:
        exempel.site[one] = exempel.site[other] = page(f"Om {one}", TEXT)
    exempel.site["/kort"] = exempel.site["/kort-2"] = page("Kort", "Inga nyheter.")
    exempel.crawl()
    exempel.day()

    told = exempel.rows("SELECT detail FROM issues WHERE kind = 'duplicate-suspected' ORDER BY detail")
    url = exempel.site.url
    assert told == [
        (f"{url('/skola')} and {url('/fritid')}: {url('/skola')} and {url('/fritid')} show the same",),
        (f"parameter visa: {url('/avgifter')} and {url('/avgifter?visa=allt')} show the same, and 1 more such pairs",),
    ]
    assert exempel.rows("SELECT count(*) FROM pages WHERE kind = 'page'") == [(9,)]
    before = _reading(exempel)
    exempel.rebuild()
    assert _reading(exempel) == before


def test_a_page_in_another_language_is_told_and_believed_when_it_insists(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/namnder", "Nämnder")])
    exempel.site["/namnder"] = page("Nämnder", TEXT)
    exempel.crawl()
    text = "The committees are responsible for planning and for building in all of the town, as they have been. "
    exempel.site["/namnder"] = page("Committees", text * 12).replace('lang="sv"', 'lang="en"')
    exempel.day(hours=30)

    assert [row["state"] for row in exempel.history("/namnder")] == ["present"]
    (told,) = exempel.rows("SELECT detail FROM issues WHERE kind = 'wrong-site'")
    assert told[0].startswith("another language: en where sv has always come, ")
    assert told[0].endswith(f", on {exempel.site.url('/namnder')}")
    for _ in range(2):
        exempel.day(hours=30)
    assert [row["title"] for row in exempel.history("/namnder")] == ["Nämnder", "Committees"]
    before = _reading(exempel)
    exempel.rebuild()
    assert _reading(exempel) == before


def test_the_feeds_of_single_pages_are_not_asked_for(exempel: Town) -> None:
    def head(*feeds: str) -> str:
        return "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)

    paths = [f"/sida-{n}" for n in range(5)]
    links = [(path, path) for path in paths]
    exempel.site["/"] = page("Start", "Välkommen.", links=links, head=head("/feed/", "/comments/feed/"))
    for path in paths:
        exempel.site[path] = page(path, TEXT, head=head("/feed/", "/comments/feed/", f"{path}/feed/"))
    exempel.crawl()

    assert exempel.rows("SELECT url FROM addresses WHERE role = 'feed'") == [(exempel.site.url("/feed/"),)]


def test_a_domain_that_was_not_paid_for_ends_nothing_and_is_told_once(exempel: Town) -> None:
    _town_of(exempel, 4)
    exempel.crawl()
    parked = "<html><title>exempelkoping.se</title><body><h1>This domain is for sale</h1></body></html>"
    for path in ["/", *(f"/sida-{n}" for n in range(4))]:
        exempel.site[path] = parked
    for _ in range(4):
        exempel.day()

    assert exempel.changes() == []
    assert exempel.rows("SELECT count(*) FROM absences") == [(0,)]
    (told,) = exempel.rows("SELECT detail FROM issues WHERE kind = 'wrong-site'")
    assert told[0].startswith(
        "a parked domain: 'domain is for sale', on 5 pages, such as https://www.exempelkoping.se/"
    )
