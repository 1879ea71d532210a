"""The table of municipalities, and the first draft of a source."""

from pathlib import Path

import pytest

from archiver.config import Municipality, find, load, municipalities, packaged, source_id, source_toml
from archiver.errors import ConfigError, NotFound

ROWS = municipalities(packaged())


def test_the_table_holds_all_290_municipalities() -> None:
    assert len(ROWS) == 290
    assert len({row.code for row in ROWS}) == len({row.url for row in ROWS}) == 290
    assert all(len(row.code) == 4 and row.url.startswith("https://") for row in ROWS)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("Gislaved", "0662"),
        ("gislaveds kommun", "0662"),
        ("  GISLAVED  Kommun ", "0662"),
        ("0662", "0662"),
        ("gallivare", "2523"),
        ("Gällivare kommun", "2523"),
        ("Habo", "0643"),
        ("Håbo", "0305"),
        ("håbo kommun", "0305"),
        ("Borås stad", "1490"),
        ("Västerås", "1980"),
        ("Region Gotland", "0980"),
        ("upplands bro", "0139"),
        ("Upplands Väsby kommun", "0114"),
        ("Malung-Sälens kommun", "2023"),
    ],
)
def test_a_municipality_is_found_by_name_or_code(wanted: str, code: str) -> None:
    assert find(ROWS, wanted).code == code


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("Gislavd", "did you mean Gislaved?"),
        ("Falu kommun", "did you mean Falun?"),
        ("Upplands", "did you mean Upplands Väsby or Upplands-Bro?"),
        ("Xyzzy", "no municipality is called 'Xyzzy'$"),
        ("", "no municipality is called ''$"),
    ],
)
def test_a_name_that_is_none_gets_those_that_come_near(wanted: str, words: str) -> None:
    with pytest.raises(NotFound, match=words.replace("?", r"\?")):
        find(ROWS, wanted)


def test_every_municipality_has_a_file_name_of_its_own() -> None:
    assert len({source_id(row) for row in ROWS}) == 290
    assert source_id(find(ROWS, "Upplands Väsby")) == "upplands-vasby"
    assert source_id(find(ROWS, "Håbo")) == "haabo"


def test_the_first_draft_of_every_source_loads_without_mistakes(tmp_path: Path) -> None:
    for folder in ("sources", "profiles", "languages"):
        (tmp_path / folder).mkdir()
    (tmp_path / "profiles" / "generic.toml").write_text("", "utf-8")
    (tmp_path / "languages" / "sv.toml").write_text("", "utf-8")
    for row in ROWS:
        (tmp_path / "sources" / f"{source_id(row)}.toml").write_text(source_toml(row, "generic"), "utf-8")
    sources = load(tmp_path).sources
    assert {(s.code, s.municipality, s.county) for s in sources.values()} == {(r.code, r.name, r.county) for r in ROWS}
    assert all(source.seeds[0].url.startswith(row.url) for row in ROWS for source in [sources[source_id(row)]])


def test_names_cannot_break_out_of_the_draft(tmp_path: Path) -> None:
    row = Municipality("9999", 'Ex"emp\\el\nköping', "", "https://www.exempelkoping.se", "never")
    text = source_toml(row, "generic", seeds=["https://www.exempelkoping.se/politik"])
    for name, content in {"profiles/generic": "", "languages/sv": "", "sources/exempel": text}.items():
        path = tmp_path / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, "utf-8")
    assert load(tmp_path).sources["exempel"].municipality == row.name


def test_another_table_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        municipalities(tmp_path)
    (tmp_path / "municipalities.csv").write_text("kod;namn\n1;a\n", "utf-8")
    with pytest.raises(ConfigError, match="expected the columns kommunkod, name"):
        municipalities(tmp_path)
