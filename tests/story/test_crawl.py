"""Day one, crawl; edit; day two, crawl; and what the archive says then."""

from archive import Town
from pretend import page

RULES = "Riktlinjer för representation"


def _begin(exempel: Town, **dates: str) -> None:
    exempel.site["/"] = page("Kommun och politik", "Välkommen hit.", links=[("/riktlinjer", "Riktlinjer")])
    exempel.site["/riktlinjer"] = page(RULES, "Högst 450 kronor per person.", "Kvitto ska lämnas.", **dates)
    exempel.crawl()


def test_a_first_crawl_keeps_and_reads_what_the_seed_leads_to(exempel: Town) -> None:
    _begin(exempel, updated="2026-01-02")

    assert exempel.rows("SELECT title, updated, state FROM current_pages ORDER BY url") == [
        ("Kommun och politik", None, "present"),
        (RULES, "2026-01-02", "present"),
    ]
    assert exempel.site.asked("/robots.txt") == 1


def test_a_second_crawl_without_edits_begins_no_revision_and_parses_nothing(exempel: Town) -> None:
    _begin(exempel)
    read = exempel.pool.count

    tally = exempel.day()

    assert (tally.asked, tally.unchanged, tally.changed, tally.new) == (2, 2, 0, 0)
    assert exempel.rows("SELECT count(*) FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.kind = 'page'") == [
        (2,)
    ]
    assert exempel.pool.count == read


def test_nothing_is_asked_before_it_is_due_and_no_run_is_recorded(exempel: Town) -> None:
    _begin(exempel)

    tally = exempel.day(hours=1)

    assert tally.asked == 0
    assert tally.run_id is None
    assert tally.next_due is not None


def test_an_edit_that_leaves_the_update_date_is_a_silent_edit_with_its_words(exempel: Town) -> None:
    _begin(exempel, updated="2026-01-02")
    exempel.site["/riktlinjer"] = page(
        RULES, "Högst 650 kronor per person.", "Kvitto ska lämnas.", updated="2026-01-02"
    )

    exempel.day()

    (change,) = exempel.changes()
    assert change["classes"] == ["silent-edit"]
    assert change["kinds"] == ["text"]
    assert {(h["op"], h["text"]) for h in change["hunks"]} == {("removed", "450 kronor"), ("added", "650 kronor")}
    assert change["window"]["last_seen_before"] < change["window"]["seen_after"]
    assert exempel.rows("SELECT url FROM silent_edits") == [(exempel.site.url("/riktlinjer"),)]


def test_a_date_that_moves_alone_is_a_touch(exempel: Town) -> None:
    _begin(exempel, updated="2026-01-02")
    exempel.site["/riktlinjer"] = page(
        RULES, "Högst 450 kronor per person.", "Kvitto ska lämnas.", updated="2026-03-03"
    )

    exempel.day()

    (change,) = exempel.changes()
    assert (change["classes"], change["kinds"]) == (["touch"], ["updated"])
    assert change["dates"]["updated"] == {"before": "2026-01-02", "after": "2026-03-03"}


def test_a_banner_on_every_page_is_a_notice_and_no_change(exempel: Town) -> None:
    _begin(exempel)
    exempel.site.banner = "Vattenläcka i centrum. Uppdaterad 3 mars 2026."

    exempel.day()

    assert exempel.changes() == []
    assert exempel.rows("SELECT text FROM notices") == [("Vattenläcka i centrum. Uppdaterad 3 mars 2026.",)]


def test_noise_in_the_bytes_is_no_change(exempel: Town) -> None:
    _begin(exempel)
    exempel.site.noise = '<script nonce="8f3a">var t = 17;</script>'

    exempel.day()

    assert exempel.changes() == []


def test_a_page_that_is_410_twice_is_gone_once_and_back_once(exempel: Town) -> None:
    _begin(exempel)
    there = exempel.site["/riktlinjer"]
    exempel.site.gone("/riktlinjer", 410)
    exempel.day()
    assert exempel.changes() == []
    exempel.day(hours=2)
    (gone,) = exempel.changes()
    assert (gone["classes"], gone["state_after"]) == (["disappearance"], "gone")
    exempel.site["/riktlinjer"] = there

    exempel.day(days=5)

    assert [c["classes"] for c in exempel.changes()] == [["disappearance"], ["return"]]
    assert exempel.rows("SELECT state, misses FROM absences") == [("back", 2)]


def test_what_robots_bars_is_a_capture_for_which_nothing_was_sent(exempel: Town) -> None:
    exempel.site.robots("User-agent: *\nDisallow: /riktlinjer")

    _begin(exempel)

    assert exempel.site.asked("/riktlinjer") == 0
    assert exempel.rows("SELECT outcome, robots FROM captures WHERE outcome = 'barred'") == [
        ("barred", "deny: /riktlinjer")
    ]


def test_robots_that_cannot_be_had_bar_everything(exempel: Town) -> None:
    exempel.site.says("/robots.txt", 503, times=9)

    _begin(exempel)

    assert exempel.site.asked("/") == 0
    assert exempel.rows("SELECT robots FROM captures WHERE outcome = 'barred'") == [
        ("deny: robots.txt could not be had (503)",)
    ]


def test_a_redirect_is_a_capture_and_its_target_an_address(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/gammal", "Riktlinjer")])
    exempel.site["/ny"] = page(RULES, "Högst 450 kronor.")
    exempel.site.moves("/gammal", "/ny")

    tally = exempel.crawl()

    assert tally.moved == 1
    assert exempel.rows("SELECT location FROM captures WHERE outcome = 'moved'") == [(exempel.site.url("/ny"),)]
    assert exempel.rows("SELECT title FROM current_pages WHERE url LIKE '%/ny'") == [(RULES,)]


def test_a_redirect_loop_ends(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/a", "A")])
    exempel.site.moves("/a", "/b")
    exempel.site.moves("/b", "/a")

    tally = exempel.crawl()

    assert tally.moved == 2


def test_a_failure_begins_nothing_and_is_tried_again(exempel: Town) -> None:
    _begin(exempel)
    exempel.site.fails("/riktlinjer", "timeout")

    tally = exempel.day()

    assert tally.failed == 1
    assert exempel.changes() == []
    again = exempel.day(minutes=7)
    assert (again.asked, again.unchanged) == (1, 1)


def test_a_reset_connection_is_tried_once_more_at_once(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Hej.")
    exempel.site.fails("/", "reset")

    tally = exempel.crawl()

    assert exempel.site.asked("/") == 2
    assert tally.new == 1


def test_what_a_reader_cannot_read_is_kept_and_read_when_it_can(exempel: Town) -> None:
    exempel.pool.break_on = "/riktlinjer"
    _begin(exempel)
    assert exempel.rows("SELECT kind, detail FROM issues WHERE kind = 'unread'") == [
        ("unread", "crashed: made to crash by a test")
    ]
    exempel.pool.break_on = None

    exempel.rebuild()

    assert exempel.rows("SELECT title FROM current_pages WHERE url LIKE '%/riktlinjer'") == [(RULES,)]
    assert exempel.rows("SELECT count(*) FROM issues WHERE kind = 'unread'") == [(0,)]


def test_a_busy_host_is_left_alone_for_as_long_as_it_asks(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Hej.", links=[("/a", "A"), ("/b", "B")])
    exempel.site.says("/", 503, headers={"Retry-After": "7200"})

    exempel.crawl()

    assert [url for _, url in exempel.site.log] == [exempel.site.url("/robots.txt"), exempel.site.url("/")]
    assert exempel.rows("SELECT paused_until FROM hosts") == [("2026-03-02T08:00:05Z",)]


def test_a_run_with_a_limit_stops_there_and_the_next_goes_on(exempel: Town) -> None:
    links = [(f"/p{i}", f"Sida {i}") for i in range(6)]
    exempel.site["/"] = page("Start", links=links)
    for target, words in links:
        exempel.site[target] = page(words, "Text.")

    first = exempel.crawl(limit=3)
    second = exempel.crawl()

    assert (first.asked, first.ending) == (3, "budget")
    assert (second.asked, second.ending) == (4, "done")


def test_a_run_is_sealed_when_it_ends(exempel: Town) -> None:
    _begin(exempel)

    assert exempel.rows("SELECT ending, captures FROM runs JOIN seals ON run_id = runs.id") == [("done", 3)]


def test_an_own_fault_costs_one_page_and_is_counted(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/a", "A"), ("/b", "B")])
    exempel.site["/a"] = page("A", "Text.")
    exempel.site["/b"] = page("B", "Text.")
    fetch = exempel.fetch

    async def broken(request, *, private=False):
        if request.url.endswith("/a"):
            raise KeyError("a bug of ours")
        return await fetch(request)

    exempel.fetch = broken

    tally = exempel.crawl()

    assert (tally.errors, tally.new) == (1, 2)
