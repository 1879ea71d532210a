"""The pretend municipality: a website you can edit between two crawls, in process.

site = Site("https://www.exempelkoping.se", clock)
site["/a"] = page("Rubrik", "Ett stycke.", updated="2026-01-02", links=[("/b", "Läs mer")])
site.gone("/b", status=410)
response = await site.fetch(Request("https://www.exempelkoping.se/a"))
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from urllib.parse import urljoin, urlsplit

from archiver.model import Failure, FailureKind, Request, Response
from clock import Clock

BANNER, NOISE = "<!--banner-->", "<!--noise-->"
HTML = "text/html; charset=utf-8"

_PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="generator" content="Sitevision 10">
<title>{title} - Exempelköpings kommun</title>
{head}</head>
<body class="sv-responsive">
<a class="skip-link" href="#innehall">Gå till innehåll</a>
<div class="sv-layout">{banner}
<nav class="sv-navigation-portlet"><a href="/">Start</a></nav>
<main id="innehall" class="pagecontent">
<div class="sv-text-portlet"><div class="sv-text-portlet-content">
<h1>{title}</h1>
{body}
</div></div>
{dates}</main>
<footer><p>Exempelköpings kommun, Torget 1</p></footer>
</div>{noise}
</body>
</html>
"""


def page(
    title: str,
    *paragraphs: str,
    published: str | None = None,
    updated: str | None = None,
    reviewed: str | None = None,
    links: Iterable[tuple[str, str]] = (),
    head: str = "",
) -> str:
    """A page in Sitevision's form. A paragraph that begins with '<' is markup and goes in as it is."""
    body = [p if p.startswith("<") else f"<p>{escape(p, quote=False)}</p>" for p in paragraphs]
    body += [f'<p><a href="{escape(target)}">{escape(words)}</a></p>' for target, words in links]
    labels = (("Publicerad", published), ("Sidan uppdaterades senast", updated), ("Senast granskad", reviewed))
    dates = "".join(f"<p>{label}: {day}</p>\n" for label, day in labels if day)
    return _PAGE.format(title=escape(title), body="\n".join(body), dates=dates, head=head, banner=BANNER, noise=NOISE)


@dataclass(frozen=True)
class Reply:
    """What an address answers."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", HTML),)


class Site:
    """One host (and its aliases), edited by assignment. `log` holds every request: when, and for what."""

    def __init__(self, base: str, clock: Clock | None = None, *, aliases: Iterable[str] = (), validators: bool = True):
        self.base = base.rstrip("/")
        self.clock = clock or Clock()
        self.hosts = {urlsplit(self.base).netloc, *aliases}
        self.validators = validators  # whether it sends ETag and answers 304
        self.banner = ""
        self.noise = ""
        self.log: list[tuple[object, str]] = []
        self.elapsed = 0.05  # seconds that every answer takes
        self._replies: dict[str, Reply] = {}
        self._next: dict[str, list[Reply | FailureKind]] = {}
        self._lists_pages = False

    def url(self, path: str) -> str:
        return self.base + path

    def __setitem__(self, path: str, html: str) -> None:
        self._replies[path] = Reply(200, html.encode())

    def __getitem__(self, path: str) -> str:
        return self._replies[path].body.decode()

    def __contains__(self, path: str) -> bool:
        return path in self._replies

    def file(self, path: str, body: bytes, content_type: str = "application/pdf") -> None:
        """A file, or any bytes with any label."""
        self._replies[path] = Reply(200, body, (("Content-Type", content_type),))

    def gone(self, path: str, status: int = 404) -> None:
        """From now on the address answers that there is nothing."""
        self._replies[path] = Reply(status, page("Sidan kunde inte hittas").encode())

    def moves(self, old: str, new: str, status: int = 301) -> None:
        """From now on the old address points to the new one, which takes over what the old one said."""
        if new not in self._replies and old in self._replies:
            self._replies[new] = self._replies[old]
        self._replies[old] = Reply(status, b"", (("Location", urljoin(self.base + "/", new)),))

    def says(
        self, path: str, status: int, times: int = 1, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> None:
        """The next `times` answers are this; then everything is as before."""
        reply = Reply(status, body.encode(), tuple({"Content-Type": HTML, **(headers or {})}.items()))
        self._next.setdefault(path, []).extend([reply] * times)

    def fails(self, path: str, kind: FailureKind = "timeout", times: int = 1) -> None:
        """The next `times` requests get no whole answer."""
        self._next.setdefault(path, []).extend([kind] * times)

    def robots(self, text: str) -> None:
        self.file("/robots.txt", text.encode(), "text/plain")

    def sitemap(self) -> None:
        """From now on /sitemap.xml lists every page that is there."""
        self._lists_pages = True

    def asked(self, path: str) -> int:
        """How often an address was asked for."""
        return sum(url == self.url(path) for _, url in self.log)

    async def fetch(self, request: Request) -> Response | Failure:
        """One request, as the crawl's own client would answer it. Redirects are not followed."""
        at = self.clock.now()
        self.log.append((at, request.url))
        parts = urlsplit(request.url)
        if parts.netloc not in self.hosts:
            return Failure(request.url, at, "dns", f"no such host: {parts.netloc}")
        reply = self._reply(parts.path or "/", parts.query)
        if not isinstance(reply, Reply):
            return Failure(request.url, at, reply, f"pretended {reply}", self.elapsed)
        body = reply.body.replace(BANNER.encode(), self._alert().encode()).replace(NOISE.encode(), self.noise.encode())
        headers = reply.headers
        if self.validators and reply.status == 200:
            tag = f'"{sha256(body).hexdigest()[:16]}"'
            headers = (*headers, ("ETag", tag))
            if request.etag == tag:
                return Response(request.url, at, 304, (("ETag", tag),), b"", elapsed=self.elapsed)
        return Response(request.url, at, reply.status, headers, body, elapsed=self.elapsed, ip="127.0.0.1")

    def _reply(self, path: str, query: str) -> Reply | FailureKind:
        """What stands in line for the address, or what it always says; the query counts only where it was given."""
        for name in (f"{path}?{query}", path) if query else (path,):
            if self._next.get(name):
                return self._next[name].pop(0)
            if name in self._replies:
                return self._replies[name]
        if path == "/sitemap.xml" and self._lists_pages:
            return Reply(200, self._sitemap().encode(), (("Content-Type", "application/xml"),))
        return Reply(404, page("Sidan kunde inte hittas").encode())

    def _alert(self) -> str:
        return f'<div class="crisis-message" role="alert">{escape(self.banner)}</div>' if self.banner else ""

    def _sitemap(self) -> str:
        there = (p for p, r in self._replies.items() if r.status == 200 and ("Content-Type", HTML) in r.headers)
        rows = "".join(f"<url><loc>{escape(self.url(path))}</loc></url>" for path in there)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
