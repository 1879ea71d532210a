"""Requests to responses or failures: whatever a site does is a value."""

import asyncio
import hashlib
import socket
import ssl
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from archiver import urls
from archiver.fetch.addresses import Lookup, Resolver
from archiver.fetch.exchange import Origin
from archiver.fetch.limits import Limits
from archiver.fetch.line import PORTS, Answer, Asks, Line, Proxy, Question, Way, authorization
from archiver.fetch.payload import Decoder, Payload, codings
from archiver.fetch.ports import BAD
from archiver.fetch.transports import Through
from archiver.fetch.trouble import Trouble
from archiver.fetch.wire import Wire
from archiver.model import Failure, Request, Response

ACCEPT = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.8"
ALWAYS = ((b"Accept-Language", b"sv, en;q=0.5"), (b"Accept-Encoding", b"gzip, deflate, br, zstd"))
LONGEST = 65_536
"""Characters of a URL that is asked for."""
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

    line: Asks
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
        line: Callable[[Way], Asks | httpx.AsyncBaseTransport] = Line,
    ) -> None:
        """`agent`: the User-Agent we send. `private`: addresses that are not public may be asked.

        `tls`, `lookup`, `line` stand in for the usual certificates, name look-up and connections, for which any
        transport of httpx will do. Raises ValueError for a proxy that is no http URL.
        """
        self._clock, self._limits, self._private = clock, limits or Limits(), private
        self._names = Resolver(lookup)
        self._way = Way(self._limits, self._names, tls or _certificates(), _proxy(proxy))
        self._way.tls.set_alpn_protocols(["http/1.1"])
        self._line = line
        self._agent = (b"User-Agent", agent.encode("ascii", "replace"))
        self._hosts: OrderedDict[str, Host] = OrderedDict()  # the least used first

    async def __call__(self, request: Request, *, private: bool = False) -> Response | Failure:
        """What came of the request. `private`: it may go to an address that is not public."""
        private = private or self._private
        question = self._question(request, private=private)
        if question is None:
            return Failure(request.url, self._clock.now(), "unsafe", "not an http or https URL")
        if not private and question.origin.port in BAD:
            return Failure(request.url, self._clock.now(), "unsafe", f"port {question.origin.port} is no web server's")
        host = self._host(question.netloc)
        host.askers += 1
        try:
            if len(self._hosts) > self._limits.hosts:
                await self._close_surplus()
            async with host.turns:
                return await self._ask(host.line, request.url, question)
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

    def _question(self, request: Request, *, private: bool) -> Question | None:
        """The request as it is sent; None: not one that can be asked."""
        url = urls.parse(request.url)
        if url is None or len(url) > LONGEST:
            return None
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            return None
        netloc = parts.netloc.rpartition("@")[2]
        validators = ((b"If-None-Match", request.etag), (b"If-Modified-Since", request.last_modified))
        accept = request.accept if request.accept and _is_sendable(request.accept) else ACCEPT
        sendable = [(field, value.strip().encode()) for field, value in validators if value and _is_sendable(value)]
        sendable += [(field.encode("ascii"), value.encode("ascii")) for field, value in request.headers]
        path = url.index("/", url.index("://") + 3)
        port = PORTS[parts.scheme] if parts.port is None else parts.port
        return Question(
            Origin(parts.scheme, parts.hostname, port, private),
            netloc,
            urls.without_fragment(url[path:]).encode("ascii"),
            [(b"Host", netloc.encode("ascii")), self._agent, (b"Accept", accept.encode()), *ALWAYS, *sendable],
        )

    def _host(self, name: str) -> Host:
        """The host of that name, which is now the one used last."""
        host = self._hosts.get(name)
        if host is None:
            made = self._line(self._way)
            line = Through(made) if isinstance(made, httpx.AsyncBaseTransport) else made
            host = Host(line, asyncio.Semaphore(self._limits.connections))
            self._hosts[name] = host
        self._hosts.move_to_end(name)
        return host

    async def _close_surplus(self) -> None:
        """Close the line least used that nobody asks anything."""
        oldest = next((name for name, host in self._hosts.items() if not host.askers), None)
        if oldest is not None:
            await self._hosts.pop(oldest).line.aclose()

    async def _ask(self, line: Asks, url: str, question: Question) -> Response | Failure:
        loop = asyncio.get_running_loop()
        at, begun = self._clock.now(), loop.time()
        try:
            answer = await line.ask(question)
        except Trouble as error:
            return Failure(url, at, error.kind, str(error)[:WORDS], loop.time() - begun)
        ip, certificate = self._peer(answer.wire)
        payload = await self._payload(answer, begun + self._limits.total)
        return Response(
            url=url, at=at, status=answer.status,
            headers=tuple([(_text(name), _text(value)) for name, value in answer.headers]),
            body=payload.body, wire_sha256=payload.wire_sha256, wire_size=payload.wire_size, flaw=payload.flaw,
            elapsed=loop.time() - begun, ip=ip, certificate=certificate,
        )  # fmt: skip

    async def _payload(self, answer: Answer, until: float) -> Payload:
        """The body, read until it ends, breaks off, or is more than we take."""
        loop = asyncio.get_running_loop()
        encodings = [_text(value) for name, value in answer.headers if name.lower() == b"content-encoding"]
        kind = next((_text(value) for name, value in answer.headers if name.lower() == b"content-type"), None)
        decoder = Decoder(codings(encodings), self._limits.of(kind))
        cut = False
        try:
            async for chunk in answer.body:
                cut = loop.time() > until
                if not decoder.feed(chunk) or cut:
                    break
        except Trouble:
            cut = True
        finally:
            await answer.body.aclose()
        return decoder.finish(cut=cut)

    def _peer(self, wire: Wire | None) -> tuple[str | None, str | None]:
        """The address that answered and the digest of its certificate, as far as there are any."""
        if wire is None:
            return None, None
        certificate = wire.certificate
        return None if self._way.proxy else wire.peer, hashlib.sha256(certificate).hexdigest() if certificate else None


def _certificates() -> ssl.SSLContext:
    """Whom we believe: what browsers believe, whatever the machine does, and the Python.

    From 3.13 on Python refuses what RFC 5280 asks of an authority's certificate and browsers do not (a key usage that
    is not stated): a page that everybody can open would be missed.
    """
    context = httpx.create_ssl_context(trust_env=False)
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _proxy(url: str | None) -> Proxy | None:
    if url is None:
        return None
    parsed = urls.parse(url)
    parts = urlsplit(parsed or "")
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError(f"{url} is not the http URL of a proxy")
    names = authorization(unquote(parts.username or ""), unquote(parts.password or ""))
    return Proxy(parts.hostname, parts.port or PORTS["http"], names)


def _is_sendable(word: str) -> bool:
    """Whether a header may hold it: it is the server's own word."""
    return word.isascii() and word.isprintable()


def _text(raw: bytes) -> str:
    """The bytes of a header as text: UTF-8 where they are, else one character a byte (RFC 9110 section 5.5)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
