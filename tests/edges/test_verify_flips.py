"""A flipped bit anywhere in the file is found, or is proved to change nothing that is evidence.

The archive has rows in every table. Bits are flipped in every page of its file, and so in every table and index and in
every kind of page: leaves and inner pages of tables and of indexes, overflow, free pages. Where a flip is not found,
every table is read and compared with what it held: it is the same to the last cell, or only tables differ that no
evidence is in: the plan, and what a rebuild deletes and makes again (which is proved too).
"""

import os
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from store_town import Town, day, document

from archiver.errors import ArchiverError
from archiver.model import Change, Claim, Difference, Hunk, LinkEdit, PersonEdit, Rendering
from archiver.store import explained, logs, reader, redactions, remaking, upkeep
from archiver.verify import verify

FLIPS = int(os.environ.get("ARCHIVER_FLIPS", "2000"))
"""How many, shared out among the pages of the file."""
SHARES = 4
PLAN = {"frontier", "hosts", "rhythms", "unread", "unsettled"}
"""When addresses are due, how hosts are paced: altered in place, and no word about the past."""
MADE_AGAIN = {
    "pages", "page_addresses", "readings", "revisions", "absences", "events", "changes", "change_classes", "reasons",
    "hunks", "personnel", "link_changes", "notices", "notice_pages", "issues", "settled", "documents", "blocks",
    "links", "claims", "passages", "targets", "furniture", "word_forms",
}  # fmt: skip
"""What was read: a rebuild deletes all of it and makes it again from evidence (`test_a_rebuild_leaves_none_of_it`)."""
TOLD = {"alerts", "alert_runs", "alert_changes", "alert_messages"}
"""What people were told of, by numbers of captures: altered in place, and no word of a page."""
NO_WORD = {"sources", "made_with", "_sqlite_migrations", "redaction_hits", "stamps"}
"""Names of sources, which each crawl writes anew from their files; what the file was made with, and when it was brought
up to date; where a pattern was found, which a search finds again; stamps, whose tokens are signed by others, and are
compared where the library for it is there."""


CLAIM = Claim("updated", "label", "sv:x", None, "i går", None, None, "p", believed=False, doubt="relative")


COLUMNS = {"bodies": "id, sha256, size, kind, fate, base_id, chain"}
"""A body is what its frame unpacks to, which is hashed: a frame may say the same in other bits."""


@dataclass(frozen=True)
class File:
    """The archive as bytes, and every cell of it."""

    data: bytes
    cells: dict[str, list[tuple[object, ...]]]
    page: int


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three sealed runs, and something in every table."""
    chance = random.Random(3)
    with Town(tmp_path_factory.mktemp("flips") / "a.db") as town:
        for run in range(3):
            for number in range(6):
                address = town.address(f"sida/{number}")
                words = " ".join(chance.choice(["kommun", "nämnd", "taxa", "beslut"]) for _ in range(120))
                body = f"<p>{words} {run} {number}</p>".encode() + chance.randbytes(6000 if number == 5 else 0)
                shown = Rendering("done", day(run * 3 + 1), "Chromium 1", 0.1, body + b"!") if number == 4 else None
                capture = town.capture(address, body, run * 3 + 1, rendering=shown)
                page = town.page(address)
                now = document(words, title=f"Sida {number}", links=(f"https://x.example/{run}",))
                now = replace(now, claims=(CLAIM,))
                town.revise(page, capture, now, _change(words) if run else None)
            town.fail(town.address("borta"), run * 3 + 1)
            town.archive.write(_log)
            town.finish(run * 3 + 2)
            town.run = town.begin(run * 3 + 3) if run < 2 else 0
        town.archive.write(_rest)
        yield town


def _change(words: str) -> Change:
    return Change(
        (Difference("text", 1, 1, None, None, "a word"),), hunks=(Hunk("added", "taxa", None, words),),
        links=(LinkEdit("added", "link", "https://x.example/1", "Läs mer", None, None, None, None),),
        people=(PersonEdit("left", "N. N.", "ledamot", None, None),),
    )  # fmt: skip


def _log(conn: sqlite3.Connection) -> None:
    at = "2026-03-02T12:00:00Z"
    logs.add(conn, "patterns", {"kind": "regex", "text": "hemligt", "words": 0, "salt": ""})
    redactions.add(conn, pattern_id=1, level="hidden", reason="person", actor="keeper", at=day(2))
    logs.add(conn, "annotations", {"before": 1, "after": 2, "scheme": "s/1", "code": "c", "actor": "a", "acted_at": at})
    asked = {"received_at": at, "about": "sida/1", "asker": "N. N.", "ground": "person", "actor": "k", "noted_at": at}
    logs.add(conn, "takedowns", asked)
    logs.add(conn, "takedown_steps", {"takedown_id": 1, "step": "refused", "actor": "k", "acted_at": at})


def _rest(conn: sqlite3.Connection) -> None:
    """Rows of the tables that nothing above wrote to; and pages that are free again."""
    for statement in (
        "INSERT INTO issues (source_id, page_id, kind, detail) VALUES ('exempelkoping', 1, 'no-date', 'x')",
        "INSERT INTO redaction_hits VALUES (1, 1, 2)",
        "INSERT INTO furniture (sha256, content) VALUES (lower(hex(zeroblob(32))), '[]')",
        "INSERT INTO settled (run_id, furniture_id) VALUES (1, NULL)",
        "INSERT INTO unread VALUES (21)",
        """INSERT INTO hosts (host, next_at, delay_ms) VALUES ('www.exempelkoping.se', '2026-03-09T12:00:00Z', 5000)""",
        "INSERT INTO rhythms VALUES ('exempelkoping', 1, 1, 1, 1, 1, '2026-03-09T12:00:00Z')",
        """INSERT INTO events (source_id, kind, key, first_seen, last_seen, pages, summary)
           VALUES ('exempelkoping', 'site-wide', 'k', '2026-03-09T12:00:00Z', '2026-03-09T12:00:00Z', 2, 's')""",
        """INSERT INTO change_classes (revision_id, class, reason, event_id)
           SELECT max(id), 'edit', 'r', 1 FROM revisions""",
        "INSERT INTO reasons (revision_id, name, points, detail) SELECT max(id), 'n', 1, 'd' FROM revisions",
        """INSERT INTO absences (page_id, sign, state, first_missed, last_missed, misses)
           VALUES (1, '404', 'suspect', 1, 2, 2)""",
        """INSERT INTO notices (source_id, sha256, text, first_capture, last_capture, first_seen, last_seen)
           VALUES ('exempelkoping', lower(hex(zeroblob(32))), 'Obs', 1, 2, '2026-03-01', '2026-03-02')""",
        "INSERT INTO notice_pages VALUES (1, 1)",
        "INSERT INTO word_forms (word, stem) VALUES ('beslut', 'beslu')",
        "INSERT INTO alerts VALUES ('tyst', '2026-03-01T12:00:00Z', 1)",
        "INSERT INTO alert_runs VALUES ('tyst', 2)",
        "INSERT INTO alert_changes VALUES ('tyst', 9, 2, '2026-03-05T12:00:00Z', 1)",
        """INSERT INTO alert_messages (key, alert, batch, receiver, made_at, state, due_at)
           VALUES (lower(hex(zeroblob(32))), 'tyst', 1, 'mail 1f0c', '2026-03-05T12:00:00Z', 'sent', '2026-03-05')""",
        "CREATE TABLE passing (x)",
        "INSERT INTO passing SELECT randomblob(3000) FROM captures",
        "DROP TABLE passing",
    ):
        conn.execute(statement)


@pytest.fixture(scope="module")
def file(town: Town, tmp_path_factory: pytest.TempPathFactory) -> File:
    """The archive as one file."""
    copy = tmp_path_factory.mktemp("flips") / "b.db"
    with closing(sqlite3.connect(town.path)) as conn, closing(sqlite3.connect(copy)) as other:
        conn.backup(other)
        other.execute("PRAGMA journal_mode = DELETE")
        (page,) = other.execute("PRAGMA page_size").fetchone()
    return File(copy.read_bytes(), cells(copy), page)


def cells(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every cell of every table."""
    with closing(sqlite3.connect(path)) as conn:
        conn.text_factory = bytes
        names = [
            row[0].decode()
            for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB '*_fts*'")
        ]
        return {name: conn.execute(f"SELECT {COLUMNS.get(name, '*')} FROM {name}").fetchall() for name in names}


def is_found(path: Path) -> bool:
    """Whether a verification finds anything; it may stop there."""
    try:
        with explained(path), closing(reader(path)) as conn:
            found = next(verify(conn), None)
        return found is not None or bool(upkeep.index_faults(path))
    except ArchiverError:
        return True


def flip(file: File, path: Path, at: int, bit: int) -> None:
    path.write_bytes(file.data[:at] + bytes([file.data[at] ^ bit]) + file.data[at + 1 :])
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


def others(file: File, path: Path) -> set[str]:
    """The tables that hold something else than they did."""
    now = cells(path)
    return {name for name in file.cells.keys() | now.keys() if file.cells.get(name) != now.get(name)}


def places(data: bytes, cell: bytes) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(cell), data)]


def test_every_table_has_a_row_and_is_of_one_kind(file: File) -> None:
    evidence = set(file.cells) - PLAN - MADE_AGAIN - TOLD - NO_WORD
    assert evidence == {
        "runs", "rules", "addresses", "headers", "bodies", "captures", "renderings", "seals", "redactions", "patterns",
        "annotations", "takedowns", "takedown_steps",
    }  # fmt: skip
    assert {name for name, rows in file.cells.items() if not rows} <= {"stamps"}


def test_a_rebuild_leaves_none_of_what_is_made_again(town: Town) -> None:
    """So that a flip there is undone by `archiver rebuild`: nothing of it is kept."""

    def forgotten(conn: sqlite3.Connection) -> dict[str, int]:
        conn.execute("SAVEPOINT looked")
        remaking.forget(conn, "exempelkoping")
        remaking.sweep(conn)
        left = {name: conn.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in MADE_AGAIN}
        conn.execute("ROLLBACK TO looked")
        return left

    assert {name: count for name, count in town.archive.write(forgotten).items() if count} == {}


@pytest.mark.parametrize("seed", range(SHARES))
def test_thousands_of_flips_in_every_page_are_found_or_change_no_evidence(
    file: File, tmp_path: Path, seed: int
) -> None:
    path, chance = tmp_path / "a.db", random.Random(seed)
    path.write_bytes(file.data)
    assert not is_found(path)
    pages = range(0, len(file.data), file.page)
    kinds: Counter[str] = Counter()
    for number in range(seed, FLIPS, SHARES):
        at = pages[number % len(pages)] + chance.randrange(file.page)
        flip(file, path, at, bit := 1 << chance.randrange(8))
        if is_found(path):
            kinds["found"] += 1
            continue
        changed = others(file, path)
        assert changed <= PLAN | MADE_AGAIN | TOLD | NO_WORD, f"bit {bit} of byte {at}: {changed}"
        kinds["nothing is another"] += not changed
        kinds["made again"] += bool(changed)
    assert kinds["found"] > FLIPS / SHARES / 10, kinds


@pytest.mark.parametrize(
    "table",
    [
        "bodies", "captures", "seals", "headers", "redactions", "annotations", "patterns", "takedowns",
        "takedown_steps", "addresses",
    ],
)  # fmt: skip
def test_a_flip_in_the_cells_of_the_evidence_is_always_found(file: File, tmp_path: Path, table: str) -> None:
    """Wherever the text or the bytes of a cell stand in the file, one bit: in its row, in an index, in other tables."""
    path, chance = tmp_path / "a.db", random.Random(23)
    texts = sorted({cell for row in file.cells[table] for cell in row if isinstance(cell, bytes) and len(cell) > 5})
    rare = [cell for cell in texts if len(places(file.data, cell)) <= 6]  # and not the day that is in every table
    assert rare
    for cell in chance.sample(rare, min(6, len(rare))):
        found = 0
        for start in places(file.data, cell):
            flip(file, path, start + chance.randrange(len(cell)), 1 << chance.randrange(8))
            if is_found(path):
                found += 1
            else:
                assert others(file, path) <= PLAN | MADE_AGAIN | TOLD | NO_WORD, (table, cell)
        assert found, (table, cell)
