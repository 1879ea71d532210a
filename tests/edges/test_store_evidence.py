import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace

import pytest
from store_town import DAY_ONE, START, Town, day, source

from archiver import proof
from archiver.errors import NotFound, StoreError
from archiver.model import Failure, Response
from archiver.store import evidence, unread
from archiver.store.evidence import Visit
from archiver.store.times import to_text


def stored(town: Town, capture_id: int) -> dict[str, object]:
    return dict(town.archive.reader.execute("SELECT * FROM captures WHERE id = ?", (capture_id,)).fetchone())


def count(town: Town, table: str) -> int:
    return int(town.archive.reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_sources_names_follow_its_file_and_its_first_day_stays(town: Town) -> None:
    town.archive.write(lambda c: evidence.add_source(c, source(municipality="Nyköping-Exempel"), day(9)))
    row = town.archive.reader.execute("SELECT municipality, added_at FROM sources").fetchone()
    assert tuple(row) == ("Nyköping-Exempel", "2026-03-01T12:00:00Z")


def test_a_new_address_is_due_at_once(town: Town) -> None:
    address = town.address("kommun#del", depth=2)
    assert (address.url, address.key, address.host) == (START + "kommun", START + "kommun", "www.exempelkoping.se")
    row = town.archive.reader.execute("SELECT source_id, host, rank, due_at FROM frontier").fetchone()
    assert tuple(row) == ("exempelkoping", "www.exempelkoping.se", 4, "2026-03-01T12:00:00Z")


@pytest.mark.parametrize("again", ["kommun", "kommun#annan", "kommun?utm_source=x", "%6bommun"])
def test_an_address_with_a_known_key_is_not_added(town: Town, again: str) -> None:
    town.address("kommun")
    assert (
        town.archive.write(lambda c: evidence.add_address(c, "exempelkoping", START + again, "page", 1, None, DAY_ONE))
        is None
    )


def test_what_is_no_url_becomes_no_address(town: Town) -> None:
    added = town.archive.write(lambda c: evidence.add_address(c, "exempelkoping", "http://[", "page", 1, None, DAY_ONE))
    assert added is None


def test_an_address_is_found_by_any_form_of_its_url(town: Town) -> None:
    address = town.address("kommun")
    assert evidence.find_address(town.archive.reader, "HTTPS://WWW.exempelkoping.se:443/kommun?fbclid=1#x") == address
    assert evidence.find_address(town.archive.reader, START + "annat") is None
    assert evidence.address(town.archive.reader, address.id) == address
    with pytest.raises(NotFound):
        evidence.address(town.archive.reader, 99)


def test_a_capture_says_what_came_back(town: Town) -> None:
    address = town.address()
    capture = town.capture(address, b"<h1>Hej</h1>", 1)
    assert (capture.address, capture.at, capture.outcome, capture.status) == (address, DAY_ONE, "ok", 200)
    assert (capture.content_type, capture.body_id) == ("text/html; charset=utf-8", 1)
    assert evidence.capture(town.archive.reader, capture.id) == capture
    row = stored(town, capture.id)
    assert row["elapsed_ms"] == 250
    assert json.loads(str(row["peer"])) == {"ip": "192.0.2.1", "certificate": None}
    assert row["robots"] == "allow: no rule"


def test_the_leaf_is_the_digest_of_the_row(town: Town) -> None:
    address = town.address()
    capture = town.capture(address, b"<h1>Hej</h1>", 1)
    headers, body = (
        town.archive.reader.execute(f"SELECT sha256 FROM {table}").fetchone()[0] for table in ("headers", "bodies")
    )
    assert capture.leaf == proof.leaf(
        {
            "id": 1, "url": START, "run_id": 1, "captured_at": "2026-03-01T12:00:00Z", "outcome": "ok", "status": 200,
            "headers": headers, "volatile": '["Sun, 01 Mar 2026 12:00:00 GMT","\\"abc\\""]',
            "content_type": "text/html; charset=utf-8", "body": [body, 12, "html", 1], "elapsed_ms": 250,
            "peer": '{"certificate":null,"ip":"192.0.2.1"}', "robots": "allow: no rule",
        }
    )  # fmt: skip


def test_headers_that_differ_in_volatile_values_only_are_shared_and_lose_nothing(town: Town) -> None:
    address = town.address()
    first = town.visit(address, b"a", 1)
    reply = first.reply
    assert isinstance(reply, Response)
    later = replace(reply, at=day(2), headers=(("Date", "Mon"), *reply.headers[1:3], ("ETag", '"def"')))
    town.archive.write(lambda c: evidence.add_capture(c, first))
    town.archive.write(lambda c: evidence.add_capture(c, replace(first, reply=later)))
    assert count(town, "headers") == 1
    content = json.loads(town.archive.reader.execute("SELECT content FROM headers").fetchone()[0])
    assert content == [
        ["Date", None],
        ["Content-Type", "text/html; charset=utf-8"],
        ["Server", "nginx"],
        ["ETag", None],
    ]
    assert json.loads(str(stored(town, 2)["volatile"])) == ["Mon", '"def"']


@pytest.mark.parametrize(
    ("name", "value", "volatile"),
    [
        ("age", "3", True), ("X-Cache-Hits", "1", True), ("x-amz-id-2", "q", True), ("SET-COOKIE", "a=b", True),
        ("Content-Security-Policy", "script-src 'nonce-abc'", True), ("Content-Security-Policy", "default-src", False),
        ("Content-Type", "text/html", False), ("Vary", "Cookie", False), ("Dated", "x", False), ("Nelly", "x", False),
    ],
)  # fmt: skip
def test_which_headers_are_volatile(town: Town, name: str, value: str, volatile: bool) -> None:
    visit = town.visit(town.address(), b"", 1)
    reply = Response(START, DAY_ONE, 200, ((name, value),), b"")
    town.archive.write(lambda c: evidence.add_capture(c, replace(visit, reply=reply)))
    assert json.loads(town.archive.reader.execute("SELECT content FROM headers").fetchone()[0]) == [
        [name, None if volatile else value]
    ]


def test_a_304_stands_for_the_body_before(town: Town) -> None:
    address = town.address()
    first = town.capture(address, b"a", 1)
    same = town.capture(address, b"", 2, 304, same_as=first.body_id, body_kind=None)
    assert (same.outcome, same.body_id, same.body_sha256) == ("same", first.body_id, first.body_sha256)


def test_a_later_body_is_packed_against_the_frontiers_good_one(town: Town) -> None:
    address = town.address()
    good = b"".join(b"<p>%d</p>" % n for n in range(300))
    first = town.capture(address, good, 1)
    town.capture(address, b"<h1>Are you human?</h1>" * 10, 2, 403)
    town.archive.write(
        lambda c: c.execute("UPDATE frontier SET body_id = ? WHERE address_id = ?", (first.body_id, address.id))
    )
    third = town.capture(address, good + b"<p>nytt</p>", 3)
    base = town.archive.reader.execute("SELECT base_id FROM bodies WHERE id = ?", (third.body_id,)).fetchone()[0]
    assert base == first.body_id


def test_an_empty_answer_that_is_no_page_keeps_no_body(town: Town) -> None:
    moved = town.capture(town.address(), b"", 1, 301, location=START + "ny")
    assert (moved.outcome, moved.location, moved.body_id) == ("moved", START + "ny", None)
    assert town.capture(town.address(), b"", 2).body_id is not None


def test_a_failure_and_a_bar_are_captures_too(town: Town) -> None:
    failed, barred = town.fail(town.address(), 1), town.fail(town.address(), 2, "robots")
    assert (failed.outcome, failed.failure, failed.status, failed.body_id) == ("failed", "timeout", None, None)
    assert (barred.outcome, barred.failure) == ("barred", "robots")
    assert stored(town, failed.id)["detail"] == "no answer in 30 s"


def test_two_captures_of_one_address_in_one_second_are_refused_in_words(town: Town) -> None:
    town.capture(town.address(), b"a", 1)
    with pytest.raises(StoreError, match="captured at 2026-03-01T12:00:00Z already"):
        town.capture(town.address(), b"b", 1)
    assert count(town, "captures") == 1
    assert count(town, "bodies") == 1


def test_captures_of_addresses_come_in_the_order_of_time(town: Town) -> None:
    one, other = town.address("a"), town.address("b")
    for address, on in ((one, 5), (other, 4), (one, 1), (other, 2)):
        town.capture(address, b"x%d" % on, on)
    found = evidence.captures_of(town.archive.reader, [other.id, one.id, one.id])
    assert [c.at for c in found] == [day(1), day(2), day(4), day(5)]
    assert [c.at for c in evidence.captures_of(town.archive.reader, [other.id])] == [day(2), day(4)]


def test_all_captures_of_a_source_wait_in_the_order_of_time(town: Town) -> None:
    for on in range(600, 0, -1):
        town.fail(town.address("a" if on % 2 else "b"), on)
    town.archive.write(lambda c: evidence.add_source(c, source("grannby", "Grannby", "9998"), DAY_ONE))
    town.archive.write(lambda c: unread.note_source(c, "exempelkoping"))
    found = unread.waiting(town.archive.reader, "exempelkoping")
    assert [evidence.capture(town.archive.reader, i).at for i in found] == [day(n) for n in range(1, 601)]
    assert unread.waiting(town.archive.reader, "grannby") == []


@pytest.mark.parametrize("ask", [unread.waiting, unread.first_at, unread.widen])
def test_what_is_unread_is_looked_for_on_its_short_list_and_not_in_all_that_was_captured(
    town: Town, ask: Callable[[sqlite3.Connection, str], object]
) -> None:
    conn, said = town.archive.reader, list[str]()
    conn.set_trace_callback(said.append)
    ask(conn, "exempelkoping")
    conn.set_trace_callback(None)

    plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {said[0]}")]
    assert next(step for step in plan if step.startswith(("SCAN", "SEARCH"))).startswith(("SCAN u", "SEARCH u"))


@pytest.mark.parametrize(
    "statement", ["UPDATE captures SET status = 404", "DELETE FROM captures", "DELETE FROM bodies"]
)
def test_evidence_is_never_changed(town: Town, statement: str) -> None:
    town.capture(town.address(), b"a", 1)
    with pytest.raises(sqlite3.IntegrityError):
        town.archive.write(lambda c: c.execute(statement))


def test_a_finished_run_is_sealed_and_takes_no_more(town: Town) -> None:
    captures = [town.capture(town.address(), b"%d" % n, n) for n in (1, 2, 3)]
    town.finish(4)
    seal = town.archive.reader.execute("SELECT * FROM seals").fetchone()
    assert (seal["run_id"], seal["captures"]) == (town.run, 3)
    assert seal["root"] == proof.root([c.leaf for c in captures])
    with pytest.raises(sqlite3.IntegrityError, match="sealed"):
        town.capture(town.address(), b"late", 5)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        town.finish(6)


def test_runs_that_crashed_are_sealed_at_the_next_start(town: Town) -> None:
    town.capture(town.address(), b"a", 1)
    other = town.begin(2)
    assert town.archive.write(lambda c: evidence.finish_crashed(c, day(3), "grannby")) == []
    assert town.archive.write(lambda c: evidence.finish_crashed(c, day(3))) == [town.run, other]
    rows = town.archive.reader.execute("SELECT ending FROM runs JOIN seals ON run_id = runs.id").fetchall()
    assert [row[0] for row in rows] == ["crashed", "crashed"]
    assert town.archive.write(lambda c: evidence.finish_crashed(c, day(3))) == []


def test_a_run_ends_no_sooner_than_its_last_capture_though_the_clock_was_set_back(town: Town) -> None:
    town.capture(town.address(), b"a", 9)
    town.archive.write(lambda c: evidence.finish_crashed(c, day(3)))
    other = town.begin(7)
    town.archive.write(lambda c: evidence.finish_run(c, other, day(4), "done"))
    rows = town.archive.reader.execute(
        "SELECT finished_at, sealed_at FROM runs JOIN seals ON run_id = runs.id ORDER BY runs.id"
    )
    assert [tuple(row) for row in rows] == [(to_text(day(at)), to_text(day(at))) for at in (9, 7)]


def test_each_seal_follows_from_the_one_before(town: Town) -> None:
    town.finish(1)
    town.run = town.begin(2)
    town.finish(2)
    first, second = town.archive.reader.execute("SELECT * FROM seals ORDER BY id").fetchall()
    assert first["root"] == second["root"]
    assert first["chain"] != second["chain"]


def test_a_detail_that_is_no_text_does_not_lose_the_capture(town: Town) -> None:
    reply = Failure(START, day(1), "decoding", "bad byte \udcff")
    visit = Visit(town.address(), town.run, reply, "failed", None, "allow: no rule", None, None)
    capture = town.archive.write(lambda c: evidence.add_capture(c, visit))
    assert stored(town, capture.id)["detail"] == "bad byte ?"
