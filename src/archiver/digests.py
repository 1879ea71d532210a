"""One fixed form for values, and the digest over it. Pure."""

import hashlib
import json


def sha256(data: bytes) -> str:
    """The SHA-256 of the bytes, 64 lower-case hex characters."""
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    """The value as JSON in its one form: keys sorted, no spaces, UTF-8, no NaN."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode(
        "utf-8", "surrogatepass"
    )


def digest(value: object) -> str:
    """The SHA-256 of the value's canonical form."""
    return sha256(canonical(value))


def bits64(text: str) -> int:
    """The first 64 bits of the text's SHA-256 as a signed integer: a key that SQLite holds in eight bytes."""
    raw = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
    return int.from_bytes(raw, "big", signed=True)
