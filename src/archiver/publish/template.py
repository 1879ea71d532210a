"""The page of a comparison as a template: markup and style in one string each. Pure."""

STYLE = """
:root{color-scheme:light dark;
    --sans:-apple-system,BlinkMacSystemFont,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif;
    --serif:Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Georgia,"Noto Serif",
    "Times New Roman",serif;--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;
    --paper:#fcfcfa;--shade:#f2f2ee;--ink:#1a1d21;--soft:#555d66;--line:#d5d7d1;--edge:#767d84;--link:#1f4690;
    --add:#0a5a3c;--add-bg:#dcf2e4;--del:#92260f;--del-bg:#fce6de;--date:#664400;--date-bg:#fdefc9}
@media(prefers-color-scheme:dark){
  :root{--paper:#15181b;--shade:#1f2327;--ink:#ebe9e3;--soft:#a8afb6;--line:#363c42;--edge:#858d95;
    --link:#a4bff5;--add:#93deb6;--add-bg:#14362a;--del:#ffb5a3;--del-bg:#47221a;--date:#f2cf80;
    --date-bg:#3b2e10}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1.5rem}
body{margin:0 auto;max-width:62rem;padding:2.25rem clamp(1rem,4vw,2.5rem) 3.5rem;background:var(--paper);
    color:var(--ink);font:1.0625rem/1.55 var(--sans);overflow-wrap:break-word}
h1,h2,h3,p,ul,ol,dl,dd{margin:0;padding:0}
ul,ol{list-style:none}
h1{font:600 clamp(2rem,1.5rem + 2.2vw,2.875rem)/1.1 var(--serif);letter-spacing:-.012em;text-wrap:balance;
    margin-top:.5rem}
h2{font:600 1.3125rem/1.2 var(--sans);padding-top:.75rem;border-top:3px solid var(--ink)}
section{margin-top:3rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.soft{color:var(--soft);font-size:.9375rem}
.mono{font:.9em/1.5 var(--mono);overflow-wrap:anywhere}
.vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.lead{max-width:42rem;margin-top:.75rem;font-size:1.3125rem;line-height:1.42;color:var(--soft)}
.lead strong{color:var(--ink);font-weight:600}
.badges{display:flex;flex-wrap:wrap;gap:.25rem .5rem;margin-top:.75rem}
.badge{display:inline-flex;gap:.45em;padding:.16em .6em;font:600 .8125rem/1.4 var(--sans);border-radius:3px;
    background:var(--shade);color:var(--soft)}
.badge.date{color:var(--date);background:var(--date-bg)}
.badge.gone{color:var(--del);background:var(--del-bg)}
.badge.back{color:var(--add);background:var(--add-bg)}
.ends{display:grid;grid-template-columns:1fr 1fr;gap:1.5rem;margin-top:2.25rem}
.ends div{padding-top:.75rem;border-top:3px solid var(--edge);color:var(--soft);font-size:.9375rem}
.ends div+div{border-top-color:var(--ink)}
.ends h2{border:0;padding:0;font-size:.9375rem;color:var(--ink)}
.ends time{display:block;font:600 1.3125rem/1.3 var(--serif);color:var(--ink)}
.words{font:1.125rem/1.6 var(--serif);max-width:42rem;margin-top:1rem}
.words>*{margin-top:.75rem;unicode-bidi:isolate}
.words h3{font:600 1.3125rem/1.3 var(--serif)}
.list-item{padding-left:1.2em}
.list-item::before{content:"\\2013";float:left;margin-left:-1.2em;color:var(--soft)}
.table-row,.caption{font-family:var(--sans);font-size:1rem}
.quote{padding-left:1rem;border-left:3px solid var(--line)}
.hunk:target{background:var(--shade);box-shadow:-.5rem 0 var(--shade),.5rem 0 var(--shade)}
.moved{border-left:3px solid var(--edge);padding-left:.75rem}
.moved .tag{font:600 .8125rem/1.5 var(--sans);color:var(--soft)}
ins,del{position:relative;padding:.08em .18em .08em 1.1em;border-radius:2px;unicode-bidi:isolate;
    -webkit-box-decoration-break:clone;box-decoration-break:clone}
ins{color:var(--add);background:var(--add-bg);text-decoration:underline 2px;text-underline-offset:.2em;
    text-decoration-skip-ink:none}
del{color:var(--del);background:var(--del-bg);text-decoration:line-through 1px}
ins::before,del::before{font:700 .85em/1.7 var(--sans);position:absolute;left:.25em;margin-top:.16em}
ins::before{content:"+";content:"+"/""}
del::before{content:"\\2212";content:"\\2212"/""}
.s{white-space:nowrap}
details{border-block:1px solid var(--line);font:.9375rem/1.55 var(--sans)}
summary{padding:.5rem 0;color:var(--link);cursor:pointer}
details .words{margin:0 0 .75rem}
.map{margin-top:1rem;font-size:.9375rem}
.map ol{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin-top:.25rem}
.map a{display:inline-block;padding-block:.25rem}
.plus{color:var(--add)}
.minus{color:var(--del)}
table{width:100%;border-collapse:collapse;margin-top:1rem;font-size:.9375rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;vertical-align:top;padding:.5rem 1rem .5rem 0;border-top:1px solid var(--line)}
thead th{border-top:0;border-bottom:1px solid var(--ink);color:var(--soft);font-size:.8125rem}
tbody tr:first-child>*{border-top:0}
.path{display:block;font:.8125rem/1.5 var(--mono);color:var(--soft);overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.5rem;margin-top:.75rem;
    font-size:.9375rem}
.facts dt{color:var(--soft)}
.num{font-variant-numeric:tabular-nums;white-space:nowrap}
.limits{max-width:42rem;margin-top:.75rem;color:var(--soft)}
.limits+.limits{margin-top:.5rem}
@media(max-width:44rem){
  .facts{grid-template-columns:minmax(0,1fr);gap:0}
  .facts dd{margin-bottom:.5rem}
  .ends{gap:1rem}
  .ends time{font-size:1.0625rem}
  thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
  tbody,tr,th,td{display:block;border:0;padding:0}
  tr{padding-block:.75rem;border-top:1px solid var(--line)}
  td:empty{display:none}
  td[data-h]::before{content:attr(data-h)": ";color:var(--soft);font-size:.8125rem}
}
@media(forced-colors:active){
  .badge,ins,del{border:1px solid}
}
@media print{
  @page{margin:18mm 16mm}
  :root{--paper:#fff;--shade:#fff;--ink:#000;--soft:#333;--line:#999;--edge:#555;--link:#000;--add:#000;
    --add-bg:#fff;--del:#000;--del-bg:#fff;--date:#000;--date-bg:#fff}
  body{padding:0;font-size:.875rem}
  .map{display:none}
  section{margin-top:1.5rem}
  tr,.hunk{break-inside:avoid}
  h2,h3{break-after:avoid}
  summary{list-style:none;color:var(--soft)}
  .badge{border:1px solid}
  .s{white-space:normal}
  ins,del{padding:0}
  ins::before,del::before{position:static}
  ins::before{content:"[+ "}
  ins::after{content:"]"}
  del::before{content:"[\\2212  "}
  del::after{content:"]"}
}
"""

PAGE = """\
{%- macro mark(op, text) -%}
{%- set tag = "ins" if op == "added" else "del" -%}
<{{ tag }}{% if text|length < 22 %} class="s"{% endif %}>\
<span class="vh">[{{ w[op] }}: </span>{{ text }}<span class="vh">]</span></{{ tag }}>
{%- endmacro -%}
{%- macro inner(spans, between="") -%}
{%- for op, text in spans %}{% if op == "same" %}{{ text }}{% else %}{{ mark(op, text) }}{% endif %}\
{{ between }}{% endfor -%}
{%- endmacro -%}
{%- macro passage(block) %}
<{{ block.tag }} class="{{ block.classes }}"{% if block.anchor %} id="{{ block.anchor }}"{% endif %}>\
{% if block.moved %}<span class="tag">⇅ {{ w.moved }}:</span> {% endif %}{{ inner(block.spans) }}</{{ block.tag }}>
{%- endmacro -%}
{%- macro sides(row) -%}
<td data-h="{{ w.before }}">{% if row.changed and row.before %}{{ mark("removed", row.before) }}\
{% else %}{{ row.before or w.none }}{% endif %}</td>\
<td data-h="{{ w.after }}">{% if row.changed and row.after %}{{ mark("added", row.after) }}\
{% else %}{{ row.after or w.none }}{% endif %}</td>
{%- endmacro -%}
<!doctype html>
<html lang="{{ lang }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>{{ w.comparison }}: {{ c.title }}</title>
<style>{{ style }}</style>
</head>
<body>
<main>
<p class="soft">{{ c.municipality }} › {{ w.comparison }}</p>
<h1>{{ c.title }}</h1>
{%- if badges %}
<ul class="badges" aria-label="{{ w.classes }}">
{%- for sign, tone, word in badges %}
<li class="badge {{ tone }}"><b aria-hidden="true">{{ sign }}</b>{{ word }}</li>
{%- endfor %}</ul>
{%- endif %}
<p class="lead">
{%- for strong, text in lead %}
{% if strong %}<strong>{{ text }}</strong>{% else %}{{ text }}{% endif %}
{%- endfor %}</p>
<div class="ends">
{%- for name, end in ends %}
<div><h2>{{ w[name] }}</h2><time datetime="{{ end.iso }}">{{ end.shown }}</time>\
{% if end.revision is not none %}{{ w.revision }} {{ end.revision }} · {% endif %}{{ w.capture }} \
<span class="mono">{{ end.capture }}</span></div>
{%- endfor %}
</div>
<section aria-labelledby="dates"><h2 id="dates">{{ w.dates }}</h2>
<table><thead><tr>
{%- for name in (w.claim, w.before, w.after, w.verdict) %}<th scope="col">{{ name }}</th>{% endfor -%}
</tr></thead><tbody>
{%- for row in dates %}
<tr><th scope="row">{{ row.name }}</th>{{ sides(row) }}<td>{{ row.verdict }}</td></tr>
{%- endfor %}
</tbody></table></section>
{%- if stretches %}
<section aria-labelledby="words"><h2 id="words">{{ w.words }}</h2>
{%- if anchors|length > 1 %}
<nav class="map" aria-label="{{ changes }}"><p class="soft">{{ changes }}</p><ol>
{%- for a in anchors %}<li><a href="#{{ a.anchor }}">{{ a.opening }}</a> <span class="num">\
{% if a.added %}<b class="plus">+{{ a.added }}</b> {% endif %}\
{% if a.removed %}<b class="minus">−{{ a.removed }}</b>{% endif %}</span></li>
{%- endfor %}</ol></nav>
{%- endif %}
{%- for s in stretches %}
{%- if s.folded %}
<details><summary>{{ s.summary }}</summary>
<div class="words">{% for block in s.blocks %}{{ passage(block) }}{% endfor %}
</div></details>
{%- else %}
<div class="words">{% for block in s.blocks %}{{ passage(block) }}{% endfor %}
</div>
{%- endif %}
{%- endfor %}
</section>
{%- endif %}
{%- if links %}
<section aria-labelledby="links"><h2 id="links">{{ w.links }}</h2>
<table><thead><tr><th scope="col">{{ w.what }}</th><th scope="col">{{ w.where }}</th></tr></thead>
<tbody>
{%- for k in links %}
<tr><th scope="row">{{ k.sign }} {{ k.what }}</th>\
<td>{{ inner(k.words, " ") }}<span class="path">{{ inner(k.target, " ") }}</span></td></tr>
{%- endfor %}
</tbody></table></section>
{%- endif %}
{%- if grounds %}
<section aria-labelledby="class"><h2 id="class">{{ w.classes }}</h2>
<table><tbody>
{%- for name, words, said in grounds %}
<tr><th scope="row">{{ name }}</th><td{% if not said %} lang="en"{% endif %}>{{ words }}</td></tr>
{%- endfor %}
</tbody></table></section>
{%- endif %}
{%- if reasons %}
<section aria-labelledby="why"><h2 id="why">{{ w.why }}</h2>
<table><tbody>
{%- for name, points, detail, said in reasons %}
<tr><th scope="row">{{ name }}</th><td class="num">{{ points }}</td>\
<td{% if not said %} lang="en"{% endif %}>{{ detail }}</td></tr>
{%- endfor %}
<tr><th scope="row">{{ w.weight }}</th><td class="num"><strong>{{ weight }}</strong></td><td></td></tr>
</tbody></table></section>
{%- endif %}
<section aria-labelledby="evidence"><h2 id="evidence">{{ w.evidence }}</h2>
<dl class="facts">
{%- for url, web in addresses %}<dt>{{ w.address }}</dt><dd class="mono">\
{% if web %}<a href="{{ url }}" rel="noreferrer noopener nofollow">{{ url }}</a>\
{% else %}{{ url }}{% endif %}</dd>
{%- endfor %}
{%- for name, end in ends %}
<dt>{{ w[name] }}: {{ w.body }}</dt><dd class="mono">{{ end.sha256 or "–" }}</dd>
{%- endfor %}
</dl></section>
<section aria-labelledby="limits"><h2 id="limits">{{ w.limits }}</h2>
<p class="limits">{{ limits }}</p><p class="limits">{{ w.limits_2 }}</p><p class="limits">{{ w.limits_3 }}</p>
<p class="limits">{{ zone }} {{ w.made }}</p></section>
</main>
</body>
</html>
"""
