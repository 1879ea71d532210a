"""A message that nothing happened for: what `archiver alert test` sends."""

from datetime import datetime, timedelta

from archiver.alerts import filters
from archiver.alerts.compose import Frame, Letter, compose
from archiver.alerts.rounds import room
from archiver.asking.asked import Row
from archiver.config import Config
from archiver.digests import digest
from archiver.model import Alert
from archiver.store.times import to_text

_DATES = {f"{name}_{when}": None for name in ("published", "reviewed") for when in ("before", "after")}


def sample(config: Config, alert: Alert, now: datetime) -> Letter:
    """A change of an invented municipality, as this alert would tell of it; another message each time."""
    key = digest(["test", alert.name, to_text(now)])
    more = filters.address(room(config), alert.wanted)
    frame = Frame(key, to_text(now), room(config), more, config.agent.mail, test=True)
    return compose(alert, [sample_change(now)], frame)


def sample_change(now: datetime) -> Row:
    """An invented change, seen now, in the form of the front page's cards."""
    return _DATES | {
        "municipality": "Exempelköping",
        "code": "",
        "section": "",
        "url": "https://www.exempelkoping.example/omsorg/avgifter",
        "title_before": "Avgifter inom omsorgen",
        "title_after": "Avgifter inom omsorgen",
        "state_before": "present",
        "state_after": "present",
        "last_seen_before": to_text(now - timedelta(days=7)),
        "seen_after": to_text(now),
        "updated_before": "2019-11-08",
        "updated_after": "2019-11-08",
        "classes": ["edit", "silent-edit"],
        "kinds": ["text"],
        "passages": [
            [
                ("same", "Avgiften är "),
                ("removed", "420"),
                ("same", " "),
                ("added", "440"),
                ("same", " kronor i månaden."),
            ]
        ],
        "more": 0,
        "links": [],
        "people": [],
        "why": [("amount-changed", 3), ("silent", 2)],
        "points": 5,
        "event": None,
        "folded": 0,
        "closed": 0,
        "capture_before": 0,
        "capture_after": 0,
        "revision_id": 0,
    }
