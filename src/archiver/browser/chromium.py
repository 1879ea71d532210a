"""One Chromium: found on this machine, started with no network, no profile and no port, and ended for good."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from archiver.browser.pipe import LONGEST, Gone, Pipe, Refused

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
"""What distributions call it."""
STARTUP = 60.0
"""Seconds it may take to start: a cold one on a busy machine takes fifteen."""
FAREWELL = 5.0
"""Seconds it may take to end by itself."""
WORDS = 300
FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # No network. Every request is answered by us; what would slip past (sockets, look-ahead) finds no name, no proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://proxy.invalid:9",
    "--proxy-bypass-list=<-loopback>",  # loopback is no exception
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-features=HttpsUpgrades",  # what is asked for is what was meant
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-pings",
    # Nothing that asks, speaks, stays or is shared with the person at the machine.
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-breakpad",
    "--disable-extensions",
    "--disable-notifications",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--password-store=basic",
    "--js-flags=--max-old-space-size=512",
)
_HAND_OVER = """
import fcntl, os, sys
spare = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 10) for fd in sys.argv[1:3]]
os.dup2(spare[0], 3)
os.dup2(spare[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Chromium reads its commands from descriptor 3 and writes to 4: a moment of Python puts them there."""


def find(named: str | None = None) -> str | None:
    """The program: the one named, else the first of `NAMES` on the path; None where there is none."""
    return next((found for name in ([named] if named else NAMES) if (found := shutil.which(name))), None)


class Chromium:
    """A browser that has started; `name` is what it calls itself."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: Pipe, folder: Path) -> None:
        self._process, self.pipe, self._folder = process, pipe, folder
        self.name = ""

    @classmethod
    async def start(cls, program: str) -> "Chromium":
        """Start one and wait until it is ready. Raises Gone where it does not get so far, in its own words."""
        folder = Path(tempfile.mkdtemp(prefix="archiver-browser-"))
        found = None
        try:
            process, pipe = await _spawn(program, folder)
            found = cls(process, pipe, folder)
            told = await pipe.call("Browser.getVersion", patience=STARTUP)
            found.name = str(told["product"]).replace("Chrome/", "Chromium ").replace("Headless", "")
            await pipe.call("Browser.setDownloadBehavior", {"behavior": "deny"})
        except (OSError, Gone, Refused) as error:
            why = _last_words(folder) or str(error)
            await found.end() if found else shutil.rmtree(folder, ignore_errors=True)
            raise Gone(f"{program} did not start: {why}") from None
        return found

    async def end(self) -> None:
        """End it and everything it started, and remove what it wrote."""
        await self.pipe.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)


async def _spawn(program: str, folder: Path) -> tuple[asyncio.subprocess.Process, Pipe]:
    """The process in a group of its own (Ctrl-C is for us), with an environment in which it knows nobody."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    flags = [*FLAGS, f"--user-data-dir={folder}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    path = os.environ.get("PATH", os.defpath)
    try:
        with (folder / "said").open("wb") as said:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", "-c", _HAND_OVER, str(theirs_in), str(theirs_out), program, *flags,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=said,
                pass_fds=(theirs_in, theirs_out), start_new_session=True,
                env={"PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
            )  # fmt: skip
    except OSError:
        os.close(ours_in)
        os.close(ours_out)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    return process, await _pipe(ours_in, ours_out)


async def _pipe(fd_in: int, fd_out: int) -> Pipe:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=LONGEST)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd_in, "rb"))
    transport, flow = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(fd_out, "wb"))
    return Pipe(reader, asyncio.StreamWriter(transport, flow, None, loop))


def _last_words(folder: Path) -> str:
    """The last line it wrote before it ended."""
    try:
        lines = (folder / "said").read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].strip()[-WORDS:] if lines else ""
