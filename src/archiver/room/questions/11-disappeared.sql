-- sv: Sidor som försvann
-- en: Pages that disappeared
-- note_sv: Bekräftade vid mer än ett besök; med den sista lästa texten där den är öppen.
-- note_en: Confirmed at more than one visit; with the last text read, where it is public.
SELECT municipality, url, title, last_seen_before, first_missed, sign, misses, still_linked, last_text
FROM disappearances
WHERE first_missed >= :from_day
ORDER BY first_missed DESC
