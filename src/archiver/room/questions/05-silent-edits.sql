-- sv: Texten ändrades men inte datumet
-- en: The text changed and the date did not
-- note_sv: Tysta ändringar: sidan anger ett datum, och det stod stilla.
-- note_en: Silent edits: the page states a date, and it stood still.
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, updated_after AS says_updated, words_added, words_removed, reasons, points,
  '/compare/' || capture_before || '..' || capture_after AS compare
FROM silent_edits
ORDER BY seen_after DESC
