"""Shapes into the values of the model."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from archiver.config.merging import merge
from archiver.config.shapes import ArchiverShape, CodingShape, LanguageShape, ProfileShape, SourceShape
from archiver.config.values import Coding
from archiver.extract.listings import vendors
from archiver.model import Era, Expect, Language, Parameters, Profile, Rules, Scope, Section, Seed, Source


def coding(shape: CodingShape) -> Coding:
    """The scheme by which people annotate changes."""
    return Coding(f"{shape.scheme}/{shape.edition}", {name: (code.sv, code.en) for name, code in shape.codes.items()})


def profile(name: str, shape: ProfileShape) -> Profile:
    """The profile of that name."""
    return Profile(name=name, **_fields(shape.model_dump(exclude={"name"})))


def language(code: str, shape: LanguageShape) -> Language:
    """The language of that code."""
    return Language(code=code, **_fields(shape.model_dump(exclude={"code"})))


def source(name: str, shape: SourceShape, ours: ArchiverShape) -> Source:
    """The source of that name; where it is silent about pace and embargo, archiver.toml speaks."""
    seeds = tuple(Seed(seed.url, seed.reader) for seed in shape.seeds)
    override = shape.permission.robots
    return Source(
        id=name,
        municipality=shape.municipality,
        code=shape.code,
        county=shape.county,
        language=shape.language,
        eras=_eras(shape),
        seeds=seeds,
        scope=Scope(
            include=tuple(shape.scope.include) or vendors.territory(seeds),
            exclude=tuple(shape.scope.exclude),
            depth=shape.scope.depth,
            endless=tuple(shape.scope.endless),
        ),
        sitemaps=tuple(shape.sitemaps),
        feeds=tuple(shape.feeds),
        sections=tuple(
            Section(s.name, s.path, s.every, ours.embargo.get(s.name) if s.embargo_days is None else s.embargo_days)
            for s in shape.section
        ),
        aliases=tuple(shape.aliases),
        parameters=tuple(Parameters(p.host, tuple(p.strip), tuple(p.keep), tuple(p.api)) for p in shape.parameters),
        same=tuple((move.old, move.new) for move in shape.same),
        expect=Expect(**shape.expect.model_dump()),
        every=ours.pace.every if shape.every is None else shape.every,
        delay=ours.pace.delay if shape.delay is None else shape.delay,
        budget=ours.pace.budget if shape.budget is None else shape.budget,
        polite=shape.polite,
        private=shape.private,
        render=shape.render,
        permission=override.letter if override.override else None,
        detects=shape.profile is None and shape.eras is None,
    )


def rules(base: Profile, read: ProfileShape, spoken: Language, languages: Collection[Language]) -> Rules:
    """Profile and language merged; a key of a source's [read] replaces the profile's whole. `languages`: all packs."""
    said = _fields(read.model_dump(include=read.model_fields_set - {"name"}))
    return merge(replace(base, **said), spoken, others=[other for other in languages if other is not spoken])


UNNAMED = "generic"
"""The profile of a source that names none, until its pages have told theirs."""


def _eras(shape: SourceShape) -> tuple[Era, ...]:
    if shape.eras is None:
        return (Era(shape.profile or UNNAMED),)
    return tuple(Era(era.name, era.until.isoformat() if era.until else None) for era in shape.eras)


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _frozen(value) for name, value in data.items()}


def _frozen(value: object) -> object:
    """Lists as tuples, tables as tuples of pairs."""
    if isinstance(value, dict):
        return tuple((key, _frozen(inner)) for key, inner in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
