"""One run of one source: for each due address robots, wait, fetch, evidence, read, compare; links flow back once.

Crawl (lanes.py)      the order: a lane per host, until nothing is due
  Asker (ask.py)      robots -> wait -> fetch -> evidence committed
  Renderer (render.py)  what a browser makes of a page, in the same visit, where the source wants it
  Deriver             evidence -> reading, elsewhere (`archiver.derive`)
  Admission (admit.py)  what was found on a page becomes addresses
  Visits (visits.py)  when the page is due again
Hosts (hosts.py)      turns, pace and robots.txt of hosts, shared by all runs of the process
Tally (tally.py)      what a run came to
"""

from archiver.crawl.hosts import Hosts
from archiver.crawl.lanes import Crawl, together
from archiver.crawl.tally import Tally
from archiver.crawl.tools import Fetch, Tools

__all__ = ["Crawl", "Fetch", "Hosts", "Tally", "Tools", "together"]
