"""A page of ours as PDF, by a browser that the system has; where there is none, there is no PDF."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 60.0
"""Seconds a browser may take."""


def as_pdf(html: str) -> bytes | None:
    """The PDF; None where no browser is there, or it failed. The page needs nothing from elsewhere."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, made = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(html, "utf-8")
        words = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer",
            "--host-resolver-rules=MAP * ~NOTFOUND", f"--user-data-dir={folder}/profile", f"--print-to-pdf={made}",
            *(["--no-sandbox"] if os.geteuid() == 0 else []), page.as_uri(),
        ]  # fmt: skip
        try:
            subprocess.run(words, capture_output=True, timeout=PATIENCE, check=True, stdin=subprocess.DEVNULL)  # noqa: S603
            return made.read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None
