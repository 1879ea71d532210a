"""The gate: what is the page, and what only came in its place."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver import urls
from archiver.extract import choose, gate, read
from archiver.extract.page import html
from archiver.model import Document, Facts, Reading
from rulebook import rulebook, rules

URL = "https://www.exempelkoping.example/politik/namnder"
START = "https://exempelkoping.example/"
FACTS = Facts(URL, datetime(2026, 3, 1, tzinfo=UTC), starts=(START,))
RULES = rules("generic")
KNOWING = replace(RULES, others=tuple(rules("generic", code).language for code in ("en", "de")))
MENU = "<nav>" + "".join(f"<a href=/{n}>{n}</a>" for n in range(20)) + "</nav>"
LONG = "<p>" + "Nämnden ansvarar för plan och bygg i hela kommunen. " * 30 + "</p>"


def judged(body: str, facts: Facts = FACTS) -> tuple[str, str]:
    found = read(body.encode(), facts, KNOWING)
    assert isinstance(found, Reading)
    assert (found.document is None) == (found.verdict != "good")
    return found.verdict, found.reason


def page(main: str, title: str = "Nämnder", menu: str = MENU, head: str = "") -> str:
    return f"<html lang=sv><head><title>{title}</title>{head}</head><body>{menu}<main>{main}</main></body></html>"


def test_an_ordinary_page_is_good() -> None:
    assert judged(page("<h1>Nämnder</h1><p>Tre nämnder.</p>")) == ("good", "")


@pytest.mark.parametrize(
    ("body", "verdict"),
    [
        (page("<h1>Sidan kunde inte hittas</h1><p>Den kan ha flyttats.</p>"), "soft-404"),
        (page("<p>Tyvärr.</p>", title="Sidan finns inte - Exempelköping"), "soft-404"),
        (page("<h2>Hoppsan</h2><p>Sidan kunde inte hittas.</p>"), "soft-404"),
        (page("<h1>När sidan kunde inte hittas</h1>" + LONG), "good"),
        (page("<h1>Sidan finns integrerad i andra</h1><p>Text.</p>"), "good"),
        (page("<h1>Nämnder</h1><p>" + "ord " * 60 + "sidan finns inte</p>"), "good"),
        (page("<h1>Just a moment...</h1>", "Just a moment...", menu=""), "challenge"),
        (page("<p>Kontrollera att du är en människa</p>", "Exempelköping", menu=""), "challenge"),
        (page("<h1>E-tjänst</h1><p>Vi kontrollerar att du är en människa.</p>"), "good"),
        (page("<h1>Driftstopp</h1><p>Vi är strax tillbaka.</p>", menu=""), "maintenance"),
        (page("<h1>Driftstopp i vattennätet</h1><p>På Storgatan.</p>"), "good"),
        (page("<h1>Logga in</h1><form><input name=u><input type=password></form>"), "login"),
        (page("<h1>Mina sidor</h1><input type=password>" + LONG), "good"),
        ("<html><body><div id=root></div><script src=app.js></script></body></html>", "empty"),
        (page("<h1>Nämnder</h1><p>Text</p>")[:-20] + '<a href="/ett-lån', "truncated"),
        (page("<h1>Nämnder</h1><p>Text</p>")[:-20] + "<!-- resten", "truncated"),
        ("<p>Ett slarvigt stycke", "good"),
    ],
)  # fmt: skip
def test_what_stands_on_the_page_tells_what_it_is(body: str, verdict: str) -> None:
    found, reason = judged(body)
    assert found == verdict
    assert bool(reason) == (verdict != "good")


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"status": 404}, "soft-404"),
        ({"status": 410}, "soft-404"),
        ({"status": 401}, "login"),
        ({"status": 403}, "challenge"),
        ({"status": 429}, "challenge"),
        ({"status": 500}, "challenge"),
        ({"status": 503}, "maintenance"),
        ({"flaw": "truncated"}, "truncated"),
        ({"flaw": "over-budget"}, "truncated"),
        ({"location": "https://www.exempelkoping.example/", "status": 302}, "to-start"),
        ({"location": "https://login.exempelkoping.example/?r=1", "status": 302}, "login"),
        ({"location": "https://www.exempelkoping.example/logga-in?r=1", "status": 302}, "login"),
        ({"kind_before": "pdf"}, "wrong-kind"),
        ({"kind_before": "pdf", "repeated": True}, "good"),
        ({"kind_before": "html"}, "good"),
        ({"role": "robots"}, "wrong-kind"),
        ({"role": "sitemap"}, "wrong-kind"),
        ({"role": "file"}, "good"),
    ],
)
def test_what_the_answer_said_counts_too(change: dict[str, object], verdict: str) -> None:
    facts = replace(FACTS, **change)  # type: ignore[arg-type]
    assert judged(page("<h1>Nämnder</h1><p>Tre nämnder.</p>"), facts)[0] == verdict


def test_emptiness_where_there_was_text_is_believed_the_second_time() -> None:
    body = page("<h1>Nämnder</h1>")
    before = replace(FACTS, words_before=120, kind_before="html")
    assert judged(body, before) == ("empty", "no text in the content area, which had 120 words")
    assert judged(body, replace(before, repeated=True))[0] == "good"
    assert judged(body)[0] == "good"
    assert judged(page("<h1>Nämnder</h1><p>Kvar.</p>"), before)[0] == "good"


def test_the_pages_own_date_is_no_text() -> None:
    body = page("<h1>Nämnder</h1><p>Senast uppdaterad: 2024-05-01</p>")
    assert judged(body, replace(FACTS, words_before=120))[0] == "empty"


@pytest.mark.parametrize(
    ("head", "main", "verdict"),
    [
        ("<link rel=canonical href='https://www.exempelkoping.example'>", "<h1>Välkommen</h1>", "to-start"),
        ("<link rel=canonical href=/><meta property=og:url content=https://exempelkoping.example/>", "Hej", "to-start"),
        (f"<link rel=canonical href=/><meta property=og:url content={URL}>", "Hej", "good"),
        ("<link rel=canonical href=/>", "<div class='breadcrumb'>Start / Nämnder</div><p>Hej</p>", "good"),
        ("<link rel=canonical href=/politik>", "Hej", "good"),
    ],
)
def test_a_page_that_calls_itself_the_start_page_is_sent_there(head: str, main: str, verdict: str) -> None:
    assert judged(page(main, head=head))[0] == verdict


def test_the_start_page_is_not_sent_to_itself() -> None:
    facts = replace(FACTS, url="https://www.exempelkoping.example/?utm_source=x")
    assert judged(page("<p>Hej</p>", head="<link rel=canonical href=/>"), facts)[0] == "good"


@pytest.mark.parametrize(
    ("kind", "before", "verdict"),
    [("pdf", "html", "wrong-kind"), ("pdf", "docx", "good"), ("other", "html", "wrong-kind"), ("feed", "feed", "good")],
)
def test_a_file_in_place_of_a_page_is_another_kind(kind: str, before: str, verdict: str) -> None:
    look = gate.Look(replace(FACTS, kind_before=before), Document(kind, payload="x"), None, RULES.language)
    assert gate.judge(look)[0] == verdict


def test_every_sign_takes_any_page() -> None:
    opened = html.parse("", FACTS, RULES)
    assert isinstance(opened, html.Page)
    for found in (opened, None):
        look = gate.Look(FACTS, Document("html" if found else "other"), found, RULES.language)
        assert all(sign(look) is None or isinstance(sign(look), str) for _, sign in gate.SIGNS)


ENGLISH = (
    "<h1>Committees</h1><p>"
    + "The committee is responsible for planning and building in all of the town. " * 12
    + "</p>"
)
BEFORE = replace(FACTS, kind_before="html", words_before=200, title_before="Nämnder", language_before="sv")


@pytest.mark.parametrize(
    ("main", "verdict"),
    [
        ("<h1>exempelkoping.example</h1><p>This domain is for sale! Buy now.</p>", "wrong-kind"),
        ("<h1>Parkerad domän</h1>", "wrong-kind"),
        ("<h1>Domänen är till salu</h1>" + LONG, "good"),
    ],
)
def test_a_registrars_page_is_never_the_page(main: str, verdict: str) -> None:
    bare = page(main, menu="")
    assert judged(bare)[0] == verdict
    assert judged(bare, replace(BEFORE, insists=True, repeated=True))[0] == verdict
    assert judged(page(main))[0] == "good"  # within the site's templates it is an article about it


@pytest.mark.parametrize(
    ("head", "change", "verdict"),
    [
        ("<link rel=canonical href=https://annanby.example/>", {}, "wrong-kind"),
        ("<link rel=canonical href=https://annanby.example/>", {"insists": True}, "good"),
        ("<link rel=canonical href=https://annanby.example/>", {"kind_before": None}, "good"),
        ("<link rel=canonical href=https://annanby.example/>", {"site_before": "www.annanby.example"}, "good"),
        ("<link rel=canonical href=https://annanby.example/>", {"title_before": "Välkommen"}, "good"),
        ("<link rel=canonical href=https://annanby.example/>", {"hosts": ("annanby.example",)}, "good"),
        ("<link rel=canonical href=https://ny.exempelkoping.example/>", {}, "good"),
        ("<link rel=canonical href=https://annanby.example/><meta property=og:url content=/politik>", {}, "good"),
        ("<link rel=canonical href=//>", {}, "good"),
        ("", {}, "good"),
    ],
)
def test_a_page_that_calls_itself_another_sites_is_doubted_until_it_insists(
    head: str, change: dict[str, object], verdict: str
) -> None:
    body = page("<h1>Välkommen</h1>" + LONG, head=head)
    found, reason = judged(body, replace(BEFORE, **change))  # type: ignore[arg-type]
    assert found == verdict
    assert reason == ("another site: it calls itself a page of annanby.example" if verdict != "good" else "")


@pytest.mark.parametrize(
    ("language", "main", "change", "verdict"),
    [
        ("en", ENGLISH, {}, "wrong-kind"),
        ("en-GB", ENGLISH, {}, "wrong-kind"),
        ("en", ENGLISH, {"insists": True}, "good"),
        ("en", ENGLISH, {"language_before": "en"}, "good"),
        ("en", ENGLISH, {"language_before": None}, "good"),
        ("en", LONG, {}, "good"),  # a wrong lang attribute on Swedish words
        ("sv-SE", ENGLISH, {}, "good"),
        ("en", "<h1>Committees</h1><p>Two committees.</p>", {}, "good"),  # too little to be sure
        ("en", ENGLISH + LONG, {}, "good"),
        ("en", "<h1>Telefon</h1><p>" + "Anna Ek 0999 Bo Al 0998 " * 40 + "</p>", {}, "good"),  # a list speaks none
        ("is", ENGLISH, {}, "good"),  # a language that we do not know
    ],
)
def test_a_page_in_another_language_is_doubted_until_it_insists(
    language: str, main: str, change: dict[str, object], verdict: str
) -> None:
    body = page(main).replace("lang=sv", f"lang={language}")
    found, reason = judged(body, replace(BEFORE, **change))  # type: ignore[arg-type]
    assert found == verdict
    assert reason.startswith("another language: en where sv has always come, ") == (verdict != "good")


PAGES = sorted((Path(__file__).parents[1] / "pages").glob("*/*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_page_that_we_know_is_taken_for_another_sites_or_another_languages(path: Path) -> None:
    facts = replace(FACTS, kind_before="html", words_before=100, site_before="exempelkoping.example")
    body = path.read_bytes()
    by = choose(body, facts, rulebook("sv", "fi", "nb", "da", "de", "en"))
    first = read(body, facts, by)
    assert isinstance(first, Reading)
    assert first.verdict == "good", first.reason
    assert first.document is not None
    own = urls.host(first.document.about.canonical or "") or None
    language = first.document.language
    again = read(body, replace(facts, site_before=own, language_before=language, title_before="En annan"), by)
    assert isinstance(again, Reading)
    assert again.verdict == "good", again.reason
