"""The words of an evidence pack: for whoever opens it without knowing us, in two languages; and citations. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from archiver.publish import Comparison, End
from archiver.publish.visible import visible


@dataclass(frozen=True, slots=True)
class Stamp:
    """An outside time-stamp of a seal, in the pack."""

    file: str
    seal_file: str  # what was stamped: the seal's 64 characters
    authority: str  # the URL that was asked
    at: str  # what it states


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack is about."""

    comparison: Comparison
    archive: str  # whose: name and address, as the User-Agent says
    program: str
    made_at: str
    seal: str | None  # the last in the pack
    closed: Mapping[str, str]  # 'before' or 'after', and why its bytes are not in the pack
    has_pdf: bool
    imported: Sequence[str]  # 'before', 'after': received by another archive
    stamps: Sequence[Stamp]


_CLOSED = {
    "sv": {"hidden": "dolda av arkivets ägare", "withheld": "undanhållna av arkivets ägare", "erased": "raderade",
           "digest": "större än vad arkivet sparar", "embargo": "under karens"},
    "en": {"hidden": "hidden by the keeper of the archive", "withheld": "withheld by the keeper of the archive",
           "erased": "erased", "digest": "larger than what the archive keeps", "embargo": "under embargo"},
}  # fmt: skip


_PDF = " eller `diff.pdf`"
_OTHERS = {
    "sv": "Svaret {} togs emot av ett annat arkiv än vårt; det är det arkivets uppgift.",
    "en": "The answer {} was received by another archive: it is that archive's word.",
}


def readme_sv(pack: Pack) -> str:
    """README-sv.md."""
    c = pack.comparison
    return f"""# Bevispaket: {_one_line(c.title)}

Det här paketet visar vad webbsidan

    {c.url}

svarade vid två tillfällen, och vad som skiljer dem åt.

| | före | efter |
|---|---|---|
| hämtad (UTC) | {_time(c.before)} | {_time(c.after)} |
| i arkivet | c{c.before.capture_id} | c{c.after.capture_id} |
| sidans egna datum: publicerad | {c.before.published or "anges inte"} | {c.after.published or "anges inte"} |
| sidans egna datum: uppdaterad | {c.before.updated or "anges inte"} | {c.after.updated or "anges inte"} |
| SHA-256 | {c.before.body_sha256 or "–"} | {c.after.body_sha256 or "–"} |

Ändringen gjordes någon gång mellan de två tidpunkterna. När exakt vet vi inte.
{_lines(_closed_sv(pack))}{_lines(_imported(pack, _OTHERS["sv"]))}
## Så läser du det

1. Öppna `diff.html`{_PDF if pack.has_pdf else ""}: tillagda och borttagna ord är markerade.
   `diff.txt` är detsamma som ren text.
2. `before/` och `after/` innehåller exakt det som servern svarade, med huvuden, och hur vi läste det: `reading.json`
   anger för varje datum vilka ord på sidan det bygger på och vilken regel som läste det.
3. `pages.warc.gz` är samma svar i bibliotekens format (WARC), för den som vill spela upp sidan med egna verktyg.
4. `citations.txt` har färdiga hänvisningar.

## Så kontrollerar du det

Med Python, som finns på de flesta datorer: `python3 verify.py`. Inget annat behövs och inget skickas någonstans.
{_stamped(pack, _STAMPED_SV)}
## Vad det bevisar, och inte

Det bevisar att inget i paketet har ändrats sedan det hämtades och förseglades. Förseglingarna bildar en kedja: den som
har sparat en senare försegling på annat håll (`python3 verify.py --seal …`) vet att även den här fanns då.

Det bevisar inte i sig att servern skickade just detta: ingen utomstående har skrivit under svaret. Det är arkivets
vittnesmål, som kan jämföras med andra arkivs.

Paketet gjordes {pack.made_at} med {pack.program} av {pack.archive}.
"""


def readme_en(pack: Pack) -> str:
    """README-en.md."""
    c = pack.comparison
    return f"""# Evidence pack: {_one_line(c.title)}

This pack shows what the web page

    {c.url}

answered at two times, and what differs between them.

| | before | after |
|---|---|---|
| received (UTC) | {_time(c.before)} | {_time(c.after)} |
| in the archive | c{c.before.capture_id} | c{c.after.capture_id} |
| the page's own dates: published | {c.before.published or "none stated"} | {c.after.published or "none stated"} |
| the page's own dates: updated | {c.before.updated or "none stated"} | {c.after.updated or "none stated"} |
| SHA-256 | {c.before.body_sha256 or "–"} | {c.after.body_sha256 or "–"} |

The change was made at some time between the two. When exactly, we do not know.
{_lines(_closed_en(pack))}{_lines(_imported(pack, _OTHERS["en"]))}
## How to read it

1. Open `diff.en.html`: words added and removed are marked. `diff.txt` is the same as plain text.
2. `before/` and `after/` hold exactly what the server answered, with headers, and how we read it: `reading.json` names
   for every date the words on the page it rests on, and the rule that read it.
3. `pages.warc.gz` is the same answers in the form that libraries use (WARC), to replay with tools of your own.
4. `citations.txt` has ready references.

## How to check it

With Python, which most computers have: `python3 verify.py`. Nothing else is needed, and nothing is sent anywhere.
{_stamped(pack, _STAMPED_EN)}
## What it proves, and what not

It proves that nothing in the pack was altered since it was received and sealed. Seals form a chain: whoever kept a
later one elsewhere (`python3 verify.py --seal …`) knows that this one existed by then.

It does not by itself prove that the server sent just this: no third party signed the answer. It is the testimony of the
archive, and can be compared with that of other archives.

The pack was made {pack.made_at} with {pack.program} by {pack.archive}.
"""


def citations(pack: Pack) -> str:
    """References to both states, in the forms that are asked for."""
    return "\n".join(
        f"{label}\n{'=' * len(label)}\n\n{_plain(pack, end)}\n\n{_bibtex(pack, end)}\n"
        for label, end in (("före / before", pack.comparison.before), ("efter / after", pack.comparison.after))
    )


def _plain(pack: Pack, end: End) -> str:
    c = pack.comparison
    stated = f"Sidan anger: uppdaterad {end.updated}. " if end.updated else ""
    return (
        f"{_one_line(c.municipality)}. {_one_line(end.title or c.title)}. {c.url_of(end)} (hämtad {_time(end)} UTC, "
        f"c{end.capture_id}). {stated}SHA-256 {end.body_sha256 or 'saknas'}. Arkiv: {pack.archive}."
    )


def _bibtex(pack: Pack, end: End) -> str:
    c = pack.comparison
    fields = {
        "author": "{" + _one_line(c.municipality) + "}",
        "title": _one_line(end.title or c.title),
        "url": c.url_of(end),
        "urldate": f"{end.captured_at:%Y-%m-%d}",
        "date": (end.updated or end.published or "")[:10],
        "note": f"c{end.capture_id}, {_time(end)} UTC, SHA-256 {end.body_sha256 or '-'}, {pack.archive}",
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@online{{c{end.capture_id},\n{body}}}"


def _time(end: End) -> str:
    return f"{end.captured_at:%Y-%m-%d %H:%M:%S}"


def _one_line(text: str) -> str:
    return visible(" ".join(text.split())).replace("{", "(").replace("}", ")")


def _closed_sv(pack: Pack) -> list[str]:
    which = {"before": "före", "after": "efter"}
    return [
        f"Svarets byte ({which[end]}) är {_CLOSED['sv'].get(why, why)} och ingår inte; deras kontrollsumma gör det."
        for end, why in pack.closed.items()
    ]


def _closed_en(pack: Pack) -> list[str]:
    return [
        f"The bytes of the answer ({end}) are {_CLOSED['en'].get(why, why)} and not in the pack; their digest is."
        for end, why in pack.closed.items()
    ]


def _imported(pack: Pack, form: str) -> list[str]:
    return [form.format(f"`{end}/`") for end in pack.imported]


_STAMPED_SV = """
En utomstående har skrivit under (RFC 3161) på att en försegling fanns vid en viss tid. `verify.py` prövar inte den
underskriften. Det gör `openssl`, med utfärdarens rotcertifikat: hämta det hos utfärdaren själv, inte hos den som gav
dig paketet. Tidpunkten efter `-attime` är stämpelns egen, så att ett certifikat som har gått ut sedan dess inte
hindrar; `openssl ts -reply -in … -text` visar vilken tid stämpeln anger.
"""
_STAMPED_EN = """
A third party has signed (RFC 3161) that a seal existed by a certain time. `verify.py` does not check that signature.
`openssl` does, with the root certificate of who signed: get it from themselves, not from whoever gave you this pack.
The time after `-attime` is the stamp's own, so that a certificate which has ended since is no hindrance;
`openssl ts -reply -in … -text` shows what time the stamp states.
"""


def _stamped(pack: Pack, words: str) -> str:
    return words + "".join(map(_way_to_check, pack.stamps)) if pack.stamps else ""


def _way_to_check(stamp: Stamp) -> str:
    at = int(datetime.fromisoformat(stamp.at).timestamp())
    return f"""
`{stamp.file}`: {stamp.at}, {_one_line(stamp.authority)}

    openssl ts -verify -data {stamp.seal_file} -in {stamp.file} -CAfile root.pem -attime {at}
"""


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"\n{line}\n" for line in lines)
