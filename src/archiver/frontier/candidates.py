"""What a link leads to, as far as it can be said without an archive: one look at it gives all that is asked later.

A sitemap names tens of thousands. What is known of them is asked afterwards, of all at once (`store.admitting`). Pure.
"""

from dataclasses import dataclass

from archiver import urls
from archiver.frontier import identity, scope, sites
from archiver.model import Profile, Role, Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that belongs, and may be asked for if it is new."""

    url: str  # as it is sent
    key: str  # of the address
    lane: str
    role: Role
    depth: int
    page: str  # key of the page that answers there
    number: int | None = None  # of a file that carries one beside its identity: a later one is another revision
    every: int | None = None  # seconds between two visits that its section wants; None: it says nothing of it


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that does not belong."""

    url: str
    reason: str
    trap: bool  # for being one of endlessly many


def candidate(source: Source, profile: Profile, target: str, role: Role, depth: int) -> Candidate | Refused | None:
    """What the source makes of a link found `depth` links from a seed; None: it leads to another site.

    Raises RuleError where the profile names an identity nobody knows.
    """
    host = urls.same_site_host(sites.without_last_dot(urls.host(target)))
    if host not in sites.site(source).hosts and target not in source.sitemaps and target not in source.feeds:
        return None
    url = identity.address(target, profile, source)
    if role == "page" and identity.is_api(url, source):
        role = "api"
    admission = scope.decide(source, url, depth, attachment=role == "file", role=role)
    if not admission.ok:
        return Refused(url, admission.reason, admission.trap)
    sent = urls.without_fragment(urls.parse(url) or url)
    page, _ = identity.page_key(url, profile, source)
    number = identity.file_number(url, profile) if role == "file" else None
    section = scope.section_of(source, url) if source.sections else None
    return Candidate(
        sent, urls.key(sent), urls.lane(sent), role, depth, page,
        int(number) if number is not None else None, section.every if section else None,
    )  # fmt: skip
