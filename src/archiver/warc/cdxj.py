"""The index over WARC files: a line for each response, found by a URL's sort-friendly form and its time.

As pywb and OpenWayback have it (https://pywb.readthedocs.io, 'CDXJ'): key, 14-digit time, JSON. The key is what other
tools make of a URL, which is coarser than our own: letter case, 'www.', session ids and the order of parameters are
evened out. Pure.
"""

import json
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

_WORLD_WIDE = re.compile(r"\Awww\d*\.")
_SESSION = re.compile(r";jsessionid=[0-9a-z]{32}(?=[?]|\Z)|;?(?:aspsessionid[a-z]{8}|phpsessid|sid)=[0-9a-z]{20,32}")
_PARAMETER = re.compile(r"(?:jsessionid=[0-9a-z]{32}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}"
                        r"|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+|cftoken=[^&]+)\Z")  # fmt: skip
_PORTS = {"http": 80, "https": 443}


def surt_key(url: str) -> str:
    """The URL as an index sorts it: 'se,exempel)/path?a=1&b=2'."""
    parts = urlsplit(url.partition("#")[0].lower())
    name = _WORLD_WIDE.sub("", parts.hostname or "")
    try:
        port = parts.port
    except ValueError:
        port = None
    turned = name if re.fullmatch(r"[\d.:]+", name) else ",".join(reversed(name.split(".")))
    path = _SESSION.sub("", parts.path)
    path = path.rstrip("/") or "/"
    kept = sorted(one for one in parts.query.split("&") if one and not _PARAMETER.match(one))
    spelled = f"{turned}{f':{port}' if port and port != _PORTS.get(parts.scheme) else ''}){path}"
    return spelled + (f"?{'&'.join(kept)}" if kept else "")


def line(url: str, at: str, facts: Iterable[tuple[str, object]]) -> str:
    """One line of an index; `at` as 'YYYY-MM-DDTHH:MM:SSZ'."""
    found = {"url": url} | {name: str(value) for name, value in facts if value is not None}
    return f"{surt_key(url)} {re.sub('[^0-9]', '', at)} {json.dumps(found, ensure_ascii=False)}\n"
