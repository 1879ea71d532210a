"""Frames over a socket between two processes of ours: a small part and a large one, both bytes.

Each verb twice: waiting in a thread, and waiting in the loop (for a socket set not to block).
"""

import asyncio
import socket
import struct
import time

LENGTHS = struct.Struct("<QQ")
MOST = 1 << 20
"""Bytes received at a time."""


def send(sock: socket.socket, small: bytes, large: bytes = b"") -> None:
    """Send one frame. Raises OSError, TimeoutError among them."""
    sock.sendall(LENGTHS.pack(len(small), len(large)) + small)
    if large:
        sock.sendall(large)


def receive(sock: socket.socket, until: float | None = None) -> tuple[bytes, bytes] | None:
    """The next frame; None where the other side is gone. Raises TimeoutError at that monotonic time, and OSError."""
    lengths = _exactly(sock, LENGTHS.size, until)
    if lengths is None:
        return None
    small, large = (_exactly(sock, length, until) for length in LENGTHS.unpack(lengths))
    return None if small is None or large is None else (small, large)


def _exactly(sock: socket.socket, size: int, until: float | None) -> bytes | None:
    parts: list[bytes] = []
    while size:
        if until is not None:
            sock.settimeout(max(until - time.monotonic(), 0.001))
        part = sock.recv(min(size, MOST))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def asend(sock: socket.socket, small: bytes, large: bytes = b"") -> None:
    """Send one frame. Raises OSError."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(sock, LENGTHS.pack(len(small), len(large)) + small)
    if large:
        await loop.sock_sendall(sock, large)


async def areceive(sock: socket.socket) -> tuple[bytes, bytes] | None:
    """The next frame; None where the other side is gone. Raises OSError."""
    lengths = await _aexactly(sock, LENGTHS.size)
    if lengths is None:
        return None
    small, large = [await _aexactly(sock, length) for length in LENGTHS.unpack(lengths)]
    return None if small is None or large is None else (small, large)


async def _aexactly(sock: socket.socket, size: int) -> bytes | None:
    loop = asyncio.get_running_loop()
    parts: list[bytes] = []
    while size:
        part = await loop.sock_recv(sock, min(size, MOST))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
