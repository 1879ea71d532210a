-- sv: Dokument som byttes bakom samma adress
-- en: Documents replaced behind the same address
-- note_sv: Filens byte har en annan kontrollsumma.
-- note_en: The file's bytes have another digest.
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, words_added, words_removed,
  '/compare/' || capture_before || '..' || capture_after AS compare
FROM replaced_files
ORDER BY seen_after DESC
