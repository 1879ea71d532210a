"""A seal stamped by a local authority: openssl, behind a socket of this machine."""

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_town import Town

from archiver.errors import NotFetched
from archiver.stamp import doubt, stamp
from archiver.store import seals

OPENSSL = shutil.which("openssl")
CHAIN = "ab" * 32
CONFIG = """
[tsa]
default_tsa = ours
[ours]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./tsa.pem
signer_key = ./tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, bytes]]:
    """The URL of a time-stamping authority, and its root certificate."""
    pytest.importorskip("rfc3161_client", reason="the extra [evidence] is not installed")
    if OPENSSL is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    (folder / "ext.cnf").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")

    def run(*words: str) -> None:
        subprocess.run([str(OPENSSL), *words], cwd=folder, check=True, capture_output=True)

    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "30",
        "-subj", "/CN=Exempelroten", "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip
    run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Exempelstämpeln")
    run("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30",
        "-extfile", "ext.cnf", "-out", "tsa.pem")  # fmt: skip

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "asked.tsq").write_bytes(body)
            reply = b"no"
            if self.path in ("/tsa", "http://tsa.invalid/tsa"):  # asked itself, or as a proxy
                run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "asked.tsq", "-out", "reply.tsr")
                reply = (folder / "reply.tsr").read_bytes()
            self.send_response(500 if self.path == "/broken" else 200)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", (folder / "ca.pem").read_bytes()
    server.shutdown()
    server.server_close()


def test_a_seal_is_stamped_and_the_stamp_is_of_it(authority: tuple[str, bytes]) -> None:
    url, _ = authority
    token, at = stamp(CHAIN, f"{url}/tsa")
    told = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert doubt(CHAIN, token, told) is None
    assert doubt("cd" * 32, token, told) == "is of another seal"
    assert doubt(CHAIN, token, "2020-01-01T00:00:00Z") == "states another time"
    assert str(doubt(CHAIN, b"rubbish", told)).startswith("is no time-stamp")


def test_a_proxy_is_asked_where_one_is_configured(authority: tuple[str, bytes]) -> None:
    token, at = stamp(CHAIN, "http://tsa.invalid/tsa", authority[0])
    assert doubt(CHAIN, token, f"{at:%Y-%m-%dT%H:%M:%SZ}") is None


def test_openssl_itself_verifies_the_stamp(authority: tuple[str, bytes], tmp_path: Path) -> None:
    token, _ = stamp(CHAIN, f"{authority[0]}/tsa")
    (tmp_path / "seal.txt").write_text(CHAIN)
    (tmp_path / "seal.tsr").write_bytes(token)
    (tmp_path / "ca.pem").write_bytes(authority[1])
    words = ("ts", "-verify", "-data", "seal.txt", "-in", "seal.tsr", "-CAfile", "ca.pem")
    done = subprocess.run([str(OPENSSL), *words], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert "Verification: OK" in done.stdout + done.stderr


@pytest.mark.parametrize("path", ["/rubbish", "/broken"])
def test_an_authority_that_gives_no_stamp_is_said(authority: tuple[str, bytes], path: str) -> None:
    with pytest.raises(NotFetched, match=r"gave no time-stamp|could not be asked"):
        stamp(CHAIN, authority[0] + path)


def test_an_address_that_is_none_is_said() -> None:
    pytest.importorskip("rfc3161_client", reason="the extra [evidence] is not installed")
    with pytest.raises(NotFetched, match="is not an http or https URL"):
        stamp(CHAIN, "file:///etc/passwd")


def test_a_stamp_is_kept_with_its_seal(town: Town) -> None:
    town.capture(town.address("a"), b"x", 1)
    town.finish(2)
    at = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
    for _ in range(2):
        town.archive.write(lambda c: seals.add_stamp(c, 1, "https://tsa.example", at, b"token"))
    ((seal_id, chain, authority, stamped_at, token),) = seals.stamped(town.archive.reader)
    assert (seal_id, authority, stamped_at, token) == (1, "https://tsa.example", "2026-03-09T12:00:00Z", b"token")
    assert len(seals.stamped(town.archive.reader, first=1)) == 1
    assert seals.stamped(town.archive.reader, first=2) == []
    assert chain == seals.last(town.archive.reader)["chain"]  # type: ignore[index]
