-- 15
-- sv: Dokument som finns kvar men som ingen sida länkar till
-- en: Documents still served that no page links to
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
SELECT municipality, url, title, since, checked,
       (SELECT max(last_seen) FROM link_history h WHERE h.target = p.url) AS last_linked
FROM current_pages p
WHERE kind = 'file' AND state = 'present' AND (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
  AND NOT EXISTS (SELECT 1 FROM page_links l WHERE l.target = p.url)
ORDER BY municipality, url
