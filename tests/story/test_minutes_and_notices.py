"""Lists of minutes and notices, asked for over loopback: read, followed, and outlived by what they listed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vendors import Hall, hall, html, meeting_town, minutes

READ = "/api/public/r01/read?hash="


@pytest.fixture
def vendor() -> Iterator[Hall]:
    """The vendor's host."""
    with hall("127.0.0.2") as found:
        yield found


def netpublicator(vendor: Hall, meetings: dict[str, str]) -> str:
    """A tree of one body: each meeting, by its id, with one document; the seed's URL."""
    root = {"id": "rot", "text": "Protokoll och kallelser", "type": "root"}
    body = {"id": "kf", "text": "Kommunfullmäktige", "type": "channel"}
    vendor[f"{READ}rot&isr=true"] = {"history": [root], "items": [body]}
    listed = [{"id": id_, "text": day, "type": "meeting"} for id_, day in meetings.items()]
    vendor[f"{READ}rot-kf&isr=false"] = {"history": [root, body], "items": listed}
    for id_, day in meetings.items():
        document = {
            "id": f"dok-{id_}",
            "text": f"Protokoll KF {day}",
            "type": "document",
            "published": f"{day}T12:00:00Z",
        }
        vendor[f"{READ}rot-kf-{id_}&isr=false"] = {"history": [root, body], "items": [document]}
        vendor[f"/api/public/r01/document/dok-{id_}?hash=rot-kf-{id_}"] = minutes(f"Kommunfullmäktige {day}")
    return f'{{url = "{vendor.url(READ)}rot&isr=true", reader = "netpublicator"}}'


def test_a_tree_of_json_is_followed_down_to_its_documents(vendor: Hall, tmp_path: Path) -> None:
    seeds = netpublicator(vendor, {"m1": "2026-01-26", "m2": "2026-02-09"})
    with meeting_town(tmp_path, seeds) as town:
        town.crawl()

        assert town.verdicts("%/document/%") == [(200, "good", "file"), (200, "good", "file")]
        assert town.rows("SELECT DISTINCT kind FROM documents ORDER BY kind") == [("listing",), ("pdf",)]
        assert town.rows("SELECT witness, said FROM hearsay WHERE url LIKE '%dok-m1%'") == [
            ("listing", "2026-01-26T12:00:00+00:00")
        ]
        assert len(vendor.asked) == 1 + 1 + 2 + 2
        assert town.rows("SELECT * FROM issues") == []


def test_what_leaves_the_window_is_asked_for_on_its_own_and_is_not_gone(vendor: Hall, tmp_path: Path) -> None:
    seeds = netpublicator(vendor, {"m1": "2026-01-26", "m2": "2026-02-09"})
    with meeting_town(tmp_path, seeds) as town:
        town.crawl()
        netpublicator(vendor, {"m2": "2026-02-09", "m3": "2026-03-16"})
        vendor.gone(f"{READ}rot-kf-m1&isr=false")
        for _ in range(4):
            vendor.asked.clear()
            town.day()

            assert "/api/public/r01/document/dok-m1?hash=rot-kf-m1" in vendor.asked

        assert town.states("%dok-m1%") == ["present"]
        assert town.states("%read?hash=rot-kf-m1%") == ["present", "gone"]
        hunks = {(h["op"], h["text"]) for change in town.changes() for h in change["hunks"]}
        assert {("removed", "2026-01-26"), ("added", "2026-03-16")} <= hunks


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"nodes": [{"uuid": "kf", "label": "Kommunfullmäktige"}]}},
        {"history": [], "items": [{"uuid": "kf", "label": "Kommunfullmäktige"}]},
        {"error": "no such reader"},
        html("Logga in", "<p>Den nya läsaren har en egen adress.</p>"),
        html("Ny läsare", '<div id="app"></div><script src="/app.js"></script>'),
    ],
)  # fmt: skip
def test_a_changed_shape_is_told_and_never_read_as_an_empty_list(vendor: Hall, tmp_path: Path, answer: object) -> None:
    with meeting_town(tmp_path, netpublicator(vendor, {"m1": "2026-01-26"})) as town:
        town.crawl()
        vendor[f"{READ}rot&isr=true"] = answer  # type: ignore[assignment]
        for _ in range(2):
            town.day()

        assert town.verdicts("%hash=rot&isr=true")[-1][1] in {"wrong-kind", "empty"}
        assert town.states("%hash=rot&isr=true") == ["present"]
        (told,) = town.issues("selectors-missed")
        assert told.startswith("the reader 'netpublicator' finds no list")
        assert vendor.base in told


def troman(vendor: Hall, meetings: list[str]) -> str:
    """A body's page with its latest meetings, each with its minutes; the seed's URL."""
    links = "".join(f'<li><a href="/mote/{id_}">Sammanträde {id_}</a></li>' for id_ in meetings)
    vendor["/organisation/kf"] = html("Kommunfullmäktige", f"<h2>Tidigare möten</h2><ul>{links}</ul>")
    for id_ in meetings:
        document = f'<ul><li><a href="/fil?id=f{id_}">{id_} - Protokoll från kommunfullmäktige.pdf</a></li></ul>'
        vendor[f"/mote/{id_}"] = html(f"Kommunfullmäktige {id_}", f"<p>Handlingar till mötet.</p>{document}")
        vendor[f"/fil?id=f{id_}"] = minutes(f"Kommunfullmäktige {id_}")
    return f'{{url = "{vendor.url("/organisation/kf")}", reader = "troman"}}'


def test_a_meeting_that_drops_out_of_the_list_takes_none_of_its_minutes_along(vendor: Hall, tmp_path: Path) -> None:
    with meeting_town(tmp_path, troman(vendor, ["a", "b", "c"])) as town:
        town.crawl()

        assert town.verdicts("%/fil?id=%") == [(200, "good", "file")] * 3
        assert {row[2] for row in town.verdicts("%/mote/%")} == {"page"}
        troman(vendor, ["b", "c", "d"])
        vendor.gone("/mote/a")
        for _ in range(4):
            vendor.asked.clear()
            town.day()
            assert "/fil?id=fa" in vendor.asked

        assert town.states("%/fil?id=fa") == ["present"]
        assert town.states("%/mote/a") == ["present", "gone"]
        assert town.states("%/fil?id=fd") == ["present"]
        assert town.issues("selectors-missed") == []


def test_a_seed_of_meetings_without_one_is_told(vendor: Hall, tmp_path: Path) -> None:
    seeds = troman(vendor, ["a"])
    vendor["/organisation/kf"] = html("Kommunfullmäktige", "<p>Läs mer i vår nya tjänst.</p>")
    with meeting_town(tmp_path, seeds) as town:
        town.crawl()
        town.day()

        (told,) = town.issues("selectors-missed")
        assert told.startswith("the reader 'troman' finds no meeting and no file on http://127.0.0.2:")
        assert town.verdicts("%/organisation/kf")[0][1] == "good"


def test_a_notice_board_that_a_script_fills_is_read_from_what_the_script_asks_for(vendor: Hall, tmp_path: Path) -> None:
    shell = '<p>Laddar…</p><div id="app"></div><script src="/bundles/board.js"></script>'
    vendor["/digital-bulletin-board"] = html("Digital anslagstavla", shell)
    api = "/api/dbb/v1.0/announcements"
    notices = [{"Id": f"n{n}", "Title": f"Justerat protokoll {n}", "StartDate": "2026-02-20"} for n in range(3)]
    first, second = f"{api}/published?pageNumber=1", f"{api}/published?pageNumber=2"
    vendor[f"{first}&pageSize=500&manageableOnly=false"] = {"Items": notices[:2], "TotalPages": 2}
    vendor[f"{second}&pageSize=500&manageableOnly=false"] = {"Items": notices[2:], "TotalPages": 2}
    for notice in notices[:2]:
        file = {"FileName": "Protokoll.pdf", "DownloadUrl": f"/filer/{notice['Id']}"}
        vendor[f"{api}/{notice['Id']}"] = {**notice, "Description": "<p>Nämnden.</p><p>§ 4</p>", "Files": [file]}
        vendor[f"/filer/{notice['Id']}"] = minutes("Nämnden")
    vendor[f"{api}/n2"] = {**notices[2], "Description": "Det sista anslaget."}
    seeds = f'{{url = "{vendor.url("/digital-bulletin-board")}", reader = "meetingsplus"}}'
    with meeting_town(tmp_path, seeds) as town:
        town.crawl()

        assert f"{api}/n2" in vendor.asked
        assert town.verdicts("%/filer/%") == [(200, "good", "file")] * 2
        texts = town.rows("SELECT text FROM passages")
        assert ("§ 4",) in texts
        assert ("Det sista anslaget.",) in texts


def test_meetings_in_html_keep_all_they_hold_and_give_their_files(vendor: Hall, tmp_path: Path) -> None:
    meeting = "/committees/kommunfullmaktige/mote-2026-02-09"
    vendor["/committees/kommunfullmaktige"] = html("Kommunfullmäktige", f'<a href="{meeting}">2026-02-09</a>')
    file = f"{meeting}/protocol/protokoll-kf-20260209pdf?downloadMode=open"
    vendor[meeting] = html("Möte 2026-02-09", f'<p>Plats: Torget 1</p><a href="{file}">Öppna protokoll</a>')
    vendor[file] = minutes("Kommunfullmäktige")
    seeds = f'{{url = "{vendor.url("/committees/kommunfullmaktige")}", reader = "meetingsplus"}}'
    with meeting_town(tmp_path, seeds) as town:
        town.crawl()

        assert town.verdicts("%downloadMode=open") == [(200, "good", "file")]
        assert ("Plats: Torget 1",) in town.rows("SELECT text FROM passages")
        assert town.issues("selectors-missed") == []


def test_answers_of_ciceron_that_come_by_get_lead_to_its_files(vendor: Hall, tmp_path: Path) -> None:
    inner = '{"documents": [{"name": "Protokoll KF", "id": 77, "filename_b64": "cHJvdG9rb2xsLnBkZg=="}], "items": []}'
    vendor["/json/moten"] = {"jsonrpc": "2.0", "result": {"value": inner}}
    vendor["/download/document?filename=cHJvdG9rb2xsLnBkZg%3D%3D&id=77"] = minutes("Kommunfullmäktige")
    with meeting_town(tmp_path, f'{{url = "{vendor.url("/json/moten")}", reader = "ciceron"}}') as town:
        town.crawl()

        assert town.verdicts("%/download/document%") == [(200, "good", "file")]


def test_the_shell_of_ciceron_is_told_and_is_no_empty_list(vendor: Hall, tmp_path: Path) -> None:
    vendor["/"] = '<html><body><div ng-view></div><script src="/iciceronsok.js"></script></body></html>'
    with meeting_town(tmp_path, f'{{url = "{vendor.url("/")}", reader = "ciceron"}}') as town:
        town.crawl()

        assert town.verdicts("%/") == [(200, "wrong-kind", "page")]
        assert town.issues("selectors-missed") != []


def test_files_that_a_vendor_keeps_are_in_scope_where_a_seed_names_its_host(vendor: Hall, tmp_path: Path) -> None:
    with hall("127.0.0.3") as stranger, hall("127.0.0.1") as own:
        netpublicator(vendor, {"m1": "2026-01-26"})
        vendor["/api/public/r01/document/annat?hash=rot"] = minutes("En bilaga")
        listed = [vendor.url("/api/public/r01/document/annat?hash=rot"), stranger.url("/fil.pdf")]
        links = "".join(f'<li><a href="{url}" download>Bilaga</a></li>' for url in listed)
        own["/protokoll"] = html("Protokoll", f"<ul>{links}</ul>")
        seeds = f'"{own.url("/protokoll")}", {netpublicator(vendor, {"m1": "2026-01-26"})}'
        with meeting_town(tmp_path, seeds) as town:
            town.crawl()

            assert town.verdicts("%/document/annat%") == [(200, "good", "file")]
            assert stranger.asked == []


def test_a_list_that_is_gone_takes_none_of_its_files_along(tmp_path: Path) -> None:
    with hall() as own:
        files = [f"/download/protokoll-{n}.pdf" for n in range(7)]
        for file in files:
            own[file] = minutes(f"Protokoll {file}")
        links = "".join(f'<li><a href="{file}">Protokoll</a></li>' for file in files)
        own["/protokoll/2022"] = html("Protokoll 2022", f"<ul>{links}</ul>")
        with meeting_town(tmp_path, f'"{own.url("/protokoll/2022")}"') as town:
            town.crawl()
            own.gone("/protokoll/2022", 410)
            for _ in range(3):
                own.asked.clear()
                town.day()
                assert set(files) <= set(own.asked)

            assert town.states("%/protokoll/2022") == ["present", "gone"]
            assert town.states("%.pdf") == ["present"]
            assert town.rows("SELECT count(*) FROM disappearances") == [(1,)]
