"""What an operator says of a host's parameters: what is asked once, what is told apart, what is asked as a script."""

from pathlib import Path
from typing import Any

from archive import SOURCE
from archive import town as a_town
from archiver.model import Request
from pretend import page

RULES = """
[[parameters]]
strip = ["sortering"]
api   = ["sv.*.route"]
[[parameters]]
host  = "www.exempelkoping.se"
keep  = ["state"]
"""
ROUTE = "/moten?sv.target=12.a1b2&sv.12.a1b2.route=/sok"


CAPTURES = """SELECT a.role, a.url, c.detail, c.body_id IS NOT NULL FROM captures c
              JOIN addresses a ON a.id = c.address_id WHERE a.url LIKE '%/moten%' ORDER BY c.id"""


def crawled(folder: Path, links: list[str]) -> tuple[list[tuple[Any, ...]], list[Request]]:
    """Two crawls of a start page with these links: the captures, and what was asked."""
    asked: list[Request] = []
    with a_town(folder, SOURCE + RULES) as town:
        town.site["/"] = page("Start", links=[(link, "Vidare") for link in links])
        town.site["/moten"] = page("Möten", "Alla möten.")
        town.site.file(ROUTE, b'{"hits": [{"title": "KS 2026-03-02"}]}', "application/json")

        async def fetch(request: Request, *, private: bool = False) -> Any:
            asked.append(request)
            return await town.site.fetch(request)

        town.fetch = fetch
        town.crawl()
        town.day(days=8)
        return town.rows(CAPTURES), asked


def test_a_parameter_that_chooses_nothing_is_asked_for_without_and_one_that_chooses_is_told_apart(
    tmp_path: Path,
) -> None:
    _, asked = crawled(
        tmp_path, ["/moten?sortering=datum", "/moten?sortering=namn", "/moten?state=ny", "/moten?state=gammal"]
    )
    wanted = {request.url.removeprefix("https://www.exempelkoping.se") for request in asked}
    assert wanted == {"/robots.txt", "/", "/moten", "/moten?state=ny", "/moten?state=gammal"}


def test_a_route_is_asked_for_as_a_script_asks_and_the_evidence_says_so(tmp_path: Path) -> None:
    rows, asked = crawled(tmp_path, [ROUTE, "/moten"])
    said = {request.url: request.headers for request in asked if "/moten" in request.url}
    route = f"https://www.exempelkoping.se{ROUTE}"
    assert said == {"https://www.exempelkoping.se/moten": (), route: (("X-Requested-With", "XMLHttpRequest"),)}
    assert {row for row in rows if row[0] == "api"} == {
        ("api", route, "asked with X-Requested-With: XMLHttpRequest", 1)
    }
    assert {row[2] for row in rows if row[0] == "page"} == {None}
