"""From a request to an answer: its language, a connection, a limit of time, a cache, and errors in words.

A page is a function from `Ask` to `Answer`, run in a thread with a connection of its own. What it answered is kept
until the archive is written to, for half a minute at most, since what is public also depends on the day.
"""

import asyncio
import hashlib
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette.utils.asgi import Request, Response

from archiver.asking.asked import Asking
from archiver.clock import SystemClock
from archiver.errors import NotFound, StoreError
from archiver.publish.words import Lang
from archiver.room.headers import POLICY
from archiver.room.readers import Readers, Stamp
from archiver.room.template import render
from archiver.room.tiers import PUBLIC, RESEARCHER
from archiver.room.told import COOKIE, Told, choose

Row = dict[str, Any]
HTML = "text/html; charset=utf-8"
SECONDS = 30.0
"""For how long an answer is kept at most: what is public depends on the day, too."""
_KEPT, _LARGEST = 512, 200_000
"""Answers that are kept, and the bytes of the largest that is."""
_MOST_ARGS, _LONGEST = 60, 500
"""Parameters of a query string that are looked at, and the most letters of one."""


class Unreadable(ValueError):
    """A reader's parameter says nothing: its name, what was written, and what could be."""

    def __init__(self, name: str, value: str, example: str) -> None:
        super().__init__(name)
        self.name, self.value, self.example = name, value, example


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    body: str | bytes
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    keep: bool = True  # whether the next reader may get the very same


@dataclass(frozen=True)
class Ask(Asking):
    """What a reader asked for, and what a page needs to answer."""

    conn: sqlite3.Connection
    path: str  # without the base URL
    names: Mapping[str, str]  # parts of the path
    args: Sequence[tuple[str, str]]
    told: Told
    origin: str  # scheme, host and base URL, for what is cited: 'https://arkiv.example'
    base: str  # what paths begin with: '' or '/arkiv'
    database: str  # Datasette's name of the archive
    archive: Readers
    tier: int = PUBLIC  # of who reads
    beside: str = ""  # what the name of the database ends with in which researchers find every table
    accept_datetime: str = ""  # the header of that name (RFC 7089)
    query: str = ""  # the query string as it came
    keeper: tuple[str, str] = ("", "")  # whoever answers for the archive: how to reach them in words, and where
    memo: dict[object, Any] = field(default_factory=dict)  # what was asked of the archive for this page already

    @property
    def is_open(self) -> bool:
        """Whether the reader may see names, texts under embargo, and raw bodies."""
        return self.tier >= RESEARCHER

    @property
    def lang(self) -> Lang:
        """The reader's language."""
        return self.told.lang

    @property
    def now(self) -> datetime:
        """When it was asked."""
        return self.told.now

    def one(self, name: str) -> str:
        """The parameter's value; '' where it is not there."""
        return next((value.strip() for key, value in self.args if key == name), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of the parameter, once."""
        return tuple(dict.fromkeys(value.strip() for key, value in self.args if key == name and value.strip()))

    def whole(self, name: str, most: int = 10**9) -> int | None:
        """The parameter as a number; None where it is not there. Raises Unreadable."""
        text = self.one(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Unreadable(name, text, "20")
        return min(int(text), most)

    def day(self, name: str) -> str | None:
        """The parameter as a day, '2026-10-31'; None where it is not there. Raises Unreadable."""
        text = self.one(name)
        if not text:
            return None
        try:
            return datetime.strptime(text[:10], "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat()
        except ValueError:
            raise Unreadable(name, text, "2026-10-31") from None

    def row(self, sql: str, **values: object) -> Row | None:
        """The first row, if there is one."""
        found = self.conn.execute(sql, values).fetchone()
        return None if found is None else dict(found)

    def url(self, path: str, args: Iterable[tuple[str, object]] = ()) -> str:
        """An address in the room, with its base and its parameters; never one elsewhere ('//ond.example')."""
        path = "/" + path.lstrip("/")
        query = urlencode([(k, v) for k, v in args if v not in (None, "")])
        return f"{self.base}{quote(path, safe='/.:-_~')}" + (f"?{query}" if query else "")

    def here(self, **changed: object) -> str:
        """This address with some parameters changed; None takes one out."""
        kept = [(k, v) for k, v in self.args if k not in changed and k != "lang"]
        return self.url(self.path, [*kept, *changed.items()])

    def feed(self, path: str, args: Iterable[tuple[str, object]] = ()) -> str:
        """An address of a feed. It keeps the reader's language: who reads feeds sends no cookie."""
        return self.url(path, [*args, ("lang", self.lang)])

    def render(self, template: str, *, status: int = 200, **values: object) -> Answer:
        """A page of the room."""
        return Answer(render(template, ask=self, t=self.told, lang=self.lang, **values), status)


Show = Callable[[Ask], Answer]


@dataclass
class Frame:
    """One archive's frame: its readers, and what was answered lately."""

    readers: Readers
    database: str
    base: str = ""
    beside: str = ""
    keeper: tuple[str, str] = ("", "")
    _kept: OrderedDict[tuple[str, ...], tuple[Stamp, float, Answer]] = field(default_factory=OrderedDict)
    _making: dict[tuple[str, ...], asyncio.Task[Answer]] = field(default_factory=dict)

    async def answer(self, show: Show, request: Request, origin: str, tier: int = PUBLIC) -> Response:
        """The answer to a request of a reader of this tier, from the shelf or made now."""
        try:
            args = [(name, value[:_LONGEST]) for name, value in _asked(request.query_string)]
        except ValueError:
            return Response.text(f"An address has at most {_MOST_ARGS} parameters here.", status=400)
        wanted = next((value for name, value in args if name == "lang"), None)
        told = Told(
            choose(wanted, request.cookies.get(COOKIE), request.headers.get("accept-language", "")),
            SystemClock().now().astimezone(UTC),
        )
        accepted = request.headers.get("accept-datetime", "")
        key = (request.path, request.query_string, told.lang, origin, accepted, str(tier))
        found = self._look(key) or await self._together(key, partial(self._make, key, show, request, tier, told, args))
        return _response(found, request, told, wanted)

    async def _together(self, key: tuple[str, ...], make: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer that is being made for another reader just now, or one made for this one.

        While the archive is written to, nothing stays on the shelf: then fifty readers of a page cost what one does.
        A reader who leaves takes nothing from the others.
        """
        task = self._making.get(key)
        if task is None:
            task = self._making[key] = asyncio.ensure_future(make())
            task.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(task)

    async def _make(
        self, key: tuple[str, ...], show: Show, request: Request, tier: int, told: Told, args: list[tuple[str, str]]
    ) -> Answer:
        stamp = self.readers.stamp()
        make = partial(
            Ask,
            tier=tier,
            beside=self.beside,
            keeper=self.keeper,
            path=unquote(request.path[len(self.base) :]) or "/",
            names={name: value for name, value in request.url_vars.items() if value is not None},
            args=args,
            told=told,
            origin=key[3],
            base=self.base,
            database=self.database,
            archive=self.readers,
            accept_datetime=request.headers.get("accept-datetime", ""),
            query=request.query_string,
        )
        loop = asyncio.get_running_loop()
        made = _tagged(await loop.run_in_executor(self.readers.pool, self._made, show, make))
        if made.keep and len(made.body) <= _LARGEST:
            self._keep(key, stamp, made)
        return made

    def _look(self, key: tuple[str, ...]) -> Answer | None:
        kept = self._kept.get(key)
        if kept is None or kept[0] != self.readers.stamp() or time.monotonic() - kept[1] > SECONDS:
            return None
        self._kept.move_to_end(key)
        return kept[2]

    def _keep(self, key: tuple[str, ...], stamp: Stamp, answer: Answer) -> None:
        self._kept[key] = (stamp, time.monotonic(), answer)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)

    def _made(self, show: Show, make: Callable[[sqlite3.Connection], Ask]) -> Answer:
        try:
            return self.readers.read(lambda conn: _in_words(show, make(conn)))
        except StoreError as error:
            return Answer(str(error), 503, "text/plain; charset=utf-8", keep=False)


def _asked(query: str) -> list[tuple[str, str]]:
    """The parameters of a query string. Raises ValueError where there are more than anyone writes: with one left out,
    what is shown would not be what was asked for."""
    return parse_qsl(query, max_num_fields=_MOST_ARGS, errors="replace")


def _in_words(show: Show, ask: Ask) -> Answer:
    """The page, or what is the matter, in the reader's words."""
    try:
        return show(ask)
    except NotFound as error:
        return replace(ask.render("error.html", status=404, kind="missing", detail=str(error)), keep=False)
    except Unreadable as error:
        return replace(
            ask.render("error.html", status=400, kind="unreadable", detail=error.value, example=error.example),
            keep=False,
        )
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return replace(ask.render("error.html", status=503, kind="slow", detail=""), keep=False)


def _has(asked: str, etag: str) -> bool:
    """Whether the reader holds this answer (RFC 9110 §13.1.2): compared weakly, as a proxy may have marked it."""
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in asked.split(","))


def _tagged(answer: Answer) -> Answer:
    body = answer.body.encode("utf-8", "replace") if isinstance(answer.body, str) else answer.body
    headers = dict(answer.headers)
    if answer.status == 200:
        headers.setdefault("etag", f'"{hashlib.sha256(body).hexdigest()[:20]}"')
    return replace(answer, body=body, headers=headers)


def _response(answer: Answer, request: Request, told: Told, wanted: str | None) -> Response:
    headers = {
        "cache-control": "private, max-age=0, must-revalidate",
        "content-language": told.lang,
        "content-security-policy": POLICY,
        "vary": "Cookie, Accept-Language, Authorization",
    } | dict(answer.headers)
    if answer.status == 200 and _has(request.headers.get("if-none-match", ""), headers["etag"]):
        response = Response(b"", 304, headers, answer.content_type)
    else:
        response = Response(answer.body, answer.status, headers, answer.content_type)
    if wanted == told.lang and answer.content_type == HTML:
        response.set_cookie(COOKIE, wanted, max_age=31_536_000, samesite="lax", httponly=True)
    return response
