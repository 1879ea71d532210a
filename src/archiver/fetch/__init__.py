"""Fetching: one request to one response or failure, and no opinion on either.

client     Fetcher: lines to hosts, requests to values
line       HTTP/1.1 on kept connections, as a transport of httpx
wire       a socket whose every wait ends
addresses  names looked up, addresses judged
payload    a body decoded under a budget          codings    one content coding at a time
limits     how much a fetch may take              trouble    what goes wrong, and which failure that is
ports      where no web server is
"""

from archiver.fetch.client import Clock, Fetcher
from archiver.fetch.limits import Limits

__all__ = ["Clock", "Fetcher", "Limits"]
