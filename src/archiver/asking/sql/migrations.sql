-- 24
-- sv: Gamla adresser och vart de leder nu
-- en: Old addresses and where they lead now
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
SELECT municipality, url AS old_url, moved_to AS new_url, last_seen_before, seen_after, last_seen, status, visits
FROM moves
WHERE seen_after >= :since AND seen_after < :until AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY seen_after DESC, url
