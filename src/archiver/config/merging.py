"""A profile and a language into rules, with the digest that names them."""

from dataclasses import asdict
from typing import Any

from archiver.digests import digest
from archiver.model import READER, Language, Profile, Rules


def merge(profile: Profile, language: Language) -> Rules:
    """The rules by which pages of this CMS in this language are read by the present reading code."""
    return Rules(profile, language, READER, digest(_content(profile, language, READER)))


def rules_content(rules: Rules) -> dict[str, Any]:
    """The rules as plain data: what the archive keeps of them, and what their digest covers."""
    return _content(rules.profile, rules.language, rules.reader)


def _content(profile: Profile, language: Language, reader: int) -> dict[str, Any]:
    return {"profile": asdict(profile), "language": asdict(language), "reader": reader}
