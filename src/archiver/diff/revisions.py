"""The revision rule: does this capture extend the page's last revision, begin a new one, or say nothing?

A revision is an unbroken run of good captures with one core, or a confirmed absence. Only a good capture and a
confirmed absence may begin one; everything else leaves the page as it was. Pure.
"""

from archiver.diff.absence import is_open
from archiver.model import Absence, Begin, Capture, Document, Extend, Leave, Reading, Revision, Step, Unread


def follow(
    last: Revision | None,
    capture: Capture,
    reading: Reading | Unread | None,
    before: Absence | None,
    after: Absence | None,
) -> Step:
    """What the capture does to the page's revisions.

    `before` and `after` are the page's absence before and after `absence.step` saw this capture.
    """
    document = good_document(capture, reading)
    if document is not None:
        returned = before is not None and before.state == "gone"
        return _present(last, document, returned)
    if after is not None and is_open(after) and after.last_missed == capture.id:
        return _missed(last, capture, after)
    return Leave(_why(capture, reading))


def good_document(capture: Capture, reading: Reading | Unread | None) -> Document | None:
    """The document of a capture that shows the page; None where it does not, whatever was read from its body."""
    if capture.outcome not in {"ok", "same"} or not isinstance(reading, Reading) or reading.verdict != "good":
        return None
    return reading.document


def _present(last: Revision | None, document: Document, returned: bool) -> Step:
    """A good capture grows its revision; another core, or coming back, begins one, even of a core seen before."""
    if last is not None and last.state == "present" and last.core == document.core and not returned:
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


def _why(capture: Capture, reading: Reading | Unread | None) -> str:
    """Why nothing follows from the capture, in words."""
    outcomes = {
        "barred": "barred by robots.txt",
        "failed": f"failed: {capture.failure or f'status {capture.status}'}",
        "refused": f"refused: status {capture.status}",
        "moved": f"moved to {capture.location}",
    }
    if capture.outcome in outcomes:
        return outcomes[capture.outcome]
    if isinstance(reading, Unread):
        return f"unread: {reading.why}"
    if reading is not None and reading.verdict != "good":
        return f"{reading.verdict}: {reading.reason}" if reading.reason else reading.verdict
    return f"{capture.outcome}: nothing was read"
