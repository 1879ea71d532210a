from datetime import UTC, datetime

import pytest

from archiver.frontier import robots
from archiver.frontier.subrequests import blank, decide, matters
from archiver.model import Subrequest

PAGE = "https://www.exempelkoping.se/kommun/moten"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RULES = robots.parse(b"User-agent: *\nDisallow: /intern/", "https://www.exempelkoping.se/robots.txt")


def fate(kind: str, url: str, method: str = "GET", rules: robots.Robots | None = RULES) -> str:
    return decide(PAGE, Subrequest(kind, method, url), rules, "archiver").what


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("script", "https://www.exempelkoping.se/app.js", "ask"),
        ("xhr", "https://www.exempelkoping.se/api/moten.json", "ask"),
        ("fetch", "https://api.exempelsystem.se/moten?ar=2026", "ask"),
        ("script", "https://cdn.exempel.net/lib.js", "ask"),
        ("stylesheet", "https://www.exempelkoping.se/app.css", "blank"),
        ("image", "https://www.exempelkoping.se/vapen.png", "blank"),
        ("font", "https://www.exempelkoping.se/a.woff2", "refuse"),
        ("media", "https://www.exempelkoping.se/film.mp4", "refuse"),
        ("websocket", "https://www.exempelkoping.se/ws", "refuse"),
        ("eventsource", "https://www.exempelkoping.se/strom", "refuse"),
        ("ping", "https://www.exempelkoping.se/ping", "refuse"),
        ("other", "https://www.exempelkoping.se/favicon.ico", "refuse"),
        ("xhr", "file:///etc/passwd", "refuse"),
        ("script", "chrome://version/", "refuse"),
        ("script", "https://www.googletagmanager.com/gtm.js?id=1", "refuse"),
        ("xhr", "https://region1.google-analytics.com/g/collect", "refuse"),
        ("script", "https://statistik.exempelkoping.se/matomo.js", "refuse"),
        ("script", "https://notgoogle-analytics.com/app.js", "ask"),
        ("xhr", "https://www.exempelkoping.se/intern/lista.json", "refuse"),
        (
            "xhr",
            "https://www.exempelkoping.se:8443/intern/lista.json",
            "ask",
        ),  # another origin: its robots.txt is not ours
    ],
)
def test_a_page_gets_what_text_may_come_from_and_no_more(kind: str, url: str, expected: str) -> None:
    assert fate(kind, url) == expected


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD"])
def test_nothing_but_a_question_is_ever_sent(method: str) -> None:
    assert fate("xhr", "https://www.exempelkoping.se/api", method) == "refuse"


def test_what_robots_bars_is_asked_for_with_permission_only() -> None:
    assert fate("xhr", "https://www.exempelkoping.se/intern/lista.json", rules=None) == "ask"


def test_a_style_and_a_picture_are_there_and_empty() -> None:
    style = blank(Subrequest("stylesheet", "GET", "https://www.exempelkoping.se/app.css"), NOON)
    picture = blank(Subrequest("image", "GET", "https://www.exempelkoping.se/a.png"), NOON)

    assert (style.status, style.header("Content-Type"), style.body) == (200, "text/css", b"")
    assert (picture.status, picture.header("Content-Type"), picture.body[:6]) == (200, "image/gif", b"GIF89a")


@pytest.mark.parametrize(
    ("kind", "url", "expected"),
    [
        ("xhr", "https://api.exempelsystem.se/moten", True),
        ("script", "https://exempelkoping.se/app.js", True),
        ("script", "https://cdn.exempel.net/chatt.js", False),
    ],
)
def test_the_text_hangs_on_data_and_on_the_sites_own_scripts(kind: str, url: str, expected: bool) -> None:
    assert matters(PAGE, Subrequest(kind, "GET", url)) is expected
