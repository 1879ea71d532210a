"""A body as it came, for those who hold the file anyway: as a download, never as a page."""

from archiver.errors import NotFound
from archiver.room.frame import Answer, Ask
from archiver.room.tiers import ADMIN
from archiver.store import bodies

_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def body(ask: Ask) -> Answer:
    """The bytes, which hash to the name asked for. Raises NotFound where they are closed, withheld or erased.

    What is withheld an admin may have: the keeper, who answers for it.
    """
    if not ask.is_open:
        raise NotFound("raw bodies are closed in this room")
    sha256 = ask.names["sha256"]
    row = ask.row(
        """SELECT b.id, b.kind, b.fate, EXISTS (
             SELECT 1 FROM redactions x WHERE x.level <> 'hidden' AND x.lifts IS NULL
               AND NOT EXISTS (SELECT 1 FROM redactions u WHERE u.lifts = x.id)
               AND (x.body_id = b.id
                 OR EXISTS (SELECT 1 FROM redaction_hits h WHERE h.redaction_id = x.id AND h.body_id = b.id AND places)
                 OR x.address_id IN (
                 SELECT address_id FROM captures WHERE body_id = b.id UNION
                 SELECT c.address_id FROM renderings m JOIN captures c ON c.id = m.capture_id WHERE m.body_id = b.id))
           ) AS withheld FROM bodies b WHERE b.sha256 = :sha256""",
        sha256=sha256,
    )
    if row is None or row["fate"] != "kept" or (row["withheld"] and ask.tier < ADMIN):
        raise NotFound(f"the body {sha256} is not kept here, or it is withheld")
    headers = {
        "content-disposition": f'attachment; filename="{sha256[:16]}.{row["kind"]}"',
        "content-security-policy": _SANDBOX,
    }
    return Answer(bodies.get(ask.conn, row["id"]), 200, "application/octet-stream", headers, keep=False)
