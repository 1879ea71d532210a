"""Pages of the shared corpus, out of their archives."""

import tarfile
from pathlib import Path

from archiver import zstd
from benchmarks import CORPUS

FOLDER = CORPUS / "municipio"


def pages_of(site: str, *, limit: int) -> list[tuple[str, bytes]]:
    """URL and bytes of up to `limit` pages, spread evenly over the site."""
    pages = [
        (_url(name), body) for name, body in files_of(FOLDER / f"{site}.tar.zst").items() if name.endswith(".html")
    ]
    pages = [(url, body) for url, body in pages if not url.endswith("/feed/")]
    return pages[:: max(len(pages) // limit, 1)][:limit]


def pairs_of(site: str) -> list[tuple[str, bytes, bytes]]:
    """URL and bytes on the first and on the last day, of the pages of a site that were captured on both."""
    files = files_of(FOLDER / f"{site}.tar.zst")
    first, *_, last = sorted({name.split("/")[2] for name in files})
    later = {name: name.replace(f"/{first}/", f"/{last}/", 1) for name in files if f"/{first}/{site}/" in name}
    return [
        (_url(before), files[before], files[after])
        for before, after in later.items()
        if after in files and after.endswith("/index.html") and "/feed/" not in after
    ]


def files_of(archive: Path) -> dict[str, bytes]:
    """Every file of an archive: name -> bytes."""
    with (
        zstd.open(archive, options={zstd.DecompressionParameter.window_log_max: 27}) as stream,
        tarfile.open(fileobj=stream, mode="r|") as members,
    ):
        return {member.name: found.read() for member in members if (found := members.extractfile(member)) is not None}


def _url(name: str) -> str:
    """The address under which a file was saved: 'archive/<site>/<day>/<host>/<path>'."""
    return "https://" + name.split("/", 3)[3].removesuffix("index.html")
