-- sv: Dokument som listas men saknas
-- en: Documents listed and missing
-- note_sv: Dagens sidor länkar till dem; de var borta när vi senast frågade.
-- note_en: Today's pages link to them; they were gone when we last asked.
SELECT municipality, url AS page, text, target, status, asked
FROM dead_links
WHERE rel = 'attachment'
ORDER BY asked DESC
