-- sv: En sidas rader före och efter en dag
-- en: A page's lines before and after a day
-- note_sv: Vad som lades till och togs bort från dagen och framåt, till exempel ledamöter efter ett val.
-- note_en: What was added and removed from the day on, for example members after an election.
SELECT url, seen_after, op, text
FROM change_text
WHERE url LIKE '%' || :part_of_address || '%' AND seen_after >= :day
ORDER BY url, seen_after, position
