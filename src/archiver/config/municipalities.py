"""Sweden's 290 municipalities: a table to look one up in, and the first draft of its file.

The table is `config/municipalities.csv`; the addresses in it are where a crawl would begin, and `checked` says how far
to trust them. The CMS is not in it: the caller looks at the start page and proposes a profile.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from archiver import urls
from archiver.errors import ConfigError, Mistake, NotFound

FILE = "municipalities.csv"
_COLUMNS = ("kommunkod", "name", "county", "url", "checked")
_SUFFIX = re.compile(r"s?\s+(?:kommun|stad|kommunens?|municipality)\Z|\A(?:region|kommunen?)\s+", re.I)
_APART = {"0305": "haabo"}
"""Håbo, which without its ring would be Habo."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A row of the table; or of those that an archive, or a configuration, has a source of."""

    code: str  # kommunkod
    name: str
    county: str
    url: str = ""
    checked: str = ""  # when, and how, the address was last known to be right
    source: str = ""  # its source: the stem of the file that describes it

    @property
    def key(self) -> str:
        """By what it is told from others: its code; its name where it has none."""
        return self.code or self.name


def municipalities(folder: Path) -> list[Municipality]:
    """The table in a configuration folder; raises ConfigError where there is none, or it is another."""
    try:
        with (folder / FILE).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise ConfigError([Mistake(FILE, "", f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise ConfigError([Mistake(FILE, "", f"is not UTF-8: byte {error.start}")]) from None
    if not rows or tuple(rows[0]) != _COLUMNS:
        raise ConfigError([Mistake(FILE, "", f"expected the columns {', '.join(_COLUMNS)}")])
    return [Municipality(r["kommunkod"], r["name"], r["county"], r["url"], r["checked"]) for r in rows]


def find(rows: Sequence[Municipality], wanted: str) -> Municipality:
    """The municipality of that name, code or source; raises NotFound with those that come near.

    'gislaved', 'Gislaveds kommun', 'GALLIVARE', '0662' and 'upplands-vasby' find theirs. A name as it is spelled comes
    before one with rings and dots left out: 'Habo' is not 'Håbo'. Of two sources of one name it is the first.
    """
    asked = " ".join(wanted.split())
    short = _SUFFIX.sub("", asked)
    for row in rows:
        if asked and asked == row.source:
            return row
    for spelled in (str.casefold, plain):
        by_name: dict[str, Municipality] = {}
        for names in ("source", "name", "code"):  # of two that are spelled alike the latter
            by_name |= {spelled(getattr(row, names)): row for row in reversed(rows)}
        by_name.pop("", None)
        for name in (asked, short, asked.removesuffix("s"), f"{short}s", f"{short} kommun"):
            if found := by_name.get(spelled(name)):
                return found
    near = _near(rows, plain(short))
    raise NotFound(f"no municipality is called {wanted!r}" + (f"; did you mean {' or '.join(near)}?" if near else ""))


def plain(text: str) -> str:
    """The text in small letters without rings, dots, accents and hyphens."""
    parts = unicodedata.normalize("NFKD", text.casefold().replace("-", " "))
    return "".join(c for c in parts if not unicodedata.combining(c))


def source_id(found: Municipality) -> str:
    """The name of its file: 'upplands-vasby'."""
    return _APART.get(found.code) or re.sub(r"[^a-z0-9]+", "-", plain(found.name)).strip("-")


def source_toml(found: Municipality, profile: str, language: str = "sv", seeds: Iterable[str] = ()) -> str:
    """The first draft of its file, which loads as it stands: the whole site, to be narrowed by a person."""
    start = (urls.parse(found.url) or found.url).rstrip("/") + "/"
    begin = tuple(seeds) or (start,)
    quoted = ",\n                ".join(_quoted(seed) for seed in begin)
    return f"""\
# {_quoted(found.name)[1:-1]} ({_quoted(found.county)[1:-1]}). Address {_quoted(found.checked)[1:-1]}.

municipality = {_quoted(found.name)}
code         = {_quoted(found.code)}
county       = {_quoted(found.county)}
profile      = {_quoted(profile)}
language     = {_quoted(language)}
seeds        = [{quoted}]
sitemaps     = [{_quoted(start + "sitemap.xml")}]
every        = "week"

[scope]
# The whole site. Narrow it to what you mean to watch: {start}kommun-och-politik/
include = [{_quoted(start)}]
exclude = ["*/kalender/*", "*/evenemang/*"]
depth   = 5

# What changes faster is looked at oftener; the first section that fits is the one.
[[section]]
name  = "anslagstavla"
path  = "*anslagstavla*"
every = "day"

[[section]]
name  = "nyheter"
path  = "*/nyheter*"
every = "day"

[[section]]
name  = "protokoll"
path  = "*protokoll*"
every = "day"

# [expect]          checked after every run; a miss is an issue
# pages = 150
# with_updated = 0.8
"""


def _near(rows: Sequence[Municipality], name: str) -> list[str]:
    """The three nearest names, and those that begin so."""
    names = {plain(row.name): row.name for row in rows}
    begin = [full for folded, full in names.items() if name and folded.startswith(name)]
    return list(dict.fromkeys([*begin, *(names[n] for n in get_close_matches(name, names, n=3, cutoff=0.7))]))[:3]


def _quoted(text: str) -> str:
    """The text as a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'
