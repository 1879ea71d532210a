"""A visitor of the room, and the life it shows: edits of every sort, a notice board, a name, and hostile pages."""

import asyncio
from dataclasses import dataclass
from html import escape
from typing import Any

import httpx

from archive import Town
from archiver.demo.pdf import page_pdf
from pretend import page

BOARD = """
[[section]]
name = "anslagstavla"
path = "/anslagstavla"
embargo_days = 21
"""
NAME = "Zebulon Ansvarsson"
HOSTILE = (
    "<script>boom()</script>",
    '"><img src=x onerror=boom()>',
    "'><svg/onload=boom()>",
    "<iframe srcdoc='<script>boom()</script>'>",
    "</textarea></title></style><script>boom()</script>",
    "{{ 7 * 7 }}${7*7}<%= 7*7 %>",
    "javascript:boom()",
    "<a href=javascript:boom()>klicka</a>",
    "\u202egnp.exe \u0000\u0007 <math><mtext><script>boom()</script>",
    "]]><script>boom()</script><![CDATA[",
    '=HYPERLINK("https://ond.example")',
)
"""Words that a page may hold, and that must stay words."""


@dataclass
class Room:
    """A reader of the room: every request is a new visit."""

    app: Any
    town: Town | None = None

    def get(self, path: str, method: str = "GET", **headers: str | bytes) -> httpx.Response:
        """The answer; redirects are not followed."""

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8002") as client:
                return await client.request(
                    method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
                )

        return asyncio.run(ask())

    def page_of(self, path: str) -> int:
        """The number of the page at a path of the pretend municipality."""
        assert self.town is not None
        ((number,),) = self.town.rows(
            """SELECT p.page_id FROM page_addresses p JOIN addresses a ON a.id = p.address_id WHERE a.url = ?""",
            self.town.site.url(path),
        )
        return int(number)

    def pair(self, path: str) -> str:
        """The captures on both sides of the last change of a page: '4..9'."""
        assert self.town is not None
        row = self.town.rows(
            "SELECT capture_before, capture_after FROM page_changes WHERE page_id = ? ORDER BY revision DESC LIMIT 1",
            self.page_of(path),
        )[0]
        return f"{row[0]}..{row[1]}"

    def routes(self) -> list[str]:
        """One address of every sort of page."""
        return [
            "/", "/?class=silent-edit&q=kronor&days=9999&kind=text&weight=1&noise=1&technical=1", "/?order=weight",
            "/?q=saknas",
            f"/compare/{self.pair('/avgift')}", f"/compare/{self.pair('/avgift')}?view=inline",
            f"/compare/{self.pair('/borta')}", f"/compare/{self.pair('/fil.pdf')}", f"/compare/{self.pair('/ond')}",
            f"/compare/{self.pair('/anslagstavla')}", f"/page/{self.page_of('/avgift')}",
            f"/page/{self.page_of('/ond')}", f"/page/{self.page_of('/fil.pdf')}",
            f"/page/{self.page_of('/anslagstavla')}", f"/page/{self.page_of('/avgift')}?at=2026-03-02",
            f"/page/{self.page_of('/avgift')}?at=2020-01-01", f"/capture/{self.pair('/avgift').split('.')[0]}",
            f"/capture/{self.pair('/ond').split('.')[-1]}", "/m", "/m?held=1", "/m/9999", "/search",
            "/search?q=kronor", "/search?q=kronor&tense=removed", "/search?q=boom", "/search?q=xyzzy", "/lists",
            "/lists/gone", "/lists/dead-links", "/lists/documents", "/lists/notice-board", "/lists/events", "/sql",
            "/sql/silent-edits", "/sql/states", "/alert?q=avgift",
            "/sql/states?url=https://www.exempelkoping.se/avgift", "/health",
            "/about", "/finns-inte-alls/x/y/z.q", "/page/987654321", "/?since=31-12-2026",
        ]  # fmt: skip


def live(found: Town) -> None:
    """Four days of it."""
    _first_day(found)
    _later_days(found)


def _ond(extra: str = "") -> str:
    paragraphs = [f"<p>{escape(words)}</p>" for words in (*HOSTILE, extra) if words]
    links = [("javascript:boom()", "klicka"), ('/x"onmouseover="boom()', "<b>fet</b>"), ("/fil.pdf", "</a><script>")]
    return page("<script>boom()</script> & rubrik", *paragraphs, updated="2026-01-02", links=links)


def _first_day(found: Town) -> None:
    site = found.site
    names = ("avgift", "datum", "bakat", "borta", "ond", "anslagstavla", "orort")
    site["/"] = page("Start", links=[*((f"/{n}", n) for n in names), ("/fil.pdf", "Fil, pdf"), ("/dod", "Död länk")])
    site["/avgift"] = page(
        "Avgifter", "Högst 2 359 kronor i månaden.", "Du kan begära att avgiften prövas på nytt.",
        f"Sidansvarig: {NAME}", updated="2026-01-02", published="2019-11-08", links=[("/fil.pdf", "Taxan")],
    )  # fmt: skip
    site["/datum"] = page("Datum", "Text.", updated="2026-01-02")
    site["/bakat"] = page("Bakåt", "Text.", updated="2026-02-02")
    site["/borta"] = page("Borta", "Ord som försvann.")
    site["/ond"] = _ond()
    site["/anslagstavla"] = page("Anslag", "Hemligt anslag om bygglov.")
    site["/orort"] = page("Orört", "Alltid samma ord.", updated="2026-01-01")
    site.file("/fil.pdf", page_pdf("Fil", ["Första lydelsen"], found.clock.now()))
    found.crawl()


def _later_days(found: Town) -> None:
    site = found.site
    site["/avgift"] = page(
        "Avgifter", "Högst 2 575 kronor i månaden.", f"Sidansvarig: {NAME}", updated="2026-01-02",
        published="2019-11-08",
    )  # fmt: skip
    site["/datum"] = page("Datum", "Text.", updated="2026-03-03")
    site["/bakat"] = page("Bakåt", "Text.", updated="2026-01-01")
    site["/ond"] = _ond("<script>boom('ny')</script> tillagt")
    site["/anslagstavla"] = page("Anslag", "Nytt hemligt anslag om rivningslov.")
    site.gone("/borta")
    site.file("/fil.pdf", page_pdf("Fil", ["Andra lydelsen"], found.clock.now()))
    found.day()
    found.day()
    found.day()
