"""Which addresses are asked for: pages with several, links that lead ever on, what the operator no longer wants."""

from dataclasses import replace
from pathlib import Path

from archive import HOME, Town
from archiver.model import Failure, Request, Response
from pretend import page

NODE = "4.18f1c2a311e5bb1cb2c5d2ab"


def test_a_page_that_goes_on_at_another_address_is_never_told_as_gone(exempel: Town) -> None:
    """The old slug of a Sitevision page answers 404, and the same node is linked under a new one."""
    exempel.site["/"] = page("Start", links=[(f"/gammal.{NODE}.html", "Sidan")])
    exempel.site[f"/gammal.{NODE}.html"] = page("Sidan", "Text.")
    exempel.crawl()
    exempel.site[f"/ny.{NODE}.html"] = exempel.site[f"/gammal.{NODE}.html"]
    exempel.site.gone(f"/gammal.{NODE}.html")
    exempel.site["/"] = page("Start", links=[(f"/ny.{NODE}.html", "Sidan")])

    for _ in range(4):
        exempel.day()

    assert exempel.site.asked(f"/ny.{NODE}.html") > 0
    assert exempel.rows("SELECT state, url FROM current_pages WHERE title = 'Sidan'") == [
        ("present", exempel.site.url(f"/ny.{NODE}.html"))
    ]
    assert exempel.rows("SELECT count(*) FROM disappearances") == [(0,)]


def test_a_page_known_at_one_address_is_not_asked_for_at_another_while_that_one_answers(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/a", "A"), ("/a/", "A")])
    exempel.site["/a"] = exempel.site["/a/"] = page("A", "Text.")

    exempel.crawl()
    exempel.day()

    assert exempel.site.asked("/a") + exempel.site.asked("/a/") == 2


def test_one_dead_address_of_a_page_that_answers_at_another_is_no_absence_and_is_given_up(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[(f"/gammal.{NODE}.html", "Sidan")])
    exempel.site[f"/gammal.{NODE}.html"] = page("Sidan", "Text.")
    exempel.crawl()
    exempel.site.moves(f"/gammal.{NODE}.html", f"/ny.{NODE}.html")
    exempel.day()
    exempel.site.gone(f"/gammal.{NODE}.html")

    for _ in range(40):
        exempel.day(days=5)

    assert exempel.rows("SELECT count(*) FROM absences") == [(0,)]
    assert exempel.rows("SELECT state FROM current_pages WHERE title = 'Sidan'") == [("present",)]
    assert exempel.site.asked(f"/gammal.{NODE}.html") < 20
    assert exempel.site.asked(f"/ny.{NODE}.html") > 20


def test_a_page_gone_at_all_its_addresses_is_gone_once(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[(f"/gammal.{NODE}.html", "Sidan")])
    exempel.site[f"/gammal.{NODE}.html"] = page("Sidan", "Text.")
    exempel.crawl()
    exempel.site.moves(f"/gammal.{NODE}.html", f"/ny.{NODE}.html")
    exempel.day()
    exempel.site.gone(f"/gammal.{NODE}.html")
    exempel.site.gone(f"/ny.{NODE}.html")

    for _ in range(4):
        exempel.day(days=2)

    assert [c["classes"] for c in exempel.changes()] == [["disappearance"]]


def test_redirects_that_lead_ever_on_are_not_followed_for_ever(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/hopp-0", "Hopp")])
    fetch, asked = exempel.fetch, []

    async def ever_on(request: Request, *, private: bool = False) -> Response | Failure:
        if "/hopp-" not in request.url:
            return await fetch(request, private=private)
        asked.append(request.url)
        assert len(asked) < 100
        onward = f"/hopp-{len(asked)}"
        return Response(request.url, exempel.clock.now(), 302, (("Location", onward),), b"")

    exempel.fetch = ever_on
    exempel.crawl()

    assert len(asked) <= 11


def test_sitemaps_that_list_ever_more_sitemaps_are_not_followed_for_ever(exempel: Town) -> None:
    exempel.site.robots(f"Sitemap: {HOME}/karta-0.xml")
    exempel.site["/"] = page("Start", "Text.")
    fetch, asked = exempel.fetch, []

    async def ever_on(request: Request, *, private: bool = False) -> Response | Failure:
        if "/karta-" not in request.url:
            return await fetch(request, private=private)
        asked.append(request.url)
        assert len(asked) < 100
        index = f"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
            <sitemap><loc>{HOME}/karta-{len(asked)}.xml</loc></sitemap></sitemapindex>"""
        return Response(request.url, exempel.clock.now(), 200, (("Content-Type", "application/xml"),), index.encode())

    exempel.fetch = ever_on
    exempel.crawl()

    assert len(asked) <= 7


def test_pages_of_a_sitemap_within_an_index_are_one_link_from_the_seed(exempel: Town) -> None:
    exempel.site.robots(f"Sitemap: {HOME}/index.xml")
    exempel.site["/"] = page("Start", "Text.")
    exempel.site["/a"] = page("A", "Text.")
    xml = '<{0} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><{1}><loc>' + HOME + "{2}</loc></{1}></{0}>"
    exempel.site.file("/index.xml", xml.format("sitemapindex", "sitemap", "/karta.xml").encode(), "application/xml")
    exempel.site.file("/karta.xml", xml.format("urlset", "url", "/a").encode(), "application/xml")

    exempel.crawl()

    assert exempel.rows("SELECT role, depth FROM addresses WHERE url LIKE '%/a'") == [("page", 1)]
    assert exempel.site.asked("/a") == 1


def test_a_run_that_lasts_longer_than_the_rhythm_comes_to_what_is_deep(exempel: Town) -> None:
    exempel.source = replace(exempel.source, every=60)
    links = [(f"/p{i}", f"Sida {i}") for i in range(30)]
    exempel.site["/"] = page("Start", links=links)
    for target, words in links:
        exempel.site[target] = page(words, "Text.", links=[("/djup", "Djup")])
    exempel.site["/djup"] = page("Djup", "Text.")
    fetch = exempel.fetch

    async def counted(request: Request, *, private: bool = False) -> Response | Failure:
        assert len(exempel.site.log) < 300
        return await fetch(request, private=private)

    exempel.fetch = counted
    tally = exempel.crawl()

    assert exempel.site.asked("/djup") == 1
    assert tally.asked == 32


def test_what_the_operator_excludes_is_asked_for_no_more_and_again_when_allowed(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/privat/a", "A")])
    exempel.site["/privat/a"] = page("A", "Text.")
    exempel.crawl()
    source = exempel.source
    exempel.source = replace(source, scope=replace(source.scope, exclude=("*/privat/*",)))

    exempel.day()
    exempel.day()
    assert exempel.site.asked("/privat/a") == 1

    exempel.source = source
    exempel.day(days=3)
    assert exempel.site.asked("/privat/a") == 2


def test_what_the_operator_newly_includes_is_found_on_pages_that_did_not_change(exempel: Town) -> None:
    source = exempel.source
    exempel.source = replace(source, scope=replace(source.scope, exclude=("*/mer/*",)))
    exempel.site["/"] = page("Start", links=[("/mer/a", "A")])
    exempel.site["/mer/a"] = page("A", "Text.")
    exempel.crawl()
    exempel.source = source

    exempel.day()

    assert exempel.site.asked("/mer/a") == 1


def test_a_link_refused_as_too_deep_is_followed_where_a_shallower_page_has_it(exempel: Town) -> None:
    """The deep page is read first: it lies on a host of its own, which answers sooner."""
    source = exempel.source
    exempel.source = replace(source, scope=replace(source.scope, depth=2))
    exempel.site["/"] = page("Start", links=[("/1", "1"), ("/sen", "Sen")])
    exempel.site["/1"] = page("1", links=[("/2", "2")])
    exempel.site["/2"] = page("2", "Text.", links=[("/mal", "Mål")])
    exempel.site["/mal"] = page("Mål", "Text.")
    exempel.site["/sen"] = page("Sen", "Text.")
    exempel.site.fails("/sen", "timeout")
    exempel.crawl()
    exempel.site["/sen"] = page("Sen", "Text.", links=[("/mal", "Mål")])

    exempel.day(minutes=10)

    assert exempel.site.asked("/mal") == 1


def test_a_seed_is_never_given_up(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Text.")
    exempel.crawl()
    there = exempel.site["/"]
    exempel.site.gone("/")
    for _ in range(20):
        exempel.day(days=5)
    exempel.site["/"] = there

    exempel.day(days=6)

    assert exempel.rows("SELECT state FROM current_pages") == [("present",)]


def test_an_address_that_redirects_to_where_a_known_page_is_does_not_lose_it(exempel: Town, tmp_path: Path) -> None:
    exempel.site["/"] = page("Start", links=[(f"/gammal.{NODE}.html", "Sidan"), (f"/ny.{NODE}.html", "Sidan")])
    exempel.site[f"/gammal.{NODE}.html"] = page("Sidan", "Text.")
    exempel.crawl()
    exempel.site.moves(f"/gammal.{NODE}.html", f"/ny.{NODE}.html")

    exempel.day()

    assert exempel.site.asked(f"/ny.{NODE}.html") == 1
    assert exempel.rows("SELECT state FROM current_pages WHERE title = 'Sidan'") == [("present",)]
