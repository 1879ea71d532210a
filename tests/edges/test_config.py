"""The configuration folder: every mistake at once, and values when there is none."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from archiver import __version__
from archiver.config import Agent, load, packaged, ready_to_ask, ready_to_crawl
from archiver.config.spans import hours, seconds, size
from archiver.errors import ConfigError
from archiver.model import READER, Era, Parameters, Section, Seed

PROFILE = """
detect   = ['meta[name=generator][content^="Sitevision" i]']
main     = ["main", "#content"]
banner   = ["[role=alert]"]
identity = "sitevision"
strip    = ["state"]
witness  = ["jsonld", "meta", "time", "label", "lone-date", "url"]
[meta]
published = ["dcterms.issued"]
updated   = ["dcterms.modified", "moddate"]
"""
LANGUAGE = """
order    = "day-first"
relative = ["idag"]
[labels]
published = ["Publicerad"]
updated   = ["Senast uppdaterad"]
[never]
labels = ["Sammanträdesdatum"]
[months]
januari = 1
februari = 2
mars = 3
april = 4
maj = 5
juni = 6
juli = 7
augusti = 8
september = 9
oktober = 10
november = 11
december = 12
dec = 12
"""
SOURCE = """
municipality = "Exempelköping"
code         = "9999"
county       = "Exempellän"
profile      = "sitevision"
seeds        = ["https://www.exempelkoping.se/kommun-och-politik", {url = "https://moten.example/"}]
sitemaps     = ["https://www.exempelkoping.se/sitemap.xml"]
aliases      = ["turism.exempelkoping.se"]
every        = "6 hours"
[scope]
include = ["https://www.exempelkoping.se/kommun-och-politik/", "https://moten.example/"]
exclude = ["*/kalender/*"]
depth   = 4
[[section]]
name  = "anslagstavla"
path  = "/kommun-och-politik/anslagstavla"
every = "day"
[[same]]
old = "https://www.exempelkoping.se/gammal/ks.html"
new = "https://www.exempelkoping.se/kommun-och-politik/ks"
[read]
banner = [".egen-kris"]
[expect]
pages = 150
with_updated = 0.8
[permission]
robots = "obey"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(
        tmp_path / "config",
        {"profiles/sitevision.toml": PROFILE, "languages/sv.toml": LANGUAGE, "sources/exempelkoping.toml": SOURCE},
    )


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def mistakes(folder: Path, files: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(write(folder, files or {}))
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(old: str, new: str) -> dict[str, str]:
    assert old in SOURCE
    return {"sources/exempelkoping.toml": SOURCE.replace(old, new)}


def test_a_source_is_what_its_file_says(folder: Path) -> None:
    source = load(folder).sources["exempelkoping"]
    assert (source.id, source.municipality, source.code, source.language) == (
        "exempelkoping",
        "Exempelköping",
        "9999",
        "sv",
    )
    assert source.seeds == (Seed("https://www.exempelkoping.se/kommun-och-politik"), Seed("https://moten.example/"))
    assert source.eras == (Era("sitevision"),)
    assert (source.every, source.delay, source.scope.depth) == (6 * 3600, 5.0, 4)
    assert source.sections == (Section("anslagstavla", "/kommun-och-politik/anslagstavla", 86_400, 21),)
    assert source.same[0][1] == "https://www.exempelkoping.se/kommun-och-politik/ks"
    assert (source.expect.pages, source.expect.with_updated, source.expect.with_published) == (150, 0.8, None)
    assert (source.permission, source.polite, source.private) == (None, True, False)


def test_without_archiver_toml_there_are_defaults(folder: Path) -> None:
    config = load(folder)
    assert config.database == folder.absolute().parent / "archive.db"
    assert (config.proxy, config.workers, config.caps.page, config.timeouts.total) == (None, 2, 20_000_000, 120.0)
    assert config.agent.header == f"archiver/{__version__}"
    assert dict(config.points) == {}


def test_archiver_toml_says_who_we_are_and_how_we_go(folder: Path) -> None:
    text = """
database = "data/arkiv.db"
terms = ["styrning"]
[agent]
name = "Arkivet"
url = "https://arkiv.example/om"
mail = "post@arkiv.example"
[pace]
delay = 7
every = "day"
quiet = "22:00-06:00"
[caps]
file = "100 MB"
[embargo]
protokoll = 3
"""
    config = load(write(folder, {"archiver.toml": text, "significance.toml": "[points]\npage-gone = 5\nsilent = -2\n"}))
    assert config.agent.header == f"Arkivet/{__version__} (+https://arkiv.example/om; post@arkiv.example)"
    assert config.quiet == (time(22), time(6))
    assert (config.caps.page, config.caps.file, config.terms) == (20_000_000, 100_000_000, ("styrning",))
    assert config.points == {"page-gone": 5, "silent": -2}
    assert config.sources["exempelkoping"].delay == 7.0
    assert config.sources["exempelkoping"].sections[0].embargo_days is None


def test_read_replaces_a_key_of_the_profile_whole(folder: Path) -> None:
    config = load(folder)
    rules = config.rules_for(config.sources["exempelkoping"], datetime(2026, 1, 1, tzinfo=UTC))
    assert rules.profile.banner == (".egen-kris",)
    assert rules.profile.main == ("main", "#content")
    assert config.profiles["sitevision"].banner == ("[role=alert]",)
    assert rules.profile.meta == (("published", ("dcterms.issued",)), ("updated", ("dcterms.modified", "moddate")))
    assert rules.language.never == ("Sammanträdesdatum",)
    assert rules.language.months[-1] == ("dec", 12)
    assert rules.reader == READER
    assert rules.profile.banner == (".egen-kris",)


def test_other_rules_have_another_digest(folder: Path) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    before = load(folder)
    again = load(folder)
    after = load(write(folder, changed(".egen-kris", ".annan-kris")))
    one, same, other = (c.rules_for(c.sources["exempelkoping"], at).sha256 for c in (before, again, after))
    assert one == same != other


def test_the_era_of_a_capture_is_decided_by_its_day(folder: Path) -> None:
    eras = 'eras = [{name = "gammal", until = 2023-03-15}, {name = "sitevision"}]'
    files = changed('profile      = "sitevision"', eras) | {"profiles/gammal.toml": 'main = ["#gammal"]'}
    config = load(write(folder, files))
    source = config.sources["exempelkoping"]
    assert source.eras == (Era("gammal", "2023-03-15"), Era("sitevision"))
    names = [config.rules_for(source, datetime(2023, 3, day, 12, tzinfo=UTC)).profile.name for day in (14, 15)]
    assert names == ["gammal", "sitevision"]


def test_without_include_what_begins_as_a_seed_does_is_in_scope(folder: Path) -> None:
    text = 'municipality = "Annan"\nprofile = "sitevision"\nseeds = ["https://annan.example/politik"]\n'
    assert load(write(folder, {"sources/annan.toml": text})).sources["annan"].scope.include == (
        "https://annan.example/politik",
    )


def test_every_mistake_is_reported_at_once(folder: Path) -> None:
    found = mistakes(
        folder,
        {
            "archiver.toml": 'workers = "två"\n[agnet]\nname = "x"\n',
            "profiles/sitevision.toml": 'main = ["main["]\nidentity = "sitevison"\nwitness = ["labels"]\nbaner = []\n',
            "languages/sv.toml": 'zone = "Europe/Stokholm"\nmonths = {jan = 13}\n[labels]\npublised = ["x"]\n',
            "sources/exempelkoping.toml": 'seeds = ["exempelkoping.se"]\nevery = "ofta"\n'
            '[[section]]\nname = "a"\nvag = "/a"\n',
            "sources/trasig.toml": "municipality = \n",
        },
    )  # fmt: skip
    assert found.pop().startswith("sources/trasig.toml: is not TOML: Invalid value (at line 1,")
    assert found == [
        "archiver.toml: workers: expected a whole number (found 'två')",
        "archiver.toml: agnet: there is no key 'agnet'; did you mean 'agent'?",
        "languages/sv.toml: zone: expected the name of a time zone: 'Europe/Stockholm' (found 'Europe/Stokholm')",
        "languages/sv.toml: months.jan: expected 12 at most (found 13)",
        "languages/sv.toml: labels.publised: expected one of 'published', 'updated', 'reviewed', 'created', "
        "'responsible' or 'other' (found 'publised')",
        "profiles/sitevision.toml: main #1: is no CSS selector that can be read (found 'main[')",
        "profiles/sitevision.toml: identity: there is no identity 'sitevison'; did you mean 'sitevision'? "
        "(found 'sitevison')",
        "profiles/sitevision.toml: witness #1: expected one of 'jsonld', 'meta', 'time', 'label', 'lone-date', 'url', "
        "'file-number', 'file-property', 'feed', 'sitemap', 'http' or 'any-date' (found 'labels')",
        "profiles/sitevision.toml: baner: there is no key 'baner'; did you mean 'banner'?",
        "sources/exempelkoping.toml: municipality: is missing",
        "sources/exempelkoping.toml: seeds #1.url: expected an absolute http or https URL (found 'exempelkoping.se')",
        "sources/exempelkoping.toml: every: expected hour, day, week, month, or a number of them: '6 hours' "
        "(found 'ofta')",
        "sources/exempelkoping.toml: section #1.path: is missing",
        "sources/exempelkoping.toml: section #1.vag: there is no key 'vag'; there is embargo_days, every, name, path",
    ]


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ('"sitevision"', '"sitvision"', "profile: there is no profile 'sitvision'; did you mean 'sitevision'?"),
        ('profile      = "sitevision"', "", "profile: there is no profile 'generic'; there is sitevision"),
        ('"9999"', '"999"', "code: expected four digits in quotes: '0662' (found '999')"),
        ('county  ', 'language = "svx"\ncounty  ', "language: there is no language 'svx'; did you mean 'sv'?"),
        (
            '{url = "https://moten.example/"}', '"http://10.0.0.1/"',
            "seeds #2: http://10.0.0.1/ is out of scope: 10.0.0.1 is a private address",
        ),
        (
            '{url = "https://moten.example/"}', '"https://www.exempelkoping.se/bygga"',
            "seeds #2: https://www.exempelkoping.se/bygga is out of scope: outside every pattern of scope.include",
        ),
        (
            '"/kommun-och-politik/anslagstavla"', '"bygga"',
            "section #1.path: expected a path that begins with '/' (found 'bygga')",
        ),
        (
            "[[same]]", '[[section]]\nname = "b"\npath = "/kommun-och-politik/anslagstavla/bevis"\n[[same]]',
            "section #2.path: never reached: '/kommun-och-politik/anslagstavla' stands before it and fits first",
        ),
        (
            "[[same]]", '[[section]]\nname = "anslagstavla"\npath = "/kommun-och-politik/x"\n[[same]]',
            "section #2.name: 'anslagstavla' is there twice",
        ),
        (
            "/kommun-och-politik/ks", "/gammal/ks.html",
            "same #1: moves from https://www.exempelkoping.se/gammal/ks.html lead in a circle",
        ),
        (
            '"obey"', "{override = true}",
            "permission.robots.letter: to override robots.txt, name the letter that permits it",
        ),
        (
            'every        = "6 hours"', "polite = false",
            "polite: may be false only where every host is this machine, or asked for by its proxy",
        ),
        (
            'every        = "6 hours"', "private = true",
            "private: may be true only where every host is this machine, or asked for by its proxy",
        ),
        ("with_updated = 0.8", "with_updated = 80", "expect.with_updated: expected 1.0 at most (found 80)"),
        ("depth   = 4", 'depth = "4"', "scope.depth: expected a whole number (found '4')"),
        (
            '"turism.exempelkoping.se"', '"https://turism.example"',
            "aliases #1: expected a host name alone: 'turism.exempelkoping.se' (found 'https://turism.example')",
        ),
        (
            '"https://moten.example/"]', '"https://*.example/"]',
            "scope.include #2: a host is named in full; wildcards belong in the path (found 'https://*.example/')",
        ),
    ],
)  # fmt: skip
def test_a_mistake_names_the_file_the_key_and_what_was_expected(folder: Path, old: str, new: str, mistake: str) -> None:
    assert f"sources/exempelkoping.toml: {mistake}" in mistakes(folder, changed(old, new))


@pytest.mark.parametrize(
    ("said", "asked"),
    [("Turism.Åre.example", "turism.xn--re-xia.example"), ("åre.example:8443", "xn--re-xia.example:8443"),
     ("turism.example:443", "turism.example")],
)  # fmt: skip
def test_an_alias_is_the_host_that_is_asked(folder: Path, said: str, asked: str) -> None:
    found = load(write(folder, changed('"turism.exempelkoping.se"', f'"{said}"')))
    assert found.sources["exempelkoping"].aliases == (asked,)


@pytest.mark.parametrize(
    "said", ["a b", "åre.example/sida", "me@åre.example", "", "//a.example", "a.example?b", "a.example."]
)
def test_what_is_more_than_a_host_is_no_alias(folder: Path, said: str) -> None:
    told = mistakes(folder, changed('"turism.exempelkoping.se"', f'"{said}"'))
    assert any("aliases #1: expected a host name alone" in words for words in told)


def test_a_section_outside_the_scope_is_never_reached(folder: Path) -> None:
    text = SOURCE.replace(', {url = "https://moten.example/"}', "").replace(', "https://moten.example/"', "")
    text = text.replace('"/kommun-och-politik/anslagstavla"', '"/bygga"')
    assert mistakes(folder, {"sources/exempelkoping.toml": text}) == [
        "sources/exempelkoping.toml: section #1.path: never reached: nothing under '/bygga' is in scope"
    ]


@pytest.mark.parametrize(
    ("eras", "mistake"),
    [
        ('[{name = "sitevision", until = 2023-03-15}]', "every era but the last has an 'until', the last has none"),
        ('[{name = "sitevision"}, {name = "sitevision"}]', "every era but the last has an 'until', the last has none"),
        (
            '[{name = "sitevision", until = 2023-03-15}, {name = "sitevision", until = 2020-01-01}, '
            '{name = "sitevision"}]',
            "expected the oldest first",
        ),
    ],
)
def test_eras_follow_each_other(folder: Path, eras: str, mistake: str) -> None:
    files = changed('profile      = "sitevision"', f"eras = {eras}")
    assert mistakes(folder, files) == [f"sources/exempelkoping.toml: eras: {mistake}"]


def test_a_code_stands_in_one_file_only(folder: Path) -> None:
    found = mistakes(folder, {"sources/zz.toml": SOURCE})
    assert found == ["sources/zz.toml: code: 9999 is the code of sources/exempelkoping.toml too"]


def test_a_label_means_one_thing(folder: Path) -> None:
    text = LANGUAGE.replace('"Sammanträdesdatum"', '"publicerad"')
    assert mistakes(folder, {"languages/sv.toml": text}) == [
        "languages/sv.toml: labels.never: 'publicerad' is said to mean published too"
    ]


def test_a_language_knows_all_twelve_months(folder: Path) -> None:
    text = LANGUAGE.replace("maj = 5\n", "").replace("augusti = 8\n", "")
    assert mistakes(folder, {"languages/sv.toml": text}) == ["languages/sv.toml: months: no name for month 5, 8"]


def test_a_file_is_called_what_it_defines(folder: Path) -> None:
    assert mistakes(folder, {"languages/fi.toml": 'code = "nb"'}) == [
        "languages/fi.toml: is called 'fi', and says 'nb'"
    ]
    assert mistakes(folder, {"languages/fi.toml": "", "sources/å ä.toml": SOURCE.replace("9999", "")}) == [
        "sources/å ä.toml: is called 'å ä': use a-z, 0-9 and '-'"
    ]


def test_a_file_that_is_not_text_is_a_mistake(folder: Path) -> None:
    (folder / "archiver.toml").write_bytes(b"terms = ['\xe5']")
    assert mistakes(folder) == ["archiver.toml: is not UTF-8: byte 10"]


def test_a_byte_order_mark_is_no_mistake(folder: Path) -> None:
    (folder / "archiver.toml").write_bytes(b"\xef\xbb\xbfworkers = 3\r\n")
    assert load(folder).workers == 3


def test_no_folder_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such folder"):
        load(tmp_path / "borta")


LOCAL = """
municipality = "Provköping"
profile = "sitevision"
seeds = ["http://127.0.0.1:8600/"]
private = true
polite = false
"""


def test_impolite_and_private_are_for_this_machine(folder: Path) -> None:
    source = load(write(folder, {"sources/prov.toml": LOCAL})).sources["prov"]
    assert (source.polite, source.private) == (False, True)


def test_a_proxy_on_this_machine_and_no_politeness_make_every_host_a_test(folder: Path) -> None:
    files = changed('every        = "6 hours"', "polite = false") | {"archiver.toml": 'proxy = "http://127.0.0.1:8600"'}
    config = load(write(folder, files))
    assert ready_to_crawl(config, config.sources["exempelkoping"]) == []


def test_a_proxy_on_this_machine_alone_may_lead_out_and_is_no_test(folder: Path) -> None:
    config = load(write(folder, {"archiver.toml": 'proxy = "http://127.0.0.1:8600"'}))
    source = config.sources["exempelkoping"]
    assert [mistake.key for mistake in ready_to_crawl(config, source)] == ["agent.url", "agent.mail"]


def test_a_sitemap_or_a_feed_elsewhere_makes_a_source_of_this_machine_a_public_one(folder: Path) -> None:
    for named in ('sitemaps = ["https://exempel.example/s.xml"]', 'feeds = ["https://exempel.example/rss"]'):
        assert [mistake.partition(":")[0] for mistake in mistakes(folder, {"sources/prov.toml": LOCAL + named})] == [
            "sources/prov.toml", "sources/prov.toml",  # polite and private
        ]  # fmt: skip


@pytest.mark.parametrize("url", ["http://127.0.0.1:8600/", "http://[::1]/", "http://localhost/x"])
def test_this_machine_may_always_be_asked(folder: Path, url: str) -> None:
    assert ready_to_ask(load(folder), url) == []


@pytest.mark.parametrize(
    "url",
    ["https://www.exempelkoping.se/", "https://exempel.example/", "http://10.0.0.1/", "http://127.0.0.1.example/"],
)
def test_nobody_else_is_asked_before_we_say_who_we_are(folder: Path, url: str) -> None:
    assert [mistake.key for mistake in ready_to_ask(load(folder), url)] == ["agent.url", "agent.mail"]
    half = load(write(folder, {"archiver.toml": '[agent]\nurl = "https://a.example/"\n'}))
    assert [mistake.key for mistake in ready_to_ask(half, url)] == ["agent.mail"]
    named = load(write(folder, {"archiver.toml": '[agent]\nurl = "https://a.example/"\nmail = "b@a.example"\n'}))
    assert ready_to_ask(named, url) == []


def test_public_hosts_are_asked_only_when_we_say_who_we_are(folder: Path) -> None:
    config = load(write(folder, {"sources/prov.toml": LOCAL}))
    why = "say how to reach you before asking other people's servers"
    assert [str(m) for m in ready_to_crawl(config, config.sources["exempelkoping"])] == [
        f"archiver.toml: agent.url: {why}",
        f"archiver.toml: agent.mail: {why}",
    ]
    assert ready_to_crawl(config, config.sources["prov"]) == []
    named = load(write(folder, {"archiver.toml": '[agent]\nurl = "https://a.example/"\nmail = "b@a.example"\n'}))
    assert ready_to_crawl(named, named.sources["exempelkoping"]) == []


@pytest.mark.parametrize(
    "said", ['name = "två ord"', 'mail = "inte en adress"', 'url = "arkiv.example"', 'mail = "a@b.c\\r\\nX: y"']
)
def test_a_header_is_made_of_plain_words(folder: Path, said: str) -> None:
    assert len(mistakes(folder, {"archiver.toml": f"[agent]\n{said}\n"})) == 1


def test_our_own_header_without_contact_has_no_empty_brackets() -> None:
    assert Agent("a", None, "m@a.example").header == f"a/{__version__} (m@a.example)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day", 86_400),
        ("Week", 604_800),
        ("6 hours", 21_600),
        ("30 minutes", 1_800),
        ("month", 2_592_000),
        ("2 days", 172_800),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "6", "ofta", "0 hours", "-1 day", 3600, None, "1.5 hours", "day week"])
def test_what_is_no_span_is_an_error(text: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        seconds(text)


def test_sizes_and_hours_are_read_as_people_write_them() -> None:
    assert (size("20 MB"), size("500 kB"), size(7)) == (20_000_000, 500_000, 7)
    assert hours("7.30 – 17:00") == (time(7, 30), time(17))
    for wrong in ("25:00-06:00", "22-6", 5):
        with pytest.raises(ValueError, match="two times of day"):
            hours(wrong)
    for wrong in ("mycket", 0, True, "20 PB"):
        with pytest.raises(ValueError, match="a size"):
            size(wrong)


def test_the_configuration_we_ship_loads(tmp_path: Path) -> None:
    shipped = packaged()
    stand_ins = {"profiles/sitevision.toml": PROFILE, "languages/sv.toml": LANGUAGE}
    files = {path.relative_to(shipped).as_posix(): path.read_text("utf-8") for path in shipped.rglob("*.toml")}
    config = load(write(tmp_path, stand_ins | files))
    assert {"gallivare", "gislaved"} <= set(config.sources)
    assert [mistake.key for mistake in ready_to_crawl(config, config.sources["gislaved"])] == [
        "agent.url",
        "agent.mail",
    ]


def test_no_profile_may_guess_a_date(folder: Path) -> None:
    profile = folder / "profiles" / "sitevision.toml"
    profile.write_text(profile.read_text("utf-8").replace("witness", 'witness = ["label", "any-date"] #', 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert "a crawl never guesses a date" in str([str(m) for m in caught.value.mistakes])


def test_rules_for_parameters_are_for_hosts_of_the_source_and_say_one_thing(folder: Path) -> None:
    rules = """
[[parameters]]
strip = ["visa"]
[[parameters]]
host = "exempelkoping.se"
keep = ["state"]
api  = ["sv.*.route"]
"""
    path = folder / "sources" / "exempelkoping.toml"
    text = path.read_text("utf-8")
    path.write_text(text + rules, "utf-8")
    assert load(folder).sources["exempelkoping"].parameters == (
        Parameters(None, ("visa",)), Parameters("exempelkoping.se", (), ("state",), ("sv.*.route",)),
    )  # fmt: skip
    path.write_text(text + rules.replace('"visa"', '"state"').replace("strip", 'keep = ["state"]\nstrip')
                    .replace('host = "', 'host = "annan.'), "utf-8")  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        load(folder)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "sources/exempelkoping.toml: parameters #1.strip: 'state' is to be kept too",
        "sources/exempelkoping.toml: parameters #2.host: annan.exempelkoping.se is no host of this source",
    ]


def test_a_page_of_a_source_may_be_in_any_language_that_there_is_a_pack_for(folder: Path) -> None:
    config = load(folder)
    rules = next(iter(config.rulebook.values()))
    assert {rules.language.code, *(other.code for other in rules.others)} == set(config.languages)


def test_of_two_sources_on_one_host_the_one_that_names_the_port_is_meant(folder: Path) -> None:
    for name, port in (("a", 8001), ("b", 8002)):
        seeds = f'seeds = ["http://127.0.0.1:{port}/"]\nprivate = true\npolite = false\n'
        (folder / "sources" / f"{name}.toml").write_text(
            f'municipality = "{name}"\nprofile = "sitevision"\n{seeds}', "utf-8"
        )
    config = load(folder)
    sources = [config.source_of(f"http://127.0.0.1:{port}/sida") for port in (8001, 8002, 8003)]
    assert [source.id if source else None for source in sources] == ["a", "b", "a"]
