"""A small world to try everything on: three invented municipalities that change over three days.

`serve` runs them on loopback, `EDITS` is the truth about what changes, `visits` says when to look.
"""

from archiver.demo.script import EDITS, LAST_DAY, Edit, date_of, visits
from archiver.demo.server import Towns, serve
from archiver.demo.site import TOWNS, Page, pages_on

__all__ = ["EDITS", "LAST_DAY", "TOWNS", "Edit", "Page", "Towns", "date_of", "pages_on", "serve", "visits"]
