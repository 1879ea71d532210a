-- sv: Dokument som finns kvar men inte längre länkas
-- en: Documents still served and no longer linked
-- note_sv: Länkar på andra webbplatser är inte räknade.
-- note_en: Links on other sites are not counted.
SELECT f.municipality, f.url, f.title, f.checked
FROM current_pages f
WHERE f.kind = 'file' AND f.state = 'present'
  AND NOT EXISTS (SELECT 1 FROM page_links l WHERE l.target = f.url)
ORDER BY f.municipality, f.url
