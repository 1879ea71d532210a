"""L5: one key for every variant of a page, and different keys for different pages."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import RuleError
from archiver.frontier.identity import IDENTITIES, address, is_api, page_key
from archiver.model import Era, Parameters, Profile, Scope, Seed, Source
from rulebook import rules

SITE = "https://www.exempelkoping.se"
SOURCE = Source(
    id="exempelkoping",
    municipality="Exempelköping",
    code="9999",
    county="Exempellän",
    language="sv",
    eras=(Era("sitevision"),),
    seeds=(Seed(f"{SITE}/politik"),),
    scope=Scope((f"{SITE}/",)),
    aliases=("turism.exempelkoping.se", "www.exempelbadet.se"),
    same=(
        (f"{SITE}/gammal/ks.181.html", f"{SITE}/mellan/ks"),
        (f"{SITE}/mellan/ks", f"{SITE}/politik/kommunstyrelsen"),
        (f"{SITE}/runt/a", f"{SITE}/runt/b"),
        (f"{SITE}/runt/b", f"{SITE}/runt/a"),
    ),
)
SITEVISION = Profile(
    name="sitevision",
    identity="sitevision",
    strip=("jsessionid", "state", "open.12_*", "sv.*", "utm_*"),
    keep=("sv.url", "folder", "page"),
)
PLAIN = Profile(name="generic")
NODE = "4.15d59a7c151bb4254b799de5"


def key(path: str, profile: Profile = SITEVISION) -> str:
    return page_key(path if path.startswith("http") else SITE + path, profile, SOURCE)[0]


@pytest.mark.parametrize(
    ("url", "expected", "why"),
    [
        ("/politik", "/politik", "own"),
        ("/politik/", "/politik", "own"),
        ("/politik/index.html", "/politik", "own"),
        ("/", "/", "own"),
        ("http://www.exempelkoping.se/politik#innehall", "/politik", "own"),
        ("https://exempelkoping.se/politik", "/politik", "host-alias"),
        ("https://turism.exempelkoping.se/politik", "/politik", "host-alias"),
        ("https://exempelbadet.se/politik", "/politik", "host-alias"),
        ("/politik?open.12_36dfc81818c45ebba724fa=true", "/politik", "variant"),
        ("/politik?state=addBookmark&page=2", "/politik?page=2", "variant"),
        ("/politik?sv.target=12.1&sv.url=12.2&folder=19.3", "/politik?sv.url=12.2&folder=19.3", "variant"),
        ("/politik.html.printable", "/politik.html", "variant"),
        ("/politik;jsessionid=AB12?utm_source=x", "/politik", "own"),
        ("/sitevision/proxy/politik/namnder.html/svid12_1a2b/-123/sok/a", "/politik/namnder.html", "variant"),
        (f"/politik/namnder.{NODE}.html", f"/{NODE}.html", "node-id"),
        (f"/{NODE}.html", f"/{NODE}.html", "node-id"),
        (f"/en/annan/gren.{NODE}.html.printable?state=x", f"/{NODE}.html", "node-id"),
        (f"https://turism.exempelkoping.se/{NODE}.html", f"/{NODE}.html", "node-id"),
        ("/nyheter/a.5.113627fc1608945d3a149b98.html", "/5.113627fc1608945d3a149b98.html", "node-id"),
        (
            "/download/18.1a2b3c4d5e6f708192a3b4/1700000000000/Protokoll%202023.pdf",
            "/download/18.1a2b3c4d5e6f708192a3b4",
            "node-id",
        ),
        ("/gammal/ks.181.html", "/politik/kommunstyrelsen", "same-as"),
        ("http://exempelkoping.se/gammal/ks.181.html", "/politik/kommunstyrelsen", "same-as"),
    ],
)
def test_every_spelling_of_a_page_has_its_key(url: str, expected: str, why: str) -> None:
    full = url if url.startswith("http") else SITE + url
    assert page_key(full, SITEVISION, SOURCE) == ("https://exempelkoping.se" + expected, why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/lista?page=1", "/lista?page=2"),
        ("/lista?folder=19.1&sv.url=12.2", "/lista?folder=19.9&sv.url=12.2"),
        ("/budget.2019.html", "/protokoll.2019.html"),
        ("/forfattning.1670.html", "/1670.html"),
        ("/download/18.1a2b3c4d5e6f708192a3b4/1/a.pdf", "/download/18.1a2b3c4d5e6f708192a3b5/1/a.pdf"),
        (f"/{NODE}.html", f"/{NODE}.html?page=2"),
        ("/Politik", "/politik"),
        ("https://moten.example/politik", "/politik"),
        ("https://barn.exempelkoping.se/politik", "/politik"),
    ],
)
def test_different_pages_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_a_profile_that_does_not_know_keeps_slash_and_index_apart() -> None:
    assert len({key(path, PLAIN) for path in ("/a", "/a/", "/a/index.html")}) == 3
    assert key(f"/politik.{NODE}.html", PLAIN).endswith(f"/politik.{NODE}.html")


def test_optimizely_does_not_see_letter_case_in_paths() -> None:
    profile = Profile(name="optimizely", identity="optimizely")
    assert key("/Kommun/N%C3%A4mnder/?Sida=A", profile) == "https://exempelkoping.se/kommun/n%C3%A4mnder?Sida=A"


def test_moves_in_a_circle_end() -> None:
    assert key("/runt/a") == "https://exempelkoping.se/runt/a"
    assert key("/runt/b") == "https://exempelkoping.se/runt/b"


def test_an_unknown_identity_is_a_rule_error() -> None:
    with pytest.raises(RuleError, match="'nytt'"):
        page_key(f"{SITE}/a", Profile(name="p", identity="nytt"), SOURCE)


def test_what_is_no_web_address_is_its_own_key() -> None:
    assert page_key("mailto:a@b.example", SITEVISION, SOURCE) == ("mailto:a@b.example", "own")
    assert page_key("ingenting", SITEVISION, SOURCE) == ("ingenting", "own")


def test_a_variant_names_the_address_to_ask_for_instead() -> None:
    url = f"{SITE}/politik.html.printable?state=x&page=2#top"
    assert address(url, SITEVISION, SOURCE) == f"{SITE}/politik.html?page=2"


@pytest.mark.parametrize(
    "url", ["/politik/", "/politik?page=2", f"/a.{NODE}.html", "/#top", "http://exempelkoping.se/"]
)
def test_a_spelling_that_may_be_the_only_one_is_asked_for(url: str) -> None:
    whole = url if url.startswith("http") else SITE + url
    assert address(whole, SITEVISION, SOURCE) == whole.partition("#")[0]


piece = st.sampled_from(
    ["politik", "Nämnder", "a.html", "index.html", NODE + ".html", "slug." + NODE + ".html", "x.html.printable", "..",
     "default.aspx", "", "%7Ex", "%2e", "sitevision", "proxy", "svid12_1a", "-12", "download", "18.1a2b3c4d5e6f7081",
     "b;jsessionid=1", ".printable", "..;jsessionid=2"]
)  # fmt: skip
noise = st.sampled_from(["state=x", "open.12_1a=true", "utm_source=b", "fbclid=1", "sv.target=12.1", "jsessionid=9"])
kept = st.sampled_from(["page=1", "page=2", "folder=19.1", "sv.url=12.3", "q=å"])
paths = st.lists(piece, max_size=7).map("/".join)
hosts = st.sampled_from(
    ["www.exempelkoping.se", "exempelkoping.se", "www.www.exempelkoping.se", "turism.exempelkoping.se.",
     "www.exempelbadet.se", "moten.example:8080", "www.se", "[::1]:81"]
)  # fmt: skip
urls = st.builds(
    lambda scheme, host, path, query: f"{scheme}://{host}/{path}" + ("?" + "&".join(query) if query else ""),
    st.sampled_from(["http", "https"]), hosts, paths, st.lists(noise | kept, max_size=4),
)  # fmt: skip


@settings(deadline=None)
@given(urls | st.text(max_size=60), st.sampled_from(sorted(IDENTITIES)))
def test_the_key_of_a_key_is_itself(url: str, identity: str) -> None:
    profile = Profile(name="p", identity=identity, strip=SITEVISION.strip, keep=SITEVISION.keep)
    found = page_key(url, profile, SOURCE)[0]
    assert page_key(found, profile, SOURCE)[0] == found


@settings(deadline=None)
@given(urls)
def test_the_address_to_ask_for_is_no_variant_itself(url: str) -> None:
    asked = address(url, SITEVISION, SOURCE)
    assert address(asked, SITEVISION, SOURCE) == asked
    assert page_key(asked, SITEVISION, SOURCE)[0] == page_key(url, SITEVISION, SOURCE)[0]


words = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12)


@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=4).map("/".join), st.lists(kept, max_size=2, unique=True), st.data())
def test_every_variant_of_a_page_has_its_key_and_only_that(path: str, query: list[str], data: st.DataObject) -> None:
    own = f"{SITE}/{path}" + ("?" + "&".join(query) if query else "")
    added = data.draw(st.lists(noise, max_size=3))
    host = data.draw(st.sampled_from(["www.exempelkoping.se", "exempelkoping.se", "turism.exempelkoping.se"]))
    variant = f"http://{host}/{path}" + ("?" + "&".join(query + added) if query + added else "") + "#del"
    assert key(variant) == key(own)
    assert key(f"{own}{'&' if query else '?'}page=77") != key(own)


SHIPPED = rules("sitevision").profile


@pytest.mark.parametrize(
    "variant",
    [
        "/politik.html.printable", "/politik.html?open.12_36dfc81818c45ebba724fa=true",
        "/politik.html?state=addBookmark",
        "/politik.html?logout=true", "/politik.html;jsessionid=0A1B2C3D", "/politik.html?view=search",
        "/sitevision/proxy/politik.html/svid12_36dfc81818c45ebba724fa/-1123401/sok",
        "/politik.html?utm_source=brev&fbclid=1",
        "/politik.html?gclid=2&_hsenc=3", "/politik.html?sv.target=12.36dfc81818c45ebba724fa", "/politik.html#kontakt",
        "/politik.html?PHPSESSID=0a1b2c3d4e5f&sid=0a1b2c3d4e5f6071",
    ],
)  # fmt: skip
def test_the_variants_of_a_sitevision_page_are_that_page_by_the_profile_we_ship(variant: str) -> None:
    assert key(variant, SHIPPED) == key("/politik.html", SHIPPED)


@pytest.mark.parametrize(
    "other",
    [
        "/politik.html?folder=19.1a2b&sv.url=12.3c4d", "/politik.html?view=lista", "/politik.html?page=2",
        "/politik.html?sid=12",
        "/politik.html?sv.target=12.3c4d&sv.12.3c4d.route=/search&sv.12.3c4d.query=budget",
    ],
)  # fmt: skip
def test_what_chooses_content_on_a_sitevision_page_is_another_page(other: str) -> None:
    assert key(other, SHIPPED) != key("/politik.html", SHIPPED)
    assert address(SITE + other, SHIPPED, SOURCE) == SITE + other


RULED = replace(
    SOURCE,
    parameters=(
        Parameters("moten.exempelkoping.se", strip=("visa",), keep=("state",), api=("sv.*.route",)),
        Parameters(strip=("sortering", "steg=1"), keep=("utskrift",)),
    ),
    seeds=(Seed(f"{SITE}/politik"), Seed("https://moten.exempelkoping.se/")),
)
MEETINGS = "https://moten.exempelkoping.se/lista"


@pytest.mark.parametrize(
    ("asked", "instead"),
    [
        (f"{MEETINGS}?visa=alla&id=7", f"{MEETINGS}?id=7"),
        (f"{SITE}/lista?visa=alla&id=7", f"{SITE}/lista?visa=alla&id=7"),  # that rule is for the other host
        (f"{MEETINGS}?state=beslutad", f"{MEETINGS}?state=beslutad"),  # the profile strips it
        (f"{SITE}/lista?state=beslutad", f"{SITE}/lista"),
        (f"{MEETINGS}?sortering=datum", MEETINGS),  # every host
        ("https://turism.exempelkoping.se/?sortering=datum&a=1", "https://turism.exempelkoping.se/?a=1"),
        (f"{SITE}/ansok?steg=1", f"{SITE}/ansok"),
        (f"{SITE}/ansok?steg=2", f"{SITE}/ansok?steg=2"),
        (f"{MEETINGS}?sv.target=12.a&sv.12.a.route=/sok&visa=1", f"{MEETINGS}?sv.target=12.a&sv.12.a.route=/sok"),
    ],
)
def test_an_operator_says_for_each_host_which_parameters_choose_content(asked: str, instead: str) -> None:
    assert address(asked, SITEVISION_PLAIN, RULED) == instead
    assert page_key(asked, SITEVISION_PLAIN, RULED)[0] == page_key(instead, SITEVISION_PLAIN, RULED)[0]


SITEVISION_PLAIN = Profile(name="sitevision", identity="sitevision", strip=("state",))


def test_a_route_that_answers_a_script_is_known_by_its_parameter_on_its_host_alone() -> None:
    assert is_api(f"{MEETINGS}?sv.target=12.a&sv.12.a.route=/sok", RULED)
    assert not is_api(f"{MEETINGS}?sv.target=12.a", RULED)
    assert not is_api(f"{SITE}/lista?sv.12.a.route=/sok", RULED)
    assert not is_api(f"{MEETINGS}?sv.12.a.route=/sok", SOURCE)


def test_a_visit_in_the_path_is_no_part_of_the_page_and_stays_in_the_address() -> None:
    visited = "https://moten.example/(S(lit3py55t21z5v55vlm25s55))/mote.aspx?id=7"
    assert key(visited) == key("https://moten.example/mote.aspx?id=7")
    assert address(visited, SITEVISION, SOURCE) == visited
    assert key("https://moten.example/(X(1)F(a-b))/a") == key("https://moten.example/a")
    assert key("https://moten.example/kvot(a(b))/a") != key("https://moten.example/a")
