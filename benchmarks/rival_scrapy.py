"""The rival of `benchmarks.crawl`: Scrapy + trafilatura + htmldate into SQLite, as a careful user would join them.

Run as a program of its own, so that its CPU time and memory are its own:
    python -m benchmarks.rival_scrapy PROXY DB START_URL ALLOWED_HOST SITEMAP_URL
"""

import hashlib
import os
import sqlite3
import sys
import zlib
from collections.abc import Iterator
from typing import Any

import scrapy
import trafilatura
from htmldate import find_date
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response, TextResponse

SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
  url TEXT PRIMARY KEY, fetched TEXT, status INTEGER, etag TEXT, sha256 TEXT, html BLOB, title TEXT, published TEXT,
  updated TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS links (url TEXT, target TEXT, words TEXT);
"""


class Municipality(scrapy.Spider):
    """Every page that the sitemap lists or a page links to, on one host."""

    name = "municipality"
    handle_httpstatus_list = (304,)

    def __init__(self, start_url: str, host: str, sitemap: str, db: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_url, self.allowed_domains, self.sitemap = start_url, [host], sitemap
        self.db = sqlite3.connect(db)
        self.db.executescript("PRAGMA journal_mode = WAL;" + SCHEMA)
        self.links = scrapy.linkextractors.LinkExtractor(allow_domains=[host])
        self.count = 0
        self.known = dict(self.db.execute("SELECT url, etag FROM pages"))

    async def start(self) -> Any:
        """Where to begin; the second time with all that is known, each asked for by its ETag."""
        for url in self.known:
            yield self.asked(url)
        yield scrapy.Request(self.sitemap, self.listed)
        yield scrapy.Request(self.start_url, self.parse)

    def asked(self, url: str) -> scrapy.Request:
        """The request for a page."""
        etag = self.known.get(url)
        return scrapy.Request(url, self.parse, headers={"If-None-Match": etag} if etag else None)

    def listed(self, response: Response) -> Iterator[scrapy.Request]:
        """The addresses of the sitemap, or of the sitemaps that it lists."""
        response.selector.remove_namespaces()
        for url in response.xpath("//sitemap/loc/text()").getall():
            yield scrapy.Request(url.strip(), self.listed)
        for url in response.xpath("//url/loc/text()").getall():
            yield self.asked(url.strip())

    def parse(self, response: Response) -> Iterator[scrapy.Request]:
        """Store what the usual libraries read, and follow the links."""
        if response.status == 304:
            self.seen_again(response.url)
            return
        if not isinstance(response, TextResponse) or b"<html" not in response.body[:2000].lower():
            return
        read = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
        text, title = (read.text, read.title) if read else ("", None)
        published = find_date(response.text, original_date=True, url=response.url)
        updated = find_date(response.text, original_date=False, url=response.url)
        row = (
            response.url, None, response.status, (response.headers.get("ETag") or b"").decode(),
            hashlib.sha256(response.body).hexdigest(), zlib.compress(response.body), title, published, updated, text,
        )  # fmt: skip
        self.db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        found = self.links.extract_links(response)
        if response.url in self.known:
            self.db.execute("DELETE FROM links WHERE url = ?", (response.url,))
        self.db.executemany("INSERT INTO links VALUES (?, ?, ?)", [(response.url, k.url, k.text) for k in found])
        self.count_one()
        for link in found:
            yield self.asked(link.url)

    def seen_again(self, url: str) -> None:
        """Note that a page is as it was."""
        self.db.execute("UPDATE pages SET fetched = datetime() WHERE url = ?", (url,))
        self.count_one()

    def count_one(self) -> None:
        """Commit now and then."""
        self.count += 1
        if self.count % 64 == 0:
            self.db.commit()

    def closed(self, reason: str) -> None:
        """Keep what is not yet committed."""
        self.db.commit()
        self.db.close()
        sys.stdout.write(f"{self.count} pages ({reason})\n")


def crawl(proxy: str, db: str, start: str, host: str, sitemap: str) -> None:
    """Crawl one host through the proxy with politeness off."""
    os.environ["http_proxy"] = proxy
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": 16,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
            "DOWNLOAD_DELAY": 0,
            "TELNETCONSOLE_ENABLED": False,
            "USER_AGENT": "rival (benchmark on loopback)",
        }
    )
    process.crawl(Municipality, start_url=start, host=host, sitemap=sitemap, db=db)
    process.start()


if __name__ == "__main__":
    crawl(*sys.argv[1:6])
