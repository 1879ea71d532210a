"""A few places that many want, threads and tasks alike: who comes first is served first."""

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Places(Generic[T]):
    """Things to be taken and given back; the one given back last is taken first."""

    def __init__(self, things: list[T]) -> None:
        self._free = things
        self._waiting: deque[Future[T]] = deque()
        self._lock = threading.Lock()

    def take(self) -> T:
        """One of them, waited for in this thread."""
        return self._ask().result()

    async def atake(self) -> T:
        """One of them, waited for in the loop."""
        future = self._ask()
        if future.done():
            return future.result()
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if not future.cancelled():
                self.give(future.result())  # it came as we were leaving
            raise

    def give(self, thing: T) -> None:
        """Give it back; the next one in the row has it."""
        with self._lock:
            while self._waiting:
                future = self._waiting.popleft()
                if future.set_running_or_notify_cancel():
                    future.set_result(thing)
                    return
            self._free.append(thing)

    def drain(self) -> list[T]:
        """All that are free."""
        with self._lock:
            free, self._free = self._free, []
        return free

    def _ask(self) -> "Future[T]":
        future: Future[T] = Future()
        with self._lock:
            if self._free:
                future.set_result(self._free.pop())
            else:
                self._waiting.append(future)
        return future
