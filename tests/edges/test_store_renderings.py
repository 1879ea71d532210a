"""Renderings are evidence: kept beside what was sent, sealed with it, never altered; a flipped bit is found."""

import sqlite3
from dataclasses import replace

import pytest
from store_town import START, Town, day
from test_store_verify import tamper

from archiver import proof
from archiver.digests import sha256
from archiver.model import Rendered, Rendering
from archiver.store import bodies, evidence, leaves, redactions
from archiver.verify import verify

SHELL = b"<html><body><div id=app></div><script src=/app.js></script></body></html>" + b"<!-- mall -->" * 200
SHOWN = SHELL.replace(b"></div>", b"><p>Nytt m\xc3\xb6te den 4 maj.</p></div>")
DONE = Rendering("done", day(1), "Chromium 1.2.3", 1.25, SHOWN, None, 3)
LEFT = Rendering("left", day(2), "Chromium 1.2.3", 0.5, None, "the page wanted to go to https://x.example/", 1)


@pytest.fixture
def sealed(town: Town) -> Town:
    """Two captures of one shell: shown whole, and not at all; and one that no browser was asked about."""
    address = town.address("moten")
    town.capture(address, SHELL, 1, rendering=DONE)
    town.capture(address, SHELL, 2, rendering=LEFT)
    town.capture(town.address("a"), b"kort", 2)
    town.finish(3)
    assert list(verify(town.archive.reader)) == []
    return town


def test_a_capture_knows_what_was_made_of_it(sealed: Town) -> None:
    conn = sealed.archive.reader
    first, second, third = (evidence.capture(conn, number) for number in (1, 2, 3))
    assert first.rendering == Rendered("done", first.shown_id, sha256(SHOWN), None)
    assert (first.shown_sha256, first.body_sha256) == (sha256(SHOWN), sha256(SHELL))
    assert bodies.get(conn, first.shown_id or 0) == SHOWN
    assert bodies.get(conn, first.body_id or 0) == SHELL
    assert (second.rendering, second.shown_id) == (Rendered("left", None, None, LEFT.detail), None)
    assert (third.rendering, third.shown_id) == (None, third.body_id)


def test_a_rendering_is_packed_against_what_was_sent_and_the_next_against_it(sealed: Town) -> None:
    sealed.run = sealed.begin(4)
    sealed.capture(sealed.address("moten"), SHELL, 4, rendering=replace(DONE, body=SHOWN.replace(b"4 maj", b"11 maj")))
    rows = sealed.archive.reader.execute(
        "SELECT b.base_id IS NOT NULL FROM renderings m JOIN bodies b ON b.id = m.body_id ORDER BY m.capture_id"
    )
    assert [row[0] for row in rows] == [1, 1]


def test_a_capture_without_a_rendering_has_the_leaf_it_always_had(sealed: Town) -> None:
    conn = sealed.archive.reader
    row = dict(conn.execute("SELECT * FROM captures WHERE id = 3").fetchone())
    headers = conn.execute("SELECT id, sha256, NULL FROM headers WHERE id = ?", (row["headers_id"],)).fetchone()
    fields = leaves.fields(conn, row, START + "a", leaves.Headers(*headers), leaves.body_of(conn, row["body_id"]))
    assert fields.pop("rendering") is None
    assert proof.leaf(fields) == row["leaf"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("capture_id", "77"), ("body_id", "1"), ("rendered_at", "'2026-03-01T12:00:09Z'"), ("outcome", "'cut'"),
        ("detail", "'x'"), ("browser", "'Chromium 1.2.4'"), ("took_ms", "9"), ("requests", "4"),
    ],
)  # fmt: skip
def test_any_altered_cell_is_named(sealed: Town, column: str, value: str) -> None:
    problems = tamper(sealed, f"UPDATE renderings SET {column} = {value} WHERE capture_id = 1")
    assert any(p.startswith("capture 1 (") for p in problems), problems


def test_every_cell_is_tried(sealed: Town) -> None:
    columns = {row[1] for row in sealed.archive.reader.execute("PRAGMA table_info(renderings)")}
    assert columns == {"capture_id", "body_id", *leaves.RENDERED}


def test_a_rendering_taken_out_or_slipped_in_is_noticed(sealed: Town) -> None:
    assert any(p.startswith("capture 2 (") for p in tamper(sealed, "DELETE FROM renderings WHERE capture_id = 2"))
    slipped = """INSERT INTO renderings (capture_id, rendered_at, outcome, detail, browser, took_ms, requests)
                 VALUES (3, '2026-03-01T12:00:00Z', 'failed', 'x', '', 0, 0)"""
    assert any(p.startswith("capture 3 (") for p in tamper(sealed, slipped))


def test_a_flipped_byte_in_a_rendered_body_is_found(sealed: Town) -> None:
    shown = evidence.capture(sealed.archive.reader, 1).shown_id
    data = bytearray(sealed.archive.reader.execute("SELECT data FROM bodies WHERE id = ?", (shown,)).fetchone()[0])
    data[len(data) // 2] ^= 1
    problems = tamper(sealed, f"UPDATE bodies SET data = x'{data.hex()}' WHERE id = {shown}")
    assert any(p.startswith(f"body {shown} ") for p in problems), problems


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE renderings SET browser = 'x'", "never changed"),
        ("DELETE FROM renderings", "never deleted"),
        ("INSERT INTO renderings VALUES (3, NULL, '', 'failed', 'x', '', 0, 0)", "sealed"),
    ],
)
def test_the_file_refuses_what_no_evidence_bears(sealed: Town, statement: str, why: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=why):
        sealed.archive.write(lambda c: c.execute(statement))


def test_what_is_hidden_of_either_body_is_hidden(sealed: Town) -> None:
    conn = sealed.archive.reader
    capture = evidence.capture(conn, 1)
    for body_id in (capture.body_id, capture.shown_id):

        def hide(c: sqlite3.Connection, body_id: int | None = body_id) -> int:
            return redactions.add(
                c, body_id=body_id, address_id=None, span=None, level="hidden", reason="x", actor="y", at=day(5)
            )

        assert not redactions.hides_whole(conn, capture)
        number = sealed.archive.write(hide)
        assert redactions.hides_whole(conn, capture)
        sealed.archive.write(lambda c, number=number: redactions.lift(c, number, actor="y", at=day(6)))


def test_what_was_made_of_a_body_goes_with_it_and_the_log_says_why(sealed: Town) -> None:
    conn, capture = sealed.archive.reader, evidence.capture(sealed.archive.reader, 1)
    assert redactions.made_of(conn, capture.body_id or 0) == [capture.shown_id]
    assert redactions.bodies_of(conn, capture.address.id) == sorted([capture.body_id or 0, capture.shown_id or 0])

    def erase(c: sqlite3.Connection) -> None:
        for body_id in (capture.body_id, capture.shown_id):
            bodies.erase(c, body_id or 0)
        redactions.add(
            c, body_id=capture.body_id, address_id=None, span=None, level="erased", reason="x", actor="y", at=day(5)
        )

    sealed.archive.write(erase)
    assert list(verify(conn)) == []
