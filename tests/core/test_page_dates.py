"""Dates of whole pages, in the forms that authorities print them: exact, or none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.extract.page import html
from archiver.model import Facts
from rulebook import rules

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
TEXT = "<p>Kommunen har beslutat om en ny taxa. Den gäller alla som bor här och har vatten.</p>"


def dates(body: str, language: str = "sv", head: str = "", path: str = "kommun/sida") -> dict[str, str]:
    """What a page with this content area is believed to say of itself."""
    page = (
        f"<html lang={language}><head><title>Rubrik - Orten</title>{head}</head><body><main>{body}</main></body></html>"
    )
    facts = Facts(f"https://www.orten.example/{path}", SEEN, content_type="text/html; charset=utf-8")
    document = html.read(page.encode(), facts, rules("generic", language))
    assert not isinstance(document, html.Unread)
    meanings = ("published", "updated", "reviewed", "created", "responsible")
    return {m: value for m in meanings if (value := getattr(document, m))}


SAID = (
    # Swedish: labels and their surroundings
    ("<p>Sidan uppdaterad <b>2024-05-06</b></p>", {"updated": "2024-05-06"}),
    ("<p>Sidan uppdaterades: 6 maj 2024, kl 08:15</p>", {"updated": "2024-05-06T08:15"}),
    ("<p>Senast uppdaterad: måndag 6 maj 2024</p>", {"updated": "2024-05-06"}),
    ("<p>Senast uppdaterad måndagen den 6 maj 2024 kl. 8.15</p>", {"updated": "2024-05-06T08:15"}),
    ("<p>Senast&nbsp;uppdaterad:&nbsp;2024-05-06</p>", {"updated": "2024-05-06"}),
    ("<p>SENAST UPPDATERAD 6 MAJ 2024</p>", {"updated": "2024-05-06"}),
    ("<p>Uppdaterad den 6:e maj 2024</p>", {"updated": "2024-05-06"}),
    ("<p>Senast ändrad: 2024-05-06 08:15:30</p>", {"updated": "2024-05-06T08:15:30"}),
    ("<p>Senast uppdaterad 24-05-06</p>", {}),  # a year of two digits with dashes is no form of ours
    ("<p>Senast uppdaterad: 6/5 2024</p>", {"updated": "2024-05-06"}),
    ("<p>Senast uppdaterad 2024.05.06</p>", {"updated": "2024-05-06"}),
    ("<p>Uppdaterad: maj 2024</p>", {"updated": "2024-05"}),
    ("<p>Senast uppdaterad i maj 2024</p>", {"updated": "2024-05"}),
    ("<p><em>Publicerad: 2024-05-06 &ndash; Uppdaterad: 2024-06-07</em></p>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("<p>Publicerad 2024-05-06 (uppdaterad 2024-06-07)</p>", {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("<p>Publicerad 6 maj 2024 &middot; Uppdaterad 7 juni 2024</p>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("<p>Publicerades 6 maj 2024 och uppdaterades 7 juni 2024</p>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("<p>Artikeln publicerades: 2024-05-06</p>", {"published": "2024-05-06"}),
    ("<p>Publicerad: 2024-05-06 08:15 | Av: Anna Prov</p>",
     {"published": "2024-05-06T08:15", "responsible": "Anna Prov"}),
    ("<p>Sidan senast uppdaterad 2024-05-06 av Anna Prov, kommunikatör</p>",
     {"updated": "2024-05-06", "responsible": "Anna Prov"}),
    ("<p>Sidansvarig: Anna Prov<br>Senast uppdaterad: 2024-05-06</p>",
     {"updated": "2024-05-06", "responsible": "Anna Prov"}),
    ("<p>Sidansvarig: <a href='mailto:a@orten.example'>Anna Prov</a> | Uppdaterad: 2024-05-06</p>",
     {"updated": "2024-05-06", "responsible": "Anna Prov"}),
    ("<dl><dt>Publicerad</dt><dd>2024-05-06</dd><dt>Senast granskad</dt><dd>2025-01-02</dd><dt>Innehållsansvarig</dt>"
     "<dd>Anna Prov</dd></dl>", {"published": "2024-05-06", "reviewed": "2025-01-02", "responsible": "Anna Prov"}),
    ("<table><tr><th>Skapad</th><th>Publicerad</th><th>Ändrad</th></tr><tr><td>2024-03-01</td><td>2024-05-06</td>"
     "<td>7 juni 2024</td></tr></table>",
     {"created": "2024-03-01", "published": "2024-05-06", "updated": "2024-06-07"}),
    ("<p><span>Anna Prov</span><span>Senast uppdaterad 2024-05-06</span></p>", {"updated": "2024-05-06"}),
    ("<dl><dt>Senast granskad</dt><dd>2024-05-06</dd><dt>Nästa granskning</dt><dd>2027-05-06</dd></dl>",
     {"reviewed": "2024-05-06"}),
    ("<table><tr><td>Senast uppdaterad</td><td>2024-05-06</td></tr></table>", {"updated": "2024-05-06"}),
    ("<ul class=info><li>Publicerad: 2024-05-06</li><li>Uppdaterad: 2024-06-07</li></ul>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("<div><strong>Uppdaterad</strong><br>2024-05-06</div>", {"updated": "2024-05-06"}),
    ("<h3>Senast uppdaterad</h3><p>2024-05-06</p>", {"updated": "2024-05-06"}),
    ("<p>Sidan faktagranskades senast: 2024-05-06</p>", {"reviewed": "2024-05-06"}),
    ("<p>Informationen är senast granskad och uppdaterad 2024-05-06</p>", {"updated": "2024-05-06"}),
    # not the page's dates
    ("<p>Nästa granskning: 2026-12-01</p>", {}),
    ("<p>Uppdaterad: </p><p>Sammanträdesdatum: 2024-05-06</p>", {}),
    ("<h2>Protokoll</h2><ul><li><a href=a.pdf>Protokoll</a> Publicerad 2024-05-06</li><li><a href=b.pdf>Protokoll</a>"
     " Publicerad 2024-06-07</li></ul>", {}),
    ("<ol><li><h2><a href=a>Hyra bostad</a></h2><p>Publicerad 2024-05-06. Så söker du.</p></li></ol>", {}),
    ("<ul><li><a href=a>Hyra bostad</a><p>Senast uppdaterad: 2024-05-06</p></li></ul>", {}),
    ("<ul><li><span>Publicerad 2024-05-06</span><a href=a>Hyra bostad</a></li></ul>", {}),
    ("<ul><li>Publicerad <a href=/2024/05/06>2024-05-06</a> av <a href=/anna>Anna Prov</a></li></ul>",
     {"published": "2024-05-06", "responsible": "Anna Prov"}),
    ("<p>Beslutad av kommunfullmäktige 2024-05-06 § 12. Reviderad 2025-01-02 § 3.</p>", {}),
    ("<table><tr><th>Publicerad</th><th>Uppdaterad</th></tr><tr><td>2024-05-06</td><td>2024-06-07</td></tr>"
     "<tr><td>2024-05-07</td><td>2024-06-08</td></tr></table>", {}),
    ("<table><tr><th>Dokument</th><th>Uppdaterad</th></tr><tr><td>Taxa</td><td>2024-05-06</td></tr></table>", {}),
    ("<p>Detaljplanen publicerades 2024-05-06 i Post- och Inrikes Tidningar och vann laga kraft senare.</p>", {}),
    ("<p>Anslaget: 2024-05-06. Tas ned: 2024-05-27.</p>", {}),
    ("<p>Senast uppdaterad: i dag</p>", {}),
    ("<p>Ansök senast 2024-05-06</p>", {}),
    ("<p>Foto: Anna Prov, publicerad i Lokaltidningen 2024-05-06</p>", {}),
    ("<figure><img alt=''><figcaption>Bilden publicerades 2024-05-06</figcaption></figure>", {}),
    ("<p>Kartan är uppdaterad 2024-05-06 och visar alla gator.</p>", {}),
)  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), SAID, ids=[said[:50] for said, _ in SAID])
def test_swedish_pages(said: str, expected: dict[str, str]) -> None:
    assert dates(f"<h1>Rubrik</h1>{TEXT}{said}") == expected


ABROAD = (
    ("nb", "<p>Publisert: 06.05.2024 08.15. Sist oppdatert: 07.06.2024</p>",
     {"published": "2024-05-06T08:15", "updated": "2024-06-07"}),
    ("nb", "<p>Sist endret 6. mai 2024 kl. 08:15</p>", {"updated": "2024-05-06T08:15"}),
    ("nn", "<p>Publisert 6. mai 2024, oppdatert 7. juni 2024</p>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("da", "<p>Sidst opdateret: 06-05-2024</p>", {"updated": "2024-05-06"}),
    ("da", "<p>Oprettet 6. maj 2024 - Senest opdateret 7. juni 2024</p>",
     {"created": "2024-05-06", "updated": "2024-06-07"}),
    ("da", "<p>Siden er sidst opdateret den 6. maj 2024</p>", {"updated": "2024-05-06"}),
    ("fi", "<p>Julkaistu: 6.5.2024 klo 8.15</p><p>Päivitetty: 7.6.2024</p>",
     {"published": "2024-05-06T08:15", "updated": "2024-06-07"}),
    ("fi", "<p>Sivua päivitetty viimeksi 6.5.2024</p>", {"updated": "2024-05-06"}),
    ("fi", "<p>Päivitetty viimeksi 6. toukokuuta 2024</p>", {"updated": "2024-05-06"}),
    ("sv-FI", "<p>Publicerad 6.5.2024 kl. 8.15 | Uppdaterad 7.6.2024</p>",
     {"published": "2024-05-06T08:15", "updated": "2024-06-07"}),
    ("de", "<p>Stand: 6. Mai 2024</p>", {"updated": "2024-05-06"}),
    ("de", "<p>Veröffentlicht am 06.05.2024, zuletzt aktualisiert am 07.06.2024</p>",
     {"published": "2024-05-06", "updated": "2024-06-07"}),
    ("en", "<p>Page last updated: Monday, 6 May 2024</p>", {"updated": "2024-05-06"}),
    ("en", "<p>Last updated: 2pm on 6 May 2024. Figures are published each day.</p>", {"updated": "2024-05-06"}),
    ("en", "<p>Published 6th May 2024 | Last reviewed 7 June 2024 | Next review 7 June 2027</p>",
     {"published": "2024-05-06", "reviewed": "2024-06-07"}),
    ("en", "<p>Last updated: 06/05/2024</p>", {"updated": "2024-05-06"}),
)  # fmt: skip


@pytest.mark.parametrize(("language", "said", "expected"), ABROAD, ids=[f"{c} {said[:40]}" for c, said, _ in ABROAD])
def test_pages_of_other_languages(language: str, said: str, expected: dict[str, str]) -> None:
    assert dates(f"<h1>Rubrik</h1>{TEXT}{said}", language) == expected


LONE = (
    ("<h1>Rubrik</h1><p>6 maj 2024</p>", "nyheter/a", "2024-05-06"),
    ("<p>2024-05-06</p><h1>Rubrik</h1>", "nyheter/a", "2024-05-06"),
    ("<h1>Rubrik</h1><p>6 maj 2024 kl. 08.15</p>", "nyheter/a", "2024-05-06T08:15"),
    ("<h1>Rubrik</h1><p>6 maj 2024 kl. 08.15</p>", "uppleva/a", None),  # the hour at which something begins
    ("<h1>Rubrik</h1><p>Nyhet | 6 maj 2024</p>", "nyheter/a", "2024-05-06"),
    ("<p>Nyhet 6 maj 2024</p><h1>Rubrik</h1>", "a", "2024-05-06"),
    ("<h1>Rubrik</h1><p>6 maj 2024 • Pressmeddelande</p>", "nyheter/a", "2024-05-06"),
    ("<h1>Rubrik</h1><div class=entry-meta>av Anna Prov 6 maj 2024</div>", "nyheter/a", "2024-05-06"),
    ("<h1>Rubrik</h1><time datetime=2024-05-06>6 maj</time>", "nyheter/a", "2024-05-06"),
    ("<h1>Rubrik</h1><time datetime=2024-05-06>7 maj 2024</time>", "nyheter/a", None),  # at odds with itself
    ("<h1>Rubrik</h1><time datetime=2024-05-06T08:15:00+02:00>6 maj 2024</time>", "a", "2024-05-06T08:15:00"),
    ("<h1>Rubrik</h1><time datetime=2024-05-06T18:00:00+02:00>6 maj kl 18:00</time>", "a", None),
    ("<p>Aktuellt Pressmeddelande 6 maj 2024</p><h1>Rubrik</h1>", "a", "2024-05-06"),
    ("<h1>Rubrik</h1><p class=event-date>6 maj 2024</p>", "a", None),
    ("<h1>Rubrik</h1><p>6 maj 2024</p>", "evenemang/a", None),
    ("<h1>Kommunfullmäktige</h1><p>6 maj 2024</p>", "a", None),
    ("<h1>Kommunfullmäktige</h1><p class=publish-date>6 maj 2024</p>", "a", "2024-05-06"),
    ("<h1>Rubrik</h1><p>6 maj 2024</p><p>7 maj 2024</p>", "nyheter/a", "2024-05-06"),  # the second is not beside it
    ("<p>6 maj 2024</p><h1>Rubrik</h1><p>7 maj 2024</p>", "nyheter/a", None),
    ("<h1>Nyheter</h1><div><span class=post-date>6 maj 2024</span> <a href=a>A</a></div>", "nyheter", None),
    ("<h1>Rubrik</h1><a href=b><h3>En annan</h3><span>6 maj 2024</span></a>", "nyheter/a", None),
    ("<h1>Rubrik</h1><a href=a><time datetime=2024-05-06>6 maj 2024</time></a>", "nyheter/a", "2024-05-06"),
    ("<h1>Rubrik</h1><p>6–8 maj 2024</p>", "a", None),
    ("<h1>Rubrik</h1><p>Foto: Anna Prov 2024-05-06</p>", "nyheter/a", None),
    ("<h1>Rubrik</h1><dl><dt>Datum</dt><dd>2024-05-06</dd></dl>", "a", None),
    ("<h1>Rubrik</h1><p>6 maj 2024</p><dl><dt>Datum:</dt><dd>6 maj 2024</dd></dl>", "a", None),
    ("<h1>Rubrik</h1><p>6 maj 2024</p><p>Senast uppdaterad 2025-01-02</p>", "nyheter/a", None),
    ("<h1>Rubrik</h1><p class=datum>6 maj 2024</p><p>Senast uppdaterad 2025-01-02</p>", "nyheter/a", "2024-05-06"),
)


def test_a_day_in_the_head_confirms_the_one_printed_near_the_title() -> None:
    head = "<meta name=date content=2024-05-06T08:15:00+02:00>"
    body = f"<h1>Rubrik</h1><p>Ekliden, 6 maj 2024, 058/24</p>{TEXT}"
    assert dates(body, head=head) == {"published": "2024-05-06"}
    assert dates(body) == {}
    assert dates(body.replace("6 maj", "7 maj"), head=head) == {}
    assert dates(body.replace("Ekliden,", "Senast uppdaterad"), head=head) == {"updated": "2024-05-06"}


def test_microdata_around_the_title_speaks_of_the_page_whatever_its_classes_say() -> None:
    date = "<p class=news-list-date><time itemprop=datePublished datetime=2024-05-06>6.5.</time></p>"
    assert dates(f"<div itemscope><h1>Rubrik</h1>{date}</div>{TEXT}") == {"published": "2024-05-06"}
    assert dates(f"<h1>Rubrik</h1>{TEXT}<div itemscope>{date}</div>") == {}


@pytest.mark.parametrize(("said", "path", "expected"), LONE, ids=[said[:60] for said, _, _ in LONE])
def test_a_date_without_a_label(said: str, path: str, expected: str | None) -> None:
    assert dates(f"{said}{TEXT}", path=path).get("published") == expected


@pytest.mark.parametrize(
    ("aside", "published"),
    [
        ("<aside><p>Ny brandbil</p><p>Publicerad: 2019-11-08</p></aside>", None),
        ("<aside><p>Ny brandbil. Publicerad: 2019-11-08</p></aside>", None),
        ("<aside><p>Publicerad: 2019-11-08</p><p><a href='/brandbil'>Ny brandbil</a></p></aside>", None),
        ("<aside><p>Publicerad: 2019-11-08</p><p>Sidansvarig: Anna Ek</p></aside>", "2019-11-08"),
        ('<aside class="puff"><time class="published" datetime="2019-11-08">8 november</time></aside>', None),
        ('<aside class="page-info"><p>Publicerad: 2019-11-08</p></aside>', "2019-11-08"),
    ],
)
def test_an_aside_tells_of_other_things_unless_it_is_named_for_the_page_or_has_nothing_but_its_facts(
    aside: str, published: str | None
) -> None:
    assert dates(f"<h1>Skolan</h1>{TEXT}{aside}").get("published") == published
    assert dates(f"<h1>Skolan</h1>{TEXT}</main>{aside}<main>").get("published") == published


@pytest.mark.parametrize(
    "said",
    ["Last updated: 6 May 2024", "Last updated 6 maj 2024", "Senast uppdaterad: 6 maj 2024", "Updated: 2024-05-06"],
)
def test_an_english_page_of_a_swedish_site_speaks_english_and_its_template_swedish(said: str) -> None:
    text = "<p>The council is responsible for the water and it is not with us that you should be for this.</p>"
    page = f"<html lang=en><main><h1>Water</h1>{text}<p>{said}</p></main></html>"
    facts = Facts("https://www.orten.example/in-english/water", SEEN, content_type="text/html; charset=utf-8")
    site = replace(rules("generic", "sv"), others=(rules("generic", "fi").language, rules("generic", "en").language))
    document = html.read(page.encode(), facts, site)
    assert not isinstance(document, html.Unread)
    assert document.updated == "2024-05-06"
    assert [block.text for block in document.main] == [text.removeprefix("<p>").removesuffix("</p>")]


CARDS = (
    "<article class=post><h2><a href=/ny>Ny skola</a></h2><time class=published datetime=2024-05-06></time>.</article>",
    "<div><h3><a href=/ny>Ny skola</a></h3><p><time itemprop=datePublished datetime=2024-05-06>6 maj</time></p></div>",
    "<div><p>Publicerad: 2024-05-06</p><div><h3><a href=/ny>Ny skola</a></h3></div></div>",
    "<article><header><h3><a href=/ny>Ny skola</a></h3></header><footer>Publicerad 2024-05-06</footer></article>",
    "<div><a href=/ny><h3>Ny skola</h3></a><p>Publicerad 6 maj 2024 av Anna Prov</p></div>",
    "<a href=/ny><h3>Ny skola</h3><p>Publicerad 6 maj 2024</p></a>",
)


@pytest.mark.parametrize("card", CARDS)
def test_the_date_on_a_card_that_leads_to_another_page_is_that_pages(card: str) -> None:
    assert dates(f"<h1>Rubrik</h1>{TEXT}<div>{card}</div>") == {}
    own = "<p>Publicerad: 2025-01-02</p>"
    assert dates(f"<h1>Rubrik</h1>{TEXT}{card}{own}") == {"published": "2025-01-02"}


@pytest.mark.parametrize(
    "body",
    [
        "<article><h1><a href=/kommun/sida>Rubrik</a></h1>{0}</article>",
        "<div><h2><a href=/kommun/sida>Rubrik</a></h2>{0}</div>",
        "<h1>Rubrik</h1><div><h2><a href='#nyhet'>Ny skola</a></h2>{0}</div>",
        "<h1>Rubrik</h1><div><h2>Sidinformation</h2>{0}</div>",
        "<h1>Rubrik</h1><div>{0}" + TEXT * 12 + "<h2><a href=/mer>Läs mer</a></h2></div>",
        "<h1>Rubrik</h1><div>{0}<div><h3><a href=/a>A</a></h3><h3><a href=/b>B</a></h3></div></div>",
        "<article><h1>Rubrik</h1><footer><h3><a href=/anna>Anna Prov</a></h3>{0}</footer></article>",
    ],
)
def test_the_date_under_a_heading_of_the_pages_own_is_the_pages(body: str) -> None:
    assert dates(body.format("<p>Publicerad: 2024-05-06</p>")) == {"published": "2024-05-06"}


def test_a_list_in_an_item_with_a_heading_of_the_first_level_is_not_the_pages() -> None:
    entry = "<h1>Ny skola</h1><time class=published datetime=2024-05-06>6 maj</time>"
    assert dates(f"<h1>Rubrik</h1>{TEXT}<div itemscope class=news-list>{entry}</div>") == {}


@pytest.mark.parametrize("path", ["beslut/2024-05-06-bygglov", "paatokset/2024/05/06/lupa", "konserter/2024-05-06-x"])
def test_a_day_in_the_address_of_a_decision_or_a_concert_is_its_own(path: str) -> None:
    assert dates(f"<h1>Rubrik</h1>{TEXT}", path=path) == {}
    assert dates(f"<h1>Rubrik</h1>{TEXT}", path="nyheter/2024-05-06-x") == {"published": "2024-05-06"}


def test_when_a_page_was_made_is_not_when_it_was_published_in_any_profile() -> None:
    head = "<meta name=dcterms.created content=2024-05-06><meta name=dcterms.date content=2024-06-07>"
    page = f"<html lang=sv><head><title>R</title>{head}</head><body><main><h1>R</h1>{TEXT}</main></body></html>"
    facts = Facts("https://www.orten.example/a", SEEN, content_type="text/html; charset=utf-8")
    for profile in ("drupal", "generic", "joomla", "optimizely", "sharepoint", "sitevision", "umbraco", "wordpress"):
        found = html.read(page.encode(), facts, rules(profile))
        assert not isinstance(found, html.Unread)
        assert (found.published, found.updated) == (None, None)
