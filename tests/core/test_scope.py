"""Which URLs belong to a source, and to which of its sections."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.frontier.links import role_of
from archiver.frontier.scope import decide, fits, hosts, is_loopback, is_private, section_of
from archiver.model import Era, Link, Scope, Section, Seed, Source

SOURCE = Source(
    id="exempelkoping",
    municipality="Exempelköping",
    code="9999",
    county="Exempellän",
    language="sv",
    eras=(Era("sitevision"),),
    seeds=(Seed("https://www.exempelkoping.se/kommun-och-politik"), Seed("https://moten.example/", "meetings")),
    scope=Scope(
        include=("https://www.exempelkoping.se/kommun-och-politik/", "https://moten.example/"),
        exclude=("*/kalender/*", "/kommun-och-politik/sok"),
        depth=5,
    ),
    sitemaps=("https://www.exempelkoping.se/sitemap.xml",),
    feeds=("https://floden.example/nyheter.rss",),
    sections=(
        Section("anslagstavla", "*/anslagstavla*"),
        Section("nämnder", "/kommun-och-politik/nämnder"),
        Section("politik", "/kommun-och-politik"),
    ),
    aliases=("turism.exempelkoping.se",),
)
HERE = "https://www.exempelkoping.se/kommun-och-politik"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (f"{HERE}/namnder", "within https://www.exempelkoping.se/kommun-och-politik/"),
        (HERE, "within https://www.exempelkoping.se/kommun-och-politik/"),
        (f"{HERE}?state=x", "within https://www.exempelkoping.se/kommun-och-politik/"),
        ("http://exempelkoping.se/kommun-och-politik/a", "within https://www.exempelkoping.se/kommun-och-politik/"),
        (
            "https://turism.exempelkoping.se/kommun-och-politik/a",
            "within https://www.exempelkoping.se/kommun-och-politik/",
        ),
        ("https://moten.example/mote/1", "within https://moten.example/"),
        ("https://www.exempelkoping.se/robots.txt", "the site's own robots"),
        ("https://www.exempelkoping.se/sitemap.xml", "named in the configuration"),
        ("https://floden.example/nyheter.rss", "named in the configuration"),
    ],
)
def test_what_belongs_is_admitted_with_the_reason(url: str, reason: str) -> None:
    assert (decide(SOURCE, url, 2).ok, decide(SOURCE, url, 2).reason) == (True, reason)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mailto:kommun@exempelkoping.se", "mailto is not http or https"),
        ("ftp://www.exempelkoping.se/kommun-och-politik/", "ftp is not http or https"),
        ("inte en adress", "not a URL"),
        ("https://annan.example/kommun-och-politik/", "annan.example is not a host of this source"),
        ("https://www.exempelkoping.se.ond.example/", "www.exempelkoping.se.ond.example is not a host of this source"),
        ("https://www.exempelkoping.se@ond.example/", "a user name in the URL"),
        ("https://www.exempelkoping.se:8080/kommun-och-politik/", "www.exempelkoping.se is not a host of this source"),
        ("https://www.exempelkoping.se/bygga-och-bo", "outside every pattern of scope.include"),
        (f"{HERE}-annat", "outside every pattern of scope.include"),
        (f"{HERE}/kalender/2031", "excluded by */kalender/*"),
        (f"{HERE}/sok?q=a", "excluded by /kommun-och-politik/sok"),
        ("http://127.0.0.1/kommun-och-politik/", "127.0.0.1 is a private address"),
        ("http://0x7f.1/", "127.0.0.1 is a private address"),
        ("http://[::ffff:10.0.0.1]/", "::ffff:a00:1 is a private address"),
        ("http://intranat/", "intranat is a private address"),
        (f"{HERE}/{'a' * 2001}", "longer than 2000 characters"),
        (f"{HERE}/a/b/a/c/a/d/a", "a part of the path stands there 4 times"),
        (f"{HERE}/a/b/a/b/a/b", "two parts of the path follow each other 3 times"),
        (f"{HERE}/moten?year=2031&month=5&day=1", "parameters that name a time: an endless calendar"),
        (f"{HERE}/moten?from=2031-05-01&to=2031-05-31", "parameters that name a time: an endless calendar"),
        (f"{HERE}/x?" + "&".join(f"p{n}=1" for n in range(13)), "13 parameters"),
    ],
)
def test_what_does_not_belong_is_refused_with_the_reason(url: str, reason: str) -> None:
    assert (decide(SOURCE, url, 2).ok, decide(SOURCE, url, 2).reason) == (False, reason)


@pytest.mark.parametrize(
    "url",
    [
        f"{HERE}/nyheter/2019/2019-11-08-en-nyhet",
        f"{HERE}/nyheter?year=2019&month=11",
        f"{HERE}/protokoll?folder=19.1a2b&sv.url=12.3c4d&page=2",
        f"{HERE}/namnder/2011/11/11",
    ],
)
def test_ordinary_archives_are_no_traps(url: str) -> None:
    assert decide(SOURCE, url, 3).ok


def test_depth_is_the_number_of_links_from_a_seed() -> None:
    assert decide(SOURCE, f"{HERE}/a", 5).ok
    assert decide(SOURCE, f"{HERE}/a", 6).reason == "6 links from a seed, and the limit is 5"


def test_a_document_linked_from_a_page_belongs_wherever_on_the_hosts_it_lies() -> None:
    file = "https://www.exempelkoping.se/download/18.1a2b3c4d5e6f708192a3b4/1700000000000/protokoll.pdf"
    assert not decide(SOURCE, file, 3).ok
    assert decide(SOURCE, file, 3, attachment=True).reason == "a document linked from a page in scope"
    assert decide(SOURCE, file, 3, role="file").ok
    assert decide(SOURCE, file, 6, attachment=True).ok  # linked from the deepest page
    assert not decide(SOURCE, file, 7, attachment=True).ok
    assert not decide(SOURCE, "https://annan.example/protokoll.pdf", 3, attachment=True).ok
    assert not decide(SOURCE, f"{HERE}/kalender/p.pdf", 3, attachment=True).ok


def test_the_parts_of_a_sitemap_belong_outside_the_include_patterns() -> None:
    assert decide(SOURCE, "https://www.exempelkoping.se/sitemap1.xml.gz", 1, role="sitemap").ok
    assert not decide(SOURCE, "https://annan.example/sitemap1.xml.gz", 1, role="sitemap").ok


def test_private_addresses_belong_where_the_source_says_so() -> None:
    local = replace(SOURCE, seeds=(Seed("http://127.0.0.1:8600/"),), scope=Scope(()), private=True)
    assert decide(local, "http://127.0.0.1:8600/a", 1).reason == "on a host of this source"
    assert not decide(local, "http://127.0.0.1:8601/a", 1).ok


def test_aliases_may_stand_in_the_patterns_too() -> None:
    source = replace(SOURCE, scope=Scope(("https://turism.exempelkoping.se/se-och-gora/",)))
    assert decide(source, "https://www.exempelkoping.se/se-och-gora/museum", 1).ok


def test_letters_beyond_ascii_may_stand_in_hosts_too() -> None:
    local = replace(SOURCE, aliases=("xn--re-xia.example",), scope=Scope(("https://åre.example/nämnder/*",)))
    assert decide(local, "https://www.exempelkoping.se/n%C3%A4mnder/a", 1).ok
    assert fits("https://Åre.example/*/a", "https://www.xn--re-xia.example/b/a")
    assert fits("https://åre.example/b", "https://xn--re-xia.example/b")


def test_patterns_are_prefixes_or_globs_over_the_whole_url() -> None:
    assert fits("https://www.exempelkoping.se/nämnder/", "http://exempelkoping.se/n%C3%A4mnder/barn")
    assert fits("https://www.exempelkoping.se/Politik", "https://www.exempelkoping.se/Politik.4.abc.html")
    assert not fits("https://www.exempelkoping.se/Politik", "https://www.exempelkoping.se/politik")
    assert fits("https://*/kommun*/nämnd?", "https://www.exempelkoping.se/kommun-och-politik/n%C3%A4mnde")
    assert not fits("https://*/kommun", "https://www.exempelkoping.se/kommun/a")
    assert fits("/kommun/", "https://www.exempelkoping.se/kommun/a?b=c")


def test_a_glob_of_many_stars_is_matched_in_no_time() -> None:
    assert not fits("*a" * 40 + "*b", "https://x.example/" + "a" * 1900)


def test_the_first_section_that_fits_is_the_one() -> None:
    names = {
        url: found.name if (found := section_of(SOURCE, url)) else None
        for url in (f"{HERE}/anslagstavla/bevis", f"{HERE}/n%C3%A4mnder/x", HERE, "https://moten.example/mote")
    }
    assert list(names.values()) == ["anslagstavla", "nämnder", "politik", None]


def test_hosts_are_those_of_seeds_scope_and_aliases() -> None:
    assert hosts(SOURCE) == ("www.exempelkoping.se", "moten.example", "turism.exempelkoping.se")


@pytest.mark.parametrize(
    ("host", "private", "loopback"),
    [
        ("127.8.9.1", True, True),
        ("::1", True, True),
        ("localhost", True, True),
        ("10.1.2.3", True, False),
        ("169.254.169.254", True, False),
        ("192.168.0.1", True, False),
        ("fe80::1", True, False),
        ("0.0.0.0", True, False),  # noqa: S104
        ("skrivare.local", True, False),
        ("8.8.8.8", False, False),
        ("www.exempelkoping.se", False, False),
    ],
)
def test_private_and_loopback_hosts_are_told_from_public_ones(host: str, private: bool, loopback: bool) -> None:
    assert (is_private(host), is_loopback(host)) == (private, loopback)


@pytest.mark.parametrize(
    ("link", "found_on", "role"),
    [
        (Link("https://a.example/x", "link", "main", "Nämnder"), "page", "page"),
        (Link("https://a.example/x.pdf", "attachment", "main", "Protokoll"), "page", "file"),
        (Link("https://a.example/rss", "feed", "rest", ""), "page", "feed"),
        (Link("https://a.example/s1.xml.gz", "entry", "main", "sitemap"), "sitemap", "sitemap"),
        (Link("https://a.example/s.xml", "entry", "main", ""), "robots", "sitemap"),
        (Link("https://a.example/x.pdf", "entry", "main", ""), "sitemap", "file"),
        (Link("https://a.example/download/18.1a2b/1/x", "entry", "main", ""), "sitemap", "file"),
        (Link("https://a.example/nyhet", "entry", "main", "En nyhet"), "feed", "page"),
    ],
)
def test_a_link_leads_to_a_page_a_file_a_sitemap_or_a_feed(link: Link, found_on: str, role: str) -> None:
    assert role_of(link, found_on) == role  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.text(max_size=80), st.integers(0, 9))
def test_anything_gets_a_decision_with_a_reason(url: str, depth: int) -> None:
    assert decide(SOURCE, url, depth).reason
    assert decide(SOURCE, f"{HERE}/{url}", depth).reason
    section_of(SOURCE, f"{HERE}/{url}")
