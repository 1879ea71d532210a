"""What a link leads to: a page, a file, a sitemap or a feed. Pure."""

import re

from archiver import urls
from archiver.model import Link, Role

_FILE = re.compile(
    r"\.(?:pdf|docx?|docm|dotx?|odt|ods|odp|rtf|txt|csv|tsv|xlsx?|xlsm|pptx?|ppsx?|zip|7z|rar|epub|"
    r"jpe?g|png|gif|webp|svg|tiff?|mp3|mp4|m4a|wav|mov|avi|ics|xml|json)\Z",
    re.I,
)
"""Ends of paths that name a file in a sitemap or a feed, which do not say what their entries are."""
_STORE = re.compile(r"/(?:download/18\.|globalassets/|contentassets/|wp-content/uploads/|sites/default/files/)")
"""Where the common systems keep files, whatever they are called."""


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


def _names_a_file(url: str) -> bool:
    path = urls.path(url)
    return bool(_FILE.search(path) or _STORE.match(path))
