"""Which language pack a page is read with: its site's, or the one that it names and speaks. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from archiver.model import Language, Rules

_HEARD = 20_000
"""Characters of a page that are listened to."""
_ENOUGH = 3
"""Fewer words of a pack than this say nothing."""
_WORD = re.compile(r"[^\W\d_]+")


def named(tag: str, packs: Mapping[str, Language]) -> str | None:
    """The pack for a language tag (BCP 47, or what pages make of it: 'sv_SE', 'NO'); None where there is none."""
    whole = tag.strip().replace("_", "-").casefold()
    codes = {code.casefold(): code for code in packs}
    codes |= {other.casefold(): code for code, pack in packs.items() for other in pack.also}
    return codes.get(whole) or codes.get(whole.partition("-")[0])


def of_page(tree: LexborHTMLParser, declared: str | None, rules: Rules) -> Rules:
    """The rules in the page's own language, where that is not the site's and it both says and speaks it.

    A template's `lang` alone is often wrong. The site's own words are known there too, for many a template keeps its
    labels; and times of day stay the site's, wherever else the language is at home.
    """
    if not declared or not rules.others or declared.partition("-")[0].casefold() == _base(rules.language.code):
        return rules
    packs = {language.code: language for language in rules.others}
    code = named(declared, packs)
    if (
        code is None
        or _base(code) == _base(rules.language.code)
        or heard(tree, packs | {rules.language.code: rules.language}) != code
    ):
        return rules
    return replace(rules, language=_with_words_of(packs[code], rules.language))


@lru_cache(maxsize=64)
def _with_words_of(spoken: Language, site: Language) -> Language:
    """The language spoken, with the words of the site's; its own come first."""
    theirs, ours = dict(spoken.labels), dict(site.labels)
    words: dict[str, Any] = {name: (*getattr(spoken, name), *getattr(site, name)) for name in _WORDS}
    labels = {meaning: (*theirs.get(meaning, ()), *ours.get(meaning, ())) for meaning in (theirs | ours)}
    return replace(
        spoken,
        zone=site.zone,
        labels=tuple(labels.items()),
        months=tuple((dict(site.months) | dict(spoken.months)).items()),
        **words,
    )


_WORDS = ("weekdays", "glue", "relative", "suffixes", "gone", "maintenance", "furniture", "never")


def _base(code: str) -> str:
    return code.partition("-")[0].casefold()


def heard(tree: LexborHTMLParser, packs: Mapping[str, Language]) -> str | None:
    """The pack whose words a page that names no language uses most; None where that is not clear.

    A pack and that of a region ('sv', 'sv-FI') share their words: the first of them is meant.
    """
    if tree.body is None:
        return None
    words = Counter(_WORD.findall(tree.body.text(separator=" ")[:_HEARD].casefold()))
    counts: dict[str, int] = {}
    for code in sorted(packs):
        base = code.partition("-")[0]
        first = base if base in packs else code
        counts[first] = max(counts.get(first, 0), sum(words[word] for word in _vocabulary(packs[code])))
    ranked = sorted(counts, key=lambda code: (-counts[code], code))
    runner_up = counts[ranked[1]] if len(ranked) > 1 else 0
    return ranked[0] if ranked and counts[ranked[0]] >= max(_ENOUGH, runner_up + 1) else None


@lru_cache(maxsize=64)
def _vocabulary(pack: Language) -> frozenset[str]:
    """The words that a pack knows: its common ones, and of months, weekdays and labels those of some length."""
    known = (*(name for name, _ in pack.months), *pack.weekdays, *(row for _, rows in pack.labels for row in rows))
    found = {word for phrase in (*known, *pack.never) for word in _WORD.findall(phrase.casefold()) if len(word) > 3}
    return frozenset(found | {word.casefold() for word in pack.common})
