"""A seal stamped by an outside authority (RFC 3161): that it existed by a time which somebody else vouches for.

What is stamped is the seal's chain value, its 64 characters as they are printed. The authority learns that digest and
nothing else. Needs the extra `[evidence]`, which is imported only here and only when it is asked for.
"""

import hashlib
import importlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from archiver.errors import NotFetched, StoreError

EXTRA = "time-stamps need an extra: pip install 'archiver[evidence]'"
PATIENCE = 30.0
"""Seconds an authority may take."""
LARGEST = 1 << 20
"""Bytes of a reply."""


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

    Who signed it, and whether they did, is for `openssl ts -verify` to say, with the authority's certificate
    (docs/evidence.md). Raises StoreError without the extra.
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


def _library() -> Any:  # noqa: ANN401
    try:
        return importlib.import_module("rfc3161_client")
    except ImportError as error:
        raise StoreError(EXTRA) from error
