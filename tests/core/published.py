"""One comparison for the tests of how it looks. All names and places are invented."""

from dataclasses import replace
from datetime import UTC, datetime

from archiver.diff import classify, compare, weigh
from archiver.model import Block, Document, Link
from archiver.publish import Comparison, End

POINTS = {"amount-changed": 3, "document-unlinked": 3, "silent": 2, "name-removed-from-list": 2, "paragraph-removed": 2}
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)> \x1b[31mröd\x1b[0m \u202egnällbak'


def paragraph(text: str) -> Block:
    return Block("main", "paragraph", None, text)


BEFORE = Document(
    "html",
    title="Avgifter inom äldreomsorgen",
    published="2019-11-08",
    updated="2026-06-25",
    responsible="Vera Exempel",
    blocks=(
        Block("main", "heading", 2, "Högsta avgift"),
        paragraph("Högsta avgiften för hemtjänst är 2 359 kronor per månad."),
        paragraph("Ett."),
        paragraph("Två."),
        paragraph("Tre."),
        paragraph("Du kan när som helst begära att avgiften prövas på nytt."),
        Block("main", "list-item", 1, "Matlåda"),
        Block("main", "list-item", 1, "Larm"),
    ),
    links=(
        Link("https://ekliden.example/b.pdf", "attachment", "main", "Blankett", "Pdf, 88 kB"),
        Link("https://ekliden.example/2025", "link", "main", "Taxor"),
    ),
)
AFTER = replace(
    BEFORE,
    blocks=(
        BEFORE.blocks[0],
        paragraph("Högsta avgiften för hemtjänst är 2 575 kronor per månad."),
        *BEFORE.blocks[2:5],
        BEFORE.blocks[7],
        BEFORE.blocks[6],
    ),
    links=(Link("https://ekliden.example/2026", "link", "main", "Taxor"),),
)


def comparison(before: Document = BEFORE, after: Document | None = AFTER, url: str = "") -> Comparison:
    change = compare(before, after)
    state = "present" if after else "gone"
    classes = classify(change, before=before, after=after, state_before="present", state_after=state)
    change = replace(change, classes=classes)
    change = replace(change, reasons=weigh(change, POINTS, ()))
    return Comparison(
        url or "https://www.ekliden.example/omsorg/avgifter",
        "Ekliden",
        _end(before, 48211, 6, 3),
        _end(after or Document("html"), 48930, 7, 4),
        change,
    )


def _end(document: Document, capture: int, revision: int, day: int) -> End:
    at = datetime(2026, 11, day, 5, 12, tzinfo=UTC)
    dates = (document.title, document.published, document.updated, document.reviewed)
    return End(at, capture, revision, *dates, f"{capture:064x}")


def hostile() -> Comparison:
    """A page that tries to act in every field it can fill."""
    before = Document("html", title=HOSTILE, blocks=(paragraph(f"Före {HOSTILE} efter"), paragraph("Kvar")))
    links = (Link(f"javascript:alert(3)//{HOSTILE}", "attachment", "main", HOSTILE, HOSTILE),)
    after = Document("html", title=f"{HOSTILE}!", updated=HOSTILE, links=links, blocks=(
        paragraph(f"Före {HOSTILE} sedan"), paragraph("Kvar"), paragraph(HOSTILE)
    ))  # fmt: skip
    return comparison(before, after, url=f"javascript:alert(4)//{HOSTILE}")
