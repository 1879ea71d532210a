"""Bytes to text: how many files of markup say what they say when decoded as they truly are."""

from collections.abc import Callable
from importlib.util import find_spec

from archiver.extract.decode import decode
from benchmarks.quality.sets import encoded

Decoder = Callable[[bytes], str]


def scored() -> dict[str, float]:
    """Decoder -> share of the files whose text is right."""
    decoders = _decoders()
    right = dict.fromkeys(decoders, 0)
    files = 0
    for body, texts in encoded():
        files += 1
        for name, decoder in decoders.items():
            right[name] += decoder(body).lstrip("\ufeff") in texts
    return {name: count / max(files, 1) for name, count in right.items()}


def _decoders() -> dict[str, Decoder]:
    found: dict[str, Decoder] = {"archiver": lambda body: decode(body).text}
    if find_spec("trafilatura"):
        from trafilatura.utils import decode_file

        found["trafilatura"] = decode_file
    if find_spec("resiliparse"):
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding

        found["resiliparse"] = lambda body: bytes_to_str(body, detect_encoding(body, from_html_meta=True))
    return found
