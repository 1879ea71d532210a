"""What Datasette asks of a plugin. Inert where none of the databases is an archive of ours.

Readers have tiers (`tiers`). For a researcher the archive stands beside itself once more, as a database of its own
whose tables are open. The plugin's setting `tier = "researcher"` makes the whole room one, with Datasette's own corner
too: for those who hold the file anyway.
"""

import re
import sqlite3
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette import hookimpl
from datasette.database import Database
from datasette.utils.asgi import Request, Response
from datasette.views.base import DatasetteError

from archiver.room import guard, tiers
from archiver.room.frame import Frame, Show
from archiver.room.headers import App, guarded
from archiver.room.pages import ROUTES, missing
from archiver.room.pages.sql import canned
from archiver.room.readers import Readers
from archiver.room.template import TYPES, asset, static

OURS = 1098017654
"""PRAGMA application_id of an archive."""
BESIDE = "_all"
"""What the name of the database that is open to researchers ends with."""
_FRAMES: WeakKeyDictionary[Any, Frame | None] = WeakKeyDictionary()


def frame_of(datasette: Any) -> Frame | None:  # noqa: ANN401  # Datasette gives itself no type
    """The frame of the first database that is an archive; None where there is none."""
    if datasette not in _FRAMES:
        found = next((db for db in datasette.databases.values() if db.path and _is_ours(Path(db.path))), None)
        beside = "" if _is_open(datasette) else BESIDE
        _FRAMES[datasette] = found and Frame(
            Readers(Path(found.path)), found.name, datasette.setting("base_url").rstrip("/"), beside, _keeper(datasette)
        )
        if found and beside:
            datasette.add_database(Database(datasette, path=found.path, is_mutable=True), name=found.name + BESIDE)
    return _FRAMES[datasette]


def _is_ours(path: Path) -> bool:
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return False
    try:
        return bool(conn.execute("PRAGMA application_id").fetchone()[0] == OURS)
    except sqlite3.Error:
        return False
    finally:
        conn.close()


def _is_open(datasette: Any) -> bool:  # noqa: ANN401
    """Whether its readers hold the file anyway."""
    return _settings(datasette).get("tier") == "researcher"


def _keeper(datasette: Any) -> tuple[str, str]:  # noqa: ANN401
    """How to reach whoever answers for the archive: Datasette's own `about` and `about_url`."""
    return str(datasette.metadata("about") or ""), str(datasette.metadata("about_url") or "")


def _settings(datasette: Any) -> dict[str, Any]:  # noqa: ANN401
    return datasette.plugin_config("archiver") or {}


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:  # noqa: ANN401
    """The room's own pages."""
    frame = frame_of(datasette)
    if frame is None:
        return []
    return [
        (r"/-/room/(?P<stem>[a-z]+)\.(?P<digest>[0-9a-f]{12})\.(?P<kind>css|js)$", _file),
        *((path, _view(frame, show)) for path, show in ROUTES),
        (r"/login$", _login),
        (_elsewhere(datasette), _view(frame, missing)),
    ]


def _elsewhere(datasette: Any) -> str:  # noqa: ANN401
    """Every path that Datasette has nothing at, so that what is not there is said in the room's words."""
    mounts = [path.strip("/") for path, _ in datasette.static_mounts]
    kept = "|".join(re.escape(name) for name in [*datasette.databases, *mounts, "-", "login", "favicon.ico"])
    return rf"/(?!(?:{kept})(?:[/.]|$)).*$"


def _view(frame: Frame, show: Show) -> Callable[..., Awaitable[Response]]:
    async def view(request: Request, datasette: Any) -> Response:  # noqa: ANN401
        await datasette.ensure_permissions(request.actor, [("view-database", frame.database), "view-instance"])
        origin = datasette.absolute_url(request, frame.base or "/").rstrip("/")
        return await frame.answer(show, request, origin, await tiers.tier_of(datasette, request.actor))

    return view


async def _login(request: Request, datasette: Any) -> Response:  # noqa: ANN401
    """Asks a browser for a name and a token (RFC 7617), and leads whoever has one to the front page."""
    if request.actor:
        return Response("", 302, {"location": datasette.urls.path("/")}, "text/plain; charset=utf-8")
    headers = {"www-authenticate": 'Basic realm="archiver", charset="UTF-8"', "cache-control": "no-store"}
    return Response("401", 401, headers, "text/plain; charset=utf-8")


async def _file(request: Request) -> Response:
    """One of our own files. Its name changes with its content, so it is kept for ever."""
    try:
        content, _ = static(f"{request.url_vars['stem']}.{request.url_vars['kind']}")
    except KeyError:
        return Response.text("Not found.", status=404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(content, 200, headers, TYPES[request.url_vars["kind"]])


@hookimpl(tryfirst=True)
def handle_exception(exception: Exception) -> Response | None:
    """A question that Datasette cannot answer, such as sorting by a column that is none, is the asker's fault: 400."""
    if isinstance(exception, DatasetteError) and exception.status == 500:
        exception.status = 400
    if isinstance(exception, sqlite3.ProgrammingError) and "null character" in str(exception):
        return Response.text("A question cannot hold a NUL.", status=400)
    return None


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:  # noqa: ANN401
    """GET and HEAD only, our headers on everything, and no statement that gives a view another meaning."""

    def wrap(app: App) -> App:
        frame = frame_of(datasette)
        if frame is None:
            return app
        # With rich at hand Datasette prints every variable of every frame at each mistyped path: a second each time.
        vars(import_module("datasette.handle_exception"))["rich"] = None
        names = frame.readers.read(guard.views)
        tier = _is_open(datasette)
        return guarded(
            app,
            base=frame.base,
            inner_open=tier,
            refuses=lambda query: not tier and guard.refuses(query, names),
            moved={} if tier else {f"/{frame.database}": "/sql"},
        )

    return wrap


@hookimpl
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Any) -> None:  # noqa: ANN401
    """Datasette's own connections to the archive read the public views and nothing else."""
    frame = frame_of(datasette)
    if frame is not None and database == frame.database and not _is_open(datasette):
        guard.shut(conn)


@hookimpl
def actor_from_request(datasette: Any, request: Request) -> dict[str, str] | None:  # noqa: ANN401
    """Whose token a request bears."""
    given = request.headers.get("authorization", "")
    return tiers.actor_of(_settings(datasette), given) if given else None


@hookimpl(trylast=True)
def permission_allowed(datasette: Any, actor: tiers.Actor, action: str, resource: Any) -> Any:  # noqa: ANN401
    """Base tables and the file itself are closed; what is left open, other plugins and metadata may still close."""
    if action in tiers.PERMISSIONS:
        return tiers.grants(_settings(datasette), actor, action)
    frame = frame_of(datasette)
    if frame is None or _is_open(datasette):
        return None
    if (resource if isinstance(resource, str) else (resource or ("",))[0]) == frame.database + BESIDE:
        return False if action == "view-database-download" else _is_researcher(datasette, actor)
    if action == "view-database-download" and resource == frame.database:
        return False
    if action == "view-table" and resource[0] == frame.database:
        return None if resource[1] in frame.readers.read(guard.public_views) else False
    return None


async def _is_researcher(datasette: Any, actor: tiers.Actor) -> bool:  # noqa: ANN401
    return await tiers.tier_of(datasette, actor) >= tiers.RESEARCHER


@hookimpl
def canned_queries(datasette: Any, database: str) -> dict[str, dict[str, str]]:  # noqa: ANN401
    """The named questions that are SQL over the public views, told in both languages."""
    frame = frame_of(datasette)
    return canned() if frame is not None and database == frame.database else {}


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:  # noqa: ANN401
    """Datasette's own pages in the room's colours."""
    frame = frame_of(datasette)
    return [] if frame is None else [asset(frame.base, name) for name in ("tokens.css", "datasette.css")]


@hookimpl
def menu_links(datasette: Any) -> list[dict[str, str]]:  # noqa: ANN401
    """The way back from Datasette's pages."""
    frame = frame_of(datasette)
    return [] if frame is None else [{"href": f"{frame.base}/", "label": "archiver: läsesalen / the reading room"}]
