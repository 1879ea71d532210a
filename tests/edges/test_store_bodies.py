import csv
import io
import random
import sqlite3
import tarfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_town import Town

from archiver import zstd
from archiver.digests import sha256
from archiver.errors import EvidenceError, NotFound
from archiver.pack import Shared
from archiver.store import bodies
from archiver.store.siblings import Siblings

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
FRAME = b"".join(b"<li><a href='/sida/%d'>Meny %d</a></li>" % (n, n * 7) for n in range(150))


def page(text: str) -> bytes:
    return FRAME + f"<main><p>{text}</p></main>".encode() + FRAME[::-1]


def row(conn: sqlite3.Connection, body_id: int) -> tuple[str, int | None, int, int]:
    return tuple(
        conn.execute("SELECT fate, base_id, chain, length(data) FROM bodies WHERE id = ?", (body_id,)).fetchone()
    )


def put(town: Town, body: bytes, earlier: int | None = None, sibling: int | None = None) -> int:
    return town.archive.write(lambda c: bodies.put(c, body, "html", earlier, as_sibling(c, sibling)))


def as_sibling(conn: sqlite3.Connection, body_id: int | None) -> bodies.Sibling | None:
    return None if body_id is None else bodies.as_sibling(conn, body_id, bodies.get(conn, body_id))


def get(town: Town, body_id: int) -> bytes:
    return bodies.get(town.archive.reader, body_id)


def tamper(town: Town, statement: str, *values: object) -> None:
    def job(conn: sqlite3.Connection) -> None:
        for (trigger,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            conn.execute(f"DROP TRIGGER {trigger}")
        conn.execute(statement, values)

    town.archive.write(job)


def test_the_same_bytes_are_kept_once(town: Town) -> None:
    assert put(town, page("a")) == put(town, page("a"))
    assert town.archive.reader.execute("SELECT count(*) FROM bodies").fetchone()[0] == 1


def test_a_later_body_is_a_patch_from_its_pages_keyframe(town: Town) -> None:
    first = put(town, page("Protokoll från mars"))
    second = put(town, page("Protokoll från april"), first)
    assert row(town.archive.reader, second)[:3] == ("kept", first, 1)
    assert row(town.archive.reader, second)[3] < 100
    assert get(town, second) == page("Protokoll från april")


def test_a_keyframe_is_a_patch_from_a_sibling_and_its_pages_bodies_stand_on_it(town: Town) -> None:
    sibling = put(town, page("En annan sida"))
    first = put(town, page("Denna sida"), None, sibling)
    second = put(town, page("Denna sida, ändrad"), first, sibling)
    third = put(town, page("Denna sida, ändrad igen"), second, sibling)
    assert [row(town.archive.reader, b)[1:3] for b in (sibling, first, second, third)] == [
        (None, 0), (sibling, 1), (first, 2), (first, 2),
    ]  # fmt: skip
    assert get(town, third) == page("Denna sida, ändrad igen")


def test_a_body_that_has_little_in_common_becomes_a_keyframe(town: Town) -> None:
    first = put(town, page("Före ny design"))
    redesigned = b"".join(b"<div class='x%d'>helt annat %d</div>" % (n * 31, n * n) for n in range(400))
    second = put(town, redesigned, first)
    assert row(town.archive.reader, second)[:3] == ("kept", None, 0)


def test_a_sibling_that_does_not_help_is_left_alone(town: Town) -> None:
    other = put(town, b"".join(b"%d;" % (n * n * n) for n in range(3000)))
    assert row(town.archive.reader, put(town, page("a"), None, other))[1] is None


def test_a_short_or_erased_body_is_no_base(town: Town) -> None:
    short = put(town, b"x" * 63)
    assert row(town.archive.reader, put(town, page("a"), short))[1] is None
    gone = put(town, page("b"))
    sibling = town.archive.write(lambda c: bodies.as_sibling(c, gone, page("b")))
    town.archive.write(lambda c: bodies.erase(c, gone))
    assert (
        row(town.archive.reader, town.archive.write(lambda c: bodies.put(c, page("c"), "html", gone, sibling)))[1]
        is None
    )


def test_an_empty_body_is_a_body(town: Town) -> None:
    assert get(town, put(town, b"")) == b""


def test_of_an_oversized_body_only_the_digest_is_kept(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "KEPT_UP_TO", 1000)
    large = put(town, b"x" * 1001)
    assert row(town.archive.reader, large)[0] == "digest"
    with pytest.raises(NotFound, match="too large"):
        get(town, large)


def test_an_unknown_body_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound, match="no body 7"):
        get(town, 7)


def test_a_damaged_frame_is_reported_and_never_returned(town: Town) -> None:
    first = put(town, page("a"))
    second = put(town, page("b"), first)
    frame = bytearray(town.archive.reader.execute("SELECT data FROM bodies WHERE id = ?", (first,)).fetchone()[0])
    frame[len(frame) // 2] ^= 255
    tamper(town, "UPDATE bodies SET data = ? WHERE id = ?", bytes(frame), first)
    for damaged in (first, second):
        with pytest.raises(EvidenceError, match=f"body {damaged} "):
            get(town, damaged)


def test_other_bytes_under_a_digest_are_reported(town: Town) -> None:
    first, second = put(town, b"a" * 100), put(town, b"b" * 100)
    tamper(town, "UPDATE bodies SET data = (SELECT data FROM bodies WHERE id = ?) WHERE id = ?", second, first)
    with pytest.raises(EvidenceError, match="not what was recorded"):
        get(town, first)


def test_a_ring_of_bases_is_an_error_and_no_endless_loop(town: Town) -> None:
    first = put(town, page("a"))
    second = put(town, page("b"), first)
    tamper(town, "UPDATE bodies SET base_id = ?, chain = 1 WHERE id = ?", second, first)
    with pytest.raises(EvidenceError):
        get(town, first)


def test_nothing_new_stands_on_a_damaged_body(town: Town) -> None:
    first = put(town, page("a"))
    tamper(town, "UPDATE bodies SET data = x'00' WHERE id = ?", first)
    second = put(town, page("b"), first)
    assert row(town.archive.reader, second)[1] is None
    assert get(town, second) == page("b")


def test_erasing_destroys_one_body_and_no_other(town: Town) -> None:
    sibling = put(town, page("grannsida"))
    pages = [put(town, page(f"sida {n}"), None, sibling) for n in range(4)]
    edits = [put(town, page(f"sida {n}, ändrad {m}"), pages[n]) for n in range(4) for m in range(3)]
    everything = {b: get(town, b) for b in (*pages, *edits)}
    for erased in (sibling, pages[0], pages[2]):
        town.archive.write(lambda c, erased=erased: bodies.erase(c, erased))
        everything.pop(erased, None)
        assert {b: get(town, b) for b in everything} == everything
        with pytest.raises(NotFound, match="was erased"):
            get(town, erased)
    wrong = """SELECT count(*) FROM bodies b LEFT JOIN bodies k ON k.id = b.base_id
               WHERE b.chain <> CASE WHEN b.base_id IS NULL THEN 0 ELSE k.chain + 1 END OR k.fate = 'erased'"""
    assert town.archive.reader.execute(wrong).fetchone()[0] == 0


def test_erased_bytes_that_come_again_stay_erased(town: Town) -> None:
    first = put(town, page("a"))
    town.archive.write(lambda c: bodies.erase(c, first))
    assert put(town, page("a")) == first
    assert row(town.archive.reader, first) == ("erased", None, 0, 0)


def test_a_body_that_others_stand_on_cannot_be_erased_from_under_them(town: Town) -> None:
    first = put(town, page("a"))
    put(town, page("b"), first)
    with pytest.raises(sqlite3.IntegrityError, match="pack them anew"):
        town.archive.write(lambda c: c.execute("UPDATE bodies SET fate = 'erased', data = x'' WHERE id = ?", (first,)))


steps = st.tuples(
    st.sampled_from(["put", "put", "put", "erase"]),
    st.binary(max_size=200),
    st.sampled_from([b"", page("a"), page("b"), page("x" * 300), page("lång " * 50)]),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, max_size=15))
def test_whatever_is_put_and_erased_in_whatever_order_comes_back(town: Town, plan: list) -> None:
    kept: dict[int, bytes] = {}

    def pick(index: int | None) -> int | None:
        return None if index is None or not kept else sorted(kept)[index % len(kept)]

    for verb, noise, body, one, other in plan:
        if verb == "erase" and (victim := pick(one)) is not None:
            town.archive.write(lambda c, victim=victim: bodies.erase(c, victim))
            del kept[victim]
            continue
        body_id = put(town, noise + body, pick(one), pick(other))
        if row(town.archive.reader, body_id)[0] == "kept":
            kept[body_id] = noise + body
    assert {b: get(town, b) for b in kept} == kept


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_two_captures_of_a_real_site_are_packed_twentyfold(town: Town, tmp_path: Path) -> None:
    folder = CORPUS / "municipio"
    lines = (folder / "dunkers_revision_pairs.csv").read_text("utf-8").splitlines()
    names = {row["path"] for row in csv.DictReader(lines)}
    found = _real_pages(folder / "dunkerskulturhus.se.tar.zst", names)
    pairs = [(found["2025-10-10", n], found["2025-11-07", n]) for n in sorted(names) if ("2025-11-07", n) in found]
    sibling: int | None = None
    for before, after in pairs[:60]:
        first = put(town, before, None, sibling)
        sibling = sibling or first
        put(town, after, first)
    raw, packed = town.archive.reader.execute("SELECT sum(size), sum(length(data)) FROM bodies").fetchone()
    assert len(pairs) > 100
    assert raw > 20 * packed


def _real_pages(archive: Path, names: set[str]) -> dict[tuple[str, str], bytes]:
    """The named pages by day and name."""
    with zstd.open(archive, options={zstd.DecompressionParameter.window_log_max: 27}) as stream:
        content = io.BytesIO(stream.read())
    with tarfile.open(fileobj=content) as whole:
        parts = {member: member.name.split("/", 4) for member in whole if member.isfile()}
        return {(p[2], p[4]): whole.extractfile(m).read() for m, p in parts.items() if p[4] in names}


def test_of_the_pages_kept_whole_the_one_most_like_the_others_is_the_sibling(town: Town) -> None:
    start, inner = random.Random(1).randbytes(4000), random.Random(2).randbytes(4000)
    siblings = Siblings()
    stored: list[tuple[int | None, int]] = []

    def keep(body: bytes) -> None:
        def job(conn: sqlite3.Connection) -> None:
            body_id = bodies.put(conn, body, "html", None, siblings.choose(first=True))
            siblings.learn(conn, body_id, body)
            stored.append(row(conn, body_id)[1:3])

        town.archive.write(job)

    keep(start)
    for n in range(9):
        keep(inner + b"page %d" % n)

    assert [chain for _, chain in stored] == [0, 0, 0, 0, 0, 0, 1, 0, 1, 1]
    assert stored[6][0] == stored[9][0]


def test_a_sibling_whose_commit_was_undone_is_the_base_of_nothing(town: Town) -> None:
    other = town.archive.write(lambda c: bodies.put(c, page("a") * 3, "html"))
    undone = bodies.Sibling(other, Shared(page("b") * 3), sha256(page("b") * 3))  # its id is another's now
    kept = town.archive.write(lambda c: bodies.put(c, page("b") * 3 + b"c", "html", None, undone))
    assert bodies.get(town.archive.reader, kept) == page("b") * 3 + b"c"
    assert row(town.archive.reader, kept)[1] is None
