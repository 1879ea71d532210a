"""How far a play came: a bar at a terminal, a line now and then elsewhere; and each finding as it is met."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from torture.play import Outcome, Tell

EVERY = 20.0
"""Seconds between two lines."""
_TOLD = ("crawls", "full disks", "cuts", "backups", "reads")


def done(outcome: Outcome, wanted: int) -> str:
    """What was done, in words: '34 of 60 kills, 41 crawls, 5 full disks, 22 cuts'."""
    others = [f"{count} {what}" for what in _TOLD if (count := outcome.done[what])]
    return ", ".join([f"{outcome.done['kills']} of {wanted} kills", *others])


def rate(outcome: Outcome, seconds: float) -> str:
    """'8.2 kills a minute'."""
    return f"{60 * outcome.done['kills'] / max(seconds, 0.001):.1f} kills a minute"


def lasted(seconds: float) -> str:
    """'3 min 07 s'."""
    return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"


@dataclass
class Lines:
    """A line of progress where the last was told some seconds ago, or another part of the play begins."""

    world: str
    wanted: int  # kills
    say: Callable[[str], None]
    now: Callable[[], float] = time.monotonic
    begun: float = field(init=False)
    _part: str = ""
    _told_at: float = 0.0

    def __post_init__(self) -> None:
        self.begun = self.now()

    def __call__(self, part: str, outcome: Outcome) -> None:
        """Tell it, if it is time to."""
        at = self.now()
        if part == self._part and at - self._told_at < EVERY:
            return
        self._part, self._told_at = part, at
        took = at - self.begun
        found = f"{len(outcome.found)} findings"
        told = f"{done(outcome, self.wanted)}; {found}; {lasted(took)}, {rate(outcome, took)}"
        self.say(f"{self.world}, {part}: {told}")


@contextmanager
def telling(world: str, wanted: int) -> Iterator[Tell]:
    """Somebody to tell how far the play came, in whichever way suits where it goes."""
    told: list[str] = []
    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)

    def tell_findings(outcome: Outcome) -> None:
        for finding in outcome.found[len(told) :]:
            console.print(f"  FOUND {finding}")
            told.append(finding)

    if not console.is_terminal:
        lines = Lines(world, wanted, console.print)

        def tell_lines(part: str, outcome: Outcome) -> None:
            tell_findings(outcome)
            lines(part, outcome)

        yield tell_lines
        return
    text, passed = (
        TextColumn("{task.description}"),
        TextColumn("kills, {task.fields[rate]}, {task.fields[found]} findings"),
    )
    with Progress(text, BarColumn(24), MofNCompleteColumn(), passed, TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task(world, total=wanted, rate="", found=0)
        begun = time.monotonic()

        def tell_bar(part: str, outcome: Outcome) -> None:
            tell_findings(outcome)
            speed = rate(outcome, time.monotonic() - begun)
            bar.update(
                task,
                description=f"{world}, {part}",
                completed=outcome.done["kills"],
                rate=speed,
                found=len(outcome.found),
            )

        yield tell_bar
