"""What is broken: the project's pages, real ones where the shared corpus is here, and a body of every other kind."""

import gzip
import io
import zipfile
import zlib
from functools import cache
from pathlib import Path

import brotli

from archiver import zstd

TESTS = Path(__file__).parents[1]

SITEMAP = (
    b"<?xml version='1.0' encoding='UTF-8'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    + b"<url><loc>https://www.exempelkoping.example/kommun/%s</loc><lastmod>2024-05-02T09:54:00+02:00</lastmod></url>"
    * 3
    % (b"a", b"b", b"c")
    + b"</urlset>"
)
RSS = (
    b"<?xml version='1.0'?><rss version='2.0'><channel><title>Nyheter</title>"
    b"<link>https://www.exempelkoping.example/</link>"
    b"<item><title>Ny bro</title><link>/nyheter/bro</link><pubDate>Fri, 08 Nov 2019 14:30:00 +0100</pubDate></item>"
    b"</channel></rss>"
)
ATOM = (
    b"<feed xmlns='http://www.w3.org/2005/Atom'><title>Nyheter</title><entry><title>Bro</title>"
    b"<link href='/bro'/><updated>2019-11-08T14:30:00Z</updated></entry></feed>"
)
ROBOTS = (
    b"User-agent: *\nDisallow: /sok\nAllow: /sok/hjalp$\nCrawl-delay: 5\nRequest-rate: 1/10\n\n"
    b"User-agent: archiver\nDisallow: /*?print=\n\nSitemap: https://www.exempelkoping.example/sitemap.xml\n"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 55>>stream\nBT /F1 12 Tf 72 700 Td (Protokoll 2019-11-08) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"6 0 obj<</Title(Protokoll)/CreationDate(D:20191108143000+01'00')>>endobj\n"
    b"trailer<</Root 1 0 R/Info 6 0 R/Size 7>>\n%%EOF"
)
PHRASES = (
    b"Publicerad: 8 november 2019 kl. 14.30 | Senast uppdaterad den 8/11 2019 av Anna Exempel\n"
    b"Sidan granskad 7 maj 2019. Julkaistu 8.11.2019 klo 9.54. Sist oppdatert 08.11.2019. Stand: 8. November 2019\n"
)


def office(parts: dict[str, str]) -> bytes:
    """A zip archive of such parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return held.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCX = office({
    "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
    "word/document.xml": f"<w:document xmlns:w='{_WORD}'><w:body><w:p><w:r><w:t>Beslut</w:t></w:r></w:p></w:body>"
    "</w:document>",
    "docProps/core.xml": "<x xmlns:d='http://purl.org/dc/terms/'><d:created>2019-11-08T09:54:00Z</d:created></x>",
})  # fmt: skip
XLSX = office({
    "xl/workbook.xml": f"<workbook xmlns='{_SHEET}'><sheets><sheet name='A' sheetId='1'/></sheets></workbook>",
    "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{_SHEET}'><sheetData><row r='1'><c r='A1' t='inlineStr'><is>"
    "<t>x</t></is></c><c r='B1'><v>4711</v></c></row></sheetData></worksheet>",
})  # fmt: skip
ODT = office({
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'"
    " xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body><text:p>Beslut</text:p></office:body>"
    "</office:document-content>",
})  # fmt: skip
OFFICE = (DOCX, XLSX, ODT)

ANSWER = (
    b"HTTP/1.1 200 OK\r\nDate: Sun, 01 Mar 2026 12:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\n"
    b"Content-Length: 18\r\nConnection: keep-alive\r\n\r\n<p>Ny bro 2026</p>"
)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12\r\n<p>Ny bro 2026</p>\r\n0\r\n\r\n"
WARC = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1b4e28ba-2fa1-11d2-883f-0016d3cca427>\r\n"
    b"WARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Target-URI: https://www.exempelkoping.example/\r\n"
    b"Content-Type: application/http;msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (len(ANSWER), ANSWER)
) * 2
ARC = (
    b"filedesc://a.arc 0.0.0.0 20080101000000 text/plain 76\n1 0 Archive\n"
    b"URL IP-address Archive-date Content-type Archive-length\n\n"
    b"http://www.exempelkoping.example/ 192.0.2.1 20080101000000 text/html %d\n%s\n" % (len(ANSWER), ANSWER)
)
TIMEMAP = (
    b'<http://www.exempelkoping.example/>;rel="original",\n<http://arkiv.example/t/link>;rel="self";type="application/'
    b'link-format",\n<http://arkiv.example/20190102030405/http://www.exempelkoping.example/>;rel="first memento";'
    b'datetime="Wed, 02 Jan 2019 03:04:05 GMT"\n'
)
ADDRESSES = (
    b"https://www.exempelkoping.example/kommun/a?b=1&utm_source=x#del",
    b"http://user:pw@[::1]:8080/%c3%a5/../x;jsessionid=1?q=a+b&q=",
    "HTTPS://Exempelköping.example:443/Å/./ö?å=ä".encode(),
)
TYPED = (b'avgift* "tv\xc3\xa5 ord" -inte OR NEAR(a b) text:kolumn', b"*", b'"', b"a" * 400)
VISITS = (
    b"/?class=silent-edit&q=kronor&days=30&kind=text&weight=1&noise=1&technical=1&since=2026-03-02&until=2026-03-04",
    b"/compare/3..10?view=inline&lang=en",
    b"/page/3?at=2026-03-02",
    b"/m/9999",
    b"/search?q=kronor&tense=removed&kommun=9999&section=",
    b"/lists/gone?page=2",
    b"/sql/states?url=https%3A%2F%2Fwww.exempelkoping.se%2Fa&_size=10",
    b"/timegate/https://www.exempelkoping.se/a",
    b"/timemap/link/https://www.exempelkoping.se/a",
    b"/memento/20260303000000/https://www.exempelkoping.se/a",
    b"/feed.atom?class=touch",
    b"/archive/page_changes.json?_facet=class&_sort=revision&url__contains=x&_size=5",
    b"/archive.json?sql=select+*+from+page_changes+limit+1",
    b"/capture/3",
    b"/health",
)
COMMANDS = (
    b"changes\n--since\n2026-03-01\n--kommun\n9999\n--json",
    b"search\nkronor*\n--in\nremoved\n--limit\n5",
    b"history\nhttps://www.exempelkoping.se/a\n--csv",
    b"diff\nc3..c10",
    b"ask\nstates\nurl=https://www.exempelkoping.se/a",
    b"similar\nAvgiften \xc3\xa4r 100 kronor per m\xc3\xa5nad",
    b"why\nhttps://www.exempelkoping.se/a",
    b"status\n--json",
    b"issues",
    b"plan\nexempelkoping",
    b"export\npage_changes\n--format\ncsv",
    b"evidence\nc3..c10",
    b"seal",
    b"verify\n--json",
    b"check",
)
"""Words of a command line, a line each."""


def packed(body: bytes) -> tuple[bytes, ...]:
    """The body under each coding there is."""
    return body, gzip.compress(body, mtime=0), zlib.compress(body), zstd.compress(body), brotli.compress(body)


@cache
def configuration() -> tuple[bytes, ...]:
    """This project's own files, and a source."""
    config = TESTS.parent / "config"
    files = sorted(config.glob("*.toml")) + sorted((config / "languages").glob("sv.toml"))
    source = b'municipality = "X"\nseeds = ["https://www.exempelkoping.example/"]\nevery = "day"\n[scope]\ndepth = 5\n'
    return source, *(file.read_bytes() for file in files)


OF_SUBJECT: dict[str, tuple[bytes, ...]] = {
    "pdf": (PDF,), "sitemap": (SITEMAP, gzip.compress(SITEMAP, mtime=0)), "feed": (RSS, ATOM), "robots": (ROBOTS,),
    "docx": (DOCX,), "xlsx": (XLSX,), "odt": (ODT,), "rules of robots.txt": (ROBOTS,), "phrases": (PHRASES,),
    "payload": packed(RSS), "head": (ANSWER,), "message": (ANSWER, CHUNKED),
    "warc": (WARC, gzip.compress(WARC, mtime=0), ARC),
    "timemap": (TIMEMAP,), "address": ADDRESSES, "typed": TYPED, "configuration": configuration(),
    "room": VISITS, "command line": COMMANDS,
}  # fmt: skip
"""What is broken for a subject; for all others, pages."""


@cache
def pages() -> tuple[bytes, ...]:
    """The project's own labelled pages."""
    return tuple(path.read_bytes() for path in sorted((TESTS / "pages").glob("*/*.html")))


@cache
def pages_of_the_corpus(most: int) -> tuple[bytes, ...]:
    """Up to so many real pages, spread evenly over a site and over htmldate's pages; none where there is no corpus."""
    from benchmarks.pages import FOLDER, files_of, pages_of

    if not FOLDER.is_dir():
        return ()
    site = [body for _, body in pages_of("ekonomicoachen.helsingborg.se", limit=most // 2)]
    world = sorted(files_of(FOLDER.parent / "htmldate_half" / "pages.tar.zst").items())
    return (*site, *(body for _, body in world[:: max(1, 2 * len(world) // most)]))
