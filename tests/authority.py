"""A time-stamping authority of the tests' own: certificates and tokens as they are wanted, of any time.

`openssl ts` stamps with the clock of the machine and refuses to sign what is wrong; here the wrong is what is asked
for. The forms: RFC 3161 section 2.4.2 (reply, TSTInfo), RFC 5652 section 5 (SignedData), RFC 5816 section 2.2.1 (which
certificate).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

SHA_256, ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST, SIGNING_CERTIFICATE = (
    "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47",
)  # fmt: skip
STAMPING, SERVING = x509.ExtendedKeyUsageOID.TIME_STAMPING, x509.ExtendedKeyUsageOID.SERVER_AUTH
DAY = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
"""When the tests' seals are stamped."""
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Party:
    """Somebody with a key and a certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)


def party(
    name: str,
    by: Party | None = None,
    *,
    purposes: Iterable[x509.ObjectIdentifier] = (STAMPING,),
    critical: bool = True,
    signs: bool = False,
    begin: datetime = BEGIN,
    end: datetime = END,
    serial: int | None = None,
) -> Party:
    """A root (`by` nobody), an authority between (`signs`), or one that stamps."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    is_authority = signs or by is None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(serial or x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority and (wanted := list(purposes)):
        builder = builder.add_extension(x509.ExtendedKeyUsage(wanted), critical=critical)
    return Party(key, builder.sign(by.key if by else key, SHA256()))


def token(
    data: bytes,
    by: Party,
    at: datetime = DAY,
    *,
    enclosed: Iterable[Party] | None = None,
    beside: Party | None = None,
    status: int = 0,
    nonce: int | None = None,
    signed_over: bytes | None = None,
) -> bytes:
    """A reply that stamps the data; `enclosed` are its certificates, the signer's alone if nothing else is said.

    `beside` signs too. `signed_over` is other data: that is what the signature stands over then.
    """
    info = _info(data, at, nonce)
    signed = info if signed_over is None else _info(signed_over, at, nonce)
    signers = sorted(_signer(signed, one) for one in (by, beside) if one)
    certificates = sorted(one.der for one in ([by] if enclosed is None else enclosed))  # a SET OF, in DER
    content = der(
        0x30, integer(3), der(0x31, der(0x30, oid(SHA_256))), der(0x30, oid(TST_INFO), der(0xA0, der(0x04, info))),
        *([der(0xA0, *certificates)] if certificates else []), der(0x31, *signers),
    )  # fmt: skip
    return der(0x30, der(0x30, integer(status)), der(0x30, oid(SIGNED_DATA), der(0xA0, content)))


def _signer(signed: bytes, by: Party) -> bytes:
    kinds = der(0x30, oid(CONTENT_TYPE), der(0x31, oid(TST_INFO)))
    digest = der(0x30, oid(MESSAGE_DIGEST), der(0x31, der(0x04, hashlib.sha256(signed).digest())))
    known = der(0x30, der(0x30, der(0x30, der(0x04, hashlib.sha256(by.der).digest()))))
    said = b"".join(sorted([kinds, digest, der(0x30, oid(SIGNING_CERTIFICATE), der(0x31, known))]))
    issuer = by.certificate.issuer.public_bytes()
    return der(
        0x30, integer(1), der(0x30, issuer, integer(by.certificate.serial_number)), der(0x30, oid(SHA_256)),
        der(0xA0, said), der(0x30, oid(ECDSA)), der(0x04, by.key.sign(der(0x31, said), ec.ECDSA(SHA256()))),
    )  # fmt: skip


def _info(data: bytes, at: datetime, nonce: int | None) -> bytes:
    imprint = der(0x30, der(0x30, oid(SHA_256)), der(0x04, hashlib.sha256(data).digest()))
    when = der(0x18, f"{at:%Y%m%d%H%M%SZ}".encode())
    number = b"" if nonce is None else integer(nonce)
    return der(0x30, integer(1), oid("1.2.3.4.1"), imprint, integer(7), when, number)


def der(tag: int, *parts: bytes) -> bytes:
    """A value in DER (X.690): tag, length, content."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value: int) -> bytes:
    """A number that is not negative."""
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *rest = map(int, dotted.split("."))
    packed = bytearray()
    for arc in (40 * first + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(0x80 | arc & 0x7F)
        packed += bytes(reversed(septets))
    return der(0x06, bytes(packed))
