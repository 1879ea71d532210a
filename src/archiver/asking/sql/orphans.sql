-- 15
-- sv: Dokument som finns kvar men som ingen sida länkar till
-- en: Documents still served that no page links to
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title, since, checked, last_linked
FROM unlinked_documents
WHERE (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY last_linked DESC, url
