-- 18
-- sv: Anslag som togs ned tidigare än efter ett visst antal dagar
-- en: Notices that were taken down before so many days
-- :days | dagar | days | 21
-- :section | avdelningens namn | name of the section | anslagstavla
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT d.municipality, d.url, d.title, h.first_seen, d.last_seen_before, d.first_missed,
       round(julianday(d.last_seen_before) - julianday(h.first_seen), 1) AS days_at_least,
       round(julianday(d.first_missed) - julianday(coalesce(h.last_seen_before, h.first_seen)), 1) AS days_at_most
FROM disappearances d
JOIN page_history h ON h.page_id = d.page_id AND h.revision = 1
WHERE d.section = :section AND d.state = 'gone' AND (:kommun = '' OR d.code = :kommun OR d.municipality = :kommun COLLATE NOCASE)
  AND julianday(d.first_missed) - julianday(h.first_seen) < :days
ORDER BY d.first_missed DESC
