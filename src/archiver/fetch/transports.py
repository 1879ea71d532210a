"""Any transport of httpx's in place of our own lines: another HTTP library, another protocol, a test's own answers.

`Fetcher(line=...)` takes what makes one. Only our own line is asked directly: for it, building httpx's request and
response would cost more than the question itself (docs/decisions/0018).
"""

from collections.abc import AsyncIterator
from typing import cast

import httpx

from archiver.fetch.line import Answer, Question
from archiver.fetch.trouble import Trouble
from archiver.model import FailureKind

KINDS: tuple[tuple[type[httpx.TransportError], FailureKind], ...] = (
    (httpx.TimeoutException, "timeout"),
    (httpx.ConnectError, "connect"),
    (httpx.ProxyError, "connect"),
    (httpx.NetworkError, "reset"),
    (httpx.UnsupportedProtocol, "unsafe"),
)
"""What the errors of a transport amount to; the first that fits, else 'protocol'."""


class Through:
    """A line that is one of httpx's transports."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def ask(self, question: Question) -> Answer:
        """The answer. Raises Trouble."""
        url = f"{question.origin.scheme}://{question.netloc}{question.target.decode('ascii')}"
        try:
            answer = await self._transport.handle_async_request(httpx.Request("GET", url, headers=question.headers))
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise _trouble(error) from error
        return Answer(answer.status_code, list(answer.headers.raw), _Chunks(cast(httpx.AsyncByteStream, answer.stream)))

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


class _Chunks:
    """The body of an answer, its errors told as ours are."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._chunks = aiter(stream)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._chunks)
        except httpx.TransportError as error:
            raise _trouble(error) from error

    async def aclose(self) -> None:
        await self._stream.aclose()


def _trouble(error: httpx.TransportError | httpx.InvalidURL) -> Trouble:
    kind: FailureKind = "unsafe" if isinstance(error, httpx.InvalidURL) else "protocol"
    return Trouble(next((kind for sort, kind in KINDS if isinstance(error, sort)), kind), str(error))
