"""What a doctor speaks of."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver.config import Config


@dataclass(frozen=True, slots=True)
class Place:
    """What is examined: the archive's file, and the configuration where it holds together."""

    archive: Path
    now: datetime
    config: Config | None = None


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that is the matter."""

    name: str  # 'log-left-behind'
    says: str  # what is the matter, with numbers
    advice: str  # what it means, and the way on
    mend: str | None = None  # the name in MENDS of what mends it; None: a person must
    harmless: bool = False  # worth knowing, and no reason for an exit code
