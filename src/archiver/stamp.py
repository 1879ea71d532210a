"""A seal stamped by an outside authority (RFC 3161): that it existed by a time which somebody else vouches for.

What is stamped is the seal's chain value, its 64 characters as they are printed. The authority learns that digest and
nothing else. Needs the extra `[evidence]`, which is imported only here and only when it is asked for.

    stamp       ask an authority
    doubt       what a stamp says of itself: is it of this seal, and of that time?
    trusted     the certificates of files, as somebody trusts them
    signature   who signed a stamp, by the word of those: OpenSSL's judgement, as the library asks for it
"""

import hashlib
import importlib
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from archiver.errors import NotFetched, StoreError

EXTRA = "time-stamps need an extra: pip install 'archiver[evidence]'"
PATIENCE = 30.0
"""Seconds an authority may take."""
LARGEST = 1 << 20
"""Bytes of a reply."""
LARGEST_FILE = 16 << 20
"""Bytes of a file of certificates: all that a system trusts are a quarter of a megabyte."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Certificates that somebody trusts: roots, where a way may end, and others, which may only lie on it."""

    roots: tuple[Any, ...]
    between: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: whose it is, until when their certificate is valid (UTC), and where its way ends."""

    signer: str  # names as RFC 4514 writes them
    valid_until: str
    root: str


_PEM = b"-----BEGIN CERTIFICATE-----"
_VERIFY_ERROR = re.compile(r'"(?:Verify error: ?)([^"]+)"')
_REASON = re.compile(r'reason: "([^"]+)"')
_NO_WAY = "its certificate leads to no root that is trusted"
_TOO_EARLY = "a certificate was not valid yet at the time it states"
_NOT_THESE = "the signature is not of these bytes"
_MEANT = {
    "unable to get local issuer certificate": _NO_WAY,
    "unable to get issuer certificate": _NO_WAY,
    "self-signed certificate in certificate chain": _NO_WAY,
    "self-signed certificate": _NO_WAY,
    "unsuitable certificate purpose": "its certificate is not one for time-stamps alone",  # RFC 3161, section 2.3
    "certificate has expired": "a certificate had expired by the time it states",
    "certificate is not yet valid": _TOO_EARLY,
    "certificate is not yet valid or the system clock is incorrect": _TOO_EARLY,  # OpenSSL 4
    "certificate signature failure": "a certificate is not signed by the one it names",
    "provider signature failure": _NOT_THESE,
    "signature failure": _NOT_THESE,
    "digest failure": _NOT_THESE,
}
"""What OpenSSL's words mean here. Those that are not in the table are told as they are."""


def stamp(chain: str, authority: str, proxy: str | None = None) -> tuple[bytes, datetime]:
    """The authority's reply (DER) and the time it states, asked for through the `proxy` where there is one.

    Raises NotFetched where it gives none, StoreError without the extra.
    """
    client = _library()
    builder = client.TimestampRequestBuilder().data(chain.encode()).hash_algorithm(client.HashAlgorithm.SHA256)
    asked = builder.cert_request(cert_request=True).build()
    reply = _ask(authority, asked.as_bytes(), proxy)
    try:
        answer = client.decode_timestamp_response(reply)
        told = answer.tst_info
    except ValueError as error:
        raise NotFetched(f"{authority} gave no time-stamp: {error}") from error
    if told.nonce != asked.nonce or told.message_imprint.message != asked.message_imprint.message:
        raise NotFetched(f"{authority} stamped something else than what it was asked for")
    return reply, told.gen_time.astimezone(UTC)


def doubt(chain: str, token: bytes, stamped_at: str) -> str | None:
    """What is wrong with a stamp, in words; None: it says of itself that it is of this seal, and of that time.

    Who signed it, and whether they did, is another question: `signature`. Raises StoreError without the extra.
    """
    client = _library()
    try:
        told = client.decode_timestamp_response(token).tst_info
    except ValueError as error:
        return f"is no time-stamp: {error}"
    if told.message_imprint.message != hashlib.sha256(chain.encode()).digest():
        return "is of another seal"
    if f"{told.gen_time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" != stamped_at:
        return "states another time"
    return None


def trusted(places: Iterable[Path]) -> Trust:
    """The certificates of these files (PEM, one or many in each), and of the .pem files of folders among them.

    A root is one that signed itself: only there may a way end. Raises ValueError with the file and what is wrong with
    it, OSError, StoreError without the extra.
    """
    x509 = _library("cryptography.x509")
    roots: dict[Any, None] = {}
    between: dict[Any, None] = {}
    for file in _files(places):
        with file.open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise ValueError(f"{file} has more than {LARGEST_FILE} bytes")
        try:
            with warnings.catch_warnings(action="ignore"):  # of a serial number that is none: there are such roots
                found = x509.load_pem_x509_certificates(content)
        except (ValueError, x509.InvalidVersion) as error:
            raise ValueError(f"{file} holds no certificates in PEM: {error}") from error
        if content.count(_PEM) != len(found):
            raise ValueError(f"{file} holds certificates that are cut off")
        for certificate in found:
            (roots if _is_root(certificate) else between)[certificate] = None
    if not roots:
        raise ValueError("there is no root among the certificates: none is signed by itself")
    return Trust(tuple(roots), tuple(between))


def signature(chain: str, token: bytes, trust: Trust) -> Signature | str:
    """Who signed this stamp of the seal, by the word of a root that is trusted; or why it is not believed, in words.

    Certificates are judged at the time that the stamp states (RFC 5280, section 6.1: "valid at the time in question"),
    so a stamp outlives the certificate of its authority (RFC 3161, section 4). Nobody is asked whether one was revoked.
    Raises StoreError without the extra.
    """
    with warnings.catch_warnings(action="ignore"):  # of numbers that are none, in certificates of others
        return _judged(chain, token, trust)


def _judged(chain: str, token: bytes, trust: Trust) -> Signature | str:
    client, x509 = _library(), _library("cryptography.x509")
    try:
        answer = client.decode_timestamp_response(token)
        enclosed = [x509.load_der_x509_certificate(one) for one in answer.signed_data.certificates]
        named = {certificate.issuer for certificate in (*enclosed, *trust.between)}
    except (ValueError, x509.InvalidVersion) as error:
        return f"what it holds cannot be read: {error}"
    doubted = _NO_WAY
    for root in trust.roots:  # each alone: the library does not say by which of several it holds
        if root.subject in named:
            try:
                builder = client.VerifierBuilder(roots=[root], intermediates=list(trust.between))
                builder.build().verify_message(answer, chain.encode())
                return _signed(answer, enclosed, root)
            except (client.VerificationError, ValueError) as error:
                doubted = _in_words(str(error))
    return doubted


def _signed(answer: Any, enclosed: Sequence[Any], root: Any) -> Signature | str:  # noqa: ANN401
    """Whose signature it is that holds. Certificates beside it are not signed: a name there could be anybody's."""
    (said,) = answer.signed_data.signer_infos
    found = [one for one in enclosed if (one.issuer, one.serial_number) == (said.issuer, said.serial_number)]
    if len(found) != 1:
        return "several of its certificates claim to be the signer's"
    until = f"{found[0].not_valid_after_utc:%Y-%m-%dT%H:%M:%SZ}"
    return Signature(found[0].subject.rfc4514_string(), until, root.subject.rfc4514_string())


def _in_words(error: str) -> str:
    """The library's word, without the stack of OpenSSL's that it prints."""
    found = _VERIFY_ERROR.search(error) or _REASON.search(error)
    reason = found[1] if found else error
    return _MEANT.get(reason, reason)


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        found = sorted(place.glob("*.pem")) if place.is_dir() else [place]
        if not found:
            raise ValueError(f"{place} holds no .pem file")
        yield from found


def _is_root(certificate: Any) -> bool:  # noqa: ANN401
    """Whether it names itself as its signer, and no other key signed it as far as can be told. OpenSSL decides."""
    broken = _library("cryptography.exceptions")
    try:
        certificate.verify_directly_issued_by(certificate)
    except broken.InvalidSignature:
        return False
    except (broken.UnsupportedAlgorithm, ValueError, TypeError):  # roots of the time of SHA-1 are many
        return bool(certificate.subject == certificate.issuer)
    return True


def _ask(authority: str, request: bytes, proxy: str | None) -> bytes:
    """The reply's bytes (RFC 3161 section 3.4)."""
    if urlsplit(authority).scheme not in ("http", "https"):
        raise NotFetched(f"{authority} is not an http or https URL")
    labels = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    reply = b""
    try:
        with (
            httpx.Client(timeout=PATIENCE, trust_env=False, proxy=proxy) as client,
            client.stream("POST", authority, content=request, headers=labels) as answer,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                reply += chunk
                if len(reply) > LARGEST:
                    raise NotFetched(f"{authority} answers with more than {LARGEST} bytes")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotFetched(f"{authority} could not be asked: {error}") from error
    return reply


def _library(name: str = "rfc3161_client") -> Any:  # noqa: ANN401
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StoreError(EXTRA) from error
