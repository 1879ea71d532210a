import io
import zipfile

import pytest

from archiver.extract.sniff import kind
from archiver.model import Role


def packed(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<!DOCTYPE html><html><body>Hej", "html"),
        (b"\xef\xbb\xbf  <!-- hej --><HTML lang=sv>", "html"),
        ("\ufeff<html><p>Hej".encode("utf-16-le"), "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0"><html xmlns="x">', "html"),
        (b"<p>Ett stycke", "html"),
        (b"Ett fel: <br> <b>Warning</b>", "html"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"),
        (b"\r\n\r\n%PDF-1.4", "pdf"),
        (b"<html><body>Vad betyder %PDF-1.4?", "html"),
        (b'<?xml version="1.0"?><urlset xmlns="x"><url/></urlset>', "sitemap"),
        (b"<?xml version='1.0'?>\n<!-- plugin -->\n<sitemapindex xmlns='x'>", "sitemap"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>', "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        (b'<rdf:RDF xmlns:rdf="x">', "feed"),
        (b'<?xml version="1.0"?><notes/>', "xml"),
        (b'{"a": 1}', "json"),
        (b"[1, 2]", "json"),
        (b"User-agent: *\nDisallow: /sok", "robots"),
        (packed("word/document.xml"), "docx"),
        (packed("xl/workbook.xml"), "xlsx"),
        (packed("[Content_Types].xml", "word/document2.xml"), "docx"),  # Word on the web
        (packed("xl/workbook.bin"), "zip"),
        (packed("ppt/presentation.xml", "ppt/embeddings/a.xlsx"), "zip"),
        (packed("bilder/a.jpg"), "zip"),
        (b"\x89PNG\r\n\x1a\n\x00", "image"),
        (b"\xff\xd8\xff\xe0", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">', "image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other"),
        (b"", "other"),
        (b"Bara ord.", "other"),
    ],
)
def test_the_bytes_tell_the_kind(body: bytes, expected: str) -> None:
    assert kind(body) == expected


def test_what_a_zip_in_a_zip_holds_does_not_tell_its_kind() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("bilagor/tabell.xlsx", packed("xl/workbook.xml"))
    assert kind(held.getvalue()) == "zip"


@pytest.mark.parametrize(
    ("body", "role", "expected"),
    [
        (b"# inget att se", "robots", "robots"),
        (b"", "robots", "robots"),
        (b"<!doctype html><title>404</title>", "robots", "html"),
        (b"<html>", "sitemap", "html"),
    ],
)
def test_text_without_a_signature_is_what_was_asked_for_and_markup_is_not(
    body: bytes, role: Role, expected: str
) -> None:
    assert kind(body, role) == expected


def test_a_long_prologue_is_passed_over_in_no_time() -> None:
    assert kind(b"<!--" + b"-" * 200_000) == "other"
    assert kind(b"<?x" * 50_000) == "other"
