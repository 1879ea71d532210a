"""Labelled pages: the project's own fixtures, the shared corpus, and any folder of `name.html` + `name.txt`."""

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from archiver.extract import decode
from archiver.model import Facts
from benchmarks import CORPUS, ROOT
from benchmarks.gold import COLUMNS, index
from benchmarks.pages import files_of
from benchmarks.quality.scoring import DATES, Gold

FIXTURES = ROOT / "tests" / "pages"
URL = "https://www.exempelkoping.example/kommun/sida"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When all pages were 'seen': after every date that any of them says."""
SITES = (
    "foretagare.helsingborg.se", "familjenhelsingborg.se", "intranat.familjenhelsingborg.se",
    "ekonomicoachen.helsingborg.se", "dunkerskulturhus.se",
)  # fmt: skip
_HERE = ZoneInfo("Europe/Stockholm")
_DECLARED = re.compile(
    rb"<meta\b(?![^>]*charset)[^>]*>|<script[^>]*ld\+json[^>]*>.*?</script>|\sdatetime=(?:\"[^\"]*\"|'[^']*')",
    re.I | re.S,
)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_UK_DAY = re.compile(r"\b(Published|Updated|Last updated)\s*:?\s*(\d{1,2}) (\w{3})\w* (\d{4})")


@dataclass(frozen=True)
class Page:
    """A page and what is true of it."""

    name: str
    url: str
    body: bytes
    gold: Gold

    @property
    def facts(self) -> Facts:
        """What a reader may know beside the bytes: no header, for none was kept."""
        return Facts(self.url, AT)


@dataclass(frozen=True)
class PageSet:
    """Pages of one origin; absent where it is not beside this checkout."""

    name: str
    about: str
    pages: Callable[[], Iterator[Page]]
    home: Path

    @property
    def absent(self) -> bool:
        """Whether its files are not here."""
        return not self.home.exists()


def fixtures() -> Iterator[Page]:
    """The invented pages under tests/pages with their readings: approved whole by a person, or sketched beforehand."""
    for path in sorted(FIXTURES.glob("*/*.html")):
        file = path.with_suffix(".json")
        if file.exists():
            said = json.loads(file.read_text("utf-8"))
            gold = sketched_gold(said) if "in" in said else approved_gold(said)
            yield Page(f"{path.parent.name}/{path.stem}", said.get("url", URL), path.read_bytes(), gold)


def approved_gold(said: Mapping[str, Any]) -> Gold:
    """What a whole reading (tests/core/test_pages.py) says is true."""
    blocks = [(kind, text) for kind, _, text in (line.partition(": ") for line in said["main"])]
    return Gold(
        days={meaning: said["dates"].get(meaning) for meaning in DATES},
        title=said["title"] or None,
        text="\n".join(text for kind, text in blocks if not kind.startswith("title")),
        rows="\n".join(text for kind, text in blocks if kind.startswith("table-row")) or None,
        items="\n".join(text for kind, text in blocks if kind.startswith("list-item")) or None,
        links=frozenset(link["target"] for link in said["links"]),
    )


def sketched_gold(said: Mapping[str, Any]) -> Gold:
    """What a sketch says is true: its title and dates are all there are, its text and links only some of the page's."""
    rows = [words.partition(": ")[2] for words in said["in"] if words.startswith("table-row: ")]
    items = [words.partition(": ")[2] for words in said["in"] if words.startswith("list-item")]
    return Gold(
        days={meaning: said["dates"].get(meaning) for meaning in DATES},
        title=said["title"] or None,
        rows="\n".join(rows).replace("…", "") or None,
        items="\n".join(items).replace("…", "") or None,
    )


def municipio(*, stripped: bool) -> Iterator[Page]:
    """Five real sites, against the index of the corpus; `stripped`: nothing is said to machines any more."""
    for site in SITES:
        rows = {row["path"]: row for row in index(site)}
        for path, body in files_of(CORPUS / "municipio" / f"{site}.tar.zst").items():
            row = rows.get(path)
            if row is None or not row["url"] or not path.endswith(".html") or "/feed/" in path:
                continue
            yield Page(path, row["url"], strip(body) if stripped else body, indexed_gold(row, stripped=stripped))


def strip(body: bytes) -> bytes:
    """A page without what it says to machines: meta tags but the charset, JSON-LD, `datetime` attributes."""
    return _DECLARED.sub(b"", body)


def indexed_gold(row: Mapping[str, str], *, stripped: bool) -> Gold:
    """What a row of the corpus' index says is true: the local day of the meta tags, else of Open Graph or JSON-LD.

    Some lists of events declare an hour of an event as their publication ('10 oktober 2025, 10:00 - 10:40'): what is
    true of those is not known.
    """
    days: dict[str, str | None] = {}
    for meaning, (column, *others) in COLUMNS.items():
        said = row[column] or next((_local_day(row[name]) for name in others[:-1] if row[name]), "")
        if _ISO_DAY.match(said):
            days[meaning] = said
        elif not said and not row["visible_date_lines"]:
            days[meaning] = None
    labels = {"published": "Publicerad", "updated": "Uppdaterad"}
    shown = {meaning for meaning, label in labels.items() if label in row["visible_date_lines"]}
    return Gold(days, frozenset(shown) if stripped else frozenset(labels))


def _local_day(moment: str) -> str:
    found = datetime.fromisoformat(moment)
    return (found.astimezone(_HERE) if found.tzinfo else found).date().isoformat()


def htmldate_half() -> Iterator[Page]:
    """Pages of all the world with their publication date, set by people."""
    folder = CORPUS / "htmldate_half"
    bodies = files_of(folder / "pages.tar.zst")
    for row in csv.DictReader((folder / "gold.csv").read_text("utf-8").splitlines()):
        if (body := bodies.get(row["path_in_archive"])) is not None:
            yield Page(row["file"], row["url"], body, Gold({"published": row["date"]}))


def uk_revisions() -> Iterator[Page]:
    """Daily captures of two British pages, where the index knows a date that a reader sees."""
    folder = CORPUS / "uk_revisions"
    bodies = files_of(folder / "pages.tar.zst")
    for row in csv.DictReader((folder / "index.csv").read_text("utf-8").splitlines()):
        days = {_UK_MEANINGS[word]: _uk_day(*rest) for word, *rest in _UK_DAY.findall(row["visible_date_lines"])}
        if days:
            url = "https://" + row["file"].split("/", 2)[2].removesuffix("index.html")
            yield Page(row["file"], url, bodies[row["file"]], Gold(days))


_UK_MEANINGS = {"Published": "published", "Updated": "updated", "Last updated": "updated"}


def _uk_day(day: str, month: str, year: str) -> str:
    return datetime.strptime(f"{day} {month} {year}", "%d %b %Y").replace(tzinfo=UTC).date().isoformat()


def bodies_of(folder: Path) -> PageSet:
    """Any folder of pages with the text of their main content beside them."""

    def pages() -> Iterator[Page]:
        for path in sorted(folder.glob("*.html")):
            gold = path.with_suffix(".txt")
            if gold.exists():
                text = gold.read_text("utf-8", "replace")
                yield Page(path.stem, f"https://pages.example/{path.stem}", path.read_bytes(), Gold(text=text))

    return PageSet(f"bodies/{folder.name}", f"pages of {folder} with their main text", pages, folder)


def encoded() -> Iterator[tuple[bytes, frozenset[str]]]:
    """Files of markup, and what they say when decoded as their folder's name tells: as Python or the web takes it.

    (To a browser `gb2312` is GB 18030 and `shift_jis` is windows-31j: https://encoding.spec.whatwg.org/#names-and-labels.)
    """
    folder = CORPUS / "encoding"
    files = files_of(folder / "files.tar.zst")
    for row in csv.DictReader((folder / "index.csv").read_text("utf-8").splitlines()):
        body = files.get(row["file_in_archive"])
        if body is not None and row["path"].endswith((".html", ".xml")):
            texts = frozenset(_texts(body, row["encoding"]))
            if texts:
                yield body, texts


def _texts(body: bytes, name: str) -> Iterator[str]:
    """The body in that encoding; nothing where a folder's name is none, or the file is not what it says."""
    for codec in (name, decode.codec(name) or name):
        try:
            yield body.decode(codecs.lookup(codec).name).lstrip("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue


SETS: tuple[PageSet, ...] = (
    PageSet("fixtures", "invented pages in the form of each CMS, and their readings", fixtures, FIXTURES),
    PageSet("municipio", "five municipal sites as captured", lambda: municipio(stripped=False), CORPUS / "municipio"),
    PageSet(
        "municipio-stripped", "the same without meta, JSON-LD and datetime",
        lambda: municipio(stripped=True), CORPUS / "municipio",
    ),
    PageSet("htmldate-half", "pages of all the world", htmldate_half, CORPUS / "htmldate_half"),
    PageSet("uk-revisions", "two British pages, day by day", uk_revisions, CORPUS / "uk_revisions"),
)  # fmt: skip
