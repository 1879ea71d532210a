"""The start page: which addresses are a site's front page, and whether a page takes itself for it. Pure."""

from functools import lru_cache

from archiver import urls
from archiver.extract.page.lines import Head
from archiver.model import Facts


def is_start(url: str, facts: Facts) -> bool:
    """Whether the address is one of the site's start pages."""
    return bool(url) and _address(url) in {_address(start) for start in facts.starts}


def is_named(head: Head, facts: Facts) -> bool:
    """Whether another page calls itself the start page, in every name that it gives itself."""
    if head.canonical is None or is_start(facts.url, facts):
        return False
    shared = dict(reversed(head.metas)).get("og:url")
    named = [url for url in (head.canonical, shared) if url]
    return all(is_start(urls.join(head.base or facts.url, url) or "", facts) for url in named)


@lru_cache(maxsize=1024)
def _address(url: str) -> tuple[str, str]:
    """Host and path with query, without what does not choose the page."""
    key = urls.key(url)
    return urls.same_site_host(urls.host(key)), key.partition("://")[2].partition("/")[2].rstrip("/")
