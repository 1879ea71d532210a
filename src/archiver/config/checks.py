"""What must hold between the parts of a configuration. Each check yields its mistakes."""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from archiver import urls
from archiver.config.build import UNNAMED
from archiver.config.nearest import no_such
from archiver.config.shapes import LanguageShape, SourceShape
from archiver.errors import Mistake
from archiver.extract import READERS
from archiver.frontier import sites
from archiver.frontier.scope import decide, hosts, is_loopback
from archiver.model import Source

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_WILD = re.compile(r"[*?\[]")


def name_of_file(stem: str, said: str | None, file: str) -> Iterator[Mistake]:
    """A file is called what it defines, in letters that every file system and every URL takes."""
    if not _NAME.match(stem.lower()) or (said is not None and said != stem):
        yield Mistake(file, "", f"is called {stem!r}" + (f", and says {said!r}" if said else ": use a-z, 0-9 and '-'"))


def labels_of_language(shape: LanguageShape, file: str) -> Iterator[Mistake]:
    """A label means one thing."""
    seen: dict[str, str] = {}
    meant = [*shape.labels.items(), ("never", shape.never)]
    for meaning, labels in meant:
        for label in labels:
            before = seen.setdefault(label.casefold(), meaning)
            if before != meaning:
                yield Mistake(file, f"labels.{meaning}", f"{label!r} is said to mean {before} too")


def shape_of_source(
    shape: SourceShape, file: str, profiles: Collection[str], languages: Collection[str]
) -> Iterator[Mistake]:
    """The names a source uses exist, and its eras are in order."""
    if shape.profile is not None and shape.eras is not None:
        yield Mistake(file, "profile", "expected either profile or eras")
    eras = shape.eras or []
    for n, name in enumerate([era.name for era in eras] or [shape.profile or UNNAMED], 1):
        if name not in profiles:
            key = f"eras #{n}.name" if eras else "profile"
            yield Mistake(file, key, no_such("profile", name, profiles))
    if shape.language not in languages:
        yield Mistake(file, "language", no_such("language", shape.language, languages))
    if eras and (eras[-1].until is not None or any(era.until is None for era in eras[:-1])):
        yield Mistake(file, "eras", "every era but the last has an 'until', the last has none")
    elif any(a.until >= b.until for a, b in pairwise(eras[:-1]) if a.until and b.until):
        yield Mistake(file, "eras", "expected the oldest first")
    yield from _readers(shape, file)
    if shape.permission.robots.override and not shape.permission.robots.letter.strip():
        yield Mistake(file, "permission.robots.letter", "to override robots.txt, name the letter that permits it")


def _readers(shape: SourceShape, file: str) -> Iterator[Mistake]:
    """The readers that seeds name exist."""
    for n, seed in enumerate(shape.seeds, 1):
        if seed.reader is not None and seed.reader not in READERS:
            yield Mistake(file, f"seeds #{n}.reader", no_such("reader", seed.reader, READERS))


def source(found: Source, file: str, proxy: str | None) -> Iterator[Mistake]:
    """What a source says of itself fits together."""
    for n, seed in enumerate(found.seeds, 1):
        admission = decide(found, seed.url, 0)
        if not admission.ok:
            yield Mistake(file, f"seeds #{n}", f"{seed.url} is out of scope: {admission.reason}")
    yield from _sections(found, file)
    yield from _moves(found, file)
    yield from _parameters(found, file)
    near = is_nearby(found, proxy)
    if not near and not found.polite:
        yield Mistake(file, "polite", "may be false only where every host is this machine, or asked for by its proxy")
    if not near and found.private:
        yield Mistake(file, "private", "may be true only where every host is this machine, or asked for by its proxy")


def _sections(found: Source, file: str) -> Iterator[Mistake]:
    """Every section has a name of its own, and can be reached."""
    for n, section in enumerate(found.sections, 1):
        earlier = found.sections[: n - 1]
        if any(section.name == other.name for other in earlier):
            yield Mistake(file, f"section #{n}.name", f"{section.name!r} is there twice")
        shadow = next((o for o in earlier if not _WILD.search(o.path) and section.path.startswith(o.path)), None)
        if shadow:
            yield Mistake(file, f"section #{n}.path", f"never reached: {shadow.path!r} stands before it and fits first")
        elif not _may_hold(found, section.path):
            yield Mistake(file, f"section #{n}.path", f"never reached: nothing under {section.path!r} is in scope")


def _may_hold(found: Source, path: str) -> bool:
    """Whether anything under the path may be in scope."""
    if _WILD.search(path):
        return True
    prefixes = [urlsplit(pattern).path or "/" for pattern in found.scope.include if not _WILD.search(pattern)]
    wild = len(prefixes) < len(found.scope.include)
    return wild or any(path.startswith(p) or p.startswith(path) or p == path + "/" for p in prefixes)


def _parameters(found: Source, file: str) -> Iterator[Mistake]:
    """Rules for parameters are for hosts of the source, and none says two things of one parameter."""
    for n, rules in enumerate(found.parameters, 1):
        if rules.host is not None and sites.bare(rules.host) not in map(sites.bare, sites.site(found).places):
            yield Mistake(file, f"parameters #{n}.host", f"{rules.host} is no host of this source")
        for name in sorted(set(rules.strip) & {*rules.keep, *rules.api}):
            yield Mistake(file, f"parameters #{n}.strip", f"{name!r} is to be kept too")


def _moves(found: Source, file: str) -> Iterator[Mistake]:
    """Moves lead somewhere."""
    moves = {urls.key(old): urls.key(new) for old, new in found.same}
    if len(moves) < len(found.same):
        yield Mistake(file, "same", "an old URL is there twice")
    for n, (old, _) in enumerate(found.same, 1):
        at, steps = urls.key(old), 0
        while at in moves and steps <= len(moves):
            at, steps = moves[at], steps + 1
        if steps > len(moves):
            yield Mistake(file, f"same #{n}", f"moves from {old} lead in a circle")


def is_nearby(found: Source, proxy: str | None) -> bool:
    """Whether a source may be a test: its hosts are loopback, or a loopback proxy answers."""
    return bool(proxy and is_loopback(urls.host(proxy))) or is_at_home(found)


def is_at_home(found: Source) -> bool:
    """Whether every host that the source names is this very machine, those of its sitemaps and feeds too."""
    named = (urls.host(url) for url in (*found.sitemaps, *found.feeds))
    return all(is_loopback(host) for host in (*hosts(found), *named))


def doubled(files: Mapping[str, Source]) -> Iterator[Mistake]:
    """No code stands in two files."""
    seen: dict[str, str] = {}
    for file, found in files.items():
        before = seen.setdefault(found.code, file) if found.code else file
        if before != file:
            yield Mistake(file, "code", f"{found.code} is the code of {before} too")
