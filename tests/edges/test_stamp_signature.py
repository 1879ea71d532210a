"""Who signed a stamp: told only where it holds under a root that somebody trusts. OpenSSL's program is the judge."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("rfc3161_client", reason="the extra [evidence] is not installed")

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from archiver.stamp import Signature, Trust, doubt, signature, trusted
from authority import BEGIN, DAY, END, SERVING, STAMPING, Party, party, token

OPENSSL = shutil.which("openssl")
CHAIN = "ab" * 32
SEAL = CHAIN.encode()
ROOT = party("Exempelroten")
STAMPER = party("Exempelstämpeln", ROOT)
BETWEEN = party("Mellanleden", ROOT, signs=True)
BELOW = party("Understämpeln", BETWEEN)
OTHER = party("Annan rot")
NAMESAKE = party("Exempelroten")
SHORT = party("Gammal stämpel", ROOT, begin=datetime(2025, 2, 1, tzinfo=UTC), end=datetime(2025, 3, 1, tzinfo=UTC))
SERIAL = 1234
DOUBLE = party("Dubbel", ROOT, serial=SERIAL)
STRANGE = [party(f"Statens stämpel {n}", NAMESAKE, serial=SERIAL) for n in range(4)]
END_OF_PEM = b"\n-----END CERTIFICATE-----\n"
NO_WAY = "its certificate leads to no root that is trusted"
NOT_OF = "the signature is not of these bytes"
NO_BOND = "a certificate is not signed by the one it names"
NO_PURPOSE = "its certificate is not one for time-stamps alone"
UNCLEAR = "several of its certificates claim to be the signer's"


def trust(*parties: Party, folder: Path) -> Trust:
    (folder / "roots.pem").write_bytes(b"".join(one.pem for one in parties))
    return trusted([folder / "roots.pem"])


def flipped(place: int, made: bytes) -> bytes:
    return bytes(
        [*made[:place], made[place] ^ 1, *made[place + 1 :]] if place >= 0 else flipped(len(made) + place, made)
    )


# what holds -------------------------------------------------------------------------------------------

HOLDS: dict[str, tuple[bytes, list[Party], str]] = {
    "the authority's": (token(SEAL, STAMPER), [ROOT], "CN=Exempelstämpeln"),
    "among roots of others": (token(SEAL, STAMPER), [OTHER, ROOT], "CN=Exempelstämpeln"),
    "with a root that is named twice": (token(SEAL, STAMPER), [ROOT, ROOT], "CN=Exempelstämpeln"),
    "with what lies between in the stamp": (token(SEAL, BELOW, enclosed=[BELOW, BETWEEN]), [ROOT], "CN=Understämpeln"),
    "with what lies between beside the root": (token(SEAL, BELOW), [BETWEEN, ROOT], "CN=Understämpeln"),
    "of a certificate that ended since, then valid": (
        token(SEAL, SHORT, datetime(2025, 2, 15, tzinfo=UTC)), [ROOT], "CN=Gammal stämpel",
    ),
    "in the first second of its certificate": (token(SEAL, SHORT, datetime(2025, 2, 1, tzinfo=UTC)), [ROOT],
                                               "CN=Gammal stämpel"),
}  # fmt: skip


@pytest.mark.parametrize("which", HOLDS)
def test_a_signature_that_holds_names_the_signer_and_the_root(which: str, tmp_path: Path) -> None:
    made, parties, signer = HOLDS[which]
    found = signature(CHAIN, made, trust(*parties, folder=tmp_path))
    assert isinstance(found, Signature), found
    assert (found.signer, found.root) == (signer, "CN=Exempelroten")
    assert found.valid_until == ("2025-03-01T00:00:00Z" if signer == "CN=Gammal stämpel" else "2030-01-01T00:00:00Z")


# what does not ----------------------------------------------------------------------------------------

DOUBTED: dict[str, tuple[bytes, list[Party], str]] = {
    "of another authority": (token(SEAL, STAMPER), [OTHER], NO_WAY),
    "of one that calls itself the same": (token(SEAL, party("Exempelstämpeln", NAMESAKE)), [ROOT], NO_BOND),
    "that brings its own root": (token(SEAL, STAMPER, enclosed=[STAMPER, ROOT]), [OTHER], NO_WAY),
    "with nothing between it and the root": (token(SEAL, BELOW), [ROOT], NO_WAY),
    "after its certificate ended": (token(SEAL, SHORT), [ROOT], "a certificate had expired by the time it states"),
    "before its certificate began": (
        token(SEAL, SHORT, BEGIN + timedelta(days=1)), [ROOT], "a certificate was not valid yet at the time it states",
    ),
    "after its root ended": (
        token(SEAL, party("Lång", ROOT, end=END + timedelta(days=900)), END + timedelta(days=9)), [ROOT],
        "a certificate had expired by the time it states",
    ),
    "of a certificate for nothing in particular": (token(SEAL, party("Alla", ROOT, purposes=())), [ROOT], NO_PURPOSE),
    "of a web server's certificate": (token(SEAL, party("Webb", ROOT, purposes=(SERVING,))), [ROOT], NO_PURPOSE),
    "of one for web servers too": (
        token(SEAL, party("Båda", ROOT, purposes=(STAMPING, SERVING))), [ROOT], NO_PURPOSE,
    ),
    "of one whose purpose is not critical": (token(SEAL, party("Lös", ROOT, critical=False)), [ROOT], NO_PURPOSE),
    "by the root itself": (token(SEAL, ROOT), [ROOT], NO_PURPOSE),
    "whose signature has a flipped bit": (flipped(-1, token(SEAL, STAMPER)), [ROOT], NOT_OF),
    "whose signature is of another seal": (token(SEAL, STAMPER, signed_over=b"cd" * 32), [ROOT], NOT_OF),
    "by two": (
        token(SEAL, STAMPER, beside=DOUBLE, enclosed=[STAMPER, DOUBLE]), [ROOT],
        "Expected exactly one SignerInfo, got 2.",
    ),
    "without a certificate": (token(SEAL, STAMPER, enclosed=()), [ROOT], NO_WAY),
    "with another's certificate": (token(SEAL, STAMPER, enclosed=[DOUBLE]), [ROOT], "signer certificate not found"),
}  # fmt: skip


@pytest.mark.parametrize("which", DOUBTED)
def test_a_stamp_is_not_believed(which: str, tmp_path: Path) -> None:
    made, parties, why = DOUBTED[which]
    assert signature(CHAIN, made, trust(*parties, folder=tmp_path)) == why


def test_a_stamp_over_other_bytes_is_not_believed(tmp_path: Path) -> None:
    made = token(b"cd" * 32, STAMPER)
    assert doubt(CHAIN, made, f"{DAY:%Y-%m-%dT%H:%M:%SZ}") == "is of another seal"
    assert signature(CHAIN, made, trust(ROOT, folder=tmp_path)) == "Mismatch between messages"


def test_a_stamp_that_the_authority_did_not_grant_is_not_believed(tmp_path: Path) -> None:
    found = signature(CHAIN, token(SEAL, STAMPER, status=2), trust(ROOT, folder=tmp_path))
    assert found == "PKIStatus is not GRANTED"


@pytest.mark.parametrize("garbage", [b"", b"0", b"rubbish", token(SEAL, STAMPER)[:-5], token(SEAL, STAMPER) + b"x"])
def test_garbage_is_no_stamp(garbage: bytes, tmp_path: Path) -> None:
    assert "ASN.1 parse error" in str(signature(CHAIN, garbage, trust(ROOT, folder=tmp_path)))


@pytest.mark.parametrize("stranger", STRANGE, ids=lambda one: one.certificate.subject.rfc4514_string())
def test_a_certificate_that_claims_the_signers_number_lends_it_no_name(stranger: Party, tmp_path: Path) -> None:
    """Certificates beside the signature are not signed: whoever holds a stamp can put another name there."""
    found = signature(CHAIN, token(SEAL, DOUBLE, enclosed=[DOUBLE, stranger]), trust(ROOT, folder=tmp_path))
    assert isinstance(found, str)  # which of the two OpenSSL takes depends on their bytes
    assert found in (UNCLEAR, NO_BOND), found


GOOD = token(SEAL, BELOW, enclosed=[BELOW, BETWEEN])


@given(st.integers(0, len(GOOD) * 8 - 1))
def test_no_flipped_bit_makes_a_stamp_say_anything_else(trusting: Trust, bit: int) -> None:
    at, mask = divmod(bit, 8)
    altered = bytes([*GOOD[:at], GOOD[at] ^ 1 << mask, *GOOD[at + 1 :]])
    found = signature(CHAIN, altered, trusting)
    assert isinstance(found, str) or (found == signature(CHAIN, GOOD, trusting) and states(altered) == states(GOOD))


def states(made: bytes) -> bool:
    return doubt(CHAIN, made, f"{DAY:%Y-%m-%dT%H:%M:%SZ}") is None


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust(ROOT, folder=tmp_path_factory.mktemp("trusting"))


# the judge --------------------------------------------------------------------------------------------


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
@pytest.mark.parametrize("which", [*HOLDS, *DOUBTED])
def test_openssl_itself_says_the_same(which: str, tmp_path: Path) -> None:
    made, parties, _ = (HOLDS | DOUBTED)[which]
    at = moment(made)
    (tmp_path / "seal.txt").write_text(CHAIN)
    (tmp_path / "seal.tsr").write_bytes(made)
    (tmp_path / "roots.pem").write_bytes(b"".join(one.pem for one in parties))
    words = ("ts", "-verify", "-data", "seal.txt", "-in", "seal.tsr", "-CAfile", "roots.pem", "-attime", str(at))
    done = subprocess.run([str(OPENSSL), *words], cwd=tmp_path, check=False, capture_output=True)
    assert (done.returncode == 0) == (which in HOLDS), done.stderr


def moment(made: bytes) -> int:
    import rfc3161_client

    return int(rfc3161_client.decode_timestamp_response(made).tst_info.gen_time.timestamp())


# files of certificates --------------------------------------------------------------------------------


def test_certificates_are_taken_from_files_and_from_the_pem_files_of_folders(tmp_path: Path) -> None:
    (tmp_path / "rötter").mkdir()
    (tmp_path / "rötter" / "a.pem").write_bytes(ROOT.pem + BETWEEN.pem)
    (tmp_path / "rötter" / "läs mig.txt").write_text("ingen rot")
    (tmp_path / "b.crt").write_bytes(b"Annan rot\n" + OTHER.pem)
    found = trusted([tmp_path / "rötter", tmp_path / "b.crt"])
    assert [one.subject.rfc4514_string() for one in found.roots] == ["CN=Exempelroten", "CN=Annan rot"]
    assert [one.subject.rfc4514_string() for one in found.between] == ["CN=Mellanleden"]


def test_a_certificate_that_only_says_it_signed_itself_is_no_root(tmp_path: Path) -> None:
    namesake = party("Exempelroten", ROOT, signs=True)
    assert len(trust(ROOT, namesake, folder=tmp_path).roots) == 1
    with pytest.raises(ValueError, match="there is no root among the certificates"):
        trust(namesake, folder=tmp_path)


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")
def test_a_root_of_the_time_of_sha_1_is_one(tmp_path: Path) -> None:
    words = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha1", "-days", "3650")
    made = ("-keyout", "key.pem", "-out", "roots.pem", "-subj", "/CN=Gammal rot")
    subprocess.run([str(OPENSSL), "req", "-x509", *words, *made], cwd=tmp_path, check=True, capture_output=True)
    key = load_pem_private_key((tmp_path / "key.pem").read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    found = trusted([tmp_path / "roots.pem"])
    begin = found.roots[0].not_valid_before_utc
    stamper = party("Stämpel", Party(key, found.roots[0]), begin=begin, end=begin + timedelta(days=9))
    signed = signature(CHAIN, token(SEAL, stamper, begin + timedelta(days=1)), found)
    assert isinstance(signed, Signature), signed
    assert signed.root == "CN=Gammal rot"


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (lambda p: p.write_bytes(b""), "holds no certificates in PEM"),
    "no certificate": (lambda p: p.write_text("hej"), "holds no certificates in PEM"),
    "the other form": (lambda p: p.write_bytes(ROOT.der), "holds no certificates in PEM"),
    "half a certificate": (lambda p: p.write_bytes(ROOT.pem[:200]), "holds no certificates in PEM"),
    "one cut off after a good one": (lambda p: p.write_bytes(ROOT.pem + OTHER.pem[:200]), "that are cut off"),
    "one that is none after a good one": (lambda p: p.write_bytes(ROOT.pem + OTHER.pem[:200] + END_OF_PEM), "in PEM"),
    "only what lies between": (lambda p: p.write_bytes(BETWEEN.pem), "there is no root among the certificates"),
    "only who stamps": (lambda p: p.write_bytes(STAMPER.pem), "there is no root among the certificates"),
    "an empty folder": (lambda p: p.mkdir(), "holds no .pem file"),
    "a file without an end": (lambda p: p.symlink_to("/dev/zero"), "has more than 16777216 bytes"),
}


@pytest.mark.parametrize("which", WRONG)
def test_what_holds_no_root_is_said(which: str, tmp_path: Path) -> None:
    make, why = WRONG[which]
    make(tmp_path / "roots.pem")
    with pytest.raises(ValueError, match=why):
        trusted([tmp_path / "roots.pem"])
