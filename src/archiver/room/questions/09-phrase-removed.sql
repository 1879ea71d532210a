-- sv: När en fras försvann, och var den står kvar
-- en: When a phrase was removed, and where it remains
-- note_sv: Borttagna stycken med frasen, och om sidan ännu har den.
-- note_en: Removed text with the phrase, and whether the page still has it.
SELECT t.municipality, t.url, t.seen_after, t.text AS removed,
  EXISTS (SELECT 1 FROM current_pages p WHERE p.page_id = t.page_id AND p.text LIKE '%' || :phrase || '%') AS still_there
FROM change_text t
WHERE t.op = 'removed' AND t.text LIKE '%' || :phrase || '%'
ORDER BY t.seen_after DESC
