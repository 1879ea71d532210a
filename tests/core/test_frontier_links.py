"""What a link leads to, and which feeds are worth asking for."""

import pytest

from archiver.frontier import links
from archiver.model import Link

HOST = "https://www.exempelkoping.example"


@pytest.mark.parametrize(
    ("feed", "page", "own"),
    [
        ("/feed/", "/", True),
        ("/feed/", "/kontakt/", True),  # the site's, named on every page
        ("/feed/atom/", "/kontakt/", True),
        ("/kontakt/feed/", "/kontakt/", False),  # the comments of one page
        ("/kontakt/feed", "/kontakt", False),
        ("/comments/feed/", "/", False),
        ("/?feed=rss2", "/kontakt", True),
        ("/?feed=comments-rss2", "/", False),
        ("/?feed=rss2&p=12", "/?p=12", False),
        ("/nyheter/feed/", "/nyheter/", True),  # a section's
        ("/nyheter/feed/", "/nyheter/2026/bad", True),
        ("/nyheter/2026/bad/feed/", "/nyheter/2026/bad", False),
        ("/nyheter/rss.xml", "/nyheter", True),
        ("/taxonomy/term/5/feed", "/taxonomy/term/5", False),  # Drupal
        ("/kalender?format=feed&type=rss", "/kalender", False),  # Joomla
        ("/?format=feed&type=rss", "/", True),
        ("/4.5bd1/12.77aa.rss", "/nyheter.4.5bd1.html", True),
        ("/rss/nyheter", "/kontakt", True),
    ],
)
def test_a_feed_of_one_page_alone_is_not_asked_for(feed: str, page: str, own: bool) -> None:
    assert links.is_own_feed(HOST + feed, HOST + page, ["/nyheter", "/politik/"]) == own


def test_an_entry_is_a_file_where_its_address_says_so() -> None:
    def role(target: str) -> str:
        return links.role_of(Link(f"{HOST}{target}", "entry", "main", ""), "page")

    assert [role(path) for path in ("/a.pdf", "/download/18.1/x", "/a", "/read?hash=a.pdf")] == [
        "file", "file", "page", "page",
    ]  # fmt: skip
