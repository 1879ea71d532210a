"""One worker process, seen from outside: ask it, and be rid of it."""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import time

from archiver.model import Facts, Reading, Rules, Unread
from archiver.pool.columns import unpack
from archiver.pool.pipe import areceive, asend, receive, send

STARTUP = 60.0
"""Seconds a worker may take to start: it imports every reader."""
FAREWELL = 5.0
"""Seconds that a process whose socket closed may take to end."""
Frame = tuple[bytes, bytes] | None


class Process:
    """A worker that has started. Used by one thread or task at a time; only `kill` may come from another."""

    def __init__(self, setup: bytes, memory: int) -> None:
        """Start one and wait until it is ready. Raises ChildProcessError where it does not get so far.

        A fresh interpreter: not a fork (threads), nor a child of multiprocessing, which would run the main program's
        file again. Its process group is its own, so that Ctrl-C at the terminal reaches the parent only.
        """
        self.known: set[str] = set()  # digests of rules it was sent beside the rulebook
        self.spent = False  # it cannot be asked again
        self.overdue = False  # it was killed for taking too long
        self._sock, theirs = socket.socketpair()
        try:
            self._child = _start(theirs.fileno(), memory)
        except OSError as error:
            self._sock.close()
            raise ChildProcessError(f"a worker did not start: {error}") from error
        finally:
            theirs.close()
        try:
            send(self._sock, setup)
            ready = receive(self._sock, time.monotonic() + STARTUP)
        except OSError:
            ready = None
        if ready is None:
            how = self.wait(FAREWELL)
            self._sock.close()
            raise ChildProcessError(f"a worker did not start: {how}")

    def ask(self, question: bytes, body: bytes, timeout: float) -> Reading | Unread | None:
        """The answer, waited for in this thread; None where the worker died of it."""
        answer: Frame = None
        until = time.monotonic() + timeout
        try:
            self._sock.settimeout(timeout)
            send(self._sock, question, body)
            answer = receive(self._sock, until)
        except TimeoutError:
            self._run_out()
        except OSError:
            answer = None  # it is gone
        return self._answer(answer)

    async def aask(self, question: bytes, body: bytes, timeout: float) -> Reading | Unread | None:  # noqa: ASYNC109
        """The answer, waited for in the loop; None where the worker died of it."""
        answer: Frame = None
        timer = asyncio.get_running_loop().call_later(timeout, self._run_out)
        try:
            self._sock.setblocking(False)
            await asend(self._sock, question, body)
            answer = await areceive(self._sock)
        except OSError:
            answer = None  # it is gone
        finally:
            timer.cancel()
        return self._answer(answer)

    def kill(self) -> None:
        """Stop it at once; whoever waits for its answer learns that it is gone."""
        self.spent = True
        self._child.kill()

    def wait(self, patience: float = 0.0) -> str:
        """Wait so long for its end, then kill it; how it ended, in words."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(patience)
        self._child.kill()
        code = self._child.wait()
        return f"the worker was ended by {signal.Signals(-code).name}" if code < 0 else f"the worker exited with {code}"

    def end(self) -> None:
        """Kill it and close the socket, for which nobody may be waiting any more."""
        self.wait()
        self._sock.close()

    def _run_out(self) -> None:
        self.overdue = True
        self.kill()

    def _answer(self, frame: Frame) -> Reading | Unread | None:
        if frame is None:
            self.spent = True
            return None
        self.spent = self.spent or bool(frame[0])  # 'last': it will not take another question
        return unpack(frame[1])


def question(facts: Facts, rules: Rules | None, *, known: bool) -> bytes:
    """The small part of a question: rules are named by their digest where the worker knows them."""
    digest = rules.sha256 if rules else None
    return pickle.dumps((facts, digest, None if known else rules), 5)


def _start(fd: int, memory: int) -> "subprocess.Popen[bytes]":
    """The process that answers on the socket, with the same modules to import from as we have."""
    places = os.pathsep.join(place or os.getcwd() for place in sys.path)
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-P", "-m", "archiver.pool.worker", str(fd), str(memory)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[fd],
        process_group=0,
        env=os.environ | {"PYTHONPATH": places},
    )
