"""The guess that a person may ask for: which of a page's dates is the likeliest day of its publication."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.dates import Found, collect
from archiver.extract.page.lines import Head, Line, Stamp, Zone
from archiver.model import Facts, Profile, Witness, believed
from packs import rules

SEEN = datetime(2024, 6, 1, 12, tzinfo=UTC)
ASKED: tuple[Witness, ...] = ("jsonld", "meta", "time", "label", "lone-date", "url", "http", "any-date")
URL = "https://www.exempelkoping.se/sida"
TITLE = Line("Rubrik", "main", "title", 1)


def line(text: str, zone: Zone = "main", *stamps: Stamp) -> Line:
    return Line(text, zone, "paragraph", None, stamps)


def read(*lines: Line, url: str = URL, head: Head | None = None, witness: tuple[Witness, ...] = ASKED) -> Found:
    profile = Profile("plain", witness=witness)
    return collect(head or Head(), (TITLE, *lines), Facts(url, SEEN), rules("sv", profile), lambda _: "p")


def guess(*lines: Line, url: str = URL, head: Head | None = None) -> tuple[str, str | None] | None:
    """Rule and value of what is believed of the publication."""
    claim = believed(read(*lines, url=url, head=head).claims, "published")
    return (claim.rule, claim.value) if claim else None


FAR = [line("Text.")] * 20
OLD = line("Beslutet togs den 4 april 2018 av nämnden och gäller tills vidare i hela kommunen från årets början.")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([OLD, line("Ekliden, 8 november 2019")], ("any-date:alone-near-title", "2019-11-08")),
        ([line("2018"), line("Ekliden, 8 november 2019")], ("any-date:alone-near-title", "2019-11-08")),
        ([OLD], ("any-date:near-title", "2018-04-04")),
        ([*FAR, OLD, line("8 november 2019")], ("any-date:alone", "2019-11-08")),
        ([line(f"{'x' * 44} 8 november 2019")], ("any-date:alone-near-title", "2019-11-08")),
        ([line(f"{'x' * 45} 8 november 2019")], ("any-date:near-title", "2019-11-08")),
        ([line("Igår", "rest", Stamp(0, 4, "2019-11-08", ""))], ("any-date:stamp-near-title", "2019-11-08")),
        ([line("27 juin 2019")], ("any-date:alone-near-title", "2019-06-27")),
        ([line("5 de marzo de 2020")], ("any-date:alone-near-title", "2020-03-05")),
        ([line("March 18, 2020")], ("any-date:alone-near-title", "2020-03-18")),
        ([line("15 августа 2016, 13:43")], ("any-date:alone-near-title", "2016-08-15")),
        ([line("november 2019")], ("any-date:alone-near-title", "2019-11")),
        ([line("8 november 2031")], None),
        ([line("31 februari 2019")], None),
        ([line("Text.")], None),
    ],
)
def test_a_date_near_the_title_is_likelier_than_one_among_words(
    lines: list[Line], expected: tuple[str, str] | None
) -> None:
    assert guess(*lines) == expected


def test_addresses_meta_tags_and_scripts_are_looked_at_too() -> None:
    assert guess(url="https://exempelkoping.se/protokoll/29-10-2021") == ("any-date:address", "2021-10-29")
    assert guess(head=Head(metas=(("date", "2019-11-08"),))) == ("any-date:claim", "2019-11-08")
    assert guess(head=Head(metas=(("og:image", "/2019/11/08/bild.jpg"),))) == ("any-date:image", "2019-11-08")
    video = '{"@type": "VideoObject", "uploadDate": "2019-11-08"}'
    assert guess(head=Head(jsonld=(video,))) == ("any-date:script", "2019-11-08")
    assert guess(*FAR, line("Senast uppdaterad: 2019-11-08")) == ("any-date:updated", "2019-11-08")


def test_what_a_page_says_of_itself_is_no_guess() -> None:
    assert guess(line("8 november 2018"), line("Publicerad: 9 november 2019")) == ("sv:Publicerad", "2019-11-09")


def test_nobody_guesses_unasked() -> None:
    assert read(OLD, witness=ASKED[:-1]).claims == ()


def test_a_guess_takes_no_line_from_the_text() -> None:
    assert read(line("Ekliden, 8 november 2019")).date_lines == frozenset()


@given(st.lists(st.text(max_size=80).map(lambda t: " ".join(t.split())).filter(bool), max_size=5), st.text(max_size=60))
def test_no_page_is_too_strange_to_guess_from(texts: list[str], stray: str) -> None:
    head = Head(metas=(("date", stray), ("og:image", stray)), jsonld=(f'{{"uploadDate": "{stray}"}}',))
    found = read(*map(line, texts), url=f"https://exempelkoping.se/{stray}", head=head)
    assert sum(claim.witness == "any-date" for claim in found.claims) <= 1
