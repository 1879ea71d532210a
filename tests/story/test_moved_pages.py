"""A page that goes at one address and stands at a new one has moved, also where no redirect says so."""

from archive import Town
from pretend import page

TOLD = "SELECT a.url, x.class, x.reason, x.folded FROM change_classes x JOIN revisions r ON r.id = x.revision_id "
TOLD += "JOIN captures c ON c.id = r.first_capture JOIN addresses a ON a.id = c.address_id ORDER BY a.url, x.class"


def _text(number: int) -> list[str]:
    """Two paragraphs of a page's own."""
    return [
        " ".join(f"ord{number}x{k}" for k in range(40)) + ".",
        " ".join(f"sak{number}x{k}" for k in range(30)) + ".",
    ]


def _stand(exempel: Town, paths: dict[str, int]) -> None:
    """Pages at these paths, and the start page linking to them."""
    exempel.site["/"] = page("Start", "Välkommen.", links=[(path, path) for path in paths])
    for path, number in paths.items():
        exempel.site[path] = page(f"Ämne {number}", *_text(number))


def _days(exempel: Town, count: int = 2) -> None:
    for _ in range(count):
        exempel.day()


def test_a_page_at_a_new_address_without_a_redirect_has_moved(exempel: Town) -> None:
    _stand(exempel, {"/kommun/policy": 1, "/kommun/taxa": 2})
    exempel.crawl()
    _stand(exempel, {"/styrande/policy": 1, "/kommun/taxa": 2})
    exempel.site.gone("/kommun/policy")
    _days(exempel)

    [change] = exempel.changes(class_="move")
    assert change["url"] == exempel.site.url("/kommun/policy")
    assert set(change["classes"]) == {"disappearance", "move"}
    assert {"page-gone", "text-elsewhere"} <= set(change["reasons"])
    [(reason,)] = exempel.rows("SELECT reason FROM change_classes WHERE class = 'move'")
    assert reason.startswith("100 % of its text stands to the letter at a new address, first seen on 2026-03-")
    assert reason.endswith(exempel.site.url("/styrande/policy"))


def test_one_that_is_only_found_in_the_next_run_has_moved_too(exempel: Town) -> None:
    _stand(exempel, {"/kommun/policy": 1, "/kommun/taxa": 2})
    exempel.crawl()
    _stand(exempel, {"/kommun/taxa": 2})
    exempel.site.gone("/kommun/policy")
    _days(exempel)
    assert exempel.changes(class_="move") == []
    _stand(exempel, {"/styrande/policy": 1, "/kommun/taxa": 2})
    _days(exempel, 1)

    assert len(exempel.changes(class_="move")) == 1


def test_two_new_pages_that_say_the_same_are_not_guessed_between(exempel: Town) -> None:
    _stand(exempel, {"/kommun/policy": 1})
    exempel.crawl()
    _stand(exempel, {"/a/policy": 1, "/b/policy": 1})
    exempel.site.gone("/kommun/policy")
    _days(exempel)

    assert exempel.changes(class_="move") == []
    assert len(exempel.changes(class_="disappearance")) == 1


def test_a_site_that_gives_every_page_a_new_address_is_one_event(exempel: Town) -> None:
    _stand(exempel, {f"/gammal/{n}": n for n in range(24)})
    exempel.crawl()
    _stand(exempel, {f"/ny/{n}": n for n in range(24)})
    for n in range(24):
        exempel.site.gone(f"/gammal/{n}", 410)
    _days(exempel)

    [told] = [change for change in exempel.changes() if change["event"]]
    assert (told["event"]["kind"], told["event"]["pages"], told["event"]["summary"]) == ("migration", 24, "moved")
    assert exempel.rows("SELECT kind, summary, pages FROM events_by_site") == [("migration", "moved", 24)]
    assert len([c for c in exempel.changes() if "disappearance" in c["classes"]]) == 1
    moved = {(c["url"], c["revision"]) for c in exempel.changes(event=told["event"]["event_id"])}
    assert len(moved) == 24


def test_a_rebuild_finds_the_same_moves(exempel: Town) -> None:
    _stand(exempel, {f"/gammal/{n}": n for n in range(24)} | {"/policy": 90})
    exempel.crawl()
    _stand(exempel, {f"/ny/{n}": n for n in range(24)} | {"/policy": 90})
    for n in range(24):
        exempel.site.gone(f"/gammal/{n}", 410)
    _days(exempel)
    _stand(exempel, {f"/ny/{n}": n for n in range(24)} | {"/styrande/policy": 90})
    exempel.site.gone("/policy")
    _days(exempel)
    before = exempel.rows(TOLD)
    assert sum(row[1] == "move" for row in before) == 25

    exempel.rebuild()

    assert exempel.rows(TOLD) == before
