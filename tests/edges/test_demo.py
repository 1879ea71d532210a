"""The demonstration's towns: what they show, that the script fits its pages, and the server's manners."""

import gzip
import http.client
import re
import tomllib
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from archiver.demo import EDITS, LAST_DAY, TOWNS, Page, Towns, date_of, pages_on, serve, visits
from archiver.demo.script import Announce

BASE = "http://127.0.0.1:8000"
SERVED = ("/robots.txt", "/sitemap.xml", "/assets/stil.css", "/assets/bild.svg")
CLASSES = {
    "edit", "silent-edit", "touch", "date-regression", "backdated-publication", "disappearance", "return", "personnel",
    "replaced-document", "unlinked-document",
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Towns]:
    with serve() as towns:
        yield towns


@pytest.fixture
def towns(running: Towns) -> Towns:
    running.day = 1
    return running


def ask(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request(method, parts.path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        return reply.status, {k.lower(): v for k, v in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def words(page: Page) -> str:
    """What stands between the tags of the main element, ids and banners aside."""
    main = re.search(r"(?s)<main.*?</main>", page.body.decode())
    assert main
    return re.sub(r"<[^>]*>", " ", main[0])


@pytest.mark.parametrize("town", TOWNS)
def test_every_link_of_a_town_is_answered_or_meant_to_fail(town: str) -> None:
    meant = {"/intranat/start", "/kommun-och-politik/ungdomsradet", "/kommun-politik/arkiv/"}
    pages = pages_on(town, 1, BASE)
    links = {h for p in pages.values() for h in re.findall(r'href="(/[^"#]*)"', p.body.decode("utf-8", "replace"))}
    assert links - set(pages) <= meant
    targets = {urlsplit(dict(p.headers)["Location"]).path for p in pages.values() if p.status == 301}
    assert targets <= set(pages)
    assert all(
        p.startswith("/assets/") or p in links or p in SERVED or pages[p].status == 301 or p.endswith(".gz")
        for p in pages
    )


def test_towns_have_some_thirty_pages_and_a_dozen_files() -> None:
    pages = [p for town in TOWNS for p in pages_on(town, 1, BASE).values()]
    kinds = [dict(p.headers).get("Content-Type", "") for p in pages]
    assert 30 <= sum(k.startswith("text/html") for k in kinds) <= 40
    assert sum(k == "application/pdf" for k in kinds) == 13


@pytest.mark.parametrize("edit", EDITS, ids=lambda e: f"day {e.day} {e.town}{e.path}")
def test_an_edit_changes_its_page_on_its_day(edit) -> None:
    before, after = (pages_on(edit.town, day, BASE) for day in (edit.day - 1, edit.day))
    assert edit.classes <= CLASSES
    if isinstance(edit.steps[0], Announce):
        html = [p.body.decode() for p in after.values() if b"<main" in p.body]
        assert all(edit.steps[0].text in page for page in html)
        assert bool(edit.steps[0].text) == any("kris-rad" in page or "crisis-message" in page for page in html)
    else:
        old, new = before[edit.path], after[edit.path]
        assert old.status != new.status or old.body != new.body
        assert {"disappearance": (200, 410), "return": (410, 200)}.get(next(iter(edit.classes)), (200, 200)) == (
            old.status, new.status,
        )  # fmt: skip


def test_pages_without_an_edit_keep_their_words() -> None:
    edited = {(e.day, e.town, e.path) for e in EDITS}
    for town in TOWNS:
        for day in range(2, LAST_DAY + 1):
            before, after = pages_on(town, day - 1, BASE), pages_on(town, day, BASE)
            for path, page in after.items():
                if (day, town, path) not in edited and b"<main" in page.body and page.status == 200:
                    assert words(page) == words(before[path]), (town, day, path)
                elif (day, town, path) not in edited and path.endswith(".pdf"):
                    assert page == before[path]


def test_pages_differ_in_noise_from_day_to_day() -> None:
    first, second = (pages_on("granvik", day, BASE)["/kommun-politik/budget/"] for day in (1, 2))
    assert first.body != second.body
    assert words(first) == words(second)


def test_the_unlinked_file_is_still_served() -> None:
    pages = pages_on("sjoberga", 2, BASE)
    listing = pages["/kommun-och-politik/styrdokument"].body
    (path,) = [p for p in pages if p.endswith("Riktlinjer-representation-och-gavor.pdf")]
    assert pages[path].status == 200
    assert path.encode() not in listing


def test_a_gone_page_leaves_the_sitemap_and_is_seen_twice_in_a_day() -> None:
    listed = gzip.decompress(pages_on("sjoberga", 2, BASE)["/sitemap1.xml.gz"].body)
    assert b"oppna-namndsammantraden" not in listed
    assert b"/kommun-och-politik/anslagstavla<" in listed
    on_day_two = [moment for day, moment in visits() if day == 2]
    assert (on_day_two[1] - on_day_two[0]).total_seconds() >= 3600
    assert all(moment.date() == date_of(day) for day, moment in visits())


@pytest.mark.parametrize("town", TOWNS)
def test_a_source_is_toml_for_this_machine(towns: Towns, town: str) -> None:
    source = tomllib.loads(towns.sources()[town])
    assert source["municipality"] == TOWNS[town].name
    assert source["seeds"][0].startswith(f"{towns.urls[town]}/kommun-")
    assert (source["polite"], source["private"], source["every"]) == (False, True, "day")
    assert ask(source["seeds"][0])[0] == 200
    assert all(ask(url)[0] == 200 for url in (*source["sitemaps"], *source.get("feeds", ())))


def test_the_day_decides_what_is_served(towns: Towns) -> None:
    url = towns.url("sjoberga", "/kommun-och-politik/oppna-namndsammantraden")
    seen = []
    for day in (1, 2, 3):
        towns.day = day
        seen.append(ask(url)[0])
    assert seen == [200, 410, 200]
    with pytest.raises(ValueError, match="days 1 to 3"):
        towns.day = 4


def test_unknown_paths_redirects_and_files(towns: Towns) -> None:
    assert ask(towns.url("sjoberga", "/kommun-och-politik/ungdomsradet"))[0] == 404
    status, headers, _ = ask(towns.url("sjoberga", "/Kommun/Politik"))
    assert (status, headers["location"]) == (301, towns.url("sjoberga", "/kommun-och-politik"))
    status, headers, body = ask(towns.url("alvhamn", "/globalassets/dokument/va-taxa.pdf"))
    assert (status, headers["content-type"], body[:8]) == (200, "application/pdf", b"%PDF-1.4")


def test_validators_and_gzip(towns: Towns) -> None:
    url = towns.url("granvik", "/kommun-politik/budget/")
    _, headers, body = ask(url)
    assert ask(url, If_None_Match=headers["etag"])[0] == 304
    assert ask(url, If_None_Match=f'W/{headers["etag"]}, "x"')[0] == 304
    assert ask(url, If_None_Match='"annan"', If_Modified_Since=headers["last-modified"])[0] == 200
    assert ask(url, If_Modified_Since=headers["last-modified"])[0] == 304
    _, packed_headers, packed = ask(url, Accept_Encoding="gzip, br")
    assert packed_headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert ask(url, "HEAD")[1]["content-length"] == str(len(body))
    assert ask(url, "HEAD")[2] == b""


def test_one_connection_serves_many_requests(towns: Towns) -> None:
    parts = urlsplit(towns.url("alvhamn"))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    sockets = []
    for path in ("/robots.txt", "/finns-inte", "/kommun--politik/"):
        connection.request("GET", path)
        connection.getresponse().read()
        sockets.append(connection.sock)
    connection.close()
    assert sockets[0] is not None
    assert sockets[0] is sockets[1] is sockets[2]
