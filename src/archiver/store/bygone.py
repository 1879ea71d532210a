"""What was known by the end of a crawl, for conclusions that are the same whenever they are drawn.

Captures of that crawl and of those before it, made by its end: a clock that was set back, or an import, brings captures
of an earlier time later, which no conclusion of that crawl knew of.
"""

from datetime import datetime

from archiver.store.times import to_text


def last_number(page: str) -> str:
    """SQL for the number of the revision in which a page (its id, as SQL) was seen last; null where it was not yet.

    That a page is gone was known once the visit that confirmed it was made, which may be long after the first miss.
    With the parameters of `by_end`.
    """
    return f"""(SELECT max(k.number) FROM revisions k WHERE k.page_id = {page} AND k.first_seen <= :at AND
      CASE k.state WHEN 'present' THEN
        (SELECT run_id FROM captures WHERE id = k.first_capture) <= :run OR EXISTS
          (SELECT 1 FROM page_addresses ka JOIN captures kc ON kc.address_id = ka.address_id WHERE ka.page_id = {page}
           AND kc.captured_at BETWEEN k.first_seen AND min(k.last_seen, :at) AND kc.run_id <= :run)
      ELSE EXISTS
        (SELECT 1 FROM absences kn JOIN captures kc ON kc.id = kn.confirmed_by WHERE kn.page_id = {page}
         AND kn.first_missed = k.first_capture AND kc.captured_at <= :at AND kc.run_id <= :run) END)"""


def by_end(run_id: int, at: datetime, **also: str | int) -> dict[str, str | int]:
    """The crawl and its end as parameters, beside others."""
    return {"run": run_id, "at": to_text(at), **also}
