"""What a try to send came to, and what is to be done then. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

PATIENCE = tuple(timedelta(minutes=m) for m in (1, 5, 20, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60))
"""How long it is waited after each try that failed. After one more the message is given up: within two days."""
LONGEST = timedelta(days=1)
"""The most that a receiver may ask us to wait."""


@dataclass(frozen=True, slots=True)
class Sent:
    """It was taken."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It was certainly not taken."""

    why: str
    hopeless: bool = False  # it will never be
    wait: timedelta | None = None  # what the receiver asked for


@dataclass(frozen=True, slots=True)
class Unsure:
    """It left, and no answer came."""

    why: str


Outcome = Sent | Refused | Unsure


class Next(NamedTuple):
    """A message's state after a try."""

    state: str
    trouble: str | None = None
    due_at: datetime | None = None


def after(outcome: Outcome, tries: int, now: datetime, *, at_least_once: bool) -> Next:
    """The state of a message that was tried so often, this time included."""
    match outcome:
        case Sent():
            return Next("sent")
        case Unsure(why) if not at_least_once:
            return Next("unsure", why)
        case Refused(why, hopeless=True):
            return Next("failed", why)
        case Refused(why) | Unsure(why) if tries > len(PATIENCE):
            return Next("failed", f"{why}; given up after {tries} tries")
        case Refused(why) | Unsure(why):
            asked = outcome.wait if isinstance(outcome, Refused) and outcome.wait else timedelta(0)
            return Next("due", why, now + max(PATIENCE[tries - 1], min(asked, LONGEST)))
