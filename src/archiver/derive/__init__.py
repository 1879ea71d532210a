"""Evidence into reading: what captures say of their pages, and what that changes.

    capture --facts--> pool --reading--> record --> documents, revisions, absences, changes

`Deriver.derive` takes one capture through this; `rebuild` takes all captures of a source, from stored bodies. Both keep
to the order of captures within a page. Which captures have still to be read is a list (`store.unread`), written in the
transaction that stores the evidence: a kill between evidence and reading costs nothing, and a rebuild goes on where
it stopped. `settle` concludes a crawl that is over and read: what its pages, taken together, teach about the site.
"""

from archiver.derive.deriver import Deriver
from archiver.derive.preview import Altered, Preview, preview
from archiver.derive.rebuild import catch_up, rebuild
from archiver.derive.record import Derived, OutOfOrder, Read, Weights
from archiver.derive.settle import settle

__all__ = [
    "Altered",
    "Derived",
    "Deriver",
    "OutOfOrder",
    "Preview",
    "Read",
    "Weights",
    "catch_up",
    "preview",
    "rebuild",
    "settle",
]
