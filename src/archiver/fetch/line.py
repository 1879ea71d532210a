"""A transport for httpx to one host: HTTP/1.1 by h11 over wires of ours, kept alive between requests.

httpx's own transport is right for a program that trusts its peers. For evidence from peers we do not trust it lacks:
a deadline that also covers headers sent one by one; a bound on them; a connection to exactly the address that was
judged; and it goes on using a connection on which the server sent more than its Content-Length, so that the surplus
becomes the answer to the next request. There is no queue in here and no state to leak: a connection is either idle in
the list, or belongs to one request, which gives it back or closes it. Swapping this for another transport is one
argument of `Fetcher`.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass

import h11
import httpx

from archiver.fetch.addresses import Resolver, is_public, literal
from archiver.fetch.limits import Limits
from archiver.fetch.trouble import Trouble
from archiver.fetch.wire import Wire, connect
from archiver.model import FailureKind

Headers = list[tuple[bytes, bytes]]

CHUNK = 1 << 16
"""Bytes read at a time."""
PORTS = {"http": 80, "https": 443}
INTERIM = 20
"""1xx responses before the one that counts."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom a connection leads to, and whether it may be on a private network."""

    scheme: str
    host: str
    port: int
    private: bool


@dataclass(frozen=True, slots=True)
class Way:
    """How hosts are reached: names, certificates, and a proxy or none."""

    limits: Limits
    names: Resolver
    tls: ssl.SSLContext
    proxy: httpx.URL | None = None


class Line(httpx.AsyncBaseTransport):
    """The connections to one host. The caller sees to it that no more requests are under way than connections."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._idle: list[Connection] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The response, its body still to be read. Raises Trouble.

        A kept connection may have been closed while our request was on its way: then, and only then, it is sent again.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._way.limits.total
        origin, method, headers = _origin(request), request.method.encode(), request.headers.raw
        target: bytes = request.extensions.get("target") or request.url.raw_path
        if self._way.proxy is not None and origin.scheme == "http":  # asked for by its whole URL
            target = b"http://" + request.url.netloc + target
            headers = headers + _authorization(self._way.proxy)
        while True:
            kept = self._take(origin, loop.time())
            connection = kept or Connection(await self._open(origin, until), origin, self._way.limits)
            try:
                head = await connection.ask(method, target, headers, until)
            except Trouble as trouble:
                if kept is None or kept.heard or trouble.kind != "reset":
                    raise
            else:
                return httpx.Response(
                    head.status_code,
                    headers=head.headers.raw_items(),
                    stream=Body(connection, self, until),
                    extensions={"network_stream": connection.wire},
                )

    async def aclose(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().wire.close()

    def keep(self, connection: "Connection") -> None:
        """Take back a connection that can carry another request."""
        connection.since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        if len(self._idle) > self._way.limits.connections:
            self._idle.pop(0).wire.close()

    def _take(self, origin: Origin, now: float) -> "Connection | None":
        for connection in reversed(self._idle):
            if connection.origin == origin:
                self._idle.remove(connection)
                if not connection.wire.stale and now - connection.since < self._way.limits.idle:
                    return connection
                connection.wire.close()
        return None

    async def _open(self, origin: Origin, until: float) -> Wire:
        """A wire to the origin, through the proxy and under TLS where they are wanted."""
        way = self._way
        if way.proxy is None:
            wire = await self._connect(origin.host, origin.port, until, private=origin.private)
        else:
            _refuse_private(origin)
            wire = await self._connect(way.proxy.host, way.proxy.port or 80, until, private=True)
        if origin.scheme == "http":
            return wire
        ready = False
        try:
            if way.proxy is not None:
                await _tunnel(wire, origin, way.proxy, way.limits, until)
            await wire.start_tls(way.tls, origin.host, self._soon(until))
            ready = True
        finally:
            if not ready:
                wire.close()
        return wire

    async def _connect(self, host: str, port: int, until: float, *, private: bool) -> Wire:
        addresses = await self._way.names.addresses(host, self._soon(until), private=private)
        return await connect(addresses, port, self._soon(until))

    def _soon(self, until: float) -> float:
        """When the next step of connecting must be done."""
        return min(until, asyncio.get_running_loop().time() + self._way.limits.connect)


class Connection:
    """One wire and where HTTP stands on it."""

    def __init__(self, wire: Wire, origin: Origin, limits: Limits) -> None:
        self.wire, self.origin, self.limits = wire, origin, limits
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=limits.head)
        self.since = 0.0  # when it became idle
        self.heard = False  # a byte came in answer to the present request

    async def ask(self, method: bytes, target: bytes, headers: Headers, until: float) -> h11.Response:
        """The head of the response; on any way out but this one the connection is closed. Raises Trouble."""
        self.heard, answered = False, False
        try:
            head = await self.head(method, target, headers, until)
            answered = True
        finally:
            if not answered:
                self.wire.close()
        return head

    async def head(self, method: bytes, target: bytes, headers: Headers, until: float) -> h11.Response:
        """Status line and headers of the answer to a request without a body. Raises Trouble."""
        try:
            question = h11.Request(method=method, target=target, headers=headers)
            self.wire.write(self.http.send(question) or b"")
            self.http.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise Trouble("unsafe", f"not a request that can be sent: {error}") from None
        for _ in range(INTERIM):
            event = await self.next_event(until)
            if isinstance(event, h11.Response):
                return event
        raise Trouble("protocol", "no end of interim responses")

    async def next_event(self, until: float) -> object:
        """What comes next. Raises Trouble."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                event = self.http.next_event()
            except h11.RemoteProtocolError as error:
                kind: FailureKind = "too-large" if error.error_status_hint == 431 else "protocol"
                raise Trouble(kind, str(error)) from None
            if event is not h11.NEED_DATA:
                return event
            data = await self.wire.read(CHUNK, min(until, loop.time() + self.limits.read))
            if not data and not self.heard:
                raise Trouble("reset", "connection closed without an answer")
            self.heard = True
            self.http.receive_data(data)

    def done(self, line: Line) -> None:
        """Give the connection back if both sides have said all and not a byte more; else close it."""
        finished = self.http.our_state is h11.DONE and self.http.their_state is h11.DONE
        if finished and not self.http.trailing_data[0] and not self.wire.stale:
            self.http.start_next_cycle()
            line.keep(self)
        else:
            self.wire.close()


class Body(httpx.AsyncByteStream):
    """The body of a response in chunks as they come. Raises Trouble where it breaks off."""

    def __init__(self, connection: Connection, line: Line, until: float) -> None:
        self._connection, self._line, self._until = connection, line, until
        self._closed = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        event = await self._connection.next_event(self._until)
        if isinstance(event, h11.Data):
            return bytes(event.data)
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Give the connection back, or close it where the body was not read to its end."""
        if not self._closed:
            self._closed = True
            self._connection.done(self._line)


async def _tunnel(wire: Wire, origin: Origin, proxy: httpx.URL, limits: Limits, until: float) -> None:
    """Have the proxy connect us through. Raises Trouble."""
    name = f"[{origin.host}]" if ":" in origin.host else origin.host
    there = f"{name}:{origin.port}".encode()
    connection = Connection(wire, origin, limits)
    answer = await connection.head(b"CONNECT", there, [(b"Host", there), *_authorization(proxy)], until)
    if not 200 <= answer.status_code < 300:
        raise Trouble("connect", f"the proxy answered {answer.status_code}")


def _authorization(proxy: httpx.URL) -> Headers:
    """The header that names us to a proxy whose URL has a user in it."""
    if not proxy.userinfo:
        return []
    plain = f"{proxy.username}:{proxy.password}".encode()
    return [(b"Proxy-Authorization", b"Basic " + base64.b64encode(plain))]


def _refuse_private(origin: Origin) -> None:
    """What can be said without looking a name up, which is the proxy's to do. Raises Trouble."""
    written = literal(origin.host)
    if written is not None and not origin.private and not is_public(written):
        raise Trouble("unsafe", f"{origin.host} is not a public address")


def _origin(request: httpx.Request) -> Origin:
    url = request.url
    port = PORTS[url.scheme] if url.port is None else url.port
    return Origin(url.scheme, url.raw_host.decode("ascii"), port, bool(request.extensions.get("private")))
