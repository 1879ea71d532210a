"""What was found on a page becomes addresses to ask for; and when the page itself is due again."""

import sqlite3

from archiver import urls
from archiver.crawl.tools import Tools
from archiver.derive import Derived
from archiver.frontier import identity, links, pace, scope
from archiver.model import Capture, Issue, Link, Role, Source
from archiver.store import evidence, plan, reading


class Admission:
    """Admits links of one source's pages to the frontier, each URL looked at once a run."""

    def __init__(self, tools: Tools, source: Source) -> None:
        self._tools, self._source = tools, source
        self._looked_at: set[str] = set()
        self._own = {urls.same_site_host(name) for name in scope.hosts(source)}
        self.hosts: set[str] = set()  # where something new is due; the run's lanes empty it

    def __call__(self, conn: sqlite3.Connection, derived: Derived) -> None:
        """Admit what the capture shows, and plan the next visit; in the transaction that records it."""
        capture = derived.capture
        if derived.document is not None:
            for link in derived.document.links:
                self._consider(conn, capture, link)
        if capture.location is not None:
            self._follow(conn, derived, capture.location)
        self._plan(conn, derived)

    def begin(self, conn: sqlite3.Connection) -> None:
        """Admit what the source's file names: seeds, sitemaps, feeds."""
        source, at = self._source, self._tools.clock.now()
        for seed in source.seeds:
            evidence.add_address(conn, source.id, seed.url, "page", 0, None, at)
        for sitemap in source.sitemaps:
            evidence.add_address(conn, source.id, sitemap, "sitemap", 0, None, at)
        for feed in source.feeds:
            evidence.add_address(conn, source.id, feed, "feed", 0, None, at)

    def _consider(self, conn: sqlite3.Connection, capture: Capture, link: Link) -> None:
        """Admit what a link leads to: in scope, not another view of a page, and not a page known elsewhere."""
        if link.target in self._looked_at or link.rel == "canonical":
            return
        self._looked_at.add(link.target)
        if urls.same_site_host(urls.host(link.target)) not in self._own and not self._is_named(link.target):
            return
        profile = self._tools.config.rules_for(self._source, capture.at).profile
        url = identity.address(link.target, profile)
        role = links.role_of(link, capture.address.role)
        depth = capture.address.depth + (0 if role == "sitemap" else 1)
        if not scope.decide(self._source, url, depth, attachment=role == "file", role=role).ok:
            return
        key, _ = identity.page_key(url, profile, self._source)
        if not reading.knows_page(conn, key):
            self._add(conn, url, role, depth, capture)

    def _is_named(self, url: str) -> bool:
        return url in self._source.sitemaps or url in self._source.feeds

    def _add(self, conn: sqlite3.Connection, url: str, role: Role, depth: int, capture: Capture) -> None:
        added = evidence.add_address(conn, self._source.id, url, role, depth, capture.address.id, capture.at)
        if added is not None:
            self.hosts.add(added.host)

    def _follow(self, conn: sqlite3.Connection, derived: Derived, location: str) -> None:
        """A redirect's target is an address found on it, under scope like any other."""
        capture, role = derived.capture, derived.capture.address.role
        if role == "robots":
            return
        depth = capture.address.depth
        if scope.decide(self._source, location, depth, attachment=role == "file", role=role).ok:
            self._add(conn, location, role, depth, capture)
        else:
            issue = Issue("out-of-scope-redirect", location)
            reading.add_issue(conn, self._source.id, derived.page_id, capture.id, issue)

    def _plan(self, conn: sqlite3.Connection, derived: Derived) -> None:
        capture = derived.capture
        if capture.address.role == "robots":
            return
        failures, unchanged = plan.standing(conn, capture.address.id)
        section = scope.section_of(self._source, capture.address.url)
        every = section.every if section and section.every else self._source.every
        visit = pace.next_visit(
            capture.outcome,
            derived.verdict,
            changed=derived.changed,
            every=every,
            failures=failures,
            unchanged=unchanged,
            now=capture.at,
            jitter=self._tools.chance(),
            sign=derived.sign,
            misses=derived.misses,
        )
        plan.reschedule(
            conn,
            capture.address.id,
            due_at=visit.due_at,
            failures=visit.failures,
            unchanged=visit.unchanged,
            validators=derived.verdict in ("good", None),
        )
