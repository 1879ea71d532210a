-- 21
-- sv: Sidor som inte är granskade eller uppdaterade på så många år
-- en: Pages not reviewed or updated for so many years
-- :years | år | years | 3
-- :at | räknat från den dagen | counted from that day | now
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title, published, updated, reviewed, checked
FROM current_pages
WHERE kind = 'page' AND state = 'present' AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
  AND max(coalesce(reviewed, ''), coalesce(updated, ''), coalesce(published, '')) BETWEEN '0001' AND date(:at, '-' || :years || ' years')
ORDER BY max(coalesce(reviewed, ''), coalesce(updated, ''), coalesce(published, '')), url
