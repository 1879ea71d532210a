-- 4
-- sv: Vilka kommuner som ändrade sina sidor om ett ämne
-- en: Which municipalities changed their pages on a topic
-- :topic | ett ord i rubriken eller adressen | a word in the title or the address
-- :since | från och med, t.ex. 2026-01-01 | from, such as 2026-01-01 | 0000
-- :until | före, t.ex. 2027-01-01 | before, such as 2027-01-01 | 9999-12-30
SELECT municipality, code, count(DISTINCT page_id) AS pages, count(*) AS changes,
       sum(' ' || classes || ' ' LIKE '% silent-edit %') AS silent, min(seen_after) AS first_change,
       max(seen_after) AS last_change
FROM page_changes
WHERE seen_after >= :since AND seen_after < :until AND state_before = 'present' AND state_after = 'present'
  AND (title_before LIKE '%' || :topic || '%' OR title_after LIKE '%' || :topic || '%' OR url LIKE '%' || :topic || '%')
GROUP BY municipality, code ORDER BY changes DESC, municipality
