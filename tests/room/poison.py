"""A municipality whose every word is an attack: what a hostile site, or a clever reader, would plant."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from archive import Town
from archiver.demo.pdf import page_pdf
from pretend import page

PAYLOADS = (
    "<script>boom()</script>",
    "<ScRiPt>boom()</sCrIpT >",
    '"><script>boom()</script>',
    "</script><script>boom()</script>",
    "<img src=x onerror=boom()>",
    '"><img src=x onerror=boom()>',
    "'><svg/onload=boom()>",
    "<svg><animate onbegin=boom() attributeName=x dur=1s>",
    "<details open ontoggle=boom()>x</details>",
    "<iframe srcdoc='<script>parent.boom()</script>'></iframe>",
    "<iframe src=javascript:parent.boom()></iframe>",
    "<object data=javascript:boom()></object>",
    "<embed src=javascript:boom()>",
    "<base href=https://ond.example/>",
    "<meta http-equiv=refresh content=0;url=https://ond.example/>",
    "<link rel=stylesheet href=https://ond.example/x.css>",
    "<style>@import 'https://ond.example/x.css';</style>",
    "<form action=https://ond.example/><input name=q autofocus onfocus=boom()>",
    "<input autofocus onfocus=boom()>",
    "</textarea></title></style></noscript><script>boom()</script>",
    "--><script>boom()</script><!--",
    "]]><script>boom()</script><![CDATA[",
    "<math><mtext><table><mglyph><style><img src=x onerror=boom()></style>",
    "<noscript><p title='</noscript><img src=x onerror=boom()>'>",
    "<a href=javascript:boom()>klicka</a>",
    "javascript:boom()",
    "JaVaScRiPt:boom()",
    "java\tscript:boom()",
    "data:text/html,<script>boom()</script>",
    "vbscript:boom()",
    "' onmouseover='boom()",
    '" onmouseover="boom()" x="',
    "` onmouseover=boom() `",
    "{{ 7 * 7 }}${7*7}<%= 7*7 %>{% raw %}",
    "%3Cscript%3Eboom()%3C/script%3E",
    "&lt;script&gt;boom()&lt;/script&gt;",
    "&#60;script&#62;boom()&#60;/script&#62;",
    "\u202egnp.<script>boom()</script>",
    "＜script＞boom()＜/script＞",
    "<script\x0cboom()</script\x0c>",
    "<x\x00script>boom()</script>",
)
"""Each would call boom(), go elsewhere, or stand in a place that is not its own."""
PATHS = (
    *(f"/{quote(words, safe='')}" for words in PAYLOADS),
    '/x"onmouseover="boom()', "/'onfocus='boom()", "/javascript:boom()", "/a?b=<script>boom()</script>&c='\"",
)  # fmt: skip
_AT_ONCE = 8


def poisoned(town: Town) -> None:
    """Two days of it: in texts, titles, links, labels, dates, headers, names of files, and changes of them."""
    _plant(town, "den första dagen")
    town.crawl()
    _plant(town, "den andra dagen")
    town.site.gone("/borta")
    town.day()
    town.day()


def _plant(town: Town, day: str) -> None:
    site, names = town.site, []
    for k in range(0, len(PAYLOADS), _AT_ONCE):
        some = [PAYLOADS[(k + n) % len(PAYLOADS)] for n in range(_AT_ONCE)]
        told = [f"<p>{escape(words)}</p>" for words in (*some, f"{some[2]} {day}")]
        links = [(words, words) for words in some] + [(f"/fil{k}.pdf", f"{some[0]} {day}"), ("/borta", some[1])]
        head = f'<meta name="dcterms.modified" content="{escape(some[0])}">'
        site[f"/sida{k}"] = page(f"{some[0]} {some[1]}", *told, updated=f"{some[3]} {day}", published="2026-01-02",
                                 reviewed=some[4], links=links, head=head)  # fmt: skip
        site[f"/rå{k}"] = page("Rå", *some, f"Ord {day}.", links=links)  # as markup, not as words
        site.file(f"/fil{k}.pdf", page_pdf(some[0], [*some, day], town.clock.now()))
        names += [f"/sida{k}", f"/rå{k}", f"/fil{k}.pdf"]
    for path in PATHS:
        site[path.partition("?")[0]] = page(f"En adress {path}", f"Ord {day}.")
    site["/borta"] = page("<script>boom()</script>", "Ord som försvann.")
    site["/huvud"] = page("Huvuden", f"Ord {day}.")
    headers = {
        "Content-Type": 'text/html; charset=utf-8; x="><script>boom()</script>', "Server": "<img src=x onerror=boom()>",
        "Last-Modified": f"<script>boom()</script> {day}",
    }  # fmt: skip
    site.says("/huvud", 200, headers=headers, body=site["/huvud"])
    site.says("/flyttad", 301, headers={"Location": '/huvud#"><script>boom()</script>'})
    site["/"] = page("Start", links=[(p, PAYLOADS[0]) for p in (*names, *PATHS, "/huvud", "/borta", "/flyttad")])


def addresses(archive: Path) -> list[str]:
    """Every page, capture and comparison of an archive, and searches and filters that are attacks themselves."""
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(archive)) as conn:
        pages = [row[0] for row in conn.execute("SELECT id FROM pages WHERE kind IN ('page', 'file') ORDER BY id")]
        pairs = [f"{a}..{b}" for a, b in conn.execute("SELECT capture_before, capture_after FROM page_changes")]
        rich = "SELECT page_id FROM page_changes WHERE url LIKE '%sida%' OR url LIKE '%fil0%' OR url LIKE '%huvud%'"
        told = {row[0] for row in conn.execute(rich)}
    plain = [number for number in pages if number not in told]
    found = ["/", "/?noise=1&order=weight", "/m", "/m/9999", "/lists/gone", "/lists/dead-links", "/lists/documents",
             "/sql/silent-edits", "/health", "/search?q=boom", "/search?q=boom&tense=ever",
             "/search?q=boom&tense=removed", "/alert?q=%3Cscript%3Eboom()%3C/script%3E",
             "/sql/states?url=%3Cscript%3Eboom()%3C/script%3E"]  # fmt: skip
    found += [f"/page/{number}" for number in (*sorted(told), *plain[::6])]
    found += [f"/compare/{pair}{view}" for pair in pairs[:24] for view in ("", "?view=inline")]
    found += [f"{path}{quote(words, safe='')}" for k, words in enumerate(PAYLOADS)
              for path in (("/search?q=", "/?q=", "/?section=", "/m/", "/page?url=", "/?since=")[k % 6],)]  # fmt: skip
    return found
