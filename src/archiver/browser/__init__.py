"""A browser: from a page as it was sent to the page as a reader sees it, and no opinion on either.

browser    Browser: pages to renderings, one page at a time in each Chromium
page       one page in one tab: shown, answered, waited for, read off
chromium   the process: found, started without a network or a past, ended
pipe       commands and events over the pipe it was started with
scripts    what is run in a page

Chromium never speaks to the network. What a page asks for beside itself is handed to whoever wanted the page shown, and
what they answer is handed back (docs/decisions/0013).
"""

from archiver.browser.browser import Browser
from archiver.browser.chromium import NAMES, find
from archiver.browser.page import Limits, Sheet
from archiver.browser.pipe import Gone

__all__ = ["NAMES", "Browser", "Gone", "Limits", "Sheet", "find"]
