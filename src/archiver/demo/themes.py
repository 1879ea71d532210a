"""The forms of three content management systems: Sitevision, WordPress with Municipio, and Optimizely.

Elements, classes and the places of dates are those of real pages; words are invented. Each theme brings its own traps:
a caption before the title, words for screen readers glued to links, labels without a value, ids that differ by visit.
"""

# ruff: noqa: E501  (markup, as templates)

from archiver.demo.markup import Theme

_FEEDBACK = (
    '<form class="{cls}" action="#" method="post"><input type="hidden" name="csrf" value="{{nonce}}">'
    "<h2>Hjälpte informationen på sidan dig?</h2><button>Ja</button><button>Nej</button></form>"
)

SITEVISION = Theme(
    page="""<!DOCTYPE html>
<html lang="sv" class="sv-no-js">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Sitevision 2025.09.1">
<title>{title} - {site}</title>
<link rel="canonical" href="{url}">
<link rel="stylesheet" href="/assets/stil.css">
</head>
<body class="sv-responsive env-m-around--0">
<a class="skip-link" href="#innehall">Gå till innehåll</a>
<div id="svid10_2f6c1a8118d4c0ff31e5" class="sv-vertical sv-layout sv-skip-spacer sv-template-layout">
{banner}<header class="sv-custom-module sv-marketplace-sitevision-header">
<a href="/kommun-och-politik" class="logo">{site}</a>
<nav class="sv-marketplace-sitevision-navigation" aria-label="Huvudmeny"><ul>
{menu}
</ul></nav>
<nav class="sv-breadcrumbs-portlet sv-portlet" aria-label="Du är här">Du är här: <a href="/kommun-och-politik">Start</a> / {title}</nav>
</header>
<main id="innehall" class="sv-vertical sv-layout pagecontent">
{figure}<div class="sv-text-portlet sv-use-margins" id="svid12_2f6c1a8118d4c0ff31e6"><div class="sv-text-portlet-content">
{above}<h1 class="heading">{title}</h1>
{body}
</div></div>
{below}</main>
"""
    + _FEEDBACK.format(cls="sv-marketplace-feedback-portlet")
    + """
<footer class="sv-layout"><h2>Kontakta oss</h2><p>{site}, Kajgatan 1, 999 01 Sjöberga. Telefon 0990-100 00.</p>
<p><a href="/om-webbplatsen">Om webbplatsen</a></p></footer>
</div>
<script nonce="{nonce}">window.svDocReady = {{}};</script>
</body>
</html>
""",
    paragraph='<p class="normal">{0}</p>',
    heading='<h{level} class="subheading{level}">{0}</h{level}>',
    items='<ul class="sv-defaultlist">\n{0}\n</ul>',
    item="<li>{0}</li>",
    table='<table class="sv-standard" style="width:100%"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>',
    question='<div class="sv-marketplace-sitevision-accordion"><button aria-expanded="false" aria-controls="open-{n}">'
    '{question}</button><div id="open-{n}" class="accordion-content"><p class="normal">{answer}</p></div></div>',
    fact='<aside class="sv-decoration-faktaruta"><h2 class="subheading2">{heading}</h2>\n{words}\n</aside>',
    outside='<a href="{target}" target="_blank" rel="noopener">{words}<span class="env-assistive-text">'
    "Länk till annan webbplats, öppnas i nytt fönster.</span></a>",
    file='<a href="{target}" class="sv-linkicon" target="_blank">{words}<span class="env-assistive-text"> {note}, '
    "öppnas i nytt fönster.</span></a>",
    banner='<div class="crisis-message" role="alert"><strong>Viktigt meddelande</strong> {0}</div>\n',
    figure='<div class="sv-image-portlet"><figure><img src="/assets/bild.svg" alt=""><figcaption>{0}</figcaption></figure>'
    "</div>\n",
    stamps={
        "page": (
            "",
            '<div class="sv-text-portlet"><p class="env-text-caption">Sidan uppdaterades senast: {u:iso}</p></div>\n',
        ),
        "news": (
            '<p class="publiceringsdatum">Publiceringsdatum: {p:short}</p>\n',
            '<section class="sidinformation"><h2>Sidinformation</h2><dl><dt>Senast uppdaterad:</dt><dd>{u:iso}</dd>'
            "<dt>Publicerad:</dt><dd>{p:iso}</dd></dl></section>\n",
        ),
        "reviewed": ("", "<p>Senast granskad: den {r:long}</p>\n"),
        "both": ("", "<p>Senast uppdaterad: {u:clock}</p>\n<p>Sidan granskad {r:long}</p>\n"),
        "no-value": ("", "<p>Senast uppdaterad:</p>\n"),
    },
)

MUNICIPIO = Theme(
    page="""<!DOCTYPE html>
<html lang="sv-SE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>{title} | {site}</title>
{meta}
<link rel="canonical" href="{url}">
<link rel="alternate" type="application/rss+xml" title="{site} &raquo; Nyheter" href="/nyheter/feed/">
<link rel="stylesheet" href="/assets/stil.css">
</head>
<body class="wp-singular page-template-default wp-theme-municipio no-js">
<a href="#main-content" class="u-sr__only">Hoppa till innehåll</a>
{banner}<header id="site-header" class="c-header">
<a class="c-header__logotype" href="/kommun-politik/">{site}</a>
<nav class="c-nav" aria-label="Primär meny"><ul>
{menu}
</ul></nav>
</header>
<main id="main-content"><div class="o-container">
<nav class="c-breadcrumb" aria-label="Breadcrumb"><span class="u-sr__only">Du är här:</span> <a href="/kommun-politik/">Hem</a></nav>
<article class="c-article c-article--readable-width s-article" id="article" data-uid="{nonce}">
{figure}<h1 class="c-typography c-typography__variant--h1" id="page-title" data-uid="{nonce}1">{title}</h1>
{above}{body}
{below}</article>
</div></main>
<aside class="c-card" data-uid="{nonce}2"><h2>Senaste nytt</h2><ul><li><a href="/nyheter/isbanan-haller-annu/">Isbanan håller ännu</a>
<time datetime="2026-02-19">19 februari 2026</time></li></ul></aside>
<footer class="c-footer"><p>{site}, Torget 3, 999 20 Granvik</p></footer>
</body>
</html>
""",
    paragraph="<p>{0}</p>",
    heading='<h{level} class="c-typography c-typography__variant--h{level}">{0}</h{level}>',
    items="<ul>\n{0}\n</ul>",
    item="<li>{0}</li>",
    table='<div class="c-table"><table class="c-table__table"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>',
    question='<div class="c-accordion__section"><button class="c-accordion__button" aria-expanded="false">{question}</button>'
    '<div class="c-accordion__content"><p>{answer}</p></div></div>',
    fact='<div class="c-card c-card--panel"><h2 class="c-card__heading">{heading}</h2><div class="c-card__content">{words}</div></div>',
    outside='<a href="{target}" class="c-link c-link--external">{words}<span class="u-sr__only"> (extern länk)</span></a>',
    file='<a href="{target}" class="c-link">{words} ({note})</a>',
    banner='<div class="c-notice c-notice--warning" role="alert"><span class="c-notice__message">{0}</span></div>\n',
    figure='<figure class="wp-block-image"><img src="/assets/bild.svg" alt=""><figcaption>{0}</figcaption></figure>\n',
    stamps={
        "page": (
            '<div class="c-signature"><div class="c-signature__dates"><span class="c-signature__published">Publicerad: '
            '<time class="c-date" datetime="{p:time}">{p:long}</time></span> <span class="c-signature__updated">'
            'Uppdaterad: <time class="c-date" datetime="{u:time}">{u:long}</time></span></div></div>\n',
            "",
        ),
    },
)

OPTIMIZELY = Theme(
    page="""<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - {site}</title>
<link rel="canonical" href="{url}">
<link rel="stylesheet" href="/assets/stil.css">
</head>
<body data-page="{nonce}">
<a class="skip-to-content" href="#main">Till sidans huvudinnehåll</a>
{banner}<header class="site-header"><a href="/kommun--politik/">{site}</a>
<nav class="main-navigation" aria-label="Huvudnavigation"><ul>
{menu}
</ul></nav></header>
<div class="breadcrumbs">Du är här: <a href="/kommun--politik/">Start</a> {title}</div>
<main id="main" class="main-content">
{figure}<h1>{title}</h1>
{above}<div class="editor-text">
{body}
</div>
{below}</main>
"""
    + _FEEDBACK.format(cls="page-feedback")
    + """
<footer class="site-footer"><p>{site}, Lotsgatan 7, 999 40 Älvhamn</p></footer>
<script src="/globalassets/script/site.js?v={nonce}"></script>
</body>
</html>
""",
    paragraph="<p>{0}</p>",
    heading="<h{level}>{0}</h{level}>",
    items="<ul>\n{0}\n</ul>",
    item="<li>{0}</li>",
    table='<div class="table-wrapper"><table class="table"><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>',
    question='<details class="accordion-block"><summary>{question}</summary><div><p>{answer}</p></div></details>',
    fact='<div class="block fact-block"><h2>{heading}</h2>{words}</div>',
    outside='<a href="{target}" class="external" title="Länk till annan webbplats">{words}<span class="sr-only">'
    "Öppnas i nytt fönster.</span></a>",
    file='<a href="{target}" class="document pdf">{words} <span class="file-info">({note})</span></a>',
    banner='<section class="kris-rad" aria-label="Meddelande"><p>{0}</p></section>\n',
    figure='<figure class="image-block"><img src="/assets/bild.svg" alt=""><figcaption>{0}</figcaption></figure>\n',
    stamps={
        "page": ("", '<div class="page-info"><p>Senast uppdaterad {u:long}</p><p>Sidansvarig: Kommunkansliet</p></div>\n'),
        "sentence": (
            "", '<div class="page-info"><p>Publicerad den {p:long}, senast ändrad den {u:long}</p></div>\n'
        ),
        "reviewed": ("", '<div class="page-info"><p>Sidan senast granskad den {r:long}</p></div>\n'),
        "no-value": ("", '<div class="page-info"><p>Senast uppdaterad:</p></div>\n'),
        "news": ('<p class="date">Publicerad {p:long}</p>\n', ""),
    },
)  # fmt: skip

STYLE = """body { font: 17px/1.5 Georgia, serif; max-width: 44rem; margin: 0 auto; padding: 0 1rem 3rem; color: #222; }
header, footer, nav, form, aside, button { font-family: system-ui, sans-serif; font-size: .9rem; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; }
.crisis-message, .c-notice, .kris-rad { background: #fff1c9; padding: .75rem 1rem; }
.env-assistive-text, .u-sr__only, .sr-only { position: absolute; left: -999rem; }
aside, .c-card--panel, .fact-block { background: #eef3f2; padding: .5rem 1rem; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; border-bottom: 1px solid #ccc; padding: .25rem; }
figure { margin: 1rem 0; } img { width: 100%; height: 8rem; object-fit: cover; } footer { margin-top: 3rem; color: #555; }
"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100" fill="#cfe0e6"/>'
    '<path d="M0 70 Q50 55 100 70 T200 70 T300 70 T400 70 V100 H0Z" fill="#5b8a97"/><path d="M180 60h40l-8 10h-24z"/></svg>'
)
