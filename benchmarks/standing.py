"""One line of the table of `make bench`: what a piece of work costs us, and what it costs a rival in the same run."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from shutil import which

from benchmarks import CORPUS


@dataclass(frozen=True)
class Standing:
    """A figure of ours, a rival's, and the goal. Figures are medians of one run, in the unit."""

    what: str
    unit: str
    ours: float | None
    rival: str = ""
    theirs: float | None = None
    most: float | None = None  # the goal: ours at most
    least: float | None = None  # the goal: ours at least
    apart: float | None = None  # the goal: the ratio at least
    more_is_better: bool = False
    note: str = ""  # why there is no figure

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the rival's; below 1 it is worse."""
        if not self.ours or not self.theirs:
            return None
        return self.ours / self.theirs if self.more_is_better else self.theirs / self.ours

    @property
    def goals(self) -> list[tuple[str, bool]]:
        """Each goal in words, and whether it is met."""
        found: list[tuple[str, bool]] = []
        if self.ours is not None:
            if self.most is not None:
                found.append((f"≤ {self.most:g}", self.ours <= self.most))
            if self.least is not None:
                found.append((f"≥ {self.least:g}", self.ours >= self.least))
        if self.ratio is not None and self.apart is not None:
            found.append((f"ratio ≥ {self.apart:g}", self.ratio >= self.apart))
        return found

    @property
    def goal(self) -> str:
        """The goals, and which are missed."""
        return ", ".join(text if met else f"{text} MISSED" for text, met in self.goals)

    def cells(self) -> list[str]:
        """The row of the table."""
        ratio = "–" if self.ratio is None else figure(self.ratio)
        return [self.what, self.unit, figure(self.ours), self.rival or "–", figure(self.theirs), ratio, self.goal]


HEADINGS = ["", "unit", "ours", "rival", "theirs", "ratio", "goal"]


def figure(value: float | None) -> str:
    """Three digits that count; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def without(*packages: str) -> str:
    """What to install of these Python packages; '' where all are here."""
    lacking = [name for name in packages if find_spec(name.replace("-", "_")) is None]
    return f"pip install {' '.join(lacking)}" if lacking else ""


def without_program(*programs: str) -> str:
    """What to install of these programs; '' where all are here."""
    lacking = [name for name in programs if which(name) is None]
    return f"install {' '.join(lacking)}" if lacking else ""


def has_corpus(benchmark: str) -> bool:
    """Whether the shared corpus is here; if not, it is said."""
    if not CORPUS.exists():
        print(f"{benchmark}: needs the shared corpus of real pages, which is not here", file=sys.stderr, flush=True)
    return CORPUS.exists()


def notes(found: Iterable[Standing]) -> list[str]:
    """What to install for the dashes, each once."""
    return list(dict.fromkeys(f"{one.rival}: {one.note}" for one in found if one.note))
