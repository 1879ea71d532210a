"""A reader at a browser: Debian's Chromium, driven by Playwright, before a room on a socket of this machine."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE, WIDE, NARROWEST = 360, 1440, 320
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""What axe calls WCAG 2.2 A and AA, and what it advises besides."""


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The application on a socket of this machine, and its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started and time.monotonic() < until:
        threading.Event().wait(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser; the test skips where there is none."""
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with driver.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield found
        found.close()


class Visitor:
    """One reader with a window of their own; what went wrong while they read is kept."""

    def __init__(self, browser: Any, address: str, lang: str = "sv", **options: Any) -> None:
        options.setdefault("viewport", {"width": WIDE, "height": 900})
        self.address = address
        self.window = browser.new_context(locale=lang, extra_http_headers={"Accept-Language": lang}, **options)
        self.page = self.window.new_page()
        self.trouble: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.page.on("dialog", self._refuse)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _hear(self, message: Any) -> None:
        # The browser itself says that a page came with 404: it was asked for.
        if message.type in ("error", "warning") and "the server responded with a status of" not in message.text:
            self.trouble.append(f"{message.type}: {message.text}")

    def _refuse(self, dialog: Any) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: str) -> Any:
        """The page at a path of the room."""
        self.page.goto(self.address + path)
        return self.page

    def at(self, width: int, scheme: str) -> None:
        """The same page in a window of this width, light or dark."""
        self.page.set_viewport_size({"width": width, "height": 780 if width < 600 else 900})
        self.page.emulate_media(color_scheme=scheme)

    def barriers(self) -> list[str]:
        """What axe finds on the page as it stands now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(
                pytest.importorskip(
                    "axe_playwright_python.base", reason="axe-playwright-python is not installed"
                ).AXE_SCRIPT
            )
        found = self.page.evaluate("only => axe.run({resultTypes: ['violations'], runOnly: only})", RULES)["violations"]
        return [f"{rule['id']}: {[node['html'][:160] for node in rule['nodes'][:3]]}" for rule in found]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def cut_off(self) -> list[str]:
        """The words of charts that end beyond the window, where a chart neither wraps nor scrolls."""
        found: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("svg text")].filter(text => {
                 const box = text.getBoundingClientRect()
                 return box.width && (box.left < 0 || box.right > document.documentElement.clientWidth)
               }).map(text => text.textContent)"""
        )
        return found

    def elsewhere(self) -> list[str]:
        """What was asked of other hosts."""
        return [url for url in self.asked if not url.startswith((self.address, "data:", "blob:", "about:"))]

    def close(self) -> None:
        """The window is shut."""
        self.window.close()
