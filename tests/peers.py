"""Programs of others by which our files are tried: they are no dependency, and where they are not, their tests skip."""

import shutil
from pathlib import Path

_OURS = Path(__file__).parents[1] / ".venv-peers" / "bin" / "wayback"
PYWB: str | None = str(_OURS) if _OURS.is_file() else shutil.which("wayback")
"""pywb's server: of `make peers`, or installed on this machine."""
NO_PYWB = "pywb is not here: `make peers` installs it"
