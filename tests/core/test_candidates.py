"""What a link leads to, said at one look: address, page, number of a file, section; or why it is refused."""

from dataclasses import replace

import pytest

from archiver.frontier.candidates import Candidate, Refused, candidate
from archiver.model import Era, Parameters, Profile, Role, Scope, Section, Seed, Source

SITE = "https://www.exempelkoping.se"
SOURCE = Source(
    id="exempelkoping",
    municipality="Exempelköping",
    code="9999",
    county="Exempellän",
    language="sv",
    eras=(Era("sitevision"),),
    seeds=(Seed(f"{SITE}/"),),
    scope=Scope((f"{SITE}/",), exclude=("/kalender/*",), depth=3),
    sitemaps=("https://kartor.example/karta.xml",),
    sections=(Section("anslag", "/anslag", every=86_400),),
    parameters=(Parameters(api=("sv.route",)),),
)
PROFILE = Profile(name="sitevision", identity="sitevision", strip=("sv.*",))
NODE = "18.15d59a7c151bb4254b799de5"
FILE = f"{SITE}/download/{NODE}/1600000000001/Plan.pdf"
LISTING = "https://kartor.example/karta.xml"
WWW = "www.exempelkoping.se"
BARE = "https://exempelkoping.se"


def found(target: str, role: Role = "page", depth: int = 1) -> Candidate | Refused | None:
    return candidate(SOURCE, PROFILE, target, role, depth)


@pytest.mark.parametrize(
    ("target", "role", "expected"),
    [
        (f"{SITE}/a?utm_source=x#mer", "page",
         Candidate(f"{SITE}/a?utm_source=x", f"{SITE}/a", WWW, "page", 1, f"{BARE}/a")),
        (f"{SITE}/a/index.html", "page",
         Candidate(f"{SITE}/a/index.html", f"{SITE}/a/index.html", WWW, "page", 1, f"{BARE}/a")),
        (FILE, "file", Candidate(FILE, FILE, WWW, "file", 1, f"{BARE}/download/{NODE}", 1_600_000_000_001)),
        (f"{SITE}/anslag/1", "page",
         Candidate(f"{SITE}/anslag/1", f"{SITE}/anslag/1", WWW, "page", 1, f"{BARE}/anslag/1", None, 86_400)),
        (f"{SITE}/a?sv.route=1", "page",
         Candidate(f"{SITE}/a?sv.route=1", f"{SITE}/a?sv.route=1", WWW, "api", 1, f"{BARE}/a?sv.route=1")),
        (LISTING, "sitemap",
         Candidate(LISTING, LISTING, "kartor.example", "sitemap", 1, LISTING)),
    ],
)  # fmt: skip
def test_what_belongs_is_told_whole(target: str, role: Role, expected: Candidate) -> None:
    assert found(target, role) == expected


@pytest.mark.parametrize(
    ("target", "depth", "expected"),
    [
        (f"{SITE}/kalender/1", 1, Refused(f"{SITE}/kalender/1", "excluded by /kalender/*", False)),
        (f"{SITE}/a/a/a/a", 1, Refused(f"{SITE}/a/a/a/a", "a part of the path stands there 4 times", True)),
        (f"{SITE}/a", 4, Refused(f"{SITE}/a", "4 links from a seed, and the limit is 3", False)),
    ],
)
def test_what_does_not_belong_is_told_with_the_reason(target: str, depth: int, expected: Refused) -> None:
    assert found(target, depth=depth) == expected


@pytest.mark.parametrize(
    "target", ["https://annan.example/", "mailto:a@exempelkoping.se", "https://annan.example/karta.xml"]
)
def test_a_link_to_another_site_is_none(target: str) -> None:
    assert found(target) is None


def test_two_configurations_of_one_source_are_told_apart() -> None:
    """What is remembered of a source is found by its id, and compared whole."""
    wider = replace(SOURCE, scope=Scope((f"{SITE}/",), depth=3))
    assert hash(wider) == hash(SOURCE)
    assert isinstance(found(f"{SITE}/kalender/1"), Refused)
    assert isinstance(candidate(wider, PROFILE, f"{SITE}/kalender/1", "page", 1), Candidate)
