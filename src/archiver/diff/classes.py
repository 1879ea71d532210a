"""What sort of change it is: each class a rule that gives its reason in words, or None.

Facts, not verdicts: a small edit that leaves the update date alone is recommended practice, and is shown as such with
the date the page itself claims. `edit`, `silent-edit` and `touch` exclude one another; otherwise a change may be of
several classes. `bulk-stamp` and `site-wide` need many pages at once and are folded later (`diff.fold`). Pure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archiver.diff.dates import Relation, relation
from archiver.model import Change, ClassOfChange, Document, State

CONTENT = ("text", "links", "title", "responsible", "attachments", "payload")
"""The kinds that are the page's own words and files; the others are dates and state."""
_STAMPS = ("published", "updated", "reviewed")
_ABSENT = ("gone", "moved")


@dataclass(frozen=True, slots=True)
class Case:
    """All that the classes are decided by."""

    change: Change
    before: Document | None
    after: Document | None
    state_before: State
    state_after: State
    returns_to: int | None = None
    technical: bool = False
    not_before: str | None = None

    @property
    def content(self) -> tuple[str, ...]:
        """The kinds of content that changed."""
        return tuple(kind for kind in self.change.kinds if kind in CONTENT)

    def date(self, name: str) -> Relation:
        """What happened to one of the page's dates; 'same' where one of the documents is missing."""
        if self.before is None or self.after is None:
            return "same"
        return relation(getattr(self.before, name), getattr(self.after, name))

    def told(self, name: str) -> str:
        """The two dates as printed."""
        return f"{getattr(self.before, name) or 'none'} → {getattr(self.after, name) or 'none'}"


Rule = Callable[[Case], str | None]


def classify(
    change: Change,
    *,
    before: Document | None,
    after: Document | None,
    state_before: State,
    state_after: State,
    returns_to: int | None = None,
    technical: bool = False,
    not_before: str | None = None,
) -> tuple[ClassOfChange, ...]:
    """The classes of a change from one revision to the next.

    `returns_to`: the number of an earlier revision with the same core. `technical`: the earlier body could not be read
    with today's rules, so the difference may be ours; then that is all there is to say. `not_before`: a day before
    which the page cannot have been made (a clock in its address).
    """
    case = Case(change, before, after, state_before, state_after, returns_to, technical, not_before)
    if technical:
        return (ClassOfChange("technical", CLASSES["technical"](case) or ""),)
    return tuple(ClassOfChange(name, reason) for name, rule in CLASSES.items() if (reason := rule(case)))


def _edit(case: Case) -> str | None:
    if not case.content or _stood_still(case):
        return None
    what = _listed(case.content)
    if case.after is not None and not case.after.updated and case.date("updated") == "same":
        return f"{what} changed; the page claims no update date"
    return f"{what} changed, and the update date with it: {case.told('updated')}"


def _silent_edit(case: Case) -> str | None:
    if not case.content or not _stood_still(case) or case.after is None:
        return None
    return f"{_listed(case.content)} changed, and the update date stood still at {case.after.updated}"


def _stood_still(case: Case) -> bool:
    """Whether the page claims an update date before and after, and it is the same."""
    return case.after is not None and bool(case.after.updated) and case.date("updated") == "same" and bool(case.before)


def _touch(case: Case) -> str | None:
    if case.content or "state" in case.change.kinds:
        return None
    moved = [name for name in _STAMPS if case.date(name) in {"forward", "stated", "precision"}]
    if not moved or any(case.date(name) in {"back", "withdrawn"} for name in _STAMPS):
        return None
    return f"only dates changed: {'; '.join(f'{name} {case.told(name)}' for name in moved)}"


def _date_regression(case: Case) -> str | None:
    verbs = {"back": "went backwards", "withdrawn": "is no longer stated"}
    found = [
        f"{name} {verbs[case.date(name)]}: {case.told(name)}"
        for name in ("updated", "reviewed")
        if case.date(name) in verbs
    ]
    return "; ".join(found) or None


def _backdated_publication(case: Case) -> str | None:
    if case.date("published") in {"forward", "back"}:
        return f"the publication date was altered after it was first seen: {case.told('published')}"
    published = case.after.published if case.after else None
    if published and case.not_before and "published" in case.change.kinds:
        shared = min(len(published), len(case.not_before))
        if published[:shared] < case.not_before[:shared]:
            return f"published {published}, though the page cannot have been made before {case.not_before}"
    return None


def _flap(case: Case) -> str | None:
    if case.returns_to is None or (case.state_before, case.state_after) != ("present", "present"):
        return None
    return f"the page is again as it was in revision {case.returns_to}"


def _disappearance(case: Case) -> str | None:
    if case.state_before != "present" or case.state_after not in _ABSENT:
        return None
    return "the page is gone" if case.state_after == "gone" else "the page's address leads to another page"


def _return(case: Case) -> str | None:
    if case.state_before not in _ABSENT or case.state_after != "present":
        return None
    as_before = f", as it was in revision {case.returns_to}" if case.returns_to is not None else ""
    return f"the page is back{as_before}"


def _technical(case: Case) -> str | None:
    return (
        "the earlier body could not be read with today's rules: the difference may be ours" if case.technical else None
    )


def _listed(kinds: tuple[str, ...]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} and {kinds[-1]}"


CLASSES: Mapping[str, Rule] = {
    "edit": _edit,
    "silent-edit": _silent_edit,
    "touch": _touch,
    "date-regression": _date_regression,
    "backdated-publication": _backdated_publication,
    "flap": _flap,
    "disappearance": _disappearance,
    "return": _return,
    "technical": _technical,
}
"""Every class that one page's change can be of, with its rule."""
