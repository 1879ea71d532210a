"""What was found on a page becomes addresses to ask for."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from archiver import __version__, urls
from archiver.crawl.growth import Growth
from archiver.crawl.tools import Tools
from archiver.crawl.visits import Visits
from archiver.derive import Derived, Read
from archiver.digests import bits64
from archiver.frontier import identity, links, pace, scope
from archiver.frontier.candidates import Candidate, Refused, candidate
from archiver.model import Capture, Issue, Link, Profile, Role, Source
from archiver.store import admitting, evidence, issues, ledger, plan, reading

LISTS = ("sitemap", "feed")
"""What names its pages one by one: none of them is refused for what others like it were."""
REDIRECTS = 10
"""Redirects in a row that are followed: browsers give up after 20, and honest sites need three."""
LOOKED_AT = 20_000
"""Links that a run remembers to have looked at; to look at one again costs a little time and changes nothing."""
LONGEST_LINK = 8_192
"""Characters of a link that is looked at: what belongs is shorter by far, once it is rid of its noise."""
PORTION = 1_000
"""Links that one transaction admits: a tenth of a second, in which all others wait who have something to be written."""
_PLAIN: dict[str, Role] = {"link": "page", "attachment": "file", "feed": "feed"}
"""The role of what a link leads to, where nothing but its sort decides."""


class Admission:
    """Admits links of one source's pages to the frontier, each URL looked at once a run for each depth it is found at.

    A page that is known is not asked for under a second address. That address stands by, and is asked when the page
    is no longer where it was: sites move pages without redirecting.

    A sitemap has more links than one transaction should take. They are admitted `ahead` of the one that records the
    capture, in portions. A kill among these leaves the capture unread, and the next run begins with them again: an
    address that is known by then is not added twice.
    """

    def __init__(self, tools: Tools, source: Source) -> None:
        self._tools, self._source = tools, source
        self._looked_at: dict[tuple[str, Role], int] = {}  # and how shallow the shallowest page was
        self._starts = [*(urls.path(seed.url) for seed in source.seeds), *(s.path for s in source.sections)]
        self._planned: set[str] = set()  # pages that this run has admitted and not yet met
        self._elsewhere: dict[str, list[str]] | None = None  # addresses that stand by, by page; once it is asked for
        self._scopes: dict[Profile, int] = {}
        self._wanted: set[int] = set()  # addresses that this run found to belong
        self._ahead: dict[int, dict[str, None]] = {}  # captures that were admitted ahead, and whom they may wake yet
        language = tools.config.languages[source.language]
        self._growth = Growth(source, [*language.weekdays, *(name for name, _ in language.months)])
        self._visits = Visits(tools, source)
        self.hosts: set[str] = set()  # where something new is due; the run's lanes empty it

    def __call__(self, conn: sqlite3.Connection, derived: Derived) -> None:
        """Admit what the capture shows, and plan the next visit; in the transaction that records it."""
        capture = derived.capture
        waking = self._ahead.pop(capture.id, None)
        if not evidence.is_latest(conn, capture):
            return  # history read again: what it led to was admitted then
        if derived.first and derived.document_id is not None and capture.address.role == "page":
            self._growth.met(conn, capture, derived.page_id, derived.document_id)
        past, belongs = plan.past(conn, capture.address.id), self.scope_at(capture.at)
        admitted = self._admitted(capture, derived.sha256)
        retired = derived.first or derived.changed
        if admitted is not None and (admitted != past.admitted or retired):
            if waking is None:
                waking = self._admit(conn, capture, self._links(conn, derived))
            if retired:
                self.hosts |= admitting.wake(conn, waking, capture.at, retired=True)
        if capture.location is not None:
            self._follow(conn, derived, capture.location)
        wanted = belongs if capture.address.id in self._wanted else None
        if self._visits.plan(conn, derived, past, belongs=wanted, admitted=admitted):
            self._look_elsewhere(conn, derived)

    async def ahead(self, read: Read) -> None:
        """Admit the links of a capture that has more of them than one transaction should take, in several."""
        capture, document, conn = read.capture, read.document, self._tools.archive.reader
        shown = document or read.known
        if shown is None or not self._leads_on(conn, capture, shown.sha256, shown.core):
            return
        found = document.links if document else reading.links_of(conn, read.known.document_id) if read.known else ()
        if len(found) <= PORTION:
            return
        waking = self._ahead.setdefault(capture.id, {})  # one that came out of order is read again
        for start in range(0, len(found), PORTION):
            portion = found[start : start + PORTION]
            await self._tools.archive.aio(partial(self._admit, capture=capture, found=portion, waking=waking))

    def takes_long(self, conn: sqlite3.Connection, capture: Capture, known: reading.Known) -> bool:
        """Whether a known document has more links to admit than one transaction should take."""
        return reading.has_links(conn, known.document_id, PORTION + 1) and self._leads_on(
            conn, capture, known.sha256, known.core
        )

    def scope_at(self, at: datetime) -> int:
        """A digest of all that decides, beside the links themselves, what is admitted at that time.

        Where it stands in the plan already, an address was found to belong, and the links of the same document were
        looked at: each would be found known, or refused once more.
        """
        profile = self._tools.config.rules_for(self._source, at).profile
        if profile not in self._scopes:
            self._scopes[profile] = bits64(repr((__version__, self._source, profile)))
        return self._scopes[profile]

    def settle(self, conn: sqlite3.Connection) -> None:
        """Spend the source's visits anew, by what its addresses have shown up to now."""
        self._visits.settle(conn)

    def begin(self, conn: sqlite3.Connection) -> None:
        """Admit what the source's file names: seeds, sitemaps, feeds; and make due what is rarely looked for."""
        source, at = self._source, self._tools.clock.now()
        self._growth.begin(conn)
        for seed in source.seeds:
            evidence.add_address(conn, source.id, seed.url, "page", 0, None, at)
        for sitemap in source.sitemaps:
            evidence.add_address(conn, source.id, sitemap, "sitemap", 0, None, at)
        for feed in source.feeds:
            evidence.add_address(conn, source.id, feed, "feed", 0, None, at)
        self._look_for_gone(conn, at)

    def _look_for_gone(self, conn: sqlite3.Connection, at: datetime) -> None:
        """Look for some of the pages that are long gone: nobody need link to a page for it to come back."""
        most = pace.looks_for_gone(plan.backlog(conn, self._source.id, at), self._tools.chance())
        if most:
            plan.wake_gone(
                conn, self._source.id, at, most,
                misses=pace.MISSES, first=pace.LONG_GONE, longest=pace.LONGEST_GONE,
            )  # fmt: skip

    def wants(self, due: plan.Due) -> bool:
        """Whether a known address is still in scope (the operator may have changed their mind since it last was), and
        not in a space that was found to be endless before it was ever asked for."""
        address, known = due.address, due.scope is not None and due.scope == self.scope_at(self._tools.clock.now())
        if not known:
            attachment = address.role == "file"
            if not scope.decide(self._source, address.url, address.depth, attachment=attachment, role=address.role).ok:
                return False
            self._wanted.add(address.id)
        if address.role != "page" or address.depth == 0 or not self._growth.refuses(address.url):
            return True
        return ledger.is_asked_or_listed(self._tools.archive.reader, address.id)

    def _admitted(self, capture: Capture, sha256: str | None) -> int | None:
        """The digest of a document's links admitted: the same again leads nowhere new. None: there is no document."""
        return bits64(f"{self.scope_at(capture.at)} {sha256}") if sha256 else None

    def _leads_on(self, conn: sqlite3.Connection, capture: Capture, sha256: str, core: str) -> bool:
        """Whether a document may lead to what was not admitted: it is another, or its page was not there."""
        if not evidence.is_latest(conn, capture):
            return False
        if plan.past(conn, capture.address.id).admitted != self._admitted(capture, sha256):
            return True
        page_id = reading.page_of(conn, capture.address.id)
        last = reading.last_revision(conn, page_id) if page_id is not None else None
        return last is None or last.state != "present" or last.core != core

    def _links(self, conn: sqlite3.Connection, derived: Derived) -> Sequence[Link]:
        """The links of what was read. Known ones are looked at too: the scope may be wider than it was."""
        if derived.document is not None:
            return derived.document.links
        return reading.links_of(conn, derived.document_id) if derived.document_id is not None else ()

    def _admit(
        self, conn: sqlite3.Connection, capture: Capture, found: Iterable[Link], waking: dict[str, None] | None = None
    ) -> dict[str, None]:
        """Admit what links lead to: in scope, and not another view of a page.

        New addresses are added, and those that stood by made due. The keys of the known ones that are wanted go to
        `waking`: they may have been given up, and be due again.
        """
        profile = self._tools.config.rules_for(self._source, capture.at).profile
        candidates = list(self._candidates(conn, capture, found, profile))
        waking = {} if waking is None else waking
        known = admitting.known(conn, (c.key for c in candidates))
        pages = admitting.known_pages(conn, (c.page for c in candidates))
        numbered = {c.page for c in candidates if c.number is not None and c.key not in known}
        earlier = admitting.addresses_of_pages(conn, numbered)
        new: list[admitting.New] = []
        woken: dict[str, None] = {}
        replaced: dict[int, str] = {}
        for c in candidates:
            is_new = c.key not in known
            replaces = self._replaced(c, earlier.get(c.page, ()), profile) if is_new else {}
            due = bool(replaces) or (c.page not in self._planned and c.page not in pages)
            self._planned.add(c.page)
            replaced |= replaces
            if is_new:
                known.add(c.key)
                new.append(_new(c, due=due))
            elif due:
                woken[c.key] = None
            if not due and self._elsewhere is not None:
                self._elsewhere.setdefault(c.page, []).append(c.url)
        admitting.add(conn, self._source.id, new, capture.address.id, capture.at)
        self.hosts |= {address.lane for address in new if address.due}
        self.hosts |= admitting.wake(conn, woken, capture.at, retired=False)
        plan.stand_by(conn, replaced)
        waking |= woken
        for url in replaced.values():
            waking.pop(urls.key(url), None)
        return waking

    def _candidates(
        self, conn: sqlite3.Connection, capture: Capture, found: Iterable[Link], profile: Profile
    ) -> Iterator[Candidate]:
        """What of the links belongs and is not settled: of the thousands that a sitemap names anew, a few."""
        fresh = list(self._fresh(capture, found))
        if not fresh:
            return
        settled = admitting.settled(conn, (urls.key(url) for url, _, _ in fresh), self.scope_at(capture.at))
        is_listed = capture.address.role in LISTS
        for target, role, depth in fresh:
            if urls.key(target) in settled:
                continue
            match candidate(self._source, profile, target, role, depth):
                case Refused(url, reason, trap=True):
                    self._growth.refused(conn, capture, url, reason)
                case Candidate() as one if is_listed or one.role != "page" or not self._growth.refuses(one.url):
                    yield one

    def _fresh(self, capture: Capture, found: Iterable[Link]) -> Iterator[tuple[str, Role, int]]:
        """URL, role and depth of what no page of this run has led to from as near: of some fifty links mostly two or
        three, for a menu's were looked at on the page before.
        """
        looked_at, on = self._looked_at, capture.address
        plain, listed = _depth(capture, "page"), _depth(capture, "sitemap")
        for link in found:
            role = _PLAIN.get(link.rel) or links.role_of(link, on.role)
            depth = listed if role == "sitemap" else plain
            if looked_at.get((link.target, role), depth + 1) <= depth:
                continue
            if link.rel == "canonical" or len(link.target) > LONGEST_LINK:
                continue
            if link.rel == "feed" and on.role == "page" and not links.is_own_feed(link.target, on.url, self._starts):
                continue  # the feed of that page alone, and not the site's or a section's
            if len(looked_at) >= LOOKED_AT:
                looked_at.clear()
            looked_at[link.target, role] = depth
            yield link.target, role, depth

    def _replaced(self, one: Candidate, known: Sequence[tuple[int, str]], profile: Profile) -> dict[int, str]:
        """The addresses of a file, of which this one has a later number: it was put up anew. {}: it was not."""
        numbers = [int(identity.file_number(url, profile) or 0) for _, url in known]
        return dict(known) if one.number is not None and numbers and one.number > max(numbers) else {}

    def _follow(self, conn: sqlite3.Connection, derived: Derived, location: str) -> None:
        """A redirect's target is an address found on it, under scope like any other."""
        capture, role = derived.capture, derived.capture.address.role
        if role == "robots":
            return
        depth = capture.address.depth
        if not scope.decide(self._source, location, depth, attachment=role == "file", role=role).ok:
            issue = Issue("out-of-scope-redirect", location)
        elif evidence.hops(conn, capture.address.id, REDIRECTS) >= REDIRECTS:
            issue = Issue("out-of-scope-redirect", f"{location}, after {REDIRECTS} redirects in a row")
        else:
            if not (identity.names_a_visit(location) and self._has_a_visit(conn, derived.page_id)):
                self._add(conn, location, role, depth, capture)
            return
        issues.add(conn, self._source.id, derived.page_id, capture.id, issue)

    def _add(self, conn: sqlite3.Connection, url: str, role: Role, depth: int, capture: Capture) -> None:
        """A new address; or one that stood by or was given up, made due again."""
        at = capture.at
        added = evidence.add_address(conn, self._source.id, url, role, depth, capture.address.id, at)
        self.hosts |= {added.host} if added else admitting.wake(conn, [urls.key(url)], at, retired=True)
        section = scope.section_of(self._source, url) if added else None
        if added and section and section.every:
            plan.hasten(conn, added.id, section.every)

    def _has_a_visit(self, conn: sqlite3.Connection, page_id: int) -> bool:
        """Whether the page stands at an address with a visit's number that the server still takes: one will do."""
        latest = (evidence.last_capture(conn, address_id) for address_id in reading.addresses_of(conn, page_id))
        return any(
            c is not None and c.outcome in ("ok", "same") and identity.names_a_visit(c.address.url) for c in latest
        )

    def _look_elsewhere(self, conn: sqlite3.Connection, derived: Derived) -> None:
        """The page is not where it was: ask for it at the addresses that stand by."""
        if self._elsewhere is None:
            self._elsewhere = {}
            profile = self._tools.config.rules_for(self._source, derived.capture.at).profile
            for url in plan.standing_by(conn, self._source.id):
                self._elsewhere.setdefault(identity.page_key(url, profile, self._source)[0], []).append(url)
        others = self._elsewhere.pop(reading.page_key(conn, derived.page_id), ())
        self.hosts |= admitting.wake(conn, [urls.key(url) for url in others], derived.capture.at, retired=False)


def _depth(capture: Capture, role: Role) -> int:
    """How many links from a seed: what a sitemap lists is one, and a sitemap within one is deeper than it."""
    found_on = capture.address
    if role == "sitemap":
        return found_on.depth + (found_on.role == "sitemap")
    return 1 if found_on.role == "sitemap" else found_on.depth + 1


def _new(one: Candidate, *, due: bool) -> admitting.New:
    return admitting.New(one.url, one.key, one.lane, one.role, one.depth, due, one.every)
