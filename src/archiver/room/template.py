"""The room's templates. Whatever a value holds is escaped, and what would act in it is drawn."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from archiver.publish.visible import visible
from archiver.publish.words import BADGES, REASONS, Lang

TYPES: Mapping[str, str] = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
STATIC = ("tokens.css", "room.css", "datasette.css", "room.js")


@cache
def static(name: str) -> tuple[bytes, str]:
    """One of our own files, and the beginning of its digest. Raises KeyError."""
    if name not in STATIC:
        raise KeyError(name)
    content = (files("archiver.room") / "assets" / name).read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def render(template: str, **values: object) -> str:
    """The template, filled in."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("archiver.room", "markup"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=_shown,
    )
    environment.globals |= {"asset": asset, "badge": badge, "reason": reason, "trail": trail, "is_web": is_web}
    return environment


def _shown(value: object) -> object:
    """Every value that a template prints passes here."""
    return visible(value) if type(value) is str else value


def asset(base: str, name: str) -> str:
    """The address of one of our own files: it changes with its content, so that it may be kept for ever."""
    stem, _, kind = name.rpartition(".")
    return f"{base}/-/room/{stem}.{static(name)[1]}.{kind}"


def badge(name: str, lang: Lang) -> tuple[str, str, str] | None:
    """Sign, tone and word of a class; None for one that we do not know."""
    if name not in BADGES:
        return None
    sign, tone, swedish, english = BADGES[name]
    return sign, tone, english if lang == "en" else swedish


def reason(name: str, lang: Lang) -> str:
    """A reason in words."""
    return REASONS[name][0 if lang == "sv" else 1] if name in REASONS else name


def trail(url: str) -> str:
    """An address as a reader reads it: 'ekliden.example › omsorg › äldre › avgifter'."""
    parts = urlsplit(url)
    steps = [unquote(step) for step in parts.path.split("/") if step]
    return " › ".join([parts.netloc.removeprefix("www."), *steps]) + (f" ?{parts.query}" if parts.query else "")


def is_web(url: str) -> bool:
    """Whether a link to it leads to a web page, and runs nothing."""
    return url.startswith(("http://", "https://"))
