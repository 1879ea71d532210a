"""`archiver try`: what would be read of a page; any bytes, any number of them, nothing stored."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from program import ENVIRONMENT, Said, archiver, command

from archive import write_config
from office import docx, p

KEYS = {"url", "verdict", "title", "published", "updated", "reviewed", "created", "text", "full_text", "blocks",
        "links", "claims"}  # fmt: skip
PAGE = """<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8"><title>Arvoden - Exempelköpings kommun</title>
<meta name="generator" content="Sitevision 10"></head><body><nav><a href="/">Start</a></nav><main><h1>Arvoden</h1>
<p>Publicerad: 3 mars 2025</p><p>Sammanträdesarvodet är 420 kronor.</p><h2>Kvitton</h2><ul><li>Spara dem.</li></ul>
<p><a href="/filer/regler.pdf">Regler (Pdf, 249 kB)</a> <a href="https://annan.example/">Annan</a></p>
<p>Senast uppdaterad: 2026-02-10</p></main></body></html>"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(tmp_path_factory.mktemp("try"))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "sida.html"
    file.write_text(PAGE, "utf-8")
    return file


def attempt(config: Path, *words: object, stdin: str | bytes = b"") -> Said:
    return archiver("--config", config, "try", *words, stdin=stdin)


def test_one_object_says_all_that_was_read(config: Path, page: Path) -> None:
    said = attempt(config, page, "--url", "https://www.exempelkoping.se/arvoden", "--json")

    found = said.object
    assert said.code == 0
    assert set(found) >= KEYS
    assert found["url"] == "https://www.exempelkoping.se/arvoden"
    assert (found["verdict"], found["title"]) == ("good", "Arvoden")
    dates = {name: found[name] for name in ("published", "updated", "reviewed", "created")}
    assert dates == {"published": "2025-03-03", "updated": "2026-02-10", "reviewed": None, "created": None}
    main = [(b["kind"], b["level"], b["text"]) for b in found["blocks"] if b["part"] == "main"]
    assert main == [
        ("title", 1, "Arvoden"),
        ("paragraph", None, "Sammanträdesarvodet är 420 kronor."),
        ("heading", 2, "Kvitton"),
        ("list-item", 1, "Spara dem."),
        ("paragraph", None, "Regler Annan"),
    ]
    assert [(k["url"], k["text"], k["kind"], k["note"]) for k in found["links"] if k["part"] == "main"] == [
        ("https://www.exempelkoping.se/filer/regler.pdf", "Regler", "document", "Pdf, 249 kB"),
        ("https://annan.example/", "Annan", "external", None),
    ]
    claim = next(c for c in found["claims"] if c["meaning"] == "updated")
    assert {"meaning", "label", "raw", "value", "precision", "witness", "believed", "doubt"} <= set(claim)
    assert (claim["label"], claim["raw"], claim["value"], claim["precision"]) == (
        "Senast uppdaterad", "2026-02-10", "2026-02-10", "day",
    )  # fmt: skip
    assert (claim["witness"], claim["believed"]) == ("label", True)


def test_a_guess_is_made_only_where_one_is_asked_for(config: Path, tmp_path: Path) -> None:
    page = tmp_path / "sida.html"
    page.write_text(PAGE.replace("Publicerad: 3 mars 2025", "Protokollet blev klart den 3 mars 2025."), "utf-8")

    assert attempt(config, page, "--json").object["published"] is None
    found = attempt(config, page, "--json", "--liberal").object
    assert (found["published"], found["updated"]) == ("2025-03-03", "2026-02-10")
    guess = next(c for c in found["claims"] if c["witness"] == "any-date")
    assert (guess["rule"], guess["raw"], guess["believed"]) == ("any-date:alone-near-title", "3 mars 2025", True)


def test_a_person_sees_the_witnesses_and_nothing_is_stored(config: Path, page: Path) -> None:
    said = archiver("--config", config, "try", page, here=page.parent)

    assert said.code == 0
    assert "title      Arvoden" in said.out
    assert "updated: “Senast uppdaterad” 2026-02-10 → 2026-02-10  [label; believed]" in said.out
    assert "\x1b" not in said.out
    assert [p.name for p in page.parent.iterdir()] == ["sida.html"]


def test_a_page_cannot_steer_the_terminal(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "ond.html"
    file.write_text("<main><h1>Ren\x1b[2J\x1b]0;x\x07 sida [red]</h1><p>Text \u202e</p></main>", "utf-8")

    said = attempt(config, file)

    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
    assert "[red]" in said.out


BYTES = {
    "empty": b"",
    "random": bytes(hash((7, n)) & 0xFF for n in range(5000)),
    "zeros": b"\0" * 4096,
    "text of 5 MB": b"En rad text utan slut. " * 220_000,
    "html of 5 MB": b"<html><body><main>" + b"<p>Ett stycke.</p>" * 280_000,
    "deep": b"<html><body>" + b"<div>" * 200_000,
    "latin-1": "<html lang=sv><body><main><h1>Rådhuset</h1><p>Åtta älvar på våren</p></main>".encode("latin-1"),
    "utf-16": "<html lang=sv><body><main><h1>Rådhuset</h1><p>Åtta älvar</p></main>".encode("utf-16"),
    "half a tag": b"<html><body><a href='",
    "a broken pdf": b"%PDF-1.4\n1 0 obj\n<</Type/Catalog",
    "a broken zip": b"PK\x03\x04" + b"\xff" * 400,
    "a broken gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 40,
    "an xml bomb": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cc"><!ENTITY d "&b;&b;&b;">]><urlset>&d;</urlset>',
    "json": b'{"a": [1, 2]}',
}


def test_any_bytes_at_all_give_an_object_each(config: Path, tmp_path: Path) -> None:
    listed = []
    for number, body in enumerate(BYTES.values()):
        (tmp_path / f"{number}").write_bytes(body)
        listed.append(f"{tmp_path / str(number)}\thttps://www.exempelkoping.se/{number}\n")

    said = attempt(config, "--jsonl", stdin="".join(listed))

    found = dict(zip(BYTES, said.objects, strict=True))
    assert said.code == 0
    assert all({"path", *KEYS} <= set(o) for o in found.values())
    assert (found["latin-1"]["title"], found["latin-1"]["text"]) == ("Rådhuset", "Åtta älvar på våren")
    assert found["deep"]["verdict"] == "unread"
    assert not any(o["published"] or o["updated"] for o in found.values())


@pytest.mark.parametrize("url", ["", "inte en url", "http://", "mailto:a@b.example", "https://[::1", "a" * 3000])
def test_a_strange_url_in_the_list_stops_nothing(config: Path, page: Path, url: str) -> None:
    said = attempt(config, "--jsonl", stdin=f"{page}\t{url}\n")

    assert (said.code, said.object["title"]) == (0, "Arvoden")


def test_a_path_that_cannot_be_read_says_why_and_the_rest_go_on_in_order(config: Path, page: Path) -> None:
    os.mkfifo(page.parent / "pipe")
    paths = [str(page), "/finns/inte.html", str(page.parent), str(page.parent / "pipe"), "a\0b", str(page)]

    said = attempt(config, "--jsonl", stdin="".join(f"{p}\thttps://a.example/{n}\n" for n, p in enumerate(paths)))

    found = said.objects
    assert said.code == 1
    assert [(o["path"], o["url"]) for o in found] == [(p, f"https://a.example/{n}") for n, p in enumerate(paths)]
    assert [o["title"] for o in found] == ["Arvoden", None, None, None, None, "Arvoden"]
    assert [o["reason"] for o in found[1:5]] == [
        f"the file could not be read: {why}"
        for why in ("No such file or directory", "not a plain file", "not a plain file", "no such path")
    ]
    assert all(o["verdict"] == "unread" and set(o) >= KEYS for o in found[1:5])


def test_a_file_name_that_is_no_utf_8_is_read_and_named(config: Path, page: Path) -> None:
    odd = os.fsencode(page.parent) + b"/\xe5ldrande.html"
    with open(odd, "wb") as file:
        file.write(PAGE.encode())

    said = attempt(config, "--jsonl", stdin=odd + b"\thttps://a.example/\n")

    assert said.object["title"] == "Arvoden"
    assert os.fsencode(said.object["path"]) == odd


def test_windows_line_ends_and_empty_lines_are_no_part_of_a_list(config: Path, page: Path) -> None:
    said = attempt(config, "--jsonl", stdin=f"\r\n{page}\thttps://a.example/x\r\n\n{page}")

    assert [o["url"] for o in said.objects] == ["https://a.example/x", "https://unknown.invalid/sida.html"]


def test_each_object_is_written_before_the_next_line_is_asked_for(config: Path, page: Path) -> None:
    with _child(config, "--jsonl") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(3):
            child.stdin.write(f"{page}\thttps://a.example/{number}\n".encode())
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["url"] == f"https://a.example/{number}"
        child.stdin.close()
        assert child.wait(20) == 0


def test_ctrl_c_ends_it_without_a_traceback(config: Path, page: Path) -> None:
    with _child(config, "--jsonl") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(f"{page}\n".encode())
        child.stdin.flush()
        assert child.stdout.readline()
        child.send_signal(signal.SIGINT)
        assert child.wait(20) == 130
        assert child.stderr.read().strip() == b""


def test_a_reader_that_goes_away_ends_it_quietly(config: Path, page: Path) -> None:
    with _child(config, "--jsonl") as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdin.write(f"{page}\n".encode() * 200)
        child.stdin.flush()
        assert child.stdout.readline()
        child.stdout.close()
        assert child.wait(20) == 0
        assert child.stderr.read() == b""


def _child(config: Path, *words: object) -> "subprocess.Popen[bytes]":
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command("--config", config, "try", *words), stdin=pipe, stdout=pipe, stderr=pipe, env=ENVIRONMENT
    )


def test_profile_language_and_time_are_those_asked_for(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "sivu.html"
    file.write_text("<html><body><main><h1>Päätökset</h1><p>Päivitetty 3.2.2026</p></main></body></html>", "utf-8")

    plain = attempt(config, file, "--json").object
    asked = attempt(config, file, "--json", "--language", "fi", "--profile", "drupal").object
    early = attempt(config, file, "--json", "--language", "fi", "--captured-at", "2025-01-01").object

    assert (plain["profile"], plain["updated"]) == ("generic", None)
    assert (asked["profile"], asked["updated"]) == ("drupal", "2026-02-03")
    assert early["updated"] is None
    assert [c["doubt"] for c in early["claims"] if c["meaning"] == "updated"] == ["future"]


def test_the_language_asked_for_stands_above_the_source(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "sivu.html"
    file.write_text("<html><body><main><h1>Päätökset</h1><p>Päivitetty 3.2.2026</p></main></body></html>", "utf-8")

    found = attempt(config, file, "--json", "--url", "https://www.exempelkoping.se/fi", "--language", "fi").object

    assert (found["profile"], found["updated"]) == ("sitevision", "2026-02-03")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "name one URL or file"),
        (["--jsonl", "x"], "name one URL or file"),
        (["finns-inte.html"], "finns-inte.html is neither a URL nor a file here"),
        (["www.exempelkoping.se/"], "Did you mean https://www.exempelkoping.se/ ?"),
        ([__file__, "--profile", "sitevison"], "there is no profile 'sitevison'; did you mean 'sitevision'?"),
        ([__file__, "--language", "svenska"], "there is no language 'svenska'"),
        ([__file__, "--captured-at", "igår"], "'igår' is not a time"),
        ([__file__, "--url", "inte en url"], "'inte en url' is not a URL"),
    ],
)
def test_wrong_use_is_told_in_words_with_exit_code_2(config: Path, words: list[str], told: str) -> None:
    said = attempt(config, *words)

    assert (said.code, said.out) == (2, "")
    assert told in said.err


@pytest.fixture
def site() -> Iterator["Loopback"]:
    with Loopback() as found:
        yield found


class Loopback:
    """A server on this machine that bars /hemligt and sends /gammal on."""

    def __enter__(self) -> "Loopback":
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                status, headers, body = ANSWERS.get(self.path, (404, {}, b""))
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *rest: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._server.shutdown()
        self._server.server_close()


HTML = {"Content-Type": "text/html; charset=utf-8"}
ANSWERS = {
    "/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /hemligt"),
    "/sida": (200, HTML, PAGE.encode()),
    "/gammal": (302, {"Location": "/sida"}, b""),
    "/runt": (302, {"Location": "/runt"}, b""),
}


def test_a_page_is_fetched_as_the_crawler_would_robots_first(config: Path, site: Loopback) -> None:
    said = attempt(config, f"{site.url}/gammal", "--json")

    assert (said.object["title"], said.object["url"]) == ("Arvoden", f"{site.url}/sida")
    assert site.asked == ["/robots.txt", "/gammal", "/sida"]


def test_what_robots_bars_is_not_asked_for(config: Path, site: Loopback) -> None:
    said = attempt(config, f"{site.url}/hemligt/x")

    assert (said.code, site.asked) == (1, ["/robots.txt"])
    assert "robots.txt bars us (deny: /hemligt)" in said.err


def test_a_page_that_cannot_be_had_is_told_with_the_reason(config: Path, site: Loopback) -> None:
    assert "more than 5 redirects" in attempt(config, f"{site.url}/runt").err
    missing = attempt(config, f"{site.url}/finns-inte", "--json")
    assert (missing.code, missing.object["verdict"]) == (0, "soft-404")
    silent = attempt(config, "http://127.0.0.1:1/")
    assert silent.code == 1
    assert "connection refused" in silent.err
    assert attempt(config, "ftp://a.example/").code == 2


def test_an_explanation_shows_each_candidate_and_the_rule_that_decided(config: Path, page: Path) -> None:
    said = attempt(config, page, "--url", "https://www.exempelkoping.se/arvoden", "--explain")
    assert said.code == 0
    assert "bears marks of sitevision" in said.out
    assert "main: 1 element" in said.out
    assert "Publicerad: 3 mars 2025  [states a date]" in said.out

    found = attempt(config, page, "--explain", "--json").object
    assert found["explanation"]["titles"] == [["h1", "Arvoden"], ["<title>", "Arvoden - Exempelköpings kommun"]]


def test_what_a_page_says_of_itself_to_machines_is_shown(config: Path, page: Path) -> None:
    page.write_text(
        PAGE.replace("<nav>", '<nav class="breadcrumb">').replace(
            "</title>", '</title><meta name="description" content="Så mycket.">'
        )
    )
    found = attempt(config, page, "--json").object
    assert found["about"]["description"] == "Så mycket."
    assert found["about"]["breadcrumb"] == ["Start"]
    assert found["about"]["cms"] == "sitevision"
    assert [(k["text"], k["heading"]) for k in found["links"] if k["part"] == "main"] == [
        ("Regler", "Kvitton"), ("Annan", "Kvitton"),
    ]  # fmt: skip
    assert "breadcrumb  Start" in attempt(config, page).out


def test_a_file_of_sitevision_has_an_identity_apart_from_its_number(config: Path, page: Path) -> None:
    page.write_text(PAGE.replace("/filer/regler.pdf", "/download/18.3a4b5c6d17e8f9a0b1c2d3e/1709633111111/regler.pdf"))
    found = attempt(config, page, "--url", "https://www.exempelkoping.se/arvoden", "--json").object
    [file] = [k for k in found["links"] if k["kind"] == "document"]
    assert file["document"] == "https://www.exempelkoping.se/download/18.3a4b5c6d17e8f9a0b1c2d3e"
    assert file["number"] == "1709633111111"


def test_a_word_file_is_shown_with_its_pages(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.docx"
    file.write_bytes(docx(p("Ett stycke.") + p("<w:r><w:lastRenderedPageBreak/></w:r>", "Ett till.")))
    shown = attempt(config, file).out
    assert "Ett stycke.  p. 1" in shown
    assert "Ett till.  p. 2" in shown
    found = attempt(config, file, "--json").object
    assert [(b["text"], b["page"], b["anchor"]) for b in found["blocks"]] == [
        ("Ett stycke.", 1, None), ("Ett till.", 2, None),
    ]  # fmt: skip
