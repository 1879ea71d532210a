"""A year of a handful of municipalities in seconds: what was done to them is what is told, and no more."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from benchmarks.year import Size, quietest

import year
from script import ACTS, EVERY, SLOT, SPREAD, Town, slot, unannounced
from year import Lived, Log

TOWNS, PAGES = 5, 5  # as many towns as there are fates: each befalls one


@dataclass
class Year:
    """A year, what its archive tells, and what it tells once everything was read anew."""

    lived: Lived
    log: Log
    again: Log
    sizes: list[int] = field(default_factory=list)  # bytes, week by week

    def town(self, what: str) -> Town:
        """The first town that this befell."""
        return next(t for t in self.lived.towns if what in {x.what for x in (*t.troubles, *t.turned)})


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """The year, lived once for all tests."""
    sizes: list[int] = []
    with year.live(tmp_path_factory.mktemp("year"), TOWNS, PAGES, look=lambda a: sizes.append(_bytes(a))) as found:
        log = found.log()
        found.rebuild()
        yield Year(found, log, found.log(), sizes)


def _bytes(archive) -> int:
    return int(archive.reader.execute("PRAGMA page_count").fetchone()[0])


def test_the_log_of_changes_is_the_truth_page_by_page_and_in_order(lived: Year) -> None:
    assert year.differences(lived.lived.towns, lived.log) == []


def test_every_sort_of_act_was_done_and_told(lived: Year) -> None:
    told = {classes for changes in lived.log.changes.values() for classes in changes}
    assert told == {act.tells for act in ACTS.values()}
    assert sum(map(len, lived.log.changes.values())) > 200


def test_a_migration_is_told_once_and_no_page_of_it_as_having_disappeared(lived: Year) -> None:
    town = lived.town("move")
    ((kind, pages),) = lived.log.events[town.host]
    assert (kind, pages) == ("migration", lived.log.folded["migration"])
    assert pages >= 20


def test_a_line_on_every_page_is_told_once_each_time(lived: Year) -> None:
    events = lived.log.events[lived.town("line 0").host]
    assert [kind for kind, _ in events] == ["site-wide", "site-wide"]
    assert sum(pages for _, pages in events) == lived.log.folded["site-wide"]


def test_a_site_that_does_not_answer_is_told_once_and_as_what_it_is(lived: Year) -> None:
    silences = {town.host: _silences(lived.log, town) for town in lived.lived.towns}
    kinds = {"timeout": "timeout", "closed": "robots", "tls": "tls", "dead": "dns"}
    assert {lived.town(what).host: [why] for what, why in kinds.items()} == {h: s for h, s in silences.items() if s}


def _silences(log: Log, town: Town) -> list[str]:
    found = log.issues.get(town.host, Counter())
    return [issue.about for issue in found.elements() if issue.kind == "source-silent"]


def test_nothing_is_said_to_be_gone_but_what_was_taken_away(lived: Year) -> None:
    rows = lived.lived.archive.reader.execute(
        """SELECT count(*) FROM disappearances d JOIN pages p ON p.id = d.page_id
           WHERE d.sign <> 'moved' AND p.kind <> 'robots'"""
    )
    gone = sum(classes == "disappearance" for town in lived.lived.towns for c in town.changes.values() for classes in c)
    assert rows.fetchone()[0] == gone > 0


def test_our_own_new_rules_were_in_force_and_are_told_nowhere(lived: Year) -> None:
    row = lived.lived.archive.reader.execute
    assert row("SELECT count(DISTINCT reader) FROM rules").fetchone()[0] == 2
    assert row("SELECT count(*) FROM current_pages WHERE reviewed = '2025-10-01'").fetchone()[0] > TOWNS
    assert row("SELECT count(*) FROM page_changes WHERE instr(kinds, 'reviewed') > 0").fetchone()[0] == 0


def test_everything_read_anew_gives_the_same_log(lived: Year) -> None:
    assert lived.again == lived.log


def test_no_host_was_asked_too_soon_too_often_in_quiet_hours_or_against_its_robots_txt(lived: Year) -> None:
    network = lived.lived.network
    assert network.wrong == []
    assert network.asked > 1_000 * TOWNS
    assert max(network.days.values()) == year.BUDGET  # it was a bound
    assert set(network.hours) == set(range(24)) - {1, 2, 3, 4}


def test_the_archive_does_not_grow_faster_towards_the_end_of_the_year(lived: Year) -> None:
    weeks = lived.sizes
    third, last = (weeks[begin + 13] - weeks[begin] for begin in (25, 38))
    assert last <= 1.5 * third


def test_acts_on_one_page_lie_further_apart_than_visits_do() -> None:
    from archiver.frontier.rhythm import LONGEST

    assert SLOT - SPREAD > LONGEST * EVERY * 1.1 + 2 * year.TICK / 86_400


def test_what_a_visit_costs_that_shows_nothing_new_is_found_from_how_the_archive_grew() -> None:
    assert quietest([Size(0, 0, 0), Size(9_000, 10, 5), Size(13_000, 20, 14), Size(20_000, 30, 20)]) == 400.0


def test_a_site_that_moves_without_redirects_is_told_to_have_moved(tmp_path: Path) -> None:
    with year.live(tmp_path, 1, PAGES, days=slot(2) - 1, fates=[unannounced]) as found:
        (town,), log = found.towns, found.log()
        assert (log.changes, log.events[town.host]) == (town.changes, town.events)
        row = found.archive.reader.execute("SELECT count(*) FROM change_classes WHERE class = 'move'")
        assert [("migration", row.fetchone()[0])] == town.events
        half_way = {"duplicate-suspected", "source-silent"}  # some pages seen at both places; nothing but old ones due
        assert {issue.kind for issue in log.issues.get(town.host, ())} <= half_way
