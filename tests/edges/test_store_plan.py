import re
import sqlite3
from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from store_town import DAY_ONE, START, Town, day, source

from archiver.model import Response
from archiver.store import evidence, health, hosts, plan
from archiver.store.hosts import HostState
from archiver.store.times import to_text

WEEK = 7 * 86_400.0


def find_due(town: Town, now: int, skip: Collection[int] = ()) -> list[plan.Due]:
    conn = town.archive.reader
    lanes = plan.lanes_due(conn, "exempelkoping", day(now))
    queues = [plan.queue(conn, "exempelkoping", lane, day(now), rhythm=WEEK, skip=skip) for lane in lanes]
    return [due for ids in queues for due in plan.due_among(conn, ids, day(now))]


def due_paths(town: Town, now: int, skip: Collection[int] = ()) -> list[str]:
    return [d.address.url.removeprefix(START) for d in find_due(town, now, skip)]


def set_due(town: Town, path: str, on: int | None, **fields: object) -> None:
    row = {"failures": 0, "unchanged": 0, "body_id": None, "etag": None, "last_modified": None, "span": None} | fields
    row |= {"due_at": None if on is None else to_text(day(on)), "address_id": town.address(path).id}
    town.archive.write(
        lambda c: (
            c.execute(
                """UPDATE frontier SET due_at = :due_at, failures = :failures, unchanged = :unchanged,
                 body_id = :body_id, etag = :etag, last_modified = :last_modified,
                 span = :span WHERE address_id = :address_id""",
                row,
            ).rowcount
        )
    )


def test_what_was_asked_is_the_base_of_the_next_question_until_its_reading_says_better(town: Town) -> None:
    address = town.address("a")
    due = plan.due_address(town.archive.reader, address.id, day(2))
    reply = Response(address.url, day(2), 200, (("ETag", '"e"'), ("Last-Modified", "Sun")), b"x")
    capture = town.capture(address, b"x", 2)

    town.archive.write(lambda c: plan.asked(c, capture, due, reply, rhythm=86_400))

    (later,) = find_due(town, 3)
    assert (later.due_at, later.body_id) == (day(3), capture.body_id)
    assert (later.etag, later.last_modified) == ('"e"', "Sun")
    town.archive.write(
        lambda c: plan.reschedule(c, address.id, due_at=day(5), failures=1, unchanged=2, validators=False)
    )
    (better,) = find_due(town, 5)
    assert (better.due_at, better.failures, better.unchanged, better.etag) == (day(5), 1, 2, None)


def test_robots_sitemaps_feeds_and_seeds_come_first_then_what_has_waited_for_the_most_of_its_spans(town: Town) -> None:
    town.address("seed")
    town.address("veckovis", depth=1)
    town.address("dagligen", depth=3)
    town.address("feed", "feed", depth=3)
    town.address("sitemap.xml", "sitemap", depth=2)
    town.address("robots.txt", "robots", depth=9)
    set_due(town, "seed", 9)
    set_due(town, "veckovis", 2, span=7 * 86_400.0)
    set_due(town, "dagligen", 8, span=86_400.0)
    assert due_paths(town, 9) == ["robots.txt", "feed", "sitemap.xml", "seed", "veckovis", "dagligen"]
    set_due(town, "dagligen", 7, span=86_400.0)
    assert due_paths(town, 9)[4:] == ["dagligen", "veckovis"]


def test_what_was_never_seen_comes_in_the_order_in_which_it_was_found_the_shallow_first(town: Town) -> None:
    town.address("djup", depth=4)
    town.address("sen", depth=1)
    town.address("tidig", depth=2)
    set_due(town, "djup", 3)
    set_due(town, "sen", 3)
    set_due(town, "tidig", 2)
    assert due_paths(town, 5) == ["tidig", "sen", "djup"]


def test_what_is_later_retired_or_under_way_is_left_out(town: Town) -> None:
    for path in ("nu", "sedan", "aldrig", "på-väg"):
        town.address(path)
    set_due(town, "sedan", 3)
    set_due(town, "aldrig", None)
    assert due_paths(town, 2, skip={town.address("på-väg").id}) == ["nu"]


def test_a_lane_is_a_host(town: Town) -> None:
    town.address("a")
    other = "https://moten.exempelkoping.se/b"
    town.archive.write(lambda c: evidence.add_address(c, "exempelkoping", other, "page", 0, None, DAY_ONE))
    lanes = ["moten.exempelkoping.se", "www.exempelkoping.se"]
    assert plan.lanes_due(town.archive.reader, "exempelkoping", day(2)) == lanes
    assert due_paths(town, 2) == [other, "a"]
    set_due(town, "a", 5)
    assert plan.lanes_due(town.archive.reader, "exempelkoping", day(2)) == ["moten.exempelkoping.se"]


def test_due_says_what_earlier_visits_taught(town: Town) -> None:
    body = town.capture(town.address("a"), b"x", 1).body_id
    town.fail(town.address("a"), 2)
    set_due(town, "a", 3, failures=1, unchanged=4, body_id=body, etag='"e"', last_modified="Sun")
    (due,) = find_due(town, 3)
    assert (due.due_at, due.failures, due.unchanged, due.body_id) == (day(3), 1, 4, body)
    assert (due.etag, due.last_modified, due.last_asked, due.asked) == ('"e"', "Sun", day(2), 2)


def test_an_address_never_asked_says_so(town: Town) -> None:
    town.address("a")
    (due,) = find_due(town, 3)
    assert (due.last_asked, due.asked, due.body_id) == (None, 0, None)


def test_what_is_due_of_a_source_is_counted_and_since_when(town: Town) -> None:
    town.archive.write(lambda c: evidence.add_source(c, source("grannby", "Grannby", "9998"), DAY_ONE))
    for path in "abc":
        town.address(path)
    set_due(town, "c", 9)
    set_due(town, "b", 2)
    assert plan.sources_due(town.archive.reader, day(3)) == {"exempelkoping": plan.Waiting(2, DAY_ONE)}
    assert plan.sources_due(town.archive.reader, DAY_ONE - timedelta(days=1)) == {}


def test_what_comes_later_can_be_brought_forward_and_what_is_retired_stays_so(town: Town) -> None:
    set_due(town, "sen", 9)
    set_due(town, "aldrig", None)
    set_due(town, "förfallen", 1)
    town.archive.write(lambda c: plan.make_due(c, "exempelkoping", day(3)))
    found = find_due(town, 3)
    assert [(d.address.url.removeprefix(START), d.due_at) for d in found] == [
        ("f%C3%B6rfallen", day(1)),
        ("sen", day(3)),
    ]


def test_when_the_next_one_is_due(town: Town) -> None:
    assert plan.next_due_at(town.archive.reader, "exempelkoping") is None
    set_due(town, "a", 9)
    set_due(town, "b", 4)
    assert plan.next_due_at(town.archive.reader, "exempelkoping") == day(4)


def test_what_is_due_of_a_host_that_is_left_alone_is_next_when_the_host_may_be_asked(town: Town) -> None:
    set_due(town, "a", 2)
    set_due(town, "b", 6)
    for until, expected in ((None, day(2)), (day(1), day(2)), (day(4), day(4)), (day(9), day(9))):
        state = HostState("www.exempelkoping.se", day(1), 5.0, until)
        town.archive.write(lambda c, state=state: hosts.save_host(c, state))
        assert plan.next_due_at(town.archive.reader, "exempelkoping") == expected, until
        told = health.of_source(town.archive.reader, "exempelkoping", day(3))
        assert (told["next_due"], told["paused"]) == (to_text(expected), int(until in (day(4), day(9))))


def test_politeness_survives_a_restart(town: Town) -> None:
    state = HostState("www.exempelkoping.se", day(1), 7.25, day(2), 3, "127.0.0.1")
    assert hosts.host_state(town.archive.reader, state.host) is None
    for saved in (HostState(state.host, day(1), 5.0), state):
        town.archive.write(lambda c, saved=saved: hosts.save_host(c, saved))
        assert hosts.host_state(town.archive.reader, state.host) == saved


@pytest.mark.parametrize(
    "ask",
    [
        lambda conn: plan.lanes_due(conn, "exempelkoping", day(2)),
        lambda conn: plan.queue(conn, "exempelkoping", "www.exempelkoping.se", day(2), rhythm=WEEK),
        lambda conn: plan.next_due_at(conn, "exempelkoping"),
    ],
    ids=["lanes", "queue", "next"],
)
def test_what_is_next_is_answered_from_the_index(town: Town, ask: Callable[[sqlite3.Connection], object]) -> None:
    conn, said = town.archive.reader, list[str]()
    conn.set_trace_callback(said.append)
    ask(conn)
    conn.set_trace_callback(None)

    steps = [step["detail"] for step in conn.execute(f"EXPLAIN QUERY PLAN {said[0]}")]
    looked = [step for step in steps if re.match(r"(SCAN|SEARCH) (f|frontier)\b", step)]
    assert looked
    assert all("frontier_due (source_id=?" in step for step in looked), looked
