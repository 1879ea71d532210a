"""The changes of a round of visits that are one thing: the same words on many pages, the same day stamped on many, many gone.

What an editor does to one page concerns one page. What a template, a script or a migration does concerns a site, and is
told once. The same words count as the same only in the same block: an `inte` that left five sentences is five edits.
Numbers are printed beside each result. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from archiver.digests import digest

DATES = frozenset({"published", "updated", "reviewed"})
FOLDS = DATES | {"text", "links", "attachments"}
"""Kinds of which hunks are all there is to see: a change of another kind is a page's own."""

NOTHING: Mapping[int, frozenset[Hashable]] = {}
Kind = Literal["site-wide", "bulk-stamp", "migration"]


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on many changes are one event, and a page is the one that went: `[events]` of config/significance.toml.

    A number of pages, and the share of those seen in that time that it must be as well.
    """

    shared_pages: int = 5  # the same hunks are one site-wide change
    shared_share: float = 0.05
    stamped_pages: int = 20  # one day is a script's or a migration's; a share of those that give such a date
    stamped_share: float = 0.1
    left_pages: int = 20  # pages that go or move are a migration; a share of those asked for
    left_share: float = 0.1
    late_days: int = 30  # how long after a site-wide change a page visited late may still be found to have had it
    moved_words: int = 50  # that stood on no other page that went, and stand on no other that came
    moved_share: float = 0.8  # of the longer text that must be the same to the letter


@dataclass(frozen=True, slots=True)
class Trace:
    """One page's change, as far as it may be like others."""

    revision_id: int
    page_id: int
    kinds: frozenset[str]
    hunks: frozenset[Hashable] = frozenset()  # each with the block it stands in; link edits too
    stamps: tuple[tuple[str, str], ...] = ()  # (meaning, day) of each date that is another now
    left: Literal["gone", "moved"] | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to many pages."""

    kind: Kind
    key: str  # what is shared: a digest of the hunks, the stamp, how the pages left
    members: tuple[int, ...]  # revisions, in their order
    folded: frozenset[int]  # those of them in which there is nothing else to see
    pages: int
    seen: int  # pages that it could have happened to
    joins: int | None = None  # the recent event that these are late members of


def events(
    traces: Sequence[Trace],
    *,
    seen: int,
    dated: Counter[str],
    known: Mapping[int, frozenset[Hashable]] = NOTHING,
    limits: Limits = Limits(),
) -> list[Event]:
    """What happened to many pages at once in a round of visits.

    `seen`: pages of which something was learned. `dated`: how many of them give a date of each
    meaning. `known`: the site's recent site-wide events and their hunks: a page visited late may still belong to one.
    """
    found = [*_site_wide(traces, seen, known, limits), *_stamped(traces, dated, limits), *_left(traces, seen, limits)]
    return sorted(found, key=lambda e: (e.joins or 0, e.kind, e.key))


def _site_wide(
    traces: Sequence[Trace], seen: int, known: Mapping[int, frozenset[Hashable]], limits: Limits
) -> Iterator[Event]:
    """Changes all of whose hunks stand on many pages; those that share a hunk are one event."""
    pages = Counter(hunk for _, hunk in {(t.page_id, hunk) for t in traces for hunk in t.hunks})
    least = max(limits.shared_pages, limits.shared_share * seen)
    late: dict[int, list[Trace]] = defaultdict(list)
    fresh: list[Trace] = []
    for trace in traces:
        if not trace.hunks or not trace.kinds <= FOLDS:
            continue
        if event := next((event for event, hunks in known.items() if trace.hunks <= hunks), None):
            late[event].append(trace)
        elif all(pages[hunk] >= least for hunk in trace.hunks):
            fresh.append(trace)
    yield from (_event("site-wide", "", group, group, seen, joins=event) for event, group in late.items())
    for group in _joined(fresh):
        key = digest(sorted({repr(hunk) for trace in group for hunk in trace.hunks}))
        yield _event("site-wide", key, group, group, seen)


def _joined(traces: Sequence[Trace]) -> list[list[Trace]]:
    """The traces in groups that share hunks, each in order, by their first."""
    parent = list(range(len(traces)))

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    first: dict[Hashable, int] = {}
    for k, trace in enumerate(traces):
        for hunk in trace.hunks:
            one, other = sorted((root(first.setdefault(hunk, k)), root(k)))
            parent[other] = one
    groups: dict[int, list[Trace]] = defaultdict(list)
    for k, trace in enumerate(traces):
        groups[root(k)].append(trace)
    return list(groups.values())


def _stamped(traces: Sequence[Trace], dated: Counter[str], limits: Limits) -> Iterator[Event]:
    by_stamp: dict[tuple[str, str], list[Trace]] = defaultdict(list)
    for trace in traces:
        for stamp in trace.stamps:
            by_stamp[stamp].append(trace)
    for (meaning, day), group in by_stamp.items():
        if len(group) >= max(limits.stamped_pages, limits.stamped_share * dated[meaning]):
            yield _event(
                "bulk-stamp", f"{meaning} {day}", group, [t for t in group if t.kinds <= DATES], dated[meaning]
            )


def _left(traces: Sequence[Trace], seen: int, limits: Limits) -> Iterator[Event]:
    for how in ("gone", "moved"):
        group = [t for t in traces if t.left == how]
        if len(group) >= max(limits.left_pages, limits.left_share * seen):
            yield _event("migration", how, group, group, seen)


def _event(
    kind: Kind, key: str, members: Sequence[Trace], folded: Sequence[Trace], seen: int, joins: int | None = None
) -> Event:
    return Event(
        kind,
        key,
        tuple(sorted(t.revision_id for t in members)),
        frozenset(t.revision_id for t in folded),
        len({t.page_id for t in members}),
        seen,
        joins,
    )
