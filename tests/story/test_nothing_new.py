"""A visit that shows nothing new: no reader, no look at its links, one errand; and evidence first all the same."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from archive import Town
from archiver.crawl.admit import Admission
from archiver.derive import Deriver
from archiver.errors import StoreError
from archiver.model import Capture, Link, Role
from archiver.store import evidence
from pretend import page


def _begin(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/riktlinjer", "Riktlinjer"), ("/avgifter", "Avgifter")])
    exempel.site["/riktlinjer"] = page("Riktlinjer", "Högst 450 kronor per person.")
    exempel.site["/avgifter"] = page("Avgifter", "En avgift.")
    exempel.crawl()


def _looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links that are looked at from now on."""
    seen: list[str] = []
    fresh = Admission._fresh

    def watched(self: Admission, capture: Capture, found: Iterable[Link]) -> Iterator[tuple[str, Role, int]]:
        for one in fresh(self, capture, found):
            seen.append(one[0])
            yield one

    monkeypatch.setattr(Admission, "_fresh", watched)
    return seen


def test_pages_that_are_as_they_were_are_neither_read_nor_searched_for_links(
    exempel: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(exempel)
    read, seen = exempel.pool.count, _looked_at(monkeypatch)

    tally = exempel.day()

    assert (tally.unchanged, exempel.pool.count, seen) == (3, read, [])
    assert exempel.rows("SELECT visits FROM revisions r JOIN pages p ON p.id = r.page_id WHERE p.kind = 'page'") == [
        (2,), (2,), (2,),
    ]  # fmt: skip
    assert exempel.rows("SELECT count(*) FROM unread") == [(0,)]


def test_a_scope_that_has_become_wider_is_applied_to_pages_that_are_as_they_were(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/riktlinjer", "Riktlinjer"), ("/avgifter", "Avgifter")])
    exempel.site["/riktlinjer"] = page("Riktlinjer", "Högst 450 kronor per person.")
    exempel.site["/avgifter"] = page("Avgifter", "En avgift.")
    wide = exempel.source
    exempel.source = replace(wide, scope=replace(wide.scope, exclude=("/avgifter",)))
    exempel.crawl()
    assert exempel.history("/riktlinjer")
    assert exempel.rows("SELECT count(*) FROM addresses WHERE url LIKE '%avgifter'") == [(0,)]
    exempel.source = wide

    exempel.day()

    assert [h["state"] for h in exempel.history("/avgifter")] == ["present"]


def test_a_scope_that_has_become_narrower_holds_for_addresses_that_belonged(exempel: Town) -> None:
    _begin(exempel)
    exempel.source = replace(exempel.source, scope=replace(exempel.source.scope, exclude=("/avgifter",)))

    exempel.day()

    captures = "SELECT count(*) FROM captures c JOIN addresses a ON a.id = c.address_id WHERE a.url LIKE '%' || ?"
    assert (exempel.rows(captures, "/avgifter"), exempel.rows(captures, "/riktlinjer")) == ([(1,)], [(2,)])


def test_a_bug_in_what_is_concluded_costs_no_capture(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    _begin(exempel)
    record = Deriver._record

    def broken(self: Deriver, conn: Any, read: Any, also: Any) -> Any:
        derived = record(self, conn, read, also)
        if read.capture.address.url.endswith("/avgifter"):
            raise RuntimeError("made to fail by a test")
        return derived

    monkeypatch.setattr(Deriver, "_record", broken)
    tally = exempel.day()
    assert tally.errors == 1
    waiting = (
        "SELECT a.url FROM unread u JOIN captures c ON c.id = u.capture_id JOIN addresses a ON a.id = c.address_id"
    )
    assert exempel.rows(waiting) == [(exempel.site.url("/avgifter"),)]
    assert exempel.rows("SELECT count(*) FROM captures WHERE run_id = ?", tally.run_id)[0][0] >= 3
    monkeypatch.undo()

    exempel.day()

    assert exempel.rows(waiting) == []
    assert [h["visits"] for h in exempel.history("/avgifter")] == [3]


def test_what_the_gate_refused_is_not_read_again_while_nothing_else_is_known(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Välkommen.", links=[("/sida", "Sida")])
    exempel.site["/sida"] = page("Sidan kunde inte hittas", "Sidan kunde inte hittas.")
    exempel.crawl()
    assert exempel.rows("SELECT DISTINCT verdict FROM readings WHERE verdict <> 'good'") == [("soft-404",)]
    exempel.day()  # by now the same had come before: the gate is asked once more
    read = exempel.pool.count

    tally = exempel.day()

    assert (tally.set_aside, exempel.pool.count) == (1, read)
    verdicts = exempel.rows("SELECT verdict, count(*) FROM readings WHERE verdict <> 'good' GROUP BY 1")
    assert verdicts == [("soft-404", 3)]


def test_a_capture_that_waits_for_its_reader_is_not_overtaken(exempel: Town) -> None:
    _begin(exempel)
    [(address_id,)] = exempel.rows("SELECT id FROM addresses WHERE url LIKE '%/riktlinjer'")
    earlier = evidence.last_capture(exempel.archive.reader, address_id)
    assert earlier is not None
    exempel.archive.write(lambda c: c.execute("INSERT INTO unread (capture_id) VALUES (?)", (earlier.id,)))
    deriver = Deriver(exempel.archive, exempel.config, exempel.source, exempel.pool)  # type: ignore[arg-type]
    later = replace(earlier, id=earlier.id + 1000)

    done = exempel.archive.write(lambda c: deriver.derive_at_once(c, later, deriver.rules_at(later.at), steady=True))

    assert done is None


@pytest.mark.parametrize("words", ["ROLLBACK", "COMMIT"])
def test_a_fault_that_ends_the_transaction_of_what_is_concluded_costs_no_capture(
    exempel: Town, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    _begin(exempel)
    ((before,),) = exempel.rows("SELECT count(*) FROM captures")

    def ends(self: Deriver, conn: Any, capture: Any, *_: Any, **__: Any) -> None:
        conn.execute(words)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Deriver, "derive_at_once", ends)
        with pytest.raises(StoreError):
            exempel.day()

    ((after,),) = exempel.rows("SELECT count(*) FROM captures")
    assert after > before
    assert exempel.rows("SELECT count(*) > 0 FROM unread") == [(1,)]
    exempel.day()
    assert exempel.rows("SELECT count(*) FROM unread") == [(0,)]


def test_rules_that_cannot_be_had_cost_no_answer_that_came(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(self: Deriver, at: Any) -> Any:
        raise RuntimeError("no rules")

    exempel.site["/"] = page("Start", "Välkommen.")
    with monkeypatch.context() as patch:
        patch.setattr(Deriver, "rules_at", none)
        exempel.crawl()

    asked = {url for _, url in exempel.site.log}
    assert {
        row[0] for row in exempel.rows("SELECT a.url FROM captures c JOIN addresses a ON a.id = c.address_id")
    } == asked
    exempel.day()
    assert exempel.rows("SELECT title FROM current_pages") == [("Start",)]
