"""Why a change is of a class, or may matter, as data: a code and what it is about. English is said here.

A ground is kept beside its English words, so that it can be said in another language (`archiver.publish.grounds`).
A code that was once kept is never given another meaning. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ground:
    """One thing that makes a class or a reason what it is."""

    code: str  # of the list in ENGLISH
    about: tuple[str | None, ...] = ()  # what the phrase is filled with: dates as printed, counts, quoted words


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language in which grounds are said."""

    phrases: Mapping[str, str]  # by code, with places as for `str.format`: {0}, {0:kinds}, {0:field}, {0:date}
    names: Mapping[str, str]  # of kinds and fields, where they are not said by their own names
    nothing: str  # for a date that is not stated
    also: str  # between the last two of a list


@dataclass(frozen=True, slots=True)
class _Filling:
    """A value on its way into a phrase, which says by the format code what it is."""

    value: str | None
    tongue: Tongue

    def __format__(self, form: str) -> str:
        if form == "kinds":
            return _listed([self.tongue.names.get(kind, kind) for kind in (self.value or "").split()], self.tongue)
        if form == "field":
            return self.tongue.names.get(self.value or "", self.value or "")
        return self.value or self.tongue.nothing


def say(grounds: Iterable[Ground], tongue: Tongue) -> str:
    """The grounds as one line. A code the tongue does not know is said by what it is about."""
    said = []
    for ground in grounds:
        phrase = tongue.phrases.get(ground.code, "{0}" if ground.about else ground.code)
        said.append(phrase.format(*(_Filling(value, tongue) for value in ground.about)))
    return "; ".join(said)


def in_english(grounds: Iterable[Ground]) -> str:
    """The grounds as they stand in the archive's own text columns."""
    return say(grounds, ENGLISH)


def _listed(names: list[str], tongue: Tongue) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {tongue.also} {names[-1]}" if names else ""


ENGLISH = Tongue(
    {
        "quoted": "{0}",  # the page's own words, or a count of them: the same in every language
        "more": "{0} more",
        # classes
        "undated": "{0:kinds} changed; the page claims no update date",
        "dated": "{0:kinds} changed, and the update date with it: {1:date} → {2:date}",
        "stood-still": "{0:kinds} changed, and the update date stood still at {1}",
        "only-dates": "only dates changed",
        "date": "{0:field} {1:date} → {2:date}",
        "went-back": "{0:field} went backwards: {1:date} → {2:date}",
        "withdrawn": "{0:field} is no longer stated: {1:date} → {2:date}",
        "published-altered": "the publication date was altered after it was first seen: {0:date} → {1:date}",
        "published-too-early": "published {0}, though the page cannot have been made before {1}",
        "claimed-before": "{0:field} is said to be {1}, but the page still showed its old state on {2}",
        "claimed-after": "{0:field} is said to be {1}, but the page showed it on {2} already",
        "as-revision": "the page is again as it was in revision {0}",
        "gone": "the page is gone",
        "moved": "the page's address leads to another page",
        "moved-to": "the page's address leads to another page: {0}",
        "stands-at": "{0} % of its text stands to the letter at a new address, first seen on {2}: {1}",
        "back": "the page is back",
        "back-as": "the page is back, as it was in revision {0}",
        "file-replaced": "another file under the same address",
        "file-replaced-at": "another file under the same identity, at another address: {0} → {1}",
        "unread-before": "the earlier body could not be read with today's rules: the difference may be ours",
        "bulk-date": "{0:field} became {1} on {2} of the {3} pages seen then that give one",
        "on-many-pages": "the same words changed on {0} of the {1} pages seen then",
        "unlinked": "{0} is linked from no page that we know, and was still served on {1}",
        "relinked": "{0} is linked again, after no page that we know had done so since {1}",
        "left": "left: {0}",
        "left-as": "left: {0} ({1})",
        "joined": "joined: {0}",
        "joined-as": "joined: {0} ({1})",
        "role-changed": "another role: {0} → {1}",
        "party-changed": "another party: {0} → {1}",
        # reasons
        "names-left": "rows beginning like a name: {0}",
        "words-left": "{0} of {1} words removed, {2} added",
        "words-came": "{0} words added to {1}, {2} removed",
        "same-words": "the same words; blocks: {0}",
        "moved-about": "blocks moved: {0}, links moved: {1}",
        "renumbered": "rows renumbered: {0}",
        "contact-details": "blocks: {0}, links: {1}",
    },
    names={},
    nothing="none",
    also="and",
)
"""What the codes mean. The same table in Swedish: `archiver.publish.grounds`."""
