"""How the parts of an Office Open XML package hang together, and what the package says of itself (ECMA-376 part 2).

Parts point at each other by relationships, kept in a part of their own beside each: `word/document.xml` has
`word/_rels/document.xml.rels`. The names that readers expect are only custom (Word on the web writes
`word/document2.xml`), so the way to a part is asked for. Transitional and Strict files differ in the addresses of their
types, not in the ends of them. Pure.
"""

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from archiver.extract.files import properties
from archiver.extract.files.elements import events, local
from archiver.extract.files.package import Package
from archiver.model import About, Claim, Facts, Meaning

_MAX_RELATIONS = 20_000
_MAX_PROPERTY = 1_000
_DATES: dict[str, Meaning] = {"created": "created", "modified": "updated"}
_CORE = "coreProperties title created modified language"
_APP = "Properties Application AppVersion"


class Relation(NamedTuple):
    """Where a part points."""

    type: str  # the end of its address: 'hyperlink', 'footnotes'
    target: str  # a part's name, or a URL
    external: bool


def relations(package: Package, source: str = "") -> dict[str, Relation]:
    """The relationships of a part by id; those of the package itself where none is named."""
    folder, name = posixpath.split(source)
    found: dict[str, Relation] = {}
    for _, element in events(package, posixpath.join(folder, "_rels", f"{name}.rels"), _RELATION, ("start",)):
        id_, target = element.get("Id"), element.get("Target")
        if local(element) != "Relationship" or id_ is None or target is None:
            continue
        if len(found) == _MAX_RELATIONS:
            package.whole = False
            break
        external = element.get("TargetMode") == "External"
        end = (element.get("Type") or "").rpartition("/")[2]
        found[id_] = Relation(end, target if external else posixpath.normpath(posixpath.join(folder, target)), external)
    return found


_RELATION = "Relationships Relationship"


def targets(related: dict[str, Relation], type_: str) -> Iterator[str]:
    """The parts that relationships of one type lead to, each once."""
    yield from dict.fromkeys(r.target for r in related.values() if r.type == type_ and not r.external)


def main_part(package: Package, related: dict[str, Relation], usual: str) -> str:
    """The name of the part that is the document."""
    return next((t for t in targets(related, "officeDocument") if package.has(t)), usual)


class Properties(NamedTuple):
    """What the package says of itself."""

    title: str | None
    language: str | None
    claims: tuple[Claim, ...]
    about: About


def read_properties(package: Package, related: dict[str, Relation], kind: str, facts: Facts, zone: str) -> Properties:
    """Title, language, dates and the program that wrote the file."""
    core: dict[str, str] = {}
    for part in targets(related, "core-properties"):
        core = _words(package, part, _CORE)
    claims = []
    for name, meaning in _DATES.items():
        if raw := core.get(name, "")[:64]:
            when = properties.parse_w3c(raw, zone)
            claims.append(properties.claim(f"{kind}:{name}", meaning, raw, when, facts.at, f"core/{name}"))
    app: dict[str, str] = {}
    for part in targets(related, "extended-properties"):
        app = _words(package, part, _APP)
    made_by = " ".join(filter(None, (app.get("Application"), app.get("AppVersion")))) or None
    title = properties.title(core.get("title", ""))
    return Properties(title, core.get("language") or None, tuple(claims), About(generator=made_by))


def _words(package: Package, part: str, names: str) -> dict[str, str]:
    """The text of each named element of a part, the first of a name."""
    found: dict[str, str] = {}
    for _, element in events(package, part, names, ("end",)):
        if text := (element.text or "").strip()[:_MAX_PROPERTY]:
            found.setdefault(local(element), text)
    return found
