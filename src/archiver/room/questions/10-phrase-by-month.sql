-- sv: En fras per månad och kommun
-- en: A phrase by month and municipality
-- note_sv: Delat med sidorna som sågs den månaden.
-- note_en: Divided by the pages seen in that month.
SELECT municipality, substr(captured_at, 1, 7) AS month,
  count(DISTINCT CASE WHEN text LIKE '%' || :phrase || '%' THEN page_id END) AS pages_with_it,
  count(DISTINCT page_id) AS pages_seen
FROM snapshots
WHERE municipality = :municipality
GROUP BY municipality, month
ORDER BY municipality, month
