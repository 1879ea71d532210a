"""One question and its answer on a connection, kept alive for the next: HTTP/1.1, plain answers in one look, the
others by h11.

A connection on which anything was odd is not used again: the surplus of one answer would be the next one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import h11

from archiver.fetch.head import Head, Headers, plain, question
from archiver.fetch.limits import Limits
from archiver.fetch.trouble import Trouble
from archiver.fetch.wire import Wire
from archiver.model import FailureKind

CHUNK = 1 << 16
"""Bytes read at a time."""
INTERIM = 20
"""1xx responses before the one that counts."""
Release = Callable[["Connection"], None]
"""Takes back a connection that can carry another request."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom a connection leads to, and whether it may be on a private network."""

    scheme: str
    host: str
    port: int
    private: bool


class Connection:
    """One wire and where HTTP stands on it."""

    def __init__(self, wire: Wire, origin: Origin, limits: Limits) -> None:
        self.wire, self.origin, self.limits = wire, origin, limits
        self.since = 0.0  # when it became idle
        self.heard = False  # a byte came in answer to the present request
        self._http: h11.Connection | None = None  # reads the present answer, where it is not a plain one
        self._received = b""  # of a plain answer: what came with its head
        self._left = 0  # of a plain answer: bytes of the body still to be handed on
        self._lasts = False

    async def ask(self, method: bytes, target: bytes, headers: Headers, until: float) -> tuple[int, Headers]:
        """Status and headers of the answer; on any way out but this one the connection is closed. Raises Trouble."""
        self.heard, answered = False, False
        try:
            head = await self.head(method, target, headers, until)
            answered = True
        finally:
            if not answered:
                self.wire.close()
        return head

    async def head(self, method: bytes, target: bytes, headers: Headers, until: float) -> tuple[int, Headers]:
        """Status and headers of the answer to a request without a body. Raises Trouble."""
        data = question(method, target, headers)
        if data is None:
            raise Trouble("unsafe", "not a request that can be sent")
        self.wire.write(data)
        first = await self._read(CHUNK, until)
        found = plain(first) if method == b"GET" and len(first) <= self.limits.head else None
        if found is not None:
            return self._begin(found, first)
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=self.limits.head)
        self._http.send(h11.Request(method=method, target=target, headers=headers))
        self._http.send(h11.EndOfMessage())
        self._http.receive_data(first)
        for _ in range(INTERIM):
            event = await self._event(self._http, until)
            if isinstance(event, h11.Response):
                return event.status_code, event.headers.raw_items()
        raise Trouble("protocol", "no end of interim responses")

    async def body(self, until: float) -> bytes:
        """The next bytes of the body; b'' at its end. Raises Trouble where it breaks off."""
        if self._http is not None:
            event = await self._event(self._http, until)
            return bytes(event.data) if isinstance(event, h11.Data) else b""
        if not self._left:
            return b""
        data, self._received = self._received[: self._left], self._received[self._left :]
        data = data or await self._read(min(CHUNK, self._left), until)
        if not data:
            raise Trouble("reset", "connection closed before the end of the body")
        self._left -= len(data)
        return data

    def done(self, release: Release) -> None:
        """Give the connection back if both sides have said all and not a byte more; else close it."""
        if self._is_finished() and not self.wire.stale:
            self._http = None
            release(self)
        else:
            self.wire.close()

    def _begin(self, head: Head, first: bytes) -> tuple[int, Headers]:
        self._http, self._received = None, first[head.size :]
        self._left, self._lasts = head.length, head.lasts
        return head.status, head.headers

    def _is_finished(self) -> bool:
        if self._http is None:
            return self._lasts and not self._left and not self._received
        ends = self._http.our_state, self._http.their_state
        return ends == (h11.DONE, h11.DONE) and not self._http.trailing_data[0]

    async def _event(self, http: h11.Connection, until: float) -> object:
        """What comes next. Raises Trouble."""
        while True:
            try:
                event = http.next_event()
            except h11.RemoteProtocolError as error:
                kind: FailureKind = "too-large" if error.error_status_hint == 431 else "protocol"
                raise Trouble(kind, str(error)) from None
            if event is not h11.NEED_DATA:
                return event
            http.receive_data(await self._read(CHUNK, until))

    async def _read(self, size: int, until: float) -> bytes:
        """Bytes from the wire, b'' at its end. Raises Trouble."""
        now = asyncio.get_running_loop().time()
        data = await self.wire.read(size, min(until, now + self.limits.read))
        if not data and not self.heard:
            raise Trouble("reset", "connection closed without an answer")
        self.heard = True
        return data


class Body:
    """The body of an answer in chunks as they come. Raises Trouble where it breaks off."""

    def __init__(self, connection: Connection, release: Release, until: float) -> None:
        self._connection, self._release, self._until = connection, release, until
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if data := await self._connection.body(self._until):
            return data
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Give the connection back, or close it where the body was not read to its end."""
        if not self._closed:
            self._closed = True
            self._connection.done(self._release)
