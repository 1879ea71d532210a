"""What a site lists for machines, followed: all of it that is the site's own, and its dates as hearsay."""

import gzip
from pathlib import Path

from archive import SOURCE, Town, town
from archiver.store import admitting
from pretend import page

HOST = "https://www.exempelkoping.se"
LISTED = SOURCE.replace('every        = "day"', f'sitemaps     = ["{HOST}/sitemap.xml"]\nevery        = "day"')
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


def urlset(*entries: str) -> bytes:
    return f"<urlset {NS}>{''.join(f'<url>{entry}</url>' for entry in entries)}</urlset>".encode()


def test_an_index_leads_to_packed_sitemaps_and_they_to_what_is_the_sites_own(tmp_path: Path) -> None:
    with town(tmp_path, LISTED) as exempel:
        index = "<sitemapindex><sitemap><loc>/sitemap1.xml.gz</loc></sitemap></sitemapindex>"
        exempel.site.file("/sitemap.xml", index.encode(), "application/xml")
        listed = urlset(
            f"<loc>{HOST}/sida?a=1&b=2</loc><lastmod>2026-02-01</lastmod>",
            '<loc>/relativ\x0b</loc><xhtml:link rel="alternate" hreflang="en" href="/en/relativ"/>',
            "<loc>https://annan.example/sida</loc>",
            f"<loc>{HOST}/protokoll.pdf</loc>",
        )
        exempel.site.file("/sitemap1.xml.gz", gzip.compress(listed), "application/gzip")
        for path in ("/", "/sida", "/relativ", "/en/relativ"):
            exempel.site[path] = page(path, "Ett stycke.")
        exempel.crawl()

        found = exempel.rows("SELECT url, role FROM addresses WHERE role IN ('page', 'file') ORDER BY url")
        assert [(url.removeprefix(HOST), role) for url, role in found] == [
            ("/", "page"), ("/en/relativ", "page"), ("/protokoll.pdf", "file"), ("/relativ", "page"),
            ("/sida?a=1&b=2", "page"),
        ]  # fmt: skip
        said = exempel.rows("SELECT witness, said FROM hearsay WHERE url LIKE '%/sida%' AND witness <> 'http'")
        assert said == [("sitemap", "2026-02-01")]


def test_a_lastmod_that_moves_is_a_witness_and_no_change(tmp_path: Path) -> None:
    with town(tmp_path, LISTED) as exempel:
        exempel.site["/"] = page("Start", "Välkommen.")
        for day in ("2026-02-01", "2026-02-02"):
            exempel.site.file("/sitemap.xml", urlset(f"<loc>{HOST}/</loc><lastmod>{day}</lastmod>"), "application/xml")
            exempel.day()

        assert exempel.changes() == []
        assert exempel.rows("SELECT updated, published FROM current_pages WHERE url LIKE '%.se/'") == [(None, None)]


def test_all_entries_of_a_long_list_become_addresses(tmp_path: Path) -> None:
    source = LISTED.replace('"sitevision"', '"generic"')
    with town(tmp_path, source) as exempel:
        lines = "\n".join(f"{HOST}/nyheter/{n}" for n in range(5_001))
        exempel.site.file("/sitemap.xml", lines.encode(), "text/plain")
        exempel.crawl(limit=1)

        assert exempel.rows("SELECT count(*) FROM frontier WHERE due_at IS NOT NULL") == [(5_001 + 2,)]


def test_a_sitemap_that_answers_with_a_page_ends_nothing(exempel: Town) -> None:
    exempel.site["/"] = page("Start", "Välkommen.")
    exempel.site.robots(f"Sitemap: {HOST}/karta.xml")
    exempel.site.file("/karta.xml", urlset(f"<loc>{HOST}/a</loc>"), "application/xml")
    exempel.site["/a"] = page("A", "Ett stycke.")
    exempel.crawl()
    exempel.site["/karta.xml"] = page("Sidan är flyttad", "Ett stycke.")
    exempel.day()

    asked = "SELECT c.id FROM captures c JOIN addresses a ON a.id = c.address_id WHERE a.role = 'sitemap'"
    verdicts = exempel.rows(f"SELECT verdict FROM readings WHERE capture_id IN ({asked}) ORDER BY capture_id")
    assert verdicts == [("good",), ("wrong-kind",)]
    assert [row["state"] for row in exempel.history("/a")] == ["present"]


def test_what_a_sitemap_names_again_is_settled_unless_it_is_missing_or_belongs_no_more(exempel: Town) -> None:
    exempel.site["/"] = page("Start", links=[("/a", "A"), ("/b", "B")])
    exempel.site["/a"], exempel.site["/b"] = page("A", "Text."), page("B", "Text.")
    exempel.crawl()
    exempel.day()
    exempel.site.gone("/b")
    exempel.day()
    conn = exempel.archive.reader
    ((scope,),) = exempel.rows("SELECT DISTINCT scope FROM frontier WHERE scope IS NOT NULL")

    def settled(scope: int = scope) -> set[str]:
        found = admitting.settled(conn, map(exempel.site.url, ("/", "/a", "/b", "/c")), scope)
        return {url.removeprefix(HOST) for url in found}

    assert settled() == {"/", "/a"}
    assert settled(scope + 1) == set()
    exempel.archive.write(lambda c: c.execute("UPDATE frontier SET due_at = NULL"))
    assert settled() == set()
