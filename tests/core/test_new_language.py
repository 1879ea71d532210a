"""A language is a file: one that nobody speaks is read like the others, without a line of code."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import write_config
from archiver.config import load
from archiver.extract import choose, read
from archiver.model import Claim, Facts, Reading, believed

PACK = """\
code     = "qx"
order    = "day-first"
zone     = "Atlantic/Reykjavik"
weekdays = ["lunadi", "martadi"]
glue     = ["eld", "klok"]
relative = ["ontem", "fan ... fort"]
never    = ["Konventdat"]
[months]
unumbre = 1
duumbre = 2
triumbre = 3
quarumbre = 4
quinumbre = 5
sexumbre = 6
septumbre = 7
octumbre = 8
novumbre = 9
decumbre = 10
undecumbre = 11
dodecumbre = 12
[labels]
published   = ["Publikat"]
updated     = ["Lasta renovat", "Renovat"]
reviewed    = ["Kontrolat"]
created     = ["Kreat"]
responsible = ["Publikat per", "Respondant"]
"""
FACTS = Facts("https://www.qx.example/nova", datetime(2026, 3, 1, 12, tzinfo=UTC), content_type="text/html")


def claims(folder: Path, said: str) -> tuple[Claim, ...]:
    config = write_config(folder)
    (config / "languages" / "qx.toml").write_text(PACK, "utf-8")
    body = f'<html lang="qx"><main><h1>Nova</h1><p>Un texte.</p>{said}</main></html>'.encode()
    found = read(body, FACTS, choose(body, FACTS, load(config).readers))
    assert isinstance(found, Reading)
    assert found.document is not None
    return found.document.claims


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<p>Publikat: lunadi eld 8. undecumbre 2019 klok 9.54</p>", {"published": "2019-11-08T09:54"}),
        ("<p>Publikat 8/11 2019, renovat 9/11 2020</p>", {"published": "2019-11-08", "updated": "2020-11-09"}),
        ("<dl><dt>Kontrolat</dt><dd>8 undecumbre 2019</dd></dl>", {"reviewed": "2019-11-08"}),
        ("<p>Publikat per Ana Prova 8.11.2019</p>", {"published": "2019-11-08", "responsible": "Ana Prova"}),
        ("<p>Renovat undecumbre 2019</p>", {"updated": "2019-11"}),
        ("<p>Lasta renovat: fan du anno fort</p>", {}),
        ("<p>Konventdat: 8.11.2019</p>", {}),
        ("<p>Publicerad: 8 november 2019</p>", {}),
    ],
)
def test_a_language_that_is_only_a_file_is_read(tmp_path: Path, said: str, expected: dict[str, str]) -> None:
    found = claims(tmp_path, said)
    meanings = ("published", "updated", "reviewed", "created", "responsible")
    assert {m: c.value for m in meanings if (c := believed(found, m))} == expected


def test_what_is_not_believed_says_why_in_any_language(tmp_path: Path) -> None:
    found = claims(tmp_path, "<p>Lasta renovat: ontem</p><p>Publikat:</p><p>Konventdat: 8.11.2019</p>")
    assert [(c.meaning, c.raw, c.doubt) for c in found] == [
        ("updated", "ontem", "relative"), ("published", "", "no-value"), ("other", "8.11.2019", "misleading-label"),
    ]  # fmt: skip
