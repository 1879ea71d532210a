"""What a page in a browser may have of what it asks for beside itself.

A page is shown to read its text, so it gets what text may come from: its scripts, and what they ask for. All of that is
asked of somebody's server, so pictures, styles, fonts and films are not asked for, nor is what counts visitors; and
nothing is ever sent there but a question. Pure.
"""

from datetime import datetime
from typing import Literal, NamedTuple

from archiver import urls
from archiver.frontier.robots import Robots
from archiver.model import Response, Subrequest

ASKED_FOR = frozenset({"script", "xhr", "fetch"})
"""Kinds of requests, as the DevTools protocol calls them (Network.ResourceType), in small letters."""
BLANKS: dict[str, tuple[str, bytes]] = {
    "stylesheet": ("text/css", b""),
    "image": ("image/gif", b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
                           b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"),
}  # fmt: skip
"""What stands in for what is not asked for: a page that waits for a style, or misses a picture, is another page."""
COUNTERS = (
    "google-analytics.com", "googletagmanager.com", "doubleclick.net", "googlesyndication.com", "googleadservices.com",
    "facebook.net", "connect.facebook.com", "analytics.tiktok.com", "bat.bing.com", "clarity.ms", "hotjar.com",
    "siteimprove.com", "siteimproveanalytics.com", "siteimproveanalytics.io", "vizzit.se", "matomo.cloud",
    "plausible.io", "newrelic.com", "nr-data.net", "sentry.io", "cookiebot.com", "cookiebot.eu", "cookielaw.org",
    "cookieinformation.com", "usercentrics.eu", "readspeaker.com", "browsealoud.com", "addtoany.com", "addthis.com",
    "imbox.io", "giosg.com", "intercom.io", "zendesk.com", "zdassets.com", "kundo.se", "puzzel.com", "ebbot.app",
)  # fmt: skip
"""Hosts (and all under them) that count visitors, ask for consent, read aloud, or chat: no page's text comes from
there, and each would be told of a visitor who is none."""
COUNTING = ("/matomo.js", "/matomo.php", "/piwik.js", "/piwik.php", "/gtag/js", "/gtm.js", "/cdn-cgi/rum")
"""Ends of paths of counters that stand on a site's own host."""


class Fate(NamedTuple):
    """What is to be done with a subrequest, and why."""

    what: Literal["ask", "blank", "refuse"]
    why: str


def decide(page: str, request: Subrequest, rules: Robots | None, agent: str) -> Fate:
    """Whether the page at that URL gets it.

    `rules`: the robots.txt of the page's own origin, for what lies there; None: we are permitted whatever it says. Of
    other hosts none is asked whether it minds: as for any visitor, whose browser asks them at the page's word.
    """
    if request.kind in BLANKS:
        return Fate("blank", f"{request.kind}: not asked for")
    if why_not := _why_not(request):
        return Fate("refuse", why_not)
    if urls.origin(request.url) != urls.origin(page):
        return Fate("ask", "of another host")
    if rules is None or rules.decide(request.url, agent).allowed:
        return Fate("ask", "of its own host")
    return Fate("refuse", "robots.txt bars us")


def _why_not(request: Subrequest) -> str | None:
    """Why nobody is to be asked for it, wherever it lies."""
    if request.kind not in ASKED_FOR:
        return f"{request.kind}: no text comes of it"
    if request.method != "GET":
        return f"{request.method}: we only ever ask"
    if not urls.is_web(request.url):
        return "not an http or https URL"
    host = urls.host(request.url)
    counts = any(host == name or host.endswith(f".{name}") for name in COUNTERS)
    return "it counts visitors" if counts or urls.path(request.url).endswith(COUNTING) else None


def is_own(page: str, request: Subrequest) -> bool:
    """Whether it is of the page's own site."""
    return urls.same_site_host(urls.host(request.url)) == urls.same_site_host(urls.host(page))


def matters(page: str, request: Subrequest) -> bool:
    """Whether the page's text may hang on it: what scripts ask for, and the site's own scripts."""
    return request.kind != "script" or is_own(page, request)


def blank(request: Subrequest, now: datetime) -> Response:
    """What stands in for what is not asked for."""
    content_type, body = BLANKS[request.kind]
    return Response(request.url, now, 200, (("Content-Type", content_type),), body)
