-- 20
-- sv: Vem som stod som ansvarig, och när
-- en: Who was named as responsible, and when
-- :url | sidans adress | the page's address
-- restricted
SELECT r.number AS revision, r.first_seen, r.last_seen, d.responsible
FROM revisions r JOIN documents d ON d.id = r.document_id
WHERE r.page_id = (SELECT page_id FROM visits WHERE url = :url LIMIT 1)
ORDER BY r.number
