"""What a page says of its own dates and of who answers for it: claims with their witnesses, of which few are believed.

    witnesses   every claim: head and markup (declared), visible words (statements, labelled), a date alone (lone)
    belief      at most one is believed for each meaning; all others keep their doubt
    phrases     a language pack at work: labels, dates, relative words; forms: the written forms of a day
    stamps      moments written for machines, and the zone they are turned to; teasers: what is another page's
    doubts      what a person should look at; liberal: the guess that a person may ask for

Pure.
"""

from archiver.extract.dates.doubts import doubts
from archiver.extract.dates.witnesses import Found, collect

__all__ = ["Found", "collect", "doubts"]
