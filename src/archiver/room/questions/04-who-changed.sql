-- sv: Vilka kommuner ändrade sidor om ett ämne
-- en: Which municipalities changed their pages on a subject
-- note_sv: Ordet söks i rubriken. Från och till är dagar då vi såg ändringen.
-- note_en: The word is looked for in the title. From and to are days on which we saw the change.
SELECT municipality, count(*) AS changes, count(DISTINCT page_id) AS pages, min(seen_after) AS first, max(seen_after) AS last
FROM page_changes
WHERE title_after LIKE '%' || :word || '%' AND seen_after >= :from_day AND seen_after < :to_day || 'T24'
GROUP BY municipality
ORDER BY changes DESC
