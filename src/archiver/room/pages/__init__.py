"""The room's pages: which path shows what. A registry is a table: nothing registers itself."""

from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask, Show
from archiver.room.pages import alert, body, changes, compare, health, lists, memento, municipality, page, search, sql

_NUMBER = r"\d{1,18}"
_PAIR = r"c?(?P<before>\d{1,18})\.\.c?(?P<after>\d{1,18})"

ROUTES: tuple[tuple[str, Show], ...] = (
    (r"/$", changes.changes),
    (r"/changes\.atom$", changes.feed),
    (r"/changes\.csv$", changes.as_csv),
    (r"/changes\.json$", changes.as_json),
    (r"/alert$", alert.alert),
    (rf"/compare/{_PAIR}$", compare.compare),
    (rf"/compare/{_PAIR}\.html$", compare.as_file),
    (rf"/compare/{_PAIR}\.(?P<form>bib|ris)$", compare.as_citation),
    (r"/compare$", compare.chosen),
    (rf"/page/(?P<page>{_NUMBER})$", page.page),
    (rf"/page/(?P<page>{_NUMBER})\.atom$", page.feed),
    (rf"/capture/(?P<capture>{_NUMBER})$", page.capture),
    (r"/page$", page.look_up),
    (r"/body/(?P<sha256>[0-9a-f]{64})$", body.body),
    (r"/m$", municipality.everyone),
    (r"/m/(?P<name>[^/]{1,80})$", municipality.municipality),
    (r"/search$", search.search),
    (r"/search\.atom$", search.feed),
    (r"/lists$", lists.lists),
    (r"/lists/(?P<name>[a-z-]{1,40})$", lists.one),
    (r"/lists/(?P<name>[a-z-]{1,40})\.csv$", lists.as_csv),
    (r"/sql$", sql.sql),
    (r"/sql/(?P<name>[a-z0-9-]{1,60})$", sql.question),
    (r"/sql/(?P<name>[a-z0-9-]{1,60})\.(?P<form>csv|json)$", sql.as_file),
    (r"/timegate/(?P<url>.{1,2000})$", memento.timegate),
    (r"/timemap/(?P<form>link|json)/(?P<url>.{1,2000})$", memento.timemap),
    (r"/at/(?P<time>\d{8}(?:\d{6})?|\d{4}-\d\d-\d\d)/(?P<url>.{1,2000})$", memento.at),
    (r"/health$", health.health),
    (r"/-/health$", health.as_json),
    (r"/about$", health.about),
)


def missing(ask: Ask) -> Answer:
    """For every other path. Raises NotFound."""
    raise NotFound(ask.path)
