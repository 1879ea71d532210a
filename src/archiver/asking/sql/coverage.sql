-- 25
-- sv: När vi såg efter, och vad som hindrade oss
-- en: When we looked, and what stood in the way
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
SELECT municipality, day, asked, answered, moved, gone, refused, failed, barred, bad
FROM coverage
WHERE day >= :since AND day < :until AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY municipality, day
