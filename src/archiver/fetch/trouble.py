"""What goes wrong between a request and its response, and which kind of failure it is."""

import httpx

from archiver.model import FailureKind


class Trouble(httpx.TransportError):
    """A request that came to nothing: the kind of failure, and in its text the detail."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind: FailureKind = kind


KINDS: tuple[tuple[type[httpx.TransportError], FailureKind], ...] = (
    (httpx.TimeoutException, "timeout"),
    (httpx.ConnectError, "connect"),
    (httpx.ProxyError, "connect"),
    (httpx.NetworkError, "reset"),
    (httpx.UnsupportedProtocol, "unsafe"),
)
"""What the errors of any other transport of httpx amount to; the first that fits, else 'protocol'."""


def kind_of(error: httpx.TransportError) -> FailureKind:
    """The kind of failure that the error of a transport stands for."""
    if isinstance(error, Trouble):
        return error.kind
    return next((kind for sort, kind in KINDS if isinstance(error, sort)), "protocol")
