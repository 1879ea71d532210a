-- 3
-- sv: Orden som lades till och togs bort på en sida
-- en: The words that a page gained and lost
-- :url | sidans adress | the page's address
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
SELECT seen_after, op, text, block_before, block_after, revision_id
FROM change_text
WHERE page_id = (SELECT page_id FROM visits WHERE url = :url LIMIT 1) AND seen_after >= :since AND seen_after < :until
ORDER BY seen_after, revision_id, position
