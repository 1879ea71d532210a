"""The lists of vendors' systems: what is read of them, whatever keys are missing; and which addresses are theirs."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extract import READERS, read
from archiver.extract.listings import loose, meetingsplus, vendors
from archiver.model import Document, Facts, Link, Reading, Seed
from rulebook import rules

RULES = rules("generic")
AT = datetime(2026, 3, 3, tzinfo=UTC)
TREE = "https://docs.netpublicator.com/api/public/r01/read?hash=rot-kf&isr=false"
BOARD = "https://moten.exempelkoping.example/api/dbb/v1.0/announcements/published?pageNumber=1&pageSize=2"


def listing(reader: str, url: str, said: object) -> Document:
    facts = Facts(url, AT, "application/json", reader=reader)
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    found = READERS[reader](body, facts, RULES)
    assert isinstance(found, Document)
    return found


def tree(*items: object, **more: object) -> Document:
    return listing("netpublicator", TREE, {"items": list(items), **more})


def test_every_vendor_has_a_reader_of_its_name() -> None:
    assert vendors.VENDORS.keys() <= READERS.keys()


def test_an_item_is_a_line_and_a_link_to_what_is_under_it() -> None:
    document = tree(
        {"id": "m1", "text": "2026-02-09", "type": "meeting"},
        {"id": "d1", "text": " Protokoll &amp; bilagor ", "type": "document", "data": {"Modified": "2026-02-12"}},
        history=[{"id": "rot", "text": "Protokoll"}, {"id": "kf", "text": "Kommunfullmäktige"}],
    )
    base = "https://docs.netpublicator.com/api/public/r01"
    assert (document.kind, document.legible, document.title) == ("listing", "yes", "Kommunfullmäktige")
    assert [block.text for block in document.main] == ["2026-02-09", "Protokoll & bilagor"]
    assert document.links == (
        Link(f"{base}/read?hash=rot-kf-m1&isr=false", "entry", "main", "2026-02-09", None, 1),
        Link(f"{base}/document/d1?hash=rot-kf", "attachment", "main", "Protokoll & bilagor", "2026-02-12", 2),
    )


@pytest.mark.parametrize(
    ("item", "link"),
    [
        ({"id": "x", "type": "document"}, "document/x?hash=rot-kf"),
        ({"ID": 12, "Text": "År", "Type": "Channel"}, "read?hash=rot-kf-12&isr=false"),
        ({"id": "kf", "text": "sig själv", "type": "channel"}, None),  # a loop
        ({"text": "Utan nummer"}, None),
        ({"id": "a/../b", "text": "Utanför"}, None),
        ({"id": {"n": 1}, "text": "Tabell"}, None),
        ({"id": "x", "text": "Film", "url": "https://play.example/1"}, "https://play.example/1"),
        ({"id": "x", "text": "Fråga", "href": "/a?b=1&copy=2"}, "/a?b=1&copy=2"),
        ({"id": "x", "text": "Skript", "url": "javascript:alert(1)"}, None),
        ({"id": "å ä", "text": "Bokstäver", "type": "document"}, "document/%C3%A5%20%C3%A4?hash=rot-kf"),
    ],
)
def test_what_an_item_lacks_is_left_out(item: dict[str, object], link: str | None) -> None:
    document = tree(item)
    place = "" if link and link.startswith("/") else "/api/public/r01/"
    whole = link if link is None or "://" in link else f"https://docs.netpublicator.com{place}{link}"
    assert [found.target for found in document.links] == ([] if whole is None else [whole])
    assert len(document.main) == 1


@pytest.mark.parametrize(
    ("said", "legible"),
    [
        ({"items": []}, "yes"),
        ([], "yes"),
        (b'callback({"items": [{"id": "a", "text": "A"}]});', "yes"),
        ({"history": [], "documents": [{"id": "a"}]}, "yes"),
        ({"items": [{"id": "a"}, 7, None, []]}, "partly"),
        ({"items": [{"namn": "A"}, {"namn": "B"}]}, "no"),
        ({"error": "no such hash"}, "no"),
        ({"items": {"id": "a"}}, "no"),
        (b"<html></html>", "no"),
        (b"", "no"),
        (b"[" * 200_000, "no"),
        (b"[" + b"9" * 10_000 + b"]", "no"),
        (b"[" + b"{}," * 900_000 + b"{}]", "no"),  # more values than any list has
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_not_legible(said: object, legible: str) -> None:
    assert listing("netpublicator", TREE, said).legible == legible


def test_half_a_character_is_no_text() -> None:
    document = tree({"id": "a", "text": "Proto\ud800koll\x00"})
    assert document.main[0].text.encode()


def test_a_list_beyond_all_measure_is_read_in_part() -> None:
    document = tree(*({"id": str(n)} for n in range(loose.MAX_ENTRIES + 5)))
    assert (len(document.links), document.legible) == (loose.MAX_ENTRIES, "partly")


def test_notices_lead_to_themselves_and_to_the_next_page() -> None:
    notices = [
        {"id": "a", "title": "Justerat protokoll", "startDate": "2026-03-01", "type": {"name": "Protokoll"}},
        {"id": "b"},
    ]
    document = listing("meetingsplus", BOARD, notices)
    assert [block.text for block in document.main] == ["Justerat protokoll | Protokoll | 2026-03-01", "b"]
    assert [(k.rel, k.part, k.note, k.target.partition("/v1.0/")[2]) for k in document.links] == [
        ("entry", "main", "2026-03-01", "announcements/a"),
        ("entry", "main", None, "announcements/b"),
        ("entry", "rest", None, "announcements/published?pageNumber=2&pageSize=2&manageableOnly=false"),
    ]


@pytest.mark.parametrize(
    ("said", "goes_on"),
    [
        ({"Items": [{"Id": 1}, {"Id": 2}], "TotalPages": 1}, False),
        ({"Items": [{"Id": 1}], "TotalPages": 2}, True),
        ({"Items": [{"Id": 1}]}, False),
        ({"Items": []}, False),
    ],
)
def test_the_last_page_leads_nowhere(said: object, goes_on: bool) -> None:
    assert any("pageNumber=2" in k.target for k in listing("meetingsplus", BOARD, said).links) == goes_on


def test_a_notice_is_its_facts_its_text_and_its_files() -> None:
    said = {
        "Id": "a", "Title": "Underrättelse", "StartDate": "2026-03-01",
        "Description": "<p>Plan &amp; bygg</p>\n<p>Näst</p>",
        "Documents": [{"Name": "Beslut", "FileUrl": "/filer/1"}, {"Name": "Karta", "link": "/karta"}],
    }  # fmt: skip
    document = listing("meetingsplus", BOARD.replace("published?pageNumber=1&pageSize=2", "a"), said)
    assert (document.title, document.text.splitlines()) == (
        "Underrättelse", ["2026-03-01", "Plan & bygg", "Näst", "Beslut", "Karta"],
    )  # fmt: skip
    assert [(k.rel, k.text) for k in document.links] == [("attachment", "Beslut"), ("entry", "Karta")]


def test_meetings_and_documents_of_ciceron_in_their_order() -> None:
    document = {"name": "Protokoll", "id": 5, "filename_b64": "YS9i+w=="}
    said = {"result": {"results": [{"title": "KF 2026-02-09", "documents": [document]}, {"title": "KS"}, {}]}}
    found = listing("ciceron", "https://sok.exempelkoping.example/json?method=ReadItems", said)
    assert (found.legible, [block.text for block in found.main]) == ("partly", ["KF 2026-02-09", "Protokoll", "KS"])
    assert [(k.rel, k.target) for k in found.links] == [
        ("attachment", "https://sok.exempelkoping.example/download/document?filename=YS9i%2Bw%3D%3D&id=5")
    ]
    assert listing("ciceron", "https://a.example/json", {"error": {"message": "no session"}}).legible == "no"


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(sorted(vendors.VENDORS)),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["items", "id", "text", "title", "type", "url", "result", "value", "documents", "history"]),
            inner, max_size=4,
        ),
        max_leaves=12,
    ),
    st.binary(max_size=20),
)  # fmt: skip
def test_no_answer_breaks_a_reader(reader: str, said: object, noise: bytes) -> None:
    for body in (json.dumps(said).encode(), noise, json.dumps(said).encode()[:-1] + noise):
        found = read(body, Facts(TREE, AT, reader=reader), RULES)
        assert isinstance(found, Reading)
        assert (found.document is None) == (found.verdict != "good")


def test_a_file_of_a_vendor_is_a_file_whatever_its_address() -> None:
    found = read(b"%PDF-1.4 broken", Facts(TREE, AT, reader="netpublicator"), RULES)
    assert isinstance(found, Reading)
    assert found.document is not None
    assert found.document.kind == "pdf"


def test_a_page_of_a_vendor_loses_nothing_but_the_kind_of_its_links() -> None:
    links = b"<a href='/fil?id=1'>Protokoll</a><a href=/mote/2>M</a><a href='mailto:a@b.example'>Post</a>"
    body = b"<html lang=sv><main><h1>KF</h1><p>Plats: Torget</p>" + links + b"</main>"
    facts = Facts("https://x.example/mote/1", AT)
    plain, marked = (read(body, replace(facts, reader=reader), RULES) for reader in (None, "troman"))
    assert isinstance(plain, Reading)
    assert isinstance(marked, Reading)
    assert plain.document is not None
    assert marked.document is not None
    assert plain.document.blocks == marked.document.blocks
    assert [k.rel for k in plain.document.links] == ["link", "link", "link"]
    assert [k.rel for k in marked.document.links] == ["attachment", "link", "link"]


def test_only_a_board_without_notices_leads_to_what_its_script_asks_for() -> None:
    facts = Facts("https://forum.example/digital-bulletin-board", AT)
    notice = Link("https://forum.example/announcements/1", "link", "main", "Anslag")
    assert len(meetingsplus.mark(Document("html"), facts).links) == 1
    assert meetingsplus.mark(Document("html", links=(notice,)), facts).links == (notice,)
    assert meetingsplus.mark(Document("html"), replace(facts, url="https://forum.example/committees")).links == ()


@pytest.mark.parametrize(
    ("reader", "seed", "url", "own"),
    [
        ("netpublicator", TREE, TREE.replace("kf", "ks"), True),
        ("netpublicator", TREE, "https://docs.netpublicator.com/api/public/r01/document/d?hash=x", False),
        ("netpublicator", TREE, "https://www.exempelkoping.example/api/public/r01/read?hash=x", False),
        ("troman", "https://x.example/", "https://x.example/mote/1-2", True),
        ("troman", "https://x.example/", "https://x.example/fil?id=1", False),
        ("troman", "https://x.example/", "https://x.example/nyheter", False),
        ("meetingsplus", "https://x.example/overview", "https://x.example/committees/ks/mote-2026-01-01", True),
        ("meetingsplus", "https://x.example/overview", "https://x.example:8443/committees/ks", False),
        ("okänd", "https://x.example/", "https://x.example/mote/1", False),
    ],
)
def test_a_reader_reads_its_systems_addresses_on_the_seeds_host(reader: str, seed: str, url: str, own: bool) -> None:
    assert vendors.is_own(reader, seed, url) == own


def test_a_source_without_scope_may_go_wherever_the_vendor_keeps_its_pages() -> None:
    seeds = (
        Seed("https://www.exempelkoping.example/politik"),
        Seed(TREE, "netpublicator"),
        Seed("https://x.example/organisation/kf", "troman"),
    )
    assert vendors.territory(seeds) == (
        "https://www.exempelkoping.example/politik",
        "https://docs.netpublicator.com/api/public/r01/",
        "https://x.example/",
    )


def test_a_host_that_other_seeds_share_is_not_given_away() -> None:
    seeds = (Seed("https://x.example/politik"), Seed("https://x.example/digital-bulletin-board", "meetingsplus"))
    assert vendors.territory(seeds) == tuple(seed.url for seed in seeds)


def test_what_a_page_of_meetings_holds() -> None:
    def holds(*targets: str) -> bool:
        return vendors.holds(
            "troman", "https://x.example/organisation/kf", [Link(t, "link", "main", "") for t in targets]
        )

    assert holds("https://x.example/mote/1")
    assert holds("https://filer.example/fil?id=1")
    assert not holds("https://x.example/", "https://x.example/organisation/kf", "https://annan.example/mote/1")
    assert not holds()


def test_words_are_one_line_without_markup() -> None:
    assert loose.words(" <b>Plan</b>\n&amp; bygg ") == "Plan & bygg"
    assert loose.words(12) == "12"
    assert [loose.words(value) for value in (None, True, [], {})] == ["", "", "", ""]
