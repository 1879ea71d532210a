"""The room's pages: which path shows what. A registry is a table: nothing registers itself."""

from archiver.room.frame import Show
from archiver.room.pages import changes, compare, page

_NUMBER = r"\d{1,18}"
_PAIR = r"c?(?P<before>\d{1,18})\.\.c?(?P<after>\d{1,18})"

ROUTES: tuple[tuple[str, Show], ...] = (
    (r"/$", changes.changes),
    (r"/changes\.atom$", changes.feed),
    (r"/changes\.csv$", changes.as_csv),
    (r"/changes\.json$", changes.as_json),
    (rf"/compare/{_PAIR}$", compare.compare),
    (rf"/compare/{_PAIR}\.html$", compare.as_file),
    (rf"/compare/{_PAIR}\.(?P<form>bib|ris)$", compare.as_citation),
    (r"/compare$", compare.chosen),
    (rf"/page/(?P<page>{_NUMBER})$", page.page),
    (rf"/page/(?P<page>{_NUMBER})\.atom$", page.feed),
    (rf"/capture/(?P<capture>{_NUMBER})$", page.capture),
    (r"/page$", page.look_up),
)
