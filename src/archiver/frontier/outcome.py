"""What a reply amounts to: its outcome, what is wrong with it, where it points, when to come back.

The lists are closed (docs: outcomes; the CHECKs of the table `captures`): 'moved' exactly where there is a location,
'barred' exactly where robots.txt kept us from asking. Pure.
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from archiver import urls
from archiver.model import Failure, FailureKind, Outcome, Response

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
"""Statuses whose Location is another address (RFC 9110 section 15.4); 304 to 306 are none."""
GONE = frozenset({404, 410})
LONGEST_LOCATION = 8_192
LONGEST_DATE = 64
_SECONDS = re.compile(r"\s*(\d{1,9})(?:\.\d*)?\s*\Z")


def classify(reply: Response | Failure, conditional: bool = True) -> Outcome:
    """The outcome of one attempt. `conditional`: validators were sent; a 304 to a plain question is broken."""
    if isinstance(reply, Failure):
        return "barred" if reply.kind == "robots" else "failed"
    status = reply.status
    if 200 <= status < 300:
        return "ok"
    if status == 304:
        return "same" if conditional else "failed"
    if status in REDIRECTS:
        return "moved" if location(reply) else "failed"
    if 400 <= status < 500:
        return "gone" if status in GONE else "refused"
    return "failed"


def failure(reply: Response | Failure, conditional: bool = True) -> tuple[FailureKind | None, str | None]:
    """What is wrong with a reply, as a kind and in words; (None, None) where the status says all there is to say."""
    if isinstance(reply, Failure):
        return reply.kind, reply.detail
    if classify(reply, conditional) != "failed" or reply.status >= 500:
        return None, None
    if reply.status in REDIRECTS and (reply.header("Location") or "").strip():
        return "unsafe", f"{reply.status} to what is no web address"
    if reply.status in REDIRECTS:
        return "protocol", f"{reply.status} without a Location"
    if reply.status == 304:
        return "protocol", "304 to a question without validators"
    return "protocol", f"status {reply.status} is not an answer"


def location(reply: Response) -> str | None:
    """Where a redirect points, absolute; None where the reply is none, or points at no http or https address."""
    value = reply.header("Location") if reply.status in REDIRECTS else None
    if value is None or not value.strip() or len(value) > LONGEST_LOCATION:
        return None
    joined = urls.join(reply.url, _as_utf8(value))
    return joined if joined and urls.is_web(joined) else None


def retry_after(reply: Response | Failure, now: datetime) -> float | None:
    """Seconds from now after which the server asks us to come back; None where it does not say so understandably.

    Both forms of RFC 9110 section 10.2.3, seconds and a date; a date that has passed is 0.
    """
    value = None if isinstance(reply, Failure) else reply.header("Retry-After")
    if value is None:
        return None
    if seconds := _SECONDS.match(value):
        return float(seconds[1])
    moment = _moment(value)
    return max(0.0, (moment - now).total_seconds()) if moment else None


def _moment(text: str) -> datetime | None:
    """An HTTP date; one without a zone is in UTC, as they all are."""
    if len(text) > LONGEST_DATE:
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _as_utf8(value: str) -> str:
    """A header that was read as Latin-1, read as the UTF-8 it mostly is; any other text as it stands.

    Headers are bytes, and servers put raw UTF-8 and raw Latin-1 into Location alike; browsers go to the same letters
    in both cases. What is no text at all (lone surrogates) becomes '?'.
    """
    if value.isascii():
        return value
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value.encode("utf-8", "replace").decode("utf-8")
