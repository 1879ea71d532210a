"""What addresses have in common, and when their pages are an endless space."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.frontier.traps import SAMPLE, Shown, by_form, judge, shape

SITE = "https://a.example"
TIMES = {"november", "december", "söndag"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/kalender/2026/11/22", "/kalender/N/N/N"),
        ("/kalender/2026-11-22", "/kalender/D"),
        ("/kalender/20261122/skriv-ut", "/kalender/D/…"),
        ("/kalender/2026-11/", "/kalender/D/…"),
        ("/nyheter/2019/2019-11-08-en-nyhet", "/nyheter/N/…"),
        ("/artikel/4711.html", "/artikel/N.html"),
        ("/nyheter/sida-12", "/nyheter/sida-N"),
        ("/nyheter/vecka47", "/nyheter/veckaN"),
        ("/(S(lit3py55t21z5v55vlm25s55))/start.aspx", "/H/…"),
        ("/v/9f86d081884c7d65/om", "/v/H/…"),
        ("/mote/0b8f7c1e-6a7d-4c3b-9a51-2d4e6f8a0b1c", "/mote/H"),
        ("/nyheter?page=3&sort=b&page=4", "/nyheter?page&sort"),
        ("/?p=12", "/?p"),
    ],
)
def test_a_shape_is_what_addresses_of_one_space_have_in_common(path: str, expected: str) -> None:
    assert shape(SITE + path) == f"a.example{expected}"


@pytest.mark.parametrize(
    "path", ["/", "/politik", "/nyheter/2019-11-08-en-nyhet", "/facade/deadbeefs", "/kommunfullmaktige"]
)
def test_an_address_that_nothing_counts_in_is_alone(path: str) -> None:
    assert shape(SITE + path) is None


def days(count: int, **more: tuple[str, ...]) -> list[Shown]:
    return [
        Shown(f"{SITE}/kalender/{n}", f"{n} november", (f"Inga händelser den {n} november 2026.",), **more)
        for n in range(count)
    ]  # fmt: skip


def test_days_without_events_are_a_trap_in_so_many_words() -> None:
    assert judge(days(SAMPLE), TIMES) == "59 of the last 60 pages bring nothing new"


def test_few_pages_tell_nothing() -> None:
    assert judge(days(SAMPLE - 1), TIMES) is None


def test_a_tenth_with_events_is_a_calendar_in_use() -> None:
    events = [Shown(f"{SITE}/kalender/9{n}", "", (f"{'abcdefg'[n] * 5} {'hijklmn'[n] * 5}",)) for n in range(7)]
    assert judge([*days(SAMPLE - 7), *events], TIMES) is None
    assert judge([*days(SAMPLE - 5), *events[:5]], TIMES) is not None


@pytest.mark.parametrize(
    ("link", "is_own"),
    [
        ("/kalender/{}", False),  # the next one
        ("/kalender/{}.pdf", False),  # the page itself, to print
        ("/fil/{}.ics", False),
        ("/dela?sida=https%3A%2F%2Fa.example%2Fkalender%2F{}", False),
        ("/lista/{}", False),  # closed
        ("/moten/{}", True),
        ("/fil/protokoll-av-den-{}.pdf", True),
    ],
)
def test_a_page_that_leads_where_no_other_leads_has_something_of_its_own(link: str, is_own: bool) -> None:
    pages = [
        Shown(f"{SITE}/kalender/{n}", "", ("Sammanträde",), (SITE + link.format(n),), ()) for n in range(SAMPLE)
    ]  # fmt: skip
    assert (judge(pages, TIMES, {"a.example/lista/N"}) is None) == is_own


def test_a_link_to_another_host_is_nothing_of_its_own_and_a_document_there_is() -> None:
    def pages(**links: str) -> list[Shown]:
        return [
            Shown(f"{SITE}/k/{n}", "", (), **{rel: (url.format(n),) for rel, url in links.items()})
            for n in range(SAMPLE)
        ]  # fmt: skip

    assert judge(pages(links="https://annan.example/dela/{}"), TIMES)
    assert judge(pages(files="https://annan.example/fil/{}"), TIMES) is None


def test_a_table_of_figures_says_something_and_a_counter_does_not() -> None:
    tables = [
        Shown(f"{SITE}/statistik/{n}", "Befolkning", (" ".join(str(n * 1000 + k) for k in range(9)),))
        for n in range(60)
    ]
    assert judge(tables, TIMES) is None
    counters = [Shown(f"{SITE}/lista/{n}", "Lista", (f"Visar {n * 10 + 1}–{n * 10 + 10} av 4300",)) for n in range(60)]
    assert judge(counters, TIMES)


def test_twenty_thousand_articles_are_never_a_trap_wherever_one_looks() -> None:
    vowels, others = "aeiouyåäö", "bcdfghjklmnprstv"

    def word(n: int) -> str:
        return "".join(others[n // 9**k % 16] + vowels[n // 9**k % 9] for k in range(5))

    articles = [
        Shown(f"{SITE}/nyhet/{n}", "Nyheter", (f"Kommunen meddelar {word(n)} och {word(n + 20_000)} i dag.",))
        for n in range(20_000)
    ]  # fmt: skip
    assert not [n for n in range(100, 20_001, 331) if judge(articles[:n], TIMES)]


@pytest.mark.parametrize("url", [f"{SITE}/a/b/a/b/a/b", f"{SITE}/x?" + "&".join(f"p{n}=1" for n in range(13))])
def test_some_traps_are_told_by_their_form(url: str) -> None:
    assert by_form(url)


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=4))
def test_any_url_has_a_shape_or_none_and_anything_can_be_judged(path: str, texts: list[str]) -> None:
    url = f"{SITE}/{path}"
    assert shape(url) is None or shape(url).startswith("a.example")  # type: ignore[union-attr]
    by_form(url)
    judge([Shown(url, path, tuple(texts), (url,), (path,))] * SAMPLE, TIMES)
