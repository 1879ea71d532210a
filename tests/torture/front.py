"""A server that stands before another and spoils what it says, some of it for once and some of it for ever.

What it says once (a reset, a storm of 503) must leave no trace in what is told of the site. What it says for ever (a
lie about the charset, a length that is too short) is what the site says: it is the same for whoever asks.
"""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from random import Random

SHARE = 0.3
"""Of all answers, those that are spoiled once."""
SPARED = ("robots.txt",)
"""What is never spoiled: a robots.txt that fails closes a whole site, and then there is nothing to see."""


@dataclass
class Said:
    """One answer as the server knows it."""

    target: str  # as the request line had it
    fault: str | None
    status: int
    digest: str  # of the body that was sent
    taken: bool = False  # whole, and the client went on in order behind it


@dataclass(frozen=True)
class Answer:
    """What the server behind would say."""

    head: bytes  # with its empty line
    body: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.head[9:12])


_GONE = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError)
Fault = Callable[[Answer, asyncio.StreamWriter], Awaitable[None]]


async def _reset(_: Answer, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _reset_within(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.head + answer.body[: len(answer.body) // 2])
    await writer.drain()
    writer.transport.abort()


async def _cut_short(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.head + answer.body[:-10])
    await writer.drain()


async def _drip(answer: Answer, writer: asyncio.StreamWriter) -> None:
    whole = answer.head + answer.body
    step = max(len(whole) // 20, 1)
    for begin in range(0, len(whole) - step, step):
        writer.write(whole[begin : begin + step])
        await writer.drain()
        await asyncio.sleep(0.01)
    writer.transport.abort()


async def _storm(_: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 4\r\n\r\nBusy")
    await writer.drain()


async def _nothing(_: Answer, writer: asyncio.StreamWriter) -> None:
    await writer.drain()


async def _nonsense(_: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(bytes(range(256)) * 8)
    await writer.drain()


async def _unframed(answer: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(answer.head.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + b"zz\r\n" + answer.body)
    await writer.drain()


async def _inward(_: Answer, writer: asyncio.StreamWriter) -> None:
    place = PRIVATE[_turn.__next__() % len(PRIVATE)]
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % place)
    await writer.drain()


async def _bomb(_: Answer, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + _BOMB)
    await writer.drain()


def _make_bomb() -> bytes:
    import zlib

    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()


_BOMB = _make_bomb()
_turn = count()
PRIVATE = (b"http://169.254.169.254/latest/meta-data/", b"http://10.0.0.1/", b"http://[::1]:22/", b"file:///etc/passwd")
"""Where a redirect must not lead anybody."""
FAULTS: dict[str, Fault] = {
    "reset": _reset,
    "reset within": _reset_within,
    "cut short": _cut_short,
    "drip": _drip,
    "storm": _storm,
    "nothing": _nothing,
    "nonsense": _nonsense,
    "unframed": _unframed,
    "inward": _inward,
    "bomb": _bomb,
}
"""What may befall an answer once; the connection ends with it."""

CHARSETS = (b"iso-8859-1", b"utf-16", b"x-unknown", b"ascii")


def lie(target: str, answer: Answer) -> Answer:
    """The answer with what this address lies about for ever: its charset, or the length of what it sends."""
    chance = Random(f"lie {target}")
    if answer.status != 200 or b"text/html" not in answer.head:
        return answer
    if chance.random() < 0.3:
        other = chance.choice(CHARSETS)
        return Answer(answer.head.replace(b"charset=utf-8", b"charset=" + other), answer.body)
    if chance.random() < 0.1:
        shorter = answer.body[: len(answer.body) * 9 // 10]
        head = answer.head.replace(b"Content-Length: %d" % len(answer.body), b"Content-Length: %d" % len(shorter))
        return Answer(head, shorter)
    return answer


@dataclass
class Front:
    """The server before one other. `calm`: nothing is spoiled any more, though the lies stay."""

    behind: int  # its port on this machine
    seed: int
    calm: bool = True
    port: int = 0
    said: list[Said] = field(default_factory=list)
    _asked: Counter[str] = field(default_factory=Counter)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Speak with one client until either has had enough."""
        with contextlib.closing(writer), contextlib.suppress(*_GONE):
            last: Said | None = None
            while True:
                head = await _next(reader)
                if last is not None:
                    last.taken = True  # it asks again, or it ended in order
                if not head:
                    break
                last = await self._one(head, writer)
                if last is None:
                    break

    async def _one(self, head: bytes, writer: asyncio.StreamWriter) -> Said | None:
        """Answer one request; None where the connection ends with it."""
        target = head.split(b" ", 2)[1].decode("latin-1")
        answer = lie(target, await self._ask(head))
        self._asked[target] += 1
        fault = self._fault(target, self._asked[target])
        said = Said(target, fault, answer.status, sha256(answer.body).hexdigest())
        self.said.append(said)
        if fault is not None:
            await FAULTS[fault](answer, writer)
            return None
        writer.write(answer.head + answer.body)
        await writer.drain()
        return said

    def _fault(self, target: str, time: int) -> str | None:
        chance = Random(f"{self.seed} {target} {time}")
        if self.calm or target.endswith(SPARED) or chance.random() >= SHARE:
            return None
        return chance.choice(list(FAULTS))

    async def _ask(self, head: bytes) -> Answer:
        """What the server behind says, its body as it is."""
        lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(_OURS)]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.behind)
        writer.write(b"\r\n".join([*lines, b"Connection: close", b"", b""]))
        whole = await reader.read()
        writer.close()
        found, _, body = whole.partition(b"\r\n\r\n")
        kept = [line for line in found.split(b"\r\n") if not line.lower().startswith(_OURS)]
        return Answer(b"\r\n".join([*kept, b"", b""]), body)


_OURS = (b"connection:", b"accept-encoding:", b"keep-alive:")
"""What is between the client and this server alone."""


async def _next(reader: asyncio.StreamReader) -> bytes:
    """The head of the next request; b'' where the client ended in order. Raises OSError where it did not."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return b""


@contextmanager
def before(behind: list[int], seed: int) -> Iterator[list[Front]]:
    """A front before each of these ports, until the block ends."""
    fronts = [Front(port, seed) for port in behind]
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def stand() -> list[asyncio.Server]:
        servers = [await asyncio.start_server(front.answer, "127.0.0.1", 0) for front in fronts]
        for front, server in zip(fronts, servers, strict=True):
            front.port = server.sockets[0].getsockname()[1]
        ready.set()
        return servers

    async def leave(servers: list[asyncio.Server]) -> None:
        for server in servers:
            server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def live() -> None:
        asyncio.set_event_loop(loop)
        servers = loop.run_until_complete(stand())
        loop.run_forever()
        loop.run_until_complete(leave(servers))
        loop.close()

    thread = threading.Thread(target=live, name="front", daemon=True)
    thread.start()
    ready.wait()
    try:
        yield fronts
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
