"""What a person should know of a site's manners once a run is over, each with the words by which it is known again."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta

from archiver.config import Config
from archiver.errors import EvidenceError, NotFound
from archiver.frontier import robots
from archiver.frontier.robots import Robots
from archiver.model import Issue, Source
from archiver.store import bodies, folding, watching
from archiver.store.settling import Finished

Told = tuple[str, Issue]
KNOWN = 2_000
"""Addresses of a host that are looked at to say what a new robots.txt bars."""
WORDS, FEW, SHARE = 40, 10, 0.2
"""Words of a page, pages, and share of the pages seen from which it is said that they have shrunk."""
SILENT, RHYTHMS = timedelta(days=2), 1.5
"""Days, and rhythms of the source, without a good answer from which it is called silent."""


def watch(conn: sqlite3.Connection, config: Config, source: Source, run: Finished, span: timedelta) -> Iterator[Told]:
    """What the run showed: `robots-changed`, `stale-304`, `main-shrank`, `source-silent`.

    `span`: of a round of visits.
    """
    yield from _robots(conn, config.agent.name, run)
    for host, url in watching.stale(conn, run.run_id):
        words = f"{url} had changed under the validators by which it was said to be the same; asked without them now"
        yield f"{host}: ", Issue("stale-304", f"{host}: {words}")
    yield from _shrunk(conn, source, run, span)
    yield from _silence(conn, source, run)


def _robots(conn: sqlite3.Connection, agent: str, run: Finished) -> Iterator[Told]:
    for found in watching.new_robots(conn, run.run_id):
        try:
            before, after = (_rules(conn, body_id, found.url) for body_id in (found.before, found.after))
        except (EvidenceError, NotFound):  # redacted, or damaged: nothing can be said
            continue
        known = watching.known_at(conn, found.host, run.at, KNOWN)
        if words := difference(before, after, known, agent):
            beginning = f"{found.url}, c{found.capture_id}: "
            yield beginning, Issue("robots-changed", beginning + words)


def _rules(conn: sqlite3.Connection, body_id: int | None, url: str) -> Robots:
    return robots.ALLOW_ALL if body_id is None else robots.parse(bodies.get(conn, body_id), url)


def difference(before: Robots, after: Robots, known: list[str], agent: str) -> str:
    """What another robots.txt means for the addresses we know and for our pace, in words; '' where nothing."""
    may = [(url, before.decide(url, agent).allowed, after.decide(url, agent)) for url in known]
    barred = [(url, decision.rule) for url, then, decision in may if then and not decision.allowed]
    freed = [url for url, then, decision in may if decision.allowed and not then]
    words: list[str] = []
    if barred:
        words.append(f"bars {len(barred)} of {len(known)} known addresses, such as {barred[0][0]} ({barred[0][1]})")
    if freed:
        words.append(f"frees {len(freed)} of {len(known)} known addresses, such as {freed[0]}")
    delays = before.delay(agent), after.delay(agent)
    if delays[0] != delays[1]:
        words.append(f"asks for {_seconds(delays[1])} between requests, before for {_seconds(delays[0])}")
    return "; ".join(words)


def _seconds(delay: float | None) -> str:
    return "no time" if delay is None else f"{delay:g} s"


def _shrunk(conn: sqlite3.Connection, source: Source, run: Finished, span: timedelta) -> Iterator[Told]:
    """Pages that shrank in the run; or in the visits of a round, of which the run is the first that shows enough.

    A service's runs are as short as what is due at a time: none of them shows many pages. `span`: of a round.
    """
    alone = watching.shrunk(conn, [run.run_id], WORDS)
    if not alone.pages:
        return
    ended, found = f"that ended {run.at:%Y-%m-%d %H:%M} UTC, ", alone
    where = f"in the run {ended}"
    if not _are_many(alone):
        runs = folding.crawls(conn, source.id, run.at - span, run.run_id)
        found, where = watching.shrunk(conn, runs, WORDS), f"in the round of visits {ended}"
        if not _are_many(found) or _was_told(conn, source, runs[:-1], span):
            return
    words = f"{found.pages} of {found.of} pages lost half of their text or more, such as {found.example}"
    yield where, Issue("main-shrank", where + words)


def _was_told(conn: sqlite3.Connection, source: Source, runs: list[int], span: timedelta) -> bool:
    """Whether as much was known at the last of these runs that showed a page like that: it was told by then."""
    last = watching.last_shrunk(conn, runs, WORDS)
    if last is None:
        return False
    run_id, at = last
    rounds = ([run_id], folding.crawls(conn, source.id, at - span, run_id))
    return any(_are_many(watching.shrunk(conn, each, WORDS)) for each in rounds)


def _are_many(found: watching.Shrunk) -> bool:
    return found.pages >= FEW and found.pages >= SHARE * found.of


def _silence(conn: sqlite3.Connection, source: Source, run: Finished) -> Iterator[Told]:
    found = watching.silence(conn, source.id, run.run_id)
    if found is None:
        return
    longest = max(SILENT, timedelta(seconds=RHYTHMS * source.every))
    if found.since is None or run.at - found.since > longest:
        since = f"since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else "yet"
        beginning = f"nothing of the source answered well {since}"
        yield beginning, Issue("source-silent", f"{beginning}; {found.asked} attempts of the last run: {found.why}")
