"""How many changes a reader's selection holds, and of which classes."""

from dataclasses import replace

from archiver.asking.selection import MOST_COUNTED, Selection
from archiver.publish.words import DOCUMENT_REMOVED
from archiver.room.frame import Ask, Row


def tally(ask: Ask, selection: Selection) -> Row:
    """Of a whole selection: changes, sources, first and last, changes of text, of these silent ones, how many may be
    our reading (they are no changes of text); and `classes`, how many changes of each class there would be if no class
    were chosen.

    Counted once for all its pages, orders and languages, until the archive is written to; not where it ends now.
    """
    if selection.days or selection.words:
        return _counted(ask, selection)
    same = replace(selection, heaviest=False)
    return ask.archive.kept(f"tally {same}", lambda: _counted(ask, same))


def _counted(ask: Ask, selection: Selection) -> Row:
    where, values = selection.where(ask, without_classes=True)
    narrowed, more = selection.of_classes()
    rows = ask.conn.execute(
        f"""WITH every AS MATERIALIZED (SELECT r.id, r.first_seen, p.source_id {where}
                ORDER BY r.first_seen DESC LIMIT {MOST_COUNTED + 1}),
              chosen AS MATERIALIZED (SELECT * FROM every r WHERE {narrowed}),
              texts AS MATERIALIZED (SELECT e.id FROM chosen e CROSS JOIN changes k
                ON k.revision_id = e.id AND k.kind = 'text')
            SELECT '', count(*), count(DISTINCT source_id), min(first_seen), max(first_seen) FROM chosen
            UNION ALL SELECT '=text', count(*), 0, '', '' FROM texts
            UNION ALL SELECT '=silent', count(*), 0, '', '' FROM texts e CROSS JOIN change_classes k
              ON k.revision_id = e.id AND k.class = 'silent-edit'
            UNION ALL SELECT '=technical', count(*), 0, '', '' FROM chosen e CROSS JOIN change_classes k
              ON k.revision_id = e.id AND k.class = 'technical'
            UNION ALL SELECT '=text technical', count(*), 0, '', '' FROM texts e CROSS JOIN change_classes k
              ON k.revision_id = e.id AND k.class = 'technical'
            UNION ALL SELECT '{DOCUMENT_REMOVED}', count(*), 0, '', '' FROM every e CROSS JOIN changes k
              ON k.revision_id = e.id AND k.kind = 'attachments' AND k.removed > 0
            UNION ALL SELECT k.class, count(*), 0, '', '' FROM every e CROSS JOIN change_classes k
              ON k.revision_id = e.id GROUP BY k.class""",
        values | more,
    ).fetchall()
    of = {row[0]: row[1] for row in rows}
    _, changes, sources, first, last = rows[0]
    return {
        "changes": changes, "sources": sources, "first": first, "last": last,
        "texts": of["=text"] - of["=text technical"], "silent": of["=silent"], "technical": of["=technical"],
        "classes": of, "more": changes > MOST_COUNTED,
    }  # fmt: skip
