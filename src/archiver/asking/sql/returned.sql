-- 12
-- sv: Sidor som kom tillbaka
-- en: Pages that came back
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title, last_seen_before, first_missed, back, round(julianday(back) - julianday(first_missed), 1) AS days
FROM returns
WHERE back >= :since AND back < :until AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY back DESC, absence_id DESC
