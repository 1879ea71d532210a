"""A folder of files into a `Config`, or every mistake in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from archiver.config import alerts, build, checks, files
from archiver.config.alert_shapes import AlertShape
from archiver.config.shapes import (
    ArchiverShape,
    CodingShape,
    LanguageShape,
    ProfileShape,
    Shape,
    SourceShape,
)
from archiver.config.values import Agent, Caps, Config, Timeouts
from archiver.config.weighing import SignificanceShape
from archiver.diff.fold import Limits
from archiver.errors import ConfigError, Mistake
from archiver.model import Source

S = TypeVar("S", bound=Shape)
Shapes = dict[str, S | None]
"""By the stem of the file; None where the file has mistakes."""


@dataclass(frozen=True, slots=True)
class _Read:
    """The folder as it was read."""

    ours: ArchiverShape
    significance: SignificanceShape
    coding: CodingShape
    profiles: Shapes[ProfileShape]
    languages: Shapes[LanguageShape]
    sources: Shapes[SourceShape]
    alerts: Shapes[AlertShape]


def load(folder: Path) -> Config:
    """The configuration in a folder; raises ConfigError with every mistake in it."""
    if not folder.is_dir():
        raise ConfigError([Mistake(str(folder), "", "there is no such folder")])
    mistakes: list[Mistake] = []
    read = _Read(
        ours=_one(folder, "archiver.toml", ArchiverShape, mistakes),
        significance=_one(folder, "significance.toml", SignificanceShape, mistakes),
        coding=_one(folder, "coding.toml", CodingShape, mistakes),
        profiles=_all(folder, "profiles", ProfileShape, mistakes),
        languages=_all(folder, "languages", LanguageShape, mistakes),
        sources=_all(folder, "sources", SourceShape, mistakes),
        alerts=_all(folder, "alerts", AlertShape, mistakes),
    )
    for code, language in read.languages.items():
        mistakes += checks.labels_of_language(language, f"languages/{code}.toml") if language else ()
    sources = _sources(read, mistakes)
    mistakes += alerts.mistakes_of_mail(read.ours)
    for name, shape in read.alerts.items():
        mistakes += alerts.mistakes(shape, f"alerts/{name}.toml", read.ours, sources) if shape else ()
    if mistakes:
        raise ConfigError(sorted(mistakes, key=lambda mistake: mistake.file))
    return _config(folder, read, sources)


def _one(folder: Path, name: str, shape: type[S], mistakes: list[Mistake]) -> S:
    """One file, which may be absent; its defaults where it is, or where it is wrong."""
    path = folder / name
    found, wrong = files.read(path, shape, name) if path.exists() else (None, [])
    mistakes += wrong
    return found or shape()


def _all(folder: Path, kind: str, shape: type[S], mistakes: list[Mistake]) -> Shapes[S]:
    """Every file of one kind."""
    shapes: Shapes[S] = {}
    for path in sorted((folder / kind).glob("*.toml")):
        name = f"{kind}/{path.name}"
        found, wrong = files.read(path, shape, name)
        names_itself = kind in ("profiles", "languages")
        said = getattr(found, "name", None) or getattr(found, "code", None) if names_itself else None
        mistakes += [*wrong, *checks.name_of_file(path.stem, said, name)]
        shapes[path.stem] = found
    return shapes


def _sources(read: _Read, mistakes: list[Mistake]) -> dict[str, Source]:
    """The sources; what is wrong with them beyond their shape joins the mistakes."""
    sources: dict[str, Source] = {}
    for name, shape in read.sources.items():
        if shape is None:
            continue
        file = f"sources/{name}.toml"
        sources[name] = build.source(name, shape, read.ours)
        mistakes += checks.shape_of_source(shape, file, read.profiles, read.languages)
        mistakes += checks.source(sources[name], file, read.ours.proxy)
    mistakes += checks.doubled({f"sources/{name}.toml": found for name, found in sources.items()})
    return sources


def _config(folder: Path, read: _Read, sources: dict[str, Source]) -> Config:
    """The values, once nothing is wrong."""
    ours = read.ours
    profiles = {name: build.profile(name, shape) for name, shape in read.profiles.items() if shape}
    languages = {code: build.language(code, shape) for code, shape in read.languages.items() if shape}
    return Config(
        folder=folder,
        agent=Agent(ours.agent.name, ours.agent.url, ours.agent.mail),
        database=folder.absolute().parent / ours.database,
        proxy=ours.proxy,
        browser=ours.browser,
        workers=ours.workers,
        caps=Caps(**ours.caps.model_dump()),
        timeouts=Timeouts(**ours.timeouts.model_dump()),
        shared=ours.pace.shared,
        at_once=ours.pace.hosts,
        quiet=ours.pace.quiet,
        zone=ours.pace.zone,
        jitter=ours.pace.jitter,
        terms=tuple(ours.terms),
        points=read.significance.points,
        limits=Limits(**read.significance.events.model_dump()),
        coding=build.coding(read.coding),
        profiles=profiles,
        languages=languages,
        sources=sources,
        room=ours.room.url,
        mail=alerts.mail_server(ours),
        alerts={name: alerts.alert(name, shape, ours, sources) for name, shape in read.alerts.items() if shape},
        rulebook={
            (name, profile): build.rules(profiles[profile], shape.read, languages[shape.language], languages.values())
            for name, shape in read.sources.items()
            if shape
            for profile in (profiles if sources[name].detects else {era.profile for era in sources[name].eras})
        },
    )
