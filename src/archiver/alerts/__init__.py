"""Alerts: a saved filter, and whom to tell of what is new in it.

    filters    a saved filter as a question to the archive
    rhythm     when what has gathered is told                       pure
    wording    the words of a message, Swedish and English          pure
    compose    changes as a message: subject, text, HTML, JSON      pure
    letter     a message as a mail                                  pure
    outcomes   what a try came to, and what is to be done then      pure
    receivers  who is told, by which way, and what that needs
    sample     a message that nothing happened for                  pure
    post       mail, webhooks, services: the ways out
    rounds     look, note, gather, send, note again: the order of events

At most once (docs/decisions/0026): what is about to be sent is noted, and on the disk, before the first byte leaves. A
message that may have arrived is not sent again by itself; a person is told.
"""

from archiver.alerts.post import Ways, ways
from archiver.alerts.receivers import unready
from archiver.alerts.rounds import Report, Round

__all__ = ["Report", "Round", "Ways", "unready", "ways"]
