"""What was found on a page becomes addresses to ask for; and when the page itself is due again."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from archiver import __version__, urls
from archiver.crawl.growth import Growth
from archiver.crawl.leave import ROBOTS_DAY, ROBOTS_RETRY
from archiver.crawl.tools import Tools
from archiver.derive import Derived
from archiver.digests import bits64
from archiver.frontier import identity, links, pace, robots, scope, sites
from archiver.frontier.rhythm import Rhythm, Seen, allot
from archiver.model import Address, Capture, Issue, Link, Profile, Role, Section, Source
from archiver.store import evidence, issues, ledger, plan, reading, rhythms

LISTS = ("sitemap", "feed")
"""What names its pages one by one: none of them is refused for what others like it were."""
REDIRECTS = 10
"""Redirects in a row that are followed: browsers give up after 20, and honest sites need three."""
LOOKED_AT = 20_000
"""Links that a run remembers to have looked at; to look at one again costs a little time and changes nothing."""
LONGEST_LINK = 8_192
"""Characters of a link that is looked at: what belongs is shorter by far, once it is rid of its noise."""
_PLAIN: dict[str, Role] = {"link": "page", "attachment": "file", "feed": "feed"}
"""The role of what a link leads to, where nothing but its sort decides."""
FAILING = 3
"""Failures in a row after which a page is looked for at its other addresses."""


class Admission:
    """Admits links of one source's pages to the frontier, each URL looked at once a run for each depth it is found at.

    A page that is known is not asked for under a second address. That address stands by, and is asked when the page
    is no longer where it was: sites move pages without redirecting.
    """

    def __init__(self, tools: Tools, source: Source) -> None:
        self._tools, self._source = tools, source
        self._looked_at: dict[tuple[str, Role], int] = {}  # and how shallow the shallowest page was
        self._own = {urls.same_site_host(name) for name in scope.hosts(source)}
        self._starts = [*(urls.path(seed.url) for seed in source.seeds), *(s.path for s in source.sections)]
        self._planned: set[str] = set()  # pages that this run has admitted and not yet met
        self._elsewhere: dict[str, list[str]] | None = None  # addresses that stand by, by page; once it is asked for
        self._scopes: dict[Profile, int] = {}
        self._wanted: set[int] = set()  # addresses that this run found to belong
        language = tools.config.languages[source.language]
        self._growth = Growth(source, [*language.weekdays, *(name for name, _ in language.months)])
        self._rhythm: Rhythm | None = None
        self._is_rhythm_known = False
        self.hosts: set[str] = set()  # where something new is due; the run's lanes empty it

    def __call__(self, conn: sqlite3.Connection, derived: Derived) -> None:
        """Admit what the capture shows, and plan the next visit; in the transaction that records it."""
        capture = derived.capture
        if not evidence.is_latest(conn, capture):
            return  # history read again: what it led to was admitted then
        if derived.first and derived.document_id is not None and capture.address.role == "page":
            self._growth.met(conn, capture, derived.page_id, derived.document_id)
        past, belongs = plan.past(conn, capture.address.id), self.scope_at(capture.at)
        admitted = bits64(f"{belongs} {derived.sha256}") if derived.sha256 else None
        if admitted is not None and (admitted != past.admitted or derived.first or derived.changed):
            for link in self._unseen(capture, self._links(conn, derived)):
                self._consider(conn, derived, link)
        if capture.location is not None:
            self._follow(conn, derived, capture.location)
        self._plan(conn, derived, past, belongs, admitted)

    def scope_at(self, at: datetime) -> int:
        """A digest of all that decides, beside the links themselves, what is admitted at that time.

        Where it stands in the plan already, an address was found to belong, and the links of the same document were
        looked at: each would be found known, or refused once more.
        """
        profile = self._tools.config.rules_for(self._source, at).profile
        if profile not in self._scopes:
            self._scopes[profile] = bits64(repr((__version__, self._source, profile)))
        return self._scopes[profile]

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

    def _links(self, conn: sqlite3.Connection, derived: Derived) -> list[Link] | tuple[Link, ...]:
        """The links of what was read. Known ones are looked at too: the scope may be wider than it was."""
        if derived.document is not None:
            return derived.document.links
        return reading.links_of(conn, derived.document_id) if derived.document_id is not None else ()

    def _unseen(self, capture: Capture, found: Iterable[Link]) -> list[Link]:
        """The links that are no menu's, which were looked at on the page before: of some fifty, mostly two or three."""
        looked_at, depth = self._looked_at, _depth(capture, "page")
        return [
            link for link in found
            if link.rel not in _PLAIN or looked_at.get((link.target, _PLAIN[link.rel]), depth + 1) > depth
        ]  # fmt: skip

    def _consider(self, conn: sqlite3.Connection, derived: Derived, link: Link) -> None:
        """Admit what a link leads to: in scope, and not another view of a page."""
        capture, role = derived.capture, links.role_of(link, derived.capture.address.role)
        depth = _depth(capture, role)
        if link.rel == "feed" and capture.address.role == "page" and not self._wants_feed(link, capture.address):
            return
        if (
            link.rel == "canonical"
            or len(link.target) > LONGEST_LINK
            or self._looked_at.get((link.target, role), depth + 1) <= depth
        ):
            return
        if len(self._looked_at) >= LOOKED_AT:
            self._looked_at.clear()
        self._looked_at[link.target, role] = depth
        if not derived.first and plan.is_settled(conn, urls.key(link.target), self.scope_at(capture.at)):
            return  # of the thousands that a sitemap names anew, all but a few
        host = sites.without_last_dot(urls.host(link.target))
        if urls.same_site_host(host) not in self._own and not self._is_named(link.target):
            return
        profile = self._tools.config.rules_for(self._source, capture.at).profile
        url = identity.address(link.target, profile, self._source)
        if role == "page" and identity.is_api(url, self._source):
            role = "api"
        admission = scope.decide(self._source, url, depth, attachment=role == "file", role=role)
        if admission.trap:
            self._growth.refused(conn, capture, url, admission.reason)
        is_listed = capture.address.role in LISTS
        if not admission.ok or (role == "page" and not is_listed and self._growth.refuses(url)):
            return
        key, _ = identity.page_key(url, profile, self._source)
        anew = role == "file" and self._put_up_anew(conn, url, key, profile)
        due = anew or (key not in self._planned and not reading.knows_page(conn, key))
        self._planned.add(key)
        self._add(conn, url, role, depth, capture, due=due, retired=derived.first or derived.changed)
        if not due and self._elsewhere is not None:
            self._elsewhere.setdefault(key, []).append(url)

    def _wants_feed(self, link: Link, page: Address) -> bool:
        """Whether a feed that a page names is the site's or a section's, and not one of that page alone."""
        return links.is_own_feed(link.target, page.url, self._starts)

    def _put_up_anew(self, conn: sqlite3.Connection, url: str, key: str, profile: Profile) -> bool:
        """Whether the address is a known file's with a later number than we asked for; the earlier ones stand by."""
        number = identity.file_number(url, profile)
        if number is None or evidence.find_address(conn, url) is not None:
            return False
        earlier = {a: int(identity.file_number(known, profile) or 0) for a, known in plan.addresses(conn, key)}
        if not earlier or int(number) <= max(earlier.values()):
            return False
        plan.stand_by(conn, earlier)
        return True

    def _is_named(self, url: str) -> bool:
        return url in self._source.sitemaps or url in self._source.feeds

    def _add(
        self, conn: sqlite3.Connection, url: str, role: Role, depth: int, capture: Capture, *, due: bool, retired: bool
    ) -> None:
        """A new address; or one that stood by or, with `retired`, was given up, made due again."""
        at = capture.at
        added = evidence.add_address(conn, self._source.id, url, role, depth, capture.address.id, at, due=due)
        lane = added.host if added else plan.wake(conn, urls.key(url), at, retired=retired) if due else None
        if due and lane is not None:
            self.hosts.add(lane)
        section = scope.section_of(self._source, url) if added else None
        if added and section and section.every:
            plan.hasten(conn, added.id, section.every)

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
                self._add(conn, location, role, depth, capture, due=True, retired=True)
            return
        issues.add(conn, self._source.id, derived.page_id, capture.id, issue)

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
        for url in self._elsewhere.pop(reading.page_key(conn, derived.page_id), ()):
            lane = plan.wake(conn, urls.key(url), derived.capture.at, retired=False)
            if lane is not None:
                self.hosts.add(lane)

    def _plan(
        self, conn: sqlite3.Connection, derived: Derived, past: plan.Past, belongs: int, admitted: int | None
    ) -> None:
        capture = derived.capture
        if capture.address.role == "robots":
            return
        section = scope.section_of(self._source, capture.address.url)
        every = section.every if section and section.every else self._source.every
        seen = self._seen(conn, derived, Seen(past.changes, past.watched))
        visit = pace.next_visit(
            capture.outcome,
            derived.verdict,
            changed=derived.changed,
            every=every,
            failures=past.failures,
            unchanged=past.unchanged,
            now=capture.at,
            jitter=self._tools.chance(),
            spread=self._tools.config.jitter,
            sign=derived.sign,
            misses=derived.misses,
            span=self._span(conn, seen, section),
            bar=(ROBOTS_RETRY if robots.is_passing(capture.detail or "") else ROBOTS_DAY).total_seconds(),
        )
        due_at = visit.due_at
        if capture.outcome == "barred" and _is_long_gone(conn, derived.page_id):
            due_at = None  # it was looked for once more, and we may not even look
        if due_at is None and capture.address.depth == 0:  # what the source's file names is never given up
            due_at = capture.at + timedelta(seconds=every * pace.LONGEST)
        if capture.location is not None and identity.names_a_visit(capture.address.url):
            due_at = None  # the server has forgotten the visit
        plan.reschedule(
            conn,
            capture.address.id,
            due_at=due_at,
            failures=visit.failures,
            unchanged=visit.unchanged,
            validators=derived.verdict in ("good", None),
            changes=seen.changes,
            watched=seen.watched,
            span=every if due_at is None or visit.failures else (due_at - capture.at).total_seconds(),
            scope=belongs if capture.address.id in self._wanted else None,
            admitted=admitted,
        )
        if derived.sign is not None or capture.outcome == "barred" or visit.failures >= FAILING:
            self._look_elsewhere(conn, derived)

    def _seen(self, conn: sqlite3.Connection, derived: Derived, seen: Seen) -> Seen:
        """What visits have shown of the address, with this one: only one that showed the page shows anything."""
        capture = derived.capture
        if capture.outcome not in ("ok", "same") or derived.verdict not in ("good", None):
            return seen
        last = plan.last_answer(conn, capture.address.id, capture.at)
        return seen.after((capture.at - last).total_seconds(), changed=derived.changed) if last else seen

    def _span(self, conn: sqlite3.Connection, seen: Seen, section: Section | None) -> float | None:
        """Seconds until the next visit by the page's own history, and no more than its section allows.

        None where too little is known of the source.
        """
        if not self._is_rhythm_known:
            found = rhythms.settled(conn, self._source.id)
            self._rhythm, self._is_rhythm_known = Rhythm(*found) if found else None, True
        if self._rhythm is None:
            return None
        span = self._rhythm.interval(seen)
        return min(span, section.every) if section and section.every else span

    def settle(self, conn: sqlite3.Connection) -> None:
        """Spend the source's visits anew, by what its addresses have shown up to now."""
        rhythm = allot([Seen(*row) for row in rhythms.shown(conn, self._source.id)], self._source.every)
        if rhythm is not None:
            found = (rhythm.scale, rhythm.shortest, rhythm.longest, rhythm.mean, rhythm.shape)
            rhythms.save(conn, self._source.id, found, self._tools.clock.now())


def _is_long_gone(conn: sqlite3.Connection, page_id: int) -> bool:
    """Whether the page was missed so often that it is looked for but rarely."""
    episode = reading.open_absence(conn, page_id)
    return episode is not None and episode.state == "gone" and episode.misses >= pace.MISSES


def _depth(capture: Capture, role: Role) -> int:
    """How many links from a seed: what a sitemap lists is one, and a sitemap within one is deeper than it."""
    found_on = capture.address
    if role == "sitemap":
        return found_on.depth + (found_on.role == "sitemap")
    return 1 if found_on.role == "sitemap" else found_on.depth + 1
