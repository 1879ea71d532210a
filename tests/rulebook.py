"""Rules for tests, read from the repository's own profiles and languages."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from archiver.digests import digest
from archiver.model import READER, Language, Profile, Rules

CONFIG = Path(__file__).parents[1] / "config"

SWEDISH: dict[str, Any] = {
    "suffixes": [
        "länk till annan webbplats, öppnas i nytt fönster",
        "länk till annan webbplats",
        "öppnas i nytt fönster",
    ],
    "gone": ["sidan kunde inte hittas", "sidan finns inte", "page not found"],
    "maintenance": ["driftstopp", "underhållsarbete", "webbplatsen är tillfälligt otillgänglig"],
    "furniture": ["gå till innehåll", "hjälpte informationen på sidan dig?", "dela", "skriv ut", "lyssna"],
    "labels": {"published": ["Publicerad"], "updated": ["Senast uppdaterad"]},
}
"""As much Swedish as the readers of pages need, where the language files are not there."""


@cache
def rules(profile: str = "sitevision", language: str = "sv") -> Rules:
    """A profile and a language of the repository, merged."""
    file = CONFIG / "languages" / f"{language}.toml"
    spoken = tomllib.loads(file.read_text("utf-8")) if file.exists() else SWEDISH
    read = tomllib.loads((CONFIG / "profiles" / f"{profile}.toml").read_text("utf-8"))
    return Rules(
        Profile(**{**_frozen_fields(read), "name": profile}),
        Language(**{**_frozen_fields(spoken), "code": language}),
        READER,
        digest([profile, language]),
    )


def profiles() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(sorted(p.stem for p in (CONFIG / "profiles").glob("*.toml")))


def rulebook(*languages: str) -> dict[tuple[str, str], Rules]:
    """All profiles in the languages, or in Swedish alone."""
    return {(p, code): rules(p, code) for p in profiles() for code in languages or ("sv",)}


def _frozen_fields(data: dict[str, Any]) -> dict[str, Any]:
    return {key: _frozen(value) for key, value in data.items()}


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((key, _frozen(inner)) for key, inner in value.items())
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
