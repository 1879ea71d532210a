-- sv: Döda länkar till dokument, per kommun
-- en: Links to documents that died, by municipality
-- note_sv: Dokumentlänkar på dagens sidor. dead: 404 eller 410 när vi senast frågade.
-- note_en: Links to documents on today's pages. dead: 404 or 410 when last asked.
SELECT l.municipality, count(*) AS documents_linked,
  (SELECT count(*) FROM dead_links d WHERE d.municipality = l.municipality AND d.rel = 'attachment') AS dead
FROM page_links l
WHERE l.rel = 'attachment'
GROUP BY l.municipality
ORDER BY dead DESC
