"""The room as an archive among archives: read by the client library of those who wrote RFC 7089."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from browsing import served
from visitor import Room

ORIGINAL = "https://www.exempelkoping.se/avgift"
LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)')
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@pytest.fixture(scope="module")
def address(room: Room) -> Iterator[str]:
    with served(room.app) as found:
        yield found


def links(text: str) -> list[dict[str, str]]:
    """A Link header, or a TimeMap, as its links (RFC 8288 §3)."""
    return [{"href": m[1], **dict(ATTRIBUTE.findall(m[2]))} for m in LINK.finditer(text)]


def with_rel(found: list[dict[str, str]], rel: str) -> list[dict[str, str]]:
    return [link for link in found if rel in link["rel"].split()]


@pytest.fixture
def client(address: str) -> Iterator[Any]:
    """The Memento client of the Los Alamos National Laboratory, asking our TimeGate."""
    library = pytest.importorskip("memento_client", reason="memento-client is not installed")
    with library.MementoClient(timegate_uri=f"{address}/timegate/", check_native_timegate=False) as found:
        yield found


@pytest.mark.parametrize(("day", "nearest"), [(1, 0), (2, 0), (5, -1), (30, -1)])
def test_the_client_finds_the_memento_nearest_to_a_day(
    client: Any, room: Room, address: str, day: int, nearest: int
) -> None:
    seen = [f"{address}/capture/{number}" for number in _captures(room)]
    info = client.get_memento_info(seen[1], datetime(2026, 3, day, 12, tzinfo=UTC).replace(tzinfo=None))
    assert info["original_uri"] == ORIGINAL, "it asked for a memento, and was told what it is one of"
    found = info["mementos"]
    assert found["closest"]["uri"] == [seen[nearest]]
    assert found["closest"]["http_status_code"] == 200
    assert found["closest"]["datetime"].day == (2 if nearest == 0 else 5)
    assert (found["first"]["uri"], found["last"]["uri"]) == ([seen[0]], [seen[-1]])


def test_the_client_knows_what_each_address_is(client: Any, room: Room, address: str) -> None:
    memento = f"{address}/capture/{_captures(room)[0]}"
    assert client.is_memento(memento)
    assert client.is_timegate(f"{address}/timegate/{ORIGINAL}")
    assert not client.is_memento(f"{address}/about")
    assert client.get_original_uri(memento) == ORIGINAL


def test_who_follows_the_links_reads_every_memento_of_a_page(room: Room, address: str) -> None:
    """TimeGate, memento, TimeMap, and from memento to memento: by GET and by HEAD, over a socket."""
    with httpx.Client(follow_redirects=True) as reader:
        gate = reader.get(
            f"{address}/timegate/{ORIGINAL}", headers={"Accept-Datetime": "Mon, 02 Mar 2026 05:00:00 GMT"}
        )
        (turned,) = gate.history
        assert turned.status_code == 302
        assert "accept-datetime" in turned.headers["vary"].lower()
        at = links(gate.headers["link"])
        assert [link["href"] for link in with_rel(at, "original")] == [ORIGINAL]
        (told,) = with_rel(at, "timemap")
        listed = links(reader.get(told["href"]).text)
        mementos = with_rel(listed, "memento")
        walked, here = [], str(gate.url)
        while here:
            answer = reader.head(here)
            assert answer.status_code == 200
            assert answer.content == b""
            walked.append({"href": here, "datetime": answer.headers["memento-datetime"]})
            here = next((link["href"] for link in with_rel(links(answer.headers["link"]), "next")), "")
        assert walked == [{"href": link["href"], "datetime": link["datetime"]} for link in mementos]
        assert [link["href"].rpartition("/")[2] for link in mementos] == [str(n) for n in _captures(room)]
        assert with_rel(listed, "timegate")[0]["href"] == f"{address}/timegate/{ORIGINAL}"
        assert with_rel(listed, "self")[0]["from"] == mementos[0]["datetime"]


def test_the_query_of_an_address_is_asked_as_it_was_written(room: Room) -> None:
    told = room.get("/timemap/link/https://www.exempelkoping.se/avgift?lang=en")
    assert told.status_code == 200
    assert f"<{ORIGINAL}>" in told.text
    for query in ("?id=1%262", "?tom=", "?a=%22%3E%0d%0aSet-Cookie:x"):
        answer = room.get(f"/timegate/{ORIGINAL}{query}")
        assert answer.status_code in (302, 404)
        assert "set-cookie" not in answer.headers


def _captures(room: Room) -> list[int]:
    assert room.town is not None
    sql = """SELECT c.id FROM captures c JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
             JOIN page_addresses p ON p.address_id = c.address_id WHERE p.page_id = ? ORDER BY c.captured_at, c.id"""
    return [row[0] for row in room.town.rows(sql, room.page_of("/avgift"))]
