-- 11
-- sv: Sidor som försvann, med deras sista text
-- en: Pages that disappeared, with their last text
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title, sign, state, last_seen_before, first_missed, confirmed, updated, still_linked, last_text,
       capture_before, capture_after
FROM disappearances
WHERE confirmed >= :since AND confirmed < :until AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY confirmed DESC, absence_id DESC
