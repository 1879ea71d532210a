"""What every answer carries, and what is refused before it is asked: the room is only read, and runs no markup."""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
"""Content-Security-Policy (W3C CSP 3) of our own pages: nothing inline, nothing from elsewhere, in nobody's frame."""
LOOSER = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "img-src 'self'", "img-src 'self' data:"
)
"""Of Datasette's pages, which colour by style attributes. Their inline scripts are left asleep."""
ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_COOKIE = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+=[\x20-\x7e]*")
"""A cookie's name and value (RFC 6265 §4.1.1), the value loosely."""
_OPEN = ("/-/static/", "/-/static-plugins/", "/-/room/", "/-/health")
"""What of Datasette's own corner the public may see; the rest tells paths and settings of this machine."""


def guarded(app: App, *, base: str, inner_open: bool, refuses: Callable[[str], bool], moved: Mapping[str, str]) -> App:
    """The application behind these headers: GET and HEAD only.

    `refuses`: query strings that are not passed on; `moved`: paths that the room has better pages for, which stand in
    for them where nothing is asked of the path.
    """

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"].removeprefix(base)
        sending = _carrying(send)
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(sending, 405, "This archive is only read: GET and HEAD.", (b"allow", b"GET, HEAD"))
        elif path.startswith("/-/") and not (inner_open or path.startswith(_OPEN)):
            await _refuse(sending, 404, "Not found.")
        elif scope["query_string"] and refuses(scope["query_string"].decode("latin-1")):
            await _refuse(
                sending,
                403,
                "This is not asked of the archive: a view may not be given another meaning, _where is "
                "closed, and facets are of columns, dates and arrays.",
            )
        elif path in moved and not scope["query_string"]:
            await _refuse(sending, 302, "", (b"location", f"{base}{moved[path]}".encode()))
        else:
            await app({**scope, "headers": [_readable(*pair) for pair in scope["headers"]]}, receive, sending)

    return asgi


def _readable(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """The header without cookies that are none, on which Python's reader raises: others on this host may set them."""
    if name.lower() != b"cookie":
        return name, value
    return name, b"; ".join(part for part in map(bytes.strip, value.split(b";")) if _COOKIE.fullmatch(part))


def _carrying(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = {name for name, _ in ALWAYS}
            headers = [pair for pair in message.get("headers", []) if pair[0].lower() not in ours]
            headers += ALWAYS
            if not any(name.lower() == b"content-security-policy" for name, _ in headers):
                headers.append((b"content-security-policy", LOOSER.encode()))
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, words: str, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})
