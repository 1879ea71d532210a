"""The second rival of `benchmarks.crawl`: wget into WARC files, the pages it leaves in a git repository.

What an archivist with two programs would do: all that the sitemap lists and its pages link to, the same bytes again as
revisit records (`--warc-dedup`), a commit after each crawl. wget asks for everything anew: with WARC it has no
validators. It reads no dates, keeps no text and compares nothing.

    python -m benchmarks.rival_wget PROXY FOLDER START_URL HOST SITEMAP_URL
"""

import re
import subprocess
import sys
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

GIT = ("git", "-c", "user.name=b", "-c", "user.email=b@b.example", "-c", "gc.auto=0")


def crawl(proxy: str, folder: Path, start: str, host: str, sitemap: str) -> int:
    """How many pages there are after the crawl and its commit."""
    pages = folder / "pages"
    number = len(list(folder.glob("*.warc.gz")))
    if number == 0:
        pages.mkdir(parents=True)
        subprocess.run([*GIT, "init", "-q"], cwd=pages, check=True)
    opened = build_opener(ProxyHandler({"http": proxy})).open(sitemap)
    listed = re.findall(r"<loc>(.*?)</loc>", opened.read().decode())
    (folder / "listed").write_text("\n".join([start, *listed]), "utf-8")
    command = ["wget", "--quiet", "--recursive", "--level=20", f"--domains={host}", "--follow-tags=a,area",
               "--force-directories", "--no-verbose", f"--input-file={folder / 'listed'}",
               f"--warc-file={folder / f'crawl-{number}'}", "--warc-cdx", "-e", "use_proxy=on",
               "-e", f"http_proxy={proxy}", "-e", f"https_proxy={proxy}", "--tries=1"]  # fmt: skip
    if number:
        command.append(f"--warc-dedup={folder / f'crawl-{number - 1}.cdx'}")
    done = subprocess.run(command, cwd=pages, check=False, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, 1, 4, 8):  # some answered with an error, were elsewhere, or have a folder as name
        raise SystemExit(f"wget failed: {done.returncode}")
    subprocess.run([*GIT, "add", "-A"], cwd=pages, check=True)
    subprocess.run([*GIT, "commit", "-q", "--allow-empty", "-m", str(number)], cwd=pages, check=True)
    return sum(1 for file in pages.rglob("*") if file.is_file() and ".git" not in file.parts and _is_page(file))


def _is_page(file: Path) -> bool:
    with file.open("rb") as stream:
        return b"<html" in stream.read(2000).lower()


if __name__ == "__main__":
    proxy, folder, *rest = sys.argv[1:6]
    sys.stdout.write(f"{crawl(proxy, Path(folder), *rest)} pages\n")
