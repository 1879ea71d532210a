"""What a link leads to: a page, a file, a sitemap or a feed; and which feeds are worth asking for. Pure."""

import re
from collections.abc import Collection

from archiver import urls
from archiver.model import Link, Role

_FILE = re.compile(
    r"\.(?:pdf|docx?|docm|dotx?|odt|ods|odp|rtf|txt|csv|tsv|xlsx?|xlsm|pptx?|ppsx?|zip|7z|rar|epub|"
    r"jpe?g|png|gif|webp|svg|tiff?|mp3|mp4|m4a|wav|mov|avi|ics|xml|json)\Z",
    re.I,
)
_ENDING = len(".json")
"""Ends of paths that name a file in a sitemap or a feed, which do not say what their entries are."""
_STORE = re.compile(r"/(?:download/18\.|globalassets/|contentassets/|wp-content/uploads/|sites/default/files/)")
"""Where the common systems keep files, whatever they are called."""
_COMMENTS = re.compile(r"/comments?(?:/feed)?(?:/|\Z)|[?&]feed=comments|[?&](?:p|page_id)=\d+", re.I)
_FEED_STEP = re.compile(r"/(?:feed|rss2?|atom|rdf)(?:\.xml)?/?\Z", re.I)
"""The last steps of a feed's path: what stands before them is what the feed is of."""


def role_of(link: Link, from_role: Role = "page") -> Role:
    """The role of the address a link leads to, found on an address of `from_role`."""
    if link.rel == "feed":
        return "feed"
    if link.rel == "attachment":
        return "file"
    if link.rel == "entry" and (link.text == "sitemap" or from_role == "robots"):
        return "sitemap"
    if link.rel == "entry" and _names_a_file(link.target):
        return "file"
    return "page"


def is_own_feed(feed: str, page: str, starts: Collection[str] = ()) -> bool:
    """Whether a feed that a page names is worth asking for: the site's, or a section's that begins with this page.

    WordPress names a feed of the comments on every page (`/sida/feed/`), Joomla one of each list (`?format=feed`): to
    ask for all of them would double the requests, and they hold nothing that the page does not show. So the feed of a
    single page counts only where that page is a start: the site's front page, or one whose path is among `starts`
    (seeds, sections). A feed of comments never does.
    """
    place, query = urls.path(feed), feed.partition("?")[2]
    if _COMMENTS.search(f"{place}?{query}" if query else place):
        return False
    own = _bare(urls.path(page))
    base = _FEED_STEP.sub("", place)
    is_of_page = (base != place or query != "") and _bare(base) == own
    return not is_of_page or own == "" or own in {_bare(start) for start in starts}


def _bare(path: str) -> str:
    return path.rstrip("/")


def _names_a_file(url: str) -> bool:
    path = urls.path(url)
    return bool(_FILE.search(path[-_ENDING:]) or _STORE.match(path))
