"""A seed that names the reader of a vendor's system: checked at the start, and meant for all of that system."""

from pathlib import Path

import pytest

from archive import write_config
from archiver.config import load
from archiver.derive.facts import reader_of
from archiver.errors import ConfigError
from archiver.frontier import scope
from archiver.model import Source
from vendors import SOURCE

TREE = "https://docs.netpublicator.com/api/public/r01/read?hash=rot&isr=true"
SEEDS = f'"https://www.exempelkoping.se/politik", {{url = "{TREE}", reader = "netpublicator"}}'


def source(folder: Path, seeds: str, more: str = "") -> Source:
    text = SOURCE.format(seeds=seeds).replace("polite       = false\nprivate      = true\n", "")
    return load(write_config(folder, text + more)).sources["exempelkoping"]


def test_a_reader_that_nobody_knows_is_a_mistake_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        source(tmp_path, SEEDS.replace('"netpublicator"', '"netpublikator"'))
    assert "seeds #2.reader" in str(caught.value)
    assert "did you mean 'netpublicator'?" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "role", "ok"),
    [
        (TREE.replace("rot&isr=true", "rot-kf&isr=false"), "page", True),
        ("https://docs.netpublicator.com/api/public/r01/document/d1?hash=rot-kf", "file", True),
        ("https://docs.netpublicator.com/api/public/r02/read?hash=annan", "page", False),
        ("https://www.exempelkoping.se/politik/namnder", "page", True),
        ("https://www.exempelkoping.se/bygga", "page", False),
        ("https://filer.annan.example/protokoll.pdf", "file", False),
    ],
)
def test_the_customers_part_of_the_vendors_host_is_in_scope(tmp_path: Path, url: str, role: str, ok: bool) -> None:
    found = scope.decide(source(tmp_path, SEEDS), url, 1, attachment=role == "file")
    assert found.ok == ok, found.reason


def test_what_the_operator_includes_has_the_last_word(tmp_path: Path) -> None:
    include = f'[scope]\ninclude = ["https://www.exempelkoping.se/politik", "{TREE}"]\n'
    found = source(tmp_path, SEEDS, include)
    assert found.scope.include == ("https://www.exempelkoping.se/politik", TREE)


@pytest.mark.parametrize(
    ("url", "reader"),
    [
        (TREE, "netpublicator"),
        (TREE.replace("rot&isr=true", "rot-kf&isr=false"), "netpublicator"),
        ("https://docs.netpublicator.com/api/public/r01/document/d1?hash=rot", None),
        ("https://www.exempelkoping.se/politik", None),
    ],
)
def test_the_reader_is_for_the_lists_of_the_system_and_for_nothing_else(
    tmp_path: Path, url: str, reader: str | None
) -> None:
    assert reader_of(source(tmp_path, SEEDS), url) == reader


def test_a_seed_may_still_ask_for_a_reader_by_the_kind_of_its_bytes(tmp_path: Path) -> None:
    url = "https://www.exempelkoping.se/politik/lista"
    found = source(tmp_path, f'{{url = "{url}", reader = "feed"}}')
    assert (reader_of(found, url), reader_of(found, f"{url}/2")) == ("feed", None)
