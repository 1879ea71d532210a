-- sv: Ord som lades till och togs bort på en sida
-- en: The words added to and removed from a page
-- note_sv: Ändringen skedde mellan de två tiderna. Jämför två hämtningar i läsesalen: /compare/48211..48930.
-- note_en: The change happened between the two times. To compare any two captures in the room: /compare/48211..48930.
SELECT c.last_seen_before, c.seen_after, t.op, t.text, '/compare/' || c.capture_before || '..' || c.capture_after AS compare
FROM page_changes c
JOIN change_text t ON t.revision_id = c.revision_id
WHERE c.url = :url
ORDER BY c.seen_after DESC, t.position
