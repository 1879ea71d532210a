"""The program that a worker process runs: read one body after another, until nobody asks any more.

Started as `python -m archiver.pool.worker FD BYTES`: the socket it talks over, the memory it may take. What a reader
does to itself stays in here: an exception is an answer, memory over the cap is an exception, and an alarm ends a
reading that nobody is left to stop. Anything worse ends this process, which is what it is for.
"""

import contextlib
import gc
import pickle
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from archiver.model import Facts, Reading, Rules, Unread
from archiver.pool.columns import pack
from archiver.pool.pipe import receive, send

GRACE = 2.0
"""Seconds beyond the time-out after which a reading ends itself: by then the parent has, if there still is one."""
FRAMES = 4
"""Lines of a traceback that are kept, from its end."""
Rulebook = Mapping[tuple[str, str], Rules]


def main(fd: int, memory: int) -> None:
    """Answer until the socket closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    _cap(memory)
    with socket.socket(fileno=fd) as sock:
        setup = receive(sock)
        if setup is None:
            return
        name, timeout, rulebook = pickle.loads(setup[0])  # noqa: S301 (from our own parent)
        reader = import_module(name)
        gc.freeze()  # rules and modules are here to stay: looking through them for garbage would cost tens of ms
        send(sock, b"ready")
        _serve(sock, reader, rulebook, timeout)


def _serve(sock: socket.socket, reader: ModuleType, rulebook: Rulebook, timeout: float) -> None:
    known = {rules.sha256: rules for rules in rulebook.values()}
    healthy = True
    while healthy and (frame := receive(sock)) is not None:
        facts, digest, rules = pickle.loads(frame[0])  # noqa: S301
        if rules is not None:
            known[digest] = rules
        signal.setitimer(signal.ITIMER_REAL, timeout + GRACE)
        answer, healthy = read(reader, frame[1], facts, known.get(digest), rulebook)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(sock, b"" if healthy else b"last", answer)


def read(reader: ModuleType, body: bytes, facts: Facts, rules: Rules | None, rulebook: Rulebook) -> tuple[bytes, bool]:
    """The reading, packed, and whether this process can go on after it."""
    try:
        chosen = rules or reader.choose(body, facts, rulebook)
        result: Reading | Unread = reader.read(body, facts, chosen)
        return pack(result), True
    except MemoryError:
        return pack(Unread("crashed", "MemoryError: the reader took more memory than it may")), False
    except Exception as error:  # noqa: BLE001 (a bug costs this one reading)
        return pack(Unread("crashed", _short(error))), True


def _short(error: Exception) -> str:
    """What happened and where, in a few lines."""
    where = traceback.format_tb(error.__traceback__)[-FRAMES:]
    return ("".join(traceback.format_exception_only(error)) + "".join(where))[:2000].strip()


def _cap(memory: int) -> None:
    """No more memory than this, and no core file of a hostile body."""
    for what, bound in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):  # some systems do not know the one or the other
            resource.setrlimit(what, (bound, bound))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
