"""Which dates a page gives itself: claims, belief, and the lines that say nothing else."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.dates import Found, collect, doubts
from archiver.extract.page.lines import Head, Line, Stamp, Zone
from archiver.model import Claim, Facts, Meaning, Profile, Witness, believed
from packs import CODES, pack, rules

SEEN = datetime(2024, 6, 1, 12, tzinfo=UTC)
ALL: tuple[Witness, ...] = ("jsonld", "meta", "time", "label", "lone-date", "url", "file-number")


def page(
    *texts: str | Line, code: str = "sv", head: Head | None = None, url: str = "https://www.exempelkoping.se/sida",
    at: datetime = SEEN, witness: tuple[Witness, ...] = ALL, profile: Profile | None = None,
) -> Found:  # fmt: skip
    """What is found on a page of these lines, the title first."""
    lines = [Line("Rubrik", "main", "title", 1), *(t if isinstance(t, Line) else line(t) for t in texts)]
    facts = Facts(url, at)
    return collect(
        head or Head(), lines, facts, rules(code, profile or Profile("plain", witness=witness)), lambda _: "p"
    )


def line(text: str, zone: Zone = "main", stamps: Sequence[Stamp] = (), **more: object) -> Line:
    return Line(text, zone, "paragraph", None, tuple(stamps))._replace(**more)


def dates(found: Found) -> dict[str, str]:
    """The believed dates by meaning."""
    return {c.meaning: c.value for c in found.claims if c.believed and c.value and c.meaning != "responsible"}


def responsible(found: Found) -> str | None:
    claim = believed(found.claims, "responsible")
    return claim.value if claim else None


def doubted(found: Found) -> list[tuple[str, str, str | None]]:
    return [(c.meaning, c.raw, c.doubt) for c in found.claims if not c.believed]


def left_out(found: Found) -> list[int]:
    """Lines that leave the body; line 0 is the title."""
    return sorted(found.date_lines)


def metas(**said: str) -> Head:
    return Head(metas=tuple((name.replace("__", ":").replace("_dot_", "."), said[name]) for name in said))


def jsonld(*nodes: object) -> Head:
    return Head(jsonld=tuple(json.dumps(node) for node in nodes))


# Labels as they are met on Swedish pages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Publiceringsdatum: 08 nov 2019"], {"published": "2019-11-08"}),
        (["Senast uppdaterad:", "2023-04-12", "Publicerad:", "2019-11-08"],
         {"published": "2019-11-08", "updated": "2023-04-12"}),
        (["Sidan uppdaterades senast: 2019-12-20"], {"updated": "2019-12-20"}),
        (["Senast uppdaterad • 21 mar 2019"], {"updated": "2019-03-21"}),
        (["Senast uppdaterad – 21 mar 2019"], {"updated": "2019-03-21"}),
        (["Senast uppdaterad | 21 mar 2019"], {"updated": "2019-03-21"}),
        (["Senast uppdaterad 21 mar 2019"], {"updated": "2019-03-21"}),
        (["Publicerad2019-11-08"], {"published": "2019-11-08"}),
        (["Publicerad:2019-11-08"], {"published": "2019-11-08"}),
        (["Sidan granskad 7 maj 2019"], {"reviewed": "2019-05-07"}),
        (["Sidan senast granskad den 26 juli 2022"], {"reviewed": "2022-07-26"}),
        (["Senast uppdaterad:", "7 mars 2022 kl. 09.54"], {"updated": "2022-03-07T09:54"}),
        (["Sidan senast uppdaterad: den 6 juli 2021"], {"updated": "2021-07-06"}),
        (["Publicerad den 12 augusti 2021, senast ändrad den 23 september 2022"],
         {"published": "2021-08-12", "updated": "2022-09-23"}),
        (["Publicerad: 8 november, 2019 kl 10:15 Senast ändrad: 9 november, 2020 kl 11:20"],
         {"published": "2019-11-08T10:15", "updated": "2020-11-09T11:20"}),
        (["Publicerad: 2015-01-03 Uppdaterad: 2023-12-29"], {"published": "2015-01-03", "updated": "2023-12-29"}),
        (["Publicerad: 2015-01-03 | Uppdaterad: 2023-12-29"], {"published": "2015-01-03", "updated": "2023-12-29"}),
        (["Nyheter | Publicerad: 8 maj 2019"], {"published": "2019-05-08"}),
        (["Publicerad 8 maj 2019 (uppdaterad 9 maj 2019)"], {"published": "2019-05-08", "updated": "2019-05-09"}),
        (["Publicerades 8 maj 2019 och uppdaterades den 9 maj 2019"],
         {"published": "2019-05-08", "updated": "2019-05-09"}),
        (["Publicerad:", "Uppdaterad:", "2019-11-08", "2020-01-01"],
         {"published": "2019-11-08", "updated": "2020-01-01"}),
        (["Sidan är senast uppdaterad 9 maj 2019."], {"updated": "2019-05-09"}),
        (["Last updated: 8 November 2019"], {"updated": "2019-11-08"}),
    ],
)  # fmt: skip
def test_a_label_and_its_date_are_found_wherever_they_stand(texts: list[str], expected: dict[str, str]) -> None:
    found = page("Brödtext om vatten och avlopp.", *texts)
    assert dates(found) == expected
    assert left_out(found) == list(range(2, 2 + len(texts))) or "Nyheter" in texts[0]


def test_a_page_without_dates_has_none() -> None:
    found = page("2017 infördes ett nytt arbetssätt i kommunplan 2020–2022.", "Filmen: Exempelköping 2018")
    assert found == Found((), frozenset())


def test_a_label_without_value_is_a_claim_not_a_date() -> None:
    found = page("Text.", "Senast uppdaterad:", line("Nyheter", kind="heading", level=2), "2023-01-01", "En nyhet")
    assert found.claims == (
        Claim("updated", "label", "sv:Senast uppdaterad", "Senast uppdaterad", "", None, None, "p", False, "no-value"),
    )
    assert left_out(found) == [2]
    assert [issue.kind for issue in doubts(found.claims, SEEN)] == ["label-without-value"]


@pytest.mark.parametrize(
    "after",
    [
        ["2023-01-01 En nyhet"],
        ["2023-01-01", "En nyhet", "2023-01-02", "En nyhet till"],
        [line("2023-01-01", "list")],
        [line("2023-01-01", "rest")],
        [line("2023-01-01", kind="heading", level=2)],
        ["Text", "2023-01-01"],
    ],
)
def test_a_later_date_is_not_taken_for_an_empty_label(after: list[str | Line]) -> None:
    found = page("Senast uppdaterad:", *after)
    assert dates(found) == {}
    assert doubted(found) == [("updated", "", "no-value")]


def test_labels_side_by_side_do_not_share_the_next_date() -> None:
    assert dates(page("Publicerad | Uppdaterad", "2019-11-08")) == {}
    assert dates(page("Publicerad | Uppdaterad", "2019-11-08 | 2020-01-01")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Policyn är senast uppdaterad 8 maj 2019.",
        "Beslutet publicerades 8 maj 2019 på anslagstavlan.",
        "Publicerades 8 maj 2019 på anslagstavlan och får överklagas i tre veckor räknat från den dagen.",
        "Uppdaterad information om vatten 2019-11-08",
        "Publicerad forskning 2019",
        "Antagen av fullmäktige 2015-06-15, reviderad 2019-11-08",
        "Reviderad 2019-11-08 av kommunfullmäktige § 12",
        "Den opublicerade planen 2019-11-08",
        "Anslaget: 2019-05-05, Publicerad: 2019-05-05",
        line("Riktlinjer – Uppdaterad 2019-05-05", kind="list-item", level=1),
        line("Riktlinjer | Uppdaterad 2019-05-05", kind="table-row"),
        "Riktlinjer för bidrag Uppdaterad 2019-05-05",
    ],
)
def test_running_text_and_documents_are_not_the_pages_dates(text: str | Line) -> None:
    found = page("Text.", text, "Text.")
    assert dates(found) == {}
    assert left_out(found) == []


@pytest.mark.parametrize(
    "label", ["Sammanträdesdatum", "Gäller fr.o.m.", "Nästa granskning", "Dagens datum", "Antagen"]
)
def test_a_misleading_label_is_kept_and_not_believed(label: str) -> None:
    found = page(f"{label}: 2019-11-08")
    assert doubted(found) == [("other", "2019-11-08", "misleading-label")]
    assert dates(found) == {}
    assert left_out(found) == []


def test_a_next_review_is_not_a_review() -> None:
    found = page("Page last reviewed: 8 November 2019", "Next review due: 8 November 2022", code="en")
    assert dates(found) == {"reviewed": "2019-11-08"}
    assert left_out(found) == [1]


def test_created_is_not_published() -> None:
    assert dates(page("Sidan skapades 2019-01-01")) == {"created": "2019-01-01"}


@pytest.mark.parametrize(
    ("zone", "doubt"),
    [
        ("banner", "banner"),
        ("list", "misleading-label"),
        ("comment", "misleading-label"),
        ("furniture", "misleading-label"),
    ],
)
def test_other_zones_do_not_date_the_page(zone: Zone, doubt: str) -> None:
    found = page(line("Uppdaterad 2024-05-05 10:00", zone))
    assert doubted(found) == [("updated", "2024-05-05 10:00", doubt)]
    assert left_out(found) == []


def test_a_footer_dates_the_page_while_its_banner_does_not() -> None:
    found = page(line("Uppdaterad 2024-05-05 10:00", "banner"), "Text", line("Senast uppdaterad: 2020-01-02", "rest"))
    assert dates(found) == {"updated": "2020-01-02"}


def test_dates_of_a_list_are_nobodys() -> None:
    found = page("Publicerad: 2019-01-01", "Publicerad: 2019-02-01", "Publicerad: 2019-03-01")
    assert {d for _, _, d in doubted(found)} == {"contradicted"}
    assert dates(found) == {}
    assert left_out(found) == []


def test_the_label_beside_the_title_outranks_those_of_a_list() -> None:
    found = page(line("Publicerad: 2020-05-05", beside_title=True), "Publicerad: 2019-01-01", "Publicerad: 2019-02-01")
    assert dates(found) == {"published": "2020-05-05"}


def test_the_same_date_twice_is_believed_once() -> None:
    found = page("Publicerad: 2020-05-05", "Publicerad: 5 maj 2020")
    assert [c.believed for c in found.claims] == [True, False]
    assert doubted(found) == [("published", "5 maj 2020", "outranked")]
    assert left_out(found) == [1, 2]


@pytest.mark.parametrize(
    ("text", "doubt", "stays"),
    [
        ("Senast uppdaterad: 2030-01-01", "future", True),
        ("Senast uppdaterad: 2024-06-02", "future", True),
        ("Senast uppdaterad: 1970-01-01", "before-the-web", True),
        ("Senast uppdaterad: 31 feb 2019", "not-understood", True),
        ("Senast uppdaterad: tor 8 nov", "not-understood", True),
        ("Senast uppdaterad: i förrgår", "relative", False),
    ],
)
def test_what_no_page_can_truly_say_is_doubted(text: str, doubt: str, stays: bool) -> None:
    found = page("Text.", text)
    assert [d for _, _, d in doubted(found)] == [doubt]
    assert dates(found) == {}
    assert left_out(found) == ([] if stays else [2])


def test_a_page_updated_today_is_believed_and_reported() -> None:
    found = page("Senast uppdaterad: 2024-06-01")
    assert dates(found) == {"updated": "2024-06-01"}
    assert [issue.kind for issue in doubts(found.claims, SEEN)] == ["date-is-fetch-day"]


def test_today_is_the_sites_day() -> None:
    late = datetime(2024, 5, 31, 22, 30, tzinfo=UTC)
    assert dates(page("Senast uppdaterad: 2024-06-01", at=late)) == {"updated": "2024-06-01"}


# People ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["Sidansvarig: Anna Ek"], "Anna Ek"),
        (["Sidansvarig", "Anna Ek"], "Anna Ek"),
        (["Informationsansvarig • Anna Ek, Förbundsjurist"], "Anna Ek"),
        (["Innehållsansvar: Anna Ek, e-post: anna@exempelkoping.se"], "Anna Ek"),
        (["Senast uppdaterad: 2014-05-15 av Anna Ek"], "Anna Ek"),
        (["Senast uppdaterad: 7 mars 2014 kl. 09.54 av", "Anna Ek"], "Anna Ek"),
        (["Senast uppdaterad:", "7 mars 2014 kl. 09.54", "av Anna Ek"], "Anna Ek"),
        (["Publicerad av Anna Ek den 8 maj 2014"], "Anna Ek"),
        (["Publicerad av Anna Ek", "Sidansvarig: Bo Al"], "Bo Al"),
        (["Sidansvarig:"], None),
        (["Redaktör sökes till kommunens webbplats"], None),
        (["Ansvarig för sidan är kommunstyrelsen"], None),
        (["Sidansvarig", "Så fungerar kommunen för dig som bor här."], None),
    ],
)
def test_a_name_belongs_to_whoever_is_responsible(texts: list[str], name: str | None) -> None:
    found = page("Text.", *texts)
    assert responsible(found) == name
    assert all("Ek" not in (c.value or "") + c.raw for c in found.claims if c.meaning != "responsible")


def test_a_name_behind_a_date_leaves_the_body_with_it() -> None:
    found = page("Senast uppdaterad: 7 mars 2014 kl. 09.54 av", "Anna Ek", "Text.")
    assert dates(found) == {"updated": "2014-03-07T09:54"}
    assert left_out(found) == [1, 2]


# Machines' witnesses --------------------------------------------------------------------------------------------------


def test_a_stamp_beside_its_label_dates_a_page_that_prints_relative_words() -> None:
    found = page(line("Uppdaterad: för två år sedan", stamps=[Stamp(12, 28, "2022-05-30T08:00:00+02:00", "")]))
    assert dates(found) == {"updated": "2022-05-30T08:00:00"}
    assert doubted(found) == [("updated", "för två år sedan", "relative")]
    assert left_out(found) == [1]


def test_the_attribute_beats_the_text() -> None:
    found = page(line("Publicerad: 8 nov", stamps=[Stamp(12, 17, "2019-11-08", "")]))
    assert dates(found) == {"published": "2019-11-08"}
    assert left_out(found) == [1]


def test_a_stamp_around_two_labels_is_not_both_their_dates() -> None:
    found = page(line("Publicerad 8 nov 2019 Uppdaterad 9 nov 2020", stamps=[Stamp(0, 43, "2019-11-08", "")]))
    assert dates(found) == {"published": "2019-11-08", "updated": "2020-11-09"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("entry-date published", {"published": "2019-11-08"}),
        ("entry-date published updated", {"published": "2019-11-08"}),
        ("updated", {"updated": "2019-11-08"}),
        ("dateModified", {"updated": "2019-11-08"}),
        ("event-start", {}),
        ("", {}),
    ],
)
def test_a_bare_stamp_is_believed_by_its_own_name_only(name: str, expected: dict[str, str]) -> None:
    bare = line("8 november 2019", stamps=[Stamp(0, 15, "2019-11-08", name)])
    assert dates(page(bare, "Text.")) == expected
    assert dates(page(bare._replace(zone="list"), "Text.")) == {}


def test_municipio_says_it_in_meta_tags() -> None:
    found = page(
        "Publicerad: 8 november, 2019 Uppdaterad: 12 april, 2023",
        head=metas(pubdate="2019-11-08", moddate="2023-04-12"),
    )
    assert [(c.witness, c.believed, c.doubt) for c in found.claims] == [
        ("meta", True, None), ("meta", True, None), ("label", False, "outranked"), ("label", False, "outranked"),
    ]  # fmt: skip
    assert left_out(found) == [1]


def test_of_two_meta_tags_the_surer_name_is_believed() -> None:
    found = page(head=metas(moddate="2023-04-11", article__modified_time="2023-04-12T10:10:00+00:00"))
    assert dates(found) == {"updated": "2023-04-12T12:10:00"}
    assert doubted(found) == [("updated", "2023-04-11", "contradicted")]


# A moment in UTC, and the day on which it is where the page is --------------------------------------------------------

NIGHT = {"@type": "NewsArticle", "datePublished": "2019-11-07T23:30:00Z", "dateModified": "2019-11-09T01:30:00Z"}


def test_near_midnight_the_day_is_that_of_the_languages_zone() -> None:
    assert dates(page(head=jsonld(NIGHT))) == {"published": "2019-11-08T00:30:00", "updated": "2019-11-09T02:30:00"}


def test_the_day_that_the_page_prints_is_that_of_its_own_clock() -> None:
    found = page("Publicerad: 7 november 2019", head=jsonld(NIGHT))
    assert dates(found)["published"] == "2019-11-07"
    assert [(c.witness, c.doubt) for c in found.claims if c.meaning == "published"] == [
        ("jsonld", "outranked"), ("label", None),
    ]  # fmt: skip
    assert not [issue for issue in doubts(found.claims, SEEN) if issue.kind == "witnesses-disagree"]
    by_address = page(head=jsonld(NIGHT), url="https://exempelkoping.se/2019/11/07/for-alla/")
    assert dates(by_address)["published"] == "2019-11-07"
    by_meta = page(head=metas(pubdate="2019-11-07", article__published_time="2019-11-07T23:30:00+00:00"))
    assert dates(by_meta)["published"] == "2019-11-07"


def test_a_printed_day_on_which_the_moment_cannot_be_contradicts_it() -> None:
    found = page("Publicerad: 6 november 2019", head=jsonld(NIGHT))
    assert dates(found)["published"] == "2019-11-08T00:30:00"
    assert ("published", "6 november 2019", "contradicted") in doubted(found)


def test_where_no_zone_is_known_a_moment_stays_as_it_is() -> None:
    abroad = Head(language="pt-BR", jsonld=jsonld(NIGHT).jsonld)
    assert dates(page(head=abroad)) == {"published": "2019-11-07T23:30:00"}
    assert [(raw, doubt) for _, raw, doubt in doubted(page(head=abroad))] == [
        ("2019-11-09T01:30:00Z", "not-understood")  # in America it is still the day before
    ]
    printed = page("Senast uppdaterad: 2019-11-08", head=abroad)
    assert dates(printed)["updated"] == "2019-11-08"


def test_the_zone_of_a_source_holds_for_its_pages_in_other_languages() -> None:
    facts = Facts("https://www.exempelkoping.se/en", SEEN, hosts=("www.exempelkoping.se",))
    found = collect(Head(language="en", jsonld=jsonld(NIGHT).jsonld), [], facts, rules(), lambda _: "p")
    assert dates(found)["published"] == "2019-11-08T00:30:00"


def test_a_local_time_that_calls_itself_utc_is_not_believed() -> None:
    node = {"@type": "NewsArticle", "datePublished": "2019-11-08T07:25:06Z"}
    head = Head(metas=(("article:published_time", "2019-11-07T21:25:06+00:00"),), jsonld=jsonld(node).jsonld)
    assert dates(page(head=head)) == {}
    assert dates(page(head=head, url="https://exempelkoping.se/nyheter/20191108/for-alla")) == {
        "published": "2019-11-08T08:25:06"
    }


def test_moments_of_one_day_agree() -> None:
    found = page(
        "Publicerad: 8 november 2019 kl. 10.30", head=metas(article__published_time="2019-11-08T09:00:00+01:00")
    )
    assert dates(found) == {"published": "2019-11-08T09:00:00"}
    assert [doubt for _, _, doubt in doubted(found)] == ["outranked"]


def test_an_address_that_names_a_day_long_before_belies_the_stamp() -> None:
    url = "https://exempelkoping.se/nyheter/2019-11-08-for-alla"
    moved = page(head=metas(pubdate="2023-03-15"), url=url)
    assert dates(moved) == {}
    assert next(issue.kind for issue in doubts(moved.claims, SEEN)) == "witnesses-disagree"
    assert dates(page(head=metas(pubdate="2019-11-12"), url=url)) == {"published": "2019-11-12"}


@pytest.mark.parametrize(
    "header",
    ["Thu, 07 Nov 2019 23:30:00 GMT", "Thursday, 07-Nov-19 23:30:00 GMT", "Thu Nov  7 23:30:00 2019"],
)
def test_what_the_server_says_is_hearsay(header: str) -> None:
    facts = Facts("https://exempelkoping.se/sida", SEEN, last_modified=header)
    found = collect(Head(), [], facts, rules("sv", Profile("plain", witness=("label", "http"))), lambda _: "p")
    assert found.claims == (
        Claim("updated", "http", "http:last-modified", None, header, "2019-11-08T00:30:00", "second",
              "last-modified", False, "hearsay"),
    )  # fmt: skip
    assert doubts(found.claims, SEEN) == ()


@pytest.mark.parametrize("header", ["", "nyss", "Thu, 31 Feb 2019 23:30:00 GMT", "x" * 9_000, "\u0660" * 30])
def test_a_header_that_is_no_date_costs_nothing(header: str) -> None:
    facts = Facts("https://exempelkoping.se/sida", SEEN, last_modified=header)
    found = collect(Head(), [], facts, rules("sv", Profile("plain", witness=("http",))), lambda _: "p")
    assert [claim.value for claim in found.claims] == [None] * bool(header)


def test_a_meta_tag_that_only_says_date_is_believed_if_the_profile_knows_it() -> None:
    head = metas(dc_dot_date="2019-11-08")
    assert doubted(page(head=head)) == [("other", "2019-11-08", "misleading-label")]
    profile = Profile("own", meta=(("published", ("DC.Date",)),))
    assert dates(page(head=head, profile=profile)) == {"published": "2019-11-08"}


def test_a_visible_date_that_contradicts_a_stronger_witness_is_kept() -> None:
    found = page("Uppdaterad: 2023-04-13", head=metas(moddate="2023-04-12"))
    assert dates(found) == {"updated": "2023-04-12"}
    assert doubted(found) == [("updated", "2023-04-13", "contradicted")]
    (issue,) = doubts(found.claims, SEEN)
    assert (issue.kind, "2023-04-13" in issue.detail, "2023-04-12" in issue.detail) == (
        "witnesses-disagree",
        True,
        True,
    )


def test_a_day_gives_way_to_no_minute_but_a_year_gives_way_to_a_day() -> None:
    assert dates(page("Uppdaterad: 2023-04-12 09:54", head=metas(moddate="2023-04-12"))) == {"updated": "2023-04-12"}
    assert dates(page("Uppdaterad: 2023-04-12", head=metas(moddate="2023"))) == {"updated": "2023-04-12"}


def test_json_ld_near_midnight_is_the_sites_day() -> None:
    found = page(head=jsonld({"@type": "NewsArticle", "datePublished": "2019-11-07T23:30:00Z"}))
    assert dates(found) == {"published": "2019-11-08T00:30:00"}


def test_json_ld_of_other_things_says_nothing_of_the_page() -> None:
    other = [
        {"@type": "JobPosting", "datePublished": "2019-01-01"},
        {"@type": "Event", "datePublished": "2019-01-02"},
        {"@type": "VideoObject", "datePublished": "2019-01-03"},
        {"@type": "ItemList", "itemListElement": [{"@type": "Article", "datePublished": "2019-01-04"}]},
        {"@type": "WebPage", "comment": {"@type": "Article", "datePublished": "2019-01-05"}},
    ]
    assert page(head=jsonld(*other, other)).claims == ()


def test_of_several_nodes_the_one_that_names_the_page_is_heard() -> None:
    graph = {"@graph": [
        {"@type": "Article", "@id": "https://exempelkoping.se/annan#artikel", "datePublished": "2018-01-01"},
        {"@type": ["WebPage"], "mainEntityOfPage": {"@id": "http://exempelkoping.se/sida/"},
         "datePublished": "2019-01-01"},
    ]}  # fmt: skip
    assert dates(page(head=jsonld(graph))) == {"published": "2019-01-01"}


def test_nodes_that_disagree_are_not_believed() -> None:
    nodes = [{"@type": "Article", "datePublished": day} for day in ("2018-01-01", "2019-01-01")]
    found = page("Publicerad: 2017-01-01", head=jsonld(*nodes))
    assert dates(found) == {"published": "2017-01-01"}
    assert [d for _, _, d in doubted(found)] == ["contradicted", "contradicted"]


@pytest.mark.parametrize("script", ["", "{", "[" * 100_000, '{"@type":"Article","datePublished":7}', '"date', "null"])
def test_broken_json_ld_costs_nothing(script: str) -> None:
    assert page(head=Head(jsonld=(script + '"datePublished"', script))).claims == ()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://exempelkoping.se/arkiv/nyheter/2019/2019-11-08-for-alla", {"published": "2019-11-08"}),
        ("https://exempelkoping.se/2019/11/08/for-alla/", {"published": "2019-11-08"}),
        ("https://exempelkoping.se/2019/11/for-alla/", {}),
        ("https://exempelkoping.se/sida?datum=/2019-11-08-x", {}),
        ("https://exempelkoping.se/sammantraden/2019-11-08-fullmaktige", {}),
        ("https://exempelkoping.se/kalender/2019-11-08-marknad", {}),
        ("https://exempelkoping.se/nyheter/2019-13-08-x", {}),
        ("https://exempelkoping.se/nyheter/2031-11-08-x", {}),
    ],
)
def test_a_whole_day_in_the_path_is_a_weak_publication(url: str, expected: dict[str, str]) -> None:
    assert dates(page("Text.", url=url)) == expected


def test_a_file_number_is_the_moment_of_its_upload() -> None:
    url = "https://exempelkoping.se/download/18.1a2b3c/1573200000000/plan.pdf"
    assert dates(page(url=url)) == {"updated": "2019-11-08T09:00:00"}
    assert dates(page(url=url, witness=("label", "url"))) == {}


def test_a_lone_date_beside_the_title_is_the_weakest_witness() -> None:
    lone = line("12 januari 2018", beside_title=True)
    assert dates(page(lone, "Text.")) == {"published": "2018-01-12"}
    assert left_out(page(lone, "Text.")) == [1]
    assert dates(page(lone, "Text.", witness=("label", "url"))) == {}
    assert dates(page(lone, "Uppdaterad: 2019-01-01")) == {"updated": "2019-01-01"}
    assert dates(page(line("12 januari 2018 Möte", beside_title=True))) == {}
    assert dates(page("12 januari 2018")) == {}
    assert dates(page(line("januari 2018", beside_title=True))) == {}


@pytest.mark.parametrize(
    ("texts", "kinds"),
    [
        (["Publicerad: 2023-01-02"], []),
        (["Publicerad: 2031-01-02"], ["date-in-future"]),
        (["Uppdaterad: 2024-06-01"], ["date-is-fetch-day"]),
        (["Granskad:"], ["label-without-value"]),
        (["Uppdaterad: 2023-01-02", "Uppdaterad: 2023-02-03"], ["witnesses-disagree"] * 2),
        (["Publicerad: 2023-01-02", "Uppdaterad: 2022-01-02"], ["updated-before-published"]),
        (["Uppdaterad: i går", "Sammanträdesdatum: 2031-01-01"], []),
    ],
)
def test_a_person_is_told_what_to_look_at(texts: list[str], kinds: list[str]) -> None:
    assert [issue.kind for issue in doubts(page(*texts).claims, SEEN)] == kinds


def test_an_update_before_its_publication_is_reported() -> None:
    found = page("Publicerad 2020-01-02 10:00", "Uppdaterad 2020-01-01")
    assert [issue.kind for issue in doubts(found.claims, SEEN)] == ["updated-before-published"]
    assert doubts(page("Publicerad 2020-01-02 10:00", "Uppdaterad 2020-01-02").claims, SEEN) == ()


# Golden pages, in the form of those that taught us --------------------------------------------------------------------


def test_a_news_page_with_three_agreeing_witnesses() -> None:
    found = page(
        "Publiceringsdatum: 08 nov 2019", "För alla som bor här", "Målen i kommunplan 2020–2022 och Agenda 2030.",
        line("Sidinformation", "rest", kind="heading", level=2), line("Senast uppdaterad:", "rest"),
        line("2023-04-12", "rest"), line("Publicerad:", "rest"), line("2019-11-08", "rest"),
        url="https://exempelkoping.se/arkiv/nyheter/2019/2019-11-08-for-alla",
    )  # fmt: skip
    assert dates(found) == {"published": "2019-11-08", "updated": "2023-04-12"}
    assert [(c.witness, c.doubt) for c in found.claims if c.meaning == "published"] == [
        ("label", None), ("label", "outranked"), ("url", "outranked"),
    ]  # fmt: skip
    assert left_out(found) == [1, 5, 6, 7, 8]


def test_a_page_with_an_update_only_has_no_publication() -> None:
    found = page(
        "2017 infördes ett nytt arbetssätt.", "Filmen: Exempelköping 2018", "Sidan uppdaterades senast: 2019-12-20"
    )
    assert dates(found) == {"updated": "2019-12-20"}


@pytest.mark.parametrize(
    ("code", "texts", "expected"),
    [
        ("sv-FI", ["Publicerad 8.11.2019", "Uppdaterad för två år sedan"], {"published": "2019-11-08"}),
        ("fi", ["Julkaistu 8.11.2019 klo 9.54", "Päivitetty: 12.4.2023"],
         {"published": "2019-11-08T09:54", "updated": "2023-04-12"}),
        ("fi", ["Viimeksi päivitetty", "8. marraskuuta 2019"], {"updated": "2019-11-08"}),
        ("nb", ["Publisert 8. november 2019", "Sist oppdatert: 12.04.2023 av Kari Nordmann"],
         {"published": "2019-11-08", "updated": "2023-04-12"}),
        ("nn", ["Publisert 8. november 2019", "Sist endra 12.04.2023"],
         {"published": "2019-11-08", "updated": "2023-04-12"}),
        ("da", ["Offentliggjort 08-11-2019", "Sidst opdateret d. 12-04-2023 kl. 17:40"],
         {"published": "2019-11-08", "updated": "2023-04-12T17:40"}),
        ("de", ["Veröffentlicht am 8. November 2019", "Stand: 12.04.2023"],
         {"published": "2019-11-08", "updated": "2023-04-12"}),
        ("de", ["Diese Seite wurde zuletzt am 12. April 2023 um 13:22 Uhr geändert."],
         {"updated": "2023-04-12T13:22"}),
        ("de", ["Der Stand der Technik 2019"], {}),
        ("en", ["Published 8 November 2019", "Last updated 12 April 2023 — see all updates"],
         {"published": "2019-11-08", "updated": "2023-04-12"}),
        ("en", ["Published by Jane Doe on November 8, 2019", "Page last reviewed: 12 April 2023"],
         {"published": "2019-11-08", "reviewed": "2023-04-12"}),
        ("en", ["This page was last updated on 12/04/2023."], {"updated": "2023-04-12"}),
    ],
)  # fmt: skip
def test_pages_of_other_languages(code: str, texts: list[str], expected: dict[str, str]) -> None:
    found = page(*texts, code=code)
    assert dates(found) == expected
    assert not expected or left_out(found) == list(range(1, 1 + len(texts)))


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["gallivare.txt", "gislaved.txt"])
def test_the_seeds_say_what_is_expected_of_them(name: str) -> None:
    folder = Path(__file__).parents[3] / "shared" / "corpus" / "seeds"
    if not folder.is_dir():
        pytest.skip("the shared corpus of real pages is not beside this checkout")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))[name]
    texts = [" ".join(text.split()) for text in (folder / name).read_text("utf-8").splitlines() if text.strip()]
    found = page(*texts, url=expected["url"])
    assert dates(found) == {k: expected[k] for k in ("published", "updated") if expected[k]}


def test_a_long_list_does_not_crowd_out_the_pages_own_date() -> None:
    news = [line(f"Publicerad: 2019-01-{1 + n % 28:02}", "list") for n in range(500)]
    found = page(*news, line("Senast uppdaterad: 2020-01-02", "rest"))
    assert dates(found) == {"updated": "2020-01-02"}
    assert len(found.claims) < 50


# L17: a date is never invented ----------------------------------------------------------------------------------------

WORDS = st.sampled_from([
    "Publicerad", "Senast uppdaterad:", "Sidan granskad", "Sammanträdesdatum", "Publicerad av", "av Anna Ek", "den",
    "kl.", "8", "31", "11", "feb", "nov", "november", "2019", "2019-11-08", "8/11", "8.11.2019", "191108", "2020–2022",
    "09.54", "tor", "idag", "för två år sedan", "|", "•", ",", ":", "–", "(", "policyn", "beslutet", "och", "Text.",
])  # fmt: skip
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=1, max_size=8)
NAMES = {name.lower(): number for code in CODES for name, number in pack(code).months}


def parts_said(raw: str) -> set[int]:
    """Every number that a raw text says, month names and the halves of six or eight digits among them."""
    numbers = [int(n) for n in re.findall(r"\d+", raw)]
    runs = [run for run in re.findall(r"\d+", raw) if len(run) in (6, 8)]
    split = [int(p) for run in runs for p in (run[:-4], run[-4:-2], run[-2:])]
    names = [NAMES[word] for word in re.findall(r"[^\W\d_]+", raw.lower()) if word in NAMES]
    return {*numbers, *split, *names, *(2000 + p for p in split if p < 100)}


@given(LINES, st.sampled_from(("main", "rest")))
def test_a_date_is_never_invented(texts: list[str], zone: Zone) -> None:
    found = page(*(line(" ".join(text.split()), zone) for text in texts))
    for claim in found.claims:
        assert not (claim.believed and claim.doubt)
        assert claim.believed or claim.doubt
        if claim.believed and claim.meaning != "responsible":
            assert claim.value is not None
            assert {int(part) for part in re.findall(r"\d+", claim.value)} <= parts_said(claim.raw)
            parts = {"year": 1, "month": 2, "day": 3, "minute": 5, "second": 6}[claim.precision or "year"]
            assert len(re.findall(r"\d+", claim.value)) == parts
            assert any(claim.raw in text for text in texts)


@given(LINES)
def test_at_most_one_claim_is_believed_per_meaning(texts: list[str]) -> None:
    found = page(*(" ".join(text.split()) for text in texts))
    meanings: list[Meaning] = [c.meaning for c in found.claims if c.believed]
    assert len(meanings) == len(set(meanings))
    assert found.date_lines <= set(range(len(texts) + 1))


@given(
    st.lists(st.text(max_size=120).map(lambda t: " ".join(t.split())).filter(bool), max_size=5), st.text(max_size=80)
)
def test_no_page_is_too_strange_to_read(texts: list[str], stray: str) -> None:
    head = Head(
        metas=(("pubdate", stray), ("moddate", stray)), jsonld=(stray, f'{{"@type":"Article","datePublished":{stray}}}')
    )
    stamps = (Stamp(0, 3, stray, "published"),)
    found = page(*(line(t, stamps=stamps) for t in texts), head=head, url=f"https://exempelkoping.se/{stray}")
    assert all(claim.believed == (claim.doubt is None) for claim in found.claims)
