"""Which changes of one crawl are one thing that happened to many pages."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.diff.fold import Event, Trace, events

NEW, OLD = ("added", "0999-543 21", "a", "b"), ("removed", "0999-123 45", "a", "b")
OWN = ("added", "inte", "c", "d")


def trace(number: int, *hunks: object, kinds: str = "text", **also: object) -> Trace:
    return Trace(number, number, frozenset(kinds.split()), frozenset(hunks), **also)  # type: ignore[arg-type]


def found(traces: list[Trace], seen: int = 20, **dated: int) -> list[Event]:
    return events(traces, seen=seen, dated=Counter(dated))


def test_the_same_hunks_on_five_pages_are_one_event_and_on_four_are_none() -> None:
    same = [trace(n, NEW, OLD) for n in range(5)]
    assert [(e.kind, e.members, e.pages, e.seen) for e in found(same)] == [("site-wide", (0, 1, 2, 3, 4), 5, 20)]
    assert found(same[:4]) == []


def test_a_page_that_changed_twice_is_one_page() -> None:
    again = [trace(n, NEW) for n in range(4)] + [Trace(9, 3, frozenset({"text"}), frozenset({NEW}))]
    assert found(again) == []
    [event] = found([*again, trace(5, NEW)])
    assert (event.members, event.pages) == ((0, 1, 2, 3, 5, 9), 5)


def test_five_pages_of_very_many_are_not_a_site() -> None:
    same = [trace(n, NEW) for n in range(5)]
    assert found(same, seen=101) == []
    assert len(found(same, seen=100)) == 1


def test_a_page_with_an_edit_of_its_own_beside_is_not_folded() -> None:
    [event] = found([*(trace(n, NEW) for n in range(5)), trace(9, NEW, OWN)])
    assert 9 not in event.members


@pytest.mark.parametrize("kind", ["title", "responsible", "payload", "state", "personnel"])
def test_a_change_of_another_kind_is_the_pages_own(kind: str) -> None:
    assert found([trace(n, NEW, kinds=f"text {kind}") for n in range(9)]) == []


def test_changes_that_share_a_hunk_are_one_event_and_others_are_another() -> None:
    both, one = [trace(n, NEW, OLD) for n in range(5)], [trace(n, OLD) for n in range(5, 7)]
    other = [trace(n, ("moved", "Meny", "x", "x")) for n in range(10, 15)]
    assert sorted(e.pages for e in found([*both, *one, *other])) == [5, 7]


def test_a_page_visited_late_joins_what_is_known_if_it_has_nothing_else() -> None:
    known = {7: frozenset({NEW, OLD})}
    late = events([trace(1, NEW, OLD), trace(2, NEW, OWN)], seen=20, dated=Counter(), known=known)
    assert [(e.joins, e.members) for e in late] == [(7, (1,))]


def test_a_day_on_twenty_pages_and_a_tenth_of_the_dated_is_a_stamp() -> None:
    stamped = [trace(n, kinds="updated", stamps=(("updated", "2026-03-03"),)) for n in range(20)]
    edited = trace(30, OWN, kinds="text updated", stamps=(("updated", "2026-03-03"),))
    [event] = found([*stamped, edited], updated=210)
    assert (event.kind, event.key, event.pages, event.seen) == ("bulk-stamp", "updated 2026-03-03", 21, 210)
    assert event.folded == frozenset(range(20))
    assert found([*stamped, edited], updated=211) == []
    assert found(stamped[:19], updated=19) == []


@pytest.mark.parametrize("how", ["gone", "moved"])
def test_many_that_go_at_once_are_a_migration(how: str) -> None:
    gone = [trace(n, kinds="state", left=how) for n in range(20)]
    assert [(e.kind, e.key, e.pages) for e in found(gone, seen=200)] == [("migration", how, 20)]
    assert found(gone, seen=201) == []


TRACES = st.lists(st.frozensets(st.sampled_from([NEW, OLD, OWN]), max_size=2), max_size=14).map(
    lambda all_hunks: [trace(n, *hunks) for n, hunks in enumerate(all_hunks)]
)


@given(TRACES, st.randoms())
def test_events_do_not_depend_on_the_order_of_the_pages(traces: list[Trace], chance: object) -> None:
    shuffled = list(traces)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found(traces) == found(shuffled)


@given(TRACES)
def test_a_change_is_in_one_site_wide_event_at_most_and_all_its_hunks_are_shared(traces: list[Trace]) -> None:
    members = [m for e in found(traces) for m in e.members]
    assert len(members) == len(set(members))
    shared = Counter(h for t in traces for h in t.hunks)
    assert all(shared[h] >= 5 for t in traces if t.revision_id in members for h in t.hunks)
