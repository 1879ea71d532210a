"""What a person sees on a page and what a reading keeps of it, a trap a test."""

import time
import unicodedata
from datetime import UTC, datetime
from urllib.parse import urljoin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import RuleError
from archiver.extract.page import html, parts
from archiver.extract.page.blocks import _INVISIBLE, even, is_wall_clock
from archiver.extract.page.lines import Line
from archiver.model import Block, Facts, Profile, Rules, Unread
from rulebook import rules

URL = "https://www.exempelkoping.example/a"
FACTS = Facts(URL, datetime(2026, 3, 1, tzinfo=UTC))
GENERIC = rules("generic")


def page(body: str, head: str = "", found: Rules = GENERIC) -> html.Page:
    opened = html.parse(f"<!doctype html><html lang=sv><head>{head}</head><body>{body}</body></html>", FACTS, found)
    assert isinstance(opened, html.Page)
    return opened


def lines(body: str, head: str = "") -> tuple[Line, ...]:
    return page(body, head).lines


def main(body: str, head: str = "") -> list[str]:
    """The main blocks, in the short form 'kind: text'; the title is left out."""
    document = html.document(page(f"<main>{body}</main>", head), FACTS)
    return [f"{b.kind}{b.level or ''}: {b.text}" for b in document.main]


def words(body: str) -> list[str]:
    return [line.partition(": ")[2] for line in main(body)]


# Words and lines


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p><b>kommun</b>fullmäktige</p>", ["kommunfullmäktige"]),
        ("<p>kommun<!-- x -->full<wbr>mäk&shy;tige</p>", ["kommunfullmäktige"]),
        ("<p>a\u200bb\ufeffc\u2060d</p>", ["abcd"]),
        ("<p>12&nbsp;000&#8239;kr\n\t  om   året</p>", ["12 000 kr om året"]),
        ("<p>Torget 1<br>999 99 Berg</p>", ["Torget 1 999 99 Berg"]),
        ("<p>Ett stycke.<br> <br/>Ett till.</p>", ["Ett stycke.", "Ett till."]),
        ("<div>ett<div>två</div>tre</div>", ["ett", "två", "tre"]),
        ("<p>Ko\u0308ping</p>", ["Köping"]),
        ("<p>Ring <i class='fa'>\uf095</i>0999</p>", ["Ring 0999"]),
        ("<p>a<script>var b</script><style>c</style><noscript>d</noscript><template>e</template>f</p>", ["af"]),
        ("<p>Läs<span class='sr-only'> (nytt fönster)</span>mer</p>", ["Läs mer"]),
        ("<p>Läs<span class='sr-only'>, extern</span>.</p>", ["Läs."]),
        ("<p>Tel <span aria-hidden='true'>0999-12</span><span class='sr-only'>noll nio</span></p>", ["Tel 0999-12"]),
        ("<p>Nästa <span aria-hidden='true'>›</span></p>", ["Nästa"]),
        ("<p>Kartan <i class='material-icons'>arrow_forward</i></p>", ["Kartan"]),
        ("<p>Val <select><option>A<option>B</select></p>", ["Val"]),
        ("<p> \u00a0 </p><p>&#8203;</p><div></div>", []),
        ("a<hr>b", ["a", "b"]),
    ],
)
def test_inline_elements_neither_part_nor_join_words(body: str, expected: list[str]) -> None:
    assert words(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h2>Rubrik <span>med</span><div>mera</div></h2>", ["heading2: Rubrik med mera"]),
        ("<h3><button aria-expanded=false>Vem får söka?</button></h3>", ["heading3: Vem får söka?"]),
        ("<h2>Glömd<p>Stycke</p><ul><li>punkt</li></ul></h2>",
         ["heading2: Glömd", "paragraph: Stycke", "list-item1: punkt"]),
        ("<ul><li>a<ol><li><p>b</p><p>c</p></li></ol></li></ul>",
         ["list-item1: a", "list-item2: b", "list-item2: c"]),
        ("<p>• ett<br>• två</p><p>·&nbsp;tre</p>", ["list-item1: ett", "list-item1: två", "list-item1: tre"]),
        ("<p>- Det är bra, säger hon.</p>", ["paragraph: - Det är bra, säger hon."]),
        ("<blockquote><p>Ord.</p></blockquote>", ["quote: Ord."]),
        ("<figure><img alt=x><figcaption>Foto: A</figcaption></figure>", ["caption: Foto: A"]),
        ("<details><summary>Mer</summary><p>Text</p></details>", ["paragraph: Mer", "paragraph: Text"]),
        ("<dl><dt>Telefon</dt><dd>0999</dd></dl>", ["paragraph: Telefon", "paragraph: 0999"]),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td><p>1</p><p>2</p></td><td>3</td></tr></table>",
         ["table-row: A | B", "table-row: 1 2 | 3"]),
        ("<table><tr><td></td><td>x</td><td></td></tr><tr><td></td></tr></table>", ["table-row: | x"]),
        ("<table role=presentation><tr><td><p>a</p></td><td>b</td></tr></table>", ["paragraph: a", "paragraph: b"]),
        ("<table><tr><td><h2>R</h2><table><tr><td>1<td>2</table></td></tr></table>",
         ["heading2: R", "table-row: 1 | 2"]),
    ],
)  # fmt: skip
def test_blocks_are_what_their_elements_say(body: str, expected: list[str]) -> None:
    assert main(body) == expected


# The title


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        ("<a href=#m>Gå till innehåll</a><main id=m><figure><figcaption>Bild</figcaption></figure><h1>Rubrik</h1>",
         "<title>Rubrik - Kommunen</title>", "Rubrik"),
        ("<header><h1>Kommunen</h1></header><main><h1>Rubrik</h1></main>", "<title>Kommunen</title>", "Rubrik"),
        ("<main><h1>Webbplats</h1><h1>Rubrik</h1></main>", "<title>Rubrik | Kommunen</title>", "Rubrik"),
        ("<div class=hero><h1>Rubrik</h1></div><main><p>Text</p></main>", "<title>Rubrik</title>", "Rubrik"),
        ("<header><h1>Kommunen</h1></header><main><p>Text</p></main>", "<title>Sidan</title>", "Sidan"),
        ("<main><h1 class=sr-only>Start</h1><p>Text</p></main>", "<title>Start - Kommunen</title>", "Start"),
        ("<main><h1><img alt=Logga></h1><h1>Rubrik</h1></main>", "", "Rubrik"),
        ("<main><p>Text</p></main>",
         "<title>x</title><meta property=og:title content='A – Ön'><meta property=og:site_name content=Ön>",
         "A"),
        ("<p>Text</p>", "", None),
    ],
)  # fmt: skip
def test_the_title_is_the_pages_own_heading(body: str, head: str, title: str | None) -> None:
    assert html.document(page(body, head), FACTS).title == title


def test_the_title_is_a_block_and_no_part_of_the_compared_text() -> None:
    document = html.document(page("<header><h1>Rubrik</h1></header><main>Text</main>", "<title>Rubrik</title>"), FACTS)
    assert document.blocks[0] == Block("main", "title", 1, "Rubrik")
    assert document.text == "Text"


def test_the_lines_right_beside_the_title_are_marked() -> None:
    found = lines("<main><p>a</p><p>b</p><h1>R</h1><p>c</p><p>d</p></main>")
    assert [line.text for line in found if line.beside_title] == ["b", "c"]


# Zones


@pytest.mark.parametrize(
    ("body", "zone"),
    [
        ("<div class='c-breadcrumb'>Start / Här</div>", None),
        ("<nav>Här</nav>", None),
        ("<div class='pageShare'>Här</div>", None),
        ("<section class='related-content'>Här</section>", "list"),
        ("<div class='sv-archive-portlet'>Här</div>", "list"),
        ("<div id=comments class='comments-area'>Här</div>", "comment"),
        ("<aside>Här</aside>", "main"),
        ("<div class='sv-skip-spacer has-breadcrumb u-print-display--none'>Här</div>", "main"),
        ("<h2 id=cookies>Här</h2>", "main"),
        ("<div role=alert>Här</div>", "main"),
        ("<div class='alert alert-info'>Här</div>", "main"),
        ("<div style='display:none'>Här</div>", "main"),
        ("<button aria-controls=p>Visa</button><div id=p hidden>Här</div>", "main"),
        ("<div role=tabpanel hidden>Här</div>", "main"),
    ],
)
def test_nothing_is_lost_inside_the_content_area_but_what_can_mean_nothing_else(body: str, zone: str | None) -> None:
    found = lines(f"<main><h1>R</h1><p>Text</p>{body}</main>")
    assert [line.zone for line in found if "Här" in line.text] == ([zone] if zone else [])


@pytest.mark.parametrize(
    "body", ["<p hidden>Här</p>", "<nav>Här</nav>", "<div style='display: none'>Här</div>", "<header>Här</header>",
             "<div class='cookie-consent'>Här</div>", "<a href=#x>Här</a>", "<div id=topmenu class=menu>Här</div>"],
)  # fmt: skip
def test_furniture_beside_the_content_area_makes_no_lines(body: str) -> None:
    assert [line.text for line in lines(f"{body}<main>Text</main>")] == ["Text"]


def test_a_notice_above_the_title_is_the_sites_and_one_below_it_the_pages() -> None:
    found = page("<main><div role=alert>Eldningsförbud</div><h1>R</h1><div role=alert>Stängt</div></main>")
    assert found.notices == ("Eldningsförbud",)
    assert [(line.text, line.zone) for line in found.lines] == [
        ("Eldningsförbud", "banner"), ("R", "main"), ("Stängt", "main"),
    ]  # fmt: skip


def test_a_notice_in_the_sites_header_is_found_among_the_furniture() -> None:
    found = page("<header><a href=/>Start</a><div role=alert><p>A</p><p>B</p></div>Sök</header><main>Text</main>")
    assert found.notices == ("A\nB",)
    assert [line.text for line in found.lines] == ["A", "B", "Text"]


@pytest.mark.parametrize("names", ["page-info", "site-info", "top-banner"])
def test_a_box_beside_the_content_is_no_notice_for_its_place_alone(names: str) -> None:
    (line, _) = lines(f"<div class={names}>Senast uppdaterad: 2024-05-01</div><main>Text</main>")
    assert line.zone == "rest"


def test_two_notices_side_by_side_are_two() -> None:
    assert page("<div class=alert>A</div><div class=alert>B</div><main>T</main>").notices == ("A", "B")


def test_a_page_that_is_only_a_list_is_that_list() -> None:
    assert main("<h1>Anslag</h1><h2>Nu</h2><ul class=newslist><li><a href=/a>A</a></li></ul>") == [
        "heading2: Nu",
        "list-item1: A",
    ]
    assert main("<h1>Nytt</h1><p>Text</p><ul class=newslist><li>A</li></ul>") == ["paragraph: Text"]


def test_a_page_that_only_links_to_its_children_is_those_links() -> None:
    document = html.document(page("<main><h1>R</h1><nav><ul><li><a href=/a>A</a></li></ul></nav></main>"), FACTS)
    assert document.text == "A"
    assert [(k.target, k.part) for k in document.links] == [("https://www.exempelkoping.example/a", "main")]


def test_a_body_is_not_judged_by_its_own_class_words() -> None:
    found = page("<div class='breadcrumb-page menu'><main class='cookies related'><p>Text</p></main></div>")
    assert [(line.text, line.zone) for line in found.lines] == [("Text", "main")]


def test_a_selector_that_fits_a_teaser_is_passed_over() -> None:
    long = "Långt stycke om vatten och avlopp. " * 20
    found = page(f"<div><h1>R</h1><p>{long}</p></div><aside><article>Puff</article></aside>")
    assert [line.zone for line in found.lines] == ["main", "main", "rest"]


# Dates among the lines


def test_a_time_is_a_stamp_on_the_characters_it_covers() -> None:
    (line,) = lines(
        "<main><p>Publicerad:\n <time datetime=2024-05-01 class='published'> 1  maj </time>av NN</p></main>"
    )
    (stamp,) = line.stamps
    assert line.text[stamp.start : stamp.end] == "1 maj"
    assert (stamp.datetime, stamp.name) == ("2024-05-01", "published")


def test_a_date_in_an_attribute_is_a_stamp_without_words() -> None:
    (line,) = lines("<main><p>Ny<span itemprop=dateModified content=2024-05-01></span></p></main>")
    assert [(s.datetime, s.name, s.start == s.end) for s in line.stamps] == [("2024-05-01", "dateModified", True)]


def test_a_time_that_lasts_to_the_end_of_its_line_covers_it() -> None:
    (line, *_) = lines("<main><time datetime=2024-05-01>1 maj <p>mer</p></time></main>")
    (stamp,) = line.stamps
    assert line.text[stamp.start : stamp.end] == "1 maj"


def test_a_time_far_along_an_endless_line_is_no_stamp() -> None:
    (line,) = lines(f"<main><p>{'ord ' * 10_000}<time datetime=2024-05-01>1 maj</time></p></main>")
    assert line.stamps == ()


def test_the_label_of_a_date_is_read_even_if_only_for_screen_readers() -> None:
    (line,) = lines("<main><p><span class=visually-hidden>Publicerad</span> <time>1 maj 2024</time></p></main>")
    assert line.text == "Publicerad 1 maj 2024"


def test_lines_that_tell_the_visit_are_left_out() -> None:
    assert main("<p>Text</p><p>Detta innehåll är äldre än 3 204 dagar.</p><p>Sidan visades 1 812 gånger</p>") == [
        "paragraph: Text"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "3 dagar sedan", "Visningar: 431", "2 hours ago", "mer än ett år sedan", "för 5 minuter sedan",
        "Just nu", "ÖPPET NU", "VISAD 812 GÅNGER",
        "Visad 812 gånger", "Idag är det torsdag 20 november, vecka 47", "Dagens datum: 20 november 2025",
        "Det är vecka 47", "Öppet nu", "Kötid: 4 minuter", "Aktuell kötid just nu: ca 12 min",
        "Du är besökare nr 10 432",
        "for 3 timer siden", "for 2 timar sidan", "Vist 812 ganger", "Åpent nå", "I dag er det torsdag 20. november",
        "Læst 4.311 gange", "Lukket nu", "for 5 minutter siden", "I dag er det den 20. november 2025",
        "vor 3 Tagen", "Heute ist Donnerstag, 20. November 2025", "812 mal gelesen", "Jetzt geöffnet", "Aufrufe: 1.204",
        "5 minuuttia sitten", "Tänään on torstai 20.11.2025", "Luettu 812 kertaa", "Nyt auki", "Osumat: 12",
        "Today is Thursday 20 November 2025", "Viewed 1,204 times", "Open now", "Page views: 88", "Just now",
    ],
)  # fmt: skip
def test_wall_clock_lines(text: str) -> None:
    assert is_wall_clock(text)


@pytest.mark.parametrize(
    "text",
    [
        "för två år sedan", "Det är tre dagar sedan beslutet togs.", "Besök oss 2024", "Vecka 47", "Öppet",
        "Antal besökare i simhallen: många", "Idag är det skolavslutning", "Open now and then", "Read 3 books",
        "Vor 3 Jahren wurde die Schule gebaut", "I dag er det fri entré", "Kötid till förskola: fyra månader",
        "Stängt nu på lördag",
    ],
)  # fmt: skip
def test_a_sentence_about_time_is_text(text: str) -> None:
    assert not is_wall_clock(text)


def test_a_heading_is_no_wall_clock() -> None:
    assert main("<h2>Just nu</h2><p>Bron är avstängd.</p>") == ["heading2: Just nu", "paragraph: Bron är avstängd."]


# Links


def anchors(body: str) -> list[tuple[str, str, str | None]]:
    return [(a.href, a.text, a.note) for a in page(f"<main>{body}</main>").anchors]


def test_assistive_text_is_the_note_of_its_link_and_in_no_line() -> None:
    body = "<p><a href=/a>Länk<span class=env-assistive-text> Länk till annan webbplats.</span></a>nästa</p>"
    assert anchors(body) == [("/a", "Länk", "Länk till annan webbplats.")]
    assert words(body) == ["Länk nästa"]


def test_a_suffix_without_markup_is_cut_from_link_and_line() -> None:
    outside = "<a href=/a>SKR länk till annan webbplats, öppnas i nytt fönster</a>"
    body = f"<p>Se {outside}, och <a href=/b.pdf>Plan (pdf, 2 MB)</a>.</p>"
    assert anchors(body) == [
        ("/a", "SKR", "länk till annan webbplats, öppnas i nytt fönster"), ("/b.pdf", "Plan", "pdf, 2 MB"),
    ]  # fmt: skip
    assert words(body) == ["Se SKR, och Plan."]


def test_a_card_is_called_what_its_heading_says() -> None:
    body = "<a href=/a><img alt=Hus><h3>Blanketter</h3><p>Alla.</p></a>"
    assert anchors(body) == [("/a", "Blanketter", None)]
    assert main(body) == ["heading3: Blanketter", "paragraph: Alla."]


def test_an_image_link_says_what_its_image_says_and_else_its_label() -> None:
    assert anchors("<a href=/a><img alt='Årsrapport'></a><a href=/b aria-label=Alla><svg></svg></a>") == [
        ("/a", "Årsrapport", None), ("/b", "Alla", None),
    ]  # fmt: skip


def test_buttons_that_pass_the_page_on_are_furniture() -> None:
    assert main("<p>Text</p><ul><li><a href='https://www.facebook.com/sharer.php?u=x'>Facebook</a></li></ul>") == [
        "paragraph: Text"
    ]


def test_a_disguised_address_is_written_out() -> None:
    hidden = "07" + "".join(f"{byte ^ 7:02x}" for byte in b"a@b.example")
    words_of_it = f"<span class=__cf_email__ data-cfemail={hidden}>[x]</span>"
    body = f"<p>Skriv: <a href='/cdn-cgi/l/email-protection#{hidden}'>{words_of_it}</a></p>"
    assert words(body) == ["Skriv: a@b.example"]


def test_links_know_their_block() -> None:
    document = html.document(page("<main><p>a</p><p>b <a href=/x>x</a></p><a href=/y><h2>y</h2></a></main>"), FACTS)
    assert [(k.text, document.blocks[k.block].text) for k in document.links if k.block is not None] == [
        ("x", "b x"), ("y", "y"),
    ]  # fmt: skip


# The head


def test_the_head_says_this_to_machines() -> None:
    head = page(
        "<main><meta itemprop=datePublished content=2024-01-02>x</main>",
        "<title> A\n B </title><base href=/rot/><link rel='canonical' href=c>"
        "<meta name=PubDate content=2024-01-01><meta property=og:title content=T>"
        '<script type=application/ld+json>{"a": 1}</script><noscript><img src=x></noscript><meta name=z content=1>',
    ).head
    assert (head.title, head.language, head.base, head.canonical) == (
        "A B", "sv", "https://www.exempelkoping.example/rot/", "c",
    )  # fmt: skip
    assert head.metas == (("pubdate", "2024-01-01"), ("og:title", "T"), ("z", "1"), ("datepublished", "2024-01-02"))
    assert head.jsonld == ('{"a": 1}',)


def test_a_place_is_a_short_path_that_lasts() -> None:
    (line,) = lines("<main id=innehall><div class='box c1234567'><p id=x9f8e7d6c5 class=datum>Hej</p></div></main>")
    assert html.place(line.node) == "main#innehall > div.box > p.datum"
    assert html.place(None) == ""


# Hostile pages


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 100_000,
        "<div>" * 3_000 + "x",
        "<b><i>" * 3_000 + "<p>x",
        "<p>".join(f"<font a{n}>" for n in range(5_000)),
        "<ul><li>" * 20_000,
        "<div></x>" * 20_000,
        "<DIV>" * 30_000 + "</DIV>" * 30_000,
        "<p title='<script>'>" + "<div>" * 30_000,
        '<p title="<!--">' + "<div>" * 30_000,
        "<p a='<style>' b=\"</style\"'>" + "<div>" * 30_000,
        "<p = '<title>" + "<div>" * 30_000,
        "<!-->" + "<div>" * 30_000 + "-->",
        "<!-- --!>" + "<div>" * 30_000 + "-->",
    ],
)
def test_deep_nesting_is_refused_quickly(text: str) -> None:
    assert html.parse(text, FACTS, GENERIC) == Unread("too-deep", "more than 512 elements within one another")


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    found = html.parse("<p " + " ".join(f"a{n}" for n in range(50_000)) + ">x", FACTS, GENERIC)
    assert isinstance(found, Unread)
    assert found.why == "too-deep"


def test_a_page_over_the_cap_is_refused() -> None:
    found = html.parse("x" * (html.LARGEST + 1), FACTS, GENERIC)
    assert isinstance(found, Unread)
    assert found.why == "too-big"


@pytest.mark.parametrize(
    "text",
    [
        "<p>" * 30_000 + "x",
        "<br>" * 30_000 + "x",
        "<p><img src=x><input><li>" * 10_000,
        "<script>" + "var a = '<div>';\n" * 20_000 + "</script><p>x",
        "<div data-x='" + "a b " * 10_000 + "'>x</div>",
        "<!-- " + "<div>" * 30_000 + " --><p>x",
    ],
)
def test_long_and_sloppy_is_not_deep(text: str) -> None:
    assert isinstance(html.parse(text, FACTS, GENERIC), html.Page)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "<main>", "</main>", "<h1>", "</h1>", "<p>", "</p>", "<a href=/x>", "<a>", "</a>", "<table>", "<tr>", "<td>",
    "</td>", "</table>", "<li>", "<ul>", "</ul>", "<br>", "<time datetime=2024>", "</time>", "<span class=sr-only>",
    "</span>",
    "<div role=alert>", "</div>", "<nav>", "</nav>", "<button aria-expanded=x>", "</button>", "<h2>", "</h2>",
    "ord ", "• ",
    "Å", "\u00ad", "\ue000", " ", "<img alt=bild>", "(pdf, 2 kB)", "<svg>", "</svg>", "<template>", "<frameset>",
]), max_size=40))  # fmt: skip
def test_any_soup_is_read_and_its_numbers_hold(soup: list[str]) -> None:
    opened = html.parse("".join(soup), FACTS, GENERIC)
    assert isinstance(opened, html.Page)
    document = html.document(opened, FACTS)
    assert all(b.text and b.text == even(b.text) for b in document.blocks)
    assert all(k.block is None or k.block < len(document.blocks) for k in document.links)
    assert sum(b.kind == "title" for b in document.blocks) <= 1
    for line in opened.lines:
        assert all(0 <= s.start <= s.end <= len(line.text) for s in line.stamps)


def test_a_box_that_the_profile_calls_a_banner_is_one_whatever_its_name() -> None:
    body = "<main><h1>Rubrik</h1><div class=ruta>Vattenläcka i centrum.</div><p>Text.</p></main>"
    told = Rules(Profile("x", banner=(".ruta",)), GENERIC.language, 1, "")
    found = {rules: html.parse(body, FACTS, rules) for rules in (GENERIC, told)}
    assert [page.notices for page in found.values() if isinstance(page, html.Page)] == [(), ("Vattenläcka i centrum.",)]
    assert isinstance(found[told], html.Page)
    assert html.document(found[told], FACTS).text == "Text."


def test_a_selector_that_is_none_is_the_operators_fault() -> None:
    broken = Rules(Profile("x", main=("main[",)), GENERIC.language, 1, "")
    with pytest.raises(RuleError, match=r"main\["):
        html.parse("<p>x", FACTS, broken)
    with pytest.raises(RuleError):
        parts.select(html.LexborHTMLParser("<p>"), ":nix(")


@given(
    st.lists(st.characters() | st.sampled_from("\u034f\xad\u200b\ue000\x1f\x85 \n a\u030a"), max_size=12).map("".join)
)
def test_evening_leaves_out_what_shows_nothing_and_nothing_else(text: str) -> None:
    seen = [sign for sign in text if not _INVISIBLE.match(sign)]
    assert even(text) == unicodedata.normalize("NFC", " ".join("".join(seen).split()))


@pytest.mark.parametrize(
    "element", ["<time datetime=2019-11-08>8</time> x ", "<b itemprop=date content=2019-11-08></b> x "]
)
def test_time_grows_with_the_number_of_dates_in_a_line_only(element: str) -> None:
    start = time.process_time()
    page(f"<main><p>{element * 20_000}</main>")
    assert time.process_time() - start < 30  # it does not hang; how fast it is, a benchmark tells


@pytest.mark.parametrize("before", ["", "<main><h1>Rubrik</h1><p>Text</p></main>"], ids=["first", "last"])
def test_a_link_whose_line_is_not_written_stands_in_no_block(before: str) -> None:
    header = '<header><a href="/meny" role="alert">Meny</a></header>'
    after = "" if before else "<main><h1>Rubrik</h1><p>Text</p></main>"
    document = html.document(page(before + header + after), FACTS)
    assert [(k.target, k.part, k.block) for k in document.links] == [(urljoin(FACTS.url, "/meny"), "rest", None)]
