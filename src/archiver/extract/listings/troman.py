"""Troman: pages of HTML without a list for machines. Read as any page is, so that nothing of it is lost.

A body's page (`/organisation/<uuid>`) lists its latest meetings, some ten of them, and nothing leads to older ones; a
meeting (`/mote/<uuid>`) lists its documents as `/fil?id=<uuid>`, which no ending gives away as files. A meeting that
leaves the list is soon gone, its files often are not: all of it is asked for on its own. Pure.
"""

from dataclasses import replace

from archiver.extract.listings import vendors
from archiver.extract.page import html
from archiver.model import Document, Facts, Link, Rules, Unread


def read(body: bytes, facts: Facts, rules: Rules) -> Document | Unread:
    """The page, its documents as attachments."""
    found = html.read(body, facts, rules)
    return found if isinstance(found, Unread) else mark(found, facts)


def mark(document: Document, facts: Facts) -> Document:
    """The page with its documents as attachments."""
    return replace(document, links=attached(document.links, "troman"))


def attached(links: tuple[Link, ...], reader: str) -> tuple[Link, ...]:
    """The links, those to the system's files as attachments."""
    files = vendors.VENDORS[reader].files

    def is_file(link: Link) -> bool:
        return link.rel == "link" and vendors.is_web(link.target) and bool(files.match(vendors.tail(link.target)))

    return tuple(replace(link, rel="attachment") if is_file(link) else link for link in links)
