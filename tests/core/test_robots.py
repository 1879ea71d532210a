"""robots.txt: what it allows, by which line, and what a missing one means."""

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import zstd
from archiver.frontier.robots import ALLOW_ALL, DENY_ALL, Robots, parse, permitted, standing

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "robots"
SITE = "https://www.exempelkoping.se"


def decide(text: str, path: str, agent: str = "archiver/1.0 (+https://arkiv.example/om; post@arkiv.example)") -> str:
    return parse(text.encode()).decide(SITE + path, agent).rule


def test_the_deciding_line_is_named_as_it_is_written() -> None:
    text = "User-agent: *\nDisallow: /sok\nAllow: /sok/oppet\nDisallow: /*.ics$\n"
    assert decide(text, "/sok?q=budget") == "deny: /sok"
    assert decide(text, "/sok/oppet/1") == "allow: /sok/oppet"
    assert decide(text, "/kalender/1.ics") == "deny: /*.ics$"
    assert decide(text, "/kommun") == "allow: no rule"


def test_allow_wins_over_deny_of_the_same_length() -> None:
    assert decide("user-agent: *\ndisallow: /a\nallow: /a\n", "/a") == "allow: /a"


def test_a_group_of_our_name_replaces_the_group_of_all() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: Archiver\nDisallow: /hemligt\n"
    assert decide(text, "/kommun") == "allow: no rule"
    assert decide(text, "/hemligt/a") == "deny: /hemligt"
    assert decide(text, "/kommun", "annan") == "deny: /"


def test_groups_of_our_name_are_read_together() -> None:
    text = "User-agent: archiver\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: ARCHIVER/2.1\nDisallow: /b\n"
    assert decide(text, "/a") == "deny: /a"
    assert decide(text, "/b") == "deny: /b"
    assert decide(text, "/c") == "allow: no rule"


def test_a_longer_or_shorter_name_is_somebody_else() -> None:
    assert decide("User-agent: archiver-two\nDisallow: /\nUser-agent: arch\nDisallow: /\n", "/a") == "allow: no rule"


def test_words_in_our_header_are_not_our_name() -> None:
    assert decide("User-agent: post\nDisallow: /\n", "/a") == "allow: no rule"


def test_a_name_between_stars_is_not_everybody() -> None:
    assert decide("User-agent: *WordPress*\nDisallow: /\n", "/a") == "allow: no rule"


def test_robots_txt_itself_may_always_be_asked_for() -> None:
    assert DENY_ALL.decide(f"{SITE}/robots.txt", "archiver").allowed
    assert not DENY_ALL.decide(f"{SITE}/", "archiver").allowed


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n",
        "\ufeffUser-agent: *\r\nDisallow: /a\r\n".encode("utf-16-le"),
        b"User-agent: *\rDisallow: /a\r",
        b"User-agent *\nDissallow /a",
        b"# \xe5\xe4\xf6\nuser agent : *\nDISALLOW:/a#kommentar\n",
        b"User-agent: *\nSitemap: /s.xml\nUser-agent: x\nDisallow: /a\n",
        b"<html>\nUser-agent: *\nDisallow: /a\n",
    ],
    ids=["bom", "utf-16", "cr", "no colons", "latin-1", "sitemap inside a group", "saved as html"],
)
def test_the_rules_are_found_however_the_file_is_written(body: bytes) -> None:
    assert parse(body).decide(f"{SITE}/a", "archiver").rule == "deny: /a"


def test_letters_beyond_ascii_match_their_escapes() -> None:
    assert decide("User-agent: *\nDisallow: /nämnder\n", "/n%C3%A4mnder/x") == "deny: /nämnder"


def test_a_web_page_in_its_place_is_no_rules() -> None:
    page = b"<!DOCTYPE html><html><body>Disallow: / \n nothing here</body></html>"
    assert parse(page).decide(f"{SITE}/a", "archiver").rule == "allow: no robots.txt, but a web page"


def test_no_bytes_are_no_rules() -> None:
    assert parse(None).decide(f"{SITE}/a", "archiver").rule == "allow: no rule"
    assert parse(b"").delay("archiver") is None


def test_what_stands_after_the_cap_is_not_read_not_even_half_a_line() -> None:
    start = b"User-agent: *\nDisallow: /a\n"
    body = start + b"#" * (500 * 1024 - len(start) - len(b"\nDisallow: /")) + b"\nDisallow: /b\n"
    robots = parse(body)
    assert not robots.decide(f"{SITE}/a", "archiver").allowed
    assert robots.decide(f"{SITE}/c", "archiver").allowed


def test_delay_is_the_longer_of_crawl_delay_and_request_rate() -> None:
    assert parse(b"User-agent: *\nCrawl-delay: 7\nRequest-rate: 1/10\n").delay("archiver") == 10.0
    assert parse(b"User-agent: *\nCrawl-delay: 7.5\n").delay("archiver") == 7.5
    assert parse(b"User-agent: *\nCrawl-delay: ofta\n").delay("archiver") is None
    assert parse(b"User-agent: annan\nCrawl-delay: 7\n").delay("archiver") is None


def test_sitemaps_are_made_absolute_and_kept_once() -> None:
    body = b"Sitemap: /sitemap.xml\nSITEMAP: https://a.example/s.xml # all\nSitemap: ftp://a/x\nSitemap: /sitemap.xml\n"
    assert parse(body, f"{SITE}/robots.txt").sitemaps == (f"{SITE}/sitemap.xml", "https://a.example/s.xml")


def test_a_hostile_file_with_thousands_of_agents_and_rules_is_read_quickly() -> None:
    agents = "".join(f"User-agent: bot{n}\n" for n in range(9_000))
    rules = "".join(f"Disallow: /x{n}*y$\n" for n in range(4_000))
    assert decide(agents + rules, "/x1y", "bot8999") == "deny: /x1*y$"  # 36 million pairs otherwise


GOOD = parse(b"User-agent: *\nDisallow: /sok\n")


@pytest.mark.parametrize(
    ("robots", "rule"),
    [
        (standing("ok", 200, fresh=GOOD), "deny: /sok"),
        (standing("same", 304, fresh=GOOD), "deny: /sok"),
        (standing("gone", 404, last_good=GOOD, age=60), "allow: no robots.txt (404)"),
        (standing("refused", 403), "allow: no robots.txt (403)"),
        (standing("moved", 301), "allow: no robots.txt (moved in circles)"),
        (standing("refused", 429), "deny: robots.txt could not be had (429)"),
        (standing("failed", 503), "deny: robots.txt could not be had (503)"),
        (standing("failed"), "deny: robots.txt could not be had"),
        (standing("failed", 503, last_good=GOOD, age=86_400), "deny: /sok"),
        (standing("failed", 503, last_good=GOOD, age=86_401), "deny: robots.txt could not be had (503)"),
    ],
)
def test_what_stands_after_robots_txt_was_asked_for(robots: Robots, rule: str) -> None:
    assert robots.decide(f"{SITE}/sok", "archiver").rule == rule


def test_a_permission_is_named() -> None:
    assert permitted("2026-02-01 KS 2026/12").rule == "allow: permission 2026-02-01 KS 2026/12"
    assert ALLOW_ALL.decide(f"{SITE}/a", "archiver").rule == "allow: no robots.txt"


@settings(deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes_give_a_decision_that_says_why(body: bytes, path: str) -> None:
    decision = parse(body, SITE).decide(f"{SITE}/{path}", "archiver")
    assert decision.rule.startswith("allow: " if decision.allowed else "deny: ")


_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FIELD = re.compile(r'(robotstxt|testurl|useragent|expected_outcome)\s*:\s*((?:"(?:[^"\\]|\\.)*"\s*)+|[A-Z]+)')


def _cases() -> list[tuple[str, str, str, str]]:
    """(robots.txt, URL, agent, outcome) of every expectation in the text protobufs."""
    found, fields = [], {}
    for path in sorted(CORPUS.glob("google_ctc/*/*.textproto")):
        for name, value in _FIELD.findall(path.read_text("utf-8")):
            parts = _STRING.findall(value)
            joined = "".join(parts).encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
            fields[name] = joined if value.startswith('"') else value
            if name == "expected_outcome":
                found.append((fields["robotstxt"], fields["testurl"], fields["useragent"], value))
    return found


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_the_published_cases_of_the_standard_are_decided_as_expected() -> None:
    cases = [c for c in _cases() if not c[1].endswith("/robots.txt")]  # RFC 9309 section 2.2.2 allows it, one case not
    wrong = [c for c in cases if parse(c[0].encode()).decide(c[1], c[2]).allowed != (c[3] == "ALLOWED")]
    assert len(cases) > 90
    assert not wrong


def _real_files() -> Iterator[tuple[str, bytes]]:
    with zstd.open(CORPUS / "protego_real_robots.tar.zst") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                yield member.name, file.read()


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_real_files_are_read_and_every_denial_names_its_line() -> None:
    count, unnamed = 0, []
    for name, body in _real_files():
        count += 1
        robots = parse(body, SITE)
        rules = [robots.decide(SITE + path, "archiver").rule for path in ("/", "/sok?q=1", "/admin/x.pdf", "/search")]
        unnamed += [name] if "deny: a rule" in rules else []
    assert count == 4_231
    assert not unnamed
