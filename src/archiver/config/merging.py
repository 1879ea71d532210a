"""A profile and a language into rules, with the digest that names them."""

from collections.abc import Collection
from dataclasses import replace

from archiver.digests import digest
from archiver.model import READER, Language, Profile, Rules


def merge(
    profile: Profile, language: Language, furniture: Collection[str] = (), others: Collection[Language] = ()
) -> Rules:
    """The rules by which pages of this CMS in this language are read by the present reading code.

    `furniture`: what the site's own pages have taught us (`archiver.derive.teacher`). `others`: the languages in which
    some pages of the site may be.
    """
    rules = Rules(profile, language, READER, "", frozenset(furniture), tuple(others))
    return replace(rules, sha256=digest(rules.content))
