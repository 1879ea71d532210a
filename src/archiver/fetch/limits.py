"""How much a fetch may take: bytes, seconds, connections."""

import re
from dataclasses import dataclass, replace

_PAGE = re.compile(r"\s*(?:text/html|application/xhtml\+xml)\s*(?:;|\Z)", re.I)


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one fetch, whatever comes down the wire."""

    body: int = 50_000_000  # decoded bytes that are kept
    page: int | None = None  # of a web page, by its label, where that is less
    wire: int = 50_000_000  # bytes of body that are taken off the wire
    head: int = 64_000  # bytes of status line and headers, 1xx responses included
    connect: float = 10.0  # seconds for each of: finding the name, connecting, shaking hands
    read: float = 20.0  # seconds without a byte
    total: float = 120.0  # seconds for the whole of a request
    ratio: int = 200  # decoded bytes per byte on the wire, beyond the first megabyte
    connections: int = 2  # to one host
    hosts: int = 512  # with connections kept open
    idle: float = 120.0  # seconds a connection is kept for the next request; the server's own limit is mostly lower

    def of(self, content_type: str | None) -> "Limits":
        """The limits for a body with that label: a web page's are its own."""
        if self.page is None or self.page >= self.body or not _PAGE.match(content_type or ""):
            return self
        return replace(self, body=self.page)
