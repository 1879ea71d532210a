"""Requests to responses or failures: whatever a site does is a value."""

import asyncio
import hashlib
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

import httpx

from archiver import urls
from archiver.fetch.addresses import Lookup, Resolver
from archiver.fetch.limits import Limits
from archiver.fetch.line import PORTS, Line, Way
from archiver.fetch.payload import Decoder, Payload, codings
from archiver.fetch.ports import bad_port
from archiver.fetch.trouble import Trouble, kind_of
from archiver.model import Failure, Request, Response

ACCEPT = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.8"
ALWAYS = ((b"Accept-Language", b"sv, en;q=0.5"), (b"Accept-Encoding", b"gzip, deflate, br, zstd"))
NOTHING = httpx.ByteStream(b"")
WORDS = 300
"""Characters of a failure's detail: some of it may be the server's."""


class Clock(Protocol):
    """Something that knows the time."""

    def now(self) -> datetime:
        """The present, UTC, whole seconds."""
        ...


@dataclass(slots=True)
class Host:
    """The line to a host, and who waits for it."""

    line: httpx.AsyncBaseTransport
    turns: asyncio.Semaphore
    askers: int = 0


class Fetcher:
    """What answers requests: `await fetcher(request)`. Nothing that a site does makes it raise.

    No redirect is followed, no cookie kept, nothing taken from the environment. Each host has a line of its own; those
    least used are closed. A request is never cancelled: its own time-outs end it (see `wire`).
    """

    def __init__(
        self,
        agent: str,
        *,
        clock: Clock,
        limits: Limits | None = None,
        proxy: str | None = None,
        private: bool = False,
        tls: ssl.SSLContext | None = None,
        lookup: Lookup = socket.getaddrinfo,
        line: Callable[[Way], httpx.AsyncBaseTransport] = Line,
    ) -> None:
        """`agent`: the User-Agent we send. `private`: addresses that are not public may be asked.

        `tls`, `lookup`, `line` stand in for the usual certificates, name look-up and transport (any of httpx's will
        do). Raises ValueError for a proxy that is no http URL.
        """
        self._clock, self._limits, self._private = clock, limits or Limits(), private
        self._names = Resolver(lookup)
        self._way = Way(self._limits, self._names, tls or httpx.create_ssl_context(trust_env=False), _proxy(proxy))
        self._way.tls.set_alpn_protocols(["http/1.1"])
        self._line = line
        self._agent = (b"User-Agent", agent.encode("ascii", "replace"))
        own = self._limits
        self._timeout = {"connect": own.connect, "read": own.read, "write": own.read, "pool": own.connect}
        self._hosts: OrderedDict[str, Host] = OrderedDict()  # the least used first

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        """What came of the request. `private`: it may go to an address that is not public."""
        private = private or self._private
        if not private and (port := bad_port(request.url)) is not None:
            return Failure(request.url, self._clock.now(), "unsafe", f"port {port} is no web server's")
        question = self._question(request, private=private)
        if question is None:
            return Failure(request.url, self._clock.now(), "unsafe", "not an http or https URL")
        name = question.url.netloc.decode("ascii")
        host = self._host(name)
        host.askers += 1
        try:
            await self._close_surplus()
            async with host.turns:
                return await self._ask(host.line, request.url, question)
        except httpx.PoolTimeout as error:  # never of our own lines: a pool that leaked is of no more use
            self._hosts.pop(name, None)
            await host.line.aclose()
            return Failure(request.url, self._clock.now(), "timeout", str(error)[:WORDS])
        finally:
            host.askers -= 1

    async def locate(self, host: str) -> str | None:
        """The IP address of the host; of several always the same one. None: not found in time, or a proxy asks."""
        if self._way.proxy is not None:
            return None
        until = asyncio.get_running_loop().time() + self._limits.connect
        try:
            return str(min(await self._names.addresses(host, until, private=True), key=str))
        except Trouble:
            return None

    async def aclose(self) -> None:
        """Close every connection."""
        while self._hosts:
            await self._hosts.popitem()[1].line.aclose()
        self._names.close()
        await asyncio.sleep(0)  # in which the loop closes the sockets

    def _question(self, request: Request, *, private: bool) -> httpx.Request | None:
        """The request as httpx has it; None: not one that can be asked."""
        url = urls.parse(request.url)
        try:
            parsed = httpx.URL(url or "")
        except httpx.InvalidURL:
            return None
        if url is None or parsed.scheme not in PORTS or not parsed.host:
            return None
        validators = ((b"If-None-Match", request.etag), (b"If-Modified-Since", request.last_modified))
        accept = request.accept if request.accept and _is_sendable(request.accept) else ACCEPT
        sendable = [(field, value.strip().encode()) for field, value in validators if value and _is_sendable(value)]
        sendable += [(field.encode("ascii"), value.encode("ascii")) for field, value in request.headers]
        path = url.index("/", url.index("://") + 3)
        target = urls.without_fragment(url[path:]).encode("ascii")  # exactly: httpx would quote it anew
        return httpx.Request(
            "GET",
            parsed,
            headers=[(b"Host", parsed.netloc), self._agent, (b"Accept", accept.encode()), *ALWAYS, *sendable],
            stream=NOTHING,
            extensions={"target": target, "private": private, "timeout": self._timeout},
        )

    def _host(self, name: str) -> Host:
        """The host of that name, which is now the one used last."""
        host = self._hosts.get(name)
        if host is None:
            host = Host(self._line(self._way), asyncio.Semaphore(self._limits.connections))
            self._hosts[name] = host
        self._hosts.move_to_end(name)
        return host

    async def _close_surplus(self) -> None:
        """Close the line least used, where there are too many and nobody asks it anything."""
        if len(self._hosts) > self._limits.hosts:
            oldest = next((name for name, host in self._hosts.items() if not host.askers), None)
            if oldest is not None:
                await self._hosts.pop(oldest).line.aclose()

    async def _ask(self, line: httpx.AsyncBaseTransport, url: str, question: httpx.Request) -> Response | Failure:
        loop = asyncio.get_running_loop()
        at, begun = self._clock.now(), loop.time()
        try:
            answer = await line.handle_async_request(question)
        except httpx.PoolTimeout:
            raise
        except httpx.TransportError as error:
            return Failure(url, at, kind_of(error), str(error)[:WORDS], loop.time() - begun)
        ip, certificate = self._peer(answer)
        payload = await self._payload(answer, begun + self._limits.total)
        return Response(
            url=url, at=at, status=answer.status_code,
            headers=tuple((_text(name), _text(value)) for name, value in answer.headers.raw),
            body=payload.body, wire_sha256=payload.wire_sha256, wire_size=payload.wire_size, flaw=payload.flaw,
            elapsed=loop.time() - begun, ip=ip, certificate=certificate,
        )  # fmt: skip

    async def _payload(self, answer: httpx.Response, until: float) -> Payload:
        """The body, read until it ends, breaks off, or is more than we take."""
        loop = asyncio.get_running_loop()
        limits = self._limits.of(answer.headers.get("content-type"))
        decoder = Decoder(codings(answer.headers.get_list("content-encoding")), limits)
        cut = False
        stream = cast(httpx.AsyncByteStream, answer.stream)
        try:
            async for chunk in stream:
                cut = loop.time() > until
                if not decoder.feed(chunk) or cut:
                    break
        except httpx.TransportError:
            cut = True
        finally:
            await stream.aclose()
        return decoder.finish(cut=cut)

    def _peer(self, answer: httpx.Response) -> tuple[str | None, str | None]:
        """The address that answered and the digest of its certificate, as far as there are any."""
        stream = answer.extensions.get("network_stream")
        if stream is None:
            return None, None
        tls = stream.get_extra_info("ssl_object")
        certificate = tls.getpeercert(True) if tls else None
        address = stream.get_extra_info("server_addr") if self._way.proxy is None else None
        return address[0] if address else None, hashlib.sha256(certificate).hexdigest() if certificate else None


def _proxy(url: str | None) -> httpx.URL | None:
    if url is None:
        return None
    proxy = httpx.URL(url)
    if proxy.scheme != "http" or not proxy.host:
        raise ValueError(f"{url} is not the http URL of a proxy")
    return proxy


def _is_sendable(word: str) -> bool:
    """Whether a header may hold it: it is the server's own word."""
    return word.isascii() and word.isprintable()


def _text(raw: bytes) -> str:
    """The bytes of a header as text: UTF-8 where they are, else one character a byte (RFC 9110 section 5.5)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
