"""What happens to many pages at once is told once, after a rebuild too; so are documents that nobody links to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Town, town
from archiver.demo.pdf import page_pdf
from archiver.redact import Order, redact
from archiver.store import linked
from archiver.store.times import to_time
from pretend import page

SWITCHBOARD = "Ring växeln på 0999-123 45."


def _pages(exempel: Town, count: int, line: str = SWITCHBOARD, **also: str) -> None:
    paths = [f"/sida-{n}" for n in range(count)]
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for n, path in enumerate(paths):
        exempel.site[path] = page(f"Sida {n}", f"Stycke nummer {n} om ämne {n}.", line, **also)


def _events(exempel: Town) -> list[tuple[object, ...]]:
    return exempel.rows("SELECT kind, pages, seen, summary FROM events_by_site ORDER BY first_seen, kind")


def test_the_same_words_on_many_pages_are_told_once_with_their_number(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
    exempel.day()

    one, own = sorted(exempel.changes(), key=lambda c: "site-wide" not in c["classes"])
    assert (one["event"]["kind"], one["event"]["pages"], one["event"]["seen"]) == ("site-wide", 7, 9)
    assert one["event"]["summary"] == "text: 2 words added, 2 words removed"
    assert "site-wide" in one["classes"]
    assert "site-wide" in one["reasons"]
    assert (own["url"][-7:], own["event"]) == ("/sida-3", None)
    assert len(exempel.changes(unfold=True)) == 8
    assert len(exempel.changes(event=one["event"]["event_id"])) == 7


def test_an_event_is_as_it_was_when_the_site_has_grown_the_day_after(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    exempel.day()
    before = exempel.rows("SELECT * FROM events")
    exempel.site["/ny"] = page("Ny", "Ett stycke.")
    exempel.site["/"] = exempel.site["/"].replace("</main>", '<p><a href="/ny">Ny</a></p></main>')
    exempel.day()

    assert len(exempel.changes(unfold=True)) == 9
    assert exempel.rows("SELECT * FROM events") == before


def test_an_event_is_told_to_whoever_asks_for_one_of_its_later_pages_alone(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    exempel.day()
    [(last,)] = exempel.rows("SELECT page_id FROM page_changes ORDER BY revision_id DESC LIMIT 1")

    (told,) = exempel.changes(page=last)
    assert told["event"]["pages"] == 8
    assert len(exempel.changes()) == 1


def test_the_same_word_in_other_sentences_is_not_one_change(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    for n in range(8):
        exempel.site[f"/sida-{n}"] = exempel.site[f"/sida-{n}"].replace(f"om ämne {n}", f"inte om ämne {n}")
    exempel.day()

    assert _events(exempel) == []
    assert len(exempel.changes()) == 8


def test_a_page_that_is_visited_late_joins_the_event(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    exempel.site.fails("/sida-2", "timeout")
    exempel.day()
    exempel.day()

    assert _events(exempel) == [("site-wide", 8, 9, "text: 2 words added, 2 words removed")]
    assert len(exempel.changes()) == 1


def _page_by_page(exempel: Town, pages: int) -> None:
    """A round of visits as a service makes it: page after page comes due, each a run of its own."""
    exempel.clock.advance(days=1.2)
    for _ in range(pages + 1):
        exempel.crawl(limit=1)
        exempel.clock.advance(minutes=5)


def test_the_same_words_are_told_once_too_where_each_page_is_seen_in_a_run_of_its_own(exempel: Town) -> None:
    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    _page_by_page(exempel, 8)

    assert exempel.rows("SELECT count(*) FROM runs") == [(10,)]
    assert _events(exempel) == [("site-wide", 8, 9, "text: 2 words added, 2 words removed")]
    before = exempel.rows(FOLDED)
    assert {row[3] for row in before if row[1] == "site-wide"} == {1}
    exempel.rebuild()
    assert exempel.rows(FOLDED) == before


def test_a_day_that_is_seen_page_by_page_on_many_is_one_event(exempel: Town) -> None:
    _pages(exempel, 22, updated="2026-01-02")
    exempel.crawl()
    _pages(exempel, 22, updated="2026-03-03")
    _page_by_page(exempel, 22)

    assert _events(exempel) == [("bulk-stamp", 22, 22, "updated 2026-03-03")]
    assert exempel.rows("SELECT count(*) FROM change_classes WHERE class = 'bulk-stamp' AND folded") == [(22,)]


def test_pages_that_are_found_page_by_page_to_have_moved_are_one_migration(exempel: Town) -> None:
    _pages(exempel, 22)
    exempel.crawl()
    for n in range(22):
        exempel.site.moves(f"/sida-{n}", f"/ny/sida-{n}")
    for _ in range(3):
        _page_by_page(exempel, 50)

    assert [(kind, pages) for kind, pages, *_ in _events(exempel)] == [("migration", 22)]
    assert exempel.changes(class_="move")[0]["event"]["pages"] == 22


def test_pages_that_go_one_after_the_other_are_no_migration(exempel: Town) -> None:
    _pages(exempel, 24)
    exempel.crawl()
    for n in range(0, 24, 4):
        for k in range(n, n + 4):
            exempel.site.gone(f"/sida-{k}", 410)
        exempel.day()
        exempel.day(hours=2)

    assert len(exempel.changes(class_="disappearance")) == 24
    assert _events(exempel) == []


def test_one_day_stamped_on_many_pages_is_told_once_and_real_edits_stay(exempel: Town) -> None:
    _pages(exempel, 25, updated="2026-01-02")
    exempel.crawl()
    _pages(exempel, 25, updated="2026-03-03")
    exempel.site["/sida-3"] = exempel.site["/sida-3"].replace("ämne 3", "sak 3")
    exempel.day()

    assert _events(exempel) == [("bulk-stamp", 25, 25, "updated 2026-03-03")]
    edit, stamped = sorted(exempel.changes(), key=lambda c: "edit" not in c["classes"])
    assert (edit["classes"], stamped["classes"]) == (["bulk-stamp", "edit"], ["bulk-stamp", "touch"])
    assert exempel.rows("SELECT DISTINCT reason FROM change_classes WHERE class = 'bulk-stamp'") == [
        ("updated became 2026-03-03 on 25 of the 25 pages seen then that give one",)
    ]


def test_many_pages_that_go_at_once_are_one_event(exempel: Town) -> None:
    _pages(exempel, 25)
    exempel.crawl()
    for n in range(22):
        exempel.site.gone(f"/sida-{n}", 410)
    for _ in range(2):
        exempel.day()

    [told] = exempel.changes(class_="disappearance")
    assert (told["event"]["kind"], told["event"]["pages"], told["event"]["folded"]) == ("migration", 22, True)


FOLDED = """SELECT p.key, x.class, x.reason, x.folded, e.kind, e.key, e.pages, e.first_seen, e.run_id
            FROM change_classes x JOIN revisions r ON r.id = x.revision_id JOIN pages p ON p.id = r.page_id
            LEFT JOIN events e ON e.id = x.event_id ORDER BY 1, 2"""


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as exempel:
        _pages(exempel, 25, updated="2026-01-02")
        exempel.crawl()
        _pages(exempel, 25, "Ring växeln på 0999-543 21.", updated="2026-03-03")
        exempel.site.fails("/sida-7", "timeout")
        exempel.day()
        for n in range(21):
            exempel.site.gone(f"/sida-{n}", 410)
        for _ in range(2):
            exempel.day()
        yield exempel


def test_a_rebuild_folds_the_same(lived: Town) -> None:
    before, absences = lived.rows(FOLDED), lived.rows("SELECT page_id, still_linked FROM absences ORDER BY 1")
    assert {row[4] for row in before} == {"site-wide", "bulk-stamp", "migration", None}

    lived.rebuild()

    assert lived.rows(FOLDED) == before
    assert lived.rows("SELECT page_id, still_linked FROM absences ORDER BY 1") == absences


async def _hide(exempel: Town, path: str) -> None:
    ((body,),) = exempel.rows(
        """SELECT c.body_id FROM captures c JOIN addresses a ON a.id = c.address_id
           WHERE a.url = ? AND c.body_id IS NOT NULL ORDER BY c.id LIMIT 1""",
        exempel.site.url(path),
    )
    order = Order("hidden", "personal-data", "keeper", body_id=body)
    await redact(exempel.archive, exempel.config, exempel.pool, order, exempel.clock.now())  # type: ignore[arg-type]


def test_pages_read_anew_by_themselves_are_folded_again(lived: Town) -> None:
    before = {row[0]: row[1:4] for row in lived.rows(FOLDED) if row[1] == "bulk-stamp"}
    asyncio.run(_hide(lived, "/sida-24"))
    after = {row[0]: row[1:4] for row in lived.rows(FOLDED) if row[1] == "bulk-stamp"}

    assert len(before) == len(after) + 1
    assert lived.rows("SELECT pages FROM events WHERE kind = 'bulk-stamp'") == [(len(after),)]


def _with_document(exempel: Town, linked: bool) -> None:
    links = [("/policy.pdf", "Policy mot mutor, pdf")] if linked else []
    exempel.site["/"] = page("Start", "Välkommen.", links=links)


def test_a_document_without_links_that_is_still_served_is_told_and_so_is_its_return(exempel: Town) -> None:
    exempel.site.file("/policy.pdf", page_pdf("Policy", ["Så gör vi."], exempel.clock.now()))
    _with_document(exempel, linked=True)
    exempel.crawl()
    _with_document(exempel, linked=False)
    exempel.day()
    exempel.day(days=3)

    [(name, reason)] = exempel.rows(
        "SELECT class, reason FROM change_classes WHERE class IN ('unlinked-document', 'relinked-document')"
    )
    assert name == "unlinked-document"
    assert reason.startswith(
        "“Policy mot mutor” is linked from no page that we know, and was still served on 2026-03-0"
    )
    assert exempel.rows("SELECT url FROM unlinked_documents") == [(exempel.site.url("/policy.pdf"),)]

    _with_document(exempel, linked=True)
    exempel.day(days=3)
    assert exempel.rows("SELECT count(*) FROM change_classes WHERE class = 'relinked-document'") == [(1,)]
    assert exempel.rows("SELECT url FROM unlinked_documents") == []


def test_a_document_that_was_not_asked_for_since_is_not_said_to_be_served(exempel: Town) -> None:
    exempel.site.file("/policy.pdf", page_pdf("Policy", ["Så gör vi."], exempel.clock.now()))
    _with_document(exempel, linked=True)
    exempel.crawl()
    _with_document(exempel, linked=False)
    exempel.site.gone("/policy.pdf")
    exempel.day()

    assert exempel.rows("SELECT * FROM change_classes WHERE class = 'unlinked-document'") == []


def test_an_absence_says_whether_a_page_still_links_there(exempel: Town) -> None:
    exempel.site["/a"], exempel.site["/b"] = page("A", "Ett."), page("B", "Två.")
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/a", "A"), ("/b", "B")])
    exempel.crawl()
    exempel.site.gone("/a", 410)
    exempel.site.gone("/b", 410)
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/a", "A")])
    for _ in range(2):
        exempel.day()

    assert exempel.rows("SELECT substr(url, -2), still_linked FROM disappearances ORDER BY 1") == [("/a", 1), ("/b", 0)]


def test_whether_a_missed_page_was_linked_is_the_same_for_whoever_asks_when_it_is_back(exempel: Town) -> None:
    exempel.site["/a"] = page("A", "Ett.")
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/a", "A")])
    exempel.crawl()
    exempel.site.says("/a", 404)
    exempel.day()
    ((missed, at),) = exempel.rows("SELECT id, finished_at FROM runs ORDER BY id DESC LIMIT 1")
    exempel.day()
    told = [("blip", 1)]
    assert exempel.rows("SELECT state, still_linked FROM absences") == told

    exempel.archive.write(lambda c: c.execute("UPDATE absences SET still_linked = 0"))
    exempel.archive.write(lambda c: linked.note_links_to_absent(c, missed, to_time(at)))

    assert exempel.rows("SELECT state, still_linked FROM absences") == told


def test_where_an_address_leads_now_is_a_history_of_its_own(exempel: Town) -> None:
    exempel.site["/gammal"], exempel.site["/ny"] = page("Gammal", "Ord."), page("Ny", "Andra ord.")
    exempel.site["/"] = page("Start", links=[("/gammal", "Gammal"), ("/ny", "Ny")])
    exempel.crawl()
    exempel.site.moves("/gammal", "/ny")
    for _ in range(2):
        exempel.day()

    [(url, moved_to, before, after, visits)] = exempel.rows(
        "SELECT url, moved_to, last_seen_before, seen_after, visits FROM moves"
    )
    assert (url, moved_to, visits) == (exempel.site.url("/gammal"), exempel.site.url("/ny"), 2)
    assert before < after
    assert exempel.rows("SELECT class, reason FROM change_classes") == [
        ("move", f"the page's address leads to another page: {exempel.site.url('/ny')}")
    ]


NODE = "/download/18.3a5f0c1b17f2e4d6a91"


def test_a_file_put_up_anew_is_one_document_replaced_and_none_unlinked(exempel: Town) -> None:
    old, new = f"{NODE}/1700000000000/taxa.pdf", f"{NODE}/1731600000000/taxa-2026.pdf"
    exempel.site.file(old, page_pdf("Taxa", ["300 kr"], exempel.clock.now()))
    exempel.site["/"] = page("Start", links=[(old, "Taxa, pdf")])
    exempel.crawl()
    exempel.site.file(new, page_pdf("Taxa", ["350 kr"], exempel.clock.now()))
    exempel.site["/"] = page("Start", links=[(new, "Taxa för 2026, pdf")])
    exempel.day()

    classes = {(url[-1], name) for url, name in exempel.rows(
        """SELECT a.url, x.class FROM change_classes x JOIN revisions r ON r.id = x.revision_id
           JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id"""
    )}  # fmt: skip
    assert classes == {("/", "edit"), ("f", "edit"), ("f", "replaced-document")}
    [reason] = exempel.rows("SELECT reason FROM change_classes WHERE class = 'replaced-document'")
    assert reason[0].startswith("another file under the same identity, at another address: ")


def test_the_list_of_changes_tells_an_event_once_and_says_how_to_unfold_it(exempel: Town) -> None:
    from click.testing import CliRunner

    from archiver.cli import archiver

    _pages(exempel, 8)
    exempel.crawl()
    _pages(exempel, 8, "Ring växeln på 0999-543 21.")
    exempel.site.fails("/sida-2", "timeout")
    exempel.day()
    exempel.day()
    path = exempel.archive.path
    runner = CliRunner()

    told = runner.invoke(archiver, ["--archive", str(path), "changes"])
    assert told.exit_code == 0, told.output
    assert told.output.count("site-wide: the same on 8 pages of 9 seen") == 1
    assert "changes --event 1" in told.output

    each = runner.invoke(archiver, ["--archive", str(path), "changes", "--event", "1"])
    assert each.output.count("Sida ") == 8
    assert "not seen: failed (timeout), once" in each.output
