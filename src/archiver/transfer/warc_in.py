"""WARC, ARC and WACZ files of whoever made them, as answers: damaged records told and passed over."""

import re
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast, get_args

from archiver import urls
from archiver.digests import canonical
from archiver.errors import StoreError
from archiver.fetch.limits import Limits
from archiver.model import Flaw, RenderOutcome, Source
from archiver.store import Archive, copies
from archiver.transfer.answers import Answer, Imported, Importer, Same, Shown, decoded
from archiver.warc.http import Message, agrees, parse_response, unchunked
from archiver.warc.reading import KEPT, read_records
from archiver.warc.records import Damage, Record
from archiver.warc.writing import restored

BATCH = 32
MEMBERS = 10_000
"""Files in a WACZ that are looked at."""
EARLIEST = datetime(1990, 12, 1, tzinfo=UTC)
"""The first web server; what claims to be older has a wrong clock."""
_LIMITS = Limits(body=KEPT, wire=KEPT)
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,12})?Z\Z")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_WARCS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_COUNT = re.compile(r"[0-9]{1,9}")
_WAITING = 4  # renderings that are held until their answer comes: in our files that is the next one, or the one after
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How a WARC lies in a WACZ: as it is (https://specs.webrecorder.net/wacz/1.1.1/, 'Zip Compression'), or deflated by a
tool that did not know. What else a zip may hold (LZMA) can claim gigabytes to unpack."""
_ZIP = b"PK\x03\x04"
_FLAWS: dict[str, Flaw] = {"length": "over-budget"}  # WARC-Truncated; every other reason is a cut


class Strange(ValueError):
    """A record that cannot be what it says it is."""


def import_file(archive: Archive, sources: Sequence[Source], path: Path, at: datetime) -> Imported:
    """Add what the file holds of these sources; what came of it. What is read of it is for `derive.catch_up`.

    Raises StoreError where there is no such file.
    """
    if not path.is_file():
        raise StoreError(f"there is no file {path}")
    imported = Imported(path.name)
    note = canonical({"file": path.name, "sha256": copies.file_digest(path)}).decode()
    importer = Importer(archive, sources, at, imported, note)
    ending = "crashed"
    try:
        found = _answers(_records(path, imported), imported, at)
        while batch := list(islice(found, BATCH)):
            importer.add(batch)
        ending = "done"
    finally:
        importer.close(ending)
    return imported


def _records(path: Path, imported: Imported) -> Iterator[tuple[Record, str]]:
    """The records of the file, or of every WARC in a WACZ; with where each stands, in words."""
    with path.open("rb") as file:
        is_zip = file.read(4) == _ZIP
        file.seek(0)
        if not is_zip:
            yield from _of_one(file, "", imported)
            return
    try:
        with zipfile.ZipFile(path) as box:
            for member in box.infolist()[:MEMBERS]:
                if not member.filename.lower().endswith(_WARCS) or member.is_dir():
                    continue
                if member.compress_type not in _PACKED:
                    imported.fault(f"{member.filename!r} is packed in a way that no WACZ is")
                    continue
                with closing(box.open(member)) as inner:
                    yield from _of_one(inner, f"{member.filename!r} ", imported)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        imported.fault(f"the WACZ is damaged: {error}")


def _of_one(file: BinaryIO, where: str, imported: Imported) -> Iterator[tuple[Record, str]]:
    for found in read_records(file):
        place = f"{where}at {found.offset}"
        if isinstance(found, Damage):
            imported.fault(f"{place}: {found.why}")
        else:
            yield found, place


def _answers(records: Iterable[tuple[Record, str]], imported: Imported, now: datetime) -> Iterator[Answer]:
    """The records that are answers to a plain question for a page, each with what a browser made of it."""
    shown: OrderedDict[str, Shown] = OrderedDict()  # by the answer it belongs to, which comes after it
    for record, place in _unposted(records, imported):
        try:
            if record.get("Archiver-Rendering") is not None:
                shown[record.get("WARC-Refers-To") or ""] = _shown(record, now)
                if len(shown) > _WAITING:
                    shown.popitem(last=False)
                continue
            answer = _answer(record, now)
        except Strange as strange:
            imported.fault(f"{place}: {strange}")
            continue
        if answer is not None:
            yield replace(answer, shown=shown.pop(record.get("WARC-Record-ID") or "", None))


def _shown(record: Record, now: datetime) -> Shown:
    """What our own archive says that a browser made of an answer. Raises Strange."""
    outcome, digest = record.get("Archiver-Rendering"), record.get("WARC-Payload-Digest")
    took, requests = (record.get(name) or "0" for name in ("Archiver-Took-Ms", "Archiver-Requests"))
    if outcome not in get_args(RenderOutcome) or not _COUNT.fullmatch(took) or not _COUNT.fullmatch(requests):
        raise Strange("it is no rendering of ours")
    body = record.block if record.kind == "conversion" else None
    if body is not None and (record.cut or agrees(digest, body) is False):
        raise Strange("its page is not what its digest says")
    detail = record.get("Archiver-Detail") if outcome != "done" else None
    at, browser = _time(record.get("WARC-Date"), now), record.get("Archiver-Browser") or ""
    return Shown(cast("RenderOutcome", outcome), at, browser, int(took), int(requests), detail, body, digest)


def _unposted(records: Iterable[tuple[Record, str]], imported: Imported) -> Iterator[tuple[Record, str]]:
    """The records, but for answers to what was posted: the request stands before or right after its answer."""
    posted: set[str] = set()
    held: tuple[Record, str] | None = None

    def released() -> Iterator[tuple[Record, str]]:
        if held is not None:
            if posted.isdisjoint(_linked(held[0])):
                yield held
            else:
                imported.parts += 1

    for record, place in records:
        if record.kind == "request":
            if record.block[:4] != b"GET ":
                posted.update(_linked(record))
            continue
        yield from released()
        held = (record, place)
    yield from released()


def _linked(record: Record) -> set[str]:
    """A record's own id and those of the records it belongs to."""
    return {value for name, value in record.fields if name.lower() in ("warc-record-id", "warc-concurrent-to")}


def _answer(record: Record, now: datetime) -> Answer | None:
    """The answer in a record; None where it is none of the web's. Raises Strange."""
    url = urls.parse(record.url or "") if record.kind in ("response", "revisit", "resource") else None
    if url is None or not urls.is_web(url):
        return None
    at = _time(record.get("WARC-Date"), now)
    if not record.cut and agrees(record.get("WARC-Block-Digest"), record.block) is False:
        raise Strange("its block is not what its digest says")
    make = partial(Answer, urls.without_fragment(url), at, ip=record.get("WARC-IP-Address"),
                   role=record.get("Archiver-Role"), digest=record.get("WARC-Payload-Digest"))  # fmt: skip
    if record.kind == "resource":
        label = record.get("Content-Type") or "application/octet-stream"
        return make(status=200, headers=(("Content-Type", label),), body=record.block, flaw=_flaw(record, None))
    message = parse_response(record.block)
    if record.kind == "revisit":
        return _revisit(record, message, make)
    if message is None:
        raise Strange("its block is no HTTP response")
    body, flaw, wire_sha256, wire_size = _body(record, message)
    headers = restored(message.headers)
    return make(status=message.status, headers=headers, body=body, flaw=_flaw(record, flaw), wire_sha256=wire_sha256,
                wire_size=wire_size)  # fmt: skip


def _revisit(record: Record, message: Message | None, make: "partial[Answer]") -> Answer:
    unmodified = "not-modified" in (record.get("WARC-Profile") or "") or (message is not None and message.status == 304)
    when = _STAMP.match(record.get("WARC-Refers-To-Date") or "")
    same = Same(record.get("WARC-Refers-To-Target-URI") or record.url, f"{when[0]}Z" if when else None,
                record.get("WARC-Payload-Digest"))  # fmt: skip
    status = 304 if unmodified else message.status if message else None
    headers = restored(message.headers) if message else ()
    return make(status=status, headers=headers, body=b"", flaw=_flaw(record, None), same=same)


def _body(record: Record, message: Message) -> tuple[bytes, Flaw | None, str | None, int | None]:
    """The decoded body. Raises Strange where its digest is of other bytes."""
    chunked = "chunked" in " ".join(message.values("transfer-encoding")).lower()
    plain = unchunked(message.body) if chunked else None
    sent = message.body if plain is None else plain
    found = decoded(sent, message.values("content-encoding"), _LIMITS)
    whole = not record.cut and record.get("WARC-Truncated") is None
    if whole and agrees(record.get("WARC-Payload-Digest"), message.body, plain, found[0]) is False:
        raise Strange("its payload is not what its digest says")
    return found


def _flaw(record: Record, found: Flaw | None) -> Flaw | None:
    """What is wrong with the body: as our own archive noted, as the record says, as we found."""
    noted = record.get("Archiver-Flaw")
    if noted in get_args(Flaw):
        return noted  # type: ignore[return-value]
    reason = record.get("WARC-Truncated")
    return "over-budget" if record.cut else _FLAWS.get(reason, "truncated") if reason else found


def _time(text: str | None, now: datetime) -> datetime:
    """The record's time, whole seconds. Raises Strange: a time to the day only is none at which something was seen."""
    found = _TIME.match(text or "")
    if found is None:
        raise Strange(f"{text!r} is no time to the second")
    try:
        at = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError as error:
        raise Strange(f"{text!r} is no time") from error
    if not EARLIEST <= at <= now + timedelta(days=1):
        raise Strange(f"{text} is no time at which this could be seen")
    return at
