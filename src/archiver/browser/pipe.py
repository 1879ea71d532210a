"""The Chrome DevTools Protocol over a pipe: JSON messages, each ended by a null byte.

A pipe and no port: nobody else on the machine can steer the browser, and it ends by itself when we do.
Commands: https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

LONGEST = 128 << 20
"""Bytes of a message: a page's text may come with each of its characters escaped to six."""
ANSWER = 10.0
"""Seconds in which a command is answered that waits for no page."""

Event = Callable[[str, dict[str, Any]], None]


class Gone(Exception):
    """The browser has ended."""


class Silent(Gone):
    """The browser, or a page in it, does not answer."""


class Refused(Exception):
    """The browser does not do what it was told: mostly, what it was about is no more."""


class Pipe:
    """Commands to a browser, and what it has to say."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._count = 0
        self._calls: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._ears: dict[str, Event] = {}
        self._listening = asyncio.create_task(self._listen())

    @property
    def is_open(self) -> bool:
        """Whether the browser is at the other end."""
        return not self._listening.done()

    async def call(
        self, method: str, params: dict[str, Any] | None = None, session: str | None = None, patience: float = ANSWER
    ) -> dict[str, Any]:
        """What the command results in. Raises Gone, Silent after so many seconds, Refused."""
        if not self.is_open:
            raise Gone("the browser has ended")
        self._count += 1
        number = self._count
        message: dict[str, Any] = {"id": number, "method": method, "params": params or {}}
        if session is not None:
            message["sessionId"] = session
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._calls[number] = answer
        try:
            async with asyncio.timeout(max(patience, 0.0)):
                self._writer.write(json.dumps(message).encode() + b"\0")
                await self._writer.drain()
                return await answer
        except TimeoutError:
            raise Silent(f"no answer to {method} in {patience:.0f} s") from None
        except OSError as error:
            raise Gone(f"the browser has ended: {error}") from None
        finally:
            del self._calls[number]

    def listen(self, session: str, ear: Event) -> None:
        """From now on the ear hears what happens in the session."""
        self._ears[session] = ear

    def forget(self, session: str) -> None:
        """Nobody listens to the session any more."""
        self._ears.pop(session, None)

    async def close(self) -> None:
        """Hang up, which ends the browser."""
        self._listening.cancel()
        await asyncio.wait((self._listening,))
        self._writer.close()

    async def _listen(self) -> None:
        try:
            while True:
                self._hear(json.loads((await self._reader.readuntil(b"\0"))[:-1]))
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, ValueError):
            return  # it has ended, or says what cannot be heard out
        finally:
            for call in self._calls.values():
                if not call.done():
                    call.set_exception(Gone("the browser has ended"))

    def _hear(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            ear = self._ears.get(message.get("sessionId", ""))
            if ear is not None:
                ear(message["method"], message["params"])
            return
        call = self._calls.get(message["id"])
        if call is None or call.done():
            return
        if "error" in message:
            call.set_exception(Refused(str(message["error"].get("message", ""))))
        else:
            call.set_result(message["result"])
