"""The connections to one host: opened to exactly the address that was judged, kept alive between requests.

The clients of the field are right for a program that trusts its peers. For evidence from peers we do not trust they
lack: a deadline that also covers headers sent one by one; a bound on them; a connection to the address that was judged;
and they go on using a connection on which the server sent more than its Content-Length (docs/decisions/0004). There is
no queue in here and no state to leak: a connection is either idle in the list, or belongs to one request, which gives
it back or closes it. What stands in for it is one argument of `Fetcher`: anything with `ask` and `aclose`.
"""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from archiver.fetch.addresses import Resolver, is_public, literal
from archiver.fetch.exchange import Body, Connection, Origin
from archiver.fetch.head import Headers
from archiver.fetch.limits import Limits
from archiver.fetch.trouble import Trouble
from archiver.fetch.wire import Wire, connect

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Question:
    """A request on its way: to whom, and what is sent."""

    origin: Origin
    netloc: str  # host and port as the URL has them
    target: bytes  # path and query
    headers: Headers


class Chunks(Protocol):
    """A body still to be read. Raises Trouble where it breaks off."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The chunks as they come."""
        ...

    async def aclose(self) -> None:
        """Read no further."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, its body still to be read."""

    status: int
    headers: Headers
    body: Chunks
    wire: Wire | None = None  # None: it came over no socket of ours


class Asks(Protocol):
    """What answers the questions to one host: `Line`, or what stands in for it."""

    async def ask(self, question: Question) -> Answer:
        """The answer. Raises Trouble."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where requests go instead, and the header that names us there."""

    host: str
    port: int
    authorization: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How hosts are reached: names, certificates, and a proxy or none."""

    limits: Limits
    names: Resolver
    tls: ssl.SSLContext
    proxy: Proxy | None = None


class Line:
    """The connections to one host. The caller sees to it that no more requests are under way than connections."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._idle: list[Connection] = []

    async def ask(self, question: Question) -> Answer:
        """The answer. Raises Trouble.

        A kept connection may have been closed while our request was on its way: then, and only then, it is sent again.
        """
        now = asyncio.get_running_loop().time()
        until = now + self._way.limits.total
        origin, target, headers = question.origin, question.target, question.headers
        if self._way.proxy is not None and origin.scheme == "http":  # asked for by its whole URL
            target = b"http://" + question.netloc.encode("ascii") + target
            headers = [*headers, *self._way.proxy.authorization]
        while True:
            kept = self._take(origin, now)
            connection = kept or Connection(await self._open(origin, until), origin, self._way.limits)
            try:
                status, found = await connection.ask(b"GET", target, headers, until)
            except Trouble as trouble:
                if kept is None or kept.heard or trouble.kind != "reset":
                    raise
            else:
                return Answer(status, found, Body(connection, self._keep, until), connection.wire)

    async def aclose(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().wire.close()

    def _keep(self, connection: Connection) -> None:
        """Take back a connection that can carry another request."""
        connection.since = asyncio.get_running_loop().time()
        self._idle.append(connection)
        if len(self._idle) > self._way.limits.connections:
            self._idle.pop(0).wire.close()

    def _take(self, origin: Origin, now: float) -> Connection | None:
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
            wire = await self._connect(way.proxy.host, way.proxy.port, until, private=True)
        if origin.scheme == "http":
            return wire
        ready = False
        try:
            if way.proxy is not None:
                await _tunnel(wire, origin, way.proxy, way.limits, until)
            name = origin.host.rstrip(".")  # RFC 6066 section 3: no certificate has the dot of the root
            await wire.start_tls(way.tls, name, self._soon(until))
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


async def _tunnel(wire: Wire, origin: Origin, proxy: Proxy, limits: Limits, until: float) -> None:
    """Have the proxy connect us through. Raises Trouble."""
    name = f"[{origin.host}]" if ":" in origin.host else origin.host
    there = f"{name}:{origin.port}".encode()
    connection = Connection(wire, origin, limits)
    status, _ = await connection.head(b"CONNECT", there, [(b"Host", there), *proxy.authorization], until)
    if not 200 <= status < 300:
        raise Trouble("connect", f"the proxy answered {status}")


def authorization(user: str, password: str) -> tuple[tuple[bytes, bytes], ...]:
    """The header that names us to a proxy; none where its URL names nobody."""
    if not (user or password):
        return ()
    return ((b"Proxy-Authorization", b"Basic " + base64.b64encode(f"{user}:{password}".encode())),)


def _refuse_private(origin: Origin) -> None:
    """What can be said without looking a name up, which is the proxy's to do. Raises Trouble."""
    written = literal(origin.host)
    if written is not None and not origin.private and not is_public(written):
        raise Trouble("unsafe", f"{origin.host} is not a public address")
