"""The frame: languages, headers, methods, the cache, and Datasette around it."""

import gc
import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from http.cookies import SimpleCookie
from importlib.resources import files
from pathlib import Path

import pytest
from benchmarks.volume import fill
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from visitor import Room

from archiver.room import application, hooks
from archiver.room.headers import _readable
from archiver.room.readers import Readers
from archiver.room.template import static
from archiver.room.told import Told, choose
from archiver.store import prepare

SOURCE = Path(__file__).parents[2] / "src"
ENGLISH, SWEDISH = "What changed", "Vad som ändrades"


def title(html: str) -> str:
    found = re.search("<title>(.*?) · archiver</title>", html)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/", {}, SWEDISH),
        ("/?lang=en", {}, ENGLISH),
        ("/", {"accept_language": "en-GB,en;q=0.9,sv;q=0.3"}, ENGLISH),
        ("/", {"accept_language": "sv-SE,sv;q=0.9,en;q=0.8"}, SWEDISH),
        ("/", {"accept_language": "de,fr;q=0.5"}, SWEDISH),
        ("/", {"cookie": "room_lang=en", "accept_language": "sv"}, ENGLISH),
        ("/?lang=sv", {"cookie": "room_lang=en"}, SWEDISH),
        ("/?lang=klingon", {}, SWEDISH),
    ],
)
def test_the_language_is_what_the_url_the_cookie_or_the_browser_says(
    room: Room, path: str, headers: dict[str, str], expected: str
) -> None:
    answer = room.get(path, **headers)
    assert title(answer.text) == expected
    assert answer.headers["content-language"] == ("en" if expected == ENGLISH else "sv")
    assert f'<html lang="{answer.headers["content-language"]}">' in answer.text


def test_a_chosen_language_is_remembered_in_a_cookie_that_scripts_cannot_read(room: Room) -> None:
    cookie = room.get("/?lang=en").headers["set-cookie"]
    assert cookie.startswith("room_lang=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "set-cookie" not in room.get("/").headers


def test_an_odd_accept_language_is_no_trouble() -> None:
    assert choose(None, None, "*;q=x, ;;;, en;q=, sv;q=0") == "en"
    assert choose(None, None, "") == "sv"


def test_both_languages_have_the_same_words_with_the_same_gaps() -> None:
    texts = {
        lang: tomllib.loads((files("archiver.room") / "words" / f"{lang}.toml").read_text("utf-8"))
        for lang in ("sv", "en")
    }
    assert texts["sv"].keys() == texts["en"].keys()
    for key, swedish in texts["sv"].items():
        assert sorted(re.findall(r"\{\w*\}", swedish)) == sorted(re.findall(r"\{\w*\}", texts["en"][key])), key


def test_every_word_of_the_templates_is_in_the_list() -> None:
    words = tomllib.loads((files("archiver.room") / "words" / "sv.toml").read_text("utf-8"))
    for template in (files("archiver.room") / "markup").iterdir():
        text = template.read_text("utf-8")
        used = set(re.findall(r"\bt\.([a-z_0-9]+)\b(?!\()", text)) - set(dir(Told))
        counted = set(re.findall(r't\.counted\("([a-z_]+)"', text))
        assert used <= words.keys(), (template.name, used - words.keys())
        assert {f"{name}_{form}" for name in counted for form in ("one", "many")} <= words.keys(), template.name


def test_every_page_answers_and_carries_the_headers(room: Room) -> None:
    wrong = {"/finns-inte-alls/x/y/z.q": 404, "/page/987654321": 404, "/?since=31-12-2026": 400}
    for path in room.routes():
        answer = room.get(path)
        assert answer.status_code == wrong.get(path, 200), path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["x-frame-options"] == "DENY"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self';" in policy, path
        if "archiver</a>" in answer.text:
            assert "unsafe-inline" not in policy


def test_what_is_not_there_says_so_in_the_readers_language(room: Room) -> None:
    assert room.get("/page/987654321").status_code == 404
    assert "Den sidan finns inte" in room.get("/page/987654321").text
    answer = room.get("/?since=31-12-2026&lang=en")
    assert answer.status_code == 400
    assert "31-12-2026" in answer.text
    assert "2026-10-31" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/archive/current_pages", "/-/anything"])
def test_the_room_is_only_read(room: Room, method: str, path: str) -> None:
    assert room.get(path, method).status_code == 405


def test_head_is_answered(room: Room) -> None:
    assert room.get("/", "HEAD").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/-/metadata.json", "/-/databases.json", "/-/plugins.json", "/-/settings.json", "/-/threads", "/-/versions.json",
     "/-/allow-debug", "/-/patterns", "/-/logout", "/-/auth-token"],
)  # fmt: skip
def test_datasettes_own_corner_is_closed(room: Room, path: str) -> None:
    assert room.get(path).status_code == 404


def test_our_files_are_named_by_their_content_and_kept_for_ever(room: Room) -> None:
    html = room.get("/").text
    for name in ("tokens", "room"):
        path = re.search(rf"/-/room/{name}\.[0-9a-f]{{12}}\.css", html)
        assert path
        answer = room.get(path[0])
        assert answer.content == static(f"{name}.css")[0]
        assert "immutable" in answer.headers["cache-control"]
    assert room.get("/-/room/secret.000000000000.css").status_code == 404


def test_a_page_that_has_not_changed_is_not_sent_again(room: Room) -> None:
    tag = room.get("/about").headers["etag"]
    answer = room.get("/about", if_none_match=tag)
    assert (answer.status_code, answer.content) == (304, b"")


def test_what_was_written_since_is_shown(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=40, pages=10)
    room = Room(application(archive))
    before = room.get("/m/9900").text
    assert "Ekvik" in before
    conn = sqlite3.connect(archive)
    conn.execute("UPDATE sources SET municipality = 'Ekvik-Norra' WHERE code = '9900'")
    conn.commit()
    conn.close()
    assert "Ekvik-Norra" in room.get("/m/9900").text


def test_a_room_that_is_gone_has_closed_its_connections(folder: Path) -> None:
    readers = Readers(fill(folder / "archive.db", captures=10, pages=10))
    conns = [readers.read(lambda conn: conn), readers.pool.submit(readers.read, lambda conn: conn).result()]
    assert conns[0] is not conns[1]
    del readers
    gc.collect()
    for conn in conns:
        with pytest.raises(sqlite3.ProgrammingError, match="closed database"):
            conn.execute("SELECT 1")


def test_an_empty_archive_has_a_room(folder: Path) -> None:
    prepare(folder / "archive.db")
    room = Room(application(folder / "archive.db"))
    for path in ("/", "/m", "/search?q=a", "/lists/gone", "/health", "/sql", "/changes.atom", "/-/health"):
        assert room.get(path).status_code == 200, path


def test_a_front_page_without_any_change_says_when_there_will_be_one(folder: Path) -> None:
    """After the first crawl the newcomer is not told of a selection that nobody made."""
    prepare(folder / "archive.db")
    room = Room(application(folder / "archive.db"))
    new = room.get("/").text
    assert "Inga ändringar än." in new
    assert "Första gången finns inget att jämföra med." in new
    assert "i det här urvalet" not in new
    assert "Inga ändringar i det här urvalet" in room.get("/?q=avgift").text


def test_the_page_about_the_archive_says_how_to_reach_whoever_answers_for_it(folder: Path) -> None:
    prepare(folder / "archive.db")
    reachable = {"about": "arkiv@exempel.se", "about_url": "https://www.exempel.se/om-arkivet"}
    said = Room(application(folder / "archive.db", metadata=reachable)).get("/about").text
    assert "Den nås här: arkiv@exempel.se" in said
    assert '<a href="https://www.exempel.se/om-arkivet"' in said
    for nobody in ({}, {"about_url": ""}):
        assert "Den nås här" not in Room(application(folder / "archive.db", metadata=nobody)).get("/about").text
    led_astray = Room(application(folder / "archive.db", metadata={"about_url": "javascript:boom()"})).get("/about")
    assert "javascript:boom" not in led_astray.text


def test_the_room_can_stand_under_another_path(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=40, pages=10)
    room = Room(application(archive, settings={"base_url": "/arkiv/"}))
    answer = room.get("/arkiv/")
    assert answer.status_code == 200
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text)
    assert links
    assert all(link.startswith("/arkiv/") for link in links)
    assert room.get("/arkiv/m/9900").status_code == 200
    assert room.get("/arkiv/archive/page_changes").status_code == 200


def test_the_plugin_is_inert_where_there_is_no_archive(folder: Path) -> None:
    other = folder / "other.db"
    conn = sqlite3.connect(other)
    conn.execute("CREATE TABLE t (a)")
    conn.close()
    application(fill(folder / "archive.db", captures=10, pages=10))  # registers the plugin
    room = Room(Datasette([str(other)]).app())
    assert "other" in room.get("/").text
    assert room.get("/other/t.json").status_code == 200
    assert room.get("/-/plugins.json").status_code == 200


def test_datasette_alone_opens_the_room_by_the_plugins_folder(folder: Path) -> None:
    plugins = files("archiver.room") / "plugins"
    archive = fill(folder / "archive.db", captures=40, pages=10)
    room = Room(Datasette([str(archive)], plugins_dir=str(plugins)).app())
    assert SWEDISH in room.get("/").text
    assert room.get("/archive/documents.json").status_code == 403


def test_the_package_names_the_plugin_for_datasette() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["entry-points"]["datasette"] == {"archiver": hooks.__name__}


def test_those_who_hold_the_file_can_open_everything(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=40, pages=10)
    metadata = {"plugins": {"archiver": {"tier": "researcher"}}}
    room = Room(Datasette([str(archive)], metadata=metadata).app())
    assert room.get("/archive/documents.json").status_code == 200
    assert room.get("/archive.json?sql=select+responsible+from+documents").status_code == 200


def test_whoever_closes_datasette_closes_the_room(folder: Path) -> None:
    archive = fill(folder / "archive.db", captures=40, pages=10)
    room = Room(Datasette([str(archive)], metadata={"allow": {"id": "root"}}).app())
    assert room.get("/").status_code == 403
    assert room.get("/search?q=avgift").status_code == 403


def test_raw_bodies_are_downloads_for_those_who_hold_the_file(room: Room, folder: Path) -> None:
    assert room.town is not None
    rows = room.town.rows(
        """SELECT b.sha256 FROM bodies b JOIN captures c ON c.body_id = b.id JOIN addresses a ON a.id = c.address_id
           WHERE a.url LIKE '%/ond' ORDER BY c.id LIMIT 1"""
    )
    digest = rows[0][0]
    assert room.get(f"/body/{digest}").status_code == 404
    copy = folder / "copy.db"
    with closing(sqlite3.connect(copy)) as conn:
        room.town.archive.reader.backup(conn)
    metadata = {"plugins": {"archiver": {"tier": "researcher"}}}
    opened = Room(Datasette([str(copy)], metadata=metadata).app())
    answer = opened.get(f"/body/{digest}")
    assert hashlib.sha256(answer.content).hexdigest() == digest
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert opened.get(f"/body/{'0' * 64}").status_code == 404
    with closing(sqlite3.connect(copy)) as conn:
        conn.execute(
            """INSERT INTO redactions (body_id, level, reason, actor, acted_at)
               SELECT id, 'withheld', 'personal-data', 'keeper', '2026-03-09T00:00:00Z' FROM bodies WHERE sha256 = ?""",
            (digest,),
        )
        conn.commit()
    assert opened.get(f"/body/{digest}").status_code == 404


def test_installed_the_plugin_is_found_by_datasette_itself(folder: Path) -> None:
    """Datasette imports what its entry points name while it is itself being imported."""
    site = folder / "site"
    info = site / "archiver-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: archiver-room-test\nVersion: 0\n")
    (info / "entry_points.txt").write_text(f"[datasette]\narchiver = {hooks.__name__}\n")
    archive = fill(folder / "archive.db", captures=20, pages=10)
    script = (
        "import sys, asyncio; from datasette.app import Datasette\n"
        "ds = Datasette([sys.argv[1]])\n"
        "answer = asyncio.run(ds.client.get('/'))\n"
        "print(answer.status_code, 'Vad som ändrades' in answer.text)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(archive)], capture_output=True, text=True, check=False, timeout=60,
        env={"PYTHONPATH": f"{site}{os.pathsep}{SOURCE}", "PYTHONIOENCODING": "utf-8", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout.split() == ["200", "True"], done.stderr[-2000:]


def test_datasette_takes_no_folder_of_ours_for_its_own() -> None:
    """From Python 3.12 on it finds `templates` and `static` beside a plugin that is a module, and puts them first."""
    names = {entry.name for entry in files("archiver.room").iterdir()}
    assert not names & {"templates", "static"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authorization", b"Basic \xff"),
        ("authorization", b"Basic a"),
        ("authorization", b"Bearer \xff"),
        ("cookie", b"a@b=c"),
        ("cookie", b"\xff\xfe=1; (x)=2"),
        ("accept-language", b"sv;q=\xb2"),
        ("accept-datetime", b"\xb2"),
        ("if-none-match", b"\xff"),
    ],
)
def test_an_odd_header_is_no_error_of_ours(room: Room, name: str, value: bytes) -> None:
    assert room.get("/", **{name: value}).status_code == 200


def test_an_odd_cookie_takes_nothing_from_the_others(room: Room) -> None:
    assert 'lang="en"' in room.get("/", cookie="a@b=c; room_lang=en; d").text


@given(st.binary(max_size=60), st.text('ab$@"\\=;, \t', max_size=30))
def test_whatever_cookies_a_browser_sends_they_can_be_read(raw: bytes, text: str) -> None:
    for value in (raw, text.encode()):
        SimpleCookie().load(_readable(b"cookie", value)[1].decode("latin-1"))
