"""How a comparison is cited: in words, as BibTeX and as RIS, each with both digests and both times."""

import re
from dataclasses import dataclass
from datetime import datetime

from archiver.publish import Comparison, End
from archiver.publish.visible import visible
from archiver.room.told import ZONE, Told

_UNSAFE = re.compile(r"[\\{}%$&#_^~]")
_ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


@dataclass(frozen=True)
class Citation:
    """A comparison, where it stands, and when it is read."""

    comparison: Comparison
    link: str
    read: datetime

    def plain(self, t: Told) -> str:
        """One sentence for a footnote."""
        c = self.comparison
        return t["cite_plain" if self._is_of_one_address else "cite_of_two"].format(
            municipality=visible(c.municipality), title=visible(c.title), link=self.link,
            municipality_before=visible(c.before.municipality or c.municipality),
            title_before=visible(c.before.title or c.url_of(c.before)),
            read=f"{self.read.astimezone(ZONE):%Y-%m-%d}", **self._ends(),
        )  # fmt: skip

    def bibtex(self, t: Told) -> str:
        """An entry for BibTeX."""
        c = self.comparison
        fields = {
            "author": f"{{{_tex(c.municipality)}}}",
            "title": f"{{{_tex(c.title)}}}",
            "year": f"{c.after.captured_at:%Y}",
            "note": _tex(self._note(t)),
            "url": _braced(self.link),
            "urldate": f"{self.read.astimezone(ZONE):%Y-%m-%d}",
        }
        inside = ",\n".join(f"  {name:<7} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{archiver-{c.before.capture_id}-{c.after.capture_id},\n{inside}\n}}\n"

    def ris(self, t: Told) -> str:
        """An entry for reference managers (RIS: two letters, two spaces, a hyphen, CRLF)."""
        c = self.comparison
        lines = [
            ("TY", "ELEC"), ("AU", c.municipality), ("TI", c.title), ("PY", f"{c.after.captured_at:%Y}"),
            ("DA", f"{c.after.captured_at:%Y/%m/%d}"), ("Y2", f"{self.read.astimezone(ZONE):%Y/%m/%d}"),
            ("N1", self._note(t)), ("UR", self.link), ("L2", c.url), ("ER", ""),
        ]  # fmt: skip
        return "".join(f"{tag}  - {visible(value)}\r\n" for tag, value in lines)

    @property
    def _is_of_one_address(self) -> bool:
        return self.comparison.url_of(self.comparison.before) == self.comparison.url

    def _note(self, t: Told) -> str:
        return t["cite_note" if self._is_of_one_address else "cite_note_of_two"].format(**self._ends())

    def _ends(self) -> dict[str, str]:
        """Address, time and digest of both."""
        c = self.comparison
        return {
            "url_before": visible(c.url_of(c.before)), "before": _at(c.before), "url": visible(c.url),
            "after": _at(c.after), "sha_before": c.before.body_sha256 or "–", "sha_after": c.after.body_sha256 or "–",
        }  # fmt: skip


def _at(end: End) -> str:
    return end.captured_at.astimezone(ZONE).isoformat(timespec="seconds")


def _tex(text: str) -> str:
    return _UNSAFE.sub(lambda m: _ESCAPED[m[0]], visible(text))


def _braced(url: str) -> str:
    """A URL as BibTeX keeps it whole: without what would end the field."""
    return visible(url).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
