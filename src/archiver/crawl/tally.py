"""What a run of one source came to, counted while it goes."""

from dataclasses import dataclass, field
from datetime import datetime

from archiver.derive import Derived
from archiver.model import Begin, Capture

SIGNPOSTS = ("robots", "sitemap", "feed")
"""Roles that lead to pages: asked for and kept like pages, but not counted among them."""


@dataclass
class Tally:
    """Counts of one run. Pages and files are counted; robots.txt, sitemaps and feeds are `signposts`."""

    source: str
    municipality: str
    run_id: int | None = None
    asked: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0
    moved: int = 0
    failed: int = 0
    refused: int = 0
    barred: int = 0
    set_aside: int = 0  # answers that the gate or a reader did not take for the page
    signposts: int = 0
    errors: int = 0  # our own: each has its traceback in the log
    answered: int = 0  # of all that was asked, robots.txt and sitemaps too
    silent: dict[str, str] = field(default_factory=dict)  # host -> why it did not answer, while it never did
    speaking: set[str] = field(default_factory=set)  # hosts that answered
    next_due: datetime | None = None
    ending: str = "done"

    def count_asked(self, capture: Capture) -> None:
        """Count what came back, before anything is read of it."""
        host = capture.address.host
        if capture.status is not None:
            self.answered += 1
            self.speaking.add(host)
            self.silent.pop(host, None)
        elif capture.failure != "robots" and host not in self.speaking:
            self.silent[host] = f"{capture.failure}: {capture.detail or 'no answer'}"
        if capture.address.role in SIGNPOSTS:
            self.signposts += 1
            return
        if capture.outcome != "barred":
            self.asked += 1
        if capture.outcome in ("gone", "moved", "failed", "refused", "barred"):
            setattr(self, capture.outcome, getattr(self, capture.outcome) + 1)

    def count_derived(self, derived: Derived) -> None:
        """Count what it turned out to mean."""
        capture = derived.capture
        if capture.address.role in SIGNPOSTS or capture.outcome not in ("ok", "same"):
            return
        if derived.verdict != "good":
            self.set_aside += 1
        elif derived.first:
            self.new += 1
        elif isinstance(derived.step, Begin):
            self.changed += 1
        else:
            self.unchanged += 1

    @property
    def reachable(self) -> bool:
        """False where something was asked and nothing answered."""
        return self.answered > 0 or not self.silent

    def as_object(self) -> dict[str, object]:
        """The counts for a program."""
        return {
            "source": self.source, "municipality": self.municipality, "run": self.run_id, "ending": self.ending,
            "asked": self.asked, "new": self.new, "changed": self.changed, "unchanged": self.unchanged,
            "gone": self.gone, "moved": self.moved, "failed": self.failed, "refused": self.refused,
            "barred": self.barred, "set_aside": self.set_aside, "signposts": self.signposts, "errors": self.errors,
            "unreachable": dict(sorted(self.silent.items())),
            "next_due": self.next_due.isoformat() if self.next_due else None,
        }  # fmt: skip
