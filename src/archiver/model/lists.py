"""The closed lists: every word that a column or a field may hold. Pure."""

from typing import Literal

Role = Literal["page", "file", "robots", "sitemap", "feed", "api"]
Outcome = Literal["ok", "same", "moved", "gone", "refused", "failed", "barred"]
FailureKind = Literal[
    "dns", "connect", "tls", "timeout", "reset", "protocol", "decoding", "too-large", "unsafe", "robots"
]
RenderOutcome = Literal["done", "cut", "left", "failed"]
Flaw = Literal["truncated", "bad-encoding", "over-budget"]
Verdict = Literal[
    "good", "challenge", "login", "soft-404", "to-start", "maintenance", "empty", "truncated", "wrong-kind",
    "withheld", "unread",
]  # fmt: skip
Meaning = Literal["published", "updated", "reviewed", "created", "responsible", "other"]
Witness = Literal[
    "jsonld", "meta", "time", "label", "lone-date", "url", "file-number", "file-property", "feed", "sitemap", "http",
    "any-date",
]  # fmt: skip
Precision = Literal["year", "month", "day", "minute", "second"]
Doubt = Literal[
    "outranked", "no-value", "not-understood", "future", "before-the-web", "fetch-day", "banner", "relative",
    "misleading-label", "contradicted", "hearsay",
]  # fmt: skip
Part = Literal["main", "rest"]
BlockKind = Literal["title", "heading", "paragraph", "list-item", "table-row", "quote", "caption"]
Rel = Literal["link", "attachment", "feed", "canonical", "entry"]
Legible = Literal["yes", "partly", "scanned", "locked", "no"]
State = Literal["present", "moved", "gone"]
Sign = Literal["404", "410", "soft-404", "to-start", "moved"]
Op = Literal["added", "removed", "moved"]
LinkOp = Literal["added", "removed", "renamed", "retargeted"]
Unreadable = Literal["too-big", "timeout", "crashed", "too-deep", "corrupt"]

READER = 4
"""The number of our reading code: it rises when the expected reading of any page changes."""
