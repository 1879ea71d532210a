-- 7
-- sv: Publiceringsdatum som ändrades i efterhand
-- en: Publication dates that were altered afterwards
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, published_before, published_after, classes,
       capture_before, capture_after
FROM page_changes
WHERE published_before <> published_after AND seen_after >= :since AND seen_after < :until AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY seen_after DESC, revision_id DESC
