"""A 64-bit likeness of a text: near-duplicates differ in few bits (Charikar's simhash). Pure."""

import re
from collections import Counter
from hashlib import blake2b

SHINGLE = 3
"""Words that are hashed together, so that order counts."""
_WORD = re.compile(r"\w+")
_LANE = 32
"""Bits per counter: eight counters for the bits of a byte stand side by side in one integer."""
_SPREAD = [sum(1 << (_LANE * bit) for bit in range(8) if byte >> bit & 1) for byte in range(256)]
"""For each byte, an integer with 1 in the lane of every bit that is set."""


def simhash(text: str) -> int:
    """The fingerprint, signed, as SQLite holds it; 0 for a text without words."""
    words = _WORD.findall(text.lower())
    shingles = {" ".join(words[k : k + SHINGLE]) for k in range(max(1, len(words) - SHINGLE + 1))}
    if not words:
        return 0
    hashes = b"".join(blake2b(s.encode("utf-8", "surrogatepass"), digest_size=8).digest() for s in shingles)
    half, value = len(shingles) / 2, 0
    for place in range(8):
        lanes = sum(_SPREAD[byte] * count for byte, count in Counter(hashes[place::8]).items())
        for bit in range(8):
            if lanes >> (_LANE * bit) & ((1 << _LANE) - 1) > half:
                value |= 1 << (8 * place + bit)
    return value - (1 << 64) if value >> 63 else value


def distance(one: int, other: int) -> int:
    """In how many bits two fingerprints differ: 0 to 64; up to 3 is nearly the same text."""
    return ((one ^ other) & ((1 << 64) - 1)).bit_count()
