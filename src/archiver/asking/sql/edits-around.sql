-- 19
-- sv: Ändringar inom så många timmar före och efter en händelse
-- en: Edits within so many hours before and after something
-- :at | när det hände, t.ex. 2026-03-02T12:00:00Z | when it happened, such as 2026-03-02T12:00:00Z
-- :hours | timmar | hours | 48
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, classes, summary, points, capture_before,
       capture_after
FROM page_changes
WHERE julianday(seen_after) >= julianday(:at) - :hours / 24.0 AND julianday(last_seen_before) <= julianday(:at) + :hours / 24.0
  AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY points DESC, seen_after
