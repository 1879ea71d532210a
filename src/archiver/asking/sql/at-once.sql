-- 24b
-- sv: Vad som hände många sidor på en gång: ett datum, en flytt, samma ord
-- en: What happened to many pages at once: a date, a migration, the same words
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, kind, first_seen, last_seen, pages, seen, summary
FROM events_by_site
WHERE (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY first_seen DESC, event_id
