"""A profile's selectors as tables, so that the walk knows what they fit by the names it meets.

A query visits every node of a page, and a profile has a list of them for each part. Most ask for one name (`nav`,
`.breadcrumb`, `#comments`, `[role=navigation]`): those are looked up, and only those that ask for more are queries.
Letter case counts, as on every page with a doctype. Pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from archiver.extract.page import words
from archiver.extract.page.elements import Attributes
from archiver.extract.page.words import Look
from archiver.model import Profile

_ONE_NAME = re.compile(
    r"(?P<tag>[a-z][a-z0-9-]*)|\.(?P<class>-?[^\W\d][\w-]*)|#(?P<id>-?[^\W\d][\w-]*)|\[role=(?P<role>[a-z]+)\]"
)


_MOST_PLAIN = 8192
"""Class names that are remembered as telling nothing."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of an element say, of which a profile has words of its own."""

    look: Callable[[str], Look]  # by the class names
    dropped_tags: frozenset[str]
    dropped_ids: frozenset[str]
    dropped_roles: frozenset[str]
    other_drop: tuple[str, ...]  # selectors that ask for more than one name
    other_assist: tuple[str, ...]
    plain: set[str | None] = field(default_factory=lambda: {None}, compare=False)
    """Class names met that tell nothing: to find them here costs a fifth of asking `look`."""

    def met(self, names: str | None) -> Look:
        """What class names say; those that tell nothing are remembered as plain."""
        look = self.look(names[: words.LONGEST]) if names else words.PLAIN
        if not look.telling and len(self.plain) < _MOST_PLAIN and len(names or "") <= words.LONGEST:
            self.plain.add(names)
        return look

    def drops(self, tag: str | None, attributes: Attributes, look: Look) -> bool:
        """Whether the profile drops an element of these names."""
        if look.dropped or tag in self.dropped_tags:
            return True
        return attributes.get("id") in self.dropped_ids or attributes.get("role") in self.dropped_roles


@lru_cache(maxsize=64)
def names(profile: Profile) -> Names:
    """The profile's selectors, compiled."""
    drop, assist = _by_name(profile.drop), _by_name(profile.assist)
    return Names(
        look=words.looking(drop["class"], assist["class"]),
        dropped_tags=drop["tag"],
        dropped_ids=drop["id"],
        dropped_roles=drop["role"],
        other_drop=tuple(s for s in profile.drop if not _ONE_NAME.fullmatch(s)),
        other_assist=tuple(s for s in profile.assist if not s.startswith(".") or not _ONE_NAME.fullmatch(s)),
    )


def _by_name(selectors: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """The names that selectors of one name ask for, by what has them."""
    asked = [match for s in selectors if (match := _ONE_NAME.fullmatch(s))]
    return {kind: frozenset(filter(None, (match[kind] for match in asked))) for kind in _ONE_NAME.groupindex}
