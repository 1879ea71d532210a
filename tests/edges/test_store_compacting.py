"""Packing anew alters no byte of any body, lets no body stand too high, and never makes the archive larger."""

import json
import random
from functools import partial
from pathlib import Path
from sqlite3 import Connection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver import zstd
from archiver.store import Archive, bodies, compacting, open_archive

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
WORDS = ("kommunen", "styrelsen", "nämnden", "beslut", "taxa", "protokoll", "möte", "skola", "vatten", "plan")


def text(seed: int, words: int = 900) -> bytes:
    chance = random.Random(seed)
    return " ".join(chance.choice(WORDS) + str(chance.randrange(50)) for _ in range(words)).encode()


def edited(body: bytes, seed: int) -> bytes:
    at = random.Random(seed).randrange(len(body))
    return body[:at] + b" NYTT%d " % seed + body[at:]


def kept(archive: Archive) -> dict[int, bytes]:
    rows = archive.reader.execute("SELECT id FROM bodies WHERE fate = 'kept'").fetchall()
    return {row[0]: bodies.get(archive.reader, row[0]) for row in rows}


def size(archive: Archive) -> int:
    return int(archive.reader.execute("SELECT sum(length(data)) FROM bodies").fetchone()[0])


def wrong_chains(archive: Archive) -> list[tuple[int, ...]]:
    rows = archive.reader.execute(
        """SELECT b.id FROM bodies b LEFT JOIN bodies k ON k.id = b.base_id
           WHERE b.chain <> CASE WHEN b.base_id IS NULL THEN 0 ELSE k.chain + 1 END OR b.chain > 2"""
    )
    return [tuple(row) for row in rows]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=25), anew=st.booleans())
def test_every_body_reads_back_exactly_over_any_history(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[int, int]], anew: bool
) -> None:
    """A step is a page and what becomes of it: the same again, an edit, a redesign, a copy of another page."""
    with open_archive(tmp_path_factory.mktemp("c") / "archive.db") as archive:
        now: dict[int, bytes] = {}
        latest: dict[int, int] = {}
        sibling: bodies.Sibling | None = None
        for number, (page, kind) in enumerate(history):
            body = now.get(page, text(page % 2))
            body = [body, edited(body, number), text(number), edited(text(page % 2), page)][kind]
            now[page] = body
            put = partial(bodies.put, body=body, kind="html", earlier=latest.get(page), sibling=sibling)
            latest[page] = archive.write(put)
            sibling = sibling or bodies.as_sibling(archive.reader, latest[page], body)
        before, bytes_before = kept(archive), size(archive)

        for _ in range(2):
            saved = compacting.compact(archive, anew=anew)

            assert kept(archive) == before
            assert wrong_chains(archive) == []
            assert size(archive) <= bytes_before
            assert saved.after <= saved.before


def _town(archive: Archive, pages: int) -> None:
    for page in range(pages):
        body = edited(text(1), page)
        first = archive.write(partial(bodies.put, body=body, kind="html"))
        archive.write(partial(bodies.put, body=edited(body, 99), kind="html", earlier=first))


def test_pages_of_one_site_come_to_stand_on_one_of_them(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive.db") as archive:
        _town(archive, 12)
        before = size(archive)

        compacting.compact(archive)

        assert size(archive) < before / 4
        assert archive.reader.execute("SELECT count(*) FROM bodies WHERE chain = 0").fetchone()[0] <= compacting.BASES


def test_stopped_half_way_the_next_call_goes_on_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compacting, "STEP", 4)
    with open_archive(tmp_path / "archive.db") as archive:
        _town(archive, 6)

        def stop(done: int, total: int) -> None:
            assert (done, total) == (4, 12)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            compacting.compact(archive, watch=stop)
        seen: list[tuple[int, int]] = []
        compacting.compact(archive, watch=lambda done, total: seen.append((done, total)))

        assert seen == [(4, 8), (8, 8)]
        assert compacting.compact(archive).bodies == 0
        assert compacting.compact(archive, anew=True).bodies == 12


def test_a_body_that_others_stand_on_can_be_erased_afterwards(tmp_path: Path) -> None:
    with open_archive(tmp_path / "archive.db") as archive:
        _town(archive, 6)
        compacting.compact(archive)
        before = kept(archive)
        (base,) = archive.reader.execute("SELECT base_id FROM bodies WHERE base_id IS NOT NULL LIMIT 1").fetchone()

        archive.write(lambda c: bodies.erase(c, base))

        assert kept(archive) == {body_id: body for body_id, body in before.items() if body_id != base}
        assert wrong_chains(archive) == []


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_the_revisions_of_a_real_site_read_back_exactly_before_and_after(tmp_path: Path) -> None:
    packed = (CORPUS / "regeringen_revisions" / "revisions.jsonl.zst").read_bytes()
    pages = [json.loads(line) for line in zstd.decompress(packed).decode().splitlines()]
    with open_archive(tmp_path / "archive.db") as archive:
        wanted: dict[int, bytes] = {}

        def keep(conn: Connection) -> None:
            for page in pages:
                latest: int | None = None
                for revision in page["revisions"]:
                    body = revision["text"].encode()
                    latest = bodies.put(conn, body, "text", latest)
                    wanted[latest] = body

        archive.write(keep)
        assert kept(archive) == wanted
        before = size(archive)
        compacting.compact(archive)
        assert kept(archive) == wanted
        assert size(archive) < before
