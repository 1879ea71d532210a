-- 24b
-- sv: Dagar som många sidor delar som uppdateringsdatum
-- en: Days that many pages share as their update date
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT s.municipality, b.updated, b.pages
FROM bulk_stamps b JOIN (SELECT DISTINCT source_id, municipality, code FROM open_pages) s ON s.source_id = b.source_id
WHERE (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
ORDER BY b.pages DESC, b.updated
