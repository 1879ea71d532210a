-- 16
-- sv: Dokument som sidor länkar till men som inte finns
-- en: Documents that pages link to and that are not there
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, text, target, status, asked
FROM dead_links
WHERE rel = 'attachment' AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY municipality, url, target
