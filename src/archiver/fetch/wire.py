"""One socket to one peer: bytes out, bytes in, and an end to every wait.

The time-outs stand here, at the socket, and not around the request: cancelling a request from outside leaves an HTTP
client with connections in a state it does not know, and a client's own read time-out begins anew with every byte, so
that a server which sends its headers one by one holds us as long as it likes.
"""

import asyncio
import os
import ssl
from collections.abc import Sequence
from typing import cast

from archiver.fetch.addresses import IPAddress
from archiver.fetch.trouble import Trouble

FULL = 1 << 18
"""Bytes received and not yet read at which we stop receiving."""
TRIES = 3
"""Addresses of one name that are tried."""


class Wire(asyncio.Protocol):
    """A connected socket. Times are those of the loop's clock."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._received = bytearray()
        self._ended = False  # nothing more will be received
        self._lost: Exception | None = None  # why, where it was not the peer's good-bye
        self._paused = False
        self._reader: asyncio.Future[None] | None = None

    @property
    def stale(self) -> bool:
        """Whether the peer said good-bye, or said something unasked: no connection for a new request."""
        return self._ended or bool(self._received) or self._transport.is_closing()

    async def read(self, size: int, until: float) -> bytes:
        """At most so many bytes, b'' at the end. Raises Trouble: 'timeout' at the time given, 'reset'."""
        if self._loop.time() >= until:
            raise Trouble("timeout", "no end in time")
        if not self._received and not self._ended:
            await self._wait(until)
        data = bytes(self._received[:size])
        del self._received[:size]
        if self._paused and len(self._received) < FULL:
            self._paused = False
            self._transport.resume_reading()
        if not data and self._lost is not None:
            raise Trouble("reset", _words(self._lost))
        return data

    def write(self, data: bytes) -> None:
        """Send the bytes; if the peer is gone, the next `read` says so."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def start_tls(self, context: ssl.SSLContext, host: str, until: float) -> None:
        """Shake hands and check that the certificate is the host's. Raises Trouble: 'tls', 'timeout'."""
        left = max(until - self._loop.time(), 0.001)
        if self.stale:  # asyncio would wait for a handshake that cannot come
            raise Trouble("tls", "connection closed before the handshake")
        try:
            self._transport = cast(
                asyncio.Transport,
                await self._loop.start_tls(
                    self._transport, self, context, server_hostname=host, ssl_handshake_timeout=left
                ),
            )
        except ssl.SSLCertVerificationError as error:
            raise Trouble("tls", f"certificate not accepted: {error.verify_message}") from None
        except ssl.SSLError as error:
            raise Trouble("tls", (error.reason or str(error)).replace("_", " ").lower()) from None
        except (OSError, ValueError) as error:  # ValueError: no name that TLS can ask for
            if self._loop.time() >= until:
                raise Trouble("timeout", "no TLS handshake in time") from None
            raise Trouble("tls", _words(error)) from None

    def close(self) -> None:
        """Close at once."""
        self._transport.abort()

    @property
    def peer(self) -> str | None:
        """The address that we are connected to."""
        address = self._transport.get_extra_info("peername")
        return str(address[0]) if address else None

    @property
    def certificate(self) -> bytes | None:
        """The peer's certificate, DER; None without TLS."""
        tls: ssl.SSLObject | None = self._transport.get_extra_info("ssl_object")
        return tls.getpeercert(True) if tls else None

    async def _wait(self, until: float) -> None:
        self._reader = self._loop.create_future()
        timer = self._loop.call_at(until, self._wake)
        try:
            await self._reader
        finally:
            timer.cancel()
            self._reader = None
        if not self._received and not self._ended:
            raise Trouble("timeout", "no answer in time")

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the loop."""
        self._received += data
        if len(self._received) >= FULL and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Called by the loop."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the loop."""
        self._ended, self._lost = True, exc
        self._wake()


async def connect(addresses: Sequence[IPAddress], port: int, until: float) -> Wire:
    """A wire to the first address that answers. Raises Trouble: 'connect', 'timeout'."""
    loop = asyncio.get_running_loop()
    tried = addresses[:TRIES]
    trouble = Trouble("connect", "no address")
    for left, address in zip(range(len(tried), 0, -1), tried, strict=True):
        now = loop.time()
        try:
            async with asyncio.timeout_at(
                now + (until - now) / left
            ):  # the attempt's own time-out: nothing is under way on this socket
                _, wire = await loop.create_connection(Wire, str(address), port)
            return wire
        except TimeoutError:
            trouble = Trouble("timeout", f"no connection to {address} in time")
        except OSError as error:
            trouble = Trouble("connect", f"{address}: {_words(error)}")
    raise trouble


def _words(error: Exception) -> str:
    """The error in short words: the system's, where it is one of the system's."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return str(error).strip() or type(error).__name__
