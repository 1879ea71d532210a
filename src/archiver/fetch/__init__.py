"""Fetching: one request to one response or failure, and no opinion on either.

client     Fetcher: lines to hosts, requests to values
line       the connections to one host, kept for the next request
exchange   a question and its answer on one of them     head      plain answers, read in one look
wire       a socket whose every wait ends
addresses  names looked up, addresses judged
payload    a body decoded under a budget          codings    one content coding at a time
limits     how much a fetch may take              trouble    what goes wrong, and which failure that is
ports      where no web server is
"""

from archiver.fetch.client import Clock, Fetcher
from archiver.fetch.limits import Limits

__all__ = ["Clock", "Fetcher", "Limits"]
