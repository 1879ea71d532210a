"""Where requests may go, what certificates are believed, and that no bytes at all make a fetch raise."""

import asyncio
import contextlib
import hashlib
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import Hostile, page, then_close
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.fetch import Fetcher, Limits, client
from archiver.fetch.addresses import is_public
from archiver.model import Failure, Request, Response

SHORT = Limits(connect=0.3, read=0.3, total=0.5)


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def rows(*addresses: str) -> list[tuple[object, ...]]:
    """What `socket.getaddrinfo` says of a name with these addresses."""
    return [(0, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


async def ask(url: str, *, private: bool = False, **options: object) -> Response | Failure:
    fetch = Fetcher("archiver/0", clock=Noon(), limits=SHORT, **options)  # type: ignore[arg-type]
    try:
        return await fetch(Request(url), private=private)
    finally:
        await fetch.aclose()


def failure(url: str, **options: object) -> Failure:
    got = asyncio.run(ask(url, **options))  # type: ignore[arg-type]
    assert isinstance(got, Failure), got
    return got


# Addresses


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
     "255.255.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "192.0.2.1", "198.18.0.1", "192.88.99.1",
     "168.63.129.16",
     "100.100.100.200", "192.0.0.192", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",
     "2002:7f00:1::", "2002:a00:1::", "2001:0:1::1", "2001:db8::1", "100::1"],
)  # fmt: skip
def test_address_that_is_not_on_the_open_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "194.14.1.1", "2a00:1450:400f:80c::2003", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_address_on_the_open_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
     "http://169.254.169.254/latest/meta-data/", "https://192.168.1.1/"],
)  # fmt: skip
@pytest.mark.parametrize("proxy", [None, "http://127.0.0.1:9"])
def test_private_address_written_out_is_unsafe_also_through_a_proxy(url: str, proxy: str | None) -> None:
    assert failure(url, proxy=proxy).kind == "unsafe"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1"])
def test_name_that_leads_to_a_private_address_is_unsafe(address: str) -> None:
    got = failure("http://exempel.example/", lookup=lambda *_, **__: rows(address))
    assert (got.kind, got.detail) == ("unsafe", f"exempel.example is at {address}, which is not a public address")


@pytest.mark.parametrize(
    "url", ["ftp://exempel.example/", "file:///etc/passwd", "javascript:1", "", "//exempel.example/", "http://", "hej"]
)
def test_what_is_not_a_web_address_is_unsafe(url: str) -> None:
    assert failure(url).kind == "unsafe"


@pytest.mark.parametrize(
    "url",
    ["http://exempel.example:25/", "http:\\\\exempel.example:25\\", "http://exempel.example:2\t5/",
     "https://exempel.example:22/", "http://exempel.example:0/"],
)  # fmt: skip
def test_a_port_of_another_trade_is_unsafe_however_it_is_written(url: str) -> None:
    got = failure(url, lookup=lambda *_, **__: rows("8.8.8.8"))
    assert got.kind == "unsafe"
    assert got.detail.endswith("is no web server's")


def test_private_addresses_can_be_allowed_for_one_request_and_only_for_it() -> None:
    async def story() -> list[str]:
        async with Hostile({"/": page()}) as site:
            fetch = Fetcher("archiver/0", clock=Noon(), limits=SHORT)
            got = [await fetch(Request(site.url()), private=private) for private in (False, True, False)]
            await fetch.aclose()
        return [reply.kind if isinstance(reply, Failure) else "ok" for reply in got]

    assert asyncio.run(story()) == ["unsafe", "ok", "unsafe"]


def test_connection_goes_to_the_address_that_was_judged() -> None:
    """The name is looked up once: a second answer could be another one."""
    asked: list[str] = []

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return rows("127.0.0.1" if len(asked) == 1 else "127.0.0.2")

    async def story() -> tuple[Response | Failure, bytes]:
        async with Hostile({"/": page()}) as site:
            url = site.url().replace("127.0.0.1", "exempel.example")
            return await ask(url, private=True, lookup=lookup), site.asked[0]

    got, head = asyncio.run(story())
    assert isinstance(got, Response)
    assert (got.ip, asked) == ("127.0.0.1", ["exempel.example"])
    assert b"Host: exempel.example:" in head


def test_second_address_is_tried_where_the_first_does_not_answer() -> None:
    async def story() -> Response | Failure:
        async with Hostile({"/": page()}) as site:
            url = site.url().replace("127.0.0.1", "exempel.example")
            return await ask(url, private=True, lookup=lambda *_, **__: rows("127.0.0.9", "127.0.0.1"))

    got = asyncio.run(story())
    assert isinstance(got, Response)
    assert got.ip == "127.0.0.1"


# Names


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_name_that_cannot_be_found_is_a_dns_failure(error: Exception) -> None:
    def lookup(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise error

    got = failure("http://finns-inte.invalid/", lookup=lookup)
    assert got.kind == "dns"
    assert "finns-inte.invalid" in got.detail


def test_name_without_addresses_is_a_dns_failure() -> None:
    assert failure("http://tom.invalid/", lookup=lambda *_, **__: []).kind == "dns"


def test_name_server_that_hangs_holds_up_its_own_host_only() -> None:
    release = threading.Event()

    def lookup(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        if host == "seg.example":
            release.wait(5)
        return rows("127.0.0.1")

    async def story() -> tuple[Response | Failure, ...]:
        async with Hostile({"/": page()}) as site:
            fetch = Fetcher("archiver/0", clock=Noon(), limits=SHORT, private=True, lookup=lookup)
            names = ("seg.example", "seg.example", "rask.example")
            try:
                return tuple(
                    await asyncio.gather(
                        *(fetch(Request(site.url().replace("127.0.0.1", name))) for name in names),
                    )
                )
            finally:
                await fetch.aclose()
                release.set()

    begun = time.perf_counter()
    slow, slow_too, fast = asyncio.run(story())
    assert isinstance(fast, Response)
    assert fast.elapsed < 0.25
    for got in (slow, slow_too):
        assert isinstance(got, Failure)
        assert (got.kind, got.detail) == ("dns", "seg.example: no answer from the name server in time")
    assert time.perf_counter() - begun < 30  # it does not hang; how fast it is, a benchmark tells


# Certificates


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority (ca.pem) and a certificate for exempel.example (site.pem, site.key).

    The authority does not state its key usage: RFC 5280 (section 4.2.1.3) asks for it, browsers do not.
    """
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl program here")
    where = tmp_path_factory.mktemp("certificates")
    (where / "extensions").write_text("subjectAltName=DNS:exempel.example\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    for command in (
        f"req -x509 {key} -keyout ca.key -out ca.pem -days 2 -subj /CN=Test",
        f"req {key} -keyout site.key -out site.csr -subj /CN=exempel.example",
        "x509 -req -in site.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out site.pem",
    ):
        subprocess.run([openssl, *command.split()], cwd=where, check=True, capture_output=True)
    return where


def server_side(certificates: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "site.pem", certificates / "site.key")
    return context


def trust(certificates: Path) -> ssl.SSLContext:
    """What the fetcher believes, where the authority of these tests is the only one in the world."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("certifi.where", lambda: str(certificates / "ca.pem"))
        return client._certificates()


def ask_over_tls(certificates: Path, name: str, *, trusted: bool) -> Response | Failure:
    async def story() -> Response | Failure:
        async with Hostile({"/": page(b"hej")}, tls=server_side(certificates)) as site:
            options = {"tls": trust(certificates)} if trusted else {}
            url = site.url().replace("127.0.0.1", name)
            return await ask(url, private=True, lookup=lambda *_, **__: rows("127.0.0.1"), **options)

    return asyncio.run(story())


@pytest.mark.parametrize("name", ["exempel.example", "exempel.example."])
def test_certificate_of_the_name_is_believed_and_noted(certificates: Path, name: str) -> None:
    got = ask_over_tls(certificates, name, trusted=True)
    assert isinstance(got, Response), got
    der = ssl.PEM_cert_to_DER_cert((certificates / "site.pem").read_text())
    assert (got.body, got.ip, got.certificate) == (b"hej", "127.0.0.1", hashlib.sha256(der).hexdigest())


@pytest.mark.parametrize(
    ("name", "trusted", "why"), [("exempel.example", False, "issuer"), ("annan.example", True, "mismatch")]
)
def test_certificate_of_a_stranger_is_a_tls_failure(certificates: Path, name: str, trusted: bool, why: str) -> None:
    got = ask_over_tls(certificates, name, trusted=trusted)
    assert isinstance(got, Failure)
    assert got.kind == "tls"
    assert why in got.detail


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b""])
def test_server_that_speaks_no_tls_is_a_tls_failure(answer: bytes) -> None:
    async def story() -> Response | Failure:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            return await ask(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", private=True)
        finally:
            server.close()

    got = asyncio.run(story())
    assert isinstance(got, Failure)
    assert got.kind == "tls"


def test_server_that_never_shakes_hands_is_a_timeout() -> None:
    async def story() -> Response | Failure:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            return await ask(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", private=True)
        finally:
            server.close()
            await asyncio.sleep(0.01)

    got = asyncio.run(story())
    assert isinstance(got, Failure)
    assert (got.kind, got.detail) == ("timeout", "no TLS handshake in time")


# Through a proxy


def test_plain_request_through_a_proxy_names_the_whole_url() -> None:
    async def story() -> tuple[Response | Failure, bytes]:
        async with Hostile({"http://exempel.example/sida?a=1": page(b"hej")}) as proxy:
            url = proxy.url("").replace("//", "//me:secret@")
            return await ask("http://exempel.example/sida?a=1#del", proxy=url), proxy.asked[0]

    got, head = asyncio.run(story())
    assert isinstance(got, Response), got
    assert (got.body, got.ip) == (b"hej", None)
    assert b"\r\nHost: exempel.example\r\n" in head
    assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in head


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
    writer.close()


def test_secure_request_through_a_proxy_is_tunnelled_and_still_checks_the_name(certificates: Path) -> None:
    asked: list[bytes] = []

    async def story() -> list[Response | Failure]:
        async with Hostile({"/": page(b"hej")}, tls=server_side(certificates)) as site:

            async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
                inner_reader, inner = await asyncio.open_connection("127.0.0.1", site.port)
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                with contextlib.suppress(OSError):
                    await asyncio.gather(relay(reader, inner), relay(inner_reader, writer))

            server = await asyncio.start_server(tunnel, "127.0.0.1", 0)
            proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            tls = trust(certificates)
            got = [await ask(f"https://{n}.example/", proxy=proxy, tls=tls) for n in ("exempel", "annan")]
            server.close()
            await asyncio.sleep(0.01)
            return got

    good, stranger = asyncio.run(story())
    assert isinstance(good, Response), good
    assert (good.body, good.ip, good.certificate is not None) == (b"hej", None, True)
    assert asked[0].startswith(b"CONNECT exempel.example:443 HTTP/1.1\r\nHost: exempel.example:443\r\n")
    assert isinstance(stranger, Failure)
    assert stranger.kind == "tls"


def test_proxy_that_refuses_is_a_connect_failure() -> None:
    async def story() -> Response | Failure:
        async with Hostile({"exempel.example:443": then_close(b"HTTP/1.1 403 No\r\n\r\n")}) as proxy:
            return await ask("https://exempel.example/", proxy=proxy.url(""))

    got = asyncio.run(story())
    assert isinstance(got, Failure)
    assert (got.kind, got.detail) == ("connect", "the proxy answered 403")


def test_proxy_in_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def story() -> Response | Failure:
        async with Hostile({"/": page()}) as site:
            return await ask(site.url(), private=True)

    assert isinstance(asyncio.run(story()), Response)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "https://127.0.0.1:1", "hej"])
def test_proxy_that_is_none_is_an_error_at_once(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Fetcher("archiver/0", clock=Noon(), proxy=proxy)


# The law


PIECES = st.sampled_from(
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 100 \r\n", b"HTTP/1.0 404\r\n", b"\r\n", b"\r\n\r\n", b"Content-Length: 5\r\n",
     b"Content-Length: 99999999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n",
     b"Content-Encoding: gzip\r\n", b"Content-Encoding: br, zstd\r\n", b"Connection: close\r\n", b"5\r\nhello\r\n",
     b"0\r\n\r\n", b"fffffffff\r\n", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"Location: \xff\xfe\r\n", b": \r\n"]
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(PIECES | st.binary(max_size=40), max_size=8).map(b"".join), min_size=1, max_size=3))
def test_no_bytes_on_the_wire_make_it_raise_or_hang(answers: list[bytes]) -> None:
    async def story() -> list[Response | Failure]:
        paths = {f"/{n}": then_close(answer) for n, answer in enumerate(answers)}
        paths["/kept"] = answers[0]  # type: ignore[assignment]
        async with Hostile(paths) as site:
            fetch = Fetcher("a", clock=Noon(), limits=Limits(read=0.05, total=0.1), private=True, tls=PLAIN)
            try:
                return [await fetch(Request(site.url(path))) for path in paths]
            finally:
                await fetch.aclose()

    begun = time.perf_counter()
    for got in asyncio.run(story()):
        assert isinstance(got, Response | Failure)
    assert time.perf_counter() - begun < 30  # it does not hang; how fast it is, a benchmark tells


PLAIN = ssl.create_default_context()
