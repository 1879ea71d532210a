"""Alerts: who is told what, once; whatever fails, crashes or is read anew in between."""

import asyncio
import json
import shutil
import sqlite3
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from program import archiver
from structlog.testing import capture_logs

from archive import ARCHIVER, HOME, SOURCE, Town, town, write_config
from archiver.alerts import Report, Round
from archiver.alerts import rounds as rounds_module
from archiver.alerts.compose import Letter
from archiver.alerts.outcomes import PATIENCE, Outcome, Refused, Sent, Unsure
from archiver.alerts.receivers import Receiver
from archiver.asking.asked import Inquiry
from archiver.asking.selection import Selection, chosen
from archiver.config import load
from archiver.crawl import Tools
from archiver.model import Alert, Rhythm, Wanted
from archiver.schedule import Service
from archiver.store import alerting, open_archive
from clock import Clock
from histories import Editor, History, histories
from pretend import page
from sinks import MailSink, WebSink, sink

ALERT = Alert("allt", "Allt", to=("red@exempel.se",))
PAST = replace(ALERT, since="2020-01-01")


class Crash(BaseException):
    """The program ends, here."""


@dataclass
class Box:
    """Takes what is sent, or does what the script says: an outcome, or a crash before or after it arrived."""

    script: deque[Any] = field(default_factory=deque)
    arrived: list[tuple[str, Letter]] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    look: Callable[[], None] = lambda: None

    def send(self, receiver: Receiver, letter: Letter, alert: Alert, now: datetime) -> Outcome:
        self.tries.append(letter.key)
        self.look()
        step = self.script.popleft() if self.script else Sent()
        if step == "crash-before":
            raise Crash
        if step in ("crash-after", "lost-answer") or isinstance(step, Sent):
            self.arrived.append((receiver.to, letter))
        if step == "crash-after":
            raise Crash
        return Unsure("no answer") if step in ("lost-answer", "lost") else step

    @property
    def told(self) -> list[str]:
        """The comparisons that arrived, in order."""
        return [c for _, letter in self.arrived for c in comparisons(letter)]


def comparisons(letter: Letter) -> list[str]:
    found = json.loads(letter.payload)["changes"]
    return [f"{c['url'].removeprefix(HOME)} {c['capture_before']}..{c['capture_after']}" for c in found]


def run(exempel: Town, box: Box, *alerts: Alert) -> Report:
    return Round(exempel.archive, exempel.config, box, exempel.clock).run(alerts or (ALERT,))[-1]


def begin(exempel: Town) -> None:
    exempel.site["/"] = page("Kommun och politik", "Välkommen.", links=[("/a", "A"), ("/b", "B")])
    exempel.site["/a"] = page("Avgifter", "Avgiften är 420 kronor.", updated="2019-11-08")
    exempel.site["/b"] = page("Nämnden", "Nämnden har nio ledamöter.")
    exempel.crawl()


def edit(exempel: Town, fee: int = 440) -> None:
    exempel.site["/a"] = page("Avgifter", f"Avgiften är {fee} kronor.", updated="2019-11-08")
    exempel.day()


def states(exempel: Town) -> dict[str, int]:
    return dict(exempel.rows("SELECT state, count(*) FROM alert_messages GROUP BY state"))


# Once ------------------------------------------------------------------------------------------------


def test_a_change_is_told_once_and_nothing_of_the_past(exempel: Town) -> None:
    box = Box()
    begin(exempel)
    edit(exempel)
    run(exempel, box)
    assert box.told == []

    edit(exempel, 460)
    run(exempel, box)
    run(exempel, box)
    assert [told.partition(" ")[0] for told in box.told] == ["/a"]
    assert "Avgiften är 460 kronor." in box.arrived[0][1].text

    edit(exempel, 480)
    run(exempel, box)
    assert len(box.told) == 2


def test_since_says_how_far_back_the_first_look_goes(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    edit(exempel, 460)
    assert len(exempel.changes()) == 2
    second = exempel.changes()[1]["window"]["seen_after"][:10]
    box, all_of_it = Box(), Box()
    run(exempel, box, replace(ALERT, since=second))
    run(exempel, all_of_it, replace(PAST, name="annan"))
    assert (len(box.told), len(all_of_it.told)) == (1, 2)


def test_each_receiver_gets_a_message_of_their_own(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box()
    run(exempel, box, replace(PAST, to=("a@exempel.se", "b@exempel.se")))
    assert [to for to, _ in box.arrived] == ["a@exempel.se", "b@exempel.se"]
    assert len({letter.key for _, letter in box.arrived}) == 2


def test_two_alerts_tell_the_same_change_each(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box()
    run(exempel, box, PAST, replace(PAST, name="annan"))
    assert len(box.told) == 2


def test_a_run_that_goes_on_is_looked_at_when_it_is_over(exempel: Town) -> None:
    begin(exempel)
    box = Box()
    run(exempel, box)
    exempel.site["/a"] = page("Avgifter", "Avgiften är 999 kronor.", updated="2019-11-08")
    exempel.clock.advance(days=1.2)
    exempel.fetch, real = _watching(exempel, lambda: run(exempel, box)), exempel.fetch
    exempel.crawl()
    exempel.fetch = real
    assert box.told == []
    assert exempel.rows("SELECT count(*) FROM alert_runs") == [(1,)]
    run(exempel, box)
    assert len(box.told) == 1
    assert exempel.rows("SELECT count(*) FROM alert_runs") == [(0,)]


def _watching(exempel: Town, look: Callable[[], object]) -> Callable[..., Any]:
    async def fetch(request: Any, *, private: bool = False) -> Any:
        found = await exempel.site.fetch(request)
        look()
        return found

    return fetch


def test_a_page_that_is_gone_is_told_when_it_is_certain(exempel: Town) -> None:
    begin(exempel)
    box = Box()
    run(exempel, box)
    exempel.site.gone("/b", 410)
    for _ in range(5):
        exempel.day()
        run(exempel, box)
    assert len(box.told) == 1
    assert "Sidan är borta." in box.arrived[0][1].text


def test_what_happened_on_many_pages_at_once_is_told_once(exempel: Town) -> None:
    pages = [f"/p{n}" for n in range(40)]
    exempel.site["/"] = page("Start", "Hej.", links=[(path, path) for path in pages])
    for path in pages:
        exempel.site[path] = page(f"Sida {path}", f"Text om {path}.", "Ring växeln på 0123-100 00.")
    exempel.crawl()
    box = Box()
    run(exempel, box)
    for path in pages:
        exempel.site[path] = page(f"Sida {path}", f"Text om {path}.", "Ring växeln på 0123-200 00.")
    exempel.day()
    run(exempel, box)
    assert len(box.told) == 1
    assert "Samma ändring på 40 sidor" in box.arrived[0][1].text


# Whatever is read anew -------------------------------------------------------------------------------


def test_a_rebuild_tells_nothing_again(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box()
    run(exempel, box, PAST)
    before = list(box.told)
    exempel.rebuild()
    run(exempel, box, PAST)
    assert box.told == before
    edit(exempel, 500)
    run(exempel, box, PAST)
    assert len(box.told) == len(before) + 1


def test_what_a_mended_rule_finds_in_old_runs_is_no_news(exempel: Town, tmp_path: Path) -> None:
    def rules(old: str, new: str) -> None:
        path = tmp_path / "config" / "profiles" / "sitevision.toml"
        path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
        exempel.config = load(tmp_path / "config")
        exempel.source = exempel.config.sources["exempelkoping"]

    blind, seeing = 'drop    = [".env-box", "nav"', 'drop    = ["nav"'
    box = '<div class="env-box"><p>Gäller {} förvaltningar.</p></div>'
    rules(seeing, blind)
    exempel.site["/"] = page("Riktlinjer", "Högst 450 kronor.", box.format("alla"))
    exempel.crawl()
    told = Box()
    run(exempel, told)
    exempel.site["/"] = page("Riktlinjer", "Högst 450 kronor.", box.format("några"))
    exempel.day()
    run(exempel, told)
    assert exempel.changes() == []

    rules(blind, seeing)
    exempel.rebuild()
    run(exempel, told)
    assert len(exempel.changes()) == 1
    assert told.told == []


def test_a_change_that_another_reading_bounds_differently_is_the_same(exempel: Town) -> None:
    begin(exempel)
    for _ in range(2):
        exempel.day()
    edit(exempel)
    (revision,) = [row[0] for row in exempel.rows("SELECT id FROM revisions WHERE number > 1")]
    before, after = exempel.rows(
        """SELECT b.first_capture, r.first_capture FROM revisions r JOIN revisions b ON b.page_id = r.page_id
           AND b.number = r.number - 1 WHERE r.id = ?""", revision,
    )[0]  # fmt: skip
    told = alerting.Told(before, after)  # as from an earlier capture of the old state
    progress, at = alerting.Progress(exempel.clock.now(), 0), "2026-03-05T00:00:00Z"
    assert len(alerting.untold(exempel.archive.reader, "allt", {revision: at})) == 1
    exempel.archive.write(lambda conn: alerting.advance(conn, "allt", progress, (), [alerting.Found(told, at)]))
    assert alerting.untold(exempel.archive.reader, "allt", {revision: at}) == []


def _call_it_ours(exempel: Town) -> None:
    sql = """INSERT INTO change_classes (revision_id, class, reason)
             SELECT id, 'technical', '' FROM revisions WHERE number > 1"""
    exempel.archive.write(lambda conn: conn.execute(sql).rowcount)


def test_a_technical_change_is_never_told(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    _call_it_ours(exempel)
    box = Box()
    run(exempel, box, PAST)
    assert box.told == []


def test_a_change_that_is_none_any_more_when_its_hour_comes_is_dropped(exempel: Town) -> None:
    begin(exempel)
    box = Box()
    daily = replace(ALERT, rhythm=Rhythm("day", time(7)))
    run(exempel, box, daily)
    edit(exempel)
    run(exempel, box, daily)
    assert exempel.rows("SELECT count(*) FROM alert_changes WHERE batch IS NULL") == [(1,)]
    _call_it_ours(exempel)
    exempel.clock.advance(days=1)
    run(exempel, box, daily)
    assert (box.told, states(exempel)) == ([], {"dropped": 1})


# When ------------------------------------------------------------------------------------------------


def test_a_daily_alert_tells_at_its_hour_what_was_found_before_it(exempel: Town) -> None:
    box = Box()
    daily = replace(ALERT, rhythm=Rhythm("day", time(7)))
    begin(exempel)
    run(exempel, box, daily)
    edit(exempel)  # 3 March, 11:48 in Stockholm
    run(exempel, box, daily)
    exempel.clock.advance(hours=19)  # 06:48
    run(exempel, box, daily)
    assert box.told == []
    exempel.clock.advance(minutes=13)
    run(exempel, box, daily)
    run(exempel, box, daily)
    assert len(box.told) == 1


def test_an_hour_that_was_missed_is_made_up_for_in_one_message(exempel: Town) -> None:
    box = Box()
    daily = replace(ALERT, rhythm=Rhythm("day", time(7)))
    begin(exempel)
    run(exempel, box, daily)
    for fee in (440, 470):
        edit(exempel, fee)
    exempel.clock.advance(days=9)
    edit(exempel, 490)  # after the last 07:00: for the next one
    run(exempel, box, daily)
    assert [len(comparisons(letter)) for _, letter in box.arrived] == [2]
    exempel.clock.advance(days=1)
    run(exempel, box, daily)
    assert [len(comparisons(letter)) for _, letter in box.arrived] == [2, 1]


def test_more_than_a_message_holds_are_several(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "BATCH", 2)
    begin(exempel)
    for fee in (440, 460, 480):
        edit(exempel, fee)
    box = Box()
    run(exempel, box, PAST)
    assert [len(comparisons(letter)) for _, letter in box.arrived] == [2, 1]


# Whatever fails --------------------------------------------------------------------------------------


def test_what_is_refused_is_tried_again_with_the_same_key_and_then_given_up(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box(deque([Refused("no")] * 99))
    run(exempel, box, PAST)
    run(exempel, box, PAST)
    assert len(box.tries) == 1  # not before its time
    for span in PATIENCE:
        exempel.clock.advance(seconds=span.total_seconds())
        report = run(exempel, box, PAST)
    assert len(box.tries) == len(PATIENCE) + 1
    assert len(set(box.tries)) == 1
    assert report.needs_a_person
    exempel.clock.advance(days=30)
    run(exempel, box, PAST)
    assert len(box.tries) == len(PATIENCE) + 1
    (health,) = alerting.health(exempel.archive.reader)
    assert (health["failed"], health["trouble"]) == (1, "no; given up after 9 tries")


@pytest.mark.parametrize("crash", ["crash-before", "crash-after"])
def test_after_a_crash_nothing_is_sent_again_unless_a_person_says_so(exempel: Town, crash: str) -> None:
    begin(exempel)
    edit(exempel)
    box = Box(deque([crash]))
    with pytest.raises(Crash):
        run(exempel, box, PAST)
    report = run(exempel, box, PAST)
    assert (report.states, report.needs_a_person) == ({"unsure": 1}, True)
    exempel.clock.advance(days=30)
    run(exempel, box, PAST)
    assert len(box.tries) == 1

    exempel.archive.write(lambda conn: alerting.again(conn, "allt", exempel.clock.now()))
    run(exempel, box, PAST)
    assert len(box.tries) == 2
    assert len(set(box.tries)) == 1
    assert states(exempel) == {"sent": 1}


def test_one_that_ends_the_program_every_time_is_given_up_too(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box(deque(["crash-before"] * 99))
    for _ in range(40):
        with suppress(Crash):
            run(exempel, box, replace(PAST, at_least_once=True))
        exempel.clock.advance(days=2)
    assert len(box.tries) == len(PATIENCE) + 1
    assert states(exempel) == {"failed": 1}


def test_one_that_cannot_be_written_holds_up_no_other(exempel: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "BATCH", 1)
    begin(exempel)
    for fee in (440, 460):
        edit(exempel, fee)
    real, calls = rounds_module.written, []

    def written(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("a bug of ours")
        return real(*args)

    monkeypatch.setattr(rounds_module, "written", written)
    box = Box()
    with pytest.raises(KeyError):
        run(exempel, box, PAST)
    run(exempel, box, PAST)
    assert states(exempel) == {"unsure": 1, "sent": 1}


def test_who_would_rather_be_told_twice_is(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    twice = replace(PAST, at_least_once=True)
    box = Box(deque(["crash-after", "lost-answer"]))
    with pytest.raises(Crash):
        run(exempel, box, twice)
    for _ in range(3):
        exempel.clock.advance(days=1)
        run(exempel, box, twice)
    assert len(box.arrived) == 3
    assert len(set(box.tries)) == 1


def test_that_a_message_leaves_is_on_the_disk_before_its_first_byte(exempel: Town, monkeypatch: Any) -> None:
    begin(exempel)
    edit(exempel)
    seen: list[object] = []
    monkeypatch.setattr(exempel.archive, "harden", lambda: seen.append("hardened"))

    def look() -> None:
        with closing(sqlite3.connect(exempel.archive.path)) as other:
            seen.extend(other.execute("SELECT state, tries FROM alert_messages").fetchall())

    run(exempel, Box(look=look), PAST)
    assert seen == ["hardened", ("sending", 1)]


def test_what_waits_for_somebody_who_is_told_no_longer_is_dropped(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    box = Box(deque([Refused("no")]))
    run(exempel, box, PAST)
    exempel.clock.advance(days=1)
    run(exempel, box, replace(PAST, to=("ny@exempel.se",)))
    assert (box.told, states(exempel)) == ([], {"dropped": 1})


STEPS = ["sent", "refused", "hopeless", "lost", "lost-answer", "crash-before", "crash-after"]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of three edits, and its configuration."""
    folder = tmp_path_factory.mktemp("lived")
    with town(folder) as found:
        begin(found)
        for fee in (440, 460, 480):
            edit(found, fee)
    return folder


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=25), st.booleans())
def test_never_twice_and_never_lost_without_a_word(
    lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: list[str], reopens: bool
) -> None:
    """Whatever fails: nobody gets a change twice, and who does not get it is told of to the operator."""
    monkeypatch.setattr(rounds_module, "BATCH", 2)
    path = tmp_path / "archive.db"
    for name in (path, tmp_path / "archive.db-wal", tmp_path / "archive.db-shm"):
        name.unlink(missing_ok=True)
    shutil.copy(lived / "archive.db", path)
    real = {"sent": Sent(), "refused": Refused("no"), "hopeless": Refused("no", hopeless=True)}
    box, clock = Box(deque(real.get(step, step) for step in steps)), Clock("2026-04-01 06:00")
    alert = replace(PAST, to=("a@exempel.se", "b@exempel.se"))
    config = load(lived / "config")
    archive = open_archive(path)
    for _ in range(len(steps) + 12):
        try:
            Round(archive, config, box, clock).run([alert])
        except Crash:
            if reopens:
                archive.close()
                archive = open_archive(path)
        clock.advance(hours=13)
    got = Counter((to, told) for to, letter in box.arrived for told in comparisons(letter))
    left = archive.reader.execute("SELECT receiver, state, batch FROM alert_messages WHERE state <> 'sent'").fetchall()
    archive.close()

    assert set(got.values()) <= {1}
    assert {state for _, state, _ in left} <= {"unsure", "failed"}
    names = {Receiver("mail", to).name: to for to in alert.to}
    missing = sum((2 if batch == 1 else 1) for _, _, batch in left) + sum(got.values())
    assert missing >= 6  # three changes, two receivers: each arrived, or is among those that a person hears of
    assert {names[receiver] for receiver, _, _ in left} <= set(alert.to)


# Which -----------------------------------------------------------------------------------------------


def _shown(exempel: Town, start: str) -> set[tuple[int, int]]:
    """What the front page shows of changes seen since the start, flaps too: by their captures."""
    ask = Inquiry(exempel.archive.reader, exempel.clock.now())
    rows = exempel.rows(
        """SELECT r.id, b.last_capture, r.first_capture FROM revisions r
           JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1 WHERE r.first_seen >= ?""", start,
    )  # fmt: skip
    wanted = set(chosen(ask, Selection(noise=True), 10_000))
    return {(before, after) for number, before, after in rows if number in wanted}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.lists(st.sampled_from(["look", "", "rebuild"]), min_size=6, max_size=6))
def test_day_by_day_it_tells_all_that_the_front_page_shows_in_the_end_and_each_once(
    history: History, looks: list[str]
) -> None:
    """However often it looks, and whatever is rebuilt in between: nothing is lost and nothing told twice."""
    alert, box = replace(ALERT, wanted=Wanted(noise=True)), Box()
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as exempel:
        editor = Editor(exempel.site, history.pages)
        exempel.crawl()
        run(exempel, box, alert)
        start = f"{exempel.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        for day, look in zip((*history.days, (), ()), looks, strict=False):
            for operation in day:
                editor.do(operation)
            exempel.day()
            if look == "rebuild":
                exempel.rebuild()
            if look:
                run(exempel, box, alert)
        exempel.day(days=5)
        run(exempel, box, alert)
        told = [(c["capture_before"], c["capture_after"]) for _, letter in box.arrived
                for c in json.loads(letter.payload)["changes"]]  # fmt: skip
        assert len(told) == len(set(told))
        assert set(told) == _shown(exempel, start)


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [
        (Wanted(), Selection()),
        (Wanted(classes=("silent-edit",)), Selection(classes=("silent-edit",))),
        (Wanted(words="avgift*", op="added"), Selection(words="avgift*", op="added")),
        (Wanted(words="kronor", weight=3), Selection(words="kronor", weight=3)),
        (Wanted(source="exempelkoping", county="Exempellän"), Selection(source="exempelkoping", county="Exempellän")),
        (Wanted(kinds=("updated",)), Selection(kinds=("updated",))),
        (Wanted(words="finns inte"), Selection(words="finns inte")),
    ],
)
def test_an_alert_tells_what_the_front_page_shows(exempel: Town, wanted: Wanted, asked: Selection) -> None:
    begin(exempel)
    edit(exempel)
    exempel.site["/b"] = page("Nämnden", "Nämnden har tolv ledamöter.", updated="2026-03-04")
    edit(exempel, 470)
    box = Box()
    run(exempel, box, replace(PAST, wanted=wanted))
    ids = chosen(Inquiry(exempel.archive.reader, exempel.clock.now()), asked, 99)
    shown = [row["capture_after"] for row in exempel.changes() if row["revision_id"] in ids] if ids else []
    assert sorted(int(told.rpartition(".")[2]) for told in box.told) == sorted(shown)


def test_an_alert_may_be_of_one_page(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    of_a, of_b, of_none = Box(), Box(), Box()
    run(exempel, of_a, replace(PAST, wanted=Wanted(page=f"{HOME}/a")))
    run(exempel, of_b, replace(PAST, name="b", wanted=Wanted(page=f"{HOME}/b")))
    run(exempel, of_none, replace(PAST, name="c", wanted=Wanted(page=f"{HOME}/finns-inte")))
    assert (len(of_a.told), len(of_b.told), len(of_none.told)) == (1, 0, 0)


def test_no_name_of_those_who_came_or_went_leaves(exempel: Town) -> None:
    table = "<table><tr><th>Roll</th><th>Namn</th></tr><tr><td>Ordförande</td><td>{}</td></tr></table>"
    exempel.site["/"] = page("Kommunstyrelsen", table.format("Ada Prov"))
    exempel.crawl()
    exempel.site["/"] = page("Kommunstyrelsen", table.format("Bo Prov"))
    exempel.day()
    box = Box()
    run(exempel, box, PAST)
    ((_, letter),) = box.arrived
    assert "Ordförande" in letter.text
    for part in (letter.subject, letter.text, letter.html, letter.payload.decode()):
        assert "Prov" not in part


def test_the_archive_keeps_neither_an_address_nor_a_word(exempel: Town) -> None:
    begin(exempel)
    edit(exempel)
    run(exempel, Box(), PAST)
    kept = [
        row for table in ("alerts", "alert_changes", "alert_messages") for row in exempel.rows(f"SELECT * FROM {table}")
    ]
    assert "exempel.se" not in str(kept)
    assert "kronor" not in str(kept)


# The service -----------------------------------------------------------------------------------------


def _tools(exempel: Town) -> Tools:
    return Tools(exempel.archive, exempel.config, exempel.fetch, exempel.pool, exempel.clock, chance=lambda: 0.5)  # type: ignore[arg-type]


def test_the_service_sends_after_a_crawl_and_one_alert_that_fails_stops_no_other(exempel: Town) -> None:
    begin(exempel)
    box = Box()
    run(exempel, box)
    exempel.site["/a"] = page("Avgifter", "Avgiften är 600 kronor.", updated="2019-11-08")
    exempel.clock.advance(days=1.2)
    rounds = Round(exempel.archive, exempel.config, box, exempel.clock)

    def broken(stopping: Callable[[], bool]) -> None:
        raise ValueError("a bug of ours")

    async def serve() -> None:
        service = Service(_tools(exempel), ("exempelkoping",), lambda _: None,
                          {"broken": broken, "allt": lambda stopping: rounds.run([ALERT], stopping)})  # fmt: skip
        serving = asyncio.create_task(service.serve(tick=0.02, jitter=None))
        for _ in range(500):
            if box.told:
                break
            await asyncio.sleep(0.01)
        service.stop()
        await asyncio.wait_for(serving, 5)

    with capture_logs() as logs:
        asyncio.run(serve())
    assert len(box.told) == 1
    errors = [(line["event"], line["alert"]) for line in logs if line["log_level"] == "error"]
    assert errors == [("alert failed", "broken")]  # and was left alone then


# The command -----------------------------------------------------------------------------------------


@pytest.fixture
def configured(tmp_path: Path, lived: Path) -> Any:
    """The lived archive, with an alert that mails to a sink and posts to another."""
    with sink(MailSink) as mails, sink(WebSink) as web:
        ours = (
            ARCHIVER
            + f"""
[room]
url = "https://arkiv.example/"
[mail]
server = "127.0.0.1"
port = {mails.port}
tls = "none"
"""
        )
        config = write_config(tmp_path, SOURCE, ours)
        (config / "alerts").mkdir()
        (config / "alerts" / "allt.toml").write_text(
            f'since = 2020-01-01\nto = ["red@exempel.se"]\n[[webhook]]\nurl = "{web.url}"\nsecret_env = "HOOK_KEY"\n'
        )
        shutil.copy(lived / "archive.db", tmp_path / "archive.db")
        yield ["--config", config, "alert"], mails, web


def test_send_tells_and_status_and_list_say_how_it_went(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alert, mails, web = configured
    assert archiver(*alert, "send").code == 2  # the environment has no HOOK_KEY
    monkeypatch.setenv("HOOK_KEY", "hemlig")
    shown = archiver(*alert, "send", "--dry-run")
    assert "https://arkiv.example/compare/" in shown.out
    assert mails.mails == []

    web.rude.append(503)
    said = archiver(*alert, "send", "--json")
    assert said.object == {"alert": "allt", "sent": 1, "due": 1}
    assert [mail["subject"] for mail in mails.mails] == ["allt: 3 ändringar"]
    assert archiver(*alert, "send", "--dry-run").out == "allt: nothing to tell\n"

    (row,) = archiver(*alert, "list", "--json").objects
    assert (row["when"], row["mail"], row["webhooks"], row["due"], row["sent"]) == ("at once", 1, 1, 1, 1)
    assert row["trouble"] == "the webhook answered 503"
    status = archiver(*alert[:2], "status")
    assert "alert allt: 1 message to be sent (the webhook answered 503)" in status.out
    metrics = archiver(*alert[:2], "status", "--metrics").out
    assert 'archiver_alert_due{alert="allt"} 1' in metrics


def test_what_was_given_up_is_said_and_can_be_sent_again_or_dropped(
    configured: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert, mails, web = configured
    monkeypatch.setenv("HOOK_KEY", "hemlig")
    web.rude.append(410)
    mails.is_rude("RCPT", 550)
    said = archiver(*alert, "send")
    assert (said.code, said.out) == (1, "allt: 2 given up\n")
    assert "2 messages given up; `archiver alert send --again` or `drop`" in archiver(*alert[:2], "status").out
    mails.is_rude("RCPT", 550)
    assert archiver(*alert, "send", "--again").code == 1
    assert (len(mails.mails), len(web.posts)) == (0, 1)
    assert archiver(*alert, "drop", "allt").out == "allt: 1 dropped\n"
    assert "given up" not in archiver(*alert[:2], "status").out


def test_a_test_is_sent_and_says_so(configured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alert, mails, web = configured
    monkeypatch.setenv("HOOK_KEY", "hemlig")
    printed = archiver(*alert, "test", "allt", "--dry-run")
    assert printed.out.startswith("[prov] Exempelköping: Avgifter inom omsorgen")
    said = archiver(*alert, "test", "allt")
    assert (said.code, said.out) == (0, f"mail red@exempel.se: sent\nwebhook {web.url}: sent\n")
    assert "Ett prov: inget av detta har hänt." in mails.mails[0].get_body(("plain",)).get_content()
    assert json.loads(web.posts[0][1])["test"] is True
    web.rude.append(500)
    assert archiver(*alert, "test", "allt").code == 1
    assert archiver(*alert, "test", "allr").code == 2


def test_check_counts_alerts_and_says_what_the_environment_lacks(configured: Any) -> None:
    alert, _, _ = configured
    said = archiver(*alert[:2], "check")
    assert said.code == 0
    assert "1 alert. No mistakes." in said.out
    assert (
        said.err
        == "Before alerts can be sent: alerts/allt.toml: webhook #1.secret_env: the environment has no HOOK_KEY\n"
    )


def test_the_service_does_not_start_without_what_its_alerts_need(configured: Any) -> None:
    alert, _, _ = configured
    said = archiver(*alert[:2], "run")
    assert said.code == 2
    assert "the environment has no HOOK_KEY" in said.err
