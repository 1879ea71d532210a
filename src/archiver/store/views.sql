-- What people query. Dropped and made again whenever this file's digest changes, so a view needs no migration.
-- Every view here is public, but for inner_text: no 'responsible', no text under embargo, no raw bodies. Redacted
-- words are in none of them, because they are masked before a body is read. In the public reading room a query may
-- read base tables only from inside these views (SQLite authorizer; DESIGN.md 10).
-- Column names mean the same in every view: `url` an address of the page, `seen_after` the capture that first
-- showed the new state, `last_seen_before` the last that showed the old one. A change happened between the two.

DROP VIEW IF EXISTS personnel_changes; DROP VIEW IF EXISTS moves;
DROP VIEW IF EXISTS unlinked_documents;
DROP VIEW IF EXISTS gaps;             DROP VIEW IF EXISTS coverage;
DROP VIEW IF EXISTS annotated_changes;
DROP VIEW IF EXISTS shared_passages;  DROP VIEW IF EXISTS snapshot_blocks;
DROP VIEW IF EXISTS page_history;     DROP VIEW IF EXISTS visits;
DROP VIEW IF EXISTS provenance;       DROP VIEW IF EXISTS redaction_log;
DROP VIEW IF EXISTS events_by_site;   DROP VIEW IF EXISTS bulk_stamps;
DROP VIEW IF EXISTS dead_links;       DROP VIEW IF EXISTS link_edits;
DROP VIEW IF EXISTS hearsay;          DROP VIEW IF EXISTS page_links;
DROP VIEW IF EXISTS seen_urls;
DROP VIEW IF EXISTS link_history;     DROP VIEW IF EXISTS replaced_files;
DROP VIEW IF EXISTS returns;          DROP VIEW IF EXISTS disappearances;
DROP VIEW IF EXISTS flaps;            DROP VIEW IF EXISTS date_anomalies;
DROP VIEW IF EXISTS touched_dates;    DROP VIEW IF EXISTS silent_edits;
DROP VIEW IF EXISTS change_text;      DROP VIEW IF EXISTS page_changes;
DROP VIEW IF EXISTS current_pages;    DROP VIEW IF EXISTS snapshots;
DROP VIEW IF EXISTS inner_text;       DROP VIEW IF EXISTS open_revisions;
DROP VIEW IF EXISTS open_pages;       DROP VIEW IF EXISTS imports;

-- Pages with the names of their source.
CREATE VIEW open_pages AS
SELECT p.id AS page_id, p.source_id, s.municipality, s.code, s.county, p.kind, p.section, p.key, p.embargo_days
FROM pages p JOIN sources s ON s.id = p.source_id;

-- Revisions, and whether their text is public today: a notice board's words are not, N days after they left it.
CREATE VIEW open_revisions AS
SELECT r.id AS revision_id, r.page_id, r.number, r.core, r.first_seen, r.last_seen,
       p.embargo_days IS NULL OR julianday('now') - julianday(r.last_seen) < p.embargo_days AS open
FROM revisions r JOIN pages p ON p.id = r.page_id;

-- INNER, not for the public (it knows no embargo): the text of each document. Main content; and everything on the
-- page beside banners and furniture.
CREATE VIEW inner_text AS
SELECT d.id AS document_id,
       (SELECT group_concat(text, char(10)) FROM (
          SELECT t.text FROM blocks b JOIN passages t ON t.id = b.passage_id
          WHERE b.document_id = d.id AND b.part = 'main' AND b.kind <> 'title' ORDER BY b.position)) AS text,
       (SELECT group_concat(text, char(10)) FROM (
          SELECT t.text FROM blocks b JOIN passages t ON t.id = b.passage_id
          WHERE b.document_id = d.id AND b.kind <> 'title' ORDER BY b.position)) AS full_text
FROM documents d;

-- Every good capture with what it said then: the text of page Y as of day D.
CREATE VIEW snapshots AS
SELECT c.id AS capture_id, o.municipality, o.code, o.section, o.page_id, a.url, c.captured_at,
       r.number AS revision, d.kind, d.language, d.title, d.published, d.updated, d.reviewed,
       c.last_modified AS http_last_modified, d.words,
       CASE WHEN o.embargo_days IS NULL OR julianday('now') - julianday(r.last_seen) < o.embargo_days
            THEN (SELECT text FROM inner_text WHERE document_id = d.id) END AS text,
       CASE WHEN o.embargo_days IS NULL OR julianday('now') - julianday(r.last_seen) < o.embargo_days
            THEN (SELECT full_text FROM inner_text WHERE document_id = d.id) END AS full_text,
       b.sha256 AS body_sha256, (SELECT sha256 FROM bodies WHERE id = g.body_id) AS rendered_sha256, c.leaf,
       n.kind = 'import' AS imported
FROM captures c
JOIN runs n ON n.id = c.run_id
JOIN addresses a ON a.id = c.address_id
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id
JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
JOIN documents d ON d.id = g.document_id
JOIN bodies b ON b.id = c.body_id
LEFT JOIN revisions r ON r.id = (       -- not by the core: later rules may have read another one
     SELECT max(e.id) FROM revisions e WHERE e.page_id = o.page_id AND e.state = 'present'
       AND c.captured_at BETWEEN e.first_seen AND e.last_seen);

-- The blocks of every good capture, in order: the rows of its tables, the items of its lists.
CREATE VIEW snapshot_blocks AS
SELECT c.id AS capture_id, o.municipality, o.code, o.section, o.page_id, a.url, c.captured_at, k.position, k.part,
       k.kind, k.level, t.text
FROM captures c
JOIN addresses a ON a.id = c.address_id
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id AND o.kind IN ('page', 'file')
JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
JOIN blocks k ON k.document_id = g.document_id
JOIN passages t ON t.id = k.passage_id
WHERE o.embargo_days IS NULL OR julianday('now') - julianday(
      (SELECT max(e.last_seen) FROM revisions e WHERE e.page_id = o.page_id AND e.state = 'present'
         AND c.captured_at BETWEEN e.first_seen AND e.last_seen)) < o.embargo_days;

-- Every visit to a page, whatever came of it.
CREATE VIEW visits AS
SELECT c.id AS capture_id, o.municipality, o.code, o.section, o.page_id, a.url, c.captured_at, c.outcome, c.status,
       c.failure, c.location, g.verdict, c.robots, c.elapsed_ms, c.last_modified AS http_last_modified
FROM addresses a
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id
JOIN captures c ON c.address_id = a.id
LEFT JOIN readings g ON g.capture_id = c.id;

-- Every state of each page: from when to when it was seen, what it said of itself, what the server said of it. It began
-- between last_seen_before (null: we first looked then) and first_seen.
CREATE VIEW page_history AS
SELECT o.municipality, o.code, o.section, o.page_id, a.url, r.number AS revision, r.state, r.moved_to,
       b.last_seen AS last_seen_before, r.first_seen, r.last_seen, r.visits, c.status, d.title, d.published, d.updated,
       d.reviewed, d.words, c.last_modified AS http_last_modified, y.sha256 AS body_sha256,
       r.first_capture, r.last_capture, n.kind = 'import' AS imported
FROM revisions r
JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
JOIN captures c ON c.id = r.first_capture
JOIN runs n ON n.id = c.run_id
JOIN addresses a ON a.id = c.address_id
LEFT JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
LEFT JOIN documents d ON d.id = r.document_id
LEFT JOIN bodies y ON y.id = c.body_id;

-- The latest state of each page, and when we last looked.
CREATE VIEW current_pages AS
SELECT o.municipality, o.code, o.county, o.section, o.page_id, o.kind, a.url,
       coalesce((SELECT state FROM absences WHERE page_id = o.page_id AND state = 'suspect'), r.state) AS state,
       r.number AS revisions, r.first_seen AS since, r.last_seen AS checked, r.visits,
       d.title, d.published, d.updated, d.reviewed, d.legible, d.words,
       CASE WHEN w.open THEN (SELECT text FROM inner_text WHERE document_id = d.id) END AS text,
       CASE WHEN w.open THEN (SELECT full_text FROM inner_text WHERE document_id = d.id) END AS full_text,
       r.document_id, r.last_capture AS capture_id
FROM revisions r
JOIN open_revisions w ON w.revision_id = r.id
JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
JOIN captures c ON c.id = r.last_capture
JOIN addresses a ON a.id = c.address_id
LEFT JOIN documents d ON d.id = r.document_id
WHERE r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id);

-- Each change of each page, with the interval it fell in, its classes, its measure and its reasons. What a field said
-- before is what was compared: the document of then may have been read by other rules. `folded`: it is but one page's
-- part of an event (`events_by_site`), and there is nothing else to it.
CREATE VIEW page_changes AS
SELECT r.id AS revision_id, o.municipality, o.code, o.section, o.page_id, o.kind AS page_kind, a.url, r.number AS revision,
       b.state AS state_before, r.state AS state_after,
       b.last_seen AS last_seen_before, r.first_seen AS seen_after,
       (SELECT group_concat(class, ' ') FROM change_classes WHERE revision_id = r.id) AS classes,
       (SELECT group_concat(kind, ' ') FROM changes WHERE revision_id = r.id) AS kinds,
       (SELECT group_concat(name, ' ') FROM reasons WHERE revision_id = r.id) AS reasons,
       (SELECT coalesce(sum(points), 0) FROM reasons WHERE revision_id = r.id) AS points,
       ct.added AS words_added, ct.removed AS words_removed,
       cl.added AS links_added, cl.removed AS links_removed,
       CASE WHEN nt.kind IS NOT NULL THEN nt.before WHEN da.id IS NULL OR db.id IS NULL THEN db.title ELSE da.title END
         AS title_before, da.title AS title_after,
       CASE WHEN np.kind IS NOT NULL THEN np.before WHEN da.id IS NULL OR db.id IS NULL THEN db.published ELSE da.published END
         AS published_before, da.published AS published_after,
       CASE WHEN nu.kind IS NOT NULL THEN nu.before WHEN da.id IS NULL OR db.id IS NULL THEN db.updated ELSE da.updated END
         AS updated_before, da.updated AS updated_after,
       CASE WHEN nr.kind IS NOT NULL THEN nr.before WHEN da.id IS NULL OR db.id IS NULL THEN db.reviewed ELSE da.reviewed END
         AS reviewed_before, da.reviewed AS reviewed_after,
       CASE WHEN wb.open AND wa.open THEN ct.summary END AS summary,
       (SELECT max(e.number) FROM revisions e WHERE e.page_id = r.page_id
         AND e.number < r.number - 1 AND e.core = r.core) AS returns_to,
       (SELECT event_id FROM change_classes WHERE revision_id = r.id AND event_id IS NOT NULL
         ORDER BY folded DESC, class LIMIT 1) AS event_id,
       (SELECT coalesce(max(folded), 0) FROM change_classes WHERE revision_id = r.id) AS folded,
       b.last_capture AS capture_before, r.first_capture AS capture_after,
       EXISTS (SELECT 1 FROM captures i JOIN runs n ON n.id = i.run_id AND n.kind = 'import'
               WHERE i.id IN (b.last_capture, r.first_capture)) AS imported
FROM revisions r
JOIN revisions b ON b.page_id = r.page_id AND b.number = r.number - 1
JOIN open_revisions wa ON wa.revision_id = r.id
JOIN open_revisions wb ON wb.revision_id = b.id
JOIN open_pages o ON o.page_id = r.page_id AND o.kind IN ('page', 'file')
JOIN captures c ON c.id = r.first_capture
JOIN addresses a ON a.id = c.address_id
LEFT JOIN documents db ON db.id = b.document_id
LEFT JOIN documents da ON da.id = r.document_id
LEFT JOIN changes ct ON ct.revision_id = r.id AND ct.kind = 'text'
LEFT JOIN changes cl ON cl.revision_id = r.id AND cl.kind = 'links'
LEFT JOIN changes nt ON nt.revision_id = r.id AND nt.kind = 'title'
LEFT JOIN changes np ON np.revision_id = r.id AND np.kind = 'published'
LEFT JOIN changes nu ON nu.revision_id = r.id AND nu.kind = 'updated'
LEFT JOIN changes nr ON nr.revision_id = r.id AND nr.kind = 'reviewed'
WHERE NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical');

-- What people said of changes, by which coding scheme. An annotation is of two captures, so no rebuild moves it.
CREATE VIEW annotated_changes AS
SELECT n.id AS annotation_id, o.municipality, o.code AS kommun, o.section, o.page_id, ab.url, n.scheme, n.code, n.note,
       n.acted_at AS annotated_at, cb.captured_at AS before_at, ca.captured_at AS after_at,
       n.before AS capture_before, n.after AS capture_after,
       (SELECT group_concat(x.class, ' ') FROM revisions r JOIN change_classes x ON x.revision_id = r.id
        WHERE r.page_id = o.page_id AND r.first_capture = n.after) AS classes
FROM annotations n
JOIN captures cb ON cb.id = n.before JOIN captures ca ON ca.id = n.after
JOIN addresses ab ON ab.id = ca.address_id
JOIN page_addresses pa ON pa.address_id = ab.id
JOIN open_pages o ON o.page_id = pa.page_id;

-- The words added and removed, one row each; join hunks_fts on hunk_id to search in them. Without the rows of people
-- who came or went: `personnel_changes` tells of them, and no public search finds anybody by name.
CREATE VIEW change_text AS
SELECT h.id AS hunk_id, h.revision_id, o.municipality, o.code, o.section, o.page_id, a.url,
       r.first_seen AS seen_after, h.position, h.op, h.text,
       CASE WHEN wb.open THEN tb.text END AS block_before, CASE WHEN wa.open THEN ta.text END AS block_after
FROM hunks h
JOIN revisions r ON r.id = h.revision_id
JOIN open_revisions wa ON wa.revision_id = r.id
JOIN open_revisions wb ON wb.page_id = r.page_id AND wb.number = r.number - 1
JOIN open_pages o ON o.page_id = r.page_id
JOIN captures c ON c.id = r.first_capture
JOIN addresses a ON a.id = c.address_id
LEFT JOIN passages tb ON tb.id = h.before_id
LEFT JOIN passages ta ON ta.id = h.after_id
WHERE CASE h.op WHEN 'removed' THEN wb.open WHEN 'added' THEN wa.open ELSE wa.open AND wb.open END
  AND NOT h.person
  AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical');

-- Who left, joined or changed places in a list of people: in which role and for which party, never by name.
CREATE VIEW personnel_changes AS
SELECT n.revision_id, o.municipality, o.code, o.section, o.page_id, a.url,
       wb.last_seen AS last_seen_before, r.first_seen AS seen_after, n.position, n.op, n.role, n.party,
       n.former
FROM personnel n
JOIN revisions r ON r.id = n.revision_id
JOIN open_revisions wa ON wa.revision_id = r.id AND wa.open
JOIN open_revisions wb ON wb.page_id = r.page_id AND wb.number = r.number - 1 AND wb.open
JOIN open_pages o ON o.page_id = r.page_id
JOIN captures c ON c.id = r.first_capture
JOIN addresses a ON a.id = c.address_id
WHERE NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical');

-- The page claims an update date, its text changed, and the date stood still.
CREATE VIEW silent_edits AS
SELECT p.* FROM page_changes p JOIN change_classes x ON x.revision_id = p.revision_id AND x.class = 'silent-edit';

-- The update date moved, nothing else did.
CREATE VIEW touched_dates AS
SELECT p.* FROM page_changes p JOIN change_classes x ON x.revision_id = p.revision_id AND x.class = 'touch';

-- A date that went backwards, one outside the time in which we saw it change, or a publication date altered afterwards.
CREATE VIEW date_anomalies AS
SELECT x.class, x.reason, p.* FROM page_changes p
JOIN change_classes x ON x.revision_id = p.revision_id
WHERE x.class IN ('date-regression', 'backdated-publication', 'late-date');

-- A page that returned to an earlier text (A-B-A).
CREATE VIEW flaps AS
SELECT p.* FROM page_changes p JOIN change_classes x ON x.revision_id = p.revision_id AND x.class = 'flap';

-- Confirmed disappearances, each once, with the last good text and whether something still links there.
CREATE VIEW disappearances AS
SELECT n.id AS absence_id, o.municipality, o.code, o.section, o.page_id, a.url, n.sign, n.state,
       cg.captured_at AS last_seen_before, cf.captured_at AS first_missed, cc.captured_at AS confirmed,
       cl.captured_at AS last_missed, cb.captured_at AS back, n.misses, n.still_linked,
       d.title, d.updated,
       CASE WHEN o.embargo_days IS NULL OR julianday('now') - julianday(cg.captured_at) < o.embargo_days
            THEN (SELECT text FROM inner_text WHERE document_id = d.id) END AS last_text,
       n.last_good AS capture_before, n.first_missed AS capture_after
FROM absences n
JOIN open_pages o ON o.page_id = n.page_id
JOIN captures cf ON cf.id = n.first_missed
JOIN captures cl ON cl.id = n.last_missed
JOIN captures cc ON cc.id = n.confirmed_by
JOIN addresses a ON a.id = cf.address_id
LEFT JOIN captures cg ON cg.id = n.last_good
LEFT JOIN readings g ON g.capture_id = n.last_good
LEFT JOIN documents d ON d.id = g.document_id
LEFT JOIN captures cb ON cb.id = n.back_by;

-- Pages that came back.
CREATE VIEW returns AS
SELECT * FROM disappearances WHERE state = 'back';

-- Where addresses that showed a page lead now, or led: each redirect from when to when. `to_page`: the page that answers
-- there, where we know it; the same page where it only has another address.
CREATE VIEW moves AS
SELECT o.municipality, o.code, o.section, o.page_id, a.url, c.location AS moved_to, tp.page_id AS to_page,
       (SELECT max(g.captured_at) FROM captures g JOIN readings v ON v.capture_id = g.id AND v.verdict = 'good'
        WHERE g.address_id = a.id AND g.captured_at < min(c.captured_at)) AS last_seen_before,
       min(c.captured_at) AS seen_after, max(c.captured_at) AS last_seen, max(c.status) AS status, count(*) AS visits
FROM captures c
JOIN addresses a ON a.id = c.address_id
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id AND o.kind IN ('page', 'file')
LEFT JOIN addresses t ON t.url = c.location
LEFT JOIN page_addresses tp ON tp.address_id = t.id
WHERE c.outcome = 'moved'
GROUP BY a.id, c.location
HAVING last_seen_before IS NOT NULL;

-- Documents that are there, as far as we know, and that no page links to any more. `last_linked`: when a link to it was
-- seen last; `checked`: when the document itself was.
CREATE VIEW unlinked_documents AS
SELECT p.municipality, p.code, p.section, p.page_id, p.url, p.title, p.since, p.checked, w.last_linked
FROM current_pages p
JOIN (SELECT j.page_id, max(r.last_seen) AS last_linked,
             max(r.state = 'present' AND r.number = (SELECT max(number) FROM revisions WHERE page_id = r.page_id))
               AS linked
      FROM pages f
      JOIN page_addresses j ON j.page_id = f.id
      JOIN addresses a ON a.id = j.address_id
      JOIN targets t ON t.key = a.key
      JOIN links l ON l.target_id = t.id AND l.rel IN ('link', 'attachment')
      JOIN revisions r ON r.document_id = l.document_id AND r.page_id <> f.id
      WHERE f.kind = 'file'
      GROUP BY j.page_id) AS w ON w.page_id = p.page_id AND NOT w.linked
WHERE p.kind = 'file' AND p.state = 'present' AND p.checked >= w.last_linked;

-- Files whose bytes were exchanged behind the same address.
CREATE VIEW replaced_files AS
SELECT p.* FROM page_changes p
WHERE p.page_kind = 'file' AND p.state_before = 'present' AND p.state_after = 'present';

-- When a link stood on a page.
CREATE VIEW link_history AS
SELECT o.municipality, o.code, r.page_id, t.url AS target, l.rel, max(l.text) AS text,
       min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen
FROM links l
JOIN targets t ON t.id = l.target_id
JOIN revisions r ON r.document_id = l.document_id
JOIN open_revisions w ON w.revision_id = r.id AND w.open
JOIN open_pages o ON o.page_id = r.page_id
GROUP BY r.page_id, l.target_id, l.rel;

-- Links added, removed, renamed or pointed elsewhere, with what became of the target (null: we never asked).
CREATE VIEW link_edits AS
SELECT k.revision_id, o.municipality, o.code, o.section, o.page_id, a.url, r.first_seen AS seen_after,
       k.position, k.op, k.rel, t.url AS target, tb.url AS target_before, k.text, k.former AS text_before, k.note,
       (SELECT n.outcome FROM addresses f JOIN captures n ON n.address_id = f.id
        WHERE f.key = t.key ORDER BY n.captured_at DESC LIMIT 1) AS target_fate
FROM link_changes k
JOIN revisions r ON r.id = k.revision_id
JOIN open_revisions wa ON wa.revision_id = r.id
JOIN open_revisions wb ON wb.page_id = r.page_id AND wb.number = r.number - 1
JOIN open_pages o ON o.page_id = r.page_id
JOIN captures c ON c.id = r.first_capture
JOIN addresses a ON a.id = c.address_id
JOIN targets t ON t.id = k.target_id
LEFT JOIN targets tb ON tb.id = k.before_id
WHERE CASE k.op WHEN 'removed' THEN wb.open WHEN 'added' THEN wa.open ELSE wa.open AND wb.open END
  AND NOT EXISTS (SELECT 1 FROM change_classes x WHERE x.revision_id = r.id AND x.class = 'technical');

-- Links on current pages whose target was gone when last asked.
CREATE VIEW dead_links AS
SELECT p.municipality, p.code, p.section, p.page_id, p.url, t.url AS target, l.rel, l.text, c.outcome, c.status,
       c.captured_at AS asked
FROM current_pages p
JOIN open_revisions w ON w.page_id = p.page_id AND w.number = p.revisions AND w.open
JOIN links l ON l.document_id = p.document_id
JOIN targets t ON t.id = l.target_id
JOIN addresses a ON a.key = t.key
JOIN captures c ON c.id = (SELECT id FROM captures WHERE address_id = a.id ORDER BY captured_at DESC LIMIT 1)
WHERE c.outcome = 'gone';

-- Passages that current pages of several municipalities have word for word.
CREATE VIEW shared_passages AS
SELECT t.text, length(t.text) - length(replace(t.text, ' ', '')) + 1 AS words,
       count(DISTINCT p.municipality) AS municipalities, count(DISTINCT p.page_id) AS pages,
       min(p.municipality || ' ' || p.url) AS example_a, max(p.municipality || ' ' || p.url) AS example_b
FROM current_pages p
JOIN open_revisions w ON w.page_id = p.page_id AND w.number = p.revisions AND w.open
JOIN blocks b ON b.document_id = p.document_id AND b.part = 'main' AND b.kind <> 'title'
JOIN passages t ON t.id = b.passage_id
GROUP BY b.passage_id HAVING count(DISTINCT p.municipality) > 1;

-- The links of current pages, each with the heading it stands under and what became of its target when it was last
-- asked (null: we never asked).
CREATE VIEW page_links AS
SELECT p.municipality, p.code, p.section, p.page_id, p.url, l.position, l.part, l.rel, l.text, l.note, t.url AS target,
       (SELECT x.text FROM blocks b JOIN passages x ON x.id = b.passage_id
        WHERE b.document_id = l.document_id AND b.position < l.block AND b.kind IN ('heading', 'title')
        ORDER BY b.position DESC LIMIT 1) AS heading,
       (SELECT n.outcome FROM addresses f JOIN captures n ON n.address_id = f.id
        WHERE f.key = t.key ORDER BY n.captured_at DESC LIMIT 1) AS target_fate
FROM current_pages p
JOIN open_revisions w ON w.page_id = p.page_id AND w.number = p.revisions AND w.open
JOIN links l ON l.document_id = p.document_id
JOIN targets t ON t.id = l.target_id;

-- Every URL that a source's pages, sitemaps and feeds linked to, on whatever host, asked for or not: from when to when,
-- and on how many of its pages. "Which other sites does the municipality link to?" is a count of it by host.
CREATE VIEW seen_urls AS            -- two halves, each with its index: URLs that are their own keys, and the others
SELECT o.source_id, o.municipality, o.code, t.key AS url,
       substr(t.key, instr(t.key, '://') + 3, instr(substr(t.key, instr(t.key, '://') + 3) || '/', '/') - 1) AS host,
       min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen, count(DISTINCT r.page_id) AS pages,
       EXISTS (SELECT 1 FROM addresses a JOIN captures c ON c.address_id = a.id WHERE a.key = t.key AND c.outcome <> 'barred')
         AS asked
FROM targets t
JOIN links l ON l.target_id = t.id
JOIN revisions r ON r.document_id = l.document_id
JOIN open_revisions w ON w.revision_id = r.id AND w.open
JOIN open_pages o ON o.page_id = r.page_id
WHERE t.own IS NULL GROUP BY t.key, o.source_id
UNION ALL
SELECT o.source_id, o.municipality, o.code, t.own AS url,
       substr(t.own, instr(t.own, '://') + 3, instr(substr(t.own, instr(t.own, '://') + 3) || '/', '/') - 1) AS host,
       min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen, count(DISTINCT r.page_id) AS pages,
       EXISTS (SELECT 1 FROM addresses a JOIN captures c ON c.address_id = a.id WHERE a.key = t.key AND c.outcome <> 'barred')
         AS asked
FROM targets t
JOIN links l ON l.target_id = t.id
JOIN revisions r ON r.document_id = l.document_id
JOIN open_revisions w ON w.revision_id = r.id AND w.open
JOIN open_pages o ON o.page_id = r.page_id
WHERE t.own IS NOT NULL GROUP BY t.own, o.source_id;

-- What others say of a page's dates: the server (Last-Modified), sitemaps (lastmod), feeds, the vendors' lists of
-- meetings and notices. Words as they came, from when to when they were said. Nothing of this is believed: it is no word
-- of the page's own. Each part is grouped by the page first: so SQLite looks at one page's captures where one is asked for.
CREATE VIEW hearsay AS
SELECT o.page_id, o.municipality, o.code, a.url, 'http' AS witness, c.last_modified AS said, a.url AS said_on,
       min(c.captured_at) AS first_seen, max(c.captured_at) AS last_seen
FROM captures c
JOIN addresses a ON a.id = c.address_id
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id AND o.kind IN ('page', 'file')
WHERE c.last_modified IS NOT NULL AND c.outcome IN ('ok', 'same')
GROUP BY o.page_id, a.id, c.last_modified
UNION ALL
SELECT o.page_id, o.municipality, o.code, a.url, s.kind, l.note, max(sa.url), min(r.first_seen), max(r.last_seen)
FROM pages s
JOIN revisions r ON r.page_id = s.id
JOIN captures rc ON rc.id = r.first_capture
JOIN addresses sa ON sa.id = rc.address_id
JOIN links l ON l.document_id = r.document_id AND l.rel = 'entry' AND l.note IS NOT NULL
JOIN targets t ON t.id = l.target_id
JOIN addresses a ON a.key = t.key
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id AND o.kind IN ('page', 'file')
WHERE s.kind IN ('sitemap', 'feed')
GROUP BY o.page_id, s.id, a.id, l.note
UNION ALL
SELECT o.page_id, o.municipality, o.code, a.url, d.kind, l.note, max(sa.url), min(r.first_seen), max(r.last_seen)
FROM documents d
JOIN revisions r ON r.document_id = d.id
JOIN captures rc ON rc.id = r.first_capture
JOIN addresses sa ON sa.id = rc.address_id
JOIN links l ON l.document_id = d.id AND l.note IS NOT NULL
JOIN targets t ON t.id = l.target_id
JOIN addresses a ON a.key = t.key
JOIN page_addresses pa ON pa.address_id = a.id
JOIN open_pages o ON o.page_id = pa.page_id AND o.kind IN ('page', 'file')
WHERE d.kind = 'listing'
GROUP BY o.page_id, r.page_id, a.id, l.note;

-- Many pages sharing one update day: a migration or a script, not edits.
CREATE VIEW bulk_stamps AS
SELECT p.source_id, substr(d.updated, 1, 10) AS updated, count(DISTINCT r.page_id) AS pages
FROM revisions r JOIN pages p ON p.id = r.page_id JOIN documents d ON d.id = r.document_id
WHERE d.updated IS NOT NULL
GROUP BY p.source_id, substr(d.updated, 1, 10) HAVING pages >= 20;

-- What happened to a whole site at once: on how many pages, of how many that were seen then. Each of them is in
-- `page_changes` under its `event_id`.
CREATE VIEW events_by_site AS
SELECT e.id AS event_id, s.municipality, s.code, e.kind, e.first_seen, e.last_seen, e.pages, e.seen, e.summary
FROM events e JOIN sources s ON s.id = e.source_id;

-- Why we say what we say about a page's dates: the claims, believed and not.
CREATE VIEW provenance AS
SELECT r.page_id, r.number AS revision, d.id AS document_id, k.meaning, k.witness, k.rule, k.label, k.raw, k.value,
       k.precision, k.place, k.believed, k.doubt, u.profile, u.language, u.reader, u.sha256 AS rules_sha256
FROM claims k
JOIN documents d ON d.id = k.document_id
JOIN revisions r ON r.document_id = d.id
JOIN readings g ON g.capture_id = r.first_capture
JOIN rules u ON u.id = g.rules_id
WHERE k.meaning <> 'responsible';

-- Per source and day: how often we asked and what came of it. A day without a row is a day we did not look; what was
-- imported is in none of them.
CREATE VIEW coverage AS
SELECT s.id AS source_id, s.municipality, s.code, substr(c.captured_at, 1, 10) AS day,
       count(*) AS asked,
       sum(c.outcome IN ('ok', 'same')) AS answered,
       sum(c.outcome = 'moved') AS moved, sum(c.outcome = 'gone') AS gone,
       sum(c.outcome = 'refused') AS refused, sum(c.outcome = 'failed') AS failed,
       sum(c.outcome = 'barred') AS barred,
       sum(coalesce(g.verdict, 'good') <> 'good') AS bad
FROM captures c
JOIN runs n ON n.id = c.run_id AND n.kind <> 'import'
JOIN sources s ON s.id = n.source_id
LEFT JOIN readings g ON g.capture_id = c.id
GROUP BY s.id, day;

-- What was taken in from elsewhere: the word of another archive, and no observation of ours.
CREATE VIEW imports AS
SELECT n.id AS run_id, s.municipality, s.code, n.agent AS file, n.note AS about, n.started_at AS imported_at,
       count(c.id) AS captures, min(c.captured_at) AS first_seen, max(c.captured_at) AS last_seen
FROM runs n JOIN sources s ON s.id = n.source_id LEFT JOIN captures c ON c.run_id = n.id
WHERE n.kind = 'import' GROUP BY n.id;

-- Stretches in which a page was not well seen, and what stood in the way; look only at those longer than its rhythm.
CREATE VIEW gaps AS
SELECT page_id, url, seen AS from_time, next_seen AS to_time,
       julianday(next_seen) - julianday(seen) AS days,
       (SELECT group_concat(why, ' ') FROM (
          SELECT DISTINCT coalesce(gb.verdict, cb.outcome) AS why
          FROM captures cb LEFT JOIN readings gb ON gb.capture_id = cb.id
          WHERE cb.address_id = w.address_id AND cb.captured_at > seen AND cb.captured_at < next_seen)) AS obstacles
FROM (SELECT pa.page_id, a.id AS address_id, a.url, c.captured_at AS seen,
             lead(c.captured_at) OVER (PARTITION BY a.id ORDER BY c.captured_at) AS next_seen
      FROM captures c
      JOIN readings g ON g.capture_id = c.id AND g.verdict = 'good'
      JOIN addresses a ON a.id = c.address_id
      JOIN page_addresses pa ON pa.address_id = a.id) AS w
WHERE next_seen IS NOT NULL;

-- What was hidden, withheld or erased, and why; not what it said.
CREATE VIEW redaction_log AS
SELECT x.id, a.url, b.sha256 AS body_sha256, x.level, x.reason, x.acted_at,
       x.from_char IS NULL AS whole, x.lifts, x.pattern_id IS NOT NULL AS by_words, o.source_id AS words_in,
       o.section AS words_section
FROM redactions x
LEFT JOIN addresses a ON a.id = x.address_id
LEFT JOIN bodies b ON b.id = x.body_id
LEFT JOIN patterns o ON o.id = x.pattern_id;
