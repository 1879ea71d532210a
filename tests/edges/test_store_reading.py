import sqlite3
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_town import RULES, Town, day, document, source, stem

from archiver import urls
from archiver.errors import NotFound
from archiver.model import (
    Absence,
    Block,
    Change,
    Claim,
    ClassOfChange,
    Difference,
    Document,
    Hunk,
    Issue,
    Link,
    LinkEdit,
    Reason,
)
from archiver.store import evidence, issues, notices, reading
from archiver.store.passages import target_ids

words = st.text(max_size=12)
maybe = st.none() | words
said = st.none() | st.text(min_size=1, max_size=12)  # for a field of its own, '' and None are one to the digest
blocks = st.builds(
    Block,
    part=st.sampled_from(["main", "rest"]),
    kind=st.sampled_from(["title", "heading", "paragraph", "list-item", "table-row", "quote", "caption"]),
    level=st.none() | st.integers(1, 6),
    text=words,
)
links = st.builds(
    Link,
    target=st.sampled_from(["https://a.example/", "https://a.example/#x", "mailto:a@b.example", "", "å\x00"]) | words,
    rel=st.sampled_from(["link", "attachment", "feed", "canonical", "entry"]),
    part=st.sampled_from(["main", "rest"]),
    text=words,
    note=maybe,
    block=st.none() | st.integers(0, 9),
)
dated = st.sampled_from([(None, None), ("2019", "year"), ("2019-11-08", "day"), ("2019-11-08T09:54", "minute")])
doubts = st.sampled_from([(True, None), (False, "outranked"), (False, "no-value")])
claims = st.builds(
    lambda meaning, witness, rule, label, raw, value, place, doubt: Claim(
        meaning, witness, rule, label, raw, *value, place, *doubt
    ),
    st.sampled_from(["published", "updated", "reviewed", "created", "responsible", "other"]),
    st.sampled_from(["jsonld", "meta", "time", "label", "lone-date", "url", "file-number", "file-property", "feed"]),
    words, maybe, words, dated, words, doubts,
)  # fmt: skip
documents = st.builds(
    Document,
    kind=words,
    legible=st.sampled_from(["yes", "partly", "scanned", "locked", "no"]),
    language=said,
    title=said,
    published=said,
    updated=said,
    reviewed=said,
    responsible=said,
    blocks=st.lists(blocks, max_size=6).map(tuple),
    links=st.lists(links, max_size=4).map(tuple),
    claims=st.lists(claims, max_size=3).map(tuple),
    payload=st.none() | st.just("f" * 64),
)


def count(town: Town, table: str) -> int:
    return int(town.archive.reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def save(town: Town, saved: Document) -> int:
    return town.archive.write(lambda c: reading.save_document(c, saved, stem))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(documents)
def test_a_document_comes_back_exactly_as_it_was_saved(town: Town, saved: Document) -> None:
    loaded = reading.load_document(town.archive.reader, save(town, saved))
    assert loaded == saved
    assert (loaded.sha256, loaded.core) == (saved.sha256, saved.core)


def test_saving_the_same_twice_adds_nothing(town: Town) -> None:
    saved = document("Ett beslut", links=("https://a.example/",))
    assert save(town, saved) == save(town, replace(saved))
    assert [count(town, t) for t in ("documents", "blocks", "links", "passages", "targets")] == [1, 2, 1, 2, 1]


def test_a_text_and_a_target_are_kept_once_for_the_whole_archive(town: Town) -> None:
    save(town, document("Ett beslut", "Ett beslut", links=("https://a.example/",) * 2))
    save(town, document("Ett beslut", "Ett annat", links=("https://a.example/",)))
    texts = [row[0] for row in town.archive.reader.execute("SELECT text FROM passages ORDER BY text")]
    assert texts == ["Ett annat", "Ett beslut", "Sida"]
    assert count(town, "targets") == 1


def test_two_texts_under_one_hash_stay_two(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.store.passages.bits64", lambda _: 5)
    saved = document("Ett", "Två", "Tre")
    assert reading.load_document(town.archive.reader, save(town, saved)) == saved
    assert reading.load_document(town.archive.reader, save(town, document("Tre", "Fyra"))) == document("Tre", "Fyra")
    assert count(town, "passages") == 5


def test_only_texts_that_are_new_are_stemmed(town: Town) -> None:
    save(town, document("Ett beslut"))
    asked: list[str] = []
    town.archive.write(
        lambda c: reading.save_document(c, document("Ett beslut", "Nytt"), lambda words: asked.extend(words) or words)  # type: ignore[func-returns-value]
    )
    assert asked == ["nytt"]


def forms(town: Town) -> list[tuple[str, str]]:
    return [tuple(row) for row in town.archive.reader.execute("SELECT stem, word FROM word_forms ORDER BY word")]


def test_words_that_are_not_their_own_stem_are_kept_once(town: Town) -> None:
    save(town, document("NÄMNDENS beslut", "Nämndens", title="Sida"))
    save(town, document("Nämndens skolas beslut", "s" * 61, title="Sida"))
    assert forms(town) == [("nämnden", "nämndens"), ("skola", "skolas")]


def test_a_word_is_forgotten_when_the_last_text_with_it_is_swept(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    town.revise(page, town.capture(address, b"1", 1), document("Nämndens beslut"))
    save(town, document("Nämndens skolas beslut"))
    town.archive.write(reading.sweep)
    assert forms(town) == [("nämnden", "nämndens")]


def test_words_that_no_text_has_are_forgotten_when_the_indexes_are_written_anew(town: Town) -> None:
    save(town, document("Nämndens beslut"))
    town.archive.write(lambda c: c.execute("INSERT INTO word_forms VALUES ('hemligh', 'hemligheten')"))
    town.archive.write(reading.rebuild_indexes)
    assert forms(town) == [("nämnden", "nämndens")]


def test_an_unknown_document_is_not_found(town: Town) -> None:
    with pytest.raises(NotFound):
        reading.load_document(town.archive.reader, 9)


def test_rules_are_kept_once_and_whole(town: Town) -> None:
    assert town.archive.write(lambda c: reading.save_rules(c, RULES)) == town.rules
    row = town.archive.reader.execute("SELECT profile, language, reader, content FROM rules").fetchone()
    assert tuple(row[:3]) == ("sitevision", "sv", 1)
    assert '"detect":[]' in row[3]


def test_addresses_with_one_key_are_one_page_and_a_wrong_joining_can_be_undone(town: Town) -> None:
    one, other = town.address("a"), town.address("b")

    def join(address_id: int, key: str, why: str, embargo: int | None = None) -> int:
        return town.archive.write(
            lambda c: reading.join_page(
                c, address_id, source_id="exempelkoping", key=key, kind="page", section="", embargo_days=embargo,
                why=why,
            )
        )  # fmt: skip

    page = join(one.id, "node 1", "own")
    assert join(other.id, "node 1", "node-id", 21) == page
    conn = town.archive.reader
    assert (reading.page_key(conn, page), reading.addresses_of(conn, page)) == ("node 1", [one.id, other.id])
    assert conn.execute("SELECT embargo_days FROM pages").fetchone()[0] == 21
    apart = join(other.id, "node 2", "own")
    assert apart != page
    assert (reading.page_of(conn, one.id), reading.page_of(conn, other.id)) == (page, apart)
    assert reading.page_of(conn, 99) is None
    with pytest.raises(NotFound):
        reading.page_key(conn, 99)


def test_the_reading_of_a_known_body_under_known_rules_is_known(town: Town) -> None:
    address = town.address()
    first = town.capture(address, b"a", 1)
    saved = town.read(first, document("A"))
    conn = town.archive.reader
    body = first.body_id or 0
    said = document("A")
    assert reading.known_reading(conn, address.id, body, town.rules) == (saved, 0, None, said.core, said.sha256)
    assert reading.known_reading(conn, address.id, body, town.rules + 1) is None
    assert reading.known_reading(conn, address.id, body + 1, town.rules) is None
    assert reading.known_reading(conn, address.id + 1, body, town.rules) is None
    town.archive.write(lambda c: reading.add_reading(c, first.id, town.rules, "challenge", "a form", None, 0))
    assert reading.known_reading(conn, address.id, body, town.rules) is None
    row = reading.reading_of(conn, first.id)
    assert row is not None
    assert (row["verdict"], row["reason"]) == ("challenge", "a form")
    assert reading.reading_of(conn, 99) is None


def test_revisions_are_numbered_extended_and_found_by_core(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    conn = town.archive.reader
    assert reading.last_revision(conn, page) is None
    a, b = document("A"), document("B")
    captures = [town.capture(address, b"%d" % n, n) for n in range(1, 5)]
    first = town.revise(page, captures[0], a)
    town.archive.write(lambda c: reading.extend_revision(c, first.id, captures[1].id, captures[1].at))
    extended = reading.last_revision(conn, page)
    assert extended == replace(first, last_capture=captures[1].id, last_seen=day(2), visits=2)
    second = town.revise(page, captures[2], b)
    assert (second.number, second.core, reading.last_revision(conn, page)) == (2, b.core, second)
    third = town.revise(page, captures[3], a)
    assert reading.revision_with_core(conn, page, a.core, third.number) == 1
    assert reading.revision_with_core(conn, page, a.core, 1) is None
    assert reading.revision_with_core(conn, page, "0" * 64, 9) is None


def test_the_last_snapshot_is_of_the_last_time_it_was_there(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    assert reading.last_snapshot(town.archive.reader, page) is None
    seen, missed = town.capture(address, b"a", 1), town.capture(address, b"", 2, 404)
    revision = town.revise(page, seen, document("A"))
    town.archive.write(
        lambda c: reading.begin_revision(
            c, page, state="gone", document_id=None, core=None, moved_to=None, first_capture=missed.id,
            first_seen=missed.at, last_capture=missed.id, last_seen=missed.at,
        )
    )  # fmt: skip
    assert reading.last_snapshot(town.archive.reader, page) == reading.LastSnapshot(
        seen.id,
        revision.document_id,
        town.rules,
        "html",
        1,
        document("A").core,
        document("A").sha256,
        address.id,
        seen.body_id or 0,
        0,
        None,
    )


def test_an_absence_grows_is_confirmed_and_ends(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    good, *missed = town.capture(address, b"a", 1), *(town.capture(address, b"", n, 404) for n in (2, 3))
    back = town.capture(address, b"a", 4)
    conn = town.archive.reader

    def keep(absence: Absence) -> int:
        return town.archive.write(lambda c: reading.save_absence(c, page, absence))

    assert reading.open_absence(conn, page) is None
    suspect = Absence("404", "suspect", good.id, missed[0].id, missed[0].id, day(2), day(2), 1)
    suspect = replace(suspect, id=keep(suspect))
    assert reading.open_absence(conn, page) == suspect
    gone = replace(
        suspect, state="gone", last_missed=missed[1].id, last_missed_at=day(3), misses=2, confirmed_by=missed[1].id
    )
    assert keep(gone) == suspect.id
    assert reading.open_absence(conn, page) == gone
    keep(replace(gone, state="back", back_by=back.id))
    assert reading.open_absence(conn, page) is None
    with pytest.raises(NotFound):
        town.archive.write(lambda c: reading.save_absence(c, page + 1, gone))


CHANGE = Change(
    differences=(
        Difference("text", 3, 2, None, None, "3 ord till, 2 ord bort"),
        Difference("responsible", 1, 1, "Anna Exempel", "Bo Exempel", "ansvarig bytt"),
        Difference("updated", 1, 1, "2026-01-01", "2026-03-01", "uppdaterad 2026-03-01"),
    ),
    hunks=(
        Hunk("removed", "fem dagar", "inom fem dagar", None),
        Hunk("added", "tre dagar", None, "inom tre dagar"),
        Hunk("moved", "Kontakt", "Kontakt", "Kontakt"),
    ),
    links=(
        LinkEdit("added", "attachment", "https://a.example/ny.pdf", "Ny", note="Pdf, 2 MB"),
        LinkEdit("renamed", "link", "https://a.example/", "Efter", before="Före"),
        LinkEdit("retargeted", "link", "https://b.example/", "Samma", before="https://a.example/"),
    ),
    classes=(ClassOfChange("edit", "texten ändrades och datumet flyttades"),),
    reasons=(Reason("deadline-changed", 5, "fem till tre dagar"), Reason("only-spelling", -3, "")),
)


def test_a_change_is_kept_without_anybodys_name(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    town.revise(page, town.capture(address, b"1", 1), document("A"))
    revision = town.revise(page, town.capture(address, b"2", 2), document("B"), CHANGE)
    loaded = reading.load_change(town.archive.reader, revision.id)
    nameless = replace(CHANGE.differences[1], before=None, after=None)
    assert set(loaded.differences) == {CHANGE.differences[0], nameless, CHANGE.differences[2]}
    assert (loaded.hunks, loaded.links, loaded.classes) == (CHANGE.hunks, CHANGE.links, CHANGE.classes)
    assert set(loaded.reasons) == set(CHANGE.reasons)


def test_a_notice_is_an_episode_of_the_source(town: Town) -> None:
    addresses = [town.address(path) for path in "ab"]
    for address in addresses:
        town.page(address)

    def stand(number: int, on: int, *texts: str) -> None:
        capture = town.capture(addresses[number], b"%d" % on, on)
        town.archive.write(lambda c: notices.add(c, "exempelkoping", capture, texts))

    stand(0, 1, "Brandrisk", "Brandrisk")
    stand(1, 2, "Brandrisk")
    stand(0, 3, "Brandrisk", "Driftstörning")
    stand(0, 60, "Brandrisk")
    rows = town.archive.reader.execute("SELECT text, first_seen, last_seen, pages FROM notices ORDER BY id").fetchall()
    assert [(r[0], r[1][:10], r[2][:10], r[3]) for r in rows] == [
        ("Brandrisk", "2026-03-01", "2026-03-03", 2),
        ("Driftstörning", "2026-03-03", "2026-03-03", 1),
        ("Brandrisk", "2026-04-29", "2026-04-29", 1),
    ]


def test_an_issue_of_a_page_is_noted_once_with_the_capture_that_first_showed_it(town: Town) -> None:
    address = town.address()
    page = town.page(address)
    captures = [town.capture(address, b"%d" % n, n) for n in (1, 2)]
    issue = Issue("label-without-value", "Senast uppdaterad:")
    for capture in captures:
        town.archive.write(lambda c, capture=capture: issues.add(c, "exempelkoping", page, capture.id, issue))
    rows = town.archive.reader.execute("SELECT page_id, capture_id, kind FROM issues ORDER BY id").fetchall()
    assert [tuple(r) for r in rows] == [(page, captures[0].id, "label-without-value")]


def _tell(conn: sqlite3.Connection, **told: Any) -> None:
    issues.tell(conn, "exempelkoping", **told)


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_an_issue_of_a_source_is_told_the_same_in_whatever_order_its_crawls_are_concluded(
    town: Town, order: tuple[int, ...]
) -> None:
    runs = [town.run, town.begin(2), town.begin(3)]
    for number in order:
        run_id, beginning = runs[number - 1], "at least 10 pages are expected, "
        for words, issue in (
            (beginning, Issue("expectation-missed", f"{beginning}{number} are there")),
            ("other", Issue("trap", "other")),
        ):
            town.archive.write(partial(_tell, run_id=run_id, beginning=words, issue=issue))

    rows = town.archive.reader.execute("SELECT detail, first_run, last_run FROM issues ORDER BY kind").fetchall()
    assert [tuple(row) for row in rows] == [
        ("at least 10 pages are expected, 3 are there", runs[0], runs[2]),
        ("other", runs[0], runs[2]),
    ]
    [told, _] = issues.listed(town.archive.reader, since=day(3))
    assert (told["first_seen"][:10], told["last_seen"][:10]) == ("2026-03-01", "2026-03-03")
    assert issues.listed(town.archive.reader, since=day(4)) == []


def fill(town: Town) -> None:
    """A page with a change, a notice, an issue, an absence."""
    address = town.address()
    page = town.page(address)
    one, two = town.capture(address, b"1", 1), town.capture(address, b"2", 2)
    town.revise(page, one, document("A", links=("https://a.example/",)))
    town.revise(page, two, document("B"), CHANGE)
    absence = Absence("404", "blip", one.id, two.id, two.id, day(2), day(2), 1, back_by=two.id)
    town.archive.write(lambda c: reading.save_absence(c, page, absence))
    town.archive.write(lambda c: notices.add(c, "exempelkoping", two, ["Brandrisk"]))
    town.archive.write(lambda c: issues.add(c, "exempelkoping", page, two.id, Issue("no-main", "")))


READING = (
    "readings", "revisions", "absences", "changes", "change_classes", "reasons", "hunks", "link_changes", "notices",
    "notice_pages", "issues", "page_addresses",
)  # fmt: skip


def test_forgetting_leaves_evidence_and_what_is_known_by_itself(town: Town) -> None:
    fill(town)
    kept = ("captures", "bodies", "headers", "addresses", "frontier", "pages", "documents", "passages", "targets")
    before = {table: count(town, table) for table in kept}
    assert all(count(town, table) for table in READING)
    town.archive.write(lambda c: reading.forget(c, "exempelkoping"))
    assert {table: count(town, table) for table in READING} == dict.fromkeys(READING, 0)
    assert {table: count(town, table) for table in kept} == before


def test_what_nobody_reads_again_is_swept_out_of_the_index_too(town: Town) -> None:
    fill(town)
    town.archive.write(reading.sweep)
    assert count(town, "documents") == 2
    town.archive.write(lambda c: reading.forget(c, "exempelkoping"))
    town.archive.write(reading.sweep)
    for table in ("documents", "blocks", "links", "passages", "targets", "pages"):
        assert count(town, table) == 0
    hits = "SELECT count(*) FROM passages_fts WHERE passages_fts MATCH 'dagar'"
    assert town.archive.reader.execute(hits).fetchone()[0] == 0
    town.archive.write(lambda c: c.execute("INSERT INTO passages_fts(passages_fts) VALUES ('integrity-check')"))
    town.archive.write(lambda c: c.execute("INSERT INTO hunks_fts(hunks_fts) VALUES ('integrity-check')"))


def test_forgetting_one_source_leaves_the_others(town: Town) -> None:
    fill(town)
    town.archive.write(lambda c: evidence.add_source(c, source("grannby", "Grannby", "9998"), day(1)))
    before = {table: count(town, table) for table in READING}
    town.archive.write(lambda c: reading.forget(c, "grannby"))
    assert {table: count(town, table) for table in READING} == before


def test_a_passage_is_never_changed(town: Town) -> None:
    save(town, document("A"))
    with pytest.raises(sqlite3.IntegrityError, match="add another"):
        town.archive.write(lambda c: c.execute("UPDATE passages SET text = 'B'"))


def test_a_url_that_is_its_own_key_stands_there_once_and_others_beside_it(town: Town) -> None:
    wanted = [
        "https://exempel.se/a",
        "https://exempel.se/a#del",
        "https://exempel.se/a?utm_source=brev",
        "mailto:a@exempel.se",
    ]
    first = town.archive.write(lambda c: target_ids(c, [*wanted, wanted[0]]))
    again = town.archive.write(lambda c: target_ids(c, reversed(wanted)))

    assert first == again
    assert len(set(first.values())) == 4
    rows = town.archive.reader.execute("SELECT url, key, own FROM targets ORDER BY id").fetchall()
    assert {row["url"]: row["key"] for row in rows} == {url: urls.key(url) for url in wanted}
    assert [row["url"] for row in rows if row["own"] is None] == ["https://exempel.se/a", "mailto:a@exempel.se"]
