"""The disappearance machine: present, suspect, gone, back.

    present --sign--> suspect --same sign on a later visit, long enough after--> gone --good--> back
                         |                                                       |  ^
                         +--good--> blip                                         +--+ sign again: the episode grows

Not seeing is not absence: a failure, a refusal, a bar or a bad verdict is no sign and changes nothing. An absence
needs a presence before it. Another sign than the last begins the count anew, for the first is not corroborated.
Pure.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

from archiver.model import Absence, Capture, Sign, Verdict

PATIENCE: dict[Sign, timedelta] = {
    "404": timedelta(hours=24),
    "410": timedelta(hours=1),  # the server says that it is meant (RFC 9110 section 15.5.11)
    "soft-404": timedelta(hours=24),
    "to-start": timedelta(hours=24),
    "moved": timedelta(hours=24),
}
"""How far apart two visits with the same sign must be before we believe it."""

Whither = Literal["same", "start", "elsewhere"] | None
"""Where a redirect leads: to another address of the same page, to a start page, to another page; None: it is none."""
_BY_VERDICT: dict[Verdict, Sign] = {"soft-404": "soft-404", "to-start": "to-start"}
_BY_WAY: dict[Whither, Sign] = {"start": "to-start", "elsewhere": "moved"}
_OPEN = {"suspect", "gone"}


def sign(capture: Capture, verdict: Verdict | None, whither: Whither = None) -> Sign | None:
    """What this capture says about the page not being there; None: nothing. A move within the page is no absence."""
    if capture.outcome == "gone":
        return "410" if capture.status == 410 else "404"
    if capture.outcome == "moved":
        return _BY_WAY.get(whither) if whither else None
    if capture.outcome in {"ok", "same"} and verdict is not None:
        return _BY_VERDICT.get(verdict)
    return None


def is_open(episode: Absence | None) -> bool:
    """Whether the page is suspect or gone."""
    return episode is not None and episode.state in _OPEN


def step(
    episode: Absence | None, capture: Capture, sign: Sign | None, good: bool, last_good: int | None
) -> Absence | None:
    """The page's absence after this capture: begun, grown, confirmed, ended, or as it was.

    `episode` is the open one, or None. `good`: the capture shows the page. `last_good`: the capture that last did.
    """
    if episode is None or episode.state not in _OPEN:
        return _begun(capture, sign, last_good) if sign and not good else None
    if good:
        return replace(episode, state="back" if episode.state == "gone" else "blip", back_by=capture.id)
    if sign is None:
        return episode
    if episode.state == "suspect" and sign != episode.sign:
        fresh = _begun(capture, sign, episode.last_good)
        return fresh and replace(fresh, id=episode.id)
    grown = replace(episode, sign=sign, last_missed=capture.id, last_missed_at=capture.at, misses=episode.misses + 1)
    if episode.state == "suspect" and capture.at - episode.first_missed_at >= PATIENCE[sign]:
        return replace(grown, state="gone", confirmed_by=capture.id)
    return grown


def _begun(capture: Capture, sign: Sign, last_good: int | None) -> Absence | None:
    """A first miss; none where the page was never seen."""
    if last_good is None:
        return None
    return Absence(
        sign=sign,
        state="suspect",
        last_good=last_good,
        first_missed=capture.id,
        last_missed=capture.id,
        first_missed_at=capture.at,
        last_missed_at=capture.at,
        misses=1,
    )
