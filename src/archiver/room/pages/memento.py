"""Memento (RFC 7089): which capture of an address stands for a time, and the list of all of them.

A memento here is the text as we read it (`/capture/…`), under an address of its own. Archived markup is never sent, so
a client gets the words, the dates and the digests, and the TimeMap names the time of every good capture.
"""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from archiver.asking.days import begins
from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask, Row, Unreadable
from archiver.room.pages import shared
from archiver.store.times import to_text

_LINK = "application/link-format; charset=utf-8"
_MOST = 50_000
_GOOD = """SELECT c.id, c.captured_at FROM one CROSS JOIN page_addresses p ON p.page_id = one.page_id
  CROSS JOIN captures c ON c.address_id = p.address_id
  CROSS JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'"""
_BESIDE = f"""WITH one AS MATERIALIZED (SELECT c.captured_at AS at, p.page_id FROM captures c
    JOIN page_addresses p ON p.address_id = c.address_id WHERE c.id = :id)
  SELECT 'prev' AS rel, * FROM ({_GOOD} WHERE c.captured_at < one.at ORDER BY c.captured_at DESC LIMIT 1)
  UNION ALL
  SELECT 'next', * FROM ({_GOOD} WHERE c.captured_at > one.at ORDER BY c.captured_at LIMIT 1)"""


def timegate(ask: Ask) -> Answer:
    """The way to the capture nearest to Accept-Datetime (§4.2.1); to the latest where the header is not there."""
    url, captures = _mementos(ask)
    wanted = _wanted(ask)
    best = captures[-1] if wanted is None else min(captures, key=lambda row: abs(_time(row) - wanted))
    links = [
        f'<{_escaped(url)}>; rel="original"',
        f'<{ask.origin}/timemap/link/{_escaped(url)}>; rel="timemap"; type="application/link-format"',
        *(_link(ask, row, rels) for row, rels in _ends(captures)),
    ]
    headers = {
        "location": ask.url(f"/capture/{best['id']}"),
        "vary": "accept-datetime",
        "link": ", ".join(_header_safe(link) for link in links),
    }
    return Answer("", 302, headers=headers, keep=False)


def timemap(ask: Ask) -> Answer:
    """Every good capture of an address with its time, in link format (§5) or as JSON."""
    url, captures = _mementos(ask)
    first, last = _http(captures[0]), _http(captures[-1])
    here = f"{ask.origin}/timemap/{ask.names['form']}/{url}"
    if ask.names["form"] == "json":
        body = {
            "original_uri": url, "self": here, "timegate_uri": f"{ask.origin}/timegate/{url}",
            "mementos": {"list": [{"datetime": row["captured_at"], "uri": _uri(ask, row)} for row in captures]},
        }  # fmt: skip
        return Answer(json.dumps(body, ensure_ascii=False), 200, "application/json; charset=utf-8")
    lines = [
        f'<{_escaped(url)}>; rel="original"',
        f'<{_escaped(here)}>; rel="self"; type="application/link-format"; from="{first}"; until="{last}"',
        f'<{_escaped(f"{ask.origin}/timegate/{url}")}>; rel="timegate"',
    ]
    ends = {row["id"]: rels for row, rels in _ends(captures)}
    lines += [_link(ask, row, ends.get(row["id"], "memento")) for row in captures]
    return Answer(",\n".join(lines) + "\n", 200, _LINK)


def at(ask: Ask) -> Answer:
    """The way to the page as of a time: /at/20260304120000/https://… as web archives write it, in UTC, or as of the end
    of a day of ours, /at/2026-03-04/…"""
    text = ask.names["time"].replace("-", "")
    try:
        if len(text) == len("20260304"):
            end = begins(f"{text[:4]}-{text[4:6]}-{text[6:]}", 1)
        else:
            end = to_text(datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC) + timedelta(seconds=1))
    except (ValueError, OverflowError):
        raise Unreadable("time", ask.names["time"], "20261031") from None
    url, mementos = _mementos(ask)
    captures = [row for row in mementos if row["captured_at"] < end]
    if not captures:
        raise NotFound(f"{url} was not seen by {ask.names['time']}")
    return Answer("", 302, headers={"location": ask.url(f"/capture/{captures[-1]['id']}")}, keep=False)


def headers_of(ask: Ask, capture: Row) -> dict[str, str]:
    """What makes an answer a memento (§4.2.3): its time, where the original, the TimeGate and the TimeMap are, and the
    mementos beside it."""
    url = capture["url"]
    links = [
        f'<{_escaped(url)}>; rel="original"',
        f'<{ask.origin}/timegate/{_escaped(url)}>; rel="timegate"',
        f'<{ask.origin}/timemap/link/{_escaped(url)}>; rel="timemap"; type="application/link-format"',
        *(_link(ask, row, f"{row['rel']} memento") for row in ask.rows(_BESIDE, id=capture["capture_id"])),
    ]
    return {"memento-datetime": _http(capture), "link": ", ".join(_header_safe(link) for link in links)}


def _asked(ask: Ask) -> tuple[str, int]:
    """The address asked for, and its page. Raises NotFound.

    The query is the address's own, as it came: sites have a `lang` too. Only where no such address is known is that one
    the reader's choice of a language.
    """
    url = ask.names["url"]
    url = url if "://" in url else url.replace(":/", "://", 1) if ":/" in url else f"https://{url}"
    rest = "&".join(part for part in ask.query.split("&") if part and not part.startswith("lang="))
    whole, without = (f"{url}?{query}" if query else url for query in (ask.query, rest))
    try:
        return whole, shared.page_at(ask, whole)
    except NotFound:
        return without, shared.page_at(ask, without)


def _mementos(ask: Ask) -> tuple[str, list[Row]]:
    """The address asked for, and the good captures of its page, the first first. Raises NotFound."""
    url, page = _asked(ask)
    rows = ask.rows(
        """SELECT c.id, c.captured_at, a.url FROM page_addresses p JOIN captures c ON c.address_id = p.address_id
           JOIN addresses a ON a.id = c.address_id
           JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
           WHERE p.page_id = :page ORDER BY c.captured_at, c.id LIMIT :most""",
        page=page,
        most=_MOST,
    )
    if not rows:
        raise NotFound(f"{url} was never seen well")
    return url, rows


def _wanted(ask: Ask) -> datetime | None:
    if not ask.accept_datetime:
        return None
    try:
        found = parsedate_to_datetime(ask.accept_datetime)
    except ValueError:
        raise Unreadable("Accept-Datetime", ask.accept_datetime, "Thu, 31 May 2007 20:35:00 GMT") from None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _ends(captures: list[Row]) -> list[tuple[Row, str]]:
    """The first memento and the last, each with what it is to the others (§2.2.4)."""
    first, last = captures[0], captures[-1]
    if first is last:
        return [(first, "first last memento")]
    return [(first, "first memento"), (last, "last memento")]


def _link(ask: Ask, row: Row, rels: str) -> str:
    return f'<{_uri(ask, row)}>; rel="{rels}"; datetime="{_http(row)}"'


def _uri(ask: Ask, row: Row) -> str:
    return f"{ask.origin}/capture/{row['id']}"


def _time(row: Row) -> datetime:
    return datetime.fromisoformat(row["captured_at"])


def _http(row: Row) -> str:
    return format_datetime(_time(row), usegmt=True)


def _escaped(url: str) -> str:
    """A URL between angle brackets (RFC 8288 §3)."""
    return url.replace(">", "%3E").replace("<", "%3C").replace("\n", "").replace("\r", "")


def _header_safe(link: str) -> str:
    """A header field's value is visible ASCII."""
    return "".join(c if " " <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode()) for c in link)
