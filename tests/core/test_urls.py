"""URLs as browsers understand them (WHATWG URL standard), and the one key of an address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver import urls

BASE = "https://a.example/b/c?d#e"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("g", "https://a.example/b/g"),
        ("./g", "https://a.example/b/g"),
        ("../g", "https://a.example/g"),
        ("../../../g", "https://a.example/g"),
        ("/g", "https://a.example/g"),
        ("//h.example", "https://h.example/"),
        ("?y", "https://a.example/b/c?y"),
        ("#s", "https://a.example/b/c?d#s"),
        ("", "https://a.example/b/c?d"),
        ("\\g\\h", "https://a.example/g/h"),
        ("\t/g\n/h ", "https://a.example/g/h"),
        ("/%2e%2E/./g/%2e", "https://a.example/g/"),
        ("https:g", "https://a.example/b/g"),
        ("http:g", "http://g/"),
        ("HTTPS://A.Example:443/G", "https://a.example/G"),
        ("https://h.example:0443", "https://h.example/"),
        ("http://h.example:80:80/", None),
        ("http://h.example:65536/", None),
        ("http://[::1", None),
        ("http://a b/", None),
        ("http://h.example/å ä?ö#å", "http://h.example/%C3%A5%20%C3%A4?%C3%B6#%C3%A5"),
        ("http://h.example/%zz%2F|^", "http://h.example/%zz%2F|%5E"),
        ("http://räksmörgås.example/", "http://xn--rksmrgs-5wao1o.example/"),
        ("http://ｅｘ.example/", "http://ex.example/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://127.0.0.256/", None),
        ("http://[::FFFF:10.0.0.1]/", "http://[::ffff:a00:1]/"),
        ("http://a@b:c@h.example/", "http://a%40b:c@h.example/"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("mailto:A@h.example", "mailto:A@h.example"),
    ],
)
def test_a_reference_is_joined_as_a_browser_joins_it(reference: str, url: str | None) -> None:
    assert urls.join(BASE, reference) == url


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTPS://A.example:443", "https://a.example/"),
        ("https://a.example/?", "https://a.example/"),
        ("https://a.example/b#c", "https://a.example/b"),
        ("https://a.example/%7euser/%c3%a5%2f", "https://a.example/~user/%C3%A5%2F"),
        ("https://a.example/b;jsessionid=0A1B.node2?c=1", "https://a.example/b?c=1"),
        ("https://a.example/b?utm_source=x&c=1&fbclid=2&c=2&c=1", "https://a.example/b?c=1&c=2&c=1"),
        ("https://a.example/b?PHPSESSID=1&ASPSESSIONIDQQ=2&CFID=3&CFTOKEN=4", "https://a.example/b"),
        ("https://a.example/b?sid=9f86d081884c7d65&sid=12", "https://a.example/b?sid=12"),
        ("https://a.example/b?Sidan=1", "https://a.example/b?Sidan=1"),
        ("https://a.example/b?c", "https://a.example/b?c"),
        ("https://a.example/b?&&c=&", "https://a.example/b?c="),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("ingen adress", "ingen adress"),
    ],
)
def test_an_address_has_one_key(url: str, key: str) -> None:
    assert urls.key(url) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/b", "https://a.example/b/"),
        ("https://a.example/b", "http://a.example/b"),
        ("https://a.example/b", "https://a.example/B"),
        ("https://a.example/b?c=1&d=2", "https://a.example/b?d=2&c=1"),
        ("https://a.example/b%2Fc", "https://a.example/b/c"),
        ("https://a.example/", "https://www.a.example/"),
        ("https://a.example/?sid=1", "https://a.example/?sid=2"),
    ],
)
def test_what_may_be_two_addresses_has_two_keys(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


pieces = st.sampled_from(
    ["a", "B", "%2e", "%7E", "..", ";jsessionid=1", "å", "%C3%A5", "/", "?", "&", "=", "sid=9f86d081884c7d65",
     "utm_a=1",
     "#", "\\", ":80", "@", "[::1]", "//"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=60))
def test_the_key_of_a_key_is_itself_and_parsing_twice_is_parsing_once(rest: str) -> None:
    for url in (f"https://a.example/{rest}", f"http://{rest}", rest):
        assert urls.key(urls.key(url)) == urls.key(url)
        parsed = urls.parse(url)
        assert parsed is None or urls.parse(parsed) == parsed
