"""What a hostile site wrote stays words before a reader's eyes: nothing of it runs, even where no policy forbade it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsing import Visitor, served
from poison import PAYLOADS, addresses

from archiver.room import application

LISTEN = "window.boom = () => { window.boomed = (window.boomed || 0) + 1 }; window.alert = window.boom;"
OURS = """() => {
  const found = [], web = /^https?:$/;
  for (const one of document.querySelectorAll("*")) {
    const name = one.localName;
    if (/^(iframe|object|embed|base|style|math|img|noscript|animate|audio|video|frame|applet)$/.test(name))
      found.push("element: " + one.outerHTML.slice(0, 120));
    for (const attribute of one.attributes) {
      if (attribute.name.startsWith("on") || attribute.name === "style" || attribute.name === "srcdoc")
        found.push("attribute: " + attribute.name + "=" + attribute.value.slice(0, 80));
      if (["href", "src", "action", "formaction", "data"].includes(attribute.name)) {
        const url = new URL(attribute.value, location.href);
        if (!web.test(url.protocol)) found.push("address: " + attribute.value.slice(0, 120));
        if (url.origin !== location.origin && !(one.rel || "").includes("external"))
          found.push("leads away: " + attribute.value.slice(0, 120));
      }
    }
  }
  if (document.querySelectorAll("script").length !== 1) found.push("scripts");
  for (const one of document.querySelectorAll("main *"))
    for (const event of ["mouseover", "focus", "error", "load", "toggle", "begin"]) one.dispatchEvent(new Event(event));
  if (window.boomed) found.push("boom");
  return found;
}"""


@pytest.fixture(scope="module")
def address(browser: Any, poisoned: Path) -> Iterator[str]:
    with served(application(poisoned)) as found:
        yield found


@pytest.fixture
def reader(browser: Any, address: str) -> Iterator[Visitor]:
    """A reader whose browser obeys no Content-Security-Policy: only what we wrote protects them."""
    one = Visitor(browser, address, bypass_csp=True)
    one.window.add_init_script(LISTEN)
    yield one
    one.close()


def test_no_planted_word_runs_or_becomes_markup(reader: Visitor, poisoned: Path) -> None:
    asked = addresses(poisoned)
    assert sum("/compare/" in path for path in asked) > 20
    for path in asked:
        page = reader.open(path)
        assert page.locator("main").count() == 1, path
        assert page.evaluate(OURS) == [], path
    assert reader.trouble == []
    assert reader.elsewhere() == []


def test_the_words_are_read_as_they_were_written(reader: Visitor, poisoned: Path) -> None:
    text = " ".join(
        " ".join(reader.open(path).locator("main").inner_text().split())
        for path in addresses(poisoned) if path.startswith("/page/")
    )  # fmt: skip
    for words in PAYLOADS[:20]:
        assert " ".join(words.split()) in text, words


def test_a_comparison_kept_as_a_file_runs_nothing(browser: Any, reader: Visitor, poisoned: Path) -> None:
    pair = next(path for path in addresses(poisoned) if path.startswith("/compare/")).split("?")[0]
    html = reader.window.request.get(f"{reader.address}{pair}.html").text()
    page = reader.window.new_page()
    page.set_content(html)
    assert "boom()" in page.locator("body").inner_text()
    assert page.evaluate("window.boomed || 0") == 0
    assert page.locator("script, iframe, img, object, embed, base, form, [onerror], [onload]").count() == 0
    assert page.locator("a:not([href^='http']):not([href^='#'])").count() == 0


def test_nothing_runs_in_the_corner_of_datasette_either(browser: Any, address: str) -> None:
    """There the policy is the second wall: inline scripts of Datasette's own sleep behind it."""
    one = Visitor(browser, address)
    one.window.add_init_script(LISTEN)
    asked = "SELECT '<script>boom()</script>' AS \"<img src=x onerror=boom()>\""
    for path in (
        "/archive/page_changes?_size=100", "/archive/disappearances", "/archive/silent-edits",
        f"/archive?sql={quote(asked)}",
    ):  # fmt: skip
        page = one.open(path)
        assert page.evaluate("window.boomed || 0") == 0, path
        assert page.locator("[onerror], [onload], iframe, td img").count() == 0, path
    assert not [line for line in one.trouble if "dialog" in line]
    assert one.elsewhere() == []
    one.close()
