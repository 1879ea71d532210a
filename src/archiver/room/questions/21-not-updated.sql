-- sv: Sidor som inte har uppdaterats på länge
-- en: Pages not updated for long
-- note_sv: Efter sidans egen uppgift. Sidor utan datum är inte med.
-- note_en: By the page's own word. Pages without a date are not in it.
SELECT municipality, url, title, updated, reviewed, checked
FROM current_pages
WHERE kind = 'page' AND state = 'present' AND coalesce(reviewed, updated) < date('now', '-' || :years || ' years')
ORDER BY coalesce(reviewed, updated)
