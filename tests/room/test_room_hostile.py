"""What a hostile site wrote stays words, in pages, feeds and files; no name and no embargoed word gets out."""

import csv
import io
import json
import re

import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser
from visitor import HOSTILE, NAME, Room

ALLOWED = set(
    """html head meta title link script body a header nav ul li main h1 h2 h3 h4 p strong form div label input select
    option button details summary fieldset legend span article time b ins del mark footer table caption thead tbody tr
    th td section svg desc text tspan rect line circle path defs pattern figure dl dt dd br q pre ol small textarea
    """.split()  # noqa: SIM905  # a list to read
)
SECRETS = (NAME, "Hemligt anslag", "hemligt anslag om rivningslov")


def test_no_page_holds_an_element_or_a_handler_that_is_not_ours(room: Room) -> None:
    for path in [*room.routes(), "/?lang=en"]:
        tree = LexborHTMLParser(room.get(path).text)
        for node in tree.css("*"):
            assert node.tag in ALLOWED, (path, node.tag, node.html[:200] if node.html else "")
            for name, value in node.attributes.items():
                assert not name.startswith("on"), (path, name, value)
                assert name != "style", (path, value)
                if name in ("href", "src", "action", "formaction"):
                    assert re.match(r"(?:https?://|/|#|\?)", value or ""), (path, name, value)
        scripts = tree.css("script")
        assert len(scripts) == 1, path
        assert re.fullmatch(r"/-/room/room\.[0-9a-f]{12}\.js", scripts[0].attributes["src"] or ""), path
        assert not scripts[0].text()


def test_hostile_words_are_shown_as_they_were_written(room: Room) -> None:
    text = LexborHTMLParser(room.get(f"/page/{room.page_of('/ond')}").text).text()
    for words in HOSTILE[:8]:
        assert " ".join(words.split()) in " ".join(text.split()), words
    assert "\u202e" not in text


def test_a_query_comes_back_as_text(room: Room) -> None:
    for words in HOSTILE:
        for path in ("/search", "/"):
            answer = room.get(f"{path}?q={_quoted(words)}")
            assert answer.status_code == 200, words
            tree = LexborHTMLParser(answer.text)
            assert len(tree.css("script")) == 1
            assert not tree.css("img, iframe, math, [onerror], [onload]")
            assert (tree.css_first("input[name=q]").attributes["value"] or "")[:8] == words[:8].replace(
                "\u202e", "\ufffd"
            )


def test_feeds_are_well_formed_and_hold_only_escaped_words(room: Room) -> None:
    for path in ("/changes.atom", f"/page/{room.page_of('/ond')}.atom", "/search.atom?q=boom"):
        root = etree.fromstring(room.get(path).content)
        assert root.tag == "{http://www.w3.org/2005/Atom}feed"
        entries = root.findall("{*}entry")
        assert entries, path
        for entry in entries:
            content = LexborHTMLParser(entry.findtext("{*}content") or "")
            assert not content.css("script, img, iframe, svg, [onerror], [onload]")


def test_files_start_no_formula_and_no_script(room: Room) -> None:
    rows = list(csv.reader(io.StringIO(room.get("/changes.csv").text.lstrip("\ufeff"))))
    assert len(rows) > 5
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "@", "\t")]
    answer = room.get("/changes.json")
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.text)["changes"]
    answer = room.get(f"/compare/{room.pair('/ond')}.html")
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert not LexborHTMLParser(answer.text).css("script, img, iframe")


def test_citations_cannot_be_broken_out_of(room: Room) -> None:
    bibtex = room.get(f"/compare/{room.pair('/ond')}.bib").text
    assert bibtex.count("@misc{") == 1
    depth = 0
    for sign in re.sub(r"\\[{}]", "", bibtex):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    ris = room.get(f"/compare/{room.pair('/ond')}.ris").text
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris.split("\r\n") if line)
    assert ris.count("ER  - ") == 1


def test_nobody_who_is_named_as_responsible_is_in_any_page(room: Room) -> None:
    assert room.town is not None
    found = room.town.rows("SELECT DISTINCT responsible FROM documents WHERE responsible IS NOT NULL")
    assert found
    for path in [*room.routes(), "/changes.atom", "/changes.json", f"/compare/{room.pair('/avgift')}.html"]:
        text = room.get(path).text
        for (name,) in found:
            assert name not in text, path


def test_words_under_embargo_are_in_no_page_feed_file_or_search(room: Room) -> None:
    pair = room.pair("/anslagstavla")
    more = [
        "/changes.atom", "/changes.json", "/changes.csv", "/search?q=bygglov", "/search?q=bygglov&tense=ever",
        "/search?q=rivningslov&tense=added", "/?q=rivningslov", f"/page/{room.page_of('/anslagstavla')}.atom",
        *(f"/capture/{number}" for number in pair.split("..")),
    ]  # fmt: skip
    for path in [*room.routes(), *more]:
        answer = room.get(path)
        for words in SECRETS[1:]:
            assert words not in answer.text, path
    assert "1 ändring" not in room.get("/?q=rivningslov").text
    assert room.get(f"/compare/{pair}.html").status_code == 404
    assert room.get(f"/compare/{pair}.bib").status_code == 404
    assert "lämnat anslagstavlan" in room.get(f"/compare/{pair}").text


def test_no_redirect_leaves_the_room(room: Room) -> None:
    paths = (
        "/page?url=https://ond.example/", "/timegate/https://www.exempelkoping.se/avgift", "/archive",
        "/at/20260305/https://www.exempelkoping.se/avgift", "/compare?a=1&b=2",
        "/page?url=https://www.exempelkoping.se/avgift",
    )  # fmt: skip
    found = {path: location for path in paths if (location := room.get(path).headers.get("location"))}
    assert len(found) >= 3
    for path, location in found.items():
        assert re.match(r"/(?!/)", location), (path, location)


@pytest.mark.parametrize("path", ["//ond.example", "///ond.example/x", "/%2F%2Fond.example", "/%5C%5Cond.example/"])
def test_no_address_makes_a_link_that_leaves_the_room(room: Room, path: str) -> None:
    tree = LexborHTMLParser(room.get(f"http://127.0.0.1:8002{path}").text)
    for node in tree.css("[href], [action], [src]"):
        for name in ("href", "action", "src"):
            assert re.match(r"/(?![/\\])|#|$", node.attributes.get(name) or ""), node.html


def _quoted(words: str) -> str:
    return "".join(f"%{byte:02X}" for byte in words.encode())
