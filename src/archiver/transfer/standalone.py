"""Check an evidence pack: python3 verify.py [the folder, or the .zip] [--seal HEX]

One file, Python's standard library only (3.8 or later), no network. It says for each step whether it holds:

  files    every file is the one that was packed (MANIFEST.sha256)
  body     the bytes of each answer are those that were recorded when it was received
  headers  so are its headers
  leaf     everything recorded of the answer gives the digest that stands for it
  tree     that digest is a leaf of the run's Merkle tree (RFC 6962), whose root was sealed
  seal     the seal follows from the one before it, and the seals after it from it, up to the last one
  anchor   (--seal) the seal that you kept elsewhere is one of them
  stamp    the file that a time-stamp stands over holds a seal of this chain; who signed the time-stamp is not checked

What it shows: nothing was altered since it was recorded; with a time-stamp, or a seal kept elsewhere, that it existed
by then. What it cannot show: that the site sent it. No third party signed the answer.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

Read = Callable[[str], bytes]
Step = Tuple[Optional[bool], str, str]
Proof = Dict[str, Any]

WORDS = {True: "ok", False: "FAILS", None: "?"}
READABLE = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile)


def canonical(value: object) -> bytes:
    """A value as JSON in one form: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")


def sha256(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def reader(place: Path) -> Tuple[Read, List[str]]:
    """A function from a file's name in the pack to its bytes, and all names."""
    if place.is_file():
        box = zipfile.ZipFile(place)
        return box.read, [name for name in box.namelist() if not name.endswith("/")]
    names = [path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()]
    return (lambda name: (place / name).read_bytes()), names


def check_files(read: Read, names: List[str]) -> Iterator[Step]:
    """Every file against the list, both ways."""
    lines = [line.split("  ", 1) for line in read("MANIFEST.sha256").decode().splitlines()]
    listed = {name: digest for digest, name in lines}
    for name in sorted(set(names) - set(listed) - {"MANIFEST.sha256"}):
        yield False, "files", name + " is in no list"
    wrong = [name for name, digest in listed.items() if name not in names or sha256(read(name)) != digest]
    for name in wrong:
        yield False, "files", name + " is missing, or not the file that was packed"
    if not wrong:
        yield True, "files", str(len(listed)) + " files are as they were packed"


def check_capture(read: Read, proof: Proof) -> Iterator[Step]:
    """One answer: its bytes, its headers, its leaf."""
    name, fields = proof["capture"], proof["fields"]
    body = fields.get("body")
    if body is None:
        yield True, "body", name + ": no bytes came"
    elif proof["body_file"] is None:
        yield True, "body", name + ": its bytes are not in the pack, their digest is"
    else:
        yield sha256(read(proof["body_file"])) == body[0], "body", name + ": " + body[0]
    if proof.get("rendered_file"):
        digest = fields["rendering"][6]
        yield sha256(read(proof["rendered_file"])) == digest, "body", name + ": as a browser showed it, " + digest
    headers = proof["headers"]
    if headers is not None:
        own = iter(json.loads(fields.get("volatile") or "[]"))
        lines = [n + ": " + (next(own, "") if v is None else v) for n, v in json.loads(headers)]
        same = read(proof["headers_file"]).decode("utf-8").split("\n")[1:-1] == lines
        yield same and sha256(headers.encode()) == fields["headers"], "headers", name + ": as they came"
    yield sha256(b"\x00" + canonical(fields)) == proof["leaf"], "leaf", name + ": " + proof["leaf"]


def check_tree(proof: Proof) -> Step:
    """From the leaf up to the root."""
    node = bytes.fromhex(proof["leaf"])
    for side, other in proof["path"]:
        pair = bytes.fromhex(other) + node if side == "left" else node + bytes.fromhex(other)
        node = hashlib.sha256(b"\x01" + pair).digest()
    return node.hex() == proof["root"], "tree", proof["capture"] + ": leads to the root " + proof["root"]


def check_chain(chain: Iterable[Proof], previous: str) -> Step:
    """Each seal follows from the one before it."""
    for seal in chain:
        linked = [previous, seal["run"], seal["captures"], seal["root"]]
        linked += [seal["beside"]] if seal.get("beside") is not None else []  # where the logs stood then
        if sha256(canonical(linked)) != seal["chain"]:
            return False, "seal", "seal " + str(seal["id"]) + " does not follow from the one before it"
        previous = seal["chain"]
    return True, "seal", "every seal follows from the one before it, up to " + previous


def check_stamps(read: Read, names: List[str], chain: Iterable[Proof]) -> Iterator[Step]:
    """What was stamped is a seal; a signature cannot be checked with the standard library."""
    known = {"stamps/seal-" + str(seal["id"]) + ".txt": seal["chain"].encode() for seal in chain}
    for name in sorted(name for name in names if name.startswith("stamps/")):
        if name.endswith(".tsr"):
            yield None, "stamp", name + ": who signed it is not checked here; README-en.md says how"
        else:
            yield read(name) == known.get(name), "stamp", name + ": is a seal of this chain"


def check(read: Read, names: List[str], anchor: Optional[str]) -> Iterator[Step]:
    """Every step: whether it holds (None: that is not checked), its name, and what it is about."""
    yield from check_files(read, names)
    proof = json.loads(read("proof.json").decode("utf-8"))
    for one in proof["captures"]:
        yield from check_capture(read, one)
        if one["path"] is None:
            yield False, "tree", one["capture"] + ": its run was not sealed when this was packed"
        else:
            yield check_tree(one)
            sealed = {seal["root"] for seal in proof["chain"]}
            yield one["root"] in sealed, "seal", one["capture"] + ": its root was sealed"
    yield check_chain(proof["chain"], proof["before"])
    if anchor:
        known = {proof["before"], *(seal["chain"] for seal in proof["chain"])}
        found = anchor.lower() in known
        yield found, "anchor", "the seal that you kept is " + ("" if found else "not ") + "one of them"
    yield from check_stamps(read, names, proof["chain"])


def main(words: List[str]) -> int:
    """Print every step; 0 where all hold, 1 where one does not."""
    anchor = words[words.index("--seal") + 1] if "--seal" in words[:-1] else None
    places = [word for word in words if not word.startswith("-") and word != anchor]
    place = Path(places[0]) if places else Path(__file__).resolve().parent
    failed = unchecked = 0
    try:
        read, names = reader(place)
        for holds, step, what in check(read, names, anchor):
            failed += holds is False
            unchecked += holds is None
            print("{:5}  {:8} {}".format(WORDS[holds], step, what))
    except READABLE as error:
        failed += 1
        print("FAILS  the pack cannot be read: " + str(error))
    held = (
        "Everything holds." if not unchecked else "All that is checked here holds; who signed the time-stamps is not."
    )
    print(held if not failed else "Something does not hold: do not rely on this pack.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
