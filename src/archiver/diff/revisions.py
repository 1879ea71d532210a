"""The revision rule: does this capture extend the page's last revision, begin a new one, or say nothing?

A revision is an unbroken run of good captures with one core, or a confirmed absence. Only a good capture and a
confirmed absence may begin one; everything else leaves the page as it was. Pure.
"""

from archiver.diff.absence import is_open
from archiver.model import Absence, Begin, Capture, Extend, Leave, Outcome, Revision, Step

SHOWING: frozenset[Outcome] = frozenset({"ok", "same"})
"""Outcomes in which the page itself answered; a document read of anything else shows no page."""


def follow(
    last: Revision | None,
    capture: Capture,
    core: str | None,
    before: Absence | None,
    after: Absence | None,
    *,
    why: str = "",
) -> Step:
    """What the capture does to the page's revisions.

    `core` is that of the document the capture shows; None where it shows none, and `why` says what the reader found
    instead. `before` and `after` are the page's absence before and after `absence.step` saw this capture.
    """
    if core is not None and capture.outcome in SHOWING:
        returned = before is not None and before.state == "gone"
        return _present(last, core, returned)
    if after is not None and is_open(after) and after.last_missed == capture.id:
        return _missed(last, capture, after)
    return Leave(_why(capture, why))


def _present(last: Revision | None, core: str, returned: bool) -> Step:
    """A good capture grows its revision; another core, or coming back, begins one, even of a core seen before."""
    if last is not None and last.state == "present" and last.core == core and not returned:
        return Extend()
    return Begin("present")


def _missed(last: Revision | None, capture: Capture, absence: Absence) -> Step:
    """A sign of absence: it grows a gone revision, begins one where it confirms, and else waits."""
    if absence.state == "suspect":
        return Leave(f"suspect: {absence.sign}, not confirmed yet")
    if last is None:
        return Leave(f"absent ({absence.sign}), and never seen before")
    if last.state != "present":
        return Extend()
    if absence.confirmed_by != capture.id:
        return Leave(f"absent ({absence.sign}), and already told")
    if absence.sign == "moved" and capture.location:
        return Begin("moved", moved_to=capture.location)
    return Begin("gone")


def _why(capture: Capture, found: str) -> str:
    """Why nothing follows from the capture, in words."""
    outcomes = {
        "barred": "barred by robots.txt",
        "failed": f"failed: {capture.failure or f'status {capture.status}'}",
        "refused": f"refused: status {capture.status}",
        "moved": f"moved to {capture.location}",
    }
    return outcomes.get(capture.outcome) or found or f"{capture.outcome}: nothing was read"
