"""A web server that does what servers must not do: each path is bytes sent as they are, or a small play."""

import asyncio
import contextlib
import ssl
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Self

Play = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""Writes what it likes; when it returns the connection is closed."""


class Hostile:
    """`async with Hostile({"/": page(b"hej")}) as site: ... site.url("/")`."""

    def __init__(
        self, paths: Mapping[str, bytes | Play], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        self.paths, self.host, self.tls = paths, host, tls
        self.asked: list[bytes] = []  # the heads of all requests
        self.connections = 0
        self._writers: set[asyncio.StreamWriter] = set()

    def url(self, path: str = "/") -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self.host, 0, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.asked.append(head)
                answer = self.paths[head.split(b" ")[1].decode()]
                if not isinstance(answer, bytes):
                    await answer(writer)
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()


def page(body: bytes = b"<p>hej</p>", *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole and honest response, unless `length` lies."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", *headers, f"Content-Length: {len(body)}"]
    if length is not None:
        lines[-1] = f"Content-Length: {length}"
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def then_close(data: bytes) -> Play:
    """The bytes, and good-bye."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return play


def then_reset(data: bytes) -> Play:
    """The bytes, and the connection torn down."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.transport.abort()

    return play


def then_half_close(data: bytes) -> Play:
    """The bytes, and no more from this side; the connection stays open for whoever waits for a good-bye."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        writer.write_eof()
        await asyncio.sleep(30)

    return play


def drip(data: bytes, pause: float = 0.02, head: bytes = b"") -> Play:
    """The bytes one at a time (after the head), and then nothing for as long as anybody waits."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for byte in data:
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(pause)
        await asyncio.sleep(30)

    return play


def for_ever(head: bytes, chunk: bytes) -> Play:
    """The head, and the chunk again and again until the reader has gone."""

    async def play(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while not writer.is_closing():
            writer.write(chunk)
            await writer.drain()

    return play
