"""Asking the archive: words in what pages say, said, gained and lost; and the questions that have a name."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from program import archiver

from archive import HOME, SOURCE, Town, town
from archiver import asking
from archiver.asking.search import Where
from archiver.asking.similar import similar_to_page, similar_to_text
from archiver.demo.pdf import page_pdf
from archiver.errors import NotFound
from pretend import page

POLICY = "Representation ska vara måttfull och ha ett direkt samband med kommunens verksamhet i alla nämnder och bolag."
BOARD = SOURCE + '\n[[section]]\nname = "anslagstavla"\npath = "/anslag"\nevery = "day"\n'


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("asking"), BOARD) as found:
        _day_one(found)
        _later(found)
        yield found


def _day_one(found: Town) -> None:
    site = found.site
    links = [
        ("/regler", "Regler"),
        ("/skola", "Skola"),
        ("/moten", "Möten"),
        ("/anslag/1", "Anslag"),
        ("/bort", "Bort"),
    ]
    site["/"] = page("Start", links=[*links, ("/fil.pdf", "Gamla riktlinjer, pdf"), ("/saknas.pdf", "Saknas, pdf")])
    site["/regler"] = page("Regler för skolan", POLICY, "En måltid får kosta högst 450 kronor per person.",
                           updated="2019-05-06")  # fmt: skip
    site["/skola"] = page("Skolan", "Våra skolor är öppna.", "Rektorn heter Berit.", published="2020-01-01")
    site["/moten"] = page("Kommunstyrelsen", "<table><tr><td>Ordförande</td><td>Ada Prov</td></tr></table>")
    site["/anslag/1"] = page("Justerat protokoll", "Anslaget sattes upp.")
    site["/bort"] = page("Tillsyn", "Ord som försvann.")
    site.file("/fil.pdf", page_pdf("Fil", ["Första lydelsen"], found.clock.now()))
    found.crawl()


def _later(found: Town) -> None:
    site = found.site
    site["/regler"] = page("Regler för skolan", POLICY, "En måltid får kosta högst 650 kronor per person.",
                           updated="2019-05-06")  # fmt: skip
    site["/moten"] = page("Kommunstyrelsen", "<table><tr><td>Ordförande</td><td>Bo Prov</td></tr></table>",
                          links=[("/p.pdf", "Protokoll 24 februari 2026, pdf")])  # fmt: skip
    site.file("/p.pdf", page_pdf("P", ["Paragraf 1"], found.clock.now()))
    site["/"] = site["/"].replace("Gamla riktlinjer, pdf", "Inga").replace("/fil.pdf", "/regler")
    found.day()
    site.gone("/bort")
    site.gone("/anslag/1")
    for _ in range(3):
        found.day()


def urls(found: Town, typed: str, where: Where = "current", **filters: Any) -> list[str]:
    return [hit.url.removeprefix(HOME) for hit in asking.search(found.archive.reader, typed, where, **filters)]


@pytest.mark.parametrize(
    ("typed", "where", "expected"),
    [
        ("skola", "current", ["/", "/skola"]),  # in any form: skolor
        ("skolor öppna", "current", ["/skola"]),
        ("skolan rektorn", "current", ["/skola"]),  # in different blocks
        ("skolan -rektorn", "current", ["/regler"]),
        ('"450 kronor"', "current", []),
        ('"450 kronor"', "ever", ["/regler"]),
        ('"högst 450 kronor"', "removed", ["/regler"]),  # of which 450 alone was taken away
        ('"högst 450 kronor"', "added", []),
        ("650", "added", ["/regler"]),
        ("650", "removed", []),
        ("försv*", "current", []),
        ("försv*", "ever", ["/bort"]),
        ("försv*", "removed", ["/bort"]),  # with its page
        ("öppna", "current", ["/skola"]),
        ("oppna", "current", []),  # ö is a letter
        ("finnsinte", "ever", []),
    ],
)
def test_words_are_found_where_they_stand(lived: Town, typed: str, where: Where, expected: list[str]) -> None:
    assert sorted(urls(lived, typed, where)) == sorted(expected)


def test_hits_come_page_by_page_and_each_page_once(lived: Town) -> None:
    every = urls(lived, "prov", "ever")
    assert every == ["/moten"]
    both = urls(lived, "skola")
    assert [*urls(lived, "skola", limit=1), *urls(lived, "skola", limit=1, offset=1)] == both


def test_a_hit_shows_its_words_its_window_and_its_capture(lived: Town) -> None:
    (hit,) = asking.search(lived.archive.reader, "650", "added")
    assert [hit.text[a:b] for a, b in hit.marks] == ["650"]
    assert (hit.first_seen[:10], hit.last_seen[:10]) == ("2026-03-03", "2026-03-02")
    assert hit.title == "Regler för skolan"


def test_filters_are_by_municipality_and_time(lived: Town) -> None:
    assert urls(lived, "skola", kommun="exempelköping") == urls(lived, "skola", kommun="9999") == urls(lived, "skola")
    assert urls(lived, "skola", kommun="Annan") == []
    assert urls(lived, "skola", section="anslagstavla") == []
    later = {"since": datetime(2026, 3, 3, tzinfo=UTC)}
    assert urls(lived, "skolan", **later) == ["/regler"]


def test_a_notice_that_left_the_board_is_found_no_longer(lived: Town) -> None:
    assert urls(lived, "sattes", "ever") == urls(lived, "sattes", "removed") == []


def test_a_phrase_is_told_by_municipality_and_says_what_it_cannot_know(lived: Town) -> None:
    (old,) = asking.spans(lived.archive.reader, '"450 kronor"')
    assert (old["censored"], old["remains"], old["pages"]) == (True, 0, 1)  # it stood there when we first looked
    (new,) = asking.spans(lived.archive.reader, '"650 kronor"')
    assert (new["censored"], new["remains"]) == (False, 1)
    assert str(old["last_seen"]) < str(new["first_seen"]) < str(new["last_seen"])
    (without,) = asking.spans(lived.archive.reader, "måltid -450")
    assert without["first_seen"] == new["first_seen"]  # what is not wanted is not left aside
    (month,) = asking.by_month(lived.archive.reader, "skolan")
    assert (month["month"], month["pages"], month["observed"]) == ("2026-03", 2, 8)


def test_like_passages_are_found_by_text_and_by_page(lived: Town) -> None:
    near = POLICY.replace("måttfull", "sparsam")
    (like,) = similar_to_text(lived.archive.reader, near)
    assert (like.url, like.text) == (f"{HOME}/regler", POLICY)
    assert 0.5 < like.share < 1.0
    assert similar_to_page(lived.archive.reader, f"{HOME}/regler") == []  # no other page has it
    with pytest.raises(NotFound):
        similar_to_page(lived.archive.reader, f"{HOME}/aldrig")


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("states", {"url": f"{HOME}/regler"}, [{"revision": 1, "status": 200}, {"revision": 2, "status": 200}]),
        ("text-at", {"url": f"{HOME}/bort", "day": "2026-03-02"}, [{"text": "Ord som försvann."}]),
        ("words", {"url": f"{HOME}/regler"}, [{"op": "removed"}, {"op": "added"}]),
        ("who-changed", {"topic": "regler"}, [{"municipality": "Exempelköping", "changes": 1, "silent": 1}]),
        ("silent-edits", {"kommun": "9999"}, [{"url": f"{HOME}/regler", "updated": "2019-05-06"}]),
        ("removed", {}, [{"last_text": "Ord som försvann."}, {"last_text": None}]),
        ("orphans", {}, [{"url": f"{HOME}/fil.pdf"}]),
        ("missing-documents", {}, [{"target": f"{HOME}/saknas.pdf", "status": 404}]),
        ("minutes-lag", {}, [{"body": "Kommunstyrelsen", "meeting": "2026-02-24", "days": 7}]),
        ("short-notices", {}, [{"url": f"{HOME}/anslag/1", "days_at_least": 1.2}]),
        ("stale", {"years": "3"}, [{"url": f"{HOME}/regler"}, {"url": f"{HOME}/skola"}]),
        ("members", {"url": f"{HOME}/moten", "before": "2026-03-02"},
         [{"op": "left", "text": "Ordförande | Ada Prov"}, {"op": "joined", "text": "Ordförande | Bo Prov"}]),
        ("link-rot", {}, [{"links": 2, "dead": 1}]),
    ],
)  # fmt: skip
def test_a_question_has_this_answer(
    lived: Town, name: str, said: dict[str, str], expected: list[dict[str, Any]]
) -> None:
    found = list(asking.ask(lived.archive.reader, name, **said))
    assert [{key: row[key] for key in want} for row, want in zip(found, expected, strict=True)] == expected


def test_a_question_that_is_asked_wrongly_says_how(lived: Town) -> None:
    with pytest.raises(NotFound, match="no question 'vad'"):
        list(asking.ask(lived.archive.reader, "vad"))
    with pytest.raises(ValueError, match="states needs url"):
        list(asking.ask(lived.archive.reader, "states"))
    with pytest.raises(ValueError, match="not for ort"):
        list(asking.ask(lived.archive.reader, "silent-edits", ort="x"))


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("silent-edits", {"kommun": "Nixköping"}, "it holds: Exempelköping"),
        ("silent-edits", {"since": "igår"}, "since=igår: is no day; write 2026-03-02"),
        ("silent-edits", {"since": "2026-02-30"}, "since=2026-02-30: is no day; write 2026-03-02"),
        ("silent-edits", {"until": "2026-13"}, "until=2026-13: is no day"),
        ("edits-around", {"at": "2026-03-02T25:00:00Z"}, "is no day"),
        ("edits-around", {"at": "2026-03-02T12"}, "is no day"),
        ("first-said", {"phrase": "-taxa"}, "has no word to look for"),
        ("gaps", {"days": "två"}, "days=två: is no number"),
        ("states", {"url": "https://ingen.example/"}, "is not in the archive"),
    ],
)
def test_what_names_nothing_here_has_no_empty_answer(lived: Town, name: str, said: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        list(asking.ask(lived.archive.reader, name, **said))
    folder = Path(lived.config.folder).parent
    pairs = [f"{key}={value}" for key, value in said.items()]
    answer = archiver("--config", folder / "config", "--archive", folder / "archive.db", "ask", name, *pairs)
    assert (answer.code, told in answer.err) == (2, True)


def test_names_and_addresses_are_known_as_people_write_them(lived: Town) -> None:
    of_all = list(asking.ask(lived.archive.reader, "silent-edits"))
    assert of_all
    assert list(asking.ask(lived.archive.reader, "silent-edits", kommun="exempelKÖPING")) == of_all
    states = list(asking.ask(lived.archive.reader, "states", url=f"{HOME}/regler"))
    assert states
    assert list(asking.ask(lived.archive.reader, "states", url=f"{HOME.upper()}/regler#del")) == states


def test_every_question_of_the_twenty_five_has_a_name_and_titles_in_both_languages() -> None:
    numbers = {int(q.number.rstrip("b")) for q in asking.QUESTIONS.values()}
    assert numbers == set(range(1, 26))
    assert all(q.sv and q.en and all(p.sv and p.en for p in q.parameters) for q in asking.QUESTIONS.values())
    assert [q.name for q in asking.QUESTIONS.values() if q.restricted] == ["responsible"]


def test_the_commands_speak_to_people_spreadsheets_and_programs(lived: Town) -> None:
    folder = Path(lived.config.folder).parent
    base = ("--config", folder / "config", "--archive", folder / "archive.db")
    said = archiver(*base, "search", "650", "--in", "added", "--json").object
    assert said["url"] == f"{HOME}/regler"
    assert "högst 650 kronor" in archiver(*base, "search", "650").out
    rows = list(csv.DictReader(io.StringIO(archiver(*base, "ask", "silent-edits", "--csv").out)))
    assert [row["url"] for row in rows] == [f"{HOME}/regler"]
    assert "silent-edits" in archiver(*base, "ask").out
    assert "FROM silent_edits" in archiver(*base, "ask", "silent-edits", "--sql").out
    assert "100%" in archiver(*base, "similar", POLICY).out
    assert "No two municipalities share" in archiver(*base, "similar", "--shared").out
    assert "since when" not in archiver(*base, "search", "--phrase", "650", "--csv").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ask", "silent-edit"), "did you mean 'silent-edits'"),
        (("ask", "states"), "states needs url=…"),
        (("ask", "states", "adress"), "'adress' is no KEY=VALUE"),
        (("ask", "silent-edits", "komun=x"), "did you mean 'kommun'"),
        (("search", "--", "-skola"), "only words that must not be there"),
        (("search", "§", "–"), "no index holds signs"),
        (("similar", POLICY, "--shared"), "or --shared and neither"),
        (("similar",), "or --shared and neither"),
    ],
)
def test_what_is_asked_wrongly_is_told_and_nothing_is_started(lived: Town, words: tuple[str, ...], told: str) -> None:
    folder = Path(lived.config.folder).parent
    said = archiver("--config", folder / "config", "--archive", folder / "archive.db", *words)
    assert said.code == 2
    assert told in said.err


def test_what_people_say_of_a_change_is_of_two_captures_and_outlives_a_rebuild(tmp_path: Path) -> None:
    with town(tmp_path) as found:
        found.site["/"] = page("Start", "Vi ska svara inom en vecka.")
        found.crawl()
        found.site["/"] = page("Start", "Vi bör svara inom en vecka.")
        found.day()
        ((before, after),) = found.rows("SELECT capture_before, capture_after FROM page_changes")
        config = found.config.folder
    base = ("--config", config, "--archive", tmp_path / "archive.db", "annotate")
    said = archiver(*base, f"c{before}", f"c{after}", "--code", "softened", "--actor", "Eva", "--note", "ska → bör")
    assert said.code == 0, said.err
    assert archiver("--config", config, "--archive", tmp_path / "archive.db", "rebuild").code == 0

    row = archiver(*base, "--json").object
    assert (row["code"], row["scheme"], row["classes"], row["note"]) == (
        "softened",
        "governance/1",
        "edit",
        "ska → bör",
    )
    assert "A commitment" in archiver(*base, "--codes").out
    for words, told in (
        (
            (f"c{before}", f"c{after}", "--code", "soft", "--actor", "E"),
            "there is no code 'soft'; did you mean 'softened'",
        ),
        ((f"c{before}", f"c{after}", "--code", "softened"), "--actor is missing"),
        ((f"c{before}",), "two captures are wanted"),
    ):
        wrong = archiver(*base, *words)
        assert wrong.code == 2
        assert told in wrong.err
    assert archiver(*base, f"c{before}", "c99999", "--code", "softened", "--actor", "E").code == 1


def test_lists_come_as_tables_too(lived: Town) -> None:
    folder = Path(lived.config.folder).parent
    base = ("--config", folder / "config", "--archive", folder / "archive.db")

    def table(*words: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(archiver(*base, *words, "--csv").out, newline="")))

    (edit,) = [row for row in table("changes", "--class", "silent-edit") if row["url"] == f"{HOME}/regler"]
    assert (edit["removed"], edit["added"]) == ("450 kronor", "650 kronor")
    assert (edit["last_seen_before"][:10], edit["seen_after"][:10]) == ("2026-03-02", "2026-03-03")
    states = table("history", f"{HOME}/regler")
    assert [(row["revision"], row["classes"]) for row in states] == [("1", ""), ("2", "silent-edit")]
    assert [row["op"] for row in table("diff", f"{HOME}/regler")] == ["removed", "added"]
    since = archiver(*base, "history", f"{HOME}/regler", "--since", "2026-03-05", "--json").objects
    assert [row["revision"] for row in since] == [2]
